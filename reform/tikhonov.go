package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Tikhonov makes followers strongly convex where they are convex: each minimises
//
//	f(x, y) + α ½ |y|²
//
// over its own variables y (a follower that maximises subtracts the term), so that its answer is the only one and depends continuously on
// the decision. As α goes to zero answers tend to the shortest of the optimal ones at a fixed decision. Limits of the leader's solutions are lower Stackelberg
// points: x with y in S(x) and F(x, y) <= inf_x sup { F(x, y) : y in S(x) }, between the optimistic and the pessimistic solution and not
// always one of them.
//
// Accepts: models with followers in continuous variables.
// Adds:    squares in the followers' objectives.
// Valid:   as a sequence α -> 0, for convex followers.
// Source:  Tikhonov; Dempe (2002), section 5.
type Tikhonov struct {
	Alpha float64 // 0: DefaultRelaxation
}

// Name is "tikhonov".
func (Tikhonov) Name() string { return "tikhonov" }

// Proves is that a point is feasible, after the check in the model.
func (Tikhonov) Proves(*model.Model) model.Proof { return model.ProofFeasible }

// Accepts refuses models without followers, followers with integer variables, and an α that is no positive number.
func (t Tikhonov) Accepts(m *model.Model) error {
	if math.IsNaN(t.Alpha) || t.Alpha < 0 || math.IsInf(t.Alpha, 1) {
		return &NotAcceptedError{Pass: t.Name(), Reason: fmt.Sprintf("its parameter is %v", t.Alpha), Remedy: "give a positive finite number"}
	}
	if m.NumFollowers() == 0 {
		return &NotAcceptedError{Pass: t.Name(), Reason: "there is no follower", Remedy: "leave the pass out"}
	}
	for j := range m.NumVars() {
		if m.VarOwner(j) != 0 && m.VarKind(j) != model.Continuous {
			return &NotAcceptedError{Pass: t.Name(), Construct: model.IntegerVariables, Where: m.VarName(j), Reason: "a follower's variable is integer: its answers jump with any objective", Remedy: "leave the pass out"}
		}
	}
	return nil
}

// Apply adds the squares.
func (t Tikhonov) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := t.Accepts(m); err != nil {
		return nil, err
	}
	alpha := t.Alpha
	if alpha == 0 {
		alpha = DefaultRelaxation
	}
	d := m.Derive()
	for k := 1; k < d.NumPlayers(); k++ {
		o := d.Player(k).Objective()
		acc := d.Accumulator()
		acc.AddFunction(1, o.F)
		for j := range d.NumVars() {
			if _, dual := d.DualOf(j); d.VarOwner(j) == k && !dual {
				acc.AddProduct(0.5*alpha*o.Sense.Sign(), j, j)
			}
		}
		o.F = acc.Function()
		if !o.Set {
			o.Set, o.Name = true, d.FreshBase("length")
		}
		d.Player(k).SetObjective(o)
	}
	same := func(p *model.Point) (*model.Point, error) { return p.Clone(), nil }
	note := fmt.Sprintf("tikhonov: %s made to prefer short answers with α = %g", plural(d.NumFollowers(), "follower"), alpha)
	return &Result{Model: d, Recovery: maps{recover: same, lift: same}, Notes: []string{note}}, nil
}
