package nl

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Names are the names of variables and of constraints in the order of a file, as the files .col and .row beside it list them. A list that
// is too short or has a name twice is not used: the variables are then x[1], x[2], ..., the constraints c[1], c[2], .... After the names of
// the constraints comes that of the objective.
type Names struct{ Vars, Rows []string }

// Read reads a file. Its errors are an *Error for what the file says, the error of r, and that of model.Err where the model that the file
// describes cannot be. Time is about linear in the length of the file, and memory at most 50 times that, or 100 bytes for each constraint
// where that is more: in the binary form a constraint without terms and sides takes one byte.
func Read(r io.Reader, names Names) (*model.Model, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return parse("", data, names)
}

// ReadFile reads the file at path, and the names in the files beside it whose ending is .col and .row instead of .nl, where there are any.
func ReadFile(path string) (*model.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	stub := strings.TrimSuffix(path, filepath.Ext(path))
	return parse(path, data, Names{Vars: readLines(stub + ".col"), Rows: readLines(stub + ".row")})
}

// readLines are the lines of a file, none where there is no such file.
func readLines(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	lines := strings.Split(string(data), "\n")
	for k, l := range lines {
		lines[k] = strings.TrimSuffix(l, "\r")
	}
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return lines
}

// reader collects what a file says.
type reader struct {
	s *source
	header
	m *model.Model
	d *expr.DAG

	defined    []value // common expressions; size 0: not defined yet
	rows       []function
	objective  function
	maximise   bool
	start      []float64 // nil: no start values
	lower      []float64
	upper      []float64
	rowLower   []float64
	rowUpper   []float64
	complement []complement // nil: no constraint complements a variable
	sosno, ref []entry
	budget     int // terms into which expressions may still be multiplied out

	frames []frame
	values []value
	args   []expr.Node
}

// function is a linear part and an expression.
type function struct {
	linear []entry
	value  value
	read   bool // its expression was read
}

// entry is a variable and a number.
type entry struct {
	at int
	v  float64
}

// complement says that a constraint complements a variable; kind 0: it does not.
type complement struct{ kind, variable int }

// known is a variable or, after these, a common expression; its size is 0 where that is not defined yet.
func (r *reader) known(k int) value {
	if k < r.vars {
		return value{r.d.Var(k), 1}
	}
	return r.defined[k-r.vars]
}

func parse(file string, data []byte, names Names) (*model.Model, error) {
	s := &source{file: file, data: data}
	r := &reader{s: s, header: s.readHeader()}
	if s.err != nil {
		return nil, s.err
	}
	r.m = model.New(r.problem)
	r.d = r.m.DAG()
	r.defined = make([]value, r.common)
	r.rows = make([]function, r.header.rows)
	r.budget = 8*len(data) + 1<<18
	for {
		letter := s.letter()
		if letter == 0 || s.err != nil {
			break
		}
		r.segment(letter)
	}
	if s.err == nil && r.vars > 0 && r.lower == nil {
		s.fail("the segment b, the bounds of the variables, is missing")
	}
	if s.err == nil && r.header.rows > 0 && r.rowLower == nil {
		s.fail("the segment r, the sides of the constraints, is missing")
	}
	if s.err != nil {
		return nil, s.err
	}
	if err := r.build(names); err != nil {
		return nil, err
	}
	return r.m, nil
}
