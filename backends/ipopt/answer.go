package ipopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// answer is what the library left, measured in the program.
func (t *task) answer(ctx context.Context, c code) *smooth.Answer {
	n, m := t.program.NumVars(), t.program.NumRows()
	a := &smooth.Answer{X: make([]float64, n), Rows: make([]float64, m), Lower: make([]float64, n), Upper: make([]float64, n)}
	if c == codeLeftRunning {
		copy(a.X, t.last)
	} else {
		copy(a.X, t.x)
		t.copyMultipliers(a)
	}
	measure(t.program, a)
	t.honour(a)
	if (c == codeSolved || c == codeAcceptable) && outOfSight(t.program, a) {
		c = codeDiverging
	}
	a.Status, a.Message = t.verdict(ctx, c, a)
	return a
}

// honour moves the point into the bounds, which a relaxed attempt may leave by a little. Where that would break rows the point stays.
func (t *task) honour(a *smooth.Answer) {
	inside := *a
	inside.X = slices.Clone(a.X)
	lo, hi := t.program.Bounds()
	moved := false
	for j, x := range a.X {
		if x-x != 0 {
			x = 0
		}
		if x = math.Max(lo[j], math.Min(hi[j], x)); x != a.X[j] {
			inside.X[j], moved = x, true
		}
	}
	if !moved {
		return
	}
	if measure(t.program, &inside); inside.Violation <= math.Max(a.Violation, orDefault(t.opt.Feasibility, orDefault(t.opt.Tolerance, defaultTolerance))) {
		*a = inside
	}
}

// copyMultipliers takes those that the signs and bounds allow.
func (t *task) copyMultipliers(a *smooth.Answer) {
	lo, hi := t.program.Bounds()
	for j := range a.Lower {
		if v := t.zl[j]; v > 0 && lo[j] > -infinite && v-v == 0 {
			a.Lower[j] = v
		}
		if v := t.zu[j]; v > 0 && hi[j] < infinite && v-v == 0 {
			a.Upper[j] = v
		}
	}
	for k, v := range t.lambda {
		r := k
		if t.shape.keep != nil {
			r = int(t.shape.keep[k])
		}
		if v-v == 0 {
			a.Rows[r] = v
		}
	}
}

// verdict is the status of an answer and why.
func (t *task) verdict(ctx context.Context, c code, a *smooth.Answer) (model.Status, string) {
	tolerance := orDefault(t.opt.Tolerance, defaultTolerance)
	feasibility := orDefault(t.opt.Feasibility, tolerance)
	text := c.String()
	switch {
	case t.shape.impossible != "":
		return model.StatusInfeasible, "infeasible: " + t.shape.impossible
	case t.shape.moving == 0:
		return t.fixedVerdict(feasibility, a)
	case t.ended && c != codeSolved && c != codeAcceptable:
		return model.StatusInterrupted, "stopped by the one who heard of the progress"
	case ctx.Err() != nil && c != codeSolved && c != codeAcceptable:
		if c != codeLeftRunning && c != codeNotStarted {
			text = codeUserStop.String()
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return model.StatusInterrupted, "cancelled: " + text
		}
		return model.StatusLimit, "the time limit was reached: " + text
	}
	measured := fmt.Sprintf("violation %.2g, residual %.2g, gap %.2g", a.Violation, a.Residual, a.Gap)
	switch c {
	case codeIterations, codeCPUTime, codeWallTime:
		return model.StatusLimit, text
	case codeSolved:
		if a.Violation <= 2*feasibility {
			return model.StatusOptimal, text
		}
		return model.StatusReducedAccuracy, "solved, but not as accurately in the program's own units: " + measured
	case codeAcceptable:
		return model.StatusReducedAccuracy, text
	case codeInfeasible:
		if a.Violation > feasibility {
			return model.StatusInfeasible, fmt.Sprintf("%s: the violation of %.2g is the least nearby", text, a.Violation)
		}
	case codeDiverging:
		if falls(a, 1/acceptable) {
			return model.StatusUnbounded, text + " with an objective that falls without limit"
		}
		return model.StatusFailed, text
	case codeNumber:
		if !t.heard {
			return model.StatusFailed, t.failed + " has no value at the start, which lies where the solver put it inside the bounds: choose another start"
		}
		text += ": " + t.failed
	case codeFreedom, codeProblem, codeUnrecoverable, codeException, codeMemory, codeInternal:
		return model.StatusFailed, text
	}
	if falls(a, bottomless) {
		return model.StatusUnbounded, fmt.Sprintf("%s, with an objective that fell to %.2g", text, a.Objective)
	}
	switch residual := scaled(a); {
	case residual <= tolerance && a.Violation <= feasibility:
		return model.StatusOptimal, "solved, though " + text
	case residual <= math.Max(acceptable, tolerance):
		return model.StatusReducedAccuracy, text + ", but the point is accurate to the acceptable tolerance"
	}
	return model.StatusFailed, text + ": " + measured
}

// bottomless is how far an objective falls that has no limit, whatever became of the solve in the end.
const bottomless = 1e15

// falls reports whether the objective is below -depth at a point that is feasible beside that.
func falls(a *smooth.Answer, depth float64) bool {
	return a.Objective < -depth && a.Violation <= acceptable*math.Max(1, -a.Objective)
}

// fixedVerdict judges the one point of a program whose bounds leave no choice.
func (t *task) fixedVerdict(feasibility float64, a *smooth.Answer) (model.Status, string) {
	switch {
	case a.Objective-a.Objective != 0:
		return model.StatusFailed, "the objective has no value at the one point that the bounds leave"
	case a.Violation > feasibility:
		return model.StatusInfeasible, fmt.Sprintf("the one point that the bounds leave violates a row by %.2g", a.Violation)
	}
	return model.StatusOptimal, "the bounds leave one point"
}
