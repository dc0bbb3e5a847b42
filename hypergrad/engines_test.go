package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
	"github.com/gobilevel/bilevel/model"
)

func quadratic(t *testing.T) *tasks.Quadratic {
	t.Helper()
	q, err := tasks.NewQuadratic(7, 600, 200, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d entries, want %d", what, len(got), len(want))
	}
	for j := range want {
		if !(math.Abs(got[j]-want[j]) <= tol*(1+math.Abs(want[j]))) {
			t.Errorf("%s[%d] = %.12g, want %.12g", what, j, got[j], want[j])
		}
	}
}

func TestEnginesGiveTheExactHypergradient(t *testing.T) {
	q := quadratic(t)
	x := []float64{0.5, -1, 2}
	value, want := q.Gradient(x)
	tests := []struct {
		name   string
		p      hypergrad.Problem
		opt    hypergrad.EngineOptions
		tol    float64
		reason string
	}{
		{"cg", q, hypergrad.EngineOptions{}, 1e-9, "linear algebra"},
		{"cg without dense steps", q, hypergrad.EngineOptions{DenseLimit: -1}, 1e-9, "linear algebra"},
		{"neumann", q, hypergrad.EngineOptions{Engine: hypergrad.Neumann, Terms: 300}, 1e-9, "0.9^300"},
		{"fixed point", q, hypergrad.EngineOptions{Engine: hypergrad.FixedPoint}, 1e-9, "to its tolerance"},
		{"reverse", q, hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 400}, 1e-9, "0.9^400"},
		{"reverse, little memory", q, hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 400, Memory: 45}, 1e-9, "the same"},
		{"reverse, truncated", q, hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 600, Terms: 300}, 1e-9, "the first steps have no effect"},
		{"forward", q, hypergrad.EngineOptions{Engine: hypergrad.Forward, Steps: 400}, 1e-8, "mixed products by differences"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := hypergrad.NewEvaluator(test.p, nil, test.opt)
			if err != nil {
				t.Fatal(err)
			}
			at, err := e.Evaluate(context.Background(), x, 1e-12)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "gradient", at.Gradient, want, test.tol)
			near(t, "value", []float64{at.Value}, []float64{value}, test.tol)
			if e.Tally().Calls.Follower == 0 || e.Tally().Terms.Follower != 600*e.Tally().Calls.Follower {
				t.Errorf("calls %v, terms %v", e.Tally().Calls, e.Tally().Terms)
			}
		})
	}
}

func TestReverseNeedsLittleMemory(t *testing.T) {
	// With one tenth of the memory the answer must be the same to the last bit.
	p, err := tasks.SyntheticLogistic(300, 300, 5, 3, 1, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got [2][]float64
	for i, memory := range []int{0, 200} {
		e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 100, Memory: memory, StepSize: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		at, err := e.Evaluate(context.Background(), []float64{-2, -2, -2, -2, -2}, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		got[i] = at.Gradient
	}
	for j := range got[0] {
		if got[0][j] != got[1][j] {
			t.Errorf("entry %d: %v and %v", j, got[0][j], got[1][j])
		}
	}
}

// scalar is a follower without Hessian: f = y⁴/4 + y²/2 - xy, F = (y-2)² + x²/10.
func scalar() *hypergrad.Functions {
	return &hypergrad.Functions{N: 1, M: 1,
		F: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = x[0] / 5
			}
			if gy != nil {
				gy[0] = 2 * (y[0] - 2)
			}
			return (y[0]-2)*(y[0]-2) + x[0]*x[0]/10
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = -y[0]
			}
			if gy != nil {
				gy[0] = y[0]*y[0]*y[0] + y[0] - x[0]
			}
			return math.Pow(y[0], 4)/4 + y[0]*y[0]/2 - x[0]*y[0]
		}}
}

func TestHessianFree(t *testing.T) {
	// At x = 2 the answer is y = 1, dy/dx = 1/(3+1): dh/dx = 2/5 - 2/4 = -0.1.
	e, err := hypergrad.NewEvaluator(scalar(), nil, hypergrad.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := e.Evaluate(context.Background(), []float64{2}, 1e-12)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "gradient", at.Gradient, []float64{-0.1}, 1e-8)
	near(t, "answer", at.Y, []float64{1}, 1e-10)
}

// contraction is y = (cos(y) + x)/2 in each entry, F = Σ y².
type contraction struct{ hypergrad.Problem }

func (contraction) Size() (leader, follower int) { return 2, 2 }

func (contraction) Leader(x, y, gx, gy []float64) (value float64) {
	clear(gx)
	for j := range y {
		value += y[j] * y[j]
		if gy != nil {
			gy[j] = 2 * y[j]
		}
	}
	return value
}

func (contraction) Map(x, y, out []float64) {
	for j := range y {
		out[j] = (math.Cos(y[j]) + x[j]) / 2
	}
}

func (contraction) MapAdjoint(x, y, v, px, py []float64) {
	for j := range y {
		if px != nil {
			px[j] = v[j] / 2
		}
		if py != nil {
			py[j] = -math.Sin(y[j]) * v[j] / 2
		}
	}
}

func TestContraction(t *testing.T) {
	check, err := hypergrad.CheckHypergradient(context.Background(), contraction{}, []float64{1, -0.5}, nil, hypergrad.CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !check.Passed {
		t.Errorf("analytic %v, differences %v", check.Analytic, check.Difference)
	}
	e, err := hypergrad.NewEvaluator(contraction{}, nil, hypergrad.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := e.Evaluate(context.Background(), []float64{1, -0.5}, 1e-12)
	if err != nil {
		t.Fatal(err)
	}
	for j, x := range []float64{1, -0.5} {
		y := at.Y[j]
		near(t, "fixed point", []float64{y}, []float64{(math.Cos(y) + x) / 2}, 1e-11)
		near(t, "gradient", at.Gradient[j:j+1], []float64{2 * y * 0.5 / (1 + math.Sin(y)/2)}, 1e-10)
	}
}

// slope is the contraction y = qy + sx in one variable, F = y²/2: y* = sx/(1-q), ∇h = y* s/(1-q).
type slope struct {
	hypergrad.Problem
	q, s float64
}

func (slope) Size() (leader, follower int) { return 1, 1 }

func (slope) Leader(x, y, gx, gy []float64) float64 {
	clear(gx)
	if gy != nil {
		gy[0] = y[0]
	}
	return y[0] * y[0] / 2
}

func (c slope) Map(x, y, out []float64) { out[0] = c.q*y[0] + c.s*x[0] }

func (c slope) MapAdjoint(x, y, v, px, py []float64) {
	if px != nil {
		px[0] = c.s * v[0]
	}
	if py != nil {
		py[0] = c.q * v[0]
	}
}

func TestContractionsOfAnyScale(t *testing.T) {
	for _, c := range []slope{{q: 0.5, s: 1}, {q: -0.99, s: 1}, {q: 0.9, s: 1e12}, {q: 0.9, s: 1e-12}, {q: 0, s: 3}} {
		e, err := hypergrad.NewEvaluator(c, nil, hypergrad.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []float64{2, 0, -5} {
			at, err := e.Evaluate(context.Background(), []float64{x}, 1e-12)
			if err != nil {
				t.Fatal(err)
			}
			y := c.s * x / (1 - c.q)
			near(t, "answer", []float64{at.Y[0] / c.s}, []float64{y / c.s}, 1e-9)
			near(t, "gradient", []float64{at.Gradient[0] / c.s / c.s}, []float64{y / c.s / (1 - c.q)}, 1e-9)
		}
	}
}

// projection is min |y - x|² over y_0 + y_1 = 1 and y <= 0.8 (the inequality row of y_0), y_0² <= x_2: a disk row that may be active.
type projection struct{ hypergrad.Functions }

func newProjection() *projection {
	p := &projection{}
	p.N, p.M = 3, 2
	p.F = func(x, y, gx, gy []float64) float64 {
		if gx != nil {
			gx[0], gx[1], gx[2] = 0, 0.2*x[1], 0
		}
		if gy != nil {
			gy[0], gy[1] = 2*(y[0]-3), math.Cos(y[1])
		}
		return (y[0]-3)*(y[0]-3) + math.Sin(y[1]) + 0.1*x[1]*x[1]
	}
	p.Fol = func(x, y, gx, gy []float64) float64 {
		a, b := y[0]-x[0], y[1]-x[1]
		if gx != nil {
			gx[0], gx[1], gx[2] = -2*a, -2*b, 0
		}
		if gy != nil {
			gy[0], gy[1] = 2*a, 2*b
		}
		return a*a + b*b
	}
	p.Hess = func(x, y, v, out []float64) { out[0], out[1] = 2*v[0], 2*v[1] }
	p.Mix = func(x, y, v, out []float64) { out[0], out[1], out[2] = -2*v[0], -2*v[1], 0 }
	return p
}

func (p *projection) Rows() (inequalities, equations int) { return 2, 1 }
func (p *projection) Values(x, y, g []float64) {
	g[0], g[1], g[2] = y[0]-0.8*(1+0.1*x[1]), y[1]*y[1]-x[2], y[0]+y[1]-0.1*x[0]-1
}
func (p *projection) AdjointRows(x, y, u, ay, bx []float64) {
	if ay != nil {
		ay[0], ay[1] = u[0]+u[2], 2*y[1]*u[1]+u[2]
	}
	if bx != nil {
		bx[0], bx[1], bx[2] = -0.1*u[2], -0.08*u[0], -u[1]
	}
}
func (p *projection) ForwardRows(x, y, v, av []float64) {
	av[0], av[1], av[2] = v[0], 2*y[1]*v[1], v[0]+v[1]
}
func (p *projection) LagrangianHessian(x, y, u, v, hv, cv []float64) {
	if hv != nil {
		hv[1] += 2 * u[1] * v[1]
	}
}

func TestConstrainedFollower(t *testing.T) {
	for _, test := range []struct {
		name   string
		x      []float64
		active int
	}{
		{"no inequality active", []float64{0.5, 0.5, 4}, 0},
		{"affine row active", []float64{2, -1, 4}, 1},
		{"curved row active", []float64{-2, 3, 0.5}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProjection()
			check, err := hypergrad.CheckHypergradient(context.Background(), p, test.x, nil, hypergrad.CheckOptions{Tolerance: 1e-5})
			if err != nil {
				t.Fatal(err)
			}
			if !check.Passed {
				t.Errorf("analytic %v, differences %v, oracles %v", check.Analytic, check.Difference, check.Oracles)
			}
			e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			at, err := e.Evaluate(context.Background(), test.x, 1e-10)
			if err != nil {
				t.Fatal(err)
			}
			active := 0
			for _, u := range at.U[:2] {
				if u > 1e-6 {
					active++
				}
			}
			if active != test.active || at.Degenerate != 0 {
				t.Errorf("%d active inequalities with multipliers %v, %d degenerate; want %d and 0", active, at.U, at.Degenerate, test.active)
			}
		})
	}
}

func TestModel(t *testing.T) {
	m := model.New("quartic")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Var("y", math.Inf(-1), math.Inf(1))
	m.Leader().Minimize(y.Minus(2).Pow(2).Plus(x.Pow(2).Times(0.1)))
	f.Maximize(x.Times(y).Minus(y.Pow(4).Times(0.25)).Minus(y.Pow(2).Times(0.5)))
	p, err := hypergrad.FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	check, err := hypergrad.CheckHypergradient(context.Background(), p, []float64{2}, nil, hypergrad.CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !check.Passed {
		t.Errorf("%+v", check)
	}
	near(t, "gradient", check.Analytic, []float64{-0.1}, 1e-8)

	f.Constrain("row", y.LE(3))
	var sentinel = hypergrad.ErrOptions
	if _, err := hypergrad.FromModel(m); !errors.Is(err, sentinel) {
		t.Errorf("a follower with a constraint: %v", err)
	}
}

func TestCheckFindsAWrongOracle(t *testing.T) {
	p := scalar()
	p.Mix = func(x, y, v, out []float64) { out[0] = v[0] } // the sign is wrong
	check, err := hypergrad.CheckHypergradient(context.Background(), p, []float64{2}, nil, hypergrad.CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if check.Passed || len(check.Oracles) != 1 {
		t.Errorf("passed %v, oracles %v", check.Passed, check.Oracles)
	}
}

func TestBadCurvature(t *testing.T) {
	// f = -y²/2 + xy has no minimiser.
	p := &hypergrad.Functions{N: 1, M: 1,
		F: func(x, y, gx, gy []float64) float64 { return 0 },
		Fol: func(x, y, gx, gy []float64) float64 {
			if gy != nil {
				gy[0] = x[0] - y[0]
			}
			if gx != nil {
				gx[0] = y[0]
			}
			return x[0]*y[0] - y[0]*y[0]/2
		}}
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{MaxIterations: 30})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.Evaluate(context.Background(), []float64{1}, 1e-8); err == nil {
		t.Error("an unbounded follower was solved")
	}
}

func TestNotANumber(t *testing.T) {
	p := scalar()
	f := p.Fol
	p.Fol = func(x, y, gx, gy []float64) float64 {
		f(x, y, gx, gy)
		return math.NaN()
	}
	_, err := hypergrad.Minimize(context.Background(), p, []float64{1}, nil, hypergrad.Options{})
	if !errors.Is(err, hypergrad.ErrNotNumber) {
		t.Errorf("error %v", err)
	}
	p = scalar()
	p.F = func(x, y, gx, gy []float64) float64 { return math.Inf(1) }
	_, err = hypergrad.MinimizeSampled(context.Background(), p, []float64{1}, nil, hypergrad.SampledOptions{Method: hypergrad.SOBA{}})
	if !errors.Is(err, hypergrad.ErrNotNumber) {
		t.Errorf("sampled: error %v", err)
	}
}
