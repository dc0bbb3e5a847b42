package bilevel

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func needsHighs(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
}

// solved is a session on pieces that has solved it: the best toll is 5 on 8 cars, and u = 3, so that the leader has 43.
func solved(t *testing.T) (*Session, *pieces) {
	t.Helper()
	needsHighs(t)
	p := newPieces()
	s := NewSession(p.m)
	r, err := s.Solve(context.Background())
	if err != nil || r.Proof != ProofGlobal || math.Abs(r.Objective-43) > 1e-6 {
		t.Fatalf("%v: %+v", err, r)
	}
	return s, p
}

// A bound or an infeasibility that an earlier solve claimed and a verified point refutes is not believed, and nothing else that was claimed.
func TestWrongRecordsAreDropped(t *testing.T) {
	for name, plant := range map[string]func(e *record){
		"bound":      func(e *record) { e.bound = -42 }, // no more than 42
		"infeasible": func(e *record) { e.proof = model.ProofInfeasible },
	} {
		s, p := solved(t)
		plant(s.records[0])
		if err := p.t.SetBounds(0, 9); err != nil {
			t.Fatal(err)
		}
		r, err := s.Solve(context.Background())
		if err != nil || r.Proof != ProofGlobal || math.Abs(r.Objective-43) > 1e-6 || s.Reuse().Settled || len(s.records) != 1 {
			t.Errorf("%s: %v: %v %v, %+v, %d records", name, err, r.Proof, r.Objective, s.Reuse(), len(s.records))
		}
	}
	s, p := solved(t)
	s.records[0].bound, s.records[0].x = -42, nil // a search finds the better point
	if err := p.t.SetBounds(0, 9); err != nil {
		t.Fatal(err)
	}
	r, err := s.Solve(context.Background())
	if err != nil || r.Proof != ProofGlobal || math.Abs(r.Bound-43) > 1e-4 || len(s.records) != 1 {
		t.Errorf("a bound that the search refutes: %v: %v, bound %v, %d records", err, r.Proof, r.Bound, len(s.records))
	}
}

// What a search says is joined with what is known: the better point, the better bound, and no claim that these refute.
func TestMerge(t *testing.T) {
	s, _ := solved(t)
	for _, c := range []struct {
		reason string
		found  float64 // objective of the point of the search, NaN for none
		status Status
		proof  Proof
		bound  float64
		known  float64 // carried bound, as declared

		wantStatus                Status
		wantProof                 Proof
		wantObjective, wantBound  float64
		wantWrong, wantConditions bool
	}{
		{"a search stopped without a point", math.NaN(), StatusLimit, ProofNone, math.NaN(), 50, StatusFeasible, ProofFeasible, 43, 50, false, false},
		{"one stopped where the start meets the bound", math.NaN(), StatusLimit, ProofNone, math.NaN(), 43, StatusOptimal, ProofGlobal, 43, 43, false, false},
		{"one stopped where the start comes near the bound", math.NaN(), StatusLimit, ProofNone, math.NaN(), 43.01, StatusFeasible, ProofFeasible, 43, 43.01, false, false},
		{"a worse point", 40, StatusFeasible, ProofFeasible, 60, 50, StatusFeasible, ProofFeasible, 43, 50, false, false},
		{"a better bound of the search", 40, StatusFeasible, ProofFeasible, 45, 50, StatusFeasible, ProofFeasible, 43, 45, false, false},
		{"a wrong optimum", 40, StatusOptimal, ProofGlobal, 40, math.NaN(), StatusFeasible, ProofFeasible, 43, math.NaN(), false, false},
		{"a wrong infeasible", math.NaN(), StatusInfeasible, ProofInfeasible, math.NaN(), 50, StatusFeasible, ProofFeasible, 43, 50, false, false},
		{"an optimum that is right", 43, StatusOptimal, ProofGlobal, 43, 50, StatusOptimal, ProofGlobal, 43, 43, false, false},
		{"a conditional optimum that the bound confirms", 43, StatusOptimal, ProofGlobalIfBounds, 43, 43, StatusOptimal, ProofGlobal, 43, 43, false, false},
		{"a conditional optimum", 43, StatusOptimal, ProofGlobalIfBounds, 43, 50, StatusOptimal, ProofGlobalIfBounds, 43, 43, false, true},
		{"a carried bound that is wrong", 43, StatusOptimal, ProofGlobal, 43, 42, StatusOptimal, ProofGlobal, 43, 43, true, false},
		{"unbounded", math.NaN(), StatusUnbounded, ProofUnbounded, math.NaN(), math.NaN(), StatusUnbounded, ProofUnbounded, math.NaN(), math.NaN(), false, false},
	} {
		sv, err := newSolver(s.model, nil)
		if err != nil {
			t.Fatal(err)
		}
		k := &knowledge{bound: math.Inf(-1), decisions: [][]float64{s.records[0].x}}
		k.answerAgain(context.Background(), sv)
		if !math.IsNaN(c.known) {
			k.bound = -c.known
		}
		r := sv.empty()
		r.Status, r.Proof, r.Bound = c.status, c.proof, c.bound
		if c.proof == ProofGlobalIfBounds {
			r.Assumptions = []string{"a bound"}
		}
		if !math.IsNaN(c.found) {
			x := append([]float64(nil), s.records[0].x...)
			x[1] -= 43 - c.found // u
			if r.Certificate, err = Check(context.Background(), s.model, x); err != nil {
				t.Fatal(err)
			}
			r.Point, r.Objective = &Point{X: x}, r.Certificate.Objective
		}
		if err := k.merge(context.Background(), sv, r); err != nil {
			t.Fatal(err)
		}
		near := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-5 }
		if r.Status != c.wantStatus || r.Proof != c.wantProof || !near(r.Objective, c.wantObjective) || !near(r.Bound, c.wantBound) || k.wrong != c.wantWrong || (len(r.Assumptions) > 0) != c.wantConditions {
			t.Errorf("%s: %v (%v) %v, bound %v, wrong %v, %q; want %v (%v) %v, bound %v, wrong %v", c.reason, r.Status, r.Proof, r.Objective, r.Bound, k.wrong, r.Assumptions,
				c.wantStatus, c.wantProof, c.wantObjective, c.wantBound, c.wantWrong)
		}
	}
}

// The records of a session are bounded.
func TestRecordsAreBounded(t *testing.T) {
	m := NewModel("small")
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	s := NewSession(m)
	for range 3 * mostRecords {
		s.remember(&Result{Model: m})
	}
	if len(s.records) != mostRecords {
		t.Errorf("%d records, want %d", len(s.records), mostRecords)
	}
	big := NewModel("large")
	big.Leader().Vars("x", largestMemory/2, 0, 1)
	s.SetModel(big)
	for range 3 {
		s.remember(&Result{Model: big})
	}
	if n := len(s.records); n != 2 {
		t.Errorf("%d records of a large model, want 2", n)
	}
}

// A session whose time is over says so, with the earlier decision as its point.
func TestSessionStopped(t *testing.T) {
	s, p := solved(t)
	if err := p.cap.SetRHS(11); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	r, err := s.Solve(ctx)
	if err != nil || r.Proof == ProofGlobal || r.Status == StatusOptimal {
		t.Errorf("%v: %v (%v)", err, r.Status, r.Proof)
	}
}
