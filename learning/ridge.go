package learning

import (
	"context"
	"math"
)

// ridge is solved by the normal equations (G + diag(λ, 0)) v = c.
type ridge struct {
	*gram
	v, k []float64
	h    Hyper
}

func newRidge(d *Data) *ridge {
	n1 := d.Width() + 1
	return &ridge{gram: newGram(d), v: make([]float64, n1), k: make([]float64, n1*n1)}
}

func (r *ridge) at() []float64 { return r.v }
func (r *ridge) fit(_ context.Context, h *Hyper) error {
	r.h = h.Clone()
	n1 := r.n + 1
	r.factor()
	clear(r.v)
	// The second round removes most of the rounding errors of the first.
	step := make([]float64, n1)
	for range 2 {
		r.slope(step)
		for k := range step {
			step[k] = -step[k]
		}
		choleskySolve(r.k, n1, step)
		for k, s := range step {
			r.v[k] += s
		}
	}
	return nil
}

// factor factorises the Hessian.
func (r *ridge) factor() {
	n1 := r.n + 1
	copy(r.k, r.g)
	for k := range r.n {
		r.k[k*n1+k] += r.h.weight(k)
	}
	cholesky(r.k, n1)
}

// slope is the gradient of the training objective.
func (r *ridge) slope(out []float64) {
	r.gradient(r.v, out)
	for k := range r.n {
		out[k] += r.h.weight(k) * r.v[k]
	}
}

func (r *ridge) residual() float64 {
	g := make([]float64, r.n+1)
	r.slope(g)
	worst := 0.0
	for k, t := range g {
		worst = math.Max(worst, math.Abs(t)/(1+math.Abs(r.c[k])))
	}
	return worst
}

func (r *ridge) pull(g []float64, out *Hyper) {
	pullQuadratic(r.k, r.v, g, r.n, out)
}

// pullQuadratic adds -p_k v_k to the derivative by λ_k, with the factorised Hessian k p = g.
func pullQuadratic(k, v, g []float64, n int, out *Hyper) {
	p := append([]float64(nil), g...)
	choleskySolve(k, n+1, p)
	for i := range n {
		out.Weights[i] -= p[i] * v[i]
		out.L2 -= p[i] * v[i]
	}
}
