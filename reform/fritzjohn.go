package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// FritzJohn replaces every follower by the conditions of Fritz John, which hold at its answers without any constraint qualification. They are
// those of KKT with a weight of the objective,
//
//	L = λ0 f + Σ u (g - hi) + Σ w (lo - g),   λ0 >= 0,   λ0 + Σ u + Σ w + Σ v² + Σ d = 1
//
// with v the multipliers of equations and d those of the upper ones of two bounds of a variable. A weight λ0 > 0 gives KKT's multipliers
// u/λ0. With λ0 = 0 the conditions say nothing of f, so that a point is a candidate until the follower is solved again: where its constraints are
// qualified there is no such point, and where they are not the answers may be among them. The conditions
//
//	min (y - 3)²  subject to  y² <= x
//
// have no KKT multiplier at x = 0, where y = 0 is the one answer.
//
// Accepts: what KKT accepts; followers without variables that stand for shadow prices.
// Adds:    what KKT adds, and products of the weight with the terms of the objective's gradient.
// Source:  F. John, Extremum problems with inequalities as subsidiary conditions, 1948; in the bilevel setting S. Dempe and S. Franke.
type FritzJohn struct {
	// Stationary also takes followers that are known to be nonconvex, see KKT.
	Stationary bool
}

// Name is "fritz-john".
func (FritzJohn) Name() string { return "fritz-john" }

// Accepts refuses what KKT refuses, and variables that stand for shadow prices: with a weight of zero there are none.
func (f FritzJohn) Accepts(m *model.Model) error {
	if err := acceptFollowers("fritz-john", m, f.Stationary); err != nil {
		return err
	}
	if duals := m.DualVars(); len(duals) > 0 {
		return &NotAcceptedError{Pass: "fritz-john", Construct: model.DualVariables, Where: m.VarName(duals[0]),
			Reason: "it stands for a shadow price, and these conditions have none where the objective's weight is zero", Remedy: "use kkt"}
	}
	return nil
}

// Proves is local: the conditions hold at points that are no answers, too.
func (FritzJohn) Proves(*model.Model) model.Proof { return model.ProofLocal }

// Apply writes the conditions.
func (f FritzJohn) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	if err := f.Accepts(m); err != nil {
		return nil, err
	}
	s := newStationarity(m)
	s.weights = make([]int32, m.NumPlayers())
	for p := 1; p < m.NumPlayers(); p++ {
		s.weights[p] = int32(s.m.AddVars(0, s.m.FreshBase("weight_"+m.Player(p).Name()), nil, 1, model.Continuous, 0, 1))
	}
	if err := s.write(ctx); err != nil {
		return nil, err
	}
	columns := s.normaliseMultipliers()
	s.addPairs()
	r := s.result()
	kkt := r.Recovery.(maps)
	r.Recovery = maps{
		// recover divides by the weight, so that shadow prices are those of the objective as it is.
		func(p *model.Point) (*model.Point, error) {
			if len(p.X) != s.m.NumVars() {
				return nil, fmt.Errorf("fritz-john: recover: a point with %d entries for a model with %d variables", len(p.X), s.m.NumVars())
			}
			q := p.Clone()
			for p := 1; p < len(s.weights); p++ {
				w := q.X[s.weights[p]]
				if w <= 0 {
					w = math.NaN() // there are no shadow prices
				}
				for _, c := range columns[p] {
					q.X[c] /= w
				}
				q.X[s.weights[p]] = 1
			}
			return kkt.recover(q)
		},
		// lift scales multipliers, found with a weight of 1, so that they add up to 1.
		func(p *model.Point) (*model.Point, error) {
			q, err := kkt.lift(p)
			if err != nil {
				return nil, err
			}
			for p := 1; p < len(s.weights); p++ {
				linear, squares := 1.0, 0.0
				for _, c := range columns[p] {
					if lo, _ := s.m.VarBounds(int(c)); lo == 0 {
						linear += q.X[c]
					} else {
						squares += q.X[c] * q.X[c]
					}
				}
				// t linear + t² squares = 1
				t := 2 / (linear + math.Sqrt(linear*linear+4*squares))
				for _, c := range columns[p] {
					q.X[c] *= t
				}
				q.X[s.weights[p]] = t
			}
			return q, nil
		},
	}
	r.Notes = append(r.Notes, "fritz-john: the followers' objectives have weights, of which a zero says nothing of the objective: points are candidates until the followers are solved again")
	return r, nil
}

// weightedObjective adds the gradient of the objective of player p, times its weight, to the stationarity rows.
func (s *stationarity) weightedObjective(p int, at func(j int) *model.Accumulator) {
	o, d := s.old.Player(p).Objective(), s.m.DAG()
	weight := model.Function{Vars: []int32{s.weights[p]}, Coefs: []float64{1}}
	σ := o.Sense.Sign()
	own := func(j int32) bool { return s.old.VarOwner(int(j)) == p && s.hasRow(int(j)) }
	for k, j := range o.F.Vars {
		if own(j) {
			at(int(j)).AddTerm(σ*o.F.Coefs[k], int(s.weights[p]))
		}
	}
	for _, q := range o.F.Quad {
		if own(q.I) {
			at(int(q.I)).AddProduct(σ*q.Coef, int(s.weights[p]), int(q.J))
		}
		if own(q.J) {
			at(int(q.J)).AddProduct(σ*q.Coef, int(s.weights[p]), int(q.I))
		}
	}
	if o.F.Nonlinear == 0 {
		return
	}
	vars := s.ownVars(p, d.Vars(o.F.Nonlinear))
	for k, n := range d.Gradient(o.F.Nonlinear, vars) {
		at(vars[k]).AddMul(σ, weight, s.m.FromNode(n))
	}
}

// normaliseMultipliers adds the row of each follower in which the weight and the multipliers add up to 1, and returns the columns of the
// multipliers by player.
func (s *stationarity) normaliseMultipliers() [][]int32 {
	columns := make([][]int32, s.old.NumPlayers())
	add := func(p int, c int32) {
		if c >= 0 {
			columns[p] = append(columns[p], c)
		}
	}
	for r := range s.upper {
		if p := s.old.RowOwner(r); p > 0 {
			add(p, s.upper[r].col)
			add(p, s.lower[r].col)
		}
	}
	for j, c := range s.upperBoundMult {
		if p := s.old.VarOwner(j); p > 0 {
			add(p, c)
		}
	}
	for p := 1; p < s.old.NumPlayers(); p++ {
		acc := s.m.Accumulator()
		acc.AddTerm(1, int(s.weights[p]))
		for _, c := range columns[p] {
			if lo, _ := s.m.VarBounds(int(c)); lo == 0 {
				acc.AddTerm(1, int(c))
			} else {
				acc.AddProduct(1, int(c), int(c))
			}
		}
		s.m.AddRow(0, s.m.FreshBase("sum_"+s.old.Player(p).Name()), acc.Function(), 1, 1)
	}
	return columns
}
