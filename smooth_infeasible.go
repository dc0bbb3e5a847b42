package bilevel

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
)

// affineMoment is how long the affine part of a model is searched for a point.
const affineMoment = 5 * time.Second

// withoutAnyPoint looks for a proof where a smooth solver has found no point: it only looks about its starts, whereas the bounds, affine
// constraints and pairs of the same model can be searched as a whole. Where these alone have no point, neither has the model.
func (s *solver) withoutAnyPoint(ctx context.Context, a *attempt) {
	if a.claim == nil || a.claim.Point != nil || a.claim.Status != model.StatusInfeasible || a.claim.Proof == model.ProofInfeasible || s.mayMissAnswers(a.chain) || ctx.Err() != nil {
		return
	}
	part := affinePart(a.chain.Model())
	if part.Constructs().Without(branch.Takes) != 0 {
		return
	}
	b, err := backends.Open("branch")
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, affineMoment)
	defer cancel()
	claim, err := b.Solve(ctx, part, s.backendOptions(nil), s.events())
	if err != nil || claim.Proof != model.ProofInfeasible {
		return
	}
	a.claim.Proof, a.claim.Status = model.ProofInfeasible, model.StatusInfeasible
	s.notes = append(s.notes, "the bounds, affine constraints and pairs alone have no point")
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
