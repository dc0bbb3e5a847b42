package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// strong tries the branches of the most promising candidates whose pseudocosts are not yet reliable by LP solves of few iterations. A branch
// that is found infeasible decides: its side is impossible.
//
// Source: reliability branching, Achterberg, Koch and Martin (2005).
func (w *worker) strong(ctx context.Context, list []candidate, best candidate, value float64, fixed []uint8) (candidate, bool, error) {
	tried := 0
	bestScore := -1.0
	basis, ok := w.lp.lp.Basis(w.scratch)
	if !ok {
		return best, true, nil
	}
	w.scratch = basis
	w.lp.lp.Mark()
	for tried < w.t.opt.StrongCandidates {
		top := -1
		for i, c := range list {
			if !math.IsInf(c.score, -1) && (top < 0 || c.score > list[top].score) {
				top = i
			}
		}
		if top < 0 {
			break
		}
		c := list[top]
		list[top].score = math.Inf(-1)
		reliable := w.t.opt.Reliable
		if w.costs.list[c.pair][0].n >= reliable && w.costs.list[c.pair][1].n >= reliable {
			if tried == 0 { // the most promising is reliable
				return c, true, nil
			}
			continue
		}
		tried++
		var gains [2]float64
		for side, v := range [2]float64{c.a, c.b} {
			g, err := w.trial(ctx, c.pair, side, value, fixed, basis)
			if err != nil {
				return best, true, err
			}
			if math.IsInf(g, 1) {
				c.impossible[side] = true
				w.out.stat.StrongFixed++
				g = 1e6 * math.Max(1, math.Abs(value))
			}
			gains[side] = g
			if !c.impossible[side] {
				w.learn(c.pair, side, v, g)
			}
		}
		if c.impossible[0] || c.impossible[1] {
			return c, true, nil
		}
		if s := score(gains[0], gains[1]); s > bestScore {
			bestScore, best = s, c
		}
	}
	return best, true, nil
}

// trial solves the LP with one more member set to zero, for a few iterations, and returns the gain of the bound; infinite where the member
// cannot be zero.
func (w *worker) trial(ctx context.Context, pair, side int, value float64, fixed []uint8, basis highs.Basis) (float64, error) {
	w.out.stat.StrongTrials++
	if w.lp.apart != nil && w.lp.apart.has(w.p.pairs[pair][side]) {
		return w.trialApart(ctx, pair, side, fixed)
	}
	fixed[pair] |= 1 << side
	ok, err := w.lp.set(fixed, w.bounds)
	w.lp.dirty = true
	gain := math.Inf(1)
	if err == nil && ok {
		if err = w.lp.lp.SetIterationLimit(w.t.opt.StrongIterations); err == nil {
			var st highs.Status
			st, err = w.lp.lp.Solve(ctx)
			w.lp.iterations += w.lp.lp.Iterations()
			w.lp.solves++
			switch st {
			case highs.Optimal, highs.IterationLimit:
				gain = math.Max(0, w.lp.lp.Objective()-value)
				if math.IsNaN(gain) || math.IsInf(gain, 0) {
					gain = 0
				}
			case highs.Infeasible:
			default:
				gain = 0
			}
		}
	}
	fixed[pair] &^= 1 << side
	if e := w.lp.lp.SetIterationLimit(0); err == nil {
		err = e
	}
	if _, e := w.lp.set(fixed, w.bounds); err == nil {
		err = e
	}
	if e := w.lp.lp.Restore(basis); err == nil {
		err = e
	}
	return gain, err
}

// trialApart is trial for a multiplier that stands apart: it moves no bound, or leaves no multipliers at all.
func (w *worker) trialApart(ctx context.Context, pair, side int, fixed []uint8) (gain float64, err error) {
	fixed[pair] |= 1 << side
	ok, err := w.lp.set(fixed, w.bounds)
	if !ok {
		gain = math.Inf(1)
	} else if err == nil {
		var st highs.Status
		if st, err = w.lp.apart.refine(ctx, w.lp); st == highs.Infeasible {
			gain = math.Inf(1)
		}
	}
	fixed[pair] &^= 1 << side
	if _, e := w.lp.set(fixed, w.bounds); err == nil {
		err = e
	}
	return gain, err
}
