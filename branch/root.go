package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// rootLP is what is kept of the root's LP: its value and reduced costs, from which bounds follow whenever a better point is found.
type rootLP struct {
	value  float64
	cost   []float64 // reduced costs of the columns
	lo, hi []float64 // bounds of the columns in that LP
	solved bool
}

// rootCuts adds cuts to the solved root, and keeps what is needed of it later.
func (w *worker) rootCuts(ctx context.Context, value float64) (highs.Status, float64, error) {
	t := w.t
	t.stat.FirstBound, t.stat.RootBound = value, value
	t.keepWarm(w)
	st := highs.Optimal
	if t.opt.CutRounds > 0 && w.p.real > 0 && w.lp.apart == nil { // cuts through multipliers that cost nothing bind nothing
		var err error
		if st, value, err = w.cut(ctx, value); err != nil || st != highs.Optimal {
			return st, value, err
		}
		t.stat.RootBound = value
	}
	n := w.lp.lp.NumCols()
	r := rootLP{value: value, cost: make([]float64, n), lo: append([]float64(nil), w.lp.curLo...), hi: append([]float64(nil), w.lp.curHi...)}
	r.solved = w.lp.lp.ReducedCosts(r.cost) == nil
	t.root = r
	if w.value < math.Inf(1) {
		if w.value < t.value { // found at the root, before the dive is over
			t.value, t.best = w.value, w.best
			t.live.set(w.value)
		}
		t.reducedCosts()
	}
	return st, value, nil
}

// reducedCosts tightens bounds for points that are better than the incumbent, of value v: with z the value of the root's LP and d_j the
// reduced cost of a column at its lower bound, every such point has
//
//	z + d_j (x_j - lo_j) <= v,  that is  x_j <= lo_j + (v - z) / d_j,
//
// and likewise at an upper bound. The workers take the bounds over before their next dive.
func (t *tree) reducedCosts() {
	r := &t.root
	if !r.solved || t.opt.NoReducedCosts || t.value < r.value {
		return
	}
	room := (t.value - r.value) * (1 + 1e-6)
	if room <= 0 || math.IsInf(room, 0) {
		return
	}
	for j := range r.lo {
		d := r.cost[j]
		width := r.hi[j] - r.lo[j]
		if math.Abs(d) < 1e-6 || width <= 0 {
			continue
		}
		step := room/math.Abs(d) + 1e-7*size(r.lo[j], r.hi[j])
		if !(step < 0.99*width) {
			continue
		}
		integer := t.p.m.VarKind(j) != 0
		switch {
		case d > 0 && !math.IsInf(r.lo[j], 0):
			v := r.lo[j] + step
			if integer {
				v = math.Floor(v + 1e-6)
			}
			r.hi[j] = v
			t.tightenings = append(t.tightenings, fixing{kind: upperBound, idx: int32(j), value: v})
		case d < 0 && !math.IsInf(r.hi[j], 0):
			v := r.hi[j] - step
			if integer {
				v = math.Ceil(v - 1e-6)
			}
			r.lo[j] = v
			t.tightenings = append(t.tightenings, fixing{kind: lowerBound, idx: int32(j), value: v})
		default:
			continue
		}
		t.stat.ReducedCostTightenings++
	}
}
