package mpcc_test

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// The point of the first quadrant's axes that is nearest to (1, 2).
func Example() {
	m := model.New("axes")
	l := m.Leader()
	x, y := l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf)
	l.Complement("either", x, y)
	dx, dy := x.Minus(1), y.Minus(2)
	l.Minimize(dx.Times(dx).Plus(dy.Times(dy)))

	p, err := mpcc.FromModel(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := mpcc.Solve(context.Background(), p, []float64{1, 1}, mpcc.Options{Solver: &newton.Solver{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, value %.4f at (%.4f, %.4f), %v, %v\n", r.Status, r.Objective, r.X[0], r.X[1], r.Pattern[0], r.Label)
	// Output: local, value 1.0000 at (0.0000, 2.0000), G = 0, S-stationary
}

// The names are those that ParseMethod reads.
func ExampleMethods() {
	for _, method := range mpcc.Methods()[:5] {
		fmt.Println(method)
	}
	// Output:
	// scholtes
	// scholtes-sum
	// lin-fukushima
	// kadrani
	// steffensen-ulbrich
}
