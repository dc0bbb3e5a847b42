package expr

import (
	"math"
	"slices"
	"sync"
	"testing"
)

// Each pair must be one node: the canonical form that hash-consing rests on.
func TestCanonicalForm(t *testing.T) {
	d := New()
	x, y, z := d.Var(0), d.Var(1), d.Var(2)
	c := d.Const
	exp := d.Unary(OpExp, x)
	for _, tc := range []struct {
		name string
		a, b Node
	}{
		{"zero value of Node", c(0), 0},
		{"negative zero", c(math.Copysign(0, -1)), 0},
		{"same variable", d.Var(1), y},
		{"NaN equals itself", c(math.NaN()), c(-math.NaN())},
		{"commuted sum", d.Add(x, y), d.Add(y, x)},
		{"commuted product", d.Mul(x, exp), d.Mul(exp, x)},
		{"associated sum", d.Add(d.Add(x, y), z), d.Add(x, d.Add(y, z))},
		{"associated product", d.Mul(d.Mul(x, y), z), d.Mul(x, d.Mul(z, y))},
		{"x + 0", d.Add(x, 0), x},
		{"x * 1", d.Mul(x, c(1)), x},
		{"x * 0", d.Mul(x, 0), 0},
		{"0 / x", d.Div(0, x), 0},
		{"x ^ 1", d.Pow(x, c(1)), x},
		{"x ^ 0", d.Pow(x, 0), c(1)},
		{"x ^ 0.5", d.Pow(x, c(0.5)), d.Unary(OpSqrt, x)},
		{"x ^ -1", d.Pow(x, c(-1)), d.Div(c(1), x)},
		{"1 ^ x", d.Pow(c(1), x), c(1)},
		{"--x", d.Neg(d.Neg(x)), x},
		{"x - x", d.Sub(x, x), 0},
		{"merged terms", d.Linear(1, []float64{2, 3, -5}, []Node{x, y, x}), d.Linear(1, []float64{-3, 3}, []Node{x, y})},
		{"hoisted coefficients", d.Mul(d.Scale(2, x), d.Scale(3, y)), d.Scale(6, d.Mul(x, y))},
		{"distributed scale", d.Scale(2, d.Add(x, c(1))), d.Linear(2, []float64{2}, []Node{x})},
		{"x * x", d.Mul(x, x), d.Pow(x, c(2))},
		{"x^2 * x^3", d.Mul(d.Pow(x, c(2)), d.Pow(x, c(3))), d.Pow(x, c(5))},
		{"(x^2)^3", d.Pow(d.Square(x), c(3)), d.Pow(x, c(6))},
		{"(2x)^2", d.Square(d.Scale(2, x)), d.Scale(4, d.Square(x))},
		{"3x / 3", d.Div(d.Scale(3, x), c(3)), x},
		{"(2x) / (4y)", d.Div(d.Scale(2, x), d.Scale(4, y)), d.Scale(0.5, d.Div(x, y))},
		{"6 / (2x)", d.Div(c(6), d.Scale(2, x)), d.Div(c(3), x)},
		{"2 * (3/x)", d.Scale(2, d.Div(c(3), x)), d.Div(c(6), x)},
		{"-1 / x", d.Div(c(-1), x), d.Neg(d.Div(c(1), x))},
		{"abs(-2x)", d.Unary(OpAbs, d.Scale(-2, x)), d.Scale(2, d.Unary(OpAbs, x))},
		{"nested min", d.Min(x, d.Min(y, z, x)), d.Min(z, y, x)},
		{"min with constants", d.Min(c(3), x, c(2)), d.Min(x, c(2))},
		{"min of one", d.Min(x, x), x},
		{"a > b", d.Binary(OpGT, x, y), d.Binary(OpLT, y, x)},
		{"a >= b", d.Binary(OpGE, x, y), d.Binary(OpLE, y, x)},
		{"a = b", d.Binary(OpEQ, y, x), d.Binary(OpEQ, x, y)},
		{"if true", d.If(c(2), x, y), x},
		{"if with equal branches", d.If(exp, x, x), x},
		{"not not (x < y)", d.Not(d.Not(d.Binary(OpLT, x, y))), d.Binary(OpLT, x, y)},
		{"(x < y) and true", d.Binary(OpAnd, d.Binary(OpLT, x, y), c(1)), d.Binary(OpLT, x, y)},
		{"x or true", d.Binary(OpOr, x, c(7)), c(1)},
		{"floor of ceil", d.Unary(OpFloor, d.Unary(OpCeil, x)), d.Unary(OpCeil, x)},
		{"exp(0)", d.Unary(OpExp, 0), c(1)},
	} {
		if tc.a != tc.b {
			t.Errorf("%s: %s and %s are two nodes", tc.name, d.String(tc.a, nil), d.String(tc.b, nil))
		}
	}
	for _, tc := range []struct {
		name string
		a, b Node
	}{
		{"x/x keeps its pole", d.Div(x, x), c(1)},
		{"x^2 x^-2 keeps its pole", d.Mul(d.Square(x), d.Pow(x, c(-2))), c(1)},
		{"sqrt(x)^2 keeps its domain", d.Square(d.Unary(OpSqrt, x)), x},
		{"exp(log(x)) keeps its domain", d.Unary(OpExp, d.Unary(OpLog, x)), x},
		{"0/0 is not 0", d.Div(0, 0), 0},
		{"division is not commutative", d.Div(x, y), d.Div(y, x)},
		{"min is not max", d.Min(x, y), d.Max(x, y)},
	} {
		if tc.a == tc.b {
			t.Errorf("%s: one node", tc.name)
		}
	}
}

func TestAccessors(t *testing.T) {
	d := New()
	x, y := d.Var(3), d.Var(1)
	s := d.Linear(2.5, []float64{-1, 4}, []Node{x, y})
	if d.Op(s) != OpSum || d.Value(s) != 2.5 || !slices.Equal(d.Args(s), []Node{x, y}) || !slices.Equal(d.Coefs(s), []float64{-1, 4}) {
		t.Errorf("sum: %v %v %v %v", d.Op(s), d.Value(s), d.Args(s), d.Coefs(s))
	}
	if d.VarIndex(x) != 3 || d.VarIndex(s) != -1 || d.Op(x) != OpVar || len(d.Args(x)) != 0 || d.Coefs(x) != nil {
		t.Error("variable")
	}
	f := d.Mul(d.Unary(OpSin, s), x)
	if got := d.Vars(f); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("variables %v", got)
	}
	if got := d.Size(f); got != 5 {
		t.Errorf("size %d", got)
	}
	ok, at := d.Smooth(d.Add(f, d.Unary(OpAbs, y)))
	if ok || d.Op(at) != OpAbs {
		t.Errorf("smooth: %v %v", ok, at)
	}
	if ok, _ := d.Smooth(f); !ok || len(d.PiecewiseNodes(f)) != 0 {
		t.Error("a smooth function is called piecewise")
	}
}

func TestFlatten(t *testing.T) {
	d := New()
	var args []Node
	for i := range 100 {
		args = append(args, d.Unary(OpExp, d.Var(i)))
	}
	long := d.Sum(args...)
	other := d.Linear(5, []float64{1, 2}, []Node{long, d.Var(0)})
	if len(d.Args(other)) != 2 {
		t.Fatalf("a long sum was flattened into %d terms", len(d.Args(other)))
	}
	n := d.Linear(1, []float64{3, -2}, []Node{other, long})
	c, coefs, flat := d.Flatten(n)
	if c != 16 || len(flat) != 101 {
		t.Fatalf("constant %g, %d terms", c, len(flat))
	}
	for k, a := range flat {
		want := 1.0
		if d.Op(a) == OpVar {
			want = 6
		}
		if coefs[k] != want {
			t.Errorf("%s has coefficient %g", d.String(a, nil), coefs[k])
		}
	}
}

func TestSubstituteAndImport(t *testing.T) {
	d := New()
	x, y := d.Var(0), d.Var(1)
	f := d.Add(d.Mul(x, d.Unary(OpSin, y)), d.Max(x, y, d.Pow(x, y)))
	g := d.Substitute(f, func(v int) (Node, bool) { return d.Linear(1, nil, []Node{y}), v == 0 })
	at := []float64{0.3, 0.7}
	if got, want := d.Eval(g, at), d.Eval(f, []float64{1.7, 0.7}); got != want {
		t.Errorf("substituted: %g, want %g", got, want)
	}
	if same := d.Substitute(f, func(int) (Node, bool) { return 0, false }); same != f {
		t.Error("substituting nothing changed the node")
	}
	if zero := d.Substitute(f, func(int) (Node, bool) { return 0, true }); d.Value(zero) != 1 { // max(0, 0, 0^0)
		t.Errorf("substituting 0: %s", d.String(zero, nil))
	}
	e := New()
	e.Var(9)
	h := e.Import(d, f, func(v int) int { return 1 - v })
	if got, want := e.Eval(h, []float64{0.7, 0.3}), d.Eval(f, at); got != want {
		t.Errorf("imported: %g, want %g", got, want)
	}
	if again := e.Import(d, f, func(v int) int { return 1 - v }); again != h {
		t.Error("a second import made a second node")
	}
}

// Forks and their origin grow side by side without seeing each other. Run with -race.
func TestForkIsIndependent(t *testing.T) {
	base := New()
	f := rosenbrock(base, 50)
	x := startPoint(50)
	want, size := base.Eval(f, x), base.Len()
	var wg sync.WaitGroup
	results := make([]float64, 4)
	grow := func(k int, d *DAG) {
		defer wg.Done()
		n := f
		for i := range 500 {
			n = d.Add(n, d.Unary(OpSin, d.Linear(float64(i*k), nil, []Node{d.Var(i % 60)})))
		}
		d.Gradient(f, []int{0, 1, 2})
		results[k] = d.Eval(f, x)
	}
	for k := range 3 {
		wg.Add(1)
		go grow(k, base.Fork())
	}
	wg.Add(1)
	fork := base.Fork()
	go grow(3, base)
	wg.Wait()
	for k, got := range results {
		if got != want {
			t.Errorf("DAG %d: value %g, want %g", k, got, want)
		}
	}
	if fork.Len() != size {
		t.Errorf("a fork grew from %d to %d nodes with its origin", size, fork.Len())
	}
	// A node that exists is found again, not made again.
	if n := fork.Square(fork.Var(3)); int(n) >= size {
		t.Errorf("the fork made a second node for an old expression")
	}
	if n, m := fork.Unary(OpTan, fork.Var(3)), base.Unary(OpTan, base.Var(3)); n == m {
		t.Errorf("both got id %d for a new node at different lengths", n)
	}
}

// A chain of a million operations must neither overflow the stack nor take more than
// linear time in any walk.
func TestDeepChain(t *testing.T) {
	const depth = 1_000_000
	d := New()
	x := d.Var(0)
	n := x
	for range depth / 2 {
		n = d.Unary(OpSin, d.Linear(0, []float64{1, 0.5}, []Node{n, x}))
	}
	at := []float64{0.4}
	v := d.Eval(n, at)
	if !(math.Abs(v) <= 1) {
		t.Fatalf("value %g", v)
	}
	if got := len(d.String(n, nil)); got < depth {
		t.Errorf("%d characters", got)
	}
	if d.Degree(n, nil) != -1 || d.Curvature(n, nil, nil) != Unknown {
		t.Error("degree or curvature")
	}
	if iv := d.Interval(n, func(int) Interval { return Point(0.4) }); !iv.Contains(v) {
		t.Errorf("%v lacks %g", iv, v)
	}
	tape := d.Compile([]Node{n})
	ws := tape.NewWorkspace()
	g, h := make([]float64, 1), make([]float64, 1)
	tape.Gradient(ws, at, []float64{1}, g)
	tape.Hessian(ws, at, []float64{1}, h)
	if got := d.Eval(d.Derivative(n, 0), at); math.Abs(got-g[0]) > 1e-9*math.Abs(got) {
		t.Errorf("derivative %g, tape %g", got, g[0])
	}
	if copied := New().Import(d, n, nil); copied <= 0 {
		t.Errorf("import gave %d", copied)
	}
	if m := d.Substitute(n, func(int) (Node, bool) { return d.Var(1), true }); d.Eval(m, []float64{0, 0.4}) != v {
		t.Error("substitution changed the value")
	}
}

// Building a sum or product one operand at a time takes linear time and memory.
func TestIncrementalBuilding(t *testing.T) {
	d := New()
	const n = 100_000
	sum, product, least := Node(0), d.Const(1), d.Const(5)
	x := make([]float64, n)
	for i := range n {
		v := d.Var(i)
		x[i] = 1 + 1e-6
		sum, product, least = d.Add(sum, v), d.Mul(product, v), d.Min(least, v)
	}
	near(t, "sum", d.Eval(sum, x), n*(1+1e-6), 0, 1e-8)
	near(t, "product", d.Eval(product, x), math.Exp(n*math.Log1p(1e-6)), 0, 1e-9)
	near(t, "min", d.Eval(least, x), 1+1e-6, 0, 0)
	if len(d.args) > 40*n {
		t.Errorf("%d arguments for %d operands", len(d.args), n)
	}
}

// A misuse of a constructor is a programming error and says so.
func TestPanics(t *testing.T) {
	d := New()
	for name, f := range map[string]func(){
		"negative variable": func() { d.Var(-1) },
		"unary with *":      func() { d.Unary(OpMul, 0) },
		"binary with sin":   func() { d.Binary(OpSin, d.Var(0), 0) },
		"lengths":           func() { d.Linear(0, []float64{1}, nil) },
		"short point": func() {
			tape := d.Compile([]Node{d.Var(4)})
			tape.Values(tape.NewWorkspace(), make([]float64, 4), make([]float64, 1))
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
