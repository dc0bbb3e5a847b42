package learning

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
)

// CurvePiece is a part of a line of hyperparameters over which the validation loss is a polynomial of degree two in s = t - From: c[0] + c[1] s + c[2] s².
// Loss is the leader's, Slope the one that is descended along, see Validation.Evaluate.
type CurvePiece struct {
	From, To    float64
	Loss, Slope [3]float64
}

// Curve is the validation loss over a line of hyperparameters, exact but for what PathResult says: pieces follow each other from one end of the line to
// the other. At the ends of pieces it may jump, where a prediction changes its sign or an intercept passes from an end of its interval to the middle.
type Curve struct {
	Pieces []CurvePiece
	Paths  []PathResult // one a fold
	// Ties counts, for misclassification, the predictions that stay within 1e-7 of zero over a piece of a path: by less than the path is exact, so that Loss
	// may be wrong there by a sample each. Features of few different values have them, and intercepts in the middle of an interval around zero.
	Ties int
	// Doubt is the most that Loss may be wrong by for them at one place.
	Doubt float64
}

// whole reports whether no part of the line was jumped over, and no prediction left open.
func (c *Curve) whole() bool {
	return c.Ties == 0 && !slices.ContainsFunc(c.Paths, func(p PathResult) bool { return p.Gaps > 0 })
}

// CurveOver computes the average validation loss over a line of hyperparameters of SVC or SVR by following the answers of all folds, at the same time. The
// loss is any but the log-loss. Errors are those of NewValidation and Path.
func CurveOver(ctx context.Context, d *Data, task Task, folds [][]int, loss Loss, line Line) (*Curve, error) {
	v, err := NewValidation(d, task, folds, loss)
	if err != nil {
		return nil, err
	}
	return v.Over(ctx, line)
}

// Over computes the curve over a line, see CurveOver.
func (c *Validation) Over(ctx context.Context, line Line) (*Curve, error) {
	if err := line.check(c.task, c.folds[0].n); err != nil {
		return nil, err
	}
	if c.loss == LogLoss {
		return nil, &OptionError{"loss", "the log-loss is no polynomial between kinks", "choose misclassification or hinge"}
	}
	parts, measures := make([][]CurvePiece, len(c.folds)), make([]*measure, len(c.folds))
	out := &Curve{Paths: make([]PathResult, len(c.folds))}
	var wait sync.WaitGroup
	for t, f := range c.folds {
		wait.Go(func() {
			m := newMeasure(c.held[t], c.loss, c.loss.slope(c.task), 1/float64(len(c.folds)*c.held[t].Len()))
			h := f.f.(*hinges)
			p := h.tracer(line)
			if h.warm && h.radius == 0 {
				p.origin = h
			}
			out.Paths[t], c.errs[t] = p.run(ctx, func(piece Piece) error {
				m.add(piece)
				return nil
			})
			parts[t], measures[t] = m.out, m
		})
	}
	wait.Wait()
	for t, err := range c.errs {
		if err != nil {
			return nil, fmt.Errorf("fold %d: %w", t+1, err)
		}
		if len(parts[t]) == 0 {
			return nil, fmt.Errorf("fold %d: learning: %w", t+1, ErrPath)
		}
	}
	c.Trainings += len(c.folds)
	for _, p := range out.Paths {
		c.Pieces += p.Pieces
	}
	for _, m := range measures {
		out.Ties += m.ties
		out.Doubt += m.doubt
	}
	out.Pieces = joined(parts, line)
	return out, nil
}

// joined adds up the pieces of all folds.
func joined(parts [][]CurvePiece, line Line) []CurvePiece {
	at := make([]int, len(parts))
	var out []CurvePiece
	for from := line.From; from < line.To; {
		to := line.To
		for t, p := range parts {
			for at[t]+1 < len(p) && p[at[t]].To <= from {
				at[t]++
			}
			if p[at[t]].To > from {
				to = math.Min(to, p[at[t]].To)
			}
		}
		sum := CurvePiece{From: from, To: to}
		for t, p := range parts {
			p := &p[at[t]]
			// A part that no piece covers takes the end of the one next to it.
			s := math.Min(math.Max(from, p.From), p.To) - p.From
			for _, c := range []struct{ from, to *[3]float64 }{{&p.Loss, &sum.Loss}, {&p.Slope, &sum.Slope}} {
				c.to[0] += valueOf(c.from, s)
				c.to[1] += c.from[1] + 2*s*c.from[2]
				c.to[2] += c.from[2]
			}
		}
		out = append(out, sum)
		from = to
	}
	return out
}

// valueOf is a polynomial at s.
func valueOf(c *[3]float64, s float64) float64 { return c[0] + s*(c[1]+s*c[2]) }
