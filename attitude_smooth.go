package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
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

// worstLevel is by how much, relative to max(1, |φ|), an answer may miss the optimal value in the search for the worst one. Where the follower's objective
// is strongly convex that moves an answer by its root.
const worstLevel = 1e-9

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
	best    *model.Point
	value   float64 // in minimisation form
	tried   int
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
		return nil, s.noAnswerPlan("pessimistic", err)
	}
	w := &worst{solver: s, p: p, smooth: solver, value: math.Inf(1)}
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
		if err := w.follow(search, a, from, k); err != nil {
			return s.stopped(ctx, err)
		}
	}
	return w.conclude(ctx, search, a)
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

// judgeDecision finds the worst answer to a decision and keeps it where it is the best so far.
func (w *worst) judgeDecision(ctx context.Context, x []float64) error {
	x = slices.Clone(x)
	for _, j := range w.p.LeaderOwn {
		lo, hi := w.p.Bounds(j)
		x[j] = math.Min(math.Max(x[j], lo), hi)
	}
	if !w.decides(x) {
		return nil
	}
	a, err := w.p.At(ctx, x, nil, response.Solvers{Smooth: w.smooth, Backend: w.backend})
	var none *response.NoAnswerError
	if errors.As(err, &none) {
		return nil
	}
	if err != nil {
		return err
	}
	w.tried++
	value, at := w.worstAnswer(ctx, x, a)
	if at != nil && value < w.value-1e-9*math.Max(1, math.Abs(value)) {
		w.value, w.best = value, &model.Point{X: at}
	}
	return nil
}

// decides reports whether a decision satisfies the leader's constraints, which mention no answers.
func (w *worst) decides(x []float64) bool {
	for r := range w.m.NumRows() {
		if w.p.Only[r] && w.m.RowViolation(r, x) > 1e-7*math.Max(1, math.Abs(w.m.RowValue(r, x))) {
			return false
		}
	}
	return true
}

// worstAnswer maximises the leader's objective, in minimisation form, over the answers that are optimal to worstLevel, from the optimal answer, the guess in
// x and points about them.
func (w *worst) worstAnswer(ctx context.Context, x []float64, a *response.Answer) (float64, []float64) {
	d := w.p.Model.HighPoint()
	for _, j := range w.p.LeaderOwn {
		d.SetVarBounds(j, x[j], x[j])
	}
	for r := range d.NumRows() {
		if w.p.Only[r] { // decided, and perhaps missed by rounding
			d.SetRowBounds(r, -model.Inf, model.Inf)
		}
	}
	d.AddRow(0, d.FreshBase("optimal"), w.p.InnerFunction(d), -model.Inf, a.Value+worstLevel*math.Max(1, math.Abs(a.Value)))
	acc := d.Accumulator()
	acc.AddFunction(-w.sense(), w.m.Leader().Objective().F)
	d.Leader().SetObjective(model.Objective{Name: "harm", Set: true, F: acc.Function()})
	program, err := smooth.Compile(d)
	if err != nil {
		return math.Inf(1), nil
	}
	worst, at := -math.Inf(1), []float64(nil)
	consider := func(z []float64) {
		if v := w.sense() * w.m.ObjectiveValue(0, z); v > worst {
			worst, at = v, slices.Clone(z)
		}
	}
	consider(a.X)
	for k := range 2 + 2*min(len(w.p.Own), 4) {
		start := slices.Clone(a.X)
		switch {
		case k == 1:
			copy(start, x)
		case k > 1:
			j := w.p.Own[(k-2)/2]
			start[j] += float64(1-2*(k%2)) * math.Max(1, math.Abs(start[j]))
		}
		r, err := w.smooth.Solve(ctx, program, smooth.Start{X: start}, smooth.Options{Tolerance: 1e-9, MaxIterations: 300})
		if err != nil || r.Violation > 1e-8 {
			continue
		}
		consider(r.X)
	}
	return worst, at
}

// conclude checks the best decision with its worst answer.
func (w *worst) conclude(ctx, search context.Context, a *attempt) (*Result, error) {
	s := w.solver
	a.claim = &backends.Result{Status: model.StatusUnknown, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN()}
	if search.Err() != nil {
		a.claim.Status = model.StatusLimit
	}
	r := s.claimed(a)
	r.Attainment = AttainmentUnknown
	if w.best == nil {
		s.withoutPoint(r, a)
		return r, nil
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	c, err := verify.Check(check, s.m, w.best.X, s.verifyOptions())
	if err != nil {
		return nil, err
	}
	r.Point, r.Certificate, r.Objective = w.best, c, c.Objective
	r.Pessimistic, r.Optimistic = c.Objective, c.Optimistic
	if found := c.WorstFound; !math.IsNaN(found) && s.sense()*(found-r.Pessimistic) > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("within the tolerance %g of the check the followers could bring the leader to %s", s.opt.Tolerance, format(found)))
	}
	r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
	if !c.Verified {
		r.Status, r.Proof = model.StatusReducedAccuracy, model.ProofNone
		r.Notes = append(r.Notes, "the point was not verified: nothing is claimed of it")
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%s judged by the worst optimal answer that local searches find: the value holds as far as these reach", plural(w.tried, "decision")))
	s.weighEvidence(r)
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}
