package verify

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// intervalVars is the largest number of variables for which intervals are tried.
const intervalVars = 12

// provenShare and enoughShare are the parts of the tolerance that a proof aims at, and with which it is content where its boxes run out.
const (
	provenShare = 0.01
	enoughShare = 0.5
)

type intervalResult uint8

const (
	unresolved intervalResult = iota
	proven                    // no feasible answer is better than the best known, to a part of the tolerance; or there is none at all
)

// intervals tries to prove within a number of boxes that nothing is better than the best answer, by nonlinear/global, and takes what is better where that
// finds it. Its points may violate constraints no more than the best answer does: where a set has no interior a little violation is worth a lot.
func (s *pursuit) intervals(ctx context.Context, budget int) intervalResult {
	t := s.t
	if s.c.opt.Boxes < 0 || len(s.y) > intervalVars {
		return unresolved
	}
	if s.best == nil {
		budget = max(1, budget/10) // it is about whether there is a feasible answer at all
	}
	for range 8 {
		if budget <= 0 || s.best != nil && s.runaway() {
			return unresolved
		}
		unit := t.terms
		opt := global.Options{RelGap: -1, MaxBoxes: budget, Feasibility: answerViolation, Local: s.c.opt.Smooth}
		if s.best != nil {
			unit = s.unit()
			opt.Start = [][]float64{s.best.y}
			if opt.Feasibility = t.rawViolation(s.best.y); opt.Feasibility == 0 {
				opt.Feasibility = -1
			}
		}
		opt.AbsGap = provenShare * s.c.opt.Tolerance * unit
		a, err := global.Minimise(ctx, t.exact(), opt)
		if err != nil {
			return unresolved
		}
		budget -= a.Boxes
		t.boxes += a.Boxes
		if s.best == nil && a.Status == global.Infeasible {
			return proven
		}
		improved := s.improve(ctx, a)
		if s.best == nil {
			return unresolved
		}
		s.low = math.Max(s.low, math.Min(a.Bound, s.best.cost))
		if s.best.cost-s.low <= enoughShare*s.c.opt.Tolerance*s.unit() {
			return proven
		}
		if !improved || ctx.Err() != nil {
			return unresolved
		}
	}
	return unresolved
}

// improve takes the point of a search where it is better than the best answer; it reports whether it is.
func (s *pursuit) improve(ctx context.Context, a global.Answer) bool {
	if a.X == nil || s.best != nil && !(a.Value < s.best.cost-1e-12*s.unit()) {
		return false
	}
	before := s.best
	s.take(s.t.candidateAt(a.X, s.t.priced(a.Multipliers)))
	if s.best != nil && !s.t.integers {
		s.descend(ctx, s.best.y)
	}
	return s.best != before
}

// exact is the task as a model in minimisation form, with the sides and bounds that are in force.
func (t *task) exact() *model.Model {
	p := t.p.Derive()
	p.Leader().SetObjective(model.Objective{Set: true, Sense: model.Minimize, F: t.cost})
	for r := range t.lo {
		p.SetRowBounds(r, t.lo[r], t.hi[r])
	}
	for j := range t.vlo {
		p.SetVarBounds(j, t.vlo[j], t.vhi[j])
	}
	return p
}

// priced turns multipliers in the signs of package smooth into ours; none where there are none.
func (t *task) priced(rows []float64) []float64 {
	lambda := make([]float64, len(t.lo))
	if len(rows) == len(lambda) {
		for r, l := range rows {
			if !math.IsInf(t.side(r, -l), 0) {
				lambda[r] = -l
			}
		}
	}
	return lambda
}

// rawViolation is the largest violation of a constraint at y in its own units.
func (t *task) rawViolation(y []float64) float64 {
	worst := 0.0
	for r := range t.lo {
		worst = math.Max(worst, t.p.RowViolation(r, y))
	}
	return worst
}
