package branch

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/backends/highs"
)

// Limits of the cuts: pairs cut on in a round, rounds without progress after which it ends, the least share of the gap that all cuts
// together must close to be kept.
const (
	cutsARound   = 30
	idleRounds   = 5
	leastClosed  = 1e-3
	cutDynamism  = 1e5
	cutTolerance = 1e-7
)

// cut strengthens the root by disjunctive cuts, see disjunctive. Cuts that are slack after a re-solve are deleted; where all together
// close less than a thousandth of the gap they only make the LPs slower and are dropped.
//
// Source: intersection cuts of Balas (1971); their use for complementarity: Ibaraki (1973), Hu, Mitchell, Pang, Bennett and Kunapuli (2008).
func (w *worker) cut(ctx context.Context, first float64) (highs.Status, float64, error) {
	value, idle, before := first, 0, len(w.lp.extra)
	iterations := w.lp.iterations
	budget := 2*iterations + 500
	saved, _ := w.lp.lp.Basis(highs.Basis{})
	for round := 0; round < w.t.opt.CutRounds && idle < idleRounds && ctx.Err() == nil && w.lp.iterations-iterations < budget; round++ {
		cuts, err := w.disjunctive()
		if err != nil || len(cuts) == 0 {
			if err != nil {
				return highs.Failed, 0, err
			}
			break
		}
		w.t.stat.CutRounds++
		w.t.stat.CutsMade += len(cuts)
		for _, c := range cuts {
			if err := w.lp.addRow(c); err != nil {
				return highs.Failed, 0, err
			}
		}
		st, v, err := w.lp.solve(ctx, 5)
		if err != nil {
			return st, v, err
		}
		if st != highs.Optimal {
			break // solved again below, without the cuts
		}
		if v-value < 1e-4*math.Max(1e-6, v-first) || v-value < 1e-9*math.Max(1, math.Abs(v)) {
			idle++
		}
		value = math.Max(value, v)
		if err := w.lp.dropSlack(before); err != nil {
			return highs.Failed, 0, err
		}
		if st, _, err := w.lp.solve(ctx, 0); err != nil || st != highs.Optimal { // from the basis at hand; the tableau is wanted
			if err != nil {
				return st, 0, err
			}
			break
		}
	}
	if ctx.Err() != nil {
		return highs.Interrupted, value, nil
	}
	gap := math.Max(1, math.Abs(first)) * 0.1
	if !math.IsInf(w.value, 1) {
		gap = w.value - first
	}
	if value-first < leastClosed*gap {
		if err := w.lp.dropRows(before); err != nil {
			return highs.Failed, 0, err
		}
		_ = w.lp.lp.SetBasis(saved)
	}
	w.t.stat.CutsKept = 0
	for _, e := range w.lp.extra[before:] {
		if e.cut {
			w.t.stat.CutsKept++
		}
	}
	st, v, err := w.lp.solve(ctx, 5)
	if err == nil && st == highs.Infeasible && w.t.stat.CutsKept > 0 {
		// The cuts say that there is no point (better than the incumbent). It is for the search without them to say so.
		w.t.stat.CutsKept = 0
		if err := w.lp.dropRows(before); err != nil {
			return highs.Failed, 0, err
		}
		st, v, err = w.lp.solve(ctx, 5)
	}
	return st, v, err
}

// dropRows deletes the extra rows from place from on.
func (r *relaxation) dropRows(from int) error {
	return r.drop(from, func(int) bool { return true })
}

// dropSlack deletes the cuts from place from on that are not active.
func (r *relaxation) dropSlack(from int) error {
	activity := make([]float64, r.lp.NumRows())
	if err := r.lp.RowActivity(activity); err != nil {
		return err
	}
	return r.drop(from, func(i int) bool {
		e, v := r.extra[i], activity[r.p.rows+i]
		return math.Min(v-e.lo, e.hi-v) > 1e-6*size(v)
	})
}

// drop deletes extra rows. The solver forgets its basis over that; it is given back what is left of it where the deleted rows were basic.
func (r *relaxation) drop(from int, slack func(i int) bool) error {
	basis, ok := r.lp.Basis(highs.Basis{})
	var index []int32
	keep, rows := r.extra[:from:from], []uint8(nil)
	if ok {
		rows = basis.Rows[:r.p.rows+from]
	}
	for i := from; i < len(r.extra); i++ {
		if slack(i) {
			index = append(index, int32(r.p.rows+i))
			continue
		}
		keep = append(keep, r.extra[i])
		if ok {
			rows = append(rows, basis.Rows[r.p.rows+i])
		}
	}
	if len(index) == 0 {
		return nil
	}
	r.extra = keep
	if err := r.lp.DeleteRows(index); err != nil {
		return err
	}
	if ok {
		basis.Rows = rows
		_ = r.lp.SetBasis(basis) // refused where a deleted row was not basic: then the LP starts from scratch
	}
	return nil
}

// disjunctive makes a cut from each of the most violated pairs 0 <= a ⟂ b >= 0. In the optimal basis both members are affine in the
// distances t >= 0 of the nonbasic variables from their bounds: a = a0 + α't, b = b0 + β't with a0, b0 > 0. Where a = 0 some
// Σ -α_j t_j = a0, where b = 0 likewise, so at every point that satisfies the pair
//
//	Σ max(-α_j/a0, -β_j/b0, 0) t_j >= 1,
//
// which the relaxed point, t = 0, violates.
func (w *worker) disjunctive() ([]extraRow, error) {
	type violated struct {
		pair  int
		a, b  float64
		score float64
	}
	x := w.lp.x[:w.lp.n]
	var list []violated
	for k := range w.p.pairs[:w.p.real] {
		if w.prop.fixed[k] != 0 {
			continue
		}
		a, b := w.p.violation(k, x)
		if math.Min(a, b) > 1e-5*w.p.scale[k] {
			list = append(list, violated{k, a, b, math.Min(a, b) / w.p.scale[k]})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].score > list[j].score })
	tab, err := newTableau(w.lp)
	if err != nil {
		return nil, nil // no factored basis at hand: no cuts
	}
	var out []extraRow
	for _, v := range list[:min(len(list), cutsARound)] {
		a, ok := tab.member(w.p.pairs[v.pair][0])
		if !ok {
			continue
		}
		a = append([]entry(nil), a...)
		b, ok := tab.member(w.p.pairs[v.pair][1])
		if !ok {
			continue
		}
		if c, ok := tab.cut(a, b, v.a, v.b); ok && w.safe(c) {
			out = append(out, c)
		}
	}
	return out, nil
}

// safe reports whether the incumbent, which satisfies every valid cut, satisfies this one.
func (w *worker) safe(c extraRow) bool {
	if w.best == nil {
		return true
	}
	v, big := 0.0, math.Abs(c.lo)
	for i, j := range c.idx {
		if int(j) >= len(w.best) {
			return true // a column of the relaxation only
		}
		v += c.val[i] * w.best[j]
		big = math.Max(big, math.Abs(c.val[i]*w.best[j]))
	}
	return v >= c.lo-1e-6*math.Max(1, big)
}
