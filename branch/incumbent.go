package branch

import (
	"context"
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// heuristicClock says at which nodes Complete is called: at the first 20, then at intervals that grow while it brings nothing. It counts
// nodes and not seconds, so that a search can be repeated.
type heuristicClock struct {
	next, interval, failures int
}

func (h *heuristicClock) due(node, every int) bool {
	if h.interval == 0 {
		h.interval = every
	}
	return node <= 20 || node >= h.next
}

// called notes a call at a node and whether it brought a better point.
func (h *heuristicClock) called(node int, better bool) {
	if better {
		h.failures = 0
	} else if h.failures++; node > 20 && h.failures%4 == 0 && h.interval < 1<<20 {
		h.interval *= 2
	}
	h.next = node + h.interval
}

// complete asks Complete for a point near x and takes its pattern.
func (t *tree) complete(ctx context.Context, x []float64) error {
	before := t.value
	y := t.opt.Complete(ctx, x)
	var err error
	if y != nil {
		err = t.polish(ctx, y)
	}
	t.heuristic.called(t.stat.Nodes, t.value < before)
	if t.value < before {
		t.stat.HeuristicPoints++
	}
	return err
}

// polish fixes the pattern of complementarity that a point shows, and its integer values, and optimises what is left: every point of
// that LP satisfies all pairs. A pair whose first member, the multiplier, is positive gets its second set to zero, and the other way round.
func (t *tree) polish(ctx context.Context, x []float64) error {
	fixed := make([]uint8, len(t.p.pairs))
	for k := range fixed[:t.p.real] {
		a, b := t.violation(k, x)
		if a > 1e-7*size(t.scale[k]) && a >= b {
			fixed[k] = 2
		} else if b > a || a <= 1e-7 {
			fixed[k] = 1
		} else {
			fixed[k] = 2
		}
	}
	var bounds []fixing
	for _, j := range t.p.integer {
		v := math.Round(x[j])
		bounds = append(bounds, fixing{pair: -1, side: 0, col: j, value: v}, fixing{pair: -1, side: 1, col: j, value: v})
	}
	if t.lp.quad {
		return t.quadraticPattern(ctx, fixed, bounds)
	}
	ok, err := t.lp.set(fixed, bounds)
	if err != nil || !ok {
		return err
	}
	st, _, err := t.lp.solve(ctx, 0)
	if err != nil || st != highs.Optimal {
		return err
	}
	t.accept(t.lp.x[:t.lp.n], 1e-7)
	return nil
}

// accept takes x as the incumbent where it is better and satisfies rows, bounds and pairs to tol, relative to their size.
func (t *tree) accept(x []float64, tol float64) bool {
	v := t.p.value(x)
	if t.residual(x) > tol {
		return false
	}
	if v < t.value {
		t.value = v
		t.best = append(t.best[:0:0], x...)
		for _, j := range t.p.integer {
			t.best[j] = math.Round(t.best[j])
		}
		t.stat.Incumbents++
	}
	return true
}

// residual is the largest violation of a row, bound, pair or integrality at x, relative to the size of the terms.
func (t *tree) residual(x []float64) float64 {
	worst := 0.0
	for j, v := range x {
		worst = math.Max(worst, math.Max(t.p.lo[j]-v, v-t.p.hi[j])/size(v))
	}
	for _, j := range t.p.integer {
		worst = math.Max(worst, math.Abs(x[j]-math.Round(x[j])))
	}
	for r := range t.p.rlo {
		s, big := 0.0, 1.0
		for k := t.p.start[r]; k < t.p.start[r+1]; k++ {
			term := t.p.val[k] * x[t.p.idx[k]]
			s += term
			big = math.Max(big, math.Abs(term))
		}
		worst = math.Max(worst, math.Max(t.p.rlo[r]-s, s-t.p.rhi[r])/big)
	}
	for k := range t.p.pairs[:t.p.real] {
		a, b := t.violation(k, x)
		worst = math.Max(worst, math.Min(a, b)/size(t.scale[k], a, b))
	}
	return worst
}

// quadraticPattern solves the convex QP that a pattern leaves.
func (t *tree) quadraticPattern(ctx context.Context, fixed []uint8, bounds []fixing) error {
	x, _, err := t.solveQP(ctx, fixed, bounds)
	if err == nil && x != nil {
		t.accept(x, 1e-6)
	}
	return err
}

// quadraticLeaf closes a node with all pairs fixed by its QP, or branches on an integer variable that the QP shows to be fractional: the
// tangents may have met the QP elsewhere.
func (t *tree) quadraticLeaf(ctx context.Context, n *node, fixed []uint8, bound float64) (*node, error) {
	x, st, err := t.solveQP(ctx, fixed, t.bounds)
	switch {
	case err != nil || st == highs.Infeasible:
		return nil, err
	case st == highs.Unbounded && len(t.p.integer) > 0:
		return t.unboundedInteger(ctx, n)
	case st == highs.Unbounded:
		t.unbounded = true
		return nil, nil
	case x == nil:
		t.unsolved = true
		return nil, nil
	}
	if j := t.chooseInteger(x); j >= 0 {
		return t.branchInteger(n, j, x[j], bound), nil
	}
	if !t.accept(x, 1e-6) {
		t.unsolved = true
		return nil, nil
	}
	t.cut = math.Min(t.cut, math.Max(bound, t.p.value(x)-1e-7*size(t.p.value(x))))
	return nil, nil
}

// solveQP solves the problem with the given members at zero by the QP solver.
func (t *tree) solveQP(ctx context.Context, fixed []uint8, bounds []fixing) ([]float64, highs.Status, error) {
	ok, err := t.lp.set(fixed, bounds)
	if err != nil || !ok {
		return nil, highs.Infeasible, err
	}
	a := t.p.arrays()
	n := t.lp.n
	a.Cost, a.ColLower, a.ColUpper = t.p.cost, append([]float64(nil), t.lp.curLo[:n]...), append([]float64(nil), t.lp.curHi[:n]...)
	a.RowLower, a.RowUpper = append([]float64(nil), t.lp.curRlo...), append([]float64(nil), t.lp.curRhi...)
	a.QStart, a.QIndex, a.QValue = t.p.hessian()
	limit := strconv.Itoa(100*(n+len(a.RowLower)) + 1000) // on degenerate problems the QP solver may go round in circles
	ans, err := highs.Solve(ctx, a, highs.SolveOptions{SolverOption: map[string]string{"qp_iteration_limit": limit}}, nil)
	if err != nil {
		return nil, highs.Failed, err
	}
	switch {
	case ans.Status == highs.Optimal && ans.Accurate:
		return ans.X, ans.Status, nil
	case ans.Status == highs.Infeasible, ans.Status == highs.Unbounded, ans.Status == highs.Interrupted:
		return nil, ans.Status, nil
	}
	// The QP solver gave up: tangents come as close as the tolerance of the search asks for.
	st, v, err := t.lp.solve(ctx, 1000)
	switch {
	case err != nil:
		return nil, highs.Failed, err
	case st == highs.Unbounded || st == highs.InfeasibleOrUnbounded: // of the tangents; the quadratic problem may be bounded
		return nil, highs.Unknown, nil
	case st != highs.Optimal:
		return nil, st, nil
	}
	x := append([]float64(nil), t.lp.x[:n]...)
	if t.p.value(x)-v > 1e-7*size(v) {
		return nil, highs.Unknown, nil
	}
	return x, st, nil
}

// hessian is the lower triangle of Q of 1/2 x'Qx, by columns.
func (p *problem) hessian() (start, index []int32, value []float64) {
	n := len(p.lo)
	start = make([]int32, n+1)
	for _, q := range p.quad { // sorted by (I, J) with I <= J: column I of the lower triangle
		start[q.I+1]++
		v := q.Coef
		if q.I == q.J {
			v *= 2
		}
		index, value = append(index, q.J), append(value, v)
	}
	for j := 0; j < n; j++ {
		start[j+1] += start[j]
	}
	return start, index, value
}

// Polish optimises over the points of a model with pairs that share the pattern of complementarity and the integer values of x, to the
// tolerances of an LP: what a MILP solver returns is only as sharp as its integrality tolerance times the big-M. It returns nil where
// the pattern has no point.
func Polish(ctx context.Context, m *model.Model, x []float64) ([]float64, error) {
	p, err := newProblem(m)
	if err != nil {
		return nil, err
	}
	var o Options
	o.defaults()
	t := newTree(p, o)
	defer t.close()
	if t.lp, err = newRelaxation(p, highs.LPOptions{}); err != nil {
		return nil, err
	}
	if err := t.polish(ctx, x); err != nil {
		return nil, err
	}
	return t.best, nil
}
