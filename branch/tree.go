package branch

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Result is the answer of a search.
type Result struct {
	Status     model.Status
	Proof      model.Proof
	X          []float64 // nil where there is none
	Objective  float64   // as declared; NaN where there is none
	Bound      float64   // as declared; NaN where there is none
	Statistics Statistics
	Warm       *Warm // for the next search of a changed problem; nil where the root was not solved
}

// tree is what the threads of a search share. It changes between dives only.
type tree struct {
	p           *problem
	opt         Options
	queue       open
	other       *open // the queue of the tree that branches in the other way, where there is one; each tree is a proof of its own
	leaderFirst bool  // branch on leader variables while a product is off
	changed     int   // nodes at which the way of branching was changed last
	lowThen     float64
	lessons     []lessonBy
	cover       []int32  // the columns that all products of the local rows contain
	tightenings []fixing // of the root, for points better than the incumbent
	root        rootLP
	best        []float64
	value       float64 // of best, minimised; +Inf where there is none
	cut         float64
	unsolved    bool
	unbounded   bool
	workers     []*worker
	flying      []float64 // bounds of the nodes that threads dive from
	mu          sync.Mutex
	live        liveValue
	start       time.Time
	lastEvent   time.Time
	stat        Statistics
	warm        *Warm
}

type lessonBy struct {
	lesson
	by *worker
}

func newTree(p *problem, opt Options) *tree {
	t := &tree{p: p, opt: opt, value: math.Inf(1), cut: math.Inf(1), start: time.Now(), leaderFirst: opt.Branching == BranchLeader}
	t.stat.FirstBound, t.stat.RootBound = math.NaN(), math.NaN()
	t.live.set(math.Inf(1))
	return t
}

func (t *tree) close() {
	for _, w := range t.workers {
		w.lp.close()
		w.turns.close()
	}
	t.workers = nil
}

// run is the whole search.
func (t *tree) run(ctx context.Context) (*Result, error) {
	prop := newPropagator(t.p)
	if t.opt.ProbeTime > 0 && len(t.p.pairs) > 0 {
		t.stat.ProbeRounds = prop.probe(ctx, t.opt.ProbeTime)
	} else {
		for r := range prop.rlo {
			prop.push(int32(r))
		}
		prop.settle()
	}
	for _, f := range prop.fixed[:t.p.real] {
		if f != 0 {
			t.stat.ProbeFixed++
		} else {
			t.stat.OpenAfterProbe++
		}
	}
	if prop.infeasible {
		return t.finish(ctx, true), nil
	}
	lp, err := newRelaxation(t.p, highs.LPOptions{})
	if err != nil {
		return nil, err
	}
	w := newWorker(t, prop, lp)
	t.workers = append(t.workers, w)
	if err := t.openRoot(ctx, w); err != nil {
		return nil, err
	}
	t.queue.add(&node{bound: math.Inf(-1)})
	if err := t.search(ctx); err != nil {
		return nil, err
	}
	t.progress(true)
	return t.finish(ctx, t.empty()), nil
}

// openRoot prepares the root: warm data, the given start, rows that follow the bounds of nodes.
func (t *tree) openRoot(ctx context.Context, w *worker) error {
	t.warmStart(w)
	// The local rows are for branching on leader variables; in a tree of pairs they only make the LPs larger.
	if !t.opt.NoLocalRows && (t.opt.Branching == BranchLeader || t.opt.Branching == BranchAuto && t.stat.OpenAfterProbe >= switchPairs) {
		if err := w.addLocalRows(); err != nil {
			return err
		}
		t.stat.LocalRows = len(w.lp.local)
	}
	if !t.opt.NoGuide {
		if err := w.lp.setApart(); err != nil {
			return err
		}
	}
	if t.opt.Start != nil {
		if err := w.polish(ctx, t.opt.Start); err != nil {
			return err
		}
		t.merge(w, nil)
	}
	return nil
}

func (t *tree) empty() bool {
	return t.queue.Len() == 0 && len(t.flying) == 0 || t.other != nil && t.other.Len() == 0
}

// lowest is the least bound over what is open or was cut off within the gap, and the incumbent.
func (t *tree) lowest() float64 {
	low := t.least(&t.queue)
	for _, b := range t.flying {
		low = math.Min(low, b)
	}
	for _, w := range t.workers {
		if w.resume != nil {
			low = math.Min(low, w.resume.bound)
		}
	}
	if t.other != nil {
		low = math.Max(low, t.least(t.other))
	}
	return math.Min(low, math.Min(t.value, t.cut))
}

func (t *tree) least(q *open) float64 {
	if q.Len() == 0 {
		return math.Inf(1)
	}
	return q.list[0].bound
}

// merge takes the harvest of a dive into the tree.
func (t *tree) merge(w *worker, q *open) {
	h := &w.out
	for _, n := range h.nodes {
		q.add(n)
	}
	if len(t.workers) > 1 || t.opt.Threads > 1 {
		for _, l := range h.lessons {
			t.lessons = append(t.lessons, lessonBy{l, w})
		}
	}
	if w.value < t.value {
		t.value, t.best = w.value, w.best
		t.live.set(w.value)
		t.reducedCosts()
	}
	t.cut = math.Min(t.cut, h.cut)
	t.unsolved = t.unsolved || h.unsolved
	if h.unbounded {
		t.unbounded = true
		if w.best != nil {
			t.best = w.best
		}
	}
	t.stat.add(h.stat)
	w.out = harvest{cut: math.Inf(1)}
}

func (t *tree) finish(ctx context.Context, done bool) *Result {
	t.stat.Threads = len(t.workers)
	for _, w := range t.workers {
		t.stat.LPs += w.lp.solves
		t.stat.Iterations += w.lp.iterations
		t.stat.Tangents += w.lp.cuts
	}
	r := &Result{Objective: math.NaN(), Bound: math.NaN(), Statistics: t.stat, Warm: t.warm}
	r.Statistics.FirstBound *= t.p.sign
	r.Statistics.RootBound *= t.p.sign
	if t.warm != nil && len(t.workers) > 0 {
		t.warm.costs = t.workers[0].costs
	}
	if t.unbounded {
		r.Status, r.Proof = model.StatusUnbounded, model.ProofUnbounded
		if (len(t.p.integer) > 0 || len(t.p.sets) > 0) && t.best == nil { // a ray, but no point
			r.Status, r.Proof = model.StatusInfOrUnbounded, model.ProofNone
		}
		r.X = t.best
		return r
	}
	done = done && !t.unsolved
	low := t.lowest()
	if t.best != nil {
		r.X, r.Objective = t.best, t.p.sign*t.value
		if !math.IsInf(low, 0) {
			r.Bound = t.p.sign * low
		}
		gapClosed := low >= t.value-t.opt.tolerance(t.value)*(1+1e-9)
		if done || gapClosed {
			r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
		} else {
			r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
		}
		return r
	}
	if !math.IsInf(low, 0) {
		r.Bound = t.p.sign * low
	}
	switch {
	case done:
		r.Status, r.Proof, r.Bound = model.StatusInfeasible, model.ProofInfeasible, math.NaN()
	case ctx.Err() == context.Canceled:
		r.Status = model.StatusInterrupted
	case t.unsolved && t.queue.Len() == 0:
		r.Status = model.StatusUnknown
	default:
		r.Status = model.StatusLimit
	}
	return r
}

func (t *tree) progress(last bool) {
	if t.opt.Events == nil || !last && time.Since(t.lastEvent) < 200*time.Millisecond {
		return
	}
	t.lastEvent = time.Now()
	e := backends.Event{Step: "branch", Nodes: t.stat.Nodes, Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Residual: math.NaN(), Elapsed: time.Since(t.start)}
	for _, w := range t.workers {
		e.Iteration += w.lp.iterations
	}
	low := t.lowest()
	if !math.IsInf(low, 0) {
		e.Bound = t.p.sign * low
	}
	if t.best != nil {
		e.Incumbent = t.p.sign * t.value
		if !math.IsInf(low, 0) {
			e.Gap = (t.value - low) / math.Max(1e-10, math.Abs(t.value))
		}
	}
	t.opt.Events(e)
}
