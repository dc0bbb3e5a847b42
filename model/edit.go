package model

import (
	"math"
	"slices"
)

// The methods of this file change a model that is built, so that it can be solved again. Unlike the methods that build, they return
// their mistakes, as *BuildError, and then leave the model as it was: a value that cannot be does not make the model unusable.

// Bounds are the bounds of the variable.
func (v Var) Bounds() (lo, hi float64) {
	if v.m == nil {
		return math.NaN(), math.NaN()
	}
	return v.m.VarBounds(int(v.id))
}

// SetBounds changes the bounds of the variable; ±Inf for none. A start value outside of them moves to the nearer one. The bounds of a
// binary variable lie within [0, 1], and a bound whose slack is a member of a complementarity pair stays finite.
func (v Var) SetBounds(lo, hi float64) error {
	if v.m == nil {
		return noVariable("bounds")
	}
	m, j := v.m, int(v.id)
	if _, dual := m.DualOf(j); dual {
		return &BuildError{Where: v.Name(), Problem: "it stands for a shadow price, which the follower's problem determines", Remedy: "state a constraint of the leader on it", Err: ErrOperand}
	}
	if err := badBounds(v.Name(), "the variable", lo, hi); err != nil {
		return err
	}
	if m.VarKind(j) == Binary && (lo < 0 || hi > 1) {
		return &BuildError{Where: v.Name(), Problem: "bounds [" + num(lo) + ", " + num(hi) + "] of a binary variable", Remedy: "give bounds within [0, 1]", Err: ErrContradiction}
	}
	if err := m.keepsPairs(Member{Index: v.id}, v.Name(), lo, hi); err != nil {
		return err
	}
	m.SetVarBounds(j, lo, hi)
	if s := m.vars.start[j]; s < lo || s > hi {
		m.vars.start[j] = math.Min(math.Max(s, lo), hi)
	}
	return nil
}

// Fix makes both bounds of the variable the value.
func (v Var) Fix(value float64) error { return v.SetBounds(value, value) }

// Bounds are the bounds of the constraint on its function, with all constants moved to the bounds.
func (c Constraint) Bounds() (lo, hi float64) {
	if c.m == nil {
		return math.NaN(), math.NaN()
	}
	return c.m.RowBounds(int(c.id))
}

// SetBounds changes the constraint to lo <= f(x) <= hi, where f has no constant: x + 3 <= 10 has the bounds -Inf and 7. ±Inf for none.
func (c Constraint) SetBounds(lo, hi float64) error {
	if c.m == nil {
		return noConstraint("bounds")
	}
	m, r := c.m, int(c.id)
	if err := badBounds(c.Name(), "the constraint", lo, hi); err != nil {
		return err
	}
	if err := m.keepsPairs(Member{Row: true, Index: c.id}, c.Name(), lo, hi); err != nil {
		return err
	}
	if _, shifted := m.rows.shift[int32(r)]; shifted {
		f := m.RowFunction(r)
		f.Const = 0
		m.SetRow(r, f, lo, hi)
		return nil
	}
	m.SetRowBounds(r, lo, hi)
	return nil
}

// SetRHS changes the right-hand side of the constraint, where all constants stand: that of f <= b, f >= b or f = b. A constraint with two
// different sides, or with none, has no right-hand side to change: see SetBounds.
func (c Constraint) SetRHS(b float64) error {
	if c.m == nil {
		return noConstraint("right-hand side")
	}
	if math.IsNaN(b) || math.IsInf(b, 0) {
		return &BuildError{Where: c.Name(), Problem: "the right-hand side is " + num(b), Remedy: "give a finite number; Drop takes the constraint out", Err: ErrNotFinite}
	}
	lo, hi := c.Bounds()
	above, below := !math.IsInf(lo, -1), !math.IsInf(hi, 1)
	switch {
	case above && below && lo != hi:
		return &BuildError{Where: c.Name(), Problem: "it has two sides, " + num(lo) + " and " + num(hi), Remedy: "use SetBounds", Err: ErrOperand}
	case !above && !below:
		return &BuildError{Where: c.Name(), Problem: "it has no bound, so that it is not known which side is meant", Remedy: "use SetBounds", Err: ErrOperand}
	case above && below:
		return c.SetBounds(b, b)
	case above:
		return c.SetBounds(b, hi)
	}
	return c.SetBounds(lo, b)
}

// Drop takes the constraint out: it stays in the table, so that the others keep their index, but any value satisfies it.
func (c Constraint) Drop() error { return c.SetBounds(math.Inf(-1), math.Inf(1)) }

// Coef is the coefficient of the variable in the affine part of the constraint.
func (c Constraint) Coef(v Var) float64 {
	if c.m == nil || v.m != c.m {
		return 0
	}
	return c.m.RowFunction(int(c.id)).Coef(int(v.id))
}

// SetCoef changes the coefficient of the variable in the affine part of the constraint; 0 takes the variable out of it.
func (c Constraint) SetCoef(v Var, coef float64) error {
	if c.m == nil {
		return noConstraint("coefficient")
	}
	m, r := c.m, int(c.id)
	if err := m.badCoef(c.Name(), m.RowOwner(r), v, coef); err != nil {
		return err
	}
	lo, hi := m.RowBounds(r)
	m.SetRow(r, m.RowFunction(r).withCoef(v.id, coef), lo, hi)
	return nil
}

// SetObjectiveCoef changes the coefficient of the variable in the affine part of the player's objective; 0 takes the variable out of it.
func (p *Player) SetObjectiveCoef(v Var, coef float64) error {
	o := p.Objective()
	if !o.Set {
		return &BuildError{Where: p.Name(), Problem: "the player has no objective", Remedy: "set one by Minimize or Maximize", Err: ErrOperand}
	}
	if err := p.m.badCoef("objective of "+p.Name(), p.i, v, coef); err != nil {
		return err
	}
	o.F = o.F.withCoef(v.id, coef)
	p.SetObjective(o)
	return nil
}

// withCoef is f with another coefficient of x_j, in slices of its own.
func (f Function) withCoef(j int32, coef float64) Function {
	k, found := slices.BinarySearch(f.Vars, j)
	f.Vars, f.Coefs = clone(f.Vars), clone(f.Coefs)
	switch {
	case found && coef == 0:
		f.Vars, f.Coefs = slices.Delete(f.Vars, k, k+1), slices.Delete(f.Coefs, k, k+1)
	case found:
		f.Coefs[k] = coef
	case coef != 0:
		f.Vars, f.Coefs = slices.Insert(f.Vars, k, j), slices.Insert(f.Coefs, k, coef)
	}
	return f
}

// badCoef says why a player cannot have the coefficient of v, nil where it can.
func (m *Model) badCoef(where string, player int, v Var, coef float64) error {
	switch {
	case math.IsNaN(coef) || math.IsInf(coef, 0):
		return &BuildError{Where: where, Problem: "the coefficient of " + v.Name() + " is " + num(coef), Remedy: "give a finite number", Err: ErrNotFinite}
	case v.m != m:
		return only(func(probe *Model) { probe.Name = m.Name; probe.owns(v, where) })
	case player != 0 && !m.mayUse(player, int(v.id)):
		return &BuildError{Where: where, Problem: "follower " + m.players[player].name + " may not use " + v.Name(),
			Remedy: "use variables of the follower or of the leader", Err: ErrScope}
	}
	return nil
}

// badBounds is what checkBounds reports, nil for bounds that can be.
func badBounds(where, what string, lo, hi float64) error {
	return only(func(probe *Model) { probe.checkBounds(where, what, lo, hi) })
}

// only returns the mistake that a check reports to a model of its own, nil where there is none.
func only(check func(probe *Model)) error {
	var probe Model
	check(&probe)
	if len(probe.errs) == 0 {
		return nil
	}
	return probe.errs[0]
}

// keepsPairs refuses bounds that take the zero of a pair's slack away.
func (m *Model) keepsPairs(of Member, name string, lo, hi float64) error {
	if !math.IsInf(lo, -1) && !math.IsInf(hi, 1) {
		return nil
	}
	for k, p := range m.pairs.list {
		for _, s := range []Member{p.A, p.B} {
			if s.Row == of.Row && s.Index == of.Index && (s.Side == AtLower && math.IsInf(lo, -1) || s.Side == AtUpper && math.IsInf(hi, 1)) {
				return &BuildError{Where: name, Problem: "the slack at this bound is a member of the pair " + m.PairName(k), Remedy: "keep the bound finite", Err: ErrContradiction}
			}
		}
	}
	return nil
}

func noVariable(what string) error {
	return &BuildError{Problem: "the " + what + " of a Var that was never made", Remedy: "make the variable by Var or Vars of a player", Err: ErrOperand}
}

func noConstraint(what string) error {
	return &BuildError{Problem: "the " + what + " of a Constraint that was never made", Remedy: "make the constraint by Constrain of a player", Err: ErrOperand}
}
