package learning

import (
	"context"
	"math"
	"testing"
	"time"
)

// The history tells the way of the best point; its norms are those of differences of the loss.
func TestHistory(t *testing.T) {
	for _, c := range searches() {
		d := sample(3, 50, 3, c.task.Classifies())
		events := map[string]int{}
		trainings := map[string]int{}
		c.opt.Events = func(e Event) {
			events[e.Method]++
			if e.Trainings < trainings[e.Method] {
				t.Errorf("%s: %d trainings after %d", e.Method, e.Trainings, trainings[e.Method])
			}
			trainings[e.Method] = e.Trainings
		}
		r, err := Tune(context.Background(), d, c.task, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range r.Runs {
			h := run.History
			if len(h) == 0 || h[len(h)-1].CV != run.CV || h.At(run.Elapsed) != run.CV || !math.IsNaN(h.At(-1)) || h.At(h[0].Elapsed) > h[0].CV {
				t.Fatalf("%v %s: CV %v, history %+v", c.task, run.Method, run.CV, h)
			}
			gradients := 0
			for k, e := range h {
				// The steady choice may end with a point of more loss.
				if k > 0 && (k < len(h)-1 && e.CV > h[k-1].CV+1e-12 || e.Elapsed < h[k-1].Elapsed || e.Trainings < h[k-1].Trainings) {
					t.Errorf("%v %s: %+v after %+v", c.task, run.Method, e, h[k-1])
				}
				if !math.IsNaN(e.Norm) {
					gradients++
				}
			}
			// Descents that leave out a part of the samples are told of by one event a partition, and their hypergradients count.
			nested := run.Method == "bilevel" && c.task == SVC && c.opt.PerFeature && c.opt.Loss.of(SVC) == Misclassification && c.opt.Choice == Steady
			if (gradients != run.Gradients) != nested || gradients > run.Gradients || (run.Method == "bilevel" && (c.opt.PerFeature || c.task != SVC && c.task != SVR)) != (gradients > 0) { // with scalars alone these two follow paths
				t.Errorf("%v %s: %d hypergradients, %d in the history", c.task, run.Method, run.Gradients, gradients)
			}
			// A training of each fold an evaluation or a path; the events are these and hypergradients.
			if (events[run.Method] != run.Trainings/r.Folds+run.Gradients) != nested || trainings[run.Method] != run.Trainings {
				t.Errorf("%v %s: %d events for %d trainings and %d hypergradients", c.task, run.Method, events[run.Method], run.Trainings, run.Gradients)
			}
			better := h.Improvements()
			for k, e := range better {
				if k > 0 && e.CV >= better[k-1].CV {
					t.Errorf("%v %s: %v after %v is no improvement", c.task, run.Method, e.CV, better[k-1].CV)
				}
			}
			if better[len(better)-1].CV != run.CV {
				t.Errorf("%v %s: the last improvement is %v, the best %v", c.task, run.Method, better[len(better)-1].CV, run.CV)
			}
		}
	}
}

// Equal time: grid and random points use the time of the first method and end then, or that of the limit.
func TestEqualTime(t *testing.T) {
	d := sample(3, 300, 6, true)
	r, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "grid", "random"}, EqualTime: true, Points: 3})
	if err != nil {
		t.Fatal(err)
	}
	budget := r.Runs[0].Elapsed
	for _, run := range r.Runs[1:] {
		// The last training may begin just before the end.
		if run.Elapsed < budget || run.Elapsed > budget+2*time.Second || run.Trainings <= 9 || run.Interrupted {
			t.Errorf("%s: %v of %v, %d trainings", run.Method, run.Elapsed, budget, run.Trainings)
		}
	}
	r, err = Tune(context.Background(), d, SVC, Options{Methods: []string{"random", "bilevel", "grid"}, EqualTime: true, Random: 1, TimeLimit: 200 * time.Millisecond, Points: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range r.Runs {
		if run.Method == "random" && (run.Elapsed < 200*time.Millisecond || run.Interrupted) || run.Elapsed > 3*time.Second {
			t.Errorf("%s: %v of 0.2 s", run.Method, run.Elapsed)
		}
	}
}
