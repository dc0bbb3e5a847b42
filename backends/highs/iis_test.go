//go:build cgo && !nohighs

package highs

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"reflect"
	"testing"
)

// without relaxes all sides of a that are not in the subset, and then the k-th side of the subset (-1: none).
func (s *IIS) without(a *Arrays, k int) *Arrays {
	b := a.clone()
	b.Cost = make([]float64, a.NumCols())
	keep := func(sides []Side, lower, upper []float64, from int) {
		lo, up := append([]float64(nil), lower...), append([]float64(nil), upper...)
		for i := range lower {
			lower[i], upper[i] = math.Inf(-1), math.Inf(1)
		}
		for p, side := range sides {
			if from+p == k {
				continue
			}
			if side.Upper {
				upper[side.Index] = up[side.Index]
			} else {
				lower[side.Index] = lo[side.Index]
			}
		}
	}
	keep(s.Rows, b.RowLower, b.RowUpper, 0)
	keep(s.Cols, b.ColLower, b.ColUpper, len(s.Rows))
	return b
}

func TestIISIsInfeasibleAndIrreducible(t *testing.T) {
	found := 0
	for seed := range int64(60) {
		r := rand.New(rand.NewSource(seed))
		a := randomLP(r, 8, 6)
		i := r.Intn(6)
		if r.Intn(2) == 0 {
			a.RowLower[i], a.RowUpper[i] = a.RowLower[i]+20+80*r.Float64(), inf
		} else {
			a.RowLower[i], a.RowUpper[i] = -inf, a.RowUpper[i]-20-80*r.Float64()
		}
		if a.RowLower[i] <= -infinite && a.RowUpper[i] >= infinite || a.RowLower[i] > infinite {
			continue
		}
		s, err := FindIIS(bg, a)
		if errors.Is(err, ErrFeasible) {
			continue
		}
		if err != nil {
			t.Fatal(seed, err)
		}
		found++
		if !s.Irreducible {
			t.Errorf("seed %d: not decided", seed)
		}
		if status, _ := cold(t, s.without(a, -1)); status != Infeasible {
			t.Errorf("seed %d: the subset is %v", seed, status)
		}
		for k := range len(s.Rows) + len(s.Cols) {
			if status, _ := cold(t, s.without(a, k)); status != Optimal {
				t.Errorf("seed %d: without its member %d the subset is %v", seed, k, status)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d infeasible LPs met", found)
	}
}

func TestIISByHand(t *testing.T) {
	tests := []struct {
		name   string
		a      Arrays
		want   IIS
		reason string
	}{
		{"crossed bounds", Arrays{Cost: []float64{0}, ColLower: []float64{2}, ColUpper: []float64{1}}, IIS{Cols: []Side{{0, false}, {0, true}}, Irreducible: true}, "2 <= x <= 1"},
		{"empty row", Arrays{Cost: []float64{0}, ColLower: []float64{0}, ColUpper: []float64{1}, RowLower: []float64{-inf, 1}, RowUpper: []float64{1, 2}, Start: []int32{0, 1, 1}, Index: []int32{0}, Value: []float64{1}},
			IIS{Rows: []Side{{1, false}}, Irreducible: true}, "0 >= 1"},
		{"row and bounds", Arrays{Cost: []float64{0, 0, 0}, ColLower: []float64{0, 0, 0}, ColUpper: []float64{1, 1, 1}, RowLower: []float64{3, 1}, RowUpper: []float64{inf, 2}, Start: []int32{0, 2, 5}, Index: []int32{0, 1, 0, 1, 2}, Value: []float64{1, 1, 1, 1, 1}},
			IIS{Rows: []Side{{0, false}}, Cols: []Side{{0, true}, {1, true}}, Irreducible: true}, "x + y >= 3 with x, y <= 1; the other row plays no part, as relaxing it first leaves the rest infeasible"},
	}
	for _, tt := range tests {
		got, err := FindIIS(bg, &tt.a)
		if err != nil || !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s: %+v %v, want %+v: %s", tt.name, got, err, tt.want, tt.reason)
		}
	}
}

func TestIISOfAFeasibleLPAndOfACancelledCall(t *testing.T) {
	l := newLP(t, randomLP(rand.New(rand.NewSource(4)), 5, 3), LPOptions{})
	if _, err := l.IIS(bg); !errors.Is(err, ErrFeasible) {
		t.Errorf("feasible: %v", err)
	}
	done, cancel := context.WithCancel(bg)
	cancel()
	if _, err := l.IIS(done); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
