package verify_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// liar is a backend that changes the answers of another.
type liar struct {
	backends.Backend
	lie func(p *model.Model, r *backends.Result) *backends.Result
}

func (l liar) Solve(ctx context.Context, p *model.Model, o backends.Options, e func(backends.Event)) (*backends.Result, error) {
	r, err := l.Backend.Solve(ctx, p, o, e)
	if err != nil {
		return r, err
	}
	return l.lie(p, r), nil
}

// TestWrongClaimsOfTheSolverNeverVerify puts points that are not optimal answers to a check whose backend lies about optimality, points,
// objectives and multipliers. Nothing that it says may verify them.
func TestWrongClaimsOfTheSolverNeverVerify(t *testing.T) {
	truth := options(t)
	rng := rand.New(rand.NewSource(3))
	claim := func(x []float64, duals func(r int) float64, p *model.Model) *backends.Result {
		rows := make([]float64, p.NumRows())
		for r := range rows {
			rows[r] = duals(r)
		}
		f := p.ObjectiveValue(0, x)
		return &backends.Result{Status: model.StatusOptimal, Proof: model.ProofGlobal, Objective: f, Bound: f,
			Point: &model.Point{X: x, RowDuals: rows, VarDuals: make([]float64, len(x))}}
	}
	somewhere := func(p *model.Model) []float64 {
		x := make([]float64, p.NumVars())
		for j := range x {
			lo, hi := p.VarBounds(j)
			x[j] = math.Min(math.Max(math.Round(rng.NormFloat64()*2), lo), hi)
		}
		return x
	}
	lies := []struct {
		name string
		lie  func(p *model.Model, r *backends.Result) *backends.Result
	}{
		{"anything is optimal, no multipliers", func(p *model.Model, _ *backends.Result) *backends.Result {
			return claim(somewhere(p), func(int) float64 { return 0 }, p)
		}},
		{"anything is optimal, random multipliers", func(p *model.Model, _ *backends.Result) *backends.Result {
			return claim(somewhere(p), func(int) float64 { return math.Round(rng.NormFloat64() * 3) }, p)
		}},
		{"huge multipliers", func(p *model.Model, _ *backends.Result) *backends.Result {
			return claim(somewhere(p), func(int) float64 { return rng.NormFloat64() * 1e12 }, p)
		}},
		{"multipliers that are no numbers", func(p *model.Model, _ *backends.Result) *backends.Result {
			return claim(somewhere(p), func(int) float64 { return math.NaN() }, p)
		}},
		{"too short a point", func(p *model.Model, r *backends.Result) *backends.Result {
			c := claim(somewhere(p), func(int) float64 { return 0 }, p)
			c.Point.X = c.Point.X[:len(c.Point.X)-1]
			return c
		}},
		{"a point that is no number", func(p *model.Model, r *backends.Result) *backends.Result {
			c := claim(somewhere(p), func(int) float64 { return 0 }, p)
			c.Point.X[0] = math.NaN()
			return c
		}},
		{"no point", func(*model.Model, *backends.Result) *backends.Result {
			return &backends.Result{Status: model.StatusOptimal}
		}},
		{"no result", func(*model.Model, *backends.Result) *backends.Result { return nil }},
		{"infeasible", func(*model.Model, *backends.Result) *backends.Result {
			return &backends.Result{Status: model.StatusInfeasible, Proof: model.ProofInfeasible}
		}},
	}
	for _, l := range lies {
		t.Run(l.name, func(t *testing.T) {
			refused := 0
			for trial := 0; trial < 120; trial++ {
				r := newRandomBilevel(rng, trial%3 == 0, false)
				all := r.feasible.vertices()
				if len(all) == 0 {
					continue
				}
				phi, _ := r.answers()
				y := all[rng.Intn(len(all))]
				if form(r.quad, y)+dot(r.cost, y) <= phi+1e-6 {
					continue
				}
				opt := truth
				opt.Backend = liar{truth.Backend, l.lie}
				c, err := verify.Check(context.Background(), r.m, append(append([]float64(nil), r.x...), y...), opt)
				if err != nil {
					t.Fatal(err)
				}
				if c.Verified {
					t.Fatalf("trial %d: a point that is not optimal was verified\n%v", trial, c)
				}
				refused++
			}
			if refused < 20 {
				t.Errorf("only %d points were put to the check", refused)
			}
		})
	}
}

func TestLargeAnswerOfTheSolverIsNoMeasure(t *testing.T) {
	// min y over [0, 1e9]: beside an answer of 1e9 from the solver, a gap of 100 must not look small.
	m := model.New("measure")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, 1e9)
	f.Minimize(y)
	m.Leader().Maximize(y)
	truth := options(t)
	opt := truth
	opt.Backend = liar{truth.Backend, func(p *model.Model, _ *backends.Result) *backends.Result {
		return &backends.Result{Status: model.StatusOptimal, Objective: 1e9, Bound: 1e9, Point: &model.Point{X: []float64{1e9}, RowDuals: []float64{}, VarDuals: []float64{0}}}
	}}
	c, err := verify.Check(context.Background(), m, []float64{0, 100}, opt)
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "follower f: objective 100")
}

func TestWrongClaimAboutShadowPricesIsMeasuredAgain(t *testing.T) {
	m, _ := market(false)
	truth := options(t)
	opt := truth
	opt.Backend = liar{truth.Backend, func(p *model.Model, r *backends.Result) *backends.Result {
		if p.Name == "multipliers" && r.Point != nil { // the residual is the column after the multipliers
			r.Point.X[len(r.Point.X)-1] = 0
		}
		return r
	}}
	c, err := verify.Check(context.Background(), m, []float64{15, 10, 5, -3}, opt)
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "balance.dual is not an optimal multiplier")
}
