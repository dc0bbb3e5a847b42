package learning

import (
	"context"
	"fmt"
	"math"
)

// logistic is solved by Newton's method with a line search, from the last answer.
type logistic struct {
	n       int
	x       [][]float64
	y       []float64
	v, k, g []float64
	h       Hyper
}

func newLogistic(d *Data) *logistic {
	n1 := d.Width() + 1
	return &logistic{n: d.Width(), x: d.X, y: d.Y, v: make([]float64, n1), k: make([]float64, n1*n1), g: make([]float64, n1)}
}

func (l *logistic) at() []float64 { return l.v }

// value is the training objective at v.
func (l *logistic) value(v []float64) float64 {
	s := 0.0
	for k := range l.n {
		s += l.h.weight(k) * v[k] * v[k] / 2
	}
	for j, x := range l.x {
		s += logOnePlusExp(-l.y[j] * (dot(x, v[:l.n]) - v[l.n]))
	}
	return s
}

// derivatives fills the gradient and the lower triangle of the Hessian.
func (l *logistic) derivatives() {
	n1 := l.n + 1
	clear(l.k)
	clear(l.g)
	z := make([]float64, n1)
	z[l.n] = -1
	for j, x := range l.x {
		copy(z, x)
		s := sigmoid(-l.y[j] * dot(z, l.v))
		d := s * (1 - s)
		for k, t := range z {
			l.g[k] -= l.y[j] * s * t
			t *= d
			row := l.k[k*n1 : k*n1+k+1]
			for i := range row {
				row[i] += t * z[i]
			}
		}
	}
	for k := range l.n {
		l.g[k] += l.h.weight(k) * l.v[k]
		l.k[k*n1+k] += l.h.weight(k)
	}
}

func (l *logistic) residual() float64 {
	worst := 0.0
	for k, t := range l.g {
		size := 1.0
		if k < l.n {
			size += l.h.weight(k) * math.Abs(l.v[k])
		}
		worst = math.Max(worst, math.Abs(t)/size)
	}
	if math.IsNaN(worst) {
		return math.Inf(1)
	}
	return worst
}

func (l *logistic) fit(ctx context.Context, h *Hyper) error {
	l.h = h.Clone()
	n1 := l.n + 1
	step, trial := make([]float64, n1), make([]float64, n1)
	f := l.value(l.v)
	for range 200 {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.derivatives()
		cholesky(l.k, n1)
		if l.residual() <= 1e-12 {
			return nil
		}
		copy(step, l.g)
		choleskySolve(l.k, n1, step)
		slope := dot(step, l.g)
		t, moved := 1.0, false
		for range 50 {
			for k := range trial {
				trial[k] = l.v[k] - t*step[k]
			}
			if ft := l.value(trial); ft <= f-1e-4*t*slope+1e-15*math.Abs(f) {
				moved = ft < f || slope > 1e-18*math.Abs(f)
				f = ft
				copy(l.v, trial)
				break
			}
			t /= 2
		}
		if !moved {
			break
		}
	}
	l.derivatives()
	cholesky(l.k, n1)
	if r := l.residual(); !(r <= 1e-7) {
		return fmt.Errorf("learning: the training of a logistic regression stopped at a residual of %.1e; scale the features or raise the penalty", r)
	}
	return nil
}

func (l *logistic) pull(g []float64, out *Hyper) {
	pullQuadratic(l.k, l.v, g, l.n, out)
}
