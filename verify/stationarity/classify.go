package stationarity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Classify judges a point: which constraints, bounds and members of pairs are active, which multipliers there are (they are computed
// afresh; a solver's are of no account), and which kinds of stationarity they show. The error is of type *PointError where the
// derivatives at x do not exist. Where ctx is done the open questions stay undecided.
//
// Source: Scheel and Scholtes, Mathematics of Operations Research 25 (2000), for the kinds; Ye, Journal of Mathematical Analysis and
// Applications 307 (2005).
func (p *Problem) Classify(ctx context.Context, x []float64, opt Options) (*Report, error) {
	if opt.Residual <= 0 {
		opt.Residual = 1e-6
	}
	if opt.Feasibility <= 0 {
		opt.Feasibility = 1e-5
	}
	if opt.Rank <= 0 {
		opt.Rank = 1e-8
	}
	if opt.NodeLimit <= 0 {
		opt.NodeLimit = 5000
	}
	l, err := p.at(x, opt.Active)
	if err != nil {
		return nil, err
	}
	out := &Report{Violation: l.violation, PairResidual: l.pairGap, WorstPair: l.worstPair, Pairs: len(p.pairs), Residual: math.NaN(), Gap: math.NaN(),
		Independence: math.NaN(), problem: p}
	if math.Max(l.violation, l.pairGap) > opt.Feasibility {
		out.take(l.findActive(l.tolerance))
		out.Class = Infeasible
		return out, nil
	}
	t, err := p.identify(ctx, l, opt, out)
	if t != nil {
		defer t.kernel.close()
	}
	if err == nil {
		err = t.classify(ctx, out)
	}
	switch {
	case errors.Is(err, errStopped):
		out.Message = "stopped by the time limit"
	case err != nil:
		return nil, err
	case t.limit:
		out.Message = "the pairs with two zero members are too many for some questions"
	}
	t.reconcile(out)
	out.Class = out.strongest()
	return out, nil
}

// take writes down an active set.
func (r *Report) take(a *active) {
	r.Tolerance, r.Biactive, r.Nearly, r.states = a.tolerance, a.biactive, a.nearly, a.states
}

// identify finds the active set. A solver leaves a constraint with a small multiplier at a slack that is larger than its tolerances; so
// where what is active at first leaves no multipliers, ten times larger slacks count as zero as well, up to 1e-3, and are taken
// where the multipliers that this brings are so small that their products with the slacks do not matter.
func (p *Problem) identify(ctx context.Context, l *local, opt Options, out *Report) (t *tests, err error) {
	rungs := [][2]float64{{l.tolerance, l.tolerance}} // of constraints and of members of pairs
	if opt.Active <= 0 {
		for wide := 10 * l.tolerance; wide < 1.1e-3; wide *= 10 {
			rungs = append(rungs, [2]float64{wide, l.tolerance}, [2]float64{wide, wide})
		}
	}
	for i, rung := range rungs {
		wide := *l
		wide.tolerance = rung[0]
		s := newTests(wide.findActive(rung[1]), opt)
		err = s.kernel.least(ctx, s.active.weakest())
		fits := s.judge(s.kernel.worst()) == Yes && (i == 0 || s.gap(s.kernel.w) <= opt.Residual*(1+math.Abs(p.prog.Objective(l.x))))
		if i > 0 && !fits || err != nil {
			s.kernel.close()
		} else {
			if t != nil {
				t.kernel.close()
			}
			t = s
			out.take(s.active)
		}
		if err != nil || fits {
			break
		}
	}
	if t == nil { // stopped before anything was known
		t = newTests(l.findActive(l.tolerance), opt)
		out.take(t.active)
	}
	return t, err
}

func newTests(a *active, opt Options) *tests {
	t := &tests{active: a, kernel: newKernel(a, nil, a.p.solvers), opt: opt, small: opt.Residual * (1 + a.gradNorm), signs: make([]sign, len(a.columns))}
	t.large = 100 * t.small
	return t
}

// gap sums the products of multipliers and the slacks of what they belong to: what the objective could gain, to first order, where the
// slacks close.
func (a *active) gap(w []float64) float64 {
	sum := 0.0
	for i, c := range a.columns {
		slack := 0.0
		switch q := c.quantity; {
		case c.equation:
		case c.second && a.p.pairs[c.pair].Mixed():
			slack = math.Abs(a.value[q])
		case c.orientation > 0:
			slack = a.value[q] - a.p.lower[q]
		default:
			slack = a.p.upper[q] - a.value[q]
		}
		sum += math.Abs(w[i]) * math.Max(slack, 0)
	}
	return sum
}

// classify answers the questions, the cheap and strong ones first.
func (t *tests) classify(ctx context.Context, out *Report) error {
	t.weak()
	residual, err := t.least(ctx)
	if err != nil {
		return err
	}
	out.Residual = residual / (1 + t.gradNorm)
	if out.W = t.judge(residual); out.W == Yes {
		t.keep(residual)
	}
	if out.W == No {
		// The direction keeps both members of every biactive pair at zero: it is one of every branch.
		out.Descent, out.DescentBranches = t.direction(), t.branchesAlong()
	}
	t.groups = t.blocks()
	if out.W == No || len(t.biactive) == 0 {
		out.A, out.C, out.M, out.S, out.B = out.W, out.W, out.W, out.W, out.W
	} else if err := t.classifyPairs(ctx, out); err != nil {
		t.conclude(out)
		return err
	}
	t.conclude(out)
	return t.qualify(ctx, out)
}

// classifyPairs answers the questions about biactive pairs.
func (t *tests) classifyPairs(ctx context.Context, out *Report) (err error) {
	for _, q := range []struct {
		answer *Verdict
		cells  []cell
		weaker []*Verdict
	}{
		{&out.S, cellsS, []*Verdict{&out.M, &out.C, &out.A, &out.W, &out.B}},
		{&out.M, cellsM, []*Verdict{&out.C, &out.A, &out.W}},
		{&out.C, cellsC, []*Verdict{&out.W}},
		{&out.A, cellsA, []*Verdict{&out.W}},
	} {
		if *q.answer != Undecided {
			continue
		}
		strongest, rest := slices.Clone(t.witness), t.rest
		if *q.answer, err = t.inSomeCells(ctx, q.cells); err != nil {
			return err
		}
		if out.C == Yes && q.answer == &out.A {
			t.witness, t.rest = strongest, rest
		}
		if *q.answer == Yes {
			for _, v := range q.weaker {
				*v = Yes
			}
		}
	}
	if out.B == Undecided {
		out.B, err = t.noDescent(ctx, out)
	}
	return err
}

// conclude writes down the witnesses.
func (t *tests) conclude(out *Report) {
	if t.witness != nil {
		out.Multipliers, out.Residual, out.Gap = t.multipliers(t.witness), t.rest/(1+t.gradNorm), t.gap(t.witness)
	}
	if out.Descent != nil {
		out.Slope = dot(t.grad, out.Descent)
	}
}

// reconcile takes answers back that contradict each other: B implies M, and S under MPCC-LICQ.
func (t *tests) reconcile(out *Report) {
	const inaccurate = "the answers on B and %s contradict each other: the point is too inaccurate for a judgement"
	if out.LICQ == Yes && out.B == Yes && out.S == No {
		out.B, out.S, out.Message = Undecided, Undecided, fmt.Sprintf(inaccurate, "S")
	}
	if out.B == Yes && out.M == No {
		out.B, out.M, out.Message = Undecided, Undecided, fmt.Sprintf(inaccurate, "M")
	}
}
