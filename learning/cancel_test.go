package learning

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

// countdown is a context that ends after it has been asked so many times.
type countdown struct {
	context.Context
	asked, end atomic.Int64
}

func (c *countdown) Err() error {
	if c.asked.Add(1) > c.end.Load() {
		return context.Canceled
	}
	return nil
}

// An end is heard of within trainings and paths, by all methods; from the state that is saved then, the run goes on to where it would have ended.
func TestEndWithinTrainings(t *testing.T) {
	type run struct {
		task Task
		opt  Options
	}
	var runs []run
	for _, c := range searches() {
		if c.task == SVC || c.task == SVR || c.task == Logistic {
			c.opt.Points = 3
			runs = append(runs, run{c.task, c.opt})
		}
	}
	runs = append(runs,
		run{KernelSVC, Options{Points: 3}},
		run{Lasso, Options{Points: 3}},
		run{GroupLasso, Options{Points: 3}},
		run{SVC, Options{Methods: []string{"dca"}, Loss: Hinge, PerFeature: true}},
		run{SVC, Options{Methods: []string{"smoothing"}, Loss: Hinge, PerFeature: true}},
		run{SVC, Options{Repeats: 4}})
	for _, c := range runs {
		d := sample(5, 40, 2, c.task.Classifies())
		ctx := &countdown{Context: context.Background()}
		ctx.end.Store(1 << 60)
		whole, err := Tune(ctx, d, c.task, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		all, trainings := ctx.asked.Load(), 0
		for _, r := range whole.Runs {
			trainings += r.Trainings
		}
		if c.task != Ridge && int(all) < trainings {
			t.Errorf("%v: the context is asked %d times in %d trainings", c.task, all, trainings)
		}
		timeless(whole)
		const ends = 3
		for k := range int64(ends) {
			var state *State
			opt := c.opt
			opt.Save = func(s *State) error { state = s; return nil }
			ctx := &countdown{Context: context.Background()}
			ctx.end.Store((k*all + all/3) / ends)
			part, err := Tune(ctx, d, c.task, opt)
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if err == nil && !part.Runs[len(part.Runs)-1].Interrupted && len(part.Runs) == len(whole.Runs) {
				t.Fatalf("%v %v: an end after %d of %d questions is not told", c.task, c.opt.Methods, ctx.end.Load(), all)
			}
			// A few of the folds and methods each ask once more.
			if late := ctx.asked.Load() - ctx.end.Load(); late > 60 {
				t.Errorf("%v %v: the context was asked %d times after its end", c.task, c.opt.Methods, late)
			}
			opt = c.opt
			opt.Resume = state
			again, err := Tune(context.Background(), d, c.task, opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := bits(whole, timeless(again)); diff != "" {
				t.Errorf("%v %v per feature %v, ended after %d of %d questions: %s", c.task, c.opt.Methods, c.opt.PerFeature, ctx.end.Load(), all, diff)
			}
		}
	}
}
