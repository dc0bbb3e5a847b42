package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
)

// graded is f = scale (½ y'QDQy + y'Cx - b'y), F = |y - t|²/2 + |x|²/20 with D log-spaced in [1/cond, 1] and a reflection Q, so that H⁻¹ = QD⁻¹Q/scale is known.
type graded struct {
	n, m        int
	cond, scale float64
}

func (g graded) Size() (leader, follower int) { return g.n, g.m }

func (g graded) eigenvalue(i int) float64 {
	if g.m == 1 {
		return 1
	}
	return math.Pow(g.cond, -float64(i)/float64(g.m-1))
}

// through stores scale^power Q D^power Q v.
func (g graded) through(power float64, v, out []float64) {
	q := func(z []float64) {
		var s, size float64
		for i := range z {
			a := math.Sin(float64(i + 1))
			s += a * z[i]
			size += a * a
		}
		for i := range z {
			z[i] -= 2 * s / size * math.Sin(float64(i+1))
		}
	}
	copy(out, v)
	q(out)
	for i := range out {
		out[i] *= math.Pow(g.scale*g.eigenvalue(i), power)
	}
	q(out)
}

func (g graded) c(i, j int) float64 { return g.scale * math.Cos(float64(3*i+7*j+1)) }

func (g graded) Leader(x, y, gx, gy []float64) (value float64) {
	for i, v := range y {
		d := v - math.Sin(float64(5*i+2))
		value += d * d / 2
		if gy != nil {
			gy[i] = d
		}
	}
	for j, v := range x {
		value += v * v / 20
		if gx != nil {
			gx[j] = v / 10
		}
	}
	return value
}

func (g graded) Follower(x, y, gx, gy []float64) (value float64) {
	hy := make([]float64, g.m)
	g.through(1, y, hy)
	clear(gx)
	for i, v := range y {
		c := -g.scale * math.Cos(float64(i))
		for j, u := range x {
			c += g.c(i, j) * u
			if gx != nil {
				gx[j] += g.c(i, j) * v
			}
		}
		value += v * (hy[i]/2 + c)
		if gy != nil {
			gy[i] = hy[i] + c
		}
	}
	return value
}

func (g graded) Hessian(x, y, v, hv []float64) { g.through(1, v, hv) }

func (g graded) Mixed(x, y, v, cv []float64) {
	clear(cv)
	for i, s := range v {
		for j := range cv {
			cv[j] += g.c(i, j) * s
		}
	}
}

// exact is ∇h in closed form.
func (g graded) exact(x []float64) []float64 {
	rest, y, gy, v := make([]float64, g.m), make([]float64, g.m), make([]float64, g.m), make([]float64, g.m)
	g.Follower(x, make([]float64, g.m), nil, rest)
	g.through(-1, rest, y)
	for i := range y {
		y[i] = -y[i]
	}
	gx, cv := make([]float64, g.n), make([]float64, g.n)
	g.Leader(x, y, gx, gy)
	g.through(-1, gy, v)
	g.Mixed(x, y, v, cv)
	for j := range gx {
		gx[j] -= cv[j]
	}
	return gx
}

func length(v []float64) (s float64) {
	for _, a := range v {
		s = math.Hypot(s, a)
	}
	return s
}

// Followers whose Hessian has a condition of 1e8, of any scale, are solved as far as rounding lets them be, without an error and without thousands of idle
// steps, and the gradient is right to the error that rounding makes.
func TestIllConditionedFollowers(t *testing.T) {
	for _, g := range []graded{{1, 1, 1, 1}, {4, 12, 1e8, 1}, {4, 12, 1e8, 1e-8}, {4, 12, 1e8, 1e8}, {2, 40, 1e8, 1}, {2, 100, 1e6, 1}, {3, 5, 1e3, 1e-12}, {3, 5, 1e3, 1e12}} {
		x := []float64{0.3, -1, 0.5, 2}[:g.n]
		e, err := hypergrad.NewEvaluator(g, nil, hypergrad.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		at, err := e.Evaluate(context.Background(), x, 1e-12)
		if err != nil {
			t.Errorf("%+v: %v", g, err)
			continue
		}
		want := g.exact(x)
		var off float64
		for j := range want {
			off = math.Hypot(off, at.Gradient[j]-want[j])
		}
		if limit := 1e-13 * (10 + g.cond); off > limit*length(want) {
			t.Errorf("%+v: gradient %v, should be %v, off by %.2g", g, at.Gradient, want, off/length(want))
		}
		if calls := e.Tally().Calls; calls.Follower > 3000 || calls.Hessian > 100000 {
			t.Errorf("%+v: %v", g, calls)
		}
	}
}

// Few iterations leave the adjoint system unsolved, which is an error and no gradient.
func TestUnsolvedAdjoint(t *testing.T) {
	g := graded{2, 100, 1e8, 1}
	p := struct {
		graded
		hypergrad.OwnSolver
	}{g, atOnce{g}}
	for _, c := range []struct {
		iterations int
		want       error
	}{{1, hypergrad.ErrAdjoint}, {0, nil}} {
		e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{MaxIterations: c.iterations})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Evaluate(context.Background(), []float64{1, 2}, 1e-10); !errors.Is(err, c.want) {
			t.Errorf("%d iterations: %v, want %v", c.iterations, err, c.want)
		}
	}
}

// atOnce solves a graded follower in closed form.
type atOnce struct{ graded }

func (a atOnce) SolveFollower(x, y []float64, tol float64) (float64, error) {
	rest := make([]float64, a.m)
	a.Follower(x, make([]float64, a.m), nil, rest)
	a.through(-1, rest, y)
	for i := range y {
		y[i] = -y[i]
	}
	a.Follower(x, y, nil, rest)
	return length(rest), nil
}

// lazy stops far from the answer, or answers what is no number.
type lazy struct {
	graded
	residual, y float64
}

func (l lazy) SolveFollower(x, y []float64, tol float64) (float64, error) {
	for i := range y {
		y[i] = l.y
	}
	return l.residual, nil
}

// What an own solver left unsolved is not called stationary, and what is no number is refused.
func TestOwnSolversThatDoNotSolve(t *testing.T) {
	g := graded{1, 3, 10, 1}
	for _, c := range []struct {
		solver lazy
		want   error
	}{{lazy{g, 0.5, 0}, nil}, {lazy{g, math.NaN(), 0}, hypergrad.ErrNotNumber}, {lazy{g, 0, math.NaN()}, hypergrad.ErrNotNumber}, {lazy{g, -1, 0}, hypergrad.ErrNotNumber}} {
		res, err := hypergrad.Minimize(context.Background(), c.solver, []float64{0}, nil, hypergrad.Options{Tolerance: 1e3})
		if !errors.Is(err, c.want) || err == nil && (res.Status != hypergrad.Stalled || !strings.Contains(res.Message, "own solver")) {
			t.Errorf("%+v: %+v, %v", c.solver, res, err)
		}
	}
}

// Stationary is said where the gradient in closed form is within the tolerance. Engines that cut their series or their steps short have zeros of their gradients
// elsewhere: there the run stalls, and says why.
func TestStationaryIsTrueForEveryEngine(t *testing.T) {
	stationary, told := 0, 0
	for _, g := range []graded{{1, 1, 1, 1}, {2, 8, 200, 3}, {3, 5, 1e4, 20}, {1, 6, 1e5, 0.01}} {
		for _, engine := range []hypergrad.EngineOptions{{}, {Engine: hypergrad.Neumann}, {Engine: hypergrad.Neumann, Terms: 3}, {Engine: hypergrad.FixedPoint}, {Engine: hypergrad.FixedPoint, Terms: 5},
			{Engine: hypergrad.Reverse, Steps: 5}, {Engine: hypergrad.Reverse, Steps: 50, Terms: 3}, {Engine: hypergrad.Forward, Steps: 5}} {
			for _, tolerance := range []float64{1e-6, 10} {
				for _, set := range []hypergrad.Set{nil, hypergrad.Bounds(-0.5, 0.5)} {
					res, err := hypergrad.Minimize(context.Background(), g, make([]float64, g.n), nil,
						hypergrad.Options{EngineOptions: engine, Tolerance: tolerance, Set: set, MaxIterations: 30})
					if err != nil {
						t.Errorf("%+v, %v: %v", g, engine.Engine, err)
						continue
					}
					moved := make([]float64, g.n)
					for j, d := range g.exact(res.X) {
						moved[j] = res.X[j] - d
					}
					if set != nil {
						set.Project(moved)
					}
					for j := range moved {
						moved[j] -= res.X[j]
					}
					switch {
					case res.Status == hypergrad.Stationary:
						if stationary++; length(moved) > 1.01*tolerance {
							t.Errorf("%+v, %v with %d terms and %d steps, tolerance %g: stationary at %.3g, it says %.3g", g, engine.Engine, engine.Terms, engine.Steps, tolerance, length(moved), res.Norm)
						}
					case engine.Engine == hypergrad.CG && g.cond < 1e4:
						t.Errorf("%+v, tolerance %g: %v, %s", g, tolerance, res.Status, res.Message)
					case strings.Contains(res.Message, "engine"):
						told++
					}
				}
			}
		}
	}
	if stationary < 40 || told < 5 {
		t.Errorf("%d runs became stationary, %d named their engine", stationary, told)
	}
}

// Sampled runs on followers of large condition go on: that h is better known at a later check is no divergence.
func TestSampledRunsOnIllConditionedFollowers(t *testing.T) {
	for _, g := range []graded{{1, 3, 1e4, 1}, {2, 8, 1e6, 1}, {3, 14, 1e8, 1}, {2, 10, 1e10, 1}} {
		res, err := hypergrad.MinimizeSampled(context.Background(), g, make([]float64, g.n), nil, hypergrad.SampledOptions{Method: hypergrad.SOBA{}, MaxIterations: 2000})
		if err != nil {
			t.Errorf("%+v: %v after %d iterations", g, err, res.Iterations)
		}
	}
}

// A product that is no number is called that, and not negative curvature.
func TestProductsThatAreNoNumbers(t *testing.T) {
	for name, spoil := range map[string]func(p *hypergrad.Functions){
		"Hessian": func(p *hypergrad.Functions) { p.Hess = func(x, y, v, out []float64) { out[0] = math.NaN() } },
		"Mixed":   func(p *hypergrad.Functions) { p.Mix = func(x, y, v, out []float64) { out[0] = math.Inf(1) } },
	} {
		p := scalar()
		spoil(p)
		_, err := hypergrad.Minimize(context.Background(), p, []float64{1}, nil, hypergrad.Options{})
		var oracle *hypergrad.OracleError
		if !errors.Is(err, hypergrad.ErrNotNumber) || !errors.As(err, &oracle) || oracle.Oracle != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
