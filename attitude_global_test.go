package bilevel_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

func TestPessimisticWithFollowersThatAreNotConvex(t *testing.T) {
	for _, c := range []struct {
		name, text string
		value      float64
		proof      bilevel.Proof
	}{
		{"hollows", `var tilt >= -1, <= 1;
lower ball;
var place >= -2, <= 2;
minimize energy: place^4 - 2 * place^2 + tilt * place;
upper;
minimize miss: (tilt - 0.5)^2 + (place - 1)^2;
`, 0.25, bilevel.ProofGlobal}, // the infimum, not attained: with the table level the ball may lie in the far hollow
		{"two hollows", `var post >= -2, <= 2;
lower ball;
var place >= -2, <= 2;
minimize energy: (place^2 - 1)^2;
upper;
maximize near: -(post - place)^2;
`, -1, bilevel.ProofFeasible},
	} {
		m, err := modfile.Read(c.name+".mod", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		e, err := bilevel.Explain(m, bilevel.Options{Attitude: bilevel.Pessimistic})
		if err != nil || e.Plan == nil || strings.Join(e.Plan.Passes, "+") != "global" {
			t.Fatalf("%s: explained as %+v, %v", c.name, e, err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Attitude: bilevel.Pessimistic})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		sign := m.Leader().Objective().Sense.Sign()
		if r.Proof != c.proof || r.Point == nil || !r.Certificate.Verified || r.Attainment != bilevel.AttainmentUnknown {
			t.Errorf("%s: %v, %v, %v", c.name, r.Status, r.Proof, r.Notes)
		}
		if d := sign * (r.Objective - c.value); d < -1e-6 || d > 2e-3 || r.Pessimistic != r.Objective {
			t.Errorf("%s: %g, at worst %g, want %g", c.name, r.Objective, r.Pessimistic, c.value)
		}
		if sign*(r.Bound-c.value) > 1e-9 {
			t.Errorf("%s: the bound %g is not one of %g", c.name, r.Bound, c.value)
		}
	}
}

func TestPessimisticGlobalRefusesWithoutBounds(t *testing.T) {
	m, err := modfile.Read("free.mod", []byte(`var x >= 0, <= 1;
lower f;
var y;
minimize g: y^4 - y^2 + x * y;
upper;
minimize h: y + x;
`))
	if err != nil {
		t.Fatal(err)
	}
	var no *bilevel.NoPlanError
	_, err = bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Pessimistic, Reform: "global"})
	if !errors.As(err, &no) || !strings.Contains(err.Error(), "give it bounds") || !strings.Contains(err.Error(), "y") {
		t.Errorf("%v, want that y needs bounds", err)
	}
}

func TestPessimisticGlobalCouplingOfConvexFollower(t *testing.T) {
	m, err := modfile.Read("room.mod", []byte(`var x >= 0, <= 3;
lower f;
var y >= 0, <= 1;
var z >= 0, <= 1;
minimize g: exp(y);
upper;
maximize h: x;
subject to room: x + z <= 3;
`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := bilevel.Solve(ctx, m, bilevel.Options{Attitude: bilevel.Pessimistic, Reform: "global"})
	if err != nil {
		t.Fatal(err)
	}
	// z is free, so that x + 1 <= 3.
	if r.Point == nil || math.Abs(r.Objective-2) > 2e-3 || r.Proof < bilevel.ProofFeasible {
		t.Errorf("%v %v %g, want 2", r.Status, r.Proof, r.Objective)
	}
}
