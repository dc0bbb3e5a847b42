package diagnose

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// raySteps are the steps at which a ray is looked at.
var raySteps = []float64{1, 100, 10000}

// follow looks along a ray whether the followers' answers stay optimal, from the answer to the decision x.
func (d *diagnosis) follow(ctx context.Context, ray *Ray, x []float64) {
	if d.m.NumFollowers() == 0 {
		ray.Stays, ray.Grounds = model.Yes, "there are no followers"
		return
	}
	opt := d.opt.Verify
	opt.SkipSpread = true
	base, err := verify.BestTie(ctx, d.m, x, opt)
	if err != nil {
		if base, err = verify.Respond(ctx, d.m, x, opt); err != nil {
			ray.Grounds = "not looked at: " + err.Error()
			var answer *verify.AnswerError
			if errors.As(err, &answer) && answer.Follower != "" {
				ray.Grounds = "not looked at: follower " + answer.Follower + " " + answer.Reason
			}
			return
		}
	}
	c, err := verify.Check(ctx, d.m, base.X, opt)
	if err != nil || !c.Verified {
		ray.Grounds = "not looked at: no point that satisfies both levels is known from which to set out"
		return
	}
	ray.Base = base.X
	whole, ok := d.wholeSteps(ray.Direction)
	if !ok {
		ray.Grounds = "not looked at: no step along the ray is integer where variables are"
		return
	}
	for _, t := range raySteps {
		z := make([]float64, len(base.X))
		for j := range z {
			z[j] = base.X[j] + t*whole*ray.Direction[j]
		}
		c, err := verify.Check(ctx, d.m, z, opt)
		switch {
		case err != nil:
			ray.Stays, ray.Grounds = model.Unknown, "not decided: "+err.Error()
			return
		case c.Verified:
			continue
		case ctx.Err() != nil:
			ray.Stays, ray.Grounds = model.Unknown, "not decided: the time ran out"
			return
		}
		ray.Stays, ray.Grounds = model.No, d.whyNot(c, t*whole)
		return
	}
	ray.Stays = model.Yes
	ray.Grounds = fmt.Sprintf("checked at steps of %s, %s and %s", number(whole*raySteps[0]), number(whole*raySteps[1]), number(whole*raySteps[2]))
}

// wholeSteps is the least step, up to 1000, whose multiples move integer variables by integers.
func (d *diagnosis) wholeSteps(direction []float64) (float64, bool) {
	for k := 1.0; k <= 1000; k++ {
		whole := true
		for j, v := range direction {
			if v != 0 && d.m.VarKind(j) != model.Continuous && math.Abs(k*v-math.Round(k*v)) > 1e-7 {
				whole = false
				break
			}
		}
		if whole {
			return k, true
		}
	}
	return 0, false
}

// followFrom follows a ray from the point of the relaxation, from far out along it, where other constraints of the followers may be active, and
// from the decisions sampled, until the answers stay, or else until a point to set out from is found.
func (d *diagnosis) followFrom(ctx context.Context, ray *Ray) {
	if len(d.starts) == 0 {
		ray.Grounds = "not looked at: no decision is known from which to set out"
		return
	}
	first := d.starts[0]
	far := make([]float64, len(first))
	for j := range far {
		far[j] = first[j] + 1000*ray.Direction[j]
	}
	for k, x := range append([][]float64{first, far}, d.starts[1:]...) {
		try := *ray
		try.Stays, try.Grounds, try.Base = model.Unknown, "", nil
		d.follow(ctx, &try, x)
		if k == 0 || try.Stays == model.Yes || ray.Stays == model.Unknown && try.Stays != model.Unknown {
			*ray = try
		}
		if ctx.Err() != nil || ray.Stays == model.Yes || ray.Stays == model.No && k > 0 || d.m.NumFollowers() == 0 {
			return
		}
	}
}

// whyNot says why a point at the step t of a ray is not an answer.
func (d *diagnosis) whyNot(c *verify.Certificate, t float64) string {
	worst, at := 0.0, -1
	for k, f := range c.Followers {
		if f.Gap > c.Tolerance && (at < 0 || f.Gap > worst) {
			worst, at = f.Gap, k
		}
	}
	if at >= 0 {
		f := c.Followers[at]
		return fmt.Sprintf("at a step of %s follower %s has a better answer, %s instead of %s", number(t), f.Name, number(f.BestResponse), number(f.Objective))
	}
	for _, f := range c.Followers {
		if f.Status == model.StatusUnbounded || f.Status == model.StatusInfeasible {
			return fmt.Sprintf("at a step of %s follower %s has no answer: its problem is %v", number(t), f.Name, f.Status)
		}
	}
	if len(c.Reasons) > 0 {
		return fmt.Sprintf("at a step of %s: %s", number(t), c.Reasons[0])
	}
	return fmt.Sprintf("not at a step of %s", number(t))
}

// answerRay looks for a ray along which the followers' answers stay optimal: an answer of the bilevel problem of directions, in which every
// finite bound and right-hand side is 0 and the leader's gain at most 1. It is nil where there is none, or where the objectives are not linear.
func (d *diagnosis) answerRay(ctx context.Context, r *relaxation) *Ray {
	if !r.linear || d.opt.Solve == nil || len(r.omitted) > 0 || len(d.m.DualVars()) > 0 {
		return nil
	}
	for p := 1; p < d.m.NumPlayers(); p++ {
		if !d.m.Player(p).Objective().F.IsAffine() {
			return nil
		}
	}
	h := d.m.Derive()
	zero := func(lo, hi float64) (float64, float64) {
		if finite(lo) {
			lo = 0
		}
		if finite(hi) {
			hi = 0
		}
		return lo, hi
	}
	for j := range h.NumVars() {
		h.SetVarKind(j, model.Continuous)
		h.SetStart(j, math.NaN())
		lo, hi := zero(d.m.VarBounds(j))
		h.SetVarBounds(j, lo, hi)
	}
	for i := range h.NumRows() {
		lo, hi := zero(d.m.RowBounds(i))
		h.SetRowBounds(i, lo, hi)
	}
	o := h.Leader().Objective()
	o.F.Const = 0
	h.Leader().SetObjective(o)
	lo, hi := math.Inf(-1), 1.0
	if o.Sense == model.Minimize {
		lo, hi = -1, math.Inf(1)
	}
	h.AddRow(0, h.FreshBase("gain"), o.F, lo, hi)
	out, err := d.opt.Solve(ctx, h)
	if err != nil || out == nil || out.X == nil || out.Proof < model.ProofFeasible || out.Proof > model.ProofGlobal {
		return nil
	}
	direction := normalised(append([]float64(nil), out.X[:d.m.NumVars()]...))
	if direction == nil || r.rate(direction)*o.Sense.Sign() > -1e-9 {
		return nil
	}
	return d.newRay(r, 0, direction)
}

func (d *diagnosis) newRay(r *relaxation, player int, direction []float64) *Ray {
	return &Ray{Player: player, Direction: direction, Entries: entries(d.m, direction, nonzeros(direction)), Rate: r.rate(direction)}
}
