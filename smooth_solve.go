package bilevel

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/mstationary"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// reformulateSmooth ends a chain that is left to a smooth solver. The conditions of the followers that the search on pairs likes are then
// left out again: what is redundant makes multipliers that are not unique.
func (s *solver) reformulateSmooth(ctx context.Context, chain *reform.Chain, names []string, followed string) (*attempt, error) {
	if k := slices.Index(names, "kkt-strong"); k >= 0 && (s.opt.Reform == "" || s.opt.Reform == "auto") {
		names = append([]string(nil), names...)
		names[k] = "kkt"
		chain = reform.NewChain(s.m)
		if err := s.applyAll(ctx, chain, names); err != nil {
			return nil, err
		}
	}
	rest, backend, how, why, err := s.finishSmooth(chain.Model(), followed)
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes, why...)
	if err := s.applyAll(ctx, chain, rest); err != nil {
		return nil, err
	}
	a := &attempt{chain: chain, backend: backend, method: how, smooth: true}
	if chain.Infeasible {
		return a.infeasible(), nil
	}
	s.say("plan", "%v -> %s", a.plan(), a.backend)
	return a, nil
}

// runSmooth sets out from each start, on as many threads as there are, and keeps the best answer that can be verified. What is found does not
// depend on the number of threads, unless a limit of time ends it.
func (s *solver) runSmooth(ctx context.Context, a *attempt) error {
	m := a.chain.Model()
	problem, err := mpcc.FromModel(m)
	if err != nil {
		return err
	}
	if problem.NumPairs() == 0 {
		if done, err := s.provenAlone(ctx, a); done || err != nil {
			return err
		}
	}
	if s.withoutAnyPoint(ctx, a) || s.withoutJointPoint(ctx, a) {
		return nil
	}
	solve, evaluations, err := s.solveFrom(a)
	if err != nil {
		return err
	}
	from := s.newStarts(a, s.numStarts())
	runs, err := s.runAll(ctx, problem, from, solve, evaluations)
	if err != nil {
		return err
	}
	s.countRuns(runs)
	claims := make([]*backends.Result, len(runs))
	for k, r := range runs {
		claims[k] = claimOf(r.result, m, problem.NumPairs())
		claims[k].Iterations = r.result.Iterations
	}
	a.claim = claims[0]
	if a.claim.Point == nil || len(claims) == 1 && !s.mayMissAnswers(a.chain) {
		return nil
	}
	return s.firstVerified(ctx, a, claims)
}

// provenAlone hands a model without pairs to the backend as it is, from the first start, and reports whether the answer is more than a local
// one: the backend proves what it can of convex models.
func (s *solver) provenAlone(ctx context.Context, a *attempt) (bool, error) {
	b, err := backends.Open(a.backend)
	if err != nil {
		return false, err
	}
	claim, err := b.Solve(ctx, a.chain.Model(), s.backendOptions(s.newStarts(a, 1).point(ctx, 0)), s.events())
	if err != nil {
		return false, err
	}
	if claim.Proof <= model.ProofLocal {
		return false, nil
	}
	a.claim = claim
	return true, nil
}

// mayMissAnswers reports whether a follower's constraints are not known to be qualified, so that KKT's conditions may exclude answers.
func (s *solver) mayMissAnswers(c *reform.Chain) bool {
	for _, f := range c.Followers {
		if !f.Qualification.Holds() {
			return true
		}
	}
	return false
}

// secondOpinion hands the model to the other smooth solver where the first one has found nothing that is stationary and the choice is ours, and
// returns the attempt with the better claim.
func (s *solver) secondOpinion(ctx context.Context, a *attempt) *attempt {
	if !s.autoBackend() || a.solved || a.method == mStationary || a.claim == nil || a.claim.Proof >= model.ProofLocal || ctx.Err() != nil {
		return a
	}
	for _, name := range preferred(a.chain.Model().NumVars()) {
		if name == a.backend {
			continue
		}
		b := *a
		b.backend, b.claim, b.verified = name, nil, false
		before := len(s.notes)
		if s.runSmooth(ctx, &b) != nil || b.claim == nil || b.claim.Point == nil {
			s.notes = s.notes[:before]
			continue
		}
		if a.claim.Point == nil || b.claim.Proof > a.claim.Proof || s.sense()*(b.claim.Objective-a.claim.Objective) < 0 {
			s.notes = append(s.notes, fmt.Sprintf("%s found no stationary point: %s went on", a.backend, name))
			return &b
		}
		s.notes = s.notes[:before]
	}
	return a
}

// withoutQualification tries the conditions of Fritz John, which no answer of the followers escapes, after those of KKT, where some answers may, and
// returns the attempt with the better verified point. It is left out where a chain was asked for, and for larger models.
func (s *solver) withoutQualification(ctx context.Context, a *attempt) *attempt {
	auto := s.opt.Reform == "" || s.opt.Reform == "auto"
	k := slices.Index(a.chain.Names(), "kkt")
	if !auto || k < 0 || s.m.NumVars() > fewVariables || !s.mayMissAnswers(a.chain) || ctx.Err() != nil || a.claim == nil || a.solved {
		return a
	}
	names := a.chain.Names()[:k+1]
	names[k] = "fritz-john"
	chain := reform.NewChain(s.m)
	before := len(s.notes)
	if s.applyAll(ctx, chain, names) != nil {
		return a
	}
	b, err := s.reformulateSmooth(ctx, chain, names, "")
	if err == nil && !b.solved {
		err = s.runSmooth(ctx, b)
	}
	own := append([]string(nil), s.notes[before:]...)
	s.notes = s.notes[:before]
	if err != nil || b.claim == nil || !b.verified || a.verified && s.sense()*(b.claim.Objective-a.claim.Objective) > -1e-6*math.Max(1, math.Abs(a.claim.Objective)) {
		return a
	}
	s.notes = append(own, "the point is one that the conditions of Karush, Kuhn and Tucker miss: the follower's constraints are not qualified there")
	return b
}

// A model of at most fewVariables variables is solved from severalStarts points where nothing else is asked for.
const fewVariables, severalStarts = 30, 8

// numStarts is the number of points to set out from.
func (s *solver) numStarts() int {
	switch {
	case s.opt.Multistart > 0:
		return s.opt.Multistart
	case s.m.NumVars() <= fewVariables:
		return severalStarts
	}
	return 1
}

// oneStart solves the problem of a model from start k, with at most so many evaluations (0: no limit).
type oneStart func(ctx context.Context, p *mpcc.Problem, k int, x []float64, evaluations int) (*mpcc.Result, error)

// solveFrom is the method of an attempt, and the evaluations that it may spend in all.
func (s *solver) solveFrom(a *attempt) (oneStart, int, error) {
	if a.method == mStationary {
		return s.bySystem(a), s.opt.MaxEvaluations, nil
	}
	opt, err := s.followOptions(a)
	return func(ctx context.Context, p *mpcc.Problem, k int, x []float64, evaluations int) (*mpcc.Result, error) {
		o := opt
		o.Seed, o.MaxEvaluations = o.Seed+uint64(k), evaluations
		return mpcc.Solve(ctx, p, x, o)
	}, opt.MaxEvaluations, err
}

// bySystem solves the system of M-stationarity.
func (s *solver) bySystem(a *attempt) oneStart {
	m := a.chain.Model()
	return func(ctx context.Context, p *mpcc.Problem, _ int, x []float64, _ int) (*mpcc.Result, error) {
		program, err := smooth.Compile(m)
		if err != nil {
			return nil, err
		}
		r, err := mstationary.Solve(ctx, program, stationarity.PairsOf(m), mstationary.Start{X: x}, mstationary.Options{})
		if err != nil {
			return nil, err
		}
		out := &mpcc.Result{Status: r.Status, X: r.X, Objective: r.Objective, Iterations: r.Iterations, Evaluations: r.Evaluations, Seconds: r.Seconds, Message: r.Message}
		out.Violation, out.Complementarity = p.Residual(r.X)
		if out.Feasible() {
			return out, nil
		}
		if math.Max(out.Violation, out.Complementarity) <= s.opt.Tolerance && r.Solved() {
			out.Status = model.StatusLocal
		}
		return out, nil
	}
}

// followOptions are the settings of a method that follows a parameter.
func (s *solver) followOptions(a *attempt) (mpcc.Options, error) {
	solver, err := backends.OpenSmooth(a.backend)
	if err != nil {
		return mpcc.Options{}, err
	}
	name := strings.TrimPrefix(strings.TrimPrefix(a.method, "relax:"), "ncp:")
	how, err := mpcc.ParseMethod(name)
	if err != nil {
		return mpcc.Options{}, &OptionError{"reform", err.Error()}
	}
	events := s.events()
	return mpcc.Options{Method: how, Solver: solver, Native: s.factors(solver), Seed: uint64(s.opt.Seed), MaxEvaluations: s.opt.MaxEvaluations,
		Feasibility: s.opt.Tolerance,
		Progress: func(e mpcc.Event) bool {
			events(backends.Event{Step: e.Stage, Iteration: e.Iterations, Incumbent: s.sense() * e.Incumbent, Bound: math.NaN(), Gap: math.NaN(), Residual: e.Complementarity})
			return true
		}}, nil
}

// factors are the options of the built-in solver that say how it factorises; nil for another one.
func (s *solver) factors(solver smooth.Solver) map[string]string {
	if solver.Name() != "builtin" {
		return nil
	}
	o := map[string]string{"threads": strconv.Itoa(min(s.opt.Threads, 1024))}
	if s.without(apartFactors) {
		o["blocks"] = "no"
	}
	return o
}

// run is a solve from one start.
type run struct {
	start  int
	result *mpcc.Result
}

// compare orders runs: feasible points by their objective, after them the others by their violation.
func (r run) compare(q run) int {
	value := func(r run) (group, v float64) {
		if r.result.Feasible() {
			return 0, r.result.Objective
		}
		return 1, math.Max(r.result.Violation, r.result.Complementarity)
	}
	rg, rv := value(r)
	qg, qv := value(q)
	return cmp.Or(cmp.Compare(rg, qg), cmp.Compare(rv, qv), cmp.Compare(r.start, q.start))
}

// preferLocal moves those first that are stationary among the runs whose values are the best one up to what the tolerances may make of it: a
// point that uses up the tolerance of a constraint is not better.
func preferLocal(runs []run) {
	if len(runs) == 0 || !runs[0].result.Feasible() {
		return
	}
	best := runs[0].result.Objective
	tied := 1
	for tied < len(runs) && runs[tied].result.Feasible() && runs[tied].result.Objective-best <= 1e-6*math.Max(1, math.Abs(best)) {
		tied++
	}
	slices.SortStableFunc(runs[:tied], func(a, b run) int {
		local := func(r run) int {
			if r.result.Status == model.StatusLocal {
				return 0
			}
			return 1
		}
		return local(a) - local(b)
	})
}

// runAll solves from all starts and sorts the answers, the best one first.
func (s *solver) runAll(ctx context.Context, problem *mpcc.Problem, from *starts, solve oneStart, evaluations int) ([]run, error) {
	n := from.count()
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		next    int
		spent   int
		runs    []run
		failure error
	)
	work := func(p *mpcc.Problem) {
		for {
			mu.Lock()
			k, left := next, 0
			if evaluations > 0 {
				left = max(1, evaluations-spent)
			}
			if k == n || failure != nil || k > 0 && (ctx.Err() != nil || evaluations > 0 && spent >= evaluations) {
				mu.Unlock()
				return
			}
			next++
			mu.Unlock()
			start := from.point(ctx, k)
			r, err := solve(ctx, p, k, start.X, left)
			mu.Lock()
			if err != nil {
				failure = err
			} else {
				spent += r.Evaluations
				runs = append(runs, run{k, r})
			}
			mu.Unlock()
		}
	}
	for w := range min(s.threads(), n) {
		p := problem
		if w > 0 {
			p = problem.Clone()
		}
		wg.Go(func() { work(p) })
	}
	wg.Wait()
	if failure != nil {
		return nil, failure
	}
	slices.SortFunc(runs, run.compare)
	preferLocal(runs)
	return runs, nil
}

// countRuns notes how many starts led where.
func (s *solver) countRuns(runs []run) {
	if len(runs) < 2 {
		return
	}
	feasible, best := 0, 0
	for _, r := range runs {
		if r.result.Feasible() {
			feasible++
			if math.Abs(r.result.Objective-runs[0].result.Objective) <= 1e-6*math.Max(1, math.Abs(runs[0].result.Objective)) {
				best++
			}
		}
	}
	s.notes = append(s.notes, fmt.Sprintf("of %d starts %d led to a feasible point, %d of them to the best value", len(runs), feasible, best))
}

// claimOf is what an answer of the method says of the last model.
func claimOf(r *mpcc.Result, m *model.Model, pairs int) *backends.Result {
	sign := m.Leader().Objective().Sense.Sign()
	c := &backends.Result{Status: r.Status, Proof: model.ProofNone, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Iterations: r.Iterations, Seconds: r.Seconds, Message: r.Message}
	if r.Feasible() {
		c.Point, c.Objective, c.Proof = &model.Point{X: r.X}, sign*r.Objective, model.ProofFeasible
		if r.Status == model.StatusLocal || r.Status == model.StatusOptimal {
			c.Proof = model.ProofLocal
		}
	}
	return c
}

// firstVerified takes the best claim whose point passes the check in the original model.
func (s *solver) firstVerified(ctx context.Context, a *attempt, claims []*backends.Result) error {
	tried := math.NaN()
	for _, c := range claims {
		if c.Point == nil || math.Abs(c.Objective-tried) <= 1e-9*math.Max(1, math.Abs(tried)) {
			continue
		}
		tried = c.Objective
		p, err := a.chain.Recover(c.Point)
		if err != nil {
			return err
		}
		vo := s.verifyOptions()
		vo.SkipSpread = true
		cert, err := verify.Check(ctx, s.m, p.X, vo)
		if err != nil {
			return err
		}
		if cert.Verified {
			a.claim, a.verified = c, true
			return nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil
}
