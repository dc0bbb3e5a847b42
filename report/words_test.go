package report_test

import (
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// TestStatusInWords: an optimum with a gap that is left is not said to be one to the tolerances asked for.
func TestStatusInWords(t *testing.T) {
	for _, c := range []struct {
		status           model.Status
		objective, bound float64
		gap              bool
	}{
		{model.StatusOptimal, 100, 100.0005, false},
		{model.StatusOptimal, 100, 100.01, true},
		{model.StatusOptimal, 0, 9e-6, false},
		{model.StatusOptimal, 0, -1e-3, true},
		{model.StatusOptimal, 3, math.NaN(), false},
		{model.StatusFeasible, 100, 200, false},
	} {
		if s := report.StatusInWords(c.status, c.objective, c.bound); strings.Contains(s, "gap below") != c.gap {
			t.Errorf("%v, %v, %v: %s", c.status, c.objective, c.bound, s)
		}
	}
	if report.StatusWord(model.StatusLocal) != "feasible" || report.StatusWord(model.StatusOptimal) != "optimal" {
		t.Error("the words of local and optimal answers")
	}
}
