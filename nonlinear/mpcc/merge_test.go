package mpcc

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// TestMerge: which rows of one variable become its bounds.
func TestMerge(t *testing.T) {
	type bounds struct{ lo, hi float64 }
	inf := math.Inf(1)
	for _, c := range []struct {
		name     string
		variable bounds
		row      bounds
		sign     float64
		side     model.Side // of the row's member
		other    []model.Side
		want     bool
		left     bounds // of the variable afterwards
		reason   string
	}{
		{"same bound", bounds{0, inf}, bounds{0, inf}, 1, model.AtLower, nil, true, bounds{0, inf}, "the slacks are the same"},
		{"narrower", bounds{-5, 9}, bounds{1, inf}, 1, model.AtLower, nil, true, bounds{1, 9}, "the row's slack becomes that of the bound"},
		{"negated", bounds{-5, 9}, bounds{1, inf}, -1, model.AtLower, nil, true, bounds{-5, -1}, "-x >= 1 is x <= -1"},
		{"upper side", bounds{-5, 9}, bounds{-inf, 4}, 1, model.AtUpper, nil, true, bounds{-5, 4}, "the slack 4 - x"},
		{"wider", bounds{2, 9}, bounds{1, inf}, 1, model.AtLower, nil, false, bounds{2, 9}, "the row's slack is never that of the bound"},
		{"other slack", bounds{0, 9}, bounds{1, inf}, 1, model.AtLower, []model.Side{model.AtLower}, false, bounds{0, 9}, "x is a member elsewhere, and would become x - 1"},
		{"other side", bounds{0, 9}, bounds{1, inf}, 1, model.AtLower, []model.Side{model.AtUpper}, true, bounds{1, 9}, "9 - x is left as it is"},
		{"both sides", bounds{0, 9}, bounds{1, 4}, 1, model.AtLower, []model.Side{model.AtUpper}, false, bounds{0, 9}, "the row's upper side would change 9 - x"},
		{"contradiction", bounds{0, 1}, bounds{3, inf}, 1, model.AtLower, nil, false, bounds{0, 1}, "an empty interval is left to the solver"},
	} {
		row := model.Member{Row: true, Side: c.side}
		pairs := []model.Pair{{A: row, B: model.Member{Index: 1}}}
		for _, s := range c.other {
			pairs = append(pairs, model.Pair{A: model.Member{Side: s}, B: model.Member{Index: 1}})
		}
		const constant = 7
		lower, upper := []float64{c.variable.lo, 0}, []float64{c.variable.hi, inf}
		list := merge(pairs, []float64{c.row.lo + constant}, []float64{c.row.hi + constant}, lower, upper, func(int32) (int32, float64, float64, bool) { return 0, c.sign, constant, true })
		if got := list[0] != nil; got != c.want {
			t.Errorf("%s: merged is %v, want %v: %s", c.name, got, c.want, c.reason)
		}
		if lower[0] != c.left.lo || upper[0] != c.left.hi {
			t.Errorf("%s: the bounds are [%g, %g], want %v", c.name, lower[0], upper[0], c.left)
		}
	}
}

// TestMergedSameAnswers: with rows of one variable in its pairs a problem has the same solution, residuals and a stationary Lagrangian as without
// merging.
func TestMergedSameAnswers(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	merges, feasible := 0, 0
	for i := range 20 {
		m := model.New("m")
		l := m.Leader()
		x := l.Vars("x", 3, -4, 6)
		y := l.Vars("y", 3, 0, model.Inf)
		var terms []model.Expr
		for k := range 3 {
			shift, sign := float64(rng.IntN(5)-2), float64(1-2*rng.IntN(2))
			l.Complement([]string{"a", "b", "c"}[k], x[k].Times(sign).Plus(shift), y[k])
			d, e := x[k].Minus(float64(rng.IntN(9)-4)), y[k].Minus(float64(rng.IntN(4)))
			terms = append(terms, d.Times(d), e.Times(e))
		}
		l.Constrain("tie", model.Sum(x[0].Times(1), y[1].Times(1), x[2].Times(-1)).LE(3))
		l.Minimize(model.Sum(terms...))
		p, err := FromModel(m)
		if err != nil {
			t.Fatal(err)
		}
		merges += len(p.merged)
		plain, err := New(p.base, p.pairs)
		if err != nil {
			t.Fatal(err)
		}
		opt := Options{Solver: &newton.Solver{}}
		a, err := Solve(context.Background(), p, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Solve(context.Background(), plain, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		if a.Feasible() != b.Feasible() {
			t.Errorf("case %d: %v with merging, %v without", i, a.Status, b.Status)
		}
		if !a.Feasible() {
			continue
		}
		feasible++
		if math.Abs(a.Objective-b.Objective) > 1e-6 || a.Violation > 1e-6 || a.Complementarity > 1e-9 {
			t.Errorf("case %d: %g with merging, %g without; violation %g, complementarity %g", i, a.Objective, b.Objective, a.Violation, a.Complementarity)
		}
		point := make([]float64, 6)
		for j := range point {
			point[j] = 8*rng.Float64() - 4
		}
		v1, c1 := p.Residual(point)
		v2, c2 := plain.Residual(point)
		if math.Abs(v1-v2) > 1e-12 || math.Abs(c1-c2) > 1e-12 {
			t.Errorf("case %d: residuals %g, %g with merging, %g, %g without", i, v1, c1, v2, c2)
		}
		if g := lagrangian(p, a); maxAbs(g) > 1e-5 {
			t.Errorf("case %d: the gradient of the Lagrangian is %v", i, g)
		}
	}
	if merges < 60 || feasible < 12 {
		t.Errorf("only %d rows were merged, only %d cases have a feasible point", merges, feasible)
	}
}

// lagrangian is ∇f + ∇c'λ - zl + zu - Σ ν_G ∇G - Σ ν_H ∇H at a result, in the original program.
func lagrangian(p *Problem, r *Result) []float64 {
	g := make([]float64, p.NumVars())
	p.base.Gradient(r.X, g)
	rows := append([]float64(nil), r.Rows...)
	for j := range g {
		g[j] += r.Upper[j] - r.Lower[j]
	}
	for k, nu := range r.Pairs {
		for i, s := range [2]model.Member{p.pairs[k].A, p.pairs[k].B} {
			v := nu[i]
			if s.Side == model.AtUpper {
				v = -v
			}
			if s.Row {
				rows[s.Index] -= v
			} else {
				g[s.Index] -= v
			}
		}
	}
	jr, jc := p.base.JacobianPattern()
	jac := make([]float64, len(jr))
	p.base.Jacobian(r.X, jac)
	for k, v := range jac {
		g[jc[k]] += rows[jr[k]] * v
	}
	return g
}
