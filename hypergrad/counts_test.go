package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// counted counts its own oracle calls and the terms that they touch.
type counted struct {
	*tasks.Quadratic
	tally hypergrad.Tally
}

func touch(call, terms *int64, n int) {
	*call++
	*terms += int64(n)
}

func (c *counted) Leader(x, y, gx, gy []float64) float64 {
	touch(&c.tally.Calls.Leader, &c.tally.Terms.Leader, 200)
	return c.Quadratic.Leader(x, y, gx, gy)
}
func (c *counted) Follower(x, y, gx, gy []float64) float64 {
	touch(&c.tally.Calls.Follower, &c.tally.Terms.Follower, 600)
	return c.Quadratic.Follower(x, y, gx, gy)
}
func (c *counted) Hessian(x, y, v, hv []float64) {
	touch(&c.tally.Calls.Hessian, &c.tally.Terms.Hessian, 600)
	c.Quadratic.Hessian(x, y, v, hv)
}
func (c *counted) Mixed(x, y, v, cv []float64) {
	touch(&c.tally.Calls.Mixed, &c.tally.Terms.Mixed, 600)
	c.Quadratic.Mixed(x, y, v, cv)
}
func (c *counted) LeaderBatch(b []int, x, y, gx, gy []float64) float64 {
	touch(&c.tally.Calls.Leader, &c.tally.Terms.Leader, len(b))
	return c.Quadratic.LeaderBatch(b, x, y, gx, gy)
}
func (c *counted) FollowerBatch(b []int, x, y, gx, gy []float64) float64 {
	touch(&c.tally.Calls.Follower, &c.tally.Terms.Follower, len(b))
	return c.Quadratic.FollowerBatch(b, x, y, gx, gy)
}
func (c *counted) HessianBatch(b []int, x, y, v, hv []float64) {
	touch(&c.tally.Calls.Hessian, &c.tally.Terms.Hessian, len(b))
	c.Quadratic.HessianBatch(b, x, y, v, hv)
}
func (c *counted) MixedBatch(b []int, x, y, v, cv []float64) {
	touch(&c.tally.Calls.Mixed, &c.tally.Terms.Mixed, len(b))
	c.Quadratic.MixedBatch(b, x, y, v, cv)
}

// The tally of a run is what the problem itself counts, for every method, engine and loop.
func TestCountsAreTrue(t *testing.T) {
	start := []float64{3, 3, 3}
	compare := func(what string, res *hypergrad.Result, err error, c *counted) {
		t.Helper()
		if err != nil || res.Tally != c.tally {
			t.Errorf("%s: %+v, the problem counts %+v, %v", what, res.Tally, c.tally, err)
		}
	}
	for _, m := range hypergrad.Methods() {
		for _, rule := range []hypergrad.Steps{nil, hypergrad.Backtracking{}} {
			c := &counted{Quadratic: quadratic(t)}
			res, err := hypergrad.MinimizeSampled(context.Background(), c, start, nil, hypergrad.SampledOptions{Method: m, MaxIterations: 150, YSteps: rule, Tolerance: 1e-2})
			compare(m.Name(), res, err, c)
		}
	}
	for _, opt := range []hypergrad.Options{{}, {Loop: hypergrad.Gradient}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Neumann}}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.FixedPoint}},
		{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Reverse}}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Forward}}} {
		c := &counted{Quadratic: quadratic(t)}
		res, err := hypergrad.Minimize(context.Background(), c, start, nil, opt)
		compare(opt.Engine.String(), res, err, c)
	}
}

// A follower that is solved where a sampled run begins, and a leader that does not look at it, are no divergence.
func TestSampledRunsFromASolvedFollower(t *testing.T) {
	p := &hypergrad.Functions{N: 2, M: 2,
		F: func(x, y, gx, gy []float64) float64 {
			clear(gy)
			if gx != nil {
				gx[0], gx[1] = x[0]-1, x[1]+2
			}
			return (x[0]-1)*(x[0]-1)/2 + (x[1]+2)*(x[1]+2)/2
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0], gx[1] = -y[0], 0
			}
			if gy != nil {
				gy[0], gy[1] = y[0]-x[0], 3*y[1]
			}
			return y[0]*y[0]/2 - x[0]*y[0] + 1.5*y[1]*y[1]
		}}
	for _, m := range hypergrad.Methods() {
		res, err := hypergrad.MinimizeSampled(context.Background(), p, []float64{0, 0}, nil, hypergrad.SampledOptions{Method: m, MaxIterations: 2000, Tolerance: 1e-4})
		if err != nil || math.Abs(res.X[0]-1) > 0.05 || math.Abs(res.X[1]+2) > 0.05 {
			t.Errorf("%s: %v, %+v", m.Name(), err, res.X)
		}
	}
}

// saddle is f = y_0²/2 - xy_0 + y_1⁴/4 - y_1²/2, which has a saddle point at y_1 = 0, and F = x²/2 + y_0, which does not look there.
func saddle() *hypergrad.Functions {
	return &hypergrad.Functions{N: 1, M: 2,
		F: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = x[0]
			}
			if gy != nil {
				gy[0], gy[1] = 1, 0
			}
			return x[0]*x[0]/2 + y[0]
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = -y[0]
			}
			if gy != nil {
				gy[0], gy[1] = y[0]-x[0], math.Pow(y[1], 3)-y[1]
			}
			return y[0]*y[0]/2 - x[0]*y[0] + math.Pow(y[1], 4)/4 - y[1]*y[1]/2
		}}
}

// A point above a saddle point of the follower is not called stationary, though the adjoint system has nothing to do with the saddle's direction.
func TestSaddlePointsAreNoAnswers(t *testing.T) {
	for _, c := range []struct {
		y    []float64
		want hypergrad.Status
	}{{[]float64{0, 0}, hypergrad.Stalled}, {[]float64{0, 0.1}, hypergrad.Stationary}} {
		res, err := hypergrad.Minimize(context.Background(), saddle(), []float64{1}, c.y, hypergrad.Options{})
		if err != nil || res.Status != c.want {
			t.Errorf("from %v: %v, %s, %v", c.y, res.Status, res.Message, err)
		}
		_, err = hypergrad.CheckHypergradient(context.Background(), saddle(), []float64{1}, c.y, hypergrad.CheckOptions{})
		if (c.want == hypergrad.Stalled) != errors.Is(err, hypergrad.ErrCurvature) {
			t.Errorf("check from %v: %v", c.y, err)
		}
	}
}
