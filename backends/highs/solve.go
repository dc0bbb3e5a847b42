package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/gobilevel/bilevel/backends"
)

// SolveOptions are the settings of Solve. The zero value of each field means its default.
type SolveOptions struct {
	TimeLimit    time.Duration     // 0: none besides the context's deadline
	Gap          float64           // relative gap at which a MILP stops; default 1e-4, range [0, 1)
	AbsoluteGap  float64           // absolute gap at which a MILP stops; default 1e-6
	Feasibility  float64           // largest violation of a row or bound; default 1e-9, for a MILP 1e-6
	Integrality  float64           // largest distance of an integer column to an integer; default 1e-6
	Threads      int               // 0: half of the processors, as the solver does by itself
	Seed         int               // random seed
	Cutoff       float64           // an objective value, as declared, that need not be improved on
	HasCutoff    bool              // Cutoff is set
	Start        []float64         // a point to start a MILP from, NaN where unknown; nil: none
	Log          func(line string) // receives the solver's log line by line; nil: silent
	SolverOption map[string]string // options of the solver by its own names, set last
}

// Solution is what Solve found. Objective, bound, duals and reduced costs are those of the problem as declared, with the signs of LP.
type Solution struct {
	Status       Status
	X            []float64 // nil where there is no point
	Activity     []float64 // A X
	RowDuals     []float64 // nil where the problem has integer columns, or no duals are known
	ReducedCosts []float64
	Objective    float64   // at X, NaN where there is none
	Bound        float64   // proven bound on the objective, NaN where there is none
	Gap          float64   // |Objective-Bound| / max(1e-10, |Objective|), NaN where one of them is
	Violation    float64   // the largest violation of a row, a bound or integrality that we measured at X
	Feasible     bool      // X meets the tolerances, by our own measurement
	Accurate     bool      // Status is Optimal, and our own measurements of X and the bound meet the tolerances
	Ray          []float64 // after Unbounded: a direction in which the objective improves without limit
	Nodes        int
	Iterations   int
	Seconds      float64
	Message      string // the solver's words
}

// Solve solves a problem from arrays: an LP, a MILP, or a QP whose quadratic part is convex (concave for a maximisation) and which has no
// integer column. events, where not nil, receives the progress of a MILP.
//
// It returns within a second after ctx is done. Where the solver does not notice by then (presolve, the root relaxation of a MILP and QPs
// cannot be interrupted) it is left to finish in the background, and counts in OpenInstances until it does; a QP runs on for at most two
// seconds or four times as long as it had run. Errors are of type *ArrayError, *OptionError, *NonconvexError, *CallError,
// *backends.UnsupportedError (a QP with integer columns) or *backends.UnknownError (a binary built without HiGHS).
func Solve(ctx context.Context, a *Arrays, opt SolveOptions, events func(backends.Event)) (*Solution, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	if err := a.checkConvex(); err != nil {
		return nil, err
	}
	return solve(ctx, a, opt, events)
}

// solve is Solve for arrays that were checked.
func solve(ctx context.Context, a *Arrays, opt SolveOptions, events func(backends.Event)) (*Solution, error) {
	start := time.Now()
	if err := opt.check(a); err != nil {
		return nil, err
	}
	if f := a.objectiveScale(); a.IsMIP() && f != 1 {
		return solveScaled(ctx, a, opt, events, f)
	}
	var s *Solution
	var err error
	switch {
	case newEngine == nil:
		return nil, errAbsent
	case contradiction(a.ColLower, a.ColUpper) || contradiction(a.RowLower, a.RowUpper):
		s = nothing(Infeasible, "infeasible: the bounds of a row or column contradict each other")
	case ctx.Err() != nil:
		s = nothing(Interrupted, "interrupted before the start")
	case a.NumCols() == 0:
		s = a.solveEmpty(opt.feasibility(a))
	case a.IsQP():
		s, err = solveQP(ctx, a, opt, events)
	default:
		s, err = solveLinear(ctx, a, opt, events)
	}
	if err != nil {
		return nil, err
	}
	doubtful := s.Status == InfeasibleOrUnbounded || s.Status == Unbounded && s.Ray == nil
	if s.Status == Infeasible && !opt.HasCutoff && a.openBounds() {
		// Presolve calls some LPs infeasible whose objective has no limit. Where a direction without limit exists, the claim is not believed.
		ray, err := a.ray(ctx, SolveOptions{TimeLimit: opt.TimeLimit, Seed: opt.Seed})
		if err != nil {
			return nil, err
		}
		doubtful = ray != nil
	}
	if doubtful {
		if s, err = settle(ctx, a, opt, s); err != nil {
			return nil, err
		}
	}
	s.Status = stopped(ctx, s.Status)
	a.measure(s, opt.feasibility(a), orDefault(opt.Integrality, 1e-6))
	s.Seconds = time.Since(start).Seconds()
	return s, nil
}

// objectiveScale is a power of two that brings the largest cost of a small objective to between 1 and 2; 1 for others.
func (a *Arrays) objectiveScale() float64 {
	largest := 0.0
	for _, c := range a.Cost {
		largest = max(largest, math.Abs(c))
	}
	if largest == 0 || largest >= 1 || math.IsInf(math.Ldexp(1, -math.Ilogb(largest)), 0) {
		return 1
	}
	return math.Ldexp(1, -math.Ilogb(largest))
}

// solveScaled solves a MILP with its objective multiplied by f: the solver's tolerances on objectives are absolute, and an objective in
// billionths is all the same to it.
func solveScaled(ctx context.Context, a *Arrays, opt SolveOptions, events func(backends.Event), f float64) (*Solution, error) {
	scaled := *a
	scaled.Cost = make([]float64, len(a.Cost))
	for j, c := range a.Cost {
		scaled.Cost[j] = f * c
	}
	scaled.Offset *= f
	opt.Cutoff *= f
	opt.AbsoluteGap *= f
	report := events
	if events != nil {
		report = func(e backends.Event) {
			e.Incumbent /= f
			e.Bound /= f
			events(e)
		}
	}
	s, err := solve(ctx, &scaled, opt, report)
	if err != nil {
		return nil, err
	}
	s.Objective /= f
	s.Bound /= f
	return s, nil
}

// openBounds reports whether a column without a finite bound on one side can make the objective unbounded.
func (a *Arrays) openBounds() bool {
	for j := range a.ColLower {
		if a.ColLower[j] <= -infinite || a.ColUpper[j] >= infinite {
			return true
		}
	}
	return false
}

// stopped corrects the status of a solve that the time limit or the context ended: Interrupted where the context was cancelled, TimeLimit
// where its deadline passed.
func stopped(ctx context.Context, s Status) Status {
	if s == TimeLimit || s == Interrupted {
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return Interrupted
		case ctx.Err() != nil:
			return TimeLimit
		}
	}
	return s
}

// check refuses settings out of range and arrays that no setting fits.
func (o *SolveOptions) check(a *Arrays) error {
	if err := checkTolerances(o.Feasibility, 0); err != nil {
		return err
	}
	for _, r := range []struct {
		name             string
		v, lower, beyond float64
	}{{"Gap", o.Gap, 0, 1}, {"AbsoluteGap", o.AbsoluteGap, 0, math.Inf(1)}, {"Integrality", o.Integrality, 1e-10, 0.5}, {"Threads", float64(o.Threads), 0, 1025}} {
		if r.v != 0 && !(r.v >= r.lower && r.v < r.beyond) {
			return &OptionError{r.name, fmt.Sprint(r.v), fmt.Sprintf("out of the range [%v, %v)", r.lower, r.beyond)}
		}
	}
	if o.Start != nil && len(o.Start) != a.NumCols() {
		return lengthError("Start", len(o.Start), a.NumCols())
	}
	if o.HasCutoff && math.IsNaN(o.Cutoff) {
		return &OptionError{"Cutoff", "NaN", "is not a number"}
	}
	return nil
}

func (o *SolveOptions) feasibility(a *Arrays) float64 {
	if a.IsMIP() {
		return orDefault(o.Feasibility, 1e-6)
	}
	return orDefault(o.Feasibility, defaultTolerance)
}

// threads is the number of threads to run with. It is never left to the solver, whose scheduler would refuse a thread that another
// number was once chosen on.
func (o *SolveOptions) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return (runtime.NumCPU() + 1) / 2
}

// presolveFrom is the number of columns from which a MILP is presolved.
const presolveFrom = 200

// configure sets the options of a session.
func (o *SolveOptions) configure(s *session, a *Arrays) error {
	e := s.e
	e.setDouble("small_matrix_value", smallest)
	e.setInt("threads", o.threads())
	if code := e.setInt("random_seed", o.Seed); code != 0 {
		return &OptionError{"random_seed", fmt.Sprint(o.Seed), "out of the range that the solver takes"}
	}
	e.setDouble("primal_feasibility_tolerance", o.feasibility(a))
	if a.IsMIP() {
		// Presolve of HiGHS 1.10 gives some small MILPs wrong optima and calls others infeasible; nothing in the answer shows it. Without
		// it, a larger MILP was seen to end with a wrong optimum.
		if a.NumCols() < presolveFrom {
			e.setString("presolve", "off")
		}
		e.setDouble("mip_rel_gap", orDefault(o.Gap, 1e-4))
		e.setDouble("mip_abs_gap", orDefault(o.AbsoluteGap, 1e-6))
		e.setDouble("mip_feasibility_tolerance", orDefault(o.Integrality, 1e-6))
		e.setDouble("mip_min_logging_interval", 0.5) // how often the bound is reported
	} else {
		e.setDouble("dual_feasibility_tolerance", orDefault(o.Feasibility, defaultTolerance))
	}
	if o.HasCutoff {
		e.setDouble("objective_bound", s.sign*o.Cutoff)
	}
	return setOptions(e, o.SolverOption)
}

// nothing is a solution without a point.
func nothing(status Status, message string) *Solution {
	nan := math.NaN()
	return &Solution{Status: status, Objective: nan, Bound: nan, Gap: nan, Violation: nan, Message: message}
}

func (a *Arrays) solveEmpty(tolerance float64) *Solution {
	if !a.emptyFeasible(tolerance) {
		return nothing(Infeasible, "infeasible: a row without columns cannot hold")
	}
	s := nothing(Optimal, "optimal: the problem is empty")
	s.X, s.Bound, s.RowDuals, s.ReducedCosts = []float64{}, a.Offset, make([]float64, a.NumRows()), []float64{}
	return s
}

// solveLinear solves an LP or a MILP.
func solveLinear(ctx context.Context, a *Arrays, opt SolveOptions, events func(backends.Event)) (*Solution, error) {
	step := "lp"
	mip := a.IsMIP()
	if mip {
		step = "milp"
	}
	s, err := newSession(a, step, opt.Log, events)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := opt.configure(s, a); err != nil {
		return nil, err
	}
	if s.e.passModel(a, s.sign) < 0 {
		return nil, &CallError{Call: "passModel", What: fmt.Sprintf("%d rows, %d columns", a.NumRows(), a.NumCols())}
	}
	if mip && opt.HasCutoff {
		s.cutOff(opt.Cutoff)
	}
	if mip && opt.Start != nil {
		s.e.setStart(opt.Start)
	}
	limitTime(ctx, s.e, opt.TimeLimit)
	if _, ended := s.run(ctx); !ended {
		return s.interrupted(), nil
	}
	out := s.collect()
	if !mip && (out.Status == Unknown || out.Status == Failed) && ctx.Err() == nil {
		return robustLP(ctx, a, opt)
	}
	if out.Status == Infeasible && opt.HasCutoff || out.Status == CutoffReached {
		out = nothing(CutoffReached, "no point is better than the cutoff")
		out.Bound = opt.Cutoff
	}
	return out, nil
}

// cutOff adds the row Cost'x <= cutoff - Offset (in minimisation form): the tree search knows no cutoff by itself. The row is
// the last one, so that nothing else notices it.
func (s *session) cutOff(cutoff float64) {
	var index []int32
	var value []float64
	for j, c := range s.a.Cost {
		if c != 0 {
			index, value = append(index, int32(j)), append(value, s.sign*c)
		}
	}
	upper := s.sign * (cutoff - s.a.Offset)
	if len(index) == 0 || math.Abs(upper) >= infinite {
		return
	}
	s.e.addRows([]float64{math.Inf(-1)}, []float64{upper}, []int32{0, int32(len(index))}, index, value)
}

// collect reads the result of a run that ended.
func (s *session) collect() *Solution {
	if s.unstarted {
		return nothing(Interrupted, "interrupted before the solver began")
	}
	status, message := fromNative(s.e.modelStatus())
	out := nothing(status, message)
	mip := s.a.IsMIP()
	if mip {
		out.Nodes = int(max(0, s.e.infoInt64("mip_node_count")))
		if bound := s.e.infoDouble("mip_dual_bound"); math.Abs(bound) < infinite {
			out.Bound = s.sign * bound
		}
	}
	out.Iterations = max(0, s.e.infoInt("simplex_iteration_count")) + max(0, s.e.infoInt("ipm_iteration_count")) + max(0, s.e.infoInt("qp_iteration_count"))
	const feasible = 2 // kHighsSolutionStatusFeasible
	primal, dual := s.e.infoInt("primal_solution_status"), s.e.infoInt("dual_solution_status")
	if status == Optimal || primal == feasible && status != Infeasible && status != InfeasibleOrUnbounded {
		out.X = make([]float64, s.a.NumCols())
		s.e.solution(out.X, nil, nil, nil)
		for j := range out.X {
			out.X[j] += 0 // no negative zeros
		}
	} else if mip && status != Infeasible && s.bestX != nil {
		out.X = append([]float64(nil), s.bestX...)
	}
	if status == Optimal && dual != 0 && !mip {
		out.RowDuals, out.ReducedCosts = make([]float64, s.a.NumRows()), make([]float64, s.a.NumCols())
		s.e.solution(nil, out.ReducedCosts, nil, out.RowDuals)
		if s.sign < 0 {
			out.RowDuals, out.ReducedCosts = negated(out.RowDuals), negated(out.ReducedCosts)
		}
	}
	return out
}

// interrupted is the result of a run that did not end: what the callbacks reported.
func (s *session) interrupted() *Solution {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet = true
	out := nothing(Interrupted, "interrupted; the solver did not stop in time and was left to finish in the background")
	out.Bound, out.Nodes, out.Iterations = s.bound, s.nodes, s.iterations
	out.X = append([]float64(nil), s.bestX...)
	return out
}

// robustLP solves an LP that the solver gave up on by the ways of LP.SolveRobust.
func robustLP(ctx context.Context, a *Arrays, opt SolveOptions) (*Solution, error) {
	l, err := NewLP(a, LPOptions{TimeLimit: opt.TimeLimit, Cutoff: opt.Cutoff, HasCutoff: opt.HasCutoff, Feasibility: opt.Feasibility,
		DualFeasibility: opt.Feasibility, Seed: opt.Seed, Log: opt.Log})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	status, err := l.SolveRobust(ctx)
	if err != nil {
		return nil, err
	}
	out := nothing(status, l.Message())
	out.Iterations = l.Iterations()
	if status == Optimal {
		out.X, out.RowDuals, out.ReducedCosts = make([]float64, l.n), make([]float64, l.m), make([]float64, l.n)
		l.Primal(out.X)
		l.RowDuals(out.RowDuals)
		l.ReducedCosts(out.ReducedCosts)
	}
	return out, nil
}
