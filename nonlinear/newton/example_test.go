package newton_test

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// A model without followers becomes a program, which the solver takes with a start. The multipliers of the answer make the next solve, after a
// change, a warm one.
func Example() {
	m := model.New("arc")
	x, y := m.Leader().Var("x", 0, 10), m.Leader().Var("y", 0, 10)
	m.Leader().Minimize(x.Plus(y))
	m.Leader().Constrain("hyperbola", x.Times(y).GE(4))
	p, err := smooth.Compile(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	solver := &newton.Solver{}
	a, err := solver.Solve(context.Background(), p, smooth.Start{X: []float64{5, 1}}, smooth.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %.6f at (%.6f, %.6f), multiplier %.6f\n", a.Status, a.Objective, a.X[0], a.X[1], a.Rows[0])

	p.SetRowBounds(0, 4.41, 1e20)
	b, err := solver.Solve(context.Background(), p, smooth.Start{X: a.X, Rows: a.Rows, Lower: a.Lower, Upper: a.Upper}, smooth.Options{Warm: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %.6f, fewer iterations: %v\n", b.Status, b.Objective, b.Iterations < a.Iterations)
	// Output:
	// optimal: 4.000000 at (2.000000, 2.000000), multiplier -0.500000
	// optimal: 4.200000, fewer iterations: true
}
