package expr

import (
	"fmt"
	"testing"
)

// rosenbrock is the chained Rosenbrock function of n variables,
// sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2.
func rosenbrock(d *DAG, n int) Node {
	var coefs []float64
	var args []Node
	for i := range n - 1 {
		x, y := d.Var(i), d.Var(i+1)
		args = append(args, d.Square(d.Sub(y, d.Square(x))), d.Square(d.Sub(d.Const(1), x)))
		coefs = append(coefs, 100, 1)
	}
	return d.Linear(0, coefs, args)
}

func startPoint(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = -1.2 + 2.2*float64(i%7)/6
	}
	return x
}

// control is a discretised control problem: n roots of about ten operations each,
// all of few variables.
func control(d *DAG, n int) []Node {
	var roots []Node
	h := 1 / float64(n)
	for i := range n {
		x, next, u := d.Var(i), d.Var(i+1), d.Var(n+1+i)
		f := d.Linear(0, []float64{1, -1}, []Node{
			d.Mul(d.Unary(OpSin, x), d.Unary(OpExp, d.Neg(u))),
			d.Div(d.Square(x), d.Linear(1, nil, []Node{d.Square(u)})),
		})
		roots = append(roots, d.Linear(0, []float64{1, -1, -h}, []Node{next, x, f}))
	}
	return roots
}

// benchTape times the four evaluations, each at a new point in every iteration, and
// reports the time per operation of the tape.
func benchTape(b *testing.B, d *DAG, roots []Node, n int) {
	tape := d.Compile(roots)
	ws := tape.NewWorkspace()
	x := startPoint(n)
	w := make([]float64, len(roots))
	for k := range w {
		w[k] = 1 + float64(k%3)
	}
	out := make([]float64, len(roots))
	g := make([]float64, n)
	_, jcols := tape.JacobianPattern()
	jac := make([]float64, len(jcols))
	_, hcols := tape.HessianPattern()
	hess := make([]float64, len(hcols))
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x[0] += 1e-12
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(tape.NumInstructions()), "ns/instruction")
		})
	}
	run("Values", func() { tape.Values(ws, x, out) })
	run("Gradient", func() { tape.Gradient(ws, x, w, g) })
	run("Jacobian", func() { tape.Jacobian(ws, x, jac) })
	run("Hessian", func() { tape.Hessian(ws, x, w, hess) })
}

func BenchmarkRosenbrock(b *testing.B) {
	d := New()
	benchTape(b, d, []Node{rosenbrock(d, 10000)}, 10000)
}

func BenchmarkControl(b *testing.B) {
	d := New()
	benchTape(b, d, control(d, 5000), 10001)
}

func BenchmarkCompile(b *testing.B) {
	d := New()
	roots := []Node{rosenbrock(d, 10000)}
	for b.Loop() {
		d.Compile(roots)
	}
}

func BenchmarkBuild(b *testing.B) {
	nodes := 0
	for b.Loop() {
		d := New()
		rosenbrock(d, 100000)
		nodes = d.Len()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
}

func BenchmarkSymbolicGradient(b *testing.B) {
	for _, n := range []int{10, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			base := New()
			f := rosenbrock(base, n)
			vars := base.Vars(f)
			for b.Loop() {
				base.Fork().Gradient(f, vars)
			}
		})
	}
}
