package bilevel_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
)

// twoRoads is the first example of the README: the best toll leaves the drivers indifferent at 5, and all 100 of them pay.
func twoRoads() (*bilevel.Model, bilevel.Var, []bilevel.Var) {
	m := bilevel.NewModel("two-roads")
	toll := m.Leader().Var("toll", 0, 10)
	drivers := m.Follower("drivers")
	x := drivers.Vars("cars", 2, 0, bilevel.Inf)
	drivers.Minimize(bilevel.Sum(toll.Plus(2).Times(x[0]), x[1].Times(7)))
	drivers.Constrain("trips", bilevel.Sum(x...).Eq(100))
	m.Leader().Maximize(toll.Times(x[0]))
	return m, toll, x
}

func TestTwoRoads(t *testing.T) {
	for _, opt := range []bilevel.Options{{}, {Reform: "kkt+big-m", BigM: 1000}, {Reform: "kkt+big-m", BigM: 20}, {Reform: "kkt+sos1"}, {Reform: "kkt+indicator"}, {Backend: "highs"}} {
		t.Run(opt.Reform+"/"+opt.Backend, func(t *testing.T) {
			m, toll, x := twoRoads()
			r, err := bilevel.Solve(context.Background(), m, opt)
			if err != nil {
				t.Fatal(err)
			}
			if r.Point == nil || math.Abs(r.Objective-500) > 1e-6 || math.Abs(r.Value(toll)-5) > 1e-6 || math.Abs(r.Value(x[0])-100) > 1e-6 {
				t.Fatalf("status %v, objective %v, toll %v, notes %q", r.Status, r.Objective, r.Value(toll), r.Notes)
			}
			if !r.Certificate.Verified {
				t.Errorf("not verified: %v", r.Certificate.Reasons)
			}
			if r.Proof < bilevel.ProofGlobalIfBounds || r.Proof > bilevel.ProofGlobal {
				t.Errorf("proof %v", r.Proof)
			}
			if opt.Reform == "" && r.Proof != bilevel.ProofGlobal {
				t.Errorf("proof %v of a model that needs no assumption", r.Proof)
			}
			t.Log(r.Plan, r.Backend, r.Proof, r.Notes)
		})
	}
}
