package main

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// lasso is the choice of one weight of a lasso, or of two of an elastic net, from a tenth of the largest sensible one; best is the reference value.
func lasso(n, p, k int, best float64, elastic bool) (*task, error) {
	train, valid := tasks.SyntheticSparse(n, p, k, 2.5)
	problem, err := tasks.NewLasso(train, valid, elastic)
	if err != nil {
		return nil, err
	}
	start := math.Log(problem.AlphaMax() / 10)
	x := []float64{start}
	if elastic {
		x = []float64{start, start}
	}
	return &task{problem: problem, set: hypergrad.Bounds(-15, 5), x: x, y: make([]float64, p), tolerance: 1e-4, firstMove: 0.3, thresholds: []float64{1e-2, 1e-3, 1e-4, 1e-6},
		measureName: "relative gap", measure: relativeGap(problem, best)}, nil
}

// relativeGap measures (h - best)/best with the follower solved to 1e-12.
func relativeGap(p hypergrad.Problem, best float64) func(point) (m, value float64, err error) {
	var exact *hypergrad.Evaluator
	return func(at point) (m, value float64, err error) {
		if exact == nil {
			if exact, err = hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{}); err != nil {
				return math.NaN(), math.NaN(), err
			}
		}
		ev, err := exact.Evaluate(context.Background(), at.x, 1e-12)
		if err != nil {
			return math.NaN(), math.NaN(), err
		}
		return (ev.Value - best) / best, ev.Value, nil
	}
}
