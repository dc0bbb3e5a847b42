package tasks

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Lasso is the choice of the penalty weights of the lasso, or of the elastic net, by held-out error:
//
//	F(x, b) = |A_V b - y_V|²/n_V,   f(x, b) = |A_T b - y_T|²/2n_T + e^{x_0} |b|_1  (+ e^{x_1} |b|²/2).
//
// The follower answers by coordinate descent on a working set, from where it was, with steps to the exact solution of the current signs; the adjoint
// system is that of the support (package hypergrad, Supported).
type Lasso struct {
	elastic      bool
	train, valid *matrix.Dense // transposed: a feature a row
	yt, yv       []float64
	n, nv, p     int
	squares      []float64 // of the features, over n
	r, rv, g     []float64
	gram         []float64
	chol         matrix.Cholesky
}

// NewLasso makes the problem from dense data.
func NewLasso(train, valid Data, elastic bool) (*Lasso, error) {
	if err := train.check("training", -1); err != nil {
		return nil, err
	}
	n, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, err
	}
	a, ok := train.X.(*matrix.Dense)
	b, too := valid.X.(*matrix.Dense)
	if !ok || !too {
		return nil, fmt.Errorf("%w: the lasso needs dense samples", ErrData)
	}
	nv, _ := valid.X.Dims()
	l := &Lasso{elastic: elastic, train: a.Transposed(), valid: b.Transposed(), yt: train.Y, yv: valid.Y, n: n, nv: nv, p: p,
		squares: make([]float64, p), r: make([]float64, n), rv: make([]float64, nv), g: make([]float64, p)}
	for j := range p {
		l.squares[j] = matrix.Dot(l.train.Row(j), l.train.Row(j)) / float64(n)
	}
	return l, nil
}

// AlphaMax is the smallest weight for which the lasso's answer is zero.
func (l *Lasso) AlphaMax() float64 {
	l.residual(make([]float64, l.p))
	l.correlations()
	var most float64
	for _, g := range l.g {
		most = max(most, math.Abs(g))
	}
	return most
}

// Size is one weight, or two, and the number of features.
func (l *Lasso) Size() (leader, follower int) {
	if l.elastic {
		return 2, l.p
	}
	return 1, l.p
}

func (l *Lasso) weights(x []float64) (absolute, square float64) {
	if l.elastic {
		square = math.Exp(x[1])
	}
	return math.Exp(x[0]), square
}

// combine stores Σ b_j row_j - y over the features with b_j ≠ 0.
func combine(x *matrix.Dense, b, y, out []float64) {
	for i := range out {
		out[i] = -y[i]
	}
	add(x, b, out)
}

// add adds Σ b_j row_j, four features at a time.
func add(x *matrix.Dense, b, out []float64) {
	var rows [4][]float64
	var a [4]float64
	k := 0
	for j, v := range b {
		if v == 0 {
			continue
		}
		rows[k], a[k] = x.Row(j), v
		if k++; k == 4 {
			matrix.Axpy4(&a, rows[0], rows[1], rows[2], rows[3], out)
			k = 0
		}
	}
	for i := range k {
		matrix.Axpy(a[i], rows[i], out)
	}
}

// residual stores y - Ab in l.r.
func (l *Lasso) residual(b []float64) {
	combine(l.train, b, l.yt, l.r)
	for i := range l.r {
		l.r[i] = -l.r[i]
	}
}

// correlations stores A'r/n in l.g.
func (l *Lasso) correlations() {
	l.train.Pass(l.r, nil, func(_, lo int, t []float64) {
		for i, v := range t {
			l.g[lo+i] = v / float64(l.n)
		}
	})
}

// Leader is the held-out error; its gradient is stored on the support of b.
func (l *Lasso) Leader(x, b, gx, gb []float64) float64 {
	clear(gx)
	combine(l.valid, b, l.yv, l.rv)
	if gb != nil {
		for j, v := range b {
			if gb[j] = 0; v != 0 {
				gb[j] = 2 * matrix.Dot(l.valid.Row(j), l.rv) / float64(l.nv)
			}
		}
	}
	return matrix.Dot(l.rv, l.rv) / float64(l.nv)
}

// Follower is the smooth part of the penalised training error.
func (l *Lasso) Follower(x, b, gx, gb []float64) float64 {
	_, square := l.weights(x)
	l.residual(b)
	value := matrix.Dot(l.r, l.r) / float64(2*l.n)
	norm := matrix.Dot(b, b)
	if gb != nil {
		l.correlations()
		for j := range gb {
			gb[j] = square*b[j] - l.g[j]
		}
	}
	if clear(gx); gx != nil && l.elastic {
		gx[1] = 0.5 * square * norm
	}
	return value + 0.5*square*norm
}

// Hessian is A'Av/n + e^{x_1}v on the support of b.
func (l *Lasso) Hessian(x, b, v, hv []float64) {
	_, square := l.weights(x)
	work := make([]float64, l.n)
	add(l.train, v, work)
	for j := range hv {
		if hv[j] = 0; b[j] != 0 {
			hv[j] = matrix.Dot(l.train.Row(j), work)/float64(l.n) + square*v[j]
		}
	}
}

// HessianDiagonal is exact.
func (l *Lasso) HessianDiagonal(x, b, d []float64) {
	_, square := l.weights(x)
	for j := range d {
		d[j] = l.squares[j] + square
	}
}

// Mixed is e^{x_0} sign(b)'v and e^{x_1} b'v over the support.
func (l *Lasso) Mixed(x, b, v, cv []float64) {
	absolute, square := l.weights(x)
	clear(cv)
	for j, w := range b {
		if w != 0 {
			cv[0] += absolute * math.Copysign(v[j], v[j]*w)
			if l.elastic {
				cv[1] += square * w * v[j]
			}
		}
	}
}

// Free tells the support.
func (l *Lasso) Free(x, b []float64, free []bool) {
	for j, v := range b {
		free[j] = v != 0
	}
}

// Prox is soft thresholding by step·e^{x_0}.
func (l *Lasso) Prox(x []float64, step float64, b []float64) {
	absolute, _ := l.weights(x)
	for j, v := range b {
		b[j] = soft(v, step*absolute)
	}
}

func soft(v, t float64) float64 {
	switch {
	case v > t:
		return v - t
	case v < -t:
		return v + t
	}
	return 0
}

// violation is how far feature j is from its optimality condition, with correlation g.
func violation(b, g, absolute, square float64) float64 {
	switch {
	case b > 0:
		return math.Abs(g - absolute - square*b)
	case b < 0:
		return math.Abs(g + absolute - square*b)
	}
	return max(0, math.Abs(g)-absolute)
}

// SolveFollower answers until the norm of all violations is at most tol.
func (l *Lasso) SolveFollower(x, b []float64, tol float64) (float64, error) {
	absolute, square := l.weights(x)
	if math.IsNaN(absolute+square) || math.IsInf(absolute+square, 0) || (absolute == 0 && square == 0) {
		return math.NaN(), fmt.Errorf("tasks: lasso weights %v and %v: %w", absolute, square, hypergrad.ErrNotNumber)
	}
	last := math.Inf(1)
	for range 500 {
		l.residual(b)
		l.correlations()
		var total float64
		var out []int // features at zero that violate
		for j, v := range b {
			e := violation(v, l.g[j], absolute, square)
			total += e * e
			if v == 0 && e > 0 {
				out = append(out, j)
			}
		}
		total = math.Sqrt(total)
		// The last figures of a residual are rounding.
		if total <= tol || (total <= 1e-10*absolute && total >= last) {
			return total, nil
		}
		last = total
		slices.SortFunc(out, func(i, j int) int {
			switch a, c := math.Abs(l.g[i]), math.Abs(l.g[j]); {
			case a > c:
				return -1
			case a < c:
				return 1
			}
			return i - j
		})
		var set []int
		for j, v := range b {
			if v != 0 {
				set = append(set, j)
			}
		}
		set = append(set, out[:min(len(out), max(20, len(set)))]...)
		slices.Sort(set)
		l.descend(b, set, absolute, square, max(0.1*tol, 1e-3*total))
	}
	return last, fmt.Errorf("tasks: the lasso's violation is still %.3g: %w", last, hypergrad.ErrFollower)
}

// descend runs coordinate descent over a working set; now and then it tries the exact solution of the current signs.
func (l *Lasso) descend(b []float64, set []int, absolute, square, tol float64) {
	n := float64(l.n)
	for epoch := 1; epoch <= 2000; epoch++ {
		var most float64
		for _, j := range set {
			row, s := l.train.Row(j), l.squares[j]
			if s+square == 0 {
				continue
			}
			g := matrix.Dot(row, l.r) / n
			next := soft(s*b[j]+g, absolute) / (s + square)
			if d := next - b[j]; d != 0 {
				matrix.Axpy(-d, row, l.r)
				b[j] = next
				most = max(most, math.Abs(d)*(s+square))
			}
		}
		if most*math.Sqrt(float64(len(set))) <= tol {
			return
		}
		if epoch%8 == 0 && l.exact(b, absolute, square) {
			return
		}
	}
}

// exact moves to the solution of the current support and signs, or as far towards it as signs last, and answers whether it got there.
func (l *Lasso) exact(b []float64, absolute, square float64) bool {
	var support []int
	for j, v := range b {
		if v != 0 {
			support = append(support, j)
		}
	}
	k := len(support)
	if k == 0 || k > l.n && square == 0 || k > 1500 {
		return false
	}
	rows := matrix.NewDense(k, l.n)
	for i, j := range support {
		copy(rows.Row(i), l.train.Row(j))
	}
	columns := rows.Transposed()
	l.gram = slices.Grow(l.gram[:0], k*k)[:k*k]
	columns.Gram(nil, l.gram)
	for i := range l.gram {
		l.gram[i] /= float64(l.n)
	}
	if !l.chol.Factor(k, l.gram, square) {
		return false
	}
	z := make([]float64, k)
	rows.Pass(l.yt, nil, func(_, lo int, t []float64) { copy(z[lo:], t) })
	for i, j := range support {
		z[i] = z[i]/float64(l.n) - math.Copysign(absolute, b[j])
	}
	l.chol.Solve(z)
	step := 1.0
	for i, j := range support {
		if z[i]*b[j] <= 0 {
			step = min(step, b[j]/(b[j]-z[i]))
		}
	}
	for i, j := range support {
		if next := b[j] + step*(z[i]-b[j]); next*b[j] > 0 {
			b[j] = next
		} else {
			b[j] = 0
		}
	}
	l.residual(b)
	return step == 1
}
