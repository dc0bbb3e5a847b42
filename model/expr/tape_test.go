package expr

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

func TestEvaluationsDoNotAllocate(t *testing.T) {
	d := New()
	roots := append(control(d, 50), rosenbrock(d, 20))
	// An element that is swept, and the slow paths of the interpreter.
	roots = append(roots, logSumExp(d, 3, 200),
		d.Min(d.Var(0), d.Binary(OpRound, d.Var(1), d.Const(2)), d.Binary(OpAtan2, d.Var(2), d.Var(3))))
	tape := d.Compile(roots)
	if len(tape.hess.elements) == 0 {
		t.Fatal("no element is swept")
	}
	ws := tape.NewWorkspace()
	x := startPoint(tape.Width())
	w := make([]float64, len(roots))
	for k := range w {
		w[k] = 1
	}
	out := make([]float64, len(roots))
	g := make([]float64, len(x))
	_, jcols := tape.JacobianPattern()
	jac := make([]float64, len(jcols))
	_, hcols := tape.HessianPattern()
	hess := make([]float64, len(hcols))
	box, iout := make([]Interval, len(x)), make([]Interval, len(roots))
	for name, f := range map[string]func(){
		"Values":    func() { tape.Values(ws, x, out) },
		"Gradient":  func() { tape.Gradient(ws, x, w, g) },
		"Jacobian":  func() { tape.Jacobian(ws, x, jac) },
		"Hessian":   func() { tape.Hessian(ws, x, w, hess) },
		"Intervals": func() { tape.Intervals(ws, box, iout) },
	} {
		if n := testing.AllocsPerRun(10, func() { x[0] += 1e-9; f() }); n != 0 {
			t.Errorf("%s: %g allocations", name, n)
		}
	}
}

// logSumExp is log(sum of m exponentials of affine functions of n variables).
func logSumExp(d *DAG, n, m int) Node {
	rng := rand.New(rand.NewPCG(1, 1))
	var terms []Node
	for range m {
		coefs, args := make([]float64, n), make([]Node, n)
		for i := range n {
			coefs[i], args[i] = rng.Float64()-0.5, d.Var(i)
		}
		terms = append(terms, d.Unary(OpExp, d.Linear(0, coefs, args)))
	}
	return d.Unary(OpLog, d.Sum(terms...))
}

// Where edges would multiply, elements are swept; the rest is not, and both agree with
// the symbolic derivatives.
func TestSweptElements(t *testing.T) {
	d := New()
	x, y := d.Var(0), d.Var(1)
	lse := logSumExp(d, 4, 300)
	many := d.Const(1)
	for i := range 200 {
		many = d.Mul(many, d.Linear(2, nil, []Node{d.Unary(OpSin, d.Linear(float64(i), nil, []Node{x}))}))
	}
	roots := []Node{
		d.Linear(1, []float64{2, -3, 1}, []Node{lse, d.Mul(x, y), d.Square(d.Var(6))}),
		d.Add(lse, d.Unary(OpExp, d.Sub(x, d.Var(7)))),
		d.Mul(d.Unary(OpSin, lse), d.Var(5)), // an element inside another
		d.Scale(1e-60, many),
		x,
		d.Const(4),
	}
	for i := range 10 { // enough variables to look at each term
		roots = append(roots, d.Mul(d.Var(i), d.Unary(OpExp, d.Var(i+1))))
	}
	tape := d.Compile(roots)
	if len(tape.hess.elements) == 0 || len(tape.hess.rest) == 0 {
		t.Fatalf("%d elements swept, %d not", len(tape.hess.elements), len(tape.hess.rest))
	}
	at := []float64{0.1, -0.4, 0.7, 0.2, 0, 0.9, -1.3, 0.5, 1, -1, 0.6}
	checkTape(t, d, tape, roots, at, 1e-9)
	at[0] = 0.3 // the workspace must be clean after the first call
	checkTape(t, d, tape, roots, at, 1e-9)
}

// Roots that share long subexpressions must not be swept one by one over all of them.
func TestSharedSubexpressions(t *testing.T) {
	d := New()
	x, y := d.Var(0), d.Var(1)
	shared := d.Unary(OpSin, x)
	for range 1500 {
		shared = d.Unary(OpSin, d.Linear(0.1, []float64{1, 0.2}, []Node{shared, y}))
	}
	var roots []Node
	for i := range 100 {
		roots = append(roots, d.Mul(d.Var(2+i%5), d.Add(shared, d.Unary(OpCos, d.Scale(float64(i+1), x)))))
	}
	tape := d.Compile(roots)
	if len(tape.jac.cuts) == 0 {
		t.Fatal("no cuts")
	}
	work := len(tape.jac.list)
	for _, r := range tape.jac.roots {
		if r.whole {
			work += r.to - r.from
		}
	}
	if work > 3*tape.NumInstructions() {
		t.Errorf("%d instructions for a tape of %d", work, tape.NumInstructions())
	}
	checkTape(t, d, tape, roots, []float64{0.2, 0.3, 1, 2, 3, 4, 5}, 1e-8)
}

// The Hessian of the chained Rosenbrock function by hand:
// h[i,i] = 1200 x[i]^2 - 400 x[i+1] + 2 + 200, h[i+1,i] = -400 x[i].
func TestRosenbrockByHand(t *testing.T) {
	const n = 2000
	d := New()
	f := rosenbrock(d, n)
	tape := d.Compile([]Node{f})
	x := startPoint(n)
	rows, cols := tape.HessianPattern()
	if len(rows) != 2*n-1 {
		t.Fatalf("%d places, want %d", len(rows), 2*n-1)
	}
	vals := make([]float64, len(rows))
	tape.Hessian(tape.NewWorkspace(), x, []float64{1}, vals)
	for k, v := range vals {
		i, j := int(rows[k]), int(cols[k])
		want := 0.0
		switch {
		case i == j+1:
			want = -400 * x[j]
		case i == j:
			if i < n-1 {
				want += 1200*x[i]*x[i] - 400*x[i+1] + 2
			}
			if i > 0 {
				want += 200
			}
		default:
			t.Fatalf("place (%d, %d)", i, j)
		}
		near(t, "entry", v, want, 0, 1e-12)
	}
}

// Constants, variables, equal roots and functions without a derivative are roots too.
func TestDegenerateRoots(t *testing.T) {
	d := New()
	x, y := d.Var(2), d.Var(5)
	s := d.Unary(OpSin, d.Mul(x, y))
	roots := []Node{0, d.Const(7), x, y, s, s, d.Unary(OpFloor, x), d.Binary(OpLT, x, y), d.Neg(x)}
	checkModes(t, d, roots, []float64{0, 0, 0.3, 0, 0, 1.7}, 1e-12)
	empty := d.Compile(nil)
	ws := empty.NewWorkspace()
	empty.Values(ws, nil, nil)
	empty.Gradient(ws, nil, nil, nil)
	empty.Jacobian(ws, nil, nil)
	empty.Hessian(ws, nil, nil, nil)
	if empty.NumRoots() != 0 || empty.Width() != 0 || len(empty.Vars()) != 0 {
		t.Error("an empty tape is not empty")
	}
}

// Goroutines share a tape, each with its workspace. Run with -race.
func TestTapeIsShared(t *testing.T) {
	d := New()
	roots := control(d, 40)
	tape := d.Compile(roots)
	_, cols := tape.HessianPattern()
	w := make([]float64, len(roots))
	for k := range w {
		w[k] = 1
	}
	run := func() []float64 {
		ws := tape.NewWorkspace()
		vals := make([]float64, len(cols))
		for range 20 {
			tape.Hessian(ws, startPoint(tape.Width()), w, vals)
		}
		return vals
	}
	want := run()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for k, v := range run() {
				if v != want[k] {
					t.Errorf("entry %d: %g, want %g", k, v, want[k])
				}
			}
		})
	}
	wg.Wait()
}

// The forward sweep is shared between calls at one point, and not across points.
func TestWorkspaceFollowsThePoint(t *testing.T) {
	d := New()
	x := d.Var(0)
	tape := d.Compile([]Node{d.Mul(d.Unary(OpExp, x), x)})
	ws := tape.NewWorkspace()
	out, g := make([]float64, 1), make([]float64, 1)
	at := []float64{0}
	for _, v := range []float64{0, 1, math.NaN(), 2, 0, math.Copysign(0, -1)} {
		at[0] = v
		tape.Values(ws, at, out)
		g[0] = 0
		tape.Gradient(ws, at, []float64{1}, g)
		value, slope := v*math.Exp(v), (1+v)*math.Exp(v)
		near(t, "value", out[0], value, 0, 1e-15)
		near(t, "slope", g[0], slope, 0, 1e-15)
	}
}

// Many small roots over many variables compile in time linear in their number.
func TestManyRoots(t *testing.T) {
	d := New()
	roots := control(d, 20000)
	tape := d.Compile(roots)
	rows, _ := tape.JacobianPattern()
	if len(rows) != 3*20000 {
		t.Errorf("%d Jacobian places", len(rows))
	}
	hrows, _ := tape.HessianPattern()
	if len(hrows) != 3*20000 {
		t.Errorf("%d Hessian places", len(hrows))
	}
}
