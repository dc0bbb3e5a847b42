package main

import (
	"math"
	"strings"
	"testing"
)

// The toll on two roads has an infimum of 500 for drivers that break ties against the leader, and no toll attains it.
func TestAttitude(t *testing.T) {
	needsSolver(t)
	for _, a := range []string{"pessimistic", "0.3"} {
		c, r := solveJSON(t, "roads.mod --attitude "+a)
		if c.Status != "feasible" || c.Proof == "global" || c.Attitude != a || c.Attainment != "not attained" || c.Infimum == nil || math.Abs(*c.Infimum-500) > 1e-4 {
			t.Errorf("--attitude %s claims that 500 is attained:\n%s", a, r.stdout)
		}
		if r.code != 0 || c.Objective == nil || !(*c.Objective < 500-1e-6 && *c.Objective > 499) {
			t.Errorf("--attitude %s: exit code %d, objective %v", a, r.code, c.Objective)
		}
	}
	c, r := solveJSON(t, "roads.mod")
	if c.Attitude != "optimistic" || c.Attainment != "attained" || c.Infimum != nil || c.Certificate.OptimisticObjective == nil ||
		math.Abs(*c.Certificate.OptimisticObjective-500) > 1e-6 || math.Abs(*c.Certificate.PessimisticObjective) > 1e-6 {
		t.Errorf("the optimistic answer:\n%s", r.stdout)
	}
	r = command(t, "", inModels("solve roads.mod --attitude pessimistic")...)
	for _, want := range []string{"infimum", "not attained", "no decision attains it", "at worst"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the report does not say %q:\n%s", want, r.stdout)
		}
	}
	r = command(t, "", inModels("explain roads.mod --attitude 0.5")...)
	if !strings.Contains(r.stdout, "pessimistic -> probe -> branch") || strings.Contains(r.stdout, "kkt+big-m") {
		t.Errorf("the plan for an attitude:\n%s", r.stdout)
	}
}

// A decision is completed by the best or by the worst answers.
func TestCheckFillsInByAttitude(t *testing.T) {
	needsSolver(t)
	for attitude, want := range map[string]string{"optimistic": "objective at this point is 500", "pessimistic": "objective at this point is 0"} {
		r := command(t, `{"t": 5}`, inModels("check roads.mod - --attitude "+attitude)...)
		if r.code != 0 || !strings.Contains(r.stdout, want) {
			t.Errorf("%s: exit code %d, without %q:\n%s%s", attitude, r.code, want, r.stdout, r.stderr)
		}
	}
}
