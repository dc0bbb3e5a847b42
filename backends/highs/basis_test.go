//go:build cgo && !nohighs

package highs

import (
	"errors"
	"math"
	"math/rand"
	"testing"
)

// checkTableau verifies, for each position of the basis, that InverseRow times the basis matrix is a unit vector, that TableauRow is
// InverseRow times A, and that the index lists hold exactly the nonzeros.
func checkTableau(t *testing.T, l *LP) {
	t.Helper()
	a, err := l.Arrays()
	if err != nil {
		t.Fatal(err)
	}
	n, m := a.NumCols(), a.NumRows()
	basic := make([]int32, m)
	if err := l.BasicVariables(basic); err != nil {
		t.Fatal(err)
	}
	row, inverse := make([]float64, n), make([]float64, m)
	for i := range m {
		rowIndex, err := l.TableauRow(i, row)
		if err != nil {
			t.Fatal(err)
		}
		if !sameNonzeros(row, rowIndex) {
			t.Errorf("position %d: index list %v for %v", i, rowIndex, row)
		}
		inverseIndex, err := l.InverseRow(i, inverse)
		if err != nil {
			t.Fatal(err)
		}
		if !sameNonzeros(inverse, inverseIndex) {
			t.Errorf("position %d: index list %v for %v", i, inverseIndex, inverse)
		}
		product := make([]float64, n)
		for k := range m {
			for p := a.Start[k]; p < a.Start[k+1]; p++ {
				product[a.Index[p]] += inverse[k] * a.Value[p]
			}
		}
		for j := range n {
			if !near(product[j], row[j], 1e-9) {
				t.Errorf("position %d, column %d: tableau %v, B^-1 A %v", i, j, row[j], product[j])
			}
		}
		for k, b := range basic {
			var got float64
			if b >= 0 {
				got = product[b]
			} else {
				got = inverse[-1-b]
			}
			want := 0.0
			if k == i {
				want = 1
			}
			if !near(got, want, 1e-9) {
				t.Errorf("position %d: B^-1 B has %v at %d", i, got, k)
			}
		}
	}
}

func sameNonzeros(v []float64, index []int32) bool {
	listed := map[int32]bool{}
	for _, j := range index {
		listed[j] = true
	}
	for j, x := range v {
		if x != 0 && !listed[int32(j)] {
			return false
		}
	}
	return len(listed) == len(index)
}

func TestTableauRows(t *testing.T) {
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		l := newLP(t, randomLP(r, 14, 9), LPOptions{})
		mustSolve(t, l)
		checkTableau(t, l)
		addRandomRow(t, r, l)
		mustSolve(t, l)
		checkTableau(t, l)
	}
}

// addRandomRow appends a row that the current point violates or meets by chance.
func addRandomRow(t *testing.T, r *rand.Rand, l *LP) {
	t.Helper()
	a, err := l.Arrays()
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, l.NumCols())
	l.Primal(x)
	index, value, activity := []int32{}, []float64{}, 0.0
	for j := range x {
		v := r.NormFloat64()
		if math.IsNaN(x[j]) {
			x[j] = a.ColLower[j]
		}
		index, value = append(index, int32(j)), append(value, v)
		activity += v * (x[j] + 0.1*(a.ColLower[j]+a.ColUpper[j]-2*x[j]))
	}
	if err := l.AddRows([]float64{activity}, []float64{inf}, []int32{0, int32(len(index))}, index, value); err != nil {
		t.Fatal(err)
	}
}

func TestBasisSaveAndRestore(t *testing.T) {
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		l := newLP(t, randomLP(r, 20, 12), LPOptions{})
		if _, ok := l.Basis(Basis{}); ok {
			t.Error("a basis before the first solve")
		}
		mustSolve(t, l)
		want := l.Objective()
		b, ok := l.Basis(Basis{})
		if !ok {
			t.Fatal("no basis after an optimal solve")
		}
		l.ClearBasis()
		if err := l.SetBasis(b); err != nil {
			t.Fatal(err)
		}
		if s := mustSolve(t, l); s != Optimal || l.Iterations() != 0 || !near(l.Objective(), want, 1e-9) {
			t.Errorf("seed %d: from its own basis %v in %d iterations, %v for %v", seed, s, l.Iterations(), l.Objective(), want)
		}
		addRandomRow(t, r, l)
		addRandomRow(t, r, l)
		if err := l.SetBasis(b); err != nil { // two rows short: they become basic
			t.Fatal(err)
		}
		hot := mustSolve(t, l)
		hotObjective := l.Objective()
		a, _ := l.Arrays()
		if s, objective := cold(t, a); s != hot || !near(objective, hotObjective, 1e-8) {
			t.Errorf("seed %d: padded %v %v, cold %v %v", seed, hot, hotObjective, s, objective)
		}
		if err := l.DeleteRows([]int32{12, 13}); err != nil {
			t.Fatal(err)
		}
		if err := l.SetBasis(b); err != nil {
			t.Fatal(err)
		}
		if s := mustSolve(t, l); s != Optimal || l.Iterations() != 0 || !near(l.Objective(), want, 1e-9) {
			t.Errorf("seed %d: rows deleted again: %v in %d iterations, %v for %v", seed, s, l.Iterations(), l.Objective(), want)
		}
	}
}

func TestABasisOutlivesAnInfeasibleSolve(t *testing.T) {
	l := newLP(t, &Arrays{Cost: []float64{1, 2}, ColLower: []float64{0, 0}, ColUpper: []float64{5, 5}, RowLower: []float64{1, -inf}, RowUpper: []float64{inf, 4},
		Start: []int32{0, 2, 4}, Index: []int32{0, 1, 0, 1}, Value: []float64{1, 1, 1, 2}}, LPOptions{})
	mustSolve(t, l)
	b, _ := l.Basis(Basis{})
	l.ChangeRowBounds([]int32{0}, []float64{6}, []float64{inf})
	if s := mustSolve(t, l); s != Infeasible {
		t.Fatal(s)
	}
	l.ChangeRowBounds([]int32{0}, []float64{1}, []float64{inf})
	if err := l.SetBasis(b); err != nil {
		t.Fatal(err)
	}
	if s := mustSolve(t, l); s != Optimal || l.Iterations() != 0 {
		t.Errorf("%v in %d iterations", s, l.Iterations())
	}
}

func TestBasesThatDoNotFit(t *testing.T) {
	l := newLP(t, randomLP(rand.New(rand.NewSource(3)), 3, 2), LPOptions{})
	tests := []struct {
		name  string
		b     Basis
		array string
	}{
		{"too many columns", Basis{Cols: make([]uint8, 4), Rows: []uint8{Basic, Basic}}, "Cols"},
		{"too many rows", Basis{Cols: make([]uint8, 3), Rows: make([]uint8, 3)}, "Rows"},
		{"unknown status", Basis{Cols: []uint8{5, 0, 0}, Rows: []uint8{Basic, Basic}}, "Cols"},
		{"too few basic", Basis{Cols: make([]uint8, 3), Rows: make([]uint8, 2)}, "Basis"},
	}
	for _, tt := range tests {
		var e *ArrayError
		if err := l.SetBasis(tt.b); !errors.As(err, &e) || e.Array != tt.array {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := l.TableauRow(7, make([]float64, 3)); err == nil {
		t.Error("row 7 of 2 was given")
	}
	if _, err := l.TableauRow(0, make([]float64, 3)); err == nil {
		t.Error("a tableau row without a factored basis")
	}
}
