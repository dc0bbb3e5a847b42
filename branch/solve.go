package branch

import (
	"context"

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
