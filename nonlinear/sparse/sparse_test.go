package sparse

import (
	"errors"
	"math"
	"math/rand"
	"testing"
)

func factorised(t *testing.T, a *triplets) *Factor {
	t.Helper()
	s, err := Analyse(a.n, a.rows, a.cols)
	if err != nil {
		t.Fatal(err)
	}
	f := s.NewFactor()
	if err := f.Factorise(a.vals); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		a    triplets
		want Inertia
		b, x []float64
	}{
		{"empty", triplets{}, Inertia{}, nil, nil},
		{"one", triplets{1, []int32{0}, []int32{0}, []float64{-2}}, Inertia{0, 1, 0}, []float64{4}, []float64{-2}},
		{"zero", triplets{2, nil, nil, nil}, Inertia{0, 0, 2}, nil, nil},
		{"zero entries", triplets{2, []int32{0, 1}, []int32{0, 1}, []float64{0, 0}}, Inertia{0, 0, 2}, nil, nil},
		{"swap", triplets{2, []int32{1}, []int32{0}, []float64{3}}, Inertia{1, 1, 0}, []float64{3, 6}, []float64{2, 1}},
		{"upper triangle and repeats", triplets{2, []int32{0, 0, 1, 0}, []int32{1, 0, 1, 1}, []float64{1, 4, 3, 1}}, Inertia{2, 0, 0}, []float64{8, 7}, []float64{1.25, 1.5}},
		{"rank one", triplets{2, []int32{0, 1, 1}, []int32{0, 0, 1}, []float64{1, 1, 1}}, Inertia{1, 0, 1}, nil, nil},
		{"a row of zeros", triplets{3, []int32{0, 2}, []int32{0, 0}, []float64{1, 1}}, Inertia{1, 1, 1}, nil, nil},
		{"scales apart", triplets{2, []int32{0, 1, 1}, []int32{0, 0, 1}, []float64{1e12, 1, -1e-12}}, Inertia{1, 1, 0}, []float64{2, 0}, []float64{1e-12, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := factorised(t, &c.a)
			if f.Inertia() != c.want {
				t.Errorf("inertia %+v, want %+v", f.Inertia(), c.want)
			}
			if c.b == nil {
				return
			}
			x := make([]float64, len(c.b))
			f.Refined(c.b, x, 2, 1e-16)
			for i := range x {
				if math.Abs(x[i]-c.x[i]) > 1e-9*max(1, math.Abs(c.x[i])) {
					t.Errorf("x = %v, want %v", x, c.x)
					break
				}
			}
		})
	}
}

// TestSingularConsistent solves a singular system whose right-hand side is in the range.
func TestSingularConsistent(t *testing.T) {
	a := randomKKT(rand.New(rand.NewSource(7)), 20, 12, 8)
	f := factorised(t, a)
	if f.Inertia().Zero == 0 {
		t.Fatal("the case is not singular")
	}
	x, b := make([]float64, a.n), make([]float64, a.n)
	for i := range x {
		x[i] = float64(i%5) - 2
	}
	f.Multiply(x, b)
	if res := f.Refined(b, x, 3, 1e-16); res > 1e-10 {
		t.Errorf("residual %v", res)
	}
}

func TestErrors(t *testing.T) {
	var p *PatternError
	if _, err := Analyse(2, []int32{2}, []int32{0}); !errors.As(err, &p) || p.Row != 2 || p.Error() == "" {
		t.Errorf("error %v", err)
	}
	if _, err := Analyse(2, []int32{1}, nil); err == nil {
		t.Error("a pattern with more rows than columns of entries was taken")
	}
	s, err := Analyse(1, []int32{0}, []int32{0})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		var n *NotFiniteError
		if err := s.NewFactor().Factorise([]float64{v}); !errors.As(err, &n) || n.Error() == "" {
			t.Errorf("%v: error %v", v, err)
		}
	}
}

// TestOrdering knows the fill of patterns: a path and a tree have none, of an arrow the tip comes last, and a grid stays far below a banded order.
func TestOrdering(t *testing.T) {
	fill := func(a *triplets) int {
		s, err := Analyse(a.n, a.rows, a.cols)
		if err != nil {
			t.Fatal(err)
		}
		return s.Entries()
	}
	const n = 500
	path, arrow, tree := &triplets{n: n}, &triplets{n: n}, &triplets{n: n}
	perm := rand.New(rand.NewSource(1)).Perm(n)
	for i := range n {
		for _, a := range []*triplets{path, arrow, tree} {
			a.add(perm[i], perm[i], 4)
		}
		if i > 0 {
			path.add(perm[i], perm[i-1], -1)
			tree.add(perm[i], perm[(i-1)/2], -1)
			arrow.add(perm[i], perm[0], -1)
		}
	}
	// Supernodes of small size hold some zeros, which count as entries.
	for name, a := range map[string]*triplets{"path": path, "tree": tree} {
		if got := fill(a); got > 6*n {
			t.Errorf("%s: %d entries", name, got)
		}
	}
	if got := fill(arrow); got > 6*n {
		t.Errorf("arrow: %d entries", got)
	}
	const k = 40
	square := &triplets{n: k * k}
	for i := range k * k {
		square.add(i, i, 4)
		if i%k > 0 {
			square.add(i, i-1, -1)
		}
		if i >= k {
			square.add(i, i-k, -1)
		}
	}
	if got := fill(square); got > k*k*k/2 {
		t.Errorf("grid: %d entries, a banded order has %d", got, k*k*k)
	}
}

func TestNoAllocation(t *testing.T) {
	a := grid(rand.New(rand.NewSource(1)), 12)
	f := factorised(t, a)
	b, x := make([]float64, a.n), make([]float64, a.n)
	for i := range b {
		b[i] = 1
	}
	if n := testing.AllocsPerRun(10, func() {
		if err := f.Factorise(a.vals); err != nil {
			t.Fatal(err)
		}
		f.Refined(b, x, 2, 1e-14)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestDelayedPivots factorises matrices whose cheapest order meets many zero diagonals, with thresholds that put off more or fewer pivots.
func TestDelayedPivots(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	const n, m = 120, 60
	a := &triplets{n: n + m}
	for i := range n {
		a.add(i, i, math.Pow(10, float64(r.Intn(13)-8)))
	}
	for k := range m { // every row has two or three variables: a multiplier is the cheapest pivot, and its diagonal is zero
		for _, j := range r.Perm(n)[:2+r.Intn(2)] {
			a.add(n+k, j, r.NormFloat64())
		}
	}
	s, err := Analyse(a.n, a.rows, a.cols)
	if err != nil {
		t.Fatal(err)
	}
	f := s.NewFactor()
	b, x := make([]float64, a.n), make([]float64, a.n)
	for i := range b {
		b[i] = r.NormFloat64()
	}
	for _, u := range []float64{1e-8, 1e-4, 1e-2, 0.5} {
		f.SetPivot(u)
		if err := f.Factorise(a.vals); err != nil {
			t.Fatal(err)
		}
		if want := (Inertia{n, m, 0}); f.Inertia() != want {
			t.Errorf("u = %v: inertia %+v, want %+v", f.Pivot(), f.Inertia(), want)
		}
		if res := f.Refined(b, x, 4, 1e-16); res > 1e-11 {
			t.Errorf("u = %v: residual %v with %d delayed", f.Pivot(), res, f.Delayed())
		}
	}
	if f.Delayed() == 0 {
		t.Error("no pivot was delayed: the case tests nothing")
	}
}
