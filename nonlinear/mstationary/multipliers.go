package mstationary

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// fit is the linear least-squares problem of the multipliers y at a fixed point,
//
//	min ||∇f + ∇c_e'μ - Σ p_i ∇s_i - Σ ν ∇(members)||² + Σ_i (s_i p_i)² + Σ (member ν)²,
//
// which asks for multipliers that balance the gradient and vanish where the slack does not.
type fit struct {
	*layout
	v          *values
	w          []float64
	rows, cols []int32
}

func (f *fit) Equations() int                { return f.unknowns() - len(f.eqs) }
func (f *fit) Unknowns() int                 { return f.unknowns() - len(f.free) }
func (f *fit) Pattern() (rows, cols []int32) { return f.rows, f.cols }

func (f *fit) Residual(y, phi []float64) {
	copy(f.w[len(f.free):], y)
	f.v.lagrangian(f.w, phi[:len(f.free)])
	at := len(f.free)
	f.weights(func(i int, slack float64) {
		phi[at] = slack * y[i]
		at++
	})
}

// weights visits the multipliers of sides and members, by their place in y, with their slacks.
func (f *fit) weights(visit func(i int, slack float64)) {
	i := len(f.eqs)
	for _, s := range f.sides {
		visit(i, f.v.slack(s))
		i++
	}
	for _, p := range f.pairs {
		visit(i, f.v.slack(p[0]))
		visit(i+1, f.v.slack(p[1]))
		i += 2
	}
}

func (f *fit) Jacobian(_, vals []float64) {
	k := 0
	f.visit(func(_, _ int32, v float64) {
		vals[k] = v
		k++
	})
}

func (f *fit) visit(put func(i, j int32, v float64)) {
	for k, r := range f.eqs {
		f.v.rowSlope(r, 1, func(j int32, d float64) { put(j, int32(k), d) })
	}
	at, col := int32(len(f.free)), int32(len(f.eqs))
	one := func(s side) {
		f.v.slope(s, func(j int32, d float64) { put(j, col, -d) })
		put(at, col, f.v.slack(s))
		at++
		col++
	}
	for _, s := range f.sides {
		one(s)
	}
	for _, p := range f.pairs {
		one(p[0])
		one(p[1])
	}
}

// estimate replaces the multipliers in w by those of fit, where those of sides that are no member are not negative.
func estimate(ctx context.Context, l *layout, v *values, w []float64) {
	v.at(w)
	n := len(l.free)
	clear(w[n:])
	f := &fit{layout: l, v: v, w: w}
	if f.Unknowns() == 0 {
		return
	}
	f.visit(func(i, j int32, _ float64) { f.rows, f.cols = append(f.rows, i), append(f.cols, j) })
	// The problem is linear: one step of Gauss and Newton solves it.
	y := make([]float64, f.Unknowns())
	r, err := system.Solve(ctx, f, y, system.Options{Method: system.GaussNewton, MaxIterations: 1})
	if err != nil {
		return
	}
	copy(w[n:], r.W)
	for i := range l.sides {
		if p := &w[l.atP()+i]; !(*p > 0) {
			*p = 0
		}
	}
	for i := n; i < len(w); i++ {
		if math.IsNaN(w[i]) || math.IsInf(w[i], 0) {
			w[i] = 0
		}
	}
}
