package valuefunction

import (
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/verify"
)

// repairs is the number of different decisions x, of runs that ended at no zero, that are completed by the follower's answers.
const repairs = 20

// checks is the state of the checks of all runs.
type checks struct {
	p    *Problem
	opt  Options
	sign float64 // of the leader's sense
	best float64 // of the verified candidates, in minimisation form
	done []*Run
}

// all checks the runs, zeros first, the best objective before the worse, and then the others, the least residual before the larger.
func (c *checks) all(ctx context.Context, runs []*Run) error {
	order := slices.Clone(runs)
	slices.SortStableFunc(order, func(a, b *Run) int {
		key := func(r *Run) (float64, float64) {
			if r.Solved() {
				return 0, c.sign * r.Objective
			}
			return 1, r.Norm
		}
		ga, va := key(a)
		gb, vb := key(b)
		switch {
		case ga != gb:
			return int(ga - gb)
		case va < vb:
			return -1
		case va > vb:
			return 1
		}
		return 0
	})
	repaired := 0
	for _, r := range order {
		r.Candidate, r.Of, r.Value = r.X, FromZero, r.Objective
		if ctx.Err() == nil && finite(r.X) && finite(r.Z) && !(r.Solved() && c.worse(r.Objective)) {
			if same := c.same(r); same != nil {
				r.Candidate, r.Of, r.Value, r.Certificate = same.Candidate, same.Of, same.Value, same.Certificate
			} else if r.Solved() || repaired < repairs {
				if !r.Solved() {
					repaired++
				}
				if err := c.check(ctx, r); err != nil {
					return err
				}
				c.done = append(c.done, r)
			}
		}
		if c.opt.Progress != nil {
			c.opt.Progress(*r)
		}
	}
	return nil
}

// same is a run with the same point whose candidate is known, nil where there is none. One that was begun again counts no more: its point has moved.
func (c *checks) same(r *Run) *Run {
	for _, d := range c.done {
		if d.Of != FromRestart && distance(d.X, r.X) <= 1e-8 {
			return d
		}
	}
	return nil
}

// worse reports whether an objective is worse than that of a verified candidate.
func (c *checks) worse(value float64) bool {
	return c.sign*value > c.best+1e-9*math.Max(1, math.Abs(c.best))
}

// better reports whether an objective is better than another one by more than rounding.
func (c *checks) better(a, b float64) bool {
	return c.sign*(a-b) < -1e-9*math.Max(1, math.Abs(b))
}

// check certifies the point of a run and, where that is no answer of the follower, what can be made of it: the best verified point
// becomes the run's candidate.
func (c *checks) check(ctx context.Context, r *Run) error {
	if err := c.take(ctx, r, r.X, FromZero); err != nil || r.Verified() {
		return err
	}
	if distance(r.X, r.Z) > 1e-7 {
		if err := c.take(ctx, r, r.Z, FromFollower); err != nil {
			return err
		}
	}
	if p, err := verify.BestTie(ctx, c.p.m, r.X, c.opt.Verify); err == nil {
		if err := c.take(ctx, r, p.X, FromAnswer); err != nil {
			return err
		}
	}
	return c.restart(ctx, r)
}

// restart runs the system again from the follower's answer at the run's decision, and once more from there, Options.Restarts times, until
// a zero is verified. The run is then the one that led there.
func (c *checks) restart(ctx context.Context, r *Run) error {
	at := r.X
	for range max(0, c.opt.Restarts) {
		a, err := verify.Respond(ctx, c.p.m, at, c.opt.Verify)
		if err != nil || ctx.Err() != nil {
			return nil // the follower has no answer there, or none with multipliers
		}
		t := c.p.run(ctx, Start{X: a.X, Answer: a}, r.Lambda, c.opt)
		r.Iterations += t.Iterations
		r.Seconds += t.Seconds
		if !t.Solved() || !finite(t.X) {
			return nil
		}
		before := r.Certificate
		if err := c.take(ctx, r, t.X, FromRestart); err != nil {
			return err
		}
		if r.Certificate != before {
			r.Outcome, r.Residual, r.Norm, r.Message, r.Lambda = t.Outcome, t.Residual, t.Norm, t.Message, t.Lambda
			r.X, r.Z, r.Objective, r.Gap = t.X, t.Z, t.Objective, t.Gap
			return nil
		}
		at = t.X
	}
	return nil
}

// A first look at a point of a follower that is not known to be convex: few searches and boxes refute most points that are no answer.
const (
	lookStarts = 4
	lookBoxes  = 500
)

// certify checks x, first by a quick look where the options leave the effort to us.
func (c *checks) certify(ctx context.Context, x []float64) (*verify.Certificate, error) {
	o := c.opt.Verify
	o.SkipSpread = true
	if o.Starts == 0 && o.Boxes == 0 {
		quick := o
		quick.Starts, quick.Boxes = lookStarts, lookBoxes
		cert, err := verify.Check(ctx, c.p.m, x, quick)
		if err != nil || !cert.Verified || cert.Evidence == verify.EvidenceProof {
			return cert, err
		}
	}
	return verify.Check(ctx, c.p.m, x, o)
}

// take certifies x, unless it is worse than what is verified, and makes it the candidate of the run where it is the first point or a verified one.
func (c *checks) take(ctx context.Context, r *Run, x []float64, of Origin) error {
	value := c.p.Objective(x)
	if of != FromZero && (r.Verified() && !c.better(value, r.Value) || c.worse(value)) || ctx.Err() != nil {
		return nil
	}
	cert, err := c.certify(ctx, x)
	if err != nil {
		return err
	}
	if of == FromZero || cert.Verified {
		r.Candidate, r.Of, r.Value, r.Certificate = x, of, value, cert
	}
	if cert.Verified {
		c.best = math.Min(c.best, c.sign*value)
	}
	return nil
}

func finite(x []float64) bool {
	return !slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// distance is the largest difference of two points, relative to their size.
func distance(x, y []float64) float64 {
	d := 0.0
	for j, v := range x {
		d = max(d, math.Abs(v-y[j])/math.Max(1, math.Abs(v)))
	}
	return d
}
