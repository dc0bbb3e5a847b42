package verify

import (
	"context"

	"github.com/gobilevel/bilevel/model"
)

// Respond returns the leader's decision of x with an optimal answer of each follower, solved on its own, and its multipliers as shadow
// prices (RowDuals and VarDuals, zero for the leader's; variables that stand for shadow prices take these values). Unlike BestTie it
// breaks no ties and looks at no constraint of the leader, so that it costs one solve a follower and succeeds wherever the followers
// have answers: it is meant for points to start a search from. Followers must be linear or convex quadratic and must not depend on
// one another. Errors are those of Check and of type *AnswerError.
func Respond(ctx context.Context, m *model.Model, x []float64, opt Options) (*model.Point, error) {
	c, err := newChecker(m, x, opt, func(j int) bool { return m.VarOwner(j) == 0 })
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.opt.limited(ctx)
	defer cancel()
	if c.interacting() {
		return nil, &AnswerError{Reason: "the followers of a Nash game answer each other: there is no best response to the leader alone"}
	}
	c.fillIn()
	out := &model.Point{RowDuals: make([]float64, m.NumRows()), VarDuals: make([]float64, m.NumVars())}
	for p := 1; p < m.NumPlayers(); p++ {
		t, err := c.newTask(p)
		if err != nil {
			return nil, err
		}
		status, _, why := c.solve(ctx, t, t.fp.Restrict(c.x))
		if t.y == nil || !t.continuous() {
			return nil, &AnswerError{Follower: m.Player(p).Name(), Status: status, Reason: why}
		}
		t.fp.Extend(c.x, t.y)
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
