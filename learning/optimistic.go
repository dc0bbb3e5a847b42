package learning

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Optimum is the least validation loss over a line of hyperparameters, where the leader chooses among the intercepts of an answer that leaves them free.
type Optimum struct {
	At    float64 // where on the line
	Loss  float64
	Gaps  float64 // the sum of PathResult.Gaps over the folds: the loss is proven least over the whole line where it is 0, else over the rest of the line
	Paths []PathResult
}

// Optimum finds the least validation loss over a line for the optimistic leader of BuildModel, who chooses among answers, for misclassification, hinge and
// absolute loss: with the paths of all folds it is a minimum over the parts of the line between the ends of pieces. There hinge and absolute loss are convex,
// and found to 1e-12 of the part's length; misclassification changes where two of the lines b = x_i'w(t) and the ends of b's interval cross, and each crossing
// and each part between two is looked at, so that the number of steps grows as the square of that of the samples. A margin of zero counts as right.
// That no better value exists is proven by the paths, up to what their right-hand sides are moved by, see Path, and up to Gaps. Errors are those of CurveOver.
func (c *Validation) Optimum(ctx context.Context, line Line) (*Optimum, error) {
	if c.loss == LogLoss || c.loss == Squared {
		return nil, &OptionError{"loss", "there is no search for the optimum with " + c.loss.String(), "choose misclassification, hinge or absolute"}
	}
	if err := line.check(c.task, c.folds[0].n); err != nil {
		return nil, err
	}
	out := &Optimum{Loss: math.Inf(1)}
	parts := make([][]Piece, len(c.folds))
	stops := []float64{line.From, line.To}
	for t, f := range c.folds {
		res, err := f.f.(*hinges).tracer(line).run(ctx, func(p Piece) error {
			p.V, p.Rate = slices.Clone(p.V), slices.Clone(p.Rate)
			parts[t] = append(parts[t], p)
			stops = append(stops, p.From, p.To)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(parts[t]) == 0 {
			return nil, fmt.Errorf("learning: fold %d: %w", t+1, ErrPath)
		}
		out.Paths = append(out.Paths, res)
		out.Gaps += res.Gaps
	}
	slices.Sort(stops)
	at := make([]int, len(parts))
	for i := 1; i < len(stops); i++ {
		from, to := stops[i-1], stops[i]
		if to <= from {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var now []*Piece
		for t, p := range parts {
			for at[t]+1 < len(p) && p[at[t]].To <= from {
				at[t]++
			}
			now = append(now, &p[at[t]])
		}
		if slices.ContainsFunc(now, func(p *Piece) bool { return p.From > from || p.To < to }) {
			continue // jumped over
		}
		value := func(t float64) float64 {
			sum := 0.0
			for k, p := range now {
				sum += c.bestIntercept(k, p, t) / float64(len(now))
			}
			if sum < out.Loss {
				out.Loss, out.At = sum, t
			}
			return sum
		}
		if c.loss == Misclassification {
			c.crossings(now, from, to, value)
			continue
		}
		value(from)
		value(to)
		// Sections by the golden ratio.
		ratio := (math.Sqrt(5) - 1) / 2
		a, b := to-ratio*(to-from), from+ratio*(to-from)
		fa, fb := value(a), value(b)
		for end := 1e-12 * (to - from); to-from > end && a < b; {
			if fa < fb {
				to, b, fb = b, a, fa
				a = to - ratio*(to-from)
				fa = value(a)
			} else {
				from, a, fa = a, b, fb
				b = from + ratio*(to-from)
				fb = value(b)
			}
		}
	}
	return out, nil
}

// bestIntercept is the least mean loss of a fold at t over b's interval: at an end of it, or where the loss of a sample has its kink.
func (c *Validation) bestIntercept(k int, p *Piece, t float64) float64 {
	held, s := c.held[k], t-p.From
	n := len(p.V) - 1
	score := make([]float64, held.Len())
	for i, x := range held.X {
		score[i] = dot(x, p.V[:n]) + s*dot(x, p.Rate[:n])
	}
	middle := p.V[n] + s*p.Rate[n]
	lo, hi := middle+p.Spread[0]+s*p.Widen[0], middle+p.Spread[1]+s*p.Widen[1]
	best := math.Inf(1)
	try := func(b float64) {
		sum := 0.0
		for i, y := range held.Y {
			if c.loss == Misclassification {
				if y*(score[i]-b) < -1e-9*(1+math.Abs(b)) {
					sum++
				}
				continue
			}
			l, _ := c.loss.at(score[i]-b, y)
			sum += l
		}
		best = math.Min(best, sum/float64(held.Len()))
	}
	try(lo)
	if hi <= lo {
		return best
	}
	try(hi)
	for i, v := range score {
		if c.loss != Misclassification {
			v -= held.Y[i] // both losses have their kink where the prediction is the label
		}
		if v > lo && v < hi {
			try(v)
		}
	}
	return best
}

// crossings calls value where the misclassification of some fold may change within a part of the line, and half way between two such places.
func (c *Validation) crossings(now []*Piece, from, to float64, value func(float64) float64) {
	stops := []float64{from, to}
	for k, p := range now {
		n := len(p.V) - 1
		// Lines in t - from: the ends of the interval, then the samples.
		s := from - p.From
		middle := p.V[n] + s*p.Rate[n]
		at := []float64{middle + p.Spread[0] + s*p.Widen[0], middle + p.Spread[1] + s*p.Widen[1]}
		rate := []float64{p.Rate[n] + p.Widen[0], p.Rate[n] + p.Widen[1]}
		for _, x := range c.held[k].X {
			r := dot(x, p.Rate[:n])
			at, rate = append(at, dot(x, p.V[:n])+s*r), append(rate, r)
		}
		free := p.Spread != [2]float64{} || p.Widen != [2]float64{}
		for i := range at {
			for j := range i {
				if j >= 2 && !free {
					break
				}
				if t := from + (at[j]-at[i])/(rate[i]-rate[j]); t > from && t < to {
					stops = append(stops, t)
				}
			}
		}
	}
	slices.Sort(stops)
	for i, t := range stops {
		value(t)
		if i > 0 {
			value((t + stops[i-1]) / 2)
		}
	}
}
