package verify_test

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestOwnAnswersCount checks a point next to the decision at which the follower is indifferent: its answer passes as optimal, and so no value over the
// optimal answers may exclude it, whichever of them is the strictly optimal one.
func TestOwnAnswersCount(t *testing.T) {
	for _, c := range []struct {
		x, y                    float64
		optimistic, pessimistic float64
	}{
		{-6e-16, -1000, 0, 12}, {6e-16, -1000, 0, 0}, {0, -1000, 0, 12}, {-1e-3, 9000, 12, 12},
	} {
		m := model.New("next")
		x := m.Leader().Var("x", -1, 1)
		f := m.Follower("f")
		y := f.Var("y", -1000, 9000)
		f.Maximize(x.Times(y).Times(-1e-4).Plus(1e5))
		m.Leader().Minimize(y.Plus(1000).Times(12e-4))
		cert := check(t, m, []float64{c.x, c.y})
		if !cert.Verified || math.Abs(cert.Optimistic-c.optimistic) > 1e-9 || math.Abs(cert.Pessimistic-c.pessimistic) > 1e-9 {
			t.Errorf("at x = %v: verified %v, from %v to %v; want from %v to %v (%v)", c.x, cert.Verified, cert.Optimistic, cert.Pessimistic, c.optimistic, c.pessimistic, cert.Reasons)
		}
	}
}
