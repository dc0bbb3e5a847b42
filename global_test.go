package bilevel_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// hollows has a follower with two wells. The conditions of Karush, Kuhn and Tucker hold in the wrong one at a better value.
func hollows() *bilevel.Model {
	m := bilevel.NewModel("hollows")
	tilt := m.Leader().Var("tilt", -1, 1)
	ball := m.Follower("ball")
	place := ball.Var("place", -2, 2)
	ball.Minimize(place.Pow(4).Minus(place.Pow(2).Times(2)).Plus(tilt.Times(place)))
	m.Leader().Minimize(tilt.Minus(0.5).Pow(2).Plus(place.Minus(1).Pow(2)))
	return m
}

func TestGlobalWay(t *testing.T) {
	needsHighs(t)
	for _, reform := range []string{"", "global"} {
		r, err := bilevel.Solve(context.Background(), hollows(), bilevel.Options{Reform: reform, TimeLimit: 30 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != bilevel.ProofGlobal || r.Status != model.StatusOptimal || math.Abs(r.Objective-0.25) > 1e-3 || !(r.Bound <= r.Objective && r.Bound >= r.Objective-1.1e-3) {
			t.Errorf("%q: %v, proof %v, value %v, bound %v, notes %q", reform, r.Status, r.Proof, r.Objective, r.Bound, r.Notes)
		}
		if r.Certificate == nil || !r.Certificate.Verified || r.Certificate.Evidence < verify.EvidenceConditions {
			t.Errorf("%q: certificate %v", reform, r.Certificate)
		}
		if len(r.Plan) == 0 || r.Plan[len(r.Plan)-1] != "global" {
			t.Errorf("%q: plan %v", reform, r.Plan)
		}
	}
}

// TestGlobalWayMaximises turns both objectives round.
func TestGlobalWayMaximises(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("hills")
	tilt := m.Leader().Var("tilt", -1, 1)
	ball := m.Follower("ball")
	place := ball.Var("place", -2, 2)
	ball.Maximize(place.Pow(2).Times(2).Minus(place.Pow(4)).Minus(tilt.Times(place)))
	m.Leader().Maximize(tilt.Plus(place))
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "global", Gap: 1e-4, TimeLimit: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	// For tilt > 0 the ball is left of -1, and for tilt <= 0 at a place with place' = -1/(12 place² - 4) > -1: the sum is largest at tilt = 0.
	if r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-1) > 1e-3 || r.Bound < r.Objective || r.Bound > r.Objective+2e-4 {
		t.Errorf("%v, proof %v, value %v, bound %v, notes %q", r.Status, r.Proof, r.Objective, r.Bound, r.Notes)
	}
}

func TestGlobalWayProvesThatThereIsNoPoint(t *testing.T) {
	needsHighs(t)
	m := hollows()
	place, _ := m.VarByName("place")
	m.Leader().Constrain("flat", place.Between(-0.5, 0.5)) // where no hollow is
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{TimeLimit: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != model.StatusInfeasible || r.Proof != bilevel.ProofInfeasible || r.Point != nil {
		t.Errorf("%v, proof %v, notes %q", r.Status, r.Proof, r.Notes)
	}
}

func TestGlobalWayStandsAlone(t *testing.T) {
	var wrong *bilevel.OptionError
	if _, err := bilevel.Solve(context.Background(), hollows(), bilevel.Options{Reform: "kkt+global"}); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "alone") {
		t.Errorf("error %v", err)
	}
	if _, err := bilevel.Solve(context.Background(), hollows(), bilevel.Options{Reform: "global", Backend: "builtin"}); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "HiGHS") {
		t.Errorf("error %v", err)
	}
	var none *bilevel.NoPlanError
	m := bilevel.NewModel("one level")
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "global"}); !errors.As(err, &none) || !strings.Contains(err.Error(), "no follower") {
		t.Errorf("error %v", err)
	}
}

func TestGlobalWayIsExplained(t *testing.T) {
	needsHighs(t)
	e, err := bilevel.Explain(hollows())
	if err != nil || e.Plan == nil || e.Plan.String() != "global -> highs" {
		t.Errorf("plan %v, error %v", e.Plan, err)
	}
}

// TestGlobalIsTheOnlyWay solves models for which there is no other way: the leader's integer variables keep them from smooth solvers, the functions from those of
// linear and quadratic programs.
func TestGlobalIsTheOnlyWay(t *testing.T) {
	needsHighs(t)
	m := bilevel.NewModel("steps")
	x := m.Leader().Integer("x", 0, 10)
	f := m.Follower("f")
	y := f.Var("y", -5, 5)
	f.Minimize(y.Minus(x).Pow(2))
	m.Leader().Minimize(model.Exp(x.Times(0.3)).Minus(y.Times(3)))
	e, err := bilevel.Explain(m)
	if err != nil {
		t.Fatal(err)
	}
	if e.NoPlan != "" || e.Plan == nil || strings.Join(e.Plan.Passes, "+") != "global" {
		t.Errorf("the plan is %+v, %q", e.Plan, e.NoPlan)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{TimeLimit: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if want := math.Exp(1.5) - 15; r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-want) > 1e-3*-want || r.Value(x) != 5 {
		t.Errorf("%v, proof %v: %v at x = %v; want %v at 5", r.Status, r.Proof, r.Objective, r.Value(x), want)
	}
	// Kinks of a follower, which a path of smooth functions would round.
	kinked := bilevel.NewModel("kinked")
	x = kinked.Leader().Integer("x", 0, 10)
	f = kinked.Follower("f")
	y = f.Var("y", -5, 5)
	f.Minimize(model.Min(y.Minus(x).Times(-0.5), y.Minus(x)))
	kinked.Leader().Minimize(model.Exp(x.Times(0.3)).Minus(y.Times(3)))
	if r, err = bilevel.Solve(context.Background(), kinked, bilevel.Options{TimeLimit: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	// min(-(y-x)/2, y-x) is least at y = -5, by -5-x, or at 5, by -(5-x)/2: it is -5 for all x.
	if r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-16) > 0.02 {
		t.Errorf("%v, proof %v: %v; want 16", r.Status, r.Proof, r.Objective)
	}
	// A way that is named is not replaced.
	if _, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt"}); err == nil {
		t.Error("kkt alone is no way, and was not refused")
	}
}
