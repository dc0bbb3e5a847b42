package bilevel

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// largestBigM is where enlarging an assumed bound ends: beyond it the integrality tolerance of a MILP solver lets anything through.
const largestBigM = 1e8

// enlarge solves again with larger assumed bounds until the answer no longer changes and no bound is touched. A bound that is too small cuts
// points off and may show nothing, so an answer is believed only when a bound ten times as large gives the same value; and even then
// the proof is conditional. A larger bound also lets more through: of a MILP solver that takes 1e-6 for zero, a binary variable times 1e6 is a slack
// of one. Where the pattern of pairs of the larger bound does not have the value that is claimed, the answer before it is kept. The chain that
// rests on the bound of the answer is returned.
func (s *solver) enlarge(ctx context.Context, a *attempt) (*attempt, error) {
	if s.bigM == 0 {
		s.bigM = reform.DefaultBigM
	}
	first := s.bigM
	ours := false
	for _, b := range a.chain.Assumed {
		ours = ours || !b.Vouched
	}
	for ours && s.bigM*10 <= largestBigM && ctx.Err() == nil {
		better := a.claim.Point
		touched := s.touched(a)
		s.bigM *= 10
		notes := s.notes
		b, err := s.reformulate(ctx)
		s.notes = notes
		if err != nil {
			return a, err
		}
		if err := s.run(ctx, b); err != nil {
			return a, err
		}
		if b.claim.Point == nil && better != nil {
			s.bigM /= 10
			break // stopped by a limit, or numerically worse: keep what we have
		}
		if better != nil {
			leaks, err := s.leaks(ctx, b)
			if err != nil {
				return a, err
			}
			if leaks {
				s.bigM /= 10
				s.notes = append(s.notes, "bounds above "+format(s.bigM)+" were not used: "+b.backend+"'s tolerance on integers lets pairs through them")
				break
			}
		}
		same := b.claim.Point != nil && better != nil && math.Abs(b.claim.Objective-a.claim.Objective) <= 1e-6*math.Max(1, math.Abs(a.claim.Objective))
		a = b
		if same && !touched && len(s.touchedNames(a)) == 0 {
			break
		}
	}
	if s.bigM > first {
		s.say("bounds", "assumed big-M enlarged from %g to %g", first, s.bigM)
		s.notes = append(s.notes, "assumed big-M enlarged from "+format(first)+" to "+format(s.bigM))
	}
	return a, nil
}

// leaks reports whether the value that was claimed is not the one of the pattern of pairs of its point.
func (s *solver) leaks(ctx context.Context, a *attempt) (bool, error) {
	n, q, x, err := s.pattern(ctx, a)
	if err != nil || q == nil {
		return false, err
	}
	return x == nil || s.dearer(a, n, q, x) > 1e-5, nil
}

// dearer is by how much the leader's objective is worse at x than at q, two points of stage n, relative to the value claimed.
func (s *solver) dearer(a *attempt, n int, q *model.Point, x []float64) float64 {
	m := a.chain.Stage(n)
	return m.Leader().Objective().Sense.Sign() * (m.ObjectiveValue(0, x) - m.ObjectiveValue(0, q.X)) / math.Max(1, math.Abs(a.claim.Objective))
}

func (s *solver) touched(a *attempt) bool { return len(s.touchedNames(a)) > 0 }

// touchedNames lists the assumed bounds that the point lies at.
func (s *solver) touchedNames(a *attempt) []string {
	if a.claim == nil || a.claim.Point == nil {
		return nil
	}
	var out []string
	for _, b := range a.chain.Assumed {
		if !b.Vouched && b.Touch(a.claim.Point.X) {
			out = append(out, b.What)
		}
	}
	return out
}

// conditional weakens a proof by the assumptions of the chain.
func conditional(p model.Proof, c *reform.Chain) model.Proof {
	if len(c.Assumed) == 0 {
		return p
	}
	switch p {
	case model.ProofGlobal:
		return model.ProofGlobalIfBounds
	case model.ProofInfeasible, model.ProofUnbounded:
		return model.ProofNone
	}
	return p
}
