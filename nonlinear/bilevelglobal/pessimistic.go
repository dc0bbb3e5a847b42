package bilevelglobal

import (
	"container/heap"
	"context"
	"errors"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/verify"
)

// PessimisticOptions are the settings of SolvePessimistic; the zero value of a field is its default.
type PessimisticOptions struct {
	// Options are those of Solve: Gap is the gap of the value, MaxNodes limits the boxes of decisions. Box is not used: variables have to have bounds.
	Options
	// Level is e: answers whose objective is within e of the follower's least one count as optimal, in the units of the follower's objective. Default 1e-7,
	// range (0, 1].
	Level float64
}

// PessimisticAnswer is what SolvePessimistic has established, in the notation of its comment. Values are in the sense of the leader's objective as
// declared; for a leader that maximises, least and greatest change places.
type PessimisticAnswer struct {
	// Status is model.StatusOptimal where Value is within the gap of the least w_e, StatusInfeasible where no decision has an answer that satisfies the
	// leader's constraints, StatusLimit or StatusInterrupted where the search was stopped, StatusUnknown where nothing else is known.
	Status model.Status
	// Proof is ProofGlobal where Value is within the gap of Floor as well, and so of the pessimistic problem itself; ProofFeasible for another
	// verified decision, ProofInfeasible, or ProofNone.
	Proof model.Proof
	// Point holds the decision and an answer that is optimal to Level and the worst found, nil where there is none.
	Point *model.Point
	// Value is proven: at the decision no answer that is optimal to Level is worse. NaN without a point.
	Value float64
	// Bound is proven: no decision has a better w_e. Floor is proven: no decision has a better w_0. Both NaN where nothing is known.
	Bound, Floor float64
	Level        float64
	Gap          float64 // |Value - Bound| / max(1, |Value|), NaN without a point
	Certificate  *verify.Certificate
	Notes        []string
	Statistics   Statistics // of both searches; Programs are those of one level that were bounded
}

// SolvePessimistic finds a decision with the least pessimistic value, for one follower, convex or not. With S_e(x) the follower's answers that satisfy its
// constraints and whose objective is within e of the optimal value at x, let
//
//	w_e(x) = max { F(x, y) : y in S_e(x) },
//
// +Inf where an answer in S_e(x) violates a constraint of the leader (all of them have to hold for every such answer), or F or such a constraint has no
// value there. The pessimistic problem is to
// minimise w_0. Its infimum V_0 need not be attained, and no computation with rounding can tell S_0(x) from S_e(x) for tiny e. So what is minimised is w_e
// with e = Level, whose infimum is V_e:
//
//	V_0 <= V_e <= w_e(x*) = Value <= V_e + Gap max(1, |Value|).
//
// V_e falls to V_0 as e falls to 0, since the sets are compact, but at no rate that is known beforehand. Value is safe: at x* no answer that is optimal, or
// within e of it, is worse. V_0 itself is bounded from below by the value of the optimistic problem, which is Floor.
//
// Boxes X of decisions are divided. Two bounds of w_e over X are taken: first the optimistic one, the least F over x in X and the y that satisfy all constraints
// and f(x, y) <= f(x, z(x)) for answers z(x) that are feasible throughout X. Second, where z(x) is proven to lie in S_e(x) throughout X, the
// least F(x, z(x)) over the x in X at which the leader's constraints hold at z(x). Candidates z(x) are the worst answers met, continued to the box
// by first derivatives. All programs of one level are bounded by package global. The bounds are about decisions that satisfy constraints exactly, as those of
// Solve are; Value allows the leader's constraints the tolerance of package verify, and follower's points that are worth 1e-8 in its constraints.
//
// Boxes with decisions at which two answers are within e of each other are divided down to about that size where the optimistic value is better than the target
// there. Single decisions of this kind take some thirty boxes each; curves of them, with two or more decisions, are not closed in practice.
//
// It takes models with one follower, without pairs, whose variables all have bounds. Errors are those of m.Err, of type *UnsupportedError and *OptionError.
// It honours ctx and the time limit within a second or so, and is deterministic unless a limit of time ends it.
//
// Sources: Wiesemann, Tsoukalas, Kleniati, Rustem, Pessimistic bilevel optimization, SIAM Journal on Optimization 23 (2013), for the relaxed sets; Tsoukalas,
// Wiesemann, Rustem, Global optimisation of pessimistic bi-level problems (2009).
func SolvePessimistic(ctx context.Context, m *model.Model, opt PessimisticOptions) (*PessimisticAnswer, error) {
	start := time.Now()
	var err error
	if opt.Options, err = opt.filled(); err != nil {
		return nil, err
	}
	if opt.Level == 0 {
		opt.Level = 1e-7
	}
	if !(opt.Level > 0 && opt.Level <= 1) {
		return nil, &OptionError{"Level", opt.Level, "a number in (0, 1]"}
	}
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := AcceptsPessimistic(m); err != nil {
		return nil, err
	}
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	a := &PessimisticAnswer{Value: math.NaN(), Bound: math.NaN(), Floor: math.NaN(), Gap: math.NaN(), Level: opt.Level}
	kind := opt.Options
	kind.Gap /= 2 // leaves room for the value between Floor and the gap
	kind.MaxNodes, kind.TimeLimit, kind.Progress = optimisticBoxes, 0, nil
	if d, ok := ctx.Deadline(); ok {
		kind.TimeLimit = max(time.Until(d)/4, time.Millisecond)
	}
	floor, err := Solve(ctx, m, kind)
	if err != nil {
		return nil, err
	}
	if !math.IsInf(floor.Bound, 0) {
		a.Floor = floor.Bound
	}
	if floor.Proof == model.ProofInfeasible {
		a.Status, a.Proof, a.Statistics = model.StatusInfeasible, model.ProofInfeasible, floor.Statistics
		return a, nil
	}
	s, err := newHostile(ctx, m, opt, start)
	if err != nil {
		return nil, err
	}
	s.stats = floor.Statistics
	s.run(ctx, floor)
	s.conclude(ctx, a)
	return a, nil
}

// optimisticBoxes is the number of boxes given to the optimistic problem, whose value is a bound.
const optimisticBoxes = 400

// AcceptsPessimistic returns nil, or an *UnsupportedError that says why SolvePessimistic does not take the model.
func AcceptsPessimistic(m *model.Model) error {
	if err := Accepts(m); err != nil {
		return err
	}
	if m.NumFollowers() > 1 {
		return &UnsupportedError{Where: m.Player(2).Name(), Reason: "the worst answers of several followers are not taken: write the one that matters"}
	}
	if m.NumPairs() > 0 {
		return &UnsupportedError{Where: m.PairName(0), Reason: "complementarity pairs are not taken where the followers' answers are the worst ones"}
	}
	for j := range m.NumVars() {
		if lo, hi := m.VarBounds(j); math.IsInf(lo, 0) || math.IsInf(hi, 0) {
			return &UnsupportedError{Where: m.VarName(j), Reason: "a variable has no bounds, and the worst answer may lie anywhere: give it bounds"}
		}
	}
	return nil
}

// hostile is one call of SolvePessimistic.
type hostile struct {
	m         *model.Model
	opt       PessimisticOptions
	start     time.Time
	p         *problem // without the follower's conditions: for its seeds
	f         *follower
	sign      float64        // of the leader's sense
	answers   *model.Model   // the follower's constraints
	all       *model.Model   // the constraints of both levels
	gain      model.Function // the follower's objective in minimisation form, in both
	couple    []int          // leader's constraints that mention answers
	decides   []int          // those that do not
	decisions []int          // the leader's variables
	harmful   []*seed        // worst answers met
	open      queue
	numbers   int
	undecided float64
	best      []float64
	value     float64 // w_e there in minimisation form
	floor     float64 // bound of the optimistic problem in minimisation form, NaN where none is known
	least     float64 // of the targets that boxes were dropped by
	stats     Statistics
	halted    bool
	told      time.Time
}

func newHostile(ctx context.Context, m *model.Model, opt PessimisticOptions, start time.Time) (*hostile, error) {
	p, err := newProblem(ctx, m, nil)
	if err != nil {
		return nil, err
	}
	s := &hostile{m: m, opt: opt, start: start, p: p, f: p.followers[0], sign: p.sign, undecided: math.Inf(1), value: math.Inf(1),
		floor: math.NaN(), least: math.Inf(1), told: start}
	for j := range m.NumVars() {
		if m.VarOwner(j) == 0 {
			s.decisions = append(s.decisions, j)
		}
	}
	o := m.Player(1).Objective()
	s.all = p.work.Derive()
	acc := s.all.Accumulator()
	acc.AddFunction(o.Sense.Sign(), o.F)
	s.gain = acc.Function()
	s.answers = s.all.Derive()
	for r := range m.NumRows() {
		if m.RowOwner(r) != 0 {
			continue
		}
		s.answers.SetRow(r, model.Function{}, -model.Inf, model.Inf) // a function without limits would still have to have a value
		mentions := false
		m.EachVar(m.RowFunction(r), func(j int) { mentions = mentions || m.VarOwner(j) != 0 })
		if mentions {
			s.couple = append(s.couple, r)
		} else {
			s.decides = append(s.decides, r)
		}
	}
	return s, nil
}

// target is the value below which decisions are searched for.
func (s *hostile) target() float64 {
	if math.IsInf(s.value, 1) {
		return s.value
	}
	gap := s.opt.Gap * math.Max(1, math.Abs(s.value))
	if above := s.value - s.floor; above > gap && above <= 2*gap {
		gap /= 2 // a little more, and the value is proven for the pessimistic problem itself
	}
	return s.value - gap
}

func (s *hostile) bound() float64 {
	b := math.Min(s.least, s.undecided)
	if len(s.open) > 0 {
		b = math.Min(b, s.open[0].bound)
	}
	return b
}

// run divides boxes of decisions until none is left.
func (s *hostile) run(ctx context.Context, floor *Answer) {
	low := math.Inf(-1)
	if !math.IsNaN(floor.Bound) {
		low = s.sign * floor.Bound
		s.floor = low
	}
	for _, x := range s.opt.Incumbents {
		if len(x) == s.m.NumVars() {
			s.decide(ctx, x)
		}
	}
	if floor.Point != nil {
		s.decide(ctx, floor.Point.X)
	}
	heap.Push(&s.open, &box{in: append([]expr.Interval(nil), s.p.box...), bound: low})
	first := s.stats.Nodes
	for len(s.open) > 0 && ctx.Err() == nil && !s.halted {
		if s.opt.MaxNodes > 0 && s.stats.Nodes-first >= s.opt.MaxNodes {
			return
		}
		b := heap.Pop(&s.open).(*box)
		if b.bound >= s.target() {
			s.stats.ByBound++
			continue
		}
		s.stats.Nodes++
		children := s.look(ctx, b)
		if ctx.Err() != nil {
			heap.Push(&s.open, b)
			return
		}
		for _, c := range children {
			heap.Push(&s.open, c)
		}
		s.tell()
	}
}

func (s *hostile) tell() {
	if s.opt.Progress == nil || time.Since(s.told) < 200*time.Millisecond {
		return
	}
	s.told = time.Now()
	v := math.NaN()
	if s.best != nil {
		v = s.sign * s.value
	}
	s.halted = !s.opt.Progress(Progress{Nodes: s.stats.Nodes, Open: len(s.open), F: v, Bound: s.sign * s.bound(), Elapsed: time.Since(s.start)})
}

// conclude says what was established.
func (s *hostile) conclude(ctx context.Context, a *PessimisticAnswer) {
	bound := s.bound()
	if s.floor > bound {
		bound = s.floor
	}
	done := len(s.open) == 0 && ctx.Err() == nil && !s.halted
	if !math.IsInf(bound, 0) {
		a.Bound = s.sign * bound
	}
	closed := s.best != nil && s.value-bound <= s.opt.Gap*math.Max(1, math.Abs(s.value))*(1+1e-9)
	switch {
	case errors.Is(ctx.Err(), context.Canceled), s.halted:
		a.Status = model.StatusInterrupted
	case !done:
		a.Status = model.StatusLimit
	case closed:
		a.Status = model.StatusOptimal
	default:
		a.Status = model.StatusUnknown
		if s.best == nil && math.IsInf(s.undecided, 1) {
			a.Notes = append(a.Notes, "at no decision do all answers that are optimal to the level satisfy the leader's constraints; at a smaller level they may")
		}
	}
	s.stats.Seconds = time.Since(s.start).Seconds()
	s.stats.Seeds += len(s.harmful)
	a.Statistics = s.stats
	if s.best == nil {
		return
	}
	a.Point, a.Value = &model.Point{X: s.best}, s.sign*s.value
	a.Gap = math.Max(0, s.value-bound) / math.Max(1, math.Abs(s.value))
	check, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	o := s.opt.Verify
	o.SkipSpread, o.TimeLimit = true, checkTime
	cert, err := verify.Check(check, s.m, s.best, o)
	if err != nil || !cert.Verified {
		a.Notes = append(a.Notes, "the point was not verified: nothing is claimed of it")
		return
	}
	a.Certificate, a.Proof = cert, model.ProofFeasible
	if s.value-s.floor <= s.opt.Gap*math.Max(1, math.Abs(s.value))*(1+1e-9) {
		a.Proof, a.Status = model.ProofGlobal, model.StatusOptimal
	}
}
