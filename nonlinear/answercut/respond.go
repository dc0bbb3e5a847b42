package answercut

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
)

// respond returns the answer of follower f to the decision in x, one value a variable of the model. With the integers at whole numbers the continuous variables are computed
// once more. What violates a constraint then, or has lost more of the follower's objective than rounding may take, is no answer: beside a coefficient of 1e6 an integer that
// is off by 1e-6 makes a difference of 1. A second attempt is made at a tighter tolerance on integers. It returns nil and why where there is no answer.
func (r *run) respond(ctx context.Context, f *follower, x []float64) (z []float64, why string, err error) {
	for _, integrality := range []float64{0, tightIntegrality} { // 0: that of HiGHS
		if z, why, err = r.respondAt(ctx, f, x, integrality); z != nil || err != nil {
			break
		}
	}
	return z, why, err
}

// respondAt is respond at one tolerance on integers.
func (r *run) respondAt(ctx context.Context, f *follower, x []float64, integrality float64) (z []float64, why string, err error) {
	name := r.m.Player(f.player).Name()
	a := *f.arrays
	r.fix(&a, x)
	o, done := r.settings(ctx)
	if done {
		return nil, "", nil
	}
	o.Feasibility, o.Integrality = answerFeasibility, integrality
	began := time.Now()
	s, err := highs.Solve(ctx, &a, o, nil)
	if err == nil {
		s, err = highs.Confirm(ctx, &a, o, began, s)
	}
	if err != nil {
		return nil, "", err
	}
	switch r.count(s); {
	case s.Status == highs.Unbounded, s.Status == highs.InfeasibleOrUnbounded:
		return nil, "", &UnsupportedError{Where: "follower " + name, Reason: "its objective has no limit: give its variables bounds"}
	case s.Status != highs.Optimal || s.X == nil: // a start without an answer, or no time left
		return nil, fmt.Sprintf("HiGHS found no answer of follower %s to a decision of the relaxation (%v)", name, s.Status), nil
	}
	z = r.rounded(s.X)
	if least := s.Bound; f.mixed {
		for _, j := range f.vars {
			if r.base.Integer[j] {
				a.ColLower[j], a.ColUpper[j] = z[j], z[j]
			}
		}
		a.Integer = nil
		o, done := r.settings(ctx)
		if done {
			return nil, "", nil
		}
		if s, err = highs.Solve(ctx, &a, o, nil); err == nil && s.Status == highs.Infeasible { // an LP is solved to 1e-9
			o.Feasibility = answerFeasibility
			s, err = highs.Solve(ctx, &a, o, nil)
		}
		if err != nil {
			return nil, "", err
		}
		if r.count(s); s.Status != highs.Optimal || s.X == nil {
			return nil, fmt.Sprintf("the answer of follower %s to a decision is none with its integers rounded (%v)", name, s.Status), nil
		}
		if lost := s.Objective - least; lost > 1e-6*math.Max(1, math.Abs(least)) {
			return nil, fmt.Sprintf("the answer of follower %s to a decision loses %.2g of its objective with its integers rounded", name, lost), nil
		}
		z = r.rounded(s.X)
	}
	for i := range f.rows {
		if by := f.rows[i].violation(z); by > 0 {
			return nil, fmt.Sprintf("the answer of follower %s to a decision violates its constraints by %.2g", name, by), nil
		}
	}
	return z, "", nil
}

// answerFeasibility is the tolerance on constraints at which answers are computed.
const answerFeasibility = 1e-7

// violation is what the row is violated by at z, 0 within the tolerance of HiGHS and rounding.
func (r *halfRow) violation(z []float64) float64 {
	by, size := -r.d, math.Abs(r.d)
	for _, terms := range [][]term{r.x, r.y} {
		for _, t := range terms {
			by += t.coef * z[t.col]
			size += math.Abs(t.coef * z[t.col])
		}
	}
	if by <= 10*answerFeasibility+1e-13*size {
		return 0
	}
	return by
}
