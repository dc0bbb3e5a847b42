package implicit

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// domain learns the decisions that have answers. Where the follower's problem is convex in all variables together they are a convex set, and each decision
// without an answer gives an affine constraint that excludes it and none of the others.
type domain struct {
	elastic *response.Problem // nil where nothing is learned
	cuts    int
	tried   bool
}

// mostCuts bounds the constraints that are learned.
const mostCuts = 200

// learn adds the constraint of a decision without an answer to X, and reports whether there is one that excludes it.
func (r *run) learn(ctx context.Context, x []float64) bool {
	if !r.domain.tried {
		r.domain.tried = true
		if convex, _ := r.p.JointlyConvex(); convex {
			if e, err := r.p.Elastic(); err == nil {
				r.domain.elastic = e
			}
		}
	}
	e := r.domain.elastic
	if e == nil || r.domain.cuts >= mostCuts {
		return false
	}
	full := make([]float64, e.Model.NumVars())
	copy(full, r.full(x))
	a, err := e.At(ctx, full, nil, r.solvers())
	if err != nil || !(a.Value > 1e-9) {
		return false
	}
	row := make([]float64, len(x))
	level := -a.Value
	for i, j := range r.p.LeaderOwn {
		row[i] = a.Slope[j]
		level += row[i] * x[i]
	}
	size := dense.MaxAbs(row)
	if size == 0 || math.IsInf(size, 0) || math.IsNaN(size) {
		return false
	}
	for i := range row {
		row[i] /= size
	}
	r.set.Rows = append(r.set.Rows, row)
	r.set.RowLower, r.set.RowUpper = append(r.set.RowLower, math.Inf(-1)), append(r.set.RowUpper, level/size)
	r.domain.cuts++
	return true
}
