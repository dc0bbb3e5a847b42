//go:build cgo && !nohighs

package simplex

import (
	"context"
	"math"
	"math/rand"
	"slices"
	"testing"
)

// TestPenalty: what a penalty promises the optimum rises by, it rises by at least, and where it is infinite nothing is left.
func TestPenalty(t *testing.T) {
	positive, infinite, exact, unproven := 0, 0, 0, 0
	for seed := range int64(1500) {
		r := rand.New(rand.NewSource(seed))
		w := newTwins(t, r)
		for range 4 {
			if w.own.Solve(0) != Optimal {
				w.change()
				continue
			}
			value := w.own.Objective()
			q := r.Intn(w.n + w.m)
			lo, hi := w.own.lo[q], w.own.hi[q]
			to := lo
			if r.Intn(2) == 0 || !finite(lo) {
				to = hi
			}
			if !finite(to) {
				w.change()
				continue
			}
			estimate, step := w.own.Penalty(q, to)
			if estimate < 0 || math.IsNaN(estimate) {
				t.Fatalf("seed %d: penalty %v", seed, estimate)
			}
			p := w.own.ProvenPenalty(q, to, estimate, step)
			if math.IsNaN(p) || p > estimate+1e-7*math.Max(1, math.Abs(value)) {
				t.Fatalf("seed %d: %v is proven where the tableau says %v", seed, p, estimate)
			}
			wrong := math.Inf(-1) // what is proven where the row of q in the tableau is wrong
			if at := w.own.at[q]; at < 0 && len(w.own.basic) > 0 {
				row := w.own.t[-1-at]
				kept := slices.Clone(row)
				for j := range row {
					row[j] += r.NormFloat64()
				}
				e, s := w.own.Penalty(q, to)
				wrong = w.own.ProvenPenalty(q, to, e, s)
				copy(row, kept)
			}
			if p < estimate-1e-6*math.Max(1, math.Abs(value)) {
				unproven++
			}
			if lo2, hi2 := w.own.lo[q], w.own.hi[q]; lo2 != lo || hi2 != hi {
				t.Fatalf("seed %d: the bounds of %d have changed", seed, q)
			}
			w.own.SetBounds(q, to, to)
			if q < w.n {
				_ = w.far.ChangeColBounds([]int32{int32(q)}, []float64{to}, []float64{to})
			} else {
				w.rowBounds(q-w.n, to, to)
			}
			st, err := w.far.SolveRobust(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if w.own.Solve(0) == Optimal && wrong > w.own.Objective()-value+1e-7*math.Max(1, math.Abs(value)) {
				t.Fatalf("seed %d: a wrong tableau proves %v, but the optimum rises by %v", seed, wrong, w.own.Objective()-value)
			}
			switch {
			case math.IsInf(p, 1):
				infinite++
				if w.own.Solve(0) != Infeasible {
					t.Fatalf("seed %d: infinite penalty of quantity %d at %v, but %v with %v", seed, q, to, st, w.far.Objective())
				}
			case w.own.Solve(0) == Optimal:
				rise := w.own.Objective() - value
				if p > rise+1e-7*math.Max(1, math.Abs(value)) {
					t.Fatalf("seed %d: penalty %v of quantity %d at %v, but the optimum rises by %v", seed, p, q, to, rise)
				}
				if p > 1e-6 {
					positive++
				}
				if p > 1e-6 && p > rise-1e-7 {
					exact++
				}
			}
			w.own.SetBounds(q, lo, hi)
			if q < w.n {
				_ = w.far.ChangeColBounds([]int32{int32(q)}, []float64{lo}, []float64{hi})
			} else {
				w.rowBounds(q-w.n, lo, hi)
			}
			w.change()
		}
		w.far.Close()
	}
	t.Log(positive, exact, infinite)
	if unproven > (positive+infinite)/50 {
		t.Errorf("%d of %d penalties are not proven", unproven, positive+infinite)
	}
	if positive < 100 || exact < 50 || infinite < 50 {
		t.Errorf("%d positive penalties, %d exact, %d infinite: too few to judge by", positive, exact, infinite)
	}
}
