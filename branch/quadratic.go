package branch

import (
	"context"
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/backends/highs"
)

// quadraticPattern solves the convex QP that a pattern leaves.
func (w *worker) quadraticPattern(ctx context.Context, fixed []uint8, bounds []fixing) error {
	x, _, err := w.solveQP(ctx, fixed, bounds)
	if err == nil && x != nil {
		w.accept(x, 1e-6)
	}
	return err
}

// quadraticLeaf closes a node with all pairs fixed by its QP, or branches on an integer variable or a set that the QP shows not to hold: the
// tangents may have met the QP elsewhere.
func (w *worker) quadraticLeaf(ctx context.Context, n *node, fixed []uint8, bound float64) (*node, error) {
	x, st, err := w.solveQP(ctx, fixed, w.bounds)
	switch {
	case err != nil || st == highs.Infeasible:
		return nil, err
	case st == highs.Unbounded && w.anyOpenSet() >= 0:
		k := w.anyOpenSet()
		at, _ := w.openSet(k)
		return w.branchSet(n, k, at, bound), nil
	case st == highs.Unbounded && len(w.p.integer) > 0:
		return w.unboundedInteger(ctx, n)
	case st == highs.Unbounded:
		w.out.unbounded = true
		return nil, nil
	case x == nil:
		w.leaveOpen(bound)
		return nil, nil
	}
	if j := w.chooseInteger(x); j >= 0 {
		return w.branchInteger(n, j, x[j], bound), nil
	}
	if k, split := w.p.chooseSet(x); k >= 0 {
		return w.branchSet(n, k, split, bound), nil
	}
	if !w.accept(x, 1e-6) {
		w.leaveOpen(bound)
		return nil, nil
	}
	w.out.cut = math.Min(w.out.cut, math.Max(bound, w.p.value(x)-1e-7*size(w.p.value(x))))
	return nil, nil
}

// solveQP solves the problem with the given members at zero by the QP solver.
func (w *worker) solveQP(ctx context.Context, fixed []uint8, bounds []fixing) ([]float64, highs.Status, error) {
	ok, err := w.lp.set(fixed, bounds)
	if err != nil || !ok {
		return nil, highs.Infeasible, err
	}
	a := w.p.arrays()
	n := w.lp.n
	a.Cost, a.ColLower, a.ColUpper = w.p.cost, append([]float64(nil), w.lp.curLo[:n]...), append([]float64(nil), w.lp.curHi[:n]...)
	a.RowLower, a.RowUpper = append([]float64(nil), w.lp.curRlo[:w.p.rows]...), append([]float64(nil), w.lp.curRhi[:w.p.rows]...)
	a.QStart, a.QIndex, a.QValue = w.p.hessian()
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
	st, v, err := w.lp.solve(ctx, 1000)
	switch {
	case err != nil:
		return nil, highs.Failed, err
	case st == highs.Unbounded || st == highs.InfeasibleOrUnbounded: // of the tangents; the quadratic problem may be bounded
		return nil, highs.Unknown, nil
	case st != highs.Optimal:
		return nil, st, nil
	}
	x := append([]float64(nil), w.lp.x[:n]...)
	if w.p.value(x)-v > 1e-7*size(v) {
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
