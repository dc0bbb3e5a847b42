package model_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestNormalForm checks that expressions written in several ways come to the same function.
func TestNormalForm(t *testing.T) {
	tests := []struct {
		name  string
		e     func(x []model.Var) model.Expr
		konst float64
		vars  []int32
		coefs []float64
		quad  []model.QuadTerm
		nl    bool
	}{
		{name: "repeats are merged", e: func(x []model.Var) model.Expr { return x[1].Plus(x[0]).Plus(x[1].Times(2)) }, vars: []int32{0, 1}, coefs: []float64{1, 3}},
		{name: "cancelled terms go away", e: func(x []model.Var) model.Expr { return x[0].Plus(x[1]).Minus(x[0]) }, vars: []int32{1}, coefs: []float64{1}},
		{name: "product of affine functions", e: func(x []model.Var) model.Expr { return x[0].Plus(2).Times(x[1].Minus(3)) }, konst: -6,
			vars: []int32{0, 1}, coefs: []float64{-3, 2}, quad: []model.QuadTerm{{I: 0, J: 1, Coef: 1}}},
		{name: "square", e: func(x []model.Var) model.Expr { return x[2].Minus(1).Pow(2) }, konst: 1, vars: []int32{2}, coefs: []float64{-2},
			quad: []model.QuadTerm{{I: 2, J: 2, Coef: 1}}},
		{name: "order of factors does not matter", e: func(x []model.Var) model.Expr { return x[2].Times(x[0]) }, quad: []model.QuadTerm{{I: 0, J: 2, Coef: 1}}},
		{name: "division by a number", e: func(x []model.Var) model.Expr { return x[0].Plus(4).Over(2) }, konst: 2, vars: []int32{0}, coefs: []float64{0.5}},
		{name: "a cubic is nonlinear", e: func(x []model.Var) model.Expr { return x[0].Times(x[1]).Times(x[2]) }, nl: true},
		{name: "a function", e: func(x []model.Var) model.Expr { return model.Exp(x[0]).Plus(x[1]) }, vars: []int32{1}, coefs: []float64{1}, nl: true},
		{name: "a function of a constant is one", e: func(x []model.Var) model.Expr { return model.Sqrt(model.Const(9)).Plus(x[0]) }, konst: 3, vars: []int32{0}, coefs: []float64{1}},
		{name: "zero times anything", e: func(x []model.Var) model.Expr { return model.Exp(x[0]).Times(0).Plus(x[1]) }, vars: []int32{1}, coefs: []float64{1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := model.New("t")
			x := m.Leader().Vars("x", 3, -10, 10)
			m.Leader().Minimize(tt.e(x))
			if err := m.Err(); err != nil {
				t.Fatal(err)
			}
			f := m.Leader().Objective().F
			if f.Const != tt.konst || !equal(f.Vars, tt.vars) || !equal(f.Coefs, tt.coefs) || !equal(f.Quad, tt.quad) || (f.Nonlinear != 0) != tt.nl {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestValueAgreesWithDirectEvaluation evaluates random expressions through the model and by hand.
func TestValueAgreesWithDirectEvaluation(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	for round := 0; round < 300; round++ {
		m := model.New("t")
		x := m.Leader().Vars("x", 4, -5, 5)
		at := make([]float64, 4)
		for j := range at {
			at[j] = rng.Float64()*4 - 2
		}
		var build func(depth int) (model.Expr, float64)
		build = func(depth int) (model.Expr, float64) {
			if depth == 0 {
				if k := rng.Intn(5); k < 4 {
					return x[k].Expr(), at[k]
				}
				c := float64(rng.Intn(7) - 3)
				return model.Const(c), c
			}
			a, va := build(depth - 1)
			b, vb := build(rng.Intn(depth))
			switch rng.Intn(6) {
			case 0:
				return a.Plus(b), va + vb
			case 1:
				return a.Minus(b), va - vb
			case 2:
				return a.Times(b), va * vb
			case 3:
				return a.Neg(), -va
			case 4:
				return model.Sin(a).Plus(b), math.Sin(va) + vb
			}
			return a.Over(b.Times(b).Plus(1)), va / (vb*vb + 1)
		}
		e, want := build(4)
		m.Leader().Minimize(e)
		if err := m.Err(); err != nil {
			t.Fatal(err)
		}
		if got := m.ObjectiveValue(0, at); math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Fatalf("round %d: got %v, want %v", round, got, want)
		}
	}
}

func TestRowsKeepTheirConstantInTheBounds(t *testing.T) {
	m := model.New("t")
	x := m.Leader().Vars("x", 2, 0, 1)
	c := m.Leader().Constrain("c", x[0].Plus(5).LE(x[1].Minus(2)))
	lo, hi := m.RowBounds(c.Index())
	if !math.IsInf(lo, -1) || hi != -7 {
		t.Errorf("bounds [%v, %v], want [-Inf, -7]", lo, hi)
	}
	if v := m.RowViolation(c.Index(), []float64{1, 0}); v != 8 {
		t.Errorf("violation %v of 1 + 5 <= 0 - 2, want 8", v)
	}
}

func TestNamesOfFamilies(t *testing.T) {
	m := model.New("t")
	a := m.Leader().Var("a", 0, 1)
	y := m.Follower("f").VarsBy("y", []string{`"north"`, "3,4"}, 0, 1)
	z := m.Leader().Vars("z", 1, 0, 1)
	for _, tt := range []struct {
		v    model.Var
		want string
	}{{a, "a"}, {y[0], `y["north"]`}, {y[1], "y[3,4]"}, {z[0], "z[0]"}} {
		if tt.v.Name() != tt.want {
			t.Errorf("name %q, want %q", tt.v.Name(), tt.want)
		}
		if v, ok := m.VarByName(tt.want); !ok || v != tt.v {
			t.Errorf("%q is not found again", tt.want)
		}
	}
	if _, ok := m.VarByName("y[5]"); ok {
		t.Error("a name that nobody has is found")
	}
}

// TestDeriveLeavesTheOriginalAlone changes everything that can be changed in a derived model.
func TestDeriveLeavesTheOriginalAlone(t *testing.T) {
	m := model.New("t")
	x := m.Leader().Vars("x", 2, 0, 4)
	y := m.Follower("f").Var("y", 0, 9)
	m.Follower("f").Minimize(y)
	c := m.Leader().Constrain("c", x[0].Plus(x[1]).LE(3))
	m.Leader().Minimize(model.Exp(x[0]))
	m.Leader().Complement("p", x[0], x[1])
	before := snapshot(m)
	d := m.Derive()
	d.SetVarBounds(0, 1, 2)
	d.SetRowBounds(c.Index(), 0, 1)
	d.SetRow(c.Index(), model.Function{Vars: []int32{1}, Coefs: []float64{5}}, 0, 1)
	d.SetVarOwner(y.Index(), 0)
	d.DropFollowers()
	d.RemovePairs(func(int) bool { return true })
	d.AddVars(0, "new", nil, 3, model.Binary, 0, 1)
	d.AddRow(0, "row", model.Function{Vars: []int32{0, 4}, Coefs: []float64{1, 1}}, 0, 1)
	d.Leader().Minimize(model.Const(1))
	if after := snapshot(m); after != before {
		t.Errorf("the original changed:\n%s\nnow\n%s", before, after)
	}
	// And the other way round: the original grows after the derivation.
	d2 := m.Derive()
	was := snapshot(d2)
	m.Leader().Constrain("more", x[0].LE(1))
	m.Leader().Constrain("evenmore", x[1].LE(1))
	if snapshot(d2) != was {
		t.Error("the derived model changed with the original")
	}
}

func snapshot(m *model.Model) string {
	var b strings.Builder
	for j := 0; j < m.NumVars(); j++ {
		lo, hi := m.VarBounds(j)
		writeAll(&b, m.VarName(j), lo, hi, m.VarOwner(j), m.VarKind(j))
	}
	for r := 0; r < m.NumRows(); r++ {
		lo, hi := m.RowBounds(r)
		f := m.RowFunction(r)
		writeAll(&b, m.RowName(r), lo, hi, m.RowOwner(r), f.Vars, f.Coefs, f.Quad, f.Nonlinear)
	}
	for p := 0; p < m.NumPlayers(); p++ {
		o := m.Player(p).Objective()
		writeAll(&b, m.Player(p).Name(), o.Sense, o.F.Vars, o.F.Coefs, o.F.Nonlinear)
	}
	for k := 0; k < m.NumPairs(); k++ {
		writeAll(&b, m.PairName(k), m.Pair(k))
	}
	return b.String()
}

func TestClassification(t *testing.T) {
	type want struct {
		class  model.Class
		convex model.Tri
	}
	tests := []struct {
		name  string
		build func(m *model.Model, x, y model.Var, f *model.Player)
		want  want
	}{
		{"linear with a price", func(m *model.Model, x, y model.Var, f *model.Player) { f.Minimize(x.Times(y)) }, want{model.Linear, model.Yes}},
		{"leader squared is a parameter", func(m *model.Model, x, y model.Var, f *model.Player) { f.Minimize(x.Pow(2).Plus(y)) }, want{model.Linear, model.Yes}},
		{"convex quadratic", func(m *model.Model, x, y model.Var, f *model.Player) { f.Minimize(y.Pow(2).Minus(x.Times(y))) }, want{model.ConvexQuadratic, model.Yes}},
		{"maximising a convex square", func(m *model.Model, x, y model.Var, f *model.Player) { f.Maximize(y.Pow(2)) }, want{model.Quadratic, model.No}},
		{"maximising a concave square", func(m *model.Model, x, y model.Var, f *model.Player) { f.Maximize(y.Pow(2).Neg()) }, want{model.ConvexQuadratic, model.Yes}},
		{"convex by composition", func(m *model.Model, x, y model.Var, f *model.Player) { f.Minimize(model.Exp(y)) }, want{model.Convex, model.Yes}},
		{"sine", func(m *model.Model, x, y model.Var, f *model.Player) { f.Minimize(model.Sin(y)) }, want{model.Nonlinear, model.Unknown}},
		{"convex quadratic constraint", func(m *model.Model, x, y model.Var, f *model.Player) {
			f.Minimize(y)
			f.Constrain("ball", y.Pow(2).LE(4))
		}, want{model.Convex, model.Yes}},
		{"reverse-convex constraint", func(m *model.Model, x, y model.Var, f *model.Player) {
			f.Minimize(y)
			f.Constrain("out", y.Pow(2).GE(4))
		}, want{model.Quadratic, model.No}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := model.New("t")
			x := m.Leader().Var("x", -3, 3)
			f := m.Follower("f")
			y := f.Var("y", -3, 3)
			tt.build(m, x, y, f)
			if err := m.Err(); err != nil {
				t.Fatal(err)
			}
			c := m.Classify().Followers[0]
			if c.Class != tt.want.class || c.Convex != tt.want.convex {
				t.Errorf("%v, convex %v (%q); want %v, %v", c.Class, c.Convex, c.Reasons, tt.want.class, tt.want.convex)
			}
		})
	}
}

func TestLinkingVariablesAndCouplingConstraints(t *testing.T) {
	m := model.New("t")
	x := m.Leader().Vars("x", 3, 0, 1)
	f, g := m.Follower("f"), m.Follower("g")
	y, z := f.Var("y", 0, 1), g.Var("z", 0, 1)
	f.Minimize(x[0].Times(y))
	f.Constrain("fr", y.LE(x[2]))
	g.Minimize(z)
	m.Leader().Constrain("mine", x[0].Plus(x[1]).LE(1))
	both := m.Leader().Constrain("both", y.Plus(z).LE(1))
	c := m.Classify()
	if got := c.Followers[0].Linking; !equal(got, []int{x[0].Index(), x[2].Index()}) {
		t.Errorf("linking variables of f: %v", got)
	}
	if len(c.Followers[1].Linking) != 0 {
		t.Errorf("linking variables of g: %v", c.Followers[1].Linking)
	}
	for k, fc := range c.Followers {
		if !equal(fc.Coupling, []int{both.Index()}) {
			t.Errorf("coupling constraints of follower %d: %v", k, fc.Coupling)
		}
	}
}

// TestDefiniteness compares with the smallest eigenvalue of forms B'B + s I whose sign is known by construction.
func TestDefiniteness(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	for round := 0; round < 200; round++ {
		n, rank := 2+rng.Intn(6), 1+rng.Intn(6)
		b := make([][]float64, rank)
		for i := range b {
			b[i] = make([]float64, n)
			for j := range b[i] {
				b[i][j] = float64(rng.Intn(7) - 3)
			}
		}
		q := make([][]float64, n)
		for i := range q {
			q[i] = make([]float64, n)
			for j := range q[i] {
				for k := range b {
					q[i][j] += b[k][i] * b[k][j]
				}
			}
		}
		v := make([]float64, n) // a direction of negative curvature, where asked for
		negative := round%2 == 0
		if negative {
			norm := 0.0
			for i := range v {
				v[i] = float64(rng.Intn(5) - 2)
				norm += v[i] * v[i]
			}
			if norm == 0 {
				continue
			}
			curv := 0.0
			for i := range v {
				for j := range v {
					curv += v[i] * q[i][j] * v[j]
				}
			}
			c := (curv + 1) / (norm * norm)
			for i := range v {
				for j := range v {
					q[i][j] -= c * v[i] * v[j]
				}
			}
		}
		m := model.New("t")
		m.Leader().Vars("x", n, -1, 1)
		acc := m.Accumulator()
		for i := range q {
			for j := range q {
				acc.AddProduct(q[i][j], i, j)
			}
		}
		got := m.Definiteness(acc.Function().Quad, nil, 1)
		if negative && got != model.Indefinite || !negative && got != model.PSD {
			t.Fatalf("round %d: n = %d, rank %d, negative direction %v: verdict %v", round, n, rank, negative, got)
		}
	}
}

func TestErrorsAreCollected(t *testing.T) {
	m, other := model.New("one"), model.New("two")
	x := m.Leader().Var("x", 0, 1)
	z := other.Leader().Var("z", 0, 1)
	m.Leader().Constrain("a", x.Plus(z).LE(1))
	m.Leader().Constrain("b", x.Times(math.NaN()).LE(1))
	m.Leader().Var("bad", 2, 1)
	err := m.Err()
	for _, want := range []error{model.ErrOtherModel, model.ErrNotFinite, model.ErrContradiction} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not among: %v", want, err)
		}
	}
	for _, name := range []string{"a:", "b:", "bad:", `"two"`} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q is not named in: %v", name, err)
		}
	}
}

func TestScope(t *testing.T) {
	build := func(nash bool) error {
		m := model.New("t")
		x := m.Leader().Var("x", 0, 1)
		f, g := m.Follower("f"), m.Follower("g")
		y, z := f.Var("y", 0, 1), g.Var("z", 0, 1)
		if nash {
			f.Nash()
			g.Nash()
		}
		f.Minimize(y.Times(x))
		g.Minimize(z.Plus(y))
		return m.Err()
	}
	if err := build(false); !errors.Is(err, model.ErrScope) {
		t.Errorf("a follower that uses another's variable: %v", err)
	}
	if err := build(true); err != nil {
		t.Errorf("a Nash game: %v", err)
	}
	m := model.New("t")
	f := m.Follower("f")
	y := f.Var("y", 0, 1)
	c := f.Constrain("c", y.GE(0.5))
	f.Minimize(y.Plus(c.Dual()))
	if err := m.Err(); !errors.Is(err, model.ErrScope) {
		t.Errorf("a follower that uses a multiplier: %v", err)
	}
}

func TestPairResidual(t *testing.T) {
	m := model.New("t")
	x := m.Leader().Vars("x", 2, -9, 9)
	m.Leader().Complement("std", x[0], x[1])
	m.Leader().Mixed("mix", -1, x[0], 2, x[1].Plus(3))
	for _, tt := range []struct {
		pair int
		x    []float64
		want float64
	}{
		{0, []float64{0, 4}, 0}, {0, []float64{1, 4}, 1}, {0, []float64{-2, 4}, 2},
		{1, []float64{-1, 0}, 0}, {1, []float64{2, -5}, 0}, {1, []float64{0, -3}, 0}, {1, []float64{0, -1}, 1}, {1, []float64{2, 0}, 3},
	} {
		if got := m.PairViolation(tt.pair, tt.x); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("pair %s at %v: residual %v, want %v", m.PairName(tt.pair), tt.x, got, tt.want)
		}
	}
}

// writeAll appends the values to a line.
func writeAll(b *strings.Builder, values ...any) { fmt.Fprintln(b, values...) }
