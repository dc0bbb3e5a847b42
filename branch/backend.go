package branch

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func init() { backends.Register("branch", func() backends.Backend { return Backend{} }) }

// Backend is the search as a backend: it takes models with pairs as they are.
type Backend struct{}

// Name is "branch".
func (Backend) Name() string { return "branch" }

// Version is that of this package.
func (Backend) Version() string { return "1" }

// Capabilities are pairs, integer variables and a convex quadratic objective.
func (Backend) Capabilities() backends.Capabilities {
	return backends.Capabilities{Takes: Takes, Proves: model.ProofGlobal, WarmStart: true, Cancels: true}
}

// Solve runs the search.
func (b Backend) Solve(ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) (*backends.Result, error) {
	r, _, err := SolveModel(ctx, m, opt, Options{Events: events})
	return r, err
}

// SolveModel is Backend.Solve with the search's own options, and says what each part of the search brought; limits, gaps and start are taken
// from opt.
func SolveModel(ctx context.Context, m *model.Model, opt backends.Options, o Options) (*backends.Result, *Statistics, error) {
	if err := backends.Check(Backend{}, m); err != nil {
		return nil, nil, err
	}
	start := time.Now()
	o.TimeLimit, o.Gap, o.AbsoluteGap = opt.TimeLimit, opt.Gap, opt.AbsoluteGap
	if o.Threads == 0 {
		o.Threads = opt.Threads
	}
	if opt.Start != nil && len(opt.Start.X) == m.NumVars() {
		o.Start = opt.Start.X
	}
	r, err := Solve(ctx, m, o)
	if err != nil {
		return nil, nil, err
	}
	if o.Learned != nil && r.Warm != nil {
		o.Learned(r.Warm)
	}
	out := &backends.Result{Status: r.Status, Proof: r.Proof, Objective: r.Objective, Bound: r.Bound, Gap: math.NaN(), Nodes: r.Statistics.Nodes,
		Iterations: r.Statistics.Iterations, Seconds: time.Since(start).Seconds()}
	if r.X != nil {
		out.Point = &model.Point{X: r.X}
		if !math.IsNaN(r.Bound) && !math.IsNaN(r.Objective) {
			out.Gap = math.Abs(r.Objective-r.Bound) / math.Max(1e-10, math.Abs(r.Objective))
		}
	}
	return out, &r.Statistics, nil
}
