package bilevel

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
	"github.com/gobilevel/bilevel/reform"
)

// valueFunctionIterations is what one run may take: those that end at a zero take some twenty, and there are many.
const valueFunctionIterations = 500

// solveValueFunction solves the optimality systems of the value-function form from every start with every weight, and concludes from the
// best point that the followers confirm.
func (s *solver) solveValueFunction(ctx, search context.Context, how system.Method) (*Result, error) {
	plan, err := s.planValueFunction()
	if err != nil {
		return nil, err
	}
	a := &attempt{chain: reform.NewChain(s.m), backend: plan.Backend, method: plan.Passes[0], smooth: true}
	s.say("plan", "%s -> %s", a.method, a.backend)
	p, err := valuefunction.New(s.m)
	if err != nil {
		return nil, err
	}
	from := s.newStarts(a, s.numStarts())
	drawing, stop := shareOf(search, 4)
	starts := []valuefunction.Start{{X: from.first}}
	for k := range from.count() {
		if drawing.Err() != nil {
			break
		}
		q := from.point(drawing, k)
		if q.RowDuals == nil || q.VarDuals == nil {
			q = &model.Point{X: q.X}
		}
		switch answered := q.RowDuals != nil; {
		case k == 0 && answered:
			starts[0].Answer = q
		case k > 0 && answered:
			starts = append(starts, valuefunction.Start{X: q.X, Answer: q})
		case k > 0:
			starts = append(starts, valuefunction.Start{X: q.X})
		}
	}
	stop()
	opt := valuefunction.Options{Method: how, MaxIterations: valueFunctionIterations, Threads: s.threads(), Verify: s.verifyOptions()}
	if s.opt.Penalty > 0 {
		opt.Lambdas = []float64{s.opt.Penalty}
	}
	events := s.events()
	opt.Progress = func(r valuefunction.Run) {
		e := backends.Event{Step: fmt.Sprintf("λ = %.4g", r.Lambda), Iteration: r.Iterations, Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Residual: r.Residual}
		if r.Verified() {
			e.Incumbent = r.Value
		}
		events(e)
	}
	found, err := p.Solve(search, starts, opt)
	if err != nil {
		return s.stopped(ctx, err)
	}
	return s.concludeValueFunction(ctx, search, a, found)
}

// concludeValueFunction states what the runs have found.
func (s *solver) concludeValueFunction(ctx, search context.Context, a *attempt, found *valuefunction.Result) (*Result, error) {
	best := found.Best
	a.claim = &backends.Result{Status: model.StatusFailed, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Iterations: found.Iterations, Seconds: found.Seconds}
	if search.Err() != nil {
		a.claim.Status = model.StatusLimit
	}
	s.notes = append(s.notes, fmt.Sprintf("of %s %d ended at a zero of the optimality system, and %d gave a point that the followers confirm",
		plural(len(found.Runs), "run"), found.Zeros, found.Verified))
	if best == nil || !best.Verified() {
		a.claim.Message = "no run led to a point that is bilevel feasible"
		r := s.claimed(a)
		s.withoutPoint(r, a)
		return r, s.fallBackOn(ctx, r)
	}
	a.claim.Status, a.claim.Proof, a.claim.Objective = model.StatusFeasible, model.ProofFeasible, best.Value
	a.claim.Point = &model.Point{X: best.Candidate}
	r := s.claimed(a)
	check, cancel := checkTime(ctx)
	defer cancel()
	if err := s.certify(check, r, a.claim.Point); err != nil {
		return nil, err
	}
	s.judge(r, a)
	if err := s.betterStart(check, r); err != nil {
		return nil, err
	}
	if best.Stationary() && s.sense()*(r.Objective-best.Value) > -1e-6*math.Max(1, math.Abs(best.Value)) {
		r.Notes = append(r.Notes, fmt.Sprintf("the point satisfies the conditions of first order of the value-function form with the weight %.4g", best.Lambda))
		s.classifyAnswer(check, r)
	}
	s.weighEvidence(r)
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}

// classifyAnswer calls a verified answer local where it is stationary for the optimality conditions of the followers, which must be known
// not to be nonconvex.
func (s *solver) classifyAnswer(ctx context.Context, r *Result) {
	if !r.Certificate.Verified || r.Proof != model.ProofFeasible {
		return
	}
	opt := s.opt
	opt.Reform = ""
	rep, err := Stationarity(ctx, s.m, r.Point.X, opt)
	if err != nil {
		r.Notes = append(r.Notes, "of which kind of stationarity it is among the followers' optimality conditions could not be judged: "+strings.TrimPrefix(err.Error(), "kkt: "))
		return
	}
	if letter := classLetters[rep.Class]; letter != "" {
		r.StationarityReport, r.Stationarity = rep, letter
		r.Proof, r.Status = model.ProofLocal, model.StatusLocal
	}
}
