package reform

import (
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// opposite is what the leader's objective, minimised, is made of: rest - Σ_b κ_b cost_b.
type opposite struct {
	rest  model.Function
	kappa []float64        // by block, from 1
	cost  []model.Function // by block: the terms of its follower's objective, minimised, with own variables that are not fixed
	owner []int            // by block
}

// losers names the followers of whose loss the leader gains.
func (o *opposite) losers(m *model.Model) string {
	var names []string
	for p := 1; p < m.NumPlayers(); p++ {
		for b, k := range o.kappa {
			if k > 0 && o.owner[b] == p {
				names = append(names, m.Player(p).Name())
				break
			}
		}
	}
	if len(names) == 1 {
		return "follower " + names[0] + " loses"
	}
	return "followers " + strings.Join(names, ", ") + " lose"
}

// suited refuses models by their kind.
func (d Dualise) suited(m *model.Model) error {
	if err := acceptConvexFollowers(d.Name(), m); err != nil {
		return err
	}
	for p, f := range m.Classify().Followers {
		where := "follower " + f.Name
		if f.Class > model.ConvexQuadratic {
			return d.refuse(where, fmt.Sprintf("its problem is %v, and duality is written for linear and convex quadratic ones", f.Class), "use kkt")
		}
		if m.Player(p + 1).IsNash() {
			return &NotAcceptedError{Pass: d.Name(), Construct: model.NashGame, Where: where, Reason: "it plays a Nash game", Remedy: "use kkt"}
		}
	}
	for _, j := range m.DualVars() {
		return d.refuse(m.VarName(j), "the leader sees this shadow price", "use kkt")
	}
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) > 0 && !m.RowIsAffine(r) {
			return d.refuse(m.RowName(r), "a leader's variable multiplies a follower's variable in this constraint", "use kkt")
		}
	}
	return nil
}

// match finds the factors by which the followers' objectives stand, with the opposite sign, in the leader's.
func (d Dualise) match(m *model.Model) (*opposite, error) {
	t := &stationarity{old: m}
	t.findBlocks()
	blockOf := func(j int32) int32 { // of a follower's variable that is not fixed
		if lo, hi := m.VarBounds(int(j)); lo == hi {
			return 0
		}
		return t.block[j]
	}
	if err := d.unseen(m, blockOf); err != nil {
		return nil, err
	}
	o := &opposite{kappa: make([]float64, t.blocks+1), cost: make([]model.Function, t.blocks+1), owner: make([]int, t.blocks+1)}
	for j, b := range t.block {
		o.owner[b] = m.VarOwner(j)
	}
	// terms of an objective in minimisation form, with a follower's variable that is not fixed; i is -1 in a linear term
	visit := func(obj model.Objective, term func(b int32, k product, c float64), other func(k product, c float64)) {
		σ := obj.Sense.Sign()
		at := func(b int32, k product, c float64) {
			if b > 0 {
				term(b, k, σ*c)
			} else {
				other(k, σ*c)
			}
		}
		for i, j := range obj.F.Vars {
			at(blockOf(j), product{-1, j}, obj.F.Coefs[i])
		}
		for _, q := range obj.F.Quad {
			at(max(blockOf(q.I), blockOf(q.J)), product{q.I, q.J}, q.Coef)
		}
	}
	leader := m.Leader().Objective()
	rest := m.Accumulator()
	rest.AddFunction(leader.Sense.Sign(), model.Function{Const: leader.F.Const, Nonlinear: leader.F.Nonlinear})
	wanted := map[product]float64{}
	var order []product
	visit(leader, func(_ int32, k product, c float64) {
		wanted[k] = c
		order = append(order, k)
	}, func(k product, c float64) { addProduct(rest, k, c) })
	o.rest = rest.Function()
	known := map[product]bool{}
	first := make([]product, t.blocks+1)
	cost := make([]*model.Accumulator, t.blocks+1)
	var problem error
	for p := 1; p < m.NumPlayers(); p++ {
		visit(m.Player(p).Objective(), func(b int32, k product, c float64) {
			known[k] = true
			κ := -wanted[k] / c
			if cost[b] == nil {
				o.kappa[b], first[b], cost[b] = κ, k, m.Accumulator()
			}
			addProduct(cost[b], k, c)
			if problem == nil && math.Abs(κ-o.kappa[b]) > 1e-12*math.Abs(o.kappa[b]) {
				problem = d.refuse("the leader's objective", fmt.Sprintf("%s and %s stand in it with different factors of those of follower %s (%g and %g)",
					termName(m, first[b]), termName(m, k), m.Player(p).Name(), 0-o.kappa[b], 0-κ), "use kkt-strong")
			}
		}, func(product, float64) {})
	}
	if problem != nil {
		return nil, problem
	}
	for _, k := range order {
		if !known[k] {
			return nil, d.refuse("the leader's objective", termName(m, k)+" stands in it and in no follower's", "use kkt-strong")
		}
	}
	loses := false
	for b, κ := range o.kappa {
		if κ < 0 {
			return nil, d.refuse("the leader's objective", fmt.Sprintf("it gains with follower %s by %s, not against it", m.Player(o.owner[b]).Name(), termName(m, first[b])), "use kkt-strong")
		}
		o.kappa[b] = κ + 0 // no negative zero
		loses = loses || κ > 0
		if cost[b] != nil {
			o.cost[b] = cost[b].Function()
		}
	}
	if !loses {
		return nil, d.refuse("the leader's objective", "it contains no follower's variable", "use kkt-strong")
	}
	return o, nil
}

// unseen refuses leader's constraints, pairs and sets with a variable of a follower, and nonlinear objectives.
func (d Dualise) unseen(m *model.Model, blockOf func(j int32) int32) error {
	found := -1
	look := func(f model.Function) {
		m.EachVar(f, func(j int) {
			if found < 0 && blockOf(int32(j)) > 0 {
				found = j
			}
		})
	}
	refuse := func(where string) error {
		return d.refuse(where, "it is the leader's and contains "+m.VarName(found)+" of follower "+m.Player(m.VarOwner(found)).Name(), "use kkt-strong")
	}
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) > 0 {
			continue
		}
		if look(m.RowFunction(r)); found >= 0 {
			return refuse(m.RowName(r))
		}
	}
	for k := 0; k < m.NumPairs(); k++ {
		look(m.MemberFunction(m.Pair(k).A))
		if look(m.MemberFunction(m.Pair(k).B)); found >= 0 {
			return refuse(m.PairName(k))
		}
	}
	for _, set := range m.SOS1Sets() {
		if look(model.Function{Vars: set.Vars}); found >= 0 {
			return refuse(set.Name)
		}
	}
	for p := range m.NumPlayers() {
		if f := m.Player(p).Objective().F; f.Nonlinear != 0 {
			if look(model.Function{Nonlinear: f.Nonlinear}); found >= 0 {
				return d.refuse("the objective of "+playerName(m, p), "it is not quadratic in "+m.VarName(found), "use kkt")
			}
		}
	}
	return nil
}

func playerName(m *model.Model, p int) string {
	if p == 0 {
		return "the leader"
	}
	return "follower " + m.Player(p).Name()
}

// addProduct adds c times a linear term or a product.
func addProduct(acc *model.Accumulator, k product, c float64) {
	if k.i < 0 {
		acc.AddTerm(c, int(k.j))
		return
	}
	acc.AddProduct(c, int(k.i), int(k.j))
}

func termName(m *model.Model, k product) string {
	if k.i < 0 {
		return m.VarName(int(k.j))
	}
	return m.VarName(int(k.i)) + "*" + m.VarName(int(k.j))
}
