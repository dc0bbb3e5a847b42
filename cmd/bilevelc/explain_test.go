package main

import (
	"fmt"
	"strings"
	"testing"
)

// diagnosisOf reads the diagnosis of "explain --json" of a model from standard input.
func diagnosisOf(t *testing.T, text string, flags ...string) map[string]any {
	t.Helper()
	r := command(t, text, append([]string{"explain", "-", "--json"}, flags...)...)
	if r.code != exitDone {
		t.Fatalf("code %d: %s", r.code, r.stderr)
	}
	var o map[string]any
	strict(t, r.stdout, &o)
	d, _ := o["diagnosis"].(map[string]any)
	if d == nil {
		t.Fatalf("no diagnosis:\n%s", r.stdout)
	}
	return d
}

const (
	conflictingLevels  = "var x >= 0, <= 3; lower f; var y >= 0; minimize g: y; subject to a: y >= x + 2; upper; minimize F: x + y; subject to limit: y <= 1;"
	conflictingAnswers = "var x >= 0, <= 1; lower f; var y >= 0; maximize g: y; subject to a: y <= 1 + x; upper; minimize F: x; subject to limit: y <= 0.5;"
	unboundedAnswers   = "var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: 3 * y >= x; subject to b: y >= 2; upper; maximize F: x + 2 * y;"
	withoutAnswers     = "var x >= 0, <= 10; lower f; var y; minimize g: y; subject to a: y >= x; subject to b: y <= 6 - 0.5 * x; upper; maximize F: x + 4 * y;"
	soundModel         = "var x >= 0, <= 5; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: 3 * x - y;"
)

func TestExplainDiagnoses(t *testing.T) {
	needsSolver(t)
	for _, c := range []struct {
		text   string
		flags  string
		wants  []string
		absent string
	}{
		{text: conflictingLevels, wants: []string{"Diagnosis", "constraints of different players conflict", "follower f  a      -x + y >= 2", "leader      limit  y <= 1", "leader      bound  x >= 0"}, absent: "Sizes"},
		{text: conflictingAnswers, wants: []string{"though its constraints are not", "follower f  objective  follower f answers optimally", "limit      y <= 0.5"}},
		{text: unboundedAnswers, wants: []string{"The problem is unbounded.", "do not stay optimal along it", "Along the answers of the followers the leader gains 1.66667"}},
		{text: withoutAnswers, absent: "Diagnosis"},
		{text: withoutAnswers, flags: "--diagnose", wants: []string{"Follower f, infeasible at", "-x + y >= 0", "0.5 x + y <= 6", "Sizes of the numbers"}},
		{text: soundModel, absent: "Diagnosis"},
		{text: soundModel, flags: "--diagnose --time-limit 5", wants: []string{"neither infeasible nor unbounded", "followers: coefficients", "give the leader 10"}},
	} {
		r := command(t, c.text, append([]string{"explain", "-"}, strings.Fields(c.flags)...)...)
		for _, want := range c.wants {
			if !strings.Contains(r.stdout, want) {
				t.Errorf("%s %s\ndoes not say %q:\n%s%s", c.text, c.flags, want, r.stdout, r.stderr)
			}
		}
		if r.code != exitDone || c.absent != "" && strings.Contains(r.stdout, c.absent) {
			t.Errorf("%s %s\ncode %d, or it says %q:\n%s", c.text, c.flags, r.code, c.absent, r.stdout)
		}
	}
}

func TestDiagnosisAsJSON(t *testing.T) {
	needsSolver(t)
	d := diagnosisOf(t, conflictingAnswers)
	c := d["conflict"].(map[string]any)
	var got []string
	for _, e := range c["members"].([]any) {
		e := e.(map[string]any)
		got = append(got, fmt.Sprint(e["kind"], " ", e["player"], " ", e["name"], " ", e["side"]))
	}
	if want := "optimality f f <nil>, constraint leader limit upper, bound leader x lower"; strings.Join(got, ", ") != want || c["scope"] != "problem" || c["irreducible"] != true {
		t.Errorf("the conflict is %v, by hand %s", c, want)
	}
	if d["problem"] != "infeasible" || d["relaxation"] != "optimal" || d["complete"] != false || d["ray"] != nil {
		t.Errorf("%v", d)
	}
	d = diagnosisOf(t, unboundedAnswers)
	ray, answers := d["ray"].(map[string]any), d["answer_ray"].(map[string]any)
	if ray["stays_optimal"] != false || answers["stays_optimal"] != true || answers["direction"].(map[string]any)["x"] != 1.0 {
		t.Errorf("%v\n%v", ray, answers)
	}
	d = diagnosisOf(t, withoutAnswers, "--diagnose")
	at := d["followers"].([]any)[0].(map[string]any)["infeasible_at"].(map[string]any)
	if x := at["decision"].(map[string]any)["x"].(float64); x <= 4 || at["conflict"].(map[string]any)["scope"] != "follower" || d["complete"] != true {
		t.Errorf("the follower is infeasible for x > 4 by hand: %v", at)
	}
	if d := diagnosisOf(t, soundModel, "--diagnose"); d["conflict"] != nil || d["ties"] == nil || d["scaling"] == nil {
		t.Errorf("%v", d)
	}
}
