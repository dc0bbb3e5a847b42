package bilevel

import (
	"context"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// answerer solves the followers' problems at decisions of the leader, for points to start from. The leader's constraints are not looked at:
// the pattern of active constraints of the answers serves even where they are violated.
type answerer struct {
	m         *model.Model
	followers *model.FollowerProblems
	backend   backends.Backend
}

func newAnswerer(m *model.Model) *answerer {
	b, err := backends.Open("highs")
	if err != nil || m.NumFollowers() == 0 {
		return nil
	}
	for p := 1; p < m.NumPlayers(); p++ {
		if m.Player(p).IsNash() {
			return nil // the answers would have to be an equilibrium
		}
	}
	return &answerer{m: m, followers: m.FollowerProblems(), backend: b}
}

// at returns the leader's decision of x with each follower's optimal answer and the duals of its constraints; nil where a follower has none.
func (a *answerer) at(ctx context.Context, x []float64) *model.Point {
	p := &model.Point{X: append([]float64(nil), x...), RowDuals: make([]float64, a.m.NumRows()), VarDuals: make([]float64, a.m.NumVars())}
	for k := 1; k < a.m.NumPlayers(); k++ {
		f, err := a.followers.At(k, p.X)
		if err != nil {
			return nil
		}
		r, err := a.backend.Solve(ctx, f.Model, backends.Options{Threads: 1}, nil)
		if err != nil || r.Point == nil || r.Point.RowDuals == nil {
			return nil
		}
		f.Extend(p.X, r.Point.X)
		for i, row := range f.Rows {
			p.RowDuals[row] = r.Point.RowDuals[i]
		}
		for i, j := range f.Vars {
			p.VarDuals[j] = r.Point.VarDuals[i]
		}
	}
	for _, j := range a.m.DualVars() {
		row, _ := a.m.DualOf(j)
		p.X[j] = p.RowDuals[row]
	}
	return p
}
