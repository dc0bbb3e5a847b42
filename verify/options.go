package verify

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Options are the settings of a check. The zero value of each field is its default.
type Options struct {
	// Tolerance is the largest scaled residual and follower gap of a verified point; default 1e-6, range (0, 1).
	Tolerance float64
	// Backend solves followers that are linear, convex quadratic or have integer variables. Without one no follower is solved again and
	// no bilevel point is verified.
	Backend backends.Backend
	// Smooth finds local optima of nonlinear followers. What it claims counts for nothing: its points are evaluated and its multipliers made bounds
	// here. It also solves linear and convex quadratic followers where there is no Backend. Without one, nonlinear followers are solved as far
	// as Newton's method from the point and intervals reach.
	Smooth smooth.Solver
	// Starts is the number of local searches for a better answer of a follower that is not known to be convex, besides the one from the
	// point; 0: 10 (n + 1) for up to six variables, then 60, and 20 beyond 30; negative: none.
	Starts int
	// Boxes bounds the branch and bound with intervals that proves the best response of a nonlinear follower with at most twelve
	// variables; 0: 30000, negative: none is tried.
	Boxes int
	// Seed is that of the starts; any number.
	Seed uint64
	// Solver solves the followers that Backend does not take and that are not left to Smooth; nil: none. Where it accepts a nonlinear follower,
	// it goes before Smooth.
	Solver FollowerSolver
	// TimeLimit bounds the whole check; 0: none besides the context's deadline. What was not reached is named in the reasons.
	TimeLimit time.Duration
	// Threads bounds the threads of the backend; 0: its choice.
	Threads int
	// SkipSpread leaves out the pessimistic and the optimistic value, which cost a solve each.
	SkipSpread bool
}

// FollowerSolver finds a global optimum of problems that the backend does not take. Its answers count as far as their Bound proves them.
type FollowerSolver interface {
	Name() string
	// Accepts returns nil, or why the problem cannot be solved to a global optimum.
	Accepts(p *model.Model) error
	// SolveFollower minimises the objective of p, a model without followers. Result.Bound must be a proven bound.
	SolveFollower(ctx context.Context, p *model.Model, start []float64) (*backends.Result, error)
}

func (o Options) withDefaults() (Options, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if !(o.Tolerance > 0 && o.Tolerance < 1) {
		return o, &PointError{Problem: fmt.Sprintf("a tolerance of %v", o.Tolerance), Remedy: "choose a number between 0 and 1, or 0 for the default 1e-6"}
	}
	return o, nil
}

// limited returns a context that ends with the time limit.
func (o Options) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.TimeLimit > 0 {
		return context.WithTimeout(ctx, o.TimeLimit)
	}
	return context.WithCancel(ctx)
}

// PointError says why a point cannot be checked at all.
type PointError struct {
	Variable string // "" where it concerns the whole point
	Problem  string
	Remedy   string
}

func (e *PointError) Error() string {
	s := "check: "
	if e.Variable != "" {
		s += e.Variable + ": "
	}
	return s + e.Problem + "; " + e.Remedy
}

// checkPoint refuses a point of another length, and values that are not finite numbers where needed is true.
func checkPoint(m *model.Model, x []float64, needed func(j int) bool) error {
	if len(x) != m.NumVars() {
		return &PointError{Problem: fmt.Sprintf("a point with %d entries for %d variables", len(x), m.NumVars()), Remedy: "give one value a variable"}
	}
	for j, v := range x {
		if (math.IsNaN(v) || math.IsInf(v, 0)) && needed(j) {
			return &PointError{Variable: m.VarName(j), Problem: fmt.Sprintf("the value is %v", v), Remedy: "give a finite number"}
		}
	}
	return nil
}
