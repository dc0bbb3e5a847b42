package bilevel_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/family"
)

// TestWithoutParts: a problem whose search branches has the same answer without each part and without all of them, and the statistics show
// that the part did nothing.
func TestWithoutParts(t *testing.T) {
	m := family.Forecast(1, 10, 1234)
	const want = -62.914883
	names := bilevel.SearchIdeas()
	without := [][]string{nil, names}
	for _, n := range names {
		without = append(without, []string{n})
	}
	for _, off := range without {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Without: off, Opportunistic: len(off) == 1})
		if err != nil {
			t.Fatal(err)
		}
		if r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-want) > 1e-4 {
			t.Errorf("without %v: %v %v, want %v", off, r.Proof, r.Objective, want)
		}
		if r.Search == nil {
			t.Fatalf("without %v: no statistics of the search", off)
		}
		for _, n := range off {
			s := r.Search
			did := map[string]int{"probing": s.ProbeRounds, "propagation": s.Propagated + s.PropagationPruned, "cuts": s.CutsMade, "penalties": s.PenaltyFixed, "reduced-costs": s.ReducedCostTightenings,
				"strong-branching": s.StrongTrials, "local-search": s.LocalSearchPoints, "rounding": s.RoundingPoints, "neighbourhoods": s.NearPoints + s.ExchangePoints, "alternation": s.AlternationPoints, "answers": s.HeuristicPoints, "local-rows": s.LocalRows, "leader-branching": s.LeaderBranchings}
			if did[n] > 0 {
				t.Errorf("without %v: %s did something: %+v", off, n, *s)
			}
			if n == "probing" && strings.Contains(strings.Join(r.Plan, "+"), "probe") {
				t.Errorf("without probing the plan is %v", r.Plan)
			}
		}
	}
}

// TestUnknownPart: a wrong name is an error that lists the right ones; where the search does not run there are no statistics of it.
func TestUnknownPart(t *testing.T) {
	m := family.Forecast(1, 5, 1234)
	_, err := bilevel.Solve(context.Background(), m, bilevel.Options{Without: []string{"cuts", "luck"}})
	var wrong *bilevel.OptionError
	if !errors.As(err, &wrong) || wrong.Option != "without" || !strings.Contains(err.Error(), `"luck"`) || !strings.Contains(err.Error(), strings.Join(bilevel.SearchIdeas(), ", ")) {
		t.Errorf("%v", err)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt+sos1", Backend: "highs", TimeLimit: 5e9})
	if err != nil {
		t.Fatal(err)
	}
	if r.Search != nil {
		t.Errorf("HiGHS alone has statistics of the search: %+v", *r.Search)
	}
}
