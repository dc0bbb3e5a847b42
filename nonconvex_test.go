package bilevel_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// concave is a model whose follower has n concave terms: it answers y_k = 1 where x < 0, y_k = -1 where x > 0, and is indifferent at 0; stationary
// points lie at y_k = x/2, where the follower does worst. With n < 8 the box is small enough to be divided.
func concave(n int) (*bilevel.Model, bilevel.Var) {
	m := bilevel.NewModel("concave")
	x := m.Leader().Var("x", -1, 1)
	f := m.Follower("f")
	y := f.Vars("y", n, -1, 1)
	cost, miss := model.Const(0), model.Const(0)
	for _, v := range y {
		cost = cost.Minus(v.Times(v)).Plus(x.Times(v))
		miss = miss.Plus(v.Minus(1).Pow(2).Times(1 / float64(n)))
	}
	f.Minimize(cost)
	m.Leader().Minimize(x.Minus(0.5).Pow(2).Plus(miss))
	return m, x
}

// TestFollowersThatAreNotConvex: the best point is x = 0, where the follower's tie goes to the leader: (0 - 1/2)² = 1/4. What KKT's conditions alone
// lead to, x = 4/5 and y = 2/5 with the value 9/20, is not an answer.
func TestFollowersThatAreNotConvex(t *testing.T) {
	for _, n := range []int{1, 9} {
		m, x := concave(n)
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if r.Point == nil || !r.Certificate.Verified || r.Certificate.Evidence < verify.EvidenceProof {
			t.Fatalf("%d: %v, proof %v, notes %q", n, r.Status, r.Proof, r.Notes)
		}
		if math.Abs(r.Objective-0.25) > 1e-4 || math.Abs(r.Value(x)) > 1e-4 {
			t.Errorf("%d: %v at %v, want 0.25 at 0", n, r.Objective, r.Value(x))
		}
		if n < 8 && r.Proof != bilevel.ProofGlobal || n > 8 && r.Proof > bilevel.ProofLocal {
			t.Errorf("%d: proof %v", n, r.Proof)
		}
		if !strings.Contains(strings.Join(r.Notes, "\n"), "ways tried") && n > 8 {
			t.Errorf("%d: notes %q", n, r.Notes)
		}
	}
}

// TestSmallModelsAreProven: a local answer of a small model with a convex follower is proven afterwards, and keeps what is known of it; a Nash game, which has
// no value function, is left as it is.
func TestSmallModelsAreProven(t *testing.T) {
	build := func(nash bool) *bilevel.Model {
		m := bilevel.NewModel("parking")
		fee := m.Leader().Var("fee", 0, 20)
		one := m.Follower("one")
		hours := one.Var("hours", 0, 15)
		surplus := model.Log(hours.Plus(1)).Times(10).Minus(fee.Plus(1).Times(hours))
		if nash {
			one.Nash()
			two := m.Follower("two").Nash()
			other := two.Var("other", 0, 1)
			two.Maximize(model.Log(other.Plus(1)).Minus(other.Times(2)).Plus(hours.Times(0)))
			surplus = surplus.Minus(hours.Times(other))
		}
		one.Maximize(surplus)
		m.Leader().Maximize(fee.Times(hours))
		return m
	}
	want := math.Pow(math.Sqrt(10)-1, 2) // fee = √10 - 1 = hours
	for _, nash := range []bool{false, true} {
		m := build(nash)
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(r.Objective-want) > 1e-5 || r.Stationarity == "" || !r.Certificate.Verified {
			t.Errorf("nash %v: %v %v, stationarity %q, want %v", nash, r.Status, r.Objective, r.Stationarity, want)
		}
		if m.Constructs().Has(model.NashGame) != nash || (r.Proof == bilevel.ProofGlobal) == nash {
			t.Errorf("nash %v: proof %v, notes %q", nash, r.Proof, r.Notes)
		}
		if !nash && !(r.Bound >= r.Objective && r.Bound <= r.Objective*(1+2e-3)) {
			t.Errorf("bound %v of %v", r.Bound, r.Objective)
		}
	}
}
