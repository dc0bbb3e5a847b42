package mstationary

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// feasibility is the system of what a feasible point satisfies, in the free variables:
//
//	c_e - bound = 0,  min(s_i, 0) = 0,  φ_FB(G_k, H_k) = 0.
type feasibility struct {
	*layout
	v          *values
	rows, cols []int32
}

func newFeasibility(l *layout, v *values) *feasibility {
	f := &feasibility{layout: l, v: v}
	f.visit(func(i, j int32, _ float64) { f.rows, f.cols = append(f.rows, i), append(f.cols, j) })
	return f
}

func (f *feasibility) Equations() int                { return len(f.eqs) + len(f.sides) + len(f.pairs) }
func (f *feasibility) Unknowns() int                 { return len(f.free) }
func (f *feasibility) Pattern() (rows, cols []int32) { return f.rows, f.cols }

func (f *feasibility) Residual(x, phi []float64) {
	f.v.at(x)
	at := 0
	for k := range f.eqs {
		phi[at] = f.v.equation(k)
		at++
	}
	for _, s := range f.sides {
		phi[at] = min(f.v.slack(s), 0)
		at++
	}
	for _, p := range f.pairs {
		phi[at] = system.FischerBurmeister{}.Value(f.v.slack(p[0]), f.v.slack(p[1]))
		at++
	}
}

func (f *feasibility) Jacobian(x, vals []float64) {
	f.v.at(x)
	k := 0
	f.visit(func(_, _ int32, v float64) {
		vals[k] = v
		k++
	})
}

func (f *feasibility) visit(put func(i, j int32, v float64)) {
	at := int32(0)
	row := func(factor float64) func(j int32, d float64) {
		return func(j int32, d float64) { put(at, j, factor*d) }
	}
	for _, r := range f.eqs {
		f.v.rowSlope(r, 1, row(1))
		at++
	}
	for _, s := range f.sides {
		f.v.slope(s, row(step(-f.v.slack(s))))
		at++
	}
	for _, p := range f.pairs {
		var sum [2]float64
		for i, s := range p {
			f.v.slope(s, func(_ int32, d float64) { sum[i] += d })
		}
		pa, pb := system.FischerBurmeister{}.Derivative(f.v.slack(p[0]), f.v.slack(p[1]), sum[0], sum[1])
		f.v.slope(p[0], row(pa))
		f.v.slope(p[1], row(pb))
		at++
	}
}

// attempts is how many starts are tried in the search for a feasible point.
const attempts = 6

// nearest moves the point of w to a feasible one near it, and reports whether it found one; w stays as it is otherwise. The violation of
// pairs has local minima; where the search ends at one, it begins again from a point that is moved at random, farther each time.
func (s *search) nearest(ctx context.Context, w []float64) bool {
	f := newFeasibility(s.l, s.v)
	n := f.Unknowns()
	rng := rand.New(rand.NewPCG(1, uint64(n))) // always the same numbers: a solve can be repeated
	start, radius := slices.Clone(w[:n]), 0.0
	for k := range attempts {
		if k > 0 {
			radius = max(0.1, 3*radius)
			for j := range start {
				start[j] = w[j] + radius*(1+math.Abs(w[j]))*(2*rng.Float64()-1)
			}
		}
		r, err := system.Solve(ctx, f, start, system.Options{Method: system.GaussNewton, Tolerance: s.opt.Tolerance, MaxIterations: 100, TimeLimit: s.remaining()})
		switch {
		case err != nil || s.stopped(ctx):
			return false
		case r.Outcome == system.Solved:
			copy(w, r.W)
			return true
		}
	}
	return false
}
