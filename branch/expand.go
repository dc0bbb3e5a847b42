package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// expand solves a node and branches. It returns the child to go on with, nil where the node was pruned, or the node itself where the
// search was interrupted.
func (t *tree) expand(ctx context.Context, n *node, mark int, jumped bool) (*node, error) {
	path := n.path(nil)
	t.bounds = t.bounds[:0]
	t.prop.undo(mark)
	t.prop.limit = 0
	if n.depth > 0 {
		t.prop.limit = 20000
	}
	for i := len(path) - 1; i >= 0; i-- {
		f := path[i]
		if f.pair >= 0 {
			t.prop.fix(int(f.pair), int(f.side))
			continue
		}
		t.bounds = append(t.bounds, f)
		if f.side == 0 {
			t.prop.setLo(f.col, f.value)
		} else {
			t.prop.setHi(f.col, f.value)
		}
	}
	if t.opt.NoPropagation {
		if t.prop.infeasible {
			return nil, nil
		}
	} else if !t.prop.run() {
		return nil, nil
	}
	fixed := t.prop.fixed
	ok, err := t.lp.set(fixed, t.bounds)
	if err != nil || !ok {
		return nil, err
	}
	if jumped && n.basis != nil {
		if err := t.lp.lp.SetBasis(*n.basis); err != nil {
			return nil, err
		}
	}
	rounds := 5
	if n.depth == 0 {
		rounds = 50
	}
	st, value, err := t.lp.solve(ctx, rounds)
	if err != nil {
		return nil, err
	}
	switch st {
	case highs.Infeasible:
		return nil, nil
	case highs.Interrupted, highs.TimeLimit:
		return n, nil
	case highs.Optimal:
	case highs.Unbounded, highs.InfeasibleOrUnbounded:
		return t.unboundedNode(ctx, n, st, fixed)
	default:
		return t.blind(n, fixed), nil
	}
	if n.depth > 0 && n.fix.pair >= 0 {
		t.learn(int(n.fix.pair), int(n.fix.side), n.gain.amount, value-n.bound)
	}
	bound := math.Max(value, n.bound)
	if t.prune(bound) {
		return nil, nil
	}
	x := t.lp.x[:t.lp.n]
	if t.opt.Complete != nil && t.heuristic.due(t.stat.Nodes, t.opt.HeuristicEvery) {
		x = append([]float64(nil), x...)
		if err := t.complete(ctx, x); err != nil {
			return nil, err
		}
		if ok, err := t.lp.set(fixed, t.bounds); err != nil || !ok {
			return nil, err
		}
		if t.prune(bound) {
			return nil, nil
		}
	}
	if j := t.chooseInteger(x); j >= 0 {
		return t.branchInteger(n, j, x[j], bound), nil
	}
	c, violated, err := t.choosePair(ctx, x, value, fixed)
	if err != nil {
		return nil, err
	}
	if violated {
		return t.branchPair(n, c, bound), nil
	}
	return t.leaf(ctx, n, x, bound, fixed)
}

// leaf handles a node whose relaxed point satisfies all pairs to the tolerance.
func (t *tree) leaf(ctx context.Context, n *node, x []float64, bound float64, fixed []uint8) (*node, error) {
	x = append([]float64(nil), x...)
	before := t.value
	if err := t.polish(ctx, x); err != nil {
		return nil, err
	}
	if t.value < before && t.prune(bound) {
		return nil, nil
	}
	if t.prune(bound) {
		return nil, nil
	}
	// The pattern of the point gives nothing as good as the bound: go on with any open pair, the one nearest to being violated.
	k, worst := -1, math.Inf(-1)
	for i := range t.p.pairs[:t.p.real] {
		if fixed[i] == 0 {
			if a, b := t.violation(i, x); math.Min(a, b) > worst {
				k, worst = i, math.Min(a, b)
			}
		}
	}
	if k >= 0 {
		a, b := t.violation(k, x)
		return t.branchPair(n, candidate{pair: k, a: math.Max(a, 0), b: math.Max(b, 0)}, bound), nil
	}
	// All pairs are fixed. A linear node is solved by its LP; its point only failed the check of an incumbent.
	if t.lp.quad {
		return t.quadraticLeaf(ctx, n, fixed, bound)
	}
	if t.accept(x, 1e-5) {
		return nil, nil
	}
	t.unsolved = true
	return nil, nil
}

// branchPair makes the two children of a pair. The one of which less loss is expected is solved next.
func (t *tree) branchPair(n *node, c candidate, bound float64) *node {
	basis := t.saveBasis()
	child := func(side int, amount float64) *node {
		return &node{parent: n, fix: fixing{pair: int32(c.pair), side: uint8(side)}, depth: n.depth + 1, bound: bound, basis: basis, gain: gainOf{amount: amount}}
	}
	a, b := child(0, c.a), child(1, c.b)
	if t.gain(c.pair, 1, c.b) < t.gain(c.pair, 0, c.a) {
		a, b = b, a
	}
	t.queue.add(b)
	return a
}

func (t *tree) branchInteger(n *node, j int, v, bound float64) *node {
	basis := t.saveBasis()
	child := func(side uint8, v float64) *node {
		return &node{parent: n, fix: fixing{pair: -1, side: side, col: int32(j), value: v}, depth: n.depth + 1, bound: bound, basis: basis}
	}
	down, up := child(1, math.Floor(v)), child(0, math.Floor(v)+1)
	if v-math.Floor(v) > 0.5 {
		down, up = up, down
	}
	t.queue.add(up)
	return down
}

func (t *tree) saveBasis() *highs.Basis {
	b, ok := t.lp.lp.Basis(highs.Basis{})
	if !ok {
		return nil
	}
	return &b
}

// blind branches on a node about which the solver could say nothing, with the parent's bound.
func (t *tree) blind(n *node, fixed []uint8) *node {
	for k := range t.p.pairs[:t.p.real] {
		if fixed[k] == 0 {
			return t.branchPair(n, candidate{pair: k}, n.bound)
		}
	}
	t.unsolved = true
	return nil
}

// unboundedNode handles a node whose relaxation is unbounded. Relaxed pairs let rays through that no bilevel-feasible point follows: branch
// on a pair of which both members grow along the ray, or on any open pair. Where no pair is open the problem itself is unbounded.
func (t *tree) unboundedNode(ctx context.Context, n *node, st highs.Status, fixed []uint8) (*node, error) {
	if st == highs.InfeasibleOrUnbounded {
		x, err := t.lp.feasiblePoint(ctx)
		if err != nil || x == nil {
			return nil, err
		}
	}
	ray, ok := t.lp.lp.PrimalRay()
	k := -1
	if ok && len(ray) >= t.lp.n {
		ray = ray[:t.lp.n]
		best := 1e-9
		for i := range t.p.pairs[:t.p.real] {
			if fixed[i] != 0 {
				continue
			}
			if k < 0 {
				k = i
			}
			a, b := t.direction(t.p.pairs[i][0], ray), t.direction(t.p.pairs[i][1], ray)
			if v := math.Min(a, b); v > best {
				best, k = v, i
			}
		}
	} else {
		for i := range t.p.pairs[:t.p.real] {
			if fixed[i] == 0 {
				k = i
				break
			}
		}
	}
	if k >= 0 {
		c := candidate{pair: k}
		if ok {
			c.a, c.b = t.direction(t.p.pairs[k][0], ray), t.direction(t.p.pairs[k][1], ray)
		}
		return t.branchPair(n, c, math.Inf(-1)), nil
	}
	if t.lp.quad {
		return t.quadraticLeaf(ctx, n, fixed, n.bound)
	}
	if len(t.p.integer) > 0 {
		return t.unboundedInteger(ctx, n)
	}
	x, err := t.lp.feasiblePoint(ctx)
	if err != nil {
		return nil, err
	}
	if x == nil {
		t.unsolved = true // neither a point nor a proof that there is none
		return nil, nil
	}
	t.unbounded = true
	return nil, nil
}

// direction is the rate at which the slack of a member grows along a ray.
func (t *tree) direction(m member, ray []float64) float64 {
	v := 0.0
	if m.row {
		v = t.p.activity(int(m.idx), ray)
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
func (t *tree) unboundedInteger(ctx context.Context, n *node) (*node, error) {
	x, err := t.lp.feasiblePoint(ctx)
	if err != nil || x == nil {
		return nil, err
	}
	if j := t.chooseInteger(x); j >= 0 {
		return t.branchInteger(n, j, x[j], math.Inf(-1)), nil
	}
	t.best = x[:t.lp.n]
	t.unbounded = true
	return nil, nil
}
