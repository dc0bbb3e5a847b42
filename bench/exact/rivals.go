package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/bench/program"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// rivals are the alternatives, in the order in which they are run.
var rivals = []string{"highs", "cbc", "direct"}

// chosenRivals reads the flag; none stands for no alternative.
func chosenRivals(text string) ([]string, error) {
	if text == "none" {
		return nil, nil
	}
	names := strings.Split(text, ",")
	for _, n := range names {
		if !slices.Contains(rivals, n) {
			return nil, fmt.Errorf("there is no alternative %q; choose from %s, or none", n, strings.Join(rivals, ", "))
		}
	}
	for _, name := range names {
		p := program.HiGHS
		if name == "cbc" {
			p = program.CBC
		}
		if !p.Installed() {
			return nil, fmt.Errorf("%s: the program %s is not installed; install it (Debian: highs, coinor-cbc), or name others with -rivals", name, p.Name)
		}
	}
	return names, nil
}

// conditions is the chain to the optimality conditions without any of the tightening that the library's own plans do.
func conditions(ctx context.Context, m *model.Model) (*reform.Chain, error) {
	c := reform.NewChain(m)
	if (reform.PriceProduct{}).Accepts(m) == nil {
		if err := c.Apply(ctx, reform.PriceProduct{}); err != nil {
			return nil, err
		}
	}
	return c, c.Apply(ctx, reform.KKT{})
}

// guessed sets a bound on all multipliers, then applies big-M, which takes the bounds of slacks from the declared bounds of variables and else
// the given one.
type guessed struct {
	reform.BigM
	dual float64
}

func (g guessed) Apply(ctx context.Context, m *model.Model) (*reform.Result, error) {
	d := m.Derive()
	for k := range d.NumPairs() {
		d.SteerPair(k, model.Steer{DualBound: g.dual})
	}
	return g.BigM.Apply(ctx, d)
}

// rivalRun is what an alternative needs.
type rivalRun struct {
	instance
	m     *model.Model
	limit time.Duration
	// right reports whether an answer agrees with what is known; big-M is enlarged until it does.
	right func(o outcome) bool
}

// solve runs one alternative. ok is false where the instance has no such program.
func (r rivalRun) solve(ctx context.Context, who string) (o outcome, ok bool, err error) {
	switch who {
	case "direct":
		if r.direct == nil {
			return o, false, nil
		}
		o, err = r.one(ctx, who, program.HiGHS, r.direct(r.size, r.seed), nil)
	case "cbc":
		o, err = r.sets(ctx)
	default:
		o, err = r.bounds(ctx)
	}
	return o, err == nil, err
}

// sets runs CBC on SOS1 sets, and where it fails or is wrong once more without its presolve, as if that had been known.
func (r rivalRun) sets(ctx context.Context) (o outcome, err error) {
	c, err := conditions(ctx, r.m)
	if err == nil {
		err = c.Apply(ctx, reform.SOS1{})
	}
	if err != nil {
		return o, err
	}
	o, err = r.one(ctx, "cbc", program.CBC, c.Model(), c)
	if err != nil || o.claim == stopped || o.claim != failed && r.right(o) {
		return o, err
	}
	if o, err = r.one(ctx, "cbc", program.CBCPlain, c.Model(), c); err == nil {
		o.note = strings.TrimPrefix(o.note+", without presolve", ", ")
	}
	return o, err
}

// bounds runs HiGHS with the first big-M whose answer is right, or the last one: each run has the whole limit, and the time of the one that was right
// counts, as if it had been known.
func (r rivalRun) bounds(ctx context.Context) (o outcome, err error) {
	base, err := conditions(ctx, r.m)
	if err != nil {
		return o, err
	}
	for _, b := range r.bigMs(r.size, r.seed) {
		c := base.Cut(base.Len())
		if err := c.Apply(ctx, guessed{reform.BigM{Given: b.primal}, b.dual}); err != nil {
			return o, err
		}
		if o, err = r.one(ctx, "highs", program.HiGHS, c.Model(), c); err != nil {
			return o, err
		}
		o.note = strings.TrimPrefix(fmt.Sprintf("%s, M %g for multipliers, %g for slacks without bounds", o.note, b.dual, b.primal), ", ")
		if r.right(o) || o.claim == stopped {
			break
		}
	}
	return o, nil
}

// one runs a program and measures its point in the bilevel model. Without a chain the model's first variables are the leader's.
func (r rivalRun) one(ctx context.Context, who string, p program.Program, m *model.Model, c *reform.Chain) (outcome, error) {
	a, err := p.Solve(ctx, m, program.Options{Limit: r.limit, Gap: tolerance})
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w", who, err)
	}
	o := outcome{who: who, value: a.Value, bound: a.Bound, measured: math.NaN(), seconds: a.Seconds}
	switch a.Status {
	case program.Optimal:
		o.claim = optimal
	case program.Infeasible:
		o.claim = infeasible
	case program.Stopped:
		o.claim, o.seconds = stopped, r.limit.Seconds()
		if a.Killed {
			o.note = "killed"
		}
	default:
		o.claim, o.note = failed, a.Status.String()
	}
	if a.X == nil {
		return o, nil
	}
	err = r.measure(ctx, &o, a.X, c)
	return o, err
}

// measure checks the point as it is and its leader's decision with the followers solved again.
func (r rivalRun) measure(ctx context.Context, o *outcome, x []float64, c *reform.Chain) error {
	b, err := backends.Open("highs")
	if err != nil {
		return err
	}
	opt := verify.Options{Backend: b, SkipSpread: true, TimeLimit: time.Minute}
	full := make([]float64, r.m.NumVars())
	copy(full, x)
	if c != nil {
		p, err := c.Recover(&model.Point{X: x})
		if err != nil {
			return err
		}
		full = p.X
		cert, err := verify.Check(ctx, r.m, full, opt)
		if err != nil {
			return err
		}
		o.verified = cert.Verified
		if cert.Verified {
			o.measured = cert.Objective
		}
	}
	_, cert, err := verify.CheckLeader(ctx, r.m, full, opt)
	var none *verify.AnswerError
	switch {
	case errors.As(err, &none):
		return nil
	case err != nil:
		return err
	}
	better := math.IsNaN(o.measured) || (cert.Objective-o.measured)*r.m.Leader().Objective().Sense.Sign() < 0
	if cert.Verified && better {
		o.measured = cert.Objective
	}
	return nil
}
