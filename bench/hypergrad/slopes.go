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

// theories are the exponents s of oracle calls ~ ε^-s to a squared gradient of ε, worst cases of smooth nonconvex problems.
var theories = map[string]string{
	"BA (cold, gradient)": "1.25", "AID-BiO (warm, gradient)": "1", "ITD-BiO (reverse, gradient)": "1 (log)", "quasi-newton": "-",
	"bsa": "3", "ttsa": "2.5", "stocbio": "2 (log)", "alset": "2 (log)", "amigo": "2", "soba": "2", "stable": "2", "fsla": "2", "vrbo": "1.5", "sustain": "1.5", "mrbo": "1.5",
	"saba": "1", "srba": "1", "f2sa": "3.5", "bome": "-", "penalty": "-",
}

// fitSlopes runs every method on the quadratic task and fits the logarithm of its oracle calls (terms touched, of both levels) to that of the accuracy, over the
// decades between its first and its best squared gradient. The gradients are those of the closed form.
func fitSlopes(w io.Writer, s settings) error {
	q, err := tasks.NewQuadratic(7, 32768, 1024, 100, 10)
	if err != nil {
		return err
	}
	x := make([]float64, 10)
	for j := range x {
		x[j] = 3
	}
	limit := time.Duration(20 * s.seconds * float64(time.Second))
	fmt.Fprintf(w, "%-28s %8s %8s %9s %12s %12s  %s\n", "method", "slope", "theory", "decades", "best", "terms", "status")
	line := func(name string, points [][2]float64, status string) {
		slope, decades := fit(points)
		best, terms := math.Inf(1), 0.0
		for _, p := range points {
			if p[1] < best {
				best, terms = p[1], p[0]
			}
		}
		fmt.Fprintf(w, "%-28s %8.2f %8s %9.1f %12.2e %12.3g  %s\n", name, slope, theories[name], decades, best, terms, status)
	}
	watch := func(points *[][2]float64) func(hypergrad.Progress) bool {
		begin := cpu()
		return func(p hypergrad.Progress) bool {
			_, g := q.Gradient(p.X)
			var sq float64
			for _, v := range g {
				sq += v * v
			}
			*points = append(*points, [2]float64{float64(p.Tally.Terms.Total()), sq})
			return cpu()-begin < s.seconds
		}
	}
	gradient := hypergrad.Options{Loop: hypergrad.Gradient, Steps: hypergrad.Constant(0.5), Tolerance: 1e-8, TimeLimit: limit}
	cold, reverse := gradient, gradient
	cold.Cold = true
	cold.DenseLimit, gradient.DenseLimit = -1, -1
	reverse.Engine = hypergrad.Reverse
	reverse.EngineOptions.Steps = 30
	for _, d := range []struct {
		name string
		opt  hypergrad.Options
	}{{"BA (cold, gradient)", cold}, {"AID-BiO (warm, gradient)", gradient}, {"ITD-BiO (reverse, gradient)", reverse},
		{"quasi-newton", hypergrad.Options{Tolerance: 1e-8, TimeLimit: limit}}} {
		var points [][2]float64
		d.opt.Progress = watch(&points)
		res, err := hypergrad.Minimize(context.Background(), q, x, nil, d.opt)
		if err != nil {
			return err
		}
		line(d.name, points, res.Status.String())
	}
	for _, m := range hypergrad.Methods() {
		var points [][2]float64
		res, err := hypergrad.MinimizeSampled(context.Background(), q, x, nil, hypergrad.SampledOptions{Method: m, Seed: s.seed, Tolerance: 1e-7, TimeLimit: limit,
			MaxIterations: 1 << 40, Progress: watch(&points)})
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name(), err)
		}
		line(m.Name(), points, res.Status.String())
	}
	return nil
}

// fit is the least-squares slope of log calls against log 1/ε at the points where ε was the least so far, and the decades of ε that they span.
func fit(points [][2]float64) (slope, decades float64) {
	var u, v []float64
	best := math.Inf(1)
	for _, p := range points {
		if p[0] > 0 && p[1] > 0 && p[1] < best {
			best = p[1]
			u, v = append(u, -math.Log10(p[1])), append(v, math.Log10(p[0]))
		}
	}
	if len(u) < 3 {
		return math.NaN(), 0
	}
	mean := func(s []float64) (m float64) {
		for _, a := range s {
			m += a / float64(len(s))
		}
		return m
	}
	mu, mv := mean(u), mean(v)
	var uv, uu float64
	for i := range u {
		uv += (u[i] - mu) * (v[i] - mv)
		uu += (u[i] - mu) * (u[i] - mu)
	}
	return uv / uu, slices.Max(u) - slices.Min(u)
}
