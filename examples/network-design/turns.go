package main

import (
	"context"
	"errors"
	"math"

	"github.com/gobilevel/bilevel"
)

var errNoAnswer = errors.New("no answer was found")

// equilibrium is the traffic in the town as the expansions leave it.
func equilibrium(ctx context.Context, n network, add []float64) (flow []float64, total float64, err error) {
	d := build(n)
	for k, v := range add {
		d.add[k].SetBounds(v, v)
	}
	r, err := bilevel.Solve(ctx, d.Model, bilevel.Options{Multistart: 1})
	if err == nil && r.Point == nil {
		err = errNoAnswer
	}
	if err != nil {
		return nil, 0, err
	}
	return r.Values(d.flow), r.Objective, nil
}

// planned are the expansions that are best for a traffic that does not change: a smooth problem of the leader alone.
func planned(ctx context.Context, n network, flow []float64) ([]float64, error) {
	m := bilevel.NewModel("planned")
	add := m.Leader().VarsBy("add", n.names(), 0, n.widest)
	m.Leader().Minimize(bilevel.SumOver(len(n.links), func(k int) any {
		return n.links[k].minutes(bilevel.Const(flow[k]+n.links[k].local), add[k]).Plus(add[k].Times(n.links[k].price))
	}))
	r, err := bilevel.Solve(ctx, m, bilevel.Options{Multistart: 1})
	if err == nil && r.Point == nil {
		err = errNoAnswer
	}
	if err != nil {
		return nil, err
	}
	return r.Values(add), nil
}

// takeTurns lets the planner and the drivers answer each other until neither changes anything.
func takeTurns(ctx context.Context, n network) (add, flow []float64, total float64, err error) {
	add = make([]float64, len(n.links))
	for range 100 {
		if flow, total, err = equilibrium(ctx, n, add); err != nil {
			return nil, nil, 0, err
		}
		next, err := planned(ctx, n, flow)
		if err != nil {
			return nil, nil, 0, err
		}
		change := 0.0
		for k := range next {
			change = max(change, math.Abs(next[k]-add[k]))
		}
		if add = next; change < 1e-6 {
			break
		}
	}
	return add, flow, total, nil
}
