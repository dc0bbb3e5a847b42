package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model/expr"
)

// relaxation is a linear program whose points include, for each point of a box, the values of all nodes of a graph there: a column a node.
type relaxation struct {
	a    highs.Arrays
	cost int // column of the objective
}

// Rows with larger coefficients are left out: they say little and harm the arithmetic.
const largestCoefficient = 1e7

// rounding is the part of a row's terms by which its side is moved outward for what rounding makes of its coefficients.
const rounding = 1e-13

// relax writes the relaxation of the graph over the box that the intervals of the nodes are of. hint is a point at which further tangents
// are drawn, one entry a node; nil: none.
func (g *graph) relax(vals []expr.Interval, hint []float64, cost int) *relaxation {
	r := &relaxation{cost: cost}
	n := len(g.nodes)
	r.a.Cost = make([]float64, n)
	r.a.Cost[cost] = 1
	r.a.ColLower, r.a.ColUpper = make([]float64, n), make([]float64, n)
	for k, v := range vals {
		r.a.ColLower[k], r.a.ColUpper[k] = v.Lo, v.Hi
	}
	r.a.Start = append(r.a.Start, 0)
	for k := range g.nodes {
		n := &g.nodes[k]
		switch n.kind {
		case sum:
			for i, a := range n.args {
				r.put(a, n.coefs[i])
			}
			r.put(k, -1)
			r.end(-n.value, -n.value)
		case product:
			r.mccormick(k, n.args[0], n.args[1], vals)
		case quotient:
			r.mccormick(n.args[0], k, n.args[1], vals)
		case curve:
			h := math.NaN()
			if hint != nil {
				h = hint[n.args[0]]
			}
			below, above := n.curve.lines(vals[n.args[0]], h)
			for _, l := range below {
				r.line(k, n.args[0], l, true)
			}
			for _, l := range above {
				r.line(k, n.args[0], l, false)
			}
		}
	}
	return r
}

func (r *relaxation) put(col int, v float64) {
	if v != 0 {
		r.a.Index = append(r.a.Index, int32(col))
		r.a.Value = append(r.a.Value, v)
	}
}

// end closes the row, or drops it where its numbers are of no use. A column that stands twice in it is gathered.
func (r *relaxation) end(lo, hi float64) {
	from := int(r.a.Start[len(r.a.Start)-1])
	size, ok := 0.0, !math.IsNaN(lo) && !math.IsNaN(hi)
	to := from
	for k := from; k < len(r.a.Index); k++ {
		i, v := r.a.Index[k], r.a.Value[k]
		merged := false
		for q := from; q < to; q++ {
			if r.a.Index[q] == i {
				r.a.Value[q] += v
				merged = true
			}
		}
		if !merged {
			r.a.Index[to], r.a.Value[to] = i, v
			to++
		}
	}
	for k := from; k < to; k++ {
		v := r.a.Value[k]
		if !(math.Abs(v) <= largestCoefficient) {
			ok = false
		}
		if m := math.Max(math.Abs(r.a.ColLower[r.a.Index[k]]), math.Abs(r.a.ColUpper[r.a.Index[k]])); !math.IsInf(m, 0) {
			size += math.Abs(v) * m
		}
	}
	if !ok || to == from {
		r.a.Index, r.a.Value = r.a.Index[:from], r.a.Value[:from]
		return
	}
	r.a.Index, r.a.Value = r.a.Index[:to], r.a.Value[:to]
	r.a.Start = append(r.a.Start, int32(to))
	slack := rounding * (1 + size)
	r.a.RowLower, r.a.RowUpper = append(r.a.RowLower, lo-slack), append(r.a.RowUpper, hi+slack)
}

// line adds that node k lies above, or below, a line in node t.
func (r *relaxation) line(k, t int, l line, below bool) {
	b := l.value - l.slope*l.at
	if math.IsInf(b, 0) || math.IsNaN(b) {
		return
	}
	r.put(k, 1)
	r.put(t, -l.slope)
	if below {
		r.end(b, math.Inf(1))
	} else {
		r.end(math.Inf(-1), b)
	}
}

// mccormick adds the convex hull of w = a b over the box of a and b.
//
// Source: McCormick, Computability of global solutions to factorable nonconvex programs, Mathematical Programming 10 (1976).
func (r *relaxation) mccormick(w, a, b int, vals []expr.Interval) {
	plane := func(p, q float64, below bool) { // (a-p)(b-q) has a sign
		if math.IsInf(p, 0) || math.IsInf(q, 0) {
			return
		}
		r.put(w, 1)
		r.put(a, -q)
		r.put(b, -p)
		if below {
			r.end(-p*q, math.Inf(1))
		} else {
			r.end(math.Inf(-1), -p*q)
		}
	}
	x, y := vals[a], vals[b]
	plane(x.Lo, y.Lo, true)
	plane(x.Hi, y.Hi, true)
	plane(x.Lo, y.Hi, false)
	plane(x.Hi, y.Lo, false)
}

// proven is a lower bound of the LP's objective that holds whatever the duals are: Σ y_i side_i + Σ min over column j's bounds of
// (c - A'y)_j x_j. A dual whose side is infinite is taken as zero. Reduced costs within rounding of zero at infinite bounds are passed over.
func (r *relaxation) proven(duals []float64, withCost bool) float64 {
	d := make([]float64, len(r.a.Cost))
	scale := make([]float64, len(d))
	if withCost {
		copy(d, r.a.Cost)
		for j, c := range d {
			scale[j] = math.Abs(c)
		}
	}
	bound, size := 0.0, 0.0
	for i, y := range duals {
		s := r.a.RowLower[i]
		if y < 0 {
			s = r.a.RowUpper[i]
		}
		if y == 0 || math.IsInf(s, 0) || math.IsNaN(y) {
			continue
		}
		bound += y * s
		size += math.Abs(y * s)
		for k := r.a.Start[i]; k < r.a.Start[i+1]; k++ {
			j := r.a.Index[k]
			d[j] -= y * r.a.Value[k]
			scale[j] += math.Abs(y * r.a.Value[k])
		}
	}
	for j, v := range d {
		b := r.a.ColLower[j]
		if v < 0 {
			b = r.a.ColUpper[j]
		}
		if math.IsInf(b, 0) {
			if math.Abs(v) <= 1e-9*math.Max(1e-3, scale[j]) {
				continue
			}
			return math.Inf(-1)
		}
		bound += v * b
		size += math.Max(math.Abs(v*b), 1e-2*scale[j]*math.Abs(b))
	}
	if bound -= 1e-13 * size; math.IsNaN(bound) { // terms beyond the largest number
		return math.Inf(-1)
	}
	return bound
}
