package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// A game counts as settled when no value changes in a round by more than gameTolerance, relative to its size and at least to one. From round
// gameDamped on each follower goes only half of the way to its answer, which ends most cycles; after gameRounds it is given up, and sooner where
// gamePatience damped rounds have not made the changes smaller by a tenth.
const (
	gameTolerance = 1e-9
	gameDamped    = 60
	gameRounds    = 400
	gamePatience  = 40
)

// respond solves every follower at the leader's decision: each once where none depends on another, and otherwise round after round, each with
// the others where they are (Gauss-Seidel), until they settle. The last answers are written into c.x. Errors are of type *AnswerError where a
// follower has no answer or the game does not settle.
func (c *checker) respond(ctx context.Context) error {
	if !c.interacting() {
		for p := 1; p < c.m.NumPlayers(); p++ {
			if err := c.respondOne(ctx, p, 1); err != nil {
				return err
			}
		}
		return nil
	}
	last, earlier := math.Inf(1), math.Inf(1)
	for round := 1; round <= gameRounds; round++ {
		before := append([]float64(nil), c.x...)
		step := 1.0
		if round > gameDamped {
			step = 0.5
		}
		for p := 1; p < c.m.NumPlayers(); p++ {
			if err := c.respondOne(ctx, p, step); err != nil {
				return err
			}
		}
		if last = distance(c.x, before); last <= gameTolerance {
			if step < 1 {
				return c.atRest(ctx)
			}
			return nil
		}
		if math.IsNaN(last) || last > 1e12 {
			break
		}
		if round > gameDamped && (round-gameDamped)%gamePatience == 0 {
			if last > 0.9*earlier {
				break
			}
			earlier = last
		}
	}
	return &AnswerError{Reason: fmt.Sprintf("the best responses of the Nash game do not settle: a value still changes by %s of its size in the last round; there may be no equilibrium", num(last))}
}

// atRest answers each follower once more after damped rounds, so that its multipliers are those of a whole answer.
func (c *checker) atRest(ctx context.Context) error {
	for p := 1; p < c.m.NumPlayers(); p++ {
		if err := c.respondOne(ctx, p, 1); err != nil {
			return err
		}
	}
	return nil
}

// respondOne solves follower p with all others where they are and moves its part of the point by step times the way to the answer.
func (c *checker) respondOne(ctx context.Context, p int, step float64) error {
	t, err := c.newTask(p)
	if err != nil {
		return err
	}
	c.tasks[p] = t
	y := t.fp.Restrict(c.x)
	status, _, why := c.solve(ctx, t, y)
	if t.y == nil {
		return &AnswerError{Follower: c.m.Player(p).Name(), Status: status, Reason: why}
	}
	if step < 1 {
		for j, v := range t.y {
			if c.m.VarKind(int(t.fp.Vars[j])) == model.Continuous {
				y[j] += step * (v - y[j])
			} else {
				y[j] = v
			}
		}
		t.fp.Extend(c.x, y)
		return nil
	}
	t.fp.Extend(c.x, t.y)
	return nil
}
