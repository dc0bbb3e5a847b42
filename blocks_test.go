package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
)

// Six firms plan ten goods each at prices that the leader sets: the local answer is the same with the firms' conditions factorised apart, on one thread or more, and
// as a whole.
func TestWithoutBlocks(t *testing.T) {
	plan := func() *bilevel.Model {
		m := bilevel.NewModel("firms")
		price := m.Leader().Vars("price", 2, 0, 4)
		income := []bilevel.Expr{price[0].Times(price[0]).Times(-0.1)}
		for f := range 6 {
			firm := m.Follower(fmt.Sprintf("firm%d", f))
			q := firm.Vars(fmt.Sprintf("q%d", f), 10, 0, 3)
			var cost []bilevel.Expr
			for j, v := range q {
				want := 1 + float64((3*f+7*j)%5)/2
				cost = append(cost, v.Times(v).Times(0.5), v.Times(price[j%2].Minus(want)))
				income = append(income, v.Times(price[j%2]))
				if j > 0 {
					firm.Constrain(fmt.Sprintf("room%d_%d", f, j), v.Plus(q[j-1]).LE(2))
				}
			}
			firm.Minimize(bilevel.Sum(cost...))
		}
		m.Leader().Maximize(bilevel.Sum(income...))
		return m
	}
	var values []float64
	for _, o := range []bilevel.Options{{}, {Threads: 1}, {Without: []string{"blocks"}}} {
		o.Reform, o.Backend, o.Multistart = "kkt+relax:scholtes", "builtin", 1
		r, err := bilevel.Solve(context.Background(), plan(), o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != bilevel.StatusLocal {
			t.Errorf("%+v: %v", o, r.Status)
		}
		values = append(values, r.Objective)
	}
	if values[0] != values[1] {
		t.Errorf("%v on all processors, %v on one", values[0], values[1])
	}
	if math.Abs(values[0]-values[2]) > 1e-5*(1+math.Abs(values[2])) {
		t.Errorf("%v with blocks, %v without", values[0], values[2])
	}
}
