package branch

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/backends/highs"
)

// roundingClock says at which nodes a rounding dive starts: often while there is no incumbent, then more and more seldom. The dives may take a
// tenth of the iterations.
type roundingClock struct{ node, next, interval, iterations int }

func (c *roundingClock) due(incumbent bool) bool {
	c.node++
	if c.node < firstRounding || c.node < c.next {
		return false
	}
	switch {
	case !incumbent:
		c.interval = 25
	case c.interval < 50:
		c.interval = 50
	case c.interval < 1<<20:
		c.interval *= 2
	}
	c.next = c.node + c.interval
	return true
}

// firstRounding is the node of the first rounding dive: till then plain dives have their chance.
const firstRounding = 30

// Limits of a rounding dive: LPs, and the share of the violated pairs that is decided between two of them.
const (
	roundingLPs   = 60
	roundingShare = 0.2
)

// round dives from a node towards a point that satisfies all pairs: of the violated ones, those nearest to holding are fixed, a fifth of
// them at a time, with propagation in between. Where that goes too far only the first is fixed, and then its other side. A plain dive of the
// tree decides one pair a node; with hundreds of pairs it does not reach the ground in time.
func (w *worker) round(ctx context.Context, x []float64) error {
	mark := w.prop.mark()
	defer w.prop.undo(mark)
	x = append([]float64(nil), x...)
	limit := w.lp.iterations + max(1000, w.lp.iterations/10)
	for lps := 0; lps < roundingLPs && ctx.Err() == nil && w.lp.iterations < limit; {
		list := w.roundings(x)
		if len(list) == 0 {
			if w.chooseInteger(x) >= 0 {
				return nil
			}
			return w.polish(ctx, x)
		}
		here := w.prop.mark()
		first := fixing{kind: memberZero, idx: list[0].idx, side: list[0].side}
		other := first
		other.side = 1 - first.side
		batch := 1 + int(roundingShare*float64(len(list)))
		moved := false
		for _, try := range [][]fixing{list[:batch], {first}, {other}} {
			for _, f := range try {
				w.prop.fix(int(f.idx), int(f.side))
			}
			ok := w.prop.settle()
			if ok {
				lps++
				st, v, err := w.solveFixed(ctx)
				if err != nil || st == highs.Interrupted || st == highs.TimeLimit {
					return err
				}
				if ok = st == highs.Optimal; ok && w.prune(v) {
					return nil
				}
			}
			if ok {
				copy(x, w.lp.x[:w.lp.n])
				moved = true
				break
			}
			w.prop.undo(here)
		}
		if !moved {
			return nil
		}
	}
	return nil
}

// solveFixed solves the LP with what the propagator has fixed.
func (w *worker) solveFixed(ctx context.Context) (highs.Status, float64, error) {
	ok, err := w.lp.set(w.prop.fixed, w.bounds)
	if err != nil || !ok {
		return highs.Infeasible, math.NaN(), err
	}
	return w.lp.solve(ctx, 1)
}

// roundings lists the violated pairs as what to fix of each, the nearest to holding first. Where the first member is a multiplier that costs
// nothing its size says nothing: the second is fixed, as the follower would answer.
func (w *worker) roundings(x []float64) []fixing {
	type rounding struct {
		fixing
		size float64
	}
	var list []rounding
	for k := range w.p.pairs[:w.p.real] {
		if w.prop.fixed[k] != 0 {
			continue
		}
		a, b := w.p.violation(k, x)
		if math.Min(a, b) <= pairTol*w.p.scale[k] {
			continue
		}
		f := fixing{kind: memberZero, idx: int32(k)}
		v := a
		if g := w.lp.apart; b < a || g != nil && g.has(w.p.pairs[k][0]) {
			f.side, v = 1, b
		}
		list = append(list, rounding{f, v / w.p.scale[k]})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].size < list[j].size })
	out := make([]fixing, len(list))
	for i := range list {
		out[i] = list[i].fixing
	}
	return out
}
