package mpsaux

import (
	"bytes"
	"math"
)

// reader reads an MPS file into a problem, in one pass.
type reader struct {
	scanner
	p             *problem
	in            section
	seen          [foreignSection + 1]bool
	objectiveName []byte // what OBJNAME says, nil without it

	whole                   bool    // between integer markers
	members                 *set    // between the markers of a set, nil elsewhere
	column                  []byte  // the column of the last line
	last                    []int32 // by row, one more than the last column with an entry in it
	columnsPos, columnsLine int     // where COLUMNS starts

	chosen  [boundsSection + 1][]byte // the first set of right-hand sides, ranges and bounds
	passed  [boundsSection + 1]int    // lines of other sets
	terms   []term                    // of the quadratic section
	termsOf int32                     // its row, or objectiveTerms
	curved  bool                      // there are quadratic terms of the objective
	openSet bool                      // SOS has the head of a set
	inSet   []int32                   // by column, the number of the last set that it is a member of
}

var marker = []byte("'MARKER'")

// anEntry is a line of COLUMNS: a column and one or two pairs of a row and a number, or a marker.
func (r *reader) anEntry() error {
	p := r.p
	if r.n != 3 && r.n != 5 {
		if r.isMarker() {
			return r.mark()
		}
		return r.fail(nil, "write the column, a row and a number, and perhaps one more row and number; names are "+noBlanks, "a line of COLUMNS with "+words(r.n))
	}
	if name := r.field[0]; !bytes.Equal(name, r.column) || len(p.col) == 0 {
		if r.isMarker() {
			return r.mark()
		}
		p.cols.name = push(p.cols.name, name) // the slots are made in endColumns, when it is known how many they have to be
		r.column = name
		p.col = push(p.col, col{hi: math.Inf(1), whole: r.whole})
		p.start = push(p.start, len(p.entry))
		if r.members != nil {
			r.members.vars = append(r.members.vars, int32(len(p.col)-1))
			r.members.weights = append(r.members.weights, float64(len(r.members.vars)))
		}
	}
	if err := r.number(r.field[1], r.field[2]); err != nil {
		return err
	}
	if r.n == 5 {
		return r.number(r.field[3], r.field[4])
	}
	return nil
}

// number is a pair of a row and a number in the current column.
func (r *reader) number(name, number []byte) error {
	p := r.p
	i := p.rows.find(name)
	if i < 0 {
		if r.isMarker() {
			return r.mark()
		}
		return r.unknownRow(name)
	}
	v, ok := parseNumber(number)
	if !ok {
		return r.noNumber(number)
	}
	if math.IsInf(v, 0) {
		return r.tooLarge(number)
	}
	j := int32(len(p.col))
	if r.last[i] == j {
		return r.fail(name, "add the two numbers up, or delete one", "a second entry of column "+shown(r.column)+" in row "+shown(name))
	}
	r.last[i] = j
	switch {
	case v == 0:
	case i == p.objective:
		p.objVars, p.objCoefs = push(p.objVars, j-1), push(p.objCoefs, v)
	default:
		p.entry = push(p.entry, entry{int32(i), v})
	}
	return nil
}

// isMarker reports whether the line is NAME 'MARKER' ... or, of a set, S1 NAME 'MARKER' ...
func (r *reader) isMarker() bool {
	return r.n >= 3 && r.n <= 5 && (bytes.Equal(r.field[1], marker) || bytes.Equal(r.field[2], marker))
}

func (r *reader) mark() error {
	kind, name, what := []byte(nil), r.field[0], r.field[r.n-1]
	if bytes.Equal(r.field[2], marker) {
		kind, name = r.field[0], r.field[1]
	}
	switch string(what) {
	case "'INTORG'":
		if r.whole {
			return r.fail(what, "end the first one by 'INTEND'", "'INTORG' between integer columns")
		}
		r.whole = true
	case "'INTEND'":
		if !r.whole {
			return r.fail(what, "start them by 'INTORG'", "'INTEND' that ends no integer columns")
		}
		r.whole = false
	case "'SOSORG'":
		if r.members != nil {
			return r.fail(what, "end the first one by 'SOSEND'", "'SOSORG' within a set")
		}
		if string(kind) != "S1" {
			return r.unsupported(what, "write S1 before its name if at most one of its columns may be nonzero; state a set of another kind by binary variables",
				"the set "+shown(name)+" is not of type S1")
		}
		r.p.sets = append(r.p.sets, set{name: name})
		r.members = &r.p.sets[len(r.p.sets)-1]
	case "'SOSEND'":
		if r.members == nil {
			return r.fail(what, "start it by 'SOSORG'", "'SOSEND' that ends no set")
		}
		r.members = nil
	default:
		return r.fail(what, "write 'INTORG', 'INTEND', 'SOSORG' or 'SOSEND'", shown(what)+" is no marker")
	}
	return nil
}

// endColumns closes the list of columns and makes their index.
func (r *reader) endColumns() error {
	p := r.p
	p.start = append(p.start, len(p.entry))
	r.members = nil
	if again, ok := p.cols.index(); !ok {
		name := p.cols.name[again]
		return r.at(r.lineOfColumn(again), name, "put all lines of a column together", "column "+shown(name)+" comes a second time")
	}
	return nil
}

// lineOfColumn finds the line at which a column starts.
func (r *reader) lineOfColumn(number int) int {
	s := scanner{text: r.text, fixed: r.fixed, pos: r.columnsPos, line: r.columnsLine}
	last := []byte(nil)
	for s.next() {
		if s.fixed && !s.byColumns() || s.n >= 3 && (bytes.Equal(s.field[1], marker) || bytes.Equal(s.field[2], marker)) {
			continue
		}
		if last == nil || !bytes.Equal(s.field[0], last) {
			last = s.field[0]
			if number--; number < 0 {
				break
			}
		}
	}
	return s.line
}

func (r *reader) unknownRow(name []byte) error {
	if i := r.p.cols.find(name); i >= 0 && r.in != columnsSection {
		return r.fail(name, "name a row", shown(name)+" is a column, and a row is due here")
	}
	return r.fail(name, "declare it in ROWS, or correct the name", "there is no row "+shown(name))
}

func (r *reader) unknownColumn(name []byte) error {
	if i := r.p.rows.find(name); i >= 0 {
		return r.fail(name, "name a column", shown(name)+" is a row, and a column is due here")
	}
	return r.fail(name, "give it an entry in COLUMNS, or correct the name", "there is no column "+shown(name))
}

func (r *reader) noNumber(word []byte) error {
	return r.fail(word, "write a decimal number like -1.5 or 2e3", shown(word)+" stands where a number is due")
}

func (r *reader) tooLarge(word []byte) error {
	return r.fail(word, "write a number below 1e308 in size", "the number "+shown(word)+" is too large")
}
