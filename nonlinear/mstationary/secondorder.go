package mstationary

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// denseFreedom is the number of variables up to which the reduced Hessian is formed and all its eigenvalues are computed.
const denseFreedom = 150

// holdActive makes the constraints that are active at the point of the last evaluation those of the branch system: equations, and what
// has a slack of at most Options.Activity.
func (s *search) holdActive() {
	b := s.q.kkt
	for i := range b.active {
		b.active[i] = i < len(s.l.eqs) || s.l.natural(s.v, b.side(i)) <= s.opt.Activity
	}
}

// weakLimit is how many constraints with the multiplier zero are let go one at a time in the search for negative curvature.
const weakLimit = 20

// secondOrder looks at the smallest eigenvalue of the Hessian of the Lagrangian on the null space of the active constraints at w. Where it
// is not negative, constraints with the multiplier zero are let go, all together and one by one: along a direction of negative curvature
// into their feasible side the objective falls as well.
func (s *search) secondOrder(w []float64, r *Result) {
	s.v.hessian(w)
	s.holdActive()
	size := dense.MaxAbs(s.v.hess)
	if math.IsNaN(size) || math.IsInf(size, 0) {
		return
	}
	// Rounding in the entries of the Hessian and in the null space moves eigenvalues by less than this.
	negative := -1e-7 * size
	weak := s.weak(w)
	sets := [][]int{nil}
	if len(weak) > 0 {
		sets = append(sets, weak)
	}
	if len(weak) > 1 {
		for _, i := range weak[:min(len(weak), weakLimit)] {
			sets = append(sets, []int{i})
		}
	}
	for k, released := range sets {
		s.holdActive()
		for _, i := range released {
			s.q.kkt.active[i] = false
		}
		curvature, d, freedom, ok := s.curvature(size)
		if k == 0 {
			if !ok {
				return
			}
			r.Order = SecondOrder{Known: true, Freedom: freedom, Curvature: curvature / s.l.objScale}
		}
		if !ok || curvature >= negative || !s.orient(d, released) {
			continue
		}
		r.Order.Curvature, r.Order.OneSided, r.Order.released = curvature/s.l.objScale, k > 0, released
		r.Order.Direction = make([]float64, s.l.n)
		for k, j := range s.l.free {
			r.Order.Direction[j] = d[k]
		}
		return
	}
}

// curvature is the smallest eigenvalue on the null space of what is held, with its direction.
func (s *search) curvature(size float64) (curvature float64, direction []float64, freedom int, ok bool) {
	if len(s.l.free) <= denseFreedom {
		return s.reducedHessian()
	}
	return s.inverseIteration(size)
}

// weak lists the active constraints that could be let go as their multiplier is zero: sides, and of each biactive pair one member at most.
func (s *search) weak(w []float64) []int {
	n, b := len(s.l.free), s.q.kkt
	first := len(s.l.eqs) + len(s.l.sides)
	zero := s.opt.Activity * multiplierSize(w[n:])
	var list []int
	for i := len(s.l.eqs); i < len(b.active); i++ {
		if !b.active[i] || math.Abs(w[n+i]) > zero {
			continue
		}
		if i >= first {
			mate := partner(i, first)
			if !b.active[mate] || len(list) > 0 && list[len(list)-1] == mate {
				continue
			}
		}
		list = append(list, i)
	}
	return list
}

// orient turns d so that no constraint of the list falls along it, and reports whether it can.
func (s *search) orient(d []float64, list []int) bool {
	up, down := 0.0, 0.0
	for _, i := range list {
		rate := 0.0
		s.q.kkt.slope(i, func(j int32, g float64) { rate += g * d[j] })
		up, down = max(up, rate), max(down, -rate)
	}
	const noise = 1e-9
	if down > noise {
		for j := range d {
			d[j] = -d[j]
		}
		return up <= noise
	}
	return true
}

// reducedHessian is the smallest eigenvalue of Z'HZ and Z times its eigenvector, where the columns of Z are an orthonormal basis of the
// null space.
func (s *search) reducedHessian() (curvature float64, direction []float64, freedom int, ok bool) {
	b, n := s.q.kkt, len(s.l.free)
	var held []int
	for i, on := range b.active {
		if on {
			held = append(held, i)
		}
	}
	at := dense.New(n, len(held)) // A', each column at length one so that the rank does not depend on the scale of a row
	for c, i := range held {
		norm := 0.0
		b.slope(i, func(_ int32, d float64) { norm = math.Hypot(norm, d) })
		if norm > 0 {
			b.slope(i, func(j int32, d float64) { at.Add(int(j), c, d/norm) })
		}
	}
	var qr dense.QR
	qr.Factor(at, 1e-9)
	z := qr.Complement()
	if z.Rows == 0 {
		return math.Inf(1), nil, 0, true
	}
	hz := dense.New(z.Rows, n)
	for k := range z.Rows {
		from, to := z.Row(k), hz.Row(k)
		b.hess(func(i, j int32, h float64) {
			to[i] += h * from[j]
			if i != j {
				to[j] += h * from[i]
			}
		})
	}
	reduced := dense.New(z.Rows, z.Rows)
	for i := range z.Rows {
		for j := range i + 1 {
			reduced.Set(i, j, dense.Dot(z.Row(i), hz.Row(j)))
		}
	}
	values, vectors, ok := dense.Eigen(reduced)
	if !ok {
		return 0, nil, 0, false
	}
	direction = make([]float64, n)
	for k, c := range vectors.Row(0) {
		for j, v := range z.Row(k) {
			direction[j] += c * v
		}
	}
	return values[0], direction, z.Rows, true
}

// leastShift factorises the matrix of the branch program with a shift that makes the Hessian positive definite on the null space, and
// little more than needed. It reports whether there is one.
func (s *search) leastShift(size float64) bool {
	b := s.q.kkt
	definite := func(shift float64) bool {
		regular := b.factoriseSparse(shift, 0)
		if !regular {
			regular = b.factoriseSparse(shift, 1e-9) // dependent constraints
		}
		return regular && b.convex()
	}
	below, shift := 0.0, 0.0
	for try := 0; !definite(shift); try++ {
		if try == 12 {
			return false
		}
		below, shift = shift, max(10*shift, 1e-6*max(size, 1e-6))
	}
	// The closer the shift is to the least that will do, the faster the iteration.
	for range 8 {
		if shift == 0 {
			break
		}
		middle := math.Sqrt(max(below, shift/10) * shift)
		if definite(middle) {
			shift = middle
		} else {
			below = middle
		}
	}
	return definite(shift)
}

// inverseIteration finds the same for many variables: with a shift σ that makes H + σI positive definite on the null space, which the
// inertia of the matrix of the branch program tells, solves with that matrix turn any vector into the direction of least curvature.
func (s *search) inverseIteration(size float64) (curvature float64, direction []float64, freedom int, ok bool) {
	b, n := s.q.kkt, len(s.l.free)
	if !s.leastShift(size) {
		return 0, nil, 0, false
	}
	zero, y := make([]float64, b.constraints()), make([]float64, b.constraints())
	v, hv, next := make([]float64, n), make([]float64, n), make([]float64, n)
	for j := range v {
		v[j] = 1 + float64(j%7)/7 // no direction of its own, and none that symmetric models are blind to
	}
	curvature = math.Inf(1)
	for range 50 {
		if !b.solve(v, zero, next, y) {
			return 0, nil, 0, false
		}
		norm := dense.Norm(next)
		if !(norm > 0) {
			return math.Inf(1), nil, 0, true // the null space is that of zero alone, or v has no part in it
		}
		clear(hv)
		for j := range v {
			v[j] = next[j] / norm
		}
		b.hess(func(i, j int32, h float64) {
			hv[i] += h * v[j]
			if i != j {
				hv[j] += h * v[i]
			}
		})
		before := curvature
		curvature = dense.Dot(v, hv)
		if math.Abs(curvature-before) <= 1e-9*(math.Abs(curvature)+1e-3*size) {
			break
		}
	}
	held := 0
	for _, on := range b.active {
		if on {
			held++
		}
	}
	return curvature, v, max(0, n-held), true
}
