package branch

import "github.com/gobilevel/bilevel/backends/highs"

// Warm is what a search has learned that may help the next one, of a model with the same variables, constraints and pairs but other numbers:
// the basis of its first LP and the pseudocosts of its pairs. It changes the way of a search, never its answer: neither rests on the
// numbers of the model. (Cuts and tightened bounds do, and are found again.)
type Warm struct {
	basis      *packedBasis
	costs      costs
	cols, rows int
	pairs      int
}

// fits reports whether w comes from a problem with as many variables, constraints and pairs.
func (w *Warm) fits(p *problem) bool {
	return w != nil && w.cols == len(p.lo) && w.rows == p.rows && w.pairs == len(p.pairs)
}

// warmStart gives the first worker what an earlier search has learned.
func (t *tree) warmStart(w *worker) {
	from := t.opt.Warm
	if !from.fits(t.p) {
		return
	}
	if from.basis != nil {
		_ = w.lp.lp.SetBasis(from.basis.unpack(highs.Basis{})) // where it does not fit the LP starts from scratch
	}
	if len(from.costs.list) == len(t.p.pairs) {
		w.costs = costs{append([][2]pseudocost(nil), from.costs.list...), from.costs.meanSum, from.costs.meanN}
	}
}

// keepWarm notes the basis of the root, before cuts.
func (t *tree) keepWarm(w *worker) {
	if t.warm != nil {
		return
	}
	t.warm = &Warm{cols: len(t.p.lo), rows: t.p.rows, pairs: len(t.p.pairs)}
	if b, ok := w.lp.lp.Basis(highs.Basis{}); ok && len(w.lp.extra) == 0 && len(w.lp.local) == 0 {
		t.warm.basis = pack(b)
	}
}
