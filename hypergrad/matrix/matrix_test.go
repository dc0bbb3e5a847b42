package matrix

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(rows, cols int, seed uint64) *Dense {
	r := rand.New(rand.NewPCG(seed, 1))
	d := NewDense(rows, cols)
	for i := range rows {
		for j := range d.Row(i) {
			d.Row(i)[j] = r.NormFloat64()
		}
	}
	return d
}

// sparseOf keeps all entries of d.
func sparseOf(t *testing.T, d *Dense) *CSR {
	start, index, vals := []int{0}, []int32{}, []float64{}
	for i := range d.rows {
		for j, v := range d.Row(i) {
			index, vals = append(index, int32(j)), append(vals, v)
		}
		start = append(start, len(vals))
	}
	c, err := NewCSR(d.rows, d.cols, start, index, vals)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	for j := range want {
		if !(math.Abs(got[j]-want[j]) <= tol*(1+math.Abs(want[j]))) {
			t.Fatalf("%s[%d] = %v, want %v", what, j, got[j], want[j])
		}
	}
}

func TestPass(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {70, 5}, {130, 22}, {1500, 33}, {75, 24}, {67, 61}, {90, 150}} {
		d := random(size[0], size[1], 3)
		r := rand.New(rand.NewPCG(5, 5))
		v := make([]float64, size[1])
		for j := range v {
			v[j] = r.NormFloat64()
		}
		rows := make([]int, 0)
		for i := size[0] - 1; i >= 0; i -= 2 {
			rows = append(rows, i)
		}
		want, wantRows := make([]float64, size[1]), make([]float64, size[1])
		for i := range size[0] {
			var s float64
			for j, x := range d.Row(i) {
				s += x * v[j]
			}
			for j, x := range d.Row(i) {
				want[j] += x * math.Tanh(s)
				if (size[0]-1-i)%2 == 0 {
					wantRows[j] += x * math.Tanh(s)
				}
			}
		}
		phi := func(_, _ int, t []float64) {
			for i := range t {
				t[i] = math.Tanh(t[i])
			}
		}
		for name, m := range map[string]Matrix{"dense": d, "sparse": sparseOf(t, d)} {
			got := make([]float64, size[1])
			m.Pass(v, got, phi)
			near(t, name, got, want, 1e-12)
			m.PassRows(rows, v, got, func(lo int, t []float64) { phi(0, lo, t) })
			near(t, name+" rows", got, wantRows, 1e-12)
			// Pairs: the second vector is minus the first, and its products are squared.
			u, both, alone := make([]float64, size[1]), make([]float64, size[1]), make([]float64, size[1])
			for j := range u {
				u[j] = -v[j]
			}
			pair := func(lo int, t, s []float64) {
				phi(0, lo, t)
				for i := range s {
					s[i] = -math.Tanh(s[i])
				}
			}
			for _, with := range [][2][]float64{{got, both}, {nil, alone}, {alone, nil}} {
				clear(got)
				m.PassPairs(rows, v, u, with[0], with[1], pair)
				for _, out := range with {
					if out != nil {
						near(t, name+" pairs", out, wantRows, 1e-12)
					}
				}
			}
		}
	}
}

func TestThreadsDoNotChangeBits(t *testing.T) {
	d := random(5000, 7, 8)
	v := []float64{1, -2, 3, 0.1, 0.2, 0.3, 4}
	one, three := make([]float64, 7), make([]float64, 7)
	for name, m := range map[string]Matrix{"dense": d, "sparse": sparseOf(t, d)} {
		m.Pass(v, one, nil)
		m.SetThreads(3)
		m.Pass(v, three, nil)
		for j := range one {
			if one[j] != three[j] {
				t.Errorf("%s, entry %d: %v with one thread, %v with three", name, j, one[j], three[j])
			}
		}
	}
}

func TestGramAndCholesky(t *testing.T) {
	for _, p := range []int{1, 2, 3, 4, 5, 9, 22, 50, 101} {
		d := random(2*p+41, p, 11)
		w := make([]float64, 2*p+41)
		for i := range w {
			w[i] = 0.5 + float64(i%3)
		}
		h, want := make([]float64, p*p), make([]float64, p*p)
		d.Gram(w, h)
		for i := range w {
			row := d.Row(i)
			for a := range p {
				for b := range p {
					want[a*p+b] += w[i] * row[a] * row[b]
				}
			}
		}
		near(t, "gram", h, want, 1e-11)
		moments, side, right := make([]float64, p*p), make([]float64, p), make([]float64, p)
		d.Moments(w, moments, side)
		d.Pass(nil, right, func(_, lo int, t []float64) { copy(t, w[lo:]) })
		near(t, "moments", side, right, 1e-12)
		var c Cholesky
		if !c.Factor(p, h, 0.25) {
			t.Fatalf("p = %d: no factor", p)
		}
		x, b := make([]float64, p), make([]float64, p)
		for j := range x {
			x[j] = float64(j%5) - 2
		}
		for i := range p {
			b[i] = Dot(h[i*p:(i+1)*p], x) + 0.25*x[i]
		}
		c.Solve(b)
		near(t, "solution", b, x, 1e-9)
		h[p*p-1] = -1e9
		if c.Factor(p, h, 0) {
			t.Errorf("p = %d: an indefinite matrix was factored", p)
		}
	}
}

func TestPlainKernelsAgree(t *testing.T) {
	d := random(4, 8, 2)
	v := random(1, 8, 3).full(0)
	var a, b [4]float64
	dot4(d.full(0), d.full(1), d.full(2), d.full(3), v, &a)
	dot4Go(d.full(0), d.full(1), d.full(2), d.full(3), v, &b)
	near(t, "dot4", a[:], b[:], 1e-14)
	y, z := make([]float64, 8), make([]float64, 8)
	axpy4(&a, d.full(0), d.full(1), d.full(2), d.full(3), y)
	axpy4Go(&a, d.full(0), d.full(1), d.full(2), d.full(3), z)
	near(t, "axpy4", y, z, 1e-14)
	for _, cols := range []int{4, 8, 20, 24, 28, 36, 52, 60} {
		x := random(11, cols, 6)
		rows := []int{10, 3, 3, 0, 7, 9, 1, 2}
		v, u := random(1, cols, 7).full(0), random(1, cols, 8).full(0)
		var t1, s1, t2, s2 [8]float64
		rowDots(x.data, x.stride, rows, v, u, t1[:], s1[:], nothing(x.data))
		rowDotsGo(x.data, x.stride, rows, v, u, t2[:], s2[:])
		near(t, "products", t1[:], t2[:], 1e-14)
		near(t, "second products", s1[:], s2[:], 1e-14)
		rowDots(x.data, x.stride, rows, v, nil, s1[:], nil, nothing(x.data))
		near(t, "products alone", s1[:], t2[:], 1e-14)
		rows = rows[:7]
		y1, w1, y2, w2, y3 := make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols)
		rowSums(x.data, x.stride, rows, t2[:], s2[:], y1, w1, nothing(x.data))
		rowSumsGo(x.data, x.stride, rows, t2[:], s2[:], y2, w2)
		rowSums(x.data, x.stride, rows, t2[:], nil, y3, nil, nothing(x.data))
		near(t, "sums", y1, y2, 1e-13)
		near(t, "second sums", w1, w2, 1e-13)
		near(t, "sums alone", y3, y2, 1e-13)
	}
	for _, w := range []int{4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 60} {
		e := random(10, w, 4)
		c, g := make([]float64, 4*w), make([]float64, 4*w)
		gramTile(10, e.data, w, e.data, w, c, w, w)
		gramTileGo(10, e.data, w, e.data, w, g, w, w)
		near(t, "gram tile", c, g, 1e-13)
		plain, scaled := make([]float64, 10*w), make([]float64, 10*w)
		scaleRows(w, e.data[:10], e.data, scaled)
		scaleRowsGo(w, e.data[:10], e.data, plain)
		near(t, "scaled rows", scaled, plain, 0)
	}
}

func TestBadArrays(t *testing.T) {
	if _, err := DenseOf(2, 3, make([]float64, 5)); err == nil {
		t.Error("five entries passed for six")
	}
	if _, err := NewCSR(1, 2, []int{0, 1}, []int32{2}, []float64{1}); err == nil {
		t.Error("column 2 of 2 passed")
	}
	if _, err := NewCSR(2, 2, []int{0, 2, 1}, []int32{0}, []float64{1}); err == nil {
		t.Error("a row that ends before it starts passed")
	}
	if _, err := NewCSR(-1, 2, nil, nil, nil); err == nil {
		t.Error("a negative number of rows passed")
	}
}

func BenchmarkGram(b *testing.B) {
	d := random(20000, 100, 1)
	h := make([]float64, 100*100)
	for b.Loop() {
		d.Gram(nil, h)
	}
}

func BenchmarkGramOfFewFeatures(b *testing.B) {
	d := random(50000, 22, 1)
	h, w := make([]float64, 22*22), make([]float64, 50000)
	for b.Loop() {
		d.Gram(w, h)
	}
}

func BenchmarkPass(b *testing.B) {
	d := random(50000, 22, 1)
	v, out := make([]float64, 22), make([]float64, 22)
	for b.Loop() {
		d.Pass(v, out, nil)
	}
}
