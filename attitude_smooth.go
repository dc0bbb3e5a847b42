package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// The pessimistic problem with convex followers that are not linear, min_x max { F(x,y) : y in S(x) }, is approached through
//
//	min_x max { F(x,y) : (y,u) in D_t(x) },
//
// where D_t(x) are the follower's optimality conditions with each pair relaxed by Scholtes' ab <= t. For t > 0 the inner problem has constraints that are
// qualified, and its own optimality conditions take its place: a program with complementarity, which the method on pairs solves, for t -> 0. Every
// decision that is met is judged by what the followers can do to the leader there, found anew by local searches over their optimal
// answers, and the best is kept. Source: Benchouk, Jolaoso, Nachi, Zemkoho (2024).

// worstParameters are the values of t.
var worstParameters = []float64{1, 1e-1, 1e-2, 1e-3, 1e-4}

// worstEvaluations bounds the evaluations for one value of t: where t is small the multipliers of the inner problem grow without a bound, and the last digits of
// the relaxed problem are worth little beside the judgement of its decision.
const worstEvaluations = 1500

// worstStarts bounds the number of starts where none is asked for.
const worstStarts = 4

// goesPessimistic reports whether the attitude is for the road of convex followers that are not linear.
func (s *solver) goesPessimistic() bool {
	if s.opt.Attitude.kind != pessimistic || s.m.NumFollowers() == 0 {
		return false
	}
	if auto := s.opt.Reform == "" || s.opt.Reform == "auto" || s.opt.Reform == "pessimistic"; !auto {
		return false
	}
	curved := false
	for _, c := range s.m.Classify().Followers {
		if c.Convex != model.Yes || c.Integers > 0 {
			return false
		}
		curved = curved || c.Class != model.Linear
	}
	return curved && s.tiePass().Accepts(s.m) != nil && s.smoothName(s.m) != ""
}

// coupling is the first constraint of the leader that uses a follower's variable, -1 where there is none.
func coupling(m *model.Model) int {
	for _, c := range m.Classify().Followers {
		if len(c.Coupling) > 0 {
			return c.Coupling[0]
		}
	}
	return -1
}

// worst is one solve of a pessimistic problem.
type worst struct {
	*solver
	p       *response.Problem
	smooth  smooth.Solver
	backend backends.Backend
	judged  []*judgement
	harmful [][]float64 // worst answers found, as points of the model: tried at the other decisions
}

// solvePessimistic follows t to zero from every start.
func (s *solver) solvePessimistic(ctx, search context.Context) (*Result, error) {
	if row := coupling(s.m); row >= 0 {
		return nil, &NoPlanError{Constructs: s.m.Constructs(), Where: s.m.RowName(row), Reason: "with followers that are not linear, leader's constraints on their answers would have to hold for infinitely many answers"}
	}
	name := s.smoothName(s.m)
	solver, err := backends.OpenSmooth(name)
	if err != nil {
		return nil, err
	}
	if solver == nil {
		return nil, &OptionError{"backend", name + " is not a smooth solver, and pessimistic answers of followers that are not linear need one"}
	}
	p, err := response.New(s.m)
	if err != nil {
		var not *response.NotForError
		if errors.As(err, &not) && not.Remedy != "" { // it is about the optimistic problem
			not.Remedy = "solve the optimistic problem, whose answer carries the pessimistic value of its decision"
		}
		return nil, s.noAnswerPlan("pessimistic", err)
	}
	w := &worst{solver: s, p: p, smooth: solver}
	if w.backend, err = backends.Open("highs"); err != nil {
		w.backend = nil
	}
	a := &attempt{chain: reform.NewChain(s.m), backend: name, method: "pessimistic", smooth: true}
	s.say("plan", "pessimistic, relaxed -> %s", name)
	n := s.numStarts()
	if s.opt.Multistart == 0 {
		n = min(n, worstStarts)
	}
	from := s.newStarts(a, n)
	for k := range from.count() {
		if k > 0 && search.Err() != nil {
			break
		}
		if err := ignoreStop(w.follow(search, a, from, k)); err != nil {
			return nil, err
		}
	}
	return w.conclude(ctx, search, a, from.first)
}

// follow solves the relaxed problems from one start.
func (w *worst) follow(ctx context.Context, a *attempt, from *starts, k int) error {
	x := append([]float64(nil), from.first...)
	if k > 0 {
		for i, j := range from.drawn {
			lo, hi := from.spread(j, k)
			x[j] = lo + from.sample.At(k-1, i)*(hi-lo)
		}
	}
	if err := w.judgeDecision(ctx, x); err != nil {
		return err
	}
	opt, err := w.followOptions(&attempt{backend: a.backend, method: "scholtes"})
	if err != nil {
		return err
	}
	opt.Seed += uint64(k)
	if opt.MaxEvaluations == 0 {
		opt.MaxEvaluations = worstEvaluations
	}
	var z []float64
	for _, t := range worstParameters {
		if ctx.Err() != nil {
			return nil
		}
		m, lift, err := w.relaxed(ctx, t)
		if err != nil {
			return err
		}
		if z == nil {
			z = lift(ctx, x)
		}
		problem, err := mpcc.FromModel(m)
		if err != nil {
			return err
		}
		r, err := mpcc.Solve(ctx, problem, z, opt)
		if err != nil {
			return err
		}
		if !r.Feasible() {
			continue
		}
		z = r.X
		if err := w.judgeDecision(ctx, z[:len(x)]); err != nil {
			return err
		}
	}
	return nil
}

// relaxed is the problem at t, with a map from points of the model to its points.
func (w *worst) relaxed(ctx context.Context, t float64) (*model.Model, func(context.Context, []float64) []float64, error) {
	c := reform.NewChain(w.m)
	for _, p := range []reform.Pass{reform.KKT{}, reform.Normalise{}, reform.Relax{Kind: reform.Scholtes, T: t}} {
		err := c.Apply(ctx, p)
		var no *reform.NotAcceptedError
		if errors.As(err, &no) && p.Name() != "kkt" {
			continue // no mixed pair, or no pair at all
		}
		if err != nil {
			return nil, nil, err
		}
	}
	m := c.Model().Derive()
	f := m.Follower("worst answer")
	inner := make([]bool, m.NumVars())
	for j := range inner {
		if inner[j] = j >= w.m.NumVars() || w.m.VarOwner(j) != 0; inner[j] {
			m.SetVarOwner(j, f.Index())
		}
	}
	for r := range m.NumRows() {
		mentions := false
		m.EachVar(m.RowFunction(r), func(j int) { mentions = mentions || inner[j] })
		if mentions {
			m.SetRowOwner(r, f.Index())
		}
	}
	o := m.Leader().Objective()
	against := o
	against.Name, against.Sense = m.FreshBase("worst"), model.Maximize
	if o.Sense == model.Maximize {
		against.Sense = model.Minimize
	}
	f.SetObjective(against)
	last := reform.NewChain(m)
	if err := last.Apply(ctx, reform.KKT{Stationary: true}); err != nil {
		return nil, nil, err
	}
	if err := last.Apply(ctx, reform.Normalise{}); err != nil {
		var no *reform.NotAcceptedError
		if !errors.As(err, &no) {
			return nil, nil, err
		}
	}
	lift := func(ctx context.Context, x []float64) []float64 {
		z, _ := last.Model().StartPoint()
		copy(z, x)
		p, err := verify.Respond(ctx, w.m, x, w.verifyOptions())
		if err != nil {
			return z
		}
		copy(z, p.X)
		if q, err := c.Lift(p); err == nil {
			copy(z, q.X)
		}
		return z
	}
	return last.Model(), lift, nil
}

// conclude checks the best decision with its worst answer. Where the search ended before any was answered, the first start is judged.
func (w *worst) conclude(ctx, search context.Context, a *attempt, first []float64) (*Result, error) {
	s := w.solver
	a.claim = &backends.Result{Status: model.StatusUnknown, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN()}
	if search.Err() != nil {
		a.claim.Status = model.StatusLimit
	}
	r := s.claimed(a)
	r.Attainment = AttainmentUnknown
	check, cancel := checkTime(ctx)
	defer cancel()
	if len(w.judged) == 0 && search.Err() != nil {
		if err := ignoreStop(w.judgeDecision(check, first)); err != nil {
			return nil, err
		}
	}
	best := w.settle(check)
	if best == nil || math.IsInf(best.value, 1) {
		if best != nil {
			r.Notes = append(r.Notes, "at each of the "+plural(len(w.judged), "decision")+" that were judged the leader's objective has no value at an optimal answer of the followers")
		}
		s.withoutPoint(r, a)
		return r, nil
	}
	c, err := verify.Check(check, s.m, best.at, s.verifyOptions())
	if err != nil {
		return nil, err
	}
	r.Point, r.Certificate, r.Optimistic = &model.Point{X: best.at}, c, c.Optimistic
	value := s.sense() * best.value
	worse := func(v float64) bool { return !math.IsNaN(v) && s.sense()*(v-value) > 1e-9*math.Max(1, math.Abs(value)) }
	if worse(c.Pessimistic) {
		value = c.Pessimistic
	}
	if worse(c.WorstFound) {
		if !best.safe {
			value = c.WorstFound
		}
		r.Notes = append(r.Notes, fmt.Sprintf("within the tolerance %g of the check the followers could bring the leader to %s", s.opt.Tolerance, format(c.WorstFound)))
	}
	r.Objective, r.Pessimistic = value, value
	r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
	if !c.Verified {
		r.Status, r.Proof = model.StatusReducedAccuracy, model.ProofNone
		r.Notes = append(r.Notes, "the point was not verified: nothing is claimed of it")
	}
	r.Notes = append(r.Notes, best.words(len(w.judged), worstLevel, format(value)))
	s.weighEvidence(r)
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}
