package mpcc_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// TestStarts: within the bounds, one value in each part of each interval, the same for the same seed, the first as given.
func TestStarts(t *testing.T) {
	m := model.New("starts")
	l := m.Leader()
	l.Var("box", -2, 6)
	l.Var("free", math.Inf(-1), model.Inf)
	l.Var("lower", 50, model.Inf)
	l.Var("upper", math.Inf(-1), -50)
	p, err := mpcc.FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	const n = 9
	points := p.Starts([]float64{0, 3, 0, 0}, n, 2, 5)
	if !slices.Equal(points[0], []float64{0, 3, 0, 0}) {
		t.Errorf("the first point is %v, want the one given", points[0])
	}
	intervals := [][2]float64{{-2, 6}, {3 - 6, 3 + 6}, {50, 150}, {-150, -50}}
	for j, iv := range intervals {
		var seen [n - 1]bool
		for _, x := range points[1:] {
			cell := int((x[j] - iv[0]) / (iv[1] - iv[0]) * (n - 1))
			if cell < 0 || cell >= n-1 {
				t.Fatalf("variable %d has the value %g, want one within %v", j, x[j], iv)
			}
			seen[cell] = true
		}
		if slices.Contains(seen[:], false) {
			t.Errorf("variable %d leaves a part of its interval out: %v", j, seen)
		}
	}
	again := p.Starts([]float64{0, 3, 0, 0}, n, 2, 5)
	other := p.Starts([]float64{0, 3, 0, 0}, n, 2, 6)
	if !slices.EqualFunc(points, again, slices.Equal) || slices.EqualFunc(points, other, slices.Equal) {
		t.Error("the same seed must give the same points, and another others")
	}
}

// twoValleys has local solutions at each of x_i = 0 and y_i = 0 with a different value: 2^n branches.
func twoValleys(n int) *model.Model {
	m := model.New("valleys")
	l := m.Leader()
	var terms []model.Expr
	x, y := l.Vars("x", n, 0, 10), l.Vars("y", n, 0, 10)
	for k := range n {
		m.AddPairs(fmt.Sprintf("p%d", k), nil, model.Pair{A: model.Member{Index: int32(x[k].Index())}, B: model.Member{Index: int32(y[k].Index())}})
		a, b := x[k].Minus(5), y[k].Minus(6)
		terms = append(terms, a.Times(a), b.Times(b))
	}
	l.Minimize(model.Sum(terms...))
	return m
}

// TestMultistart: the best of the starts is at least as good as the first, the same for every number of workers, and a target ends it early.
func TestMultistart(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for i := range 5 {
		m := randomMPCC(rng)
		p, err := mpcc.FromModel(m)
		if err != nil {
			t.Fatal(err)
		}
		start, _ := m.StartPoint()
		opt := mpcc.MultistartOptions{Options: mpcc.Options{Method: mpcc.Scholtes, Solver: &newton.Solver{}, Seed: 3}, Workers: 1}
		one, err := mpcc.Solve(context.Background(), p, start, opt.Options)
		if err != nil {
			t.Fatal(err)
		}
		a, err := mpcc.Multistart(context.Background(), p, start, 6, opt)
		if err != nil {
			t.Fatal(err)
		}
		if one.Feasible() && (!a.Feasible() || a.Objective > one.Objective+1e-8) {
			t.Errorf("case %d: %g from six starts, %g from the first", i, a.Objective, one.Objective)
		}
		opt.Workers = 3
		b, err := mpcc.Multistart(context.Background(), p, start, 6, opt)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.X, b.X) || a.Iterations != b.Iterations {
			t.Errorf("case %d: one worker gives %v in %d iterations, three give %v in %d", i, a.X, a.Iterations, b.X, b.Iterations)
		}
	}
}

func TestMultistartTarget(t *testing.T) {
	p, err := mpcc.FromModel(twoValleys(2))
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		// By hand: of each pair y = 6, x = 0 costs 25 and x = 5, y = 0 costs 36.
		opt := mpcc.MultistartOptions{Options: mpcc.Options{Solver: &newton.Solver{}, Target: 50 + 1e-6, HasTarget: true}, Workers: workers}
		r, err := mpcc.Multistart(context.Background(), p, []float64{5, 0, 5, 0}, 50, opt)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Feasible() || math.Abs(r.Objective-50) > 1e-5 {
			t.Errorf("%d workers: %v, value %g, want 50", workers, r.Status, r.Objective)
		}
		if r.Programs > 60 {
			t.Errorf("%d workers: %d programs, though the target was known", workers, r.Programs)
		}
	}
}

func TestMultistartStopped(t *testing.T) {
	p, err := mpcc.FromModel(twoValleys(3))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := mpcc.Multistart(ctx, p, nil, 4, mpcc.MultistartOptions{Options: mpcc.Options{Solver: &newton.Solver{}}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Feasible() && r.Objective < 75 {
		t.Errorf("a cancelled solve found %g", r.Objective)
	}
	if !r.Feasible() && r.Status != model.StatusInterrupted {
		t.Errorf("status %v, want interrupted", r.Status)
	}
}
