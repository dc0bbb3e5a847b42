package valuefunction

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/verify"
)

// Result is what the runs found.
type Result struct {
	// Best is the run with the best verified candidate; where none is verified the one with the least residual; nil where there was no run.
	Best *Run
	Runs []*Run // by start, then by λ in the order of the options, then plain before answered
	// Zeros, Verified and Stationary count runs.
	Zeros, Verified, Stationary int
	// Cut is what cuts made of the best candidate and of refuted zeros, nil where that brought nothing; it is none of the Runs.
	Cut        *Run
	Iterations int
	Seconds    float64
}

// Solve runs the method from each start and, but for the rule Growing, with each λ, checks the candidates and keeps the best one that is verified.
// Each start is tried as it is and with the follower's answer, which is computed where it is not given, unless Restarts is negative. Runs go in parallel, checks one
// after the other: zeros of the system first, the best objective before the worse, so that the result does not depend on the number of
// threads. Solve stops soon after ctx is done, half of whose time is kept for checks, and then reports what it has. Errors are those of
// the call: *OptionError, *StartError, and what package verify says of a model that it cannot check at all.
func (p *Problem) Solve(ctx context.Context, starts []Start, opt Options) (*Result, error) {
	began := time.Now()
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if len(starts) == 0 {
		return nil, &StartError{"starts", "there is none; give at least one"}
	}
	for k := range starts {
		if err := starts[k].check(p.n); err != nil {
			return nil, err
		}
	}
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	running, stop := firstHalf(ctx)
	runs := p.runAll(running, p.jobs(running, starts, opt), opt)
	stop()
	c := &checks{p: p, opt: opt, sign: p.m.Leader().Objective().Sense.Sign(), best: math.Inf(1)}
	if err := c.all(ctx, runs); err != nil {
		return nil, err
	}
	r := c.result(runs)
	cut, err := c.cut(ctx, runs, r.Best)
	if err != nil {
		return nil, err
	}
	if cut != nil {
		r.Cut = cut
		r.Iterations += cut.Iterations
		if !r.Best.Verified() || c.better(cut.Value, r.Best.Value) {
			r.Best = cut
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// firstHalf ends at half of the time that ctx leaves.
func firstHalf(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-time.Until(deadline)/2))
}

// job is one run to make.
type job struct {
	start  Start
	number int
	lambda float64
}

// jobs lists the runs. Answers of followers to the starts cost a solve each.
func (p *Problem) jobs(ctx context.Context, starts []Start, opt Options) []job {
	var out []job
	lambdas := opt.Lambdas
	if opt.Rule == Growing {
		lambdas = lambdas[:1]
	}
	for k, st := range starts {
		kinds := []Start{{X: st.X}}
		answer := st.Answer
		if answer == nil && opt.Restarts > 0 && ctx.Err() == nil {
			answer, _ = verify.Respond(ctx, p.m, st.X, opt.Verify) // nil where the follower has no answer there
		}
		if answer != nil {
			kinds = append(kinds, Start{X: answer.X, Answer: answer})
		}
		for _, lambda := range lambdas {
			for _, kind := range kinds {
				out = append(out, job{kind, k, lambda})
			}
		}
	}
	return out
}

// runAll makes the runs on as many threads as there are. The first is made even where ctx is done.
func (p *Problem) runAll(ctx context.Context, jobs []job, opt Options) []*Run {
	runs := make([]*Run, len(jobs))
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		next int
	)
	for range min(opt.Threads, len(jobs)) {
		wg.Go(func() {
			for {
				mu.Lock()
				k := next
				next++
				mu.Unlock()
				if k >= len(jobs) || k > 0 && ctx.Err() != nil {
					return
				}
				runs[k] = p.run(ctx, jobs[k].start, jobs[k].lambda, opt)
				runs[k].Start = jobs[k].number
			}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(runs, func(r *Run) bool { return r == nil })
}

// result counts the runs and picks the best one.
func (c *checks) result(runs []*Run) *Result {
	out := &Result{Runs: runs}
	for _, r := range runs {
		out.Iterations += r.Iterations
		if r.Solved() {
			out.Zeros++
		}
		if r.Verified() {
			out.Verified++
		}
		if r.Stationary() {
			out.Stationary++
		}
		if out.Best == nil || c.order(r, out.Best) < 0 {
			out.Best = r
		}
	}
	return out
}

// tied is the relative difference of two objectives below which a stationary point is preferred.
const tied = 1e-6

// order puts verified runs first, the better value before the worse, among equals the stationary point; then the others by their residual.
func (c *checks) order(a, b *Run) int {
	group := func(r *Run) int {
		if r.Verified() {
			return 0
		}
		return 1
	}
	if d := cmp.Compare(group(a), group(b)); d != 0 {
		return d
	}
	if !a.Verified() {
		return cmp.Compare(a.Residual, b.Residual)
	}
	if near := tied * math.Max(1, math.Abs(b.Value)); math.Abs(a.Value-b.Value) <= near && a.Stationary() != b.Stationary() {
		if a.Stationary() {
			return -1
		}
		return 1
	}
	return cmp.Compare(c.sign*a.Value, c.sign*b.Value)
}
