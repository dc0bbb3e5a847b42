package bilevel

import (
	"context"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// run hands the last model of the chain to the backend.
func (s *solver) run(ctx context.Context, a *attempt) error {
	if a.smooth {
		return s.runSmooth(ctx, a)
	}
	opt, events := s.backendOptions(s.startPoint(ctx, a)), s.events()
	var err error
	if a.backend == "branch" {
		a.claim, a.search, err = branch.SolveModel(ctx, a.chain.Model(), opt, s.searchOptions(a, events))
		return err
	}
	b, err := backends.Open(a.backend)
	if err != nil {
		return err
	}
	a.claim, err = b.Solve(ctx, a.chain.Model(), opt, events)
	return err
}

// searchOptions are those of the search on the last model of a chain.
func (s *solver) searchOptions(a *attempt, events func(backends.Event)) branch.Options {
	o := branch.Options{Events: events, Complete: s.completer(a), Opportunistic: s.opt.Opportunistic}
	if contains(a.chain.Names(), "probe") {
		o.ProbeTime = -1
	}
	if s.beside != nil {
		o.Reserved = func() int { return int(s.beside.Load()) }
	}
	if s.session {
		o.Warm, o.Learned = s.learned, func(w *branch.Warm) { s.learned = w }
	}
	s.switchOff(&o)
	return o
}

// startPoint lifts a given start to the last model: the leader's decision, with the followers' answers.
func (s *solver) startPoint(ctx context.Context, a *attempt) *model.Point {
	if s.warm != nil {
		if p, err := a.chain.Lift(s.warm); err == nil {
			return p
		}
	}
	x := []float64(nil)
	if s.opt.Start != nil {
		x = s.opt.Start.X
	} else if start, given := s.m.StartPoint(); given {
		x = start
	}
	if len(x) != s.m.NumVars() {
		return nil
	}
	return s.answered(ctx, a, x)
}

// answered completes the leader's decision in x by the followers' answers, and lifts it to the last model; nil where that fails.
func (s *solver) answered(ctx context.Context, a *attempt, x []float64) *model.Point {
	if s.m.NumFollowers() == 0 {
		p, err := a.chain.Lift(&model.Point{X: x})
		if err != nil {
			return nil
		}
		return p
	}
	if s.breaksTies() {
		return s.worstAnswered(ctx, a, x)
	}
	p, err := s.answer(ctx, a.chain.Names(), x)
	if err != nil || p == nil {
		return nil
	}
	if p, err = a.chain.Lift(p); err != nil {
		return nil
	}
	return p
}

func (s *solver) verifyOptions() verify.Options { return VerifyOptions(s.opt) }

// VerifyOptions are the settings of a check of points with the solvers of this binary.
func VerifyOptions(opt Options) verify.Options {
	o := verify.Options{Tolerance: opt.Tolerance, Threads: opt.Threads, Seed: uint64(opt.Seed)}
	if b, err := backends.Open("highs"); err == nil {
		o.Backend = b
	}
	if list := preferred(0); len(list) > 0 {
		o.Smooth, _ = backends.OpenSmooth(list[0])
	}
	return o
}
