package bilevel

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// Explain classifies a model and says how it would be solved, and why not in other ways. The passes before the last choice are applied, no
// solver is started.
func Explain(m *Model, options ...Options) (*Explanation, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	e := &Explanation{Classification: m.Classify(), Constructs: m.Constructs(), Notes: m.Notes}
	ctx := context.Background()
	names, err := s.chain(m, false)
	if s.goesWorstGlobal() {
		e.Plan, err = s.planWorstGlobal()
	} else if s.asksForAnswerCuts() && err == nil || s.goesAnswerCuts() {
		e.Plan, err = s.planAnswerCuts()
	} else if s.asksForGlobal() && err == nil || s.goesGlobal() {
		e.Plan, err = s.planGlobal()
	} else if s.asksForRegions() && err == nil {
		e.Plan, err = s.planRegions(ctx)
	} else if s.goesManyWays() {
		e.Plan, err = s.planManyWays()
	} else if _, is := s.asksForValueFunction(); is && err == nil {
		e.Plan, err = s.planValueFunction()
	} else if before, way, is := s.asksForAnswers(); is && err == nil {
		e.Plan, err = s.explainAnswers(ctx, before, way)
	} else if err == nil {
		chain := reform.NewChain(m)
		var rest []string
		var backend string
		var why []string
		var followed string
		if names, followed, err = method(names); err == nil {
			err = s.applyAll(ctx, chain, names)
			followed = s.followedPairs(chain.Model(), followed)
		}
		if err == nil && s.goesSmooth(chain.Model().Constructs(), followed) {
			var a *attempt
			if a, err = s.reformulateSmooth(ctx, chain, names, followed); err == nil {
				e.Plan = &Plan{Passes: a.plan(), Backend: a.backend, Why: append(a.chain.Notes, s.notes...)}
				e.Statements = a.chain.Followers
			}
		} else if err == nil {
			if rest, backend, why, err = s.finish(chain.Model()); err == nil {
				e.Plan = &Plan{Passes: append(chain.Names(), rest...), Backend: backend, Why: append(chain.Notes, why...)}
				e.Statements = chain.Followers
			}
		}
		if s.goesGlobalInstead(err) {
			e.Plan, err = s.planGlobal()
		}
	}
	var unknown *backends.UnknownError
	if errors.Is(err, reform.ErrUnknownPass) || errors.As(err, &unknown) {
		return nil, err
	}
	if err != nil {
		e.NoPlan = err.Error()
	}
	e.Rejected = s.rejected(ctx, e.Plan)
	return e, nil
}

// rejected lists the other ways, each with the reason why it is not taken.
func (s *solver) rejected(ctx context.Context, plan *Plan) []Rejected {
	if s.goesWorstGlobal() {
		return []Rejected{{Chain: "pessimistic", Reason: reasonOf(s.tiePass().Accepts(s.m))}}
	}
	if s.breaksTies() {
		return []Rejected{{Chain: "kkt", Reason: "it is for the optimistic attitude; pessimistic replaces the followers for the attitude " + s.opt.Attitude.String()}}
	}
	var out []Rejected
	taken := ""
	if plan != nil {
		taken = strings.Join(plan.Passes, "+") + plan.Backend
	}
	dualised := plan != nil && contains(plan.Passes, "dualise")
	for _, first := range []string{"dualise", "kkt", "strong-duality"} {
		if s.m.NumFollowers() == 0 {
			break
		}
		if plan != nil && contains(plan.Passes, first) {
			continue
		}
		p := s.pass(first, s.m)
		if err := p.Accepts(s.m); err != nil {
			out = append(out, Rejected{Chain: first, Reason: reasonOf(err)})
			continue
		}
		switch {
		case first == "dualise" && plan != nil:
			out = append(out, Rejected{Chain: first, Reason: "possible, but another way is asked for"})
		case first == "kkt" && dualised:
			out = append(out, Rejected{Chain: first, Reason: "possible, but the dual problems need no pairs"})
		}
		if first == "strong-duality" {
			r, err := p.Apply(ctx, s.m)
			if err != nil {
				out = append(out, Rejected{Chain: first, Reason: err.Error()})
				continue
			}
			if name, why := pickBackend(r.Model.Constructs()); name == "" {
				out = append(out, Rejected{Chain: first, Reason: "products of leader's variables and multipliers remain: " + why})
			} else if dualised {
				out = append(out, Rejected{Chain: first, Backend: name, Reason: "possible, but the leader wants the dual objective as it is: no constraint is needed to hold it"})
			} else {
				out = append(out, Rejected{Chain: first, Backend: name, Reason: "possible, but kkt also gives the pairs by which the search proceeds"})
			}
		}
	}
	if err := (reform.PriceProduct{}).Accepts(s.m); err != nil && s.m.NumFollowers() > 0 {
		out = append(out, Rejected{Chain: "price-product", Reason: reasonOf(err)})
	}
	for _, way := range []struct{ last, backend, reason string }{
		{"big-m", "highs", "a bound is needed for every multiplier and slack; those that cannot be proven would be assumed"},
		{"sos1", "highs", "HiGHS takes no SOS1 sets: they would go through binary variables and big-M"},
		{"indicator", "highs", "HiGHS takes no indicator constraints: they would go through big-M"},
	} {
		if plan == nil || s.m.NumFollowers() == 0 && s.m.NumPairs() == 0 || contains(plan.Passes, way.last) {
			continue
		}
		chain := "kkt+" + way.last
		if s.m.NumFollowers() == 0 {
			chain = way.last
		}
		if chain+way.backend != taken {
			out = append(out, Rejected{Chain: chain, Backend: way.backend, Reason: way.reason})
		}
	}
	if plan != nil {
		c := s.m.Constructs()
		for _, n := range backends.Names() {
			if b, err := backends.Open(n); err == nil && n != plan.Backend {
				if extra := c.Without(b.Capabilities().Takes); extra != 0 {
					out = append(out, Rejected{Chain: "as it is", Backend: n, Reason: fmt.Sprintf("%s does not take %v", n, extra)})
				}
			}
		}
	}
	return out
}

func reasonOf(err error) string {
	if e, ok := err.(*reform.NotAcceptedError); ok {
		s := e.Reason
		if e.Where != "" {
			s = e.Where + ": " + s
		}
		return s
	}
	return err.Error()
}

// Stage returns the model after the passes of a chain, "kkt" or "kkt+big-m", as it would be handed on; "" is the model as it is. A
// price-product that the planner would add is applied first. The Notes of the result say what the passes did, and which bounds are assumed.
func Stage(ctx context.Context, m *Model, after string, options ...Options) (*Model, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	if after == "" {
		return m, nil
	}
	s.opt.Reform = after
	if err := s.setAttitude(); err != nil {
		return nil, err
	}
	names, err := s.chain(m, true)
	if err != nil {
		return nil, err
	}
	if contains(names, mStationary) {
		return nil, &OptionError{"reform", mStationary + " solves a system of equations and makes no model: leave it out to see what it is given"}
	}
	if contains(names, globalWay) {
		return nil, &OptionError{"reform", globalWay + " divides the box of the variables and makes no model"}
	}
	if contains(names, answerCutsWay) {
		return nil, &OptionError{"reform", answerCutsWay + " solves integer programs with more and more cuts and makes no model"}
	}
	if contains(names, regionsWay) {
		return nil, &OptionError{"reform", regionsWay + " solves one program for each critical region of the followers and makes no model; kkt shows the pairs that it decides"}
	}
	for _, n := range valueFunctionNames() {
		if contains(names, n) {
			return nil, &OptionError{"reform", n + " solves a system of equations and makes no model; value-function shows the form that it is about"}
		}
	}
	chain := reform.NewChain(m)
	for i, n := range names {
		if removesPairs(n) && chain.Model().Constructs().Has(model.MixedPairs) && (i == 0 || names[i-1] != "normalise") {
			if err := s.applyAll(ctx, chain, []string{"normalise"}); err != nil {
				return nil, err
			}
		}
		if err := s.applyAll(ctx, chain, []string{n}); err != nil {
			return nil, err
		}
	}
	if chain.Len() == 0 {
		return m, nil
	}
	last := chain.Model()
	last.Notes = append(append([]string(nil), m.Notes...), chain.Notes...)
	return last, nil
}

// Check measures a point: one value a variable, in the order of the model. See verify.Check.
func Check(ctx context.Context, m *Model, x []float64, options ...Options) (*verify.Certificate, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.limited(ctx)
	defer cancel()
	return verify.Check(ctx, m, x, s.verifyOptions())
}
