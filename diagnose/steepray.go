package diagnose

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

const (
	// steepNear and steepFar are the steps of a leader's variable whose answers give a direction.
	steepNear, steepFar = 1e3, 1e4
	// steepTries bounds the number of the leader's variables that are moved.
	steepTries = 20
	// steepGain is what of proportion a gain has to keep from one step to the next, a hundred times as long, so as not to be one that fades.
	steepGain = 0.5
)

// steepRay looks for a ray where functions are not linear, by trying: a variable of the leader that lacks a bound is moved far and farther, the followers answer, and
// the straight line through the two points is the direction. The ray counts where the followers' answers stay optimal and all constraints hold at the steps of
// raySteps from the first point, and the objective gains from step to step at least in proportion to half of the way. It returns nil where none does.
func (d *diagnosis) steepRay(ctx context.Context) *Ray {
	if !d.m.Leader().Objective().Set {
		return nil
	}
	var from []float64
	if d.problem != nil && d.problem.X != nil && largest(d.problem.X) < steepNear {
		from = d.problem.X
	} else if len(d.starts) > 0 {
		from = d.starts[0]
	} else {
		from, _ = d.m.StartPoint()
	}
	tried := 0
	for j := range d.m.NumVars() {
		if d.m.VarOwner(j) != 0 || ctx.Err() != nil || tried == steepTries {
			continue
		}
		lo, hi := d.m.VarBounds(j)
		for _, side := range []struct {
			open bool
			sign float64
		}{{math.IsInf(hi, 1), 1}, {math.IsInf(lo, -1), -1}} {
			if !side.open {
				continue
			}
			tried++
			if ray := d.steepAlong(ctx, from, j, side.sign); ray != nil {
				return ray
			}
		}
	}
	return nil
}

// steepAlong tries the direction of variable j.
func (d *diagnosis) steepAlong(ctx context.Context, from []float64, j int, sign float64) *Ray {
	near, far := d.answered(ctx, from, j, sign*steepNear), d.answered(ctx, from, j, sign*steepFar)
	if near == nil || far == nil {
		return nil
	}
	direction := make([]float64, len(near))
	for k := range direction {
		direction[k] = math.Round((far[k]-near[k])/(steepFar-steepNear)*1e9) / 1e9 // what the solver of the followers rounds
	}
	if direction = normalised(direction); direction == nil {
		return nil
	}
	opt := d.opt.Verify
	opt.SkipSpread = true
	objective := d.m.Leader().Objective()
	value := d.m.ObjectiveValue(0, near)
	last, length := 0.0, 0.0
	for _, t := range raySteps {
		z := make([]float64, len(near))
		for k := range z {
			z[k] = near[k] + t*direction[k]
		}
		c, err := verify.Check(ctx, d.m, z, opt)
		if err != nil || !c.Verified {
			return nil
		}
		gain := objective.Sense.Sign() * (value - c.Objective)
		if !(gain > 1e-6*math.Max(1, math.Abs(value))) || math.IsInf(gain, 1) || length > 0 && gain < steepGain*last*t/length {
			return nil
		}
		last, length = gain, t
	}
	return &Ray{Direction: direction, Entries: entries(d.m, direction, nonzeros(direction)), Rate: -objective.Sense.Sign() * last / length, Stays: model.Yes, Base: near, Sampled: true,
		Grounds: fmt.Sprintf("checked at steps of %s, %s and %s, at which the objective gained at least in proportion; that is no proof of what lies farther out", number(raySteps[0]), number(raySteps[1]), number(raySteps[2]))}
}

// answered is the point with variable j moved by a step and the followers' answers to it, nil where they have none or the point violates a constraint.
func (d *diagnosis) answered(ctx context.Context, from []float64, j int, step float64) []float64 {
	x := append([]float64(nil), from...)
	x[j] += step
	opt := d.opt.Verify
	opt.SkipSpread = true
	if d.m.NumFollowers() > 0 {
		p, err := verify.Respond(ctx, d.m, x, opt)
		if err != nil {
			return nil
		}
		x = p.X
	}
	if c, err := verify.Check(ctx, d.m, x, opt); err != nil || !c.Verified {
		return nil
	}
	return x
}

func largest(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		most = math.Max(most, math.Abs(v))
	}
	return most
}
