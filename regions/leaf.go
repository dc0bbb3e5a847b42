package regions

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
)

// leaves solves the leader's problem over the points of the optimality conditions that share a pattern: of each pair the slack or the multiplier is zero. Every such
// point is bilevel feasible.
type leaves struct {
	p        *Problem
	sign     float64
	arrays   *highs.Arrays // minimised
	lp       *highs.LP     // nil where the objective is quadratic
	lo, hi   []float64     // of the columns and rows at hand
	rlo, rhi []float64
	own      []int // the leader's pairs
	integer  bool
	changed  []int32 // scratch
	solved   int
}

// verdict is what came of a leaf.
type verdict struct {
	status highs.Status // Optimal, Infeasible, Unbounded, or another where the leaf stays open
	x      []float64    // a point of kkt, nil where there is none that is better than the cutoff
	value  float64      // of x
	bound  float64      // on the leaf, +Inf where it has no point
}

func newLeaves(p *Problem) (*leaves, error) {
	m := p.kkt
	bare := m.Derive()
	bare.RemovePairs(func(int) bool { return true })
	a, err := highs.Lower(bare)
	if err != nil {
		return nil, err
	}
	l := &leaves{p: p, sign: m.Leader().Objective().Sense.Sign(), arrays: a}
	if a.Maximize {
		a.Maximize, a.Offset = false, -a.Offset
		for _, v := range [][]float64{a.Cost, a.QValue} {
			for j := range v {
				v[j] = -v[j]
			}
		}
	}
	for j, is := range a.Integer {
		if is {
			a.ColLower[j], a.ColUpper[j] = math.Ceil(a.ColLower[j]-1e-9), math.Floor(a.ColUpper[j]+1e-9)
			l.integer = true
		}
	}
	of := make([]bool, m.NumPairs())
	for _, list := range p.pairs {
		for _, k := range list {
			if k >= 0 {
				of[k] = true
			}
		}
	}
	for k, is := range of {
		if !is {
			l.own = append(l.own, k)
		}
	}
	l.lo, l.hi = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	l.rlo, l.rhi = append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	if len(a.QStart) == 0 {
		b := *a
		b.Integer = nil
		if l.lp, err = highs.NewLP(&b, highs.LPOptions{}); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *leaves) close() {
	if l.lp != nil {
		l.lp.Close()
	}
}

// fix makes the bounds those of a pattern, nil for none. It is false where they contradict each other.
func (l *leaves) fix(pattern [][]bool) (bool, error) {
	a := l.arrays
	lo, hi := append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	rlo, rhi := append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	for f, list := range pattern {
		for i, tight := range list {
			k := l.p.pairs[f][i]
			if k < 0 {
				continue
			}
			s := l.p.kkt.Pair(k).A
			if tight {
				s = l.p.kkt.Pair(k).B
			}
			low, high, first, last := lo, hi, a.ColLower, a.ColUpper
			if s.Row {
				low, high, first, last = rlo, rhi, a.RowLower, a.RowUpper
			}
			if s.Side == model.AtUpper {
				low[s.Index] = math.Max(low[s.Index], last[s.Index])
			} else {
				high[s.Index] = math.Min(high[s.Index], first[s.Index])
			}
			if low[s.Index] > high[s.Index] {
				return false, nil
			}
		}
	}
	if l.lp != nil {
		if err := l.change(l.lo, l.hi, lo, hi, l.lp.ChangeColBounds); err != nil {
			return false, err
		}
		if err := l.change(l.rlo, l.rhi, rlo, rhi, l.lp.ChangeRowBounds); err != nil {
			return false, err
		}
	}
	l.lo, l.hi, l.rlo, l.rhi = lo, hi, rlo, rhi
	return true, nil
}

func (l *leaves) change(oldLo, oldHi, lo, hi []float64, set func(index []int32, lower, upper []float64) error) error {
	l.changed = l.changed[:0]
	var a, b []float64
	for j := range lo {
		if lo[j] != oldLo[j] || hi[j] != oldHi[j] {
			l.changed = append(l.changed, int32(j))
			a, b = append(a, lo[j]), append(b, hi[j])
		}
	}
	if len(a) == 0 {
		return nil
	}
	return set(l.changed, a, b)
}

// relaxation is a bound on all leaves together, -Inf where there is none: that of the optimality conditions without any pair. empty is true where they have no point.
func (l *leaves) relaxation(ctx context.Context) (bound float64, empty bool, err error) {
	if l.lp == nil {
		return math.Inf(-1), false, nil
	}
	if _, err := l.fix(nil); err != nil {
		return 0, false, err
	}
	switch st, err := l.lp.SolveRobust(ctx); {
	case err != nil:
		return 0, false, err
	case st == highs.Optimal:
		return l.lp.Objective(), false, nil
	case st == highs.Infeasible:
		return math.Inf(1), true, nil
	}
	return math.Inf(-1), false, nil
}

// solve finds the best point of a pattern, if one is better than the cutoff.
func (l *leaves) solve(ctx context.Context, pattern [][]bool, cutoff float64) (verdict, error) {
	none := verdict{status: highs.Infeasible, value: math.Inf(1), bound: math.Inf(1)}
	ok, err := l.fix(pattern)
	if err != nil || !ok {
		return none, err
	}
	l.solved++
	if l.lp == nil {
		return l.quadratic(ctx)
	}
	st, err := l.lp.SolveRobust(ctx)
	switch {
	case err != nil:
		return none, err
	case st == highs.Infeasible:
		return none, nil
	case st == highs.Unbounded && len(l.own) == 0 && !l.integer:
		return verdict{status: st, bound: math.Inf(-1), value: math.Inf(1)}, nil
	case st == highs.Unbounded || st == highs.InfeasibleOrUnbounded:
		return l.search(ctx)
	case st != highs.Optimal:
		return verdict{status: st, bound: math.Inf(-1), value: math.Inf(1)}, nil
	}
	v := verdict{status: st, bound: l.lp.Objective()}
	v.value = v.bound
	if v.bound >= cutoff {
		return v, nil
	}
	v.x = make([]float64, len(l.lo))
	if err := l.lp.Primal(v.x); err != nil {
		return none, err
	}
	if l.violates(v.x) {
		return l.search(ctx)
	}
	return v, nil
}

// violates reports whether a pair or an integer variable of the leader does not hold.
func (l *leaves) violates(x []float64) bool {
	for j, is := range l.arrays.Integer {
		if is && math.Abs(x[j]-math.Round(x[j])) > 1e-7 {
			return true
		}
	}
	for _, k := range l.own {
		if l.p.kkt.PairViolation(k, x) > 1e-7 {
			return true
		}
	}
	return false
}

// search solves the leaf by the search on the leader's own pairs and integer variables.
func (l *leaves) search(ctx context.Context) (verdict, error) {
	d := l.p.kkt.Derive()
	for j := range l.lo {
		if lo, hi := d.VarBounds(j); lo != l.lo[j] || hi != l.hi[j] {
			d.SetVarBounds(j, l.lo[j], l.hi[j])
		}
	}
	for r := range l.rlo {
		if lo, hi := d.RowBounds(r); lo != l.rlo[r] || hi != l.rhi[r] {
			d.SetRowBounds(r, l.rlo[r], l.rhi[r])
		}
	}
	own := map[int]bool{}
	for _, k := range l.own {
		own[k] = true
	}
	d.RemovePairs(func(k int) bool { return !own[k] })
	d.ClearImplied()
	r, err := branch.Solve(ctx, d, branch.Options{Threads: 1})
	if err != nil {
		return verdict{}, fmt.Errorf("a leaf: %w", err)
	}
	out := verdict{status: highs.Unknown, x: r.X, value: math.Inf(1), bound: math.Inf(-1)}
	if r.X != nil {
		out.value = l.sign * r.Objective
	}
	switch r.Proof {
	case model.ProofInfeasible:
		out.status, out.bound = highs.Infeasible, math.Inf(1)
	case model.ProofUnbounded:
		out.status = highs.Unbounded
	case model.ProofGlobal:
		out.status, out.bound = highs.Optimal, l.sign*r.Bound
	default:
		if !math.IsNaN(r.Bound) {
			out.bound = l.sign * r.Bound
		}
	}
	return out, nil
}

// quadratic solves a leaf with a convex quadratic objective.
func (l *leaves) quadratic(ctx context.Context) (verdict, error) {
	if len(l.own) > 0 || l.integer {
		return l.search(ctx)
	}
	a := *l.arrays
	a.ColLower, a.ColUpper, a.RowLower, a.RowUpper = l.lo, l.hi, l.rlo, l.rhi
	s, err := highs.Solve(ctx, &a, highs.SolveOptions{}, nil)
	if err != nil {
		return verdict{}, err
	}
	switch {
	case s.Status == highs.Infeasible:
		return verdict{status: s.Status, value: math.Inf(1), bound: math.Inf(1)}, nil
	case s.Status == highs.Optimal && s.Accurate:
		return verdict{status: s.Status, x: s.X, value: s.Objective, bound: math.Min(s.Objective, orInf(s.Bound))}, nil
	}
	return l.search(ctx)
}

func orInf(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}
