package bilevelglobal

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// verdict is what a relaxation says of a box.
type verdict struct {
	empty bool
	bound float64   // -Inf where nothing is proven
	x     []float64 // by node; nil where there is no point
}

// solveRelaxation solves the linear program. Neither its emptiness nor its value is believed: both follow from its duals by arithmetic of our own.
func solveRelaxation(ctx context.Context, r *relaxation) verdict {
	v := verdict{bound: math.Inf(-1)}
	lp, err := highs.NewLP(&r.a, highs.LPOptions{Feasibility: 1e-8, DualFeasibility: 1e-8})
	if err != nil {
		return v
	}
	defer lp.Close()
	status, err := lp.Solve(ctx)
	if err != nil {
		return v
	}
	switch status {
	case highs.Infeasible, highs.InfeasibleOrUnbounded:
		if ray, ok := lp.DualRay(); ok {
			v.empty = r.proven(ray, false) > 0
		}
	case highs.Optimal:
		duals, x := make([]float64, lp.NumRows()), make([]float64, lp.NumCols())
		if lp.RowDuals(duals) == nil {
			v.bound = r.proven(duals, true)
		}
		if lp.Primal(x) == nil {
			v.x = x
		}
	}
	return v
}
