package newton_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// TestPlain records what the plain method is worth: it solves most, not all, of the classic problems, and whatever it calls
// optimal satisfies the conditions.
func TestPlain(t *testing.T) {
	solved, targets := 0, 0
	for _, c := range classics {
		p := compile(t, c.source())
		a, err := (&newton.Solver{Plain: true}).Solve(context.Background(), p, smooth.Start{X: c.start}, options(t))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if a.Status != model.StatusOptimal {
			if a.Message == "" {
				t.Errorf("%s: %v without a message", c.name, a.Status)
			}
			continue
		}
		solved++
		if a.Violation > 1e-5 || a.Residual > 1e-4*max(1, math.Abs(a.Objective)) {
			t.Errorf("%s: called optimal with violation %v, residual %v", c.name, a.Violation, a.Residual)
		}
		if math.Abs(a.Objective-c.want) <= 1e-5*max(1, math.Abs(c.want)) {
			targets++
		}
	}
	t.Logf("%d of %d solved, %d at the least value", solved, len(classics), targets)
	if solved < 40 || targets < 30 {
		t.Errorf("%d of %d solved, %d at the least value", solved, len(classics), targets)
	}
}
