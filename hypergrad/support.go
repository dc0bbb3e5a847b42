package hypergrad

import (
	"context"
	"fmt"
	"math"
)

// supported evaluates a follower with a separable nonsmooth part: it is solved by its own solver or by accelerated proximal steps, and the
// adjoint system is that of its support.
func (e *Evaluator) supported(ctx context.Context, x []float64, tol float64, ev *Evaluation) error {
	p := e.o.Problem.(Supported)
	var err error
	// The support must be right before derivatives mean anything, so the follower is solved more exactly than a smooth one.
	tol *= 1e-3
	if own, ok := e.o.Problem.(OwnSolver); ok {
		e.o.tally.Calls.Solves++
		e.o.tally.Terms.Solves += e.o.nf
		ev.Residual, err = e.own(own, x, tol)
	} else {
		ev.Residual, err = e.proximal(ctx, p, x, tol*e.residualScale(x))
	}
	if err != nil {
		return err
	}
	e.free = make([]bool, e.o.m)
	p.Free(x, e.y, e.free)
	value := e.o.Leader(x, e.y, e.gx, e.gy)
	sys := linear{apply: func(v, out []float64) { e.o.Hessian(x, e.y, v, out) }}
	if isA[Diagonal](e.o.Problem) {
		sys.precondition = e.jacobi(x)
	}
	if err := e.adjoint(sys, 1e3*tol, e.free, ev); err != nil {
		return err
	}
	e.newton.g = nil // it is the gradient of f alone, which does not vanish
	e.finish(x, value, ev)
	return nil
}

// proximal runs accelerated proximal gradient steps with restarts (Beck and Teboulle 2009, O'Donoghue and Candès 2015) until the move, over the
// step, is at most tol. The step comes from the Hessian's largest eigenvalue and is halved where f lies above its model.
func (e *Evaluator) proximal(ctx context.Context, p Supported, x []float64, tol float64) (float64, error) {
	m := e.o.m
	eta := e.eta(func(v, out []float64) { e.o.Hessian(x, e.y, v, out) })
	z, next, g := append([]float64(nil), e.y...), make([]float64, m), make([]float64, m)
	theta := 1.0
	for k := range 100 * e.opt.MaxIterations {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		value := e.o.Follower(x, z, nil, g)
		var move float64
		for {
			for j := range next {
				next[j] = z[j] - eta*g[j]
			}
			p.Prox(x, eta, next)
			e.o.tally.Calls.Proximals++
			e.o.tally.Terms.Proximals++
			var slope float64
			move = 0
			for j := range next {
				d := next[j] - z[j]
				slope += g[j] * d
				move += d * d
			}
			if math.IsNaN(move) || math.IsInf(move, 0) {
				return move, &OracleError{Oracle: "Prox", Iteration: k, Err: ErrNotNumber}
			}
			if e.o.Follower(x, next, nil, nil) <= value+slope+move/(2*eta)+1e-12*(1+math.Abs(value)) || eta < 1e-300 {
				break
			}
			eta /= 2
		}
		if move = math.Sqrt(move) / eta; move <= tol {
			copy(e.y, next)
			return move, nil
		}
		// Momentum that points uphill is dropped.
		var uphill float64
		for j := range next {
			uphill += (z[j] - next[j]) * (next[j] - e.y[j])
		}
		if uphill > 0 {
			theta = 1
		}
		was := theta
		theta = (1 + math.Sqrt(1+4*theta*theta)) / 2
		for j := range next {
			z[j] = next[j] + (was-1)/theta*(next[j]-e.y[j])
		}
		copy(e.y, next)
	}
	return 0, fmt.Errorf("hypergrad: proximal steps still move after %d iterations: %w", 100*e.opt.MaxIterations, ErrFollower)
}
