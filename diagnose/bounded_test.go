package diagnose_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
)

// A solver that decides nothing but the whole problem, as one does whose every search with integer followers meets its limit, is asked a few times and no more.
func TestConflictOfWhatCannotBeDecidedEnds(t *testing.T) {
	needsHighs(t)
	m := read(t, `var x {1..9} >= 0, <= 3; lower f; var y integer >= 0, <= 9; minimize g: y; subject to a: y >= x[1]; upper; minimize F: y; subject to c {i in 2..9}: x[i] + y <= 8; subject to d: y >= x[1] + 2;`)
	calls := 0
	r := run(t, m, diagnose.Options{Solve: func(context.Context, *model.Model) (*diagnose.Outcome, error) {
		calls++
		o := &diagnose.Outcome{Optimistic: math.NaN(), Pessimistic: math.NaN()}
		if calls == 1 {
			o.Status, o.Proof = model.StatusInfeasible, model.ProofInfeasible
		}
		return o, nil
	}})
	if calls > 4 {
		t.Errorf("%d solves", calls)
	}
	if r.Conflict == nil || r.Conflict.Irreducible || !strings.Contains(strings.Join(r.Unfinished, " "), "was not made smaller after 3 of its parts could not be decided") {
		t.Errorf("%+v, %q", r.Conflict, r.Unfinished)
	}
}

// Where the solve of the problem itself decides nothing, the report says so.
func TestUndecidedProblemIsSaid(t *testing.T) {
	needsHighs(t)
	m := read(t, `var x >= 0, <= 3; lower f; var y integer >= 0, <= 9; minimize g: y; subject to a: y >= x; upper; minimize F: y;`)
	r := run(t, m, diagnose.Options{Solve: func(context.Context, *model.Model) (*diagnose.Outcome, error) {
		return &diagnose.Outcome{}, nil
	}})
	if r.Problem != model.StatusUnknown || !strings.Contains(strings.Join(r.Unfinished, " "), "was tried and not decided") || strings.Contains(r.Verdict, "was not solved") {
		t.Errorf("%v, %q, %q", r.Problem, r.Verdict, r.Unfinished)
	}
}
