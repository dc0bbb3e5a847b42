package bilevelglobal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/verify"
)

// Solve finds a global optimum of an optimistic bilevel problem, see the package comment for what is proven. It honours ctx and the time limit
// within a second, and is deterministic unless a limit of time ends it. Errors are those of m.Err, of type *UnsupportedError and *OptionError.
func Solve(ctx context.Context, m *model.Model, opt Options) (*Answer, error) {
	start := time.Now()
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	a := &Answer{F: math.NaN(), Bound: math.NaN(), Gap: math.NaN()}
	s, err := newSearch(ctx, m, opt, start, nil)
	if err != nil {
		return a.stopped(ctx, err)
	}
	first := s.first()
	if s.contract(first, nil) && s.tighten(ctx, first) {
		stats := s.stats
		if s, err = newSearch(ctx, m, opt, start, first.in); err != nil {
			return a.stopped(ctx, err)
		}
		s.stats = stats
		s.firstIncumbents(ctx)
		first = s.first()
		if s.contract(first, nil) && s.tighten(ctx, first) {
			s.freeze(first)
			s.measureAgainst(first)
			s.run(ctx, first)
		}
	}
	a.Notes = append(a.Notes, s.p.kinds...)
	s.conclude(ctx, a)
	return a, nil
}

// stopped makes an answer of an error that is due to the end of ctx.
func (a *Answer) stopped(ctx context.Context, err error) (*Answer, error) {
	switch {
	case ctx.Err() == nil:
		return nil, err
	case errors.Is(ctx.Err(), context.Canceled):
		a.Status = model.StatusInterrupted
	default:
		a.Status = model.StatusLimit
	}
	return a, nil
}

func newSearch(ctx context.Context, m *model.Model, opt Options, start time.Time, in []expr.Interval) (*search, error) {
	p, err := newProblem(ctx, m, in)
	if err != nil {
		return nil, err
	}
	s := &search{p: p, opt: opt, start: start, followers: m.FollowerProblems(), cost: math.Inf(1), reserve: incumbent{cost: math.Inf(1)}, undecided: math.Inf(1), told: start}
	s.vals = make([]expr.Interval, len(p.g.nodes))
	s.widths = make([]float64, len(p.box))
	for j := range s.widths {
		s.widths[j] = 1
	}
	return s, nil
}

// first is the box that holds all.
func (s *search) first() *box {
	return &box{in: append([]expr.Interval(nil), s.p.box...), zero: make([]int8, len(s.p.pairs)), bound: math.Inf(-1)}
}

// measureAgainst makes a box the one that the sizes of others are compared with.
func (s *search) measureAgainst(b *box) {
	for j, v := range b.in {
		s.widths[j] = math.Max(1e-6, math.Min(v.Width(), 1e10))
	}
}

// tighten narrows the ranges of the model's variables by the linear relaxation: the least and the largest value of each. It reports whether anything is
// left.
func (s *search) tighten(ctx context.Context, b *box) bool {
	for range 3 {
		s.measureAgainst(b)
		before, infinite := s.measure(b.in), countInfinite(b.in[:s.p.n])
		for j := range s.p.n {
			if ctx.Err() != nil {
				return true
			}
			r := s.relaxation(b, nil, nil)
			clear(r.a.Cost)
			k := s.p.g.vars[j]
			v := b.in[j]
			r.a.Cost[k] = 1
			low := solveRelaxation(ctx, r)
			r.a.Cost[k] = -1
			high := solveRelaxation(ctx, r)
			s.stats.Programs += 2
			if low.empty || high.empty {
				return false
			}
			margin := func(t float64) float64 { return 1e-7 * math.Max(1, math.Abs(t)) }
			b.in[j] = v.Intersect(expr.Interval{Lo: low.bound - margin(low.bound), Hi: -high.bound + margin(high.bound)})
			if b.in[j].IsEmpty() || !s.contract(b, nil) {
				return false
			}
		}
		if countInfinite(b.in[:s.p.n]) == infinite && !(s.measure(b.in) < 0.8*before) {
			break
		}
	}
	return true
}

func countInfinite(in []expr.Interval) int {
	n := 0
	for _, v := range in {
		if isInfinite(v) {
			n++
		}
	}
	return n
}

// freeze gives variables that no function mentions a value: any does.
func (s *search) freeze(b *box) {
	for j := range s.p.n {
		if s.p.used[j] {
			continue
		}
		v := middle(s.p.box[j])
		if s.best != nil {
			v = s.best[j]
		}
		b.in[j] = expr.Point(v)
	}
}

// conclude says what was established.
func (s *search) conclude(ctx context.Context, a *Answer) {
	s.stats.Seconds = time.Since(s.start).Seconds()
	for _, f := range s.p.followers {
		s.stats.Seeds += len(f.seeds)
	}
	a.Statistics = s.stats
	s.takeReserve(ctx)
	bound := s.bound()
	s.polish(ctx)
	a.Assumed = s.assumed
	done := len(s.open) == 0 && ctx.Err() == nil && !s.halted
	switch {
	case errors.Is(ctx.Err(), context.Canceled), s.halted:
		a.Status = model.StatusInterrupted
	case !done:
		a.Status = model.StatusLimit
	case s.best == nil && math.IsInf(s.undecided, 1):
		a.Status = model.StatusInfeasible
	case s.best == nil || s.cost-bound > s.opt.Gap*math.Max(1, math.Abs(s.cost))*(1+1e-9):
		a.Status = model.StatusUnknown
	default:
		a.Status = model.StatusOptimal
	}
	a.Proof = model.ProofNone
	if s.best == nil {
		if a.Status == model.StatusInfeasible && len(a.Assumed) == 0 {
			a.Proof = model.ProofInfeasible
		} else if a.Status == model.StatusInfeasible {
			a.Status = model.StatusUnknown
			a.Notes = append(a.Notes, "there is no bilevel-feasible point in the box that was searched; beyond it nothing is known")
		} else {
			a.Bound = s.p.sign * bound
		}
		return
	}
	a.Point = &model.Point{X: s.best}
	a.F, a.Certificate = s.p.sign*s.cost, s.cert
	b := math.Min(bound, s.cost)
	a.Bound = s.p.sign * b
	a.Gap = (s.cost - b) / math.Max(1, math.Abs(s.cost))
	a.Proof = model.ProofFeasible
	if a.Status == model.StatusOptimal {
		switch {
		case s.cert.Evidence < verify.EvidenceConditions:
			a.Notes = append(a.Notes, "no better point exists, but that the followers' answer at this one is optimal rests on searches")
		case s.atAssumed(a.Assumed) != "":
			a.Status, a.Bound, a.Gap = model.StatusFeasible, math.NaN(), math.NaN()
			a.Notes = append(a.Notes, fmt.Sprintf("the point lies at the end of the box that was searched, or beyond it: %s has no bound, and points farther out may be better, without end", s.atAssumed(a.Assumed)))
		case len(a.Assumed) > 0:
			a.Proof = model.ProofGlobalIfBounds
		default:
			a.Proof = model.ProofGlobal
		}
	}
}

// atAssumed names a variable that the best point has at the bound that was assumed of it, or beyond, "" where there is none.
func (s *search) atAssumed(list []Assumed) string {
	for _, a := range list {
		for j := range s.p.m.NumVars() {
			if s.p.m.VarName(j) == a.Variable && math.Abs(s.best[j]) >= 0.99*a.Bound {
				return a.Variable
			}
		}
	}
	return ""
}
