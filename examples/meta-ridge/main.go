// Command meta-ridge learns from many small regression tasks how the next one is to be regularised: a penalty and a centre for each weight. README.md has
// the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "meta-ridge:", err)
		os.Exit(1)
	}
}

const (
	features = 20
	samples  = 15 // for training, of a task: fewer than features
	held     = 30 // for validation, of a task
	unseen   = 300
)

// family has weights that all tasks share, but for one in four.
func family() tasks.TaskFamily {
	f := tasks.TaskFamily{Noise: 1}
	for j := range features {
		spread := 0.1
		if j%4 == 0 {
			spread = 1
		}
		f.Centre, f.Spread = append(f.Centre, tasks.WeightSeed.Normal(j)), append(f.Spread, spread)
	}
	return f
}

// study is a family with tasks to learn from and tasks that are never learnt from.
type study struct {
	family tasks.TaskFamily
	seen   []tasks.LearningTask
	unseen []tasks.LearningTask
}

func draw(count int) study {
	f := family()
	return study{f, f.Draw(5, count, samples, held), f.Draw(6, unseen, samples, held)}
}

// errors is the mean squared error on the validation samples of tasks.
func errors(m *tasks.Meta, x []float64, list []tasks.LearningTask) (mean float64, err error) {
	for _, task := range list {
		z, err := m.Learn(x, task.Train)
		if err != nil {
			return 0, err
		}
		for i, p := range tasks.Predict(task.Valid.X, z) {
			d := p - task.Valid.Y[i]
			mean += d * d / float64(len(task.Valid.Y)*len(list))
		}
	}
	return mean, nil
}

// common is the best penalty of a grid for all weights, around zero.
func (s study) common() (seen, unseen float64, err error) {
	m, err := tasks.NewMeta(s.seen, false)
	if err != nil {
		return 0, 0, err
	}
	seen = math.Inf(1)
	var best []float64
	for k := range 13 {
		x := make([]float64, features)
		for j := range x {
			x[j] = -6 + float64(k)
		}
		e, err := errors(m, x, s.seen)
		if err != nil {
			return 0, 0, err
		}
		if e < seen {
			seen, best = e, x
		}
	}
	unseen, err = errors(m, best, s.unseen)
	return seen, unseen, err
}

// learn is the leader's answer, with or without a centre.
func (s study) learn(ctx context.Context, centre bool) (x []float64, seen, unseen float64, err error) {
	m, err := tasks.NewMeta(s.seen, centre)
	if err != nil {
		return nil, 0, 0, err
	}
	n, _ := m.Size()
	res, err := hypergrad.Minimize(ctx, m, make([]float64, n), nil, hypergrad.Options{Set: hypergrad.Bounds(-8, 8), Tolerance: 1e-4})
	if err != nil {
		return nil, 0, 0, err
	}
	if seen, err = errors(m, res.X, s.seen); err != nil {
		return nil, 0, 0, err
	}
	unseen, err = errors(m, res.X, s.unseen)
	return res.X, seen, unseen, err
}

// known is the error on unseen tasks with the penalties and the centre that are right for the family.
func (s study) known() (float64, error) {
	m, err := tasks.NewMeta(s.seen, true)
	if err != nil {
		return 0, err
	}
	return errors(m, s.family.Best(samples), s.unseen)
}

// run prints the errors for more and more tasks to learn from.
func run(ctx context.Context, w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "tasks\tone penalty\tone each\twith a centre\tof these: seen\tfamily known\t")
	for _, count := range []int{5, 20, 80, 240} {
		s := draw(count)
		_, one, err := s.common()
		if err != nil {
			return err
		}
		_, _, each, err := s.learn(ctx, false)
		if err != nil {
			return err
		}
		_, seen, centred, err := s.learn(ctx, true)
		if err != nil {
			return err
		}
		known, err := s.known()
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", count, one, each, centred, seen, known)
	}
	return t.Flush()
}
