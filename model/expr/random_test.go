package expr

import (
	"math"
	"math/rand/v2"
	"testing"
)

// generator makes random DAGs whose values stay moderate.
type generator struct {
	*rand.Rand
	d    *DAG
	vars int
	pool []Node
	// smooth leaves out operations with kinks.
	smooth bool
}

func newGenerator(seed uint64, vars int, smooth bool) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), d: New(), vars: vars, smooth: smooth}
	for i := range vars {
		g.pool = append(g.pool, g.d.Var(i))
	}
	return g
}

// pick prefers recent nodes, so that expressions get deep.
func (g *generator) pick() Node {
	if g.IntN(3) == 0 {
		return g.pool[g.IntN(len(g.pool))]
	}
	return g.pool[len(g.pool)-1-g.IntN(min(6, len(g.pool)))]
}

// tame maps a into [-1, 1].
func (g *generator) tame(a Node) Node { return g.d.Unary(OpSin, a) }

// positive maps a into [0.5, 2.5].
func (g *generator) positive(a Node) Node { return g.d.Linear(1.5, nil, []Node{g.tame(a)}) }

func (g *generator) coef() float64 { return math.Round(8*(2*g.Float64()-1)) / 4 }

// grow adds one random operation.
func (g *generator) grow() {
	d := g.d
	a, b := g.pick(), g.pick()
	var n Node
	kinds := 16
	if !g.smooth {
		kinds = 24
	}
	switch g.IntN(kinds) {
	case 0, 1:
		n = d.Linear(g.coef(), []float64{g.coef(), g.coef(), 0.5}, []Node{a, b, g.pick()})
	case 2:
		args := make([]Node, 2+g.IntN(5))
		coefs := make([]float64, len(args))
		for k := range args {
			args[k], coefs[k] = g.pick(), g.coef()
		}
		n = d.Linear(0.5, coefs, args)
	case 3, 4:
		n = d.Mul(g.tame(a), b)
	case 5:
		n = d.Product(g.tame(a), g.tame(b), g.pick(), g.positive(g.pick()))
	case 6:
		n = d.Div(a, g.positive(b))
	case 7:
		n = d.Pow(g.tame(a), d.Const(float64(2+g.IntN(4))))
	case 8:
		n = d.Pow(g.positive(a), d.Const([]float64{-3, -2, -1, -0.5, 0.5, 1.5, 2.5, 40}[g.IntN(7)]))
	case 9:
		n = d.Pow(g.positive(a), g.tame(b))
	case 10:
		n = d.Pow(d.Const(0.5+g.Float64()), g.tame(a))
	case 11:
		ops := []Op{OpExp, OpSin, OpCos, OpTan, OpAtan, OpSinh, OpCosh, OpTanh, OpAsinh}
		n = d.Unary(ops[g.IntN(len(ops))], g.tame(a))
	case 12:
		ops := []Op{OpAsin, OpAcos, OpAtanh}
		n = d.Unary(ops[g.IntN(len(ops))], d.Scale(0.75, g.tame(a)))
	case 13:
		ops := []Op{OpSqrt, OpLog, OpLog10}
		n = d.Unary(ops[g.IntN(len(ops))], g.positive(a))
	case 14:
		n = d.Unary(OpAcosh, d.Linear(1, nil, []Node{g.positive(a)}))
	case 15:
		n = d.Binary(OpAtan2, g.positive(a), b)
	case 16:
		n = d.Min(a, b)
	case 17:
		n = d.Max(a, b, g.pick(), d.Const(g.coef()))
	case 18:
		n = d.If(d.Binary(OpLE, a, b), g.pick(), d.Unary(OpLog, g.positive(b)))
	case 19:
		// The branch not taken is outside its domain.
		n = d.If(d.Binary(OpGT, a, 0), d.Unary(OpSqrt, a), d.Mul(a, g.tame(b)))
	case 20:
		n = d.Binary(OpLess, a, b)
	case 21:
		n = d.Unary(OpAbs, a)
	case 22:
		n = d.Binary(OpMod, a, g.positive(b))
	case 23:
		ops := []Op{OpFloor, OpCeil, OpRound, OpTrunc}
		n = d.Add(d.Unary(ops[g.IntN(len(ops))], d.Scale(3, a)), b)
	}
	g.pool = append(g.pool, n)
}

// functions returns roots that are random sums of the nodes grown.
func (g *generator) functions(size, roots int) []Node {
	for range size {
		g.grow()
	}
	out := make([]Node, roots)
	for k := range out {
		out[k] = g.d.Linear(g.coef(), []float64{g.coef(), 1, 1}, []Node{g.pick(), g.pick(), g.pick()})
	}
	return out
}

func (g *generator) point() []float64 {
	x := make([]float64, g.vars)
	for i := range x {
		x[i] = 2*g.Float64() - 1
	}
	return x
}

// near compares to a tolerance relative to scale.
func near(t *testing.T, what string, got, want, scale, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol*(1+math.Abs(want)+scale) {
		t.Errorf("%s: got %.17g, want %.17g", what, got, want)
	}
}

func largest(v []float64) float64 {
	m := 0.0
	for _, e := range v {
		m = max(m, math.Abs(e))
	}
	return m
}

// dense spreads sparse entries; entries not in the pattern are zero.
func dense(rows, cols []int32, vals []float64, m, n int) [][]float64 {
	out := make([][]float64, m)
	for k := range out {
		out[k] = make([]float64, n)
	}
	for k := range vals {
		out[rows[k]][cols[k]] += vals[k]
	}
	return out
}

// checkModes compares the compiled derivatives of roots at x with the symbolic ones,
// entry by entry, so that a missing place in a sparsity pattern shows.
func checkModes(t *testing.T, d *DAG, roots []Node, x []float64, tol float64) {
	t.Helper()
	checkTape(t, d, d.Compile(roots), roots, x, tol)
}

func checkTape(t *testing.T, d *DAG, tape *Tape, roots []Node, x []float64, tol float64) {
	t.Helper()
	n := len(x)
	vars := make([]int, n)
	for i := range vars {
		vars[i] = i
	}
	w := make([]float64, len(roots))
	for k := range w {
		w[k] = 1 - 0.375*float64(k%5)
	}
	lagrangian := d.Linear(0, w, roots)
	gradient := d.Gradient(lagrangian, vars)

	ws := tape.NewWorkspace()
	out := make([]float64, len(roots))
	tape.Values(ws, x, out)
	for k, r := range roots {
		near(t, "value", out[k], d.Eval(r, x), 0, tol)
	}

	g := make([]float64, n)
	tape.Gradient(ws, x, w, g)
	scale := largest(g)
	for i := range g {
		near(t, "gradient", g[i], d.Eval(gradient[i], x), scale, tol)
	}

	rows, cols := tape.JacobianPattern()
	vals := make([]float64, len(rows))
	tape.Jacobian(ws, x, vals)
	jac := dense(rows, cols, vals, len(roots), n)
	for k, r := range roots {
		scale := largest(jac[k])
		for i, p := range d.Gradient(r, vars) {
			near(t, "Jacobian", jac[k][i], d.Eval(p, x), scale, tol)
		}
	}

	hrows, hcols := tape.HessianPattern()
	hvals := make([]float64, len(hrows))
	tape.Hessian(ws, x, w, hvals)
	hess := dense(hrows, hcols, hvals, n, n)
	second := d.Compile(gradient)
	ws2 := second.NewWorkspace()
	rows, cols = second.JacobianPattern()
	vals = make([]float64, len(rows))
	second.Jacobian(ws2, x, vals)
	want := dense(rows, cols, vals, n, n)
	scale = largest(hvals)
	for i := range n {
		for j := range i + 1 {
			near(t, "Hessian", hess[i][j], want[i][j], scale, tol)
			near(t, "symmetry", want[i][j], want[j][i], scale, tol)
		}
	}
	for k := 1; k < len(hrows); k++ {
		if hrows[k] < hrows[k-1] || hrows[k] == hrows[k-1] && hcols[k] <= hcols[k-1] || hcols[k] > hrows[k] {
			t.Fatalf("Hessian pattern out of order at %d", k)
		}
	}
}

func TestRandomDAGs(t *testing.T) {
	for seed := range uint64(400) {
		randomCase(t, seed, func(d *DAG, roots []Node) *Tape { return d.Compile(roots) })
	}
}

// The plans that Compile falls back on for large tapes must give the same results.
func TestRandomDAGsFallbackPlans(t *testing.T) {
	for seed := range uint64(200) {
		randomCase(t, seed, func(d *DAG, roots []Node) *Tape {
			tape := d.Compile(roots)
			r := newReach(tape)
			tape.hess = planElements(tape, r, newEdgePlanner(tape, r.depends), int(seed%2))
			if seed%4 < 2 {
				tape.jac = r.planWholeRows()
			} else {
				tape.jac = r.planRows(r.findCuts(), 1<<30)
			}
			tape.jac.findPattern(tape)
			return tape
		})
	}
}

func randomCase(t *testing.T, seed uint64, compile func(*DAG, []Node) *Tape) {
	t.Helper()
	g := newGenerator(seed, 1+int(seed%14), seed%2 == 0)
	roots := g.functions(3+int(seed%60), 1+int(seed%6))
	for range 3 {
		x := g.point()
		ok := true
		for _, r := range roots {
			v := g.d.Eval(r, x)
			ok = ok && math.Abs(v) < 1e6
		}
		if ok {
			checkTape(t, g.d, compile(g.d, roots), roots, x, 1e-9)
		}
	}
	if t.Failed() {
		t.Fatalf("seed %d: %.300s", seed, g.d.String(roots[0], nil))
	}
}
