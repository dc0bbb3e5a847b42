package mpcc

import (
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
)

// candidate is a point of the lifted program with what is known of it.
type candidate struct {
	z                     []float64
	objective             float64
	violation, complement float64 // in the original program
	feasible              bool
	pattern               []Zero // nil: the point is not on a branch
	answer                *smooth.Answer
	nu                    [][2]float64
	label                 Label
	descended             bool // to a better branch was tried
	method                Method
	reduced               []float64 // ∇f + J'λ of the lifted program, where nu is known
}

// unboundedValue is a value of the objective that no meaningful point has: what falls below its negative falls without limit.
const unboundedValue = 1e20

// consider measures a point and makes it the incumbent if it is the best so far: feasible before infeasible, then by objective, or by residual.
func (r *run) consider(c *candidate) (improved bool) {
	p := r.p
	c.violation, c.complement = p.Residual(c.z[:p.NumVars()])
	c.feasible = c.violation <= r.opt.Feasibility && c.complement <= r.opt.Feasibility
	c.objective = p.prog.base.Objective(c.z[:p.NumVars()])
	if !(math.Abs(c.objective) < unboundedValue) {
		if c.feasible && c.objective < 0 {
			r.unbounded++
		}
		c.feasible = false
	}
	b := r.best
	switch {
	case b == nil:
		improved = true
	case c.feasible != b.feasible:
		improved = c.feasible
	case c.feasible && (c.pattern == nil) != (b.pattern == nil):
		// A point of a relaxation owes a part of its value to residuals within the tolerance; only a clear difference counts.
		margin := 1e-5 * math.Max(1, math.Abs(b.objective))
		if b.pattern == nil {
			margin = -margin
		}
		improved = c.objective < b.objective-margin
	case c.feasible:
		// A stronger label is worth what rounding may cost.
		margin := 1e-9 * math.Max(1, math.Abs(b.objective))
		improved = c.objective < b.objective-margin || c.objective <= b.objective+margin && c.label > b.label
	default:
		improved = math.Max(c.violation, c.complement) < math.Max(b.violation, b.complement)
	}
	if improved {
		r.best = c
	}
	return improved
}
