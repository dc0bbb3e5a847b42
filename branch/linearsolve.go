package branch

import (
	"context"
	"errors"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/branch/simplex"
)

// Solve solves from the basis at hand.
func (l *linear) Solve(ctx context.Context) (highs.Status, error) { return l.solve(ctx, false) }

// SolveRobust is Solve, followed by other ways where the answer is none.
func (l *linear) SolveRobust(ctx context.Context) (highs.Status, error) { return l.solve(ctx, true) }

func (l *linear) solve(ctx context.Context, robust bool) (highs.Status, error) {
	if l.small == nil {
		return l.solveFar(ctx, robust)
	}
	l.change()
	l.asked++
	if err := ctx.Err(); err != nil {
		l.state, l.iter = highs.Interrupted, 0
		if errors.Is(err, context.DeadlineExceeded) {
			l.state = highs.TimeLimit
		}
		return l.state, nil
	}
	st := l.small.Solve(l.limit)
	l.iter = l.small.Iterations()
	switch st {
	case simplex.Optimal:
		l.state, l.current = highs.Optimal, true
		return l.state, nil
	case simplex.Infeasible:
		l.state = highs.Infeasible
		return l.state, nil
	case simplex.IterationLimit:
		l.state = highs.IterationLimit
		return l.state, nil
	}
	var err error
	if l.far, err = l.copyFar(); err != nil {
		return highs.Failed, err
	}
	if l.lost++; l.lost > 10+l.asked/20 {
		l.small = nil
		return l.solveFar(ctx, robust)
	}
	if _, err = l.solveFar(ctx, robust); err != nil {
		return l.state, err
	}
	if b, ok := l.far.Basis(highs.Basis{}); ok && l.state == highs.Optimal {
		l.small.SetBasis(b.Cols, b.Rows)
	}
	return l.state, nil
}

func (l *linear) solveFar(ctx context.Context, robust bool) (st highs.Status, err error) {
	if robust {
		st, err = l.far.SolveRobust(ctx)
	} else {
		st, err = l.far.Solve(ctx)
	}
	l.state, l.iter = st, l.far.Iterations()
	return st, err
}

// Iterations is that of the last solve.
func (l *linear) Iterations() int { return l.iter }

func (l *linear) Objective() float64 {
	if l.far != nil {
		return l.far.Objective()
	}
	return l.small.Objective()
}

func (l *linear) Primal(x []float64) error {
	if l.far != nil {
		return l.far.Primal(x)
	}
	l.small.Primal(x)
	return nil
}

func (l *linear) RowActivity(v []float64) error {
	if l.far != nil {
		return l.far.RowActivity(v)
	}
	l.small.Activity(v)
	return nil
}

// ReducedCosts and RowDuals are NaN where the last answer has none.
func (l *linear) ReducedCosts(v []float64) error {
	if l.far != nil {
		return l.far.ReducedCosts(v)
	}
	if l.state != highs.Optimal {
		return fillNaN(v)
	}
	l.small.ReducedCosts(v)
	return nil
}

func (l *linear) RowDuals(v []float64) error {
	if l.far != nil {
		return l.far.RowDuals(v)
	}
	if l.state != highs.Optimal {
		return fillNaN(v)
	}
	l.small.Duals(v)
	return nil
}

func fillNaN(v []float64) error {
	for i := range v {
		v[i] = math.NaN()
	}
	return nil
}

// PrimalRay is a ray after Unbounded, which only HiGHS answers.
func (l *linear) PrimalRay() ([]float64, bool) {
	if l.far == nil {
		return nil, false
	}
	return l.far.PrimalRay()
}
