package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// slopeRun is a method as its paper prescribes it.
type slopeRun struct {
	name   string
	theory string // exponent s of calls ~ ε^-s to a squared gradient of ε, worst cases of smooth nonconvex problems unless it says otherwise
	here   string // the exponent that the same steps have on the quadratic task, whose h is strongly convex
	why    string // where that comes from
	// run runs it on a spy for about so many terms.
	run func(s *spy, seed uint64, budget float64) error
	// sampled methods are run with several seeds.
	sampled bool
	// perEps runs the method once for each ε of the list, with parameters that depend on it; run is nil then.
	perEps func(s *spy, seed uint64, eps, budget float64) error
	levels []float64
	share  float64 // of the budget; 0: all of it
}

// decades are the columns of the table.
var decades = []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10}

// fitDecades are the decades of ε over which a slope is fitted, up to the least value reached, or to fitFloor where that is lower: rounding shows below.
const (
	fitDecades = 3
	fitFloor   = 1e-10
)

// size is that of the quadratic task: terms of follower and leader, variables of follower and leader.
type size [4]int

// String writes the numbers with commas between them.
func (z *size) String() string { return fmt.Sprintf("%d,%d,%d,%d", z[0], z[1], z[2], z[3]) }

// Set reads what String writes.
func (z *size) Set(text string) error {
	words := strings.Split(text, ",")
	if len(words) != len(z) {
		return fmt.Errorf("want four numbers, as %v", z)
	}
	var read size
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			return fmt.Errorf("%q is no number; want four, as %v", w, z)
		}
		read[i] = n
	}
	if _, err := read.task(); err != nil {
		return err
	}
	*z = read
	return nil
}

func (z *size) task() (*tasks.Quadratic, error) { return tasks.NewQuadratic(7, z[0], z[1], z[2], z[3]) }

// slopeStart is a start with a squared gradient between 0.1 and 1; the follower starts at its answer there.
func slopeStart(q *tasks.Quadratic) (x, y []float64) {
	x = q.Optimum()
	for j := range x {
		x[j] += 0.5
	}
	return x, q.Answer(x)
}

// fitSlopes runs every method on the quadratic task and prints the slope of oracle calls, counted as terms touched at both levels, against 1/ε, ε the mean squared gradient of
// h: a fit over the last three decades, its median over the seeds with the least and the largest; and the calls after which the mean over seeds stays below each decade.
func fitSlopes(w io.Writer, s settings) error {
	q, err := s.quadratic.task()
	if err != nil {
		return err
	}
	x, _ := slopeStart(q)
	fmt.Fprintf(w, "squared gradient at the start %.3g; budgets are shares of %.0e terms a seed, %d seeds; slopes over the last %d decades\n", newSpy(q).square(x), s.terms, max(1, s.repeat), fitDecades)
	fmt.Fprintf(w, "%-22s %7s %9s %6s %13s %17s %8s", "method", "theory", "here", "slope", "of the seeds", "fitted over", "calls")
	for _, d := range decades {
		fmt.Fprintf(w, " %7.0e", d)
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
		if q, err = s.quadratic.task(); err != nil {
			return err
		}
		slots <- q
	}
	var wait sync.WaitGroup
	for i, r := range runs {
		done[i] = make(chan struct{})
		wait.Go(func() {
			defer close(done[i])
			if method, _, _ := strings.Cut(r.name, ","); !s.wants(method) {
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

// wants reports whether -only lets a method pass.
func (s settings) wants(method string) bool {
	return s.only == "" || strings.Contains(","+s.only+",", ","+method+",")
}

// arrive runs every sampled method with its default steps, found on the way, and prints how near to the optimum of the closed form it came.
func (s settings) arrive(w io.Writer, q *tasks.Quadratic) error {
	fmt.Fprintf(w, "\nwith steps found on the way, to a gradient norm of 1e-3 or %.0e terms\n%-16s %-14s %16s %12s %9s\n", s.terms, "method", "status", "squared gradient", "|x - x*|", "terms")
	optimum := q.Optimum()
	for _, m := range hypergrad.Methods() {
		if !s.wants(m.Name()) {
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

// fitted is what the runs of a method say.
type fitted struct {
	slopes       []float64 // of the seeds, in order
	least, width float64   // ε reached by the mean over seeds, decades of its fit
	mean         curve
}

// median is the slope to report.
func (f fitted) median() float64 {
	n := len(f.slopes)
	return (f.slopes[(n-1)/2] + f.slopes[n/2]) / 2
}

// fit runs a method with its seeds.
func (r slopeRun) fit(q *tasks.Quadratic, first uint64, seeds int, budget float64) (fitted, error) {
	if r.share > 0 {
		budget *= r.share
	}
	if !r.sampled {
		seeds = 1
	}
	var f fitted
	var runs []*spy
	var curves []curve
	for k := range seeds {
		seed := first + uint64(k)
		if r.run != nil {
			one := newSpy(q)
			if err := r.run(one, seed, budget); err != nil {
				return f, err
			}
			runs, curves = append(runs, one), append(curves, average([]*spy{one}))
			continue
		}
		c, err := r.perLevel(q, seed, budget)
		if err != nil {
			return f, err
		}
		curves = append(curves, c)
	}
	if r.run != nil {
		f.mean = average(runs)
	} else {
		f.mean = meanTerms(curves)
	}
	f.least = max(fitFloor, f.mean.final())
	_, f.width = f.mean.slope(f.least, fitDecades)
	for _, c := range curves {
		slope, _ := c.slope(max(fitFloor, c.final()), fitDecades)
		f.slopes = append(f.slopes, slope)
	}
	slices.Sort(f.slopes)
	return f, nil
}

// perLevel is the curve of runs made for one ε each.
func (r slopeRun) perLevel(q *tasks.Quadratic, seed uint64, budget float64) (curve, error) {
	var c curve
	for _, eps := range r.levels {
		one := newSpy(q)
		one.until = eps
		if err := r.perEps(one, seed, eps, budget); err != nil {
			return nil, err
		}
		t := average([]*spy{one}).reach(eps)
		if math.IsInf(t, 1) {
			break
		}
		c = append(c, curvePoint{t, eps})
	}
	return c, nil
}

// meanTerms is the mean number of terms at each level that all curves reach.
func meanTerms(curves []curve) curve {
	var mean curve
	for i := 0; ; i++ {
		var p curvePoint
		for _, c := range curves {
			if i >= len(c) {
				return mean
			}
			p.terms += c[i].terms / float64(len(curves))
			p.square = c[i].square
		}
		mean = append(mean, p)
	}
}

// line runs a method and formats its row.
func (r slopeRun) line(s settings, q *tasks.Quadratic) (string, error) {
	f, err := r.fit(q, s.seed, max(1, s.repeat), s.terms)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	spread := ""
	if n := len(f.slopes); n > 1 {
		spread = fmt.Sprintf("%.2f to %.2f", f.slopes[0], f.slopes[n-1])
	}
	fmt.Fprintf(&b, "%-22s %7s %9s %6.2f %13s %17s %8.1e", r.name, r.theory, r.here, f.median(), spread, fmt.Sprintf("%.0e to %.0e", f.least*math.Pow(10, f.width), f.least), f.mean.reach(f.least))
	for _, d := range decades {
		if t := f.mean.reach(d); math.IsInf(t, 1) {
			fmt.Fprintf(&b, " %7s", "-")
		} else {
			fmt.Fprintf(&b, " %7.1e", t)
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
