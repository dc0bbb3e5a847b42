package hypergrad

import "math"

// Functions is a Problem made of Go functions. F and Fol are needed; a nil Hess or Mix is replaced by central differences of the follower's
// gradient, two gradients a product (Hessian-free products):
//
//	∇²yy f v ≈ (∇y f(x, y+δv) - ∇y f(x, y-δv)) / 2δ,   C'v ≈ (∇x f(x, y+δv) - ∇x f(x, y-δv)) / 2δ,   δ = 1e-5 (1+‖y‖)/‖v‖.
//
// Their error is of order δ² and of rounding over δ, about 1e-9 relative for functions of moderate third derivatives: hypergradients
// below that mean nothing.
type Functions struct {
	N, M int // variables of the leader and of the follower
	// F and Fol return a value and store the gradients of slices that are not nil.
	F, Fol func(x, y, gx, gy []float64) float64
	// Hess stores ∇²yy f v and Mix stores C'v; each may be nil.
	Hess, Mix func(x, y, v, out []float64)

	plus, minus, point []float64
}

// refuse names a function that is missing.
func (p *Functions) refuse() error {
	if p == nil || p.F == nil || p.Fol == nil {
		return badOption("the problem lacks F or Fol; both functions are needed")
	}
	return nil
}

// Size is N and M.
func (p *Functions) Size() (leader, follower int) { return p.N, p.M }

// Leader is F.
func (p *Functions) Leader(x, y, gx, gy []float64) float64 { return p.F(x, y, gx, gy) }

// Follower is f.
func (p *Functions) Follower(x, y, gx, gy []float64) float64 { return p.Fol(x, y, gx, gy) }

// Hessian is Hess, or differences.
func (p *Functions) Hessian(x, y, v, hv []float64) {
	if p.Hess != nil {
		p.Hess(x, y, v, hv)
		return
	}
	p.differences(y, v, hv, func(y, g []float64) { p.Fol(x, y, nil, g) })
}

// Mixed is Mix, or differences.
func (p *Functions) Mixed(x, y, v, cv []float64) {
	if p.Mix != nil {
		p.Mix(x, y, v, cv)
		return
	}
	p.differences(y, v, cv, func(y, g []float64) { p.Fol(x, y, g, nil) })
}

// differences stores the derivative of gradient at y along v.
func (p *Functions) differences(y, v, out []float64, gradient func(y, g []float64)) {
	size := norm(v)
	if size == 0 {
		clear(out)
		return
	}
	d := 1e-5 * (1 + norm(y)) / size
	p.plus, p.minus, p.point = resize(p.plus, len(out)), resize(p.minus, len(out)), resize(p.point, len(y))
	for j := range y {
		p.point[j] = y[j] + d*v[j]
	}
	gradient(p.point, p.plus)
	for j := range y {
		p.point[j] = y[j] - d*v[j]
	}
	gradient(p.point, p.minus)
	for j := range out {
		out[j] = (p.plus[j] - p.minus[j]) / (2 * d)
	}
}

// resize returns a slice of n entries, s where it has room.
func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

// norm is the Euclidean norm; it neither overflows nor underflows where the result does not.
func norm(v []float64) float64 {
	var s float64
	for _, a := range v {
		s += a * a
	}
	if s > 1e-280 && s < 1e280 {
		return math.Sqrt(s)
	}
	var big float64
	for _, a := range v {
		if math.IsNaN(a) {
			return a
		}
		big = max(big, math.Abs(a))
	}
	if big == 0 || math.IsInf(big, 0) {
		return big
	}
	s = 0
	for _, a := range v {
		s += (a / big) * (a / big)
	}
	return big * math.Sqrt(s)
}

// dot is a'b.
func dot(a, b []float64) float64 {
	var s float64
	for j, v := range a {
		s += v * b[j]
	}
	return s
}

// add adds a v to y.
func add(y []float64, a float64, v []float64) {
	for j := range y {
		y[j] += a * v[j]
	}
}

// finite reports whether no entry is NaN or infinite.
func finite(v []float64) bool {
	for _, a := range v {
		if math.IsNaN(a) || math.IsInf(a, 0) {
			return false
		}
	}
	return true
}
