package learning

import (
	"context"
	"fmt"
	"math"
)

// lasso is solved by coordinate descent from the last answer, and then exactly on the support that it finds, with the signs that it finds;
// an answer that changes a sign there sends it back to coordinate descent. Where that takes long, signs finds the support.
type lasso struct {
	*gram
	v, g    []float64
	l1, l2  float64
	elastic bool      // with λ₂
	k       []float64 // factorised Hessian on the support and b
	on      []int     // the support, ascending, and then b
}

func newLasso(d *Data, elastic bool) *lasso {
	n1 := d.Width() + 1
	return &lasso{gram: newGram(d), elastic: elastic, v: make([]float64, n1), g: make([]float64, n1)}
}

func (l *lasso) at() []float64 { return l.v }
func (l *lasso) fit(ctx context.Context, h *Hyper) error {
	l.l1, l.l2 = h.L1, 0
	if l.elastic {
		l.l2 = h.L2
	}
	n1 := l.n + 1
	l.gradient(l.v, l.g)
	move := func(k int, d float64) {
		if d == 0 {
			return
		}
		l.v[k] += d
		for i, t := range l.g0(k) {
			l.g[i] += d * t
		}
	}
	for round := range 100000 {
		if err := ctx.Err(); err != nil {
			return err
		}
		most := 0.0
		for k := range n1 {
			q := l.g0(k)[k]
			if k < l.n {
				q += l.l2
			}
			if !(q > 0) {
				continue // a feature that is zero everywhere keeps the weight 0
			}
			old := l.v[k]
			next := old - l.g[k]/q
			if k < l.n {
				c := q*old - l.g[k] - l.l2*old
				next = math.Copysign(math.Max(math.Abs(c)-l.l1, 0), c) / q
			}
			most = math.Max(most, math.Abs(next-old)*math.Sqrt(q))
			move(k, next-old)
		}
		if round%10 == 9 || most < 1e-9 {
			if l.exact() {
				return nil
			}
			l.gradient(l.v, l.g)
		}
		if most < 1e-13 {
			break
		}
		if round%patience == patience-1 {
			if l.signs() && l.exact() {
				return nil
			}
			l.gradient(l.v, l.g)
		}
	}
	if l.signs() && l.exact() {
		return nil
	}
	if r := l.residual(); !(r <= 1e-6) {
		return fmt.Errorf("learning: coordinate descent stopped at a residual of %.1e; scale the features or raise the penalty", r)
	}
	return nil
}

// g0 is row k of G.
func (l *lasso) g0(k int) []float64 { return l.gram.g[k*(l.n+1) : (k+1)*(l.n+1)] }

// support factorises the Hessian on the support.
func (l *lasso) support() { l.supportOf(func(k int) bool { return l.v[k] != 0 }) }

// supportOf factorises the Hessian on the features that are in use.
func (l *lasso) supportOf(used func(k int) bool) {
	l.on = l.on[:0]
	for k := range l.n {
		if used(k) {
			l.on = append(l.on, k)
		}
	}
	l.on = append(l.on, l.n)
	s := len(l.on)
	l.k = append(l.k[:0], make([]float64, s*s)...)
	for i, k := range l.on {
		for j, q := range l.on[:i+1] {
			l.k[i*s+j] = l.g0(k)[q]
		}
		if k < l.n {
			l.k[i*s+i] += l.l2
		}
	}
	cholesky(l.k, s)
}

// exact solves on the support with fixed signs and takes the answer if it satisfies all conditions.
func (l *lasso) exact() bool {
	l.support()
	s := len(l.on)
	old := append([]float64(nil), l.v...)
	step := make([]float64, s)
	for range 2 {
		l.gradient(l.v, l.g)
		for i, k := range l.on {
			step[i] = -l.g[k]
			if k < l.n {
				step[i] -= l.l2*l.v[k] + math.Copysign(l.l1, old[k])
			}
		}
		choleskySolve(l.k, s, step)
		for i, k := range l.on {
			l.v[k] += step[i]
		}
	}
	for _, k := range l.on {
		if k < l.n && l.v[k]*old[k] <= 0 {
			copy(l.v, old)
			return false
		}
	}
	if l.residual() > 1e-11 {
		copy(l.v, old)
		return false
	}
	return true
}

func (l *lasso) residual() float64 {
	g := make([]float64, l.n+1)
	l.gradient(l.v, g)
	worst := 0.0
	for k, t := range g {
		size := 1 + math.Abs(l.c[k]) + l.l1
		if k < l.n {
			t += l.l2 * l.v[k]
			switch {
			case l.v[k] > 0:
				t += l.l1
			case l.v[k] < 0:
				t -= l.l1
			default:
				t = math.Max(math.Abs(t)-l.l1, 0)
			}
		}
		worst = math.Max(worst, math.Abs(t)/size)
	}
	return worst
}

func (l *lasso) pull(g []float64, out *Hyper) {
	l.support()
	p := make([]float64, len(l.on))
	for i, k := range l.on {
		p[i] = g[k]
	}
	choleskySolve(l.k, len(l.on), p)
	for i, k := range l.on {
		if k < l.n {
			out.L1 -= p[i] * math.Copysign(1, l.v[k])
			out.L2 -= p[i] * l.v[k]
		}
	}
}
