package model

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// interiorMargins are how far inside of the constraints that are not affine an answer is looked for, in units of their size.
var interiorMargins = [...]float64{1e-1, 1e-2, 1e-4, 1e-6}

// testSlater looks for answers that satisfy the constraints, those that are not affine strictly: at sampled decisions of the other players, and
// then for one that does for all of their decisions, which interval arithmetic can prove.
func (f *followerSampler) testSlater(s *FollowerStatement) {
	q := Qualification{Kind: SlaterTested}
	x := make([]float64, len(f.vars))
	var found [][]float64
	for i := range decisions {
		copy(x, f.start)
		f.draw(x, f.own, len(x))
		if i == 0 {
			copy(x[f.own:], f.start[f.own:])
		}
		f.setSizes(x)
		switch inside, empty := f.interior(x); {
		case inside:
			q.Tested++
			q.Held++
			found = append(found, append([]float64(nil), x...))
		case !empty:
			q.Tested++
			if q.Point == nil {
				q.Point = f.wide(x)
			}
		}
		if f.work <= 0 {
			break
		}
	}
	found = append(found, f.centre(found)...)
	for _, y := range append(found, append([]float64(nil), f.start...)) {
		if f.insideForAll(y) {
			for k := f.own; k < len(y); k++ {
				y[k] = math.NaN()
			}
			s.Qualification = Qualification{Kind: SlaterProven, Point: f.wide(y)}
			return
		}
	}
	s.Qualification = q
}

// setSizes measures the constraints at a point, so that margins are relative to them.
func (f *followerSampler) setSizes(x []float64) {
	f.tape.Values(f.ws, x, f.values)
	for k := range f.rows {
		r, v := &f.rows[k], math.Abs(f.values[k+1])
		r.size = 1
		for _, b := range [3]float64{r.lo, r.hi, v} {
			if !math.IsInf(b, 0) && !math.IsNaN(b) {
				r.size = math.Max(r.size, math.Abs(b))
			}
		}
	}
}

// interior moves the own variables of x inside of the constraints. Where that fails, empty says that not even the constraints themselves were
// satisfied: the follower may have no answer there.
func (f *followerSampler) interior(x []float64) (inside, empty bool) {
	from := append([]float64(nil), x...)
	for _, margin := range interiorMargins {
		for try := range 3 {
			copy(x, from)
			if try > 0 {
				f.draw(x, 0, f.own)
			}
			if f.enter(x, margin, 150) {
				return true, false
			}
		}
	}
	copy(x, from)
	return false, !f.enter(x, 0, 300)
}

// centre is the mean of points, as a list of one; of none where there are none.
func (f *followerSampler) centre(points [][]float64) [][]float64 {
	if len(points) == 0 {
		return nil
	}
	c := make([]float64, len(f.vars))
	for _, p := range points {
		axpy(c, 1/float64(len(points)), p)
	}
	return [][]float64{c}
}

// insideForAll reports whether the own variables of y satisfy the constraints, those that are not affine strictly, wherever in their ranges the
// others are.
func (f *followerSampler) insideForAll(y []float64) bool {
	box := make([]expr.Interval, len(f.vars))
	for k := range box {
		box[k] = expr.Interval{Lo: f.lo[k], Hi: f.hi[k]}
		if k < f.own {
			box[k] = expr.Point(y[k])
		}
	}
	out := make([]expr.Interval, len(f.values))
	f.tape.Intervals(f.ws, box, out)
	for k, r := range f.rows {
		v, margin := out[k+1], 0.0
		switch {
		case !r.affine:
			margin = 1e-6 * r.size
		default: // which y satisfies to rounding
			margin = -1e-9 * r.size
		}
		if v.IsEmpty() || !(v.Hi <= r.hi-margin) || !(v.Lo >= r.lo+margin) {
			return false
		}
	}
	return true
}

// testLICQ looks at points at the border of the constraints: whether the gradients of the active ones, bounds among them, are linearly
// independent in the own variables.
func (f *followerSampler) testLICQ(s *FollowerStatement) {
	q := Qualification{Kind: LICQTested}
	x := make([]float64, len(f.vars))
	for range decisions {
		f.draw(x, 0, len(x))
		f.setSizes(x)
		if !f.spend(1) || !f.enter(x, 0, 100) {
			continue
		}
		f.tape.Values(f.ws, x, f.values)
		f.tape.Jacobian(f.ws, x, f.jac)
		active, curved := f.activeGradients(x)
		if !curved {
			continue
		}
		q.Tested++
		if n := len(active); len(orthonormal(active)) == n {
			q.Held++
		} else if q.Point == nil {
			q.Point = f.wide(x)
		}
	}
	if q.Tested > 0 {
		s.Qualification = q
	}
}

// activeGradients lists the gradients of the active constraints and bounds in the own variables, and reports whether one that is not affine is
// among them.
func (f *followerSampler) activeGradients(x []float64) (list [][]float64, curved bool) {
	rows, cols := f.tape.JacobianPattern()
	for k, r := range f.rows {
		v, tol := f.values[k+1], 1e-6*r.size
		if v < r.hi-tol && v > r.lo+tol {
			continue
		}
		g := make([]float64, f.own)
		for i := range rows {
			if int(rows[i]) == k+1 && int(cols[i]) < f.own {
				g[cols[i]] = f.jac[i]
			}
		}
		list = append(list, g)
		curved = curved || !r.affine
	}
	for k := range f.own {
		if x[k] <= f.lo[k] || x[k] >= f.hi[k] {
			g := make([]float64, f.own)
			g[k] = 1
			list = append(list, g)
		}
	}
	return list, curved
}
