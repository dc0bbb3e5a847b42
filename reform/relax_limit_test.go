package reform_test

import (
	"context"
	"math"
	"testing"
	"time"

	_ "github.com/gobilevel/bilevel/backends/ipopt"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// limitCase is a small problem with a known solution. Each has a start from which a method that follows t to zero has to come to it.
var limitCases = []struct {
	name, text string
	value      float64
	x          map[string]float64
	reason     string
}{
	{"one side", `var a >= 0 := 1; var b >= 0 := 0.2;
		minimize F: (a - 2)^2 + (b - 1)^2;
		subject to p: a >= 0 complements b >= 0;`,
		1, map[string]float64{"a": 2, "b": 0}, "by hand: b = 0 leaves (a-2)² + 1"},
	{"biactive", `var a >= 0 := 1; var b >= 0 := 1;
		minimize F: (a + 1)^2 + (b + 1)^2;
		subject to p: a >= 0 complements b >= 0;`,
		2, map[string]float64{"a": 0, "b": 0}, "by hand: both members want to be negative; S-stationary"},
	{"maximised, slacks of upper bounds", `var a <= 3 := 2; var b := 0;
		maximize F: -(a - 1)^2 - (b - 5)^2;
		subject to p: 3 - a >= 0 complements 4 - a - b >= 0;`,
		-2, map[string]float64{"a": 0, "b": 4}, "by hand: with a = 3 and b = 1 it is -20; with a + b = 4 it is -(a-1)² - (a+1)², best at a = 0"},
	{"follower", `var x >= 0, <= 8 := 1.2;
		lower f;
		var y >= 0 := 0.1;
		minimize g: (y - 1)^2 - 1.5 * x * y;
		subject to c1: -3 * x + y <= -3;
		subject to c2: x - 0.5 * y <= 4;
		subject to c3: x + y <= 7;
		upper;
		minimize F: (x - 5)^2 + (2 * y + 1)^2;`,
		17, map[string]float64{"x": 1, "y": 0}, "Bard (1988), example 1"},
}

// TestLimits follows relaxations, smoothed functions and the penalty to their limits, by the passes alone, solves two exact forms as they are, and
// looks whether the points come to the known solution and the pairs hold there.
func TestLimits(t *testing.T) {
	solvers := []smooth.Solver{&newton.Solver{}}
	if s, err := backends.OpenSmooth("ipopt"); err == nil && s != nil {
		solvers = append(solvers, s)
	} else {
		t.Logf("Ipopt is not there: %v", err)
	}
	var passes []func(k int) reform.Pass
	for _, kind := range reform.RelaxKinds() {
		passes = append(passes, func(k int) reform.Pass { return reform.Relax{Kind: kind, T: math.Pow(10, -float64(k))} })
	}
	for _, kind := range []reform.NCPKind{reform.SmoothedFB, reform.CHKS} {
		passes = append(passes, func(k int) reform.Pass { return reform.NCP{Kind: kind, T: math.Pow(10, -float64(k))} })
	}
	passes = append(passes, func(int) reform.Pass { return reform.Product{} }, func(int) reform.Pass { return reform.NCP{Kind: reform.FischerBurmeister} })
	passes = append(passes, func(k int) reform.Pass { return reform.Penalty{Rho: math.Pow(10, float64(k)/2)} })
	for _, solver := range solvers {
		for _, c := range limitCases {
			for _, pass := range passes {
				name := pass(0).Name()
				t.Run(solver.Name()+"/"+c.name+"/"+name, func(t *testing.T) {
					m, err := modfile.Read("limit.mod", []byte(c.text))
					if err != nil {
						t.Fatal(err)
					}
					m = conditions(t, m)
					x, _ := m.StartPoint()
					done := false
					for k := range 9 {
						x, done = solved(t, solver, pass(k), m, x)
					}
					// This function has no derivative where both members are zero, and which way Ipopt's iterates go there depends on the linear algebra below
					// it: where it says itself that it has not arrived there is nothing to judge.
					if !done && solver.Name() == "ipopt" && name == (reform.NCP{Kind: reform.FischerBurmeister}).Name() {
						t.Skip("Ipopt has not arrived")
					}
					if v, where := reformtest.Residual(m, x); v > 2e-4 {
						t.Errorf("at the end %s is violated by %v", where, v)
					}
					if got := m.ObjectiveValue(0, x); math.Abs(got-c.value) > 2e-3*math.Max(1, math.Abs(c.value)) {
						t.Errorf("value %v, want %v: %s", got, c.value, c.reason)
					}
					for n, want := range c.x {
						if v, ok := m.VarByName(n); !ok || math.Abs(x[v.Index()]-want) > 2e-2 {
							t.Errorf("%s = %v, want %v", n, x[v.Index()], want)
						}
					}
				})
			}
		}
	}
}

// conditions replaces followers by their conditions and mixed pairs by standard ones.
func conditions(t *testing.T, m *model.Model) *model.Model {
	t.Helper()
	chain := reform.NewChain(m)
	for _, p := range []reform.Pass{reform.KKT{}, reform.Normalise{}} {
		if p.Accepts(chain.Model()) == nil {
			if err := chain.Apply(context.Background(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	return chain.Model()
}

// solved applies a pass, solves what it makes from x and maps the point back.
func solved(t *testing.T, solver smooth.Solver, pass reform.Pass, m *model.Model, x []float64) ([]float64, bool) {
	t.Helper()
	r, err := pass.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := smooth.Compile(r.Model)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	a, err := solver.Solve(ctx, prog, smooth.Start{X: x}, smooth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Recovery.Recover(&model.Point{X: a.X, RowDuals: a.Rows, VarDuals: make([]float64, len(a.X))})
	if err != nil {
		t.Fatal(err)
	}
	return p.X, a.Solved()
}

// TestMultipliersOfTheLimit: at a = 2, b = 0 the objective (a-2)² + (b-1)² has the gradient (0, -2), which stationarity of the pair says is
// (ν_a, ν_b). This is what Recover has to make of the multipliers of every form, in either sense.
func TestMultipliersOfTheLimit(t *testing.T) {
	for _, maximise := range []bool{false, true} {
		m := model.New("m")
		a, b := m.Leader().Var("a", 0, model.Inf), m.Leader().Var("b", 0, model.Inf)
		m.AddPairs("p", nil, model.Pair{A: model.Member{Index: 0}, B: model.Member{Index: 1}})
		f, sign := a.Minus(2).Pow(2).Plus(b.Minus(1).Pow(2)), 1.0
		if m.Leader().Minimize(f); maximise {
			m.Leader().Maximize(f.Neg())
			sign = -1
		}
		passes := []reform.Pass{reform.Penalty{Rho: 100}, reform.NCP{T: 1e-6}, reform.NCP{Kind: reform.CHKS, T: 1e-6}, reform.NCP{Kind: reform.FischerBurmeister}}
		for _, kind := range reform.RelaxKinds() {
			passes = append(passes, reform.Relax{Kind: kind, T: 1e-5})
		}
		for _, pass := range passes {
			r := applied(t, pass, m)
			prog, err := smooth.Compile(r.Model)
			if err != nil {
				t.Fatal(err)
			}
			s, err := (&newton.Solver{}).Solve(context.Background(), prog, smooth.Start{X: []float64{2, 0.01}}, smooth.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := &model.Point{X: s.X, RowDuals: make([]float64, len(s.Rows)), VarDuals: make([]float64, len(s.X))}
			for i, λ := range s.Rows {
				p.RowDuals[i] = -sign * λ // from multipliers of the minimisation to shadow prices as declared
			}
			for j := range p.VarDuals {
				p.VarDuals[j] = sign * (s.Lower[j] - s.Upper[j])
			}
			q, err := r.Recovery.Recover(p)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(q.VarDuals[0]) > 2e-2 || math.Abs(q.VarDuals[1]+2*sign) > 2e-2 {
				t.Errorf("%s, maximised %v: at %v the multipliers are %v", pass.Name(), maximise, s.X, q.VarDuals)
			}
		}
	}
}
