package bilevel_test

import (
	"context"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

func TestOutcomeAndAttainment(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct {
		name, text string
		opt        bilevel.Options
		outcome    string
		attainment bilevel.Attainment
	}{
		{"a proven optimum", "var x >= 0, <= 3; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: x - 2 * y;", bilevel.Options{}, "optimal", bilevel.Attained},
		{"an optimum if bounds hold", "var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: y >= 4 - x; upper; minimize F: x + 2 * y;", bilevel.Options{Reform: "kkt+big-m", Backend: "highs"}, "optimal", bilevel.Attained},
		{"a local answer", "var x >= 0, <= 20; lower f; var y >= 0; maximize g: 10 * log(1 + y) - (1 + x) * y; upper; maximize F: x * y;", bilevel.Options{Reform: "kkt"}, "feasible", bilevel.AttainmentUnknown},
		{"an infimum", "var x >= 0, <= 10; lower f; var y >= 0, <= 1; minimize g: (x - 5) * y; upper; maximize F: x * y;", bilevel.Options{Attitude: bilevel.Pessimistic}, "feasible", bilevel.NotAttained},
		{"infeasible", "var x >= 0, <= 1; subject to a: x >= 2; minimize F: x;", bilevel.Options{}, "infeasible", bilevel.Attained},
		{"unbounded", "var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: 3 * y >= x; upper; maximize F: x - 2 * y;", bilevel.Options{}, "unbounded", bilevel.Attained},
		{"stopped before anything", "var x >= 0, <= 3; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: x - 2 * y;", bilevel.Options{TimeLimit: time.Nanosecond}, "limit", bilevel.Attained},
	} {
		m, err := modfile.Read("m.mod", []byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		r, err := bilevel.Solve(context.Background(), m, c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.Outcome() != c.outcome || r.Attainment != c.attainment {
			t.Errorf("%s: %s, %v (status %v, proof %v); want %s, %v", c.name, r.Outcome(), r.Attainment, r.Status, r.Proof, c.outcome, c.attainment)
		}
	}
}

// A session says the same of what it carries over as a solve does.
func TestSessionAttainment(t *testing.T) {
	needsHighs(t)
	m := tollRoad()
	s := bilevel.NewSession(m)
	for range 2 {
		r, err := s.Solve(context.Background())
		if err != nil || r.Attainment != bilevel.Attained || r.Outcome() != "optimal" {
			t.Fatalf("%v: %s, %v", err, r.Outcome(), r.Attainment)
		}
	}
}
