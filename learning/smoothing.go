package learning

import (
	"math"
	"sync"
)

// smoothing is the method of one loop for SVC: every pair of the followers' optimality conditions is replaced by a smooth equation and eliminated, and
// damped Newton steps are made on the optimality conditions of the equality constrained problem that is left, while the smoothing falls with each step.
//
// The pairs of a hinge, α (ξ - g) = μ and ξ (C - α) = μ with g = r - a'v, leave α = C σ(g), σ(g) = (1 + g / (κ + √(κ² + g²))) / 2 for μ = κ C / 2; those of a box
// leave γ = κ/(box - w) - κ/(box + w); those of the hinge z of a validation sample leave z = (t + √(t² + 4κ²)) / 2 with t = 1 - y (x'w - b). So
//
//	min Σ_t l_t(v_t)   over θ, v   s.t.   F_t(v_t, θ) = (w, 0) - C Σ_j σ(g_j) a_j + (γ, 0) = 0,
//
// whose Newton system, in θ = (ln C, ln box), v and multipliers λ, is bordered and block diagonal: one Cholesky factorisation of ∂F_t/∂v a fold, the folds at the
// same time, and a Schur complement in θ. The last point is evaluated by the exact followers, and a descent along the
// hypergradient, with the active sets that are left open no more, ends it.
//
// Source: the scheme of smoothing damped Newton methods for this problem (2025), with an elimination of all pairs.
func (s *search) smoothing() {
	dim := len(s.space.lo)
	theta := make([]float64, dim)
	starts := s.opt.Starts
	for k := range starts {
		if s.stopped() {
			return
		}
		// Starts of C are spread over the middle of its range, from its centre on: 1/2, 3/8, 5/8, ...
		part := 0.5 + math.Pow(-1, float64(k))*float64((k+1)/2)/float64(2*starts+2)
		theta[0] = s.space.lo[0] + part*(s.space.hi[0]-s.space.lo[0])
		for i := 1; i < dim; i++ {
			theta[i] = math.Min(s.space.hi[i], math.Max(s.space.lo[i], 0))
		}
		m := newSmoothed(s, theta)
		last := m.run(s)
		s.space.clip(last)
		s.descend(s.try(last), dim, nil)
	}
}

// smoothed is the state of the loop.
type smoothed struct {
	n, dim int
	theta  []float64
	kappa  float64
	folds  []*smoothedFold
	lo, hi []float64
}

// smoothedFold is the part of one fold.
type smoothedFold struct {
	*hinges
	held                 *Data
	weight               float64
	at, lambda           []float64 // v and λ
	f                    []float64 // F
	jac                  []float64 // ∂F/∂v, then its Cholesky factor
	hess                 []float64 // ∂²(l + λ'F)/∂v²
	grad                 []float64 // ∂l/∂v
	fTheta, cross, solid []float64 // ∂F/∂θ (n+1 rows of dim), ∂²(λ'F)/∂v∂θ (the same), -J⁻¹ ∂F/∂θ
	lv, second           []float64 // ∂(l + λ'F)/∂v; the diagonal ∂²(λ'F)/∂θ²
	lt                   []float64 // ∂(λ'F)/∂θ
	rest, dv             []float64
	value, trial         float64
}

func newSmoothed(s *search, theta []float64) *smoothed {
	m := &smoothed{n: s.space.n, dim: len(theta), theta: append([]float64(nil), theta...), kappa: 1, lo: s.space.lo, hi: s.space.hi}
	n1 := m.n + 1
	for t, f := range s.cv.folds {
		vec := func() []float64 { return make([]float64, n1) }
		h := f.f.(*hinges)
		m.folds = append(m.folds, &smoothedFold{hinges: h, held: s.cv.held[t], weight: 1 / float64(len(s.cv.folds)*s.cv.held[t].Len()),
			at: vec(), lambda: vec(), f: vec(), grad: vec(), lv: vec(), rest: vec(), dv: vec(), jac: make([]float64, n1*n1), hess: make([]float64, n1*n1),
			fTheta: make([]float64, n1*m.dim), cross: make([]float64, n1*m.dim), solid: make([]float64, n1*m.dim), second: make([]float64, m.dim), lt: make([]float64, m.dim)})
	}
	return m
}

// run makes the steps and returns the last θ.
func (m *smoothed) run(s *search) []float64 {
	const least = 1e-4
	for range 3 * s.opt.Iterations {
		if s.stopped() {
			break
		}
		m.derivatives()
		step, size := m.direction()
		if step == nil {
			break
		}
		taken := m.advance(step)
		if m.kappa <= least && (size < 1e-4 || taken < 1e-2) || taken < 1e-5 {
			break
		}
		// The smoothing falls faster where Newton's steps are taken in full.
		rate := 0.85
		if taken == 1 {
			rate = math.Min(0.7, math.Max(0.4, size))
		}
		m.kappa = math.Max(least, m.kappa*rate)
	}
	return m.theta
}

// each does the same for all folds at the same time.
func (m *smoothed) each(do func(f *smoothedFold)) {
	var wait sync.WaitGroup
	for _, f := range m.folds {
		wait.Go(func() { do(f) })
	}
	wait.Wait()
}

// step is σ and its first two derivatives.
func smoothStep(g, kappa float64) (s, d, dd float64) {
	r := math.Sqrt(kappa*kappa + g*g)
	q := kappa + r
	// g/(κ+r) has the derivative κ/(r (κ+r)).
	return (1 + g/q) / 2, kappa / (2 * r * q), -kappa * g / (2 * r * r * r * q * q) * (q + r)
}

// box is ln of the bound on a weight, +Inf without one.
func (m *smoothed) box(theta []float64, k int) float64 {
	if m.dim == 1 {
		return math.Inf(1)
	}
	return math.Exp(theta[1+k])
}

func (m *smoothed) derivatives() {
	m.each(func(f *smoothedFold) { m.fold(f) })
}

// fold computes all derivatives of a fold.
func (m *smoothed) fold(f *smoothedFold) {
	n, n1, c := m.n, m.n+1, math.Exp(m.theta[0])
	for _, list := range [][]float64{f.f, f.grad, f.lv, f.jac, f.hess, f.fTheta, f.cross, f.second, f.lt} {
		clear(list)
	}
	f.value = 0
	for k := range n {
		f.f[k] = f.at[k]
		f.jac[k*n1+k] = 1
		f.lv[k] = f.lambda[k]
	}
	// A direction of b that no hinge curves keeps the matrix regular.
	f.jac[n*n1+n] = 1e-12
	outer := func(to []float64, a []float64, by float64) {
		for i, v := range a {
			row := to[i*n1 : i*n1+i+1]
			v *= by
			for k := range row {
				row[k] += v * a[k]
			}
		}
	}
	for j, a := range f.a {
		s, d, dd := smoothStep(f.fixed[j]-dot(a, f.at), m.kappa)
		along := dot(a, f.lambda)
		for i, v := range a {
			f.f[i] -= c * s * v
			f.lv[i] += c * d * along * v
			f.fTheta[i*m.dim] -= c * s * v
			f.cross[i*m.dim] += c * d * along * v
		}
		f.lt[0] -= c * s * along
		outer(f.jac, a, c*d)
		outer(f.hess, a, -c*dd*along)
	}
	f.second[0] = f.lt[0]
	if m.dim > 1 {
		for k := range n {
			b, w := m.box(m.theta, k), f.at[k]
			p, q := m.kappa/(b-w), m.kappa/(b+w)
			p1, q1 := p/(b-w), q/(b+w)
			p2, q2 := 2*p1/(b-w), 2*q1/(b+w)
			f.f[k] += p - q
			f.jac[k*n1+k] += p1 + q1
			f.lv[k] += f.lambda[k] * (p1 + q1)
			f.hess[k*n1+k] += f.lambda[k] * (p2 - q2)
			// By ln b: b times the derivative by b.
			db := b * (q1 - p1)
			f.fTheta[k*m.dim+1+k] = db
			f.lt[1+k] = f.lambda[k] * db
			f.cross[k*m.dim+1+k] = f.lambda[k] * b * (-p2 - q2)
			f.second[1+k] = f.lambda[k] * (db + b*b*(p2-q2))
		}
	}
	z := make([]float64, n1)
	for i, x := range f.held.X {
		y := f.held.Y[i]
		for k, v := range x {
			z[k] = -y * v
		}
		z[n] = y
		t := 1 + dot(z, f.at)
		r := math.Sqrt(t*t + 4*m.kappa*m.kappa)
		f.value += f.weight * (t + r) / 2
		for k, v := range z {
			f.grad[k] += f.weight * (1 + t/r) / 2 * v
		}
		outer(f.hess, z, f.weight*2*m.kappa*m.kappa/(r*r*r))
	}
	for i := range n1 {
		f.lv[i] += f.grad[i]
		for k := range i {
			f.hess[k*n1+i] = f.hess[i*n1+k]
		}
	}
	cholesky(f.jac, n1)
}

// times is the product of the symmetric hess with a vector.
func (f *smoothedFold) times(x, out []float64) {
	n1 := len(x)
	for i := range out {
		out[i] = dot(f.hess[i*n1:(i+1)*n1], x)
	}
}

// direction is Newton's step of θ, dv of each fold and λ afterwards; size is the largest entry of the step of θ. With Z = -J⁻¹ ∂F/∂θ and dv = Zdθ - J⁻¹F the
// Schur complement is Σ Z'HZ + Z'B + B'Z + ∂²/∂θ², with B the mixed derivatives; where it is not positive definite its diagonal is raised.
func (m *smoothed) direction() ([]float64, float64) {
	n1, dim := m.n+1, m.dim
	m.each(func(f *smoothedFold) {
		copy(f.rest, f.f)
		choleskySolve(f.jac, n1, f.rest)
		for i := range f.rest {
			f.rest[i] = -f.rest[i]
		}
		col := make([]float64, n1)
		for q := range dim {
			for i := range n1 {
				col[i] = -f.fTheta[i*dim+q]
			}
			choleskySolve(f.jac, n1, col)
			for i := range n1 {
				f.solid[i*dim+q] = col[i]
			}
		}
	})
	schur, rhs := make([]float64, dim*dim), make([]float64, dim)
	tmp, zq := make([]float64, n1), make([]float64, n1)
	for _, f := range m.folds {
		hr := make([]float64, n1)
		f.times(f.rest, hr)
		for q := range dim {
			for i := range n1 {
				zq[i] = f.solid[i*dim+q]
			}
			f.times(zq, tmp)
			g := f.lt[q] + dot(zq, f.lv) + dot(zq, hr)
			for i := range n1 {
				g += f.cross[i*dim+q] * f.rest[i]
			}
			rhs[q] -= g
			for p := range dim {
				v := 0.0
				for i := range n1 {
					v += f.solid[i*dim+p]*(tmp[i]+f.cross[i*dim+q]) + f.cross[i*dim+p]*zq[i]
				}
				schur[p*dim+q] += v
			}
			schur[q*dim+q] += f.second[q]
		}
	}
	// Coordinates at an end of their range that the step would leave stay.
	for q := range dim {
		if m.theta[q] <= m.lo[q] && rhs[q] < 0 || m.theta[q] >= m.hi[q] && rhs[q] > 0 {
			for p := range dim {
				schur[p*dim+q], schur[q*dim+p] = 0, 0
			}
			schur[q*dim+q], rhs[q] = 1, 0
		}
	}
	step := m.positive(schur, rhs)
	if step == nil {
		return nil, 0
	}
	size := 0.0
	for _, d := range step {
		if size = math.Max(size, math.Abs(d)); math.IsNaN(d) {
			return nil, 0
		}
	}
	if size > 1 {
		for q := range step {
			step[q] /= size
		}
	}
	for _, f := range m.folds {
		for i := range n1 {
			f.dv[i] = f.rest[i]
			for q, d := range step {
				f.dv[i] += f.solid[i*dim+q] * d
			}
		}
	}
	return step, size
}
