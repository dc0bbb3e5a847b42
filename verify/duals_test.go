package verify_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// market is a follower that serves a demand x from a cheap source of 10 units at 1 and a dear one at 3; the leader sees the price of the
// balance. declare turns the least cost into a largest profit, whose price is the negative.
func market(maximise bool) (*model.Model, model.Var) {
	m := model.New("market")
	x := m.Leader().Var("x", 0, 30)
	f := m.Follower("dispatch")
	y := f.Vars("y", 2, 0, model.Inf)
	balance := f.Constrain("balance", model.Sum(y...).Eq(x))
	f.Constrain("cap", y[0].LE(10))
	cost := model.Dot([]float64{1, 3}, y)
	if maximise {
		f.Maximize(cost.Neg())
	} else {
		f.Minimize(cost)
	}
	price := balance.Dual()
	m.Leader().Maximize(price)
	return m, price
}

func TestShadowPrice(t *testing.T) {
	for _, c := range []struct {
		name          string
		maximise      bool
		x, y0, y1, du float64
		verified      bool
	}{
		{"dear source sets the price", false, 15, 10, 5, 3, true},
		{"wrong sign", false, 15, 10, 5, -3, false},
		{"wrong value", false, 15, 10, 5, 2, false},
		{"slightly wrong", false, 15, 10, 5, 3.001, false},
		{"cheap source sets the price", false, 5, 5, 0, 1, true},
		{"cheap source, price of the dear one", false, 5, 5, 0, 3, false},
		{"kink: any price between", false, 10, 10, 0, 2.5, true},
		{"kink: its lower end", false, 10, 10, 0, 1, true},
		{"kink: outside", false, 10, 10, 0, 3.5, false},
		{"profit: the price is negative", true, 15, 10, 5, -3, true},
		{"profit: wrong sign", true, 15, 10, 5, 3, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := market(c.maximise)
			got := check(t, m, []float64{c.x, c.y0, c.y1, c.du})
			if got.Verified != c.verified {
				t.Errorf("verified %v, want %v\n%v", got.Verified, c.verified, got)
			}
			if !c.verified {
				wantReason(t, got, "balance.dual is not an optimal multiplier of follower dispatch")
			}
		})
	}
}

func TestSpreadOverShadowPrices(t *testing.T) {
	m, _ := market(false)
	c := check(t, m, []float64{10, 10, 0, 2})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, 3)
	wantNear(t, "pessimistic", c.Pessimistic, 1)
	m, _ = market(true)
	c = check(t, m, []float64{10, 10, 0, -2})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, -1)
	wantNear(t, "pessimistic", c.Pessimistic, -3)
}

func TestBestTieChoosesTheShadowPrice(t *testing.T) {
	for _, maximise := range []bool{false, true} {
		m, price := market(maximise)
		p, c, err := verify.CheckLeader(context.Background(), m, []float64{10, 0, 0, 0}, options(t))
		if err != nil {
			t.Fatal(err)
		}
		wantVerified(t, c)
		want := 3.0
		if maximise {
			want = -1
		}
		wantNear(t, "price", p.X[price.Index()], want)
		row, _ := m.RowByName("balance")
		wantNear(t, "multiplier of balance", p.RowDuals[row.Index()], want)
	}
}

func TestShadowPricesOfOneFollowerMustFitTogether(t *testing.T) {
	// min y, y >= 1 twice: multipliers u + v = 1. Each of (1, 1) alone is possible, both together are not.
	m := model.New("twice")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", math.Inf(-1), model.Inf)
	a, b := f.Constrain("a", y.GE(1)), f.Constrain("b", y.GE(1))
	f.Minimize(y)
	m.Leader().Minimize(a.Dual().Plus(b.Dual()))
	wantVerified(t, check(t, m, []float64{0, 1, 0.25, 0.75}))
	wantReason(t, check(t, m, []float64{0, 1, 1, 1}), "not an optimal multiplier")
	wantReason(t, check(t, m, []float64{0, 1, 1.5, -0.5}), "not an optimal multiplier")
}

func TestTinyShadowPriceIsMeasuredInItsOwnUnits(t *testing.T) {
	for _, scale := range []float64{1e-9, 1e-3, 1, 1e6} {
		m := model.New("tiny")
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y := f.Var("y", math.Inf(-1), model.Inf)
		a := f.Constrain("a", y.GE(1))
		f.Minimize(y.Times(scale))
		m.Leader().Minimize(a.Dual())
		if c := check(t, m, []float64{0, 1, scale}); !c.Verified {
			t.Errorf("scale %v refused\n%v", scale, c)
		}
		for _, wrong := range []float64{0, 1.01, 2, -1} {
			if c := check(t, m, []float64{0, 1, wrong * scale}); c.Verified {
				t.Errorf("scale %v: %v times the price is verified\n%v", scale, wrong, c)
			}
		}
	}
}

func TestShadowPriceOfQuadraticFollower(t *testing.T) {
	// min y^2 s.t. y >= x: price 2x.
	m := model.New("quadratic price")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Var("y", math.Inf(-1), model.Inf)
	f.Minimize(y.Pow(2))
	a := f.Constrain("a", y.GE(x))
	m.Leader().Minimize(a.Dual())
	wantVerified(t, check(t, m, []float64{3, 3, 6}))
	wantReason(t, check(t, m, []float64{3, 3, 5.9}), "not an optimal multiplier")
	p, c, err := verify.CheckLeader(context.Background(), m, []float64{3, 0, 0}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, c)
	wantNear(t, "price", p.X[2], 6)
}

func TestShadowPriceOfIntegerFollowerIsNotVerified(t *testing.T) {
	m := model.New("integer price")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Integer("y", 0, 5)
	a := f.Constrain("a", y.GE(1))
	f.Minimize(y)
	m.Leader().Minimize(a.Dual())
	wantReason(t, check(t, m, []float64{0, 1, 1}), "shadow prices of follower f were not checked")
}
