package bilevelglobal_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs" // solves linear followers of checks
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/bilevelglobal"
	_ "github.com/gobilevel/bilevel/nonlinear/builtin" // local searches
	"github.com/gobilevel/bilevel/verify"
)

// A follower with two wells: which is the deeper one depends on the sign of x. The leader likes the right one, and a positive x.
func ExampleSolve() {
	m := model.New("wells")
	x := m.Leader().Var("x", -1, 1)
	follower := m.Follower("follower")
	y := follower.Var("y", -2, 2)
	follower.Minimize(y.Pow(4).Minus(y.Pow(2).Times(2)).Plus(x.Times(y)))
	m.Leader().Minimize(x.Minus(0.5).Pow(2).Plus(y.Minus(1).Pow(2)))

	var checks verify.Options
	var err error
	if checks.Smooth, err = backends.OpenSmooth("builtin"); err != nil {
		log.Fatal(err)
	}
	if checks.Backend, err = backends.Open("highs"); err != nil {
		fmt.Println("without HiGHS nothing is relaxed")
		return
	}
	a, err := bilevelglobal.Solve(context.Background(), m, bilevelglobal.Options{Verify: checks})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v, proof %v: F = %.3f, bound %.3f, at x = %.3f, y = %.3f\n", a.Status, a.Proof, a.F, a.Bound, a.Point.X[0]+0, a.Point.X[1])
	// Output: optimal, proof global: F = 0.250, bound 0.249, at x = 0.000, y = 1.000
}
