package ipopt_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// The smooth program of a model, solved from a start, and once more with a bound changed, from the solution with its multipliers.
func ExampleSolver() {
	m := model.New("box")
	l := m.Leader()
	x, y := l.Var("x", 0, 10), l.Var("y", 0, 10)
	l.Minimize(x.Plus(y.Times(2)))
	l.Constrain("area", model.Log(x).Plus(model.Log(y)).GE(1))
	p, err := smooth.Compile(m)
	if err != nil {
		log.Fatal(err)
	}
	solver, ctx := ipopt.NewSolver(), context.Background()
	a, err := solver.Solve(ctx, p, smooth.Start{X: []float64{1, 1}}, smooth.Options{})
	if err != nil {
		log.Fatal(err) // the library is not on this machine
	}
	fmt.Printf("%v: %.4f at %.4f, multiplier %.4f\n", a.Status, a.Objective, a.X, a.Rows[0])

	p.SetBounds(x.Index(), 0, 2)
	a, err = solver.Solve(ctx, p, smooth.Start{X: a.X, Rows: a.Rows, Lower: a.Lower, Upper: a.Upper}, smooth.Options{Warm: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v: %.4f at %.4f\n", a.Status, a.Objective, a.X)
}
