// Command multinomial chooses the penalties of multinomial regression on handwritten digits: one for all weights, one for each class, for each pixel, or for each
// class and pixel. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "multinomial:", err)
		os.Exit(1)
	}
}

// study are samples for training, validation and the test.
type study struct {
	train, valid, test tasks.Classes
}

const side = digits.Side / 2

// prepare takes every second pixel of every second row of 1,500, 1,500 and 3,000 digits in random order, and a constant.
func prepare(set *digits.Set) study {
	order := tasks.Order(81, len(set.Digits))
	part := func(lo, hi int) tasks.Classes {
		c := tasks.Classes{X: matrix.NewDense(hi-lo, side*side+1), Y: make([]int, hi-lo), Classes: 10}
		for i, k := range order[lo:hi] {
			row := c.X.Row(i)
			for j := range side * side {
				row[j] = set.Images.Row(k)[2*(j/side)*digits.Side+2*(j%side)]
			}
			row[side*side] = 1
			c.Y[i] = set.Digits[k]
		}
		return c
	}
	return study{part(0, 1500), part(1500, 3000), part(3000, 6000)}
}

// outcome is the validation loss of penalties with the errors of their classifier.
type outcome struct {
	loss, valid, test float64
	evaluations       int
}

// learn descends from the given logarithm of all penalties.
func (s study) learn(ctx context.Context, w tasks.Weighting, start float64) (outcome, error) {
	p, err := tasks.NewMultinomial(s.train, s.valid, w)
	if err != nil {
		return outcome{}, err
	}
	n, _ := p.Size()
	x := make([]float64, n)
	for j := range x {
		x[j] = start
	}
	res, err := hypergrad.Minimize(ctx, p, x, nil, hypergrad.Options{Set: hypergrad.Bounds(-14, 2), Tolerance: 1e-4, MaxIterations: 15, FirstMove: 0.3 * math.Sqrt(float64(n))})
	if err != nil {
		return outcome{}, err
	}
	return outcome{res.Value, s.valid.Errors(res.Y), s.test.Errors(res.Y), int(res.Tally.Calls.Leader)}, nil
}

// grid tries one penalty for all weights.
func (s study) grid(ctx context.Context) (best outcome, at float64, err error) {
	p, err := tasks.NewMultinomial(s.train, s.valid, tasks.ForAll)
	if err != nil {
		return best, 0, err
	}
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		return best, 0, err
	}
	best.loss = math.Inf(1)
	const points = 8
	for k := range points {
		x := -1 - float64(k)
		ev, err := e.Evaluate(ctx, []float64{x}, 1e-3)
		if err != nil {
			return best, 0, err
		}
		if ev.Value < best.loss {
			best, at = outcome{ev.Value, s.valid.Errors(ev.Y), s.test.Errors(ev.Y), points}, x
		}
	}
	return best, at, nil
}

// run prints the table.
func run(ctx context.Context, w io.Writer) error {
	set, err := digits.Load()
	if err != nil {
		return err
	}
	s := prepare(set)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "penalties\tvalidation loss\tvalidation error\ttest error\tevaluations\t")
	row := func(name string, o outcome) {
		fmt.Fprintf(t, "%s\t%.4f\t%.2f %%\t%.2f %%\t%d\t\n", name, o.loss, 100*o.valid, 100*o.test, o.evaluations)
	}
	o, at, err := s.grid(ctx)
	if err != nil {
		return err
	}
	row("one, grid", o)
	for _, w := range []tasks.Weighting{tasks.ForAll, tasks.ForClass, tasks.ForFeature, tasks.ForEntry} {
		start := at
		if w == tasks.ForAll {
			start = -1
		}
		o, err := s.learn(ctx, w, start)
		if err != nil {
			return err
		}
		row("for "+w.String(), o)
	}
	return t.Flush()
}
