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
