package verify_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// TestRespond answers a quadratic and a linear follower at a decision that breaks the leader's own constraint. By hand: at x = 3,
// min y² - 2xy over y <= 2 is at y = 2, where one unit more room is worth 2x - 2y = 2 less cost; max z over z <= x is at z = 3, and one unit more is worth 1.
func TestRespond(t *testing.T) {
	m := model.New("respond")
	x := m.Leader().Var("x", 0, 10)
	f, g := m.Follower("f"), m.Follower("g")
	y, z := f.Var("y", -model.Inf, model.Inf), g.Var("z", 0, model.Inf)
	f.Minimize(y.Times(y).Minus(x.Times(y).Times(2)))
	room := f.Constrain("room", y.LE(2))
	g.Maximize(z)
	cap := g.Constrain("cap", z.LE(x))
	m.Leader().Constrain("coupling", y.Plus(z).LE(1))
	p, err := verify.Respond(context.Background(), m, []float64{3, math.NaN(), math.NaN()}, verify.Options{Backend: highs.New()})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		got, want float64
	}{{"x", p.X[x.Index()], 3}, {"y", p.X[y.Index()], 2}, {"z", p.X[z.Index()], 3}, {"price of room", p.RowDuals[room.Index()], -2}, {"price of cap", p.RowDuals[cap.Index()], 1}} {
		if math.Abs(tt.got-tt.want) > 1e-6 {
			t.Errorf("%s = %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}
