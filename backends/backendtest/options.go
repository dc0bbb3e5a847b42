package backendtest

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// options checks what backends.Options promise.
func (s *suite) options(t *testing.T) {
	t.Run("time limit", func(t *testing.T) {
		s.requires(t, model.IntegerVariables)
		f, _ := marketSplit(1, 5, 40, false, false)
		m := f.model()
		const limit = 700 * time.Millisecond
		var r *backends.Result
		promptly(t, limit, func() { r = s.solve(t, m, backends.Options{TimeLimit: limit}) })
		if r.Status != model.StatusFeasible || r.Point == nil {
			t.Errorf("%v with point %v, want a feasible point", r.Status, r.Point)
		}
	})
	t.Run("gap", func(t *testing.T) {
		s.requires(t, model.IntegerVariables)
		m := middling().model()
		exact := s.solve(t, m, backends.Options{Gap: 1e-9})
		loose := s.solve(t, m, backends.Options{Gap: 0.2})
		if exact.Status != optimal || exact.Gap > 1e-6 {
			t.Errorf("gap 1e-9: %v with gap %v", exact.Status, exact.Gap)
		}
		if loose.Status != optimal || loose.Gap > 0.2+1e-6 || loose.Nodes > exact.Nodes {
			t.Errorf("gap 0.2: %v with gap %v after %d nodes, the exact solve took %d", loose.Status, loose.Gap, loose.Nodes, exact.Nodes)
		}
		if math.Abs(loose.Objective-exact.Objective) > 0.2*math.Abs(loose.Objective)+1e-6 {
			t.Errorf("gap 0.2: objective %v, the optimum is %v", loose.Objective, exact.Objective)
		}
	})
	t.Run("same input, same answer", func(t *testing.T) {
		m := linearProblems[0].model()
		if model.IntegerVariables.Without(s.caps.Takes) == 0 {
			m = middling().model()
		}
		var first *backends.Result
		for range 3 {
			r := s.solve(t, m, backends.Options{Threads: 1, Seed: 5})
			r.Seconds = 0
			if first == nil {
				first = r
			} else if !reflect.DeepEqual(r, first) {
				t.Errorf("first %+v, then %+v", first, r)
			}
		}
	})
	t.Run("cutoff", s.cutoff)
	t.Run("unknown solver option", func(t *testing.T) {
		const unknown = "no_such_option_anywhere"
		r, err := s.backend.Solve(context.Background(), linearProblems[0].model(), s.merge(backends.Options{SolverOption: map[string]string{unknown: "1"}}), nil)
		if err == nil || !strings.Contains(err.Error(), unknown) || r != nil {
			t.Errorf("result %v, error %v; want an error that names the option", r, err)
		}
	})
	t.Run("out of range", func(t *testing.T) {
		m := linearProblems[0].model()
		for _, o := range []backends.Options{{Gap: -1}, {Gap: 2}, {Gap: math.NaN()}, {AbsoluteGap: -1}, {Feasibility: -1}, {Feasibility: math.NaN()}, {Integrality: 2}, {Threads: -1},
			{Start: &model.Point{X: []float64{1}}}} {
			if r, err := s.backend.Solve(context.Background(), m, o, nil); err == nil {
				t.Errorf("%+v was taken: %+v", o, r)
			}
		}
	})
	t.Run("log", func(t *testing.T) {
		var lines []string
		s.solve(t, linearProblems[0].model(), backends.Options{Log: func(line string) { lines = append(lines, line) }})
		if len(lines) == 0 {
			t.Error("no line")
		}
		for _, l := range lines {
			if strings.ContainsAny(l, "\n\r") {
				t.Errorf("%q is not one line", l)
			}
		}
	})
}

// cutoff checks that a cutoff changes nothing while better points exist, and never makes a problem infeasible.
func (s *suite) cutoff(t *testing.T) {
	forms := []form{linearProblems[0].form, linearProblems[1].form}
	if model.IntegerVariables.Without(s.caps.Takes) == 0 {
		forms = append(forms, middling(), integerProblems[2].form)
	}
	for _, f := range forms {
		m := f.model()
		sign := m.Leader().Objective().Sense.Sign()
		best := s.solve(t, m, backends.Options{})
		r := s.solve(t, m, backends.Options{Cutoff: best.Objective + sign*2, HasCutoff: true})
		if !s.accepts(m, optimal, r.Status) || !s.within(r.Objective, best.Objective, 1e-4) {
			t.Errorf("cutoff worse than the optimum %v: %v %v", best.Objective, r.Status, r.Objective)
		}
		r = s.solve(t, m, backends.Options{Cutoff: best.Objective - sign*2, HasCutoff: true})
		if r.Status == infeasible || r.Status == unbounded || r.Point != nil && sign*r.Objective < sign*best.Objective-1e-6 {
			t.Errorf("cutoff better than the optimum %v: %v %v", best.Objective, r.Status, r.Objective)
		}
		if !math.IsNaN(r.Bound) && sign*r.Bound > sign*best.Objective+1e-6*math.Abs(best.Objective) {
			t.Errorf("cutoff better than the optimum %v: bound %v", best.Objective, r.Bound)
		}
	}
}
