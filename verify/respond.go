package verify

import (
	"context"

	"github.com/gobilevel/bilevel/model"
)

// Respond returns the leader's decision of x with an optimal answer of each follower, solved on its own, and its multipliers as shadow
// prices (RowDuals and VarDuals, zero for the leader's; variables that stand for shadow prices take these values). Unlike BestTie it
// breaks no ties and looks at no constraint of the leader, so that it costs one solve a follower and succeeds wherever the followers
// have answers: it is meant for points to start a search from.
//
// Followers must be continuous. A nonlinear one is answered as well as Options.Smooth finds, with eight starts (Options.Starts) where it is not known to be
// convex. Where followers depend on one another, each is solved with the others where they are, in turn, until all settle in an
// equilibrium of their game; the entries of x are where they begin, or the start values of the model where those are NaN. Errors are those of Check and of type *AnswerError, for
// instance where a follower has no answer or the game does not settle.
func Respond(ctx context.Context, m *model.Model, x []float64, opt Options) (*model.Point, error) {
	c, err := newChecker(m, x, opt.forAnswers(), func(j int) bool { return m.VarOwner(j) == 0 })
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.opt.limited(ctx)
	defer cancel()
	c.fillIn()
	c.answering = true
	if err := c.respond(ctx); err != nil {
		return nil, err
	}
	out := &model.Point{RowDuals: make([]float64, m.NumRows()), VarDuals: make([]float64, m.NumVars())}
	for p := 1; p < m.NumPlayers(); p++ {
		t := c.tasks[p]
		if !t.continuous() && (!t.nonlinear() || t.integers) {
			return nil, &AnswerError{Follower: m.Player(p).Name(), Reason: "has integer variables, sets or conditions: no multipliers belong to its answer"}
		}
		for i, r := range t.fp.Rows {
			if i < len(t.lambda) {
				out.RowDuals[r] = t.sign * t.lambda[i]
			}
		}
		for i, j := range t.fp.Vars {
			if i < len(t.reduced) {
				out.VarDuals[j] = t.sign * t.reduced[i]
			}
		}
	}
	out.X = c.x
	for _, j := range m.DualVars() {
		r, _ := m.DualOf(j)
		out.X[j] = out.RowDuals[r]
	}
	return out, nil
}

// forAnswers are the options for points that are checked later: fewer starts and boxes.
func (o Options) forAnswers() Options {
	if o.Starts == 0 {
		o.Starts = 8
	}
	if o.Boxes == 0 {
		o.Boxes = 4000
	}
	return o
}
