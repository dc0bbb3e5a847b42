package learning

import (
	"context"
	"fmt"
)

// Follower is a training problem that is solved for changing hyperparameters; each answer helps to find the next. It is not for use by
// several goroutines at once.
type Follower struct {
	task   Task
	n      int
	centre *centre // nil: none
	f      fitter
}

// fitter is an exact solver of one kind of training problem. v is (w, b).
type fitter interface {
	fit(ctx context.Context, h *Hyper) error
	at() []float64
	residual() float64
	// pull adds the derivatives of g'v by the hyperparameters to out, whose slices have the lengths of those of the last fit.
	pull(g []float64, out *Hyper)
}

// NewFollower prepares the training of a task on all samples of the data, whose labels are -1 and +1 for a classification; Logistic needs both. Errors are of
// type *DataError.
func NewFollower(d *Data, task Task) (*Follower, error) {
	if err := usable(d, task); err != nil {
		return nil, err
	}
	if task == Logistic && varied(d) != nil {
		return nil, &DataError{File: d.Name, Problem: fmt.Sprintf("all %d samples of a training have the label %v, for which a logistic regression has no finite intercept", d.Len(), d.Y[0]),
			Remedy: "take fewer folds, another seed or a smaller test share, or choose svc", Err: ErrLabels}
	}
	f := &Follower{task: task, n: d.Width(), centre: newCentre(d, task)}
	d = f.centre.data(d)
	switch task {
	case SVC, SVR:
		f.f = newHinges(d, task)
	case Ridge:
		f.f = newRidge(d)
	case Lasso, ElasticNet:
		f.f = newLasso(d, task == ElasticNet)
	case Logistic:
		f.f = newLogistic(d)
	case GroupLasso:
		f.f = newGroupLasso(d)
	case KernelSVC:
		k, err := newKernel(d)
		if err != nil {
			return nil, err
		}
		f.f = k
	default:
		return nil, &OptionError{"task", fmt.Sprintf("there is no %v", task), "see TaskNames"}
	}
	return f, nil
}

// usable checks data and labels for a task.
func usable(d *Data, task Task) error {
	if err := d.Check(); err != nil {
		return err
	}
	if len(d.Y) != len(d.X) {
		return &DataError{File: d.Name, Problem: fmt.Sprintf("the labels are words, as %q", d.Labels[0]), Remedy: "a regression needs numbers; choose a classification, or name another column", Err: ErrLabels}
	}
	if task.Classifies() {
		for i, y := range d.Y {
			if y != 1 && y != -1 {
				return &DataError{File: d.Name, Problem: fmt.Sprintf("the label of sample %d is %v", i, y), Remedy: "call Binary, which names two classes -1 and +1", Err: ErrLabels}
			}
		}
	}
	return nil
}

// Fit solves the training problem at h and returns the weights w and the intercept b of the prediction x'w - b; for KernelSVC w are the coefficients
// α_j y_j of the training samples. w is valid until the next call. It fails for values that the problem has no meaning at.
func (f *Follower) Fit(h Hyper) (w []float64, b float64, err error) {
	return f.FitContext(context.Background(), h)
}

// FitContext is Fit with a context that can end it, within a few steps of its methods; the error is then the context's. The next call finds its answer from
// where this one ended.
func (f *Follower) FitContext(ctx context.Context, h Hyper) (w []float64, b float64, err error) {
	if err := f.check(&h); err != nil {
		return nil, 0, err
	}
	if err := f.f.fit(ctx, &h); err != nil {
		return nil, 0, err
	}
	v := f.f.at()
	end := len(v) - 1
	return v[:end], f.centre.intercept(v[:end], v[end]), nil
}

// Residual is the largest violation of the optimality conditions of the training problem by the last answer, relative to the size of
// their terms.
func (f *Follower) Residual() float64 { return f.f.residual() }

// Pull returns the derivatives of g'w + gb b, with (w, b) the answer as a function of the hyperparameters, by each of the hyperparameters
// at those of the last Fit: with the matrix K of the optimality conditions on the active set and their derivatives R by the hyperparameters, -R'K⁻¹g.
// It is the derivative where the active set stays the same nearby, else one of those on a side.
func (f *Follower) Pull(g []float64, gb float64) Hyper {
	out := Hyper{}
	f.room(&out)
	through := append(append(make([]float64, 0, len(g)+1), g...), gb)
	if f.centre != nil {
		addTimes(through[:len(g)], gb, f.centre.at)
	}
	f.f.pull(through, &out)
	return out
}

func (f *Follower) check(h *Hyper) error {
	bad := func(name string, v float64, least string) error {
		return &OptionError{name, fmt.Sprintf("%v is not %s", v, least), "choose another value"}
	}
	const most = 1e12
	switch f.task {
	case SVC, SVR, KernelSVC:
		if f.task == SVC && h.Radius != 0 {
			if !(h.Radius > 0 && h.Radius <= most) {
				return bad("radius", h.Radius, "above 0 and at most 1e12")
			}
		} else if !(h.C > 0 && h.C <= most) {
			return bad("C", h.C, "above 0 and at most 1e12")
		}
		if f.task == SVR && !(h.Epsilon >= 0 && h.Epsilon <= most) {
			return bad("epsilon", h.Epsilon, "at least 0 and at most 1e12")
		}
		if f.task == KernelSVC {
			if !(h.Gamma > 0 && h.Gamma <= most) {
				return bad("gamma", h.Gamma, "above 0 and at most 1e12")
			}
			return nil
		}
		if h.Box != nil && len(h.Box) != f.n {
			return &OptionError{"box", fmt.Sprintf("%d bounds for %d features", len(h.Box), f.n), "give one a feature"}
		}
		for _, v := range h.Box {
			if !(v >= 0) {
				return bad("box", v, "at least 0")
			}
		}
	case GroupLasso:
		units := len(f.f.(*groupLasso).groups)
		if h.Weights != nil && len(h.Weights) != units {
			return &OptionError{"weights", fmt.Sprintf("%d weights for %d groups", len(h.Weights), units), "give one a group"}
		}
		for _, v := range append([]float64{h.L1}, h.Weights...) {
			if !(v >= 0 && v <= most) {
				return bad("l1", v, "at least 0 and at most 1e12")
			}
		}
	case Lasso, ElasticNet:
		if !(h.L1 >= 0 && h.L1 <= most) {
			return bad("l1", h.L1, "at least 0 and at most 1e12")
		}
		if f.task == ElasticNet && !(h.L2 >= 0 && h.L2 <= most) {
			return bad("l2", h.L2, "at least 0 and at most 1e12")
		}
	default:
		if h.Weights != nil && len(h.Weights) != f.n {
			return &OptionError{"weights", fmt.Sprintf("%d weights for %d features", len(h.Weights), f.n), "give one a feature"}
		}
		for k := range f.n {
			if v := h.weight(k); !(v > 0 && v <= most) {
				return bad("l2", v, "above 0 and at most 1e12")
			}
		}
	}
	return nil
}
