package highs

import (
	"context"
	"maps"
	"math"
	"time"
)

// A claim about a MILP is looked at again for at most confirmTime or, of larger ones, a fourth of the time that it took.
const confirmTime = 500 * time.Millisecond

// Confirm doubts what the solver says of a MILP: version 1.10 ends about one in a thousand of our small random MILPs with a wrong optimum, or
// without a point where there is one, and shows nothing of it. The problem is solved a second time on another way (another seed, with
// presolve where it was off) that has less to do: of an optimum, whether there is a better point,
//
//	Cost'x <= z - δ,  δ = 2 max(absolute gap, relative gap |z|, 1e-5 max(1, |z|)),
//
// of a problem without points, whether there is any. A point that turns up, better by δ/2 at least, takes the place of the claim, and is doubted in turn. A second
// way that comes to no end within its time, which is part of the limit that counts from began, leaves the claim as it is.
func Confirm(ctx context.Context, a *Arrays, opt SolveOptions, began time.Time, s *Solution) (*Solution, error) {
	if !a.IsMIP() || opt.HasCutoff {
		return s, nil
	}
	sign := 1.0
	if a.Maximize {
		sign = -1
	}
	spent := time.Duration(s.Seconds * float64(time.Second))
	for round := 1; round <= 3 && ctx.Err() == nil; round++ {
		o := opt
		o.Log, o.Start = nil, nil
		o.Seed = opt.Seed + round
		o.SolverOption = maps.Clone(opt.SolverOption)
		if _, set := o.SolverOption["presolve"]; !set && a.NumCols() < presolveFrom {
			if o.SolverOption == nil {
				o.SolverOption = map[string]string{}
			}
			o.SolverOption["presolve"] = "on"
		}
		delta := 0.0
		o.TimeLimit = max(confirmTime, spent/4)
		if opt.TimeLimit > 0 {
			if o.TimeLimit = min(o.TimeLimit, opt.TimeLimit-time.Since(began)); o.TimeLimit <= 0 {
				return s, nil
			}
		}
		switch {
		case s.Status == Optimal && s.Accurate:
			o.HasCutoff = true
			delta = 2 * max(orDefault(opt.AbsoluteGap, 1e-6), orDefault(opt.Gap, 1e-4)*math.Abs(s.Objective), 1e-5*max(1, math.Abs(s.Objective)))
			o.Cutoff = s.Objective - sign*delta
		case s.Status != Infeasible:
			return s, nil
		}
		other, err := solve(ctx, a, o, nil)
		if err != nil {
			return nil, err
		}
		if other.X == nil || !other.Feasible || o.HasCutoff && (other.Status == CutoffReached || sign*(s.Objective-other.Objective) < delta/2) {
			return s, nil
		}
		other.Nodes += s.Nodes
		other.Iterations += s.Iterations
		other.Seconds += s.Seconds
		s = other
	}
	return s, nil
}
