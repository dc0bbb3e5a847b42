package main

import (
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
)

// TestWithout: each part of the search can be switched off, alone and all together, and the answer stays the same.
func TestWithout(t *testing.T) {
	needsSolver(t)
	names := bilevel.SearchIdeas()
	for _, without := range append([]string{strings.Join(names, ",")}, names...) {
		c, r := solveJSON(t, "roads.mod --reform kkt --backend branch --opportunistic --threads 2 --without "+without)
		if c.Status != "optimal" || c.Objective == nil || math.Abs(*c.Objective-500) > 1e-6 || c.Search == nil {
			t.Fatalf("without %s:\n%s", without, r.stdout)
		}
		off := func(name string) bool { return strings.Contains(","+without+",", ","+name+",") }
		if off("strong-branching") && c.Search.StrongTrials > 0 || off("probing") && c.Search.ProbeRounds > 0 || off("cuts") && c.Search.CutsMade > 0 ||
			off("answers") && c.Search.Answers > 0 || off("propagation") && c.Search.Propagated > 0 || off("local-rows") && c.Search.LocalRows > 0 {
			t.Errorf("without %s: %+v", without, *c.Search)
		}
	}
}

// TestVerboseSearch: --verbose tells what the parts of the search brought, otherwise the page does not have it.
func TestVerboseSearch(t *testing.T) {
	needsSolver(t)
	const line = "solve roads.mod --reform kkt --backend branch"
	if r := command(t, "", inModels(line+" --verbose")...); !strings.Contains(r.stdout, "\nSearch\n") || !strings.Contains(r.stdout, "the first LP gave the bound") {
		t.Errorf("%s", r.stdout)
	}
	if r := command(t, "", inModels(line)...); strings.Contains(r.stdout, "\nSearch\n") {
		t.Errorf("%s", r.stdout)
	}
}
