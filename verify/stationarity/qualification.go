package stationarity

import (
	"context"
	"math"
)

// qualify decides the constraint qualifications of the tightened problem, in which members of pairs that are zero stay so:
//
//	MPCC-LICQ  the gradients of all active constraints and members are linearly independent
//	MPCC-MFCQ  those of equations and of members are, and some direction leaves the other active constraints strictly behind
func (t *tests) qualify(ctx context.Context, out *Report) error {
	all := make([]int, len(t.columns))
	var equations []int
	for i, c := range t.columns {
		all[i] = i
		if c.equation || c.pair >= 0 {
			equations = append(equations, i)
		}
	}
	out.Active = len(all)
	out.Independence = t.independence(ctx, all)
	out.LICQ = t.judgeRank(out.Independence)
	if out.LICQ == Yes {
		out.MFCQ = Yes
		return nil
	}
	switch t.judgeRank(t.independence(ctx, equations)) {
	case No:
		out.MFCQ = No
		return nil
	case Undecided:
		return nil
	}
	if len(equations) == len(all) {
		return nil // undecided as the other one is: there is nothing but equations
	}
	return t.positivelyIndependent(ctx, out)
}

// judgeRank turns a measure of independence into an answer.
func (t *tests) judgeRank(independence float64) Verdict {
	switch {
	case independence > 100*t.opt.Rank:
		return Yes
	case independence <= t.opt.Rank:
		return No
	}
	return Undecided
}

// positivelyIndependent decides MPCC-MFCQ where the gradients b of equations are independent: it fails exactly if
//
//	Σ μ_i a_i + Σ λ_e b_e = 0,   μ >= 0,   Σ μ_i = 1
//
// for some multipliers (Motzkin), the gradients having largest entry 1 each. The residual of this system is the measure.
func (t *tests) positivelyIndependent(ctx context.Context, out *Report) error {
	extra := make([]float64, len(t.columns))
	signs := t.active.weakest()
	for i, g := range signs {
		if g == nonNegative {
			extra[i] = 1
		}
	}
	k := newKernel(t.active, extra, solversOwn)
	defer k.close()
	if rows, cols := k.size(signs); rows*cols > 1<<20 {
		return nil
	}
	if err := k.least(ctx, signs); err != nil {
		return err
	}
	worst := 0.0
	for _, r := range k.ls.residual {
		worst = math.Max(worst, math.Abs(r))
	}
	out.MFCQ = t.judgeRank(worst)
	return nil
}
