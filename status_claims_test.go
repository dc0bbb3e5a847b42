package bilevel_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// knownOptima are small models with their optima by hand.
var knownOptima = []struct {
	name, text string
	want       float64
	reason     string
}{
	{"linear", "upper; var x >= 0, <= 4; lower; var y >= 0, <= 5; minimize f: -y; s.t. a: y <= 2 + x; b: y <= 6 - x; upper; minimize F: -x + 3*y;", 2,
		"y = min(2 + x, 6 - x): F is 6 + 2x to x = 2, and 18 - 4x from there on, which is 2 at x = 4"},
	{"maximised", "upper; var x >= 0, <= 4; lower; var y >= 0, <= 5; minimize f: -y; s.t. a: y <= 2 + x; b: y <= 6 - x; upper; maximize F: y - 0.5*x;", 3,
		"y - x/2 is 2 + x/2 to x = 2, and falls from there on"},
	{"tie", "upper; var x >= 0, <= 1; lower; var y >= -1, <= 1; minimize f: x*y; upper; minimize F: x - y;", -1,
		"at x = 0 every y is an answer, the best is 1; else y = -1 and F = x + 1"},
	{"quadratic", "upper; var x >= -3, <= 3; lower; var y >= -1, <= 1; minimize f: (y - x)^2; upper; minimize F: (x - 2)^2 + 2*y;", 2,
		"y = x clipped to ±1: (x - 2)² + 2x for x <= 1, which is 3 at 1, and (x - 2)² + 2 above"},
	{"two valleys", "upper; var x >= -2, <= 2; lower; var y >= -3, <= 3; minimize f: (y - x)^2; upper; minimize F: (x^2 - 1)^2 + 0.25*y;", least(-2, 2, func(x float64) float64 { return (x*x-1)*(x*x-1) + 0.25*x }),
		"y = x"},
	{"follower with two valleys", "upper; var x >= -1, <= 1; lower; var y >= -2, <= 2; minimize f: (y^2 - 1)^2 + x*y; upper; minimize F: (x - 0.5)^2 + (y - 1)^2;", 0.25,
		"for x > 0 the follower answers near -1, for x < 0 near 1, and at x = 0 by either"},
	{"kinks", "upper; var x >= -2, <= 2; lower; var y >= -3, <= 3; minimize f: abs(y - x) + 0.5*y^2; upper; minimize F: (x - 1)^2 + (y - 2)^2;", 1,
		"y = x clipped to ±1: at x = 1 F = 1, and less nowhere: (x-1)² + (y-2)² with y <= 1"},
	{"binary", "upper; var x binary; var u >= 0, <= 2; lower; var y >= 0, <= 3; maximize f: y; s.t. a: y <= 1 + x + u; upper; maximize F: 3*y - 4*u - 2*x;", 4,
		"y = 1 + x + u: 3 + x - u is greatest at x = 1, u = 0"},
	{"price", "upper; var t >= 0, <= 10; lower; var a >= 0; var b >= 0; minimize f: t*a + 4*b; s.t. d: a + b = 3; upper; maximize F: t*a;", 12,
		"at t = 4 the follower is indifferent and takes the road with the toll"},
	{"equal", "upper; var x >= 0, <= 2; lower; var y; minimize f: y^2 - 2*x*y; s.t. c: y >= 1; upper; minimize F: y - 0.5*x;", 0.5,
		"y = max(1, x): F is 1 - x/2 to x = 1, and x/2 above"},
	{"two followers", "upper; var x >= 0, <= 1; lower first; var y >= 0, <= 1; minimize f: (y - x)^2; lower second; var z >= 0, <= 1; minimize g: -z + 2*x*z; upper; minimize F: y - 2*z;", -2,
		"y = x, and z = 1 to x = 1/2: F = x - 2 there"},
	{"complementarity", "var x >= 0; var y >= 0; minimize F: (x - 1)^2 + (y - 2)^2; s.t. c: 0 <= x complements y >= 0;", 1,
		"x = 0, y = 2"},
}

// least is the least value of a function on a grid.
func least(lo, hi float64, f func(float64) float64) float64 {
	v := math.Inf(1)
	for k := range 200001 {
		v = math.Min(v, f(lo+(hi-lo)*float64(k)/200000))
	}
	return v
}

// knownWays are all ways of a model, and chains in which each pass occurs, alone, before and after the followers' conditions.
func knownWays(m *bilevel.Model) []bilevel.Way {
	ways := bilevel.Ways(m)
	for _, name := range append(bilevel.PassNames(), bilevel.MethodNames()...) {
		if name == "pessimistic" {
			continue // the pass asks for another problem
		}
		for _, chain := range []string{name, "kkt+" + name, name + "+kkt", "kkt-strong+" + name + "+big-m"} {
			ways = append(ways, bilevel.Way{Reform: chain, Backend: "auto"})
		}
		for _, backend := range []string{"branch", "highs"} {
			ways = append(ways, bilevel.Way{Reform: name + "+kkt", Backend: backend}, bilevel.Way{Reform: "kkt+" + name, Backend: backend})
		}
	}
	return ways
}

// TestStatusIsOfTheModel solves models whose optima are known in every way, and holds the status, the proof, the bound and the gap against them: whatever a
// way makes of the model, what it claims is about the model that was given. A sample of the ways is taken where BILEVEL_CLAIMS is not set.
func TestStatusIsOfTheModel(t *testing.T) {
	all := os.Getenv(claimsVar) != ""
	tally := map[string]int{}
	for i, c := range knownOptima {
		m, err := modfile.Read(c.name+".mod", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		for k, w := range knownWays(m) {
			if !all && (k+i)%11 != 0 {
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			r, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: w.Reform, Backend: w.Backend, TimeLimit: time.Second, BigM: 100, Multistart: 2})
			cancel()
			if err != nil {
				tally["refused"]++
				continue
			}
			tally[r.Proof.String()]++
			for _, wrong := range wrongClaims(m, r, c.want) {
				t.Errorf("%s by %v: %s; status %v, proof %v, objective %v, bound %v, gap %v, optimum %v (%s)\nnotes %q", c.name, w, wrong, r.Status, r.Proof, r.Objective, r.Bound, r.Gap, c.want, c.reason, r.Notes)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%5d %s", tally[k], k)
	}
	if tally[bilevel.ProofGlobal.String()] < len(knownOptima)/2 {
		t.Errorf("only %d answers with a global proof", tally[bilevel.ProofGlobal.String()])
	}
}

// wrongClaims says what a result claims that is not so of a model whose optimum is known.
func wrongClaims(m *bilevel.Model, r *bilevel.Result, optimum float64) (out []string) {
	wrong := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	sense, unit := m.Leader().Objective().Sense.Sign(), math.Max(1, math.Abs(optimum))
	const near = 2e-3 // the global way closes a gap of a thousandth
	proven := r.Proof == bilevel.ProofGlobal || r.Proof == bilevel.ProofGlobalIfBounds
	switch {
	case r.Status == bilevel.StatusOptimal && !proven:
		wrong("optimal without a proof")
	case proven && r.Status != bilevel.StatusOptimal:
		wrong("a proof of an optimum that is not called one")
	case r.Status == model.StatusLocal && r.Proof < bilevel.ProofLocal:
		wrong("local without a proof")
	case r.Proof == bilevel.ProofInfeasible || r.Proof == bilevel.ProofUnbounded || r.Status == bilevel.StatusInfeasible || r.Status == bilevel.StatusUnbounded:
		wrong("the model has an optimum")
	}
	if proven && !(math.Abs(r.Objective-optimum) <= near*unit) {
		wrong("proven optimal at a distance of %v", math.Abs(r.Objective-optimum))
	}
	if r.Proof >= bilevel.ProofFeasible && r.Point != nil && sense*(r.Objective-optimum) < -near*unit {
		wrong("better than the optimum")
	}
	if !math.IsNaN(r.Bound) && r.Proof != bilevel.ProofGlobalIfBounds && sense*(r.Bound-optimum) > 1e-5*unit {
		wrong("the bound is on the wrong side")
	}
	if proven && math.IsNaN(r.Bound) {
		wrong("an optimum without a bound")
	}
	if !math.IsNaN(r.Gap) && !math.IsInf(r.Gap, 0) {
		if gap := math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective)); !(math.Abs(gap-r.Gap) <= 1e-6*math.Max(1, gap)) && !(math.Abs(r.Objective-r.Bound)/math.Max(1, math.Abs(r.Objective)) <= r.Gap+1e-9) {
			wrong("the gap is %v", gap)
		}
	}
	return out
}

// withoutEnd are models whose leader's objective has no limit, which nonlinear functions hide.
var withoutEnd = []string{
	"upper; var x; lower; var y >= -1, <= 1; minimize f: sin(y)*x; upper; minimize F: -x + 0.5*y;",
	"upper; var x; lower; var y; minimize f: (y - x)^4; upper; minimize F: -x^2 + 0.5*y;",
	"upper; var x >= 0; lower; var y >= -2, <= 2; minimize f: (y^2 - 1)^2 + y; upper; maximize F: x + y;",
	"upper; var x >= 0; lower; var y; minimize f: exp(y) - x*y; s.t. c: y <= 3; upper; minimize F: -exp(0.01*x) + y;",
	"upper; var x >= -1; lower; var y >= 0, <= 3; minimize f: abs(y - x); upper; minimize F: -x^3 + y;",
}

// TestNoOptimumWithoutEnd: no way calls a point of such a model optimal, unless on the condition of bounds at none of which the point lies.
func TestNoOptimumWithoutEnd(t *testing.T) {
	for _, text := range withoutEnd {
		m, err := modfile.Read("end.mod", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []string{"", "global", "kkt", "kkt+relax:scholtes"} {
			r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: way, TimeLimit: 500 * time.Millisecond})
			if err != nil {
				continue
			}
			if r.Status == bilevel.StatusOptimal || r.Proof == bilevel.ProofGlobal || r.Proof == bilevel.ProofGlobalIfBounds || r.Proof == bilevel.ProofInfeasible || !math.IsNaN(r.Bound) && !math.IsInf(r.Bound, 0) {
				t.Errorf("%s by %q: status %v, proof %v, objective %v, bound %v, assumptions %q, notes %q", text, way, r.Status, r.Proof, r.Objective, r.Bound, r.Assumptions, r.Notes)
			}
		}
	}
}
