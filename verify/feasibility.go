package verify

import (
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// sizeLimit bounds how far a residual is forgiven for the size of the terms: see the package comment.
const sizeLimit = 1000

// rowSize is the scale s of constraint r at x, and the rounding error that its evaluation may have.
func rowSize(m *model.Model, r int, x []float64) (size, rounding float64) {
	lo, hi := m.RowBounds(r)
	var terms, coefs, sum float64
	see := func(coef, term float64) {
		coefs = math.Max(coefs, math.Abs(coef))
		term = math.Abs(term)
		terms = math.Max(terms, term)
		sum += term
	}
	for _, b := range [2]float64{lo, hi} {
		if !math.IsInf(b, 0) {
			see(b, b)
		}
	}
	idx, val := m.RowAffine(r)
	for k, j := range idx {
		see(val[k], val[k]*x[j])
	}
	if !m.RowIsAffine(r) {
		f := m.RowFunction(r)
		for _, q := range f.Quad {
			see(q.Coef, q.Coef*x[q.I]*x[q.J])
		}
		if f.Nonlinear != 0 {
			see(1, m.DAG().Eval(f.Nonlinear, x))
		}
	}
	return scaleOf(terms, coefs), 8 * epsilon * sum
}

const epsilon = 0x1p-52

func scaleOf(terms, coefs float64) float64 {
	if coefs == 0 || math.IsNaN(terms) {
		return 1
	}
	return math.Max(math.Min(terms, sizeLimit), math.Min(coefs, 1))
}

// rowResidual is the violation of constraint r at x, raw and scaled.
func rowResidual(m *model.Model, r int, x []float64) (raw, scaled float64) {
	raw = m.RowViolation(r, x)
	if raw == 0 {
		return 0, 0
	}
	size, rounding := rowSize(m, r, x)
	return raw, math.Max(0, raw-rounding) / size
}

// boundResidual is how far a value is outside the bounds of variable j, raw and scaled. A variable with two bounds close to zero is
// measured by their size.
func boundResidual(m *model.Model, j int, v float64) (raw, scaled float64) {
	lo, hi := m.VarBounds(j)
	raw = math.Max(0, math.Max(lo-v, v-hi))
	if raw == 0 {
		return 0, 0
	}
	hit, unit := lo, math.Max(math.Abs(lo), math.Abs(hi))
	if v > hi {
		hit = hi
	}
	if unit == 0 {
		unit = 1
	}
	return raw, raw / math.Max(math.Min(math.Abs(hit), sizeLimit), math.Min(unit, 1))
}

// feasibility measures constraints, bounds, integrality, pairs, sets and conditions. points are the point as given and, where it has
// integer variables that are a little off, the point with those rounded: both have to hold.
func (c *checker) feasibility() {
	m := c.m
	for j := 0; j < m.NumVars(); j++ {
		name := func() string { return m.VarName(j) }
		raw, scaled := boundResidual(m, j, c.given[j])
		if m.VarOwner(j) == 0 {
			c.leader.see(raw, scaled, name)
		} else {
			c.byFollower[m.VarOwner(j)].see(raw, scaled, name)
		}
		if m.VarKind(j) != model.Continuous {
			d := math.Abs(c.given[j] - math.Round(c.given[j]))
			c.integrality.see(d, d, name)
		}
	}
	points := [][]float64{c.given}
	if c.rounded {
		points = append(points, c.x)
	}
	conditions := conditionsOf(m)
	for _, x := range points {
		for r := 0; r < m.NumRows(); r++ {
			c.row(r, x, conditions)
		}
		for k := 0; k < m.NumPairs(); k++ {
			raw, scaled := pairResidual(m, k, x)
			c.pairs.see(raw, scaled, func() string { return m.PairName(k) })
		}
		for _, s := range m.SOS1Sets() {
			v := secondLargest(s.Vars, x)
			c.sets.see(v, v, func() string { return s.Name })
		}
	}
	for p := 1; p < len(c.byFollower); p++ {
		c.follower.merge(c.byFollower[p])
	}
}

func (c *checker) row(r int, x []float64, conditions map[int][]model.Indicator) {
	m := c.m
	list, conditional := conditions[r]
	if conditional && !applies(list, x) {
		return
	}
	raw, scaled := rowResidual(m, r, x)
	if scaled == 0 {
		return
	}
	name := func() string { return m.RowName(r) }
	if conditional {
		c.conditions.see(raw, scaled, name)
	}
	if p := m.RowOwner(r); p == 0 {
		c.leader.see(raw, scaled, name)
	} else {
		c.byFollower[p].see(raw, scaled, name)
	}
}

// conditionsOf lists the conditions of each conditional constraint.
func conditionsOf(m *model.Model) map[int][]model.Indicator {
	out := map[int][]model.Indicator{}
	for _, i := range m.Indicators() {
		out[i.Row] = append(out[i.Row], i)
	}
	return out
}

func applies(list []model.Indicator, x []float64) bool {
	for _, i := range list {
		if (x[i.Binary] >= 0.5) == i.When {
			return true
		}
	}
	return false
}

// pairResidual is the residual of pair k, raw and with each member divided by the scale of its constraint.
func pairResidual(m *model.Model, k int, x []float64) (raw, scaled float64) {
	p := m.Pair(k)
	a, b := m.MemberValue(p.A, x), m.MemberValue(p.B, x)
	raw = m.PairResidual(k, a, b)
	sa, sb := memberSize(m, p.A, x), memberSize(m, p.B, x)
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.Inf(1), math.Inf(1)
	}
	if !p.Mixed() {
		return raw, math.Abs(math.Min(a/sa, b/sb))
	}
	lo, hi := memberBounds(m, p.A)
	return raw, math.Abs(a/sa - math.Min(math.Max(a/sa-b/sb, lo/sa), hi/sa))
}

func memberSize(m *model.Model, s model.Member, x []float64) float64 {
	if !s.Row {
		return 1
	}
	size, _ := rowSize(m, int(s.Index), x)
	return size
}

func memberBounds(m *model.Model, s model.Member) (lo, hi float64) {
	if s.Row {
		return m.RowBounds(int(s.Index))
	}
	return m.VarBounds(int(s.Index))
}

func secondLargest(vars []int32, x []float64) float64 {
	if len(vars) < 2 {
		return 0
	}
	abs := make([]float64, len(vars))
	for k, j := range vars {
		abs[k] = math.Abs(x[j])
	}
	sort.Float64s(abs)
	return abs[len(abs)-2]
}
