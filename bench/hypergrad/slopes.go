package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// slopeRun is a method as its paper prescribes it.
type slopeRun struct {
	name   string
	theory string // exponent s of calls ~ ε^-s to a squared gradient of ε, worst cases of smooth nonconvex problems
	why    string // what a strongly convex quadratic has to do with the difference
	// run runs it on a spy for about so many terms.
	run func(s *spy, seed uint64, budget float64) error
	// sampled methods are averaged over seeds.
	sampled bool
	// perEps runs the method once for each ε of the list, with parameters that depend on it; run is nil then.
	perEps func(s *spy, seed uint64, eps, budget float64) error
	levels []float64
	share  float64 // of the budget
}

// decades are the columns of the table.
var decades = []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12}

// fitDecades are the decades of ε over which a slope is fitted, up to the least value reached.
const fitDecades = 3

// slopeStart is a start with a squared gradient between 0.1 and 1; the follower starts at its answer there.
func slopeStart(q *tasks.Quadratic) (x, y []float64) {
	x = q.Optimum()
	for j := range x {
		x[j] += 0.5
	}
	return x, q.Answer(x)
}

// fitSlopes runs every method on the quadratic task and prints the oracle calls, counted as terms touched at both levels, to each decade of the mean squared gradient of h,
// with the slope of a fit over the last three decades.
func fitSlopes(w io.Writer, s settings) error {
	q, err := tasks.NewQuadratic(7, 32768, 1024, 100, 10)
	if err != nil {
		return err
	}
	x, _ := slopeStart(q)
	fmt.Fprintf(w, "squared gradient at the start %.3g; %.0e terms a seed at most; slopes over the last %d decades\n", newSpy(q).square(x), s.terms, fitDecades)
	fmt.Fprintf(w, "%-16s %7s %9s %8s %9s", "method", "slope", "decades", "theory", "least")
	for _, d := range decades {
		fmt.Fprintf(w, " %8.0e", d)
	}
	fmt.Fprintln(w, "  why")
	runs := slopeRuns()
	lines := make([]string, len(runs))
	errs := make([]error, len(runs))
	done := make([]chan struct{}, len(runs))
	// A task has scratch of its own; a goroutine takes one while it works.
	slots := make(chan *tasks.Quadratic, max(1, s.threads))
	slots <- q
	for range cap(slots) - 1 {
		if q, err = tasks.NewQuadratic(7, 32768, 1024, 100, 10); err != nil {
			return err
		}
		slots <- q
	}
	var wait sync.WaitGroup
	for i, r := range runs {
		done[i] = make(chan struct{})
		wait.Go(func() {
			defer close(done[i])
			if s.only != "" && !strings.Contains(","+s.only+",", ","+r.name+",") {
				return
			}
			q := <-slots
			lines[i], errs[i] = r.line(s, q)
			slots <- q
		})
	}
	for i := range runs {
		<-done[i]
		if errs[i] != nil {
			return fmt.Errorf("%s: %w", runs[i].name, errs[i])
		}
		fmt.Fprint(w, lines[i])
	}
	wait.Wait()
	return s.arrive(w, <-slots)
}

// arrive runs every sampled method with its default steps, found on the way, and prints how near to the optimum of the closed form it came.
func (s settings) arrive(w io.Writer, q *tasks.Quadratic) error {
	fmt.Fprintf(w, "\nwith steps found on the way, to a gradient norm of 1e-3 or %.0e terms\n%-16s %-14s %16s %12s %9s\n", s.terms, "method", "status", "squared gradient", "|x - x*|", "terms")
	optimum := q.Optimum()
	for _, m := range hypergrad.Methods() {
		if s.only != "" && !strings.Contains(","+s.only+",", ","+m.Name()+",") {
			continue
		}
		x, _ := slopeStart(q)
		res, err := hypergrad.MinimizeSampled(context.Background(), q, x, nil, hypergrad.SampledOptions{Method: m, Seed: s.seed, Consecutive: true, Tolerance: 1e-3, MaxIterations: 1 << 40,
			Progress: func(p hypergrad.Progress) bool { return float64(p.Tally.Terms.Total()) < s.terms }})
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name(), err)
		}
		var distance float64
		for j, v := range res.X {
			distance = math.Hypot(distance, v-optimum[j])
		}
		fmt.Fprintf(w, "%-16s %-14s %16.1e %12.1e %9.1e\n", m.Name(), res.Status, newSpy(q).square(res.X), distance, float64(res.Tally.Terms.Total()))
	}
	return nil
}

// line runs a method and formats its row.
func (r slopeRun) line(s settings, q *tasks.Quadratic) (string, error) {
	budget := s.terms
	seeds := 1
	if r.sampled {
		seeds = max(1, s.repeat)
	}
	if r.share > 0 {
		budget *= r.share
	}
	var reach func(eps float64) float64
	var slope, reached, least float64
	if r.run != nil {
		var runs []*spy
		for k := range seeds {
			one := newSpy(q)
			if err := r.run(one, s.seed+uint64(k), budget); err != nil {
				return "", err
			}
			runs = append(runs, one)
		}
		c := average(runs)
		least = c.best()
		slope, reached = c.slope(least, fitDecades)
		reach = c.reach
	} else {
		var c curve
		for _, eps := range r.levels {
			var mean float64
			for k := range seeds {
				one := newSpy(q)
				if err := r.perEps(one, s.seed+uint64(k), eps, budget); err != nil {
					return "", err
				}
				mean += average([]*spy{one}).reach(eps) / float64(seeds)
			}
			c = append(c, struct{ terms, square float64 }{mean, eps})
			if math.IsInf(mean, 1) {
				c = c[:len(c)-1]
				break
			}
		}
		least = c.best()
		slope, reached = c.slope(least, fitDecades+1)
		reach = c.reach
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s %7.2f %9.1f %8s %9.1e", r.name, slope, reached, r.theory, least)
	for _, d := range decades {
		if t := reach(d); math.IsInf(t, 1) {
			fmt.Fprintf(&b, " %8s", "-")
		} else {
			fmt.Fprintf(&b, " %8.1e", t)
		}
	}
	fmt.Fprintf(&b, "  %s\n", r.why)
	return b.String(), nil
}

// sampled runs a sampled method without the guard until the budget is spent.
func sampledRun(s *spy, opt hypergrad.SampledOptions, budget float64) error {
	x, y := slopeStart(s.Quadratic)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	opt.Consecutive = true // the task's terms are drawn independently
	opt.Unguarded, opt.MaxIterations, opt.Tolerance, opt.CheckEvery = true, 1<<40, 1e-9, 1<<40
	opt.Progress = func(p hypergrad.Progress) bool {
		s.progress(p)
		return s.terms-s.checks < budget
	}
	s.stop, s.budget = cancel, budget
	var p hypergrad.Problem = s
	if s.whole {
		p = unsampled{s}
	}
	_, err := hypergrad.MinimizeSampled(ctx, p, x, y, opt)
	return err
}
