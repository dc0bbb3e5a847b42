package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// Ties is what the followers' indifference at one decision of the leader makes of a function: its best and its worst value for the leader
// over all optimal answers, jointly for all followers, each found by one linear problem.
type Ties struct {
	// Best and Worst are in the sense of the leader's objective as declared; infinite where the function has no limit over the answers.
	Best, Worst float64
	// AtBest and AtWorst are points with the answers that attain them, as BestTie gives them; nil where the value is infinite.
	AtBest, AtWorst *model.Point
	// Violation is the largest violation of a side of a leader's constraint over all optimal answers, each by its own worst answer, relative to
	// the constraint's terms; it is at most Tolerance where the leader's constraints hold whatever the followers answer. Violated is the name.
	Violation float64
	Violated  string
}

// BreakTies finds the Ties of f at the leader's decision in x; the followers' entries of x are a guess only, and may be NaN. Followers must
// be linear or convex quadratic, or nonlinear with an answer that is known to be the only one, f and the leader's constraints linear in their answers. Errors are those of Check and of type *AnswerError.
func BreakTies(ctx context.Context, m *model.Model, x []float64, f model.Function, opt Options) (*Ties, error) {
	c, err := newChecker(m, x, opt, func(j int) bool { return m.VarOwner(j) == 0 })
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.opt.limited(ctx)
	defer cancel()
	if c.interacting() {
		return nil, &AnswerError{Reason: "the followers of a Nash game answer each other: their optimal answers to the leader are not one set"}
	}
	if err := c.answerAll(ctx); err != nil {
		return nil, err
	}
	c.setDuals(c.dualVars())
	t := &Ties{}
	sign := m.Leader().Objective().Sense.Sign()
	if t.Best, t.AtBest, err = c.extremeOver(ctx, f, sign); err != nil {
		return nil, err
	}
	if t.Worst, t.AtWorst, err = c.extremeOver(ctx, f, -sign); err != nil {
		return nil, err
	}
	var w worst
	for _, r := range c.problems.Rows(0) {
		if err := c.worstOfRow(ctx, int(r), &w); err != nil {
			return nil, err
		}
	}
	t.Violation, t.Violated = w.scaled, w.name
	return t, nil
}

// extremeOver is the least of sign*f over the followers' optimal answers, as a value of f, with a point that attains it.
func (c *checker) extremeOver(ctx context.Context, f model.Function, sign float64) (float64, *model.Point, error) {
	fixed := func() *model.Point {
		keep := append([]float64(nil), c.x...)
		p := c.assemble(nil, nil, c.dualVars())
		p.X = keep
		return p
	}
	in := make([]bool, c.m.NumPlayers())
	if !c.involved(f, in) {
		return c.m.Value(f, c.x), fixed(), nil
	}
	a, err := c.newAnswers(in)
	if err != nil {
		return math.NaN(), nil, &AnswerError{Reason: err.Error()}
	}
	g := a.function(f)
	p := a.joint.Derive()
	p.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: scaledBy(p, g, sign)})
	if backends.Check(c.opt.Backend, p) != nil {
		return math.NaN(), nil, &AnswerError{Reason: "the function is not linear in the answers"}
	}
	value, chosen, status, err := a.optimise(ctx, g, sign)
	switch {
	case err != nil:
		return math.NaN(), nil, &AnswerError{Status: model.StatusFailed, Reason: err.Error()}
	case ctx.Err() != nil:
		return math.NaN(), nil, fmt.Errorf("ties: %w", ctx.Err())
	case status == model.StatusUnbounded:
		return value, nil, nil
	case chosen == nil:
		return math.NaN(), nil, &AnswerError{Status: status, Reason: "the solver stopped: " + status.String()}
	}
	before := append([]float64(nil), c.x...)
	point := c.assemble(a, chosen, c.dualVars())
	point.X, c.x = append([]float64(nil), c.x...), before
	return value, point, nil
}

// worstOfRow sees the violation of both sides of a leader's constraint by the answers that are worst for each.
func (c *checker) worstOfRow(ctx context.Context, r int, w *worst) error {
	f := c.m.RowFunction(r)
	if !c.involved(f, make([]bool, c.m.NumPlayers())) {
		return nil
	}
	lo, hi := c.m.RowBounds(r)
	for _, side := range []struct{ sign, bound float64 }{{-1, hi}, {1, lo}} {
		if math.IsInf(side.bound, 0) {
			continue
		}
		value, p, err := c.extremeOver(ctx, f, side.sign)
		if err != nil {
			return err
		}
		raw, scaled := math.Inf(1), math.Inf(1)
		if p != nil {
			raw, scaled = rowResidual(c.m, r, p.X)
		} else if math.IsNaN(value) {
			raw, scaled = value, value
		}
		w.see(raw, scaled, func() string { return c.m.RowName(r) })
	}
	return nil
}
