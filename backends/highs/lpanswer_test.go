//go:build cgo && !nohighs

package highs

import (
	"math"
	"math/rand"
	"testing"
)

// checkOptimality verifies strong duality in the signs that LP documents: reduced costs c - A'y, the sign of each dual at its active bound,
// none elsewhere.
func checkOptimality(t *testing.T, l *LP) {
	t.Helper()
	a, err := l.Arrays()
	if err != nil {
		t.Fatal(err)
	}
	n, m := l.NumCols(), l.NumRows()
	x, d, v, y := make([]float64, n), make([]float64, n), make([]float64, m), make([]float64, m)
	for _, err := range []error{l.Primal(x), l.ReducedCosts(d), l.RowActivity(v), l.RowDuals(y)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := append([]float64(nil), a.Cost...)
	activity := make([]float64, m)
	for i := range m {
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			want[a.Index[k]] -= y[i] * a.Value[k]
			activity[i] += a.Value[k] * x[a.Index[k]]
		}
		if !near(activity[i], v[i], 1e-8) {
			t.Errorf("row %d: activity %v, reported %v", i, activity[i], v[i])
		}
		checkSign(t, "row", i, a.sign()*y[i], v[i], a.RowLower[i], a.RowUpper[i])
	}
	for j := range n {
		if !near(d[j], want[j], 1e-8) {
			t.Errorf("column %d: reduced cost %v, c - A'y is %v", j, d[j], want[j])
		}
		checkSign(t, "column", j, a.sign()*d[j], x[j], a.ColLower[j], a.ColUpper[j])
	}
}

// checkSign checks a dual in minimisation form.
func checkSign(t *testing.T, what string, i int, dual, value, lower, upper float64) {
	t.Helper()
	if value < lower-1e-7 || value > upper+1e-7 {
		t.Errorf("%s %d: %v outside [%v, %v]", what, i, value, lower, upper)
	}
	if dual > 1e-7 && value > lower+1e-6 || dual < -1e-7 && value < upper-1e-6 {
		t.Errorf("%s %d: dual %v with value %v in [%v, %v]", what, i, dual, value, lower, upper)
	}
}

func TestOptimalityConditions(t *testing.T) {
	for seed := range int64(20) {
		for _, opt := range []LPOptions{{}, {Presolve: true}, {Primal: true}, {NoScaling: true}} {
			l := newLP(t, randomLP(rand.New(rand.NewSource(seed)), 15, 10), opt)
			if s := mustSolve(t, l); s != Optimal {
				t.Fatal(s)
			}
			checkOptimality(t, l)
		}
	}
}

// The shadow price of a row or bound is what the objective changes by when it moves by a small step, where no basis change comes between.
func TestDualsAreShadowPrices(t *testing.T) {
	const step = 1e-4
	compared := 0
	for seed := range int64(10) {
		a := randomLP(rand.New(rand.NewSource(seed)), 8, 5)
		l := newLP(t, a, LPOptions{})
		mustSolve(t, l)
		y, d, base := make([]float64, 5), make([]float64, 8), l.Objective()
		l.RowDuals(y)
		l.ReducedCosts(d)
		compare := func(what string, i int, dual float64, lower, upper *float64) {
			lo, up := *lower, *upper
			moved := func(by float64) float64 {
				*lower, *upper = lo+by, up+by
				defer func() { *lower, *upper = lo, up }()
				s, objective := cold(t, a)
				if s != Optimal {
					return math.NaN()
				}
				return objective
			}
			right, left := (moved(step)-base)/step, (base-moved(-step))/step
			if !(math.Abs(right-left) <= 1e-4) {
				return // a kink, where the dual is not unique
			}
			compared++
			if !near(dual, right, 1e-4) {
				t.Errorf("seed %d: %s %d: dual %v, finite difference %v", seed, what, i, dual, right)
			}
		}
		for i := range 5 {
			compare("row", i, y[i], &a.RowLower[i], &a.RowUpper[i])
		}
		for j := range 8 {
			compare("column", j, d[j], &a.ColLower[j], &a.ColUpper[j])
		}
	}
	if compared < 100 {
		t.Errorf("only %d duals compared", compared)
	}
}

func TestRays(t *testing.T) {
	// max x + y, x - y <= 1, x, y >= 0: along (1, 1) and (0, 1).
	l := newLP(t, &Arrays{Maximize: true, Cost: []float64{1, 1}, ColLower: []float64{0, 0}, ColUpper: []float64{inf, inf}, RowLower: []float64{-inf}, RowUpper: []float64{1},
		Start: []int32{0, 2}, Index: []int32{0, 1}, Value: []float64{1, -1}}, LPOptions{})
	if s := mustSolve(t, l); s != Unbounded {
		t.Fatal(s)
	}
	d, ok := l.PrimalRay()
	if !ok || d[0] < -1e-9 || d[1] < -1e-9 || d[0]-d[1] > 1e-9 || d[0]+d[1] <= 0 {
		t.Errorf("primal ray %v %v", d, ok)
	}
	proven := 0
	for seed := range int64(30) {
		r := rand.New(rand.NewSource(seed))
		a := randomLP(r, 8, 6)
		a.RowLower[0], a.RowUpper[0] = 60+40*r.Float64(), inf
		l := newLP(t, a, LPOptions{})
		if s := mustSolve(t, l); s != Infeasible {
			if y, ok := l.DualRay(); ok {
				t.Errorf("seed %d: %v, yet a proof of infeasibility %v", seed, s, y)
			}
			continue
		}
		if y, ok := l.DualRay(); ok {
			proven++
			if !a.farkas(y) || a.farkas(negated(y)) {
				t.Errorf("seed %d: %v is no proof, or its negative is one too", seed, y)
			}
		}
	}
	if proven < 5 {
		t.Errorf("%d LPs were proven infeasible by their rays", proven)
	}
}
