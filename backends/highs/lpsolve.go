package highs

import (
	"context"
	"time"
)

// Solve solves the LP from the basis that it holds. It returns within a second after ctx is done, with status Interrupted where it was
// cancelled and TimeLimit where its deadline passed. An error is returned only where the call itself broke; infeasible, unbounded and
// stopped are statuses.
func (l *LP) Solve(ctx context.Context) (Status, error) {
	if err := l.ready(); err != nil {
		return Failed, err
	}
	l.iter = 0
	return l.attempt(ctx, l.opt.TimeLimit)
}

// attempt is one run of the solver. It adds to the count of iterations.
func (l *LP) attempt(ctx context.Context, limit time.Duration) (status Status, err error) {
	defer func() { l.status = status }()
	if ctx.Err() != nil {
		l.message = "interrupted"
		return stopped(ctx, Interrupted), nil
	}
	if l.n == 0 {
		return l.solveEmpty()
	}
	e := l.engine
	var lines *lineSplitter
	if l.opt.Log != nil {
		lines = &lineSplitter{line: l.opt.Log}
		e.listen(&listener{columns: l.n, log: lines.write}, false)
		defer e.listen(nil, false)
		defer lines.flush()
	}
	limitTime(ctx, e, limit)
	done := watch(ctx, e)
	code := e.run()
	done()
	status, l.message = fromNative(e.modelStatus())
	l.iter += max(0, e.infoInt("simplex_iteration_count"))
	switch {
	case ctx.Err() != nil && (status == TimeLimit || status == Interrupted || status == Unknown):
		return stopped(ctx, Interrupted), nil
	case code < 0 && (status == Optimal || status == Unknown):
		return Failed, nil
	}
	return status, nil
}

// solveEmpty answers for an LP without columns, whose rows the solver does not look at.
func (l *LP) solveEmpty() (Status, error) {
	a, err := l.Arrays()
	if err != nil {
		return Failed, err
	}
	if a.emptyFeasible(orDefault(l.opt.Feasibility, defaultTolerance)) {
		l.message = "optimal: the problem is empty"
		return Optimal, nil
	}
	l.message = "infeasible: a row without columns cannot hold"
	return Infeasible, nil
}

// emptyFeasible reports whether 0 satisfies all rows to the tolerance.
func (a *Arrays) emptyFeasible(tolerance float64) bool {
	for i := range a.RowLower {
		if a.RowLower[i] > tolerance || a.RowUpper[i] < -tolerance || a.RowLower[i] > a.RowUpper[i] {
			return false
		}
	}
	return true
}

// SolveRobust is Solve, followed where the answer is Unknown or Failed by other ways: from scratch with presolve, by the primal
// simplex, and without scaling. (The dual simplex without presolve can answer "unknown" to an infeasible LP, and answers the same from
// scratch.) The settings are left as they were. Where all ways fail the status is that of the last.
func (l *LP) SolveRobust(ctx context.Context) (Status, error) {
	if err := l.ready(); err != nil {
		return Failed, err
	}
	l.iter = 0
	start := time.Now()
	status, err := l.attempt(ctx, l.opt.TimeLimit)
	if err != nil || status != Unknown && status != Failed {
		return status, err
	}
	settings := l.opt
	defer func() {
		if e := l.SetOptions(settings); err == nil {
			err = e
		}
	}()
	for _, change := range []func(*LPOptions){
		func(o *LPOptions) { o.Presolve = true },
		func(o *LPOptions) { o.Primal = !o.Primal },
		func(o *LPOptions) { o.NoScaling = !o.NoScaling },
		func(o *LPOptions) { o.Presolve, o.Primal = true, !o.Primal },
	} {
		opt := settings
		change(&opt)
		if settings.TimeLimit > 0 {
			opt.TimeLimit = settings.TimeLimit - time.Since(start)
			if opt.TimeLimit <= 0 {
				return TimeLimit, nil
			}
		}
		if err = l.SetOptions(opt); err != nil {
			return Failed, err
		}
		l.engine.clearSolver()
		status, err = l.attempt(ctx, opt.TimeLimit)
		if err == nil && status == Infeasible && opt.Presolve {
			if status, err = l.confirmInfeasible(ctx, opt.TimeLimit); err == nil && status != Infeasible {
				status = Unknown
			}
		}
		if err != nil || status != Unknown && status != Failed {
			break
		}
	}
	return status, err
}

// confirmInfeasible solves the LP without its objective: presolve calls some LPs infeasible whose objective has no limit, which cannot
// happen where there is none.
func (l *LP) confirmInfeasible(ctx context.Context, limit time.Duration) (status Status, err error) {
	a, err := l.Arrays()
	if err != nil {
		return Failed, err
	}
	index := make([]int32, l.n)
	for j := range index {
		index[j] = int32(j)
	}
	if err := l.ChangeCosts(index, make([]float64, l.n)); err != nil {
		return Failed, err
	}
	l.engine.clearSolver()
	status, err = l.attempt(ctx, limit)
	if e := l.ChangeCosts(index, a.Cost); err == nil {
		err = e
	}
	return status, err
}

// ClearBasis makes the next solve start from scratch.
func (l *LP) ClearBasis() error {
	if err := l.ready(); err != nil {
		return err
	}
	l.engine.clearSolver()
	return nil
}

// Iterations is the number of simplex iterations of the last Solve or SolveRobust.
func (l *LP) Iterations() int { return l.iter }

// Message is the outcome of the last solve in the solver's words.
func (l *LP) Message() string { return l.message }
