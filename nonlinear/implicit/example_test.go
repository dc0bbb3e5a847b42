package implicit_test

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/implicit"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// The follower answers max(x, 0), whose kink is where the leader is best off.
func ExampleSolve() {
	m := model.New("kink")
	x := m.Leader().Var("x", -3, 3)
	f := m.Follower("f")
	y := f.Var("y", 0, model.Inf)
	f.Minimize(y.Minus(x).Pow(2))
	m.Leader().Minimize(x.Times(x).Plus(y.Times(3)).Minus(x))
	p, err := response.New(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := implicit.Solve(context.Background(), p, []float64{1, 0}, implicit.Options{Smooth: &newton.Solver{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, objective %.4f, aggregate below 1e-5: %v\n", r.Status, math.Abs(r.Objective), r.Residual < 1e-5)
	// Output: local, objective 0.0000, aggregate below 1e-5: true
}
