package sparse

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
)

// triplets is a symmetric matrix by its entries.
type triplets struct {
	n          int
	rows, cols []int32
	vals       []float64
}

func (a *triplets) add(i, j int, v float64) {
	a.rows, a.cols, a.vals = append(a.rows, int32(i)), append(a.cols, int32(j)), append(a.vals, v)
}

func (a *triplets) dense() [][]float64 {
	d := make([][]float64, a.n)
	for i := range d {
		d[i] = make([]float64, a.n)
	}
	for k, v := range a.vals {
		i, j := a.rows[k], a.cols[k]
		d[i][j] += v
		if i != j {
			d[j][i] += v
		}
	}
	return d
}

// eigenvalues finds those of a symmetric matrix by Jacobi's rotations; the matrix is overwritten.
func eigenvalues(a [][]float64) []float64 {
	n := len(a)
	size := 0.0
	for i := range a {
		for _, v := range a[i] {
			size += v * v
		}
	}
	for range 60 {
		off := 0.0
		for p := range n {
			for q := p + 1; q < n; q++ {
				if a[p][q] == 0 {
					continue
				}
				off += a[p][q] * a[p][q]
				theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(theta, 1))
				c := 1 / math.Hypot(t, 1)
				s := t * c
				for k := range n {
					x, y := a[k][p], a[k][q]
					a[k][p], a[k][q] = c*x-s*y, s*x+c*y
				}
				for k := range n {
					x, y := a[p][k], a[q][k]
					a[p][k], a[q][k] = c*x-s*y, s*x+c*y
				}
			}
		}
		if off <= 1e-34*size {
			break
		}
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = a[i][i]
	}
	return w
}

// inertiaOf counts eigenvalues; those below tol times the largest are zero.
func inertiaOf(a *triplets, tol float64) (in Inertia, clear bool) {
	w := eigenvalues(a.dense())
	most := 0.0
	for _, v := range w {
		most = max(most, math.Abs(v))
	}
	clear = true
	for _, v := range w {
		switch {
		case math.Abs(v) <= tol*most:
			in.Zero++
		case v > 0:
			in.Positive++
		default:
			in.Negative++
		}
		if math.Abs(v) > tol*most && math.Abs(v) < 1e6*tol*most {
			clear = false
		}
	}
	return in, clear
}

// randomKKT is [W, J'; J, -D] with n variables and m rows, of sparse W that may be indefinite or zero and D that is zero in part. rank rows
// of J are independent in general, the others are sums of them.
func randomKKT(r *rand.Rand, n, m, rank int) *triplets {
	a := &triplets{n: n + m}
	perm := r.Perm(n + m) // so that the order of the input means nothing
	add := func(i, j int, v float64) { a.add(perm[i], perm[j], v) }
	for i := range n {
		switch r.Intn(4) {
		case 0: // zero
		case 1:
			add(i, i, math.Pow(10, float64(r.Intn(9)-4)))
		default:
			add(i, i, r.NormFloat64())
		}
		if i > 0 && r.Intn(3) == 0 {
			add(i, r.Intn(i), r.NormFloat64())
		}
	}
	jac := make([][]float64, m)
	for k := range jac {
		jac[k] = make([]float64, n)
		if k < rank {
			for range 1 + r.Intn(4) {
				jac[k][r.Intn(n)] = float64(r.Intn(9) - 4)
			}
			jac[k][r.Intn(n)] = 1
			continue
		}
		for range 2 {
			if rank > 0 {
				from := jac[r.Intn(rank)]
				for i := range from {
					jac[k][i] += from[i]
				}
			}
		}
	}
	for k := range jac {
		for i, v := range jac[k] {
			if v != 0 {
				add(n+k, i, v)
			}
		}
		if k < rank && r.Intn(3) == 0 {
			add(n+k, n+k, -math.Pow(10, float64(r.Intn(7)-5)))
		}
	}
	return a
}

func TestInertiaAgainstEigenvalues(t *testing.T) {
	compared, singular, doubtful := 0, 0, 0
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		n := 1 + r.Intn(30)
		m := r.Intn(n + 1)
		rank := m
		if r.Intn(3) == 0 && m > 0 {
			rank = r.Intn(m)
		}
		a := randomKKT(r, n, m, rank)
		want, clear := inertiaOf(a, 1e-13)
		if !clear {
			continue
		}
		s, err := Analyse(a.n, a.rows, a.cols)
		if err != nil {
			t.Fatal(err)
		}
		f := s.NewFactor()
		if err := f.Factorise(a.vals); err != nil {
			t.Fatal(err)
		}
		compared++
		if want.Zero > 0 {
			singular++
		}
		got := f.Inertia()
		if got != want && want.Zero > 0 && got.Zero < want.Zero { // rounding errors taken for small eigenvalues
			doubtful++
		} else if got != want {
			t.Errorf("seed %d (n %d, m %d, rank %d): inertia %+v, eigenvalues say %+v", seed, n, m, rank, got, want)
		}
	}
	t.Logf("%d matrices, %d of them singular, %d with rounding errors taken for eigenvalues", compared, singular, doubtful)
	if doubtful > singular/50 {
		t.Errorf("in %d of %d singular matrices rounding errors were taken for eigenvalues", doubtful, singular)
	}
	if compared < 200 || singular < 50 {
		t.Errorf("only %d matrices compared, %d of them singular", compared, singular)
	}
}

func TestResiduals(t *testing.T) {
	for seed := range int64(300) {
		r := rand.New(rand.NewSource(seed))
		n := 1 + r.Intn(150)
		m := r.Intn(n/2 + 1)
		a := randomKKT(r, n, m, m)
		s, err := Analyse(a.n, a.rows, a.cols)
		if err != nil {
			t.Fatal(err)
		}
		f := s.NewFactor()
		b, x := make([]float64, a.n), make([]float64, a.n)
		for _, scale := range []float64{1, 1e-6, 1e5} { // the same memory again
			for k := range a.vals {
				a.vals[k] *= scale
			}
			if err := f.Factorise(a.vals); err != nil {
				t.Fatal(err)
			}
			if f.Inertia().Zero > 0 {
				continue
			}
			for i := range b {
				b[i] = r.NormFloat64()
			}
			if res := f.Refined(b, x, 3, 1e-16); res > 1e-12 {
				t.Errorf("seed %d, scale %v (n %d, m %d): relative residual %v, inertia %+v", seed, scale, n, m, res, f.Inertia())
			}
		}
	}
}

// grid is the KKT matrix of a discretised problem on a k by k grid: a stiffness matrix as the equality constraints of states and controls.
func grid(r *rand.Rand, k int) *triplets {
	n := k * k
	a := &triplets{n: 3 * n} // states, controls, multipliers
	at := func(i, j int) int { return i*k + j }
	for i := range k {
		for j := range k {
			v := at(i, j)
			a.add(v, v, 1e-3*r.Float64())
			a.add(n+v, n+v, math.Pow(10, 6*r.Float64()-3))
			a.add(2*n+v, n+v, -1)
			a.add(2*n+v, v, 4)
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				if p, q := i+d[0], j+d[1]; p >= 0 && q >= 0 && p < k && q < k {
					a.add(2*n+v, at(p, q), -1)
				}
			}
		}
	}
	return a
}

func TestGrid(t *testing.T) {
	for _, k := range []int{3, 10, 30} {
		r := rand.New(rand.NewSource(1))
		a := grid(r, k)
		s, err := Analyse(a.n, a.rows, a.cols)
		if err != nil {
			t.Fatal(err)
		}
		f := s.NewFactor()
		if err := f.Factorise(a.vals); err != nil {
			t.Fatal(err)
		}
		if want := (Inertia{2 * k * k, k * k, 0}); f.Inertia() != want {
			t.Errorf("grid %d: inertia %+v, want %+v", k, f.Inertia(), want)
		}
		b, x := make([]float64, a.n), make([]float64, a.n)
		for i := range b {
			b[i] = r.NormFloat64()
		}
		if res := f.Refined(b, x, 3, 1e-16); res > 1e-13 {
			t.Errorf("grid %d: residual %v", k, res)
		}
	}
}

func BenchmarkFactorise(b *testing.B) {
	for _, k := range []int{5, 20, 32, 58} {
		b.Run(fmt.Sprint(3*k*k), func(b *testing.B) {
			a := grid(rand.New(rand.NewSource(1)), k)
			s, _ := Analyse(a.n, a.rows, a.cols)
			f := s.NewFactor()
			f.Factorise(a.vals)
			b.ReportAllocs()
			for b.Loop() {
				f.Factorise(a.vals)
			}
			b.ReportMetric(float64(f.Entries()), "entries")
			b.ReportMetric(float64(s.Entries()), "expected")
			b.ReportMetric(float64(f.Delayed()), "delayed")
			b.ReportMetric(s.Flops()*2*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFlops")
		})
	}
}

func BenchmarkAnalyse(b *testing.B) {
	for _, k := range []int{5, 58} {
		b.Run(fmt.Sprint(3*k*k), func(b *testing.B) {
			a := grid(rand.New(rand.NewSource(1)), k)
			for b.Loop() {
				Analyse(a.n, a.rows, a.cols)
			}
		})
	}
}
