package mstationary

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/sparse"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// branchSystem solves the equations
//
//	[ H + δ I  A' ] [ dx ]   [ r ]
//	[ A        0  ] [ y  ] = [ s ]
//
// where H is the Hessian of the Lagrangian and the rows of A are the derivatives of the active constraints. The constraints are numbered
// as the multipliers are among the unknowns: equations, sides, members of pairs.
type branchSystem struct {
	l      *layout
	v      *values
	active []bool
	// small systems, the active rows only
	mat    dense.Matrix
	lu     dense.LU
	qr     dense.QR
	number []int // by constraint: its row, -1: not active
	// large ones, all constraints in a fixed pattern, those that are not active with y = 0 for their equation
	factor   *sparse.Factor
	sym      *sparse.Symbolic
	vals     []float64
	rhs, sol []float64
	isSparse bool // the last factorisation
}

// denseLimit is the order up to which a system is dense. The two ways take about the same time there.
const denseLimit = 48

func newBranchSystem(l *layout, v *values) *branchSystem {
	nc := l.unknowns() - len(l.free)
	return &branchSystem{l: l, v: v, active: make([]bool, nc), number: make([]int, nc)}
}

// constraints is the number of rows that A could have.
func (b *branchSystem) constraints() int { return len(b.active) }

// value is how far constraint i is from being active.
func (b *branchSystem) value(i int) float64 {
	if ne := len(b.l.eqs); i < ne {
		return b.v.equation(i)
	}
	return b.v.slack(b.side(i))
}

// side is the side that constraint i is, which is no equation.
func (b *branchSystem) side(i int) side {
	i -= len(b.l.eqs)
	if i < len(b.l.sides) {
		return b.l.sides[i]
	}
	i -= len(b.l.sides)
	return b.l.pairs[i/2][i%2]
}

// slope visits the derivatives of constraint i.
func (b *branchSystem) slope(i int, visit func(j int32, d float64)) {
	if i < len(b.l.eqs) {
		b.v.rowSlope(b.l.eqs[i], 1, visit)
		return
	}
	b.v.slope(b.side(i), visit)
}

// hess visits the entries of the lower triangle of H in the free variables.
func (b *branchSystem) hess(visit func(i, j int32, h float64)) {
	for k, r := range b.l.hessRows {
		i, j := b.l.place[r], b.l.place[b.l.hessCols[k]]
		if i >= 0 && j >= 0 {
			visit(max(i, j), min(i, j), b.v.hess[k])
		}
	}
}

// factorise prepares solves with the active constraints as they are and H + shift I. It reports whether the matrix is regular; a singular
// dense one is solved in the sense of least squares by shortest.
func (b *branchSystem) factorise(shift float64) bool {
	n, na := len(b.l.free), 0
	for i, on := range b.active {
		b.number[i] = -1
		if on {
			b.number[i] = n + na
			na++
		}
	}
	if n+na > denseLimit {
		return b.factoriseSparse(shift, 0)
	}
	b.isSparse = false
	b.mat.Reset(n+na, n+na)
	b.hess(func(i, j int32, h float64) {
		b.mat.Add(int(i), int(j), h)
		if i != j {
			b.mat.Add(int(j), int(i), h)
		}
	})
	for j := range n {
		b.mat.Add(j, j, shift)
	}
	for i, r := range b.number {
		if r >= 0 {
			b.slope(i, func(j int32, d float64) {
				b.mat.Add(r, int(j), d)
				b.mat.Add(int(j), r, d)
			})
		}
	}
	return b.lu.Factor(&b.mat) && b.lu.PivotRatio() > 1e-14
}

// factoriseSparse is factorise for large systems, with -give I in the place of the zero block where give > 0.
func (b *branchSystem) factoriseSparse(shift, give float64) bool {
	b.isSparse = true
	n := int32(len(b.l.free))
	if b.sym == nil {
		var rows, cols []int32
		put := func(i, j int32) { rows, cols = append(rows, i), append(cols, j) }
		b.hess(func(i, j int32, _ float64) { put(i, j) })
		for i := range b.active {
			b.slope(i, func(j int32, _ float64) { put(n+int32(i), j) })
		}
		for k := range n + int32(len(b.active)) {
			put(k, k)
		}
		sym, err := sparse.Analyse(int(n)+len(b.active), rows, cols)
		if err != nil {
			return false
		}
		b.sym, b.factor, b.vals = sym, sym.NewFactor(), make([]float64, len(rows))
	}
	k := 0
	put := func(v float64) {
		b.vals[k] = v
		k++
	}
	b.hess(func(_, _ int32, h float64) { put(h) })
	for i, on := range b.active {
		b.slope(i, func(_ int32, d float64) {
			if !on {
				d = 0
			}
			put(d)
		})
	}
	for range n {
		put(shift)
	}
	for _, on := range b.active {
		if on {
			put(-give)
		} else {
			put(-1)
		}
	}
	return b.factor.Factorise(b.vals) == nil && b.factor.Inertia().Zero == 0
}

// convex reports whether H + shift I is positive definite on the null space of A, for the sparse matrix factorised last.
func (b *branchSystem) convex() bool {
	in := b.factor.Inertia()
	return in.Zero == 0 && in.Positive == len(b.l.free)
}

// solve solves with the matrix of the last factorise, which was regular: dx by r, and y by s, over all constraints.
func (b *branchSystem) solve(r, s, dx, y []float64) bool {
	return b.with(r, s, dx, y, func(rhs, sol []float64) bool {
		if b.isSparse {
			return b.factor.Refined(rhs, sol, 3, 1e-15) < 1e-6
		}
		b.lu.Solve(rhs, sol)
		return true
	})
}

// shortest solves a system that factorise has found to be singular: in the sense of least squares, of the shortest vector, and reports
// whether the equations hold; large systems are made regular by a small diagonal instead.
func (b *branchSystem) shortest(r, s, dx, y []float64) bool {
	const give = 1e-8
	if b.isSparse {
		return b.factoriseSparse(give, give) && b.solve(r, s, dx, y)
	}
	b.qr.Factor(&b.mat, 1e-11)
	return b.with(r, s, dx, y, func(rhs, sol []float64) bool {
		b.qr.Solve(rhs, sol)
		back := make([]float64, len(rhs))
		b.mat.Multiply(sol, back)
		for k := range back {
			back[k] -= rhs[k]
		}
		return dense.MaxAbs(back) <= 1e-6*(dense.MaxAbs(rhs)+dense.MaxAbs(sol))
	})
}

// with gathers the right-hand side, solves, and scatters the solution.
func (b *branchSystem) with(r, s, dx, y []float64, solve func(rhs, sol []float64) bool) bool {
	n := len(b.l.free)
	order := n + len(b.active)
	if !b.isSparse {
		order = b.mat.Rows
	}
	b.rhs, b.sol = grown(b.rhs, order), grown(b.sol, order)
	copy(b.rhs, r)
	clear(b.rhs[n:])
	at := func(i int) int {
		if b.isSparse {
			return n + i
		}
		return b.number[i]
	}
	for i, on := range b.active {
		if on {
			b.rhs[at(i)] = s[i]
		}
	}
	if !solve(b.rhs, b.sol) || math.IsNaN(dense.MaxAbs(b.sol)) {
		return false
	}
	copy(dx, b.sol[:n])
	for i, on := range b.active {
		y[i] = 0
		if on {
			y[i] = b.sol[at(i)]
		}
	}
	return true
}

func grown(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}
