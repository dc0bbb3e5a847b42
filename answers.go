package bilevel

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// completer gives the search points: the leader's part of a relaxed point, answered by the followers. The leader's constraints are not
// looked at, for the pattern of active constraints of the answers serves even where they are violated.
func (s *solver) completer(a *attempt) func(context.Context, []float64) []float64 {
	if s.m.NumFollowers() == 0 {
		return nil
	}
	return func(ctx context.Context, x []float64) []float64 {
		p, err := a.chain.Recover(&model.Point{X: x})
		if err != nil {
			return nil
		}
		for j := range p.X { // integer decisions are rounded, and all kept within their bounds
			lo, hi := s.m.VarBounds(j)
			if s.m.VarKind(j) != model.Continuous {
				p.X[j] = math.Round(p.X[j])
			}
			p.X[j] = math.Min(math.Max(p.X[j], lo), hi)
		}
		if s.breaksTies() {
			v, err := s.breakTies(ctx, p.X)
			if err != nil || v.point == nil {
				return nil
			}
			p = v.point
		} else if p, err = verify.Respond(ctx, s.m, p.X, s.verifyOptions()); err != nil {
			return nil
		}
		if p, err = a.chain.Lift(p); err != nil {
			return nil
		}
		return p.X
	}
}
