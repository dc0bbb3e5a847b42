package firstorder

import (
	"context"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

const (
	// penaltyRatio is c: β grows where step β <= c min(1, β t).
	penaltyRatio = 1
	// mostBeta is where β stays.
	mostBeta = 1e7
	// backendSize is the number of variables from which subproblems that are quadratic programs go to the backend: below, the smooth solver is as fast, and
	// its answers are accurate to rounding where those of the backend are to some 1e-4.
	backendSize = 200
)

// dca runs the algorithm for differences of convex functions.
func (r *run) dca(ctx context.Context, start []float64) error {
	if ok, why := r.p.JointlyConvex(); !ok {
		return &response.NotForError{Where: r.p.Model.Player(1).Name(), Reason: "the follower is not known to be convex in its own and the leader's variables together (" + strings.Join(why, "; ") + "), so that its value function need not be convex", Remedy: "use implicit, or kkt"}
	}
	z, err := r.jointPoint(ctx, start)
	if err != nil || z == nil {
		return err
	}
	r.size = 1
	beta, rho := r.opt.Lambda, r.opt.Rho
	for k := 1; k <= r.opt.MaxIterations; k++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.result.Iterations = k
		a, err := r.exact(ctx, z)
		if err != nil || a == nil {
			return err
		}
		excess := math.Max(0, r.p.Inner.Objective(z)-a.Value-r.opt.Epsilon)
		next, err := r.subproblem(ctx, z, a, beta, rho+r.concavity(z))
		if err != nil {
			return err
		}
		if next == nil {
			r.result.Message = "a subproblem was not solved"
			return nil
		}
		step, length := 0.0, 1.0
		for j := range z {
			step = math.Hypot(step, next[j]-z[j])
			length = math.Hypot(length, next[j])
		}
		objective := r.p.Outer.Objective(z)
		if !r.tell(Event{Objective: objective, Gap: excess + r.opt.Epsilon, Residual: step / length, Lambda: beta, Merit: objective + beta*excess}) || objective < -1e15 {
			return nil
		}
		z = next
		if step/length <= r.opt.Tolerance {
			a, err := r.exact(ctx, z)
			if err != nil || a == nil {
				return err
			}
			r.result.Gap = r.p.Inner.Objective(z) - a.Value
			if r.result.Gap-r.opt.Epsilon <= r.opt.Gap*math.Max(1, math.Abs(a.Value)) {
				if v := r.p.Outer.Objective(z); r.p.Outer.Objective(a.X) <= v+1e-4*math.Max(1, math.Abs(v)) {
					r.settle(a) // the exact answer is not another one than that of the step, where the follower has several
				}
				return nil
			}
			excess = r.result.Gap - r.opt.Epsilon
		}
		if step*beta <= penaltyRatio*math.Min(1, beta*excess) && beta < mostBeta {
			beta = math.Min(math.Max(beta+r.opt.Delta, 1.5*beta), mostBeta)
		}
	}
	_, err = r.exact(ctx, z)
	return err
}

// jointPoint is the point next to start at which the constraints of both levels hold; nil, with the reason in the result, where none is found.
func (r *run) jointPoint(ctx context.Context, start []float64) ([]float64, error) {
	x, err := r.minimise(ctx, r.p.ProjectionModel(start), start)
	if x == nil && err == nil {
		r.result.Status, r.result.Message = model.StatusInfeasible, "no point was found at which the constraints of both levels hold"
	}
	return x, err
}

// subproblem is the convex problem at an iterate.
func (r *run) subproblem(ctx context.Context, z []float64, a *response.Answer, beta, rho float64) ([]float64, error) {
	d := r.p.Model.HighPoint()
	t := d.AddVars(0, d.FreshBase("excess"), nil, 1, model.Continuous, 0, model.Inf)
	acc := d.Accumulator()
	acc.AddFunction(1, r.p.InnerFunction(d))
	level := a.Value + r.opt.Epsilon
	for _, j := range r.p.LeaderOwn {
		acc.AddTerm(-a.Slope[j], j)
		level -= a.Slope[j] * z[j]
	}
	acc.AddTerm(-1, t)
	d.AddRow(0, d.FreshBase("value"), acc.Function(), -model.Inf, level)
	o := r.p.Model.Leader().Objective()
	acc.Reset()
	acc.AddFunction(o.Sense.Sign(), o.F)
	acc.AddTerm(beta, t)
	for j, v := range z {
		acc.AddProduct(0.5*rho, j, j)
		acc.AddTerm(-rho*v, j)
	}
	d.Leader().SetObjective(model.Objective{Name: "step", Set: true, F: acc.Function()})
	start := append(append([]float64(nil), z...), math.Max(0, r.p.Inner.Objective(z)-a.Value-r.opt.Epsilon))
	x, err := r.minimise(ctx, d, start)
	if x == nil {
		return nil, err
	}
	return x[:len(z)], nil
}

// minimise solves a model without followers; nil where there is no answer.
func (r *run) minimise(ctx context.Context, d *model.Model, start []float64) ([]float64, error) {
	if b := r.opt.Backend; b != nil && d.NumVars() >= backendSize && d.Constructs().Without(b.Capabilities().Takes) == 0 {
		res, err := b.Solve(ctx, d, backends.Options{}, nil)
		if err != nil {
			return nil, err
		}
		if res.Point != nil && res.Status == model.StatusOptimal {
			return res.Point.X, nil
		}
	}
	c, err := smooth.Compile(d)
	if err != nil {
		return nil, err
	}
	a, err := r.opt.Smooth.Solve(ctx, c, smooth.Start{X: append([]float64(nil), start...)}, smooth.Options{MaxIterations: 1000, Tolerance: 1e-9})
	if err != nil {
		return nil, err
	}
	if !a.Solved() && a.Violation > 1e-6 {
		return nil, ctx.Err()
	}
	return a.X, nil
}

// concavity is the weight of the proximal term that makes the leader's objective convex at an iterate, 0 where it is known to be convex.
func (r *run) concavity(z []float64) float64 {
	o := r.p.Model.Leader().Objective()
	if o.F.IsQuadratic() && r.p.Model.Definiteness(o.F.Quad, nil, o.Sense.Sign()) == model.PSD {
		return 0
	}
	if c := r.p.Model.HighPoint().Classify().Leader; c.Convex == model.Yes {
		return 0
	}
	return curvature(r.p.Outer, z)
}
