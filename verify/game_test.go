package verify_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// cournot has n firms with costs c q + q²/2 that meet the demand price x - Σ q. By hand: x - Σ q - q_i = c_i + q_i.
func cournot(n int, nonlinear bool) *model.Model {
	m := model.New("cournot")
	x := m.Leader().Var("x", 0, 100)
	q := make([]model.Var, n)
	firms := make([]*model.Player, n)
	for i := range q {
		firms[i] = m.Follower(string(rune('a' + i))).Nash()
		q[i] = firms[i].Var("q"+string(rune('a'+i)), 0, 100)
	}
	price := x.Minus(model.Sum(q...))
	for i := range q {
		cost := q[i].Times(float64(i)).Plus(q[i].Pow(2).Times(0.5))
		if nonlinear {
			cost = q[i].Times(float64(i)).Plus(model.Exp(q[i].Times(0.1)))
		}
		firms[i].Maximize(price.Times(q[i]).Minus(cost))
		firms[i].Constrain("plant"+string(rune('a'+i)), q[i].LE(50))
	}
	m.Leader().Minimize(model.Sum(q...))
	return m
}

func TestRespondSettlesAGame(t *testing.T) {
	opt := smoothOptions(t)
	for _, nonlinear := range []bool{false, true} {
		m := cournot(3, nonlinear)
		x := []float64{30, math.NaN(), math.NaN(), math.NaN()}
		p, err := verify.Respond(context.Background(), m, x, opt)
		if err != nil {
			t.Fatal(err)
		}
		wantVerified(t, checkWith(t, m, p.X, opt))
		if !nonlinear { // 2 q_i = x - c_i - Σ q, so 5 Σ q = 3 x - 3
			sum := (3*30.0 - 3) / 5
			for i := range 3 {
				wantNear(t, "quantity", p.X[1+i], (30-float64(i)-sum)/2)
			}
		}
		p, err = verify.BestTie(context.Background(), m, x, opt)
		if err != nil {
			t.Fatal(err)
		}
		wantVerified(t, checkWith(t, m, p.X, opt))
		p.X[2] += 0.1
		wantReason(t, checkWith(t, m, p.X, opt), "follower b: objective")
	}
}

func TestPricesInAGame(t *testing.T) {
	// With a plant of 3 and a price of 30 - Σ q each firm would sell more: for firm a it is worth 30 - Σq - 2q - 0 ... at q = (3, 3, 3).
	m := cournot(3, false)
	for _, name := range []string{"planta", "plantb", "plantc"} {
		r, _ := m.RowByName(name)
		if err := r.SetRHS(3); err != nil {
			t.Fatal(err)
		}
	}
	p, err := verify.Respond(context.Background(), m, []float64{30, 0, 0, 0}, smoothOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"planta", "plantb", "plantc"} {
		r, _ := m.RowByName(name)
		wantNear(t, name, p.RowDuals[r.Index()], 30-9-3-float64(i)-3) // price - q - c - q
	}
}

// counted counts the solves of a backend.
type counted struct {
	backends.Backend
	solves *int
}

func (c counted) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	*c.solves++
	return c.Backend.Solve(ctx, m, opt, events)
}

// min u v against max u v over [-1, 1]: from anywhere but zero the answers go round from corner to corner, which does not take 400 rounds to see.
func TestGameThatGoesRoundIsGivenUpSoon(t *testing.T) {
	m := model.New("round")
	m.Leader().Var("x", 0, 1)
	a, b := m.Follower("a").Nash(), m.Follower("b").Nash()
	u, v := a.Var("u", -1, 1), b.Var("v", -1, 1)
	a.Minimize(u.Times(v))
	b.Maximize(u.Times(v))
	m.Leader().Minimize(u)
	opt, solves := options(t), 0
	opt.Backend = counted{opt.Backend, &solves}
	_, err := verify.Respond(context.Background(), m, []float64{0, 0.3, -0.2}, opt)
	var bad *verify.AnswerError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "do not settle") {
		t.Fatalf("got %v", err)
	}
	if solves == 0 || solves > 2*200 {
		t.Errorf("given up after %d solves", solves)
	}
}

func TestGameWithoutEquilibriumIsGivenUp(t *testing.T) {
	// a runs after b and b away from a: min (u - v)² and max (u - v)² over [-1, 1].
	m := model.New("chase")
	m.Leader().Var("x", 0, 1)
	a, b := m.Follower("a").Nash(), m.Follower("b").Nash()
	u, v := a.Var("u", -1, 1), b.Var("v", -1, 1)
	a.Minimize(model.Exp(u.Minus(v)).Minus(u.Minus(v)))
	b.Maximize(model.Exp(u.Minus(v)).Minus(u.Minus(v)))
	m.Leader().Minimize(u)
	opt := smoothOptions(t)
	_, err := verify.Respond(context.Background(), m, []float64{0, 0.3, -0.2}, opt)
	var bad *verify.AnswerError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "do not settle") {
		t.Fatalf("got %v", err)
	}
	for _, x := range [][]float64{{0, 1, 1}, {0, 1, -1}, {0, 0, 0}} {
		if c := checkWith(t, m, x, opt); c.Verified {
			t.Errorf("%v: %v", x, c)
		}
	}
}
