package ipopt

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// globalGap is the relative gap between objective and bound up to which an answer is called a global optimum.
const globalGap = 1e-6

// result is an answer in the terms of package backends, with what can be proven of it.
func (w *work) result(ctx context.Context, a *smooth.Answer) (*backends.Result, error) {
	nan := math.NaN()
	r := &backends.Result{Objective: nan, Bound: nan, Gap: nan, Iterations: a.Iterations, Message: a.Message}
	feasible := a.Violation <= 2*w.feasibility && !math.IsNaN(a.Objective) && !math.IsInf(a.Objective, 0)
	if feasible || a.Status == model.StatusReducedAccuracy {
		r.Point = w.point(a)
		r.Objective = w.model.ObjectiveValue(0, a.X)
	}
	if feasible {
		r.Proof = model.ProofFeasible
	}
	switch a.Status {
	case model.StatusOptimal:
		w.claimOptimum(r, a)
	case model.StatusInfeasible:
		w.claimInfeasible(r, a)
	case model.StatusUnbounded:
		return r, w.claimUnbounded(ctx, r, a)
	case model.StatusLimit:
		if r.Status = a.Status; feasible {
			r.Status = model.StatusFeasible
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			r.Status = model.StatusInterrupted
		}
	default:
		r.Status = a.Status
	}
	return r, nil
}

// point is the answer's point with duals as shadow prices of the objective as declared: what one unit more of a constraint's right-hand side,
// or of the bounds of a variable, adds to it.
func (w *work) point(a *smooth.Answer) *model.Point {
	p := &model.Point{X: a.X, RowDuals: make([]float64, len(a.Rows)), VarDuals: make([]float64, len(a.X))}
	for r, v := range a.Rows {
		p.RowDuals[r] = -w.sign*v + 0
	}
	for j := range a.X {
		p.VarDuals[j] = w.sign*(a.Lower[j]-a.Upper[j]) + 0
	}
	return p
}

// claimOptimum says what a point that satisfies the first-order conditions is.
func (w *work) claimOptimum(r *backends.Result, a *smooth.Answer) {
	r.Status = model.StatusLocal
	if r.Point == nil {
		r.Status, r.Proof = model.StatusUnknown, model.ProofNone
		return
	}
	r.Proof = model.ProofLocal
	if w.model.Classify().Leader.Convex != model.Yes && !w.certain {
		return
	}
	bound := a.Objective
	if !w.certain {
		bound = lowerBound(w.program, a)
	}
	if gap := a.Objective - bound; gap <= globalGap*math.Max(1, math.Abs(a.Objective)) {
		r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
		r.Bound = w.sign * math.Min(bound, a.Objective)
		r.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
		return
	}
	r.Message += fmt.Sprintf("; the model is convex, but the multipliers bound the objective only by %g", w.sign*bound)
}

// claimInfeasible says what a point of least violation nearby is.
func (w *work) claimInfeasible(r *backends.Result, a *smooth.Answer) {
	r.Point, r.Objective, r.Proof = nil, math.NaN(), model.ProofNone
	r.Status = model.StatusUnknown
	if w.certain {
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		return
	}
	if w.rowsConvex() && leastViolation(w.program, a) > w.feasibility {
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		r.Message = "infeasible: the multipliers show it; " + a.Message
		return
	}
	r.Message += "; whether there is a feasible point elsewhere is open"
}

// rowsConvex reports whether the constraints describe a convex set, whatever the objective is.
func (w *work) rowsConvex() bool {
	d := w.model.Derive()
	d.Leader().SetObjective(model.Objective{})
	return d.Classify().Leader.Convex == model.Yes
}

// claimUnbounded says what iterates that diverge with a falling objective are: a proof where their direction is a ray of a linear or convex
// quadratic model, and there is a feasible point.
func (w *work) claimUnbounded(ctx context.Context, r *backends.Result, a *smooth.Answer) error {
	r.Point, r.Objective, r.Proof, r.Status = nil, math.NaN(), model.ProofNone, model.StatusUnknown
	ray := recessionRay(w.model, a.X)
	if ray == nil {
		r.Message += "; whether the model is unbounded is open"
		return nil
	}
	d := w.model.Derive()
	d.Leader().SetObjective(model.Objective{})
	p, err := smooth.Compile(d)
	if err != nil {
		return err
	}
	x, _ := w.model.StartPoint()
	f, err := NewSolver().Solve(ctx, p, smooth.Start{X: x}, smooth.Options{Feasibility: w.feasibility})
	if err != nil {
		return err
	}
	switch {
	case f.Violation <= 2*w.feasibility:
		r.Status, r.Proof, r.Ray = model.StatusUnbounded, model.ProofUnbounded, ray
		r.Point = &model.Point{X: f.X}
		r.Objective = w.model.ObjectiveValue(0, f.X)
		r.Message = "unbounded along a ray"
	case f.Status == model.StatusInfeasible:
		w.claimInfeasible(r, f)
	default:
		r.Status = model.StatusInfOrUnbounded
		r.Message = "the objective falls along a ray, but no feasible point was found: " + f.Message
	}
	return nil
}
