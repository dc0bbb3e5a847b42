package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// one has one variable at each level; offset is its data.
func one(leader, follower float64) *hypergrad.Functions {
	return &hypergrad.Functions{N: 1, M: 1,
		F: func(x, y, gx, gy []float64) float64 {
			clear(gx)
			if gy != nil {
				gy[0] = y[0] - leader
			}
			return (y[0] - leader) * (y[0] - leader) / 2
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			w := math.Exp(x[0])
			if gx != nil {
				gx[0] = w * y[0] * y[0] / 2
			}
			if gy != nil {
				gy[0] = y[0] - follower + w*y[0]
			}
			return (y[0]-follower)*(y[0]-follower)/2 + w*y[0]*y[0]/2
		},
	}
}

// States of other data, of either level, and of other options are refused with a message that says which; limits and the tolerance may change.
func TestStatesOfOtherRuns(t *testing.T) {
	var state *hypergrad.State
	start := []float64{-3}
	minimize := func(p hypergrad.Problem, opt hypergrad.Options) error {
		_, err := hypergrad.Minimize(context.Background(), p, start, nil, opt)
		return err
	}
	if err := minimize(one(2, 3), hypergrad.Options{MaxIterations: 2, Save: func(s *hypergrad.State) error { state = s; return nil }}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		p    hypergrad.Problem
		opt  hypergrad.Options
		want string
	}{
		{"the same", one(2, 3), hypergrad.Options{Resume: state}, ""},
		{"limits", one(2, 3), hypergrad.Options{Resume: state, MaxIterations: 70, Tolerance: 1e-9}, ""},
		{"leader's data", one(2.001, 3), hypergrad.Options{Resume: state}, "the leader's objective was"},
		{"follower's data", one(2, 3.001), hypergrad.Options{Resume: state}, "the follower's objective was"},
		{"pairs", one(2, 3), hypergrad.Options{Resume: state, Pairs: 3}, "pairs: 20 there, 3 here"},
		{"set", one(2, 3), hypergrad.Options{Resume: state, Set: hypergrad.Bounds(-8, 8)}, "set: none there, Box {Lower:[-8] Upper:[8]} here"},
		{"accuracy", one(2, 3), hypergrad.Options{Resume: state, Accuracy: hypergrad.Exact}, "accuracy: 0 there, 3 here"},
		{"loop", one(2, 3), hypergrad.Options{Resume: state, Loop: hypergrad.Gradient}, "the state is of quasi-newton"},
		{"engine", one(2, 3), hypergrad.Options{Resume: state, EngineOptions: hypergrad.EngineOptions{Cold: true}}, "Cold:true"},
	} {
		err := minimize(c.p, c.opt)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, hypergrad.ErrOptions) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	sampled := func(p hypergrad.Problem, opt hypergrad.SampledOptions) error {
		_, err := hypergrad.MinimizeSampled(context.Background(), p, start, nil, opt)
		return err
	}
	if err := sampled(one(2, 3), hypergrad.SampledOptions{MaxIterations: 100, Save: func(s *hypergrad.State) error { state = s; return nil }}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		p    hypergrad.Problem
		opt  hypergrad.SampledOptions
		want string
	}{
		{"the same", one(2, 3), hypergrad.SampledOptions{Resume: state, MaxIterations: 200}, ""},
		{"data", one(2, 3.001), hypergrad.SampledOptions{Resume: state}, "the follower's objective was"},
		{"seed", one(2, 3), hypergrad.SampledOptions{Resume: state, Seed: 4}, "seed: 0 there, 4 here"},
		{"steps", one(2, 3), hypergrad.SampledOptions{Resume: state, XSteps: hypergrad.Constant(0.5)}, "steps of x: the default there, Constant 0.5 here"},
		{"method", one(2, 3), hypergrad.SampledOptions{Resume: state, Method: hypergrad.SOBA{}}, "the state is of saba"},
	} {
		err := sampled(c.p, c.opt)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, hypergrad.ErrOptions) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// told compares histories but for times.
func told(a, b []hypergrad.Progress) string {
	return cmp.Diff(a, b, cmpopts.IgnoreFields(hypergrad.Progress{}, "Elapsed"), cmpopts.EquateNaNs())
}

// The history has each iterate, or each check, that the progress function hears of; a sampled run that is resumed has that of before.
func TestHistory(t *testing.T) {
	p := one(2, 3)
	var heard []hypergrad.Progress
	hear := func(p hypergrad.Progress) bool {
		p.X, p.Y = nil, nil
		heard = append(heard, p)
		return true
	}
	r, err := hypergrad.Minimize(context.Background(), p, []float64{-3}, nil, hypergrad.Options{Progress: hear})
	if err != nil {
		t.Fatal(err)
	}
	if diff := told(heard, r.History); diff != "" || len(heard) != r.Iterations+1 || heard[len(heard)-1].Tally.Calls.Leader == 0 {
		t.Errorf("%d heard, %d iterations: %s", len(heard), r.Iterations, diff)
	}
	heard = nil
	var states []*hypergrad.State
	opt := hypergrad.SampledOptions{MaxIterations: 2000, Progress: hear, Save: func(s *hypergrad.State) error { states = append(states, s); return nil }}
	whole, err := hypergrad.MinimizeSampled(context.Background(), p, []float64{-3}, nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	if diff := told(heard, whole.History); diff != "" || len(states) < 2 {
		t.Errorf("%d states: %s", len(states), diff)
	}
	rest, err := hypergrad.MinimizeSampled(context.Background(), p, []float64{-3}, nil, hypergrad.SampledOptions{MaxIterations: 2000, Resume: states[1]})
	if err != nil {
		t.Fatal(err)
	}
	if diff := told(whole.History, rest.History); diff != "" {
		t.Error(diff)
	}
}

// Runs with followers of other kinds are continued from each of their states to the same result.
func TestResumeOfOtherFollowers(t *testing.T) {
	train, valid := tasks.SyntheticSparse(100, 30, 4, 1)
	lasso, err := tasks.NewLasso(train, valid, true)
	if err != nil {
		t.Fatal(err)
	}
	top := math.Log(lasso.AlphaMax() / 10)
	for _, c := range []struct {
		name  string
		p     hypergrad.Problem
		start []float64
		opt   hypergrad.Options
	}{
		{"lasso", lasso, []float64{top, top}, hypergrad.Options{FirstMove: 0.3}},
		{"functions", one(2, 3), []float64{-3}, hypergrad.Options{}},
		{"unrolled", one(2, 3), []float64{-3}, hypergrad.Options{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Reverse}}},
	} {
		c.opt.MaxIterations = 12
		whole, err := hypergrad.Minimize(context.Background(), c.p, c.start, nil, c.opt)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var states []*hypergrad.State
		saving := c.opt
		saving.Save = func(s *hypergrad.State) error { states = append(states, s); return nil }
		if saved, err := hypergrad.Minimize(context.Background(), c.p, c.start, nil, saving); err != nil || saved.Tally != whole.Tally {
			t.Errorf("%s: with saves %+v, without %+v, %v", c.name, saved.Tally, whole.Tally, err)
		}
		for k, s := range states {
			again := c.opt
			again.Resume = s
			rest, err := hypergrad.Minimize(context.Background(), c.p, nil, nil, again)
			if err != nil {
				t.Fatalf("%s from state %d: %v", c.name, k, err)
			}
			if diff := told(whole.History, rest.History); diff != "" {
				t.Errorf("%s from state %d: %s", c.name, k, diff)
			}
			if !slices.Equal(whole.X, rest.X) || !slices.Equal(whole.Y, rest.Y) || whole.Iterations != rest.Iterations {
				t.Errorf("%s from state %d: %v after %d, uninterrupted %v after %d", c.name, k, rest.X, rest.Iterations, whole.X, whole.Iterations)
			}
		}
	}
}
