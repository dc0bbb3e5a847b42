package learning

import (
	"context"
	"fmt"
	"sync"
)

// Validation evaluates hyperparameters by T-fold cross-validation. It keeps one follower a fold, which starts from its last answer; folds are trained
// at the same time, and sums are taken in their order. It is not for use by several goroutines at once.
type Validation struct {
	Trainings int // followers solved, or followed along a line, so far
	Pieces    int // parts of their paths
	Gradients int // hypergradients taken so far
	task      Task
	loss      Loss
	folds     []*Follower
	held      []*Data // seen from the centres of the followers
	errs      []error
}

// NewValidation prepares the cross-validation of a task over given folds. Errors are of type *DataError and *OptionError.
func NewValidation(d *Data, task Task, folds [][]int, loss Loss) (*Validation, error) {
	if err := usable(d, task); err != nil {
		return nil, err
	}
	if err := fits(task, loss.of(task), false); err != nil {
		return nil, err
	}
	if err := partition(d.Len(), folds); err != nil {
		return nil, err
	}
	c := &Validation{task: task, loss: loss.of(task), errs: make([]error, len(folds))}
	for t := range folds {
		f, err := NewFollower(d.Subset(rest(folds, t)), task)
		if err != nil {
			return nil, fmt.Errorf("fold %d: %w", t+1, err)
		}
		c.folds, c.held = append(c.folds, f), append(c.held, f.centre.data(d.Subset(folds[t])))
	}
	return c, nil
}

// Evaluate trains all folds at h and returns the average validation loss, the leader's objective, and slope, the same average of the loss that is
// descended along: the hinge (log-loss for logistic regression) in the place of misclassification, otherwise the loss itself.
func (c *Validation) Evaluate(h Hyper) (loss, slope float64, err error) {
	return c.evaluate(context.Background(), h)
}

func (c *Validation) evaluate(ctx context.Context, h Hyper) (loss, slope float64, err error) {
	var wait sync.WaitGroup
	for t, f := range c.folds {
		wait.Go(func() { _, _, c.errs[t] = f.FitContext(ctx, h) })
	}
	wait.Wait()
	c.Trainings += len(c.folds)
	for t, f := range c.folds {
		if c.errs[t] != nil {
			return 0, 0, c.errs[t]
		}
		p := f.scores(c.held[t])
		l, s := meanLoss(p, c.held[t].Y, c.loss), 0.0
		if alike := c.loss.slope(c.task); alike == c.loss {
			s = l
		} else {
			s = meanLoss(p, c.held[t].Y, alike)
		}
		loss += l / float64(len(c.folds))
		slope += s / float64(len(c.folds))
	}
	return loss, slope, nil
}

// Gradient returns the derivatives of slope of the last Evaluate by the hyperparameters.
func (c *Validation) Gradient() Hyper {
	c.Gradients++
	out := Hyper{}
	kind := c.loss.slope(c.task)
	for t, f := range c.folds {
		held := c.held[t]
		g := f.scores(held)
		weight := 1 / float64(len(c.folds)*held.Len())
		for i, p := range g {
			_, d := kind.at(p, held.Y[i])
			g[i] = d * weight
		}
		f.pullScores(held, g, &out)
	}
	return out
}

// meanLoss is the mean loss of predictions.
func meanLoss(p, y []float64, loss Loss) float64 {
	if len(p) == 0 {
		return 0
	}
	s := 0.0
	for i, t := range p {
		l, _ := loss.at(t, y[i])
		s += l
	}
	return s / float64(len(p))
}
