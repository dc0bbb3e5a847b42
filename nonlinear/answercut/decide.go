package answercut

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// key names the decision in x.
func (r *run) key(x []float64) string {
	b := make([]byte, 0, 4*len(r.linking))
	for _, j := range r.linking {
		b = fmt.Appendf(b, "%d ", int64(math.Round(x[j])))
	}
	return string(b)
}

// try lets the followers answer the decision in x, adds the cuts, and looks for the leader's best point with that decision. Where a follower gave no answer
// the decision does not count as seen, and why says what came instead.
func (r *run) try(ctx context.Context, x []float64) (why string, err error) {
	key := r.key(x)
	if r.seen[key] {
		return "", nil
	}
	r.stats.Rounds++
	least := make([]float64, len(r.followers))
	point := r.rounded(x) // with the followers' parts answers
	for _, j := range r.linking {
		point[j] = r.decided(j, x)
	}
	for k, f := range r.followers {
		var z []float64
		if z, why, err = r.respond(ctx, f, x); z == nil || err != nil {
			return why, err
		}
		for j, c := range f.cost {
			least[k] += c * z[j]
		}
		r.master.cut(k, z, slack(least[k]))
		for _, j := range f.vars {
			point[j] = z[j]
		}
	}
	r.seen[key] = true
	r.offer(point)
	best := *r.base
	best.ColLower, best.ColUpper = append([]float64(nil), r.lower...), append([]float64(nil), r.upper...)
	r.fix(&best, x)
	s := master{p: r.problem, a: &best}
	s.a.Start, s.a.Index, s.a.Value = append([]int32(nil), startOf(&best)...), append([]int32(nil), best.Index...), append([]float64(nil), best.Value...)
	s.a.RowLower, s.a.RowUpper = append([]float64(nil), best.RowLower...), append([]float64(nil), best.RowUpper...)
	for k, f := range r.followers {
		var terms []term
		for j, c := range f.cost {
			if c != 0 {
				terms = append(terms, term{j, c})
			}
		}
		if len(terms) > 0 {
			s.row(terms, math.Inf(-1), least[k]+slack(least[k]))
		}
	}
	o, done := r.settings(ctx)
	if done {
		return "", nil
	}
	found, err := highs.Solve(ctx, s.a, o, nil)
	if err != nil {
		return "", err
	}
	if r.count(found); found.X == nil || !found.Feasible {
		return "", nil
	}
	// The integers are made whole, and the continuous variables fit for them.
	whole := r.rounded(found.X)
	for j := range whole {
		if best.Integer != nil && best.Integer[j] {
			s.a.ColLower[j], s.a.ColUpper[j] = whole[j], whole[j]
		}
	}
	s.a.Integer = nil
	if o, done = r.settings(ctx); done {
		return "", nil
	}
	if found, err = highs.Solve(ctx, s.a, o, nil); err == nil && found.Status == highs.Infeasible { // an LP is solved to 1e-9
		o.Feasibility = 1e-6
		found, err = highs.Solve(ctx, s.a, o, nil)
	}
	if err != nil {
		return "", err
	}
	if r.count(found); found.X != nil && found.Feasible && r.sign*found.Objective < r.value {
		r.best, r.value = r.rounded(found.X), r.sign*found.Objective
	}
	return "", nil
}

// offer takes a decision with the followers' answers for the best point where the leader's constraints hold and it is better.
func (r *run) offer(point []float64) {
	value := r.base.Offset
	for j, v := range point {
		if !(v >= r.lower[j]-answerFeasibility && v <= r.upper[j]+answerFeasibility) {
			return
		}
		value += r.base.Cost[j] * v
	}
	start := startOf(r.base)
	for i := range r.base.RowLower {
		activity, size := 0.0, 0.0
		for at := start[i]; at < start[i+1]; at++ {
			t := r.base.Value[at] * point[r.base.Index[at]]
			activity, size = activity+t, size+math.Abs(t)
		}
		if by := math.Max(r.base.RowLower[i]-activity, activity-r.base.RowUpper[i]); by > 10*answerFeasibility+1e-13*size {
			return
		}
	}
	if r.sign*value < r.value {
		r.best, r.value = point, r.sign*value
	}
}

// startOf are the starts of the rows, which may be missing where there is none.
func startOf(a *highs.Arrays) []int32 {
	if len(a.Start) == 0 {
		return []int32{0}
	}
	return a.Start
}

// fix gives the linking columns the values in x.
func (r *run) fix(a *highs.Arrays, x []float64) {
	a.ColLower, a.ColUpper = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	for _, j := range r.linking {
		v := r.decided(j, x)
		a.ColLower[j], a.ColUpper[j] = v, v
	}
}

// decided is the value of the linking variable j in the decision x.
func (r *run) decided(j int, x []float64) float64 {
	return math.Min(math.Max(math.Round(x[j]), r.lower[j]), r.upper[j])
}

// rounded is x without the binary columns, its integers rounded.
func (r *run) rounded(x []float64) []float64 {
	out := append([]float64(nil), x[:r.m.NumVars()]...)
	for j := range out {
		if r.m.VarKind(j) != model.Continuous {
			out[j] = math.Round(out[j])
		}
	}
	return out
}
