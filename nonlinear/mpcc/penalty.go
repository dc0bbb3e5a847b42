package mpcc

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// weight at which the penalty method gives up
const largestWeight = 1e8

// penalise minimises f + ρ Σ GH for growing ρ from z0. It stops where the pairs hold, which is at a strongly stationary point; ρ grows tenfold
// where the residual is not below 0.9 of the largest of the last three. The first program may take a number of iterations; 0: no limit.
func (r *run) penalise(t0 float64, z0 []float64, first int) *iterate {
	opt := &r.opt
	it := &iterate{z: slices.Clone(z0), t: math.NaN(), complement: math.Inf(1)}
	r.p.clip(it.z)
	g := make([]float64, r.p.prog.NumVars())
	r.p.prog.Gradient(it.z, g)
	rho := math.Max(1, maxAbs(g)) / math.Max(t0, 1e-8)
	if math.IsNaN(rho) || math.IsInf(rho, 0) {
		rho = 1
	}
	prog := r.p.reformulate(Penalty, 0, rho)
	var last []float64
	failures := 0
	for round := 0; round < opt.MaxRounds; round++ {
		if r.late() {
			it.reason = "its share of the time is used up"
			return it
		}
		prog.set(0, rho)
		c := call{stage: Penalty.String(), round: round, t: rho, program: prog, start: smooth.Start{X: it.z}, tolerance: opt.Tolerance}
		if it.answer == nil {
			c.maxIter = first
		} else {
			c.warm, c.mu = true, 1e-4
			c.start = smooth.Start{X: it.z, Rows: it.answer.Rows, Lower: it.answer.Lower, Upper: it.answer.Upper}
		}
		a := r.solve(c)
		if a == nil {
			it.reason = r.why()
			return it
		}
		if a.Solved() {
			r.take(it, prog, a)
			if r.hopeless(it, Penalty) {
				it.reason = "the path lies above the best value"
				return it
			}
			if it.complement <= opt.Feasibility/10 {
				it.reason = "the pairs hold"
				return it
			}
			if n := len(last); n > 0 && it.complement <= 0.9*slices.Max(last[max(0, n-3):]) && round%2 == 1 {
				last = append(last, it.complement)
				continue
			}
			last = append(last, it.complement)
		} else if failures++; failures >= mostFailures || it.answer == nil && first > 0 {
			it.reason = said(a)
			return it
		}
		if rho >= largestWeight {
			it.reason = "the largest weight is reached"
			return it
		}
		rho = math.Min(rho*10, largestWeight)
	}
	it.reason = "the limit of rounds is reached"
	return it
}
