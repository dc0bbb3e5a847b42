package main

import (
	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// sparse is logistic regression with one weight, 10⁶ features and 10⁷ training entries, 20 a sample at random places, a hundredth of that for
// validation; the true weights of even features are ±1.
func sparse(s settings) (*task, error) {
	const p, each = 1000000, 20
	part := func(seed tasks.Stream, n int) (tasks.Data, error) {
		start, index, vals, y := make([]int, n+1), make([]int32, n*each), make([]float64, n*each), make([]float64, n)
		for i := range n {
			var t float64
			for k := range each {
				at := i*each + k
				// Low features are frequent, as words are.
				u := seed.Uniform(at)
				index[at], vals[at] = int32(u*u*u*p), 1
				if j := index[at]; j%2 == 0 {
					t += float64(1 - int(j)%4)
				}
			}
			start[i+1] = (i + 1) * each
			if y[i] = -1; t+2*(seed+1).Normal(i) > 0 {
				y[i] = 1
			}
		}
		x, err := matrix.NewCSR(n, p, start, index, vals)
		if err != nil {
			return tasks.Data{}, err
		}
		x.SetThreads(s.threads)
		return tasks.Data{X: x, Y: y}, nil
	}
	train, err := part(tasks.TrainSeed, 500000)
	if err != nil {
		return nil, err
	}
	valid, err := part(tasks.ValidationSeed, 50000)
	if err != nil {
		return nil, err
	}
	problem, err := tasks.NewLinear(train, valid, tasks.Logistic, tasks.LinearOptions{OneWeight: true})
	if err != nil {
		return nil, err
	}
	return &task{problem: problem, set: hypergrad.Bounds(-30, 10), x: []float64{-10}, y: make([]float64, p), tolerance: 1e-5, thresholds: []float64{1e-6, 1e-8, 1e-10}}, nil
}
