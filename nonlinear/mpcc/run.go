package mpcc

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// run is one solve.
type run struct {
	ctx     context.Context
	cancel  context.CancelFunc
	p       *Problem
	opt     Options
	varies  bool // Auto may try other starts and methods once it has a solution
	rng     *rand.Rand
	begin   time.Time
	best    *candidate
	until   time.Time // end of the stage's share of the time; zero: none
	quota   int       // number of iterations at which the stage ends; 0: none
	stopped string    // why the whole ends; empty: it goes on

	programs, iterations, evaluations int
	stages                            []Stage
	infeasible, unbounded             int // answers of that kind
	broken                            error
	judge                             *stationarity.Problem
}

// over reports whether the run has to end.
func (r *run) over() bool {
	if r.stopped != "" {
		return true
	}
	switch {
	case r.ctx.Err() == context.DeadlineExceeded:
		r.stopped = "the time limit is reached"
	case r.ctx.Err() != nil:
		r.stopped = "the solve was cancelled"
	case r.opt.MaxEvaluations > 0 && r.evaluations >= r.opt.MaxEvaluations:
		r.stopped = fmt.Sprintf("%d evaluations of the objective are used up", r.opt.MaxEvaluations)
	case r.opt.HasTarget && r.best != nil && r.best.feasible && r.best.objective <= r.opt.Target:
		r.stopped = "the target is reached"
	}
	return r.stopped != ""
}

// stage runs f as a stage of a name, within a share of the time that is left, and notes what it brought.
func (r *run) stage(name string, share float64, f func(s *Stage)) {
	if r.over() {
		return
	}
	s := Stage{Name: name}
	r.until = time.Time{}
	if left, limited := r.remaining(); limited {
		r.until = time.Now().Add(time.Duration(share * float64(left)))
	}
	begin, programs, iterations, before := time.Now(), r.programs, r.iterations, r.best
	f(&s)
	s.Rounds, s.Iterations, s.Seconds = r.programs-programs, r.iterations-iterations, since(begin)
	s.Improved, s.Objective = r.best != before, r.incumbent()
	r.stages = append(r.stages, s)
}

// incumbent is the best feasible objective, NaN where there is none.
func (r *run) incumbent() float64 {
	if r.best == nil || !r.best.feasible {
		return math.NaN()
	}
	return r.best.objective
}

// call is one program to be solved.
type call struct {
	stage     string
	round     int
	t         float64
	program   smooth.Program
	start     smooth.Start
	tolerance float64
	feasible  float64 // how far rows may be violated; 0: tolerance
	warm      bool
	mu        float64
	maxIter   int // 0: the solver's default
}

// solve solves a program and keeps count. It returns nil where the solver broke; the error is kept.
func (r *run) solve(c call) *smooth.Answer {
	if r.over() {
		return nil
	}
	feasible := c.tolerance
	if c.feasible > 0 {
		feasible = c.feasible
	}
	limit := r.slice()
	if limit < 0 {
		limit = time.Nanosecond
	}
	opt := smooth.Options{Tolerance: c.tolerance, Feasibility: math.Min(feasible, r.opt.Feasibility/10), MaxIterations: c.maxIter,
		TimeLimit: limit, Warm: c.warm, Mu: c.mu, Native: r.opt.Native}
	if r.quota > 0 {
		left := max(1, r.quota-r.iterations)
		if opt.MaxIterations == 0 || opt.MaxIterations > left {
			opt.MaxIterations = left
		}
	}
	a, err := r.opt.Solver.Solve(r.ctx, c.program, c.start, opt)
	r.programs++
	if err != nil {
		r.broken = err
		return nil
	}
	r.iterations += a.Iterations
	r.evaluations += a.Evaluations
	switch a.Status {
	case model.StatusInfeasible:
		r.infeasible++
	case model.StatusUnbounded:
		r.unbounded++
	}
	r.report(c, a)
	return a
}

func (r *run) report(c call, a *smooth.Answer) {
	if r.opt.Progress == nil {
		return
	}
	violation, complement := r.p.Residual(a.X[:r.p.NumVars()])
	e := Event{Stage: c.stage, Round: c.round, T: c.t, Objective: a.Objective, Violation: violation, Complementarity: complement,
		Incumbent: r.incumbent(), Iterations: r.iterations, Elapsed: time.Since(r.begin)}
	if !r.opt.Progress(e) {
		r.stopped = "it was stopped by the caller"
		r.cancel()
	}
}

// late reports whether the stage has used its share of the time, or its iterations.
func (r *run) late() bool {
	return !r.until.IsZero() && time.Now().After(r.until) || r.quota > 0 && r.iterations >= r.quota
}

// slice is the time that one program may take: what is left of the stage; 0: no limit.
func (r *run) slice() time.Duration {
	if r.until.IsZero() {
		return 0
	}
	return time.Until(r.until)
}

// remaining is the time left, and whether there is a limit.
func (r *run) remaining() (time.Duration, bool) {
	end, ok := r.ctx.Deadline()
	if !ok {
		return 0, false
	}
	return time.Until(end), true
}
