package ipopt

import (
	"context"

	"github.com/gobilevel/bilevel/model/smooth"
)

// attempt is a way to solve a program. Where one fails the next is tried, from the same start.
type attempt struct {
	warm     bool // begin with a small barrier parameter, close to the bounds
	adaptive bool // choose the barrier parameter anew in each iteration
	relaxed  bool // move bounds of variables, too
}

func attempts(o smooth.Options) []attempt {
	switch {
	case o.Warm:
		return []attempt{{warm: true}, {adaptive: true}}
	case o.Mu > 0:
		return []attempt{{}, {adaptive: true, relaxed: true}}
	}
	return []attempt{{adaptive: true}, {relaxed: true}}
}

// try makes attempts until one leads to an answer that stands, or to one that another attempt would not change. An attempt before the last
// gets a part of the iterations: one that takes so many mostly goes round in circles.
func (t *task) try(ctx context.Context, start smooth.Start) (*smooth.Answer, error) {
	limit := t.opt.MaxIterations
	if limit == 0 {
		limit = defaultIterations
	}
	var best *smooth.Answer
	ways := attempts(t.opt)
	for k, how := range ways {
		left := limit - t.before
		if k < len(ways)-1 {
			left = min(left, max(firstIterations, left/4))
		}
		if k > 0 {
			t.before += t.iterations
		}
		t.set(start)
		c, err := t.attempt(ctx, how, left, start)
		if err != nil {
			return nil, err
		}
		a := t.answer(ctx, c)
		switch {
		case best == nil || a.Solved() || c != codeNotStarted && scaled(a) < scaled(best):
			best = a
		case c == codeNotStarted:
			best.Status, best.Message = a.Status, a.Message
		}
		if !c.tryAgain(how.warm, a.Status) || t.before+t.iterations >= limit {
			break
		}
	}
	best.Iterations, best.Evaluations = t.before+t.iterations, t.evaluations
	return best, nil
}

// attempt solves in one way, where there is anything to solve.
func (t *task) attempt(ctx context.Context, how attempt, iterations int, start smooth.Start) (code, error) {
	switch {
	case t.shape.impossible != "":
		return codeInfeasible, nil
	case t.shape.moving == 0:
		copy(t.x, t.shape.lower)
		return codeSolved, nil
	}
	return t.solve(ctx, how, iterations, start)
}

// set writes the start where the library reads it.
func (t *task) set(start smooth.Start) {
	clear(t.buffer)
	copy(t.x, start.X)
	copy(t.zl, start.Lower)
	copy(t.zu, start.Upper)
	if t.shape.keep == nil {
		copy(t.lambda, start.Rows)
	} else if start.Rows != nil {
		for k, r := range t.shape.keep {
			t.lambda[k] = start.Rows[r]
		}
	}
	t.iterations, t.heard, t.failed = 0, false, ""
}
