package nl

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// segment reads the segment of a letter.
func (r *reader) segment(letter byte) {
	s := r.s
	switch letter {
	case 'F':
		s.int()
		s.int()
		s.int()
		s.word() // a use of it is refused
	case 'S':
		r.suffix()
	case 'V':
		r.commonExpression()
	case 'C':
		k := s.index(len(r.rows), "constraint")
		v := r.expression()
		if s.err == nil {
			r.rows[k].value, r.rows[k].read = v, true
		}
	case 'L':
		s.unsupported("write it by binary variables", "a logical constraint")
	case 'O':
		k, sense := s.index(max(r.objectives, 1), "objective"), s.int()
		v := r.expression()
		if k == 0 {
			r.objective.value, r.objective.read, r.maximise = v, true, sense != 0
		}
	case 'd':
		r.pairs(r.header.rows, "multipliers", nil)
	case 'x':
		r.pairs(r.vars, "start values", func(e entry) {
			if r.start == nil {
				r.start = make([]float64, r.vars)
				for j := range r.start {
					r.start[j] = math.NaN()
				}
			}
			r.start[e.at] = e.v
		})
	case 'r':
		r.rowLower, r.rowUpper = r.sides(r.header.rows, true)
	case 'b':
		r.lower, r.upper = r.sides(r.vars, false)
	case 'k', 'K':
		for range s.count("columns") {
			s.row()
			s.int()
			if s.err != nil {
				return
			}
		}
	case 'J':
		k := s.index(len(r.rows), "constraint")
		r.pairs(r.vars, "entries", func(e entry) { r.rows[k].linear = append(r.rows[k].linear, e) })
	case 'G':
		k := s.index(max(r.objectives, 1), "objective")
		r.pairs(r.vars, "entries", func(e entry) {
			if k == 0 {
				r.objective.linear = append(r.objective.linear, e)
			}
		})
	default:
		s.fail("a segment %q, which there is not", letter)
	}
}

// pairs reads the number of pairs of an index below n and a number, and the pairs.
func (r *reader) pairs(n int, what string, take func(e entry)) {
	s := r.s
	for range s.count(what) {
		s.row()
		e := entry{s.index(n, "index"), s.float()}
		if s.err != nil {
			return
		}
		if take != nil {
			take(e)
		}
	}
}

// commonExpression reads a common expression.
func (r *reader) commonExpression() {
	s := r.s
	k := s.int()
	if s.err == nil && (k < r.vars || k >= r.vars+r.common) {
		s.fail("the common expression %d; they are numbered from %d to %d", k, r.vars, r.vars+r.common-1)
	}
	n := s.count("linear terms")
	s.int() // the function that it belongs to
	var coefs []float64
	var nodes []expr.Node
	for range n {
		s.row()
		j, c := s.index(r.vars, "variable"), s.float()
		if s.err != nil {
			return
		}
		coefs, nodes = append(coefs, c), append(nodes, r.d.Var(j))
	}
	v := r.expression()
	if s.err != nil {
		return
	}
	if n > 0 {
		v = value{r.d.Linear(0, append(coefs, 1), append(nodes, v.node)), added(v.size, int32(min(n, manyTerms)))}
	}
	r.defined[k-r.vars] = v
}

// sides reads the bounds of variables or the sides of constraints.
func (r *reader) sides(n int, rows bool) (lower, upper []float64) {
	s := r.s
	lower, upper = make([]float64, n), make([]float64, n)
	for k := range n {
		s.row()
		lo, hi := math.Inf(-1), math.Inf(1)
		switch c := s.char(); c {
		case '0':
			lo, hi = s.float(), s.float()
		case '1':
			hi = s.float()
		case '2':
			lo = s.float()
		case '3':
		case '4':
			lo = s.float()
			hi = lo
		case '5':
			if !rows {
				s.fail("a variable that complements")
				break
			}
			kind := s.int()
			if r.complement == nil {
				r.complement = make([]complement, r.header.rows)
			}
			r.complement[k] = complement{kind & 3, s.int() - 1}
			if v := r.complement[k].variable; v < 0 || v >= r.vars {
				s.fail("constraint %d complements the variable %d, of %d", k, v, r.vars)
			}
			if kind&3 == 0 {
				lo, hi = 0, 0 // the variable has no bounds
			}
		default:
			s.fail("%q where the kind of a bound was due", c)
		}
		if s.err != nil {
			return nil, nil
		}
		lower[k], upper[k] = lo, hi
	}
	return lower, upper
}

// suffix reads a suffix; those of sets of variables are kept.
func (r *reader) suffix() {
	s := r.s
	kind, n := s.int(), s.count("values of a suffix")
	name := s.word()
	var list []entry
	for range n {
		s.row()
		e := entry{at: s.int()}
		if kind&4 != 0 {
			e.v = s.float()
		} else {
			e.v = float64(s.int())
		}
		if s.err == nil && kind&3 == 0 && (e.at < 0 || e.at >= r.vars) {
			s.fail("a suffix of the variable %d, of %d", e.at, r.vars)
		}
		if s.err != nil {
			return
		}
		list = append(list, e)
	}
	switch {
	case kind&3 != 0:
	case name == "sosno":
		r.sosno = list
	case name == "ref":
		r.ref = list
	}
}
