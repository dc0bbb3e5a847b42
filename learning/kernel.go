package learning

import (
	"context"
	"fmt"
	"math"
)

// kernel is the training problem of a support vector classifier with the kernel K(x, x') = exp(-γ|x - x'|²) in its dual form: with Q_jk = y_j y_k K(x_j, x_k),
//
//	min ½ α'Qα - Σ_j α_j   over 0 <= α <= C, y'α = 0.
//
// The prediction for x is Σ_j α_j y_j K(x_j, x) - b, where -b is the multiplier of the equation. The optimality conditions are
//
//	(Qα)_j - 1 - b y_j  >= 0, = 0, <= 0   where α_j = 0, in (0, C), = C.
//
// An answer starts from the last one: descent in pairs of α (Fan, Chen, Lin 2005, the working set of second order) comes near, and a primal active set
// method ends at the exact answer.
type kernel struct {
	l      int
	x      [][]float64
	y      []float64
	dist   []float64 // l², squared distances
	q      []float64 // l², y_j y_k K
	c, gam float64
	alpha  []float64
	grad   []float64 // Qα - 1
	b      float64
	free   []int     // 0 < α < C, ascending
	h      []float64 // the factorised matrix Q_MM + δ of the free ones
	ends   [2]int    // the samples that bound b where nothing is free, -1: none
	v      []float64 // (α_j y_j, b)
	held   *Data     // whose distances are in far
	far    []float64
}

// mostKernel is the largest number of samples of one training: two matrices of its square are kept.
const mostKernel = 10000

func newKernel(d *Data) (*kernel, error) {
	l := d.Len()
	if l > mostKernel {
		return nil, &DataError{File: d.Name, Problem: fmt.Sprintf("%d samples in one training with a kernel, whose matrix has the square of that many entries", l),
			Remedy: fmt.Sprintf("give at most %d samples, or choose svc", mostKernel)}
	}
	return &kernel{l: l, x: d.X, y: d.Y, dist: distances(d.X, d.X), q: make([]float64, l*l), alpha: make([]float64, l), grad: make([]float64, l), v: make([]float64, l+1)}, nil
}

// distances are the squared distances of each row of a from each of b.
func distances(a, b [][]float64) []float64 {
	out := make([]float64, len(a)*len(b))
	for i, x := range a {
		row := out[i*len(b) : (i+1)*len(b)]
		for j, z := range b {
			s := 0.0
			for k, t := range x {
				t -= z[k]
				s += t * t
			}
			row[j] = s
		}
	}
	return out
}

func (k *kernel) at() []float64 { return k.v }

func (k *kernel) fit(ctx context.Context, h *Hyper) error {
	if k.gam != h.Gamma {
		k.gam = h.Gamma
		for i := range k.l {
			for j := range i + 1 {
				t := k.y[i] * k.y[j] * math.Exp(-k.gam*k.dist[i*k.l+j])
				k.q[i*k.l+j], k.q[j*k.l+i] = t, t
			}
		}
	}
	scale := 0.0
	if k.c > 0 {
		scale = h.C / k.c
	}
	k.c = h.C
	for j, a := range k.alpha {
		if a *= scale; a >= k.c*(1-1e-14) {
			a = k.c
		}
		k.alpha[j] = a
	}
	k.gradient()
	for tol, budget := 1e-2, 2*k.l+200; ; tol /= 30 {
		k.pairs(ctx, tol, budget)
		done := k.active(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		if done {
			break
		}
		if tol < 1e-9 {
			if r := k.residual(); !(r <= 1e-6) {
				return fmt.Errorf("learning: the training of a support vector machine with C = %g and gamma = %g stopped at a residual of %.1e; scale the features", k.c, k.gam, r)
			}
			break
		}
		budget *= 4
	}
	for j, a := range k.alpha {
		k.v[j] = a * k.y[j]
	}
	k.v[k.l] = k.b
	return nil
}

// gradient computes Qα - 1 afresh.
func (k *kernel) gradient() {
	for j := range k.grad {
		k.grad[j] = -1
	}
	for i, a := range k.alpha {
		if a != 0 {
			addTimes(k.grad, a, k.row(i))
		}
	}
}

func (k *kernel) row(i int) []float64 { return k.q[i*k.l : (i+1)*k.l] }

// addTimes adds t times a row.
func addTimes(to []float64, t float64, row []float64) {
	row = row[:len(to)]
	for i := range to {
		to[i] += t * row[i]
	}
}

// ups and downs say whether the term α_j y_j can grow and shrink.
func (k *kernel) ups(j int) bool {
	return k.y[j] > 0 && k.alpha[j] < k.c || k.y[j] < 0 && k.alpha[j] > 0
}
func (k *kernel) downs(j int) bool {
	return k.y[j] > 0 && k.alpha[j] > 0 || k.y[j] < 0 && k.alpha[j] < k.c
}

// interval is that of b: lo <= b <= hi with the samples at its ends, -1 where it has none; without an answer it is turned round.
func (k *kernel) interval() (lo, hi float64, i, j int) {
	lo, hi, i, j = math.Inf(-1), math.Inf(1), -1, -1
	for s, g := range k.grad {
		// The condition of a sample that can go up is b <= y g, of one that can go down b >= y g.
		t := k.y[s] * g
		if k.downs(s) && t > lo {
			lo, j = t, s
		}
		if k.ups(s) && t < hi {
			hi, i = t, s
		}
	}
	return lo, hi, i, j
}

// residual is the largest violation of the conditions, as the distance to the projection, relative to the size of the terms.
func (k *kernel) residual() float64 {
	sum, size := 0.0, 1.0
	g := make([]float64, k.l)
	for i, a := range k.alpha {
		sum += a * k.y[i]
		size += a
		addTimes(g, a, k.row(i))
	}
	worst := math.Abs(sum) / size
	for j, a := range k.alpha {
		t := math.Min(math.Max(a-(g[j]-1-k.b*k.y[j]), 0), k.c) - a
		worst = math.Max(worst, math.Abs(t)/(1+math.Abs(k.b)+size*1e-4))
	}
	if math.IsNaN(worst) {
		return math.Inf(1)
	}
	return worst
}
