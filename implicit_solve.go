package bilevel

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/implicit"
	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// implicitWay names the method that minimises the leader's objective over the followers' answers as a function of the decision. Like the
// methods of firstOrderWays it looks at followers through their answers, takes the model with its followers as it is and must be the last of the chain.
const implicitWay = "implicit"

// answerWays are the names of all these methods.
func answerWays() []string {
	out := []string{implicitWay}
	for _, w := range firstOrderWays {
		out = append(out, w.name)
	}
	return out
}

// keepsFollowers reports whether a pass may stand before such a method.
func keepsFollowers(name string) bool {
	return name == "epigraph" || name == "smooth" || name == "tikhonov"
}

// asksForAnswers splits the chain that the options name into the passes before such a method and the method, and reports whether there is one.
func (s *solver) asksForAnswers() (before []string, way string, is bool) {
	if s.breaksTies() {
		return nil, "", false
	}
	for n := range strings.SplitSeq(s.opt.Reform, "+") {
		if n = strings.TrimSpace(n); contains(answerWays(), n) {
			return before, n, true
		}
		before = append(before, n)
	}
	return nil, "", false
}

// checkAnswerWays refuses chains in which such a method is not at the end, or stands after passes that leave no follower, and stages.
func checkAnswerWays(named []string, stage bool) error {
	for k, n := range named {
		switch {
		case !contains(answerWays(), n):
		case stage:
			return &OptionError{"reform", n + " is a method and makes no model: leave it out to see what it is given"}
		case k < len(named)-1:
			return &OptionError{"reform", fmt.Sprintf("%s is a method and must be the last of the chain; %s comes after it", n, named[k+1])}
		default:
			for _, b := range named[:k] {
				if !keepsFollowers(b) {
					return &OptionError{"reform", fmt.Sprintf("%s looks at the followers' answers, and before it may stand epigraph, smooth and tikhonov, not %s", n, b)}
				}
			}
		}
	}
	return nil
}

// answerRun is what a method found from one start.
type answerRun struct {
	start       int
	status      model.Status
	x           []float64
	objective   float64 // in minimisation form
	iterations  int
	evaluations int
	message     string
	sentence    string // what the method says of the point
	clarke      bool   // it is Clarke stationary, and the answer there the only one
}

// planAnswers applies the passes and says how the model would be solved by the method, or why it cannot be.
func (s *solver) planAnswers(ctx context.Context, before []string, way string) (*attempt, *response.Problem, error) {
	if !s.autoBackend() && !isSmooth(s.opt.Backend) {
		return nil, nil, &OptionError{"backend", way + " solves smooth programs: leave the backend out, or name one of " + strings.Join(smoothOrder, ", ")}
	}
	chain := reform.NewChain(s.m)
	if err := s.applyAll(ctx, chain, before); err != nil {
		return nil, nil, err
	}
	name := s.smoothName(chain.Model())
	if name == "" {
		return nil, nil, &NoPlanError{Constructs: s.m.Constructs(), Reason: "this binary has no smooth solver"}
	}
	p, err := response.New(chain.Model())
	if err != nil {
		return nil, nil, s.noAnswerPlan(way, err)
	}
	return &attempt{chain: chain, backend: name, method: way, smooth: true}, p, nil
}

// explainAnswers is the plan of such a method.
func (s *solver) explainAnswers(ctx context.Context, before []string, way string) (*Plan, error) {
	a, _, err := s.planAnswers(ctx, before, way)
	if err != nil {
		return nil, err
	}
	why := fmt.Sprintf("the followers are answered at each decision, from %s; %s solves their problems", plural(s.numStarts(), "start"), a.backend)
	return &Plan{Passes: a.plan(), Backend: a.backend, Why: append(a.chain.Notes, why)}, nil
}

// noAnswerPlan is the error of a method that is not one for the model.
func (s *solver) noAnswerPlan(way string, err error) error {
	var not *response.NotForError
	if errors.As(err, &not) {
		return &NoPlanError{Constructs: s.m.Constructs(), Reason: way + ": " + not.Error()}
	}
	return err
}

// solveAnswers runs a method from every start and concludes from the best point that is verified.
func (s *solver) solveAnswers(ctx, search context.Context, before []string, way string) (*Result, error) {
	a, p, err := s.planAnswers(search, before, way)
	if err != nil {
		return s.stopped(ctx, err)
	}
	s.say("plan", "%s -> %s", strings.Join(a.plan(), "+"), a.backend)
	solver, err := backends.OpenSmooth(a.backend)
	if err != nil {
		return nil, err
	}
	from := s.newStarts(a, s.numStarts())
	var runs []answerRun
	evaluations := 0
	for k := range from.count() {
		if left := s.opt.MaxEvaluations; k > 0 && (search.Err() != nil || left > 0 && evaluations >= left) {
			break
		}
		r, err := s.oneAnswerRun(search, p, from.point(search, k).X, way, solver, evaluations)
		if err != nil {
			return s.stopped(ctx, s.noAnswerPlan(way, err))
		}
		r.start = k
		evaluations += r.evaluations
		runs = append(runs, *r)
		if r.status == model.StatusUnbounded {
			break
		}
	}
	return s.concludeAnswers(ctx, search, a, runs)
}

// oneAnswerRun runs a method from one point.
func (s *solver) oneAnswerRun(ctx context.Context, p *response.Problem, x []float64, way string, solver smooth.Solver, spent int) (*answerRun, error) {
	backend, err := backends.Open("highs")
	if err != nil {
		backend = nil // a binary without it: the smooth solver answers linear followers, too
	}
	events := s.events()
	if way != implicitWay {
		return s.firstOrderRun(ctx, p, x, way, solver, backend)
	}
	opt := implicit.Options{Smooth: solver, Backend: backend, Progress: func(e implicit.Event) bool {
		events(backends.Event{Step: e.Phase, Iteration: e.Iteration, Incumbent: s.sense() * e.Objective, Bound: math.NaN(), Gap: math.NaN(), Residual: e.Residual})
		return true
	}}
	if s.opt.MaxEvaluations > 0 {
		opt.MaxEvaluations = max(1, s.opt.MaxEvaluations-spent)
	}
	r, err := implicit.Solve(ctx, p, x, opt)
	if err != nil {
		return nil, err
	}
	out := &answerRun{status: r.Status, x: r.X, objective: r.Objective, iterations: r.Iterations, evaluations: r.Evaluations, message: r.Message, clarke: r.Status == model.StatusLocal && !r.Singular && p.Convex}
	if r.Status == model.StatusLocal {
		out.sentence = fmt.Sprintf("the aggregate subgradient of the leader's objective over the followers' answers is %.1e with an error of %.1e", r.Residual, r.Error)
		if r.Kinks > 0 {
			out.sentence += fmt.Sprintf("; %d of %d evaluations were at kinks", r.Kinks, r.Evaluations)
		}
	}
	return out, nil
}

// concludeAnswers takes the best point that is verified.
func (s *solver) concludeAnswers(ctx, search context.Context, a *attempt, runs []answerRun) (*Result, error) {
	feasible := func(r answerRun) bool { return r.status == model.StatusLocal || r.status == model.StatusFeasible }
	slices.SortStableFunc(runs, func(p, q answerRun) int {
		switch fp, fq := feasible(p), feasible(q); {
		case fp && !fq:
			return -1
		case fq && !fp:
			return 1
		case fp:
			return cmp.Compare(p.objective, q.objective)
		}
		return cmp.Compare(p.start, q.start)
	})
	count, iterations := 0, 0
	for _, r := range runs {
		iterations += r.iterations
		if feasible(r) {
			count++
		}
	}
	if len(runs) > 1 {
		s.notes = append(s.notes, fmt.Sprintf("of %d starts %d led to a point that satisfies the constraints of both levels", len(runs), count))
	}
	a.claim = &backends.Result{Status: model.StatusUnknown, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Iterations: iterations}
	if search.Err() != nil {
		a.claim.Status = model.StatusLimit
		if errors.Is(search.Err(), context.Canceled) {
			a.claim.Status = model.StatusInterrupted
		}
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	best := answerRun{}
	for _, r := range runs[:count] {
		a.claim.Status, a.claim.Proof, a.claim.Objective, a.claim.Point = model.StatusFeasible, model.ProofFeasible, s.sense()*r.objective, &model.Point{X: r.x}
		best = r
		p, err := a.chain.Recover(a.claim.Point)
		if err != nil {
			return nil, err
		}
		if count > 1 {
			o := s.verifyOptions()
			o.SkipSpread = true
			if c, err := verify.Check(check, s.m, p.X, o); err != nil {
				return nil, err
			} else if !c.Verified && check.Err() == nil {
				continue
			}
		}
		break
	}
	r := s.claimed(a)
	if a.claim.Point == nil {
		s.withoutPoint(r, a)
		if len(runs) > 0 && runs[0].message != "" {
			r.Notes = append(r.Notes, a.method+": "+runs[0].message)
		}
		return r, s.fallBackOn(ctx, r)
	}
	p, err := a.chain.Recover(a.claim.Point)
	if err != nil {
		return nil, err
	}
	if err := s.certify(check, r, p); err != nil {
		return nil, err
	}
	if a.chain.Len() == 0 { // otherwise the objective of the claim is that of another model
		s.judge(r, a)
	} else if r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible; !r.Certificate.Verified {
		s.judge(r, a)
	}
	if err := s.betterStart(check, r); err != nil {
		return nil, err
	}
	moved := s.sense()*r.Objective < s.sense()*a.claim.Objective-1e-6*math.Max(1, math.Abs(r.Objective))
	if r.Certificate.Verified && best.sentence != "" && !moved && a.chain.Proof() >= model.ProofLocal {
		r.Notes = append(r.Notes, best.sentence)
		if best.clarke {
			r.Proof, r.Status, r.Stationarity = model.ProofLocal, model.StatusLocal, "Clarke"
		} else {
			s.classifyAnswer(check, r)
		}
	}
	s.weighEvidence(r)
	r.Seconds = time.Since(s.start).Seconds()
	return r, nil
}
