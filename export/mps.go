package export

import (
	"io"
	"math"

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
// Names are those of Names. It returns the mistakes of m.Err, a *NotWritableError, or the error of w.
func WriteMPS(w io.Writer, m *model.Model, opt ...Options) error {
	if err := check(m, "MPS"); err != nil {
		return err
	}
	o := only(opt)
	p := &mpsWriter{text: newText(w), m: m, vars: varNames(m), rows: rowNames(m), opt: o, sign: 1}
	p.obj = m.Leader().Objective()
	if p.obj.Sense == model.Maximize && o.Portable {
		p.sign = -1
	}
	p.heading()
	p.rowTypes()
	p.columns()
	p.rhs()
	p.ranges()
	p.bounds()
	p.quadratic()
	p.sets()
	p.indicators()
	p.puts("ENDATA")
	p.newline()
	return p.flush()
}

type mpsWriter struct {
	*text
	m          *model.Model
	vars, rows *nameTable
	opt        Options
	obj        model.Objective
	sign       float64 // -1 where the objective is written as its negative
}

func (p *mpsWriter) heading() {
	nv, nr := p.m.NumVars(), p.m.NumRows()
	title := "Model " + printable(p.m.Name)
	if p.sign < 0 {
		title += ", the maximisation written as minimisation of the negative"
	}
	p.comments("* ", title, p.vars, p.rows,
		func(j int) string {
			if j == nv {
				return "the constant"
			}
			return p.m.VarName(j)
		},
		func(r int) string {
			if r == nr {
				return "the objective"
			}
			return p.m.RowName(r)
		})
	name := makeNames(1, func(int) string {
		if p.m.Name == "" {
			return "model"
		}
		return p.m.Name
	})
	p.line("NAME ", name.at(0), " FREE") // FREE tells CBC that the file is in the free format
	if p.obj.Sense == model.Maximize && p.sign > 0 {
		p.line("OBJSENSE", nil, "")
		p.line("    MAX", nil, "")
	}
}

func (p *mpsWriter) line(before string, name []byte, after string) {
	p.puts(before)
	p.put(name)
	p.puts(after)
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

func (p *mpsWriter) rowTypes() {
	p.line("ROWS", nil, "")
	p.line(" N ", p.rows.at(p.m.NumRows()), "")
	for r := range p.m.NumRows() {
		lo, hi := p.m.RowBounds(r)
		kind, _ := rowType(lo, hi)
		p.puts(" ")
		p.puts(kind)
		p.line(" ", p.rows.at(r), "")
	}
}

func (p *mpsWriter) rhs() {
	p.line("RHS", nil, "")
	if c := p.obj.F.Const; c != 0 && !p.opt.Portable {
		p.entry("    RHS ", p.rows.at(p.m.NumRows()), -c)
	}
	for r := range p.m.NumRows() {
		lo, hi := p.m.RowBounds(r)
		if _, rhs := rowType(lo, hi); rhs != 0 {
			p.entry("    RHS ", p.rows.at(r), rhs)
		}
	}
}

// entry writes a line of a set name, a name and a number.
func (p *mpsWriter) entry(before string, name []byte, v float64) {
	p.puts(before)
	p.put(name)
	p.puts(" ")
	p.number(v)
	p.newline()
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
		p.entry("    RNG ", p.rows.at(r), hi-lo)
	}
}

// bounds writes what differs from 0 <= x, and for integer variables always an upper bound: readers differ in their default.
func (p *mpsWriter) bounds() {
	started := false
	start := func() {
		if !started {
			p.line("BOUNDS", nil, "")
			started = true
		}
	}
	for j := range p.m.NumVars() {
		lo, hi := p.m.VarBounds(j)
		whole := p.m.VarKind(j) != model.Continuous
		name := p.vars.at(j)
		switch {
		case lo == 0 && math.IsInf(hi, 1) && !whole:
			continue
		case whole && lo == 0 && hi == 1:
			start()
			p.line(" BV BND ", name, "")
		case lo == hi:
			start()
			p.entry(" FX BND ", name, lo)
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			start()
			p.line(" FR BND ", name, "")
		default:
			start()
			if math.IsInf(lo, -1) {
				p.line(" MI BND ", name, "")
			} else if lo != 0 || hi < 0 {
				p.entry(" LO BND ", name, lo)
			}
			if !math.IsInf(hi, 1) {
				p.entry(" UP BND ", name, hi)
			} else if whole {
				p.line(" PL BND ", name, "")
			}
		}
	}
	if p.portableConstant() {
		start()
		p.entry(" FX BND ", p.vars.at(p.m.NumVars()), 1)
	}
}

func (p *mpsWriter) portableConstant() bool { return p.opt.Portable && p.obj.F.Const != 0 }
