package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// linearProgram is min c'x over a_i'x >= b_i, lo <= x <= hi with finite bounds, for a handful of variables and rows. It is solved by the dual simplex
// method on a dense tableau: with all variables at the bound that their cost prefers, the slacks are a dual feasible basis. Nothing is concluded from
// the tableau but multipliers; what they prove is computed from the rows by [linearProgram.bound] with outward rounding.
type linearProgram struct {
	n, m   int
	cost   []float64
	lo, hi []float64
	a      []float64 // row by row
	b      []float64

	t       []float64 // m x n: basic_i = Σ_j t_ij nonbasic_j + constant
	basic   []int     // quantity of each row: variable j, or slack n+i
	nonb    []int     // quantity of each column
	atUpper []bool
	value   []float64 // of the basic quantities
	d       []float64 // reduced costs
	x, y    []float64
}

func newLinearProgram(n int) *linearProgram {
	return &linearProgram{n: n, cost: make([]float64, n), lo: make([]float64, n), hi: make([]float64, n), x: make([]float64, n), d: make([]float64, n),
		nonb: make([]int, n), atUpper: make([]bool, n)}
}

// clear drops the rows.
func (p *linearProgram) clear() { p.m, p.a, p.b = 0, p.a[:0], p.b[:0] }

// add appends a row a'x >= b.
func (p *linearProgram) add(a []float64, b float64) {
	p.a, p.b = append(p.a, a...), append(p.b, b)
	p.m++
}

func (p *linearProgram) row(i int) []float64 { return p.a[i*p.n : (i+1)*p.n] }

// solve leaves in y multipliers >= 0 of the rows and in x a point within the bounds, near the solution where there is one. It reports whether the rows seem to
// be satisfiable; if not, y is a combination of them that is to prove it (see refuted).
func (p *linearProgram) solve() bool {
	n, m := p.n, p.m
	p.t = append(p.t[:0], p.a...)
	p.basic, p.value, p.y = p.basic[:0], p.value[:0], p.y[:0]
	for j := range n {
		p.nonb[j], p.d[j] = j, p.cost[j]
		p.atUpper[j] = p.cost[j] < 0
	}
	for i := range m {
		v := -p.b[i]
		for j, a := range p.row(i) {
			v += a * p.at(j)
		}
		p.basic, p.value, p.y = append(p.basic, n+i), append(p.value, v), append(p.y, 0)
	}
	feasible := true
	for range 20 + 4*(n+m) {
		r, up := p.leaving()
		if r < 0 {
			break
		}
		k := p.entering(r, up)
		if k < 0 {
			p.ray(r, up)
			feasible = false
			break
		}
		p.pivot(r, k, up)
	}
	if feasible {
		for j, q := range p.nonb {
			if q >= n {
				p.y[q-n] = math.Max(0, p.d[j])
			}
		}
	}
	for j, q := range p.nonb {
		if q < n {
			p.x[q] = p.at(j)
		}
	}
	for i, q := range p.basic {
		if q < n {
			p.x[q] = math.Min(math.Max(p.value[i], p.lo[q]), p.hi[q])
		}
	}
	return feasible
}

// at is the value of the nonbasic quantity of column j.
func (p *linearProgram) at(j int) float64 {
	q := p.nonb[j]
	switch {
	case q >= p.n:
		return 0
	case p.atUpper[j]:
		return p.hi[q]
	}
	return p.lo[q]
}

// leaving chooses the basic quantity that violates a bound most; up says that it has to rise.
func (p *linearProgram) leaving() (r int, up bool) {
	r = -1
	worst := 0.0
	for i, q := range p.basic {
		v := p.value[i]
		lo, hi, unit := 0.0, math.Inf(1), 1.0
		if q < p.n {
			lo, hi = p.lo[q], p.hi[q]
			unit = math.Max(1e-3*(hi-lo), 1e-9)
		} else {
			unit = math.Max(math.Abs(p.b[q-p.n]), 1e-9)
			for j, a := range p.row(q - p.n) {
				unit = math.Max(unit, math.Abs(a)*(p.hi[j]-p.lo[j]))
			}
		}
		if s := (lo - v) / unit; s > worst && s > 1e-9 {
			r, up, worst = i, true, s
		}
		if s := (v - hi) / unit; s > worst && s > 1e-9 {
			r, up, worst = i, false, s
		}
	}
	return r, up
}

// entering is the column of the dual ratio test, -1 where nothing can bring row r back.
func (p *linearProgram) entering(r int, up bool) int {
	best, ratio, size := -1, math.Inf(1), 0.0
	for j := range p.n {
		t := p.t[r*p.n+j]
		if !up {
			t = -t
		}
		q := p.nonb[j]
		if q < p.n && p.lo[q] == p.hi[q] {
			continue
		}
		if p.atUpper[j] {
			t = -t
		}
		if t <= 1e-11 { // moving off its bound does not help
			continue
		}
		if v := math.Abs(p.d[j]) / t; v < ratio-1e-12 || v <= ratio+1e-12 && t > size {
			best, ratio, size = j, math.Min(v, ratio), t
		}
	}
	return best
}

// pivot exchanges the basic quantity of row r, which goes to the bound that it violates, with the nonbasic one of column k.
func (p *linearProgram) pivot(r, k int, up bool) {
	n := p.n
	row := p.t[r*n : (r+1)*n]
	piv := row[k]
	out, in := p.basic[r], p.nonb[k]
	target := 0.0
	if out < n {
		target = p.lo[out]
		if !up {
			target = p.hi[out]
		}
	}
	step := (target - p.value[r]) / piv
	entering := p.at(k) + step
	// nonbasic_k = (basic_r - Σ_{j≠k} t_rj nonbasic_j) / piv
	for j := range row {
		if j != k {
			row[j] = -row[j] / piv
		}
	}
	row[k] = 1 / piv
	for i := range p.m {
		if i == r {
			continue
		}
		other := p.t[i*n : (i+1)*n]
		f := other[k]
		p.value[i] += f * step
		if f == 0 {
			continue
		}
		for j := range other {
			if j == k {
				other[j] = f * row[k]
			} else {
				other[j] += f * row[j]
			}
		}
	}
	f := p.d[k]
	for j := range p.d {
		if j == k {
			p.d[j] = f * row[k]
		} else {
			p.d[j] += f * row[j]
		}
	}
	p.basic[r], p.nonb[k] = in, out
	p.value[r] = entering
	p.atUpper[k] = out < n && !up
}

// ray takes the combination of rows that shows the violated bound of row r to be out of reach.
func (p *linearProgram) ray(r int, up bool) {
	clear(p.y)
	for j, q := range p.nonb {
		if q >= p.n {
			t := p.t[r*p.n+j]
			if up {
				t = -t
			}
			p.y[q-p.n] = math.Max(0, t)
		}
	}
	if q := p.basic[r]; q >= p.n {
		p.y[q-p.n] = 1
	}
}

// bound returns a lower bound of c'x over the program, whatever y >= 0 is, and stores the reduced costs in reduced:
//
//	c'x >= c'x - y'(Ax - b) = Σ_j (c - A'y)_j x_j + b'y.
func (p *linearProgram) bound(reduced []expr.Interval) float64 {
	low := p.combine(reduced, 1)
	for j, d := range reduced {
		low = low.Add(d.Mul(expr.Interval{Lo: p.lo[j], Hi: p.hi[j]}))
	}
	return low.Lo
}

// refuted reports whether y proves that no point within the bounds satisfies the rows.
func (p *linearProgram) refuted(reduced []expr.Interval) bool {
	v := p.combine(reduced, 0)
	for j, d := range reduced {
		v = v.Add(d.Mul(expr.Interval{Lo: p.lo[j], Hi: p.hi[j]}))
	}
	return v.Lo > 0
}

// combine stores scale*c - A'y and returns b'y.
func (p *linearProgram) combine(reduced []expr.Interval, scale float64) expr.Interval {
	for j := range reduced {
		reduced[j] = expr.Point(scale * p.cost[j])
	}
	sum := expr.Interval{}
	for i, y := range p.y {
		if y == 0 {
			continue
		}
		for j, a := range p.row(i) {
			if a != 0 {
				reduced[j] = reduced[j].Sub(expr.Point(a).Scale(y))
			}
		}
		sum = sum.Add(expr.Point(p.b[i]).Scale(y))
	}
	return sum
}
