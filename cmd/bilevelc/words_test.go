package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const parking = `param scale default 10;
var fee >= 0, <= 20;
lower drivers;
var hours >= 0;
maximize surplus: scale * log(1 + hours) - (1 + fee) * hours;
upper;
maximize income: fee * hours;
`

// A local answer has the same word in the summary, as JSON, in a comparison and in a sweep, and does not claim that its value is the best one.
func TestOneWordForAnAnswer(t *testing.T) {
	needsSolver(t)
	if r := command(t, parking, "solve", "-", "--reform", "kkt"); !strings.HasPrefix(r.stdout, "stdin: feasible. A local solution") || !strings.Contains(r.stdout, "a local answer") {
		t.Errorf("the summary:\n%s", r.stdout)
	}
	var solved struct{ Status, Proof, Attainment string }
	if err := json.Unmarshal([]byte(command(t, parking, "solve", "-", "--reform", "kkt", "--json").stdout), &solved); err != nil || solved.Status != "feasible" || solved.Proof != "local" || solved.Attainment != "not known to be attained" {
		t.Errorf("%v: %+v", err, solved)
	}
	var compared struct{ Ways []struct{ Status string } }
	if err := json.Unmarshal([]byte(command(t, parking, "compare", "-", "--json", "--way", "kkt/auto").stdout), &compared); err != nil || len(compared.Ways) != 1 || compared.Ways[0].Status != "feasible" {
		t.Errorf("%v: %+v", err, compared)
	}
}

func TestSweepFromSeveralStarts(t *testing.T) {
	needsSolver(t)
	for _, n := range []string{"1", "5"} {
		var swept struct {
			Points []struct {
				Status string
				Notes  []string
			}
		}
		r := command(t, parking, "sweep", "-", "--reform", "kkt", "--param", "scale=8,10", "--multistart", n, "--cold", "--json")
		if err := json.Unmarshal([]byte(r.stdout), &swept); err != nil || len(swept.Points) != 2 {
			t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
		}
		for _, p := range swept.Points {
			if several := strings.Contains(strings.Join(p.Notes, "\n"), "of "+n+" starts"); p.Status != "feasible" || several != (n != "1") {
				t.Errorf("--multistart %s: %s, %q", n, p.Status, p.Notes)
			}
		}
	}
}

// The method that is no pass is named where the passes are.
func TestReformHelpNamesMethods(t *testing.T) {
	r := command(t, "", "help", "solve")
	if !strings.Contains(r.stdout, "mstationary") {
		t.Error("--reform does not name mstationary")
	}
	needsSolver(t)
	if r := command(t, parking, "solve", "-", "--reform", "kkt+mstationary"); r.code != exitDone || !strings.Contains(r.stdout, "kkt -> mstationary -> builtin") {
		t.Errorf("code %d: %s%s", r.code, r.stdout, r.stderr)
	}
}
