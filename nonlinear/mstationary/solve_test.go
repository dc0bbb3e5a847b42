package mstationary

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system"
)

// read makes the program and the pairs of a model text.
func read(t *testing.T, text string) (*smooth.Compiled, []model.Pair, []float64) {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []model.Pair
	for k := range m.NumPairs() {
		pairs = append(pairs, m.Pair(k))
	}
	x, _ := m.StartPoint()
	return p, pairs, x
}

// TestKnownPoints solves small programs of the literature and of our own whose stationary points are known.
func TestKnownPoints(t *testing.T) {
	const xy = "var x >= 0; var y >= 0; pair: 0 <= x complements y >= 0; "
	cases := []struct {
		name, text string
		start      []float64
		want       [][]float64 // the points that may come out
		class      Class
		reason     string
	}{
		{"two branches", xy + "minimize f: (x-1)^2 + (y-1)^2;", []float64{2, 0.5}, [][]float64{{1, 0}, {0, 1}}, ClassS, "minimisers of the two branches"},
		{"C-stationary origin", xy + "minimize f: (x-1)^2 + (y-1)^2;", []float64{0, 0}, [][]float64{{1, 0}, {0, 1}}, ClassS,
			"the origin is C-stationary with ν = (-2, -2), and not M-stationary"},
		{"M-stationary origin", xy + "minimize f: (x-1)^2 + y^2;", []float64{0, 0}, [][]float64{{1, 0}}, ClassS,
			"the origin is M-stationary with ν = (-2, 0); it is left by its multiplier"},
		{"biactive minimiser", xy + "minimize f: (x+1)^2 + (y+2)^2;", []float64{3, 1}, [][]float64{{0, 0}}, ClassS, "ν = (2, 4)"},
		{"Scheel and Scholtes", "var x1 >= 0; var x2 >= 0; var x3; minimize f: x1 + x2 - x3; c1: -4*x1 + x3 <= 0; c2: -4*x2 + x3 <= 0; pair: 0 <= x1 complements x2 >= 0;",
			[]float64{1, 1, 1}, [][]float64{{0, 0, 0}}, ClassM, "example 3 of Scheel and Scholtes (2000): the global minimiser is M- and not S-stationary, four constraints being active in three dimensions"},
		{"saddle", "var x >= -1, <= 2; var y >= 0; var z >= 0; minimize f: z^2 + y - x^2; pair: 0 <= y complements z >= 0;", []float64{0, 0, 0}, [][]float64{{2, 0, 0}, {-1, 0, 0}}, ClassS,
			"x = 0 is stationary with the curvature -2; the bounds of x are the minimisers"},
		{"maximiser at a bound", "var x >= 0, <= 2; var y >= 0; var z >= 0; minimize f: z^2 + y - x^2; pair: 0 <= y complements z >= 0;", []float64{0, 0, 0}, [][]float64{{2, 0, 0}}, ClassS,
			"x = 0 is stationary and its bound has the multiplier zero: the curvature into the feasible side is negative"},
		{"biactive maximiser", "var x >= 0, <= 2; var y >= 0; minimize f: y - x^2; pair: 0 <= y complements x >= 0;", []float64{0, 0}, [][]float64{{2, 0}}, ClassS, "the same with a member of a pair"},
		{"rows as members", "var x; var y; minimize f: x^2 + y^2 - 3*x; a: 0 <= 2 - x - y complements x - y >= 0;", []float64{1, -1}, [][]float64{{1.75, 0.25}, {0.75, 0.75}}, ClassS,
			"on x + y = 2 the objective is 2x² - 7x + 4, on x = y it is 2x² - 3x"},
		{"curved pair", "var x := 2; var y := 1; minimize f: (x-2)^2 + (y-1)^2; p: 0 <= x^2 - y complements y >= 0;", nil, nil, ClassS, "by the check alone: on y = x² the point solves a cubic equation"},
		{"equation and bounds", "var x >= 0, <= 4; var y >= 0; var z; minimize f: z^2 + x; e: x + y + z = 3; p: 0 <= x complements y >= 0;", []float64{1, 1, 1}, [][]float64{{2.5, 0, 0.5}, {0, 3, 0}}, ClassS,
			"y = 0: x = 3 - z, z² - z, z = 0.5; x = 0: z = 0"},
	}
	for _, c := range cases {
		p, pairs, x := read(t, c.text)
		if c.start != nil {
			x = c.start
		}
		r, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		violation, complementarity := violations(p, pairs, r.X)
		_, m, _ := distances(p, pairs, r.X, 1e-6)
		if !r.Solved() || violation > 1e-7 || complementarity > 1e-7 || m > 1e-6 || r.Class != c.class {
			t.Errorf("%s: %v, %v at %v (%s): violation %g, complementarity %g, M %g; %s", c.name, r.Status, r.Class, r.X, r.Message, violation, complementarity, m, c.reason)
		}
		if c.want != nil && !slices.ContainsFunc(c.want, func(w []float64) bool { return distance(w, r.X) < 1e-6 }) {
			t.Errorf("%s: %v, want one of %v: %s", c.name, r.X, c.want, c.reason)
		}
	}
}

// TestLeft: the stationary points that are left are reported, with what shows that they are no minimisers.
func TestLeft(t *testing.T) {
	p, pairs, _ := read(t, "var x >= 0; var y >= 0; pair: 0 <= x complements y >= 0; minimize f: (x-1)^2 + y^2;")
	origin := Start{X: []float64{0, 0}, Pairs: [][2]float64{{-2, 0}}}
	r, err := Solve(context.Background(), p, pairs, origin, Options{Descents: -1})
	if err != nil || !r.Solved() || r.Class != ClassM || distance(r.X, []float64{0, 0}) > 1e-9 || len(r.Left) != 0 || r.Iterations != 0 {
		t.Errorf("without descents: %v, %+v", err, r)
	}
	r, err = Solve(context.Background(), p, pairs, origin, Options{})
	if err != nil || len(r.Left) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	if l := r.Left[0]; l.Pair != 0 || math.Abs(l.Slope+2) > 1e-8 || !l.Taken || l.Class != ClassM || l.Curvature != 0 {
		t.Errorf("left: %+v", l)
	}
	p, pairs, _ = read(t, "var x >= -1, <= 2; var y >= 0; var z >= 0; minimize f: z^2 + y - x^2; pair: 0 <= y complements z >= 0;")
	r, err = Solve(context.Background(), p, pairs, Start{X: []float64{0, 0, 0}}, Options{Descents: -1})
	if err != nil || !r.Solved() || !r.Order.Known || math.Abs(r.Order.Curvature+2) > 1e-9 || r.Order.Freedom != 1 || math.Abs(math.Abs(r.Order.Direction[0])-1) > 1e-9 {
		t.Errorf("saddle: %v, %+v", err, r)
	}
	r, err = Solve(context.Background(), p, pairs, Start{X: []float64{0, 0, 0}}, Options{})
	if err != nil || len(r.Left) != 1 || r.Left[0].Pair != -1 || math.Abs(r.Left[0].Curvature+2) > 1e-9 || !r.Left[0].Taken || math.Abs(r.Objective+4) > 1e-9 {
		t.Errorf("saddle left: %v, %+v", err, r)
	}
}

// TestFastConvergence: near a solution with a positive definite reduced Hessian and independent constraints the active-set steps converge
// quadratically.
func TestFastConvergence(t *testing.T) {
	p, pairs, _ := read(t, `var x >= 0; var y >= 0; var u; var v >= 0;
		minimize f: exp(x - 1) - 2*x + (y - 0.3)^2 + u^4 + u^2 + cosh(v - 1);
		e: x^2 + u*v + sin(y) = 2;
		p: 0 <= x complements y >= 0;
		q: 0 <= v complements exp(u) - 0.5 + y >= 0;`)
	exact, err := Solve(context.Background(), p, pairs, Start{X: []float64{1.4, 0.1, 0.1, 0.1}}, Options{Tolerance: 1e-13})
	if err != nil || !exact.Solved() {
		t.Fatalf("%v, %+v", err, exact)
	}
	if exact.Order.Curvature <= 0 || exact.Order.Freedom < 1 {
		t.Fatalf("not the kind of point that this test is about: %+v", exact)
	}
	near := slices.Clone(exact.X)
	for j := range near {
		near[j] += []float64{0.02, 0, -0.03, 0}[j]
	}
	var errs []float64
	r, err := Solve(context.Background(), p, pairs, Start{X: near, Rows: exact.Rows, Lower: exact.Lower, Upper: exact.Upper, Pairs: exact.Pairs},
		Options{Tolerance: 1e-13, Progress: func(it system.Iterate) bool {
			e := 0.0
			for j := range near {
				e = max(e, math.Abs(it.W[j]-exact.X[j]))
			}
			errs = append(errs, e)
			return true
		}})
	if err != nil || !r.Solved() || r.Steps.Damped+r.Steps.Gradient > 0 || r.Iterations > 5 {
		t.Fatalf("%v, %+v", err, r)
	}
	t.Logf("errors %.2g", errs)
	for k := 1; k < len(errs); k++ {
		if errs[k] > 10*errs[k-1]*errs[k-1]+1e-12 {
			t.Errorf("the error goes from %g to %g", errs[k-1], errs[k])
		}
	}
}

// TestRestart: a solution with its multipliers is recognised at once, whatever the scales.
func TestRestart(t *testing.T) {
	p, pairs, x := read(t, `var x >= 0, := 3; var y >= 0, := 1; var z <= 5, := 1;
		minimize f: 1e4*(x - 2)^2 + 3e3*(y - 1)^2 + (z - 7)^2;
		big: -1e5 <= 1e3*x + 2e3*y*z <= 1e5;
		p: 0 <= x complements 500*y + 100*z >= 0;`)
	r, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{})
	if err != nil || !r.Solved() {
		t.Fatalf("%v, %+v", err, r)
	}
	again, err := Solve(context.Background(), p, pairs, Start{X: r.X, Rows: r.Rows, Lower: r.Lower, Upper: r.Upper, Pairs: r.Pairs}, Options{})
	if err != nil || !again.Solved() || again.Iterations > 1 || distance(r.X, again.X) > 1e-6 {
		t.Errorf("%v, %+v after %+v", err, again, r)
	}
	plain, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{NoScaling: true, Tolerance: 1e-6})
	if err != nil || !plain.Solved() || distance(r.X, plain.X) > 1e-5 {
		t.Errorf("without scaling: %v, %+v", err, plain)
	}
}

func TestFailures(t *testing.T) {
	cases := []struct {
		name, text string
		start      []float64
		status     model.Status
		message    string
	}{
		{"no feasible point", "var x >= 0; var y >= 0; minimize f: x; c: x + y <= -1; p: 0 <= x complements y >= 0;", []float64{1, 1}, model.StatusInfeasible, "violation"},
		{"unbounded", "var x >= 0; var y >= 0; minimize f: y - x; p: 0 <= x complements y >= 0;", []float64{1, 1}, model.StatusUnbounded, "falls without limit"},
		{"unbounded from a saddle", "var x; var y >= 0; var z >= 0; minimize f: y - x^2; p: 0 <= y complements z >= 0;", []float64{0, 0, 0}, model.StatusUnbounded, "falls without limit"},
		{"undefined", "var x >= -5; var y >= 0; minimize f: log(x) + y; p: 0 <= x + 5 complements y >= 0;", []float64{-1, 1}, model.StatusFailed, "the objective is NaN at the start"},
	}
	for _, c := range cases {
		p, pairs, _ := read(t, c.text)
		r, err := Solve(context.Background(), p, pairs, Start{X: c.start}, Options{})
		if err != nil || r.Status != c.status || !strings.Contains(r.Message, c.message) || r.Class != ClassNone {
			t.Errorf("%s: %v, %v: %s", c.name, err, r.Status, r.Message)
		}
	}
	nothing := &quadratic{n: 1, q: []float64{math.NaN()}, lower: []float64{1}, upper: []float64{1}}
	if r, err := Solve(context.Background(), nothing, nil, Start{X: []float64{1}}, Options{}); err != nil || r.Status != model.StatusFailed {
		t.Errorf("nothing free and no objective: %v, %+v", err, r)
	}
	cross := &quadratic{n: 1, q: []float64{1}, lower: []float64{2}, upper: []float64{1}}
	if r, err := Solve(context.Background(), cross, nil, Start{X: []float64{0}}, Options{}); err != nil || r.Status != model.StatusInfeasible || !strings.Contains(r.Message, "variable 0 has the bounds 2 and 1") {
		t.Errorf("bounds that cross: %v, %+v", err, r)
	}
}

func TestStopsEarly(t *testing.T) {
	p, pairs, _ := read(t, "var x{1..6} >= 0; var y{1..6} >= 0; minimize f: sum{i in 1..6} ((x[i] - i)^4 + (y[i] - 2)^2*(1 + x[i])); p{i in 1..6}: 0 <= x[i] complements y[i] + x[1] - 1 >= 0;")
	x := make([]float64, p.NumVars())
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Solve(done, p, pairs, Start{X: x}, Options{}); err != nil || r.Status != model.StatusInterrupted {
		t.Errorf("cancelled: %v, %+v", err, r)
	}
	if r, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{TimeLimit: time.Nanosecond}); err != nil || r.Status != model.StatusLimit {
		t.Errorf("no time: %v, %+v", err, r)
	}
	calls := 0
	r, err := Solve(context.Background(), p, pairs, Start{X: x}, Options{Progress: func(it system.Iterate) bool {
		if it.Iteration != calls {
			t.Errorf("iterate %d is told as the %dth", it.Iteration, calls)
		}
		calls++
		return calls < 3
	}})
	if err != nil || r.Status != model.StatusInterrupted || calls != 3 {
		t.Errorf("Progress: %v, %+v after %d calls", err, r, calls)
	}
}

func TestBadCalls(t *testing.T) {
	p, pairs, _ := read(t, "var x >= 0; var y >= 0; minimize f: x; c: x + y <= 4; p: 0 <= x complements y >= 0;")
	ctx := context.Background()
	var start *StartError
	for _, s := range []Start{{}, {X: []float64{1}}, {X: []float64{1, math.NaN()}}, {X: []float64{1, 2}, Rows: []float64{1, 2}}, {X: []float64{1, 2}, Pairs: [][2]float64{}},
		{X: []float64{1, 2}, Pairs: [][2]float64{{1, math.Inf(1)}}}, {X: []float64{1, 2}, Lower: []float64{0}}} {
		if _, err := Solve(ctx, p, pairs, s, Options{}); !errors.As(err, &start) {
			t.Errorf("start %+v: %v", s, err)
		}
	}
	good := Start{X: []float64{1, 2}}
	var bad *PairError
	at := func(index int32, row bool, side model.Side) model.Member {
		return model.Member{Row: row, Index: index, Side: side}
	}
	for _, q := range []model.Pair{{A: at(0, false, model.Range), B: at(1, false, model.Value)}, {A: at(0, false, model.AtLower), B: at(7, false, model.AtLower)},
		{A: at(0, false, model.AtLower), B: at(-1, false, model.AtLower)}, {A: at(0, false, model.AtUpper), B: at(1, false, model.AtLower)}, {A: at(0, false, model.AtLower), B: at(0, true, model.AtLower)}} {
		if _, err := Solve(ctx, p, []model.Pair{q}, good, Options{}); !errors.As(err, &bad) || bad.Remedy == "" {
			t.Errorf("pair %+v: %v", q, err)
		}
	}
	var option *OptionError
	for _, o := range []Options{{Tolerance: -1}, {Activity: math.NaN()}, {MaxIterations: -1}, {MaxSteps: -1}, {TimeLimit: -1}} {
		if _, err := Solve(ctx, p, pairs, good, o); !errors.As(err, &option) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestFixed: fixed variables and pairs of which a member is zero by its bounds, also where nothing is free.
func TestFixed(t *testing.T) {
	p, pairs, _ := read(t, `var x >= 0; var y >= 0; var z >= 0, <= 0;
		minimize f: (x - 1)^2 + (y - 2)^2 + x*z;
		e: y - x = 0.5;
		zero: 0 <= z complements x >= 0;
		p: 0 <= x complements 3 - y >= 0;`)
	r, err := Solve(context.Background(), p, pairs, Start{X: []float64{1, 1, 4}}, Options{})
	if err != nil || !r.Solved() || r.X[2] != 0 || r.Objective > 3.26 {
		t.Fatalf("%v, %+v", err, r)
	}
	violation, complementarity := violations(p, pairs, r.X)
	if _, m, _ := distances(p, pairs[1:], r.X, 1e-6); violation > 1e-7 || complementarity > 1e-7 || m > 1e-6 {
		t.Errorf("violation %g, complementarity %g, M %g at %v", violation, complementarity, m, r.X)
	}
	if g := r.X[0]; math.Abs(r.Lower[2]-r.Upper[2]-g) > 1e-7 {
		t.Errorf("the fixed variable's multipliers are %g and %g, the gradient there %g", r.Lower[2], r.Upper[2], g)
	}
	all := &quadratic{n: 2, q: []float64{1, -1}, lower: []float64{1, 2}, upper: []float64{1, 2}}
	if r, err := Solve(context.Background(), all, nil, Start{X: []float64{0, 0}}, Options{}); err != nil || !r.Solved() || r.X[0] != 1 || r.X[1] != 2 || r.Lower[0] != 1 || r.Upper[1] != 1 {
		t.Errorf("nothing free: %v, %+v", err, r)
	}
}
