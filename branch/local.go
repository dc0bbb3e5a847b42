package branch

import (
	"math"
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
	square   []model.QuadTerm // q; its column is column of the LP
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
	l := &localRow{constant: f.Const}
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
	for _, q := range f.Quad {
		if q.I == q.J {
			if q.Coef < 0 {
				return nil
			}
			continue // not negative: left out of the linear row
		}
		l.products = append(l.products, product{q.Coef, at(q.I), at(q.J)})
	}
	if len(l.products) == 0 {
		return nil
	}
	return l
}

// addLocalRows adds the rows of all implied inequalities.
func (w *worker) addLocalRows() error {
	for _, f := range w.p.m.ImpliedInequalities() {
		l := newLocalRow(w.p, f)
		if l == nil {
			continue
		}
		l.row = w.lp.lp.NumRows()
		l.cur, l.curHi = make([]float64, len(l.cols)), math.Inf(1)
		if err := w.lp.addRow(extraRow{math.Inf(-1), math.Inf(1), append([]int32(nil), l.cols...), make([]float64, len(l.cols))}); err != nil {
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

// localTolerance is how much a coefficient may be off before it is changed; the row stays valid, see localRow.follow.
const localTolerance = 1e-9

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
		upper = -constant + 1e-9*size(constant)
		e := &r.extra[l.row-r.p.rows]
		for k, v := range want {
			if v != l.cur[k] {
				if err := r.lp.ChangeCoefficient(l.row, int(l.cols[k]), v); err != nil {
					return err
				}
				l.cur[k], e.val[k] = v, v
			}
		}
	}
	if upper != l.curHi {
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
func (r *relaxation) cover() []int32 {
	count := map[int32]int{}
	type edge struct{ x, y int32 }
	var edges []edge
	for _, l := range r.local {
		for _, q := range l.products {
			e := edge{l.cols[q.x], l.cols[q.y]}
			edges = append(edges, e)
			count[e.x]++
			count[e.y]++
		}
	}
	var out []int32
	for len(edges) > 0 {
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

// chooseLeader returns the column of the cover whose products are farthest from what the local rows take them for, and where to split its
// box; -1 where all are near enough.
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
	best, worst := -1, 1e-6
	for _, c := range w.t.cover {
		lo, hi := w.prop.lo[c], w.prop.hi[c]
		if hi-lo < 1e-5*size(lo, hi) || off[c] <= worst {
			continue
		}
		best, worst = int(c), off[c]
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
