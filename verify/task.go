package verify

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// class is how a follower's problem is solved.
type class uint8

const (
	otherProblem class = iota // left to Options.Solver
	linearProblem
	quadraticProblem // convex
	integerProblem
	convexProblem  // nonlinear, convex by composition rules
	generalProblem // nonlinear, not known to be convex, or with integer variables
)

// task is one follower's problem and what is known of its answer. Costs and multipliers are in minimisation form: multiplier lambda of
// a constraint is the change of the least cost for one unit more on its side, so that cost gradient = A' lambda + reduced costs.
type task struct {
	fp    *model.FollowerProblem
	p     *model.Model
	class class
	sign  float64 // +1 where the follower minimises
	cost  model.Function
	size  float64   // of the cost's coefficients before other players' values cancel in them, at most 1: the unit of multipliers
	terms float64   // size of the cost's terms at the point checked, at most 1: the unit of the gap
	lo    []float64 // bounds of the constraints, widened where a solve of the exact problem failed
	hi    []float64
	vlo   []float64 // bounds of the variables, likewise
	vhi   []float64

	moved     int   // how many sides widen moved
	movedMost worst // the farthest of them

	y       []float64 // the answer found, nil without
	lambda  []float64 // its multipliers by constraint, nil where there are none
	reduced []float64 // reduced costs, gradient - A' lambda
	phi     float64   // cost at y
	bound   float64   // lower bound on the least cost, -Inf without

	evidence Evidence
	starts   int // local searches behind EvidenceSearch
	boxes    int // intervals behind EvidenceProof, 0 where it is weak duality

	// Of nonlinear tasks only.
	prog     *smooth.Compiled
	kinks    bool // some function is not twice continuously differentiable
	integers bool
	jac      tangent // at the point last asked for
	values   []float64
	rlo, rhi []float64 // the region of findRegion, nil until it is needed
}

// newTask writes the problem of follower p at the point x.
func (c *checker) newTask(p int) (*task, error) {
	fp, err := c.problems.At(p, c.x)
	if err != nil {
		return nil, err
	}
	t := &task{fp: fp, p: fp.Model, phi: math.NaN(), bound: math.Inf(-1)}
	o := t.p.Leader().Objective()
	t.sign = o.Sense.Sign()
	acc := t.p.Accumulator()
	acc.AddFunction(t.sign, o.F)
	t.cost = acc.Function()
	t.classify()
	t.lo, t.hi = make([]float64, t.p.NumRows()), make([]float64, t.p.NumRows())
	for r := range t.lo {
		t.lo[r], t.hi[r] = t.p.RowBounds(r)
	}
	t.vlo, t.vhi = make([]float64, t.p.NumVars()), make([]float64, t.p.NumVars())
	for j := range t.vlo {
		t.vlo[j], t.vhi[j] = t.p.VarBounds(j)
	}
	t.measure(c.m, p, c.x)
	if t.nonlinear() {
		if err := t.compile(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *task) classify() {
	switch has := t.p.Constructs(); has {
	case 0:
		t.class = linearProblem
	case model.ConvexQuadraticObjective:
		t.class = quadraticProblem
	case model.IntegerVariables:
		t.class = integerProblem
	default:
		t.class = otherProblem
		const nonlinear = model.ConvexQuadraticObjective | model.QuadraticObjective | model.QuadraticRows | model.NonlinearFunctions
		switch {
		case has.Without(nonlinear|model.IntegerVariables) != 0:
		case has.Has(model.IntegerVariables):
			t.class, t.integers = generalProblem, true
		case t.p.Classify().Leader.Convex == model.Yes:
			t.class = convexProblem
		default:
			t.class = generalProblem
		}
	}
}

// continuous reports whether the optimal answers are the solutions of a linear system of inequalities with multipliers.
func (t *task) continuous() bool { return t.class == linearProblem || t.class == quadraticProblem }

// nonlinear reports whether the task is solved by local searches and what can be proven of them.
func (t *task) nonlinear() bool { return t.class == convexProblem || t.class == generalProblem }

// measure finds the sizes of the objective of follower p at x. They are taken before cancellation: where the leader's price makes two
// of the follower's costs equal, the difference is to be measured by the costs and not by itself.
func (t *task) measure(m *model.Model, p int, x []float64) {
	f := m.Player(p).Objective().F
	own := func(j int32) bool { return m.VarOwner(int(j)) == p }
	coefs, terms := 0.0, 0.0
	see := func(coef, term float64) {
		coefs = math.Max(coefs, math.Abs(coef))
		terms = math.Max(terms, math.Abs(term))
	}
	for k, j := range f.Vars {
		if own(j) {
			see(f.Coefs[k], f.Coefs[k]*x[j])
		}
	}
	for _, q := range f.Quad {
		term := q.Coef * x[q.I] * x[q.J]
		switch i, j := own(q.I), own(q.J); {
		case i && j:
			see(q.Coef, term)
		case i:
			see(q.Coef*x[q.J], term)
		case j:
			see(q.Coef*x[q.I], term)
		}
	}
	if t.cost.Nonlinear != 0 {
		t.measureNonlinear(t.fp.Restrict(x), see)
	}
	if coefs == 0 || math.IsNaN(terms) {
		t.size, t.terms = 1, 1
		return
	}
	t.size = math.Min(1, coefs)
	t.terms = math.Min(1, math.Max(coefs, terms))
}

// costAt is the cost of an answer.
func (t *task) costAt(y []float64) float64 {
	if t.prog != nil {
		return t.prog.Objective(y)
	}
	return t.p.Value(t.cost, y)
}

// gradient is the gradient of the cost at y, and by variable the size of its terms.
func (t *task) gradient(y []float64) (g, size []float64) {
	if t.nonlinear() {
		j := t.at(y)
		return slices.Clone(j.grad), slices.Clone(j.size)
	}
	g, size = make([]float64, len(t.vlo)), make([]float64, len(t.vlo))
	add := func(j int32, v float64) {
		g[j] += v
		size[j] += math.Abs(v)
	}
	for k, j := range t.cost.Vars {
		add(j, t.cost.Coefs[k])
	}
	for _, q := range t.cost.Quad {
		add(q.I, q.Coef*y[q.J])
		add(q.J, q.Coef*y[q.I])
	}
	return g, size
}

// violation is the worst scaled violation of the follower's own problem at y.
func (t *task) violation(y []float64) worst {
	var w worst
	if t.prog != nil && t.holdsExactly(y) {
		return w
	}
	conditions := conditionsOf(t.p)
	for j := range y {
		raw, scaled := boundResidual(t.p, j, y[j])
		w.see(raw, scaled, func() string { return t.p.VarName(j) })
	}
	for r := 0; r < t.p.NumRows(); r++ {
		if list, ok := conditions[r]; ok && !applies(list, y) {
			continue
		}
		raw, scaled := rowResidual(t.p, r, y)
		w.see(raw, scaled, func() string { return t.p.RowName(r) })
	}
	return w
}

// holdsExactly reports whether y violates nothing at all, which is quicker to see than by how much it does.
func (t *task) holdsExactly(y []float64) bool {
	lo, hi := t.prog.Bounds()
	for j, v := range y {
		if !(v >= lo[j] && v <= hi[j]) {
			return false
		}
	}
	lo, hi = t.prog.RowBounds()
	if len(t.values) < len(lo) {
		t.values = make([]float64, len(lo))
	}
	t.prog.Rows(y, t.values)
	for r, v := range t.values[:len(lo)] {
		if !(v >= lo[r] && v <= hi[r]) {
			return false
		}
	}
	return true
}

// widen moves bounds to take in y, as far as its scaled violations are within tol; it reports whether all are and any moved. What was moved, and the
// farthest by how much, is kept for the sentence.
func (t *task) widen(y []float64, tol float64) bool {
	w := t.violation(y)
	if !(w.scaled <= tol) || w.scaled == 0 {
		return false
	}
	t.moved, t.movedMost = 0, w
	take := func(lo, hi *float64, v float64) {
		if v < *lo || v > *hi {
			*lo, *hi = math.Min(*lo, v), math.Max(*hi, v)
			t.moved++
		}
	}
	for j, v := range y {
		take(&t.vlo[j], &t.vhi[j], v)
	}
	for r := range t.lo {
		take(&t.lo[r], &t.hi[r], t.p.RowValue(r, y))
	}
	return true
}

// movedWords says that the problem solved was another one, "" where it was not.
func (t *task) movedWords() string {
	if t.moved == 0 {
		return ""
	}
	others := ""
	if t.moved > 1 {
		others = fmt.Sprintf(", and %d more by less,", t.moved-1)
	}
	return fmt.Sprintf("solved again with %s%s moved by %s to where the point is, for as it stands the problem has no answer", t.movedMost.name, others, num(t.movedMost.raw))
}

// scaled returns the problem as it is handed to a solver, and the factors by which cost and constraints were multiplied. Factors are
// powers of two. The cost is brought to coefficients near one, so that a solver's absolute tolerances mean the same for every follower;
// constraints are scaled up, never down, when all of their coefficients are tiny.
func (t *task) scaled() (p *model.Model, factor float64, rows []float64) {
	p = t.p.Derive()
	largest := 0.0
	for _, c := range t.cost.Coefs {
		largest = math.Max(largest, math.Abs(c))
	}
	for _, q := range t.cost.Quad {
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	factor = 1
	if t.cost.Nonlinear == 0 {
		factor = unitFactor(largest)
	} else if t.size < 1 {
		factor = unitFactor(t.size)
	}
	acc := p.Accumulator()
	acc.AddFunction(factor, t.cost)
	cost := acc.Function()
	if t.cost.Nonlinear == 0 {
		cost.Const = 0
	}
	p.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: cost})
	rows = make([]float64, p.NumRows())
	for r := range rows {
		rows[r] = 1
		p.SetRowBounds(r, t.lo[r], t.hi[r])
		idx, val := t.p.RowAffine(r)
		if len(idx) == 0 || !t.p.RowIsAffine(r) {
			continue
		}
		largest := 0.0
		for _, v := range val {
			largest = math.Max(largest, math.Abs(v))
		}
		if largest >= 0x1p-10 || largest == 0 {
			continue
		}
		s := unitFactor(largest)
		rows[r] = s
		to, coefs := p.FillRow(r, len(idx), s*t.lo[r], s*t.hi[r])
		copy(to, idx)
		for k, v := range val {
			coefs[k] = s * v
		}
	}
	for j := range t.vlo {
		p.SetVarBounds(j, t.vlo[j], t.vhi[j])
	}
	return p, factor, rows
}

// unitFactor is the power of two that brings v into [1, 2).
func unitFactor(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	_, e := math.Frexp(v)
	return math.Ldexp(1, min(1-e, 1000))
}
