package backendtest

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// nonlinear checks backends that take nonlinear functions.
func (s *suite) nonlinear(t *testing.T) {
	s.requires(t, model.NonlinearFunctions)
	for _, table := range [][]curved{curvedProblems, convexCurvedProblems} {
		for _, c := range table {
			t.Run(c.name, func(t *testing.T) { s.checkCurved(t, c) })
		}
	}
	for _, c := range fallingProblems {
		t.Run(c.name, func(t *testing.T) {
			if r := s.solve(t, c.model(), backends.Options{}); r.Status == optimal || r.Status == model.StatusLocal || r.Status == model.StatusReducedAccuracy || r.Status == infeasible {
				t.Errorf("%v (%s) with %v, yet %s", r.Status, r.Message, r.Objective, c.reason)
			}
		})
	}
	for _, c := range outsideProblems {
		t.Run(c.name, func(t *testing.T) { s.checkOutside(t, c) })
	}
	t.Run("warm start", s.warmCurved)
	t.Run("events", s.curvedEvents)
	t.Run("stopped by its events", s.stopCurved)
	t.Run("unknown solver option", func(t *testing.T) {
		const unknown = "no_such_option_anywhere"
		r, err := s.backend.Solve(context.Background(), curvedProblems[0].model(), s.merge(backends.Options{SolverOption: map[string]string{unknown: "1"}}), nil)
		if err == nil || !strings.Contains(err.Error(), unknown) || r != nil {
			t.Errorf("result %v, error %v; want an error that names the option", r, err)
		}
	})
}

func (s *suite) checkCurved(t *testing.T, c curved) {
	t.Helper()
	m := c.model()
	if err := m.Err(); err != nil {
		t.Fatalf("the case itself is wrong: %v", err)
	}
	if !m.Constructs().Has(model.NonlinearFunctions) && m.Constructs()&(model.QuadraticRows|model.QuadraticObjective) == 0 {
		t.Fatalf("the case itself is wrong: %v", m.Constructs())
	}
	s.requires(t, m.Constructs())
	r := s.solve(t, m, backends.Options{})
	if !s.accepts(m, c.status, r.Status) {
		t.Fatalf("status %v (%s), want %v: %s", r.Status, r.Message, c.status, c.reason)
	}
	if c.status != optimal {
		return
	}
	if !s.near(r.Objective, c.objective) {
		t.Errorf("objective %v, want %v: %s", r.Objective, c.objective, c.reason)
	}
	if s.proves(m) == model.ProofGlobal && !s.within(r.Bound, c.objective, max(s.AbsTol, 1e-4)) {
		t.Errorf("bound %v, want %v", r.Bound, c.objective)
	}
	s.compare(t, "x", r.Point.X, c.x, c.reason)
	if s.caps.Duals {
		if r.Point.RowDuals == nil || r.Point.VarDuals == nil {
			t.Error("duals are declared, and there are none")
		}
		s.compare(t, "dual of row", r.Point.RowDuals, c.rowDuals, c.reason)
		s.compare(t, "dual of variable", r.Point.VarDuals, c.varDuals, c.reason)
	}
}

// checkOutside wants the right answer, or one that owns up to having none and says why.
func (s *suite) checkOutside(t *testing.T, c curved) {
	t.Helper()
	m := c.model()
	r := s.solve(t, m, backends.Options{})
	switch {
	case s.accepts(m, optimal, r.Status):
		if !s.near(r.Objective, c.objective) {
			t.Errorf("objective %v, want %v: %s", r.Objective, c.objective, c.reason)
		}
	case r.Status == infeasible || r.Status == unbounded:
		t.Errorf("claims %v: %s", r.Status, c.reason)
	case r.Message == "":
		t.Errorf("%v without a word why", r.Status)
	}
}

// warmCurved checks that a solve from a solution with its duals takes fewer iterations and finds it again.
func (s *suite) warmCurved(t *testing.T) {
	s.requiresThat(t, s.caps.WarmStart && s.caps.Duals, "warm start with duals")
	for _, c := range []curved{curvedProblems[1], curvedProblems[2], convexCurvedProblems[4]} {
		m := c.model()
		cold := s.solve(t, m, backends.Options{})
		if cold.Point == nil {
			t.Fatalf("%s: %v", c.name, cold.Status)
		}
		warm := s.solve(t, m, backends.Options{Start: cold.Point})
		if !s.accepts(m, optimal, warm.Status) || !s.near(warm.Objective, c.objective) {
			t.Errorf("%s: %v %v from its solution", c.name, warm.Status, warm.Objective)
		}
		if warm.Iterations >= cold.Iterations {
			t.Errorf("%s: %d iterations from its solution, %d from its start", c.name, warm.Iterations, cold.Iterations)
		}
	}
}

// curvedEvents checks that the iterations are told in order, with incumbents that get better and residuals that end small.
func (s *suite) curvedEvents(t *testing.T) {
	for _, c := range []curved{curvedProblems[2], convexCurvedProblems[2]} {
		var list []backends.Event
		m := c.model()
		r := s.solveIn(t, context.Background(), m, backends.Options{}, func(e backends.Event) { list = append(list, e) })
		if len(list) < 3 {
			t.Fatalf("%s: %d events of %d iterations", c.name, len(list), r.Iterations)
		}
		sign := m.Leader().Objective().Sense.Sign()
		for k, e := range list {
			if e.Step == "" || e.Elapsed < 0 || !math.IsNaN(e.Residual) && e.Residual < 0 {
				t.Errorf("%s: event %d: %+v", c.name, k, e)
			}
			if k == 0 {
				continue
			}
			last := list[k-1]
			if e.Iteration < last.Iteration || e.Elapsed < last.Elapsed {
				t.Errorf("%s: event %d goes back: %+v after %+v", c.name, k, e, last)
			}
			if sign*(e.Incumbent-last.Incumbent) > 0 || math.IsNaN(e.Incumbent) && !math.IsNaN(last.Incumbent) {
				t.Errorf("%s: event %d: incumbent goes from %v to %v", c.name, k, last.Incumbent, e.Incumbent)
			}
		}
		if last := list[len(list)-1]; !(last.Residual < 1e-4) {
			t.Errorf("%s: the last residual is %v", c.name, last.Residual)
		}
	}
}

// stopCurved checks that a solve ends soon after its context, which ends while the solve tells of its progress.
func (s *suite) stopCurved(t *testing.T) {
	s.requiresThat(t, s.caps.Cancels, "cancel")
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		calls := 0
		r := s.solveIn(t, ctx, curvedProblems[0].model(), backends.Options{}, func(backends.Event) {
			if calls++; calls == 3 {
				cancel()
				time.Sleep(20 * time.Millisecond)
			}
		})
		if r.Status != model.StatusInterrupted || calls > 6 {
			t.Errorf("%v after %d events, want %v after 3 or a few more", r.Status, calls, model.StatusInterrupted)
		}
	})
	t.Run("deadline", func(t *testing.T) {
		const limit = 100 * time.Millisecond
		var r *backends.Result
		promptly(t, limit, func() {
			r = s.solveIn(t, context.Background(), curvedProblems[0].model(), backends.Options{TimeLimit: limit}, func(backends.Event) { time.Sleep(40 * time.Millisecond) })
		})
		if r.Status != model.StatusLimit && r.Status != model.StatusFeasible {
			t.Errorf("%v, want a limit", r.Status)
		}
	})
}
