package bilevel

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// TestContradicts: a claim is refuted by a point that is better than the bound it proves, by more than the gap, in either sense.
func TestContradicts(t *testing.T) {
	claim := func(st model.Status, objective, bound float64) *backends.Result {
		return &backends.Result{Status: st, Objective: objective, Bound: bound}
	}
	for _, c := range []struct {
		name      string
		incumbent float64 // NaN: none
		sign      float64
		claim     *backends.Result
		want      bool
	}{
		{"no point yet", math.NaN(), 1, claim(model.StatusOptimal, 5, 5), false},
		{"minimised, better point", 4, 1, claim(model.StatusOptimal, 5, 5), true},
		{"minimised, worse point", 6, 1, claim(model.StatusOptimal, 5, 5), false},
		{"minimised, within the gap", 5 - 1e-6, 1, claim(model.StatusOptimal, 5, 5), false},
		{"maximised, better point", 1070, -1, claim(model.StatusOptimal, 916, 916), true},
		{"maximised, worse point", 900, -1, claim(model.StatusOptimal, 916, 916), false},
		{"no bound stated", 4, 1, claim(model.StatusOptimal, 5, math.NaN()), true},
		{"infeasible, yet there is a point", 4, 1, claim(model.StatusInfeasible, math.NaN(), math.NaN()), true},
		{"nothing claimed", 4, 1, claim(model.StatusLimit, 5, 3), false},
	} {
		var g sighting
		g.watch(func(backends.Event) {})(backends.Event{Incumbent: c.incumbent})
		if got := g.contradicts(c.claim, c.sign, 1e-6); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPodium: which of two lanes makes the result.
func TestPodium(t *testing.T) {
	m := NewModel("two lanes")
	x := m.Leader().Var("x", 0, 10)
	m.Leader().Minimize(x)
	s, err := newSolver(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(st model.Status, objective, bound float64) *attempt {
		return &attempt{claim: &backends.Result{Status: st, Objective: objective, Bound: bound, Point: &model.Point{X: []float64{objective}}}}
	}
	broken := errors.New("broken")
	optimal, stopped := at(model.StatusOptimal, 5, 5), at(model.StatusFeasible, 6, 3)
	for _, c := range []struct {
		name         string
		search, milp lane
		objective    float64 // NaN: an error
		bound        float64
	}{
		{"both proven: the search", lane{attempt: at(model.StatusOptimal, 5, 5)}, lane{attempt: at(model.StatusOptimal, 5.1, 5.1)}, 5, 5},
		{"the other one proven", lane{attempt: stopped}, lane{attempt: optimal}, 5, 5},
		{"a refuted proof", lane{attempt: stopped}, lane{attempt: at(model.StatusOptimal, 7, 7), why: "not believed"}, 6, 3},
		{"better point here, better bound there", lane{attempt: at(model.StatusFeasible, 6, 3)}, lane{attempt: at(model.StatusFeasible, 8, 4)}, 6, 4},
		{"better point there, better bound here", lane{attempt: at(model.StatusFeasible, 8, 4)}, lane{attempt: at(model.StatusFeasible, 6, 3)}, 6, 4},
		{"the search broke, the other one proved", lane{err: broken}, lane{attempt: optimal}, 5, 5},
		{"the search broke, the other one is refuted", lane{err: broken}, lane{attempt: optimal, why: "not believed"}, math.NaN(), 0},
		{"the other one did not run", lane{attempt: stopped}, lane{why: "no big-M"}, 6, 3},
	} {
		got, err := s.podium(context.Background(), c.search, c.milp)
		switch {
		case math.IsNaN(c.objective):
			if !errors.Is(err, broken) {
				t.Errorf("%s: %v, want an error", c.name, err)
			}
		case err != nil || got.claim.Objective != c.objective || got.claim.Bound != c.bound || !got.solved:
			t.Errorf("%s: %+v %v, want %g and bound %g", c.name, got, err, c.objective, c.bound)
		}
	}
}
