package bilevel

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// The affine part of a model is searched for a point where the model has at most affineSize variables, in at most affineNodes nodes.
const affineSize, affineNodes = 2000, 200

// The constraints of both levels are searched for a point where the model has at most boxedVariables variables, in at most boxedBoxes boxes.
const boxedVariables, boxedBoxes = 12, 300

// withoutJointPoint looks for a proof that no point satisfies the constraints of both levels of a small model, whatever the followers want, and states it
// in the attempt.
func (s *solver) withoutJointPoint(ctx context.Context, a *attempt) bool {
	if s.m.NumVars() > boxedVariables || ctx.Err() != nil {
		return false
	}
	m := s.m.HighPoint()
	m.Leader().Minimize(model.Const(0))
	found, err := global.Minimise(ctx, m, global.Options{MaxBoxes: boxedBoxes, Feasibility: s.opt.Tolerance})
	if err != nil || found.Status != global.Infeasible {
		return false
	}
	a.infeasible().pointless = true
	s.notes = append(s.notes, "the constraints of both levels together have no point")
	return true
}

// withoutAnyPoint looks for a proof that a model left to a smooth solver has no point, and states it in the attempt. Such a solver only looks about
// its starts, whereas the bounds, affine constraints and pairs of the same model can be searched as a whole: where these alone have no
// point, neither has the model.
func (s *solver) withoutAnyPoint(ctx context.Context, a *attempt) bool {
	m := a.chain.Model()
	if m.NumVars() > affineSize || s.mayMissAnswers(a.chain) || ctx.Err() != nil {
		return false
	}
	part := affinePart(m)
	if part.Constructs().Without(branch.Takes) != 0 {
		return false
	}
	claim, err := branch.Solve(ctx, part, branch.Options{NodeLimit: affineNodes, Threads: 1, ProbeTime: -1, CutRounds: -1})
	if err != nil || claim.Proof != model.ProofInfeasible {
		return false
	}
	a.infeasible()
	s.notes = append(s.notes, "the bounds, affine constraints and pairs alone have no point")
	return true
}

// affinePart is a model without its objective and its curved constraints: what is feasible for m is feasible for it. Pairs of which a member is the
// slack of a curved constraint are left out too.
func affinePart(m *model.Model) *model.Model {
	out := m.Derive()
	out.ClearImplied()
	out.RemovePairs(func(k int) bool {
		p := m.Pair(k)
		return p.A.Row && !m.RowIsAffine(int(p.A.Index)) || p.B.Row && !m.RowIsAffine(int(p.B.Index))
	})
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			out.SetRow(r, model.Function{}, math.Inf(-1), math.Inf(1))
		}
	}
	out.Leader().Minimize(model.Const(0))
	return out
}
