package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// worker is one thread of the search: an LP, a propagator and what it has learned so far. A worker takes an open node and dives from it, on
// its own: what it finds reaches the tree, and what others found reaches it, between dives. So a search in rounds of dives can be repeated
// to the last node.
type worker struct {
	t           *tree
	p           *problem
	prop        *propagator
	mark        int // the trail at the root
	lp          *relaxation
	costs       costs
	heard       int // lessons of the tree that it knows
	tightened   int // root tightenings of the tree that it knows
	bounds      []fixing
	scratch     highs.Basis
	heuristic   heuristicClock
	rounding    roundingClock
	nearby      nearClock
	alternating alternationClock
	turns       *alternation
	noTurns     bool            // the problem is not of the form
	decided     map[uint64]bool // integer decisions that were completed
	best        []float64
	value       float64 // of the best point that it knows, minimised
	dives       int
	plunge      bool  // this dive goes to the ground
	resume      *node // where a long dive goes on in the next round
	out         harvest
}

// harvest is what a dive brings home.
type harvest struct {
	nodes     []*node
	lessons   []lesson
	cut       float64 // least bound among the nodes that were cut off though below the incumbent (within the gap)
	unsolved  bool    // a node without anything to branch on could not be decided; its bound is in cut
	unbounded bool
	stat      Statistics
	err       error
}

func newWorker(t *tree, prop *propagator, lp *relaxation) *worker {
	w := &worker{t: t, p: t.p, prop: prop, lp: lp, costs: costs{list: make([][2]pseudocost, len(t.p.pairs))}, value: math.Inf(1)}
	w.mark = prop.mark()
	w.out.cut, w.nearby.exchanged = math.Inf(1), math.Inf(1)
	return w
}

// sync takes over what the tree has learned since the last dive.
func (w *worker) sync() {
	t := w.t
	for ; w.heard < len(t.lessons); w.heard++ {
		if l := t.lessons[w.heard]; l.by != w {
			w.costs.add(l.lesson)
		}
	}
	if t.value < w.value {
		w.value, w.best = t.value, t.best
	}
	if w.tightened < len(t.tightenings) {
		w.prop.undo(w.mark)
		w.prop.limit = 0
		for ; w.tightened < len(t.tightenings); w.tightened++ {
			b := t.tightenings[w.tightened]
			if b.kind == lowerBound {
				w.prop.setLo(b.idx, b.value)
			} else {
				w.prop.setHi(b.idx, b.value)
			}
		}
		w.prop.settle()
		if w.prop.infeasible { // the tree will find the same at each of its nodes
			w.prop.undo(w.mark)
		}
		w.mark = w.prop.mark()
	}
	w.out = harvest{cut: math.Inf(1)}
}

// diveNodes and diveIterations interrupt a dive that would keep its thread from hearing of others, or the tree from reporting; it goes on where
// it was.
const (
	mostBacktracks = 100 // from closed nodes to their nearest open neighbours, in a dive without an incumbent
	diveNodes      = 100
	diveIterations = 20000
)

// diveFrom dives from one node after the other, till the round is over; the nodes that are left go back.
func (w *worker) diveFrom(ctx context.Context, starts []*node, low float64, limit int) {
	for i, n := range starts {
		if i > 0 && (w.resume != nil || w.out.err != nil || w.out.unbounded || ctx.Err() != nil || w.out.stat.Nodes >= min(limit, diveNodes)) {
			w.out.nodes = append(w.out.nodes, n)
			continue
		}
		if n != w.resume && w.prune(n.bound) {
			continue
		}
		w.dive(ctx, n, low, limit)
	}
}

// dive expands a node and goes on with one of its children while that looks good; low is the least bound of the tree at the start.
func (w *worker) dive(ctx context.Context, n *node, low float64, limit int) {
	from, backtracks := w.lp.iterations, 0
	jumped := n != w.resume
	if w.resume = nil; jumped {
		w.dives++
		w.plunge = w.dives%64 == 0 || w.dives < 64 && w.dives%8 == 0
	}
	for cur := n; cur != nil; {
		if ctx.Err() != nil || w.out.unbounded || w.out.stat.Nodes >= limit {
			w.out.nodes = append(w.out.nodes, cur)
			return
		}
		if w.out.stat.Nodes >= diveNodes || w.lp.iterations-from > diveIterations {
			w.resume = cur
			return
		}
		if w.t.opt.Opportunistic {
			w.hear()
		}
		w.out.stat.Nodes++
		next, err := w.expand(ctx, cur, jumped)
		if err != nil {
			w.out.err = err
		}
		if err != nil || next == cur {
			w.out.nodes = append(w.out.nodes, cur)
			return
		}
		jumped, cur.basis = false, nil // it stays in memory as an ancestor
		if last := len(w.out.nodes) - 1; next == nil && last >= 0 && math.IsInf(w.value, 1) && backtracks < mostBacktracks {
			// Without an incumbent the nearest open node is gone on with: the ground cannot be far from here.
			next, w.out.nodes = w.out.nodes[last], w.out.nodes[:last]
			jumped, backtracks = true, backtracks+1
		}
		if next != nil && !w.keepDiving(next, low) {
			w.out.nodes = append(w.out.nodes, next)
			return
		}
		cur = next
	}
}

// keepDiving reports whether a child is good enough to go on with: before there is an incumbent always, then while its bound is in the first
// tenth of the gap; some dives go to the ground all the same, since a poor incumbent is found out by nothing else.
func (w *worker) keepDiving(n *node, low float64) bool {
	if math.IsInf(w.value, 1) || math.IsInf(low, -1) {
		return true
	}
	return w.plunge || n.bound <= low+0.1*(w.value-low)
}

// leaveOpen gives up a node of which neither a point nor a proof was found: its bound stays part of the tree's.
func (w *worker) leaveOpen(bound float64) {
	w.out.unsolved = true
	w.out.cut = math.Min(w.out.cut, bound)
}

// tolerance is by how much a bound may be below the incumbent and yet be pruned.
func (w *worker) tolerance() float64 { return w.t.opt.tolerance(w.value) }

func (o *Options) tolerance(value float64) float64 {
	if math.IsInf(value, 1) {
		return 0
	}
	return math.Max(o.AbsoluteGap, math.Max(o.Gap, 0)*math.Max(1e-10, math.Abs(value)))
}

// prune reports whether a node with the bound need not be searched.
func (w *worker) prune(bound float64) bool {
	if bound < w.value-w.tolerance() {
		return false
	}
	if bound < w.value {
		w.out.cut = math.Min(w.out.cut, bound)
	}
	return true
}
