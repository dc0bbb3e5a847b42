package reform

import (
	"context"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// DualProduct replaces products of shadow prices and quantities of the followers, as in the revenue Σ price_i.dual output_i of a producer
// in a market that a follower clears, by an expression that has the same value at every point that satisfies the followers' optimality
// conditions. Each constraint of a follower times its multiplier and each stationarity condition times its variable is an identity I_k = 0
// (see identities), and weights w_k are looked for such that in
//
//	F + Σ w_k I_k
//
// the products of multipliers, and those of a leader's and a follower's variable, cancel (see cancellation). Products of two of a
// follower's variables may stay where the whole is convex, which is so for many followers with a convex quadratic cost.
//
// Example: generators g with output p_g, bid b_g >= 0 of the leader or cost c_g of others, capacity P_g with multiplier m_g, at a bus with
// the price π and the demand d. The identities are p_g (b_g - π + m_g) = 0, m_g (P_g - p_g) = 0 and π (d - Σ p_g) = 0. For the leader's
// Σ_S π p_g the weights are 0 for the first two for g in S, to leave no b_g p_g, -1 for those of the others, and 1 for the third:
// π d - Σ_{not S} (c_g p_g + P_g m_g).
//
// Accepts: leader's objectives that are quadratic and not convex, and become linear or convex; leader's quadratic constraints that
// become linear. Followers whose products take part are linear or convex quadratic; Nash games are allowed.
// Adds:    variables NAME.dual; an upper bound of a variable that has a lower one, too, becomes a constraint, a range two, where its
// multiplier is needed.
// Valid:   at every bilevel-feasible point with every optimal multiplier: exact. Source: Ruiz and Conejo (2009), IEEE Transactions on
// Power Systems 24, who derive it by hand for markets.
type DualProduct struct{}

// Name is "dual-product".
func (DualProduct) Name() string { return "dual-product" }

// Proves is global: objective and constraints keep their values at every bilevel-feasible point.
func (DualProduct) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models in which nothing can be replaced, and names the products for which there is no combination.
func (d DualProduct) Accepts(m *model.Model) error {
	_, err := d.plan(m)
	return err
}

// rewritten is a function of the leader in variables and numbers of multipliers, none of which is a factor of a product.
type rewritten struct {
	row      int // its constraint, -1 for the objective
	f        model.Function
	products int // that were replaced
}

// plan finds what can be replaced.
func (d DualProduct) plan(m *model.Model) ([]rewritten, error) {
	no := func(where, reason, remedy string) error {
		return &NotAcceptedError{Pass: d.Name(), Where: where, Reason: reason, Remedy: remedy}
	}
	if m.NumFollowers() == 0 {
		return nil, no("", "the model has no follower", "leave the pass out")
	}
	o := m.Leader().Objective()
	objective := len(o.F.Quad) > 0 && m.Definiteness(o.F.Quad, nil, o.Sense.Sign()) != model.PSD
	var rows []int
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) == 0 && !m.RowIsAffine(r) {
			rows = append(rows, r)
		}
	}
	if !objective && len(rows) == 0 {
		return nil, no("the leader's objective", "it is convex or not quadratic, and no constraint of the leader is quadratic", "leave the pass out")
	}
	c := newCancellation(newIdentities(m))
	var out []rewritten
	var first error
	keep := func(row int, f model.Function, sign float64, where string) {
		if g, n, reason := c.rewrite(f, sign, row < 0); reason == "" {
			out = append(out, rewritten{row, g, n})
		} else if first == nil {
			first = no(where, reason, "")
		}
	}
	if objective {
		if keep(-1, o.F, o.Sense.Sign(), "the leader's objective"); len(out) == 0 {
			return nil, first
		}
	}
	for _, r := range rows {
		keep(r, m.RowFunction(r), 1, "constraint "+m.RowName(r))
	}
	if len(out) == 0 {
		return nil, first
	}
	return out, nil
}

// rewrite finds a linear expression for a function of the leader, or a convex one where that is enough; reason says why there is none.
func (c *cancellation) rewrite(f model.Function, sign float64, convex bool) (g model.Function, products int, reason string) {
	if f.Nonlinear != 0 {
		return g, 0, "it is nonlinear, not quadratic"
	}
	ids := c.ids
	acc := ids.m.Accumulator()
	acc.AddFunction(1, ids.withoutFixed(model.Function{Const: f.Const, Vars: f.Vars, Coefs: f.Coefs}))
	coefs := map[int]float64{}
	for _, q := range f.Quad {
		term := ids.m.Accumulator()
		term.AddMul(q.Coef, ids.expand(int(q.I)), ids.expand(int(q.J)))
		t := term.Function()
		if !c.known(t) {
			acc.AddProduct(q.Coef, int(q.I), int(q.J)) // nothing cancels it
			continue
		}
		acc.AddFunction(1, t)
		for _, e := range t.Quad {
			coefs[c.at[product{e.I, e.J}]] += e.Coef
		}
	}
	h := acc.Function()
	mixed := func(p product) bool {
		return ids.isMultiplier(p.i) || ids.isMultiplier(p.j) || ids.isLeaders(p.i) != ids.isLeaders(p.j)
	}
	all := func(product) bool { return true }
	for _, vanish := range []func(product) bool{mixed, all} {
		w := c.solve(coefs, vanish)
		g = c.sum(h, w, vanish)
		if len(g.Quad) == 0 || convex && c.convex(g, sign) {
			return g, replaced(f, g), ""
		}
		if reason == "" {
			reason = c.left(g, w)
		}
	}
	return g, 0, reason
}

// replaced counts the products of two variables of f that g does not have.
func replaced(f, g model.Function) int {
	left := map[product]bool{}
	for _, q := range g.Quad {
		left[product{q.I, q.J}] = true
	}
	n := 0
	for _, q := range f.Quad {
		if q.I != q.J && !left[product{q.I, q.J}] {
			n++
		}
	}
	return n
}

// known reports whether all products of f stand in identities.
func (c *cancellation) known(f model.Function) bool {
	for _, q := range f.Quad {
		if _, ok := c.at[product{q.I, q.J}]; !ok {
			return false
		}
	}
	return true
}

// convex reports whether the quadratic part of sign * g is convex and free of multipliers without a name.
func (c *cancellation) convex(g model.Function, sign float64) bool {
	for _, q := range g.Quad {
		if c.ids.isMultiplier(q.I) || c.ids.isMultiplier(q.J) {
			return false
		}
	}
	return c.ids.m.Definiteness(g.Quad, nil, sign) == model.PSD
}

// free reports whether the quadratic part of g is free of multipliers.
func (c *cancellation) free(g model.Function) bool {
	for _, q := range g.Quad {
		for _, j := range [2]int32{q.I, q.J} {
			if c.ids.isMultiplier(j) {
				return false
			}
			if _, dual := c.ids.m.DualOf(int(j)); dual {
				return false
			}
		}
	}
	return true
}

// left names the products that no combination takes away.
func (c *cancellation) left(g model.Function, w *weights) string {
	var names []string
	more := 0
	for _, q := range g.Quad {
		if len(names) == 3 {
			more++
			continue
		}
		names = append(names, c.ids.name(product{q.I, q.J}))
	}
	s := strings.Join(names, ", ")
	if more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	if len(w.stuck) == 0 && c.free(g) {
		return "without products of multipliers it is still not convex: " + s
	}
	s = "no combination of the followers' optimality conditions takes away " + s
	for here := range w.t { // the first
		if p, bad := w.stuck[here]; bad {
			return s + " without leaving " + c.ids.name(p)
		}
	}
	return s
}

// Apply replaces the products.
func (d DualProduct) Apply(_ context.Context, m *model.Model) (*Result, error) {
	list, err := d.plan(m)
	if err != nil {
		return nil, err
	}
	ids := newIdentities(m)
	to := m.Derive()
	n := &namer{ids: ids, m: to, upper: map[int]int{}, split: map[int][2]int{}}
	var notes []string
	for _, r := range list {
		f := n.withNames(r.f)
		if r.row < 0 {
			o := to.Leader().Objective()
			o.F = f
			to.Leader().SetObjective(o)
			notes = append(notes, fmt.Sprintf("dual-product: %s in the leader's objective replaced exactly", plural(r.products, "product")))
		} else {
			n.setRow(r.row, f)
			notes = append(notes, fmt.Sprintf("dual-product: %s in constraint %s replaced exactly", plural(r.products, "product"), m.RowName(r.row)))
		}
	}
	if len(n.moved) > 0 {
		notes = append(notes, fmt.Sprintf("dual-product: %s moved into constraints", plural(len(n.moved), "bound")))
	}
	return &Result{Model: to, Recovery: recoverMoved(m, to, n.moved), Notes: notes}, nil
}
