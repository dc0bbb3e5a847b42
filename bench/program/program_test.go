package program

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

func stored(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// TestRead reads texts that the programs wrote, shortened.
func TestRead(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, log, solution   string
		program               Program
		status                Status
		value, bound, seconds float64
		some                  string // a variable
		is                    float64
		values                int
	}{
		{"HiGHS optimal", "highs-optimal.log", "highs-optimal.sol", HiGHS, Optimal, 276, 276, 0.01, "lots", 2, 9},
		{"HiGHS linear", "highs-linear.log", "highs-linear.sol", HiGHS, Optimal, 7, nan, 0.25, "y", 3.5, 2},
		{"HiGHS infeasible", "highs-infeasible.log", "highs-infeasible.sol", HiGHS, Infeasible, nan, nan, 0.02, "", 0, 0},
		{"HiGHS stopped", "highs-stopped.log", "highs-stopped.sol", HiGHS, Stopped, 15.9999984379136, 0, 1.00, "t0", 4, 2},
		{"HiGHS without a point", "highs-none.log", "highs-none.sol", HiGHS, Stopped, nan, 0, 1.00, "", 0, 0},
		{"CBC optimal", "cbc-optimal.log", "cbc-optimal.sol", CBC, Optimal, -39755.84669111, -39755.84669111, 0.16, "y(1)", -1e-7, 2},
		{"CBC stopped", "cbc-stopped.log", "cbc-stopped.sol", CBC, Stopped, 10.20992232, 3000, 10.75, "a(2)", 5.3360087, 3},
		{"CBC integer infeasible", "cbc-infeasible.log", "cbc-infeasible.sol", CBC, Infeasible, nan, nan, 0, "", 0, 0},
		{"CBC without a point", "cbc-none.log", "cbc-none.sol", CBC, Stopped, nan, 0, 1.04, "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := c.program.read(stored(t, c.log), stored(t, c.solution))
			if err != nil {
				t.Fatal(err)
			}
			if r.status != c.status || !same(r.value, c.value) && r.values != nil || !same(r.bound, c.bound) || !same(r.seconds, c.seconds) {
				t.Errorf("%v, value %g, bound %g, %g s; want %v, %g, %g, %g s", r.status, r.value, r.bound, r.seconds, c.status, c.value, c.bound, c.seconds)
			}
			if len(r.values) != c.values || c.values > 0 && r.values[c.some] != c.is {
				t.Errorf("%d values, %s = %g; want %d, %g", len(r.values), c.some, r.values[c.some], c.values, c.is)
			}
		})
	}
}

// TestUnreadable: a text that is not a solution is an error, not an answer.
func TestUnreadable(t *testing.T) {
	for name, p := range map[string]Program{"highs": HiGHS, "cbc": CBC} {
		for _, text := range []string{"", "Segmentation fault\n", "Model status\nOptimal\n\n# Primal solution values\nFeasible\n# Columns 1\nx one\n", "Optimal - objective value 3\n 0 x one 0\n"} {
			if r, err := p.read("", text); err == nil {
				t.Errorf("%s reads %q as %v", name, text, r.status)
			}
		}
	}
}

// plant is max 3x + 2y + z + 7, x + y + z <= 10.5, x, y, z <= 4, z a whole number and not zero together with x: with x = 4 and y = 4 the value is 27, and
// with y = 4 and z = 4 it is 19; without the set x = 4, y = 4, z = 2 bring 29. By hand.
func plant(set bool) *model.Model {
	m := model.New("plant")
	l := m.Leader()
	x, y, z := l.Var("x", 0, 4), l.Var("y", 0, 4), l.Integer("z", 0, 4)
	l.Maximize(model.Sum(x.Times(3), y.Times(2), z.Times(1)).Plus(7))
	l.Constrain("room", model.Sum(x, y, z).LE(10.5))
	if set {
		m.AddSOS1(model.SOS1{Name: "either", Vars: []int32{0, 2}})
	}
	return m
}

func TestSolve(t *testing.T) {
	empty := model.New("empty")
	x := empty.Leader().Integer("x", 0, 4)
	empty.Leader().Minimize(x)
	empty.Leader().Constrain("c", x.Times(3).Eq(4))
	for _, c := range []struct {
		name    string
		program Program
		m       *model.Model
		status  Status
		value   float64
		x       []float64
	}{
		{"HiGHS", HiGHS, plant(false), Optimal, 29, []float64{4, 4, 2}},
		{"HiGHS, empty", HiGHS, empty, Infeasible, math.NaN(), nil},
		{"CBC", CBC, plant(false), Optimal, 29, []float64{4, 4, 2}},
		{"CBC with a set", CBC, plant(true), Optimal, 27, []float64{4, 4, 0}},
		{"CBC without presolve", CBCPlain, plant(true), Optimal, 27, []float64{4, 4, 0}},
		{"CBC, empty", CBC, empty, Infeasible, math.NaN(), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !c.program.Installed() {
				t.Skipf("%s is not installed", c.program.Name)
			}
			a, err := c.program.Solve(context.Background(), c.m, Options{Limit: 20 * time.Second, Gap: 1e-9})
			if err != nil {
				t.Fatal(err)
			}
			if a.Status != c.status || !(math.Abs(a.Value-c.value) < 1e-6 || same(a.Value, c.value)) {
				t.Fatalf("%v %g, want %v %g\n%s", a.Status, a.Value, c.status, c.value, a.Output)
			}
			if len(a.X) != len(c.x) {
				t.Fatalf("point %g, want %g", a.X, c.x)
			}
			for j := range c.x {
				if math.Abs(a.X[j]-c.x[j]) > 1e-6 {
					t.Errorf("point %g, want %g", a.X, c.x)
				}
			}
			if a.Seconds < 0 || a.Seconds > a.Process+0.5 {
				t.Errorf("%g s of %g s", a.Seconds, a.Process)
			}
		})
	}
}

// TestKilled runs a program that does not keep its limit.
func TestKilled(t *testing.T) {
	sleeper := Program{Name: "sleep", args: func(job) []string { return []string{"60"} }, read: readCBC}
	if !sleeper.Installed() {
		t.Skip("sleep is not installed")
	}
	start := time.Now()
	a, err := sleeper.Solve(context.Background(), plant(false), Options{Limit: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Killed || a.Status != Stopped || a.Seconds != 0.1 || a.X != nil || time.Since(start) > 10*time.Second {
		t.Errorf("%+v after %v", a, time.Since(start))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := sleeper.Solve(ctx, plant(false), Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a context that ends: %v", err)
	}
	absent := Program{Name: "no-such-solver", args: sleeper.args, read: readCBC}
	if _, err := absent.Solve(context.Background(), plant(false), Options{}); err == nil || absent.Installed() {
		t.Errorf("a program that is not there: %v", err)
	}
}

// TestFailed: a program that ends without an answer has failed.
func TestFailed(t *testing.T) {
	p := Program{Name: "false", args: func(job) []string { return nil }, read: readHiGHS}
	if !p.Installed() {
		t.Skip("false is not installed")
	}
	a, err := p.Solve(context.Background(), plant(false), Options{})
	if err != nil || a.Status != Failed || !math.IsNaN(a.Value) {
		t.Errorf("%+v, %v", a, err)
	}
}
