package system

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// sparseLinear solves all problems through one symmetric matrix,
//
//	[ α I   W  ] [ r ]   [ -phi ]
//	[ W'  -β I ] [ d ] = [   0  ],
//
// of which d minimises ||W d + phi||² + αβ ||d||²: α = 0 and β = 0 give Newton's step for a square W, and αβ = nu the damped one. With
// α about the smallest singular value that counts the matrix is hardly worse conditioned than W itself, other than W'W (Björck 1967).
type sparseLinear struct {
	m, n          int
	nnz           int
	factor        *sparse.Factor
	vals          []float64 // of W, then the diagonal
	rhs, sol      []float64
	size          float64 // the largest |entry| of W
	rankTolerance float64
	count         int
}

// refinements is the number of steps of iterative refinement, which a factorisation with delayed pivots needs to be exact to rounding.
const refinements = 3

func newSparseLinear(s System, rankTolerance float64) (*sparseLinear, bool) {
	rows, cols := s.Pattern()
	m, n := s.Equations(), s.Unknowns()
	l := &sparseLinear{m: m, n: n, nnz: len(rows), rankTolerance: rankTolerance}
	r, c := slices.Clone(rows), make([]int32, 0, len(cols)+m+n)
	for _, j := range cols {
		c = append(c, int32(m)+j)
	}
	for k := range m + n {
		r, c = append(r, int32(k)), append(c, int32(k))
	}
	sym, err := sparse.Analyse(m+n, r, c)
	if err != nil {
		return nil, false
	}
	l.factor = sym.NewFactor()
	l.vals, l.rhs, l.sol = make([]float64, len(r)), make([]float64, m+n), make([]float64, m+n)
	return l, true
}

func (l *sparseLinear) load(vals []float64) {
	copy(l.vals, vals)
	l.size = 0
	for _, v := range vals {
		l.size = max(l.size, math.Abs(v))
	}
}

func (l *sparseLinear) factorisations() int { return l.count }

// solve factorises with this diagonal and stores d; it reports false where the matrix is singular.
func (l *sparseLinear) solve(alpha, beta float64, phi, d []float64) bool {
	l.count++
	for k := range l.m {
		l.vals[l.nnz+k] = alpha
	}
	for k := l.m; k < l.m+l.n; k++ {
		l.vals[l.nnz+k] = -beta
	}
	if l.factor.Factorise(l.vals) != nil || l.factor.Inertia().Zero > 0 {
		return false
	}
	clear(l.rhs)
	for i, v := range phi {
		l.rhs[i] = -v
	}
	bad := l.factor.Refined(l.rhs, l.sol, refinements, 1e-15)
	copy(d, l.sol[l.m:])
	return bad < 1e-6 // else the digits are noise: the next direction does better
}

func (l *sparseLinear) newton(phi, d []float64) bool { return l.solve(0, 0, phi, d) }

// shortest damps by the square of what counts as zero, where a sparse factorisation cannot tell the rank: directions with singular values
// well above it are solved for, those well below are left out. Sums of squares have half the digits, hence the least 1e-7.
func (l *sparseLinear) shortest(phi, d []float64) bool {
	zero := max(l.rankTolerance, 1e-7) * l.size
	return l.solve(zero, zero, phi, d)
}

func (l *sparseLinear) damped(nu float64, phi, d []float64) bool {
	alpha := math.Sqrt(nu)
	return l.solve(alpha, alpha, phi, d)
}
