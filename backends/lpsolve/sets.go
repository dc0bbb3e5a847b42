package lpsolve

import (
	"container/heap"
	"math"
)

// branched solves a problem with sets by a tree search of our own over lp_solve's LPs. lp_solve takes SOS1 sets, but its search drops
// branches that hold the optimum: on one in seven of small random problems it calls a point optimal that is not (versions 5.5.2.5 and
// 5.5.2.11, whatever the settings). Here every node is an LP whose answer is proven by its duals, so that the bound is.
//
// A set that the LP's solution violates is split at the mean position of its members, in the order of their weights: either all to the left are 0 or
// all to the right (Beale and Tomlin, Special facilities in a general mathematical programming system, OR 69, 1970). The search
// goes down into one half at once, and takes the node with the best bound when it ends there. Where no set is violated, it branches on the integer
// column whose value is farthest from an integer.
func (w *work) branched(p *problem) (*answer, error) {
	t := &tree{w: w, p: p, settled: math.Inf(1)}
	next := &node{bound: math.Inf(-1)}
	for {
		if next == nil {
			if len(t.open) == 0 {
				return t.end(), nil
			}
			next = heap.Pop(&t.open).(*node)
		}
		if w.ctx.Err() != nil {
			t.settle(next.bound)
			return t.cut("stopped"), nil
		}
		if t.hopeless(next.bound) {
			next = nil
			continue
		}
		w.raise(math.Min(t.lowest(), math.Min(next.bound, w.value)))
		r, err := t.solve(next)
		if err != nil {
			return nil, err
		}
		switch r.verdict {
		case infeasible:
			next = nil
			continue
		case stopped:
			t.settle(next.bound)
			return t.cut(r.message), nil
		}
		var end *answer
		if next, end = t.branch(next, r); end != nil {
			return end, nil
		}
	}
}

// roundEvery is after how many nodes a solution that violates sets is rounded to a feasible one, once there is an incumbent.
const roundEvery = 20

// node is a part of the problem: the columns' bounds that differ from its parent's.
type node struct {
	parent  *node
	changes []change
	bound   float64
	number  int
}

type change struct {
	column int32
	lo, hi float64
}

// queue holds nodes, the best bound first.
type queue []*node

func (q queue) Len() int { return len(q) }
func (q queue) Less(a, b int) bool {
	return q[a].bound < q[b].bound || q[a].bound == q[b].bound && q[a].number > q[b].number
}
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*node)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

// tree is the state of the search.
type tree struct {
	w         *work
	p         *problem
	open      queue
	settled   float64 // the least bound of the nodes that were left although something better might be there
	made      int
	byCutoff  bool // a node was left for the cutoff
	undecided bool // a node was left whose LP could not be solved
	lo, hi    []float64
}

func (t *tree) settle(bound float64) { t.settled = math.Min(t.settled, bound) }

// lowest is the least bound of what is open or left.
func (t *tree) lowest() float64 {
	if len(t.open) > 0 {
		return math.Min(t.settled, t.open[0].bound)
	}
	return t.settled
}

// hopeless reports whether a node of a bound need not be looked at.
func (t *tree) hopeless(bound float64) bool {
	w := t.w
	switch {
	case w.opt.HasCutoff && bound > w.cutoff():
		t.byCutoff = true
	case !math.IsInf(w.value, 1) && bound > w.value-w.allowed(w.value):
	default:
		return false
	}
	t.settle(bound)
	return true
}

// solve solves the LP of a node, whose bounds it leaves in lo and hi.
func (t *tree) solve(n *node) (*answer, error) {
	q := *t.p
	q.integer, q.sets = nil, nil
	q.lo, q.hi = append([]float64(nil), q.lo...), append([]float64(nil), q.hi...)
	for at := n; at != nil; at = at.parent {
		for _, c := range at.changes {
			q.lo[c.column], q.hi[c.column] = math.Max(q.lo[c.column], c.lo), math.Min(q.hi[c.column], c.hi)
		}
	}
	t.lo, t.hi = q.lo, q.hi
	for j := range q.lo {
		if q.lo[j] > q.hi[j] {
			return &answer{verdict: infeasible}, nil
		}
	}
	t.w.mu.Lock()
	t.w.seen++
	t.w.mu.Unlock()
	return t.w.lp(&q)
}

// branch splits a node by the solution of its LP. It returns the child to go on with, nil where there is none, or the end of the search.
func (t *tree) branch(n *node, r *answer) (next *node, end *answer) {
	w := t.w
	bound := math.Max(n.bound, r.bound)
	if r.verdict != unbounded && t.hopeless(bound) {
		return nil, nil
	}
	if r.x != nil && r.verdict != unbounded {
		within := t.p.violation(r.x, w.feasibility, w.integrality) <= w.feasibility
		if (within || w.best == nil || t.made%roundEvery == 0) && w.take(r.x) && within && r.verdict == optimal {
			t.settle(bound)
			return nil, nil
		}
	}
	children := t.split(r.x)
	if children == nil {
		if r.verdict == unbounded {
			return nil, r
		}
		t.undecided = true
		t.settle(bound)
		return nil, nil
	}
	for i, c := range children {
		t.made++
		child := &node{parent: n, changes: c, bound: bound, number: t.made}
		if i == 0 {
			next = child
		} else {
			heap.Push(&t.open, child)
		}
	}
	return next, nil
}

// split is the two halves of a node, the more promising first; nil where nothing is left to branch on. Without a violated set or a
// fractional column, as at an unbounded LP, it takes what is not yet decided.
func (t *tree) split(x []float64) [][]change {
	if x == nil {
		x = make([]float64, len(t.lo))
	}
	var chosen []int32
	worst := -1.0
	for _, s := range t.p.sets {
		var free []int32
		total, largest := 0.0, 0.0
		for _, j := range s.columns {
			if t.hi[j] > 0 {
				free = append(free, j)
				total += math.Abs(x[j])
				largest = math.Max(largest, math.Abs(x[j]))
			}
		}
		if len(free) > 1 && total-largest > worst*(1+1e-12)+1e-15*math.Abs(worst) {
			chosen, worst = free, total-largest
		}
	}
	column, far := int32(-1), t.w.integrality
	for j := range t.p.integer {
		if d := math.Abs(x[j] - math.Round(x[j])); t.p.integer[j] && d > far {
			column, far = int32(j), d
		}
	}
	switch {
	case chosen != nil && (worst > 1e-9 || column < 0):
		return halves(chosen, x)
	case column >= 0:
		down, up := math.Floor(x[column]), math.Ceil(x[column])
		lower, upper := change{column, math.Inf(-1), down}, change{column, up, math.Inf(1)}
		if x[column]-down < 0.5 {
			return [][]change{{lower}, {upper}}
		}
		return [][]change{{upper}, {lower}}
	}
	return nil
}

// halves splits members so that members on both sides are nonzero, if two are.
func halves(free []int32, x []float64) [][]change {
	total, mean := 0.0, 0.0
	first, last := -1, -1
	for i, j := range free {
		if v := math.Abs(x[j]); v > 0 {
			total += v
			mean += v * float64(i)
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	at := len(free) / 2 // members below it are the left half
	if last > first {
		at = min(max(int(mean/total)+1, first+1), last)
	}
	zero := func(part []int32) (out []change) {
		for _, j := range part {
			out = append(out, change{j, math.Inf(-1), 0})
		}
		return out
	}
	left, right := 0.0, 0.0
	for i, j := range free {
		if i < at {
			left += math.Abs(x[j])
		} else {
			right += math.Abs(x[j])
		}
	}
	if left >= right {
		return [][]change{zero(free[at:]), zero(free[:at])}
	}
	return [][]change{zero(free[:at]), zero(free[at:])}
}

// cut is the answer of a search that was stopped.
func (t *tree) cut(message string) *answer {
	t.w.raise(math.Min(t.lowest(), t.w.value))
	return t.w.soFar(stopped, message)
}

// end is the answer of a search with nothing left to do.
func (t *tree) end() *answer {
	w := t.w
	if w.best != nil {
		if w.raise(math.Min(t.settled, w.value)); w.value-w.bound <= w.allowed(w.value) {
			return w.soFar(optimal, "optimal")
		}
		return w.soFar(feasible, "the LPs of some nodes could not be solved")
	}
	switch {
	case t.undecided:
		w.raise(t.settled)
		return w.soFar(unclear, "the LPs of some nodes could not be solved")
	case t.byCutoff:
		return &answer{verdict: cutOff, bound: math.Max(w.bound, w.cutoff()), message: "no point is better than the cutoff"}
	}
	return &answer{verdict: infeasible, bound: math.Inf(-1), message: "infeasible"}
}
