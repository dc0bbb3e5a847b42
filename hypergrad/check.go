package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// CheckOptions are the settings of CheckHypergradient; the zero value of a field is its default.
type CheckOptions struct {
	EngineOptions
	// Step is the difference of the first order; default 1e-4 (1+|x_j|). Two differences, of this step and half of it, are extrapolated.
	Step float64
	// Directions is the number of coordinates that are looked at; default all, at most 20, evenly spread.
	Directions int
	// Tolerance is the relative difference allowed; default 1e-5.
	Tolerance float64
}

// Check is what CheckHypergradient found.
type Check struct {
	Coordinates []int
	Analytic    []float64 // ∂h/∂x_j by the engine
	Difference  []float64 // the same by differences of the solved follower
	Worst       int       // position of the largest difference
	Error       float64   // that difference, less what rounding and the step explain of it, over the largest entry of either
	Oracles     []string  // oracles of the problem that disagree with differences of others, in words
	Passed      bool
}

// CheckHypergradient compares the engine's ∇h at x with central differences of h, for which the follower is solved again at each point, and the
// oracles of the problem with each other near the follower's answer, entry by entry: both gradients with differences of the values; Hessian and mixed products with
// differences of the follower's gradients; matrices, batches and joint batches with products and whole sums; rows of constraints and contractions and their products with differences of
// their values. y is where the follower starts (nil: zero). A wrong sign, a transposed product or a forgotten term shows here. At a kink of h the
// differences are no derivative, and the check fails.
func CheckHypergradient(ctx context.Context, p Problem, x, y []float64, opt CheckOptions) (*Check, error) {
	if err := checkProblem(p); err != nil {
		return nil, err
	}
	n, _ := p.Size()
	if !proper(opt.Step) || opt.Directions < 0 || !proper(opt.Tolerance) {
		return nil, badOption("step %v, %d directions, tolerance %v: none may be negative or infinite", opt.Step, opt.Directions, opt.Tolerance)
	}
	if opt.Tolerance == 0 {
		opt.Tolerance = 1e-5
	}
	e, err := NewEvaluator(p, y, opt.EngineOptions)
	if err != nil {
		return nil, err
	}
	const exact = 1e-11
	e.anew = 1 // and looks at the curvature
	at, err := e.Evaluate(ctx, x, exact)
	if err != nil {
		return nil, err
	}
	e.anew = 0
	count := opt.Directions
	if count == 0 {
		count = 20
	}
	c := &Check{Worst: -1, Oracles: checkOracles(p, x, at.Y, count)}
	along := func(j int, step float64) (float64, error) {
		d, err := richardson(step, func(t float64) (float64, error) {
			moved := slices.Clone(x)
			moved[j] += t
			ev, err := e.Evaluate(ctx, moved, exact)
			if err != nil {
				return 0, err
			}
			return ev.Value, nil
		})
		if err != nil {
			return 0, fmt.Errorf("hypergrad: moving variable %d: %w", j, err)
		}
		return d, nil
	}
	var steps []float64
	var scale float64
	for _, j := range spread(n, count) {
		step := opt.Step
		if step == 0 {
			step = 1e-4 * (1 + math.Abs(x[j]))
		}
		d, err := along(j, step)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
		c.Coordinates, c.Analytic, c.Difference = append(c.Coordinates, j), append(c.Analytic, at.Gradient[j]), append(c.Difference, d)
		scale = max(scale, math.Abs(d), math.Abs(at.Gradient[j]))
	}
	for i, j := range c.Coordinates {
		off := math.Abs(c.Analytic[i] - c.Difference[i])
		// Shorter steps tell how much of that is the difference's own error.
		for step := steps[i] / 8; off > opt.Tolerance*scale && step > 1e-5*steps[i]; step /= 8 {
			d, err := along(j, step)
			if err != nil {
				return nil, err
			}
			doubt := min(2*math.Abs(d-c.Difference[i]), 1e-2*scale) + 1e-13*math.Abs(at.Value)/step
			off, c.Difference[i] = min(off, math.Abs(c.Analytic[i]-d)-doubt), d
		}
		if e := max(0, off) / max(scale, 1e-300); c.Worst < 0 || e > c.Error {
			c.Worst, c.Error = i, e
		}
	}
	c.Passed = c.Error <= opt.Tolerance && len(c.Oracles) == 0
	return c, nil
}

// richardson is the derivative at zero by central differences with steps t and t/2, extrapolated: its error is of order t⁴.
func richardson(t float64, f func(t float64) (float64, error)) (float64, error) {
	central := func(t float64) (float64, error) {
		a, err := f(t)
		if err != nil {
			return 0, err
		}
		b, err := f(-t)
		return (a - b) / (2 * t), err
	}
	a, err := central(t)
	if err != nil {
		return 0, err
	}
	b, err := central(t / 2)
	return (4*b - a) / 3, err
}

// spread are count of the numbers below n, or all of them, evenly spread.
func spread(n, count int) []int {
	count = min(count, n)
	out := make([]int, count)
	for i := range out {
		out[i] = int(int64(i) * int64(n) / int64(count))
	}
	return out
}
