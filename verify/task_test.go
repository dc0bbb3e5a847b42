package verify

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// taskOf is the task of a model without followers.
func taskOf(t *testing.T, m *model.Model) *task {
	t.Helper()
	n := m.NumVars()
	k := &task{p: m, sign: 1, class: generalProblem, terms: 1, size: 1, phi: math.NaN(), bound: math.Inf(-1)}
	k.fp = &model.FollowerProblem{Model: m}
	k.cost = m.Leader().Objective().F
	k.lo, k.hi = make([]float64, m.NumRows()), make([]float64, m.NumRows())
	for r := range k.lo {
		k.lo[r], k.hi[r] = m.RowBounds(r)
	}
	k.vlo, k.vhi = make([]float64, n), make([]float64, n)
	for j := range k.vlo {
		k.vlo[j], k.vhi[j] = m.VarBounds(j)
	}
	if err := k.compile(); err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSignedFit checks the conditions of random least-squares problems with signs: no column that is out helps, none that is in hurts.
func TestSignedFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for trial := range 300 {
		n, k := 1+rng.IntN(8), rng.IntN(10)
		f := &signedFit{n: n, target: make([]float64, n)}
		for j := range f.target {
			f.target[j] = rng.NormFloat64()
		}
		idx := make([]int32, n)
		for j := range idx {
			idx[j] = int32(j)
		}
		columns := make([][]float64, k)
		for c := range columns {
			columns[c] = make([]float64, n)
			for j := range columns[c] {
				columns[c][j] = math.Round(rng.NormFloat64() * 2)
			}
			f.add(idx, columns[c], 1, rng.IntN(4) == 0)
		}
		w, left := f.solve()
		if w == nil {
			t.Fatalf("trial %d: no solution", trial)
		}
		for c := range columns {
			slope := inner(columns[c], left)
			switch {
			case f.free[c] && math.Abs(slope) > 1e-8, !f.free[c] && (w[c] < 0 || slope > 1e-8 || w[c] > 1e-8 && slope < -1e-8):
				t.Fatalf("trial %d: column %d (free %v) has weight %v and slope %v", trial, c, f.free[c], w[c], slope)
			}
		}
	}
}

func TestLatinHypercubeFillsEveryPart(t *testing.T) {
	lo, hi, y := []float64{-1, 5}, []float64{1, 9}, []float64{0, 6}
	const n = 20
	points := latinHypercube(n, lo, hi, y, 3)
	for j := range lo {
		seen := map[int]bool{}
		for _, p := range points {
			if p[j] < lo[j] || p[j] > hi[j] {
				t.Fatalf("%v is outside of the box", p)
			}
			seen[int((p[j]-lo[j])/(hi[j]-lo[j])*n)] = true
		}
		if len(seen) != n {
			t.Errorf("variable %d: %d of %d parts hold a point", j, len(seen), n)
		}
	}
	again := latinHypercube(n, lo, hi, y, 3)
	other := latinHypercube(n, lo, hi, y, 4)
	if points[7][1] != again[7][1] || points[7][1] == other[7][1] {
		t.Error("the seed does not decide the points")
	}
}

// TestRestoreReachesSetsWithoutInterior moves points onto y0² <= 0 and onto a circle.
func TestRestoreReachesSetsWithoutInterior(t *testing.T) {
	m := model.New("restore")
	y := m.Leader().Vars("y", 2, -5, 5)
	m.Leader().Minimize(y[0])
	m.Leader().Constrain("point", y[0].Pow(2).LE(0))
	k := taskOf(t, m)
	if z := k.restore([]float64{1e-4, 2}); !k.feasible(z) || math.Abs(z[0]) > 1e-7 || z[1] != 2 {
		t.Errorf("got %v", z)
	}
	m = model.New("circle")
	y = m.Leader().Vars("y", 2, -5, 5)
	m.Leader().Minimize(y[0])
	m.Leader().Constrain("circle", y[0].Pow(2).Plus(y[1].Pow(2)).Eq(1))
	k = taskOf(t, m)
	z := k.restore([]float64{0.61, 0.8})
	if !k.feasible(z) || math.Hypot(z[0]-0.6, z[1]-0.8) > 0.02 {
		t.Errorf("got %v", z)
	}
}

// TestBoundOfAConvexFunctionWithoutBounds compares the bound with the least value, from points beside the minimiser and with singular curvature.
func TestBoundOfAConvexFunctionWithoutBounds(t *testing.T) {
	m := model.New("bound")
	y := m.Leader().Vars("y", 3, -model.Inf, model.Inf)
	// Curvature that is far from diagonal, least at (1, 2, 3) with value 3.
	u, v, w := y[0].Minus(1), y[1].Minus(2), y[2].Minus(3)
	a, b, c := u.Plus(v), u.Plus(v.Times(1.1)).Plus(w), u.Minus(w.Times(3))
	cost := model.Const(0)
	for _, e := range []model.Expr{a, b, c} {
		cost = cost.Plus(model.Exp(e)).Minus(e)
	}
	m.Leader().Minimize(cost)
	k := taskOf(t, m)
	k.class = convexProblem
	if low := k.convexBound([]float64{1, 2, 3}, nil); !(low <= 3 && low > 3-1e-12) {
		t.Errorf("at the minimiser: %v, want 3", low)
	}
	for _, d := range []float64{1e-9, 1e-7} {
		if low := k.convexBound([]float64{1 + d, 2 - d, 3}, nil); !(low <= 3) || low < 3-1e-3 && !math.IsInf(low, -1) {
			t.Errorf("%v beside it: %v, which is no bound or a poor one", d, low)
		}
	}
	// Far away the tangents say less, but nothing false.
	if low := k.convexBound([]float64{1.5, 2, 3}, nil); low > 3 {
		t.Errorf("far away: %v is no bound", low)
	}
	m = model.New("ridge")
	y = m.Leader().Vars("y", 2, -model.Inf, model.Inf)
	m.Leader().Minimize(model.Exp(y[0].Plus(y[1])).Minus(y[0].Times(1 + 1e-11)).Minus(y[1]))
	k = taskOf(t, m)
	k.class = convexProblem
	if low := k.convexBound([]float64{0.3, -0.3}, nil); !math.IsInf(low, -1) {
		t.Errorf("a cost that falls along its ridge got the bound %v", low)
	}
}
