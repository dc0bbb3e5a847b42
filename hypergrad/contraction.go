package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// contraction evaluates a follower that answers by a fixed point; both fixed points, of y and of v = ∇y F + (∂Φ/∂y)'v, are iterated from where the
// evaluation before ended.
func (e *Evaluator) contraction(ctx context.Context, x []float64, tol float64, ev *Evaluation) error {
	p := e.o.Problem.(Contraction)
	iterate := func(what string, z []float64, step func(z, next []float64), tol float64) (float64, error) {
		next := make([]float64, len(z))
		for k := range 100 * e.opt.MaxIterations {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			e.o.tally.Calls.Maps++
			e.o.tally.Terms.Maps += e.o.nf
			step(z, next)
			var move float64
			for j := range z {
				move = math.Hypot(move, next[j]-z[j])
			}
			copy(z, next)
			if math.IsNaN(move) || math.IsInf(move, 0) {
				return move, &OracleError{Oracle: what, Iteration: k, Err: ErrNotNumber}
			}
			if move <= max(tol, 0x1p-51*norm(z)) {
				return move, nil
			}
		}
		return 0, fmt.Errorf("hypergrad: %s still moves after %d iterations; is the map a contraction? %w", what, 100*e.opt.MaxIterations, ErrFollower)
	}
	var err error
	if ev.Residual, err = iterate("Map", e.y, func(z, next []float64) { p.Map(x, z, next) }, tol*e.mapScale(p, x)); err != nil {
		return err
	}
	ev.Value = e.o.Leader(x, e.y, e.gx, e.gy)
	if norm(e.gy) == 0 {
		clear(e.v)
	}
	ev.AdjointResidual, err = iterate("MapAdjoint", e.v, func(z, next []float64) {
		p.MapAdjoint(x, e.y, z, nil, next)
		add(next, 1, e.gy)
	}, tol*max(norm(e.gy), 1e-300))
	if err != nil {
		return err
	}
	p.MapAdjoint(x, e.y, e.v, e.cv, nil)
	for j := range ev.Gradient {
		ev.Gradient[j] = e.gx[j] + e.cv[j]
	}
	ev.V = slices.Clone(e.v)
	return nil
}

// mapScale is what tolerances of the fixed point are relative to: the move Φ(x, 0) from zero at the first x, or where that is zero or no number the one from the start, or one.
func (e *Evaluator) mapScale(p Contraction, x []float64) float64 {
	if e.hasValue {
		return e.scale
	}
	e.hasValue = true
	out := make([]float64, e.o.m)
	for _, y := range [][]float64{make([]float64, e.o.m), e.y} {
		e.o.tally.Calls.Maps++
		e.o.tally.Terms.Maps += e.o.nf
		p.Map(x, y, out)
		add(out, -1, y)
		if e.scale = norm(out); e.scale > 0 && !math.IsInf(e.scale, 1) {
			return e.scale
		}
	}
	e.scale = 1
	return e.scale
}
