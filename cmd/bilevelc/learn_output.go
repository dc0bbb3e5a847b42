package main

import (
	"fmt"
	"io"
	"math"

	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/learning/show"
)

// printLearnt writes the summary for people; steady says that the choice among points was the steady one.
func printLearnt(w io.Writer, r *learning.Result, steady bool) {
	fmt.Fprintf(w, "%v: %d samples of %d features in %d folds, %d kept for the test; loss: %v\n\n", r.Task, r.Train, len(r.Features), r.Folds, r.Test, r.Loss)
	wide := 8
	for _, run := range r.Runs {
		wide = max(wide, len(run.Method))
	}
	fmt.Fprintf(w, "%-*s  %10s  %10s  %9s  %9s  %8s  %s\n", wide, "method", "validation", "test", "trainings", "gradients", "seconds", "chosen")
	for _, run := range r.Runs {
		test := "-"
		if !math.IsNaN(run.Test) {
			test = fmt.Sprintf("%.6g", run.Test)
		}
		fmt.Fprintf(w, "%-*s  %10.6g  %10s  %9d  %9d  %8.2f  %s", wide, run.Method, run.CV, test, run.Trainings, run.Gradients, run.Elapsed.Seconds(), show.Words(run.Hyper, r.Task))
		if run.Interrupted {
			fmt.Fprint(w, " (stopped)")
		}
		fmt.Fprintln(w)
	}
	best := r.Runs[0]
	if best.Exhausted {
		fmt.Fprintf(w, "\nThe least validation loss over the whole range of C is %.6g.\n", best.Least)
		if best.CV > best.Least+1e-9*math.Abs(best.Least) && steady {
			fmt.Fprintln(w, "The C chosen is one that other partitions in folds confirm; --choice least takes the least loss itself.")
		}
	}
	used, most := 0, 0.0
	for _, v := range best.W {
		most = math.Max(most, math.Abs(v))
	}
	for _, v := range best.W {
		if math.Abs(v) > 1e-8*most {
			used++
		}
	}
	what := fmt.Sprintf("%d of %d features in use", used, len(best.W))
	if best.Vectors != nil {
		what = fmt.Sprintf("%d support vectors", len(best.Vectors))
	}
	fmt.Fprintf(w, "\nThe model of %s, trained on all %d samples with %s: %s, intercept %.6g\n", best.Method, r.Train, show.Words(best.Final, r.Task), what, best.B)
	if c := r.Classes; c != [2]string{} && c != [2]string{"-1", "1"} {
		fmt.Fprintf(w, "Its predictions are above zero for %s and below zero for %s.\n", c[1], c[0])
	}
	for _, s := range r.Notes {
		fmt.Fprintln(w, "note:", s)
	}
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
		if r.Classes != [2]string{} {
			j.texts("classes", r.Classes[:])
		}
		j.object("scaler", func() {
			numbers("shift", r.Scaler.Shift)
			numbers("size", r.Scaler.Size)
		})
		j.texts("notes", r.Notes)
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
					j.integer("gradients", run.Gradients)
					j.number("seconds", run.Elapsed.Seconds())
					j.boolean("interrupted", run.Interrupted)
					j.object("chosen", func() { writeHyper(j, run.Hyper, r.Task) })
					j.object("hyper", func() { writeHyper(j, run.Final, r.Task) })
					numbers("weights", run.W)
					if run.Vectors != nil {
						j.list("vectors", func() {
							for _, x := range run.Vectors {
								numbers("", x)
							}
						})
					}
					j.number("intercept", run.B)
					writeHistory(j, run.History)
				})
			}
		})
	})
	return j.end()
}

// writeHistory writes where a method stood at its improvements and hypergradients.
func writeHistory(j *jsonWriter, h learning.History) {
	j.list("history", func() {
		for _, e := range h {
			j.object("", func() {
				j.number("seconds", e.Elapsed.Seconds())
				j.integer("trainings", e.Trainings)
				j.integer("gradients", e.Gradients)
				j.number("cv", e.CV)
				j.number("slope", e.Slope)
				j.number("norm", e.Norm)
			})
		}
	})
}

// drawLearnt writes the picture and the page that were asked for.
func (a *app) drawLearnt(f *learnFlags, data string, r *learning.Result) error {
	if f.plot != "" {
		format, err := pictureFormatOf("plot", f.plot)
		if err != nil {
			return err
		}
		if err := a.writeTo(f.plot, func(w io.Writer) error { return show.Chart(data, r).WriteImage(w, format) }); err != nil {
			return err
		}
	}
	if f.report != "" {
		return a.writeTo(f.report, func(w io.Writer) error { return show.WritePage(w, data, r) })
	}
	return nil
}

// writeHyper writes the hyperparameters that a task has.
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
		if h.Radius > 0 {
			j.number("radius", h.Radius)
		} else {
			j.number("c", h.C)
		}
		if task == learning.SVR {
			j.number("epsilon", h.Epsilon)
		}
		if h.Box != nil {
			each("box", h.Box)
		}
	case learning.GroupLasso:
		if h.Weights != nil {
			each("penalties", h.Weights)
		} else {
			j.number("l1", h.L1)
		}
	case learning.KernelSVC:
		j.number("c", h.C)
		j.number("gamma", h.Gamma)
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
