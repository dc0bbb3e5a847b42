package smooth_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// byHand has one term of each kind: max 2x + 3xy - z³ subject to x² + 4yz + exp(z) - x >= 1, an empty row and a free one.
func byHand() *model.Model {
	m := model.New("by hand")
	l := m.Leader()
	x, y, z := l.Var("x", 0, 10), l.Var("y", -1, model.Inf), l.Var("z", -model.Inf, 5)
	l.Maximize(model.Sum(x.Times(2), x.Times(y).Times(3)).Minus(z.Pow(3)))
	l.Constrain("curve", model.Sum(x.Times(x), y.Times(z).Times(4), model.Exp(z)).Minus(x).GE(1))
	l.Constrain("empty", x.Minus(x).LE(4))
	m.AddRow(0, "watch", model.Function{Const: 7, Vars: []int32{2}, Coefs: []float64{2}}, -model.Inf, model.Inf)
	return m
}

func TestByHand(t *testing.T) {
	p, err := smooth.Compile(byHand())
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{2, 3, 1}
	e := math.E
	if got := p.Objective(x); got != -(4 + 18 - 1) {
		t.Errorf("objective %v", got)
	}
	g := []float64{math.NaN(), 1, 2} // what is there before must not matter
	p.Gradient(x, g)
	if want := []float64{-(2 + 9), -6, 3}; !slices.Equal(g, want) {
		t.Errorf("gradient %v, want %v", g, want)
	}
	c := []float64{math.NaN(), 1, 2}
	p.Rows(x, c)
	if want := []float64{4 + 12 + e - 2, 0, 7 + 2}; !slices.Equal(c, want) {
		t.Errorf("rows %v, want %v", c, want)
	}
	rows, cols := p.JacobianPattern()
	if diff := cmp.Diff([][]int32{{0, 0, 0, 2}, {0, 1, 2, 2}}, [][]int32{rows, cols}); diff != "" {
		t.Errorf("Jacobian's pattern: %s", diff)
	}
	j := make([]float64, 4)
	p.Jacobian(x, j)
	if want := []float64{4 - 1, 4, 12 + e, 2}; !slices.Equal(j, want) {
		t.Errorf("Jacobian %v, want %v", j, want)
	}
	rows, cols = p.HessianPattern()
	if diff := cmp.Diff([][]int32{{0, 1, 2, 2}, {0, 0, 1, 2}}, [][]int32{rows, cols}); diff != "" {
		t.Errorf("Hessian's pattern: %s", diff)
	}
	h := make([]float64, 4)
	p.Hessian(x, 0.5, []float64{10, 3, 3}, h)
	if want := []float64{20, -1.5, 40, 3 + 10*e}; !slices.Equal(h, want) {
		t.Errorf("Hessian %v, want %v", h, want)
	}
	lower, upper := p.Bounds()
	rowLower, rowUpper := p.RowBounds()
	inf := math.Inf(1)
	if diff := cmp.Diff([][]float64{{0, -1, -inf}, {10, inf, 5}, {1, -inf, -inf}, {inf, 4, inf}}, [][]float64{lower, upper, rowLower, rowUpper}); diff != "" {
		t.Errorf("bounds: %s", diff)
	}
}

// random is a model of small random functions: quadratic and nonlinear, with empty rows, rows with repeated and zero terms, and shared parts.
func random(seed uint64) *model.Model {
	rng := rand.New(rand.NewPCG(seed, 11))
	m := model.New(fmt.Sprint("random ", seed))
	n := 1 + rng.IntN(7)
	m.AddVars(0, "x", nil, n, model.Continuous, 0.5, 3)
	d := m.DAG()
	var shared []expr.Node
	node := func() expr.Node {
		a, b := d.Var(rng.IntN(n)), d.Var(rng.IntN(n))
		var made expr.Node
		switch rng.IntN(8) {
		case 0:
			made = d.Unary(expr.OpExp, d.Scale(0.3, a))
		case 1:
			made = d.Unary(expr.OpLog, d.Add(a, b))
		case 2:
			made = d.Product(a, b, d.Var(rng.IntN(n)))
		case 3:
			made = d.Div(a, d.Add(b, d.Const(1)))
		case 4:
			made = d.Pow(a, d.Const([]float64{-1.5, 0.7, 3, 4, -2}[rng.IntN(5)]))
		case 5:
			made = d.Pow(a, b)
		case 6:
			made = d.Unary(expr.OpSin, d.Mul(a, b))
		case 7:
			made = d.Max(d.Mul(a, d.Square(b)), d.Pow(b, d.Const(3)))
		}
		if len(shared) > 0 && rng.IntN(2) == 0 {
			made = d.Mul(made, shared[rng.IntN(len(shared))])
		}
		shared = append(shared, made)
		return made
	}
	coef := func() float64 { return float64(rng.IntN(9)-4) / 2 }
	function := func() model.Function {
		a := m.Accumulator()
		a.AddConst(coef())
		for range rng.IntN(4) {
			a.AddTerm(coef(), rng.IntN(n))
		}
		for range rng.IntN(2) * rng.IntN(5) {
			a.AddProduct(coef(), rng.IntN(n), rng.IntN(n))
		}
		for range rng.IntN(2) * rng.IntN(4) {
			a.AddNode(coef(), node())
		}
		return a.Function()
	}
	sense := []model.Sense{model.Minimize, model.Maximize}[rng.IntN(2)]
	m.Leader().SetObjective(model.Objective{Sense: sense, F: function()})
	count := rng.IntN(6)
	first := m.StartRows(0, "r", nil, count)
	for r := range count {
		switch rng.IntN(5) {
		case 0: // stays empty
		case 1:
			idx, coefs := m.FillRow(first+r, 4, -1, 1)
			for k := range idx {
				idx[k], coefs[k] = int32(rng.IntN(n)), coef()
			}
			slices.Sort(idx)
		default:
			m.SetRow(first+r, function(), -1, 8)
		}
	}
	return m
}

func TestDerivativesOfRandomModels(t *testing.T) {
	for seed := range uint64(300) {
		m := random(seed)
		newModes(t, m.Name, m, 1000).check(2)
	}
}

// A clone has bounds of its own and may be used at the same time as the original.
func TestClone(t *testing.T) {
	for seed := range uint64(20) {
		m := random(seed)
		p, err := smooth.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		q := p.Clone()
		p.SetBounds(0, 1, 2)
		q.(*smooth.Compiled).SetBounds(0, 1.5, 1.5)
		if p.NumRows() > 0 {
			p.SetRowBounds(0, 3, 4)
		}
		lo, hi := p.Bounds()
		qlo, qhi := q.Bounds()
		if lo[0] != 1 || hi[0] != 2 || qlo[0] != 1.5 || qhi[0] != 1.5 {
			t.Errorf("bounds [%v, %v] and [%v, %v], want [1, 2] and [1.5, 1.5]", lo[0], hi[0], qlo[0], qhi[0])
		}
		if p.NumRows() > 0 {
			qlo, qhi := q.RowBounds()
			if wantLo, wantHi := m.RowBounds(0); qlo[0] != wantLo || qhi[0] != wantHi {
				t.Errorf("the clone's row bounds changed to [%v, %v]", qlo[0], qhi[0])
			}
		}
		want := everything(p, 0, 5)
		var all sync.WaitGroup
		for worker := range 4 {
			c := p.Clone()
			all.Go(func() {
				if worker%2 == 1 { // other points in between
					everything(c, worker, 1)
				}
				for range 10 {
					if got := everything(c, 0, 5); !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
						t.Errorf("seed %d: a clone has other values than its original", seed)
					}
				}
			})
		}
		all.Wait()
	}
}

// everything evaluates a program at points drawn from a seed, in an order in which remembered values would show.
func everything(p smooth.Program, seed, points int) []float64 {
	rng := rand.New(rand.NewPCG(uint64(seed), 5))
	n, m := p.NumVars(), p.NumRows()
	jr, _ := p.JacobianPattern()
	hr, _ := p.HessianPattern()
	var out []float64
	x, lambda := make([]float64, n), make([]float64, m)
	for range points {
		for j := range x {
			x[j] = 0.5 + rng.Float64()
		}
		for r := range lambda {
			lambda[r] = rng.NormFloat64()
		}
		g, c, jac, hess := make([]float64, n), make([]float64, m), make([]float64, len(jr)), make([]float64, len(hr))
		p.Hessian(x, rng.Float64(), lambda, hess)
		p.Gradient(x, g)
		x[0] += 0.25
		p.Jacobian(x, jac)
		out = append(out, p.Objective(x))
		p.Rows(x, c)
		out = slices.Concat(out, g, c, jac, hess)
	}
	return out
}

// A function outside its domain is not a number, and is left out of the Hessian where its weight is zero.
func TestOutsideTheDomain(t *testing.T) {
	m := model.New("m")
	l := m.Leader()
	x := l.Var("x", -model.Inf, model.Inf)
	l.Minimize(model.Log(x))
	l.Constrain("root", model.Sqrt(x).GE(0))
	l.Constrain("square", x.Times(x).LE(9))
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	at := []float64{-1}
	c, h := make([]float64, 2), make([]float64, 1)
	p.Rows(at, c)
	if f := p.Objective(at); !math.IsNaN(f) || !math.IsNaN(c[0]) || c[1] != 1 {
		t.Errorf("objective %v, rows %v; want NaN, [NaN 1]", f, c)
	}
	p.Hessian(at, 0, []float64{0, 2}, h)
	if h[0] != 4 {
		t.Errorf("Hessian of the square alone is %v, want 4", h[0])
	}
	p.Hessian(at, 0, []float64{1, 2}, h)
	if !math.IsNaN(h[0]) {
		t.Errorf("Hessian with the root is %v, want NaN", h[0])
	}
}

func TestRefused(t *testing.T) {
	m := model.New("m")
	f := m.Follower("driver")
	f.Minimize(f.Var("y", 0, 1))
	if _, err := smooth.Compile(m); !errors.Is(err, smooth.ErrFollowers) || !strings.Contains(err.Error(), "driver") {
		t.Errorf("a model with a follower: %v", err)
	}
	m = model.New("m")
	m.Leader().Var("x", 2, 1)
	if _, err := smooth.Compile(m); !errors.Is(err, model.ErrContradiction) {
		t.Errorf("a model with a mistake: %v", err)
	}
}

func TestViolation(t *testing.T) {
	p, err := smooth.Compile(byHand())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x    []float64
		rows []float64
		want float64
	}{
		{[]float64{1, 0, 0}, []float64{1, 0, 5}, 0},
		{[]float64{-2, 0, 0}, []float64{1, 0, 5}, 2},
		{[]float64{-2, 0, 9}, []float64{1, 7, 5}, 4},
		{[]float64{1, 0, 0}, []float64{math.NaN(), 0, 5}, math.Inf(1)},
	} {
		if got := smooth.Violation(p, c.x, c.rows); got != c.want {
			t.Errorf("violation at %v with rows %v is %v, want %v", c.x, c.rows, got, c.want)
		}
	}
}

// large has a costly row beside a cheap objective and many affine rows.
func large() *model.Model {
	m := model.New("large")
	const n = 2000
	l := m.Leader()
	x := l.Vars("x", n, 0.1, 1)
	l.Minimize(x[0].Times(x[1]))
	terms := make([]model.Expr, n)
	for j := range terms {
		terms[j] = model.Exp(x[j]).Times(model.Log(x[(j+1)%n]))
	}
	l.Constrain("costly", model.Sum(terms...).LE(1))
	l.ConstrainEach("step", n-1, func(k int) model.Relation { return x[k].Minus(x[k+1]).LE(0.5) })
	return m
}

func BenchmarkObjective(b *testing.B) {
	benchmark(b, func(p *smooth.Compiled, x []float64) { p.Objective(x) })
}

func BenchmarkRows(b *testing.B) {
	c := make([]float64, large().NumRows())
	benchmark(b, func(p *smooth.Compiled, x []float64) { p.Rows(x, c) })
}

func BenchmarkClone(b *testing.B) { benchmark(b, func(p *smooth.Compiled, _ []float64) { p.Clone() }) }

func benchmark(b *testing.B, call func(p *smooth.Compiled, x []float64)) {
	p, err := smooth.Compile(large())
	if err != nil {
		b.Fatal(err)
	}
	x := make([]float64, p.NumVars())
	for j := range x {
		x[j] = 0.5
	}
	b.ReportAllocs()
	for k := 0; b.Loop(); k++ {
		x[0] = 0.5 + 1/float64(k+2) // another point each time
		call(p, x)
	}
}
