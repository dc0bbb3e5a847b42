package main

import (
	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// cleaning is the task of examples/hyper-cleaning at the penalty 0.2: 5,000 digits with half of the labels replaced. Its measure is the test error.
func cleaning() (*task, error) {
	set, err := digits.Load()
	if err != nil {
		return nil, err
	}
	order := tasks.Order(61, len(set.Digits))
	part := func(lo, hi int) tasks.Classes {
		s := set.Select(order[lo:hi])
		return tasks.Classes{X: s.Images, Y: s.Digits, Classes: 10}
	}
	train, valid, test := part(0, 5000), part(5000, 7500), part(7500, 10000)
	tasks.Corrupt(train.Y, 10, 0.5)
	tasks.Standardise(train.X, valid.X, test.X)
	p, err := tasks.NewCleaning(train, valid, 0.2)
	if err != nil {
		return nil, err
	}
	return &task{problem: p, x: filled(5000, -2), y: make([]float64, 7840), tolerance: 2e-5, firstMove: 400, thresholds: []float64{0.20, 0.16, 0.15}, measureName: "test error",
		measure: func(at point) (m, value float64, err error) {
			return test.Errors(at.y), p.Leader(at.x, at.y, nil, nil), nil
		}}, nil
}
