// Command hyper-cleaning trains a classifier of handwritten digits on labels of which half were replaced at random, with one weight for each training
// sample, learnt from clean validation data. README.md has the mathematics.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	flags := flag.NewFlagSet("hyper-cleaning", flag.ContinueOnError)
	share := flags.Float64("corrupted", 0.5, "share of the training labels that are replaced")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := clean(context.Background(), os.Stdout, *share); err != nil {
		fmt.Fprintln(os.Stderr, "hyper-cleaning:", err)
		return 1
	}
	return 0
}

// study is the data of the protocol: 5,000 training samples, some with wrong labels, 2,500 for validation and 2,500 for the test.
type study struct {
	train, valid, test tasks.Classes
	weigh, stop        tasks.Classes // two parts of valid: one for the leader's loss, one that says when to stop
	wrong              []bool
}

// prepare orders, corrupts and standardises the digits.
func prepare(set *digits.Set, share float64) study {
	order := tasks.Order(61, len(set.Digits))
	part := func(lo, hi int) tasks.Classes {
		s := set.Select(order[lo:hi])
		return tasks.Classes{X: s.Images, Y: s.Digits, Classes: 10}
	}
	s := study{train: part(0, 5000), valid: part(5000, 7500), test: part(7500, 10000), weigh: part(5000, 6500), stop: part(6500, 7500)}
	s.wrong = tasks.Corrupt(s.train.Y, 10, share)
	tasks.Standardise(s.train.X, s.valid.X, s.test.X, s.weigh.X, s.stop.X)
	return s
}

// weights are the leader's variables for weights near one, except near zero where the label is known to be wrong.
func (s study) weights(wrong []bool) []float64 {
	x := make([]float64, len(s.train.Y))
	for i := range x {
		if x[i] = 40; wrong != nil && wrong[i] {
			x[i] = -40
		}
	}
	return x
}

// answer is what a way of training reached.
type answer struct {
	name        string
	penalty     float64
	loss        float64 // on the validation samples
	valid, test float64 // errors
}

// fit trains with given weights and each of the penalties, and answers that with the smallest validation error.
func (s study) fit(ctx context.Context, name string, x []float64, penalties ...float64) (best answer, err error) {
	p, err := tasks.NewCleaningPenalty(s.train, s.valid)
	if err != nil {
		return best, err
	}
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		return best, err
	}
	for _, penalty := range penalties {
		at, err := e.Evaluate(ctx, s.with(x, penalty), 1e-3)
		if err != nil {
			return best, err
		}
		if valid := s.valid.Errors(at.Y); best.name == "" || valid < best.valid {
			best = answer{name, penalty, at.Value, valid, s.test.Errors(at.Y)}
		}
	}
	return best, nil
}

// with appends the leader's variable for the penalty.
func (s study) with(x []float64, penalty float64) []float64 {
	return append(slices.Clone(x), math.Sqrt(float64(len(x)))*math.Log(penalty))
}

// protocol learns the weights at the penalty 0.2 until the leader is stationary.
func (s study) protocol(ctx context.Context) (answer, error) {
	p, err := tasks.NewCleaning(s.train, s.valid, 0.2)
	if err != nil {
		return answer{}, err
	}
	res, err := hypergrad.Minimize(ctx, p, s.start(), nil, hypergrad.Options{FirstMove: 400, Tolerance: 2e-5})
	if err != nil {
		return answer{}, err
	}
	return answer{"weights learnt, " + res.Status.String(), 0.2, res.Value, s.valid.Errors(res.Y), s.test.Errors(res.Y)}, nil
}

// start has all weights at σ(-2).
func (s study) start() []float64 {
	x := make([]float64, len(s.train.Y))
	for i := range x {
		x[i] = -2
	}
	return x
}

// learn learns weights and penalty on one part of the validation samples, and keeps the iterate with the smallest loss on the other part; it stops when that
// loss has not fallen for two iterations.
func (s study) learn(ctx context.Context) (answer, error) {
	p, err := tasks.NewCleaningPenalty(s.train, s.weigh)
	if err != nil {
		return answer{}, err
	}
	judge, err := tasks.NewCleaning(s.train, s.stop, 1)
	if err != nil {
		return answer{}, err
	}
	whole, err := tasks.NewCleaning(s.train, s.valid, 1)
	if err != nil {
		return answer{}, err
	}
	best, least, idle := answer{name: "weights and penalty learnt, stopped by held-out loss"}, math.Inf(1), 0
	_, err = hypergrad.Minimize(ctx, p, s.with(s.start(), 0.2), nil, hypergrad.Options{FirstMove: 400, MaxIterations: 30, Progress: func(at hypergrad.Progress) bool {
		held := judge.Leader(nil, at.Y, nil, nil)
		if idle++; held < least {
			least, idle = held, 0
			best.penalty, best.valid, best.test = p.Penalty(at.X), s.valid.Errors(at.Y), s.test.Errors(at.Y)
			best.loss = whole.Leader(nil, at.Y, nil, nil)
		}
		return idle < 2
	}})
	return best, err
}

// clean prints the table.
func clean(ctx context.Context, w io.Writer, share float64) error {
	set, err := digits.Load()
	if err != nil {
		return err
	}
	s := prepare(set, share)
	count := 0
	for _, wrong := range s.wrong {
		if wrong {
			count++
		}
	}
	fmt.Fprintf(w, "%d of %d training labels are wrong\n", count, len(s.wrong))
	answers, err := s.all(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "training\tpenalty\tvalidation loss\tvalidation error\ttest error")
	for _, a := range answers {
		fmt.Fprintf(t, "%s\t%.3g\t%.4f\t%.2f %%\t%.2f %%\n", a.name, a.penalty, a.loss, 100*a.valid, 100*a.test)
	}
	return t.Flush()
}

// grid are the penalties that training without learnt ones may choose from.
var grid = []float64{0.5, 0.2, 0.1, 0.05, 0.02}

// all are the answers of the table.
func (s study) all(ctx context.Context) ([]answer, error) {
	var out []answer
	for _, f := range []func() (answer, error){
		func() (answer, error) { return s.fit(ctx, "all labels, as they are", s.weights(nil), 0.2) },
		func() (answer, error) { return s.fit(ctx, "the same, penalty from a grid", s.weights(nil), grid...) },
		func() (answer, error) { return s.fit(ctx, "right labels only (oracle)", s.weights(s.wrong), 0.2) },
		func() (answer, error) {
			return s.fit(ctx, "the same, penalty from a grid", s.weights(s.wrong), grid...)
		},
		func() (answer, error) { return s.protocol(ctx) },
		func() (answer, error) { return s.learn(ctx) },
	} {
		a, err := f()
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
