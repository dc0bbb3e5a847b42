package diagnose_test

import (
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
)

// By hand: two discs of radius 1 about 0 and 3 are 1 apart; about 0 and 1 they share a point.
func TestCurvedConstraintsOfBothLevels(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct {
		name, text string
		want       model.Status
		conflict   string
	}{
		{"apart", `var x >= -9, <= 9; var z; lower f; var y >= 0; minimize g: y; subject to k: y >= x - 9; subject to own: (x-3)^2 + y^2 <= 1; upper; minimize c: x; subject to disc: x^2 + z^2 <= 1;`,
			model.StatusInfeasible, "own disc"},
		{"leader's alone", `var x; var z; lower f; var y >= 0; minimize g: y; subject to k: y >= x; upper; minimize c: x; subject to disc: x^2 + z^2 <= 1; subject to off: (x-3)^2 + z^2 <= 1;`,
			model.StatusInfeasible, "disc off"},
		{"near", `var x >= -9, <= 9; var z >= -9, <= 9; lower f; var y >= 0; minimize g: y; subject to k: y >= x; upper; minimize c: x; subject to disc: x^2 + z^2 <= 1; subject to off: (x-1)^2 + z^2 <= 1;`,
			model.StatusFeasible, ""},
		{"integers between", `var x integer >= 0, <= 9; lower f; var y >= 0; minimize g: y; subject to k: y >= x; upper; minimize c: x; subject to gap: x*x - 5*x <= -6.1;`,
			model.StatusInfeasible, "gap"},
	} {
		r := run(t, read(t, c.text), diagnose.Options{})
		var names []string
		if r.Conflict != nil {
			for _, m := range r.Conflict.Members {
				if m.Kind == diagnose.ConstraintSide {
					names = append(names, m.Name)
				}
			}
		}
		if got := strings.Join(names, " "); r.Curved != c.want || got != c.conflict {
			t.Errorf("%s: curved %v, conflict %q, want %v, %q", c.name, r.Curved, got, c.want, c.conflict)
		}
		if c.want == model.StatusInfeasible && (r.Relaxation != model.StatusInfeasible || r.Problem != model.StatusInfeasible || strings.Contains(r.Verdict, "can be satisfied") || len(r.Omitted) > 0) {
			t.Errorf("%s: relaxation %v, problem %v, omitted %v: %s", c.name, r.Relaxation, r.Problem, r.Omitted, r.Verdict)
		}
	}
	// Too large to be looked at: the report says so and claims nothing.
	r := run(t, read(t, `var x {1..13} >= -9, <= 9; minimize c: sum {i in 1..13} x[i]; subject to disc: sum {i in 1..13} x[i]^2 <= 1; subject to off: (x[1]-3)^2 + x[2] <= 1;`), diagnose.Options{})
	if r.Curved != model.StatusUnknown || !strings.Contains(r.Verdict, "whether the others can be satisfied too was not decided") || !strings.Contains(strings.Join(r.Unfinished, " "), "at most 12 variables") {
		t.Errorf("%v, %q, %q", r.Curved, r.Verdict, r.Unfinished)
	}
}
