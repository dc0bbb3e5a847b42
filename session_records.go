package bilevel

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

// record is a model as it was solved, and what came of it.
type record struct {
	source  *model.Model // the model that was solved
	model   *model.Model // as it was then
	proof   model.Proof
	bound   float64   // proven without condition, on the minimised objective; -Inf where there is none
	x       []float64 // the point, nil where there is none
	plan    []string
	backend string
}

// The records that a session keeps: at most so many, of at most so many variables and constraints in all.
const (
	mostRecords   = 64
	largestMemory = 2 << 20
)

// remember keeps an answer.
func (s *Session) remember(r *Result) {
	e := &record{source: s.model, model: s.model.Derive(), proof: r.Proof, bound: math.Inf(-1), plan: r.Plan, backend: r.Backend}
	if r.confirmed() {
		e.x = slices.Clone(r.Point.X)
	}
	// The bound of a search that was stopped counts where it rests on relaxations only; what a MILP solver says of an unfinished
	// tree is left aside.
	proven := r.Proof == model.ProofGlobal || r.Proof == model.ProofFeasible && r.Backend == "branch" || r.Proof == model.ProofNone && r.Backend == "branch" && r.Point == nil
	if proven && len(r.Assumptions) == 0 && !math.IsNaN(r.Bound) {
		e.bound = s.model.Leader().Objective().Sense.Sign() * r.Bound
	}
	s.records = append(s.records, e)
	size := 0
	for k := len(s.records) - 1; k >= 0; k-- {
		size += s.records[k].model.NumVars() + s.records[k].model.NumRows()
		if n := len(s.records) - k; n > mostRecords || n > 1 && size > largestMemory {
			s.records = slices.Clone(s.records[k+1:])
			break
		}
	}
}

// knowledge is what earlier answers say about the model as it is now.
type knowledge struct {
	infeasible, unbounded bool
	bound                 float64 // on the minimised objective; -Inf where there is none
	from                  *record // of the bound or the proof
	decisions             [][]float64
	start                 *started // the best of the decisions, answered again; nil where there is none
	wrong                 bool     // a point was found that an earlier proof excludes
}

// carried looks through the records for what is still valid.
func (s *Session) carried(sv *solver) *knowledge {
	k := &knowledge{bound: math.Inf(-1)}
	relations := make([]relation, len(s.records))
	for i, e := range s.records {
		r := relate(e.model, s.model, e.source == s.model)
		relations[i] = r
		if r.inside && e.proof == model.ProofInfeasible {
			k.infeasible, k.from = true, e
		}
		if r.around && r.sameObjective() && e.proof == model.ProofUnbounded {
			k.unbounded, k.from = true, e
		}
	}
	if !k.infeasible && !k.unbounded {
		k.bounds(s.records, relations, s.model)
	}
	k.choose(s.records, relations, s.model)
	return k
}

// bounds finds the best bound that the records give: for each of a larger feasible set its own, moved by the change of the objective, and
// for each two of them whose objectives have the new one between them the mean.
func (k *knowledge) bounds(records []*record, relations []relation, m *model.Model) {
	sign := m.Leader().Objective().Sense.Sign()
	take := func(bound float64, e *record) {
		if bound > k.bound {
			k.bound, k.from = bound, e
		}
	}
	for i, e := range records {
		a := relations[i]
		if !a.inside || !a.known || math.IsInf(e.bound, -1) {
			continue
		}
		least, most := a.change.extent(m)
		if sign < 0 {
			least = -most
		}
		take(e.bound+least, e)
		for j, f := range records[:i] {
			b := relations[j]
			if !b.inside || !b.known || math.IsInf(f.bound, -1) {
				continue
			}
			if t, ok := between(a.change, b.change); ok {
				take(t*(e.bound+sign*a.change.shift)+(1-t)*(f.bound+sign*b.change.shift), e)
			}
		}
	}
}

// mostDecisions is how many earlier decisions are answered again before a search.
const mostDecisions = 3

// choose lists the earlier decisions that are worth an answer: first those that are feasible for certain, the best one first; then the others,
// the latest first.
func (k *knowledge) choose(records []*record, relations []relation, m *model.Model) {
	sign := m.Leader().Objective().Sense.Sign()
	type candidate struct {
		x     []float64
		sure  bool
		value float64
	}
	var list []candidate
	for i := len(records) - 1; i >= 0; i-- {
		if e := records[i]; len(e.x) == m.NumVars() {
			c := candidate{x: e.x, sure: relations[i].around}
			if c.sure {
				c.value = sign * m.ObjectiveValue(0, e.x)
			}
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case a.sure != b.sure && a.sure, a.sure && b.sure && a.value < b.value:
			return -1
		case a.sure != b.sure, a.sure && a.value > b.value:
			return 1
		}
		return 0
	})
	for _, c := range list {
		if len(k.decisions) == mostDecisions {
			break
		}
		x := within(m, c.x)
		if !slices.ContainsFunc(k.decisions, func(y []float64) bool { return sameDecision(m, x, y) }) {
			k.decisions = append(k.decisions, x)
		}
	}
}

// within is x with the leader's decision moved into the bounds that now hold, integers rounded.
func within(m *model.Model, x []float64) []float64 {
	x = slices.Clone(x)
	for j := range x {
		if m.VarOwner(j) != 0 {
			continue
		}
		lo, hi := m.VarBounds(j)
		if m.VarKind(j) != model.Continuous {
			x[j], lo, hi = math.Round(x[j]), math.Ceil(lo), math.Floor(hi)
		}
		x[j] = math.Min(math.Max(x[j], lo), hi)
	}
	return x
}

// sameDecision reports whether the leader decides the same in both points.
func sameDecision(m *model.Model, x, y []float64) bool {
	for j := range x {
		if m.VarOwner(j) == 0 && math.Abs(x[j]-y[j]) > 1e-9*math.Max(1, math.Abs(x[j])) {
			return false
		}
	}
	return true
}
