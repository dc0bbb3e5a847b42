package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// pursuit is the search for the best answer of a nonlinear task.
type pursuit struct {
	c     *checker
	t     *task
	y     []float64 // the point's answer, within the bounds
	fits  bool      // whether it is to be judged and is feasible to the tolerance
	local *localSolver
	best  *candidate
	low   float64 // proven bound, -Inf without
	used  bool    // whether the solver was called

	claimed model.Status // by the solver of the run from the point
	message string
	first   *candidate // of the first start of search
}

// solveNonlinear finds the answer of a nonlinear task, in this order: by the optimality conditions at y itself; for a convex task by a local
// search and the bound of its multipliers; by branch and bound with intervals; and by local searches from many starts. It fills in t and
// returns the status, the method and, where there is no answer, why.
func (c *checker) solveNonlinear(ctx context.Context, t *task, y []float64) (status model.Status, method, why string) {
	s := &pursuit{c: c, t: t, low: math.Inf(-1)}
	s.y = make([]float64, len(y))
	for j, v := range y {
		s.y[j] = math.Min(math.Max(v, t.vlo[j]), t.vhi[j])
	}
	s.fits = !c.answering && t.violation(y).scaled <= c.opt.Tolerance
	if c.opt.Smooth != nil && !t.integers {
		var err error
		if s.local, err = c.newLocalSolver(t); err != nil {
			return model.StatusFailed, c.opt.Smooth.Name(), "could not be solved again: " + err.Error()
		}
	}
	if (s.fits || c.answering) && s.confirmHere() {
		return s.finish(EvidenceProof, "optimality conditions")
	}
	if status, method, why := s.prove(ctx); status != model.StatusUnknown {
		return status, method, why
	}
	switch {
	case s.best != nil && s.runaway():
		return model.StatusUnbounded, s.method(), fmt.Sprintf("has no optimal answer to the rest of the point, as it seems: its objective improves without limit, to %s where it was followed", num(t.sign*s.best.cost))
	case t.class == convexProblem && s.best != nil && s.best.gap <= sharpGap*s.unit():
		return s.finish(EvidenceConditions, s.method())
	case s.best != nil && s.fits && s.refuted():
		return s.finish(EvidenceSearch, s.method())
	case s.local == nil && t.integers:
		why := fmt.Sprintf("not solved again: follower with %v (intervals prove nothing in %s)", t.p.Constructs(), counted(t.boxes, "box"))
		return model.StatusUnknown, why, why
	case s.local == nil:
		why := "not solved again: nonlinear follower (no global method here, and no solver of nonlinear problems was given)"
		return model.StatusUnknown, why, why
	}
	t.boxes = 0
	return s.search(ctx)
}

// prove looks for a good answer and a proof that none is better, the cheap ways first; its status is unknown where it finds no proof.
func (s *pursuit) prove(ctx context.Context) (status model.Status, method, why string) {
	t := s.t
	convex := t.class == convexProblem
	if s.local != nil && (convex || s.best == nil || !s.best.settled(t)) {
		if s.run(ctx, s.y); convex && s.bounded() {
			return s.finish(EvidenceProof, s.method())
		}
	}
	if s.best != nil && s.intervals(ctx, 300) == proven {
		return s.finish(EvidenceProof, intervalMethod)
	}
	if convex {
		if s.solveConvex(ctx); s.bounded() {
			return s.finish(EvidenceProof, s.method())
		}
	}
	if !convex || t.kinks {
		s.explore(ctx)
	}
	budget := s.c.opt.Boxes
	if budget == 0 {
		budget = 30000
	}
	if s.best != nil && s.fits && s.refuted() {
		budget = min(budget, 2000) // the point is no answer, whatever the best one is
	}
	if s.intervals(ctx, budget) == proven {
		if s.best == nil {
			return model.StatusInfeasible, intervalMethod, "has no feasible answer to the rest of the point"
		}
		return s.finish(EvidenceProof, intervalMethod)
	}
	return model.StatusUnknown, "", ""
}

// runaway reports whether the best answer is so large that the cost seems to have no limit.
func (s *pursuit) runaway() bool {
	size := 0.0
	for _, v := range s.best.y {
		size = math.Max(size, math.Abs(v))
	}
	return s.best.cost < -1e12 && size > 1e8
}

const intervalMethod = "interval branch and bound"

func (s *pursuit) method() string {
	if !s.used {
		return "evaluation"
	}
	return s.local.solver.Name() + " NLP"
}

// unit is what gaps are measured in.
func (s *pursuit) unit() float64 {
	if s.best == nil {
		return s.t.terms
	}
	return math.Max(s.t.terms, math.Abs(s.best.cost))
}

// bounded reports whether the best answer is proven to be one, to the tolerance.
func (s *pursuit) bounded() bool {
	return s.best != nil && s.best.cost-s.low <= 0.5*s.c.opt.Tolerance*s.unit()
}

// refuted reports whether the answer found is clearly better than the point's.
func (s *pursuit) refuted() bool {
	return s.best.cost < s.t.costAt(s.y)-s.c.opt.Tolerance*s.unit()
}

// finish writes the best answer into the task.
func (s *pursuit) finish(e Evidence, method string) (model.Status, string, string) {
	t := s.t
	t.y, t.lambda, t.phi, t.bound, t.evidence = s.best.y, s.best.lambda, s.best.cost, s.low, e
	t.reduced, _ = t.lagrangianGradient(t.y, t.lambda)
	if e != EvidenceProof {
		t.bound = math.Inf(-1)
	}
	if e != EvidenceProof || method != intervalMethod {
		t.boxes = 0
	}
	return model.StatusOptimal, method, ""
}

// take keeps a candidate if it is better than the best so far, and of two that cost the same the one whose conditions hold better.
func (s *pursuit) take(k *candidate) {
	if k == nil || math.IsNaN(k.cost) || !(s.t.violation(k.y).scaled <= answerViolation) {
		return
	}
	if s.best != nil { // the price of violations at the multipliers known, where those of the candidate are none
		k.cost = math.Max(k.cost, s.t.costAt(k.y)+s.t.price(k.y, s.best.lambda))
	}
	if s.best == nil || k.cost < s.best.cost-1e-12*s.unit() || k.cost <= s.best.cost+1e-12*s.unit() && k.gap < s.best.gap {
		s.best = k
	}
}

// bound keeps the best of the bounds that the multipliers of a candidate of a convex task prove. Where no multipliers fit, since the
// constraints have no interior, larger ones come as near as one likes: each tenfold, with the Lagrangian minimised again.
func (s *pursuit) bound(k *candidate) {
	if k == nil {
		return
	}
	see := func(y, lambda []float64) {
		lambda = append([]float64(nil), lambda...)
		if low := s.t.convexBound(y, lambda); low > s.low {
			s.low = low
		}
	}
	see(k.y, k.lambda)
	if see(k.base, k.lambda); s.bounded() || s.t.kinks {
		return
	}
	y, lambda := append([]float64(nil), k.base...), append([]float64(nil), k.lambda...)
	for range 5 {
		for r := range lambda {
			lambda[r] *= 10
		}
		if !s.t.minimiseLagrangian(y, lambda) {
			return
		}
		if see(y, lambda); s.bounded() {
			return
		}
	}
}

// confirmHere tries whether the optimality conditions hold at the point itself, which takes no solver; it reports whether that proves it optimal.
func (s *pursuit) confirmHere() bool {
	t := s.t
	if t.integers {
		return false
	}
	for _, distance := range [...]float64{1e-6, 1e-4} {
		lambda, rest := t.nearestMultipliers(s.y, distance)
		if lambda == nil || !(rest <= 0.01) {
			continue
		}
		k := t.candidateAt(t.polish(s.y, lambda))
		if k.cost > t.costAt(s.y)+s.c.opt.Tolerance*math.Max(t.terms, math.Abs(k.cost))+t.price(s.y, k.lambda) {
			continue // Newton's method went elsewhere
		}
		s.take(k)
		if t.class != convexProblem {
			if s.best != nil && s.best.settled(t) {
				break
			}
			continue
		}
		if s.bound(k); s.best != nil && s.best.cost-s.low <= sharpGap*s.unit() {
			return true
		}
	}
	return false
}

// run calls the solver from a start.
func (s *pursuit) run(ctx context.Context, y []float64) {
	s.used = true
	k, status, why := s.local.solve(ctx, candidate{y: y})
	if s.claimed == model.StatusUnknown || k != nil {
		s.claimed, s.message = status, why
	}
	s.take(k)
	if s.t.class == convexProblem {
		s.bound(k)
	}
}

// solveConvex runs the solver from other places than the point while no bound is tight.
func (s *pursuit) solveConvex(ctx context.Context) {
	if s.local == nil {
		return
	}
	lo, hi := s.t.sampleBox(s.y)
	for _, y := range latinHypercube(3, lo, hi, s.y, s.c.opt.Seed) {
		if ctx.Err() != nil {
			return
		}
		if s.run(ctx, y); s.bounded() {
			return
		}
	}
}
