package highs

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
	"time"
)

// LP is a linear program that stays in the solver, for solving again and again after changes: each Solve starts from the basis that the
// one before ended with. It holds memory outside Go's heap until Close. An LP is not safe for concurrent use; different LPs are.
//
// Signs: objective values, duals and reduced costs are those of the problem as declared. A dual is the change of the objective for
// one unit more on the row's active bound, a reduced cost the same for the column's active bound; in a minimisation they are
// non-negative at a lower bound and non-positive at an upper bound, in a maximisation the other way round.
type LP struct {
	engine  engine
	cleanup runtime.Cleanup
	sign    float64 // 1 for a minimisation, -1 for a maximisation, which is negated inside
	n, m    int
	opt     LPOptions
	iter    int
	status  Status // of the last run
	message string
	sparse  []int32 // scratch of length max(n, m)
	colCode []int32 // scratch for a basis
	rowCode []int32
}

// LPOptions are the settings of an LP. The zero value of each field means its default.
type LPOptions struct {
	Presolve        bool              // use presolve where there is no basis to start from; default off, which suits re-solves
	Primal          bool              // primal instead of dual simplex
	NoScaling       bool              // solve without scaling the matrix
	IterationLimit  int               // simplex iterations of one solve; 0: none
	TimeLimit       time.Duration     // time of one solve; 0: none besides the context's deadline
	Cutoff          float64           // an objective value, as declared: a solve may stop with CutoffReached once nothing better than it is left
	HasCutoff       bool              // Cutoff is set
	Feasibility     float64           // largest violation of a row or bound; default 1e-9, range [1e-10, 1)
	DualFeasibility float64           // largest violation of a reduced cost's sign; default 1e-9, range [1e-10, 1)
	Seed            int               // random seed, >= 0
	Log             func(line string) // receives the solver's log line by line; nil: silent
	SolverOption    map[string]string // options of the solver by its own names, set last
}

// defaultTolerance is the default of LPOptions.Feasibility and DualFeasibility.
const defaultTolerance = 1e-9

// open counts the instances of the solver that are alive.
var open atomic.Int64

// OpenInstances is the number of instances of the solver that this process holds, for tests that nothing leaks. An LP counts until
// Close; a call of Solve counts until it returns, or where it was cancelled at a time when the solver did not listen, until
// the solver has come to its end.
func OpenInstances() int { return int(open.Load()) }

// openEngine makes an instance of the solver, counted.
func openEngine() (engine, error) {
	if newEngine == nil {
		return nil, errAbsent
	}
	open.Add(1)
	return newEngine(), nil
}

func closeEngine(e engine) {
	e.destroy()
	open.Add(-1)
}

// NewLP hands a linear program to a new instance of the solver. The arrays must have no integer column and no quadratic part, and may
// be reused once NewLP returns. Errors are of type *ArrayError, *OptionError or *CallError, or *backends.UnknownError in a binary that was
// built without HiGHS.
func NewLP(a *Arrays, opt LPOptions) (*LP, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	if a.IsMIP() {
		return nil, &ArrayError{"Integer", -1, "an LP has no integer columns; use Solve, or pass nil for the relaxation"}
	}
	if a.IsQP() {
		return nil, &ArrayError{"QValue", -1, "an LP has no quadratic part; use Solve"}
	}
	if err := checkSides(a); err != nil {
		return nil, err
	}
	e, err := openEngine()
	if err != nil {
		return nil, err
	}
	l := &LP{engine: e, sign: a.sign(), n: a.NumCols(), m: a.NumRows()}
	if err := l.start(a, opt); err != nil {
		closeEngine(e)
		return nil, err
	}
	l.cleanup = runtime.AddCleanup(l, closeEngine, e)
	return l, nil
}

func (l *LP) start(a *Arrays, opt LPOptions) error {
	e := l.engine
	e.setString("solver", "simplex")
	e.setString("parallel", "off")
	e.setInt("threads", 1)
	e.setDouble("small_matrix_value", smallest)
	if err := l.SetOptions(opt); err != nil {
		return err
	}
	if e.passModel(a, l.sign) < 0 {
		return &CallError{Call: "passModel", What: fmt.Sprintf("%d rows, %d columns", l.m, l.n)}
	}
	return nil
}

// smallest is the magnitude up to which the solver drops coefficients; it is the least that it allows.
const smallest = 1e-12

// checkSides refuses infinite bounds on the wrong side, which the solver does not take. Lower bounds above upper bounds are fine.
func checkSides(a *Arrays) error {
	if err := checkSide("ColLower", "ColUpper", a.ColLower, a.ColUpper); err != nil {
		return err
	}
	return checkSide("RowLower", "RowUpper", a.RowLower, a.RowUpper)
}

func checkSide(lowerName, upperName string, lower, upper []float64) error {
	for i := range lower {
		if lower[i] >= infinite {
			return &ArrayError{lowerName, i, fmt.Sprintf("is %v, which no value reaches", lower[i])}
		}
		if upper[i] <= -infinite {
			return &ArrayError{upperName, i, fmt.Sprintf("is %v, which no value reaches", upper[i])}
		}
	}
	return nil
}

// Close frees the solver's memory. The LP cannot be used afterwards; closing it again does nothing.
func (l *LP) Close() error {
	if l.engine != nil {
		l.cleanup.Stop()
		closeEngine(l.engine)
		l.engine = nil
	}
	return nil
}

func (l *LP) ready() error {
	if l.engine == nil {
		return &CallError{Call: "LP", Err: ErrClosed}
	}
	return nil
}

// NumCols is the number of columns.
func (l *LP) NumCols() int { return l.n }

// NumRows is the number of rows.
func (l *LP) NumRows() int { return l.m }

// Options returns the settings.
func (l *LP) Options() LPOptions { return l.opt }

// SetOptions changes the settings. It keeps the basis, and is cheap: only what differs is handed to the solver. Solver options of earlier
// calls by their own names stay set. Errors are of type *OptionError; the settings are then partly changed.
func (l *LP) SetOptions(opt LPOptions) error {
	if err := l.ready(); err != nil {
		return err
	}
	e := l.engine
	if err := checkTolerances(opt.Feasibility, opt.DualFeasibility); err != nil {
		return err
	}
	set := func(name, value string, code int) error {
		if code != 0 {
			return &OptionError{name, value, "out of the range that the solver takes"}
		}
		return nil
	}
	strategy := 1 // dual simplex, serial
	if opt.Primal {
		strategy = 4
	}
	scaling := 1 // the solver's choice
	if opt.NoScaling {
		scaling = 0
	}
	presolve := "off"
	if opt.Presolve {
		presolve = "on"
	}
	iterations := math.MaxInt32
	if opt.IterationLimit > 0 {
		iterations = min(opt.IterationLimit, math.MaxInt32)
	}
	cutoff := math.Inf(1)
	if opt.HasCutoff {
		cutoff = l.sign * opt.Cutoff
	}
	feasibility, dual := orDefault(opt.Feasibility, defaultTolerance), orDefault(opt.DualFeasibility, defaultTolerance)
	for _, err := range []error{
		set("presolve", presolve, e.setString("presolve", presolve)),
		set("simplex_strategy", fmt.Sprint(strategy), e.setInt("simplex_strategy", strategy)),
		set("simplex_scale_strategy", fmt.Sprint(scaling), e.setInt("simplex_scale_strategy", scaling)),
		set("simplex_iteration_limit", fmt.Sprint(iterations), e.setInt("simplex_iteration_limit", iterations)),
		set("objective_bound", fmt.Sprint(cutoff), e.setDouble("objective_bound", cutoff)),
		set("primal_feasibility_tolerance", fmt.Sprint(feasibility), e.setDouble("primal_feasibility_tolerance", feasibility)),
		set("dual_feasibility_tolerance", fmt.Sprint(dual), e.setDouble("dual_feasibility_tolerance", dual)),
		set("random_seed", fmt.Sprint(opt.Seed), e.setInt("random_seed", opt.Seed)),
	} {
		if err != nil {
			return err
		}
	}
	l.opt = opt
	return setOptions(e, opt.SolverOption)
}

// checkTolerances refuses tolerances outside [1e-10, 1), the least that the solver takes and the most that makes sense. 0 is the default.
func checkTolerances(feasibility, dual float64) error {
	for _, o := range []struct {
		name string
		v    float64
	}{{"primal_feasibility_tolerance", feasibility}, {"dual_feasibility_tolerance", dual}} {
		if o.v != 0 && !(o.v >= 1e-10 && o.v < 1) {
			return &OptionError{o.name, fmt.Sprint(o.v), "out of the range [1e-10, 1)"}
		}
	}
	return nil
}

func orDefault(v, byDefault float64) float64 {
	if v == 0 {
		return byDefault
	}
	return v
}

// SetIterationLimit changes LPOptions.IterationLimit: the simplex iterations of one solve, 0 for no limit.
func (l *LP) SetIterationLimit(n int) error {
	if err := l.ready(); err != nil {
		return err
	}
	l.opt.IterationLimit = n
	limit := math.MaxInt32
	if n > 0 {
		limit = min(n, math.MaxInt32)
	}
	l.engine.setInt("simplex_iteration_limit", limit)
	return nil
}

// SetCutoff changes LPOptions.Cutoff, an objective value as declared.
func (l *LP) SetCutoff(v float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if math.IsNaN(v) {
		return &OptionError{"objective_bound", fmt.Sprint(v), "is not a number"}
	}
	l.opt.Cutoff, l.opt.HasCutoff = v, true
	l.engine.setDouble("objective_bound", l.sign*v)
	return nil
}

// ClearCutoff takes the cutoff away.
func (l *LP) ClearCutoff() error {
	if err := l.ready(); err != nil {
		return err
	}
	l.opt.Cutoff, l.opt.HasCutoff = 0, false
	l.engine.setDouble("objective_bound", math.Inf(1))
	return nil
}

// watch lets the context stop a run of e. The function returned ends the watch; after it has returned the context has no
// hold on e any more, and the flag is down.
func watch(ctx context.Context, e engine) func() {
	if ctx.Done() == nil {
		return func() {}
	}
	raised := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		e.stop(true)
		close(raised)
	})
	return func() {
		if !stop() {
			<-raised
			e.stop(false)
		}
	}
}

// limitTime sets the solver's time limit, in seconds from now, to the less of limit (0: none) and what is left of the context's deadline.
func limitTime(ctx context.Context, e engine, limit time.Duration) {
	seconds := math.Inf(1)
	if limit > 0 {
		seconds = limit.Seconds()
	}
	if deadline, ok := ctx.Deadline(); ok {
		seconds = min(seconds, time.Until(deadline).Seconds())
	}
	// The solver compares its limit with the time it spent in all runs of this instance.
	e.setDouble("time_limit", e.runTime()+max(seconds, 0))
}
