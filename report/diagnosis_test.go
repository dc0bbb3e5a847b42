package report_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// sick is a diagnosis with something of everything.
func sick() (*model.Model, *diagnose.Report) {
	m, x := roads(2)
	return m, &diagnose.Report{
		Relaxation: model.StatusUnbounded, Problem: model.StatusInfeasible, Verdict: "The problem is infeasible, though its constraints are not. Follower drivers is infeasible at 2 of 9 decisions tried.",
		Omitted: []string{"shadow prices: trips.dual"},
		Conflict: &diagnose.Conflict{Scope: diagnose.OfProblem, Members: []diagnose.Member{
			{Kind: diagnose.Optimality, Player: 1, Index: 1, Name: "drivers", Text: "follower drivers answers optimally"},
			{Kind: diagnose.ConstraintSide, Index: 0, Upper: true, Name: "trips", Text: "cars[0] + cars[1] <= 4"},
			{Kind: diagnose.BoundSide, Index: 0, Name: "toll", Text: "toll >= 0"}}, Irreducible: true},
		Ray:       &diagnose.Ray{Entries: []diagnose.Entry{{Variable: 0, Name: "toll", Value: 1}, {Variable: 1, Name: "cars[0]", Value: -0.25}}, Rate: -1.5, Stays: model.No, Grounds: "at a step of 1 follower drivers has a better answer, 3 instead of 4"},
		AnswerRay: &diagnose.Ray{Entries: []diagnose.Entry{{Variable: 0, Name: "toll", Value: 1}}, Rate: 1, Stays: model.Yes, Grounds: "checked at steps of 1, 100 and 10000"},
		Followers: []diagnose.FollowerTest{{Player: 1, Name: "drivers", Tried: 9, Infeasible: 2, Unbounded: 1,
			InfeasibleAt: &diagnose.Decision{X: x, Entries: []diagnose.Entry{{Name: "toll", Value: 10}}, Conflict: &diagnose.Conflict{Scope: diagnose.OfFollower, Members: []diagnose.Member{
				{Kind: diagnose.ConstraintSide, Player: 1, Name: "trips", Text: "cars[0] + cars[1] >= 100 (of an equation)"}}, Integral: true}},
			UnboundedAt: &diagnose.Decision{X: x, Ray: &diagnose.Ray{Player: 1, Entries: []diagnose.Entry{{Name: "cars[0]", Value: 1}}, Rate: -2}}}},
		Ties: &diagnose.Ties{Where: "the start", Best: 500, Worst: 0},
		Scaling: diagnose.Scaling{Levels: []diagnose.LevelScaling{{Level: "leader", Costs: diagnose.Range{Count: 2, Smallest: diagnose.Extreme{Value: 1e-6, Variable: "toll"}, Largest: diagnose.Extreme{Value: 2e6, Variable: "cars[0]"}}}},
			Hints: []string{"leader: costs: from 1e-06 (toll) to 2e+06 (cars[0])"}},
		Slips:      []diagnose.Slip{{Kind: diagnose.UnusedVariable, Text: "idle of the leader: nothing uses it"}, {Kind: diagnose.FixedVariable, Text: "fixed of the leader: the bounds are equal"}},
		Unfinished: []string{"the time limit was met"},
	}
}

func TestDiagnosis(t *testing.T) {
	m, r := sick()
	for name, brief := range map[string]bool{"diagnosis.txt": false, "diagnosis-brief.txt": true} {
		var b bytes.Buffer
		if err := report.WriteDiagnosis(&b, m, r, brief, report.Style{}); err != nil {
			t.Fatal(err)
		}
		check(t, name, b.Bytes())
	}
	var b bytes.Buffer
	sound := &diagnose.Report{Relaxation: model.StatusOptimal, Verdict: "sound", Slips: r.Slips[1:]}
	if err := report.WriteDiagnosis(&b, m, sound, true, report.Style{}); err != nil || b.Len() > 0 {
		t.Errorf("of a sound model the brief form says %q, %v", b.String(), err)
	}
	if err := report.WriteDiagnosis(broken{}, m, r, false, report.Style{}); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}
