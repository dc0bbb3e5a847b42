package backendtest

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// start checks that a point to start from is used.
func (s *suite) start(t *testing.T) {
	s.requiresThat(t, s.caps.WarmStart, "warm start")
	t.Run("optimal point of a MILP", func(t *testing.T) {
		s.requires(t, model.IntegerVariables)
		for _, maximize := range []bool{false, true} {
			f, planted := marketSplit(3, 5, 40, true, maximize)
			r := s.solve(t, f.model(), backends.Options{Start: &model.Point{X: planted}, TimeLimit: 20 * time.Second})
			if r.Status != optimal || !s.near(r.Objective, 0) {
				t.Errorf("maximise %v: %v %v, want the planted point with 0, which is optimal as its bound is 0", maximize, r.Status, r.Objective)
			}
		}
	})
	t.Run("infeasible point", func(t *testing.T) {
		s.requires(t, model.IntegerVariables)
		p := integerProblems[0]
		r := s.solve(t, p.model(), backends.Options{Start: &model.Point{X: nums(1, 1, 1, 1)}})
		if r.Status != optimal || !s.near(r.Objective, p.objective) {
			t.Errorf("%v %v, want %v: a start that violates a row must do no harm", r.Status, r.Objective, p.objective)
		}
	})
	t.Run("point of a continuous problem", func(t *testing.T) {
		p := linearProblems[0]
		m := p.model()
		r := s.solve(t, m, backends.Options{Start: &model.Point{X: p.x}})
		if !s.accepts(m, optimal, r.Status) || !s.near(r.Objective, p.objective) {
			t.Errorf("%v %v, want %v", r.Status, r.Objective, p.objective)
		}
	})
}

// events checks that the progress of a MILP is told in order: incumbent and bound never get worse, in the declared sense.
func (s *suite) events(t *testing.T) {
	s.requires(t, model.IntegerVariables)
	hard, _ := marketSplit(2, 4, 30, false, false)
	negative, _ := marketSplit(2, 4, 30, false, true)
	for _, c := range []struct {
		name string
		form
		limit time.Duration
	}{{"knapsack", middling(), 0}, {"minimise", hard, 700 * time.Millisecond}, {"maximise", negative, 700 * time.Millisecond}} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			var list []backends.Event
			m := c.model()
			r := s.solveIn(t, context.Background(), m, backends.Options{TimeLimit: c.limit}, func(e backends.Event) {
				mu.Lock()
				defer mu.Unlock()
				list = append(list, e)
			})
			mu.Lock()
			defer mu.Unlock()
			sign := m.Leader().Objective().Sense.Sign()
			incumbents := 0
			for k, e := range list {
				if !math.IsNaN(e.Incumbent) {
					incumbents++
				}
				if e.Step == "" || e.Elapsed < 0 || e.Nodes < 0 || e.Iteration < 0 {
					t.Errorf("event %d: %+v", k, e)
				}
				if sign*(e.Bound-e.Incumbent) > 1e-6*max(1, math.Abs(e.Incumbent)) {
					t.Errorf("event %d: incumbent %v is better than the bound %v", k, e.Incumbent, e.Bound)
				}
				if k == 0 {
					continue
				}
				last := list[k-1]
				if sign*(e.Incumbent-last.Incumbent) > 1e-9 || math.IsNaN(e.Incumbent) && !math.IsNaN(last.Incumbent) {
					t.Errorf("event %d: incumbent goes from %v to %v", k, last.Incumbent, e.Incumbent)
				}
				if sign*(last.Bound-e.Bound) > 1e-9 || math.IsNaN(e.Bound) && !math.IsNaN(last.Bound) {
					t.Errorf("event %d: bound goes from %v to %v", k, last.Bound, e.Bound)
				}
				if e.Elapsed < last.Elapsed {
					t.Errorf("event %d: time goes back from %v to %v", k, last.Elapsed, e.Elapsed)
				}
			}
			if incumbents == 0 {
				t.Fatalf("no event with an incumbent among %d", len(list))
			}
			if last := list[len(list)-1]; sign*(r.Objective-last.Incumbent) > 1e-6*max(1, math.Abs(r.Objective)) {
				t.Errorf("the last event had the incumbent %v, the result is %v", last.Incumbent, r.Objective)
			}
		})
	}
}

// cancel checks that a solve stops within a second of its context, and keeps what it found.
func (s *suite) cancel(t *testing.T) {
	s.requiresThat(t, s.caps.Cancels, "cancel")
	t.Run("before the start", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		for _, table := range [][]problem{linearProblems, integerProblems, quadraticProblems} {
			if table[0].needs().Without(s.caps.Takes) != 0 {
				continue
			}
			r := s.solveIn(t, ctx, table[0].model(), backends.Options{}, nil)
			if r.Status != model.StatusInterrupted {
				t.Errorf("%s: %v", table[0].name, r.Status)
			}
		}
	})
	for _, c := range []struct {
		name     string
		deadline bool
		want     model.Status
	}{{"during a MILP", false, model.StatusInterrupted}, {"deadline of a MILP", true, model.StatusFeasible}} {
		t.Run(c.name, func(t *testing.T) {
			s.requires(t, model.IntegerVariables)
			f, _ := marketSplit(1, 5, 40, false, false)
			m := f.model()
			const after = 700 * time.Millisecond
			var mu sync.Mutex
			returned, late := false, 0
			events := func(backends.Event) {
				mu.Lock()
				defer mu.Unlock()
				if returned {
					late++
				}
			}
			var r *backends.Result
			promptly(t, after, func() {
				ctx, cancel := context.WithCancel(context.Background())
				if c.deadline {
					cancel()
					ctx, cancel = context.WithTimeout(context.Background(), after)
				} else {
					time.AfterFunc(after, cancel)
				}
				defer cancel()
				r = s.solveIn(t, ctx, m, backends.Options{}, events)
			})
			mu.Lock()
			returned = true
			mu.Unlock()
			if r.Status != c.want || r.Point == nil {
				t.Errorf("%v with point %v, want %v with the incumbent", r.Status, r.Point, c.want)
			}
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			if late > 0 {
				t.Errorf("%d events after the solve returned", late)
			}
		})
	}
}

// promptly checks that a solve that is to end after some time returns at most a second later, in one of three trials: other work on the
// machine may hold up one.
func promptly(t *testing.T, after time.Duration, solve func()) {
	t.Helper()
	var late time.Duration
	for range 3 {
		start := time.Now()
		solve()
		if late = time.Since(start) - after; late < time.Second {
			return
		}
	}
	t.Errorf("returned %v after its limit", late)
}

// concurrent checks that several solves at once do not disturb each other.
func (s *suite) concurrent(t *testing.T) {
	var cases []problem
	for _, table := range [][]problem{linearProblems, integerProblems, quadraticProblems} {
		for _, p := range table {
			if p.status == optimal && p.needs().Without(s.caps.Takes) == 0 {
				cases = append(cases, p)
			}
		}
	}
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for k := range cases {
				p := cases[(k*(g+1)+g)%len(cases)]
				m := p.model()
				r, err := s.backend.Solve(context.Background(), m, s.merge(backends.Options{}), nil)
				if err != nil || !s.accepts(m, optimal, r.Status) || !s.near(r.Objective, p.objective) {
					t.Errorf("%s: %+v, %v; want %v", p.name, r, err, p.objective)
				}
			}
		}()
	}
	wait.Wait()
}
