package main

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// caches is memory as large as the processor's caches. It is touched between two points, as a solver's linear algebra does in the driver's run.
var caches = make([]byte, 32<<20)

// evaluate times our functions. Objective and constraints are called at each point, the derivatives at as many of them as the driver's calls
// say. The time of a call is the median over the points: what else the machine does in between falls out.
func evaluate(p *problem, calls counts) (times, error) {
	prog := p.program
	n, m := prog.NumVars(), prog.NumRows()
	jr, _ := prog.JacobianPattern()
	hr, _ := prog.HessianPattern()
	g, c, jac, hess := make([]float64, n), make([]float64, m), make([]float64, len(jr)), make([]float64, len(hr))
	lambda := make([]float64, m)
	rng := rand.New(rand.NewPCG(1, 2))
	for r := range lambda {
		lambda[r] = rng.NormFloat64()
	}
	start, _ := p.model.StartPoint()
	x := make([]float64, n)
	lower, upper := prog.Bounds()
	var took [functions][]float64
	timed := func(f int, call func()) {
		from := time.Now()
		call()
		took[f] = append(took[f], time.Since(from).Seconds())
	}
	const points = 60
	for k := range points {
		for j := range x {
			x[j] = min(max(start[j]+0.01*(1+math.Abs(start[j]))*(rng.Float64()-0.5), lower[j]), upper[j])
		}
		for i := 0; i < len(caches); i += 64 {
			caches[i]++
		}
		var f float64
		timed(objective, func() { f = prog.Objective(x) })
		timed(rows, func() { prog.Rows(x, c) })
		if math.IsNaN(f) {
			return times{}, errors.New("the objective is not a number near the start")
		}
		if k*calls[hessian]/points == (k+1)*calls[hessian]/points && calls[hessian] < points {
			continue
		}
		timed(gradient, func() { prog.Gradient(x, g) })
		timed(jacobian, func() { prog.Jacobian(x, jac) })
		timed(hessian, func() { prog.Hessian(x, 1, lambda, hess) })
	}
	var t times
	for f := range took {
		t[f] = median(took[f])
	}
	return t, nil
}

// medians are those of each function.
func medians(list []times) times {
	var out times
	for f := range out {
		var v []float64
		for _, t := range list {
			v = append(v, t[f])
		}
		out[f] = median(v)
	}
	return out
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}
