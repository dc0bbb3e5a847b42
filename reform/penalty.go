package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Penalty moves the pairs 0 <= a_i ⟂ b_i >= 0 to the leader's objective, in minimisation form
//
//	F + ρ Σ a_i b_i,   a_i >= 0,   b_i >= 0.
//
// It is a partial penalisation: all other constraints stay. A stationary point at which the sum is zero is an S-stationary point of the
// model, with multipliers ν_a = α - ρ b and ν_b = β - ρ a of the pairs, which is how Recover states the duals; and near an S-stationary
// point the penalty is exact once ρ is at least its multipliers. A point at which the sum is positive says nothing: ρ has to grow.
//
// Accepts: models with standard pairs.
// Adds:    nothing but the products in the objective.
// Valid:   for ρ large enough, locally.
// Source:  Ralph and Wright (2004); for followers, Ye, Zhu and Zhu (1997).
type Penalty struct {
	Rho  float64                             // the weight ρ > 0, in units of the objective by those of a times b; 0: DefaultPenalty
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// DefaultPenalty is the weight of Penalty where none is given.
const DefaultPenalty = 10

// Name is "penalty".
func (Penalty) Name() string { return "penalty" }

// Proves is local: whether the pairs hold at a solution has to be seen, and the objective is not convex.
func (Penalty) Proves(*model.Model) model.Proof { return model.ProofLocal }

// Accepts refuses models without pairs or with mixed ones, and a weight that is no positive number.
func (p Penalty) Accepts(m *model.Model) error {
	if math.IsNaN(p.Rho) || p.Rho < 0 || math.IsInf(p.Rho, 1) {
		return &NotAcceptedError{Pass: "penalty", Reason: fmt.Sprintf("its weight is %v", p.Rho), Remedy: "give a positive finite number"}
	}
	return acceptPairs("penalty", m)
}

// Apply writes the objective.
func (p Penalty) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := p.Accepts(m); err != nil {
		return nil, err
	}
	ρ := p.Rho
	if ρ == 0 {
		ρ = DefaultPenalty
	}
	d := m.Derive()
	pairs := takePairs(m, d, p.Only)
	o := d.Leader().Objective()
	σ := 1.0
	if o.Set {
		σ = o.Sense.Sign()
	}
	acc := d.Accumulator()
	acc.AddFunction(1, o.F)
	for _, k := range pairs {
		acc.AddMul(σ*ρ, memberOf(d, m, m.Pair(k).A), memberOf(d, m, m.Pair(k).B))
	}
	name := o.Name
	if name == "" {
		name = d.FreshBase("penalty")
	}
	d.Leader().SetObjective(model.Objective{Name: name, Sense: o.Sense, F: acc.Function(), Set: true})
	duals := func(x, q *model.Point) {
		if len(x.RowDuals) < d.NumRows() {
			return
		}
		for _, k := range pairs {
			a, b := m.Pair(k).A, m.Pair(k).B
			va, vb := m.MemberValue(a, x.X), m.MemberValue(b, x.X)
			addDual(q, a, -σ*ρ*vb)
			addDual(q, b, -σ*ρ*va)
		}
	}
	note := fmt.Sprintf("penalty: the products of %s with the weight %g: a solution at which they are zero satisfies the pairs", plural(len(pairs), "pair"), ρ)
	return &Result{Model: d, Recovery: samePoint(m, d, duals), Notes: []string{note}}, nil
}
