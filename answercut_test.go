package bilevel_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// packing is a knapsack that the leader fills first, by hand: with x = (1, 0) the follower takes the second item, of weight 3, and has no room for the third.
const packing = `
set I := 1..3;
param w {I}; param worth {I}; param gain {I};
var x {1..2} binary;
lower packer;
var y {I} integer >= 0, <= 1;
maximize worths: sum {i in I} worth[i] * y[i];
subject to fits: sum {i in 1..2} w[i] * x[i] + sum {i in I} w[i] * y[i] <= 5;
subject to once {i in 1..2}: x[i] + y[i] <= 1;
upper;
maximize gains: sum {i in 1..2} 2 * x[i] + sum {i in I} gain[i] * y[i];
data;
param: w worth gain :=
  1 2 3 0
  2 3 4 5
  3 4 6 -9;
`

func TestAnswerCuts(t *testing.T) {
	needsHighs(t)
	file, err := modfile.Parse("packing.mod", []byte(packing))
	if err != nil {
		t.Fatal(err)
	}
	m, err := file.Instantiate(modfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, reform := range []string{"", "answer-cuts"} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: reform})
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-7) > 1e-6 || math.Abs(r.Bound-7) > 1e-5 || !r.Certificate.Verified || !slices.Equal(r.Plan, []string{"answer-cuts"}) {
			t.Errorf("%q: %v, %v with bound %v, verified %v, plan %v", reform, r.Proof, r.Objective, r.Bound, r.Certificate.Verified, r.Plan)
		}
	}
	e, err := bilevel.Explain(m)
	if err != nil || e.Plan == nil || e.Plan.String() != "answer-cuts -> highs" {
		t.Errorf("explain: %v, %v", e.Plan, err)
	}
	var option *bilevel.OptionError
	if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt+answer-cuts"}); !errors.As(err, &option) {
		t.Errorf("in company: %v", err)
	}
}

// TestAnswerCutsElsewhere has a price in the follower's objective, which the cuts do not take: the model goes the other way by itself, and by name is refused.
func TestAnswerCutsElsewhere(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("price")
	price := m.Leader().Integer("price", 0, 5)
	f := m.Follower("buyer")
	y := f.Integer("buys", 0, 2)
	f.Maximize(y.Times(3).Minus(price.Times(y)))
	m.Leader().Maximize(price.Times(y))
	r, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.Objective-6) > 1e-6 || r.Proof != bilevel.ProofGlobal || slices.Contains(r.Plan, "answer-cuts") {
		t.Errorf("%v, %v, plan %v", r.Objective, r.Proof, r.Plan)
	}
	var no *bilevel.NoPlanError
	if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "answer-cuts"}); !errors.As(err, &no) {
		t.Errorf("by name: %v", err)
	}
}

// TestAnswerCutsAttitude has ties that the cuts break for the leader: another attitude never goes this way.
func TestAnswerCutsAttitude(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("ties")
	x, f := m.Leader().Integer("x", 0, 3), m.Follower("f")
	y := f.Integers("y", 2, 0, 3)
	f.Maximize(y[0].Plus(y[1]))
	f.Constrain("room", y[0].Plus(y[1]).Plus(x).LE(4))
	m.Leader().Minimize(y[0].Minus(y[1].Times(2)).Plus(x))
	for _, c := range []struct {
		attitude bilevel.Attitude
		want     float64
		cuts     bool
	}{{bilevel.Optimistic, -5, true}, {bilevel.Pessimistic, 1, false}} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: c.attitude})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(r.Objective-c.want) > 1e-3 || slices.Contains(r.Plan, "answer-cuts") != c.cuts {
			t.Errorf("%v: %v, plan %v; want %v", c.attitude, r.Objective, r.Plan, c.want)
		}
		var option *bilevel.OptionError
		if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: c.attitude, Reform: "answer-cuts"}); errors.As(err, &option) == c.cuts {
			t.Errorf("%v by name: %v", c.attitude, err)
		}
	}
}

// TestAnswerCutsRounding has a step of 1e-4 beside 2e6, more than can be told apart: by itself the model goes the global way, and by name it is refused.
func TestAnswerCutsRounding(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("rounding")
	x, f := m.Leader().Integer("x", 0, 4), m.Follower("f")
	y0, y1 := f.Integer("y0", 0, 2), f.Integer("y1", 0, 2)
	f.Constrain("a", y1.Times(1e6).Minus(y0.Times(1e-4)).GE(1999999.9998))
	f.Constrain("c", x.Plus(y1).LE(4))
	f.Minimize(y0.Times(-1e6))
	m.Leader().Minimize(y1.Times(1e6).Minus(y0.Times(7)))
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Proof == bilevel.ProofInfeasible || r.Proof == bilevel.ProofGlobal && math.Abs(r.Objective-1999986) > 1 || slices.Contains(r.Plan, "answer-cuts") {
		t.Errorf("%v, %v with bound %v, plan %v", r.Proof, r.Objective, r.Bound, r.Plan)
	}
	var no *bilevel.NoPlanError
	if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "answer-cuts"}); !errors.As(err, &no) {
		t.Errorf("by name: %v", err)
	}
}
