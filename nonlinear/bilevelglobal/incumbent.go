package bilevelglobal

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// costOf is the leader's objective at a point in minimisation form.
func (s *search) costOf(x []float64) float64 { return s.p.sign * s.p.m.ObjectiveValue(0, x[:s.p.n]) }

// check takes a point as the incumbent if it is better than the one there is and is verified in the model.
func (s *search) check(ctx context.Context, x []float64) bool {
	x = append([]float64(nil), x[:s.p.n]...)
	for j := range x {
		if s.p.m.VarKind(j) != model.Continuous {
			x[j] = math.Round(x[j])
		}
		x[j] = math.Min(math.Max(x[j], s.p.lower[j]), s.p.upper[j])
		if math.IsNaN(x[j]) || math.IsInf(x[j], 0) {
			return false
		}
	}
	c := s.costOf(x)
	least := 0.05 * s.opt.Gap // what is worth the check
	if s.polishing {
		least = 1e-9
	}
	if !(c < s.cost-least*math.Max(1, math.Abs(s.cost))) && !math.IsInf(s.cost, 1) || math.IsNaN(c) {
		return false
	}
	if s.violation(x) > 10*s.opt.Verify.Tolerance {
		return false
	}
	for _, t := range s.tried {
		if distance(t, x) < 1e-9 {
			return false
		}
	}
	s.tried = append(s.tried, x)
	s.stats.Checks++
	cert, err := verify.Check(ctx, s.p.m, x, s.quick())
	if err == nil && !cert.Verified && unanswered(cert) { // searches do not solve some followers, for instance nonlinear ones with integers
		cert, err = verify.Check(ctx, s.p.m, x, s.thorough())
	}
	if err != nil || !cert.Verified {
		return false
	}
	n := incumbent{x, c, cert}
	switch {
	case s.regret(cert) > cleanPart*s.opt.Verify.Tolerance && s.stats.Nodes < cleanBoxes:
		if c < s.reserve.cost {
			s.reserve = n
		}
		return false
	case s.gathering:
		s.gathered = append(s.gathered, n)
		return true
	}
	return s.prove(ctx, n)
}

// prove makes a point the incumbent if no follower is proven to have a better answer. Whether the answers are proven optimal stands in the certificate.
func (s *search) prove(ctx context.Context, n incumbent) bool {
	if n.cert.Evidence < verify.EvidenceConditions {
		s.stats.Checks++
		cert, err := verify.Check(ctx, s.p.m, n.x, s.thorough())
		if err != nil || !cert.Verified {
			return false
		}
		n.cert = cert
	}
	s.accept(n)
	return true
}

// takeReserve makes the point that was held back the incumbent where there is no other.
func (s *search) takeReserve(ctx context.Context) {
	if s.best != nil || s.reserve.x == nil {
		return
	}
	if n := s.reserve; !s.prove(ctx, n) && ctx.Err() != nil {
		s.accept(n)
	}
	s.reserve = incumbent{cost: math.Inf(1)}
}

// A point whose followers could do better by more than cleanPart of the tolerance lives on it: where a follower is nearly indifferent, that little may
// buy the leader much. Such points are held back until cleanBoxes boxes have been looked at without another one.
const (
	cleanPart  = 0.05
	cleanBoxes = 300
)

// incumbent is a verified point.
type incumbent struct {
	x    []float64
	cost float64
	cert *verify.Certificate
}

// regret is the largest amount by which the best answer found to a point is better than a follower's part of it, relative to the objective.
func (s *search) regret(cert *verify.Certificate) float64 {
	worst := 0.0
	for k, f := range cert.Followers {
		sign := s.p.m.Player(k + 1).Objective().Sense.Sign()
		if d := sign * (f.Objective - f.BestResponse) / math.Max(1, math.Abs(f.Objective)); d > worst {
			worst = d
		}
	}
	return worst
}

// accept makes a point the incumbent.
func (s *search) accept(n incumbent) {
	s.best, s.cost, s.cert = n.x, n.cost, n.cert
	for _, f := range s.p.followers {
		f.addSeed(n.x)
	}
	s.tell(true)
}

// checkTime bounds the proof that the followers' answer at one point is optimal.
const checkTime = 5 * time.Second

// quick are settings of checks and answers that search only: what they find worth the while is checked again with intervals.
func (s *search) quick() verify.Options {
	o := s.opt.Verify
	o.Boxes, o.SkipSpread = -1, true
	if o.Starts == 0 {
		o.Starts = 8
	}
	return o
}

// thorough are settings of checks with intervals.
func (s *search) thorough() verify.Options {
	o := s.opt.Verify
	o.SkipSpread = true
	o.TimeLimit = checkTime
	return o
}

// unanswered reports whether a follower was not solved again.
func unanswered(cert *verify.Certificate) bool {
	return slices.ContainsFunc(cert.Followers, func(f verify.FollowerCheck) bool { return math.IsNaN(f.BestResponse) })
}

func distance(a, b []float64) float64 {
	d := 0.0
	for j := range a {
		d = math.Max(d, math.Abs(a[j]-b[j])/math.Max(1, math.Abs(a[j])))
	}
	return d
}

// violation is the largest violation of a constraint of either level, relative to the size of its value and sides.
func (s *search) violation(x []float64) float64 {
	m, worst := s.p.m, 0.0
	for r := 0; r < m.NumRows(); r++ {
		v := m.RowViolation(r, x)
		if math.IsNaN(v) {
			return math.Inf(1)
		}
		worst = math.Max(worst, v/math.Max(1, math.Abs(m.RowValue(r, x))))
	}
	for k := 0; k < m.NumPairs(); k++ {
		worst = math.Max(worst, m.PairViolation(k, x))
	}
	return worst
}
