package bilevel_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
)

// twoWells has a follower with two twoWells, of which the leader sees the wrong one where x > 0.
const twoWells = `var x >= -1, <= 1; lower; var y >= -2, <= 2; minimize f: y^4/4 - y^2/2 + x*y; upper; minimize F: (x + 0.1)^2 + (y - 1)^2; let x := 0.5; let y := 0.5;`

// TestValueFunctionWays solves a problem whose follower is not convex by each way. Its best decision is known from a scan of the answers.
func TestValueFunctionWays(t *testing.T) {
	for _, way := range []string{"value-function:newton", "value-function:gauss-newton", "value-function:lm"} {
		t.Run(way, func(t *testing.T) {
			r, err := bilevel.Solve(context.Background(), readText(t, twoWells), bilevel.Options{Reform: way})
			if err != nil {
				t.Fatal(err)
			}
			if r.Certificate == nil || !r.Certificate.Verified || math.Abs(r.Objective-0.001823) > 1e-4 {
				t.Errorf("value %v, want 0.001823; notes %q", r.Objective, r.Notes)
			}
			if r.Proof != bilevel.ProofFeasible || len(r.Plan) != 1 || r.Plan[0] != way {
				t.Errorf("proof %v by %v: the follower is not convex, so that only the point's feasibility is known", r.Proof, r.Plan)
			}
			if r.Seconds <= 0 || r.Iterations == 0 {
				t.Errorf("%d iterations in %v s", r.Iterations, r.Seconds)
			}
		})
	}
}

// TestValueFunctionIsLocal: for a convex follower the answer is stationary, with its class.
func TestValueFunctionIsLocal(t *testing.T) {
	m := readText(t, `var x >= -3, <= 3; lower; var y >= -1, <= 1; minimize f: (y - x)^2; upper; minimize F: (x - 2)^2 + (y + 1)^2;`)
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "value-function:newton"})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.Objective-4) > 1e-5 || r.Proof != bilevel.ProofLocal || r.Stationarity == "" || !r.Certificate.Verified {
		t.Errorf("value %v, want 4; proof %v, class %q, notes %q", r.Objective, r.Proof, r.Stationarity, r.Notes)
	}
	e, err := bilevel.Explain(m, bilevel.Options{Reform: "value-function:newton"})
	if err != nil || e.Plan == nil || e.Plan.String() != "value-function:newton -> builtin" {
		t.Errorf("plan %v, %v", e.Plan, err)
	}
}

// TestValueFunctionPass: the stage of random linear problems has the optimum of the problem, as has the penalised one with a large weight, and so
// has the combined program of value-function and kkt.
func TestValueFunctionPass(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	solved := 0
	for trial := range 12 {
		n := func() int { return rng.IntN(9) - 4 }
		text := fmt.Sprintf(`var x >= 0, <= 6; lower; var y {1..2} >= 0, <= 5; minimize f: %d*y[1] + %d*y[2];
			subject to a: y[1] + %d*y[2] + %d*x <= %d; subject to b: %d*y[1] + y[2] - x <= %d;
			upper; minimize F: %d*x + %d*y[1] + %d*y[2]; subject to c: x + y[1] >= 1;`, n(), n(), n(), n(), 4+rng.IntN(5), n(), 2+rng.IntN(4), n(), n(), n())
		m := readText(t, text)
		want, err := bilevel.Solve(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []string{"value-function", "value-function:penalty", "value-function+kkt"} {
			stage, err := bilevel.Stage(context.Background(), m, after, bilevel.Options{Penalty: 1e3})
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got, err := bilevel.Solve(context.Background(), stage)
			if err != nil {
				t.Fatal(err)
			}
			if want.Proof != got.Proof || want.Proof == bilevel.ProofGlobal && math.Abs(want.Objective-got.Objective) > 1e-5*math.Max(1, math.Abs(want.Objective)) {
				t.Errorf("trial %d: %s has %v (%v), the model %v (%v): %s", trial, after, got.Objective, got.Proof, want.Objective, want.Proof, text)
			}
		}
		if want.Proof == bilevel.ProofGlobal {
			if solved++; solved > 3 {
				continue
			}
			r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "value-function:newton"})
			if err != nil {
				t.Fatal(err)
			}
			if r.Point != nil && r.Certificate.Verified && r.Objective < want.Objective-1e-5*math.Max(1, math.Abs(want.Objective)) {
				t.Errorf("trial %d: %v is verified, the optimum is %v: %s", trial, r.Objective, want.Objective, text)
			}
		}
	}
	if solved < 6 {
		t.Errorf("only %d problems have an optimum", solved)
	}
}

func TestValueFunctionMistakes(t *testing.T) {
	m := readText(t, twoWells)
	ctx := context.Background()
	var option *bilevel.OptionError
	for _, o := range []bilevel.Options{
		{Reform: "value-function:newton+kkt"}, {Reform: "kkt+value-function:lm"}, {Reform: "value-function:newton", Backend: "highs"},
	} {
		if _, err := bilevel.Solve(ctx, m, o); !errors.As(err, &option) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := bilevel.Stage(ctx, m, "value-function:newton"); !errors.As(err, &option) {
		t.Errorf("a stage of a method: %v", err)
	}
	if _, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: "value-function:newton", Attitude: bilevel.Pessimistic}); err == nil {
		t.Error("the pessimistic attitude is taken")
	}
	var none *bilevel.NoPlanError
	integers := readText(t, `var x integer >= 0, <= 3; lower; var y >= 0; minimize f: (y - x)^2; upper; minimize F: x + y;`)
	if _, err := bilevel.Solve(ctx, integers, bilevel.Options{Reform: "value-function:newton"}); !errors.As(err, &none) || !strings.Contains(err.Error(), "integer") {
		t.Errorf("integer variables: %v", err)
	}
}
