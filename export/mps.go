package export

import (
	"io"
	"math"

	"github.com/gobilevel/bilevel/internal/mpshead"
	"github.com/gobilevel/bilevel/model"
)

// WriteMPS writes a model in the free MPS format, with the sections
//
//	NAME, OBJSENSE (a maximisation), ROWS, COLUMNS (integer markers), RHS, RANGES, BOUNDS,
//	QUADOBJ (one triangle of Q in ½x'Qx), QCMATRIX (both triangles of Q in x'Qx, a section a constraint), SOS, INDICATORS, ENDATA.
//
// A constant k in the objective stands in RHS as -k on the objective's row, as CPLEX, Gurobi, HiGHS and CBC read it (glpsol and
// lp_solve read k; see Options.Portable). A constraint without bounds is a row of type N. Numbers are the shortest that read back to
// the same float64; of a range lo <= a'x <= hi the side is written whose sum with hi-lo gives the other exactly, where there is one.
// Names are those of Names; comments at the head list those that a reader who knows the rules cannot turn back, and package
// model/mpsaux reads them. Start values and suffixes are left out, as a comment says. It returns the mistakes of m.Err, a *NotWritableError, or the error of w.
func WriteMPS(w io.Writer, m *model.Model, opt ...Options) error {
	if err := check(m, "MPS"); err != nil {
		return err
	}
	o := only(opt)
	p, err := newMPSWriter(w, m, o, "MPS")
	if err != nil {
		return err
	}
	if p.obj.Sense == model.Maximize && o.Portable {
		p.sign = -1
	}
	return p.write()
}

type mpsWriter struct {
	*text
	m                *model.Model
	vars, rows, sets *nameTable
	opt              Options
	obj              model.Objective
	sign             float64 // -1 where the objective is written as its negative
	bounded          bool    // constraints without bounds are left out
	fields           int     // names on the current line
	onLine           int     // entries on the current line of COLUMNS
	some             bool    // the column has an entry
}

// shortName is the length of names in the fixed layout.
const shortName = 8

func newMPSWriter(w io.Writer, m *model.Model, o Options, format string) (*mpsWriter, error) {
	p := &mpsWriter{text: newText(w), m: m, opt: o, obj: m.Leader().Objective(), sign: 1}
	if !o.Fixed {
		p.vars, p.rows, p.sets = varNames(m), rowNames(m), setNames(m.SOS1Sets())
		return p, nil
	}
	if most := 9_999_999; m.NumVars() >= most || m.NumRows() >= most {
		return nil, &NotWritableError{format, 0, "", "more variables or constraints than names of the fixed layout can number", "write the free layout"}
	}
	p.vars = makeNamesWithin(m.NumVars()+1, varNameOf(m), shortName, 'C')
	p.rows = makeNamesWithin(m.NumRows()+1, rowNameOf(m), shortName, 'R')
	p.sets = makeNamesWithin(len(m.SOS1Sets()), setNameOf(m.SOS1Sets()), shortName, 'S')
	return p, nil
}

func (p *mpsWriter) write() error {
	p.heading()
	p.rowTypes()
	p.columns()
	p.rhs()
	p.ranges()
	p.bounds()
	p.quadratic()
	p.sos()
	p.indicators()
	p.puts("ENDATA")
	p.newline()
	return p.flush()
}

// heading writes the comments of mpshead, NAME and OBJSENSE.
func (p *mpsWriter) heading() {
	p.comment(mpshead.Model + printable(p.m.Name))
	if p.sign < 0 {
		p.comment(mpshead.Negative)
	}
	if !p.obj.Set {
		p.comment(mpshead.NoObjective)
	}
	for _, s := range leftOut(p.m, false) {
		p.comment(s)
	}
	if p.bounded && p.someFree() {
		p.comment(rowsLeftOut)
	}
	if p.vars.rounded || p.rows.rounded || p.sets.rounded {
		p.comment(mpshead.Brackets)
	}
	for _, j := range p.vars.unlike {
		name := "the constant"
		if j < p.m.NumVars() {
			name = printable(p.m.VarName(j))
		}
		p.comment("variable " + string(p.vars.at(j)) + " is " + name)
	}
	for _, r := range p.rows.unlike {
		if r < p.m.NumRows() {
			p.comment("constraint " + string(p.rows.at(r)) + " is " + printable(p.m.RowName(r)))
		} else {
			p.comment("objective " + string(p.rows.at(r)) + " is " + printable(rowNameOf(p.m)(r)))
		}
	}
	for _, k := range p.sets.unlike {
		p.comment("set " + string(p.sets.at(k)) + " is " + printable(setNameOf(p.m.SOS1Sets())(k)))
	}
	name := makeNames(1, func(int) string {
		if p.m.Name == "" {
			return "model"
		}
		return p.m.Name
	})
	if p.opt.Fixed {
		p.line("NAME          ", name.at(0), "")
	} else {
		p.line("NAME ", name.at(0), " FREE") // FREE tells CBC that the file is in the free format
	}
	if p.obj.Sense == model.Maximize && p.sign > 0 {
		p.line("OBJSENSE", nil, "")
		p.line("    MAX", nil, "")
	}
}

// commentLimit is where a comment is cut; CBC takes lines of up to 1000 bytes.
const commentLimit = 500

// comment writes a line of comment.
func (p *mpsWriter) comment(s string) {
	if len(s) > commentLimit {
		s = s[:commentLimit-3] + "..."
	}
	p.line("* ", nil, s)
}

func (p *mpsWriter) line(before string, name []byte, after string) {
	p.puts(before)
	p.put(name)
	p.puts(after)
	p.newline()
}

// start begins a line of data with the type of a row, bound or set, which may be empty.
func (p *mpsWriter) start(kind string) {
	p.fields = 0
	p.puts(" ")
	p.puts(kind)
	if kind == "" {
		p.puts("  ")
	}
}

// nameColumns are the columns of the fixed layout at which names start.
var nameColumns = [...]int{4, 14, 39}

// numberColumn is the column of the fixed layout at which the first number starts.
const numberColumn = 24

const blanks = "                                        "

// to goes to a column of the fixed layout, or over a blank.
func (p *mpsWriter) to(column int) {
	if p.opt.Fixed && p.used < column {
		p.puts(blanks[:column-p.used])
	} else {
		p.w.WriteByte(' ')
		p.used++
	}
}

func (p *mpsWriter) name(b []byte) {
	p.to(nameColumns[p.fields])
	p.fields++
	p.put(b)
}

func (p *mpsWriter) word(s string) {
	p.to(nameColumns[p.fields])
	p.fields++
	p.puts(s)
}

// value ends a line with a number. In the fixed layout it may be longer than its field: what is longer would not be the same number.
func (p *mpsWriter) value(v float64) {
	p.to(numberColumn)
	p.number(v)
	p.newline()
}

// rowType is E, L, G or N, and the right-hand side. A range is written as the side from which the other is exact.
func rowType(lo, hi float64) (kind string, rhs float64) {
	switch {
	case lo == hi:
		return "E", lo
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return "N", 0
	case math.IsInf(hi, 1):
		return "G", lo
	case math.IsInf(lo, -1):
		return "L", hi
	case lo+(hi-lo) != hi && hi-(hi-lo) == lo:
		return "L", hi
	}
	return "G", lo
}

// written reports whether constraint r is a row of the file.
func (p *mpsWriter) written(r int) bool {
	if !p.bounded {
		return true
	}
	lo, hi := p.m.RowBounds(r)
	return !math.IsInf(lo, -1) || !math.IsInf(hi, 1)
}

// someFree reports whether the model has a constraint without bounds.
func (p *mpsWriter) someFree() bool {
	for r := range p.m.NumRows() {
		if lo, hi := p.m.RowBounds(r); math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			return true
		}
	}
	return false
}

func (p *mpsWriter) rowTypes() {
	p.line("ROWS", nil, "")
	p.start("N")
	p.name(p.rows.at(p.m.NumRows()))
	p.newline()
	for r := range p.m.NumRows() {
		if p.written(r) {
			lo, hi := p.m.RowBounds(r)
			kind, _ := rowType(lo, hi)
			p.start(kind)
			p.name(p.rows.at(r))
			p.newline()
		}
	}
}

// sideOf writes a line of RHS or RANGES.
func (p *mpsWriter) sideOf(set string, r int, v float64) {
	p.start("")
	p.word(set)
	p.name(p.rows.at(r))
	p.value(v)
}

func (p *mpsWriter) rhs() {
	p.line("RHS", nil, "")
	if c := p.obj.F.Const; c != 0 && !p.opt.Portable {
		p.sideOf("RHS", p.m.NumRows(), -p.sign*c)
	}
	for r := range p.m.NumRows() {
		lo, hi := p.m.RowBounds(r)
		if _, rhs := rowType(lo, hi); rhs != 0 {
			p.sideOf("RHS", r, rhs)
		}
	}
}

func (p *mpsWriter) ranges() {
	started := false
	for r := range p.m.NumRows() {
		lo, hi := p.m.RowBounds(r)
		if lo == hi || math.IsInf(lo, -1) || math.IsInf(hi, 1) {
			continue
		}
		if !started {
			p.line("RANGES", nil, "")
			started = true
		}
		p.sideOf("RNG", r, hi-lo)
	}
}

// bounds writes what differs from 0 <= x, and for integer variables always an upper bound: readers differ in their default.
func (p *mpsWriter) bounds() {
	started := false
	bound := func(kind string, j int) {
		if !started {
			p.line("BOUNDS", nil, "")
			started = true
		}
		p.start(kind)
		p.word("BND")
		p.name(p.vars.at(j))
	}
	plain := func(kind string, j int) {
		bound(kind, j)
		p.newline()
	}
	number := func(kind string, j int, v float64) {
		bound(kind, j)
		p.value(v)
	}
	for j := range p.m.NumVars() {
		lo, hi := p.m.VarBounds(j)
		whole := p.m.VarKind(j) != model.Continuous
		switch {
		case lo == 0 && math.IsInf(hi, 1) && !whole:
			continue
		case whole && lo == 0 && hi == 1:
			plain("BV", j)
		case lo == hi:
			number("FX", j, lo)
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			plain("FR", j)
		default:
			if math.IsInf(lo, -1) {
				plain("MI", j)
			} else if lo != 0 || hi < 0 {
				number("LO", j, lo)
			}
			if !math.IsInf(hi, 1) {
				number("UP", j, hi)
			} else if whole {
				plain("PL", j)
			}
		}
	}
	if p.portableConstant() {
		number("FX", p.m.NumVars(), 1)
	}
}

func (p *mpsWriter) portableConstant() bool { return p.opt.Portable && p.obj.F.Const != 0 }
