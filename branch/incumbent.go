package branch

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// heuristicClock says at which nodes Complete is called: at a few of the first 20, then at intervals that grow while it brings nothing. It counts
// nodes and not seconds, so that a search can be repeated.
type heuristicClock struct {
	node, next, interval, failures int
}

// due counts a node and reports whether Complete is to be called there.
func (h *heuristicClock) due(every int) bool {
	if h.interval == 0 {
		h.interval = every
	}
	h.node++
	switch h.node {
	case 1, 3, 8, 20:
		return true
	}
	return h.node > 20 && h.node >= h.next
}

// called notes a call and whether it brought a better point.
func (h *heuristicClock) called(better bool) {
	if better {
		h.failures = 0
	} else if h.failures++; h.node > 20 && h.failures%4 == 0 && h.interval < 1<<20 {
		h.interval *= 2
	}
	h.next = h.node + h.interval
}

// newDecision reports whether x has whole numbers in all integer columns that no point before it had: with the leader's decision made, what the
// followers answer may well close the node.
func (w *worker) newDecision(x []float64) bool {
	if len(w.p.integer) == 0 || w.chooseInteger(x) >= 0 {
		return false
	}
	h := fnv.New64a()
	var b [8]byte
	for _, j := range w.p.integer {
		binary.LittleEndian.PutUint64(b[:], uint64(int64(math.Round(x[j]))))
		h.Write(b[:])
	}
	key := h.Sum64() // two decisions of one key cost a call at most
	if w.decided[key] {
		return false
	}
	if w.decided == nil || len(w.decided) > 1<<16 {
		w.decided = map[uint64]bool{}
	}
	w.decided[key] = true
	return true
}

// complete asks Complete for a point near x and takes its pattern.
func (w *worker) complete(ctx context.Context, x []float64) error {
	before := w.value
	y := w.t.opt.Complete(ctx, x)
	var err error
	if y != nil {
		err = w.polish(ctx, y)
	}
	w.heuristic.called(w.value < before)
	if w.value < before {
		w.out.stat.HeuristicPoints++
	}
	return err
}

// pattern is what a point shows: which member of each pair is zero, the values of integer columns, the column of each set that is not zero.
// A pair whose first member, the multiplier, is positive gets its second set to zero, and the other way round.
func (p *problem) pattern(x []float64) (fixed []uint8, bounds []fixing) {
	fixed = make([]uint8, len(p.pairs))
	for k := range fixed[:p.real] {
		a, b := p.violation(k, x)
		if a > 1e-7*p.scale[k] && a >= b {
			fixed[k] = 2
		} else if b > a || a <= 1e-7 {
			fixed[k] = 1
		} else {
			fixed[k] = 2
		}
	}
	for _, j := range p.integer {
		v := math.Round(x[j])
		bounds = append(bounds, fixing{kind: lowerBound, idx: j, value: v}, fixing{kind: upperBound, idx: j, value: v})
	}
	return fixed, append(bounds, p.keepLargest(x)...)
}

// polish fixes the pattern that a point shows and optimises what is left: every point of that LP satisfies all pairs. Where that gives a
// better incumbent, patterns next to it are tried as well.
func (w *worker) polish(ctx context.Context, x []float64) error {
	fixed, bounds := w.p.pattern(x)
	if w.lp.quad {
		return w.quadraticPattern(ctx, fixed, bounds)
	}
	before := w.value
	if _, err := w.solvePattern(ctx, fixed, bounds); err != nil {
		return err
	}
	if w.value < before && !w.t.opt.NoLocalSearch {
		return w.localSearch(ctx, fixed, bounds)
	}
	return nil
}

// solvePattern solves the LP of a pattern and takes its point as an incumbent. It is false where the LP has no optimum.
func (w *worker) solvePattern(ctx context.Context, fixed []uint8, bounds []fixing) (bool, error) {
	if err := w.lp.freeLocal(); err != nil {
		return false, err
	}
	ok, err := w.lp.set(fixed, bounds)
	if err != nil || !ok {
		return false, err
	}
	st, _, err := w.lp.solve(ctx, 0)
	if err != nil || st != highs.Optimal {
		return false, err
	}
	w.accept(w.lp.x[:w.lp.n], 1e-7)
	return true, nil
}

// accept takes x as the incumbent where it is better and satisfies rows, bounds, pairs and sets to tol, relative to their size.
func (w *worker) accept(x []float64, tol float64) bool {
	v := w.p.value(x)
	if w.p.residual(x) > tol {
		return false
	}
	if v < w.value {
		w.value = v
		w.best = append(w.best[:0:0], x...)
		for _, j := range w.p.integer {
			w.best[j] = math.Round(w.best[j])
		}
		w.out.stat.Incumbents++
	}
	return true
}

// residual is the largest violation of a row, bound, pair, set or integrality at x, relative to the size of the terms.
func (p *problem) residual(x []float64) float64 {
	worst := 0.0
	for j, v := range x {
		worst = math.Max(worst, math.Max(p.lo[j]-v, v-p.hi[j])/size(v))
	}
	for _, j := range p.integer {
		worst = math.Max(worst, math.Abs(x[j]-math.Round(x[j])))
	}
	bigs := make([]float64, p.rows)
	for r := range bigs {
		s, big := 0.0, 1.0
		for k := p.start[r]; k < p.start[r+1]; k++ {
			term := p.val[k] * x[p.idx[k]]
			s += term
			big = math.Max(big, math.Abs(term))
		}
		worst = math.Max(worst, math.Max(p.rlo[r]-s, s-p.rhi[r])/big)
		bigs[r] = big
	}
	for k, pair := range p.pairs[:p.real] {
		a, b := p.violation(k, x)
		least := math.Min(a, b) / size(p.scale[k], a, b)
		for side, v := range [2]float64{a, b} { // a slack is as exact as the terms that it is the rest of
			if m := pair[side]; m.row {
				least = math.Min(least, v/math.Max(p.scale[k], bigs[m.idx]))
			}
		}
		worst = math.Max(worst, least)
	}
	for i := range p.sets {
		v, _ := p.sets[i].violation(x)
		worst = math.Max(worst, v)
	}
	return worst
}
