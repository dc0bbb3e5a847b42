package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// penaltyRounds is how often the penalties of a node are looked at again after they have moved its LP.
const penaltyRounds = 5

// penalties fixes members of open pairs at a node whose LP is solved and has the value: with p a bound from below on what the LP's optimum rises by where one
// member is set to zero,
//
//	value + p >= v - tolerance,
//
// v being the incumbent's value, says that no better point of the node has that member at zero, so that its partner is zero. What is fixed belongs to the
// node and those below it; the incumbent can only improve. The LP is solved again where its bounds have changed. It returns the status and value of the LP that is
// left, or closed where no better point is.
//
// Source: Driebeek (1966) for integer variables.
func (w *worker) penalties(ctx context.Context, n *node, value float64) (closed bool, st highs.Status, v float64, err error) {
	for range penaltyRounds {
		if !w.lp.lp.atOptimum() {
			break
		}
		before := len(w.prop.trail)
		w.fixByPenalty(n)
		if len(w.prop.trail) == before && !w.prop.infeasible {
			break
		}
		if w.prop.infeasible || !w.prop.settle() {
			return true, highs.Infeasible, value, nil
		}
		if err := w.lp.follow(w.prop.lo, w.prop.hi); err != nil {
			return false, highs.Failed, value, err
		}
		if ok, err := w.lp.set(w.prop.fixed, w.bounds); err != nil || !ok {
			return true, highs.Infeasible, value, err
		}
		moved := w.lp.dirty
		w.lp.cutoff = w.value - w.tolerance()
		st, v, err := w.lp.solve(ctx, penaltyRounds)
		w.lp.cutoff = math.Inf(1)
		if err != nil || st != highs.Optimal {
			return st == highs.Infeasible, st, value, err
		}
		if value = math.Max(value, v); w.prune(value) {
			return true, st, value, nil
		}
		if !moved {
			break
		}
	}
	return false, highs.Optimal, value, nil
}

// fixByPenalty goes once through the open pairs. What the tableau says is only acted on where the rows as they are given prove it.
func (w *worker) fixByPenalty(n *node) {
	limit := w.value - w.tolerance()
	small := w.lp.lp.small
	base := small.Objective()
	for k, pair := range w.p.pairs[:w.p.real] {
		if w.prop.fixed[k] != 0 {
			continue
		}
		for side, m := range pair {
			if w.lp.apart != nil && w.lp.apart.has(m) || w.p.slack(m, w.lp.x) <= pairTol*w.p.scale[k] {
				continue
			}
			q, to := int(m.idx), w.p.at(m)
			if m.row {
				q += small.NumCols()
			}
			gain, step := small.Penalty(q, to)
			if base+gain < limit {
				continue
			}
			at := base + small.ProvenPenalty(q, to, gain, step)
			if !(at >= limit) {
				continue
			}
			if at < w.value { // closed within the gap
				w.out.cut = math.Min(w.out.cut, at)
			}
			n.extra = append(n.extra, fixing{kind: memberZero, idx: int32(k), side: uint8(1 - side)})
			w.prop.fix(k, 1-side)
			w.out.stat.PenaltyFixed++
			break
		}
	}
}

// atOptimum reports whether the small solver has just solved the LP, so that its tableau tells penalties.
func (l *linear) atOptimum() bool { return l.small != nil && l.current }
