package backendtest

import (
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// problem is a problem with its answer.
type problem struct {
	name   string
	reason string // why the answer is what it is, or where it comes from
	form
	status    model.Status // of a global method
	objective float64
	x         []float64 // nil: not unique, or no matter
	rowDuals  []float64 // nil: not unique, or no matter
	varDuals  []float64
}

// needs is what a backend must take to be asked.
func (p problem) needs() model.Constructs { return p.model().Constructs() }

// problems solves the tables.
func (s *suite) problems(t *testing.T) {
	for _, table := range [][]problem{linearProblems, integerProblems, quadraticProblems, setProblems} {
		for _, p := range table {
			t.Run(p.name, func(t *testing.T) {
				s.requires(t, p.needs())
				s.check(t, p)
			})
		}
	}
}

func (s *suite) check(t *testing.T, p problem) {
	t.Helper()
	m := p.model()
	if err := m.Err(); err != nil {
		t.Fatalf("the case itself is wrong: %v", err)
	}
	r := s.solve(t, m, backends.Options{})
	if !s.accepts(m, p.status, r.Status) {
		t.Fatalf("status %v (%s), want %v: %s", r.Status, r.Message, p.status, p.reason)
	}
	if p.status == model.StatusUnbounded {
		s.checkRay(t, m, r)
	}
	if p.status != model.StatusOptimal {
		return
	}
	if r.Point == nil {
		t.Fatal("no point")
	}
	if !s.near(r.Objective, p.objective) {
		t.Errorf("objective %v, want %v: %s", r.Objective, p.objective, p.reason)
	}
	if s.proves(m) == model.ProofGlobal && !s.within(r.Bound, p.objective, max(s.AbsTol, 1e-4)) {
		t.Errorf("bound %v, want %v", r.Bound, p.objective)
	}
	s.compare(t, "x", r.Point.X, p.x, p.reason)
	if s.caps.Duals && p.kind == nil && len(p.sos) == 0 && len(p.when) == 0 {
		if r.Point.RowDuals == nil || r.Point.VarDuals == nil {
			t.Error("duals are declared, and there are none")
		}
		s.compare(t, "dual of row", r.Point.RowDuals, p.rowDuals, p.reason)
		s.compare(t, "dual of variable", r.Point.VarDuals, p.varDuals, p.reason)
	}
}

// compare checks numbers against those expected; none are expected where want is nil. Points and duals are less exact than objectives.
func (s *suite) compare(t *testing.T, what string, got, want []float64, reason string) {
	t.Helper()
	if want == nil || len(got) != len(want) {
		return
	}
	for i := range want {
		if !s.within(got[i], want[i], s.PointTol) {
			t.Errorf("%s %d is %v, want %v: %s", what, i, got[i], want[i], reason)
		}
	}
}

// accepts reports whether a status is an answer where a global method should say want. A local method may fail to tell that a problem
// is infeasible or unbounded, but must not call it solved.
func (s *suite) accepts(m *model.Model, want, got model.Status) bool {
	if s.proves(m) == model.ProofGlobal || want == got {
		return want == got
	}
	if want == model.StatusOptimal {
		return got == model.StatusLocal
	}
	return got != model.StatusOptimal && got != model.StatusLocal
}
