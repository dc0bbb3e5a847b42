package branch

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// boxed is the LP  min -x - y  over  x + y <= 3,  x - y = 1  and the box [0, 4]²: its optimum is (2, 1).
func boxed(t *testing.T) *linear {
	t.Helper()
	l, err := newLinear(&highs.Arrays{Cost: []float64{-1, -1}, ColLower: []float64{0, 0}, ColUpper: []float64{4, 4},
		RowLower: []float64{math.Inf(-1), 1}, RowUpper: []float64{3, 1}, Start: []int32{0, 2, 4}, Index: []int32{0, 1, 0, 1}, Value: []float64{1, 1, 1, -1}},
		highs.LPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// solved solves and compares status and value.
func solved(t *testing.T, l *linear, want highs.Status, value float64) {
	t.Helper()
	st, err := l.SolveRobust(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if st != want || st == highs.Optimal && math.Abs(l.Objective()-value) > 1e-8 {
		t.Fatalf("%v with value %v, want %v with %v", st, l.Objective(), want, value)
	}
}

// What the small solver cannot answer HiGHS does, a ray included, and the small solver goes on from its basis.
func TestSmallLPAsksHighs(t *testing.T) {
	noLeak(t)
	l := boxed(t)
	solved(t, l, highs.Optimal, -3)
	free := []float64{math.Inf(-1), math.Inf(-1)}
	if err := l.ChangeColBounds([]int32{0, 1}, []float64{0, 0}, []float64{math.Inf(1), math.Inf(1)}); err != nil {
		t.Fatal(err)
	}
	if err := l.ChangeRowBounds([]int32{0, 1}, free, []float64{math.Inf(1), 1}); err != nil {
		t.Fatal(err)
	}
	solved(t, l, highs.Unbounded, 0)
	if ray, ok := l.PrimalRay(); !ok || !(ray[0]+ray[1] > 0) || ray[0] > ray[1] {
		t.Errorf("ray %v, want one along which x + y grows and x - y does not", ray)
	}
	if l.small == nil {
		t.Fatal("one such answer moved the LP to HiGHS for good")
	}
	if err := l.ChangeColBounds([]int32{0}, []float64{0}, []float64{4}); err != nil {
		t.Fatal(err)
	}
	if err := l.ChangeRowBounds([]int32{0}, []float64{math.Inf(-1)}, []float64{3}); err != nil {
		t.Fatal(err)
	}
	solved(t, l, highs.Optimal, -3)
	if l.far != nil {
		t.Error("the instance of HiGHS is still there")
	}
}

// Where HiGHS has to be asked again and again the LP moves there, changes, rows and all.
func TestSmallLPMovesToHighs(t *testing.T) {
	noLeak(t)
	l := boxed(t)
	if err := l.AddRows([]float64{0.5}, []float64{math.Inf(1)}, []int32{0, 1}, []int32{1}, []float64{1}); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 20 && l.small != nil; i++ {
		if err := l.ChangeColBounds([]int32{0, 1}, []float64{0, 0}, []float64{math.Inf(1), math.Inf(1)}); err != nil {
			t.Fatal(err)
		}
		if err := l.ChangeRowBounds([]int32{0}, []float64{math.Inf(-1)}, []float64{math.Inf(1)}); err != nil {
			t.Fatal(err)
		}
		solved(t, l, highs.Unbounded, 0)
	}
	if l.small != nil {
		t.Fatal("the LP is still with the small solver")
	}
	if err := l.ChangeRowBounds([]int32{0}, []float64{math.Inf(-1)}, []float64{3}); err != nil {
		t.Fatal(err)
	}
	solved(t, l, highs.Optimal, -3)
	if err := l.ChangeRowBounds([]int32{2}, []float64{1.5}, []float64{math.Inf(1)}); err != nil {
		t.Fatal(err)
	}
	solved(t, l, highs.Infeasible, 0)
}

// Mark and Restore, and a basis that is set, bring the same optimum back; the limit of iterations stops short of it.
func TestSmallLPBasis(t *testing.T) {
	l := boxed(t)
	solved(t, l, highs.Optimal, -3)
	basis, ok := l.Basis(highs.Basis{})
	if !ok {
		t.Fatal("no basis")
	}
	for _, marked := range []bool{true, false} {
		if marked {
			l.Mark()
		}
		if err := l.ChangeColBounds([]int32{0}, []float64{0}, []float64{1}); err != nil {
			t.Fatal(err)
		}
		solved(t, l, highs.Optimal, -1)
		if err := l.ChangeColBounds([]int32{0}, []float64{0}, []float64{4}); err != nil {
			t.Fatal(err)
		}
		back := l.SetBasis
		if marked {
			back = l.Restore
		}
		if err := back(basis); err != nil {
			t.Fatal(err)
		}
		solved(t, l, highs.Optimal, -3)
		if l.Iterations() != 0 {
			t.Errorf("%d iterations from the optimal basis", l.Iterations())
		}
	}
	if err := l.SetBasis(highs.Basis{Cols: []uint8{highs.Basic, highs.Basic}, Rows: []uint8{highs.Basic, highs.AtLower}}); err == nil {
		t.Error("a basis of three in two rows was taken")
	}
}

// The rows of the factored basis are those that HiGHS gives: every point satisfies Σ_j row_j x_j = Σ_k u_k (Ax)_k.
func TestSmallLPTableau(t *testing.T) {
	l := boxed(t)
	solved(t, l, highs.Optimal, -3)
	places := make([]int32, 2)
	if err := l.BasicVariables(places); err != nil {
		t.Fatal(err)
	}
	row, u := make([]float64, 2), make([]float64, 2)
	for i, b := range places {
		if _, err := l.TableauRow(i, row); err != nil {
			t.Fatal(err)
		}
		if _, err := l.InverseRow(i, u); err != nil {
			t.Fatal(err)
		}
		if b >= 0 && row[b] != 1 || b < 0 && u[-1-b] != 1 {
			t.Errorf("place %d, %d basic: row %v, inverse %v", i, b, row, u)
		}
		for _, x := range [][2]float64{{1, 0}, {0, 1}, {2, 5}} {
			left, right := row[0]*x[0]+row[1]*x[1], u[0]*(x[0]+x[1])+u[1]*(x[0]-x[1])
			if math.Abs(left-right) > 1e-12 {
				t.Errorf("place %d at %v: %v and %v", i, x, left, right)
			}
		}
	}
}

// A search with its LPs in HiGHS finds the same values as one with its LPs in the small solver.
func TestSmallLPSameValues(t *testing.T) {
	limit := smallLP
	t.Cleanup(func() { smallLP = limit })
	for seed := range uint64(40) {
		m := randomSmall(seed).m
		var values [2]float64
		var statuses [2]model.Status
		for i, v := range []int{limit, 0} {
			smallLP = v
			r, err := Solve(context.Background(), m, Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			values[i], statuses[i] = r.Objective, r.Status
		}
		if statuses[0] != statuses[1] || math.Abs(values[0]-values[1]) > 1e-5*math.Max(1, math.Abs(values[1])) {
			t.Errorf("seed %d: %v with %v, HiGHS %v with %v", seed, statuses[0], values[0], statuses[1], values[1])
		}
	}
}
