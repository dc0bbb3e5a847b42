package main

import (
	"context"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/hypergrad"
)

// methodNames lists the sampled methods.
func methodNames() string {
	var names []string
	for _, m := range hypergrad.Methods() {
		names = append(names, m.Name())
	}
	return strings.Join(names, ", ")
}

// sampled runs a sampled method.
func (s settings) sampled(t *task, limit time.Duration, record func(hypergrad.Progress) bool) (*hypergrad.Result, error) {
	method, err := hypergrad.ParseMethod(s.method)
	if err != nil {
		return nil, err
	}
	opt := hypergrad.SampledOptions{Method: method, Set: t.set, Tolerance: t.tolerance, TimeLimit: limit, Seed: s.seed, Consecutive: true, Progress: record, MaxIterations: 1 << 40, CheckEvery: s.every}
	if s.inner > 0 {
		opt.YSteps, opt.VSteps = hypergrad.Constant(s.inner), hypergrad.Constant(s.inner)
	}
	if s.outer > 0 {
		opt.XSteps = hypergrad.Constant(s.outer)
	}
	return hypergrad.MinimizeSampled(context.Background(), t.problem, t.x, t.y, opt)
}
