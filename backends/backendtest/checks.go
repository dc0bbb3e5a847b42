package backendtest

import (
	"math"
	"reflect"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// contents is what a solve must leave as it is.
type contents struct {
	Numbers    []float64
	Indices    []int32
	Kinds      []model.Kind
	Objective  model.Objective
	Constructs model.Constructs
}

// snapshot copies the numbers of a model.
func snapshot(m *model.Model) contents {
	c := contents{Constructs: m.Constructs()}
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		start := m.VarStart(j)
		if math.IsNaN(start) {
			start = math.Inf(1) // a number that equals itself
		}
		c.Numbers = append(c.Numbers, lo, hi, start)
		c.Kinds = append(c.Kinds, m.VarKind(j))
	}
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		vars, coefs := m.RowAffine(r)
		c.Numbers = append(append(c.Numbers, lo, hi), coefs...)
		c.Indices = append(append(c.Indices, -1), vars...)
	}
	o := m.Leader().Objective()
	o.F.Vars, o.F.Coefs = append([]int32(nil), o.F.Vars...), append([]float64(nil), o.F.Coefs...)
	o.F.Quad = append([]model.QuadTerm(nil), o.F.Quad...)
	c.Objective = o
	return c
}

func (c contents) equal(d contents) bool { return reflect.DeepEqual(c, d) }

// consistent checks that a result does not contradict itself or the model.
func (s *suite) consistent(t *testing.T, m *model.Model, r *backends.Result) {
	t.Helper()
	if r == nil {
		t.Fatal("neither a result nor an error")
	}
	sign := m.Leader().Objective().Sense.Sign()
	if r.Point == nil {
		if !math.IsNaN(r.Objective) {
			t.Errorf("objective %v without a point", r.Objective)
		}
		if r.Proof == model.ProofGlobal || r.Proof == model.ProofLocal || r.Proof == model.ProofFeasible {
			t.Errorf("proof %v without a point", r.Proof)
		}
	} else {
		s.consistentPoint(t, m, r)
	}
	if !math.IsNaN(r.Objective) && !math.IsNaN(r.Bound) {
		if excess := sign * (r.Bound - r.Objective); excess > 10*s.AbsTol*max(1, math.Abs(r.Objective)) {
			t.Errorf("objective %v is better than its bound %v", r.Objective, r.Bound)
		}
		if want := math.Abs(r.Objective-r.Bound) / max(1e-10, math.Abs(r.Objective)); !s.near(r.Gap, want) {
			t.Errorf("gap %v, by its definition %v", r.Gap, want)
		}
	} else if !math.IsNaN(r.Gap) {
		t.Errorf("gap %v of objective %v and bound %v", r.Gap, r.Objective, r.Bound)
	}
	if r.Seconds < 0 || r.Nodes < 0 || r.Iterations < 0 {
		t.Errorf("negative counts: %v s, %d nodes, %d iterations", r.Seconds, r.Nodes, r.Iterations)
	}
	s.consistentProof(t, m, r)
}

func (s *suite) consistentPoint(t *testing.T, m *model.Model, r *backends.Result) {
	t.Helper()
	x := r.Point.X
	if len(x) != m.NumVars() {
		t.Fatalf("the point has %d values for %d variables", len(x), m.NumVars())
	}
	if got := m.ObjectiveValue(0, x); !s.near(got, r.Objective) {
		t.Errorf("objective %v reported, %v at the point", r.Objective, got)
	}
	for _, d := range []struct {
		name string
		v    []float64
		want int
	}{{"row", r.Point.RowDuals, m.NumRows()}, {"variable", r.Point.VarDuals, m.NumVars()}} {
		if d.v != nil && len(d.v) != d.want {
			t.Errorf("%d %s duals, want %d or none", len(d.v), d.name, d.want)
		}
	}
	if r.Proof == model.ProofNone {
		return
	}
	for j := range x {
		if v := m.VarViolation(j, x[j]); v > s.AbsTol*max(1, math.Abs(x[j])) {
			t.Errorf("variable %s = %v violates by %v", m.VarName(j), x[j], v)
		}
	}
	for i := range m.NumRows() {
		if len(m.Indicators()) > 0 {
			break // a row that need not hold may be violated
		}
		if v := m.RowViolation(i, x); v > s.AbsTol*max(1, math.Abs(m.RowValue(i, x))) {
			t.Errorf("constraint %s = %v violates by %v", m.RowName(i), m.RowValue(i, x), v)
		}
	}
}

// proofOf lists the proofs that a status may come with.
var proofOf = map[model.Status][]model.Proof{
	model.StatusOptimal:         {model.ProofGlobal},
	model.StatusReducedAccuracy: {model.ProofNone, model.ProofFeasible, model.ProofLocal},
	model.StatusLocal:           {model.ProofLocal},
	model.StatusFeasible:        {model.ProofFeasible},
	model.StatusInfeasible:      {model.ProofInfeasible},
	model.StatusUnbounded:       {model.ProofUnbounded},
	model.StatusInfOrUnbounded:  {model.ProofNone},
	model.StatusLimit:           {model.ProofNone},
	model.StatusInterrupted:     {model.ProofNone, model.ProofFeasible},
	model.StatusUnknown:         {model.ProofNone},
	model.StatusFailed:          {model.ProofNone, model.ProofFeasible},
}

func (s *suite) consistentProof(t *testing.T, m *model.Model, r *backends.Result) {
	t.Helper()
	for _, p := range proofOf[r.Status] {
		if r.Proof == p {
			if may := s.proves(m); p == model.ProofGlobal && may != model.ProofGlobal {
				t.Errorf("claims proof %v, declared is %v", p, may)
			}
			return
		}
	}
	t.Errorf("status %v with proof %v", r.Status, r.Proof)
}

// checkRay verifies that the objective improves without limit from the point along the ray.
func (s *suite) checkRay(t *testing.T, m *model.Model, r *backends.Result) {
	t.Helper()
	if r.Ray == nil {
		return
	}
	if len(r.Ray) != m.NumVars() {
		t.Fatalf("the ray has %d values for %d variables", len(r.Ray), m.NumVars())
	}
	from := make([]float64, m.NumVars())
	if r.Point != nil {
		copy(from, r.Point.X)
	}
	last := m.ObjectiveValue(0, from)
	for _, step := range []float64{1, 10, 100} {
		x := append([]float64(nil), from...)
		for j := range x {
			x[j] += step * r.Ray[j]
		}
		now := m.ObjectiveValue(0, x)
		if m.Leader().Objective().Sense.Sign()*(now-last) >= -s.AbsTol {
			t.Errorf("along the ray %v the objective goes from %v to %v", r.Ray, last, now)
		}
		last = now
		if r.Point == nil {
			continue
		}
		for i := range m.NumRows() {
			if v := m.RowViolation(i, x); v > s.AbsTol*step {
				t.Errorf("along the ray %v constraint %s is violated by %v", r.Ray, m.RowName(i), v)
			}
		}
		for j := range x {
			lo, hi := m.VarBounds(j)
			if x[j] < lo-s.AbsTol*step || x[j] > hi+s.AbsTol*step {
				t.Errorf("along the ray %v variable %s leaves its bounds", r.Ray, m.VarName(j))
			}
		}
	}
}
