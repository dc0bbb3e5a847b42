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
	Error       float64   // that difference over 1 + the largest entry
	Oracles     []string  // oracles of the problem that disagree with differences of others, in words
	Passed      bool
}

// CheckHypergradient compares the engine's ∇h at x with central differences of h, for which the follower is solved again at each point, and the
// oracles of the problem with each other: both gradients with differences of the values, Hessian products and mixed products with
// differences of the follower's gradients. y is where the follower starts (nil: zero). A wrong sign or a forgotten term shows here.
func CheckHypergradient(ctx context.Context, p Problem, x, y []float64, opt CheckOptions) (*Check, error) {
	if err := checkProblem(p); err != nil {
		return nil, err
	}
	n, m := p.Size()
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
	at, err := e.Evaluate(ctx, x, exact)
	if err != nil {
		return nil, err
	}
	c := &Check{Worst: -1}
	if !isA[Contraction](p) {
		c.Oracles = checkOracles(p, x, at.Y, n, m)
	}
	count := opt.Directions
	if count == 0 {
		count = 20
	}
	count = min(count, n)
	var scale float64
	for i := range count {
		j := i * n / count
		step := opt.Step
		if step == 0 {
			step = 1e-4 * (1 + math.Abs(x[j]))
		}
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
			return nil, fmt.Errorf("hypergrad: moving variable %d: %w", j, err)
		}
		c.Coordinates, c.Analytic, c.Difference = append(c.Coordinates, j), append(c.Analytic, at.Gradient[j]), append(c.Difference, d)
		scale = max(scale, math.Abs(d), math.Abs(at.Gradient[j]))
	}
	for i := range c.Coordinates {
		if e := math.Abs(c.Analytic[i]-c.Difference[i]) / (1e-6 + scale); c.Worst < 0 || e > c.Error {
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

// checkOracles compares oracles along one direction of each player and names those that disagree.
func checkOracles(p Problem, x, y []float64, n, m int) (wrong []string) {
	u, v := make([]float64, n), make([]float64, m)
	for j := range u {
		u[j] = math.Sin(float64(2*j + 1))
	}
	for j := range v {
		v[j] = math.Cos(float64(3*j + 2))
	}
	if s, ok := p.(Supported); ok {
		free := make([]bool, m)
		s.Free(x, y, free)
		mask(free, v)
	}
	along := func(z, d []float64, t float64) []float64 {
		out := slices.Clone(z)
		add(out, t, d)
		return out
	}
	compare := func(what string, got float64, f func(t float64) float64) {
		want, _ := richardson(1e-4, func(t float64) (float64, error) { return f(t), nil })
		if !(math.Abs(got-want) <= 1e-5*(1+math.Abs(got)+math.Abs(want))) {
			wrong = append(wrong, fmt.Sprintf("%s: %.8g, by differences %.8g", what, got, want))
		}
	}
	gx, gy := make([]float64, n), make([]float64, m)
	p.Leader(x, y, gx, gy)
	compare("Leader's gradient along x", dot(gx, u), func(t float64) float64 { return p.Leader(along(x, u, t), y, nil, nil) })
	compare("Leader's gradient along y", dot(gy, v), func(t float64) float64 { return p.Leader(x, along(y, v, t), nil, nil) })
	p.Follower(x, y, gx, gy)
	compare("Follower's gradient along x", dot(gx, u), func(t float64) float64 { return p.Follower(along(x, u, t), y, nil, nil) })
	compare("Follower's gradient along y", dot(gy, v), func(t float64) float64 { return p.Follower(x, along(y, v, t), nil, nil) })
	hv, cv, g := make([]float64, m), make([]float64, n), make([]float64, m)
	p.Hessian(x, y, v, hv)
	compare("Hessian product", dot(hv, v), func(t float64) float64 {
		p.Follower(x, along(y, v, t), nil, g)
		return dot(g, v)
	})
	// The mixed product of a nonsmooth follower has terms that its smooth part knows nothing of.
	if !isA[Supported](p) {
		p.Mixed(x, y, v, cv)
		compare("mixed product", dot(cv, u), func(t float64) float64 {
			p.Follower(along(x, u, t), y, nil, g)
			return dot(g, v)
		})
	}
	return wrong
}
