package mpsaux

import (
	"bytes"
	"math"
	"strconv"
)

// auxiliary is what an AUX file says.
type auxiliary struct {
	file       string
	cols, rows int // N and M, -1 where the file does not say
	lc, lr     []reference
	lo, ic     []float64
	maximise   bool
	budget     float64
	hasBudget  bool
	budgetLine int
	follower   string // what package export says in comments
	objective  string
	none       bool // the follower has no objective
}

// reference is a column or a row, by index or by name.
type reference struct {
	word  []byte
	line  int
	named bool // in a section of names, so that 3 is a name
}

func (a *auxiliary) interdiction() bool { return a.hasBudget || len(a.ic) > 0 }

// key is a keyword of an AUX file.
type key uint8

const (
	noKey key = iota
	colsKey
	rowsKey
	colKey
	rowKey
	coefKey
	senseKey
	costKey
	budgetKey
	namedSenseKey
	namedColsKey
	namedRowsKey
	endKey
	textKey // what follows is for people
)

// keyOf finds a keyword; MibS's documentation and its examples spell some in several ways.
func keyOf(word []byte) key {
	switch string(word) {
	case "N", "@NUMVARS":
		return colsKey
	case "M", "@NUMCONSTRS", "@NUMCONSTR":
		return rowsKey
	case "LC":
		return colKey
	case "LR":
		return rowKey
	case "LO":
		return coefKey
	case "OS":
		return senseKey
	case "IC":
		return costKey
	case "IB":
		return budgetKey
	case "@OBJSENSE", "@OBJESENSE":
		return namedSenseKey
	case "@VARSBEGIN":
		return namedColsKey
	case "@CONSTRSBEGIN", "@CONSTRBEGIN", "@CONSTSBEGIN":
		return namedRowsKey
	case "@VARSEND", "@CONSTRSEND", "@CONSTREND", "@CONSTSEND":
		return endKey
	case "@NAME", "@MPS", "@LP":
		return textKey
	}
	return noKey
}

const keyList = "the words are N, M, LC, LR, LO, OS, IC, IB or @NUMVARS, @NUMCONSTRS, @OBJSENSE, @VARSBEGIN, @VARSEND, @CONSTRSBEGIN, @CONSTRSEND, @NAME, @MPS"

// auxReader takes an AUX file word by word.
type auxReader struct {
	file string
	text []byte
	pos  int
	line int
	word []byte
	a    *auxiliary
}

// next goes to the next word; it is false at the end. Lines that start with # are comments.
func (r *auxReader) next() bool {
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		start := r.pos == 0 || r.text[r.pos-1] == '\n'
		switch {
		case c == '\n':
			r.line++
			r.pos++
		case c <= ' ':
			r.pos++
		case c == '#' && start:
			r.comment(r.rest())
		default:
			from := r.pos
			for r.pos < len(r.text) && r.text[r.pos] > ' ' {
				r.pos++
			}
			r.word = r.text[from:r.pos]
			return true
		}
	}
	r.word = nil
	return false
}

// rest takes the rest of the line.
func (r *auxReader) rest() []byte {
	from := r.pos
	if k := bytes.IndexByte(r.text[from:], '\n'); k >= 0 {
		r.pos += k
	} else {
		r.pos = len(r.text)
	}
	return r.text[from:r.pos]
}

// comment reads what package export says in comments.
func (r *auxReader) comment(line []byte) {
	what, value, _ := bytes.Cut(trim(line), []byte{'='})
	name, err := strconv.Unquote(string(value))
	switch string(what) {
	case "#follower":
		if err == nil && name != "" {
			r.a.follower = name
		}
	case "#objective":
		if err == nil {
			r.a.objective = name
		}
	case "#no-objective":
		r.a.none = true
	}
}

func (r *auxReader) fail(word []byte, remedy, reason string) error {
	return &Error{File: r.file, Line: r.line, Token: string(word), Reason: reason, Remedy: remedy}
}

// value goes to the word after a keyword.
func (r *auxReader) value(of []byte, what string) error {
	if !r.next() {
		return r.fail(of, "get the whole file", "the file ends after "+shown(of)+", where "+what+" is due")
	}
	return nil
}

func (r *auxReader) count(of []byte) (int, error) {
	if err := r.value(of, "a number of columns or rows"); err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(r.word), 10, 32)
	if err != nil || n < 0 {
		return 0, r.fail(r.word, "write a whole number", shown(r.word)+" after "+shown(of)+" is no number of columns or rows")
	}
	return int(n), nil
}

func (r *auxReader) number(of []byte) (float64, error) {
	if err := r.value(of, "a number"); err != nil {
		return 0, err
	}
	v, ok := parseNumber(r.word)
	if !ok || math.IsInf(v, 0) {
		return 0, r.fail(r.word, "write a finite decimal number", shown(r.word)+" stands after "+shown(of)+", where a number is due")
	}
	return v, nil
}

// parseAux reads an AUX file of either form, or of a mixture of both.
func parseAux(text []byte, file string) (*auxiliary, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	a := &auxiliary{file: file, cols: -1, rows: -1}
	r := &auxReader{file: file, text: text, line: 1, a: a}
	for r.next() {
		if err := r.item(r.word); err != nil {
			return nil, err
		}
	}
	return a, a.complete(r)
}

// item reads a keyword and what belongs to it.
func (r *auxReader) item(word []byte) (err error) {
	a := r.a
	switch keyOf(word) {
	case colsKey:
		if a.cols >= 0 {
			return r.twice(word)
		}
		a.cols, err = r.count(word)
	case rowsKey:
		if a.rows >= 0 {
			return r.twice(word)
		}
		a.rows, err = r.count(word)
	case colKey:
		if err = r.value(word, "a column"); err == nil {
			a.lc = append(a.lc, reference{r.word, r.line, false})
		}
	case rowKey:
		if err = r.value(word, "a row"); err == nil {
			a.lr = append(a.lr, reference{r.word, r.line, false})
		}
	case coefKey:
		var v float64
		v, err = r.number(word)
		a.lo = append(a.lo, v)
	case costKey:
		var v float64
		v, err = r.number(word)
		a.ic = append(a.ic, v)
	case budgetKey:
		if a.hasBudget {
			return r.twice(word)
		}
		a.hasBudget, a.budgetLine = true, r.line
		a.budget, err = r.number(word)
	case senseKey:
		var v float64
		if v, err = r.number(word); err == nil && v != 1 && v != -1 {
			return r.fail(r.word, "write 1 to minimise or -1 to maximise", shown(r.word)+" after OS is no direction of an objective")
		}
		a.maximise = v == -1
	case namedSenseKey:
		if err = r.value(word, "MIN or MAX"); err == nil {
			switch lower(r.word) {
			case "max", "maximize", "maximise":
				a.maximise = true
			case "min", "minimize", "minimise":
				a.maximise = false
			default:
				return r.fail(r.word, "write MIN or MAX", shown(r.word)+" is no direction of an objective")
			}
		}
	case namedColsKey:
		return r.namedColumns()
	case namedRowsKey:
		return r.namedRows()
	case endKey:
	case textKey:
		r.passText()
	default:
		return r.fail(word, keyList, shown(word)+" is no word of an AUX file")
	}
	return err
}

func (r *auxReader) twice(word []byte) error {
	return r.fail(word, "delete one", shown(word)+" comes a second time")
}

// namedColumns reads pairs of a column and its coefficient in the follower's objective.
func (r *auxReader) namedColumns() error {
	a := r.a
	if a.cols < 0 {
		return r.fail(r.word, "put @NUMVARS and the number of columns before it", "@VARSBEGIN before the number of columns is known")
	}
	for k := 0; k < a.cols; k++ {
		if !r.next() || keyOf(r.word) == endKey {
			return r.fail(r.word, "correct the number, or add the missing columns", itoa(k)+" of "+itoa(a.cols)+" columns of the follower are named")
		}
		name := r.word
		a.lc = append(a.lc, reference{name, r.line, true})
		v, err := r.number(name)
		if err != nil {
			return err
		}
		a.lo = append(a.lo, v)
	}
	return nil
}

// namedRows reads the names of the follower's rows.
func (r *auxReader) namedRows() error {
	a := r.a
	if a.rows < 0 {
		return r.fail(r.word, "put @NUMCONSTRS and the number of rows before it", shown(r.word)+" before the number of rows is known")
	}
	for k := 0; k < a.rows; k++ {
		if !r.next() || keyOf(r.word) == endKey {
			return r.fail(r.word, "correct the number, or add the missing rows", itoa(k)+" of "+itoa(a.rows)+" rows of the follower are named")
		}
		a.lr = append(a.lr, reference{r.word, r.line, true})
	}
	return nil
}

// passText goes over a text for people: the rest of the line or, where nothing is left of it, the next line.
func (r *auxReader) passText() {
	if len(trim(r.rest())) > 0 {
		return
	}
	for r.pos < len(r.text) && r.text[r.pos] <= ' ' {
		if r.text[r.pos] == '\n' {
			r.line++
		}
		r.pos++
	}
	if r.pos < len(r.text) && r.text[r.pos] != '@' && r.text[r.pos] != '#' {
		r.rest()
	}
}

// complete checks the numbers of things.
func (a *auxiliary) complete(r *auxReader) error {
	switch {
	case a.cols < 0 && a.rows < 0 && len(a.lc) == 0:
		return r.fail(nil, "start with N or @NUMVARS and the number of the follower's columns", "this is no AUX file, or an empty one")
	case a.cols < 0:
		return r.fail(nil, "add N or @NUMVARS", "the number of the follower's columns is missing")
	case a.rows < 0:
		return r.fail(nil, "add M or @NUMCONSTRS; 0 if it has none", "the number of the follower's rows is missing")
	case a.cols == 0:
		return r.fail(nil, "solve the MPS file alone", "the follower has no column")
	case len(a.lc) != a.cols && !(a.interdiction() && len(a.lc) == 0):
		return r.fail(nil, "correct N, or the list", "N is "+itoa(a.cols)+" and the number of columns (LC) is "+itoa(len(a.lc)))
	case len(a.lr) != a.rows && !(a.interdiction() && len(a.lr) == 0):
		return r.fail(nil, "correct M, or the list", "M is "+itoa(a.rows)+" and the number of rows (LR) is "+itoa(len(a.lr)))
	case len(a.lo) != a.cols:
		return r.fail(nil, "give every column a coefficient, 0 where it has none", "N is "+itoa(a.cols)+" and the number of coefficients of the follower's objective (LO) is "+itoa(len(a.lo)))
	case a.hasBudget && len(a.ic) != a.cols:
		return r.fail(nil, "give every column a cost, 0 where it has none", "N is "+itoa(a.cols)+" and the number of costs (IC) is "+itoa(len(a.ic)))
	case len(a.ic) > 0 && !a.hasBudget:
		return r.fail(nil, "add IB and the budget", "there are costs (IC) and no budget")
	}
	return nil
}
