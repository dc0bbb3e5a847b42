package mpcc

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/verify/stationarity"
)

// radii of the trust regions in which a descent from a branch solution is looked for
const (
	firstRadius = 1e-3
	leastRadius = 1e-6
)

// most linear programs of one LPEC
const mostNodes = 5000

// lpecStep looks for a first-order descent through another pattern by the LPEC of stationarity.Problem.LPEC, and solves the branch program of
// the pattern that it finds; the trust region shrinks until the step succeeds. Without a descent the point is B-stationary.
func (r *run) lpecStep(c *candidate) (next *candidate, done bool) {
	for radius := firstRadius; radius >= leastRadius; radius /= 10 {
		d, ok := r.lpec(c, radius, mostNodes, 1)
		if !ok {
			return nil, true
		}
		if d.Stationary == stationarity.Yes {
			c.label = Bouligand
			r.relabel(c)
			return nil, true
		}
		if d.Value >= 0 {
			return nil, true
		}
		if n := r.along(c, d, 0); r.better(n, c) {
			return n, false
		}
		if r.over() {
			return nil, true
		}
	}
	return nil, true
}

// lpec solves the LPEC at a candidate, with a limit of linear programs, to a share of its bound that is sufficient. ok is false where the point has no
// derivatives, or where there is nothing to solve it with.
func (r *run) lpec(c *candidate, radius float64, nodes int, sufficient float64) (d *stationarity.Direction, ok bool) {
	if r.judge == nil {
		j, err := stationarity.New(r.p.base, r.p.pairs)
		if err != nil {
			return nil, false
		}
		r.judge = j
	}
	// A linear program can stall; what has been spent on the problem so far is a fair price for the answer.
	limit := 2*time.Second + time.Since(r.begin)
	if left := r.slice(); left != 0 {
		limit = min(limit, left)
	}
	ctx, cancel := context.WithTimeout(r.ctx, limit)
	defer cancel()
	d, err := r.judge.LPEC(ctx, c.z[:r.p.NumVars()], stationarity.LPECOptions{Radius: radius, NodeLimit: nodes, Sufficient: sufficient})
	if err != nil {
		return nil, false
	}
	return d, true
}

// along solves the branch program of a direction's pattern from the end of the direction, within a number of iterations (0: no limit).
func (r *run) along(c *candidate, d *stationarity.Direction, iterations int) *candidate {
	x := slices.Clone(c.z[:r.p.NumVars()])
	for j := range x {
		x[j] += d.D[j]
	}
	pattern := slices.Clone(c.pattern)
	for _, k := range d.Choices {
		pattern[k] = ZeroG
		if d.Branches[k] == stationarity.SecondZero {
			pattern[k] = ZeroH
		}
	}
	z := r.p.lift(x)
	for _, v := range z {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			z = c.z
			break
		}
	}
	return r.branchWithin(pattern, z, c.answer, true, iterations)
}
