package mpcc

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// curvedModel has nonlinear functions and pairs of every shape: variables and constraints, lower and upper slacks, one constraint with both of
// its slacks in pairs, both slacks of one variable in one pair, the same pair twice, and a pair that holds by a fixed variable.
func curvedModel(t *testing.T) *model.Model {
	m := model.New("curved")
	l := m.Leader()
	x := l.Vars("x", 3, 0, 4)
	y := l.Vars("y", 3, -1, model.Inf)
	z := l.Var("z", 2, 2)
	l.Minimize(model.Sum(x[0].Times(x[1]), model.Exp(y[0].Times(0.3)), y[1].Times(y[1]), x[2].Times(y[2]).Neg(), z.Times(1)))
	a := l.Constrain("a", model.Sum(model.Sin(x[0]), y[0].Times(y[1])).Between(-1, 3))
	b := l.Constrain("b", model.Sum(x[1].Times(2), y[2].Times(-1)).LE(5))
	l.Constrain("plain", model.Sum(x[0].Times(x[0]), y[2].Times(1)).Between(-10, 10))
	row := func(c model.Constraint, s model.Side) model.Member {
		return model.Member{Row: true, Side: s, Index: int32(c.Index())}
	}
	v := func(v model.Var, s model.Side) model.Member { return model.Member{Side: s, Index: int32(v.Index())} }
	m.AddPairs("p", nil,
		model.Pair{A: v(x[0], model.AtLower), B: v(y[0], model.AtLower)},
		model.Pair{A: row(a, model.AtLower), B: v(x[1], model.AtUpper)},
		model.Pair{A: v(y[1], model.AtLower), B: row(a, model.AtUpper)},
		model.Pair{A: v(x[2], model.AtUpper), B: v(x[2], model.AtLower)},
		model.Pair{A: row(b, model.AtUpper), B: v(y[2], model.AtLower)},
		model.Pair{A: v(y[0], model.AtLower), B: v(x[0], model.AtLower)},
		model.Pair{A: v(z, model.AtLower), B: v(y[2], model.AtLower)},
	)
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

// checkDerivatives compares the derivatives of a program with difference quotients at a point, and its patterns with what is nonzero.
func checkDerivatives(t *testing.T, name string, p smooth.Program, x []float64, rng *rand.Rand) {
	t.Helper()
	n, m := p.NumVars(), p.NumRows()
	const w = 1e-6
	jr, jc := p.JacobianPattern()
	hr, hc := p.HessianPattern()
	for k := 1; k < len(jr); k++ {
		if jr[k] < jr[k-1] || jr[k] == jr[k-1] && jc[k] <= jc[k-1] {
			t.Fatalf("%s: the pattern of the Jacobian is not sorted at %d", name, k)
		}
	}
	for k := range hr {
		if hr[k] < hc[k] || k > 0 && (hr[k] < hr[k-1] || hr[k] == hr[k-1] && hc[k] <= hc[k-1]) {
			t.Fatalf("%s: the pattern of the Hessian is not sorted or not lower at %d", name, k)
		}
	}
	lambda := make([]float64, m)
	for r := range lambda {
		lambda[r] = rng.NormFloat64()
	}
	sigma := rng.NormFloat64()
	grad, jac := make([]float64, n), make([]float64, len(jr))
	// lagrange is the gradient of sigma f + λ'c.
	lagrange := func(x []float64) []float64 {
		p.Gradient(x, grad)
		p.Jacobian(x, jac)
		out := make([]float64, n)
		for j, g := range grad {
			out[j] = sigma * g
		}
		for k, v := range jac {
			out[jc[k]] += lambda[jr[k]] * v
		}
		return out
	}
	dense := make([][]float64, m)
	for r := range dense {
		dense[r] = make([]float64, n)
	}
	p.Gradient(x, grad)
	g0 := append([]float64(nil), grad...)
	p.Jacobian(x, jac)
	for k, v := range jac {
		dense[jr[k]][jc[k]] = v
	}
	hess := make([]float64, len(hr))
	p.Hessian(x, sigma, lambda, hess)
	full := make([][]float64, n)
	for i := range full {
		full[i] = make([]float64, n)
	}
	for k, v := range hess {
		full[hr[k]][hc[k]], full[hc[k]][hr[k]] = v, v
	}
	c1, c2 := make([]float64, m), make([]float64, m)
	near := func(a, b float64) bool {
		return math.Abs(a-b) <= 2e-5*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
	}
	for j := range n {
		up, down := append([]float64(nil), x...), append([]float64(nil), x...)
		up[j] += w
		down[j] -= w
		if d := (p.Objective(up) - p.Objective(down)) / (2 * w); !near(d, g0[j]) {
			t.Errorf("%s: gradient entry %d is %g, difference quotient %g", name, j, g0[j], d)
		}
		p.Rows(up, c1)
		p.Rows(down, c2)
		for r := range c1 {
			if d := (c1[r] - c2[r]) / (2 * w); !near(d, dense[r][j]) {
				t.Errorf("%s: Jacobian (%d, %d) is %g, difference quotient %g", name, r, j, dense[r][j], d)
			}
		}
		gu := lagrange(up)
		gd := lagrange(down)
		for i := range gu {
			if d := (gu[i] - gd[i]) / (2 * w); !near(d, full[i][j]) {
				t.Errorf("%s: Hessian (%d, %d) is %g, difference quotient %g", name, i, j, full[i][j], d)
			}
		}
	}
}

// TestReformulatedDerivatives checks each method's program on a model with pairs of every shape; Clone must give the same functions.
func TestReformulatedDerivatives(t *testing.T) {
	p, err := FromModel(curvedModel(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.live) != 5 {
		t.Fatalf("%d live pairs, want 5: one is repeated, one holds by a fixed variable", len(p.live))
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for _, method := range Methods() {
		for range 5 {
			prog := p.reformulate(method, 0.3, 2)
			x := make([]float64, prog.NumVars())
			for j := range x {
				x[j] = 0.3 + 2*rng.Float64()
			}
			checkDerivatives(t, method.String(), prog, x, rng)
			clone := prog.Clone()
			if got, want := clone.Objective(x), prog.Objective(x); got != want || clone.NumRows() != prog.NumRows() {
				t.Errorf("%v: the clone has objective %g and %d rows, want %g and %d", method, got, clone.NumRows(), want, prog.NumRows())
			}
		}
	}
	checkDerivatives(t, "elastic", newElastic(p.base), []float64{1, 2, 0.5, 0.2, 0.7, 1.1, 2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, rng)
}

// TestPatternsDoNotDependOnT: the same places for all t, so that multipliers and factorisations carry over.
func TestPatternsDoNotDependOnT(t *testing.T) {
	p, err := FromModel(curvedModel(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range Methods() {
		prog := p.reformulate(method, 1, 1)
		jr, hr := len(prog.jr), len(prog.hr)
		lo, _ := prog.Bounds()
		before := append([]float64(nil), lo...)
		prog.set(1e-8, 1)
		j, _ := prog.JacobianPattern()
		h, _ := prog.HessianPattern()
		if len(j) != jr || len(h) != hr {
			t.Errorf("%v: the patterns changed with t", method)
		}
		lo, _ = prog.Bounds()
		moved := false
		for k := range lo {
			moved = moved || lo[k] != before[k]
		}
		if moved != (method.Floor(1) != method.Floor(1e-8)) {
			t.Errorf("%v: bounds moved is %v", method, moved)
		}
	}
}

// TestPairMultipliers: at a point where the gradient of the reformulated Lagrangian vanishes, the recovered multipliers make the gradient of
// the MPCC's Lagrangian vanish, for each method.
func TestPairMultipliers(t *testing.T) {
	p, err := FromModel(curvedModel(t))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for _, method := range Methods() {
		prog := p.reformulate(method, 0.3, 2)
		n, m := prog.NumVars(), prog.NumRows()
		a := &smooth.Answer{X: make([]float64, n), Rows: make([]float64, m), Lower: make([]float64, n), Upper: make([]float64, n)}
		for j := range n {
			a.X[j], a.Lower[j], a.Upper[j] = 0.3+rng.Float64(), rng.Float64(), rng.Float64()
		}
		for r := range m {
			a.Rows[r] = rng.NormFloat64()
		}
		// ∇f + J'λ - zl + zu of the reformulated program, and the same of the lifted one with ν in place of the pairs' parts.
		sum := func(q smooth.Program, rows []float64) []float64 {
			g := make([]float64, n)
			q.Gradient(a.X, g)
			jr, jc := q.JacobianPattern()
			vals := make([]float64, len(jr))
			q.Jacobian(a.X, vals)
			for k, v := range vals {
				g[jc[k]] += rows[jr[k]] * v
			}
			return g
		}
		want, got := sum(prog, a.Rows), sum(p.prog, a.Rows[:p.prog.NumRows()])
		member := map[side]bool{}
		nu := prog.pairMultipliers(a)
		for _, k := range p.live {
			for i, s := range p.sides[k] {
				got[s.col] -= s.sign() * nu[k][i]
				member[s] = true
			}
		}
		for j := range n {
			want[j] += a.Upper[j] - a.Lower[j]
			if !member[side{int32(j), false}] {
				got[j] -= a.Lower[j]
			}
			if !member[side{int32(j), true}] {
				got[j] += a.Upper[j]
			}
			if math.Abs(got[j]-want[j]) > 1e-10*math.Max(1, math.Abs(want[j])) {
				t.Errorf("%v: variable %d: %g with the pairs' multipliers, %g in the reformulated program", method, j, got[j], want[j])
			}
		}
	}
}
