package dense

import (
	"math"
	"math/rand"
	"testing"
)

func random(rng *rand.Rand, m, n int) *Matrix {
	a := New(m, n)
	for k := range a.Data {
		a.Data[k] = rng.NormFloat64()
	}
	return a
}

func product(a, b *Matrix) *Matrix {
	c := New(a.Rows, b.Cols)
	for i := range a.Rows {
		for k, v := range a.Row(i) {
			for j, w := range b.Row(k) {
				c.Add(i, j, v*w)
			}
		}
	}
	return c
}

func transpose(a *Matrix) *Matrix {
	t := New(a.Cols, a.Rows)
	for i := range a.Rows {
		for j, v := range a.Row(i) {
			t.Set(j, i, v)
		}
	}
	return t
}

func randomVector(rng *rand.Rand, n int) []float64 { return random(rng, 1, n).Data }

func TestLU(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	var l LU
	for n := range 30 {
		a, x := random(rng, n, n), randomVector(rng, n)
		if n > 2 {
			a.Set(0, 0, 0) // an order of rows that has to change
		}
		b, got := make([]float64, n), make([]float64, n)
		a.Multiply(x, b)
		if !l.Factor(a) {
			t.Fatalf("order %d: called singular", n)
		}
		l.Solve(b, got)
		for k := range x {
			if math.Abs(x[k]-got[k]) > 1e-8 {
				t.Fatalf("order %d: %v, want %v", n, got, x)
			}
		}
	}
	singular := New(3, 3)
	copy(singular.Data, []float64{1, 2, 3, 2, 4, 6, 1, 1, 1})
	if l.Factor(singular) && l.PivotRatio() > 1e-14 {
		t.Errorf("a singular matrix got the pivot ratio %v", l.PivotRatio())
	}
	singular.Set(1, 1, math.NaN())
	if l.Factor(singular) {
		t.Error("a matrix with NaN was factorised")
	}
}

// TestPseudoInverse holds A⁺b against what defines it: A'(A x - b) = 0, and x in the range of A'.
func TestPseudoInverse(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	var q, qt QR
	for range 300 {
		m, n := 1+rng.Intn(9), 1+rng.Intn(9)
		r := rng.Intn(min(m, n) + 1)
		a := product(random(rng, m, r), random(rng, r, n))
		b, x := randomVector(rng, m), make([]float64, n)
		q.Factor(a, 1e-11)
		if q.Rank() != r {
			t.Fatalf("a %dx%d matrix of rank %d got rank %d", m, n, r, q.Rank())
		}
		q.Solve(b, x)
		res := make([]float64, m)
		a.Multiply(x, res)
		for i := range res {
			res[i] -= b[i]
		}
		at, grad := transpose(a), make([]float64, n)
		at.Multiply(res, grad)
		if MaxAbs(grad) > 1e-9 {
			t.Fatalf("%dx%d rank %d: the residual is not orthogonal to the columns: %v", m, n, r, grad)
		}
		qt.Factor(at, 1e-11)
		z := qt.Complement()
		if z.Rows != n-r {
			t.Fatalf("%dx%d rank %d: a null space of dimension %d", m, n, r, z.Rows)
		}
		for k := range z.Rows {
			if v := Dot(z.Row(k), x); math.Abs(v) > 1e-9*(1+MaxAbs(x)) {
				t.Fatalf("%dx%d rank %d: the solution has a part %v in the null space", m, n, r, v)
			}
			a.Multiply(z.Row(k), res)
			if MaxAbs(res) > 1e-10 {
				t.Fatalf("%dx%d rank %d: a row of the null space is none: %v", m, n, r, res)
			}
			for j := range z.Rows {
				want := 0.0
				if j == k {
					want = 1
				}
				if math.Abs(Dot(z.Row(k), z.Row(j))-want) > 1e-12 {
					t.Fatalf("the basis of the null space is not orthonormal")
				}
			}
		}
	}
}

func TestEigen(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	for trial := range 50 {
		n := trial / 2
		b := random(rng, n, n)
		a := New(n, n)
		for i := range n {
			for j := range n {
				a.Set(i, j, b.At(i, j)+b.At(j, i))
			}
		}
		if n > 1 && trial%2 == 1 { // equal eigenvalues and a zero row
			a.Reset(n, n)
			for i := range n - 1 {
				a.Set(i, i, float64(i%2))
			}
			a.Set(1, 0, 3)
			a.Set(0, 1, 3)
		}
		values, vectors, ok := Eigen(a)
		if !ok {
			t.Fatalf("order %d: no convergence", n)
		}
		av := make([]float64, n)
		for k, l := range values {
			if k > 0 && l < values[k-1] {
				t.Fatalf("order %d: not ascending: %v", n, values)
			}
			v := vectors.Row(k)
			a.Multiply(v, av)
			for i := range av {
				if math.Abs(av[i]-l*v[i]) > 1e-11*(1+math.Abs(l)) {
					t.Fatalf("order %d: eigenpair %d fails by %v", n, k, av[i]-l*v[i])
				}
			}
			for j := range k {
				if math.Abs(Dot(v, vectors.Row(j))) > 1e-12 {
					t.Fatalf("order %d: eigenvectors %d and %d are not orthogonal", n, j, k)
				}
			}
		}
	}
	bad := New(2, 2)
	bad.Set(1, 0, math.Inf(1))
	if _, _, ok := Eigen(bad); ok {
		t.Error("a matrix with an infinite entry was taken")
	}
}
