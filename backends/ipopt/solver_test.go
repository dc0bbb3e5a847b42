package ipopt_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// solve solves from 0.
func solve(t *testing.T, p smooth.Program, o smooth.Options) *smooth.Answer {
	t.Helper()
	needLibrary(t)
	a, err := ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// compile makes the program of a model whose only player is built by the function.
func compile(t *testing.T, build func(l *model.Player)) smooth.Program {
	t.Helper()
	m := model.New("test")
	build(m.Leader())
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestNoRoom solves programs whose feasible sets have no interior, on which the multipliers of an interior point method grow without limit.
func TestNoRoom(t *testing.T) {
	for _, c := range []struct {
		name      string
		build     func(l *model.Player)
		objective float64
		tolerance float64
	}{
		{"bounds fixed by an equation", func(l *model.Player) {
			x, y := l.Var("x", 0, inf), l.Var("y", 0, inf)
			l.Minimize(x.Minus(y.Times(2)))
			l.Constrain("sum", x.Plus(y).Eq(0))
		}, 0, 1e-6},
		{"a row that meets a bound", func(l *model.Player) {
			x, y := l.Var("x", 0, 1), l.Var("y", 0, 1)
			l.Minimize(x.Minus(y.Times(2)))
			l.Constrain("least", x.GE(1))
		}, -1, 1e-6},
		{"two rows that meet", func(l *model.Player) {
			x, y := l.Var("x", 0, 3), l.Var("y", 0, 3)
			l.Minimize(x.Minus(y.Times(2)))
			l.Constrain("least", x.Plus(y).GE(1))
			l.Constrain("most", x.Plus(y).LE(1))
		}, -2, 1e-6},
		{"a square below 0", func(l *model.Player) {
			x, y := l.Var("x", -3, 3), l.Var("y", -3, 3)
			l.Minimize(x.Minus(y.Times(2)))
			l.Constrain("square", x.Pow(2).LE(0))
		}, -6, 1e-3}, // a violation of 1e-8 allows x = 1e-4
		{"a product below 0", func(l *model.Player) {
			x, y := l.Var("x", 0, inf), l.Var("y", 0, inf)
			l.Minimize(x.Minus(2).Pow(2).Plus(y.Minus(1).Pow(2)))
			l.Constrain("product", x.Times(y).LE(0))
		}, 1, 1e-6},
	} {
		a := solve(t, compile(t, c.build), smooth.Options{})
		if !a.Solved() || math.Abs(a.Objective-c.objective) > c.tolerance || a.Violation > 2e-8 {
			t.Errorf("%s: %v (%s) %v with violation %v, want %v", c.name, a.Status, a.Message, a.Objective, a.Violation, c.objective)
		}
		for _, v := range a.Rows {
			if math.Abs(v) > 1e6 {
				t.Errorf("%s: a multiplier of %v", c.name, v)
			}
		}
	}
}

func TestFarPointsAreNoSolutions(t *testing.T) {
	a := solve(t, compile(t, func(l *model.Player) {
		x, y := l.Var("x", -inf, inf), l.Var("y", -inf, inf)
		l.Minimize(x.Minus(y).Pow(2).Minus(x).Minus(y))
	}), smooth.Options{})
	if a.Status != model.StatusUnbounded {
		t.Errorf("%v (%s) at %v", a.Status, a.Message, a.X)
	}
}

func TestFunctionsAreEvaluatedBetweenTheBounds(t *testing.T) {
	p := parabola(2)
	p.lower, p.upper = []float64{2, -1}, []float64{3, 1}
	inside := p.objective
	p.objective = func(x []float64) float64 {
		for j := range x {
			if x[j] < p.lower[j] || x[j] > p.upper[j] {
				t.Errorf("evaluated at %v", x)
			}
		}
		return inside(x)
	}
	if a := solve(t, p, smooth.Options{}); a.Status != model.StatusOptimal || math.Abs(a.Objective-2) > 1e-6 {
		t.Errorf("%v %v", a.Status, a.Objective)
	}
}

// TestTrialPointsWithoutValues sets out where a full step leads out of the domain.
func TestTrialPointsWithoutValues(t *testing.T) {
	p := parabola(1)
	missed := 0
	p.objective = func(x []float64) float64 {
		if x[0] <= 0 {
			missed++
			return math.NaN()
		}
		return -math.Log(x[0]) + x[0]*x[0]*x[0]/3
	}
	p.gradient = func(x, g []float64) { g[0] = -1/x[0] + x[0]*x[0] }
	p.hessian = func(x []float64, sigma float64, _, vals []float64) { vals[0] = sigma * (1/(x[0]*x[0]) + 2*x[0]) }
	needLibrary(t)
	a, err := ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{X: []float64{0.01}}, smooth.Options{Native: map[string]string{"mu_strategy": "monotone"}})
	if err != nil || a.Status != model.StatusOptimal || math.Abs(a.X[0]-1) > 1e-6 {
		t.Errorf("%+v, %v", a, err)
	}
	p.gradient = func(x, g []float64) { g[0] = -5 } // leads away
	p.objective = func(x []float64) float64 {
		if x[0] > 0.5 {
			return math.NaN()
		}
		return -5 * x[0]
	}
	missed = 0
	a, err = ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{X: []float64{0.01}}, smooth.Options{})
	if err != nil || a.Solved() || a.Message == "" {
		t.Errorf("%+v, %v: the objective falls until it has no value", a, err)
	}
}

func TestStartWithoutValues(t *testing.T) {
	p := parabola(2)
	p.rowLower, p.rowUpper = []float64{-inf, 0, -inf}, []float64{inf, inf, 1}
	p.rows = func(x, c []float64) { c[0], c[1], c[2] = x[0], math.NaN(), x[1] }
	p.jacobian = func(_, vals []float64) { copy(vals, []float64{1, 0, 0, 0, 0, 1}) }
	if a := solve(t, p, smooth.Options{}); a.Status != model.StatusFailed || !strings.Contains(a.Message, "row 1") {
		t.Errorf("%v, %q; want the row named", a.Status, a.Message)
	}
	p = parabola(2)
	p.objective = func([]float64) float64 { return math.Inf(-1) }
	if a := solve(t, p, smooth.Options{}); a.Status != model.StatusFailed || !strings.Contains(a.Message, "objective") {
		t.Errorf("%v, %q; want the objective named", a.Status, a.Message)
	}
}

func TestPanicsComeOutAsErrors(t *testing.T) {
	needLibrary(t)
	p := parabola(2)
	p.gradient = func([]float64, []float64) { panic("no gradient here") }
	calm := func() (*smooth.Answer, error) {
		return ipopt.NewSolver().Solve(context.Background(), parabola(2), smooth.Start{}, smooth.Options{Progress: func(smooth.Iterate) bool { panic("no gradient here") }})
	}
	for _, f := range []func() (*smooth.Answer, error){calm, func() (*smooth.Answer, error) {
		return ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{}, smooth.Options{})
	}} {
		a, err := f()
		var e *ipopt.PanicError
		if !errors.As(err, &e) || e.Value != "no gradient here" || a != nil {
			t.Errorf("%v, %v", a, err)
		}
	}
	if a := solve(t, parabola(3), smooth.Options{}); a.Status != model.StatusOptimal {
		t.Errorf("afterwards: %v", a.Status)
	}
}

// TestProgramsWithinPrograms minimises a function that solves a program for its value, as the leader's objective of a bilevel problem may.
func TestProgramsWithinPrograms(t *testing.T) {
	needLibrary(t)
	follower := func(x float64) float64 { // min (y - x)² for y >= 1
		q := parabola(1)
		q.lower = []float64{1}
		q.objective = func(y []float64) float64 { return (y[0] - x) * (y[0] - x) }
		q.gradient = func(y, g []float64) { g[0] = 2 * (y[0] - x) }
		a, err := ipopt.NewSolver().Solve(context.Background(), q, smooth.Start{}, smooth.Options{})
		if err != nil || !a.Solved() {
			t.Fatalf("%+v, %v", a, err)
		}
		return a.X[0]
	}
	p := parabola(1)
	p.objective = func(x []float64) float64 { y := follower(x[0]); return (y-3)*(y-3) + x[0]*x[0]*1e-3 }
	p.gradient = func(x, g []float64) {
		g[0] = 2e-3 * x[0]
		if x[0] > 1 {
			g[0] += 2 * (follower(x[0]) - 3)
		}
	}
	p.hessian = func(x []float64, sigma float64, _, vals []float64) { vals[0] = 2.002 * sigma }
	a, err := ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{X: []float64{2}}, smooth.Options{Tolerance: 1e-6})
	if err != nil || !a.Solved() || math.Abs(a.X[0]-3/1.001) > 1e-4 {
		t.Errorf("%+v, %v; want x = %v", a, err, 3/1.001)
	}
}

func TestNativeOptions(t *testing.T) {
	needLibrary(t)
	p := parabola(2)
	p.objective = func(x []float64) float64 { return math.Pow(x[0]-1, 4) + math.Pow(x[1]-2, 4) }
	p.gradient = func(x, g []float64) { g[0], g[1] = 4*math.Pow(x[0]-1, 3), 4*math.Pow(x[1]-2, 3) }
	p.hessian = func(x []float64, sigma float64, _, v []float64) {
		v[0], v[1], v[2] = 12*sigma*math.Pow(x[0]-1, 2), 0, 12*sigma*math.Pow(x[1]-2, 2)
	}
	full := solve(t, p, smooth.Options{}).Iterations
	for _, c := range []struct {
		options map[string]string
		bad     string
	}{
		{map[string]string{"max_iter": "3"}, ""},
		{map[string]string{"max_iter": "3", "mu_init": "1", "nlp_scaling_method": "none", "resto.max_iter": "20", "tol": "1e-9"}, ""},
		{map[string]string{"max_iter": "3", "mumps_pivot_order": "7", "print_level": "12"}, ""},
		{map[string]string{"max_iter": "many"}, "max_iter"},
		{map[string]string{"max_iter": "2.5"}, "max_iter"},
		{map[string]string{"mu_strategy": "clever"}, "mu_strategy"},
		{map[string]string{"tol": "-1"}, "tol"},
		{map[string]string{"linear_solver": "no such"}, "linear_solver"},
		{map[string]string{"print_level": "loud"}, "print_level"},
	} {
		a, err := ipopt.NewSolver().Solve(context.Background(), p, smooth.Start{}, smooth.Options{Native: c.options})
		var e *ipopt.OptionError
		switch {
		case c.bad != "":
			if !errors.As(err, &e) || e.Name != c.bad {
				t.Errorf("%v: %v", c.options, err)
			}
		case err != nil:
			t.Errorf("%v: %v", c.options, err)
		case a.Iterations >= full || a.Status != model.StatusLimit:
			t.Errorf("%v: %v after %d iterations, without options %d", c.options, a.Status, a.Iterations, full)
		}
	}
}

// TestNoOptionFileIsRead puts a file where the library looks for options by itself.
func TestNoOptionFileIsRead(t *testing.T) {
	needLibrary(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ipopt.opt"), []byte("max_iter 0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if a := solve(t, parabola(2), smooth.Options{}); a.Status != model.StatusOptimal {
		t.Errorf("%v: %s", a.Status, a.Message)
	}
}

func TestLog(t *testing.T) {
	count := func(native map[string]string) (lines []string) {
		solve(t, parabola(2), smooth.Options{Log: func(l string) { lines = append(lines, l) }, Native: native})
		return lines
	}
	usual, little, much := count(nil), count(map[string]string{"print_level": "3"}), count(map[string]string{"print_level": "8"})
	if len(usual) < 20 || !strings.Contains(usual[0], "Ipopt") || !strings.Contains(usual[len(usual)-1], "EXIT") {
		t.Errorf("%d lines: %q", len(usual), usual)
	}
	if len(little) >= len(usual) || len(much) <= len(usual) {
		t.Errorf("%d lines at level 3, %d by default, %d at level 8", len(little), len(usual), len(much))
	}
}
