package branch

import (
	"math"
	"slices"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// localRow is the primal-dual inequality of a block with the bounds of the node. At every point that satisfies the pairs
//
//	l(z) + q(z) + Σ c_k x_k y_k <= 0,
//
// with l affine, q convex quadratic (the model states it as an implied inequality). Each product is replaced by the linear function below
// it that McCormick's inequalities give over the box of the node,
//
//	c x y >= c (a y + b x - a b),  (a, b) a corner of the box: two lower or two upper bounds where c > 0, one of each where c < 0,
//
// and q by a column that the tangents bound from below. As the box of a leader's variable shrinks the row becomes exact, which makes
// branching on the few leader's variables that reach the followers worth while.
//
// Source: the inequality of Kleinert, Labbé, Plein and Schmidt (2021), kept local.
type localRow struct {
	row      int // of the LP
	constant float64
	cols     []int32
	lin      []float64 // coefficients of l
	products []product
	square   []model.QuadTerm // q
	column   int              // of the LP, for the value of q; -1 where there is no q
	cuts     int              // tangents of q that the LP has
	cur      []float64        // coefficients that the LP has
	curHi    float64
}

// product is c x y; x and y are places in localRow.cols.
type product struct {
	c    float64
	x, y int32
}

func (l *localRow) clone() localRow {
	c := *l
	c.cur = append([]float64(nil), l.cur...)
	return c
}

// newLocalRow takes an implied inequality f <= 0 apart. It is nil where f has no product of different columns.
func newLocalRow(p *problem, f model.Function) *localRow {
	l := &localRow{constant: f.Const, column: -1}
	place := map[int32]int32{}
	at := func(j int32) int32 {
		k, ok := place[j]
		if !ok {
			k = int32(len(l.cols))
			place[j] = k
			l.cols, l.lin = append(l.cols, j), append(l.lin, 0)
		}
		return k
	}
	for k, j := range f.Vars {
		l.lin[at(j)] += f.Coefs[k]
	}
	l.square = convexPart(p, f.Quad)
	convex := map[[2]int32]bool{}
	for _, q := range l.square {
		convex[[2]int32{q.I, q.J}] = true
	}
	for _, q := range f.Quad {
		if convex[[2]int32{q.I, q.J}] {
			continue
		}
		if q.I == q.J {
			if q.Coef < 0 {
				return nil
			}
			continue // not negative: left out
		}
		l.products = append(l.products, product{q.Coef, at(q.I), at(q.J)})
	}
	if len(l.products) == 0 {
		return nil
	}
	return l
}

// convexPart is the terms among the columns that have squares, where these together are convex; else the squares alone.
func convexPart(p *problem, quad []model.QuadTerm) []model.QuadTerm {
	squared := map[int32]bool{}
	for _, q := range quad {
		if q.I == q.J && q.Coef > 0 {
			squared[q.I] = true
		}
	}
	var all, alone []model.QuadTerm
	for _, q := range quad {
		if squared[q.I] && squared[q.J] {
			all = append(all, q)
			if q.I == q.J {
				alone = append(alone, q)
			}
		}
	}
	if len(all) > len(alone) && p.m.Definiteness(all, nil, 1) != model.PSD {
		return alone
	}
	return all
}

// addLocalRows adds the rows of all implied inequalities, where these have few columns in all their products, the cover: with many the
// boxes of the nodes hardly shrink, and the rows only tie together what the LP could keep apart.
func (w *worker) addLocalRows() error {
	var list []*localRow
	for _, f := range w.p.m.ImpliedInequalities() {
		if l := newLocalRow(w.p, f); l != nil {
			list = append(list, l)
		}
	}
	w.t.cover = cover(list)
	if len(w.t.cover) > largestCover {
		w.t.cover = nil
		return nil
	}
	for _, l := range list {
		idx, val := append([]int32(nil), l.cols...), make([]float64, len(l.cols))
		if len(l.square) > 0 {
			var err error
			if l.column, err = w.lp.addColumn(); err != nil {
				return err
			}
			idx, val = append(idx, int32(l.column)), append(val, 1)
		}
		l.row = w.lp.lp.NumRows()
		l.cur, l.curHi = make([]float64, len(l.cols)), math.Inf(1)
		if err := w.lp.addRow(extraRow{lo: math.Inf(-1), hi: math.Inf(1), idx: idx, val: val}); err != nil {
			return err
		}
		w.lp.local = append(w.lp.local, *l)
	}
	return w.lp.follow(w.prop.lo, w.prop.hi)
}

// follow brings the local rows to a box.
func (r *relaxation) follow(lo, hi []float64) error {
	for i := range r.local {
		if err := r.local[i].follow(r, lo, hi); err != nil {
			return err
		}
	}
	return nil
}

// freeLocal takes the local rows out: where a whole pattern is fixed they say nothing new, and only their rounding errors would be felt.
func (r *relaxation) freeLocal() error {
	for i := range r.local {
		l := &r.local[i]
		if math.IsInf(l.curHi, 1) {
			continue
		}
		l.curHi, r.extra[l.row-r.p.rows].hi, r.dirty = math.Inf(1), math.Inf(1), true
		if err := r.lp.ChangeRowBounds([]int32{int32(l.row)}, []float64{math.Inf(-1)}, []float64{math.Inf(1)}); err != nil {
			return err
		}
	}
	return nil
}

// addColumn adds a column for the value of a convex quadratic function, at least zero.
func (r *relaxation) addColumn() (int, error) {
	j := r.lp.NumCols()
	if err := r.lp.AddCols([]float64{0}, []float64{0}, []float64{math.Inf(1)}, []int32{0, 0}, nil, nil); err != nil {
		return 0, err
	}
	r.added++
	r.x = append(r.x, 0)
	return j, nil
}

// most tangents of the square of a local row
const localTangents = 1000

// localCuts adds tangents where the point of the LP has less for the square of a local row than it is: q(z) >= q(x) + ∇q(x)'(z - x), that is
// ∇q(x)'z - t <= q(x) for the column t. It reports whether it added any.
func (r *relaxation) localCuts() (bool, error) {
	more := false
	for i := range r.local {
		l := &r.local[i]
		if l.column < 0 || l.cuts >= localTangents || math.IsInf(l.curHi, 1) {
			continue
		}
		q := 0.0
		grad := map[int32]float64{}
		for _, t := range l.square {
			q += t.Coef * r.x[t.I] * r.x[t.J]
			grad[t.I] += t.Coef * r.x[t.J]
			grad[t.J] += t.Coef * r.x[t.I]
		}
		if q-r.x[l.column] <= 1e-4*math.Max(1e-2, math.Abs(q)) {
			continue
		}
		var idx []int32
		for j, g := range grad {
			if g != 0 {
				idx = append(idx, j)
			}
		}
		slices.Sort(idx)
		val := make([]float64, 0, len(idx)+1)
		for _, j := range idx {
			val = append(val, grad[j])
		}
		idx, val = append(idx, int32(l.column)), append(val, -1)
		if err := r.addRow(extraRow{lo: math.Inf(-1), hi: q, idx: idx, val: val}); err != nil {
			return false, err
		}
		l.cuts++
		more = true
	}
	return more, nil
}

func (l *localRow) follow(r *relaxation, lo, hi []float64) error {
	want := append([]float64(nil), l.lin...)
	constant, ok := l.constant, true
	for _, q := range l.products {
		a, b, found := q.corner(r.x, l.cols, lo, hi)
		if !found {
			ok = false
			break
		}
		want[q.y] += q.c * a
		want[q.x] += q.c * b
		constant -= q.c * a * b
	}
	upper := math.Inf(1)
	if ok {
		upper = -constant
		e := &r.extra[l.row-r.p.rows]
		for k, v := range want {
			if v != l.cur[k] {
				r.dirty = true
				if err := r.lp.ChangeCoefficient(l.row, int(l.cols[k]), v); err != nil {
					return err
				}
				l.cur[k], e.val[k] = v, v
			}
		}
	}
	if upper != l.curHi {
		r.dirty = true
		if err := r.lp.ChangeRowBounds([]int32{int32(l.row)}, []float64{math.Inf(-1)}, []float64{upper}); err != nil {
			return err
		}
		l.curHi = upper
		r.extra[l.row-r.p.rows].hi = upper
	}
	return nil
}

// corner is the corner of the box at which the linear function below c x y touches it, the better one at z where there are two.
func (q product) corner(z []float64, cols []int32, lo, hi []float64) (a, b float64, ok bool) {
	x, y := cols[q.x], cols[q.y]
	corners := [2][2]float64{{lo[x], lo[y]}, {hi[x], hi[y]}}
	if q.c < 0 {
		corners = [2][2]float64{{lo[x], hi[y]}, {hi[x], lo[y]}}
	}
	best := math.Inf(-1)
	for _, c := range corners {
		if math.IsInf(c[0], 0) || math.IsInf(c[1], 0) || math.Abs(c[0]) > 1e6 || math.Abs(c[1]) > 1e6 {
			continue
		}
		if v := q.c * (c[0]*z[y] + c[1]*z[x] - c[0]*c[1]); v > best {
			best, a, b, ok = v, c[0], c[1], true
		}
	}
	return a, b, ok
}

// cover is the few columns of the products that all products contain: the leader's variables that reach the followers. The column in most
// products first.
func cover(list []*localRow) []int32 {
	count := map[int32]int{}
	type edge struct{ x, y int32 }
	var edges []edge
	for _, l := range list {
		for _, q := range l.products {
			e := edge{l.cols[q.x], l.cols[q.y]}
			edges = append(edges, e)
			count[e.x]++
			count[e.y]++
		}
	}
	var out []int32
	for len(edges) > 0 && len(out) <= largestCover { // a larger one is of no use, and takes long to find
		best := edges[0].x
		for _, e := range edges {
			for _, j := range [2]int32{e.x, e.y} {
				if count[j] > count[best] || count[j] == count[best] && j < best {
					best = j
				}
			}
		}
		out = append(out, best)
		rest := edges[:0]
		for _, e := range edges {
			if e.x == best || e.y == best {
				count[e.x]--
				count[e.y]--
			} else {
				rest = append(rest, e)
			}
		}
		edges = rest
	}
	sort.Slice(out, func(a, b int) bool { return out[a] < out[b] })
	return out
}

// leastSize is the size from which the width of a box is seen in relation to its place.
const leastSize = 1e-2

// chooseLeader returns the column of the cover with the widest box, in relation to its place, among those in products that are not what the
// local rows take them for, and where to split its box; -1 where all are near enough. (The products' errors themselves mislead: a follower's
// variable that nothing holds down makes them large in the narrowest box.)
func (w *worker) chooseLeader(x []float64) (j int, at float64) {
	off := map[int32]float64{}
	for i := range w.lp.local {
		l := &w.lp.local[i]
		for _, q := range l.products {
			a, b, ok := q.corner(x, l.cols, w.prop.lo, w.prop.hi)
			vx, vy := x[l.cols[q.x]], x[l.cols[q.y]]
			e := math.Abs(q.c * vx * vy)
			if ok {
				e = q.c * (vx*vy - a*vy - b*vx + a*b)
			}
			for _, c := range [2]int32{l.cols[q.x], l.cols[q.y]} {
				off[c] += math.Max(e, 0)
			}
		}
	}
	best, widest := -1, 0.0
	for _, c := range w.t.cover {
		lo, hi := w.prop.lo[c], w.prop.hi[c]
		relative := (hi - lo) / math.Max(math.Max(math.Abs(lo), math.Abs(hi)), leastSize)
		if math.IsInf(hi-lo, 1) {
			relative = math.MaxFloat64
			if math.Max(lo, -hi) > bigBound {
				continue // doubled often enough: the pairs decide
			}
		}
		if off[c] <= 1e-6 || relative < 1e-5 || relative <= widest {
			continue
		}
		best, widest = int(c), relative
	}
	if best < 0 {
		return -1, 0
	}
	return best, splitPoint(x[best], w.prop.lo[best], w.prop.hi[best])
}

// splitPoint is where a box is split: at the point, but not in its outer fifths; a box without end at twice its finite bound or beyond the
// point.
func splitPoint(v, lo, hi float64) float64 {
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return v
	case math.IsInf(hi, 1):
		return math.Max(v, lo+math.Max(1, math.Abs(lo)))
	case math.IsInf(lo, -1):
		return math.Min(v, hi-math.Max(1, math.Abs(hi)))
	}
	return math.Min(math.Max(v, lo+0.2*(hi-lo)), hi-0.2*(hi-lo))
}
