package expr_test

import (
	"fmt"

	"github.com/gobilevel/bilevel/model/expr"
)

// A function, its symbolic gradient, and its Hessian at a point.
func Example() {
	d := expr.New()
	x, y := d.Var(0), d.Var(1)
	f := d.Add(d.Mul(x, d.Unary(expr.OpExp, y)), d.Square(d.Sub(x, y)))
	name := func(v int) string { return []string{"x", "y"}[v] }

	fmt.Println("f =", d.String(f, name))
	for v, g := range d.Gradient(f, []int{0, 1}) {
		fmt.Printf("df/d%s = %s\n", name(v), d.String(g, name))
	}

	tape := d.Compile([]expr.Node{f})
	ws := tape.NewWorkspace()
	rows, cols := tape.HessianPattern()
	vals := make([]float64, len(rows))
	tape.Hessian(ws, []float64{3, 0}, []float64{1}, vals)
	for k := range vals {
		fmt.Printf("d2f/d%s d%s = %g\n", name(int(rows[k])), name(int(cols[k])), vals[k])
	}
	// Output:
	// f = x*exp(y) + (x - y)^2
	// df/dx = 2*x - 2*y + exp(y)
	// df/dy = 2*y - 2*x + x*exp(y)
	// d2f/dx dx = 2
	// d2f/dy dx = -1
	// d2f/dy dy = 5
}

// What a follower's convexity test asks: the shape in y, with x a fixed parameter.
func ExampleDAG_Curvature() {
	d := expr.New()
	x, y := d.Var(0), d.Var(1)
	f := d.Mul(x, d.Unary(expr.OpExp, y))
	own := func(v int) bool { return v == 1 }
	for _, lo := range []float64{0, -1} {
		bounds := func(int) (float64, float64) { return lo, 5 }
		fmt.Printf("x >= %g: %v\n", lo, d.Curvature(f, own, bounds))
	}
	// Output:
	// x >= 0: convex
	// x >= -1: unknown
}
