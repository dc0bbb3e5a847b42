package mstationary

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// held is the system of the constraints that a branch holds at zero, in the free variables. Its Gauss-Newton steps lead to the nearest
// point of the branch, to first order.
type held struct {
	*layout
	v          *values
	b          *branchSystem
	list       []int // constraints
	rows, cols []int32
}

func newHeld(l *layout, v *values, b *branchSystem) *held {
	h := &held{layout: l, v: v, b: b}
	for i, on := range b.active {
		if on {
			h.list = append(h.list, i)
		}
	}
	h.visit(func(i, j int32, _ float64) { h.rows, h.cols = append(h.rows, i), append(h.cols, j) })
	return h
}

func (h *held) Equations() int                { return len(h.list) }
func (h *held) Unknowns() int                 { return len(h.free) }
func (h *held) Pattern() (rows, cols []int32) { return h.rows, h.cols }

func (h *held) Residual(w, phi []float64) {
	h.v.at(w)
	for k, i := range h.list {
		phi[k] = h.b.value(i)
	}
}

func (h *held) Jacobian(w, vals []float64) {
	h.v.at(w)
	k := 0
	h.visit(func(_, _ int32, v float64) {
		vals[k] = v
		k++
	})
}

func (h *held) visit(put func(i, j int32, v float64)) {
	for k, i := range h.list {
		h.b.slope(i, func(j int32, d float64) { put(int32(k), j, d) })
	}
}

// restore moves the point of w to the branch, to aim where that can be had, and reports whether it came as close as enough.
func (h *held) restore(ctx context.Context, w []float64, aim, enough float64) bool {
	n := len(h.free)
	h.v.at(w)
	size := 0.0
	for _, i := range h.list {
		size = max(size, math.Abs(h.b.value(i)))
	}
	if size <= aim {
		return true
	}
	r, err := system.Solve(ctx, h, w[:n], system.Options{Method: system.GaussNewton, Tolerance: aim, MaxIterations: 12})
	if err != nil || !(r.Residual <= enough) {
		return false
	}
	copy(w[:n], r.W)
	h.v.at(w)
	return true
}
