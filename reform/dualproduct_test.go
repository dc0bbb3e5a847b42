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

// earnings is what is earned by some of a follower's variables, at the shadow prices of the rows that they stand in: Σ_S y_j Σ_r a_rj d_r;
// and, where the leader's variables stand in rows, what their contributions are worth: Σ_r d_r Σ_k b_rk x_k and the products of
// leader's and follower's variables in the follower's objective. Both can be written without products of multipliers: the first where the
// leader's variables stand in no row and price nothing outside S, the second always.
func earnings(in *reformtest.Instance, m *model.Model, follower int, of func(j int) bool, contribution bool) (model.Expr, bool) {
	sum, products := model.Const(0), 0
	for r, row := range in.Rows {
		if row.Owner != follower {
			continue
		}
		for j, a := range row.A {
			takes := in.Vars[j].Owner == follower && of(j)
			if contribution {
				takes = in.Vars[j].Owner == 0
			}
			if a != 0 && takes && hasOwn(in, row) {
				sum = sum.Plus(m.DualVar(r).Times(m.Var(j)).Times(a))
				products++
			}
		}
	}
	if contribution {
		for _, q := range in.Players[follower].Quad {
			if (in.Vars[q.I].Owner == 0) != (in.Vars[q.J].Owner == 0) {
				sum = sum.Plus(m.Var(q.I).Times(m.Var(q.J)).Times(q.Coef))
			}
		}
	}
	return sum, products > 0
}

func hasOwn(in *reformtest.Instance, row reformtest.Row) bool {
	for j, a := range row.A {
		if a != 0 && in.Vars[j].Owner == row.Owner {
			return true
		}
	}
	return false
}

// TestDualProductKeepsValues sends bilevel-feasible points with their multipliers through the pass: objective and constraints that hold
// products of multipliers keep their values, for every choice of multipliers.
func TestDualProductKeepsValues(t *testing.T) {
	ctx := context.Background()
	replaced, refused := map[bool]int{}, map[bool]int{}
	for seed := uint64(1); seed <= 1500; seed++ {
		r := rand.New(rand.NewPCG(seed, 77))
		traits := reformtest.Traits{Followers: 1 + r.IntN(2), Nash: r.IntN(3) == 0, Prices: r.IntN(2) == 0, Duals: true, Quadratic: r.IntN(3) == 0, Equality: r.IntN(2) == 0,
			Ranges: r.IntN(3) == 0, Free: r.IntN(3) == 0, Fixed: r.IntN(4) == 0, Ties: r.IntN(2) == 0, Duplicates: r.IntN(4) == 0, Empty: r.IntN(8) == 0, LeaderRows: r.IntN(4) == 0}
		in := reformtest.Generate(r, traits)
		contribution := r.IntN(2) == 0
		if !contribution { // the leader's variables stand in no row, and price what is in S
			for i, row := range in.Rows {
				if row.Owner == 0 || traits.LeaderRows && !hasOwn(in, row) {
					continue
				}
				for j := range row.A {
					if in.Vars[j].Owner == 0 {
						in.Rows[i].A[j] = 0
					}
				}
			}
		}
		want, err := in.Solve()
		if err != nil || want.Answer != reformtest.Optimal {
			continue
		}
		m := in.Model()
		f := 1 + r.IntN(traits.Followers)
		sells := map[int]bool{}
		for j := range in.Vars {
			sells[j] = r.IntN(2) == 0
		}
		for _, q := range in.Players[f].Quad {
			if in.Vars[q.I].Owner == 0 {
				sells[q.J] = true
			} else if in.Vars[q.J].Owner == 0 {
				sells[q.I] = true
			}
		}
		earned, any := earnings(in, m, f, func(j int) bool { return sells[j] }, contribution)
		if !any {
			continue
		}
		inRow := r.IntN(3) == 0
		if inRow {
			m.Leader().Constrain("earned", earned.Between(-model.Inf, 0))
		} else if r.IntN(2) == 0 {
			m.Leader().Maximize(earned)
		} else {
			m.Leader().Minimize(earned)
		}
		p := in.Point(want, m)
		if inRow { // exactly what the point has, so that the new row is checked, too
			v := m.RowValue(m.NumRows()-1, p.X)
			m.SetRowBounds(m.NumRows()-1, v, v)
		}
		if (reform.DualProduct{}).Accepts(m) != nil {
			refused[contribution]++
			var no *reform.NotAcceptedError
			if !traits.Quadratic && (!traits.Nash || traits.Followers == 1) {
				t.Errorf("seed %d (%v): refused, though strong duality gives the answer: %v", seed, traits, (reform.DualProduct{}).Accepts(m))
			}
			if err := (reform.DualProduct{}).Accepts(m); !errors.As(err, &no) || no.Reason == "" {
				t.Errorf("seed %d: %v", seed, err)
			}
			continue
		}
		replaced[contribution]++
		for _, next := range [][]reform.Pass{nil, {reform.KKT{}}, {reform.KKT{Inequality: true}}} {
			c := reform.NewChain(m)
			for _, pass := range append([]reform.Pass{reform.DualProduct{}}, next...) {
				if err := c.Apply(ctx, pass); err != nil {
					t.Fatalf("seed %d (%v): %v\n%v", seed, traits, err, in)
				}
			}
			q, err := c.Lift(p)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if v, where := reformtest.Residual(c.Model(), q.X); v > 1e-6 {
				t.Errorf("seed %d (%v), %v: the lifted point violates %s by %v\n%v", seed, traits, c.Names(), where, v, in)
			}
			if a, b := m.ObjectiveValue(0, p.X), c.Model().ObjectiveValue(0, q.X); math.Abs(a-b) > 1e-6*math.Max(1, math.Abs(a)) {
				t.Errorf("seed %d (%v), %v: the objective becomes %v, was %v\n%v", seed, traits, c.Names(), b, a, in)
			}
			back, err := c.Recover(q)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			compare(t, seed, c.Names(), "x", p.X, back.X)
			if len(next) > 0 {
				compareDuals(t, seed, c.Names(), m, p, back)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("replaced %v, refused %v", replaced, refused)
	if replaced[false] < 200 || replaced[true] < 100 {
		t.Errorf("only %v instances went through, %v were refused", replaced, refused)
	}
}
