package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// ValueFunction writes the optimality of the followers as a bound by their value functions. With the problem of a follower in minimisation
// form and
//
//	φ(x) = min_z { f(x, z) : z satisfies the follower's constraints and bounds },
//
// its variables y, constraints and bounds become the leader's, and
//
//	f(x, y) - f(x, z) <= ε,   z answers min_z f(x, z) over a copy of the follower's constraints and bounds,
//
// so that f(x, z) = φ(x) whatever optimal z the follower answers. The model that results is again one of a leader and followers and can be
// printed, exported and handed to every other pass: the function φ needs no construct of its own. Followed by KKT it is the combined
// program of Ye and Zhu. With Lambda > 0 the row is left out and the leader pays for what y is worse than z,
//
//	F(x, y) + λ Σ (f(x, y) - f(x, z)),
//
// which has the same solutions, locally, where the problem is partially calm with that λ or a smaller one.
//
// Recover keeps the variables before the pass: y is what the leader asks of the follower. Lift puts z where y is.
//
// Accepts: followers that need not be convex and may have integer variables; not in a Nash game, without variables that stand for shadow
// prices, SOS1 sets or conditional constraints of a follower.
// Adds:    a copy of each follower's variables, NAME with best_ in front, and of its constraints, and the row value_FOLLOWER.
// Valid:   always for ε = 0; a solution for ε > 0 has a follower within ε of its optimum, and its value is at least as good as the optimum. With
// λ > 0 under partial calmness.
// Source:  Outrata (1990); Ye and Zhu, Optimality conditions for bilevel programming problems (1995), New necessary optimality conditions for
// bilevel programs by combining the MPEC and value function approaches (2010).
type ValueFunction struct {
	Epsilon float64 // ε >= 0, in units of the follower's objective
	Lambda  float64 // λ > 0 moves the row to the objective; 0: a row
}

// Name is "value-function", with Lambda "value-function:penalty".
func (v ValueFunction) Name() string {
	if v.Lambda != 0 {
		return "value-function:penalty"
	}
	return "value-function"
}

// Proves is global for the row without ε; otherwise what is found is a candidate.
func (v ValueFunction) Proves(*model.Model) model.Proof {
	if v.Lambda == 0 && v.Epsilon == 0 {
		return model.ProofGlobal
	}
	return model.ProofLocal
}

// Accepts refuses models without followers, with followers that take one another's variables as given, and followers with constructs that
// a copy cannot have.
func (v ValueFunction) Accepts(m *model.Model) error {
	refuse := func(c model.Constructs, where, reason, remedy string) error {
		return &NotAcceptedError{Pass: v.Name(), Construct: c, Where: where, Reason: reason, Remedy: remedy}
	}
	for _, p := range []struct {
		name  string
		value float64
	}{{"ε", v.Epsilon}, {"λ", v.Lambda}} {
		if !(p.value >= 0) || math.IsInf(p.value, 1) {
			return refuse(0, "", fmt.Sprintf("its parameter %s is %v", p.name, p.value), "give a finite number that is not negative")
		}
	}
	if m.NumFollowers() == 0 {
		return refuse(0, "", "the model has no follower", "leave the pass out")
	}
	if m.Constructs().Has(model.NashGame) {
		return refuse(model.NashGame, m.Where(model.NashGame), "followers that take each other's variables as given have no value function of the leader's decision alone", "use kkt")
	}
	if d := m.DualVars(); len(d) > 0 {
		return refuse(model.DualVariables, m.VarName(d[0]), "a shadow price is no function of the follower's optimal value", "use kkt")
	}
	for _, s := range m.SOS1Sets() {
		if s.Owner > 0 {
			return refuse(model.SOS1Sets, "follower "+m.Player(s.Owner).Name(), "the SOS1 set "+s.Name+" is not copied", "make it a set of the leader, or leave it out")
		}
	}
	for _, ind := range m.Indicators() {
		if p := m.RowOwner(ind.Row); p > 0 {
			return refuse(model.IndicatorRows, "follower "+m.Player(p).Name(), "the conditional constraint "+m.RowName(ind.Row)+" is not copied", "write it with a big-M of your own")
		}
	}
	return nil
}

// Apply writes the copies.
func (v ValueFunction) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := v.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	copies := copyVariables(m, d)
	rows := copyConstraints(m, d, copies)
	gaps := make([]model.Function, 0, m.NumFollowers())
	for p := 1; p < m.NumPlayers(); p++ {
		o := m.Player(p).Objective()
		if !o.Set {
			continue // any feasible answer is optimal
		}
		of := substituted(d, o.F, copies)
		d.Player(p).SetObjective(model.Objective{Name: o.Name, Sense: o.Sense, F: of})
		acc := d.Accumulator()
		acc.AddFunction(o.Sense.Sign(), o.F)
		acc.AddFunction(-o.Sense.Sign(), of)
		gap := acc.Function()
		if gap.IsConst() {
			continue
		}
		gaps = append(gaps, gap)
		if v.Lambda == 0 {
			d.AddRow(0, d.FreshBase("value_"+m.Player(p).Name()), gap, -model.Inf, v.Epsilon)
		}
	}
	v.penalise(d, gaps)
	return &Result{Model: d, Recovery: valueFunctionPoints(m, d, copies, rows), Notes: []string{v.note(len(gaps))}}, nil
}

// penalise adds the gaps to the leader's objective.
func (v ValueFunction) penalise(d *model.Model, gaps []model.Function) {
	if v.Lambda == 0 {
		return
	}
	o := d.Leader().Objective()
	sign := 1.0
	if o.Set {
		sign = o.Sense.Sign()
	}
	acc := d.Accumulator()
	acc.AddFunction(1, o.F)
	for _, g := range gaps {
		acc.AddFunction(sign*v.Lambda, g)
	}
	name := o.Name
	if name == "" {
		name = d.FreshBase("penalty")
	}
	d.Leader().SetObjective(model.Objective{Name: name, Sense: o.Sense, F: acc.Function(), Set: true})
}

func (v ValueFunction) note(gaps int) string {
	switch {
	case v.Lambda > 0:
		return fmt.Sprintf("%s: %s with the weight %g: a solution at which it is zero is one of the model", v.Name(), plural(gaps, "follower gap"), v.Lambda)
	case v.Epsilon > 0:
		return fmt.Sprintf("%s: each follower is within %g of its optimal value", v.Name(), v.Epsilon)
	}
	return v.Name() + ": the leader chooses among answers that are as good as those of copies of the followers"
}

// copyVariables adds a copy of every variable of a follower, hands the variables themselves to the leader, and returns the copy of each
// variable, -1 for the leader's.
func copyVariables(m, d *model.Model) []int32 {
	n := m.NumVars()
	copies := make([]int32, n)
	for j := range copies {
		copies[j] = -1
	}
	for j := 0; j < n; {
		p := m.VarOwner(j)
		if p == 0 {
			j++
			continue
		}
		e := j + 1
		for e < n && m.VarOwner(e) == p && m.SameVarFamily(j, e) {
			e++
		}
		from := j
		sub := func(k int) string { return m.VarSub(from + k) }
		if e == j+1 && sub(0) == "" {
			sub = nil
		}
		first := d.AddVars(p, d.FreshBase("best_"+m.VarBase(j)), sub, e-j, m.VarKind(j), -model.Inf, model.Inf)
		for k := j; k < e; k++ {
			at := first + k - j
			lo, hi := m.VarBounds(k)
			d.SetVarKind(at, m.VarKind(k))
			d.SetVarBounds(at, lo, hi)
			d.SetStart(at, m.VarStart(k))
			d.SetVarOwner(k, 0)
			copies[k] = int32(at)
		}
		j = e
	}
	return copies
}

// copyConstraints adds a copy of every constraint of a follower, at the copies of its variables, and hands the constraints themselves to
// the leader. It returns the copy of each constraint, -1 for the leader's.
func copyConstraints(m, d *model.Model, copies []int32) []int32 {
	n := m.NumRows()
	rows := make([]int32, n)
	for r := range rows {
		rows[r] = -1
	}
	for r := 0; r < n; {
		p := m.RowOwner(r)
		if p == 0 {
			r++
			continue
		}
		e := r + 1
		for e < n && m.RowOwner(e) == p && m.SameFamily(r, e) {
			e++
		}
		from := r
		sub := func(k int) string { return m.RowSub(from + k) }
		if e == r+1 && sub(0) == "" {
			sub = nil
		}
		first := d.StartRows(p, d.FreshBase("best_"+m.RowBase(r)), sub, e-r)
		for k := r; k < e; k++ {
			lo, hi := m.RowBounds(k)
			d.SetRow(first+k-r, substituted(d, m.RowFunction(k), copies), lo, hi)
			d.SetRowOwner(k, 0)
			rows[k] = int32(first + k - r)
		}
		r = e
	}
	return rows
}

// substituted is a function with each variable replaced by its copy where it has one.
func substituted(d *model.Model, f model.Function, copies []int32) model.Function {
	to := func(j int32) int {
		if c := copies[j]; c >= 0 {
			return int(c)
		}
		return int(j)
	}
	acc := d.Accumulator()
	acc.AddConst(f.Const)
	for k, j := range f.Vars {
		acc.AddTerm(f.Coefs[k], to(j))
	}
	for _, q := range f.Quad {
		acc.AddProduct(q.Coef, to(q.I), to(q.J))
	}
	if f.Nonlinear != 0 {
		n := d.DAG().Substitute(f.Nonlinear, func(j int) (expr.Node, bool) {
			if copies[j] < 0 {
				return 0, false
			}
			return d.DAG().Var(int(copies[j])), true
		})
		acc.AddFunction(1, d.FromNode(n))
	}
	return acc.Function()
}

// valueFunctionPoints maps points there and back. The duals of a follower's constraints and variables are those of their copies.
func valueFunctionPoints(m, d *model.Model, vars, rows []int32) Recovery {
	back := truncate(m.NumVars(), m.NumRows())
	recover := func(p *model.Point) (*model.Point, error) {
		q, err := back.Recover(p)
		if err != nil {
			return nil, err
		}
		if len(q.RowDuals) > 0 && len(p.RowDuals) == d.NumRows() {
			for r, c := range rows {
				if c >= 0 {
					q.RowDuals[r] = p.RowDuals[c]
				}
			}
		}
		if len(q.VarDuals) > 0 && len(p.VarDuals) == d.NumVars() {
			for j, c := range vars {
				if c >= 0 {
					q.VarDuals[j] = p.VarDuals[c]
				}
			}
		}
		return q, nil
	}
	lift := func(p *model.Point) (*model.Point, error) {
		if len(p.X) != m.NumVars() {
			return nil, fmt.Errorf("a point with %d entries for a model with %d variables", len(p.X), m.NumVars())
		}
		q := &model.Point{X: make([]float64, d.NumVars())}
		copy(q.X, p.X)
		copied := func(to, from []float64, at []int32) {
			for k, c := range at {
				if c >= 0 {
					to[c] = from[k]
				}
			}
		}
		copied(q.X, p.X, vars)
		if len(p.RowDuals) == m.NumRows() {
			q.RowDuals = make([]float64, d.NumRows())
			copied(q.RowDuals, p.RowDuals, rows)
		}
		if len(p.VarDuals) == m.NumVars() {
			q.VarDuals = make([]float64, d.NumVars())
			copied(q.VarDuals, p.VarDuals, vars)
		}
		return q, nil
	}
	return maps{recover, lift}
}
