package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// settings are the flags.
type settings struct {
	task, method, engine  string
	seconds, inner, outer float64
	size, threads         int
	seed                  uint64
	terms                 float64 // of a run for slopes
	quadratic             size    // of the task for slopes
	only                  string
	growing               bool
	repeat                int  // runs of -peer
	every                 int  // iterations between the checks of a sampled method; 0: its default
	untimed               bool // checks of a sampled method are left out of the times
}

// point is where a run was at a time.
type point struct {
	cpu       float64
	x, y      []float64
	iteration int
	tally     hypergrad.Tally
}

// bench runs a task and prints its table.
func (s settings) bench(w io.Writer) error {
	t, err := s.build()
	if err != nil {
		return err
	}
	wall := time.Now()
	points, used, res, err := s.record(t)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s, %s: %v, %s\n%d iterations, %.3f s CPU, %.3f s wall, %d MB at most, calls: %v\n", s.task, s.method, res.Status, res.Message, res.Iterations,
		used, t.prepare+time.Since(wall).Seconds(), peak(), res.Tally.Calls)
	return t.table(w, points)
}

// record runs a task and answers where it was when, and the CPU time of all of it.
func (s settings) record(t *task) (points []point, used float64, res *hypergrad.Result, err error) {
	run, watch := *t, &looks{}
	if linear, ok := t.problem.(*tasks.Linear); ok && s.untimed {
		watch.Linear = linear
		run.problem = watch
	}
	begin, out := cpu(), 0.0
	note := func(p hypergrad.Progress) bool {
		now := cpu() - watch.reported(cpu())
		points = append(points, point{cpu: t.prepare + now - begin - out, x: slices.Clone(p.X), y: slices.Clone(p.Y), iteration: p.Iteration, tally: p.Tally})
		out += cpu() - watch.took - now
		return now-begin-out < s.seconds
	}
	res, err = s.solve(&run, note)
	return points, t.prepare + cpu() - watch.took - begin - out, res, err
}

// solve runs the chosen method.
func (s settings) solve(t *task, record func(hypergrad.Progress) bool) (*hypergrad.Result, error) {
	// The limit of CPU time is kept by record; the clock is there for what never calls it.
	limit := time.Duration(20 * s.seconds * float64(time.Second))
	if s.method == "quasi-newton" || s.method == "gradient" {
		engine, err := hypergrad.ParseEngine(s.engine)
		if err != nil {
			return nil, err
		}
		opt := hypergrad.Options{Set: t.set, Tolerance: t.tolerance, TimeLimit: limit, Progress: record, FirstMove: t.firstMove, Growing: s.growing}
		opt.Engine = engine
		if s.method == "gradient" {
			opt.Loop = hypergrad.Gradient
			if s.outer > 0 {
				opt.Steps = hypergrad.Constant(s.outer)
			}
		}
		return hypergrad.Minimize(context.Background(), t.problem, t.x, t.y, opt)
	}
	return s.sampled(t, limit, record)
}

// table prints when each threshold was passed.
func (t *task) table(w io.Writer, points []point) error {
	measure, name, err := t.measures()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-18s %10s %10s %14s  calls\n", name, "CPU s", "iteration", "h")
	next := 0
	for i, p := range points {
		// Measuring takes longer than running; points between are left out where there are many.
		if len(points) > 400 && i%(len(points)/400+1) != 0 && i != len(points)-1 {
			continue
		}
		m, value, err := measure(p)
		if err != nil {
			return err
		}
		for next < len(t.thresholds) && m <= t.thresholds[next] {
			fmt.Fprintf(w, "<= %-15.3g %10.3f %10d %14.9g  %v\n", t.thresholds[next], p.cpu, p.iteration, value, p.tally.Calls)
			next++
		}
		if i == 0 || i == len(points)-1 {
			fmt.Fprintf(w, "%18.3e %10.3f %10d %14.9g  %v\n", m, p.cpu, p.iteration, value, p.tally.Calls)
		}
	}
	return nil
}

// measures is how far a point is, and what that is called.
func (t *task) measures() (func(point) (m, value float64, err error), string, error) {
	if t.measure != nil {
		return t.measure, t.measureName, nil
	}
	exact, err := hypergrad.NewEvaluator(t.problem, t.y, hypergrad.EngineOptions{})
	return func(p point) (m, value float64, err error) {
		ev, err := exact.Evaluate(context.Background(), p.x, 1e-12)
		if err != nil {
			return math.NaN(), math.NaN(), err
		}
		return t.squared(p.x, ev.Gradient), ev.Value, nil
	}, "squared gradient", err
}

// squared is the squared norm of the projected gradient.
func (t *task) squared(x, g []float64) float64 {
	moved := slices.Clone(x)
	for j := range moved {
		moved[j] -= g[j]
	}
	if t.set != nil {
		t.set.Project(moved)
	}
	var s float64
	for j := range moved {
		s += (x[j] - moved[j]) * (x[j] - moved[j])
	}
	return s
}
