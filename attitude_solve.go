package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// tiePass is the pass for the attitude asked for.
func (s *solver) tiePass() reform.Pessimistic {
	strong, weak := s.opt.Attitude.parts(s.m)
	return reform.Pessimistic{Strong: strong, Weak: weak, Level: s.level}
}

// tieValue is the value of a decision, as measured.
type tieValue struct {
	value       float64 // in the leader's sense; NaN where it could not be found
	best, worst float64 // of the leader's objective, or of the sum of a strong and a weak one
	point       *model.Point
	holds       bool // the leader's constraints hold for all answers
	why         string
}

// breakTies measures the decision in x.
func (s *solver) breakTies(ctx context.Context, x []float64) (*tieValue, error) {
	a := s.opt.Attitude
	o := s.verifyOptions()
	f := s.m.Leader().Objective().F
	if a.kind == strongWeak {
		acc := s.m.Accumulator()
		acc.AddFunction(1, a.strong)
		acc.AddFunction(1, a.weak)
		f = acc.Function()
	}
	t, err := verify.BreakTies(ctx, s.m, x, f, o)
	var none *verify.AnswerError
	if errors.As(err, &none) {
		return &tieValue{value: math.NaN(), why: err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	v := &tieValue{best: t.Best, worst: t.Worst, point: t.AtWorst, holds: t.Violation <= o.Tolerance, value: a.weighted(t.Best, t.Worst)}
	if a.kind == strongWeak {
		strong, err := verify.BreakTies(ctx, s.m, x, a.strong, o)
		if err != nil {
			return nil, err
		}
		weak, err := verify.BreakTies(ctx, s.m, x, a.weak, o)
		if err != nil {
			return nil, err
		}
		v.value, v.point = strong.Best+weak.Worst, weak.AtWorst
	}
	switch {
	case !v.holds:
		v.why = fmt.Sprintf("an optimal answer of the followers violates the leader's constraint %s by %s, relative to its terms", t.Violated, format(t.Violation))
	case v.point == nil:
		v.why = "the leader's objective has no limit over the followers' optimal answers"
	}
	return v, nil
}

// accept reports whether the value is verified and no worse than expected but for the tolerances.
func (s *solver) accept(v *tieValue, expected float64) bool {
	sign := s.m.Leader().Objective().Sense.Sign()
	return v.point != nil && v.holds && !math.IsNaN(v.value) && !math.IsInf(v.value, 0) &&
		sign*(v.value-expected) <= tieTolerance*math.Max(1, math.Abs(expected))
}

// breaksTies reports whether the solve is one of followers that do not break ties for the leader.
func (s *solver) breaksTies() bool { return !s.opt.Attitude.IsOptimistic() && s.m.NumFollowers() > 0 }

// setAttitude checks the attitude. The pass pessimistic asks for that attitude where none is given.
func (s *solver) setAttitude() error {
	o := &s.opt
	if o.Attitude.IsOptimistic() && contains(strings.Split(o.Reform, "+"), "pessimistic") {
		o.Attitude = Pessimistic
	}
	if o.Attitude.kind == strongWeak && s.m.NumFollowers() == 0 {
		return &OptionError{"attitude", "strong and weak objectives need a follower"}
	}
	return o.Attitude.check(s.m)
}

// tieChain is the list of passes for an attitude that is not optimistic.
func (s *solver) tieChain(named []string) ([]string, error) {
	out := []string{"pessimistic"}
	for _, n := range named {
		switch {
		case n == "pessimistic":
		case needsNoFollowers(n) || n == "normalise":
			out = append(out, n)
		default:
			return nil, &OptionError{"reform", fmt.Sprintf("%s is for the optimistic attitude; where ties are broken otherwise the followers are replaced by pessimistic, and after it may stand %s", n,
				"normalise, probe, big-m, sos1, indicator, binaries")}
		}
	}
	return out, nil
}

// fallBackOnTies gives a result without a point the decision that the search started from, if it can be measured.
func (s *solver) fallBackOnTies(ctx context.Context, r *Result) error {
	x, _ := s.m.StartPoint()
	if s.opt.Start != nil {
		x = s.opt.Start.X
	}
	if len(x) != s.m.NumVars() {
		return nil
	}
	v, err := s.breakTies(ctx, x)
	if err != nil {
		return ignoreStop(err)
	}
	if !s.accept(v, v.value) {
		return nil
	}
	c, err := verify.Check(ctx, s.m, v.point.X, s.verifyOptions())
	if err != nil || !c.Verified {
		return err
	}
	r.Point, r.Certificate, r.Objective, r.Optimistic, r.Pessimistic = v.point, c, v.value, v.best, v.worst
	r.Status, r.Proof, r.Bound, r.Gap = model.StatusFeasible, model.ProofFeasible, math.NaN(), math.NaN()
	r.Attainment = AttainmentUnknown
	r.Notes = append(r.Notes, "the search found no point: this is the one that it started from")
	return nil
}

// worstAnswered is a start for the search: the leader's decision in x with the pattern of the followers' worst answers.
func (s *solver) worstAnswered(ctx context.Context, a *attempt, x []float64) *model.Point {
	if a.backend != "branch" {
		return nil
	}
	v, err := s.breakTies(ctx, x)
	if err != nil || v.point == nil {
		return nil
	}
	p, err := a.chain.Lift(v.point)
	if err != nil {
		return nil
	}
	return p
}
