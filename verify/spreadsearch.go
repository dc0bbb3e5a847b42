package verify

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// searchSpread fills in Certificate.WorstFound and BestFound where a follower is nonlinear and the exact values are not known: the extremes of
// the leader's objective F that local searches from the point find over
//
//	{ answers within the followers' constraints : each cost <= phi + Tolerance/2 max(s, |phi|) },
//
// for the best one also within the leader's constraints. phi is the lower of the best answer's cost and the point's. A value counts if its answer
// was found to lie in the set, to the tolerance.
func (c *checker) searchSpread(ctx context.Context) {
	t := c.cert
	if c.opt.Smooth == nil || c.unsolved() != "" || !math.IsNaN(t.Pessimistic) && !math.IsNaN(t.Optimistic) || c.interacting() || c.separable() != nil {
		return
	}
	in := make([]bool, c.m.NumPlayers())
	any := c.involved(c.m.Player(0).Objective().F, in)
	nonlinear := false
	for p := 1; p < len(in); p++ {
		k := c.tasks[p]
		nonlinear = nonlinear || k.nonlinear()
		if k.integers || k.class == integerProblem || k.class == otherProblem {
			return
		}
	}
	if !any || !nonlinear || len(c.m.DualVars()) > 0 {
		return
	}
	if math.IsNaN(t.Pessimistic) {
		t.WorstFound = c.searchExtreme(ctx, in, -1)
	}
	if math.IsNaN(t.Optimistic) {
		for _, r := range c.problems.Rows(0) {
			c.involved(c.m.RowFunction(int(r)), in)
		}
		t.BestFound = c.searchExtreme(ctx, in, 1)
	}
}

// searchExtreme is the best (side 1) or the worst (side -1) leader's objective found; NaN where no search ended in the set.
func (c *checker) searchExtreme(ctx context.Context, in []bool, side float64) float64 {
	a := &answers{c: c, x: c.x, joint: model.New("answers"), col: make([]int32, c.m.NumVars()), sign: make([]float64, c.m.NumVars())}
	for j := range a.col {
		a.col[j], a.sign[j] = -1, 1
	}
	for p := 1; p < len(in); p++ {
		if in[p] {
			a.addNearlyOptimal(c.tasks[p])
		}
	}
	if side > 0 {
		for _, r := range c.problems.Rows(0) {
			if f := c.m.RowFunction(int(r)); c.involved(f, make([]bool, len(in))) {
				lo, hi := c.m.RowBounds(int(r))
				a.joint.AddRow(0, c.m.RowName(int(r)), a.function(f), lo, hi)
			}
		}
	}
	o := c.m.Player(0).Objective()
	sign := side * o.Sense.Sign()
	f := a.function(o.F)
	a.joint.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: scaledBy(a.joint, f, sign)})
	prog, err := smooth.Compile(a.joint)
	if err != nil {
		return math.NaN()
	}
	best := math.NaN()
	see := func(y []float64) {
		v := a.joint.Value(f, y)
		if !math.IsNaN(v) && !(sign*v >= sign*best) && a.holds(y) {
			best = v
		}
	}
	see(a.pointIn())
	k, err := c.opt.Smooth.Solve(ctx, prog, smooth.Start{X: append([]float64(nil), a.start...)}, smooth.Options{Tolerance: 1e-7, MaxIterations: 100})
	if err != nil || k == nil || len(k.X) != len(a.start) {
		return best
	}
	y := append([]float64(nil), k.X...)
	for j := range y {
		lo, hi := a.joint.VarBounds(j)
		y[j] = math.Min(math.Max(y[j], lo), hi)
	}
	see(y)
	return best
}

// holds reports whether an answer lies in the set, to the tolerance.
func (a *answers) holds(y []float64) bool {
	for j, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
		if _, scaled := boundResidual(a.joint, j, v); !(scaled <= a.c.opt.Tolerance) {
			return false
		}
	}
	for r := 0; r < a.joint.NumRows(); r++ {
		if _, scaled := rowResidual(a.joint, r, y); !(scaled <= a.c.opt.Tolerance) {
			return false
		}
	}
	return true
}

// pointIn is the point's own answers, by column.
func (a *answers) pointIn() []float64 {
	y := make([]float64, a.joint.NumVars())
	for j, k := range a.col {
		if k >= 0 {
			y[k] = a.c.x[j]
		}
	}
	return y
}

// addNearlyOptimal adds a follower's constraints and the limit on its cost.
func (a *answers) addNearlyOptimal(t *task) {
	first := a.joint.NumVars()
	for j, v := range t.y {
		a.joint.AddVars(0, "y", nil, 1, model.Continuous, t.vlo[j], t.vhi[j])
		a.col[t.fp.Vars[j]] = int32(first + j)
		a.start = append(a.start, v)
	}
	place := func(f model.Function) model.Function {
		acc := a.joint.Accumulator()
		acc.AddConst(f.Const)
		for k, j := range f.Vars {
			acc.AddTerm(f.Coefs[k], first+int(j))
		}
		for _, q := range f.Quad {
			acc.AddProduct(q.Coef, first+int(q.I), first+int(q.J))
		}
		if f.Nonlinear != 0 {
			d := a.joint.DAG()
			acc.AddFunction(1, a.joint.FromNode(d.Import(t.p.DAG(), f.Nonlinear, func(j int) int { return first + j })))
		}
		return acc.Function()
	}
	for r := range t.lo {
		a.joint.AddRow(0, t.p.RowName(r), place(t.p.RowFunction(r)), t.lo[r], t.hi[r])
	}
	unit := math.Max(t.terms, math.Abs(t.phi))
	level := math.Min(t.phi, t.costAt(t.fp.Restrict(a.c.x)))
	acc := a.joint.Accumulator()
	acc.AddFunction(1/unit, place(t.cost))
	a.joint.AddRow(0, "cost", acc.Function(), -model.Inf, level/unit+a.c.opt.Tolerance/2)
}
