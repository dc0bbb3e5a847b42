package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

func readModel(t *testing.T, text string) *bilevel.Model {
	t.Helper()
	m, err := modfile.Read("model.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wells has a follower with two wells, of which the left one is deeper for x > 0 and the right one for x < 0; its stationary points are no answers
// in between, and the best value is at the jump.
const wells = `upper; var x >= -2, <= 2;
	lower f; var y >= -3, <= 3;
	minimize g: y^4 - 4*y^2 + x*y;
	upper; minimize F: (x - 1)^2 + (y - 1)^2;`

// TestWells compares with a scan over x in which the follower's answer is found on a fine grid: nothing that is verified is better, no class of
// stationarity is claimed of a point that has none, and the best answered start is not given away.
func TestWells(t *testing.T) {
	best := math.Inf(1)
	for k := -2000; k <= 2000; k++ {
		x, f, answer := float64(k)/1000, math.Inf(1), 0.0
		for l := -3000; l <= 3000; l++ {
			if y := float64(l) / 1000; y*y*y*y-4*y*y+x*y < f {
				f, answer = y*y*y*y-4*y*y+x*y, y
			}
		}
		if x == 0 {
			answer = math.Sqrt2 // one of two answers, the better one for the leader
		}
		best = math.Min(best, (x-1)*(x-1)+(answer-1)*(answer-1))
	}
	for _, backend := range []string{"auto", "builtin"} {
		m := readModel(t, wells)
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt", Backend: backend})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Certificate.Verified || r.Objective < best-1e-2 {
			t.Errorf("%s: objective %v, verified %v; the best is %v", backend, r.Objective, r.Certificate.Verified, best)
		}
		if r.Objective > 1.2 {
			t.Errorf("%s: objective %v at %v; a start that is answered has 1.17", backend, r.Objective, r.Point.X)
		}
		if r.Stationarity == "" {
			continue
		}
		again, err := bilevel.Stationarity(context.Background(), m, r.Point.X)
		if err != nil || !strings.HasPrefix(again.Class.String(), r.Stationarity) {
			t.Errorf("%s: %s-stationary, on looking again %v, %v", backend, r.Stationarity, again, err)
		}
	}
}

// TestLocalAnswers solves MPCCs whose global and local solutions are known by hand, by every method, and looks the class of stationarity up again.
func TestLocalAnswers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		values     []float64 // of its local solutions
	}{
		{"corner", `var x >= 0; var y >= 0; minimize f: (x - 1)^2 + (y - 1)^2; s.t. c: 0 <= x complements y >= 0;`, []float64{1}},
		{"two branches", `var x >= 0; var y >= 0; minimize f: (x - 1)^2 + (y - 2)^2; s.t. c: 0 <= x complements y >= 0;`, []float64{1, 4}},
		{"no multipliers", `var z{1..2} >= 0; var w; minimize f: z[1] + z[2] - w; s.t. c: 0 <= z[1] complements z[2] >= 0; s.t. a: -4*z[1] + w <= 0; s.t. b: -4*z[2] + w <= 0;`, []float64{0}},
	} {
		m := readModel(t, c.text)
		for _, way := range bilevel.Ways(m) {
			if way.Backend != "builtin" {
				continue
			}
			r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: way.Reform, Backend: way.Backend, Multistart: 3})
			if err != nil {
				t.Errorf("%s, %v: %v", c.name, way, err)
				continue
			}
			if r.Certificate == nil || !r.Certificate.Verified {
				t.Errorf("%s, %v: %v, notes %q", c.name, way, r.Status, r.Notes)
				continue
			}
			known := false
			for _, v := range c.values {
				known = known || math.Abs(r.Objective-v) <= 1e-4
			}
			if r.Proof == bilevel.ProofLocal && !known {
				t.Errorf("%s, %v: the local answer %v is none of %v", c.name, way, r.Objective, c.values)
			}
			if r.Proof == bilevel.ProofLocal != (r.Stationarity != "") {
				t.Errorf("%s, %v: proof %v, class %q", c.name, way, r.Proof, r.Stationarity)
			}
		}
	}
}

// TestLocalAnswerRepeats gives the same answer on one thread and on several.
func TestLocalAnswerRepeats(t *testing.T) {
	m := readModel(t, `var x{1..4} >= 0, <= 3, := 1; minimize f: sum{i in 1..4} (sin(2*x[i]) + 0.1*(x[i] - i)^2); s.t. c{i in 1..2}: 0 <= x[i] complements x[i+2] >= 0;`)
	var first *bilevel.Result
	for _, threads := range []int{1, 2, 4} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Backend: "builtin", Threads: threads, Multistart: 10, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if r.Objective != first.Objective || r.Stationarity != first.Stationarity {
			t.Errorf("%d threads: %v %s, on one %v %s", threads, r.Objective, r.Stationarity, first.Objective, first.Stationarity)
		}
	}
}

// TestConvexProgramIsProven: a convex program without pairs is solved to a proof.
// The constraints of both levels contradict one another along a curve, so that their affine part alone shows nothing, and the follower's constraints
// are not known to be qualified.
func TestCurvedConstraintsWithoutPoint(t *testing.T) {
	const text = `
upper; var x >= 0, <= 10;
lower f; var y >= 0, <= 4;
minimize cost: exp(y) - x*y;
subject to c: y^2 + x <= %g;
upper;
subject to d: x >= 5;
minimize F: x + y;
`
	for limit, want := range map[float64]model.Proof{3: model.ProofInfeasible, 6: model.ProofLocal} {
		m := readModel(t, fmt.Sprintf(text, limit))
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt"})
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != want || (r.Status == model.StatusInfeasible) != (want == model.ProofInfeasible) {
			t.Errorf("limit %g: %v, %v", limit, r.Status, r.Proof)
		}
	}
}

func TestConvexProgramIsProven(t *testing.T) {
	m := readModel(t, `var x >= -5, <= 5; var y >= -5, <= 5; minimize f: exp(x + y) + x^2 + y^2 - y; s.t. disc: x^2 + y^2 <= 4;`)
	for _, backend := range []string{"auto", "builtin"} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Backend: backend})
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != bilevel.ProofGlobal || !r.Certificate.Verified {
			t.Errorf("%s: %v, proof %v, notes %q", backend, r.Status, r.Proof, r.Notes)
		}
	}
}
