package builtin

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// closed is the relative gap between objective and bound up to which an answer is a global optimum.
const closed = 1e-6

// result says what is known of an answer.
func (s *solve) result(ctx context.Context, a *smooth.Answer) (*backends.Result, error) {
	nan := math.NaN()
	r := &backends.Result{Status: a.Status, Objective: nan, Bound: nan, Gap: nan, Iterations: a.Iterations, Message: a.Message}
	feasible := s.feasible(a)
	if feasible || a.Status == model.StatusReducedAccuracy {
		r.Point, r.Objective = s.point(a), s.m.ObjectiveValue(0, a.X)
	}
	if feasible {
		r.Proof = model.ProofFeasible
	}
	switch a.Status {
	case model.StatusOptimal:
		s.optimal(r, a)
	case model.StatusInfeasible:
		s.infeasible(r, a)
	case model.StatusUnbounded:
		return r, s.unbounded(ctx, r, a)
	case model.StatusLimit:
		if feasible {
			r.Status = model.StatusFeasible
		}
	case model.StatusInterrupted:
		if errors.Is(ctx.Err(), context.DeadlineExceeded) { // a limit of time, said in another way
			if r.Status = model.StatusLimit; feasible {
				r.Status = model.StatusFeasible
			}
		}
	}
	return r, nil
}

// feasible reports whether an answer's point satisfies the model.
func (s *solve) feasible(a *smooth.Answer) bool {
	return a.Violation <= 2*s.feasibility && a.Objective-a.Objective == 0
}

// point has shadow prices for the objective as declared: what one unit more on the constant side adds to it.
func (s *solve) point(a *smooth.Answer) *model.Point {
	p := &model.Point{X: a.X, RowDuals: make([]float64, len(a.Rows)), VarDuals: make([]float64, len(a.X))}
	for r, v := range a.Rows {
		p.RowDuals[r] = 0 - s.sign*v // not -0
	}
	for j := range a.X {
		p.VarDuals[j] = s.sign*(a.Lower[j]-a.Upper[j]) + 0
	}
	return p
}

// optimal is a point that satisfies the first-order conditions.
func (s *solve) optimal(r *backends.Result, a *smooth.Answer) {
	if r.Point == nil {
		r.Status, r.Proof = model.StatusUnknown, model.ProofNone
		r.Message += "the point found violates the model by more than the tolerance"
		return
	}
	r.Status, r.Proof = model.StatusLocal, model.ProofLocal
	convex := s.m.Classify().Leader.Convex == model.Yes
	if !convex && !s.fixed() {
		return
	}
	bound := a.Objective
	if !s.fixed() {
		bound += certificate(s.p, a.X, a.Rows, true)
	}
	if !(a.Objective-bound <= closed*max(1, math.Abs(a.Objective))) {
		r.Message += fmt.Sprintf("the model is convex, and the multipliers show only that no objective is better than %g", s.sign*bound)
		return
	}
	r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
	r.Bound = s.sign * min(bound, a.Objective)
	r.Gap = math.Abs(r.Objective-r.Bound) / max(1e-10, math.Abs(r.Objective))
}

// infeasible is a stationary point of the violation.
func (s *solve) infeasible(r *backends.Result, a *smooth.Answer) {
	r.Point, r.Objective, r.Proof = nil, math.NaN(), model.ProofNone
	sum := 0.0
	for _, y := range a.Rows {
		sum += math.Abs(y)
	}
	shown := s.emptyBounds() || s.fixed()
	if !shown && sum > 0 && sum-sum == 0 && s.convexRows() {
		weights := make([]float64, len(a.Rows))
		for i, y := range a.Rows {
			weights[i] = y / sum
		}
		shown = certificate(s.p, a.X, weights, false) > s.feasibility
	}
	if shown {
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		return
	}
	r.Status = model.StatusUnknown
	r.Message += "; elsewhere there may be one that does"
}

// unbounded is a point from which the objective seems to fall without limit.
func (s *solve) unbounded(ctx context.Context, r *backends.Result, a *smooth.Answer) error {
	r.Point, r.Objective, r.Proof, r.Status = nil, math.NaN(), model.ProofNone, model.StatusUnknown
	ray := recession(s.m, a.X)
	if ray == nil {
		r.Message += "; a proof of it was not found"
		return nil
	}
	somewhere := s.m.Derive()
	somewhere.Leader().SetObjective(model.Objective{})
	p, err := smooth.Compile(somewhere)
	if err != nil {
		return err
	}
	x, _ := s.m.StartPoint()
	f, err := s.solver.Solve(ctx, p, smooth.Start{X: x}, smooth.Options{Feasibility: s.feasibility})
	if err != nil {
		return err
	}
	switch {
	case s.feasible(f):
		r.Status, r.Proof, r.Ray = model.StatusUnbounded, model.ProofUnbounded, ray
		r.Point, r.Objective = &model.Point{X: f.X}, s.m.ObjectiveValue(0, f.X)
	case f.Status == model.StatusInfeasible:
		r.Message = f.Message
		s.infeasible(r, f)
	default:
		r.Status = model.StatusInfOrUnbounded
		r.Message = "the objective falls along a ray, but no feasible point was found"
	}
	return nil
}

// fixed reports whether the bounds leave every variable one value.
func (s *solve) fixed() bool {
	l, u := s.p.Bounds()
	for j := range l {
		if l[j] != u[j] {
			return false
		}
	}
	return true
}

// emptyBounds reports whether a variable's or a constraint's bounds exclude each other.
func (s *solve) emptyBounds() bool {
	for _, of := range []func() ([]float64, []float64){s.p.Bounds, s.p.RowBounds} {
		l, u := of()
		for k := range l {
			if l[k] > u[k] {
				return true
			}
		}
	}
	return false
}

// convexRows reports whether the constraints describe a convex set.
func (s *solve) convexRows() bool {
	d := s.m.Derive()
	d.Leader().SetObjective(model.Objective{})
	return d.Classify().Leader.Convex == model.Yes
}
