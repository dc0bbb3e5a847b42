package answercut

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of Solve; the zero value of a field is its default.
type Options struct {
	// Gap is the relative distance |F - Bound| / max(1, |F|) at which the method stops. Default 1e-4, range [0, 1).
	Gap       float64
	TimeLimit time.Duration // 0: none besides the context's deadline
	Threads   int           // of HiGHS; 0: its choice
	Seed      int
	// Starts are points, one entry a variable, whose linking variables are decided on first.
	Starts [][]float64
	// Progress hears of each round; nil: none.
	Progress func(Statistics)
}

// Statistics counts what was done. Incumbent and Bound are in the sense of the leader's objective as declared, NaN where there is none.
type Statistics struct {
	Rounds           int // decisions that the followers answered
	Cuts             int
	Nodes            int // of all integer programs
	Iterations       int
	Incumbent, Bound float64
}

// Answer is what was established. To its tolerances HiGHS stands behind it.
type Answer struct {
	// Status is model.StatusOptimal where the gap is closed, StatusInfeasible where there is no bilevel-feasible point, StatusFeasible and StatusLimit
	// where the method was stopped with and without a point, StatusInterrupted where the context was cancelled without one, and StatusUnknown where
	// rounding let a decision come twice and no point is known.
	Status     model.Status
	Proof      model.Proof // global, infeasible, feasible or none
	X          []float64   // one value a variable; nil where no point was found
	Objective  float64     // the leader's, as declared; NaN without a point
	Bound      float64     // no bilevel-feasible point is better; NaN where nothing is known
	Note       string      // why the method stopped before the gap was closed; "" otherwise
	Statistics Statistics
}

// run is one call of Solve.
type run struct {
	*problem
	opt    Options
	began  time.Time
	master *master
	best   []float64
	value  float64 // of best, in minimisation form
	floor  float64 // no bilevel-feasible point has a smaller value
	sure   float64 // as floor, of relaxations that were looked at a second time
	seen   map[string]bool
	stats  Statistics
}

// Solve solves the model. Errors are of type *UnsupportedError, or those of HiGHS.
func Solve(ctx context.Context, m *model.Model, opt Options) (*Answer, error) {
	if opt.Gap == 0 {
		opt.Gap = 1e-4
	}
	p, err := newProblem(ctx, m)
	if ctx.Err() != nil {
		nothing := Statistics{Incumbent: math.NaN(), Bound: math.NaN()}
		return &Answer{Status: stoppedBy(ctx), Objective: math.NaN(), Bound: math.NaN(), Statistics: nothing}, nil
	}
	if err != nil {
		return nil, err
	}
	r := &run{problem: p, opt: opt, began: time.Now(), master: newMaster(p), value: math.Inf(1), floor: math.Inf(-1), sure: math.Inf(-1), seen: map[string]bool{}}
	for _, x := range opt.Starts {
		if _, err := r.try(ctx, x); err != nil {
			return nil, err
		}
	}
	return r.rounds(ctx)
}

// settings are those of one integer program; done says that there is no time left for it.
func (r *run) settings(ctx context.Context) (o highs.SolveOptions, done bool) {
	o = highs.SolveOptions{Gap: 1e-9, AbsoluteGap: 1e-7, Threads: r.opt.Threads, Seed: r.opt.Seed}
	if r.opt.TimeLimit > 0 {
		if o.TimeLimit = r.opt.TimeLimit - time.Since(r.began); o.TimeLimit <= 0 {
			return o, true
		}
	}
	return o, ctx.Err() != nil
}

// count adds an integer program to the statistics.
func (r *run) count(s *highs.Solution) *highs.Solution {
	r.stats.Nodes += s.Nodes
	r.stats.Iterations += s.Iterations
	return s
}

// slack is what rounding may add to a follower's objective of v. More than that is not given: at an objective of a million it would buy the leader an
// answer that is worse for the follower.
func slack(v float64) float64 { return 1e-12 * math.Max(1, math.Abs(v)) }

// closed reports whether the best point is as good as the bound that is sure, to the gap.
func (r *run) closed() bool {
	return r.best != nil && r.value-r.sure <= r.opt.Gap*math.Max(1, math.Abs(r.value))
}

// contradicted reports whether the cuts leave out the best point: by more than rounding does, a bound is above the value of a point.
func (r *run) contradicted(bound float64) bool {
	return r.best != nil && bound-r.value > math.Max(r.opt.Gap, 1e-6)*math.Max(1, math.Abs(r.value))
}

// contradiction is the answer where the relaxation contradicts the best point: one of the two is wrong, and nothing is proven.
func (r *run) contradiction() *Answer {
	r.floor = math.Inf(-1)
	return r.answer(model.StatusFeasible, model.ProofFeasible, "the relaxation leaves out the best point, so that numbers of the model are beyond the tolerances of HiGHS: no bound is claimed")
}

// rounds solves relaxations until the followers have nothing against the optimum of one.
func (r *run) rounds(ctx context.Context) (*Answer, error) {
	tight := false // the last relaxation's decision was of no use, or there was none
	none := false  // there was none
	for {
		o, done := r.settings(ctx)
		if done {
			return r.stopped(ctx), nil
		}
		if tight {
			o.Integrality = tightIntegrality
		}
		began := time.Now()
		s, err := highs.Solve(ctx, r.master.a, o, nil)
		if err != nil {
			return nil, err
		}
		twice := false
		if s.Status == highs.Optimal || s.Status == highs.Infeasible {
			// What would end the method is looked at a second time.
			if s.Status == highs.Infeasible || r.sign*s.Bound >= r.value-r.opt.Gap*math.Max(1, math.Abs(r.value)) || r.answered(s.X) {
				if s, err = highs.Confirm(ctx, r.master.a, o, began, s); err != nil {
					return nil, err
				}
				twice = true
			}
		}
		r.count(s)
		switch s.Status {
		case highs.Optimal, highs.TimeLimit, highs.Interrupted, highs.IterationLimit:
			r.raise(r.sign*s.Bound, twice && !none)
		case highs.Infeasible:
			if !tight { // the tolerance on integers decides that, too
				tight, none = true, true
				continue
			}
			if !none {
				return r.answer(r.without(model.StatusUnknown), r.feasible(), "which answers a decision admits is a matter of rounding"), nil
			}
			if r.best == nil {
				return r.answer(model.StatusInfeasible, model.ProofInfeasible, ""), nil
			}
			return r.contradiction(), nil
		case highs.Unbounded:
			return nil, &UnsupportedError{Reason: "the leader's objective has no limit over the points of both levels: give the variables bounds"}
		}
		if s.Status != highs.Optimal || s.X == nil {
			if _, done := r.settings(ctx); done {
				return r.stopped(ctx), nil
			}
			return r.answer(r.without(model.StatusUnknown), r.feasible(), "HiGHS did not solve a relaxation: "+s.Message), nil
		}
		if r.contradicted(r.floor) {
			return r.contradiction(), nil
		}
		if r.closed() {
			return r.answer(model.StatusOptimal, model.ProofGlobal, ""), nil
		}
		key := r.key(s.X)
		why := "a decision came twice: which answers it admits is a matter of rounding"
		again := r.seen[key]
		if !again {
			if why, err = r.try(ctx, s.X); err != nil {
				return nil, err
			}
			r.progress()
			_, done := r.settings(ctx)
			again = !done && !r.seen[key]
		}
		if again && tight {
			return r.answer(r.without(model.StatusUnknown), r.feasible(), why), nil
		}
		tight, none = again, false
		if r.contradicted(r.floor) {
			return r.contradiction(), nil
		}
	}
}

// tightIntegrality is the tolerance on integers in a relaxation whose optimum at that of HiGHS, 1e-6, was a decision that has its answers or admits none: where a row's values are in the
// millions a binary column can be as good as 0 and 1 at once. It is not the usual one because HiGHS then calls some problems infeasible that are not.
const tightIntegrality = 1e-9

// answered reports whether the decision in x has had its answers already.
func (r *run) answered(x []float64) bool { return r.seen[r.key(x)] }

// raise is told that no bilevel-feasible point has a smaller value than v, and whether that was looked at twice.
func (r *run) raise(v float64, twice bool) {
	if math.IsNaN(v) {
		return
	}
	if r.whole {
		v = math.Ceil(v - 1e-6*math.Max(1, math.Abs(v)*1e-3))
	}
	r.floor = math.Max(r.floor, v)
	if twice {
		r.sure = math.Max(r.sure, v)
	}
}

// progress tells where the method stands.
func (r *run) progress() {
	if r.opt.Progress != nil {
		r.opt.Progress(r.told())
	}
}

// told are the statistics with the values as declared.
func (r *run) told() Statistics {
	t := r.stats
	t.Cuts, t.Incumbent, t.Bound = r.master.cuts, math.NaN(), math.NaN()
	if r.best != nil {
		t.Incumbent = r.sign * r.value
	}
	if !math.IsInf(r.floor, 0) {
		t.Bound = r.sign * math.Min(r.floor, r.value)
	}
	return t
}

// feasible is what is proven of the best point where the gap is open.
func (r *run) feasible() model.Proof {
	if r.best == nil {
		return model.ProofNone
	}
	return model.ProofFeasible
}

// without is the status of a method that stopped before the gap was closed: s where there is no point.
func (r *run) without(s model.Status) model.Status {
	if r.best == nil {
		return s
	}
	return model.StatusFeasible
}

// stopped is the answer after the time, or the context, has come to its end.
func (r *run) stopped(ctx context.Context) *Answer {
	return r.answer(r.without(stoppedBy(ctx)), r.feasible(), "")
}

// stoppedBy is the status of a run without a point that the context or the time limit ended.
func stoppedBy(ctx context.Context) model.Status {
	if errors.Is(ctx.Err(), context.Canceled) {
		return model.StatusInterrupted
	}
	return model.StatusLimit
}

func (r *run) answer(status model.Status, proof model.Proof, note string) *Answer {
	t := r.told()
	return &Answer{Status: status, Proof: proof, X: r.best, Objective: t.Incumbent, Bound: t.Bound, Note: note, Statistics: t}
}
