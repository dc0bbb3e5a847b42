package bench_test

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// perUnit is how many allocations work makes for each unit of n, beyond those that it makes once: the slope between n and 3n.
func perUnit(n int, work func(n int)) float64 {
	small := testing.AllocsPerRun(3, func() { work(n) })
	large := testing.AllocsPerRun(3, func() { work(3 * n) })
	return (large - small) / float64(2*n)
}

func TestAllocationsPerConstraint(t *testing.T) {
	const n = 4000
	tests := []struct {
		name   string
		most   float64
		reason string
		work   func(n int)
	}{
		{"dot", 2.1, "the term of the sum and that of its difference to the right-hand side; none for nonzeros and none for names",
			func(n int) { bench.Plain(n) }},
		{"fill", 0.01, "memory comes in chunks of many constraints",
			func(n int) {
				m := model.New("m")
				m.AddVars(0, "x", nil, n, model.Continuous, 0, 1)
				first := m.StartRows(0, "r", nil, n)
				for r := range n {
					vars, coefs := m.FillRow(first+r, 1, 0, 1)
					vars[0], coefs[0] = int32(r), 1
				}
			}},
		{"set", 0.01, "the function is copied into a chunk",
			func(n int) {
				m := model.New("m")
				m.AddVars(0, "x", nil, n, model.Continuous, 0, 1)
				first := m.StartRows(0, "r", nil, n)
				f := model.Function{Const: 2, Vars: []int32{0, 1}, Coefs: []float64{3, 4}}
				for r := range n {
					m.SetRow(first+r, f, 0, 1)
				}
			}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if got := perUnit(n, c.work); got > c.most {
				t.Errorf("%.2f allocations a constraint, want at most %v: %s", got, c.most, c.reason)
			}
		})
	}
}

// A pass over a large follower allocates arrays, not constraints.
func TestAllocationsOfKKT(t *testing.T) {
	models := map[int]*model.Model{}
	got := perUnit(4000, func(n int) {
		m := models[n]
		if m == nil {
			m = bench.Bilevel(n)
			models[n] = m
		}
		if _, err := (reform.KKT{}).Apply(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	})
	if got > 0.02 {
		t.Errorf("kkt makes %.3f allocations a constraint, want at most 0.02", got)
	}
}

func TestAllocationsOfLower(t *testing.T) {
	m := bench.Plain(5000)
	got := testing.AllocsPerRun(3, func() {
		if _, err := highs.Lower(m); err != nil {
			t.Fatal(err)
		}
	})
	if got > 12 {
		t.Errorf("Lower makes %v allocations, want at most 12: one an array and a few more", got)
	}
}

// Derived models share the terms of their constraints, and neither sees what the other adds.
func TestDeriveSharesTerms(t *testing.T) {
	m := bench.Bilevel(1000)
	d := m.Derive()
	e := d.Derive()
	for r := range m.NumRows() {
		v, c := m.RowAffine(r)
		for _, other := range []*model.Model{d, e} {
			w, b := other.RowAffine(r)
			if len(w) != len(v) || &w[0] != &v[0] || &b[0] != &c[0] {
				t.Fatalf("constraint %s: the derived model has a copy of its terms", m.RowName(r))
			}
		}
	}
	for k, x := range []*model.Model{m, d, e} {
		x.AddRow(0, "more", model.Function{Vars: []int32{int32(k)}, Coefs: []float64{float64(k + 1)}}, 0, 1)
	}
	for k, x := range []*model.Model{m, d, e} {
		vars, coefs := x.RowAffine(x.NumRows() - 1)
		if x.NumRows() != 1001 || len(vars) != 1 || vars[0] != int32(k) || coefs[0] != float64(k+1) {
			t.Errorf("model %d has %d constraints, the last is %v %v; want 1001, [%d] [%d]", k, x.NumRows(), coefs, vars, k+1, k)
		}
	}
}

// The system that kkt makes of the measured problem has the shape that its conditions ask for.
func TestShapeOfKKT(t *testing.T) {
	const n = 500
	m := bench.Bilevel(n)
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	r, err := reform.KKT{}.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	used := map[int32]bool{}
	for i := range n {
		vars, _ := m.RowAffine(i)
		for _, j := range vars {
			used[j] = true
		}
	}
	d := r.Model
	// A multiplier a constraint, a stationarity constraint a variable with the same nonzeros, and a pair for each of the two.
	if d.NumVars() != 10+2*n || d.NumRows() != 2*n || d.NumPairs() != 2*n || d.NumNonzeros() != 2*bench.PerRow*n+100 {
		t.Errorf("%d variables, %d constraints, %d pairs, %d nonzeros; want %d, %d, %d, %d",
			d.NumVars(), d.NumRows(), d.NumPairs(), d.NumNonzeros(), 10+2*n, 2*n, 2*n, 2*bench.PerRow*n+100)
	}
	for i := n; i < 2*n; i++ {
		if vars, _ := d.RowAffine(i); len(vars) == 0 && used[int32(10+i-n)] {
			t.Errorf("%s has no terms", d.RowName(i))
		}
	}
	d.RemovePairs(func(int) bool { return true })
	a, err := highs.Lower(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Check(); err != nil {
		t.Error(err)
	}
}
