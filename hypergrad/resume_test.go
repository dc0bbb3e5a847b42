package hypergrad_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// copied is a state after it was written and read.
func copied(s *hypergrad.State) (*hypergrad.State, error) {
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		return nil, err
	}
	return hypergrad.ReadState(&b)
}

// Every method with every step rule goes on from states of random moments to the last bit, and makes the same bits on one, two and three threads.
func TestEveryMethodGoesOnFromAnyState(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 3))
	var problems []hypergrad.Problem
	for threads := 1; threads <= 3; threads++ {
		p, err := tasks.SyntheticLogistic(1600, 1100, 5, 3, 1, tasks.LinearOptions{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		problems = append(problems, p)
	}
	rules := []struct{ y, v, x hypergrad.Steps }{{}, {hypergrad.Constant(0.1), hypergrad.Constant(0.1), hypergrad.Constant(0.2)},
		{hypergrad.Backtracking{}, hypergrad.Schedule{First: 0.2, Exponent: 0.5}, hypergrad.Schedule{First: 0.5, Exponent: 0.5, Delay: 3}},
		{hypergrad.Polyak{Most: 0.3}, hypergrad.TuningFree{}, hypergrad.TuningFree{}}}
	for _, m := range hypergrad.Methods() {
		for k, rule := range rules {
			opt := hypergrad.SampledOptions{Method: m, Seed: uint64(k), MaxIterations: 130, CheckEvery: 1 + r.IntN(30), Batch: 30 + r.IntN(100), Consecutive: k%2 == 1,
				YSteps: rule.y, VSteps: rule.v, XSteps: rule.x, Set: hypergrad.Bounds(-4, 4)}
			name := fmt.Sprintf("%s, rules %d", m.Name(), k)
			var states []*hypergrad.State
			saving := opt
			saving.Save = func(s *hypergrad.State) error { states = append(states, s); return nil }
			whole, err := hypergrad.MinimizeSampled(context.Background(), problems[0], tasks.StartX(5), nil, saving)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			threads := 2 + k%2
			other, err := hypergrad.MinimizeSampled(context.Background(), problems[threads-1], tasks.StartX(5), nil, opt)
			if err != nil || !slices.Equal(whole.X, other.X) || !slices.Equal(whole.Y, other.Y) || whole.Tally != other.Tally {
				t.Errorf("%s: one thread %v, %d threads %v, %v", name, whole.X, threads, other.X, err)
			}
			for range 2 {
				state, err := copied(states[r.IntN(len(states))])
				if err != nil {
					t.Fatal(err)
				}
				again := opt
				again.Resume = state
				rest, err := hypergrad.MinimizeSampled(context.Background(), problems[r.IntN(3)], nil, nil, again)
				if err != nil {
					t.Fatalf("%s from iteration %d: %v", name, state.Iteration, err)
				}
				if !slices.Equal(whole.X, rest.X) || !slices.Equal(whole.Y, rest.Y) || whole.Tally != rest.Tally || whole.Norm != rest.Norm {
					t.Errorf("%s from iteration %d: %v, uninterrupted %v", name, state.Iteration, rest.X, whole.X)
				}
			}
		}
	}
}

// Every loop, rule, accuracy and engine of Minimize goes on from each of its states to the last bit, also with constrained followers and contractions.
func TestEveryLoopGoesOnFromAnyState(t *testing.T) {
	ridge := graded{2, 6, 50, 1}
	for k, opt := range []hypergrad.Options{{}, {Set: hypergrad.Bounds(-0.5, 0.5)}, {Accuracy: hypergrad.Exponential}, {Accuracy: hypergrad.Quadratic, Set: hypergrad.Ball{Radius: 1}},
		{Loop: hypergrad.Gradient, Steps: hypergrad.Adaptive{}}, {Loop: hypergrad.Gradient, Steps: hypergrad.Polyak{Most: 1e-3}}, {Loop: hypergrad.Gradient, Steps: hypergrad.TuningFree{}},
		{Loop: hypergrad.Gradient, Steps: hypergrad.Backtracking{}}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Neumann}}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.FixedPoint}},
		{EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Reverse, Steps: 20}}, {EngineOptions: hypergrad.EngineOptions{Engine: hypergrad.Forward, Steps: 20}},
		{EngineOptions: hypergrad.EngineOptions{Cold: true}}} {
		for name, p := range map[string]hypergrad.Problem{"graded": ridge, "rows": newProjection(), "map": contraction{}} {
			if _, smooth := p.(graded); !smooth && opt.Engine != hypergrad.CG {
				continue
			}
			n, _ := p.Size()
			opt.MaxIterations = 15
			var states []*hypergrad.State
			saving := opt
			saving.Save = func(s *hypergrad.State) error { states = append(states, s); return nil }
			whole, err := hypergrad.Minimize(context.Background(), p, []float64{0.4, -0.3, 2}[:n], nil, saving)
			if err != nil {
				t.Fatalf("%s, %d: %v", name, k, err)
			}
			for i, s := range states {
				if s, err = copied(s); err != nil {
					t.Fatal(err)
				}
				again := opt
				again.Resume = s
				rest, err := hypergrad.Minimize(context.Background(), p, nil, nil, again)
				if err != nil {
					t.Fatalf("%s, %d, state %d: %v", name, k, i, err)
				}
				if !slices.Equal(whole.X, rest.X) || !slices.Equal(whole.Y, rest.Y) || whole.Tally != rest.Tally || whole.Status != rest.Status || whole.Norm != rest.Norm {
					t.Errorf("%s, options %d, state %d of %d: %v %v, uninterrupted %v %v", name, k, i, len(states), rest.Status, rest.X, whole.Status, whole.X)
				}
			}
		}
	}
}

// A state file of which any byte was changed, or that was cut anywhere, is refused; vectors of other lengths are, too, and nothing panics.
func TestDamagedStates(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var states []*hypergrad.State
	save := func(s *hypergrad.State) error { states = append(states, s); return nil }
	p := one(2, 3)
	if _, err := hypergrad.Minimize(context.Background(), p, []float64{-3}, nil, hypergrad.Options{MaxIterations: 3, Save: save}); err != nil {
		t.Fatal(err)
	}
	minimize := func(s *hypergrad.State) error {
		_, err := hypergrad.Minimize(context.Background(), p, nil, nil, hypergrad.Options{Resume: s})
		return err
	}
	deterministic := len(states)
	if _, err := hypergrad.MinimizeSampled(context.Background(), p, []float64{-3}, nil, hypergrad.SampledOptions{MaxIterations: 60, Save: save}); err != nil {
		t.Fatal(err)
	}
	sampled := func(s *hypergrad.State) error {
		_, err := hypergrad.MinimizeSampled(context.Background(), p, nil, nil, hypergrad.SampledOptions{MaxIterations: 60, Resume: s})
		return err
	}
	for i, s := range states {
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		file := b.Bytes()
		for range 300 {
			bad := slices.Clone(file)
			bad[r.IntN(len(bad))] ^= byte(1 + r.IntN(255))
			if _, err := hypergrad.ReadState(bytes.NewReader(bad)); !errors.Is(err, hypergrad.ErrState) {
				t.Fatalf("a changed byte: %v", err)
			}
			if _, err := hypergrad.ReadState(bytes.NewReader(file[:r.IntN(len(file))])); !errors.Is(err, hypergrad.ErrState) {
				t.Fatalf("a cut file: %v", err)
			}
		}
		resume := minimize
		if i >= deterministic {
			resume = sampled
		}
		for name := range s.Vectors {
			if name == "u" || name == "values" || name == "norms" {
				continue // of any length
			}
			bad, err := copied(s)
			if err != nil {
				t.Fatal(err)
			}
			bad.Vectors[name] = append(bad.Vectors[name], 1, 2)
			if err := resume(bad); !errors.Is(err, hypergrad.ErrOptions) {
				t.Errorf("state %d with two more entries of %s: %v", i, name, err)
			}
		}
		if err := resume(s); err != nil {
			t.Errorf("state %d as it was: %v", i, err)
		}
	}
}
