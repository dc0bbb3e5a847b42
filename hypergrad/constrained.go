package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// scaledRows is a constrained follower in units of its own: f over ‖∇y f(x, 0)‖, and each row over the norm of its gradient, so that violations are lengths in y and
// multipliers shares of the gradient.
type scaledRows struct {
	Constrained
	o            *oracles
	x            []float64
	inequalities int
	f            float64   // what f is divided by
	row          []float64 // what the rows are divided by
	work, ay     []float64
}

// scaleRows measures the rows at y by products with directions of ones with random signs: the mean square of such products is the squared norm.
func (e *Evaluator) scaleRows(p Constrained, x []float64) *scaledRows {
	inequalities, equations := p.Rows()
	k := inequalities + equations
	s := &scaledRows{Constrained: p, o: e.o, x: x, inequalities: inequalities, f: e.residualScale(x), row: make([]float64, k), work: make([]float64, k), ay: make([]float64, e.o.m)}
	const probes = 8
	signs, v := random{seed: 1}, make([]float64, e.o.m)
	for range probes {
		for j := range v {
			v[j] = 1 - 2*float64(signs.bits()>>63)
		}
		p.ForwardRows(x, e.y, v, s.work)
		for i, a := range s.work {
			s.row[i] += a * a / probes
		}
	}
	for i, a := range s.row {
		if s.row[i] = math.Sqrt(a); !(s.row[i] > 1e-300) || math.IsInf(s.row[i], 1) {
			s.row[i] = 1
		}
	}
	return s
}

// multipliers turns multipliers of the scaled rows into those of the rows.
func (s *scaledRows) multipliers(u []float64) []float64 {
	out := make([]float64, len(u))
	for i := range u {
		out[i] = u[i] * s.f / s.row[i]
	}
	return out
}

// values stores the scaled rows.
func (s *scaledRows) values(y, g []float64) {
	s.Values(s.x, y, g)
	for i := range g {
		g[i] /= s.row[i]
	}
}

// addAdjoint adds the scaled A'u to out.
func (s *scaledRows) addAdjoint(y, u, out []float64) {
	for i := range s.work {
		s.work[i] = u[i] / s.row[i]
	}
	s.AdjointRows(s.x, y, s.work, s.ay, nil)
	add(out, 1, s.ay)
}

// forward stores the scaled A v.
func (s *scaledRows) forward(y, v, av []float64) {
	s.ForwardRows(s.x, y, v, av)
	for i := range av {
		av[i] /= s.row[i]
	}
}

// hessian stores the product of the Hessian of the scaled Lagrangian.
func (s *scaledRows) hessian(y, u, v, out []float64) {
	s.o.Hessian(s.x, y, v, out)
	for j := range out {
		out[j] /= s.f
	}
	for i := range s.work {
		s.work[i] = u[i] / s.row[i]
	}
	s.LagrangianHessian(s.x, y, s.work, v, out, nil)
}

// constrained evaluates a follower with constraints: an augmented Lagrangian with Newton steps finds its answer and multipliers, the
// system of the active rows the adjoint.
func (e *Evaluator) constrained(ctx context.Context, x []float64, tol float64, ev *Evaluation) error {
	p := e.scaleRows(e.o.Problem.(Constrained), x)
	rows := len(p.row)
	g, u := make([]float64, rows), make([]float64, rows)
	if len(e.u) != rows {
		e.u = nil // none yet
	}
	for i := range e.u {
		u[i] = e.u[i] * p.row[i] / p.f
	}
	var err error
	if ev.Residual, err = e.multipliers(ctx, p, u, g, tol); err != nil {
		return err
	}
	e.u = p.multipliers(u)
	ev.Value = e.o.Leader(x, e.y, e.gx, e.gy)

	// Rows with positive multipliers hold with equality nearby. An active row without one may or may not: it is left out, which gives an element
	// of the generalised gradient.
	var active []int
	var largest float64
	for _, u := range u {
		largest = max(largest, math.Abs(u))
	}
	for i := range rows {
		switch near := 1e-6 * max(1, largest); {
		case i >= p.inequalities || u[i] > near:
			active = append(active, i)
		case g[i] > -1e-6*(1+norm(e.y)):
			ev.Degenerate++
		}
	}
	m, k := e.o.m, len(active)
	full, rowsOut := make([]float64, rows), make([]float64, rows)
	spread := func(s []float64) []float64 {
		clear(full)
		for i, r := range active {
			full[r] = s[i]
		}
		return full
	}
	kkt := func(v, out []float64) {
		p.hessian(e.y, u, v[:m], out[:m])
		p.addAdjoint(e.y, spread(v[m:]), out[:m])
		p.forward(e.y, v[:m], rowsOut)
		for i, r := range active {
			out[m+i] = rowsOut[r]
		}
	}
	b, z := make([]float64, m+k), make([]float64, m+k)
	for j := range m {
		b[j] = e.gy[j] / p.f
	}
	size := norm(b)
	residual := minres(kkt, b, z, tol*size, max(100, min(6*(m+k), 10*e.opt.MaxIterations)), e.newton.cg.stop)
	if err := ctx.Err(); err != nil {
		return err
	}
	if residual > max(math.Sqrt(tol), 1e-6)*size || math.IsNaN(residual) {
		return fmt.Errorf("hypergrad: the system of %d active constraints was solved to %.2g of ∇y F only; their gradients may be dependent: %w", k, residual/size, ErrAdjoint)
	}
	ev.AdjointResidual = residual * p.f
	copy(e.v, z[:m])
	e.o.Mixed(x, e.y, e.v, e.cv)
	p.LagrangianHessian(x, e.y, e.u, e.v, nil, e.cv)
	bx := make([]float64, e.o.n)
	p.AdjointRows(x, e.y, p.multipliers(spread(z[m:])), nil, bx)
	for j := range ev.Gradient {
		ev.Gradient[j] = e.gx[j] - e.cv[j] - bx[j]
	}
	ev.V, ev.U = slices.Clone(e.v), slices.Clone(e.u)
	return nil
}

// multipliers minimises the scaled f subject to its rows from e.y and u by the augmented Lagrangian
//
//	f + (1/2ρ) Σ_ineq (max(0, u_i + ρg_i)² - u_i²) + Σ_eq (u_i g_i + ρ/2 g_i²),   u ← max(0, u + ρg) or u + ρg,
//
// with ρ tenfold where the violation does not fall to a quarter, or where the Lagrangian has no minimiser, as with a ρ too small for an f that is not convex. It answers the larger of
// stationarity, in units of f, and violation, and stores the multipliers in u and the rows in g.
func (e *Evaluator) multipliers(ctx context.Context, p *scaledRows, u, g []float64, tol float64) (float64, error) {
	rho := 10.0
	shifted, av := make([]float64, len(g)), make([]float64, len(g))
	shift := func(y []float64) {
		p.values(y, g)
		for i := range g {
			shifted[i] = u[i] + rho*g[i]
			if i < p.inequalities {
				shifted[i] = max(0, shifted[i])
			}
		}
	}
	f := smoothFollower{
		value: func(y, out []float64) float64 {
			v := e.o.Follower(p.x, y, nil, out) / p.f
			for j := range out {
				out[j] /= p.f
			}
			shift(y)
			for i := range g {
				v += (shifted[i]*shifted[i] - u[i]*u[i]) / (2 * rho)
			}
			p.addAdjoint(y, shifted, out)
			return v
		},
		hessian: func(y, v, out []float64) {
			shift(y)
			p.hessian(y, shifted, v, out)
			p.forward(y, v, av)
			for i := range av {
				if i < p.inequalities && shifted[i] == 0 {
					av[i] = 0
				}
				av[i] *= rho
			}
			p.addAdjoint(y, av, out)
		},
	}
	violation := math.Inf(1)
	for range 60 {
		start := slices.Clone(e.y)
		residual, err := e.newton.newton(ctx, f, e.y, 0.5*tol, 0, e.opt.MaxIterations)
		if err != nil {
			if ctx.Err() != nil || rho >= 1e8 {
				return residual * p.f, err
			}
			copy(e.y, start)
			rho *= 10
			continue
		}
		shift(e.y)
		was := violation
		violation = 0
		for i := range g {
			// The move of the multiplier, over ρ, measures violation and complementarity at once.
			violation = max(violation, math.Abs(shifted[i]-u[i])/rho)
		}
		copy(u, shifted)
		if violation <= tol*(1+norm(e.y)) {
			return max(residual*p.f, violation), nil
		}
		if violation > 0.25*was && rho < 1e8 {
			rho *= 10
		}
	}
	return violation, fmt.Errorf("hypergrad: constraints of the follower are still violated by %.3g, a length in y: %w", violation, ErrFollower)
}
