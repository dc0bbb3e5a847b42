package tasks

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Quadratic is a problem of two sums of squares whose answer is known in closed form,
//
//	f(x, y) = (1/2N) Σ (a_i'y + c_i'x - b_i)²,   F(x, y) = (1/2M) Σ (p_j'y + q_j'x - e_j)².
//
// With the means H = mean aa', C = mean ac', β = mean ba: y*(x) = H⁻¹(β - Cx), and h is a quadratic. Oracles of whole sums take the means; those of batches go
// over the terms.
type Quadratic struct {
	n, m, nf, nl int
	follower     *matrix.Dense // rows (a_i, c_i)
	leader       *matrix.Dense // rows (p_j, q_j)
	b, e         []float64
	z, out       []float64
	whole        [2]means  // of f and F
	h, c, beta   []float64 // moments of f
	chol         matrix.Cholesky
}

// means are those of rr', tr and t² over terms (r'z - t)²/2.
type means struct {
	g, b []float64
	c    float64
}

func meansOf(x *matrix.Dense, target []float64) means {
	n, w := x.Dims()
	m := means{g: make([]float64, w*w), b: make([]float64, w)}
	x.Moments(target, m.g, m.b)
	s := 1 / float64(n)
	for i := range m.g {
		m.g[i] *= s
	}
	for i := range m.b {
		m.b[i] *= s
	}
	for _, t := range target {
		m.c += s * t * t
	}
	return m
}

// NewQuadratic draws N and M terms with m follower and n <= m leader variables: the eigenvalues of H and of the Hessians of F are about log-spaced in
// [0.1, 1]. Each leader variable is coupled with one eigenvector of H, the n of them spread over the spectrum; the norm of C is about 0.1.
func NewQuadratic(seed Stream, N, M, m, n int) (*Quadratic, error) {
	if n < 1 || m < n || N < m || M < m {
		return nil, fmt.Errorf("%w: a quadratic task of %d and %d terms, %d follower and %d leader variables; it needs 1 <= n <= m <= N, M", ErrData, N, M, m, n)
	}
	root := func(j, of int) float64 {
		if of == 1 {
			return 1
		}
		return math.Sqrt(math.Pow(10, float64(j)/float64(of-1)-1))
	}
	q := &Quadratic{n: n, m: m, nf: N, nl: M, follower: matrix.NewDense(N, m+n), leader: matrix.NewDense(M, m+n), b: make([]float64, N), e: make([]float64, M),
		z: make([]float64, m+n), out: make([]float64, m+n), h: make([]float64, m*m), c: make([]float64, m*n), beta: make([]float64, m)}
	normals := func(s Stream, k int) func() float64 {
		list, at := s.Normals(k), 0
		return func() float64 { at++; return list[at-1] }
	}
	partner := make([]int, m) // 1 + the leader variable of a follower variable
	for j := range n {
		partner[j*(m-1)/max(1, n-1)] = j + 1
	}
	draw := normals(seed, N*(m+1))
	for i := range N {
		row := q.follower.Row(i)
		for j := range m {
			g := draw()
			row[j] = root(j, m) * g
			if partner[j] > 0 {
				row[m+partner[j]-1] = 0.1 / root(j, m) * g
			}
			q.b[i] += g / math.Sqrt(float64(m))
		}
		q.b[i] += 0.5 * draw()
	}
	draw = normals(seed+1, M*(m+n+1))
	for i := range M {
		row := q.leader.Row(i)
		for j := range m {
			row[j] = root(j, m) * draw()
		}
		for j := range n {
			row[m+j] = root(j, n) * draw()
		}
		q.e[i] = 1 + draw()
	}
	q.moments()
	return q, nil
}

// moments computes H, C and β.
func (q *Quadratic) moments() {
	q.whole = [2]means{meansOf(q.follower, q.b), meansOf(q.leader, q.e)}
	w, full := q.m+q.n, q.whole[0].g
	for i := range q.m {
		copy(q.h[i*q.m:(i+1)*q.m], full[i*w:])
		copy(q.c[i*q.n:(i+1)*q.n], full[i*w+q.m:(i+1)*w])
	}
	copy(q.beta, q.whole[0].b)
	q.chol.Factor(q.m, q.h, 0)
}

// Answer is y*(x) in closed form.
func (q *Quadratic) Answer(x []float64) []float64 {
	y := make([]float64, q.m)
	for i := range y {
		y[i] = q.beta[i] - matrix.Dot(q.c[i*q.n:(i+1)*q.n], x)
	}
	q.chol.Solve(y)
	return y
}

// Gradient is ∇h(x) in closed form, and h(x).
func (q *Quadratic) Gradient(x []float64) (h float64, g []float64) {
	g, v := make([]float64, q.n), make([]float64, q.m)
	h = q.Leader(x, q.Answer(x), g, v)
	q.chol.Solve(v)
	for i, s := range v {
		matrix.Axpy(-s, q.c[i*q.n:(i+1)*q.n], g)
	}
	return h, g
}

// Optimum is the minimiser of h: it solves the linear system ∇h = 0, whose columns are differences of gradients.
func (q *Quadratic) Optimum() []float64 {
	x := make([]float64, q.n)
	_, zero := q.Gradient(x)
	hess := make([]float64, q.n*q.n)
	for j := range x {
		x[j] = 1
		_, g := q.Gradient(x)
		x[j] = 0
		for i := range g {
			hess[i*q.n+j] = g[i] - zero[i]
		}
	}
	var c matrix.Cholesky
	c.Factor(q.n, hess, 0)
	for j := range x {
		x[j] = -zero[j]
	}
	c.Solve(x)
	return x
}

// Size is n and m.
func (q *Quadratic) Size() (leader, follower int) { return q.n, q.m }

// Samples are N and M.
func (q *Quadratic) Samples() (follower, leader int) { return q.nf, q.nl }

// sum goes over a batch.
func (q *Quadratic) sum(d *matrix.Dense, target []float64, batch []int, x, y, gx, gy []float64) (value float64) {
	copy(q.z, y)
	copy(q.z[q.m:], x)
	out := q.out
	if gx == nil && gy == nil {
		out = nil
	}
	d.PassRows(batch, q.z, out, func(lo int, t []float64) {
		for i := range t {
			t[i] -= target[batch[lo+i]]
			value += t[i] * t[i]
		}
	})
	q.scale(1/float64(len(batch)), gy, gx)
	return value / float64(2*len(batch))
}

// mean is the sum over all terms: Gz - b and ½z'Gz - b'z + c/2.
func (q *Quadratic) mean(level int, x, y, gx, gy []float64) float64 {
	copy(q.z, y)
	copy(q.z[q.m:], x)
	m, w := &q.whole[level], q.m+q.n
	value := m.c / 2
	for i, z := range q.z {
		g := matrix.Dot(m.g[i*w:(i+1)*w], q.z)
		q.out[i] = g - m.b[i]
		value += z * (g/2 - m.b[i])
	}
	q.scale(1, gy, gx)
	return value
}

// scale hands out the two parts of a pass.
func (q *Quadratic) scale(s float64, y, x []float64) {
	for j := range y {
		y[j] = s * q.out[j]
	}
	for j := range x {
		x[j] = s * q.out[q.m+j]
	}
}

// product is a Hessian or mixed product over a batch.
func (q *Quadratic) product(batch []int, v, hv, cv []float64) {
	copy(q.z, v)
	clear(q.z[q.m:])
	q.follower.PassRows(batch, q.z, q.out, nil)
	q.scale(1/float64(len(batch)), hv, cv)
}

// Leader is F.
func (q *Quadratic) Leader(x, y, gx, gy []float64) float64 {
	return q.mean(1, x, y, gx, gy)
}

// Follower is f.
func (q *Quadratic) Follower(x, y, gx, gy []float64) float64 {
	return q.mean(0, x, y, gx, gy)
}

// Hessian is Hv.
func (q *Quadratic) Hessian(x, y, v, hv []float64) {
	for i := range hv {
		hv[i] = matrix.Dot(q.h[i*q.m:(i+1)*q.m], v)
	}
}

// Mixed is C'v.
func (q *Quadratic) Mixed(x, y, v, cv []float64) {
	clear(cv)
	for i, s := range v {
		matrix.Axpy(s, q.c[i*q.n:(i+1)*q.n], cv)
	}
}

// LeaderBatch is F on a batch.
func (q *Quadratic) LeaderBatch(batch []int, x, y, gx, gy []float64) float64 {
	return q.sum(q.leader, q.e, batch, x, y, gx, gy)
}

// FollowerBatch is f on a batch.
func (q *Quadratic) FollowerBatch(batch []int, x, y, gx, gy []float64) float64 {
	return q.sum(q.follower, q.b, batch, x, y, gx, gy)
}

// HessianBatch is Hv on a batch.
func (q *Quadratic) HessianBatch(batch []int, x, y, v, hv []float64) { q.product(batch, v, hv, nil) }

// MixedBatch is C'v on a batch.
func (q *Quadratic) MixedBatch(batch []int, x, y, v, cv []float64) { q.product(batch, v, nil, cv) }
