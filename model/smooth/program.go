// Package smooth is the meeting place of smooth optimisation: a program as a solver sees it, the program of a model, and what a solver
// is asked and answers.
//
//	min f(x)  subject to  L <= c(x) <= U,  l <= x <= u
//
// with n variables and m constraints ("rows"), f and c twice continuously differentiable near the points of interest. An entry of L or l
// may be -Inf, one of U or u +Inf, and L_r = U_r is an equation. Multipliers have the signs of
//
//	ℓ(x, λ, zl, zu) = f(x) + λ'c(x) - zl'(x - l) - zu'(u - x),    zl, zu >= 0,
//
// so that λ_r >= 0 where c_r is at its upper side U_r, λ_r <= 0 where it is at L_r, and at a solution ∇f + ∇c'λ - zl + zu = 0.
package smooth

// Program is a smooth program. Points have NumVars entries, multipliers NumRows. Slices that are returned belong to the program and are
// not to be changed by others; they stay valid for its life, while their entries may change between two solves (bounds). A value outside
// the domain of a function is NaN or infinite. A Program is used by one goroutine at a time; see Clone.
type Program interface {
	NumVars() int
	NumRows() int
	// Bounds are l and u, RowBounds are L and U.
	Bounds() (lower, upper []float64)
	RowBounds() (lower, upper []float64)
	// JacobianPattern gives the places that may be nonzero, sorted by row, then column, without repeats.
	JacobianPattern() (rows, cols []int32)
	// HessianPattern gives the places of the lower triangle (row >= column) of the Hessian of the Lagrangian that may be nonzero, sorted by
	// row, then column, without repeats.
	HessianPattern() (rows, cols []int32)

	// Objective is f(x).
	Objective(x []float64) float64
	// Gradient stores ∇f(x), dense, in g.
	Gradient(x, g []float64)
	// Rows stores c(x) in c.
	Rows(x, c []float64)
	// Jacobian stores ∂c_r/∂x_j in the order of JacobianPattern.
	Jacobian(x, vals []float64)
	// Hessian stores the lower triangle of sigma ∇²f(x) + Σ_r λ_r ∇²c_r(x) in the order of HessianPattern.
	Hessian(x []float64, sigma float64, lambda, vals []float64)

	// Clone returns a program of the same functions for another goroutine. What does not change is shared.
	Clone() Program
}

// Grouped is a Program that knows which of its variables belong together, like those of one follower's optimality conditions: solvers may use it
// to find blocks of their linear systems that can be factorised at the same time.
type Grouped interface {
	// Groups gives the group of each variable, 0 where it has none; nil where there are no groups. It is a hint: what belongs to different groups
	// need not be apart.
	Groups() []int32
}

// GroupsOf is what p says of its groups; nil where it says nothing.
func GroupsOf(p Program) []int32 {
	if g, ok := p.(Grouped); ok {
		return g.Groups()
	}
	return nil
}

// Violation is the largest violation of a bound or of a row of p at x with rows c, in their own units; +Inf where a value is not a number.
func Violation(p Program, x, c []float64) float64 {
	worst := 0.0
	over := func(lo, v, hi float64) {
		if v != v {
			worst = inf
		}
		worst = max(worst, lo-v, v-hi)
	}
	lo, hi := p.Bounds()
	for j, v := range x {
		over(lo[j], v, hi[j])
	}
	lo, hi = p.RowBounds()
	for r, v := range c {
		over(lo[r], v, hi[r])
	}
	if worst != worst { // max passes NaN on
		return inf
	}
	return worst
}
