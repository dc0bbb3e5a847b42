package bilevel

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/answercut"
	"github.com/gobilevel/bilevel/reform"
)

// answerCutsWay names the method for linear followers with integer variables that integer variables of the leader reach: see package answercut. It takes
// the model with its followers as it is: the only name of its chain.
const answerCutsWay = "answer-cuts"

// asksForAnswerCuts reports whether the options name this method.
func (s *solver) asksForAnswerCuts() bool {
	return strings.TrimSpace(s.opt.Reform) == answerCutsWay && !s.breaksTies()
}

// goesAnswerCuts reports whether a model goes this way without being asked to: where a follower has integer variables.
func (s *solver) goesAnswerCuts() bool {
	if !s.isAuto() || s.breaksTies() || s.onPath || s.locally || s.m.NumFollowers() == 0 || !s.wholeFollowers() || answercut.Accepts(s.m) != nil {
		return false
	}
	_, err := backends.Open("highs")
	return err == nil
}

// checkAnswerCutsChain refuses a chain in which the method has company.
func checkAnswerCutsChain(named []string) error {
	if contains(named, answerCutsWay) && len(named) > 1 {
		return &OptionError{"reform", answerCutsWay + " takes the followers as they are and must stand alone"}
	}
	return nil
}

// planAnswerCuts says how the model would be solved by the method, or why it cannot be.
func (s *solver) planAnswerCuts() (*Plan, error) {
	if !s.autoBackend() && s.opt.Backend != "highs" {
		return nil, &OptionError{"backend", answerCutsWay + " solves integer programs by HiGHS: leave the backend out, or name highs"}
	}
	if _, err := backends.Open("highs"); err != nil {
		return nil, err
	}
	if err := answercut.Accepts(s.m); err != nil {
		return nil, &NoPlanError{Constructs: s.m.Constructs(), Reason: err.Error()}
	}
	const why = "each decision of the relaxation without the followers' objectives gets its answer, which cuts off worse ones at all decisions that admit it"
	return &Plan{Passes: []string{answerCutsWay}, Backend: "highs", Why: []string{why}}, nil
}

// solveAnswerCuts solves the model by the method. What it cannot bound, and what rounding stopped, goes to the global method where the way was not asked for.
func (s *solver) solveAnswerCuts(ctx, search context.Context) (*Result, error) {
	plan, err := s.planAnswerCuts()
	if err != nil {
		return nil, err
	}
	s.say("plan", "%s -> %s", answerCutsWay, plan.Backend)
	o := answercut.Options{Gap: s.opt.Gap, Threads: s.opt.Threads, Seed: s.opt.Seed}
	for _, p := range []*model.Point{s.opt.Start, s.warm} {
		if p != nil && len(p.X) == s.m.NumVars() && !slices.ContainsFunc(p.X, math.IsNaN) {
			o.Starts = append(o.Starts, p.X)
		}
	}
	events := s.events()
	o.Progress = func(t answercut.Statistics) {
		events(backends.Event{Step: answerCutsWay, Iteration: t.Rounds, Nodes: t.Nodes, Incumbent: t.Incumbent, Bound: t.Bound,
			Gap: globalDistance(t.Incumbent, t.Bound), Residual: math.NaN()})
	}
	found, err := answercut.Solve(search, s.m, o)
	var no *answercut.UnsupportedError
	switch {
	case errors.As(err, &no) && s.isAuto() && s.goesGlobal():
		s.notes = append(s.notes, no.Error())
		return s.solveBothWays(ctx, search)
	case errors.As(err, &no):
		return nil, &NoPlanError{Constructs: s.m.Constructs(), Reason: no.Error()}
	case err != nil:
		return s.stopped(ctx, err)
	}
	s.notes = append(s.notes, plan.Why...)
	t := found.Statistics
	a := &attempt{chain: reform.NewChain(s.m), backend: plan.Backend, method: answerCutsWay}
	a.claim = &backends.Result{Status: found.Status, Proof: found.Proof, Objective: found.Objective, Bound: found.Bound, Gap: math.NaN(), Nodes: t.Nodes, Iterations: t.Iterations}
	if found.X != nil {
		a.claim.Point = &model.Point{X: found.X}
	}
	s.notes = append(s.notes, plural(t.Rounds, "decision")+" answered, "+plural(t.Cuts, "cut"))
	if found.Note != "" {
		s.notes = append(s.notes, answerCutsWay+": "+found.Note)
	}
	r, err := s.conclude(ctx, a)
	if err == nil && found.Note != "" && s.isAuto() && s.goesGlobal() {
		if r.confirmed() {
			s.fallback = r.Point
		}
		s.notes = []string{answerCutsWay + ": " + found.Note}
		return s.thenGlobal(ctx, search, r)
	}
	return r, err
}
