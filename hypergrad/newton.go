package hypergrad

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// smoothFollower is what Newton's method minimises: a function of y at a fixed x. factor may be nil; it prepares the preconditioner (an exact
// or nearby Hessian's Cholesky factor) at y and answers false where there is none.
type smoothFollower struct {
	value    func(y, g []float64) float64
	hessian  func(y, v, out []float64)
	factor   func(y []float64) bool
	inverse  func(r []float64) // overwrites r with the preconditioned r; used after factor answered true
	diagonal func(y, d []float64)
}

// newtonState is the memory of newton.
type newtonState struct {
	g, d, trial, trialG, diag []float64
	cg                        conjugate
}

// newton minimises the function from y, in place, until ‖g‖ <= tol: with a factor by chord steps that renew the factor when the gradient falls
// by less than a factor of five, otherwise by truncated conjugate gradients with forcing terms min(0.1, √(‖g‖/‖g_0‖)). Steps are halved until the value
// falls (Armijo, 1e-4) or, near rounding, the gradient does; the first least of them are made even where ‖g‖ is small already. Where steps bring nothing more and ‖g‖ is what rounding leaves of a gradient, that is the answer, too.
func (s *newtonState) newton(ctx context.Context, f smoothFollower, y []float64, tol float64, least, most int) (residual float64, err error) {
	m := len(y)
	s.g, s.d, s.trial, s.trialG = resize(s.g, m), resize(s.d, m), resize(s.trial, m), resize(s.trialG, m)
	value := f.value(y, s.g)
	residual = norm(s.g)
	first := residual
	fresh, factored := false, false
	best, idle := residual, 0 // least residual, and steps since it fell
	noise := 0.0              // of the value, as far as it was looked for
	for k := 0; ; k++ {
		if math.IsNaN(value) || math.IsInf(value, 0) || math.IsNaN(residual) || math.IsInf(residual, 0) {
			return residual, &OracleError{Oracle: "Follower", Iteration: k, Err: ErrNotNumber}
		}
		if residual <= tol && k >= least || residual == 0 {
			return residual, nil
		}
		if err := ctx.Err(); err != nil {
			return residual, err
		}
		// Steps that no longer bring anything may be rounding.
		if idle >= 5 {
			idle = 0
			if lowest, _ := s.rounding(f, y, value); residual <= 10*lowest {
				return residual, nil
			}
		}
		if k >= most {
			return residual, fmt.Errorf("hypergrad: residual %.3g after %d Newton iterations, %.3g asked for: %w", residual, k, tol, ErrFollower)
		}
		if f.factor != nil && !factored {
			factored = f.factor(y)
			fresh = true
		}
		if factored {
			copy(s.d, s.g)
			f.inverse(s.d)
			for j := range s.d {
				s.d[j] = -s.d[j]
			}
		} else {
			s.direction(f, y, residual, first, tol)
		}
		slope := dot(s.g, s.d)
		if residual <= tol {
			// What this step changes is what the tolerance leaves open.
			add(y, 1, s.d)
			value = f.value(y, s.g)
			residual, factored, fresh = norm(s.g), false, false
			continue
		}
		if !(slope < 0) {
			if factored && !fresh {
				factored = false
				continue
			}
			return residual, &OracleError{Oracle: "Hessian", Iteration: k, Err: ErrCurvature}
		}
		accepted := false
		for step := 1.0; step > 1e-10; step /= 2 {
			for j := range y {
				s.trial[j] = y[j] + step*s.d[j]
			}
			v := f.value(s.trial, s.trialG)
			r := norm(s.trialG)
			near := math.Abs(slope) <= max(1e-9*math.Abs(value), 100*noise) && r < residual
			if v <= value+1e-4*step*slope || near {
				// A factor that no longer brings much is renewed.
				if factored && (r > 0.2*residual || step < 1) {
					factored, fresh = false, false
				} else {
					fresh = false
				}
				if idle++; r <= 0.9*best {
					idle, best = 0, r
				}
				copy(y, s.trial)
				copy(s.g, s.trialG)
				value, residual, accepted = v, r, true
				break
			}
			if factored && !fresh {
				break
			}
		}
		if !accepted {
			if factored && !fresh {
				factored = false
				continue
			}
			lowest, doubt := s.rounding(f, y, value)
			if residual <= 10*lowest {
				return residual, nil // as far as arithmetic goes
			}
			// Where the value no longer tells points apart, gradients may.
			if doubt > noise && math.Abs(slope) <= 100*doubt {
				noise = doubt
				continue
			}
			return residual, fmt.Errorf("hypergrad: residual %.3g, no step lowers the follower's objective, though its gradient says so: %w", residual, ErrFollower)
		}
	}
}

// rounding answers how much gradient and value change where every entry of y moves by its last bit: no y that numbers can hold makes the gradient much
// smaller, and values that differ by less say nothing.
func (s *newtonState) rounding(f smoothFollower, y []float64, value float64) (gradient, noise float64) {
	for j, v := range y {
		s.trial[j] = v * (1 + 0x1p-52)
		if j%2 == 1 {
			s.trial[j] = v * (1 - 0x1p-53)
		}
	}
	noise = math.Abs(f.value(s.trial, s.trialG) - value)
	add(s.trialG, -1, s.g)
	return norm(s.trialG), noise
}

// direction stores in s.d the truncated conjugate-gradient solution of Hd = -g.
func (s *newtonState) direction(f smoothFollower, y []float64, residual, first, tol float64) {
	for j := range s.g {
		s.trialG[j] = -s.g[j]
	}
	clear(s.d)
	sys := linear{apply: func(v, out []float64) { f.hessian(y, v, out) }}
	if f.diagonal != nil {
		s.diag = resize(s.diag, len(y))
		f.diagonal(y, s.diag)
		sys.precondition = func(r []float64) {
			for j := range r {
				if s.diag[j] > 0 {
					r[j] /= s.diag[j]
				}
			}
		}
	}
	// Solving below the follower's tolerance would be wasted.
	forcing := max(min(0.1, math.Sqrt(residual/first)), min(0.5, 0.3*tol/residual))
	s.cg.solve(sys, s.trialG, s.d, forcing*residual, max(50, productsEach*len(y)))
	if norm(s.d) == 0 {
		copy(s.d, s.trialG)
	}
}

// denseFactor keeps the Cholesky factor of a follower's Hessian and where it was made.
type denseFactor struct {
	h    []float64
	chol matrix.Cholesky
	x, y []float64 // nil where there is no factor
	// shifted says that the matrix was not positive definite by itself.
	shifted bool
}

// at factors ∇²yy f(x, y), if need be with a shift that makes it positive definite. It answers whether the problem gives a matrix and whether that
// was factored.
func (d *denseFactor) at(o *oracles, x, y []float64) (given, ok bool) {
	d.h = resize(d.h, o.m*o.m)
	d.x, d.y = nil, nil
	if !o.matrix(x, y, d.h) {
		return false, false
	}
	var shift float64
	for j := range o.m {
		shift = max(shift, math.Abs(d.h[j*o.m+j]))
	}
	shift *= 1e-10
	ok = d.chol.Factor(o.m, d.h, 0)
	d.shifted = !ok
	for try := 0; !ok && try < 12; try++ {
		ok = d.chol.Factor(o.m, d.h, shift)
		shift *= 10
	}
	if ok {
		d.x, d.y = append([]float64(nil), x...), append([]float64(nil), y...)
	}
	return true, ok
}
