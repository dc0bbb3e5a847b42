//go:build cgo && !nohighs

package simplex

import (
	"math"
	"math/rand"
	"testing"
)

// settleTwins hands a program of two blocks to both solvers: columns 0..n and rows 0..m of the first, and behind them a block whose columns are fixed and whose rows
// are free.
func settleTwins(t *testing.T, r *rand.Rand) (w *twins, columns, rows []int32) {
	w = newTwins(t, r)
	n, m := w.n, w.m
	for j := range n {
		if r.Intn(3) == 0 {
			columns = append(columns, int32(j))
		}
	}
	in := func(j int32) bool {
		for _, c := range columns {
			if c == j {
				return true
			}
		}
		return false
	}
	for i := range m {
		rests := r.Intn(3) == 0
		if rests {
			rows = append(rows, int32(i))
		}
		for j := range n {
			if in(int32(j)) != rests {
				w.own.SetCoefficient(i, j, 0)
				if err := w.far.ChangeCoefficient(i, j, 0); err != nil {
					t.Fatal(err)
				}
			}
		}
		if rests {
			w.rowBounds(i, math.Inf(-1), math.Inf(1))
		}
	}
	for _, j := range columns {
		v := float64(r.Intn(3) - 1)
		w.own.SetBounds(int(j), v, v)
		if err := w.far.ChangeColBounds([]int32{j}, []float64{v}, []float64{v}); err != nil {
			t.Fatal(err)
		}
	}
	return w, columns, rows
}

func (w *twins) rowBounds(i int, lo, hi float64) {
	w.own.SetBounds(w.n+i, lo, hi)
	if err := w.far.ChangeRowBounds([]int32{int32(i)}, []float64{lo}, []float64{hi}); err != nil {
		w.t.Fatal(err)
	}
}

// TestRest: a program of which a part rests has the answers that it has otherwise, also after changes that wake that part.
func TestRest(t *testing.T) {
	rested, asleep := 0, 0
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		w, columns, rows := settleTwins(t, r)
		if r.Intn(2) == 0 {
			w.compare()
		}
		// zeros that were set by coefficients stay in the rows: with them the blocks are joined as far as Rest can see
		clean := New(w.own.cost, w.own.offset, w.own.lo[:w.n], w.own.hi[:w.n], w.own.lo[w.n:], w.own.hi[w.n:], []int32{0}, nil, nil)
		clean.start, clean.index, clean.value = clean.start[:1], nil, nil
		for i := range w.m {
			for k := w.own.start[i]; k < w.own.start[i+1]; k++ {
				if w.own.value[k] != 0 {
					clean.index, clean.value = append(clean.index, w.own.index[k]), append(clean.value, w.own.value[k])
				}
			}
			clean.start = append(clean.start, int32(len(clean.index)))
		}
		w.own = clean
		if !w.own.Rest(columns, rows) {
			t.Fatalf("seed %d: refused", seed)
		}
		if w.own.liveCols != w.n-len(columns) || w.own.liveRows != w.m-len(rows) {
			t.Fatalf("seed %d: %d columns and %d rows live", seed, w.own.liveCols, w.own.liveRows)
		}
		rested += len(columns)
		for range 12 {
			w.compare()
			w.own.Mark()
			for range 1 + r.Intn(2) {
				if r.Intn(2) == 0 {
					w.change()
					continue
				}
				j := int(r.Intn(w.n))
				if !w.own.rests(j) {
					lo, hi := pick(r)
					w.own.SetBounds(j, lo, hi)
					if err := w.far.ChangeColBounds([]int32{int32(j)}, []float64{lo}, []float64{hi}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if w.own.restCol != nil {
				asleep++
			}
			if r.Intn(3) == 0 {
				w.own.Restore()
			}
		}
		w.far.Close()
	}
	if rested < 500 || asleep < 500 {
		t.Errorf("%d columns rested, %d solves with some asleep", rested, asleep)
	}
}

func TestRestRefuses(t *testing.T) {
	inf := math.Inf(1)
	make := func() *LP {
		return New([]float64{1, 0, 0}, 0, []float64{0, 0, 2}, []float64{4, 4, 2}, []float64{1, -inf}, []float64{inf, inf}, []int32{0, 2, 3}, []int32{0, 1, 2}, []float64{1, 1, 1})
	}
	for _, c := range []struct {
		columns, rows []int32
		want          bool
	}{{[]int32{2}, []int32{1}, true}, {[]int32{1}, []int32{1}, false}, {[]int32{2}, []int32{0}, false}, {[]int32{2}, nil, false}, {nil, []int32{1}, false}} {
		if got := make().Rest(c.columns, c.rows); got != c.want {
			t.Errorf("Rest(%v, %v) = %v", c.columns, c.rows, got)
		}
	}
}
