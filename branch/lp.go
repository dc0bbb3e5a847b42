package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// relaxation is the persistent LP and the fixings that it has at the moment.
type relaxation struct {
	p          *problem
	lp         *linear
	quad       bool
	n          int       // columns of the problem, without that of the quadratic part
	fixed      []uint8   // by pair, as in propagator
	lo, hi     []float64 // bounds of columns from branching
	curLo      []float64 // bounds that the LP has
	curHi      []float64
	curRlo     []float64
	curRhi     []float64
	touched    []bool // columns whose bounds are to be recomputed
	rowTouched []bool
	cols, rows []int32
	branched   []int32 // columns that have bounds from branching
	extra      []extraRow
	apart      *guide // the multipliers that have an LP of their own, nil where there are none
	dirty      bool   // the LP has changed since it was solved last
	status     highs.Status
	cutoff     float64 // value from which a node is closed
	value      float64
	added      int // columns beside those of the problem and its quadratic part
	local      []localRow
	x          []float64
	iterations int
	solves     int
	cuts       int
	tape       *tape // nil but for measurements
	grad       []float64
	bufI       []int32
	bufL, bufU []float64
}

func newRelaxation(p *problem, opt highs.LPOptions) (*relaxation, error) {
	a := p.arrays()
	opt.Cutoff, opt.HasCutoff = 0, false
	lp, err := newLinear(a, opt)
	if err != nil {
		return nil, err
	}
	c := func(s []float64) []float64 { return append([]float64(nil), s...) }
	r := &relaxation{cutoff: math.Inf(1), p: p, lp: lp, quad: len(p.quad) > 0, n: len(p.lo), fixed: make([]uint8, len(p.pairs)),
		lo: c(p.lo), hi: c(p.hi), curLo: c(p.lo), curHi: c(p.hi), curRlo: c(p.rlo), curRhi: c(p.rhi),
		touched: make([]bool, len(p.lo)), rowTouched: make([]bool, len(p.rlo)), x: make([]float64, len(a.Cost)), grad: make([]float64, len(p.lo))}
	return r, nil
}

func (r *relaxation) close() {
	_ = r.lp.Close()
	r.apart.close()
}

// set brings the LP to the fixings given by pair and to the branching bounds of the columns in bounds; what was set before and is not
// asked for any more is taken back. It is false where the bounds contradict each other.
func (r *relaxation) set(fixed []uint8, bounds []fixing) (bool, error) {
	touch := func(m member) {
		if m.row && !r.rowTouched[m.idx] {
			r.rowTouched[m.idx] = true
			r.rows = append(r.rows, m.idx)
		} else if !m.row && !r.touched[m.idx] {
			r.touched[m.idx] = true
			r.cols = append(r.cols, m.idx)
		}
	}
	for k, f := range fixed {
		if diff := f ^ r.fixed[k]; diff != 0 {
			for side := 0; side < 2; side++ {
				if diff&(1<<side) != 0 {
					touch(r.p.pairs[k][side])
				}
			}
			r.fixed[k] = f
		}
	}
	for _, j := range r.branched {
		r.lo[j], r.hi[j] = r.p.lo[j], r.p.hi[j]
		touch(member{idx: j})
	}
	r.branched = r.branched[:0]
	for _, b := range bounds {
		if b.kind == lowerBound {
			r.lo[b.idx] = math.Max(r.lo[b.idx], b.value)
		} else {
			r.hi[b.idx] = math.Min(r.hi[b.idx], b.value)
		}
		touch(member{idx: b.idx})
		r.branched = append(r.branched, b.idx)
	}
	return r.flush()
}

// flush recomputes the bounds of what was touched and hands the changed ones to the LP.
func (r *relaxation) flush() (bool, error) {
	ok := true
	i, l, u := r.bufI[:0], r.bufL[:0], r.bufU[:0]
	for _, j := range r.cols {
		r.touched[j] = false
		lo, hi := r.intersect(r.lo[j], r.hi[j], r.p.colPairs[j])
		if lo > hi {
			if lo-hi > 1e-9*size(lo, hi) {
				ok = false
			}
			hi = lo
		}
		if lo != r.curLo[j] || hi != r.curHi[j] {
			r.curLo[j], r.curHi[j] = lo, hi
			if r.apart == nil || r.apart.place[j] < 0 {
				i, l, u = append(i, j), append(l, lo), append(u, hi)
			}
		}
	}
	r.cols = r.cols[:0]
	if len(i) > 0 {
		r.dirty = true
		r.tape.bounds(false, i, l, u)
		if err := r.lp.ChangeColBounds(i, l, u); err != nil {
			return false, err
		}
	}
	i, l, u = i[:0], l[:0], u[:0]
	for _, row := range r.rows {
		r.rowTouched[row] = false
		lo, hi := r.intersect(r.p.rlo[row], r.p.rhi[row], r.p.rowPairs[row])
		if lo > hi {
			if lo-hi > 1e-9*size(lo, hi) {
				ok = false
			}
			hi = lo
		}
		if lo != r.curRlo[row] || hi != r.curRhi[row] {
			r.curRlo[row], r.curRhi[row] = lo, hi
			if r.apart == nil || !r.apart.rowApart[row] {
				i, l, u = append(i, row), append(l, lo), append(u, hi)
			}
		}
	}
	r.rows = r.rows[:0]
	if len(i) > 0 {
		r.dirty = true
		r.tape.bounds(true, i, l, u)
		if err := r.lp.ChangeRowBounds(i, l, u); err != nil {
			return false, err
		}
	}
	r.bufI, r.bufL, r.bufU = i, l, u
	return ok, nil
}

// intersect cuts bounds by the fixed members among refs.
func (r *relaxation) intersect(lo, hi float64, refs []int32) (float64, float64) {
	for _, ref := range refs {
		if r.fixed[ref>>1]&(1<<(ref&1)) == 0 {
			continue
		}
		m := r.p.pairs[ref>>1][ref&1]
		at := r.p.at(m)
		if m.upper {
			lo = math.Max(lo, at)
		} else {
			hi = math.Min(hi, at)
		}
	}
	return lo, hi
}

// solve solves the LP, and that of the multipliers that stand apart: where these have none the node is infeasible.
func (r *relaxation) solve(ctx context.Context, rounds int) (highs.Status, float64, error) {
	if r.apart == nil {
		return r.solveMain(ctx, rounds)
	}
	if r.dirty || r.quad || r.status != highs.Optimal { // with a quadratic part more tangents may be wanted
		st, v, err := r.solveMain(ctx, rounds)
		if err != nil {
			return st, v, err
		}
		r.status, r.value, r.dirty = st, v, false
	}
	if r.status == highs.Optimal && r.value >= r.cutoff {
		return r.status, r.value, nil // the node is closed whatever the multipliers are
	}
	switch r.status {
	case highs.Optimal, highs.Unbounded, highs.InfeasibleOrUnbounded:
		st, err := r.apart.refine(ctx, r)
		if err != nil || st != highs.Optimal {
			return st, math.NaN(), err
		}
	}
	return r.status, r.value, nil
}

// solveMain solves the LP; with a quadratic objective it adds tangents at the solution until the value of the quadratic part is met to the
// tolerance, or rounds are up. The point is in x. The value is a valid bound in any case.
func (r *relaxation) solveMain(ctx context.Context, rounds int) (highs.Status, float64, error) {
	for round := 0; ; round++ {
		r.tape.solve()
		st, err := r.lp.SolveRobust(ctx)
		r.iterations += r.lp.Iterations()
		r.solves++
		if err == nil && r.quad && st == highs.Unbounded && round < unboundedRounds {
			if bounded, err := r.boundRay(ctx); err != nil || !bounded {
				return st, math.NaN(), err
			}
			continue
		}
		if err != nil || st != highs.Optimal {
			return st, math.NaN(), err
		}
		if err := r.lp.Primal(r.x); err != nil {
			return st, 0, err
		}
		v := r.lp.Objective()
		if rounds > 0 && round < localRounds && len(r.local) > 0 {
			more, err := r.localCuts()
			if err != nil {
				return st, 0, err
			}
			if more {
				continue
			}
		}
		if !r.quad || round >= rounds {
			return st, v, nil
		}
		q := r.p.quadValue(r.x[:r.n], r.grad)
		if q-r.x[r.n] <= 1e-9*math.Max(1, math.Abs(q)) {
			return st, v, nil
		}
		if err := r.tangent(r.x[:r.n], q); err != nil {
			return st, 0, err
		}
	}
}

// tangent adds t >= q(x) + g'(z - x), with q homogeneous of degree two: g'x = 2 q(x), so t >= g'z - q(x).
func (r *relaxation) tangent(x []float64, q float64) error {
	var idx []int32
	var val []float64
	for j, g := range r.grad {
		if g != 0 {
			idx, val = append(idx, int32(j)), append(val, g)
		}
	}
	idx, val = append(idx, int32(r.n)), append(val, -1)
	r.cuts++
	return r.addRow(extraRow{lo: math.Inf(-1), hi: q, idx: idx, val: val})
}

// extraRow is a row that the LP has beside those of the problem: a tangent, a cut, or a local row in the state that it was added in.
type extraRow struct {
	lo, hi float64
	idx    []int32
	val    []float64
	cut    bool // a disjunctive cut
}

func (r *relaxation) addRow(e extraRow) error {
	if err := r.lp.AddRows([]float64{e.lo}, []float64{e.hi}, []int32{0, int32(len(e.idx))}, e.idx, e.val); err != nil {
		return err
	}
	r.extra = append(r.extra, e)
	r.dirty = true
	return nil
}

// clone makes the relaxation of another thread, with the same rows and no fixings.
func (r *relaxation) clone() (*relaxation, error) {
	c, err := newRelaxation(r.p, r.lp.Options())
	if err != nil {
		return nil, err
	}
	for range r.added {
		if _, err := c.addColumn(); err != nil {
			c.close()
			return nil, err
		}
	}
	for _, e := range r.extra {
		e.val = append([]float64(nil), e.val...) // those of local rows change with the node
		if err := c.addRow(e); err != nil {
			c.close()
			return nil, err
		}
	}
	for _, l := range r.local {
		c.local = append(c.local, l.clone())
	}
	if r.apart != nil {
		if err := c.setApart(); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// localRounds is how often tangents of the squares of local rows are added at a node.
const localRounds = 30

// unboundedRounds is how many rays of the linear relaxation of a quadratic objective are cut off before it is given up.
const unboundedRounds = 200

// boundRay looks at a ray d along which the LP is unbounded. Where the quadratic part grows along it, the LP only misses a tangent: with x
// feasible, c'(x + s d) + q(x + s d) has its minimum at some s, and the tangent at twice that makes the slope along d positive. It is false
// where q(d) = 0: then the quadratic problem itself is unbounded along d, or there is no ray.
func (r *relaxation) boundRay(ctx context.Context) (bool, error) {
	ray, ok := r.lp.PrimalRay()
	if !ok || len(ray) < r.n {
		if ray = r.freeColumn(); ray == nil {
			return false, nil
		}
	}
	d := append([]float64(nil), ray[:r.n]...)
	big, slope := 0.0, 0.0
	for j, v := range d {
		big = math.Max(big, math.Abs(v))
		slope += r.p.cost[j] * v
	}
	if big == 0 {
		return false, nil
	}
	for j := range d {
		d[j] /= big
	}
	slope /= big
	q := r.p.quadValue(d, nil)
	if q <= 1e-12 {
		return false, nil
	}
	x, _, err := r.feasiblePoint(ctx)
	if err != nil || x == nil {
		return false, err
	}
	r.p.quadValue(x[:r.n], r.grad)
	for j, v := range d {
		slope += r.grad[j] * v
	}
	s := math.Max(1, -slope/q) // twice the step -slope/(2q) to the minimum
	for j, v := range d {
		x[j] += s * v
	}
	return true, r.tangent(x[:r.n], r.p.quadValue(x[:r.n], r.grad))
}

// freeColumn is a ray along a single column that is in no row and whose cost has no limit; nil where there is none. The solver gives no ray
// of an LP whose rows are all empty.
func (r *relaxation) freeColumn() []float64 {
	for j, c := range r.p.cost {
		if r.p.inNoRow(j) && (c < 0 && math.IsInf(r.curHi[j], 1) || c > 0 && math.IsInf(r.curLo[j], -1)) {
			d := make([]float64, r.n)
			d[j] = -math.Copysign(1, c)
			return d
		}
	}
	return nil
}

// feasiblePoint solves the LP without its objective. The point is nil where it finds none; only the status Infeasible says that there is none.
func (r *relaxation) feasiblePoint(ctx context.Context) ([]float64, highs.Status, error) {
	n := len(r.x)
	idx, zero, cost := make([]int32, n), make([]float64, n), make([]float64, n)
	copy(cost, r.p.cost)
	if r.quad {
		cost[r.n] = 1
	}
	for j := range idx {
		idx[j] = int32(j)
	}
	if err := r.lp.ChangeCosts(idx, zero); err != nil {
		return nil, highs.Failed, err
	}
	r.dirty = true
	st, err := r.lp.SolveRobust(ctx)
	r.solves++
	r.iterations += r.lp.Iterations()
	var x []float64
	if err == nil && st == highs.Optimal {
		x = make([]float64, n)
		err = r.lp.Primal(x)
	}
	if e := r.lp.ChangeCosts(idx, cost); err == nil {
		err = e
	}
	if err != nil {
		return nil, highs.Failed, err
	}
	if x == nil || r.apart == nil {
		return x, st, nil
	}
	copy(r.x, x)
	if st, err := r.apart.refine(ctx, r); err != nil || st != highs.Optimal {
		return nil, st, err
	}
	return append(x[:0], r.x...), highs.Optimal, nil
}
