package diagnose

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// diagnosis is one call of Run.
type diagnosis struct {
	m       *model.Model
	opt     Options
	report  *Report
	class   *model.Classification
	problem *Outcome
	starts  [][]float64 // decisions from which rays are followed
	// undecided says that the problem itself was tried, and nothing was proven.
	undecided bool
}

// Run diagnoses a model. An infeasible model, an unbounded one, or a time limit that is met are findings; an error means a mistake in the model
// (model.BuildError) or that a solver broke. In a binary without HiGHS only sizes and slips are reported.
func Run(ctx context.Context, m *model.Model, opt Options) (*Report, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	d := &diagnosis{m: m, opt: opt.withDefaults(), report: &Report{}, class: m.Classify()}
	d.report.Scaling = scaling(m)
	d.report.Slips = d.slips()
	ctx, cancel := context.WithTimeout(ctx, d.opt.TimeLimit)
	defer cancel()
	r, err := relax(m)
	if err != nil {
		return nil, err
	}
	d.report.Omitted = r.omitted
	x, err := d.judgeRelaxation(ctx, r)
	var absent *backends.UnknownError
	if errors.As(err, &absent) {
		d.unfinished("nothing was solved: %v", absent)
		d.conclude()
		return d.report, nil
	}
	if err != nil {
		return nil, err
	}
	x = d.judgeCurved(ctx, x)
	if err := d.testFollowers(ctx, r, x); err != nil {
		return nil, err
	}
	if x != nil {
		d.starts = append([][]float64{x}, d.starts...)
		if err := d.judgeRay(ctx, r); err != nil {
			return nil, err
		}
	}
	if d.report.Relaxation != model.StatusInfeasible {
		if err := d.judgeProblem(ctx, r); err != nil {
			return nil, err
		}
	}
	d.ties(ctx)
	d.conclude()
	if ctx.Err() != nil {
		d.unfinished("the time limit was met: what is reported holds, and more may be wrong")
	}
	return d.report, nil
}

// part is a third of the time: no step but the last may use up all.
func (d *diagnosis) part(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d.opt.TimeLimit/3)
}

func (d *diagnosis) unfinished(format string, args ...any) {
	d.report.Unfinished = append(d.report.Unfinished, fmt.Sprintf(format, args...))
}

// judgeRelaxation finds the status of the relaxation, with a conflict. It returns a point of the relaxation where it is feasible.
func (d *diagnosis) judgeRelaxation(ctx context.Context, r *relaxation) ([]float64, error) {
	v, x, err := r.feasibility(ctx, false)
	integral := false
	if v == feasible && err == nil && r.integral() {
		var z []float64
		part, cancel := d.part(ctx)
		if v, z, err = r.feasibility(part, true); v == feasible {
			x = z
		}
		cancel()
		integral = v == infeasible
	}
	switch {
	case err != nil:
		return nil, err
	case v == undecided:
		d.unfinished("whether the relaxation is feasible could not be decided")
		return x, nil
	case v == infeasible:
		d.report.Relaxation, d.report.Problem = model.StatusInfeasible, model.StatusInfeasible
		d.report.Conflict, err = r.conflict(ctx, OfRelaxation, integral,
			func(i int, upper bool) Member { return rowMember(d.m, i, upper) }, func(j int, upper bool) Member { return boundMember(d.m, j, upper) })
		if ctx.Err() != nil {
			err = nil
		}
		return nil, err
	}
	d.report.Relaxation = model.StatusFeasible
	return x, nil
}

// judgeRay looks for a ray of a feasible relaxation.
func (d *diagnosis) judgeRay(ctx context.Context, r *relaxation) error {
	if !r.linear {
		return nil
	}
	direction, err := r.ray(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		return err
	case direction == nil && len(d.m.DualVars()) == 0 && ctx.Err() == nil:
		d.report.Relaxation = model.StatusOptimal
	case direction != nil:
		d.report.Relaxation = model.StatusUnbounded
		d.report.Ray = d.newRay(r, 0, direction)
		d.followFrom(ctx, d.report.Ray)
	}
	return nil
}

// judgeProblem solves the problem itself, and looks for what makes it infeasible or unbounded where the relaxation is not the reason.
func (d *diagnosis) judgeProblem(ctx context.Context, r *relaxation) error {
	if d.m.NumFollowers() == 0 && len(r.omitted) == 0 && r.linear {
		d.report.Problem = d.report.Relaxation
		return nil
	}
	if d.opt.Solve == nil {
		return nil
	}
	out, err := d.opt.Solve(ctx, d.m)
	if err != nil {
		d.unfinished("the problem itself was not solved: %v", err)
		return nil
	}
	d.problem = out
	if out.Proof != model.ProofNone {
		d.report.Problem = out.Status
	} else {
		d.undecided = true
		d.unfinished("the problem itself was tried and not decided within the time for one solve: nothing is known of it but what is said here")
	}
	switch {
	case out.Proof < model.ProofGlobalIfBounds && d.report.Relaxation != model.StatusOptimal && (d.report.Ray == nil || d.report.Ray.Stays != model.Yes):
		d.report.AnswerRay = d.steepRay(ctx)
	case out.Proof == model.ProofInfeasible:
		d.report.Conflict = d.problemConflict(ctx)
	case out.Proof == model.ProofUnbounded:
		if d.report.Ray != nil && d.report.Ray.Stays == model.Yes {
			return nil
		}
		if ray := d.answerRay(ctx, r); ray != nil {
			d.followFrom(ctx, ray)
			d.report.AnswerRay = ray
		} else if ray := d.steepRay(ctx); ray != nil {
			d.report.AnswerRay = ray
		} else if d.report.Ray == nil || d.m.NumFollowers() > 0 {
			d.unfinished("no ray was found along which the followers' answers stay optimal: one is looked for where constraints and objectives are linear")
		}
	}
	return nil
}

// ties takes the range over the followers' answers from the solved problem, or computes it at the start.
func (d *diagnosis) ties(ctx context.Context) {
	if d.m.NumFollowers() == 0 || ctx.Err() != nil {
		return
	}
	if p := d.problem; p != nil && p.X != nil {
		if finite(p.Optimistic) && !math.IsNaN(p.Pessimistic) {
			d.report.Ties = &Ties{Where: "the decision found", Best: p.Optimistic, Worst: p.Pessimistic}
		}
		return
	}
	x, given := d.m.StartPoint()
	if !given {
		return
	}
	if t, err := verify.BreakTies(ctx, d.m, x, d.m.Leader().Objective().F, d.opt.Verify); err == nil {
		d.report.Ties = &Ties{Where: "the start", Best: t.Best, Worst: t.Worst}
	}
}
