package bilevel_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/modfile"
)

func readText(t *testing.T, text string) *bilevel.Model {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func solveText(t *testing.T, text string, opt bilevel.Options) *bilevel.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := bilevel.Solve(ctx, readText(t, text), opt)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return r
}

func isVerified(r *bilevel.Result) bool { return r.Certificate != nil && r.Certificate.Verified }

// randomQuadratic is a bilevel problem whose follower is strongly convex, jointly convex where joint is set, with bounds that make kinks.
func randomQuadratic(rng *rand.Rand, joint bool) string {
	var b strings.Builder
	c := func() string { return fmt.Sprintf("%.2f", rng.Float64()*4-2) }
	cross := c()
	if joint {
		cross = "-1"
	}
	fmt.Fprintf(&b, "upper; var x >= -2, <= 2; lower; var y >= -1, <= 1; var z >= -1, <= 1;\n")
	fmt.Fprintf(&b, "minimize f: (x^2 + 2*(%s)*x*y + 2*y^2) + (z - (%s)*y)^2 + z^2 + (%s)*z + (%s)*y;\n", cross, c(), c(), c())
	fmt.Fprintf(&b, "s.t. g: y + z <= 0.8 + (%s)*x;\n", fmt.Sprintf("%.2f", rng.Float64()*0.6-0.3))
	fmt.Fprintf(&b, "upper; minimize F: (x - (%s))^2 + (y - (%s))^2 + (z - (%s))^2;\n", c(), c(), c())
	return b.String()
}

// TestAnswerWaysRandom compares methods that look at answers with the exact search on random problems: they are never better, are verified, and
// mostly find the optimum.
func TestAnswerWaysRandom(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct {
		way   string
		joint bool
		least int // of ten
	}{{"implicit", false, 9}, {"value-function:dca", true, 8}} {
		t.Run(c.way, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, 4))
			reached := 0
			for range 10 {
				text := randomQuadratic(rng, c.joint)
				want := solveText(t, text, bilevel.Options{})
				if want.Proof != bilevel.ProofGlobal {
					t.Fatalf("%v %v\n%s", want.Status, want.Proof, text)
				}
				r := solveText(t, text, bilevel.Options{Reform: c.way, Multistart: 4})
				switch {
				case !isVerified(r):
					t.Errorf("not verified: %v\n%s", r.Notes, text)
				case r.Objective < want.Objective-1e-5:
					t.Errorf("%v is better than the proven optimum %v\n%s", r.Objective, want.Objective, text)
				case r.Proof > bilevel.ProofLocal:
					t.Errorf("proof %v", r.Proof)
				case r.Objective <= want.Objective+1e-4:
					reached++
				}
			}
			if reached < c.least {
				t.Errorf("%d of 10 optima found", reached)
			}
		})
	}
}

// TestFirstOrderWays runs the gradient methods on a problem that they take.
func TestFirstOrderWays(t *testing.T) {
	for _, way := range []string{"value-function:gradient", "value-function:bome", "value-function:f2sa"} {
		r := solveText(t, "upper; var x >= -3, <= 3; lower; var y >= 0; minimize f: (y - x)^2; upper; maximize F: -x^2 - 3*y + x;", bilevel.Options{Reform: way, Multistart: 2})
		if !isVerified(r) || math.Abs(r.Objective) > 1e-2 || r.Proof > bilevel.ProofLocal {
			t.Errorf("%s: %v, proof %v, want 0: by hand the leader's derivative jumps from 1 to -2 at x = 0", way, r.Objective, r.Proof)
		}
	}
}

// TestAnswerWaysRefused looks at what is said where a method is not one for the model or the chain.
func TestAnswerWaysRefused(t *testing.T) {
	const plain = "upper; var x; lower; var y; minimize f: (y - x)^2; upper; minimize F: x + y;"
	for _, c := range []struct {
		text, way, want string
	}{
		{plain, "implicit+kkt", "must be the last"},
		{plain, "kkt+implicit", "before it may stand"},
		{"var x; minimize F: x^2;", "implicit", "there is no follower"},
		{"upper; var x; lower; var y binary; minimize f: (y - x)^2; upper; minimize F: x + y;", "implicit", "integer"},
		{"upper; var x; lower; var y; minimize f: (y - x^3)^2; upper; minimize F: x + y;", "value-function:dca", "convex"},
		{"upper; var x; lower; var y; minimize f: (y - x)^2; upper; minimize F: x + y; s.t. c: x + y >= 1;", "value-function:bome", "c: "},
	} {
		_, err := bilevel.Solve(context.Background(), readText(t, c.text), bilevel.Options{Reform: c.way})
		var plan *bilevel.NoPlanError
		var option *bilevel.OptionError
		if !errors.As(err, &plan) && !errors.As(err, &option) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.way, err, c.want)
		}
	}
}

// TestKinks solves models with kinks by the automatic choice and by the paths.
func TestKinks(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct {
		name, text, reform string
		want               float64
		proof              bilevel.Proof
		reason             string
	}{
		{name: "epigraph by itself", want: 1, proof: bilevel.ProofGlobal, reason: "the follower stays at 1 for x = 3: to leave it costs 2 and gains 1",
			text: "upper; var x >= 0, <= 5; lower; var y >= -10, <= 10; minimize f: abs(y - x) + 2*max(y, 1); upper; minimize F: (x - 3)^2 + y^2;"},
		{name: "a choice that is a max", want: 2, proof: bilevel.ProofGlobal, reason: "the price of load rises from 1 to 3 at 2: the follower buys 2 for x = 2",
			text: "upper; var x >= 0, <= 5; lower; var y >= 0, <= 6; minimize f: (if y >= 2 then 3*y - 4 else y) - 2*y; upper; minimize F: (x - 2)^2 + y;"},
		{name: "a kink that faces the other way", reform: "smooth+kkt", want: 0.78125, proof: bilevel.ProofFeasible, reason: "y = x + 1/4 right of the kink: (x-3)² + (x-7/4)² at x = 19/8",
			text: "upper; var x >= 2.1, <= 5; lower; var y >= 2, <= 10; minimize f: (y - x)^2 - 0.5*abs(y - 2); upper; minimize F: (x - 3)^2 + (y - 2)^2;"},
		{name: "a norm by its answers", reform: "smooth+implicit", want: 2, proof: bilevel.ProofFeasible, reason: "y = (1, 1) where the pull 1 of the norm meets the push y1; the leader wants x near 3",
			text: "upper; var x >= 2, <= 5; lower; var y {1..2} >= -10, <= 10; minimize f: sqrt((y[1]-x)^2 + (y[2]-1)^2) + 0.5*y[1]^2; upper; minimize F: (x-3)^2 + (y[1]-2)^2 + y[2]^2;"},
		{name: "ties", reform: "tikhonov+implicit", want: 0, proof: bilevel.ProofFeasible, reason: "the ties are broken for the leader in the end: y1 = 0; the path halves them, which moves x a little",
			text: "upper; var x >= 0, <= 5; lower; var y {1..2} >= 0; minimize f: (y[1] + y[2] - x)^2; upper; minimize F: (x - 2)^2 + 0.001*y[1];"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := solveText(t, c.text, bilevel.Options{Reform: c.reform, Multistart: 3})
			if !isVerified(r) || math.Abs(r.Objective-c.want) > 1e-4 || r.Proof != c.proof {
				t.Errorf("value %v proof %v, want %v %v (%s)\n%v", r.Objective, r.Proof, c.want, c.proof, c.reason, r)
			}
		})
	}
}

// TestPessimisticConvex breaks the ties of followers that are not linear against the leader.
func TestPessimisticConvex(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       float64
		tolerance  float64
		reason     string
	}{
		{name: "ties along a line", want: 0.75, tolerance: 1e-3, reason: "y1 + y2 = x and the worst y1 is x: (x-1)² + x at x = 1/2",
			text: "upper; var x >= 0, <= 2; lower; var y {1..2} >= 0; minimize f: (y[1] + y[2] - x)^4 + (y[1] + y[2] - x)^2; upper; minimize F: (x - 1)^2 + y[1];"},
		{name: "only one answer", want: 0.5, tolerance: 1e-4, reason: "y = x as in the optimistic problem",
			text: "upper; var x >= -2, <= 2; lower; var y; minimize f: exp(y - x) - y; upper; maximize F: -(x - 1)^2 - y^2;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := solveText(t, c.text, bilevel.Options{Attitude: bilevel.Pessimistic, Multistart: 2})
			if !isVerified(r) || math.Abs(math.Abs(r.Objective)-c.want) > c.tolerance || r.Proof != bilevel.ProofFeasible || r.Pessimistic != r.Objective {
				t.Errorf("value %v proof %v, want %v (%s)\n%v", r.Objective, r.Proof, c.want, c.reason, r.Notes)
			}
		})
	}
	text := "upper; var x >= 0, <= 2; lower; var y {1..2} >= 0; minimize f: exp(y[1] + y[2]) - y[1] - y[2]; upper; minimize F: x + y[1]; s.t. c: x + y[1] >= 1;"
	if _, err := bilevel.Solve(context.Background(), readText(t, text), bilevel.Options{Attitude: bilevel.Pessimistic}); err == nil {
		t.Error("a leader's constraint on answers was not refused")
	}
}

// TestImplicitBolib solves some problems of the collection, whose values are known, by the method implicit.
func TestImplicitBolib(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("no folder shared/data/bolib, and BILEVEL_DATA does not name one")
	}
	for name, want := range map[string]float64{"Bard1988Ex1": 17, "FalkLiu1995": -2.25, "Outrata1990Ex1a": -8.92, "Dempe1992b": 28.25} {
		m, err := modfile.ReadFiles(filepath.Join(dir, name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: "implicit"})
		cancel()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !isVerified(r) || math.Abs(r.Objective-want) > 1e-2*math.Abs(want) {
			t.Errorf("%s: %v, want %v", name, r.Objective, want)
		}
	}
}
