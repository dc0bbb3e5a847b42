package ipopt

import (
	"context"
	"fmt"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// Solver solves smooth programs by Ipopt. Get one from NewSolver; it holds no state and may be used by several goroutines.
type Solver struct{}

// NewSolver returns the solver. Where there is no library its Solve returns an error that says so.
func NewSolver() *Solver { return &Solver{} }

var _ smooth.Solver = (*Solver)(nil)

// Name is "ipopt".
func (*Solver) Name() string { return name }

// Version is the version of the library, "" where there is none.
func (*Solver) Version() string { return nativeVersion() }

// Solve solves p from a start. It returns within a fraction of a second after ctx is done or the time limit has passed, but not before the
// function of p that is being evaluated has returned; where the library does not notice by then it is left to finish in the background, off
// the program, and counts in OpenInstances until it does.
//
// X of the start is 0 where it is nil. The barrier parameter is chosen anew in each iteration (mu_strategy adaptive), and with Options.Warm it
// falls from Options.Mu, a tenth of the tolerance by default. Functions are evaluated between the bounds only. The sides of rows that are no
// equations are relaxed by 1e-8 of their size, but never by more than the tolerance on feasibility. Where that fails there is a second attempt:
// after a warm start a cold one, else another strategy with bounds relaxed too; X of the answer is then moved back where no row minds.
//
// Options.Native takes the library's option names and comes after all of this; print_level is that of the log and prints nothing where there
// is no Options.Log. The log and Options.Progress are called one at a time, and not after Solve has returned.
//
// Violation, Residual and Gap of the answer are measured in p, whatever the library says of them. Up to version 3.13 the library solves one
// program at a time, and others wait; but not while a function of p is evaluated, which may itself solve programs.
//
// Errors are of type *ProgramError (sizes, a number in bounds or start that is none), *OptionError, *PanicError and *backends.UnknownError
// (no library). That a function has no value at the start is an answer with StatusFailed, at a later point the library's to get around.
func (*Solver) Solve(ctx context.Context, p smooth.Program, start smooth.Start, opt smooth.Options) (*smooth.Answer, error) {
	a, _, err := solve(ctx, p, start, opt)
	return a, err
}

// solve is Solver.Solve. It says as well whether the answer is certain, for want of any choice.
func solve(ctx context.Context, p smooth.Program, start smooth.Start, opt smooth.Options) (a *smooth.Answer, certain bool, err error) {
	begin := time.Now()
	if newEngine == nil {
		return nil, false, errAbsent()
	}
	if err := checkOptions(opt); err != nil {
		return nil, false, err
	}
	if err := checkStart(p, start); err != nil {
		return nil, false, err
	}
	feasibility := orDefault(opt.Feasibility, orDefault(opt.Tolerance, defaultTolerance))
	slack := feasibility
	if _, given := opt.Native["bound_relax_factor"]; given {
		slack = 0
	}
	s, err := shapeOf(p, slack, feasibility)
	if err != nil {
		return nil, false, err
	}
	if opt.TimeLimit > 0 {
		limited, cancel := context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
		ctx = limited
	}
	a, err = newTask(p, opt, s).try(ctx, start)
	if err != nil {
		return nil, false, err
	}
	a.Seconds = time.Since(begin).Seconds()
	return a, s.impossible != "" || s.moving == 0, nil
}

// checkStart refuses starts of wrong sizes or with what is not a number.
func checkStart(p smooth.Program, start smooth.Start) error {
	for _, v := range []struct {
		what   string
		values []float64
		size   int
	}{{"X", start.X, p.NumVars()}, {"Rows", start.Rows, p.NumRows()}, {"Lower", start.Lower, p.NumVars()}, {"Upper", start.Upper, p.NumVars()}} {
		if v.values != nil && len(v.values) != v.size {
			return &ProgramError{-1, -1, fmt.Sprintf("the start has %d values in %s where %d are needed", len(v.values), v.what, v.size)}
		}
		for k, e := range v.values {
			if e-e != 0 {
				return &ProgramError{-1, -1, fmt.Sprintf("the start has %v in %s, at %d", e, v.what, k)}
			}
		}
	}
	return nil
}
