package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// SOS1 replaces each pair 0 <= a ⟂ b >= 0 by the set {a, b} of which at most one may differ from zero. A member that is not a variable
// with bound zero gets a variable of its own: s = a, s >= 0.
//
// Accepts: models with standard pairs.
// Adds:    one set a pair, and a variable and a constraint for each member that is not a variable.
// Valid:   always: no bound is needed.
type SOS1 struct {
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// Name is "sos1".
func (SOS1) Name() string { return "sos1" }

// Proves is global.
func (SOS1) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without pairs or with mixed ones.
func (SOS1) Accepts(m *model.Model) error { return acceptPairs("sos1", m) }

// Apply writes the sets.
func (s SOS1) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := s.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	vars := newSlackVars(m, d)
	drop := make([]bool, m.NumPairs())
	for k := range drop {
		if s.Only != nil && !s.Only(m, k) {
			continue
		}
		p := m.Pair(k)
		if p.A == p.B { // 0 <= a ⟂ a >= 0: a is zero
			fixAtZero(d, p.A)
			drop[k] = true
			continue
		}
		d.AddSOS1(model.SOS1{Name: "s_" + m.PairName(k), Vars: []int32{vars.of(p.A), vars.of(p.B)}, Weights: []float64{1, 2}})
		drop[k] = true
	}
	d.RemovePairs(func(k int) bool { return drop[k] })
	return &Result{Model: d, Recovery: vars.recovery()}, nil
}

// fixAtZero sets the slack of a member to zero by the bounds of its variable or constraint.
func fixAtZero(d *model.Model, s model.Member) {
	lo, hi := memberBounds(d, s)
	at := lo
	if s.Side == model.AtUpper {
		at = hi
	}
	if s.Row {
		d.SetRowBounds(int(s.Index), at, at)
	} else {
		d.SetVarBounds(int(s.Index), at, at)
	}
}

// slackVars gives members of pairs variables that are their slacks.
type slackVars struct {
	old, m *model.Model
	have   map[model.Member]int32
	made   []model.Member // members in the order of their new variables
	first  int
	base   string
}

func newSlackVars(old, m *model.Model) *slackVars {
	return &slackVars{old: old, m: m, have: map[model.Member]int32{}, first: m.NumVars(), base: m.FreshBase("slack")}
}

// of returns a variable v >= 0 that equals the member's slack.
func (s *slackVars) of(mem model.Member) int32 {
	if lo, _ := memberBounds(s.m, mem); !mem.Row && mem.Side == model.AtLower && lo == 0 {
		return mem.Index
	}
	if v, ok := s.have[mem]; ok {
		return v
	}
	i := len(s.made)
	label := fmt.Sprint(i + 1)
	v := s.m.AddVars(0, s.base, func(int) string { return label }, 1, model.Continuous, 0, math.Max(0, memberBound(s.old, mem)))
	acc := s.m.Accumulator()
	acc.AddFunction(1, s.m.MemberFunction(mem))
	acc.AddTerm(-1, v)
	r := s.m.StartRows(0, s.base+"_def", func(int) string { return label }, 1)
	s.m.SetRow(r, acc.Function(), 0, 0)
	s.have[mem] = int32(v)
	s.made = append(s.made, mem)
	return int32(v)
}

func (s *slackVars) recovery() Recovery {
	return maps{truncate(s.old.NumVars(), s.old.NumRows()).Recover, func(p *model.Point) (*model.Point, error) {
		x := make([]float64, s.m.NumVars())
		copy(x, p.X)
		for i, mem := range s.made {
			x[s.first+i] = s.old.MemberValue(mem, p.X)
		}
		return &model.Point{X: x}, nil
	}}
}

// Indicator replaces each pair 0 <= a ⟂ b >= 0 by a binary variable z and two conditional constraints,
//
//	z = 0: a <= 0,   z = 1: b <= 0.
//
// Accepts: models with standard pairs.
// Adds:    one binary variable and two indicator constraints a pair.
// Valid:   always: no bound is needed.
type Indicator struct {
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// Name is "indicator".
func (Indicator) Name() string { return "indicator" }

// Proves is global.
func (Indicator) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without pairs or with mixed ones.
func (Indicator) Accepts(m *model.Model) error { return acceptPairs("indicator", m) }

// Apply writes the conditional constraints.
func (s Indicator) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := s.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	var pairs []int
	for k := 0; k < m.NumPairs(); k++ {
		if s.Only == nil || s.Only(m, k) {
			pairs = append(pairs, k)
		}
	}
	sub := func(k int) string { return fmt.Sprint(k + 1) }
	first := d.AddVars(0, d.FreshBase("z"), sub, len(pairs), model.Binary, 0, 1)
	rows := d.StartRows(0, d.FreshBase("off"), sub, 2*len(pairs))
	drop := make([]bool, m.NumPairs())
	for i, k := range pairs {
		p := m.Pair(k)
		drop[k] = true
		for side, mem := range [2]model.Member{p.A, p.B} {
			d.SetRow(rows+2*i+side, d.MemberFunction(mem), -model.Inf, 0)
			d.AddIndicator(model.Indicator{Row: rows + 2*i + side, Binary: first + i, When: side == 1})
		}
	}
	d.RemovePairs(func(k int) bool { return drop[k] })
	rec := maps{truncate(m.NumVars(), m.NumRows()).Recover, func(p *model.Point) (*model.Point, error) {
		x := make([]float64, d.NumVars())
		copy(x, p.X)
		for i, k := range pairs {
			pair := m.Pair(k)
			if m.MemberValue(pair.A, p.X) > m.MemberValue(pair.B, p.X) {
				x[first+i] = 1
			}
		}
		return &model.Point{X: x}, nil
	}}
	return &Result{Model: d, Recovery: rec}, nil
}
