package highs

import (
	"context"
	"math"
	"time"
)

// boxes are the sizes of the boxes that descend puts in turn around the feasible point that it is given.
var boxes = []float64{1e2, 1e5}

// descendSteps is the largest number of steps along chords from one point.
const descendSteps = 200

// descend looks for the optimum of a convex QP that has one (there are feasible points, and no direction shows the objective to be without
// limit: Frank and Wolfe, An algorithm for quadratic programming, Naval Research Logistics Quarterly 3, 1956), where the QP solver ended with a
// claim that is therefore wrong: version 1.10 calls some with free columns outside of the objective unbounded. The QP is solved again in boxes
// around a feasible point, which such a claim cannot be made of. From the point x where that ends, well or not, steps go along the chords to the
// optima v of the LP of the linearised objective over all feasible points,
//
//	min (c + Qx)'v,   f(x) >= min f >= f(x) - (c + Qx)'(x - v),
//
// each as far as the quadratic on the chord falls (chords). The duals of that LP are those of the QP where the two sides meet, and only then is x
// returned, as Optimal; nil where no box leads there.
func (a *Arrays) descend(ctx context.Context, opt SolveOptions, feasible []float64) (*Solution, error) {
	began := time.Now()
	left := func() bool {
		if opt.TimeLimit > 0 && time.Since(began) >= opt.TimeLimit {
			return false
		}
		return ctx.Err() == nil
	}
	for _, size := range boxes {
		if !left() {
			break
		}
		boxed := *a
		boxed.ColLower, boxed.ColUpper = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
		for j, v := range feasible {
			if a.ColLower[j] <= -infinite {
				boxed.ColLower[j] = math.Floor(v - size)
			}
			if a.ColUpper[j] >= infinite {
				boxed.ColUpper[j] = math.Ceil(v + size)
			}
		}
		o := opt
		o.Log = nil
		if o.TimeLimit > 0 {
			o.TimeLimit -= time.Since(began)
		}
		inBox, err := solveQP(ctx, &boxed, o, nil)
		if err != nil {
			return nil, err
		}
		x := feasible
		if inBox.X != nil {
			boxed.measure(inBox, opt.feasibility(a), 1)
			if inBox.Feasible {
				x = inBox.X
			}
		}
		s, err := a.chords(ctx, opt, x, left)
		if err != nil || s != nil {
			return s, err
		}
	}
	return nil, nil
}

// chords makes the steps of descend from the feasible point x while there is time left, and returns the best point whose bound proves it
// optimal, nil where there is none.
func (a *Arrays) chords(ctx context.Context, opt SolveOptions, x []float64, left func() bool) (*Solution, error) {
	n := a.NumCols()
	x = append([]float64(nil), x...)
	linear := *a
	linear.Cost, linear.QStart, linear.QIndex, linear.QValue = a.gradient(x), nil, nil, nil
	l, err := NewLP(&linear, LPOptions{TimeLimit: opt.TimeLimit, Seed: opt.Seed})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	vertex, direction := make([]float64, n), make([]float64, n)
	index := sequence(n)
	var best *Solution
	for step := 0; step < descendSteps && left(); step++ {
		g := a.gradient(x)
		if err := l.ChangeCosts(index, g); err != nil {
			return nil, err
		}
		status, err := l.SolveRobust(ctx)
		if err != nil {
			return nil, err
		}
		furthest := 1.0
		switch status {
		case Optimal:
			if err := l.Primal(vertex); err != nil {
				return nil, err
			}
			s := nothing(Optimal, "optimal: the multipliers of the linearised problem prove it")
			s.X, s.RowDuals, s.ReducedCosts = append([]float64(nil), x...), make([]float64, l.m), make([]float64, n)
			if l.RowDuals(s.RowDuals) != nil || l.ReducedCosts(s.ReducedCosts) != nil {
				return best, nil
			}
			a.measure(s, opt.feasibility(a), 1)
			if s.Accurate && (best == nil || better(s, best)) {
				best = s
			} else if best != nil {
				return best, nil // the rest is rounding
			}
			if exact(s) {
				return best, nil
			}
			for j := range direction {
				direction[j] = vertex[j] - x[j]
			}
		case Unbounded: // along a direction in which the objective curves upwards
			ray, ok := l.PrimalRay()
			if !ok {
				return best, nil
			}
			copy(direction, ray)
			furthest = math.Inf(1)
		default:
			return best, nil
		}
		slope, curvature := 0.0, a.sign()*a.quadratic(direction)
		for j, d := range direction {
			slope += a.sign() * g[j] * d
		}
		length := furthest
		if curvature > 0 {
			length = min(furthest, -slope/curvature)
		}
		if !(slope < 0) || math.IsInf(length, 1) {
			return best, nil
		}
		for j, d := range direction {
			x[j] = min(max(x[j]+length*d, a.ColLower[j]), a.ColUpper[j])
		}
	}
	return best, nil
}
