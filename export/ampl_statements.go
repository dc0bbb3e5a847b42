package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

func (a *amplWriter) objective() {
	o := a.m.Leader().Objective()
	if !o.Set {
		return
	}
	a.puts(o.Sense.String() + " " + a.goal + ":")
	a.function(o.F)
	a.puts(";")
	a.newline()
}

// function writes a function, each term after a space.
func (a *amplWriter) function(f model.Function) {
	first := true
	sign := func(c float64) {
		a.term = a.term[:0]
		switch {
		case c < 0 && first:
			a.term = append(a.term, " -"...)
		case c < 0:
			a.term = append(a.term, " - "...)
		case first:
			a.term = append(a.term, ' ')
		default:
			a.term = append(a.term, " + "...)
		}
		first = false
	}
	coefficient := func(c float64) {
		sign(c)
		if c = math.Abs(c); c != 1 {
			a.term = append(appendAMPL(a.term, c), '*')
		}
	}
	for k, j := range f.Vars {
		coefficient(f.Coefs[k])
		a.term = append(a.term, a.vars[j]...)
		a.piece()
	}
	for _, q := range f.Quad {
		coefficient(q.Coef)
		a.term = append(a.term, a.vars[q.I]...)
		if q.I == q.J {
			a.term = append(a.term, "^2"...)
		} else {
			a.term = append(append(a.term, '*'), a.vars[q.J]...)
		}
		a.piece()
	}
	c := f.Const
	if n := f.Nonlinear; n != 0 {
		d := a.m.DAG()
		if _, named := a.shared[n]; d.Op(n) == expr.OpSum && !named {
			c += d.Value(n)
			for k, arg := range d.Args(n) {
				coefficient(d.Coefs(n)[k])
				a.printed(string(a.term), arg, true)
			}
		} else {
			sign(1)
			a.printed(string(a.term), n, true)
		}
	}
	if c != 0 || first {
		sign(c)
		a.term = appendAMPL(a.term, math.Abs(c))
		a.piece()
	}
}

// appendAMPL appends a number as AMPL writes it.
func appendAMPL(b []byte, v float64) []byte {
	if math.IsInf(v, 1) {
		return append(b, "Infinity"...)
	}
	if math.IsInf(v, -1) {
		return append(b, "-Infinity"...)
	}
	return appendNumber(b, v)
}

// between writes lo <= f <= hi in its shortest form, or with both comparisons.
func (a *amplWriter) between(f model.Function, lo, hi float64, both bool) {
	switch {
	case lo == hi && !both:
		a.function(f)
		a.puts(" = ")
		a.put(appendAMPL(nil, lo))
	case math.IsInf(lo, -1) && !both:
		a.function(f)
		a.puts(" <= ")
		a.put(appendAMPL(nil, hi))
	case math.IsInf(hi, 1) && !both:
		a.function(f)
		a.puts(" >= ")
		a.put(appendAMPL(nil, lo))
	default:
		a.puts(" ")
		a.put(appendAMPL(nil, lo))
		a.puts(" <=")
		a.function(f)
		a.puts(" <= ")
		a.put(appendAMPL(nil, hi))
	}
}

func (a *amplWriter) constraints() {
	for r := range a.m.NumRows() {
		if a.inline[r] {
			continue
		}
		lo, hi := a.m.RowBounds(r)
		free := math.IsInf(lo, -1) && math.IsInf(hi, 1)
		a.puts("subject to " + a.rows[r] + ":")
		if ind, ok := a.conditions[r]; ok {
			value := " = 0 ==>"
			if ind.When {
				value = " = 1 ==>"
			}
			a.puts(" " + a.vars[ind.Binary] + value)
		}
		a.between(a.m.RowFunction(r), lo, hi, free)
		a.puts(";")
		a.newline()
	}
}

func (a *amplWriter) pairStatements() {
	for k := range a.m.NumPairs() {
		p := a.m.Pair(k)
		a.puts("subject to " + a.pairs[k] + ":")
		a.member(p.A)
		a.puts(" complements")
		a.member(p.B)
		a.puts(";")
		a.newline()
	}
}

// member writes one operand of complements.
func (a *amplWriter) member(s model.Member) {
	m := a.m
	f := model.Function{Vars: []int32{s.Index}, Coefs: []float64{1}}
	if s.Row {
		f = m.RowFunction(int(s.Index))
	}
	lo, hi := memberBounds(m, s)
	switch s.Side {
	case model.AtLower:
		a.between(f, lo, math.Inf(1), false)
	case model.AtUpper:
		a.between(f, math.Inf(-1), hi, false)
	case model.Range:
		a.between(f, lo, hi, lo != hi)
	default:
		a.function(f)
	}
}

// sets writes the SOS1 sets by suffixes.
func (a *amplWriter) sets() {
	sets := a.m.SOS1Sets()
	if len(sets) == 0 {
		return
	}
	a.puts("suffix sosno; suffix ref;")
	a.newline()
	for k, s := range sets {
		a.comment("SOS1 set " + printable(s.Name))
		for i, j := range s.Vars {
			w := float64(i + 1)
			if i < len(s.Weights) {
				w = s.Weights[i]
			}
			a.puts("let " + a.vars[j] + ".sosno := ")
			a.number(float64(k + 1))
			a.puts("; let " + a.vars[j] + ".ref := ")
			a.number(w)
			a.puts(";")
			a.newline()
		}
	}
}
