package mpcc_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// pairOf adds a pair of the lower slacks of two variables.
func pairOf(m *model.Model, name string, x, y model.Var) {
	m.AddPairs(name, nil, model.Pair{A: model.Member{Index: int32(x.Index())}, B: model.Member{Index: int32(y.Index())}})
}

func solve(t *testing.T, m *model.Model, start []float64, opt mpcc.Options) *mpcc.Result {
	t.Helper()
	p, err := mpcc.FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Solver == nil {
		opt.Solver = &newton.Solver{}
	}
	r, err := mpcc.Solve(context.Background(), p, start, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestKnownProblems: small problems whose solutions are known by hand or from the literature.
func TestKnownProblems(t *testing.T) {
	for _, c := range []struct {
		name   string
		build  func(l *model.Player, m *model.Model)
		start  []float64
		want   float64
		label  mpcc.Label
		reason string
	}{
		{"one branch", func(l *model.Player, m *model.Model) {
			x, y := l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf)
			pairOf(m, "p", x, y)
			a, b := x.Minus(1), y.Minus(2)
			l.Minimize(model.Sum(a.Times(a), b.Times(b)))
		}, []float64{0, 1}, 1, mpcc.Strong, "by hand: y = 2, x = 0 costs 1; x = 1, y = 0 costs 4"},
		{"biactive and strong", func(l *model.Player, m *model.Model) {
			x, y := l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf)
			pairOf(m, "p", x, y)
			l.Minimize(x.Plus(y))
		}, []float64{3, 3}, 0, mpcc.Strong, "by hand: both multipliers are 1"},
		{"no multipliers", func(l *model.Player, m *model.Model) {
			// min z1 + z2 - z3, 4 z1 >= z3, 4 z2 >= z3, 0 <= z1 ⟂ z2 >= 0: the origin is B-stationary, and not strongly.
			z := l.Vars("z", 3, 0, model.Inf)
			m.SetVarBounds(z[2].Index(), math.Inf(-1), model.Inf)
			l.Constrain("a", z[2].Minus(z[0].Times(4)).LE(0))
			l.Constrain("b", z[2].Minus(z[1].Times(4)).LE(0))
			pairOf(m, "p", z[0], z[1])
			l.Minimize(model.Sum(z[0].Times(1), z[1].Times(1), z[2].Times(-1)))
		}, []float64{1, 1, 1}, 0, mpcc.Bouligand, "Scheel and Scholtes (2000), example 3"},
		{"only M-stationary", func(l *model.Player, m *model.Model) {
			x, y := l.Var("x", 0, 4), l.Var("y", 0, 4)
			pairOf(m, "p", x, y)
			b := y.Minus(1)
			l.Minimize(model.Sum(x.Times(x), b.Times(b)))
		}, []float64{0, 0}, 0, mpcc.Strong, "by hand: from the origin, where relaxations may stop, y = 1 is reached"},
		{"a maximum", func(l *model.Player, m *model.Model) {
			x, y := l.Var("x", 0, 4), l.Var("y", 0, 4)
			pairOf(m, "p", x, y)
			l.Maximize(model.Sum(x.Times(2), y.Times(3)))
		}, nil, -12, mpcc.Strong, "by hand: y = 4; the value is that of the minimised program"},
		{"upper slacks", func(l *model.Player, m *model.Model) {
			x, y := l.Var("x", -3, 2), l.Var("y", -5, 7)
			m.AddPairs("p", nil, model.Pair{A: model.Member{Side: model.AtUpper, Index: int32(x.Index())}, B: model.Member{Index: int32(y.Index())}})
			l.Minimize(model.Sum(x.Times(x), y.Times(y)))
		}, nil, 4, mpcc.Strong, "by hand: x = 2 and y = 0 costs 4; y = -5 and x = 0 costs 25"},
	} {
		for _, method := range []mpcc.Method{mpcc.Auto, mpcc.Scholtes} {
			m := model.New(c.name)
			c.build(m.Leader(), m)
			r := solve(t, m, c.start, mpcc.Options{Method: method})
			if !r.Feasible() || math.Abs(r.Objective-c.want) > 1e-6 {
				t.Errorf("%s, %v: %v, value %g, want %g (%s)", c.name, method, r.Status, r.Objective, c.want, c.reason)
				continue
			}
			if r.Label < c.label {
				t.Errorf("%s, %v: called %v, want %v (%s)", c.name, method, r.Label, c.label, c.reason)
			}
			if r.Complementarity > 1e-9 {
				t.Errorf("%s, %v: complementarity %g", c.name, method, r.Complementarity)
			}
		}
	}
}

// TestMultipliersSatisfyStationarity: the gradient of the Lagrangian with the multipliers of the result vanishes, for pairs of variables and of
// constraints.
func TestMultipliersSatisfyStationarity(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	checked := 0
	for range 25 {
		m := randomMPCC(rng)
		r := solve(t, m, nil, mpcc.Options{Method: mpcc.Scholtes})
		if r.Label < mpcc.Strong || r.Pairs == nil {
			continue
		}
		checked++
		prog, err := smooth.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, prog.NumVars())
		prog.Gradient(r.X, g)
		jr, jc := prog.JacobianPattern()
		jac := make([]float64, len(jr))
		prog.Jacobian(r.X, jac)
		for j := range g {
			g[j] += r.Upper[j] - r.Lower[j]
		}
		rows := slices.Clone(r.Rows)
		for k, nu := range r.Pairs {
			for i, s := range []model.Member{m.Pair(k).A, m.Pair(k).B} {
				v := nu[i]
				if s.Side == model.AtUpper {
					v = -v
				}
				if s.Row {
					rows[s.Index] -= v
				} else {
					g[s.Index] -= v
				}
			}
		}
		for k, v := range jac {
			g[jc[k]] += rows[jr[k]] * v
		}
		for j, v := range g {
			if math.Abs(v) > 1e-5 {
				t.Errorf("the gradient of the Lagrangian has %g at variable %d: %v", v, j, g)
				break
			}
		}
	}
	if checked < 15 {
		t.Errorf("only %d results had a label to check", checked)
	}
}

func TestRefusals(t *testing.T) {
	solver := &newton.Solver{}
	t.Run("mixed pair", func(t *testing.T) {
		m := model.New("m")
		x, y := m.Leader().Var("x", 0, 1), m.Leader().Var("y", -1, 1)
		m.AddPairs("mix", nil, model.Pair{A: model.Member{Side: model.Range, Index: int32(x.Index())}, B: model.Member{Side: model.Value, Index: int32(y.Index())}})
		_, err := mpcc.FromModel(m)
		var pe *mpcc.PairError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), "mix") || !strings.Contains(err.Error(), "normalise") {
			t.Errorf("%v; want a *PairError with the pair's name and the remedy", err)
		}
	})
	t.Run("integer", func(t *testing.T) {
		m := model.New("m")
		m.Leader().Integer("trucks", 0, 4)
		_, err := mpcc.FromModel(m)
		var me *mpcc.ModelError
		if !errors.As(err, &me) || !strings.Contains(err.Error(), "trucks") {
			t.Errorf("%v; want a *ModelError with the variable's name", err)
		}
	})
	t.Run("no bound", func(t *testing.T) {
		m := model.New("m")
		m.Leader().Vars("x", 2, math.Inf(-1), model.Inf)
		prog, err := smooth.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range []model.Pair{{A: model.Member{Index: 0}, B: model.Member{Index: 1}}, {A: model.Member{Index: 7}}, {A: model.Member{Row: true}}, {A: model.Member{Index: -1}}} {
			if _, err := mpcc.New(prog, []model.Pair{pair}); err == nil {
				t.Errorf("%v was accepted", pair)
			}
		}
	})
	m := twoValleys(1)
	p, err := mpcc.FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := mpcc.Solve(ctx, p, nil, mpcc.Options{}); !errors.Is(err, mpcc.ErrNoSolver) {
		t.Errorf("without a solver: %v", err)
	}
	for _, opt := range []mpcc.Options{{Kappa: 2}, {T0: -1}, {TMin: math.NaN()}, {Tolerance: -1}, {TimeLimit: -time.Second}, {Method: 99}, {MaxRounds: -1}, {Target: math.NaN(), HasTarget: true}} {
		opt.Solver = solver
		_, err := mpcc.Solve(ctx, p, nil, opt)
		var oe *mpcc.OptionError
		if !errors.As(err, &oe) {
			t.Errorf("%+v: %v; want an *OptionError", opt, err)
		}
	}
	if _, err := mpcc.Solve(ctx, p, []float64{1}, mpcc.Options{Solver: solver}); err == nil {
		t.Error("a start of the wrong length was accepted")
	}
	if _, err := mpcc.Multistart(ctx, p, nil, 0, mpcc.MultistartOptions{Options: mpcc.Options{Solver: solver}}); err == nil {
		t.Error("no starts were accepted")
	}
}

// TestBadStarts: whatever the start, the answer is that of the problem.
func TestBadStarts(t *testing.T) {
	for _, start := range [][]float64{{math.NaN(), 1}, {math.Inf(1), math.Inf(-1)}, {1e300, -1e300}, {-50, 100}} {
		r := solve(t, twoValleys(1), start, mpcc.Options{})
		if !r.Feasible() || r.Objective > 36+1e-6 {
			t.Errorf("from %v: %v, value %g", start, r.Status, r.Objective)
		}
	}
}

// TestNoPoint: problems without a solution end with the status that says so.
func TestNoPoint(t *testing.T) {
	infeasible := model.New("infeasible")
	l := infeasible.Leader()
	x, y := l.Var("x", 0, 5), l.Var("y", 0, 5)
	pairOf(infeasible, "p", x, y)
	l.Constrain("both", x.Times(1).GE(1))
	l.Constrain("too", y.Times(1).GE(1))
	l.Minimize(x.Plus(y))
	r := solve(t, infeasible, nil, mpcc.Options{})
	if r.Status != model.StatusInfeasible || r.Message == "" || len(r.X) != 2 {
		t.Errorf("infeasible: %v, %q, %v", r.Status, r.Message, r.X)
	}

	unbounded := model.New("unbounded")
	l = unbounded.Leader()
	x, y = l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf)
	pairOf(unbounded, "p", x, y)
	l.Minimize(model.Sum(x.Times(-1), y.Times(-2)))
	if r = solve(t, unbounded, nil, mpcc.Options{TimeLimit: 10 * time.Second}); r.Status == model.StatusLocal {
		t.Errorf("unbounded: %v with value %g", r.Status, r.Objective)
	}
}

// TestLimits: limits of evaluations and time, a target, and a caller that stops end the solve; what was found stays.
func TestLimits(t *testing.T) {
	m := twoValleys(3)
	full := solve(t, m, nil, mpcc.Options{})
	few := solve(t, m, nil, mpcc.Options{MaxEvaluations: 3})
	if few.Evaluations >= full.Evaluations || few.Programs > 1 {
		t.Errorf("limited to 3 evaluations: %d in %d programs, without limit %d", few.Evaluations, few.Programs, full.Evaluations)
	}
	heard := 0
	stopped := solve(t, m, nil, mpcc.Options{Progress: func(e mpcc.Event) bool {
		heard++
		if e.Stage == "" || math.IsNaN(e.Objective) || e.Iterations == 0 {
			t.Errorf("event %+v", e)
		}
		return heard < 2
	}})
	if heard != 2 || stopped.Programs != 2 {
		t.Errorf("stopped after 2 events: heard %d, %d programs", heard, stopped.Programs)
	}
	easy := solve(t, m, nil, mpcc.Options{Target: 1e9, HasTarget: true})
	if !easy.Feasible() || easy.Programs >= full.Programs && full.Programs > 2 {
		t.Errorf("with an easy target: %v after %d programs, without %d", easy.Status, easy.Programs, full.Programs)
	}
	begin := time.Now()
	solve(t, m, nil, mpcc.Options{TimeLimit: time.Nanosecond})
	if d := time.Since(begin); d > 2*time.Second {
		t.Errorf("a limit of a nanosecond took %v", d)
	}
}

// TestDeterminism: the same call gives the same bytes and counts.
func TestDeterminism(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for range 5 {
		m := randomMPCC(rng)
		a, b := solve(t, m, nil, mpcc.Options{Seed: 9}), solve(t, m, nil, mpcc.Options{Seed: 9})
		if !slices.Equal(a.X, b.X) || a.Iterations != b.Iterations || a.Programs != b.Programs || !slices.Equal(a.Pattern, b.Pattern) {
			t.Errorf("two runs differ: %v and %v, %d and %d iterations", a.X, b.X, a.Iterations, b.Iterations)
		}
	}
}

// TestNoPolish returns the end of the continuation, without branch programs.
func TestNoPolish(t *testing.T) {
	r := solve(t, twoValleys(2), nil, mpcc.Options{Method: mpcc.Scholtes, NoPolish: true})
	for _, s := range r.Stages {
		if s.Name == "branch" {
			t.Errorf("stage %+v", s)
		}
	}
	if r.Label != mpcc.Unlabelled || !r.Feasible() || len(r.Pattern) != 2 {
		t.Errorf("%v, %v, pattern %v", r.Label, r.Status, r.Pattern)
	}
}
