package bilevelglobal

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// restore proves that near z(x) there is a point which satisfies the follower's equations h exactly, for all x of the box that excess looks at. It
// chooses as many of the follower's variables as there are equations, u, and a matrix Y near the inverse of h_u. The map u - Y h(x, u) then
// contracts the cube of radius d about u(x), with the others of z(x) fixed, into itself if
//
//	q = |I - Y h_u| <= 1/2   and   |Y h(x, z(x))| <= (1 - q) d
//
// in the maximum norm, with h_u over x and the cube; it has a fixed point there, which solves h = 0. The cube is f.room, and f.over is of z(x) and the cube
// afterwards. It reports whether all this was seen.
//
// Source: Neumaier, Interval methods for systems of equations (1990), section 5.1.
func (f *follower) restore(a []float64, over, at []expr.Interval) bool {
	eligible := f.inside(over)
	var rows, met []int      // met: those that z(x) satisfies exactly, and that no variable is part of which may be moved
	var miss []expr.Interval // h along z(x)
	for r := range f.rows {
		if f.lo[r] != f.hi[r] {
			continue
		}
		v := f.over[1+r].Sub(expr.Point(f.lo[r]))
		if (v == expr.Interval{}) && f.off[1+r] == 0 && f.smooth && !f.mentions(1+r, eligible) {
			met = append(met, r)
			continue
		}
		if !f.differentiable(1 + r) {
			return false
		}
		v = v.Intersect(f.mean(1+r, a, over, at).Sub(expr.Point(f.lo[r])))
		v = v.Add(expr.Interval{Lo: -f.off[1+r], Hi: f.off[1+r]})
		if v.IsEmpty() || isInfinite(v) {
			return false
		}
		rows, miss = append(rows, r), append(miss, v)
	}
	if len(rows) == 0 {
		return true
	}
	columns, inverse := f.basis(rows, eligible)
	if columns == nil {
		return false
	}
	step, size := 0.0, 0.0
	for i, c := range columns {
		s := expr.Interval{}
		for k := range rows {
			s = s.Add(miss[k].Scale(inverse.At(i, k)))
		}
		step, size = math.Max(step, s.Magnitude()), math.Max(size, over[f.vars[c]].Magnitude())
	}
	d := 2.5*step + 1e-15*size
	cube := expr.Interval{Lo: -d, Hi: d}
	wide := slices.Clone(over)
	for _, c := range columns {
		j := f.vars[c]
		wide[j] = over[j].Add(cube)
		if wide[j].Lo < f.vlo[c] || wide[j].Hi > f.vhi[c] {
			return false
		}
	}
	f.slopes.Intervals(f.sws, wide, f.over)
	f.domain.Over(f.over[f.asked:])
	for r := range 1 + len(f.rows) {
		if f.domain.Root(r) < global.Continuous {
			return false
		}
	}
	for _, r := range met {
		if f.mentions(1+r, columns) {
			return false
		}
	}
	q := 0.0
	for i := range columns {
		sum := 0.0
		for j, c := range columns {
			e := expr.Interval{}
			if i == j {
				e = expr.Point(1)
			}
			for k, r := range rows {
				e = e.Sub(f.slope(1+r, c).Scale(inverse.At(i, k)))
			}
			sum += e.Magnitude()
		}
		q = math.Max(q, sum*(1+1e-12))
	}
	if !(q <= 0.5) || !(step <= (1-q)*d) {
		return false
	}
	for _, c := range columns {
		f.room[c] = cube
	}
	return true
}

// inside lists the follower's continuous variables that are off their bounds along z(x).
func (f *follower) inside(over []expr.Interval) []int {
	var out []int
	for k, j := range f.vars {
		if !f.whole[k] && over[j].Lo > f.vlo[k] && over[j].Hi < f.vhi[k] {
			out = append(out, k)
		}
	}
	return out
}

// mentions reports whether the derivative of function r with respect to some of the own variables given is not seen to be zero.
func (f *follower) mentions(r int, own []int) bool {
	return slices.ContainsFunc(own, func(k int) bool { return f.slope(r, k) != expr.Interval{} })
}

// slope is the interval of the derivative of function r with respect to own variable k.
func (f *follower) slope(r, k int) expr.Interval {
	return f.over[1+len(f.rows)+r*(len(f.vars)+len(f.others))+k]
}

// aside is by how much function r may change between z(x) and the point that restore has found.
func (f *follower) aside(r int) expr.Interval {
	s := expr.Interval{}
	for k, v := range f.room {
		if v.Lo != 0 || v.Hi != 0 {
			s = s.Add(f.slope(r, k).Mul(v))
		}
	}
	return s
}

// basis chooses from the own variables given as many as there are equations, by Gaussian elimination with the largest pivots, and returns them with
// the inverse of the equations' derivatives in the middle; nil where there are none.
func (f *follower) basis(rows, from []int) ([]int, *mat.Dense) {
	m := len(rows)
	work, slopes := make([][]float64, m), make([][]float64, m)
	for i, r := range rows {
		work[i], slopes[i] = make([]float64, len(f.vars)), make([]float64, len(f.vars))
		for _, k := range from {
			if v := middle(f.slope(1+r, k)); !math.IsNaN(v) && !math.IsInf(v, 0) {
				work[i][k], slopes[i][k] = v, v
			}
		}
	}
	var columns []int
	for n := range m {
		row, column := -1, -1
		for i := n; i < m; i++ {
			for k, v := range work[i] {
				if v != 0 && (row < 0 || math.Abs(v) > math.Abs(work[row][column])) {
					row, column = i, k
				}
			}
		}
		if row < 0 {
			return nil, nil
		}
		work[n], work[row] = work[row], work[n]
		for i := n + 1; i < m; i++ {
			factor := work[i][column] / work[n][column]
			for k := range work[i] {
				work[i][k] -= factor * work[n][k]
			}
			work[i][column] = 0
		}
		columns = append(columns, column)
	}
	j := mat.NewDense(m, m, nil)
	for i := range m {
		for k, c := range columns {
			j.Set(i, k, slopes[i][c])
		}
	}
	var inverse mat.Dense
	if err := inverse.Inverse(j); err != nil {
		return nil, nil
	}
	return columns, &inverse
}
