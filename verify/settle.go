package verify

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// settle decides between infeasible and unbounded for a problem p, to be minimised, of which the solver claims that it is one of the two.
// A claim of infeasibility is not believed either: a presolve that works with the objective may be led to it by an unbounded problem.
//
// The problem without its objective says whether there is a feasible point. If there is, the objective improves without limit if and only if the
// recession problem min c'd, d in the recession cones of constraints and bounds, H d = 0, -1 <= d <= 1, has a negative optimum; for integer variables
// and rational data too. StatusUnknown is returned where the two answers contradict the claim.
func (c *checker) settle(ctx context.Context, p *model.Model) model.Status {
	cost := p.Leader().Objective().F
	q := p.Derive()
	q.Leader().SetObjective(model.Objective{Sense: model.Minimize})
	res, err := c.run(ctx, q, c.lpOptions())
	switch {
	case err != nil:
		return model.StatusFailed
	case res.Status != model.StatusOptimal && res.Status != model.StatusReducedAccuracy:
		return res.Status
	}
	recede := func(lo, hi, none float64) (float64, float64) {
		if math.IsInf(lo, -1) {
			lo = -none
		} else {
			lo = 0
		}
		if math.IsInf(hi, 1) {
			hi = none
		} else {
			hi = 0
		}
		return lo, hi
	}
	for j := 0; j < p.NumVars(); j++ {
		lo, hi := p.VarBounds(j)
		q.SetVarKind(j, model.Continuous)
		lo, hi = recede(lo, hi, 1)
		q.SetVarBounds(j, lo, hi)
	}
	for r := 0; r < p.NumRows(); r++ {
		lo, hi := p.RowBounds(r)
		lo, hi = recede(lo, hi, model.Inf)
		q.SetRowBounds(r, lo, hi)
	}
	flat := map[int32]*model.Accumulator{}
	for _, t := range cost.Quad {
		for _, k := range [2][2]int32{{t.I, t.J}, {t.J, t.I}} {
			if flat[k[0]] == nil {
				flat[k[0]] = q.Accumulator()
			}
			flat[k[0]].AddTerm(t.Coef, int(k[1]))
		}
	}
	for j := int32(0); len(flat) > 0 && int(j) < p.NumVars(); j++ {
		if acc := flat[j]; acc != nil {
			q.AddRow(0, "flat", acc.Function(), 0, 0)
		}
	}
	q.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: model.Function{Vars: cost.Vars, Coefs: cost.Coefs}})
	if q.Err() != nil {
		return model.StatusFailed
	}
	res, err = c.run(ctx, q, c.lpOptions())
	switch {
	case err != nil:
		return model.StatusFailed
	case res.Status != model.StatusOptimal || res.Point == nil:
		return model.StatusUnknown
	}
	// A slope that is a rounding error beside its terms is none.
	slope, size := 0.0, 0.0
	for k, j := range cost.Vars {
		v := cost.Coefs[k] * res.Point.X[j]
		slope += v
		size += math.Abs(v)
	}
	if slope < -roundingInfinite*size {
		return model.StatusUnbounded
	}
	return model.StatusUnknown
}

// doubtful reports whether a status is a claim that settle has to look into.
func doubtful(s model.Status) bool {
	return s == model.StatusInfeasible || s == model.StatusInfOrUnbounded
}
