package diagnose

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// Curved constraints of a model with at most curvedVariables variables are looked at by dividing boxes, at most curvedBoxes a question; a point that
// violates none by more than curvedTolerance counts as one.
const (
	curvedVariables = 12
	curvedBoxes     = 500
	curvedTolerance = 1e-6
)

// curvedRows reports whether constraints are not linear: the relaxation has left them out.
func (d *diagnosis) curvedRows() bool {
	for i := range d.m.NumRows() {
		if !d.m.RowIsAffine(i) {
			return true
		}
	}
	return false
}

// judgeCurved asks whether the constraints of both levels can hold together where some are not linear and the linear ones can. Only small models are
// looked at, and such as the search takes (see global.Minimise); Report.Curved stays unknown for others. It returns the point found, or x.
func (d *diagnosis) judgeCurved(ctx context.Context, x []float64) []float64 {
	if d.report.Relaxation == model.StatusInfeasible || !d.curvedRows() {
		return x
	}
	if n := d.m.NumVars(); n > curvedVariables || len(d.m.DualVars()) > 0 {
		d.unfinished("whether the constraints that are not linear can hold together with the others was not looked at: that is done for models of at most %d variables, without shadow prices", curvedVariables)
		return x
	}
	ctx, cancel := d.part(ctx)
	defer cancel()
	h := d.m.HighPoint()
	h.Leader().Minimize(model.Const(0))
	a, err := global.Minimise(ctx, h, global.Options{MaxBoxes: curvedBoxes, Feasibility: curvedTolerance})
	switch {
	case err != nil:
		d.unfinished("whether the constraints that are not linear can hold together with the others was not looked at: %v", err)
		return x
	case a.X != nil:
		d.report.Curved = model.StatusFeasible
		return a.X
	case a.Status != global.Infeasible:
		d.unfinished("whether the constraints that are not linear can hold together with the others was not decided in %d boxes and the time there was", a.Boxes)
		return x
	}
	r := d.report
	r.Curved, r.Relaxation, r.Problem = model.StatusInfeasible, model.StatusInfeasible, model.StatusInfeasible
	r.Omitted = slices.DeleteFunc(slices.Clone(r.Omitted), func(s string) bool { return strings.HasPrefix(s, curvedOmission) })
	r.Conflict = d.curvedConflict(ctx)
	return nil
}

// curvedConflict makes the conflict of constraints of both levels small, each trial a search of its own.
func (d *diagnosis) curvedConflict(ctx context.Context) *Conflict {
	var sides []Member
	for i := range d.m.NumRows() {
		lo, hi := d.m.RowBounds(i)
		if finite(lo) {
			sides = append(sides, rowMember(d.m, i, false))
		}
		if finite(hi) {
			sides = append(sides, rowMember(d.m, i, true))
		}
	}
	for j := range d.m.NumVars() {
		lo, hi := d.m.VarBounds(j)
		if finite(lo) {
			sides = append(sides, boundMember(d.m, j, false))
		}
		if finite(hi) {
			sides = append(sides, boundMember(d.m, j, true))
		}
	}
	keep, irreducible := filter(ctx, len(sides), func(keep []bool) verdict {
		h := d.m.HighPoint()
		h.Leader().Minimize(model.Const(0))
		for k, s := range sides {
			if !keep[k] {
				openSide(h, s)
			}
		}
		a, err := global.Minimise(ctx, h, global.Options{MaxBoxes: curvedBoxes, Feasibility: curvedTolerance})
		switch {
		case err != nil:
			return undecided
		case a.X != nil:
			return feasible
		case a.Status == global.Infeasible:
			return infeasible
		}
		return undecided
	})
	c := &Conflict{Scope: OfRelaxation, Irreducible: irreducible && d.m.NumPairs() == 0}
	for k, s := range sides {
		if keep[k] {
			c.Members = append(c.Members, s)
		}
	}
	for k := range d.m.NumPairs() {
		c.Members = append(c.Members, pairMember(d.m, k))
	}
	return c
}

// openSide takes one side of a constraint or variable away.
func openSide(m *model.Model, e Member) {
	if e.Kind == ConstraintSide {
		lo, hi := m.RowBounds(e.Index)
		lo, hi = open(lo, hi, e.Upper)
		m.SetRowBounds(e.Index, lo, hi)
		return
	}
	lo, hi := m.VarBounds(e.Index)
	lo, hi = open(lo, hi, e.Upper)
	if m.VarKind(e.Index) == model.Binary {
		m.SetVarKind(e.Index, model.Integer)
	}
	m.SetVarBounds(e.Index, lo, hi)
	m.SetStart(e.Index, math.NaN())
}
