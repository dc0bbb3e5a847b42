package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// cut is what a seed says over a box: with z(x) satisfying the follower's constraints for all x of the box, every bilevel-feasible point there has
//
//	f(x, y) <= f(x, z(x)) <= value + Σ slope_i (x_i - at_i)
//
// and f(x, y) <= highest. Where the follower has equations, z(x) is near a point that satisfies them, see restore; what is said here is true of that point.
type cut struct {
	f       *follower
	highest float64
	value   float64
	slope   []float64 // by others
	at      []float64
}

// newCut makes the cut of a seed over a box, nil where no shift of the seed is seen to satisfy the constraints over all of it. The box is of all
// variables; the part of the follower's own is not read.
func (f *follower) newCut(s *seed, box []expr.Interval) *cut {
	if c := f.tryCut(s, s.a, box); c != nil {
		return c
	}
	for _, v := range s.a {
		if v != 0 {
			return f.tryCut(s, make([]float64, len(s.a)), box)
		}
	}
	return nil
}

func (f *follower) tryCut(s *seed, a []float64, box []expr.Interval) *cut {
	no := len(f.others)
	for _, i := range f.others {
		if no > 0 && isInfinite(box[i]) && f.dependsOn(a, i) {
			return nil
		}
	}
	t := 0.0
	for range 4 {
		over, at := f.answers(s, a, t, box)
		if over == nil {
			return nil
		}
		v := f.excess(a, over, at)
		if v <= 0 {
			return f.cutFrom(a, over, at)
		}
		if s.d == nil || math.IsInf(v, 0) {
			return nil
		}
		t += 1.5*v + 1e-10
	}
	return nil
}

func (f *follower) dependsOn(a []float64, i int) bool {
	for o, j := range f.others {
		if j == i {
			for k := range f.vars {
				if a[k*len(f.others)+o] != 0 {
					return true
				}
			}
		}
	}
	return false
}

// answers are the box of all variables with z(x) in the place of the follower's own, and its middle as points; nil where z(x) leaves the bounds.
func (f *follower) answers(s *seed, a []float64, t float64, box []expr.Interval) (over, at []expr.Interval) {
	over, at = append([]expr.Interval(nil), box...), make([]expr.Interval, len(box))
	for _, i := range f.others {
		at[i] = expr.Point(middle(box[i]))
	}
	no := len(f.others)
	for k, j := range f.vars {
		z := expr.Point(s.point[j])
		if s.d != nil && t > 0 {
			z = expr.Point(s.point[j] + t*s.d[k])
		}
		mid := z
		for o, i := range f.others {
			if c := a[k*no+o]; c != 0 {
				z = z.Add(box[i].Sub(expr.Point(s.point[i])).Scale(c))
				mid = mid.Add(at[i].Sub(expr.Point(s.point[i])).Scale(c))
			}
		}
		if z.Lo == z.Hi { // a point may be moved on its bound
			v := math.Min(math.Max(z.Lo, f.vlo[k]), f.vhi[k])
			z, mid = expr.Point(v), expr.Point(v)
		}
		if z.Lo < f.vlo[k] || z.Hi > f.vhi[k] {
			return nil, nil
		}
		over[j], at[j] = z, mid
	}
	return over, at
}

// total is the interval of the derivative of function r with respect to other o along z(x).
func (f *follower) total(r, o int, a []float64) expr.Interval {
	nv, no := len(f.vars)+len(f.others), len(f.others)
	base := 1 + len(f.rows) + r*nv
	v := f.over[base+len(f.vars)+o]
	for k := range f.vars {
		if c := a[k*no+o]; c != 0 {
			v = v.Add(f.over[base+k].Scale(c))
		}
	}
	return v
}

// excess is by how much the rows may exceed their sides along z(x), at most 0 where they are seen to hold, +Inf where a function may have no value. It leaves the intervals of functions and
// slopes in f.over, and of functions at the middle in f.at.
func (f *follower) excess(a []float64, over, at []expr.Interval) float64 {
	f.slopes.Intervals(f.sws, over, f.over)
	f.domain.Over(f.over[f.asked:])
	for r := range 1 + len(f.rows) {
		if f.domain.Root(r) < global.Valued {
			return math.Inf(1) // where a function has no value z(x) is no answer, and its interval does not tell
		}
	}
	if f.smooth {
		f.slopes.Intervals(f.sws, at, f.at)
	}
	clear(f.room)
	if f.equal && !f.restore(a, over, at) {
		return math.Inf(1)
	}
	worst := 0.0
	for r := range f.rows {
		if f.lo[r] == f.hi[r] {
			continue // see restore
		}
		v := f.over[1+r]
		if f.differentiable(1 + r) {
			v = v.Intersect(f.mean(1+r, a, over, at).Add(f.aside(1 + r)))
		}
		if v.IsEmpty() || isInfinite(v) {
			return math.Inf(1)
		}
		worst = math.Max(worst, math.Max(v.Hi-f.hi[r], f.lo[r]-v.Lo)+f.off[1+r])
	}
	return worst
}

// mean is the interval of function r along z(x) by the mean value theorem.
func (f *follower) mean(r int, a []float64, over, at []expr.Interval) expr.Interval {
	m := f.at[r]
	for o, i := range f.others {
		if w := over[i].Sub(at[i]); w.Lo != 0 || w.Hi != 0 {
			m = m.Add(f.total(r, o, a).Mul(w))
		}
	}
	return m
}

// differentiable reports whether the mean value theorem serves function r over the box that excess was called for.
func (f *follower) differentiable(r int) bool {
	return f.smooth && f.domain.Root(r) >= global.Continuous
}

// cutFrom reads the cut from the intervals that excess has left.
func (f *follower) cutFrom(a []float64, over, at []expr.Interval) *cut {
	c := &cut{f: f, highest: f.over[0].Hi, value: math.Inf(1), slope: make([]float64, len(f.others)), at: make([]float64, len(f.others))}
	if f.differentiable(0) {
		mean := f.at[0].Add(f.aside(0))
		c.value = mean.Hi
		for o, i := range f.others {
			c.at[o] = at[i].Lo
			w := over[i].Sub(at[i])
			if w.Lo == 0 && w.Hi == 0 {
				continue
			}
			d := f.total(0, o, a)
			mean = mean.Add(d.Mul(w))
			c.slope[o] = middle(d)
			c.value += d.Sub(expr.Point(c.slope[o])).Mul(w).Hi
		}
		c.highest = math.Min(c.highest, mean.Hi)
	}
	c.highest += 2 * f.off[0]
	c.value += 2 * f.off[0]
	if math.IsNaN(c.highest) {
		return nil
	}
	if math.IsNaN(c.value) {
		c.value = math.Inf(1)
	}
	return c
}
