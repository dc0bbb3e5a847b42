package main

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/hypergrad"
)

// slopeRuns are all methods with the steps that their papers prescribe: exponents of the schedules, inner steps and penalties that grow, batches of the order 1/ε where
// steps are constant. Neumann series have as many terms as the last ε needs, so that their logarithm stays out of the slopes.
//
// First steps are nearly as long as batches allow: the Hessians of single batches have norms up to about 13 with 4 samples and 4 with 16 for the follower, 2 and 1.3 for the
// leader. Then the noise of the first iterates is of the size of the gradient at the start, and the phase that noise rules, which the theory speaks of, begins at once. With
// it γ is the leader's step and σ² the variance of its direction: h is a quadratic, and x moves about its minimiser with a mean squared gradient of the order γσ².
func slopeRuns() []slopeRun {
	return append(deterministicRuns(), append(sampledRuns(), levelRuns()...)...)
}

// step is a schedule.
func step(first, exponent float64) hypergrad.Schedule {
	return hypergrad.Schedule{First: first, Exponent: exponent}
}

// deterministicRuns take whole sums.
func deterministicRuns() []slopeRun {
	const linear = "h is strongly convex: log(1/ε) passes"
	var runs []slopeRun
	gradient := func(name, theory, why string, opt hypergrad.Options) {
		runs = append(runs, slopeRun{name: name, theory: theory, here: "0 (log)", why: why, run: func(s *spy, _ uint64, budget float64) error {
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

	// First-order methods, without sampling.
	whole := func(m hypergrad.Method, name, theory, here, why string, share float64, y, x hypergrad.Schedule) {
		runs = append(runs, slopeRun{name: name, theory: theory, here: here, why: why, share: share, run: func(s *spy, _ uint64, budget float64) error {
			s.whole = true
			return sampledRun(s, hypergrad.SampledOptions{Method: m, YSteps: y, XSteps: x}, budget)
		}})
	}
	whole(hypergrad.F2SA{Inner: 1, Growth: 1. / 3}, "f2sa, whole sums", "1.5", "1.5", "bias 1/λ, λ ~ k^1/3: ε ~ k^-2/3", 700, step(0.8, 0), step(1, 1./3))
	whole(hypergrad.BOME{Inner: 40, Eta: 0.02}, "bome", "-", "0.5", "bias 1/λ, λ grows by η: ε ~ k^-2", 900, step(1.4, 0), step(0.05, 0))
	runs = append(runs, slopeRun{name: "penalty", theory: "1.5", here: "0 (log)", why: "λ ~ ε^-1/2, and h is strongly convex", levels: []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}, share: 1000,
		perEps: func(s *spy, _ uint64, eps, budget float64) error {
			s.whole = true
			return sampledRun(s, hypergrad.SampledOptions{Method: hypergrad.Penalty{Lambda: 1 / math.Sqrt(eps), Inner: 60}, YSteps: step(0.8, 0), XSteps: step(0.5, 0)}, budget)
		}})
	return runs
}

// sampledRuns sample.
func sampledRuns() []slopeRun {
	var runs []slopeRun
	add := func(m hypergrad.Method, variant, theory, here, why string, batch int, share float64, y, v, x hypergrad.Schedule) {
		runs = append(runs, slopeRun{name: m.Name() + variant, theory: theory, here: here, why: why, sampled: true, share: share, run: func(s *spy, seed uint64, budget float64) error {
			return sampledRun(s, hypergrad.SampledOptions{Method: m, Seed: seed, Batch: batch, YSteps: y, VSteps: v, XSteps: x}, budget)
		}})
	}
	const half, third, terms = 0.5, 1. / 3, 40
	const root = "noise γσ² ~ k^-1/2"
	slow := hypergrad.Schedule{First: 1, Exponent: 1, Delay: 4}
	add(hypergrad.BSA{Inner: 1, Growth: half, Terms: terms}, "", "3", "2 to 3", root+"; √k inner steps prevail late", 16, 5, step(0.3, half), step(0.4, 0), step(1, half))
	add(hypergrad.BSA{Inner: 1, Growth: 1, Terms: terms}, ", steps 1/k", "2*", "1 to 2", "noise γσ² ~ 1/k; k inner steps prevail late", 16, 8, step(0.3, half), step(0.4, 0), slow)
	add(hypergrad.TTSA{Terms: terms}, "", "2.5", "1.67", "answers linear in noise: γσ² ~ k^-3/5 alone", 16, 3, step(0.3, 0.4), step(0.4, 0), step(0.7, 0.6))
	add(hypergrad.ALSET{Terms: terms}, "", "2 (log)", "2", root, 16, 7, step(0.3, half), step(0.4, 0), step(0.4, half))
	add(hypergrad.SOBA{}, "", "2", "2", root, 4, 2, step(0.1, half), step(0.1, half), step(0.8, half))
	add(hypergrad.FSLA{}, "", "2", "2", root, 4, 2, step(0.1, half), step(0.1, half), step(0.8, half))
	add(hypergrad.STABLE{}, "", "2", "2", root, 16, 7, step(0.3, half), step(0.3, 0), step(1, half))
	add(hypergrad.STABLE{}, ", steps 1/k", "1*", "1", "noise γσ² ~ 1/k", 16, 2, slow, step(0.3, 0), slow)
	add(hypergrad.SUSTAIN{Momentum: half, Terms: terms}, "", "1.5", "1.5", "noise ησ² ~ k^-2/3", 16, 4, step(0.1, third), step(0.4, 0), step(0.5, third))
	add(hypergrad.MRBO{Momentum: half, Terms: terms}, "", "1.5", "1.5", "noise ησ² ~ k^-2/3", 16, 2, step(0.1, third), step(0.4, 0), step(0.5, third))
	add(hypergrad.F2SA{Inner: 1}, "", "3.5", "1.4 to 3.5", "noise ασ² ~ k^-5/7, later the bias λ^-2 ~ k^-2/7", 16, 1, step(0.3, 4./7), step(0.3, 0), step(1, 5./7))
	const finite = "finite sums, h strongly convex: log(1/ε) passes"
	add(hypergrad.SABA{}, "", "1", "0 (log)", finite, 64, 0.5, step(0.3, 0), step(0.3, 0), step(0.3, 0))
	add(hypergrad.SRBA{}, "", "1", "0 (log)", finite, 64, 0.5, step(0.3, 0), step(0.3, 0), step(0.3, 0))
	add(hypergrad.VRBO{Terms: 150, Period: 60}, ", whole sums", "1", "0 (log)", finite, 64, 3, step(0.3, 0), step(0.6, 0), step(0.3, 0))
	return runs
}

// levelRuns have batches for a given ε.
func levelRuns() []slopeRun {
	var runs []slopeRun
	add := func(name, theory, here, why string, share float64, options func(eps float64) hypergrad.SampledOptions) {
		runs = append(runs, slopeRun{name: name, theory: theory, here: here, why: why, sampled: true, share: share, levels: []float64{1e-1, 1e-2, 1e-3, 1e-4},
			perEps: func(s *spy, seed uint64, eps, budget float64) error {
				opt := options(eps)
				opt.Seed = seed
				return sampledRun(s, opt, budget)
			}})
	}
	batches := func(m hypergrad.Method, size float64) {
		add(m.Name(), "2", "1 (log)", "h is strongly convex: log(1/ε) steps with batches ~ 1/ε", 10, func(eps float64) hypergrad.SampledOptions {
			return hypergrad.SampledOptions{Method: m, Batch: int(math.Ceil(size / eps)), YSteps: step(0.3, 0), VSteps: step(0.3, 0), XSteps: step(0.5, 0)}
		})
	}
	batches(hypergrad.StocBiO{Terms: 60}, 3)
	// One step of the adjoint an iteration in the place of 60 terms leaves more noise to average out.
	batches(hypergrad.AmIGO{}, 10)
	add("vrbo", "1.5", "1 (log)", "h is strongly convex: log(1/ε) steps, but one batch ~ 1/ε at least", 10, func(eps float64) hypergrad.SampledOptions {
		small := int(math.Ceil(10 / math.Sqrt(eps)))
		return hypergrad.SampledOptions{Method: hypergrad.VRBO{Terms: 60, Period: int(math.Ceil(1 / math.Sqrt(eps))), Large: int(math.Ceil(20 / eps))}, Batch: small,
			YSteps: step(0.3, 0), VSteps: step(0.3, 0), XSteps: step(0.5, 0)}
	})
	return runs
}
