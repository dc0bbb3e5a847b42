// Package show draws what learning.Tune has found: the least validation loss over time as a picture, and the whole result as a page for a browser.
package show

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/report/plot"
)

// Chart has a line of steps for each method: the least validation loss over the seconds, up to the end of the method.
func Chart(name string, r *learning.Result) *plot.Chart {
	c := &plot.Chart{Title: name, X: "seconds", Y: "validation loss, " + r.Loss.String()}
	for _, run := range r.Runs {
		l := plot.Line{Name: run.Method, Steps: true}
		for _, e := range run.History.Improvements() {
			l.Points = append(l.Points, plot.Point{X: e.Elapsed.Seconds(), Y: e.CV, State: plot.Unproven})
		}
		if n := len(l.Points); n > 0 && run.Elapsed.Seconds() > l.Points[n-1].X {
			l.Points = append(l.Points, plot.Point{X: run.Elapsed.Seconds(), Y: run.CV, State: plot.Unproven})
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// WritePage writes the result as a page for a browser, complete in itself: the table of the methods, the least validation loss over time, and the
// trained model of the first method.
func WritePage(w io.Writer, name string, r *learning.Result) error {
	p := &page.Learning{Name: name, Loss: r.Loss.String()}
	fact := func(name, value string) { p.Facts = append(p.Facts, [2]string{name, value}) }
	fact("task", r.Task.String())
	fact("loss", r.Loss.String())
	fact("samples", strconv.Itoa(r.Train))
	fact("test samples", strconv.Itoa(r.Test))
	fact("features", strconv.Itoa(len(r.Features)))
	fact("folds", strconv.Itoa(r.Folds))
	for _, run := range r.Runs {
		m := page.LearningMethod{Name: run.Method, CV: run.CV, Test: run.Test, Trainings: run.Trainings, Gradients: run.Gradients, Seconds: run.Elapsed.Seconds(),
			Chosen: Words(run.Hyper, r.Task), Stopped: run.Interrupted}
		for _, e := range run.History {
			m.Way = append(m.Way, page.LearningPoint{Seconds: e.Elapsed.Seconds(), CV: e.CV, Norm: e.Norm, Trainings: e.Trainings, Gradients: e.Gradients})
		}
		p.Methods = append(p.Methods, m)
	}
	p.Remarks = append(p.Remarks, r.Notes...)
	if len(r.Runs) > 0 {
		run := r.Runs[0]
		p.Features, p.Weights, p.Intercept, p.Shift, p.Size = r.Features, run.W, run.B, r.Scaler.Shift, r.Scaler.Size
		switch {
		case run.Final.Box != nil:
			p.PerFeature, p.Each = "bound", run.Final.Box
		case run.Final.Weights != nil:
			p.PerFeature, p.Each = "penalty", run.Final.Weights
		}
		p.Remarks = append(p.Remarks, "What is chosen is meant for the trainings on the folds; the trained model has "+Words(run.Final, r.Task)+", which fits its larger number of samples.")
	}
	return page.WriteLearning(w, p)
}

// Words names the hyperparameters that a task has; of those of single features it tells the range.
func Words(h learning.Hyper, task learning.Task) string {
	var parts []string
	one := func(name string, v float64) { parts = append(parts, fmt.Sprintf("%s %.4g", name, v)) }
	each := func(name string, list []float64) {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range list {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
		parts = append(parts, fmt.Sprintf("%s %.3g to %.3g", name, lo, hi))
	}
	switch task {
	case learning.SVC, learning.SVR:
		if h.Radius > 0 {
			one("radius", h.Radius)
		} else {
			one("C", h.C)
		}
		if task == learning.SVR {
			one("epsilon", h.Epsilon)
		}
		if h.Box != nil {
			each("bounds", h.Box)
		}
	case learning.KernelSVC:
		one("C", h.C)
		one("gamma", h.Gamma)
	case learning.GroupLasso:
		if h.Weights != nil {
			each("penalties", h.Weights)
		} else {
			one("l1", h.L1)
		}
	case learning.Lasso, learning.ElasticNet:
		one("l1", h.L1)
		if task == learning.ElasticNet {
			one("l2", h.L2)
		}
	default:
		if h.Weights != nil {
			each("penalties", h.Weights)
		} else {
			one("l2", h.L2)
		}
	}
	return strings.Join(parts, ", ")
}
