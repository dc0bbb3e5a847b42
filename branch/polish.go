package branch

import (
	"context"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Polish optimises over the points of a model with pairs that share the pattern of complementarity and the integer values of x, to the
// tolerances of an LP: what a MILP solver returns is only as sharp as its integrality tolerance times the big-M. It returns nil where
// the pattern has no point.
func Polish(ctx context.Context, m *model.Model, x []float64) ([]float64, error) {
	if m.Err() == nil && m.Constructs().Has(model.MixedPairs) {
		return polishMixed(ctx, m, x)
	}
	p, err := newProblem(m)
	if err != nil {
		return nil, err
	}
	var o Options
	o.defaults()
	t := newTree(p, o)
	defer t.close()
	lp, err := newRelaxation(p, highs.LPOptions{})
	if err != nil {
		return nil, err
	}
	w := newWorker(t, newPropagator(p), lp)
	t.workers = append(t.workers, w)
	if err := w.polish(ctx, x); err != nil {
		return nil, err
	}
	return w.best, nil
}
