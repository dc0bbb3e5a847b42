package main

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

// comparedWays are ways of each kind: one that proves, one that is local, one that does not apply.
const comparedWays = " --way auto/auto --way kkt+relax:scholtes/builtin --way strong-duality/lpsolve --way kkt+sos1/branch"

func TestCompareCommand(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels("compare capacity.mod --param demand=90 --json"+comparedWays)...)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	var page struct {
		Ways []struct {
			Reform, Backend, Status, Proof string
			Objective, Gap                 *float64
			Verified                       *bool
			Size                           *struct{ Variables, Constraints, Pairs int }
			NotFor                         *string `json:"not_for"`
		}
		Seconds float64
	}
	if err := json.Unmarshal([]byte(r.stdout), &page); err != nil {
		t.Fatalf("%v in %s", err, r.stdout)
	}
	if len(page.Ways) != 4 {
		t.Fatalf("%d ways", len(page.Ways))
	}
	auto := page.Ways[0]
	if auto.Status != "optimal" || auto.Proof != "global" || auto.Objective == nil || auto.Verified == nil || !*auto.Verified {
		t.Errorf("the automatic way: %+v", auto)
	}
	for _, w := range page.Ways {
		switch {
		case w.Status == "error":
			if w.NotFor == nil || *w.NotFor == "" {
				t.Errorf("%s/%s: an error without a reason", w.Reform, w.Backend)
			}
		case w.Size == nil || w.Size.Variables == 0:
			t.Errorf("%s/%s has no size", w.Reform, w.Backend)
		case w.Objective == nil || *w.Objective > *auto.Objective+1e-4*(1+*auto.Objective):
			t.Errorf("%s/%s: objective %v, the optimum is %v", w.Reform, w.Backend, w.Objective, *auto.Objective)
		}
	}

	r = command(t, "", inModels("compare capacity.mod --param demand=90 --csv"+comparedWays)...)
	lines, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(lines) != 5 {
		t.Errorf("%d lines of CSV, %v:\n%s", len(lines), err, r.stdout)
	}
	r = command(t, "", inModels("compare capacity.mod --param demand=90"+comparedWays)...)
	for _, want := range []string{"auto -> auto (", "kkt+sos1 -> branch", "global", "Ways that do not apply:", "strong-duality -> lpsolve"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("%q is not in the table:\n%s", want, r.stdout)
		}
	}
}

func TestCompareMistakes(t *testing.T) {
	for args, want := range map[string]string{
		"compare capacity.mod --way kkt":                   "has no backend",
		"compare capacity.mod --json --csv":                "exclude each other",
		"compare capacity.mod --quiet --verbose":           "exclude each other",
		"compare capacity.mod --multistart -1":             "multistart",
		"compare capacity.mod --param demand=90 --gap 1.5": "gap",
	} {
		if r := command(t, "", inModels(args)...); r.code == 0 || !strings.Contains(r.stderr+r.stdout, want) {
			t.Errorf("%s: exit code %d, %q does not say %q", args, r.code, r.stderr+r.stdout, want)
		}
	}
}
