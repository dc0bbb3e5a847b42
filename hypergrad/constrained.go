package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// constrained evaluates a follower with constraints: an augmented Lagrangian with Newton steps finds its answer and multipliers, the
// system of the active rows the adjoint.
func (e *Evaluator) constrained(ctx context.Context, x []float64, tol float64, ev *Evaluation) error {
	p := e.o.Problem.(Constrained)
	inequalities, equations := p.Rows()
	rows := inequalities + equations
	g := make([]float64, rows)
	var err error
	if ev.Residual, err = e.multipliers(ctx, p, x, g, tol*e.residualScale(x)); err != nil {
		return err
	}
	ev.Value = e.o.Leader(x, e.y, e.gx, e.gy)

	// Rows with positive multipliers hold with equality nearby. An active row without one may or may not: it is left out, which gives an element
	// of the generalised gradient.
	var active []int
	var largest float64
	for _, u := range e.u {
		largest = max(largest, math.Abs(u))
	}
	for i := range rows {
		switch near := 1e-6 * max(1, largest); {
		case i >= inequalities || e.u[i] > near:
			active = append(active, i)
		case g[i] > -1e-6:
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
	ay := make([]float64, m)
	kkt := func(v, out []float64) {
		e.o.Hessian(x, e.y, v[:m], out[:m])
		p.LagrangianHessian(x, e.y, e.u, v[:m], out[:m], nil)
		p.AdjointRows(x, e.y, spread(v[m:]), ay, nil)
		add(out[:m], 1, ay)
		p.ForwardRows(x, e.y, v[:m], rowsOut)
		for i, r := range active {
			out[m+i] = rowsOut[r]
		}
	}
	b, z := make([]float64, m+k), make([]float64, m+k)
	copy(b, e.gy)
	size := norm(b)
	ev.AdjointResidual = minres(kkt, b, z, tol*size, max(100, min(6*(m+k), 10*e.opt.MaxIterations)), e.newton.cg.stop)
	if err := ctx.Err(); err != nil {
		return err
	}
	if ev.AdjointResidual > max(math.Sqrt(tol), 1e-6)*size || math.IsNaN(ev.AdjointResidual) {
		return fmt.Errorf("hypergrad: the system of %d active constraints was solved to %.2g only; their gradients may be dependent: %w", k, ev.AdjointResidual, ErrFollower)
	}
	copy(e.v, z[:m])
	e.o.Mixed(x, e.y, e.v, e.cv)
	p.LagrangianHessian(x, e.y, e.u, e.v, nil, e.cv)
	bx := make([]float64, e.o.n)
	p.AdjointRows(x, e.y, spread(z[m:]), nil, bx)
	for j := range ev.Gradient {
		ev.Gradient[j] = e.gx[j] - e.cv[j] - bx[j]
	}
	ev.V, ev.U = slices.Clone(e.v), slices.Clone(e.u)
	return nil
}

// multipliers minimises f subject to its rows from e.y and e.u by the augmented Lagrangian
//
//	f + (1/2ρ) Σ_ineq (max(0, u_i + ρg_i)² - u_i²) + Σ_eq (u_i g_i + ρ/2 g_i²),   u ← max(0, u + ρg) or u + ρg,
//
// with ρ tenfold where the violation does not fall to a quarter. It answers the larger of stationarity and violation; g gets the values of the rows.
func (e *Evaluator) multipliers(ctx context.Context, p Constrained, x, g []float64, tol float64) (float64, error) {
	inequalities, _ := p.Rows()
	rows, m := len(g), e.o.m
	if e.u == nil {
		e.u = make([]float64, rows)
	}
	rho := 10.0
	shifted, av, ay := make([]float64, rows), make([]float64, rows), make([]float64, m)
	shift := func(y []float64) {
		p.Values(x, y, g)
		for i := range g {
			shifted[i] = e.u[i] + rho*g[i]
			if i < inequalities {
				shifted[i] = max(0, shifted[i])
			}
		}
	}
	f := smoothFollower{
		value: func(y, out []float64) float64 {
			v := e.o.Follower(x, y, nil, out)
			shift(y)
			for i := range g {
				v += (shifted[i]*shifted[i] - e.u[i]*e.u[i]) / (2 * rho)
			}
			p.AdjointRows(x, y, shifted, ay, nil)
			add(out, 1, ay)
			return v
		},
		hessian: func(y, v, out []float64) {
			shift(y)
			e.o.Hessian(x, y, v, out)
			p.LagrangianHessian(x, y, shifted, v, out, nil)
			p.ForwardRows(x, y, v, av)
			for i := range av {
				if i < inequalities && shifted[i] == 0 {
					av[i] = 0
				}
				av[i] *= rho
			}
			p.AdjointRows(x, y, av, ay, nil)
			add(out, 1, ay)
		},
	}
	violation := math.Inf(1)
	for range 60 {
		residual, err := e.newton.newton(ctx, f, e.y, 0.5*tol, 0, e.opt.MaxIterations)
		if err != nil {
			return residual, err
		}
		shift(e.y)
		was := violation
		violation = 0
		for i := range g {
			// The move of the multiplier, over ρ, measures violation and complementarity at once.
			violation = max(violation, math.Abs(shifted[i]-e.u[i])/rho)
		}
		copy(e.u, shifted)
		if violation <= tol {
			return max(residual, violation), nil
		}
		if violation > 0.25*was && rho < 1e8 {
			rho *= 10
		}
	}
	return violation, fmt.Errorf("hypergrad: constraints of the follower are still violated by %.3g: %w", violation, ErrFollower)
}
