package matrix

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLogisticRows: passes in one go are passes with Logistic between, to the last bit, whatever rows are named to come next.
func TestLogisticRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	const rows, scale = 300, 0.7
	for _, cols := range []int{1, 4, 8, 22, 24, 37, 60, 130} {
		d := random(rows, cols, uint64(cols))
		labels, v, u := make([]float64, rows), make([]float64, cols), make([]float64, cols)
		for i := range labels {
			labels[i] = float64(2*r.IntN(2) - 1)
		}
		for j := range v {
			v[j], u[j] = r.NormFloat64(), r.NormFloat64()
		}
		inOrder := make([]int, rows)
		for i := range inOrder {
			inOrder[i] = i
		}
		for _, n := range []int{1, 3, 4, 7, 12, 63, 64, 65, 100, 200} {
			for k, next := range [][]int{nil, inOrder[:n], inOrder[rows-n:], inOrder[290:], r.Perm(rows)[:n], {rows - 1}, {7, 3, 9}, {-5}, {1 << 40, 2}} {
				batch := inOrder[40 : 40+n]
				if k%2 == 1 {
					batch = r.Perm(rows)[:n]
				}
				var want float64
				out, pairOut, pairOutU := make([]float64, cols), make([]float64, cols), make([]float64, cols)
				at := func(lo, n int) (b []float64) {
					for _, i := range batch[lo : lo+n] {
						b = append(b, labels[i])
					}
					return b
				}
				d.PassRows(batch, v, out, func(lo int, s []float64) { want += Logistic(s, at(lo, len(s)), nil, scale) })
				d.PassPairs(batch, v, u, pairOut, pairOutU, func(lo int, s, w []float64) {
					second := make([]float64, len(s))
					Logistic(s, at(lo, len(s)), second, scale)
					for i, c := range second {
						w[i] *= c
					}
				})
				got, gotU := make([]float64, cols), make([]float64, cols)
				if value := d.LogisticRows(batch, next, labels, scale, v, got); value != want || !slices.Equal(got, out) {
					t.Fatalf("%d columns, %d rows, next %d: %v and %v, want %v and %v", cols, n, k, value, got, want, out)
				}
				if value := d.LogisticRows(batch, next, labels, scale, v, nil); value != want {
					t.Fatalf("%d columns, %d rows, next %d: value alone %v, want %v", cols, n, k, value, want)
				}
				d.LogisticPairs(batch, next, labels, scale, v, u, got, gotU)
				if !slices.Equal(got, pairOut) || !slices.Equal(gotU, pairOutU) {
					t.Fatalf("%d columns, %d rows, next %d: %v and %v, want %v and %v", cols, n, k, got, gotU, pairOut, pairOutU)
				}
				clear(gotU)
				if d.LogisticPairs(batch, next, labels, scale, v, u, nil, gotU); !slices.Equal(gotU, pairOutU) {
					t.Fatalf("%d columns, %d rows, next %d: product alone %v, want %v", cols, n, k, gotU, pairOutU)
				}
			}
		}
	}
}

// TestNoSuchRow: a row that there is not is a panic, as an index is, and no look at memory elsewhere.
func TestNoSuchRow(t *testing.T) {
	d := random(10, 8, 1)
	v, out, labels := make([]float64, 8), make([]float64, 8), make([]float64, 10)
	for name, pass := range map[string]func(rows []int){
		"PassRows":      func(rows []int) { d.PassRows(rows, v, out, nil) },
		"PassPairs":     func(rows []int) { d.PassPairs(rows, v, v, out, nil, nil) },
		"LogisticRows":  func(rows []int) { d.LogisticRows(rows, nil, labels, 1, v, out) },
		"LogisticPairs": func(rows []int) { d.LogisticPairs(rows, nil, labels, 1, v, v, nil, out) },
	} {
		for _, bad := range []int{-1, 10, 1 << 40} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s took row %d of 10", name, bad)
					}
				}()
				pass([]int{3, bad, 2})
			}()
		}
	}
}

// TestLogisticBlocks: samples in eights, in fours and alone are worked on by other code, which must not show.
func TestLogisticBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	t64, labels, second := make([]float64, 64), make([]float64, 64), make([]float64, 64)
	for i := range t64 {
		t64[i], labels[i] = 20*r.NormFloat64(), float64(2*r.IntN(2)-1)
	}
	all := slices.Clone(t64)
	Logistic(all, labels, second, 2)
	for n := 4; n < 64; n += 4 {
		some, curve := slices.Clone(t64[:n]), make([]float64, n)
		Logistic(some, labels[:n], curve, 2)
		if !slices.Equal(some, all[:n]) || !slices.Equal(curve, second[:n]) {
			t.Errorf("%d samples are not the first of 64", n)
		}
	}
}
