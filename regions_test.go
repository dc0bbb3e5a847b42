package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// fewLinks is a random model in which one to three variables of the leader reach one or two followers, by prices and by right-hand sides. Data are small
// integers, so that ties and repeated rows are common; some followers have equations, some have no feasible answer to some decisions, and some no bound.
func fewLinks(seed uint64) *model.Model {
	r := rand.New(rand.NewPCG(seed, 99))
	whole := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	m := bilevel.NewModel(fmt.Sprintf("few links %d", seed))
	lead := m.Leader()
	k := 1 + r.IntN(3)
	theta := make([]model.Var, k)
	for i := range theta {
		lo, hi := whole(-3, 0), whole(1, 6)
		switch r.IntN(6) {
		case 0:
			hi = bilevel.Inf
		case 1:
			theta[i] = lead.Integer(fmt.Sprintf("t%d", i), lo, hi)
			continue
		}
		theta[i] = lead.Var(fmt.Sprintf("t%d", i), lo, hi)
	}
	own := lead.Var("own", 0, 10)
	cost := []model.Expr{own.Times(whole(-2, 3))}
	for _, v := range theta {
		cost = append(cost, v.Times(whole(-3, 3)))
	}
	// "determined" problems show the leader what a strictly convex follower has one answer for.
	determined := r.IntN(2) == 0
	var couple []model.Expr
	for p := range 1 + r.IntN(2) {
		f := m.Follower(fmt.Sprintf("f%d", p))
		n := 2 + r.IntN(4)
		y := make([]model.Var, n)
		for j := range y {
			lo, hi := whole(-2, 0), bilevel.Inf
			switch r.IntN(5) {
			case 0:
				lo = math.Inf(-1)
			case 1, 2:
				hi = whole(2, 6)
			}
			y[j] = f.Var(fmt.Sprintf("y%d_%d", p, j), lo, hi)
		}
		var terms []model.Expr
		curved := determined || r.IntN(3) == 0
		for j := range y {
			terms = append(terms, y[j].Times(whole(-1, 4)))
			if r.IntN(2) == 0 {
				terms = append(terms, theta[r.IntN(k)].Times(y[j]).Times(whole(-2, 2)))
			}
			if curved && (determined || r.IntN(2) == 0) {
				terms = append(terms, y[j].Times(y[j]).Times(whole(1, 2)))
			}
		}
		if curved {
			d := y[0].Minus(y[n-1])
			terms = append(terms, d.Times(d))
		}
		f.Minimize(model.Sum(terms...))
		for i := range 2 + r.IntN(3) {
			var row []model.Expr
			for j := range y {
				if r.IntN(3) > 0 {
					row = append(row, y[j].Times(whole(-2, 3)))
				}
			}
			row = append(row, y[r.IntN(n)].Times(1))
			if r.IntN(3) > 0 {
				row = append(row, theta[r.IntN(k)].Times(whole(-2, 2)))
			}
			s, rhs := model.Sum(row...), whole(0, 8)
			name := fmt.Sprintf("c%d_%d", p, i)
			switch r.IntN(6) {
			case 0:
				f.Constrain(name, s.Eq(whole(0, 3)))
			case 1:
				f.Constrain(name, s.Between(-rhs, rhs))
			case 2:
				f.Constrain(name, s.GE(-rhs))
				f.Constrain(name+"again", s.Times(2).GE(-2*rhs))
			default:
				f.Constrain(name, s.LE(rhs))
			}
		}
		for j := range y {
			cost = append(cost, y[j].Times(whole(-3, 3)))
		}
		couple = append(couple, y[r.IntN(n)].Times(1))
	}
	if r.IntN(3) > 0 {
		lead.Constrain("couple", model.Sum(couple...).Plus(own).GE(whole(-4, 3)))
	}
	if r.IntN(3) == 0 && k > 1 {
		lead.Constrain("plan", theta[0].Plus(theta[1]).LE(whole(1, 5)))
	}
	if r.IntN(2) == 0 {
		lead.Minimize(model.Sum(cost...))
	} else {
		lead.Maximize(model.Sum(cost...))
	}
	return m
}

// The regions and the search on pairs prove the same.
func TestRegionsAgainstTheSearch(t *testing.T) {
	needsHighs(t)
	n := fromEnv("BILEVEL_REGIONS", 150)
	first := fromEnv("BILEVEL_SEED", 1)
	tally := map[string]int{}
	for k := range n {
		seed := uint64(first + k)
		m := fewLinks(seed)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		a, errA := bilevel.Solve(ctx, m, bilevel.Options{Reform: "regions"})
		b, errB := bilevel.Solve(ctx, m, bilevel.Options{Reform: "kkt", Backend: "branch"})
		cancel()
		if errB != nil {
			t.Fatalf("seed %d: %v", seed, errB)
		}
		if errA != nil {
			if !refused(errA) {
				t.Errorf("seed %d: %v", seed, errA)
			}
			tally["refused"]++
			continue
		}
		tally[a.Proof.String()+"/"+b.Proof.String()]++
		if a.Proof != b.Proof {
			t.Errorf("seed %d: proof %v, the search's %v; objectives %v and %v; %q", seed, a.Proof, b.Proof, a.Objective, b.Objective, a.Notes)
			continue
		}
		if a.Proof == bilevel.ProofGlobal && math.Abs(a.Objective-b.Objective) > 2e-6*math.Max(1, math.Abs(b.Objective)) {
			t.Errorf("seed %d: optimum %v, the search's %v; %q", seed, a.Objective, b.Objective, a.Notes)
		}
	}
	t.Log(tally)
}
