package reform

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// Convexify makes a leader's objective that is not convex convex, without changing its value at any bilevel-feasible point. For a block
// of a linear or convex-quadratic follower without leader's variables in its constraints (see PriceProduct for the terms),
//
//	T = (c + Px)'y + y'Qy - Σ d_i b_i
//
// is zero at every optimal answer with its multipliers. So F + λ T has the leader's value for every λ, and a λ is looked for with which its
// quadratic part, in minimisation form, is positive semidefinite. Example: a leader in a duopoly maximises x(a - b(x + y)) with the term
// -bxy; the follower's answer makes y(2by + bx - const) zero, and λ = b turns the form into a concave one.
//
// Accepts: models whose leader's objective is quadratic and not convex, for which such a λ, common to all blocks, is found.
// Adds:    variables for shadow prices, as PriceProduct.
// Valid:   at every bilevel-feasible point with every optimal multiplier: exact.
type Convexify struct{}

// Name is "convexify".
func (Convexify) Name() string { return "convexify" }

// Proves is global: the objective keeps its value at every bilevel-feasible point.
func (Convexify) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models that need no change, and those for which no λ is found.
func (Convexify) Accepts(m *model.Model) error {
	if !m.Constructs().Has(model.QuadraticObjective) {
		return &NotAcceptedError{Pass: "convexify", Where: "the leader's objective", Reason: "it is convex or not quadratic", Remedy: "leave the pass out"}
	}
	if _, _, ok := findMultiple(m); !ok {
		return &NotAcceptedError{Pass: "convexify", Where: "the leader's objective", Construct: model.QuadraticObjective,
			Reason: "no multiple of the followers' optimality conditions makes its quadratic part convex"}
	}
	return nil
}

// multiples are the values of λ that are tried, in this order, in units of the leader's objective in minimisation form.
var multiples = []float64{1, 0.5, 2, 0.25, 4, 0.125, 8, -1, -0.5, -2, -0.25, -4, -0.125, -8}

// findMultiple finds λ and the blocks.
func findMultiple(m *model.Model) ([]priceBlock, float64, bool) {
	blocks := convexBlocks(m)
	if len(blocks) == 0 {
		return nil, 0, false
	}
	o := m.Leader().Objective()
	σ := o.Sense.Sign()
	for _, λ := range multiples {
		acc := m.Accumulator()
		acc.AddFunction(σ, model.Function{Quad: o.F.Quad})
		for _, b := range blocks {
			b.kappa = -λ
			addQuadratic(m, acc, b)
		}
		if m.Definiteness(acc.Function().Quad, nil, 1) == model.PSD {
			return blocks, λ, true
		}
	}
	return nil, 0, false
}

// convexBlocks lists the blocks of all followers for which T exists.
func convexBlocks(m *model.Model) []priceBlock {
	classes := m.Classify().Followers
	var out []priceBlock
	for p := 1; p < m.NumPlayers(); p++ {
		if classes[p-1].Class > model.ConvexQuadratic || classes[p-1].Integers > 0 || m.Player(p).IsNash() {
			continue
		}
		for _, b := range followerBlocks(m, p) {
			if _, bad := foreignVariable(m, b); !bad {
				out = append(out, b)
			}
		}
	}
	return out
}

// Apply adds the multiple.
func (c Convexify) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := c.Accepts(m); err != nil {
		return nil, err
	}
	blocks, λ, _ := findMultiple(m)
	d := m.Derive()
	obj := d.Leader().Objective()
	acc := d.Accumulator()
	acc.AddFunction(1, obj.F)
	var moved []movedBound
	for _, b := range blocks {
		b.kappa = -λ * obj.Sense.Sign()
		moved = append(moved, replaceProducts(d, acc, b)...)
	}
	obj.F = acc.Function()
	d.Leader().SetObjective(obj)
	note := fmt.Sprintf("convexify: the leader's objective plus %g times the optimality conditions of %s is convex and has the same value", λ, plural(len(blocks), "block"))
	return &Result{Model: d, Recovery: recoverMoved(m, d, moved), Notes: []string{note}}, nil
}
