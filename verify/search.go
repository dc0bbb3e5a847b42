package verify

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// explore looks for good answers by values: the point, a grid in up to three variables or a sample, the best of them polished, and what lies
// around the best. It makes the intervals' work short and finds out points that are far from optimal, whatever a solver says.
func (s *pursuit) explore(ctx context.Context) {
	t := s.t
	n := len(s.y)
	if s.feasibleHere() {
		s.take(t.candidateAt(s.y, make([]float64, len(t.lo))))
	}
	if t.integers {
		return
	}
	lo, hi := t.sampleBox(s.y)
	places := latinHypercube(min(40*(n+1), 2000), lo, hi, s.y, s.c.opt.Seed+1)
	if n <= len(gridPlaces) {
		places = append(places, grid(gridPlaces[n-1], lo, hi)...)
	} else if n <= 100 {
		places = append(places, scan(41, lo, hi, s.y)...)
	}
	type place struct {
		y    []float64
		cost float64
	}
	var good []place
	for k, y := range places {
		if k%256 == 255 && ctx.Err() != nil {
			return
		}
		if v := t.costAt(y); !math.IsNaN(v) && t.holdsExactly(y) {
			good = append(good, place{y, v})
		}
	}
	sort.SliceStable(good, func(a, b int) bool { return good[a].cost < good[b].cost })
	var tried [][]float64
	for _, p := range good {
		if len(tried) == 6 {
			break
		}
		near := func(y []float64) bool {
			for j := range y {
				if math.Abs(y[j]-p.y[j]) > 0.1*(hi[j]-lo[j]) {
					return false
				}
			}
			return true
		}
		if !slices.ContainsFunc(tried, near) {
			tried = append(tried, p.y)
			s.descend(ctx, p.y)
		}
	}
	if s.best != nil {
		s.descend(ctx, s.best.y)
	}
}

// feasibleHere reports whether the point's answer can be an incumbent as it is.
func (s *pursuit) feasibleHere() bool { return s.t.violation(s.y).scaled <= answerViolation }

// pollVars is the largest number of variables for which answers are improved by values.
const pollVars = 150

// descend improves an answer by values, then by Newton's method.
func (s *pursuit) descend(ctx context.Context, y []float64) {
	t := s.t
	z := y
	if len(y) <= pollVars {
		z = t.poll(ctx, y, 30*(len(y)+1), s.c.opt.Seed+2)
	}
	s.take(t.candidateAt(z, make([]float64, len(t.lo))))
	for _, reach := range [...]float64{1e-4, 1e-2} {
		if lambda, rest := t.nearestMultipliers(z, reach); lambda != nil && rest <= 0.5 {
			s.take(t.sharpened(z, lambda))
		}
	}
}

// distance is the largest difference of two answers, relative to their size.
func distance(a, b []float64) float64 {
	d := 0.0
	for j, v := range a {
		d = math.Max(d, math.Abs(v-b[j])/math.Max(1, math.Max(math.Abs(v), math.Abs(b[j]))))
	}
	return d
}

// search runs the solver from many starts. A start counts if the optimality conditions hold at its answer, as measured here, or, where functions
// have kinks, if its answer is feasible and no worse than the start. The best answer counts as one only if enough starts do and if the
// conditions hold at the point itself: there is a descent direction otherwise, whatever the solver found.
func (s *pursuit) search(ctx context.Context) (model.Status, string, string) {
	t := s.t
	n := s.c.opt.Starts
	if n == 0 {
		n = defaultStarts(len(s.y))
	}
	n = max(0, n)
	lo, hi := t.sampleBox(s.y)
	starts := append([][]float64{s.y}, latinHypercube(n, lo, hi, s.y, s.c.opt.Seed)...)
	mixWith(starts[1:], s.y, s.c.opt.Seed)
	s.used = true
	settled, infeasible := 0, 0
	for i, y := range starts {
		if ctx.Err() != nil {
			return model.StatusUnknown, s.method(), fmt.Sprintf("was not solved again: %v after %s", ctx.Err(), counted(i, "start"))
		}
		k, status, why := s.local.solve(ctx, candidate{y: y})
		if i == 0 {
			s.claimed, s.message, s.first = status, why, k
		}
		if k == nil {
			if status == model.StatusInfeasible {
				infeasible++
			}
			continue
		}
		before := s.best
		s.take(k)
		feasible := t.violation(k.y).scaled <= answerViolation
		worse := t.feasible(y) && k.cost > t.costAt(y)+s.c.opt.Tolerance*s.unit()
		if feasible && !worse && (t.kinks || k.settled(t)) {
			settled++
		}
		if before != s.best && s.refuted() && s.fits {
			break // better answers than the point's are enough
		}
	}
	switch {
	case s.best == nil && infeasible == len(starts):
		return model.StatusInfeasible, s.method(), "has no feasible answer to the rest of the point that " + s.local.solver.Name() + " could find"
	case s.best == nil:
		if s.message == "" {
			s.message = s.claimed.String()
		}
		return model.StatusUnknown, s.method(), "was not solved again: " + s.message
	case s.runaway():
		return model.StatusUnbounded, s.method(), "has no optimal answer to the rest of the point, as it seems: its objective improves without limit"
	}
	if s.t.kinks || !s.best.settled(t) {
		s.descend(ctx, s.best.y)
	}
	t.starts = settled
	if s.refuted() || !s.fits {
		return s.finish(EvidenceSearch, s.method())
	}
	if need := max(1, len(starts)/4); settled < need {
		return model.StatusUnknown, s.method(), fmt.Sprintf("was not solved again: the searches of %s settled at %d of %s only", s.local.solver.Name(), settled, counted(len(starts), "start"))
	}
	if !s.stationaryHere(ctx) {
		return model.StatusUnknown, s.method(), "was not solved again: no multipliers show the point to be an optimal answer near itself"
	}
	return s.finish(EvidenceSearch, s.method())
}

// stationaryHere reports whether the optimality conditions hold at the point itself, to its accuracy, or, where functions have kinks, whether nothing
// beside it is better.
func (s *pursuit) stationaryHere(ctx context.Context) bool {
	t := s.t
	cost := t.costAt(s.y)
	tol := s.c.opt.Tolerance * math.Max(t.terms, math.Abs(cost))
	if t.kinks {
		z := t.poll(ctx, s.y, min(400*(len(s.y)+1), 20000), s.c.opt.Seed+3)
		return t.costAt(z) >= cost-tol
	}
	for _, reach := range [...]float64{1e-6, 1e-4} {
		lambda, rest := t.nearestMultipliers(s.y, reach)
		if lambda == nil || !(rest <= 0.01) {
			continue
		}
		k := t.candidateAt(t.polish(s.y, lambda))
		if k.settled(t) && distance(k.y, s.y) <= 0.01 && math.Abs(k.cost-cost) <= tol+t.price(s.y, k.lambda) {
			return true
		}
	}
	// Multipliers of a large task come from the search that began at the point: they fit at the point, or at an answer beside it that is no better.
	k := s.first
	if k == nil {
		return false
	}
	return t.localGap(s.y, k.lambda) <= tol || k.settled(t) && distance(k.y, s.y) <= 0.01 && math.Abs(k.cost-cost) <= tol+t.price(s.y, k.lambda)
}
