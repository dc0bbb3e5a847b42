//go:build cgo && !nohighs

package highs

import (
	"context"
	"math"
	"math/rand"
	"testing"
)

// lostQP has an optimum of 41/16 at x0 = 11/8, x1 = 1 and any x2 <= 1, which the objective does not know. By hand: of 3 x0 - x1 - 4 (x0 - x1)^2 the
// derivative by x0 is zero at x0 = x1 + 3/8, where it is 2 x1 + 9/16. The solver's QP method calls it unbounded where x2 is free, and goes in
// circles where it is not.
func lostQP() *Arrays {
	inf := math.Inf(1)
	return &Arrays{Maximize: true, Cost: []float64{3, -1, 0}, ColLower: []float64{0, 0, -inf}, ColUpper: []float64{3, 1, inf},
		RowLower: []float64{-1, -2, -inf, -inf, 0, -inf}, RowUpper: []float64{inf, inf, -1, 0, 0, 0},
		Start: []int32{0, 2, 4, 6, 7, 7, 7}, Index: []int32{0, 1, 0, 1, 1, 2, 1}, Value: []float64{3, -1, 6, -2, -3, 2, -1},
		QStart: []int32{0, 2, 3, 3}, QIndex: []int32{0, 1, 1}, QValue: []float64{-8, 8, -8}}
}

func TestLostQP(t *testing.T) {
	boxed := lostQP()
	boxed.ColLower[2], boxed.ColUpper[2] = -1e3, 1e3
	for name, a := range map[string]*Arrays{"free": lostQP(), "boxed": boxed} {
		s, err := Solve(context.Background(), a, SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != Optimal || !s.Accurate || math.Abs(s.Objective-41.0/16) > 1e-6 || math.Abs(s.Bound-41.0/16) > 1e-6 {
			t.Errorf("%s: status %v (%s), objective %v, bound %v, want 41/16", name, s.Status, s.Message, s.Objective, s.Bound)
		}
	}
}

// TestChords starts at vertices of random convex QPs: what comes back as optimal is the optimum that the QP method proves, and of a QP whose
// objective has no limit nothing comes back.
func TestChords(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	always := func() bool { return true }
	found := 0
	for range 60 {
		a := randomLP(r, 2+r.Intn(4), 1+r.Intn(3))
		a.Maximize = false
		n := a.NumCols()
		a.QStart = make([]int32, n+1)
		for j := range n { // diagonal, with some zeros
			if v := float64(r.Intn(4)); v > 0 {
				a.QIndex, a.QValue = append(a.QIndex, int32(j)), append(a.QValue, v)
			}
			a.QStart[j+1] = int32(len(a.QIndex))
		}
		want, err := Solve(context.Background(), a, SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want.Status != Optimal || !a.IsQP() {
			continue
		}
		vertex := *a
		vertex.QStart, vertex.QIndex, vertex.QValue = nil, nil, nil
		begin, err := Solve(context.Background(), &vertex, SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.chords(context.Background(), SolveOptions{}, begin.X, always)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			continue // slow where the optimum is within a face
		}
		found++
		if !got.Feasible || math.Abs(got.Objective-want.Objective) > 2e-6*max(1, math.Abs(want.Objective)) {
			t.Errorf("from %v: %v at %v, want %v at %v", begin.X, got.Objective, got.X, want.Objective, want.X)
		}
	}
	if found < 20 {
		t.Errorf("only %d of 60 ended at a proof", found)
	}
	open := &Arrays{Cost: []float64{-1, 0}, ColLower: []float64{0, 0}, ColUpper: []float64{math.Inf(1), 1}, Start: []int32{0},
		QStart: []int32{0, 0, 1}, QIndex: []int32{1}, QValue: []float64{2}}
	if s, err := open.chords(context.Background(), SolveOptions{}, []float64{0, 1}, always); err != nil || s != nil {
		t.Errorf("without a limit: %v, %v", s, err)
	}
}
