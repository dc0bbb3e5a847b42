package main

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

const (
	price  = 1000 // γ
	starts = 12   // filters that are tried, of which the best two are improved
)

// outcome is a classifier with its accuracy on the validation samples of both training environments and on the test.
type outcome struct {
	filter              []float64
	value               float64
	first, second, test float64
}

func (s study) outcome(filter []float64, value float64, w []float64) outcome {
	return outcome{filter, value, accuracy(s.envs[0].Valid, w), accuracy(s.envs[1].Valid, w), accuracy(s.test, w)}
}

// problem has as many filters as asked for.
func (s study) problem(filters int, invariance float64) (*tasks.Invariant, error) {
	return tasks.NewInvariant(s.envs, tasks.InvariantOptions{Channels: 2, Common: 1, Filters: filters, Invariance: invariance})
}

// plain trains a classifier that sees both channels as they are.
func (s study) plain(ctx context.Context) (outcome, error) {
	p, err := s.problem(2, 0)
	if err != nil {
		return outcome{}, err
	}
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		return outcome{}, err
	}
	x := []float64{1, 0, 0, 1}
	at, err := e.Evaluate(ctx, x, 1e-4)
	if err != nil {
		return outcome{}, err
	}
	return s.outcome(x, at.Value, p.Classifier(x, at.Y)), nil
}

// learn learns one mixture of the channels, |x|² <= 2. The leader's objective is the judge throughout: of the starts, of the two runs from the best of them, each until it is
// stationary. The test environment is not looked at.
func (s study) learn(ctx context.Context, invariance float64) (outcome, error) {
	p, err := s.problem(1, invariance)
	if err != nil {
		return outcome{}, err
	}
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		return outcome{}, err
	}
	type start struct {
		x, y  []float64
		value float64
	}
	var list []start
	for k := range starts {
		// Opposite filters are the same with the opposite classifier: half of the circle is enough.
		angle := math.Pi * (float64(k) + (s.seed + 9).Uniform(k)) / starts
		x := []float64{math.Sqrt2 * math.Cos(angle), math.Sqrt2 * math.Sin(angle)}
		at, err := e.Evaluate(ctx, x, 1e-2)
		if err != nil {
			return outcome{}, err
		}
		list = append(list, start{x, at.Y, at.Value})
	}
	slices.SortStableFunc(list, func(a, b start) int { return cmp.Compare(a.value, b.value) })
	var best *hypergrad.Result
	for _, from := range list[:2] {
		res, err := hypergrad.Minimize(ctx, p, from.x, from.y, hypergrad.Options{Set: hypergrad.Ball{Radius: math.Sqrt2}, Tolerance: 1e-3, MaxIterations: 40})
		if err != nil {
			return outcome{}, err
		}
		if best == nil || res.Value < best.Value {
			best = res
		}
	}
	return s.outcome(best.X, best.Value, p.Classifier(best.X, best.Y)), nil
}
