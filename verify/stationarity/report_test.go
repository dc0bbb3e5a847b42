package stationarity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model"
)

const corner = `var x >= 0; var y >= 0; minimize f: (x-1)^2 + (y-1)^2; subject to pair: 0 <= x complements y >= 0;`

// TestSentences pins the words of a report of each kind.
func TestSentences(t *testing.T) {
	var b strings.Builder
	for _, c := range []struct {
		name, text string
		x          []float64
	}{
		{"no pairs", `var x >= 1; minimize f: x^2;`, []float64{1}},
		{"no pairs, not stationary, maximisation", `var profit >= 0; var price <= 3; maximize f: profit + 2*price; s.t. r: profit <= 2*price;`, []float64{2, 1}},
		{"no biactive pair", corner, []float64{1, 0}},
		{"S", `var x >= 0; var y >= 0; minimize f: x + y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}},
		{"B", copies(1, 0), []float64{0, 0, 0}},
		{"B of two", copies(2, 0), make([]float64, 6)},
		{"M", `var x >= 0; var y >= 0; minimize f: x^2 - y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}},
		{"C", corner, []float64{0, 0}},
		{"A", `var x >= 0; var y >= 0; minimize f: x - y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}},
		{"W", `var x{1..2} >= 0; var y{1..2} >= 0; minimize f: -x[1] - y[1] + x[2] - y[2]; subject to pair{i in 1..2}: 0 <= x[i] complements y[i] >= 0;`, []float64{0, 0, 0, 0}},
		{"pair off", corner, []float64{0.25, 0.5}},
		{"constraint off", `var x; minimize f: x; s.t. r: 2*x >= 4;`, []float64{1}},
		{"neither small nor large", `var x; minimize f: x^2 - 2*x;`, []float64{1 + 1e-5}},
		{"nearly biactive", `var x >= 0; var y >= 0; minimize f: (x-0.0001)^2 + y; subject to pair: 0 <= x complements y >= 0;`, []float64{1e-4, 0}},
		{"no qualification", `var x; minimize f: x; s.t. r: x^2 <= 0; q: x >= 0;`, []float64{0}},
	} {
		r, err := OfModel(context.Background(), parse(t, c.text), c.x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "## %s\n", c.name)
		for _, s := range r.Sentences() {
			fmt.Fprintf(&b, "%s\n", s)
		}
		b.WriteString("\n")
	}
	golden.Check(t, "testdata/sentences.txt", []byte(b.String()))
}

// TestRefusals has points and pairs that cannot be judged.
func TestRefusals(t *testing.T) {
	var point *PointError
	for _, c := range []struct {
		name, text string
		x          []float64
		says       string
	}{
		{"too short", corner, []float64{0}, "1 entries"},
		{"not a number", corner, []float64{0, math.NaN()}, "y has the value NaN"},
		{"outside a domain", `var x; minimize f: x; s.t. r: log(x) <= 1;`, []float64{-1}, "r has the value"},
		{"edge of a domain", `var x >= 0; minimize f: sqrt(x);`, []float64{0}, "no derivative by x"},
		{"edge of a domain of a row", `var x >= 0; minimize f: x; s.t. r: sqrt(x) <= 1;`, []float64{0}, "r has no derivative by x"},
	} {
		_, err := OfModel(context.Background(), parse(t, c.text), c.x, Options{})
		if !errors.As(err, &point) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if p, err := NewOfModel(parse(t, c.text)); err != nil {
			t.Error(err)
		} else if _, err := p.LPEC(context.Background(), c.x, LPECOptions{}); !errors.As(err, &point) {
			t.Errorf("%s: error of the LPEC: %v", c.name, err)
		}
	}
	prog := &affine{c: []float64{1}, lo: []float64{-inf}, hi: []float64{inf}}
	var pair *PairError
	for _, p := range []model.Pair{
		{A: model.Member{Index: 0}, B: model.Member{Index: 0, Side: model.AtUpper}},
		{A: model.Member{Index: 7, Side: model.Range}, B: model.Member{Side: model.Value}},
		{A: model.Member{Row: true, Side: model.Range}, B: model.Member{Side: model.Value}},
		{A: model.Member{Side: model.Range}, B: model.Member{}},
	} {
		if _, err := New(prog, []model.Pair{p}); !errors.As(err, &pair) || pair.Pair != 0 {
			t.Errorf("%v: error %v", p, err)
		}
	}
	if _, err := OfModel(context.Background(), parse(t, `var x; minimize f: x; lower; var y; minimize g: y^2 + x*y;`), []float64{0, 0}, Options{}); err == nil {
		t.Error("a model with a follower is no program")
	}
}

// TestInaccuratePoints has points as interior point methods leave them: a constraint with a small multiplier is far from its bound.
func TestInaccuratePoints(t *testing.T) {
	m := parse(t, `var x >= 0; var y >= 0; var z; minimize f: 1e-4*x + y + z^2; subject to pair: 0 <= x complements y >= 0;`)
	r, err := OfModel(context.Background(), m, []float64{1e-5, 1e-9, 1e-9}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Class != SStationary || len(r.Biactive) != 1 || r.Tolerance < 0.9e-5 || r.Gap > 1e-8 {
		t.Errorf("%v %s at the tolerance %g with the gap %g", r.Class, labels(r), r.Tolerance, r.Gap)
	}
	// With a multiplier that is not small the slack is worth something, and the point is not stationary.
	m = parse(t, `var x >= 0; var y >= 0; var z; minimize f: x + y + z^2; subject to pair: 0 <= x complements y >= 0;`)
	if r, err = OfModel(context.Background(), m, []float64{1e-5, 0, 0}, Options{}); err != nil || r.Class != NotStationary {
		t.Errorf("%v %s, %v", r.Class, labels(r), err)
	}
	// Fixed by hand, the tolerance is the one asked for.
	if r, err = OfModel(context.Background(), m, []float64{1e-5, 0, 0}, Options{Active: 1e-4}); err != nil || r.Class != SStationary || r.Tolerance != 1e-4 {
		t.Errorf("%v %s at %g, %v", r.Class, labels(r), r.Tolerance, err)
	}
}

// TestStopped has a context that is done: nothing is decided, and nothing goes wrong.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := OfModel(ctx, parse(t, corner), []float64{0, 0}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Class != Unknown || labels(r) != "??????" || r.Message == "" || len(r.Sentences()) == 0 {
		t.Errorf("%v %s: %q", r.Class, labels(r), r.Message)
	}
	for _, solvers := range availableSolvers() {
		p, err := NewOfModel(parse(t, corner))
		if err != nil {
			t.Fatal(err)
		}
		p.solvers = solvers
		d, err := p.LPEC(ctx, []float64{0, 0}, LPECOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Stationary != Undecided || d.Value != 0 || d.Bound > -2e-3 || d.Message == "" {
			t.Errorf("%v, value %v, bound %v: %q", d.Stationary, d.Value, d.Bound, d.Message)
		}
	}
}

// TestShiftedSteps has points that violate everything a little: no step is allowed to count on that, and none of them is impossible.
func TestShiftedSteps(t *testing.T) {
	m := parse(t, `var x >= 0; var y >= 0; var z >= 1; minimize f: x + y + z;
		subject to pair: 0 <= x complements y >= 0; r: x - y + z = 1; s: -1 <= x + y <= 5;`)
	for _, x := range [][]float64{{-1e-7, 1e-7, 1 - 1e-7}, {1e-5, 1e-5, 1.00001}, {0.02, 0.03, 0.99}} {
		for _, solvers := range availableSolvers() {
			p, err := NewOfModel(m)
			if err != nil {
				t.Fatal(err)
			}
			p.solvers = solvers
			d, err := p.LPEC(context.Background(), x, LPECOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if d.Message != "" || d.Stationary == Undecided || d.Value > 0 {
				t.Errorf("%v: %v, value %v: %q", x, d.Stationary, d.Value, d.Message)
			}
		}
	}
}

// TestSufficientStep stops at a direction that is good enough.
func TestSufficientStep(t *testing.T) {
	m := parse(t, `param n := 6; var x{1..n} >= 0; var y{1..n} >= 0; minimize f: sum{i in 1..n} (-x[i] - y[i]);
		subject to tie: sum{i in 1..n} (x[i] + y[i]) <= 100; pair{i in 1..n}: 0 <= x[i] complements y[i] >= 0;`)
	x := make([]float64, m.NumVars())
	p, err := NewOfModel(m)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.LPEC(context.Background(), x, LPECOptions{Radius: 1})
	if err != nil {
		t.Fatal(err)
	}
	part, err := p.LPEC(context.Background(), x, LPECOptions{Radius: 1, Sufficient: 0.4})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(whole.Value+6) > 1e-7 || part.Value > -4.8+1e-7 || part.Nodes > whole.Nodes || part.Bound > part.Value {
		t.Errorf("values %v and %v, bound %v, with %d and %d linear programs", whole.Value, part.Value, part.Bound, whole.Nodes, part.Nodes)
	}
}

// TestSameAnswerTwice compares two runs.
func TestSameAnswerTwice(t *testing.T) {
	m := parse(t, copies(4, 1)+" tie: sum{i in 1..n} w[i] >= 0;")
	x := make([]float64, m.NumVars())
	var reports []*Report
	var steps []*Direction
	for range 2 {
		p, err := NewOfModel(m)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Classify(context.Background(), x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.LPEC(context.Background(), x, LPECOptions{Leaves: true})
		if err != nil {
			t.Fatal(err)
		}
		r.problem, r.states = nil, nil
		reports, steps = append(reports, r), append(steps, d)
	}
	if d := cmp.Diff(fmt.Sprintf("%+v %+v", *reports[0], reports[0].Multipliers), fmt.Sprintf("%+v %+v", *reports[1], reports[1].Multipliers)); d != "" && reports[0].Multipliers == reports[1].Multipliers {
		t.Error(d)
	}
	if d := cmp.Diff(reports[0].Multipliers, reports[1].Multipliers); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(reports[0].Descent, reports[1].Descent); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(steps[0], steps[1]); d != "" {
		t.Error(d)
	}
}

// TestIntegerVariables holds integer variables at their values: the objective would fall along n alone.
func TestIntegerVariables(t *testing.T) {
	m := parse(t, `var n integer >= 0 <= 5; var x >= 0; minimize f: -3*n + (x-n)^2; s.t. r: x + n <= 10;`)
	r, err := OfModel(context.Background(), m, []float64{2, 2}, Options{})
	if err != nil || r.Class != Stationary {
		t.Errorf("%v, %v", r.Class, err)
	}
	p, err := NewOfModel(m)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = p.Classify(context.Background(), []float64{2, 2}, Options{}); err != nil || r.Class != NotStationary {
		t.Errorf("as a continuous variable: %v, %v", r.Class, err)
	}
}

// TestRestrictedPrograms has a branch of each kind on bounds.
func TestRestrictedPrograms(t *testing.T) {
	row := model.Member{Row: true}
	for _, c := range []struct {
		branch     Branch
		pair       model.Pair
		variable   [2]float64
		constraint [2]float64
	}{
		{FirstZero, model.Pair{A: model.Member{}, B: row}, [2]float64{-1, -1}, [2]float64{-3, 4}},
		{FirstZero, model.Pair{A: model.Member{Side: model.AtUpper}, B: row}, [2]float64{2, 2}, [2]float64{-3, 4}},
		{SecondZero, model.Pair{A: model.Member{}, B: model.Member{Row: true, Side: model.AtUpper}}, [2]float64{-1, 2}, [2]float64{4, 4}},
		{RangeAtLower, model.Pair{A: model.Member{Side: model.Range}, B: model.Member{Row: true, Side: model.Value}}, [2]float64{-1, -1}, [2]float64{0, 4}},
		{RangeAtUpper, model.Pair{A: model.Member{Side: model.Range}, B: model.Member{Row: true, Side: model.Value}}, [2]float64{2, 2}, [2]float64{-3, 0}},
		{ValueZero, model.Pair{A: model.Member{Side: model.Range}, B: model.Member{Row: true, Side: model.Value}}, [2]float64{-1, 2}, [2]float64{0, 0}},
	} {
		q := &quantities{n: 1, low: []float64{-1, -3}, high: []float64{2, 4}}
		c.branch.Restrict(q, c.pair)
		if got := [2][2]float64{{q.low[0], q.high[0]}, {q.low[1], q.high[1]}}; got != [2][2]float64{c.variable, c.constraint} {
			t.Errorf("%v: bounds %v", c.branch, got)
		}
	}
	q := &quantities{n: 1, low: []float64{2, -3}, high: []float64{2, 4}}
	RangeAtLower.Restrict(q, model.Pair{A: model.Member{Side: model.Range}, B: model.Member{Row: true, Side: model.Value}})
	if q.low[1] != -3 || q.high[1] != 4 {
		t.Errorf("the value beside a fixed range is restricted to [%v, %v]", q.low[1], q.high[1])
	}
}
