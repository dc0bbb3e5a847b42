package main

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// task is a problem with its start and what to measure.
type task struct {
	problem     hypergrad.Problem
	set         hypergrad.Set
	x, y        []float64
	tolerance   float64 // of the gradient's norm
	firstMove   float64
	thresholds  []float64
	prepare     float64 // CPU seconds of set-up that belong to the run
	measure     func(p point) (m, value float64, err error)
	measureName string
}

// build makes the task of the flags.
func (s settings) build() (*task, error) {
	switch s.task {
	case "logistic":
		p, err := tasks.SyntheticLogistic(49990, 91701, 22, 3, 1, tasks.LinearOptions{Threads: s.threads})
		if err != nil {
			return nil, err
		}
		return &task{problem: p, set: hypergrad.Bounds(-12, 12), x: tasks.StartX(22), y: tasks.StartY(22), tolerance: 0.9e-4,
			thresholds: []float64{1e-5, 1e-6, 1e-7, 1e-8}}, nil
	case "small":
		p, err := tasks.SyntheticLogistic(10000, 10000, 50, 3, 1, tasks.LinearOptions{Threads: s.threads})
		if err != nil {
			return nil, err
		}
		return &task{problem: p, set: hypergrad.Bounds(-12, 12), x: filled(50, -2), y: make([]float64, 50), tolerance: 0.9e-4,
			thresholds: []float64{1e-5, 1e-6, 1e-7, 1e-8}}, nil
	case "ridge":
		n := s.size
		if n == 0 {
			n = 100000
		}
		train, valid := tasks.SyntheticRegression(n, 100, 3)
		train.X.SetThreads(s.threads)
		valid.X.SetThreads(s.threads)
		begin := cpu()
		p, err := tasks.NewRidge(train, valid)
		if err != nil {
			return nil, err
		}
		return &task{problem: p, set: hypergrad.Bounds(-12, 12), x: filled(100, -2), y: make([]float64, 100), tolerance: 0.9e-4, prepare: cpu() - begin,
			thresholds: []float64{1e-5, 1e-6, 1e-7, 1e-8}}, nil
	case "one-weight":
		p, err := tasks.SyntheticLogistic(2000, 2000, 500, 10, 2*math.Sqrt(10.0/500), tasks.LinearOptions{OneWeight: true, Sums: true, Threads: s.threads})
		if err != nil {
			return nil, err
		}
		const best = 1098.083848
		return &task{problem: p, set: hypergrad.Bounds(-6, 6), x: []float64{0}, y: tasks.StartY(500), tolerance: 1e-3, thresholds: []float64{1e-3, 1e-4, 1e-5, 1e-6},
			measureName: "relative gap", measure: relativeGap(p, best)}, nil
	case "sparse":
		return sparse(s)
	case "cleaning":
		return cleaning()
	case "lasso":
		return lasso(1000, 5000, 50, 8.257331, false)
	case "lasso-small":
		return lasso(300, 1000, 20, 8.24821561, false)
	case "elastic":
		return lasso(300, 1000, 20, 8.42371941, true)
	}
	return nil, fmt.Errorf("no task is called %q", s.task)
}

func filled(n int, v float64) []float64 {
	x := make([]float64, n)
	for j := range x {
		x[j] = v
	}
	return x
}
