package regions

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// envelope is a model in which the follower picks the largest of n lines in θ in [lo, hi], whose breakpoints are at, at+1, at+2, ...; the leader wants the middle one, which only decisions in
// an interval of length one give.
func envelope(lo, hi, at float64, n int) *model.Model {
	m := model.New("envelope")
	theta := m.Leader().Var("t", lo, hi)
	f := m.Follower("f")
	y := f.Vars("y", n, 0, model.Inf)
	var cost, sum []model.Expr
	c := 0.0
	for k := range y {
		if k > 0 {
			c += at + float64(k-1)
		}
		cost, sum = append(cost, y[k].Times(c), theta.Times(y[k]).Times(-float64(k))), append(sum, y[k].Times(1))
	}
	f.Minimize(model.Sum(cost...))
	f.Constrain("one", model.Sum(sum...).Eq(1))
	m.Leader().Maximize(y[n/2])
	return m
}

// A region of length one is found wherever it is in a box of any length, and an optimum is proven.
func TestLongBoxes(t *testing.T) {
	solver(t)
	for _, c := range []struct{ lo, hi, at float64 }{{0, 10, 1}, {0, 1e6, 1}, {0, 1e9, 1}, {0, 1e12, 1}, {-1e12, 1e12, 1}, {-1e12, 20, 1}, {0, model.Inf, 1}, {0, model.Inf, 1e5}, {0, model.Inf, 1e6}, {-model.Inf, model.Inf, 1e5},
		{-model.Inf, model.Inf, -1e5}, {1e6, 1e7, 2e6}} {
		for _, n := range []int{3, 5, 9} {
			m := envelope(c.lo, c.hi, c.at, n)
			kkt, err := reform.KKT{}.Apply(context.Background(), m)
			if err != nil {
				t.Fatal(err)
			}
			p, err := New(m, kkt.Model)
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Solve(context.Background(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if name := fmt.Sprintf("[%v, %v], lines from %v, %d of them", c.lo, c.hi, c.at, n); r.Proof != model.ProofGlobal || math.Abs(r.Objective-1) > 1e-6 {
				t.Errorf("%s: proof %v, objective %v, %q; the optimum is 1", name, r.Proof, r.Objective, r.Why)
			}
		}
	}
}
