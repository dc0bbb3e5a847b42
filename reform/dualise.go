package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Dualise replaces followers whose loss is the leader's gain by their dual problems. Let a block of a follower's problem be, in
// minimisation form,
//
//	v(x) = min_y g(x,y) = (c + Px)'y + 1/2 y'Qy   s.t.  A y + B x <= b, ranges, equations, bounds on y,
//
// let the leader's objective, minimised, contain -κ g(x,y) with κ >= 0 and nothing else of y, and let no constraint of the leader contain y. For all
// x, every y and all multipliers u that satisfy the stationarity conditions, D(x,y,u) <= v(x) holds for
//
//	D(x,y,u) = g(x,y) - Σ_i a_i b_i,
//
// the sum being that of StrongDuality over the pairs 0 <= a_i ⟂ b_i >= 0, in which the products of multipliers with y cancel: -1/2 y'Qy - u'(b - Bx).
// Some (y, u) reaches v(x) where the follower has an optimal answer. The leader wants D as large as it can be, so that -κ D in place of -κ g needs neither
// pairs nor a primal-dual inequality. Products of the leader's integer variables with multipliers are written exactly, see productColumn.
//
// The constraints of the follower stay as the leader's: where the follower has no feasible answer, D would grow without limit. A follower
// with an answer that is feasible for all values of the leader's variables needs none of them, see Point.
//
// A recovered point has the leader's decision and a feasible answer, which need not be optimal: the followers are to be solved again.
//
// Accepts: linear and convex-quadratic followers, not in a Nash game, that lose what the leader gains.
// Adds:    multipliers and stationarity rows; a column a product.
// Valid:   always for such followers: min_x max_y is min_x min_u by duality, which needs no constraint qualification. The idea is as old as
// interdiction; see Israeli and Wood (2002), Networks 40, for shortest paths.
type Dualise struct {
	// Point finds a point of a linear model without an objective, nil where it finds none. It is asked for an answer that is feasible for
	// all values of the leader's variables within their bounds. Without it only the answer nearest to zero within the bounds is tried.
	Point func(ctx context.Context, m *model.Model) ([]float64, error)
}

// Name is "dualise".
func (Dualise) Name() string { return "dualise" }

// Proves is global.
func (Dualise) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models in which the leader wants anything else of the followers than the opposite of what they want, sees their decisions in
// its constraints, or in which a product with a multiplier has no exact linear form.
func (d Dualise) Accepts(m *model.Model) error {
	_, _, err := d.dual(context.Background(), m)
	return err
}

func (d Dualise) refuse(where, reason, remedy string) error {
	return &NotAcceptedError{Pass: d.Name(), Where: where, Reason: reason, Remedy: remedy}
}

// Apply writes the dual problems.
func (d Dualise) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	s, notes, err := d.dual(ctx, m)
	if err != nil {
		return nil, err
	}
	fixed, names, err := d.dropAnswers(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(names) > 0 {
		notes = append(notes, fmt.Sprintf("dualise: an answer of %s is feasible whatever the leader decides: the primal constraints are left out", plural(len(names), "follower")))
	}
	r := s.result()
	r.Notes = notes
	r.Recovery = withAnswers(r.Recovery, fixed)
	return r, nil
}

// dual writes the conditions and the new objective.
func (d Dualise) dual(ctx context.Context, m *model.Model) (*stationarity, []string, error) {
	if err := d.suited(m); err != nil {
		return nil, nil, err
	}
	o, err := d.match(m)
	if err != nil {
		return nil, nil, err
	}
	s := newStationarity(m)
	if err := s.write(ctx); err != nil {
		return nil, nil, err
	}
	rest := s.m.Accumulator()
	rest.AddFunction(1, o.rest)
	functions := o.negatedDuals(s)
	w := newProducts(s)
	w.boundMultipliers(functions)
	for _, f := range functions {
		g := w.writeExactly(f)
		for _, q := range g.Quad {
			if err := d.product(s, q); err != nil {
				return nil, nil, err
			}
		}
		rest.AddFunction(1, g)
	}
	w.write()
	s.products = w
	objective := s.m.Leader().Objective()
	acc := s.m.Accumulator()
	acc.AddFunction(objective.Sense.Sign(), rest.Function())
	objective.F = acc.Function()
	s.m.Leader().SetObjective(objective)
	note := fmt.Sprintf("dualise: the leader gains what %s: dual problems without pairs", o.losers(m))
	if n := len(w.list); n > 0 {
		note += fmt.Sprintf(", with %s of leader's variables and multipliers written exactly", plural(n, "product"))
	}
	return s, []string{note}, nil
}

// negatedDuals are κ times the negated dual objectives, a function a block, from 1.
func (o *opposite) negatedDuals(s *stationarity) []model.Function {
	sums := make([]*model.Accumulator, s.blocks+1)
	for b := range sums {
		sums[b] = s.m.Accumulator()
	}
	add := func(b int32, f, g model.Function) {
		if o.kappa[b] > 0 {
			sums[b].AddMul(1, f, g)
		}
	}
	for _, l := range s.collectPairs() {
		for _, p := range l.list {
			add(s.pairBlock(p), s.m.MemberFunction(p.A), s.m.MemberFunction(p.B))
		}
	}
	s.eachZeroProduct(add)
	out := make([]model.Function, s.blocks+1)
	for b := 1; b <= s.blocks; b++ {
		if o.kappa[b] == 0 {
			continue
		}
		sums[b].AddFunction(-1, o.cost[b])
		acc := s.m.Accumulator()
		acc.AddFunction(o.kappa[b], sums[b].Function())
		out[b] = s.substitute(acc.Function())
	}
	return out
}

// product refuses a product with a multiplier that is left in the objective.
func (d Dualise) product(s *stationarity, q model.QuadTerm) error {
	x, u := q.I, q.J
	if int(u) < s.old.NumVars() {
		x, u = u, x
	}
	if int(u) < s.old.NumVars() { // of a follower's own variables
		return nil
	}
	name := s.old.VarName(int(x))
	reason := fmt.Sprintf("it is multiplied by the multiplier %s in the dual objective, for which no bound is proven", s.m.VarName(int(u)))
	if s.old.VarKind(int(x)) == model.Continuous {
		reason = "it stands on the right-hand side of a follower's constraint and is not integer: the dual objective has products with multipliers"
	} else if lo, hi := s.box(int(x)); hi-lo >= 1<<maxDigits {
		reason = fmt.Sprintf("it stands on the right-hand side of a follower's constraint and has more than %d values", 1<<maxDigits)
	}
	return d.refuse(name, reason, "use kkt-strong")
}

// dropAnswers fixes the answers of linear followers who have one that is feasible for all values of the leader's variables, and frees their
// constraints. It returns the values of what it has fixed, by variable, NaN elsewhere.
func (d Dualise) dropAnswers(ctx context.Context, s *stationarity) (fixed []float64, names []string, err error) {
	m := s.old
	fixed = make([]float64, m.NumVars())
	for j := range fixed {
		fixed[j] = math.NaN()
	}
	for p, f := range m.Classify().Followers {
		if f.Class != model.Linear {
			continue // the answer stands in the dual objective
		}
		y, err := d.safeAnswer(ctx, m, p+1)
		if err != nil {
			return nil, nil, err
		}
		if y == nil {
			continue
		}
		names = append(names, f.Name)
		for j, v := range y {
			if !math.IsNaN(v) {
				fixed[j] = v
				s.m.SetVarBounds(j, v, v)
			}
		}
		for r := range m.NumRows() {
			if m.RowOwner(r) == p+1 && s.hasOwn[r] {
				s.m.SetRow(r, model.Function{}, -model.Inf, model.Inf)
			}
		}
	}
	return fixed, names, nil
}

// withAnswers is a recovery whose lifted points have the fixed answers.
func withAnswers(r Recovery, fixed []float64) Recovery {
	lift := func(p *model.Point) (*model.Point, error) {
		q, err := r.(Lifter).Lift(p)
		if err != nil {
			return nil, err
		}
		for j, v := range fixed {
			if !math.IsNaN(v) {
				q.X[j] = v
			}
		}
		return q, nil
	}
	return maps{r.Recover, lift}
}
