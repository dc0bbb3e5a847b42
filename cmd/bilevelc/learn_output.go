package main

import (
	"fmt"
	"io"
	"math"

	"github.com/gobilevel/bilevel/learning"
)

// learnHyper names the hyperparameters that a task has; of those of single features it tells the range.
func learnHyper(h learning.Hyper, task learning.Task) string {
	each := func(what string, list []float64) string {
		if list == nil {
			return ""
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range list {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
		return fmt.Sprintf("%s %.3g to %.3g", what, lo, hi)
	}
	switch task {
	case learning.SVC, learning.SVR:
		s := fmt.Sprintf("C %.4g", h.C)
		if task == learning.SVR {
			s += fmt.Sprintf(", epsilon %.4g", h.Epsilon)
		}
		if h.Box != nil {
			s += ", " + each("bounds", h.Box)
		}
		return s
	case learning.Lasso:
		return fmt.Sprintf("l1 %.4g", h.L1)
	case learning.ElasticNet:
		return fmt.Sprintf("l1 %.4g, l2 %.4g", h.L1, h.L2)
	}
	if h.Weights != nil {
		return each("penalties", h.Weights)
	}
	return fmt.Sprintf("l2 %.4g", h.L2)
}

// printLearnt writes the summary for people.
func printLearnt(w io.Writer, r *learning.Result) {
	fmt.Fprintf(w, "%v: %d samples of %d features in %d folds, %d kept for the test; loss: %v\n\n", r.Task, r.Train, len(r.Features), r.Folds, r.Test, r.Loss)
	fmt.Fprintf(w, "%-8s  %10s  %10s  %9s  %8s  %s\n", "method", "validation", "test", "trainings", "seconds", "chosen")
	for _, run := range r.Runs {
		test := "-"
		if !math.IsNaN(run.Test) {
			test = fmt.Sprintf("%.6g", run.Test)
		}
		fmt.Fprintf(w, "%-8s  %10.6g  %10s  %9d  %8.2f  %s", run.Method, run.CV, test, run.Trainings, run.Elapsed.Seconds(), learnHyper(run.Hyper, r.Task))
		if run.Interrupted {
			fmt.Fprint(w, " (stopped)")
		}
		fmt.Fprintln(w)
	}
	best := r.Runs[0]
	if best.Exhausted {
		fmt.Fprintf(w, "\nThe least validation loss over the whole range of C is %.6g.\n", best.Least)
	}
	used := 0
	for _, v := range best.W {
		if math.Abs(v) > 1e-8 {
			used++
		}
	}
	fmt.Fprintf(w, "\nTrained on all %d samples with %s: %d of %d features in use, intercept %.6g\n", r.Train, learnHyper(best.Final, r.Task), used, len(best.W), best.B)
}

// writeLearnt writes the result as JSON.
func writeLearnt(w io.Writer, r *learning.Result) error {
	j := newJSON(w)
	numbers := func(key string, list []float64) {
		j.list(key, func() {
			for _, v := range list {
				j.entry("")
				j.value(v)
			}
		})
	}
	j.object("", func() {
		j.text("task", r.Task.String())
		j.text("loss", r.Loss.String())
		j.integer("folds", r.Folds)
		j.integer("train", r.Train)
		j.integer("test", r.Test)
		j.texts("features", r.Features)
		j.object("scaler", func() {
			numbers("shift", r.Scaler.Shift)
			numbers("size", r.Scaler.Size)
		})
		j.list("runs", func() {
			for _, run := range r.Runs {
				j.object("", func() {
					j.text("method", run.Method)
					j.number("cv", run.CV)
					if run.Exhausted {
						j.number("least", run.Least)
					}
					j.number("test", run.Test)
					j.integer("trainings", run.Trainings)
					j.number("seconds", run.Elapsed.Seconds())
					j.boolean("interrupted", run.Interrupted)
					j.object("hyper", func() { writeHyper(j, run.Final, r.Task) })
					numbers("weights", run.W)
					j.number("intercept", run.B)
				})
			}
		})
	})
	return j.end()
}

// writeHyper writes the hyperparameters that a task has, those of the model trained on all samples.
func writeHyper(j *jsonWriter, h learning.Hyper, task learning.Task) {
	each := func(key string, list []float64) {
		j.list(key, func() {
			for _, v := range list {
				j.entry("")
				j.value(v)
			}
		})
	}
	switch task {
	case learning.SVC, learning.SVR:
		j.number("c", h.C)
		if task == learning.SVR {
			j.number("epsilon", h.Epsilon)
		}
		if h.Box != nil {
			each("box", h.Box)
		}
	case learning.Lasso, learning.ElasticNet:
		j.number("l1", h.L1)
		if task == learning.ElasticNet {
			j.number("l2", h.L2)
		}
	default:
		if h.Weights != nil {
			each("penalties", h.Weights)
		} else {
			j.number("l2", h.L2)
		}
	}
}
