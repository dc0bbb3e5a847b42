package bilevel

import (
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

// remember keeps a start as the followers have answered it: where a method ends at a point that is worse, or at one where the followers answer
// otherwise than its conditions say, the start is the better answer.
func (s *solver) remember(p *model.Point) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answeredStarts = append(s.answeredStarts, p)
}

// mostStarts is how many starts are checked.
const mostStarts = 5

// betterStart puts the best answered start that is verified in the place of a result that is worse or not verified.
func (s *solver) betterStart(ctx context.Context, r *Result) error {
	value := func(p *model.Point) float64 { return s.sense() * s.m.ObjectiveValue(0, p.X) }
	slices.SortStableFunc(s.answeredStarts, func(a, b *model.Point) int {
		switch va, vb := value(a), value(b); {
		case va < vb:
			return -1
		case va > vb:
			return 1
		}
		return 0
	})
	verified := r.Certificate != nil && r.Certificate.Verified
	for _, p := range s.answeredStarts[:min(len(s.answeredStarts), mostStarts)] {
		if verified && !(value(p) < s.sense()*r.Objective-1e-6*math.Max(1, math.Abs(r.Objective))) || ctx.Err() != nil {
			return nil
		}
		t := *r
		if err := s.certify(ctx, &t, p); err != nil {
			return err
		}
		if !t.Certificate.Verified || verified && !(s.sense()*t.Objective < s.sense()*r.Objective) {
			continue
		}
		t.Status, t.Proof, t.Stationarity, t.StationarityReport = model.StatusFeasible, model.ProofFeasible, "", nil
		t.Bound, t.Gap = math.NaN(), math.NaN()
		t.Notes = append(t.Notes, "a start, answered by the followers, is better than what the method ended with")
		*r = t
		return nil
	}
	return nil
}
