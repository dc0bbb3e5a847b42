package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// unboundedNode handles a node whose relaxation is unbounded. Relaxed pairs let rays through that no bilevel-feasible point follows: branch
// on a pair of which both members grow along the ray, or on any open pair. Where no pair is open the problem itself is unbounded.
func (w *worker) unboundedNode(ctx context.Context, n *node, st highs.Status, fixed []uint8) (*node, error) {
	if st == highs.InfeasibleOrUnbounded {
		x, st, err := w.lp.feasiblePoint(ctx)
		if err != nil {
			return nil, err
		}
		if x == nil {
			return w.without(n, st, fixed), nil
		}
	}
	ray, ok := w.lp.lp.PrimalRay()
	k := -1
	if ok && len(ray) >= w.lp.n {
		ray = ray[:w.lp.n]
		best := 1e-9
		for i := range w.p.pairs[:w.p.real] {
			if fixed[i] != 0 {
				continue
			}
			if k < 0 {
				k = i
			}
			a, b := w.p.direction(w.p.pairs[i][0], ray), w.p.direction(w.p.pairs[i][1], ray)
			if v := math.Min(a, b); v > best {
				best, k = v, i
			}
		}
	} else {
		ok = false
		for i := range w.p.pairs[:w.p.real] {
			if fixed[i] == 0 {
				k = i
				break
			}
		}
	}
	if k >= 0 {
		c := candidate{pair: k}
		if ok {
			c.a, c.b = w.p.direction(w.p.pairs[k][0], ray), w.p.direction(w.p.pairs[k][1], ray)
		}
		return w.branchPair(n, c, math.Inf(-1)), nil
	}
	if i := w.anyOpenSet(); i >= 0 {
		at, _ := w.openSet(i)
		return w.branchSet(n, i, at, math.Inf(-1)), nil
	}
	if w.lp.quad {
		return w.quadraticLeaf(ctx, n, fixed, n.bound)
	}
	if len(w.p.integer) > 0 {
		return w.unboundedInteger(ctx, n)
	}
	x, found, err := w.lp.feasiblePoint(ctx)
	if err != nil {
		return nil, err
	}
	if x == nil {
		if found == highs.Infeasible {
			found = highs.Unknown // the ray says otherwise
		}
		return w.without(n, found, fixed), nil
	}
	w.best = x[:w.lp.n]
	w.out.unbounded = true
	return nil, nil
}

// without handles a node of which no point was found, with the status that the search for one ended with: it is closed where there is none, searched again
// where there was no time, and branched on without knowledge otherwise.
func (w *worker) without(n *node, st highs.Status, fixed []uint8) *node {
	switch st {
	case highs.Infeasible:
		return nil
	case highs.Interrupted, highs.TimeLimit:
		return n
	}
	return w.blind(n, fixed)
}

// anyOpenSet returns a set of which two or more columns may differ from zero here, -1 where there is none.
func (w *worker) anyOpenSet() int {
	for i := range w.p.sets {
		if _, open := w.openSet(i); open {
			return i
		}
	}
	return -1
}

// openSet reports whether two or more columns of a set may differ from zero here, and a place that parts them.
func (w *worker) openSet(i int) (split float64, open bool) {
	s := &w.p.sets[i]
	first := -1.0
	for k, j := range s.cols {
		if w.lp.curLo[j] == 0 && w.lp.curHi[j] == 0 {
			continue
		}
		if first >= 0 {
			return first, true
		}
		first = s.weights[k]
	}
	return 0, false
}

// direction is the rate at which the slack of a member grows along a ray.
func (p *problem) direction(m member, ray []float64) float64 {
	v := 0.0
	if m.row {
		v = p.activity(int(m.idx), ray)
	} else {
		v = ray[m.idx]
	}
	if m.upper {
		return -v
	}
	return v
}

// unboundedInteger handles a node without open pairs whose relaxation is unbounded and that has integer columns: with rational data the
// problem is unbounded where it has a point with integer values at all, for which the search goes on without objective.
func (w *worker) unboundedInteger(ctx context.Context, n *node) (*node, error) {
	x, st, err := w.lp.feasiblePoint(ctx)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return w.without(n, st, w.prop.fixed), nil
	}
	if j := w.chooseInteger(x); j >= 0 {
		return w.branchInteger(n, j, x[j], math.Inf(-1)), nil
	}
	w.best = x[:w.lp.n]
	w.out.unbounded = true
	return nil, nil
}
