package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// goTo brings the propagator and the LP to the problem of a node. It is false where the fixings contradict each other.
func (w *worker) goTo(n *node) (bool, error) {
	path := n.path(nil)
	w.bounds = w.bounds[:0]
	w.prop.undo(w.mark)
	w.prop.limit = 0
	if n.depth > 0 {
		w.prop.limit = 20000
	}
	if !w.t.opt.NoCutoffRow && !math.IsInf(w.value, 1) {
		w.prop.cutoff(w.value)
		if n.depth == 0 {
			w.prop.push(int32(w.p.rows))
		}
	}
	for i := len(path) - 1; i >= 0; i-- {
		w.apply(path[i])
	}
	if w.prop.infeasible {
		return false, nil
	}
	if !w.t.opt.NoPropagation {
		before := len(w.prop.trail)
		if !w.prop.settle() {
			w.out.stat.PropagationPruned++
			return false, nil
		}
		for _, c := range w.prop.trail[before:] {
			if c.what == pairFixed {
				w.out.stat.Propagated++
			}
		}
	}
	if err := w.lp.follow(w.prop.lo, w.prop.hi); err != nil {
		return false, err
	}
	return w.lp.set(w.prop.fixed, w.bounds)
}

// apply adds a fixing to the propagator and to the bounds of the LP.
func (w *worker) apply(f fixing) {
	switch f.kind {
	case memberZero:
		w.prop.fix(int(f.idx), int(f.side))
	case lowerBound:
		w.bounds = append(w.bounds, f)
		w.prop.setLo(f.idx, f.value)
	case upperBound:
		w.bounds = append(w.bounds, f)
		w.prop.setHi(f.idx, f.value)
	case setZero:
		for _, j := range w.p.sets[f.idx].side(f.side, f.value) {
			w.apply(fixing{kind: lowerBound, idx: j})
			w.apply(fixing{kind: upperBound, idx: j})
		}
	}
}

// expand solves a node and branches. It returns the child to go on with, nil where the node was closed, or the node itself where the
// search was interrupted. The other children go to the harvest.
func (w *worker) expand(ctx context.Context, n *node, jumped bool) (*node, error) {
	ok, err := w.goTo(n)
	if err != nil || !ok {
		return nil, err
	}
	if jumped && w.lp.apart != nil {
		w.lp.apart.fresh = true
	}
	if jumped && n.basis != nil && w.lp.dirty {
		w.scratch = n.basis.unpack(w.scratch)
		w.lp.tape.basis(w.scratch)
		_ = w.lp.lp.SetBasis(w.scratch) // of an LP with other rows it does not fit: then the basis at hand serves
	}
	rounds := 5
	if n.depth == 0 {
		rounds = 50
	}
	w.lp.cutoff = w.value - w.tolerance()
	st, value, err := w.lp.solve(ctx, rounds)
	w.lp.cutoff = math.Inf(1)
	if err != nil {
		return nil, err
	}
	fixed := w.prop.fixed
	if st == highs.Optimal && n.depth == 0 && math.IsNaN(w.t.stat.FirstBound) { // a second tree has a root without cuts of its own
		done, s, v, err := w.openTree(ctx, value)
		if err != nil || done {
			return nil, err
		}
		st, value = s, v
	}
	switch st {
	case highs.Infeasible:
		return nil, nil
	case highs.Interrupted, highs.TimeLimit:
		return n, nil
	case highs.Optimal:
	case highs.Unbounded, highs.InfeasibleOrUnbounded:
		return w.unboundedNode(ctx, n, st, fixed)
	default:
		return w.blind(n, fixed), nil
	}
	if n.depth > 0 && n.fix.kind == memberZero {
		w.learn(int(n.fix.idx), int(n.fix.side), n.amount, value-n.bound)
	}
	bound := math.Max(value, n.bound)
	if w.prune(bound) {
		return nil, nil
	}
	if w.p.real > 0 && !w.t.opt.NoPenalties {
		closed, st, v, err := w.penalties(ctx, n, value)
		if err != nil || closed {
			return nil, err
		}
		if st == highs.Interrupted || st == highs.TimeLimit {
			return n, nil
		}
		if st != highs.Optimal {
			return w.blind(n, fixed), nil
		}
		value = v
		bound = math.Max(value, bound)
	}
	x := w.lp.x[:w.lp.n]
	answer := w.t.opt.Complete != nil && (w.heuristic.due(w.t.opt.HeuristicEvery) || w.newDecision(x))
	round := !w.t.opt.NoRounding && w.rounding.due(!math.IsInf(w.value, 1)) && w.rounding.iterations <= w.lp.iterations/10
	near := !w.t.opt.NoNear && w.best != nil && !w.lp.quad && w.nearby.due() && w.nearby.iterations <= w.lp.iterations/20
	turns := !w.t.opt.NoAlternation && !w.noTurns && w.alternating.due(w.lp.iterations)
	if answer || round || near || turns {
		x = append([]float64(nil), x...)
		if err := w.seek(ctx, x, sought{answer, round, near, turns}); err != nil {
			return nil, err
		}
		if err := w.lp.follow(w.prop.lo, w.prop.hi); err != nil {
			return nil, err
		}
		if ok, err := w.lp.set(fixed, w.bounds); err != nil || !ok {
			return nil, err
		}
		if w.prune(bound) {
			return nil, nil
		}
	}
	return w.branch(ctx, n, x, value, bound, fixed)
}

// openTree is what the root has beside other nodes: an answer of the followers first, which may close it, then cuts.
func (w *worker) openTree(ctx context.Context, value float64) (done bool, st highs.Status, v float64, err error) {
	if w.t.opt.Complete != nil && w.heuristic.due(w.t.opt.HeuristicEvery) {
		x := append([]float64(nil), w.lp.x...)
		if err := w.seek(ctx, x[:w.lp.n], sought{answer: true}); err != nil {
			return false, highs.Failed, 0, err
		}
		if err := w.lp.follow(w.prop.lo, w.prop.hi); err != nil {
			return false, highs.Failed, 0, err
		}
		if ok, err := w.lp.set(w.prop.fixed, w.bounds); err != nil || !ok {
			return true, highs.Infeasible, 0, err
		}
		if w.prune(value) {
			w.t.stat.FirstBound, w.t.stat.RootBound = value, value
			w.t.keepWarm(w)
			return true, highs.Optimal, value, nil
		}
		if st, value, err = w.lp.solve(ctx, 5); err != nil || st != highs.Optimal {
			return false, st, value, err
		}
	}
	st, v, err = w.rootCuts(ctx, value)
	return false, st, v, err
}

// sought says in which ways incumbents are looked for.
type sought struct{ answer, round, near, turns bool }

// seek looks for incumbents at a node, and gives the LP its basis back.
func (w *worker) seek(ctx context.Context, x []float64, by sought) error {
	basis, ok := w.lp.lp.Basis(highs.Basis{})
	if by.turns {
		if err := w.seekByTurns(ctx, x); err != nil {
			return err
		}
	}
	if by.round {
		before, from := w.value, w.lp.iterations
		if err := w.round(ctx, x); err != nil {
			return err
		}
		w.rounding.iterations += w.lp.iterations - from
		if w.value < before {
			w.out.stat.RoundingPoints++
		}
	}
	if by.near {
		if err := w.seekNear(ctx, x); err != nil {
			return err
		}
	}
	if by.answer {
		if err := w.complete(ctx, x); err != nil {
			return err
		}
	}
	if ok {
		_ = w.lp.lp.SetBasis(basis) // it fits: no row was added, or where tangents were, they start basic
	}
	return nil
}

// branch chooses what to branch on at the relaxed point x.
func (w *worker) branch(ctx context.Context, n *node, x []float64, value, bound float64, fixed []uint8) (*node, error) {
	if j := w.chooseInteger(x); j >= 0 {
		return w.branchInteger(n, j, x[j], bound), nil
	}
	if w.t.leaderFirst {
		if j, at := w.chooseLeader(x); j >= 0 {
			w.out.stat.LeaderBranchings++
			return w.branchColumn(n, j, at, at, bound), nil
		}
	}
	if k, split := w.p.chooseSet(x); k >= 0 {
		return w.branchSet(n, k, split, bound), nil
	}
	c, violated, err := w.choosePair(ctx, n, x, value, fixed)
	if err != nil {
		return nil, err
	}
	if violated {
		return w.branchPair(n, c, bound), nil
	}
	return w.leaf(ctx, n, x, bound, fixed)
}

// leaf handles a node whose relaxed point satisfies all pairs to the tolerance.
func (w *worker) leaf(ctx context.Context, n *node, x []float64, bound float64, fixed []uint8) (*node, error) {
	x = append([]float64(nil), x...)
	if err := w.polish(ctx, x); err != nil {
		return nil, err
	}
	if w.prune(bound) {
		return nil, nil
	}
	// The pattern of the point gives nothing as good as the bound: go on with any open pair, the one nearest to being violated.
	k, worst := -1, math.Inf(-1)
	for i := range w.p.pairs[:w.p.real] {
		if fixed[i] == 0 {
			if a, b := w.p.violation(i, x); math.Min(a, b) > worst {
				k, worst = i, math.Min(a, b)
			}
		}
	}
	if k >= 0 {
		if ok, err := w.lp.set(fixed, w.bounds); err != nil || !ok {
			return nil, err
		}
		a, b := w.p.violation(k, x)
		return w.branchPair(n, candidate{pair: k, a: math.Max(a, 0), b: math.Max(b, 0)}, bound), nil
	}
	// All pairs are fixed. A linear node is solved by its LP; its point only failed the check of an incumbent.
	if w.lp.quad {
		return w.quadraticLeaf(ctx, n, fixed, bound)
	}
	if w.accept(x, 1e-5) {
		return nil, nil
	}
	w.leaveOpen(bound)
	return nil, nil
}

// branchPair makes the children of a pair; a side that is known to be impossible has none. The one of which less loss is expected is
// solved next.
func (w *worker) branchPair(n *node, c candidate, bound float64) *node {
	basis := w.saveBasis()
	child := func(side int, amount float64) *node {
		return &node{parent: n, fix: fixing{kind: memberZero, idx: int32(c.pair), side: uint8(side)}, depth: n.depth + 1, bound: bound, basis: basis, amount: amount}
	}
	switch {
	case c.impossible[0] && c.impossible[1]:
		return nil
	case c.impossible[0]:
		return child(1, 0)
	case c.impossible[1]:
		return child(0, 0)
	}
	a, b := child(0, c.a), child(1, c.b)
	if w.costs.gain(c.pair, 1, c.b) < w.costs.gain(c.pair, 0, c.a) {
		a, b = b, a
	}
	w.out.nodes = append(w.out.nodes, b)
	return a
}

func (w *worker) branchInteger(n *node, j int, v, bound float64) *node {
	down, up := math.Floor(v), math.Floor(v)+1
	first := w.branchColumn(n, j, down, up, bound)
	if v-down > 0.5 { // the nearer side first
		last := len(w.out.nodes) - 1
		first, w.out.nodes[last] = w.out.nodes[last], first
	}
	return first
}

// branchColumn makes the children x_j <= down and x_j >= up; the first is solved next.
func (w *worker) branchColumn(n *node, j int, down, up, bound float64) *node {
	basis := w.saveBasis()
	child := func(kind uint8, v float64) *node {
		return &node{parent: n, fix: fixing{kind: kind, idx: int32(j), value: v}, depth: n.depth + 1, bound: bound, basis: basis}
	}
	w.out.nodes = append(w.out.nodes, child(lowerBound, up))
	return child(upperBound, down)
}

// branchSet makes the children in which one or the other part of a set is zero.
func (w *worker) branchSet(n *node, k int, split, bound float64) *node {
	basis := w.saveBasis()
	child := func(side uint8) *node {
		return &node{parent: n, fix: fixing{kind: setZero, idx: int32(k), side: side, value: split}, depth: n.depth + 1, bound: bound, basis: basis}
	}
	w.out.nodes = append(w.out.nodes, child(0))
	return child(1)
}

func (w *worker) saveBasis() *packedBasis {
	b, ok := w.lp.lp.Basis(w.scratch)
	if !ok {
		return nil
	}
	w.scratch = b
	return pack(b)
}

// blind branches on a node about which the solver could say nothing, with the parent's bound.
func (w *worker) blind(n *node, fixed []uint8) *node {
	for k := range w.p.pairs[:w.p.real] {
		if fixed[k] == 0 {
			return w.branchPair(n, candidate{pair: k}, n.bound)
		}
	}
	w.leaveOpen(n.bound)
	return nil
}
