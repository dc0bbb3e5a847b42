package model

import "math"

// Constraint is a handle on a constraint lo <= f(x) <= hi of a model.
type Constraint struct {
	m  *Model
	id int32
}

// Index is the constraint's place in the model's table.
func (c Constraint) Index() int { return int(c.id) }

// Name is the constraint's full name, trips or trips[3].
func (c Constraint) Name() string {
	if c.m == nil {
		return "(no constraint)"
	}
	return c.m.RowName(int(c.id))
}

// Dual is the shadow price of a follower's constraint as a variable that the leader's objective and constraints may use: the change of
// the follower's objective, as declared, for one unit more on the right-hand side.
func (c Constraint) Dual() Var {
	if c.m == nil {
		return Var{}
	}
	return c.m.DualVar(int(c.id))
}

// Row returns the handle on constraint r.
func (m *Model) Row(r int) Constraint { return Constraint{m, int32(r)} }

// RowName is the full name of constraint r.
func (m *Model) RowName(r int) string { _, n := m.rows.names.name(r); return n }

// RowBase is the name of the family of constraint r, without its subscript.
func (m *Model) RowBase(r int) string { b, _ := m.rows.names.name(r); return b }

// RowByName finds a constraint by its full name.
func (m *Model) RowByName(name string) (Constraint, bool) {
	r, ok := m.rows.names.lookup(name)
	return Constraint{m, int32(r)}, ok
}

// RowOwner is the player whose problem constraint r belongs to.
func (m *Model) RowOwner(r int) int { return int(m.rows.owner[r]) }

// SetRowOwner hands constraint r to another player; passes use it when a follower's constraints become the leader's.
func (m *Model) SetRowOwner(r, player int) { m.rows.owner[r] = int32(player) }

// RowBounds are the bounds of constraint r on its function without constant.
func (m *Model) RowBounds(r int) (lo, hi float64) { return m.rows.lo[r], m.rows.hi[r] }

// SetRowBounds changes the bounds of constraint r.
func (m *Model) SetRowBounds(r int, lo, hi float64) {
	if goodBounds(lo, hi) || m.checkBounds(m.RowName(r), "the constraint", lo, hi) {
		m.rows.lo[r], m.rows.hi[r] = lo, hi
	}
}

// RowAffine returns the affine part of constraint r: sorted variable indices and coefficients, not to be changed.
func (m *Model) RowAffine(r int) (vars []int32, coefs []float64) {
	return m.rows.arena.get(m.rows.aff[r])
}

// RowFunction returns the function of constraint r in normal form; its constant is zero unless the row has no finite bound.
func (m *Model) RowFunction(r int) Function {
	idx, val := m.RowAffine(r)
	f := Function{Vars: idx, Coefs: val, Const: m.rows.shift[int32(r)]}
	if len(m.rows.general) > 0 {
		g := m.rows.general[int32(r)]
		f.Quad, f.Nonlinear = g.quad, g.nonlinear
	}
	return f
}

// RowIsAffine reports whether constraint r has no quadratic and no nonlinear part.
func (m *Model) RowIsAffine(r int) bool {
	if len(m.rows.general) == 0 {
		return true
	}
	_, ok := m.rows.general[int32(r)]
	return !ok
}

// IsPairRow reports whether constraint r only carries a member of a complementarity pair.
func (m *Model) IsPairRow(r int) bool { return m.rows.flags[r]&flagPairRow != 0 }

// NumNonzeros is the number of coefficients in the affine parts of all constraints.
func (m *Model) NumNonzeros() int {
	n := 0
	for _, a := range m.rows.aff {
		n += int(a.n)
	}
	return n
}

// AddRow appends a single constraint lo <= f <= hi of a player and returns its index.
func (m *Model) AddRow(player int, name string, f Function, lo, hi float64) int {
	r := m.StartRows(player, name, nil, 1)
	m.SetRow(r, f, lo, hi)
	return r
}

// StartRows appends n empty constraints -Inf <= 0 <= Inf of a player as one family and returns the index of the first; SetRow or
// FillRow gives each its function. sub gives the subscripts; nil with n > 1 numbers them from 0.
func (m *Model) StartRows(player int, base string, sub func(k int) string, n int) int {
	first := m.NumRows()
	if n <= 0 {
		return first
	}
	if sub == nil && n > 1 {
		sub = counting
	}
	r := &m.rows
	r.names.add(first, n, base, sub)
	r.lo, r.hi = fill(r.lo, n, math.Inf(-1)), fill(r.hi, n, math.Inf(1))
	r.owner, r.aff, r.flags = fill(r.owner, n, int32(player)), fill(r.aff, n, affRef{}), fill(r.flags, n, 0)
	return first
}

// SetRow gives constraint r the function f and the bounds lo and hi; the constant of f is moved into the bounds.
func (m *Model) SetRow(r int, f Function, lo, hi float64) {
	if what, ok := f.finite(m.VarName); !ok {
		m.fail(m.RowName(r), "give a finite number", ErrNotFinite, "%s", what)
		return
	}
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) && f.Const != 0 {
		if m.rows.shift == nil {
			m.rows.shift = map[int32]float64{}
		}
		m.rows.shift[int32(r)] = f.Const
	} else if len(m.rows.shift) > 0 {
		delete(m.rows.shift, int32(r))
	}
	lo, hi = lo-f.Const, hi-f.Const
	if !goodBounds(lo, hi) { // the name is made only where it is needed
		m.checkBounds(m.RowName(r), "the constraint", lo, hi)
		return
	}
	m.rows.aff[r] = m.rows.arena.put(f.Vars, f.Coefs)
	m.rows.lo[r], m.rows.hi[r] = lo, hi
	if len(f.Quad) > 0 || f.Nonlinear != 0 {
		if m.rows.general == nil {
			m.rows.general = map[int32]general{}
		}
		m.rows.general[int32(r)] = general{f.Quad, f.Nonlinear}
	} else if m.rows.general != nil {
		delete(m.rows.general, int32(r))
	}
	m.scopeOK = min(m.scopeOK, r)
}

// FillRow makes constraint r affine with n terms, and returns the room for its sorted indices and coefficients: the caller fills
// them at once. Bounds are taken as they are. It is the way of passes that write millions of rows.
func (m *Model) FillRow(r, n int, lo, hi float64) (vars []int32, coefs []float64) {
	vars, coefs, m.rows.aff[r] = m.rows.arena.alloc(n)
	m.rows.lo[r], m.rows.hi[r] = lo, hi
	return vars, coefs
}

// FillRows makes the constraints first, first+1, ... affine with n[0], n[1], ... terms, and returns the room for the sorted indices and
// the coefficients of all of them, constraint after constraint: the caller fills it at once. Bounds stay as they are. The number of all
// terms must be below 2^31.
func (m *Model) FillRows(first int, n []int32) (vars []int32, coefs []float64) {
	total := 0
	for _, k := range n {
		total += int(k)
	}
	vars, coefs, at := m.rows.arena.alloc(total)
	for i, k := range n {
		at.n = k
		m.rows.aff[first+i] = at
		at.off += k
	}
	return vars, coefs
}

// Steer holds what a modeller says about the reformulation of one constraint, variable or pair (the suffixes of the language).
type Steer struct {
	Reform     string  // name of the pass to use for its pair, "" none
	DualBound  float64 // vouched bound on the multiplier, 0 none
	SlackBound float64 // vouched bound on the slack, 0 none
}

// SteerRow sets the modeller's wishes for constraint r.
func (m *Model) SteerRow(r int, s Steer) { m.rows.steer = m.setSteer(m.rows.steer, r, s, m.RowName(r)) }

// RowSteer returns the modeller's wishes for constraint r.
func (m *Model) RowSteer(r int) Steer { return m.rows.steer[int32(r)] }

// SteerVar sets the modeller's wishes for the bounds of variable j.
func (m *Model) SteerVar(j int, s Steer) { m.vars.steer = m.setSteer(m.vars.steer, j, s, m.VarName(j)) }

// VarSteer returns the modeller's wishes for the bounds of variable j.
func (m *Model) VarSteer(j int) Steer { return m.vars.steer[int32(j)] }

func (m *Model) setSteer(t map[int32]Steer, i int, s Steer, name string) map[int32]Steer {
	if !(s.DualBound >= 0) || !(s.SlackBound >= 0) || math.IsInf(s.DualBound, 1) || math.IsInf(s.SlackBound, 1) {
		m.fail(name, "give a positive finite bound", ErrNotFinite, "dualbound %s, slackbound %s", num(s.DualBound), num(s.SlackBound))
		return t
	}
	if t == nil {
		t = map[int32]Steer{}
	}
	t[int32(i)] = s
	return t
}
