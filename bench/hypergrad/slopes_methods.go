package main

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/hypergrad"
)

// slopeRuns are all methods with the steps that their papers prescribe: exponents of the schedules, terms of Neumann series that grow with ln k, inner steps, batches
// of the order 1/ε where steps are constant. The first steps suit batches of 16: the follower's Hessians of single batches have norms up to
// about 3, those of the leader 1.3.
func slopeRuns() []slopeRun {
	const linear = "linear: log(1/ε) passes"
	var runs []slopeRun
	gradient := func(name, theory, why string, opt hypergrad.Options) {
		runs = append(runs, slopeRun{name: name, theory: theory, why: why, run: func(s *spy, _ uint64, budget float64) error {
			x, _ := slopeStart(s.Quadratic)
			opt.DenseLimit, opt.Tolerance, opt.MaxIterations = -1, 1e-7, 1000
			opt.Progress = func(p hypergrad.Progress) bool {
				s.terms = float64(p.Tally.Terms.Total())
				s.note(p.X)
				return true
			}
			_, err := hypergrad.Minimize(context.Background(), s, x, nil, opt)
			return err
		}})
	}
	with := func(engine hypergrad.Engine, cold bool) hypergrad.Options {
		return hypergrad.Options{Loop: hypergrad.Gradient, Steps: hypergrad.Constant(0.8), EngineOptions: hypergrad.EngineOptions{Engine: engine, Cold: cold, Steps: 150}}
	}
	gradient("ba (cold)", "1.25", linear, with(hypergrad.FixedPoint, true))
	gradient("aid cg", "1", linear, with(hypergrad.CG, false))
	gradient("aid fixed-point", "1", linear, with(hypergrad.FixedPoint, false))
	gradient("aid neumann", "1", linear, with(hypergrad.Neumann, false))
	gradient("itd reverse", "1 (log)", linear, with(hypergrad.Reverse, false))
	gradient("itd forward", "1 (log)", linear, with(hypergrad.Forward, false))
	gradient("quasi-newton", "-", "superlinear", hypergrad.Options{})

	// The schedules of the papers: y, v (or η of the series, which is constant) and x.
	sampled := func(m hypergrad.Method, theory, why string, batch int, share float64, y, v, x hypergrad.Schedule) {
		runs = append(runs, slopeRun{name: m.Name(), theory: theory, why: why, sampled: true, share: share, run: func(s *spy, seed uint64, budget float64) error {
			return sampledRun(s, hypergrad.SampledOptions{Method: m, Seed: seed, Batch: batch, YSteps: y, VSteps: v, XSteps: x}, budget)
		}})
	}
	step := func(first, exponent float64) hypergrad.Schedule {
		return hypergrad.Schedule{First: first, Exponent: exponent}
	}
	const half, third = 0.5, 1. / 3
	const noise = "noise of steps k^-1/2: ε ~ k^-1/2"
	sampled(hypergrad.BSA{Inner: 1, Growth: half}, "3", noise+", √k inner steps: ε^-3", 16, 1, step(0.25, half), step(0.25, 0), step(1, half))
	sampled(hypergrad.TTSA{}, "2.5", "answers linear in noise: ε ~ k^-3/5", 16, 1, step(0.25, 0.4), step(0.25, 0), step(1, 0.6))
	sampled(hypergrad.ALSET{}, "2 (log)", noise, 16, 1, step(0.25, half), step(0.25, 0), step(1, half))
	sampled(hypergrad.SOBA{}, "2", noise, 16, 1, step(0.4, half), step(0.4, half), step(1, half))
	sampled(hypergrad.FSLA{}, "2", noise, 16, 1, step(0.4, half), step(0.4, half), step(1, half))
	sampled(hypergrad.STABLE{}, "2", noise, 16, 1, step(0.4, half), step(0.4, half), step(1, half))
	sampled(hypergrad.SUSTAIN{}, "1.5", "as in theory", 16, 1, step(0.25, third), step(0.25, 0), step(0.5, third))
	sampled(hypergrad.MRBO{}, "1.5", "as in theory", 16, 1, step(0.25, third), step(0.25, 0), step(0.5, third))
	sampled(hypergrad.F2SA{}, "3.5", "", 16, 1, step(0.4, 4./7), step(0.4, 0), step(1, 4./7))
	sampled(hypergrad.SABA{}, "1", linear, 64, 0.5, step(0.3, 0), step(0.3, 0), step(0.3, 0))
	sampled(hypergrad.SRBA{}, "1", linear, 64, 0.5, step(0.3, 0), step(0.3, 0), step(0.3, 0))
	sampled(hypergrad.VRBO{}, "1.5", linear, 64, 0.5, step(0.3, 0), step(0.3, 0), step(0.3, 0))

	batches := func(m hypergrad.Method, why string) {
		runs = append(runs, slopeRun{name: m.Name(), theory: "2", why: why, sampled: true, levels: []float64{1e-1, 1e-2, 1e-3, 1e-4},
			perEps: func(s *spy, seed uint64, eps, budget float64) error {
				batch := int(math.Ceil(1 / eps))
				return sampledRun(s, hypergrad.SampledOptions{Method: m, Seed: seed, Batch: batch, YSteps: step(0.1, 0), VSteps: step(0.1, 0), XSteps: step(0.2, 0)}, budget)
			}})
	}
	// First-order methods are run without sampling here.
	whole := func(name, theory, why string, method func(eps float64) hypergrad.Method, levels ...float64) {
		runs = append(runs, slopeRun{name: name, theory: theory, why: why, levels: levels, perEps: func(s *spy, _ uint64, eps, budget float64) error {
			s.whole = true
			return sampledRun(s, hypergrad.SampledOptions{Method: method(eps), YSteps: step(0.8, 0), XSteps: step(0.5, 0)}, 100*budget)
		}})
	}
	whole("bome", "-", "λ ~ 1/gap, steps ~ 1/λ: ε ~ k^-2", func(float64) hypergrad.Method { return hypergrad.BOME{} }, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
	whole("penalty", "-", "λ ~ ε^-1/2, then linear", func(eps float64) hypergrad.Method { return hypergrad.Penalty{Lambda: 1 / math.Sqrt(eps)} }, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
	batches(hypergrad.StocBiO{}, "batches ~ 1/ε")
	batches(hypergrad.AmIGO{}, "batches ~ 1/ε")
	return runs
}
