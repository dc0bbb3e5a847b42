package branch

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// member is one side of a pair: the slack of a bound of a column or row, as in model.Member.
type member struct {
	row   bool
	upper bool // hi - v instead of v - lo
	idx   int32
}

// problem is a model in arrays, minimised.
type problem struct {
	m        *model.Model
	sign     float64 // objective of the model = sign * ours; beside the sense it takes out the scale of a small objective
	cost     []float64
	offset   float64
	quad     []model.QuadTerm // of the minimised objective
	lo, hi   []float64        // bounds of columns
	rlo, rhi []float64        // bounds of rows
	start    []int32          // rows: entries start[r] to start[r+1]
	idx      []int32
	val      []float64
	cstart   []int32 // columns: entries cstart[j] to cstart[j+1]
	crow     []int32
	cval     []float64
	integer  []int32
	rows     int         // rows of the model; the arrays of rows have one more, the objective, for propagation
	sets     []set       // of which at most one column may differ from zero
	colSets  [][]int32   // by column: the sets that it is in; nil where there are none
	pairs    [][2]member // those to be enforced first, then those that are only implied
	real     int         // number of pairs to be enforced
	scale    []float64   // by pair: size of the numbers that its members are made of, at least 1
	colPairs [][]int32   // by column: 2*pair + side of the members that it is
	rowPairs [][]int32
}

// UnsupportedError says why a model is not one of this package.
type UnsupportedError struct {
	Construct model.Constructs
	Where     string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("branch does not take %v (%s): reformulate the model first", e.Construct, e.Where)
}

// Takes is the set of constructs that the package solves.
const Takes = model.Complementarity | model.MixedPairs | model.IntegerVariables | model.SOS1Sets | model.ConvexQuadraticObjective

func newProblem(m *model.Model) (*problem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if extra := m.Constructs().Without(Takes); extra != 0 {
		return nil, &UnsupportedError{extra, m.Where(extra)}
	}
	return newArrays(m), nil
}

// newArrays lowers the affine part of a model.
func newArrays(m *model.Model) *problem {
	n, rows := m.NumVars(), m.NumRows()
	o := m.Leader().Objective()
	p := &problem{m: m, sign: o.Sense.Sign(), cost: make([]float64, n), lo: make([]float64, n), hi: make([]float64, n),
		rows: rows, rlo: make([]float64, rows+1), rhi: make([]float64, rows+1), start: make([]int32, rows+2), cstart: make([]int32, n+1)}
	unit := p.sign
	if factor := objectiveScale(o.F); factor != 1 {
		unit, p.sign = p.sign*factor, p.sign/factor
	}
	p.offset = unit * o.F.Const
	for k, j := range o.F.Vars {
		p.cost[j] = unit * o.F.Coefs[k]
	}
	for _, q := range o.F.Quad {
		q.Coef *= unit
		p.quad = append(p.quad, q)
	}
	for j := range p.lo {
		p.lo[j], p.hi[j] = m.VarBounds(j)
		if m.VarKind(j) != model.Continuous {
			p.integer = append(p.integer, int32(j))
			p.lo[j], p.hi[j] = math.Ceil(p.lo[j]-1e-9), math.Floor(p.hi[j]+1e-9)
		}
	}
	nnz := m.NumNonzeros()
	p.idx, p.val = make([]int32, 0, nnz+len(o.F.Vars)), make([]float64, 0, nnz+len(o.F.Vars))
	add := func(r int, idx []int32, val []float64) {
		p.idx, p.val = append(p.idx, idx...), append(p.val, val...)
		p.start[r+1] = int32(len(p.idx))
		for _, j := range idx {
			p.cstart[j+1]++
		}
	}
	for r := 0; r < rows; r++ {
		p.rlo[r], p.rhi[r] = m.RowBounds(r)
		idx, val := m.RowAffine(r)
		add(r, idx, val)
	}
	cost := make([]float64, len(o.F.Vars))
	for k, j := range o.F.Vars {
		cost[k] = p.cost[j]
	}
	add(rows, o.F.Vars, cost)
	p.rlo[rows], p.rhi[rows] = math.Inf(-1), math.Inf(1)
	for j := 0; j < n; j++ {
		p.cstart[j+1] += p.cstart[j]
	}
	p.crow, p.cval = make([]int32, len(p.idx)), make([]float64, len(p.idx))
	next := append([]int32(nil), p.cstart[:n]...)
	for r := 0; r <= rows; r++ {
		for k := p.start[r]; k < p.start[r+1]; k++ {
			j := p.idx[k]
			p.crow[next[j]], p.cval[next[j]] = int32(r), p.val[k]
			next[j]++
		}
	}
	p.colPairs, p.rowPairs = make([][]int32, n), make([][]int32, rows+1)
	p.real = m.NumPairs()
	all := make([]model.Pair, 0, p.real+len(m.Implied()))
	for k := 0; k < p.real; k++ {
		all = append(all, m.Pair(k))
	}
	for k, pair := range append(all, m.Implied()...) {
		var two [2]member
		for side, s := range [2]model.Member{pair.A, pair.B} {
			two[side] = member{s.Row, s.Side == model.AtUpper, s.Index}
			ref := int32(2*k + side)
			if s.Row {
				p.rowPairs[s.Index] = append(p.rowPairs[s.Index], ref)
			} else {
				p.colPairs[s.Index] = append(p.colPairs[s.Index], ref)
			}
		}
		p.pairs = append(p.pairs, two)
		p.scale = append(p.scale, size(p.at(two[0]), p.at(two[1])))
	}
	p.addSets(m)
	return p
}

// objectiveScale is a power of two that brings the largest coefficient of a small objective to between 1 and 2: the absolute tolerances of
// solvers mean nothing to an objective in billionths. Large objectives are left alone.
func objectiveScale(f model.Function) float64 {
	largest := 0.0
	for _, c := range f.Coefs {
		largest = math.Max(largest, math.Abs(c))
	}
	for _, q := range f.Quad {
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	if largest == 0 || largest >= 1 {
		return 1
	}
	return math.Ldexp(1, -math.Ilogb(largest))
}

// arrays is the LP relaxation without pairs; with a quadratic objective the LP has one more column, the value of the quadratic part.
func (p *problem) arrays() *highs.Arrays {
	end := p.start[p.rows]
	a := &highs.Arrays{Offset: p.offset, Cost: p.cost, ColLower: p.lo, ColUpper: p.hi, RowLower: p.rlo[:p.rows], RowUpper: p.rhi[:p.rows],
		Start: p.start[:p.rows+1], Index: p.idx[:end], Value: p.val[:end]}
	if len(p.quad) > 0 {
		a.Cost = append(append([]float64(nil), p.cost...), 1)
		a.ColLower = append(append([]float64(nil), p.lo...), p.quadLower())
		a.ColUpper = append(append([]float64(nil), p.hi...), math.Inf(1))
	}
	return a
}

// quadLower is a bound from below on the quadratic part, which is convex and has no linear terms: zero.
func (p *problem) quadLower() float64 { return 0 }

// quadValue is the value of the quadratic part at x, and its gradient in g where g is not nil.
func (p *problem) quadValue(x, g []float64) float64 {
	for j := range g {
		g[j] = 0
	}
	s := 0.0
	for _, q := range p.quad {
		s += q.Coef * x[q.I] * x[q.J]
		if g != nil {
			g[q.I] += q.Coef * x[q.J]
			g[q.J] += q.Coef * x[q.I]
		}
	}
	return s
}

// value is the minimised objective at x.
func (p *problem) value(x []float64) float64 {
	s := p.offset
	for j, c := range p.cost {
		if c != 0 {
			s += c * x[j]
		}
	}
	return s + p.quadValue(x, nil)
}

// inNoRow reports whether a column stands in the objective only, if at all.
func (p *problem) inNoRow(j int) bool {
	for k := p.cstart[j]; k < p.cstart[j+1]; k++ {
		if int(p.crow[k]) < p.rows {
			return false
		}
	}
	return true
}

// activity is the value of row r at x.
func (p *problem) activity(r int, x []float64) float64 {
	s := 0.0
	for k := p.start[r]; k < p.start[r+1]; k++ {
		s += p.val[k] * x[p.idx[k]]
	}
	return s
}

// slack is the value of a member at x.
func (p *problem) slack(s member, x []float64) float64 {
	var v, lo, hi float64
	if s.row {
		v, lo, hi = p.activity(int(s.idx), x), p.rlo[s.idx], p.rhi[s.idx]
	} else {
		v, lo, hi = x[s.idx], p.lo[s.idx], p.hi[s.idx]
	}
	if s.upper {
		return hi - v
	}
	return v - lo
}

// at is the value that the column or row of a member has where the member is zero.
func (p *problem) at(s member) float64 {
	switch {
	case s.row && s.upper:
		return p.rhi[s.idx]
	case s.row:
		return p.rlo[s.idx]
	case s.upper:
		return p.hi[s.idx]
	}
	return p.lo[s.idx]
}
