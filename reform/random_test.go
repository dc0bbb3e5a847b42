package reform_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// generous is a big-M that bounds all that the random instances have.
const generous = 1e6

// chains are the chains of passes that a bilevel-feasible point is sent through, there and back.
var chains = [][]reform.Pass{
	{reform.KKT{}},
	{reform.KKT{Inequality: true}},
	{reform.StrongDuality{}},
	{reform.KKT{}, reform.BigM{Given: generous}},
	{reform.KKT{}, reform.SOS1{}},
	{reform.KKT{}, reform.SOS1{}, reform.Binaries{Given: generous}},
	{reform.KKT{}, reform.Indicator{}},
	{reform.KKT{}, reform.Indicator{}, reform.Binaries{Given: generous}},
	{reform.PriceProduct{}},
	{reform.PriceProduct{}, reform.KKT{Inequality: true}},
	{reform.PriceProduct{}, reform.KKT{}, reform.BigM{Given: generous}},
	{reform.KKT{}, reform.Relax{Kind: reform.Scholtes}},
	{reform.KKT{}, reform.Relax{Kind: reform.LinFukushima}},
	{reform.KKT{}, reform.Relax{Kind: reform.SteffensenUlbrich}},
	{reform.KKT{}, reform.Relax{Kind: reform.KanzowSchwartz}},
	{reform.KKT{}, reform.NCP{Kind: reform.FischerBurmeister}},
	{reform.KKT{}, reform.NCP{Kind: reform.PenalisedFB}},
	{reform.KKT{}, reform.NCP{Kind: reform.MinFunction}},
	{reform.KKT{}, reform.Product{}},
	{reform.KKT{}, reform.Penalty{}},
	{reform.Convexify{}},
	{reform.Convexify{}, reform.KKT{}, reform.SOS1{}},
}

// TestLiftAndRecover sends the optimal points of random instances, with the followers' multipliers that enumeration found, through the passes:
// every pass must keep them feasible, keep the leader's objective, and give them back as they were.
func TestLiftAndRecover(t *testing.T) {
	ctx := context.Background()
	through := make([]int, len(chains))
	for seed := uint64(200001); seed <= 200900; seed++ {
		in, traits := reformtest.Random(seed)
		if seed > 200700 { // the rare combinations
			r := rand.New(rand.NewPCG(seed, 1))
			traits = reformtest.Traits{Followers: 1, Prices: true, Revenue: true, Duals: seed%2 == 0, Quadratic: seed%3 == 0, Ranges: true, Fixed: seed%5 == 0}
			in = reformtest.Generate(r, traits)
		}
		want, err := in.Solve()
		if err != nil || want.Answer != reformtest.Optimal {
			continue
		}
		m := in.Model()
		p := in.Point(want, m)
	chains:
		for i, passes := range chains {
			c := reform.NewChain(m)
			for _, pass := range passes {
				err := c.Apply(ctx, pass)
				var no *reform.NotAcceptedError
				if errors.As(err, &no) {
					continue chains
				}
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
			}
			q, err := c.Lift(p)
			if err != nil {
				t.Errorf("seed %d, %v: %v", seed, c.Names(), err)
				continue
			}
			through[i]++
			if v, where := reformtest.Residual(c.Model(), q.X); v > 1e-6 {
				t.Errorf("seed %d (%v), %v: the lifted point violates %s by %v\n%v%v", seed, traits, c.Names(), where, v, in, q.X)
			}
			if a, b := m.ObjectiveValue(0, p.X), c.Model().ObjectiveValue(0, q.X); math.Abs(a-b) > 1e-6*math.Max(1, math.Abs(a)) {
				t.Errorf("seed %d (%v), %v: the objective becomes %v, was %v\n%v", seed, traits, c.Names(), b, a, in)
			}
			back, err := c.Recover(q)
			if err != nil {
				t.Errorf("seed %d, %v: %v", seed, c.Names(), err)
				continue
			}
			compare(t, seed, c.Names(), "x", p.X, back.X)
			if c.Names()[len(passes)-1] == "kkt" || c.Names()[len(passes)-1] == "kkt-strong" {
				compareDuals(t, seed, c.Names(), m, p, back)
			}
		}
		if t.Failed() {
			return
		}
	}
	for i, n := range through {
		names := []string{}
		for _, p := range chains[i] {
			names = append(names, p.Name())
		}
		t.Logf("%4d points through %v", n, names)
		if n == 0 {
			t.Errorf("no point went through %v", names)
		}
	}
}

func compare(t *testing.T, seed uint64, names []string, what string, want, got []float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("seed %d, %v: %d entries of %s, want %d", seed, names, len(got), what, len(want))
		return
	}
	for j := range want {
		if math.Abs(want[j]-got[j]) > 1e-9*math.Max(1, math.Abs(want[j])) {
			t.Errorf("seed %d, %v: %s[%d] comes back as %v, was %v", seed, names, what, j, got[j], want[j])
		}
	}
}

// compareDuals compares the shadow prices of the followers' rows, and those of the bounds of variables that are not fixed.
func compareDuals(t *testing.T, seed uint64, names []string, m *model.Model, want, got *model.Point) {
	t.Helper()
	compare(t, seed, names, "row dual", want.RowDuals, got.RowDuals)
	for j := range want.VarDuals {
		lo, hi := m.VarBounds(j)
		if _, dual := m.DualOf(j); dual || m.VarOwner(j) == 0 || lo == hi {
			continue
		}
		if math.Abs(want.VarDuals[j]-got.VarDuals[j]) > 1e-7 {
			t.Errorf("seed %d, %v: the dual of %s comes back as %v, was %v", seed, names, m.VarName(j), got.VarDuals[j], want.VarDuals[j])
		}
	}
}

// TestNoMistakes: chains of passes are applied to random instances of which nothing is known; none may make a mistake in the model or
// refuse in another way than by the error that is made for it.
func TestNoMistakes(t *testing.T) {
	for seed := uint64(210001); seed <= 210300; seed++ {
		in, traits := reformtest.Random(seed)
		for _, passes := range chains {
			c := reform.NewChain(in.Model())
			for _, pass := range passes {
				err := c.Apply(context.Background(), pass)
				var no *reform.NotAcceptedError
				if errors.As(err, &no) {
					if no.Pass != pass.Name() || no.Reason == "" {
						t.Errorf("seed %d: %#v", seed, no)
					}
					break
				}
				if err != nil {
					t.Errorf("seed %d (%v), %s: %v", seed, traits, pass.Name(), err)
					break
				}
			}
		}
	}
}
