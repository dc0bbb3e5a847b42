package branch

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of a search. The zero value of each field is its default.
type Options struct {
	TimeLimit        time.Duration // 0: none besides the context's deadline
	Gap              float64       // relative gap at which the search stops; default 1e-6, negative: 0
	AbsoluteGap      float64       // absolute gap at which it stops; default 1e-9
	NodeLimit        int           // 0: none
	StrongCandidates int           // pairs tried by LP solves at a node; default 8, negative: none
	StrongIterations int           // iterations of such a solve; default 50
	Reliable         int           // solves after which a pseudocost is trusted; default 2
	ProbeTime        time.Duration // time for probing at the root; default 10 s, negative: no probing
	NoPropagation    bool          // do not propagate in nodes
	HeuristicEvery   int           // nodes between calls of Complete after the first 20, doubled whenever four calls in a row bring nothing; default 30
	// Complete returns a point of the model that satisfies all pairs, near x (typically the leader's variables of x, with the followers'
	// answers), or nil. It gives the search incumbents.
	Complete func(ctx context.Context, x []float64) []float64
	Start    []float64 // a point whose pattern of complementarity gives a first incumbent; nil: none
	Events   func(backends.Event)
}

// Statistics say what the search did.
type Statistics struct {
	Nodes, LPs, Iterations, Tangents int
	ProbeRounds, ProbeFixed          int // rounds of probing at the root, members fixed by it
	OpenAfterProbe                   int // pairs that it left open
	Incumbents                       int
	HeuristicPoints                  int // incumbents from Complete
}

// Result is the answer of a search.
type Result struct {
	Status     model.Status
	Proof      model.Proof
	X          []float64 // nil where there is none
	Objective  float64   // as declared; NaN where there is none
	Bound      float64   // as declared; NaN where there is none
	Statistics Statistics
}

// Solve searches for an optimal point of a model with standard pairs, affine rows and a linear or convex quadratic objective. Errors are an
// *UnsupportedError for anything else, or a broken solver.
func Solve(ctx context.Context, m *model.Model, opt Options) (*Result, error) {
	p, err := newProblem(m)
	if err != nil {
		return nil, err
	}
	opt.defaults()
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	t := newTree(p, opt)
	defer t.close()
	return t.run(ctx)
}

func (o *Options) defaults() {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.StrongCandidates, 8)
	set(&o.StrongIterations, 50)
	set(&o.Reliable, 2)
	set(&o.HeuristicEvery, 30)
	if o.Gap == 0 {
		o.Gap = 1e-6
	}
	if o.AbsoluteGap == 0 {
		o.AbsoluteGap = 1e-9
	}
	if o.ProbeTime == 0 {
		o.ProbeTime = 10 * time.Second
	}
}

// tree is the state of a search.
type tree struct {
	p         *problem
	opt       Options
	prop      *propagator
	lp        *relaxation
	queue     open
	costs     [][2]pseudocost
	meanSum   float64
	meanN     int
	scale     []float64 // by pair: size of the numbers that its members are made of
	bounds    []fixing  // of the current node
	scratch   highs.Basis
	heuristic heuristicClock
	best      []float64
	value     float64 // of best, minimised; +Inf where there is none
	cut       float64 // least bound among the nodes that were cut off though it is below value (within the gap)
	unsolved  bool    // a node without open pairs could not be decided
	unbounded bool
	start     time.Time
	lastEvent time.Time
	stat      Statistics
}

func newTree(p *problem, opt Options) *tree {
	t := &tree{p: p, opt: opt, prop: newPropagator(p), costs: make([][2]pseudocost, len(p.pairs)), scale: make([]float64, len(p.pairs)),
		value: math.Inf(1), cut: math.Inf(1), start: time.Now()}
	for k, pair := range p.pairs {
		s := 1.0
		for _, m := range pair {
			s = math.Max(s, math.Abs(p.at(m)))
		}
		t.scale[k] = s
	}
	return t
}

func (t *tree) close() {
	if t.lp != nil {
		t.lp.close()
	}
}

// tolerance is by how much a bound may be below the incumbent and yet be pruned.
func (t *tree) tolerance() float64 {
	if math.IsInf(t.value, 1) {
		return 0
	}
	return math.Max(t.opt.AbsoluteGap, math.Max(t.opt.Gap, 0)*math.Max(1e-10, math.Abs(t.value)))
}

// prune reports whether a node with the bound need not be searched.
func (t *tree) prune(bound float64) bool {
	if bound < t.value-t.tolerance() {
		return false
	}
	if bound < t.value {
		t.cut = math.Min(t.cut, bound)
	}
	return true
}

func (t *tree) run(ctx context.Context) (*Result, error) {
	root := &node{bound: math.Inf(-1)}
	if t.opt.ProbeTime > 0 && len(t.p.pairs) > 0 {
		t.stat.ProbeRounds = t.prop.probe(ctx, t.opt.ProbeTime)
	} else {
		for r := range t.prop.rlo {
			t.prop.push(int32(r))
		}
		t.prop.run()
	}
	for _, f := range t.prop.fixed[:t.p.real] {
		if f != 0 {
			t.stat.ProbeFixed++
		} else {
			t.stat.OpenAfterProbe++
		}
	}
	if t.prop.infeasible {
		return t.finish(ctx), nil
	}
	var err error
	if t.lp, err = newRelaxation(t.p, highs.LPOptions{}); err != nil {
		return nil, err
	}
	if t.opt.Start != nil {
		if err := t.polish(ctx, t.opt.Start); err != nil {
			return nil, err
		}
	}
	mark := t.prop.mark()
	cur := root
	jumped := false
	for ctx.Err() == nil && !t.unbounded && (t.opt.NodeLimit == 0 || t.stat.Nodes < t.opt.NodeLimit) {
		if cur == nil {
			if t.queue.Len() == 0 {
				break
			}
			cur = t.queue.best()
			if t.prune(cur.bound) { // and so are all the others
				t.queue.list = nil
				cur = nil
				break
			}
			jumped = true
		}
		t.stat.Nodes++
		next, err := t.expand(ctx, cur, mark, jumped)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil && next == cur {
			break
		}
		jumped = false
		cur = next
		t.progress(cur, false)
	}
	if cur != nil {
		t.queue.add(cur)
	}
	t.progress(nil, true)
	return t.finish(ctx), nil
}

// lowest is the least bound over what is open or was cut off within the gap, and the incumbent.
func (t *tree) lowest() float64 {
	low := math.Min(t.value, t.cut)
	for _, n := range t.queue.list {
		low = math.Min(low, n.bound)
	}
	return low
}

func (t *tree) finish(ctx context.Context) *Result {
	t.stat.Tangents = 0
	if t.lp != nil {
		t.stat.LPs, t.stat.Iterations, t.stat.Tangents = t.lp.solves, t.lp.iterations, t.lp.cuts
	}
	r := &Result{Objective: math.NaN(), Bound: math.NaN(), Statistics: t.stat}
	if t.unbounded {
		r.Status, r.Proof = model.StatusUnbounded, model.ProofUnbounded
		if len(t.p.integer) > 0 && t.best == nil {
			r.Status, r.Proof = model.StatusInfOrUnbounded, model.ProofNone
		}
		r.X = t.best
		return r
	}
	done := t.queue.Len() == 0 && !t.unsolved
	low := t.lowest()
	if t.unsolved {
		low = math.Inf(-1)
	}
	if t.best != nil {
		r.X, r.Objective = t.best, t.p.sign*t.value
		if !math.IsInf(low, 0) {
			r.Bound = t.p.sign * low
		}
		gapClosed := low >= t.value-t.tolerance()*(1+1e-9)
		if done || gapClosed && !t.unsolved {
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

func (t *tree) progress(cur *node, last bool) {
	if t.opt.Events == nil || !last && time.Since(t.lastEvent) < 200*time.Millisecond {
		return
	}
	t.lastEvent = time.Now()
	e := backends.Event{Step: "branch", Nodes: t.stat.Nodes, Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Residual: math.NaN(), Elapsed: time.Since(t.start)}
	if t.lp != nil {
		e.Iteration = t.lp.iterations
	}
	low := t.lowest()
	if cur != nil {
		low = math.Min(low, cur.bound)
	}
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
