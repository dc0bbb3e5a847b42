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
}

// whole reports whether no part of the line was jumped over.
func (c *Curve) whole() bool {
	return !slices.ContainsFunc(c.Paths, func(p PathResult) bool { return p.Gaps > 0 })
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
	parts := make([][]CurvePiece, len(c.folds))
	out := &Curve{Paths: make([]PathResult, len(c.folds))}
	var wait sync.WaitGroup
	for t, f := range c.folds {
		wait.Go(func() {
			m := measure{held: c.held[t], loss: c.loss, slope: c.loss.slope(c.task), weight: 1 / float64(len(c.folds)*c.held[t].Len())}
			p := f.f.(*hinges).tracer(line)
			out.Paths[t], c.errs[t] = p.run(ctx, func(piece Piece) error {
				m.add(piece)
				return nil
			})
			parts[t] = m.out
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
	out.Pieces = joined(parts, line)
	return out, nil
}

// measure turns pieces of a path into pieces of the loss on the samples of a fold.
type measure struct {
	held        *Data
	loss, slope Loss
	weight      float64
	out         []CurvePiece
	at, rate    []float64
	kinks       []float64
}

func (m *measure) add(p Piece) {
	n, length := len(p.V)-1, p.To-p.From
	m.at, m.rate, m.kinks = m.at[:0], m.rate[:0], append(m.kinks[:0], 0)
	kink := func(gap, rate float64) {
		if s := gap / rate; s > 0 && s < length {
			m.kinks = append(m.kinks, s)
		}
	}
	for i, x := range m.held.X {
		y := m.held.Y[i]
		at, rate := dot(x, p.V[:n])-p.V[n], dot(x, p.Rate[:n])-p.Rate[n]
		m.at, m.rate = append(m.at, at), append(m.rate, rate)
		switch m.slope {
		case Hinge:
			kink(y-at, rate)
			if m.loss == Misclassification {
				kink(-at, rate)
			}
		case Absolute:
			kink(y-at, rate)
		}
	}
	slices.Sort(m.kinks)
	for q, s := range m.kinks {
		end := length
		if q+1 < len(m.kinks) {
			end = m.kinks[q+1]
		}
		if end <= s {
			continue
		}
		piece := CurvePiece{From: p.From + s, To: p.From + end}
		for i, y := range m.held.Y {
			at, rate := m.at[i]+s*m.rate[i], m.rate[i]
			// The prediction half way says on which side of a kink the piece is.
			middle := at + rate*(end-s)/2
			add := func(l Loss, to *[3]float64) {
				switch l {
				case Misclassification:
					if y*middle <= 0 {
						to[0]++
					}
				case Hinge:
					if y*middle < 1 {
						to[0] += 1 - y*at
						to[1] -= y * rate
					}
				case Absolute:
					sign := math.Copysign(1, middle-y)
					to[0] += sign * (at - y)
					to[1] += sign * rate
				default:
					to[0] += (at - y) * (at - y)
					to[1] += 2 * (at - y) * rate
					to[2] += rate * rate
				}
			}
			add(m.slope, &piece.Slope)
			if m.loss != m.slope {
				add(m.loss, &piece.Loss)
			}
		}
		if m.loss == m.slope {
			piece.Loss = piece.Slope
		}
		for i := range 3 {
			piece.Loss[i] *= m.weight
			piece.Slope[i] *= m.weight
		}
		m.out = append(m.out, piece)
	}
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
