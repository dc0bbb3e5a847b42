package lpsolve

import (
	"fmt"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// problem is a minimisation as the solver takes it:
//
//	min cost'x  s.t.  rowLo <= A x <= rowHi,  lo <= x <= hi,  x_j integer where integer[j],  at most one nonzero in each set.
//
// A is stored by columns: column j holds rows index[start[j]:start[j+1]]. No row is empty or without a bound. Columns in sets have lo >= 0.
type problem struct {
	cost, lo, hi []float64
	integer      []bool // nil: no integer column
	rowLo, rowHi []float64
	start, index []int32
	value        []float64
	sets         []set
}

// set is an SOS1 set, its columns in the order for branching.
type set struct{ columns []int32 }

func (p *problem) isMIP() bool { return p.integer != nil || len(p.sets) > 0 }

// lowered is a model as a problem, with the way back.
type lowered struct {
	problem
	m           *model.Model
	sign        float64 // -1 for a maximisation
	offset      float64 // as declared
	shift       []float64
	plus, minus []int32 // variable j is shift[j] plus column plus[j] minus column minus[j]; -1: there is none
	rowOf       []int32 // the row of a constraint, -1: none
	free        []int   // integer variables without a bound that are in no set
	assumed     bool    // a bound was assumed
	impossible  string  // why no point is feasible, "" where that is open
}

// origin is bounds of an integer variable that has none in the model.
type origin struct {
	lo, hi         float64
	known, assumed bool
}

// infinite is the magnitude from which a bound is taken as infinite.
const infinite = 1e20

// lower writes a linear model as a problem. Sets are branched on by upper bounds alone, so that a member with a negative lower
// bound becomes two columns, its positive and its negative part, both in the set. An integer variable that can be negative is counted from
// a bound: the solver's tree search goes down forever on negative integers.
func lower(m *model.Model, from map[int]origin) (*lowered, error) {
	n, rows := m.NumVars(), m.NumRows()
	if m.NumNonzeros() > math.MaxInt32/4 || n > math.MaxInt32/4 || rows > math.MaxInt32/4 {
		return nil, &SizeError{n, rows, m.NumNonzeros()}
	}
	o := m.Leader().Objective()
	l := &lowered{m: m, sign: o.Sense.Sign(), offset: o.F.Const, shift: make([]float64, n), plus: make([]int32, n), minus: make([]int32, n), rowOf: make([]int32, rows)}
	inSet := make([]bool, n)
	for _, s := range m.SOS1Sets() {
		for _, j := range s.Vars {
			inSet[j] = true
		}
	}
	for j := range n {
		l.lowerVariable(j, inSet[j], from[j])
	}
	l.lowerRows()
	for k, j := range o.F.Vars {
		l.offset += o.F.Coefs[k] * l.shift[j]
		l.each(int(j), func(column int32, sign float64) { l.cost[column] += l.sign * sign * o.F.Coefs[k] })
	}
	for _, s := range m.SOS1Sets() {
		l.lowerSet(s)
	}
	return l, nil
}

// each calls f for the columns of a variable.
func (l *lowered) each(j int, f func(column int32, sign float64)) {
	if c := l.plus[j]; c >= 0 {
		f(c, 1)
	}
	if c := l.minus[j]; c >= 0 {
		f(c, -1)
	}
}

func (l *lowered) lowerVariable(j int, inSet bool, from origin) {
	lo, hi := l.m.VarBounds(j)
	integer := l.m.VarKind(j) != model.Continuous
	if lo <= -infinite {
		lo = math.Inf(-1)
	}
	if hi >= infinite {
		hi = math.Inf(1)
	}
	if from.known {
		lo, hi = math.Max(lo, from.lo), math.Min(hi, from.hi)
		l.assumed = l.assumed || from.assumed
	}
	if integer {
		if !inSet && math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			l.free = append(l.free, j)
		}
		lo, hi = math.Ceil(lo-1e-9), math.Floor(hi+1e-9)
	}
	if lo > hi || lo >= infinite || hi <= -infinite {
		l.impossible = fmt.Sprintf("variable %s has no value between its bounds", l.m.VarName(j))
		lo, hi = 0, 0
	}
	add := func(lo, hi float64) int32 {
		c := int32(len(l.cost))
		l.cost, l.lo, l.hi = append(l.cost, 0), append(l.lo, lo), append(l.hi, hi)
		if integer && l.integer == nil {
			l.integer = make([]bool, c)
		}
		if l.integer != nil {
			l.integer = append(l.integer, integer)
		}
		return c
	}
	l.plus[j], l.minus[j] = -1, -1
	switch {
	case lo >= 0 || !inSet && !integer:
		l.plus[j] = add(lo, hi)
		return
	case !inSet && !math.IsInf(lo, -1):
		l.shift[j], l.plus[j] = lo, add(0, hi-lo)
		return
	case !inSet && !math.IsInf(hi, 1):
		l.shift[j], l.minus[j] = hi, add(0, math.Inf(1))
		return
	}
	if hi > 0 {
		l.plus[j] = add(0, hi)
	}
	l.minus[j] = add(math.Max(0, -hi), -lo)
}

// lowerRows keeps the constraints that have terms and a bound, and stores their coefficients by columns.
func (l *lowered) lowerRows() {
	type entry struct {
		row  int32
		coef float64
	}
	columns := make([][]entry, len(l.cost))
	nonzeros := 0
	for i := range l.rowOf {
		l.rowOf[i] = -1
		lo, hi := l.m.RowBounds(i)
		vars, coefs := l.m.RowAffine(i)
		terms, shift := 0, 0.0
		for k, c := range coefs {
			if c != 0 {
				terms++
				shift += c * l.shift[vars[k]]
			}
		}
		if lo > hi || lo >= infinite || hi <= -infinite || terms == 0 && (lo > 1e-9 || hi < -1e-9) {
			l.impossible = fmt.Sprintf("constraint %s can't hold at any point", l.m.RowName(i))
			continue
		}
		if terms == 0 || lo <= -infinite && hi >= infinite {
			continue
		}
		if lo <= -infinite {
			lo = math.Inf(-1)
		}
		if hi >= infinite {
			hi = math.Inf(1)
		}
		row := int32(len(l.rowLo))
		l.rowOf[i] = row
		l.rowLo, l.rowHi = append(l.rowLo, lo-shift), append(l.rowHi, hi-shift)
		for k, j := range vars {
			if coefs[k] == 0 {
				continue
			}
			l.each(int(j), func(column int32, sign float64) {
				columns[column] = append(columns[column], entry{row, sign * coefs[k]})
				nonzeros++
			})
		}
	}
	l.start = make([]int32, 1, len(columns)+1)
	l.index, l.value = make([]int32, 0, nonzeros), make([]float64, 0, nonzeros)
	for _, c := range columns {
		for _, e := range c {
			l.index, l.value = append(l.index, e.row), append(l.value, e.coef)
		}
		l.start = append(l.start, int32(len(l.index)))
	}
}

func (l *lowered) lowerSet(s model.SOS1) {
	order := make([]int, len(s.Vars))
	for i := range order {
		order[i] = i
	}
	if len(s.Weights) == len(s.Vars) {
		sort.SliceStable(order, func(a, b int) bool { return s.Weights[order[a]] < s.Weights[order[b]] })
	}
	var columns []int32
	seen := map[int32]bool{}
	for _, i := range order {
		l.each(int(s.Vars[i]), func(column int32, _ float64) {
			if !seen[column] {
				seen[column] = true
				columns = append(columns, column)
			}
		})
	}
	if len(columns) > 1 {
		l.sets = append(l.sets, set{columns})
	}
}

// raise writes columns as variables of the model.
func (l *lowered) raise(x []float64) []float64 { return l.raiseFrom(l.shift, x) }

// raiseRay writes a direction in columns as one in variables of the model.
func (l *lowered) raiseRay(d []float64) []float64 {
	return l.raiseFrom(make([]float64, len(l.shift)), d)
}

func (l *lowered) raiseFrom(origin, x []float64) []float64 {
	out := make([]float64, len(l.plus))
	for j := range out {
		out[j] = origin[j]
		l.each(j, func(column int32, sign float64) { out[j] += sign * x[column] })
		out[j] += 0 // no negative zeros
	}
	return out
}

// sink writes variables of the model as columns; nil where one is unknown.
func (l *lowered) sink(x []float64) []float64 {
	out := make([]float64, len(l.cost))
	for j, v := range x {
		if math.IsNaN(v) {
			return nil
		}
		p, m := l.plus[j], l.minus[j]
		v -= l.shift[j]
		switch {
		case m < 0:
			out[p] = v
		case p < 0:
			out[m] = -v
		default:
			out[p], out[m] = math.Max(0, v), math.Max(0, -v)
		}
	}
	return out
}
