package system

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// linear solves the linear problems of the methods with one matrix W at a time.
type linear interface {
	load(vals []float64)
	// newton stores the solution of W d = -phi, and reports false where W is singular to working precision.
	newton(phi, d []float64) bool
	// shortest stores -W⁺phi.
	shortest(phi, d []float64) bool
	// damped stores the solution of (W'W + nu I) d = -W'phi.
	damped(nu float64, phi, d []float64) bool
	factorisations() int
}

func newLinear(s System, opt Options) linear {
	if s.Unknowns() > opt.DenseLimit {
		if l, ok := newSparseLinear(s, opt.RankTolerance); ok {
			return l
		}
	}
	return &denseLinear{s: s, rankTolerance: opt.RankTolerance}
}

// singular is the ratio of pivots below which a matrix counts as singular for Newton's method: beyond it the digits of the solution are
// noise, and the damped step is the better one.
const singular = 1e-14

// denseLinear works with dense factorisations.
type denseLinear struct {
	s             System
	rankTolerance float64
	w, stacked    dense.Matrix
	lu            dense.LU
	qr            dense.QR
	rhs           []float64
	count         int
}

func (l *denseLinear) load(vals []float64) {
	rows, cols := l.s.Pattern()
	l.w.Scatter(l.s.Equations(), l.s.Unknowns(), rows, cols, vals)
}

func (l *denseLinear) factorisations() int { return l.count }

// minus returns -phi followed by zeros up to n entries.
func (l *denseLinear) minus(phi []float64, n int) []float64 {
	if cap(l.rhs) < n {
		l.rhs = make([]float64, n)
	}
	l.rhs = l.rhs[:n]
	clear(l.rhs)
	for i, v := range phi {
		l.rhs[i] = -v
	}
	return l.rhs
}

func (l *denseLinear) newton(phi, d []float64) bool {
	l.count++
	if !l.lu.Factor(&l.w) || l.lu.PivotRatio() < singular {
		return false
	}
	l.lu.Solve(l.minus(phi, len(phi)), d)
	return true
}

func (l *denseLinear) shortest(phi, d []float64) bool {
	l.count++
	l.qr.Factor(&l.w, l.rankTolerance)
	l.qr.Solve(l.minus(phi, len(phi)), d)
	return true
}

// damped factorises [W; √nu I], whose least-squares problem has the equations of the damped step as its normal equations.
func (l *denseLinear) damped(nu float64, phi, d []float64) bool {
	l.count++
	m, n := l.w.Rows, l.w.Cols
	l.stacked.Reset(m+n, n)
	copy(l.stacked.Data, l.w.Data)
	root := math.Sqrt(nu)
	for j := range n {
		l.stacked.Set(m+j, j, root)
	}
	l.qr.Factor(&l.stacked, 0)
	l.qr.Solve(l.minus(phi, m+n), d)
	return true
}
