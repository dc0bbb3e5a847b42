package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Solve searches for an optimal point of a model with complementarity pairs, SOS1 sets, affine rows and a linear or convex quadratic
// objective. Errors are an *UnsupportedError for anything else, or a broken solver.
func Solve(ctx context.Context, m *model.Model, opt Options) (*Result, error) {
	if m.Err() == nil && m.Constructs().Has(model.MixedPairs) {
		return solveMixed(ctx, m, opt)
	}
	p, err := newProblem(m)
	if err != nil {
		return nil, err
	}
	if m.NumVars() == 0 {
		return withoutVariables(m), nil
	}
	opt.defaults()
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	t := newTree(p, opt)
	defer t.close()
	return t.run(ctx)
}

// withoutVariables is the answer of a model whose only point is the empty one.
func withoutVariables(m *model.Model) *Result {
	x := []float64{}
	for r := range m.NumRows() {
		if m.RowViolation(r, x) > 0 {
			return &Result{Status: model.StatusInfeasible, Proof: model.ProofInfeasible, Objective: math.NaN(), Bound: math.NaN()}
		}
	}
	v := m.ObjectiveValue(0, x)
	return &Result{Status: model.StatusOptimal, Proof: model.ProofGlobal, X: x, Objective: v, Bound: v}
}
