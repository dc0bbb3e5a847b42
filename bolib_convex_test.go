package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/modfile"
)

// hard are problems of the collection that need not end at their known value in these tests: DesignCentringP1 to P4 may run out of ten seconds on a busy
// machine (P2 is unbounded as stated), and at the optimum of LuDebSinha2016a and b the leader's objective has a cusp that a search by
// derivatives does not hit.
var hard = []string{"DesignCentringP1", "DesignCentringP2", "DesignCentringP3", "DesignCentringP4", "LuDebSinha2016a", "LuDebSinha2016b"}

// TestBolibConvex solves every problem of the collection whose follower is convex by the automatic plan from the start of the collection, and
// compares with the best known value.
func TestBolibConvex(t *testing.T) {
	bolibByAuto(t, func(k int, p dataset.BolibProblem) bool { return p.Convex })
}

// TestBolibNonconvex does the same with the other problems: every fifth, or all where BILEVEL_BOLIB is "all".
func TestBolibNonconvex(t *testing.T) {
	bolibByAuto(t, func(k int, p dataset.BolibProblem) bool {
		return !p.Convex && (k%5 == 0 || os.Getenv("BILEVEL_BOLIB") == "all")
	})
}

func bolibByAuto(t *testing.T, wanted func(k int, p dataset.BolibProblem) bool) {
	tried := 0
	for k, p := range readBolib(t) {
		if !wanted(k, p) {
			continue
		}
		tried++
		m, err := modfile.ReadFiles(p.File)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Multistart: 20})
		cancel()
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		what := fmt.Sprintf("%-28s %-9v %v %v value %.8g bound %.8g known %.8g  %v -> %v  %.3f s %v", p.Name, r.Status, r.Proof, r.Stationarity, r.Objective, r.Bound, p.Known, r.Plan, r.Backend, r.Seconds, r.Notes)
		why := contradiction(r, p)
		switch {
		case why != "":
			t.Errorf("%s: %s", why, what)
		case agrees(r, p):
			t.Log("ok   " + what)
		case slices.Contains(hard, p.Name):
			t.Log("MISS " + what)
		default:
			t.Error("MISS " + what)
		}
	}
	if tried < 5 {
		t.Errorf("only %d problems were tried", tried)
	}
}

// agrees applies the collection's rule, with its tolerance of 1 %: the problems minimise, and a better point than the known one is agreement too.
func agrees(r *bilevel.Result, p dataset.BolibProblem) bool {
	if math.IsNaN(p.Known) {
		return r.Proof == bilevel.ProofUnbounded || r.Proof == bilevel.ProofInfeasible
	}
	return r.Point != nil && r.Certificate != nil && r.Certificate.Verified && r.Objective <= p.Known+1e-2*math.Max(1, math.Abs(p.Known))
}

// contradiction says how a proof and the known value exclude each other, "" where they do not.
func contradiction(r *bilevel.Result, p dataset.BolibProblem) string {
	tol := 1e-2 * math.Max(1, math.Abs(p.Known))
	switch {
	case math.IsNaN(p.Known) && r.Proof == bilevel.ProofGlobal:
		return "an optimum is claimed where the collection notes that there is none"
	case math.IsNaN(p.Known):
	case r.Proof == bilevel.ProofUnbounded || r.Proof == bilevel.ProofInfeasible:
		return "no optimum is claimed where one is known"
	case r.Proof >= bilevel.ProofGlobalIfBounds && r.Objective > p.Known+tol:
		return "a worse point than the known one is claimed to be optimal"
	case r.Bound > p.Known+tol:
		return "the bound excludes the known point"
	}
	return ""
}
