package mpcc

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// iterate is where a continuation stands: a point of the lifted program with the multipliers of the reformulated one.
type iterate struct {
	answer     *smooth.Answer // of the last program that was solved; nil: none was
	z          []float64
	before     []float64 // z of the round before; nil: there was none
	t          float64
	nu         [][2]float64
	complement float64
	slackest   float64 // largest product GH
	size       float64 // mean of max(G, H)
	solved     bool
	reason     string // why the continuation stopped
	tried      []Zero // pattern of the last early branch program
	done       bool   // an early branch program solved the problem
	above      bool   // the path has risen above the best value
}

// warmIterations limits a program that starts from the solution of the one before: where it takes more, the step of t was too long.
const warmIterations = 150

// manyIterations of one program say that the path is hard to follow: the next step is half as long on a logarithmic scale.
const manyIterations = 50

// most answers of the solver that are no solutions before a continuation gives up
const mostFailures = 4

// follow solves the programs of a method for t -> 0 from z0, a point of the lifted program:
//
//	solve the program at t from the point and the multipliers before, to a tolerance of max(tol, min(1e-4, t/10));
//	where that fails, again from a perturbed start (unless it only took too long), and then at √(t t_before);
//	stop where max min(|G|, |H|) is small enough at a solution, or where it has stalled for three rounds;
//	t <- κ min(t, max GH), with √κ in place of κ where the program took many iterations.
//
// The first program may take a number of iterations; 0: no limit.
func (r *run) follow(method Method, t0 float64, z0 []float64, first int) *iterate {
	opt := &r.opt
	it := &iterate{z: append([]float64(nil), z0...), t: math.NaN(), complement: math.Inf(1)}
	r.p.clip(it.z)
	if !method.Follows() {
		prog := r.p.reformulate(method, 0, 0)
		a := r.solve(call{stage: method.String(), program: prog, start: smooth.Start{X: it.z}, tolerance: opt.Tolerance})
		if a != nil {
			r.take(it, prog, a)
		}
		it.reason = said(a)
		return it
	}
	t, before := t0, t0
	prog := r.p.reformulate(method, t, 0)
	failures, stalled := 0, 0
	for round := 0; round < opt.MaxRounds; round++ {
		if r.late() {
			it.reason = "its share of the time is used up"
			return it
		}
		prog.set(t, 0)
		a := r.attempt(it, prog, round, first)
		if a == nil {
			it.reason = r.why()
			return it
		}
		if !a.Solved() {
			failures++
			if failures >= mostFailures || it.answer == nil && (first > 0 || failures > 1) {
				it.reason = said(a)
				return it
			}
			if it.answer != nil && t < before {
				t = math.Sqrt(t * before)
			} else {
				t *= opt.Kappa
			}
			continue
		}
		last := it.complement
		r.take(it, prog, a)
		if r.hopeless(it, method) {
			it.reason = "the path lies above the best value"
			return it
		}
		if r.early(it, prog) {
			it.reason = "the branch program of the pattern solves the problem"
			return it
		}
		if it.complement <= opt.Feasibility/100 && t <= 1e-4 {
			it.reason = "the pairs hold"
			return it
		}
		if it.complement > 0.9*last {
			stalled++
		} else {
			stalled = 0
		}
		switch {
		case stalled >= 3 && t <= 1e-4:
			it.reason = fmt.Sprintf("the residual of the pairs stalled at %.2g", it.complement)
			return it
		case t <= 5*opt.TMin:
			it.reason = "the last parameter is reached"
			return it
		}
		before = t
		kappa := opt.Kappa
		if a.Iterations > manyIterations {
			kappa = math.Sqrt(kappa)
		}
		t = math.Max(opt.TMin, kappa*math.Min(t, it.slackest))
	}
	it.reason = "the limit of rounds is reached"
	return it
}

// hopeless reports whether a path has risen above the best value: the sets of a relaxation shrink with t, and a penalty grows, so that the value rises
// along the path. (The programs that smooth the pairs have no such order.)
func (r *run) hopeless(it *iterate, method Method) bool {
	b := r.best
	it.above = b != nil && b.feasible && b.pattern != nil && !method.Equation() && it.answer.Objective > b.objective+1e-6*math.Max(1, math.Abs(b.objective))
	return it.above
}

// early tries the branch program of the pattern at the iterate of a parameter that may still be far from zero: where it ends at a strongly
// stationary point whose value is not above what the path predicts for t = 0, following the path further would change nothing. The
// prediction is f + 3 t Σ d with the multipliers d of GH <= t, three times the first-order change; along a path to a biactive pair, where
// the change is as √t, the true one is two times. A thousandth of the value is left to the tolerance of the solve at t.
func (r *run) early(it *iterate, prog *reformulated) bool {
	if r.opt.NoPolish || prog.method != Scholtes {
		return false
	}
	if math.Min(prog.t, it.slackest) > earlyT && it.complement > earlyT*it.size {
		return false // too early to see a pattern
	}
	if float64(r.unclear(it.z)) > earlyUnclear*float64(len(r.p.live))+2 {
		return false
	}
	pattern := r.p.patternAt(it.z, it.nu, 0)
	if slices.Equal(pattern, it.tried) && it.tried != nil {
		return false
	}
	it.tried = pattern
	c := r.branchWithin(pattern, it.z, it.answer, true, earlyIterations)
	if c == nil || c.label == Unlabelled {
		return false
	}
	c.method = prog.method
	r.consider(c)
	if !c.feasible || !r.strong(c) {
		return false
	}
	c.label = Strong
	change := 0.0
	for place := range prog.pairs {
		change += it.answer.Rows[prog.row(0, place)]
	}
	if c.objective > it.answer.Objective+3*prog.t*change+1e-3*math.Abs(c.objective)+1e-6 {
		return false
	}
	it.done = true
	r.consider(c)
	return true
}

const (
	// earlyIterations limits an early branch program: from a good guess few are needed.
	earlyIterations = 20
	// earlyT is the largest product, or else the largest residual relative to the mean of the greater members, at which one is tried.
	earlyT = 1e-2
	// earlyUnclear is the share of pairs that may be unclear. (Of the branch programs of MacMPEC that were tried with more, one in ten
	// was feasible; with less, nine in ten.)
	earlyUnclear = 0.15
)

// unclear is the number of live pairs whose members differ by less than a factor of ten.
func (r *run) unclear(z []float64) int {
	count := 0
	for _, k := range r.p.live {
		s := r.p.sides[k]
		g, h := r.p.slack(s[0], z), r.p.slack(s[1], z)
		if math.Min(g, h) > 0.1*math.Max(g, h) {
			count++
		}
	}
	return count
}

// attempt solves one program from the iterate and, where that fails, from a perturbed point.
func (r *run) attempt(it *iterate, prog *reformulated, round, first int) *smooth.Answer {
	t := prog.t
	c := call{stage: prog.method.String(), round: round, t: t, program: prog, start: smooth.Start{X: it.z},
		tolerance: math.Max(r.opt.Tolerance, math.Min(1e-4, t/10)), feasible: math.Min(math.Max(r.opt.Tolerance, math.Min(1e-4, t/10)), t/10)}
	if it.answer == nil {
		c.maxIter = first
	} else {
		c.warm, c.mu, c.maxIter = true, math.Max(c.tolerance/10, math.Min(1e-3, t/100)), warmIterations
		c.start = smooth.Start{X: it.z, Rows: it.answer.Rows, Lower: it.answer.Lower, Upper: it.answer.Upper}
	}
	a := r.solve(c)
	if a == nil || a.Solved() || r.over() || r.late() || c.maxIter > 0 && a.Iterations >= c.maxIter {
		return a
	}
	c.maxIter = 0
	c.start, c.warm, c.mu = smooth.Start{X: r.perturbed(it.z)}, false, 0
	if b := r.solve(c); b != nil && (b.Solved() || b.Violation < a.Violation) {
		return b
	}
	return a
}

// perturbed is a point near z and within its bounds.
func (r *run) perturbed(z []float64) []float64 {
	out := make([]float64, len(z))
	for j, v := range z {
		out[j] = v + 1e-2*math.Max(1, math.Abs(v))*(2*r.rng.Float64()-1)
	}
	r.p.clip(out)
	return out
}

// take moves the iterate to an answer and offers its point.
func (r *run) take(it *iterate, prog *reformulated, a *smooth.Answer) {
	if it.answer != nil {
		it.before = it.z
	}
	it.answer, it.z, it.t, it.solved = a, append([]float64(nil), a.X...), prog.t, a.Solved()
	it.nu = prog.pairMultipliers(a)
	it.complement, it.slackest, it.size = 0, 0, 0
	for _, k := range r.p.live {
		s := r.p.sides[k]
		g, h := r.p.slack(s[0], a.X), r.p.slack(s[1], a.X)
		it.slackest = math.Max(it.slackest, g*h)
		it.size += math.Max(g, h) / float64(len(r.p.live))
	}
	for _, s := range r.p.sides {
		it.complement = math.Max(it.complement, math.Abs(math.Min(r.p.slack(s[0], a.X), r.p.slack(s[1], a.X))))
	}
	if it.complement <= r.opt.Feasibility {
		r.consider(&candidate{z: it.z, answer: a, nu: it.nu, method: prog.method})
	}
}

// said is the solver's reason in a few words.
func said(a *smooth.Answer) string {
	switch {
	case a == nil:
		return "the solver broke"
	case a.Solved():
		return "solved"
	case a.Message != "":
		return fmt.Sprintf("%v: %s", a.Status, a.Message)
	case a.Status == model.StatusInfeasible:
		return "the solver ended at a stationary point of the violation"
	}
	return a.Status.String()
}

// why is the reason for which nothing was solved.
func (r *run) why() string {
	if r.stopped != "" {
		return r.stopped
	}
	if r.broken != nil {
		return r.broken.Error()
	}
	return "the solver gave no answer"
}
