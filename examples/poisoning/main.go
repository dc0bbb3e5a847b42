// Command poisoning attacks a classifier of handwritten fours and nines through its training data: it redraws 5 % of the images, within the range of pixels,
// so that the model trained on them is as bad as possible. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "poisoning:", err)
		os.Exit(1)
	}
}

const (
	side   = digits.Side / 2
	pixels = side * side
	moved  = 20 // of the training images
	ridge  = 0.01
)

// study are 400 images for training, 400 on which the attacker measures the model, and 800 that neither sees.
type study struct {
	train, valid, test tasks.Data
}

// prepare takes every second pixel of every second row of fours and nines, and a constant.
func prepare(set *digits.Set) study {
	var places []int
	for _, k := range tasks.Order(91, len(set.Digits)) {
		if d := set.Digits[k]; d == 4 || d == 9 {
			places = append(places, k)
		}
	}
	part := func(lo, hi int) tasks.Data {
		x, y := matrix.NewDense(hi-lo, pixels+1), make([]float64, hi-lo)
		for i, k := range places[lo:hi] {
			row := x.Row(i)
			for j := range pixels {
				row[j] = set.Images.Row(k)[2*(j/side)*digits.Side+2*(j%side)]
			}
			row[pixels] = 1
			if y[i] = 1; set.Digits[k] == 9 {
				y[i] = -1
			}
		}
		return tasks.Data{X: x, Y: y}
	}
	return study{part(0, 400), part(400, 800), part(800, 1600)}
}

// flipped has the labels of the first training images turned.
func (s study) flipped() study {
	y := append([]float64(nil), s.train.Y...)
	for i := range moved {
		y[i] = -y[i]
	}
	s.train.Y = y
	return s
}

// outcome is the loss that the attacker measures with the errors of the model.
type outcome struct {
	loss, valid, test float64
}

// at is the outcome of training with the first images at x.
func (s study) at(ctx context.Context, p *tasks.Poisoning, x []float64) (outcome, error) {
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		return outcome{}, err
	}
	ev, err := e.Evaluate(ctx, x, 1e-6)
	if err != nil {
		return outcome{}, err
	}
	return outcome{-ev.Value, wrong(s.valid, ev.Y), wrong(s.test, ev.Y)}, nil
}

func wrong(d tasks.Data, z []float64) float64 {
	n := 0
	for i, t := range tasks.Predict(d.X, z) {
		if t*d.Y[i] <= 0 {
			n++
		}
	}
	return float64(n) / float64(len(d.Y))
}

// problem is that of the study.
func (s study) problem() (*tasks.Poisoning, error) {
	return tasks.NewPoisoning(s.train, s.valid, tasks.Logistic, moved, ridge)
}

// random places the images anywhere in the box, and answers the worst of several tries.
func (s study) random(ctx context.Context, p *tasks.Poisoning) (worst outcome, err error) {
	for try := range 20 {
		x := p.Start()
		for j := range x {
			if j%(pixels+1) != pixels {
				x[j] = tasks.Stream(92 + try).Uniform(j)
			}
		}
		o, err := s.at(ctx, p, x)
		if err != nil {
			return worst, err
		}
		if o.loss > worst.loss {
			worst = o
		}
	}
	return worst, nil
}

// attack is the leader's answer from the images as they are. Pixels stay in [0, 1], and the constant stays.
func (s study) attack(ctx context.Context, p *tasks.Poisoning) (outcome, *hypergrad.Result, error) {
	x := p.Start()
	box := hypergrad.Box{Lower: make([]float64, len(x)), Upper: make([]float64, len(x))}
	for j := range x {
		if box.Upper[j] = 1; j%(pixels+1) == pixels {
			box.Lower[j] = 1
		}
	}
	res, err := hypergrad.Minimize(ctx, p, x, nil, hypergrad.Options{Set: box, MaxIterations: 60, Tolerance: 1e-4})
	if err != nil {
		return outcome{}, nil, err
	}
	o, err := s.at(ctx, p, res.X)
	return o, res, err
}

// run prints the table.
func run(ctx context.Context, w io.Writer) error {
	set, err := digits.Load()
	if err != nil {
		return err
	}
	clean := prepare(set)
	s := clean.flipped()
	before, err := clean.problem()
	if err != nil {
		return err
	}
	p, err := s.problem()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "5 % of the training images\tvalidation loss\tvalidation error\ttest error\t")
	for _, way := range []struct {
		name string
		f    func() (outcome, error)
	}{
		{"as they are", func() (outcome, error) { return clean.at(ctx, before, before.Start()) }},
		{"label turned", func() (outcome, error) { return s.at(ctx, p, p.Start()) }},
		{"label turned, random pixels, worst of 20", func() (outcome, error) { return s.random(ctx, p) }},
		{"label turned, redrawn by the leader", func() (outcome, error) { o, _, err := s.attack(ctx, p); return o, err }},
		{"label kept, redrawn by the leader", func() (outcome, error) { o, _, err := clean.attack(ctx, before); return o, err }},
	} {
		o, err := way.f()
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%s\t%.4f\t%.2f %%\t%.2f %%\t\n", way.name, o.loss, 100*o.valid, 100*o.test)
	}
	return t.Flush()
}
