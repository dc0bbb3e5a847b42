package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// Solve finds the leader's best decision, with the followers answering optimally and, among their optimal answers, as the leader likes best
// (the optimistic problem). It honours ctx and the time limit within a second and then returns the best point found so far. Infeasible,
// unbounded and stopped are results; an error means mistakes in the model (model.BuildError), that there is no way to solve it in this
// binary (NoPlanError, reform.NotAcceptedError), or that a solver broke.
func Solve(ctx context.Context, m *Model, options ...Options) (*Result, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.limited(ctx)
	defer cancel()
	search, stop := searchTime(ctx)
	defer stop()
	r, err := s.solve(ctx, search)
	return r.attaining().sayingStarts(s), inModel(m, err)
}

// searchTime ends a little before the deadline of ctx, so that what was found can still be checked in time.
func searchTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	reserve := min(time.Until(deadline)/20, 10*time.Second)
	return context.WithDeadline(ctx, deadline.Add(-reserve))
}

// OptionError says which option has a value that it cannot have.
type OptionError struct {
	Option, Problem string
}

func (e *OptionError) Error() string { return fmt.Sprintf("option %s: %s", e.Option, e.Problem) }

// solver is one call of Solve.
type solver struct {
	m     *model.Model
	opt   Options
	bigM  float64 // current big-M for bounds without proof
	start time.Time
	mu    *sync.Mutex // of events, which two ways of a race may report
	notes []string
	// fallback is the followers' answer to the start.
	fallback *model.Point
	level    *float64 // see reform.Pessimistic
	// warm is a verified point of this model that an earlier solve of a Session has left.
	warm *model.Point
	// answeredStarts are the starts of a local method as the followers answer them.
	answeredStarts []*model.Point
	// learned is what the searches of a Session hand on.
	session bool
	learned *branch.Warm
	// onPath says that this is one step of a path, see solvePath.
	onPath bool
	alone  bool // the global method is the only way that there is
	// locally says that the global method has its turn later, see solveBothWays.
	locally bool
	// closing says that the global method follows a local answer, with fewer boxes.
	closing bool
	// beside counts the threads that the enumeration of critical regions takes from the search; nil: it does not run.
	beside *atomic.Int32
	// whole says that the chain takes followers' answers to be whole, see pricesWholeAnswers.
	whole bool
	// gapAsked says that the options name a gap.
	gapAsked bool
}

func newSolver(m *model.Model, options []Options) (*solver, error) {
	s := &solver{m: m, start: time.Now(), mu: &sync.Mutex{}}
	if m == nil {
		return nil, &OptionError{"model", "there is none: build one with NewModel"}
	}
	if len(options) > 1 {
		return nil, &OptionError{"options", "give at most one Options value"}
	}
	if len(options) == 1 {
		s.opt = options[0]
	}
	o := &s.opt
	const mostThreads = 1024
	switch {
	case math.IsNaN(o.Gap) || o.Gap >= 1 || o.Gap < 0:
		return nil, &OptionError{"gap", fmt.Sprintf("%v is not in [0, 1)", o.Gap)}
	case math.IsNaN(o.BigM) || o.BigM < 0 || math.IsInf(o.BigM, 0):
		return nil, &OptionError{"big-m", fmt.Sprintf("%v is not a positive finite number", o.BigM)}
	case math.IsNaN(o.RelaxT) || o.RelaxT < 0 || math.IsInf(o.RelaxT, 0):
		return nil, &OptionError{"relax-t", fmt.Sprintf("%v is not a positive finite number", o.RelaxT)}
	case math.IsNaN(o.Penalty) || o.Penalty < 0 || math.IsInf(o.Penalty, 0):
		return nil, &OptionError{"penalty", fmt.Sprintf("%v is not a positive finite number", o.Penalty)}
	case math.IsNaN(o.Tolerance) || o.Tolerance < 0 || o.Tolerance >= 1:
		return nil, &OptionError{"tolerance", fmt.Sprintf("%v is not in (0, 1)", o.Tolerance)}
	case o.TimeLimit < 0:
		return nil, &OptionError{"time-limit", fmt.Sprintf("%v is negative", o.TimeLimit)}
	case o.Threads < 0:
		return nil, &OptionError{"threads", fmt.Sprintf("%d is negative", o.Threads)}
	case o.Threads > mostThreads:
		return nil, &OptionError{"threads", fmt.Sprintf("%d is more than %d, the most that solvers take; 0 leaves the number to them", o.Threads, mostThreads)}
	case o.Multistart < 0:
		return nil, &OptionError{"multistart", fmt.Sprintf("%d is negative", o.Multistart)}
	case o.MaxEvaluations < 0:
		return nil, &OptionError{"max-evaluations", fmt.Sprintf("%d is negative", o.MaxEvaluations)}
	}
	s.gapAsked = o.Gap != 0
	if o.Gap == 0 {
		o.Gap = 1e-6
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if err := o.checkIdeas(); err != nil {
		return nil, err
	}
	if err := s.setAttitude(); err != nil {
		return nil, err
	}
	if err := (Way{o.Reform, o.Backend}).Check(); err != nil {
		return nil, err
	}
	s.bigM = o.BigM
	return s, m.Err()
}

func (s *solver) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.opt.TimeLimit > 0 {
		return context.WithTimeout(ctx, s.opt.TimeLimit)
	}
	return context.WithCancel(ctx)
}

func (s *solver) event(e Event) {
	if s.opt.Events != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		e.Elapsed = time.Since(s.start)
		s.opt.Events(e)
	}
}

func (s *solver) say(step, format string, args ...any) {
	s.event(Event{Step: step, Message: fmt.Sprintf(format, args...), Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN()})
}

// attempt is one way through the chain: what the backend claims and what became of it.
type attempt struct {
	chain   *reform.Chain
	backend string
	claim   *backends.Result
	search  *branch.Statistics // of the search on pairs, nil where that did not run
	solved  bool               // the root of the search was enough
	// method is how a smooth solver is led along the pairs, see finishSmooth; smooth says that it is one.
	method string
	smooth bool
	// verified says that the claim's point passes the check in the original model, where that was looked at already.
	verified bool
	// pointless says that the constraints of both levels have no point together, whatever the reformulation assumes.
	pointless bool
}

// plan lists the passes, and the method on pairs where there is one.
func (a *attempt) plan() []string {
	names := a.chain.Names()
	if a.method != "" {
		names = append(names, a.method)
	}
	return names
}

// infeasible is the attempt of a chain in which a pass has proven the model infeasible.
func (a *attempt) infeasible() *attempt {
	a.solved = true
	a.claim = &backends.Result{Status: model.StatusInfeasible, Proof: model.ProofInfeasible, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN()}
	a.chain.Assumed = nil
	return a
}

// solve builds the chain, solves, enlarges assumed bounds where needed, recovers and verifies.
func (s *solver) solve(ctx, search context.Context) (*Result, error) {
	hostile := s.breaksTies()
	if !hostile {
		s.firstPoint(search)
	}
	if s.asksForAnswerCuts() || s.goesAnswerCuts() {
		return s.solveAnswerCuts(ctx, search)
	}
	if s.asksForGlobal() {
		return s.solveGlobal(ctx, search)
	}
	if s.goesGlobal() {
		return s.solveBothWays(ctx, search)
	}
	if s.asksForRegions() {
		return s.solveRegions(ctx, search)
	}
	if s.goesRegions() {
		return s.solveBesideRegions(ctx, search)
	}
	if s.goesManyWays() {
		return s.solveManyWays(ctx, search)
	}
	if how, is := s.asksForValueFunction(); is {
		return s.solveValueFunction(ctx, search, how)
	}
	if s.goesWorstGlobal() {
		return s.solveWorstGlobal(ctx, search)
	}
	if hostile && s.goesPessimistic() {
		return s.solvePessimistic(ctx, search)
	}
	if s.followsPath() {
		r, err := s.solvePath(ctx, search)
		if s.goesGlobalInstead(err) {
			return s.solveOnlyGlobal(ctx, search)
		}
		return r, err
	}
	if before, way, is := s.asksForAnswers(); is {
		if _, err := s.chain(s.m, false); err != nil {
			return nil, err
		}
		return s.solveAnswers(ctx, search, before, way)
	}
	a, err := s.reformulate(search)
	if s.goesGlobalInstead(err) {
		return s.solveOnlyGlobal(ctx, search)
	}
	if err != nil {
		return s.stopped(ctx, err)
	}
	if !a.solved {
		if err := s.run(search, a); err != nil {
			return s.stopped(ctx, err)
		}
		if a.smooth {
			a = s.secondOpinion(search, a)
			a = s.withoutQualification(search, a)
		}
	}
	if len(a.chain.Assumed) > 0 {
		if a, err = s.enlarge(search, a); err != nil {
			return s.stopped(ctx, err)
		}
	}
	if hostile {
		return s.concludeAttitude(ctx, search, a)
	}
	r, err := s.conclude(ctx, a)
	if err == nil && s.closes(search, a, r) {
		s.notes, s.closing = nil, true
		if r.confirmed() {
			s.fallback = r.Point
		}
		return s.thenGlobal(ctx, search, r)
	}
	return r, err
}

// stopped turns an interruption before the search into a result; other errors stay errors.
func (s *solver) stopped(ctx context.Context, err error) (*Result, error) {
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	r := s.empty()
	r.Status = model.StatusLimit
	if errors.Is(err, context.Canceled) {
		r.Status = model.StatusInterrupted
	}
	return r, s.fallBackOn(ctx, r)
}

// firstPoint answers the start, or zero, by the followers, within a moment: something to report where the search is stopped before it
// finds a point of its own.
func (s *solver) firstPoint(ctx context.Context) {
	if s.warm != nil {
		s.fallback = s.warm
		return
	}
	if s.m.NumFollowers() == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	x, _ := s.m.StartPoint()
	if s.opt.Start != nil && len(s.opt.Start.X) == len(x) {
		x = s.opt.Start.X
	}
	if p, err := verify.BestTie(ctx, s.m, x, s.verifyOptions()); err == nil {
		s.fallback = p
	}
}

// fallBackOn gives a result without a point the best that is known, if it can be verified.
func (s *solver) fallBackOn(ctx context.Context, r *Result) error {
	check, cancel := checkTime(ctx)
	defer cancel()
	if s.breaksTies() {
		return s.fallBackOnTies(check, r)
	}
	if s.fallback == nil {
		return nil
	}
	t := *r
	if err := s.certify(check, &t, s.fallback); err != nil {
		return err
	}
	if t.Certificate.Verified {
		t.Status, t.Proof, t.Bound, t.Gap = model.StatusFeasible, model.ProofFeasible, math.NaN(), math.NaN()
		t.Notes = append(t.Notes, "the search found no point: this is the one that it started from")
		t.Seconds = time.Since(s.start).Seconds()
		*r = t
	}
	return nil
}

func (s *solver) empty() *Result {
	return &Result{Model: s.m, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Seconds: time.Since(s.start).Seconds(),
		Attitude: s.opt.Attitude, Optimistic: math.NaN(), Pessimistic: math.NaN(), Infimum: math.NaN(),
		Notes: append(append([]string(nil), s.m.Notes...), s.notes...)}
}

// reformulate applies the passes.
func (s *solver) reformulate(ctx context.Context) (*attempt, error) {
	names, err := s.chain(s.m, false)
	if err != nil {
		return nil, err
	}
	names, followed, err := method(names)
	if err != nil {
		return nil, err
	}
	chain := reform.NewChain(s.m)
	if err := s.applyAll(ctx, chain, names); err != nil {
		return nil, err
	}
	a := &attempt{chain: chain}
	if chain.Infeasible {
		return a.infeasible(), nil
	}
	followed = s.followedPairs(chain.Model(), followed)
	if s.goesSmooth(chain.Model().Constructs(), followed) {
		return s.reformulateSmooth(ctx, chain, names, followed)
	}
	rest, backend, why, err := s.finish(chain.Model())
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes, why...)
	a.backend = backend
	if s.whole && len(rest) == 0 && s.isAuto() {
		if s.without(milpLane) {
			a.backend = "branch"
			s.notes = append(s.notes, "HiGHS beside the search is switched off")
			return a, nil
		}
		s.notes = append(s.notes, "the answers to prices are whole numbers: the search and HiGHS set out together")
		s.say("plan", "%s -> branch, and -> highs", fmt.Sprint(chain.Names()))
		return s.race(ctx, a)
	}
	for _, name := range rest {
		if name == "probe" && s.without("probing") {
			continue
		}
		p := s.pass(name, chain.Model())
		if name == "big-m" && s.isAuto() && chain.Model().Constructs().Has(model.Complementarity) {
			if s.fallBack(chain.Model()) {
				a.backend = "branch"
				s.notes = append(s.notes, "after probing few pairs are left: they are searched without big-M")
				break
			}
			if len(steeredPasses(chain.Model())) == 0 && s.without(milpLane) {
				a.backend = "branch"
				s.notes = append(s.notes, "HiGHS on big-M is switched off: the pairs are searched")
				break
			}
			if len(steeredPasses(chain.Model())) == 0 {
				s.notes = append(s.notes, "the search on pairs and HiGHS on proven big-M set out together")
				s.say("plan", "%s -> branch, and with big-m -> highs", fmt.Sprint(chain.Names()))
				return s.race(ctx, a)
			}
		}
		if p.Accepts(chain.Model()) != nil && (name == "big-m" || name == "probe" || name == "binaries") && !chain.Model().Constructs().Has(model.Complementarity) {
			continue // probing has decided all pairs
		}
		if err := s.applyAll(ctx, chain, []string{name}); err != nil {
			return nil, err
		}
		if chain.Infeasible {
			return a.infeasible(), nil
		}
		if name == "big-m" && s.isAuto() && s.weak(chain) {
			a.chain, a.backend = chain.Cut(chain.Len()-1), "branch"
			s.notes = append(s.notes, "some big-M cannot be proven, or only a large one: the pairs are searched without big-M")
			break
		}
	}
	s.say("plan", "%s -> %s", fmt.Sprint(a.chain.Names()), a.backend)
	return a, nil
}

// isAuto reports whether the choice of the last step is ours.
func (s *solver) isAuto() bool {
	return (s.opt.Reform == "" || s.opt.Reform == "auto") && (s.opt.Backend == "" || s.opt.Backend == "auto")
}

// fallBack reports whether probing has left so little that the search on pairs is the better choice.
func (s *solver) fallBack(m *model.Model) bool {
	return len(steeredPasses(m)) == 0 && m.NumPairs() > 0 && m.NumPairs() <= bigMPairs
}

// weak reports whether a chain that ends in big-M rests on assumptions or on large constants.
func (s *solver) weak(c *reform.Chain) bool {
	if len(c.Assumed) > 0 {
		return true
	}
	m := c.Model()
	before := c.Cut(c.Len() - 1).Model()
	for r := before.NumRows(); r < m.NumRows(); r++ {
		_, val := m.RowAffine(r)
		for _, v := range val {
			if math.Abs(v) > bigMLimit {
				return true
			}
		}
	}
	return false
}

func (s *solver) applyAll(ctx context.Context, chain *reform.Chain, names []string) error {
	for _, n := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if removesPairs(n) && contains(chain.Names(), "probe") && !chain.Model().Constructs().Has(model.Complementarity) || chain.Infeasible {
			continue // probing has decided all pairs
		}
		if removesFollowers(n) && n != "dualise" { // which takes them as they are
			if p := s.removesProducts(chain.Model()); p != nil {
				if err := chain.Apply(ctx, p); err != nil {
					return err
				}
			}
		}
		s.say("reformulate", "%s", n)
		if err := chain.Apply(ctx, s.pass(n, chain.Model())); err != nil {
			return err
		}
	}
	return nil
}

// removesProducts is the pass that makes the leader's functions linear or convex while the followers are still there, nil where there is
// nothing to do or no way.
func (s *solver) removesProducts(m *model.Model) reform.Pass {
	c := m.Constructs()
	if !c.Has(model.QuadraticObjective) && !c.Has(model.QuadraticRows) {
		return nil
	}
	for _, p := range []reform.Pass{reform.Convexify{}, reform.DualProduct{}} {
		if p.Accepts(m) == nil {
			return p
		}
	}
	return nil
}
