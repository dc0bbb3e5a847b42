// Package backendtest is the conformance suite that every backend runs: problems with known answers, the signs of duals, options, events,
// cancellation, and what happens with constructs that a backend does not take. A backend's own test is short:
//
//	func TestConformance(t *testing.T) {
//		backendtest.Run(t, highs.New(), backendtest.Config{Proves: model.ProofGlobal})
//	}
//
// What a backend lacks is skipped, and the skip names the missing capability. A defect met in one backend becomes a case here.
package backendtest

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// Config says what the suite may expect of a backend.
type Config struct {
	AbsTol   float64     // how far values may be off, relative to their size where that exceeds 1; default 1e-6
	PointTol float64     // how far points and duals may be off; default 10 AbsTol
	Proves   model.Proof // what an answer proves: ProofGlobal, or ProofLocal for a local method
	Convex   model.Proof // what an answer proves where the model is convex by model.Classify and has no integers; default Proves

	// Options are set in every solve. The suite adds its own.
	Options backends.Options
}

// suite is a run of the suite on one backend.
type suite struct {
	backend backends.Backend
	caps    backends.Capabilities
	Config
}

// Run runs all tests of the suite as subtests of t.
func Run(t *testing.T, b backends.Backend, c Config) {
	if c.AbsTol == 0 {
		c.AbsTol = 1e-6
	}
	if c.PointTol == 0 {
		c.PointTol = 10 * c.AbsTol
	}
	if c.Convex == model.ProofNone {
		c.Convex = c.Proves
	}
	s := &suite{b, b.Capabilities(), c}
	t.Run("identity", s.identity)
	t.Run("problems", s.problems)
	t.Run("sets", s.sets)
	t.Run("nonlinear", s.nonlinear)
	t.Run("duals", s.duals)
	t.Run("constructs", s.constructs)
	t.Run("options", s.options)
	t.Run("start", s.start)
	t.Run("events", s.events)
	t.Run("cancel", s.cancel)
	t.Run("concurrent", s.concurrent)
}

// requires skips the test where the backend does not take all of the constructs.
func (s *suite) requires(t *testing.T, needs model.Constructs) {
	t.Helper()
	if missing := needs.Without(s.caps.Takes); missing != 0 {
		t.Skipf("%s does not take %v", s.backend.Name(), missing)
	}
}

// requiresThat skips the test where the backend lacks a capability other than a construct.
func (s *suite) requiresThat(t *testing.T, has bool, capability string) {
	t.Helper()
	if !has {
		t.Skipf("%s lacks the capability %s", s.backend.Name(), capability)
	}
}

// solve solves a model and checks what holds for every solve: no error, the model as it was, a result in itself consistent.
func (s *suite) solve(t *testing.T, m *model.Model, opt backends.Options) *backends.Result {
	t.Helper()
	return s.solveIn(t, context.Background(), m, opt, nil)
}

func (s *suite) solveIn(t *testing.T, ctx context.Context, m *model.Model, opt backends.Options, events func(backends.Event)) *backends.Result {
	t.Helper()
	before := snapshot(m)
	r, err := s.backend.Solve(ctx, m, s.merge(opt), events)
	if err != nil {
		t.Fatalf("error: %v", err)
	}
	if !before.equal(snapshot(m)) {
		t.Error("the solve changed the model")
	}
	s.consistent(t, m, r)
	return r
}

// proves is what an answer to a model proves.
func (s *suite) proves(m *model.Model) model.Proof {
	if s.Convex == s.Proves {
		return s.Proves
	}
	if l := m.Classify().Leader; l.Convex == model.Yes && l.Integers == 0 {
		return s.Convex
	}
	return s.Proves
}

// merge puts the options of a test over those of the configuration.
func (s *suite) merge(o backends.Options) backends.Options {
	c := s.Config.Options
	if o.TimeLimit == 0 {
		o.TimeLimit = c.TimeLimit
	}
	if o.TimeLimit == 0 {
		o.TimeLimit = time.Minute // a suite that hangs helps nobody
	}
	if o.Feasibility == 0 {
		o.Feasibility = c.Feasibility
	}
	if o.Integrality == 0 {
		o.Integrality = c.Integrality
	}
	if o.Threads == 0 {
		o.Threads = c.Threads
	}
	if o.Seed == 0 {
		o.Seed = c.Seed
	}
	if o.SolverOption == nil {
		o.SolverOption = c.SolverOption
	}
	return o
}

// near reports whether two values agree to the configured tolerance, or to more of them.
func (s *suite) near(a, b float64) bool { return s.within(a, b, s.AbsTol) }

func (s *suite) within(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// identity checks what a backend says of itself.
func (s *suite) identity(t *testing.T) {
	if s.backend.Name() == "" || s.backend.Version() == "" {
		t.Errorf("name %q, version %q: both are needed", s.backend.Name(), s.backend.Version())
	}
	if s.caps.Proves != s.Proves {
		t.Errorf("declares to prove %v, configured is %v", s.caps.Proves, s.Proves)
	}
	if p := s.caps.Proves; p != model.ProofGlobal && p != model.ProofLocal {
		t.Errorf("declares to prove %v", p)
	}
}
