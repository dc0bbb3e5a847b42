package model

import (
	"fmt"
	"math"
)

// Kind is the kind of values that a variable takes.
type Kind uint8

// The kinds.
const (
	Continuous Kind = iota
	Integer
	Binary // integer within [0, 1]
)

var kindNames = [...]string{"continuous", "integer", "binary"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Var is a handle on a variable of a model: a small value, compared with ==.
type Var struct {
	m  *Model
	id int32
}

// Index is the variable's place in the model's table.
func (v Var) Index() int { return int(v.id) }

// Model is the model that the variable belongs to.
func (v Var) Model() *Model { return v.m }

// Name is the variable's full name, x or x[3].
func (v Var) Name() string {
	if v.m == nil {
		return "(no variable)"
	}
	return v.m.VarName(int(v.id))
}

// Start sets the variable's start value and returns the variable. A value outside the bounds is an error.
func (v Var) Start(value float64) Var {
	if v.m != nil {
		v.m.SetStart(int(v.id), value)
	}
	return v
}

// Var returns the handle on variable j.
func (m *Model) Var(j int) Var { return Var{m, int32(j)} }

// VarName is the full name of variable j.
func (m *Model) VarName(j int) string { _, n := m.vars.names.name(j); return n }

// VarBase is the name of the family of variable j, without its subscript.
func (m *Model) VarBase(j int) string { b, _ := m.vars.names.name(j); return b }

// VarByName finds a variable by its full name.
func (m *Model) VarByName(name string) (Var, bool) {
	j, ok := m.vars.names.lookup(name)
	return Var{m, int32(j)}, ok
}

// VarBounds are the bounds of variable j.
func (m *Model) VarBounds(j int) (lo, hi float64) { return m.vars.lo[j], m.vars.hi[j] }

// VarKind is the kind of variable j.
func (m *Model) VarKind(j int) Kind { return m.vars.kind[j] }

// VarOwner is the player that owns variable j, 0 the leader.
func (m *Model) VarOwner(j int) int { return int(m.vars.owner[j]) }

// VarStart is the start value of variable j, NaN where none was given.
func (m *Model) VarStart(j int) float64 { return m.vars.start[j] }

// SetStart sets the start value of variable j; NaN takes it away.
func (m *Model) SetStart(j int, value float64) {
	lo, hi := m.VarBounds(j)
	if math.IsInf(value, 0) {
		m.fail(m.VarName(j), "give a finite start value", ErrNotFinite, "the start value is %s", num(value))
		return
	}
	if value < lo || value > hi {
		m.fail(m.VarName(j), "choose a start value within the bounds", ErrContradiction, "the start value %s is outside the bounds [%s, %s]", num(value), num(lo), num(hi))
		return
	}
	m.vars.start[j] = value
}

// SetVarBounds changes the bounds of variable j.
func (m *Model) SetVarBounds(j int, lo, hi float64) {
	if goodBounds(lo, hi) || m.checkBounds(m.VarName(j), "the variable", lo, hi) {
		m.vars.lo[j], m.vars.hi[j] = lo, hi
	}
}

// SetVarKind changes the kind of variable j. A binary variable's bounds are cut to [0, 1]; bounds that leave nothing of it are a mistake
// that Err returns (ErrContradiction), and the variable stays as it is.
func (m *Model) SetVarKind(j int, k Kind) {
	if k == Binary {
		lo, hi := math.Max(0, m.vars.lo[j]), math.Min(1, m.vars.hi[j])
		if lo > hi {
			m.fail(m.VarName(j), "change the bounds first, or make it an integer variable", ErrContradiction,
				"bounds [%s, %s] leave nothing of a binary variable's [0, 1]", num(m.vars.lo[j]), num(m.vars.hi[j]))
			return
		}
		m.vars.lo[j], m.vars.hi[j] = lo, hi
	}
	m.vars.kind[j] = k
}

// SetVarOwner hands variable j to another player; passes use it when a follower's variables become the leader's.
func (m *Model) SetVarOwner(j, player int) { m.vars.owner[j] = int32(player) }

// goodBounds reports whether checkBounds has nothing to report.
func goodBounds(lo, hi float64) bool { return lo <= hi && lo < math.Inf(1) && hi > math.Inf(-1) }

// checkBounds reports bounds that cannot be.
func (m *Model) checkBounds(where, what string, lo, hi float64) bool {
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		m.fail(where, "give numbers, or ±Inf for none", ErrNotFinite, "a bound of %s is NaN", what)
	case lo > hi:
		m.fail(where, "exchange them, or drop one", ErrContradiction, "the lower bound %s is above the upper bound %s", num(lo), num(hi))
	case math.IsInf(lo, 1) || math.IsInf(hi, -1):
		m.fail(where, "give numbers, or ±Inf for none", ErrNotFinite, "bounds [%s, %s] leave no value", num(lo), num(hi))
	default:
		return true
	}
	return false
}

// AddVars appends n variables of a player as one family and returns the index of the first. sub gives the subscript of member k between
// the brackets; nil with n = 1 makes a single name, nil with more numbers them from 0.
func (m *Model) AddVars(player int, base string, sub func(k int) string, n int, kind Kind, lo, hi float64) int {
	first := m.NumVars()
	if n <= 0 {
		return first
	}
	if sub == nil && n > 1 {
		sub = counting
	}
	if kind == Binary {
		lo, hi = math.Max(0, lo), math.Min(1, hi)
	}
	if !m.checkBounds(base, "the variable", lo, hi) {
		lo, hi = math.Inf(-1), math.Inf(1)
	}
	v := &m.vars
	v.names.add(first, n, base, sub)
	v.lo, v.hi, v.start = fill(v.lo, n, lo), fill(v.hi, n, hi), fill(v.start, n, math.NaN())
	v.kind, v.owner = fill(v.kind, n, kind), fill(v.owner, n, int32(player))
	return first
}

// fill appends n copies of v; the room grows at once to what is needed, and not by doubling, when n is large.
func fill[T any](s []T, n int, v T) []T {
	if cap(s)-len(s) < n {
		grown := make([]T, len(s), len(s)+max(n, len(s)/2))
		copy(grown, s)
		s = grown
	}
	for i := 0; i < n; i++ {
		s = append(s, v)
	}
	return s
}

// FreshBase returns base, or base with underscores appended until no family of variables or constraints has that name.
func (m *Model) FreshBase(base string) string {
	for m.vars.names.hasBase(base) || m.rows.names.hasBase(base) || m.pairs.names.hasBase(base) {
		base += "_"
	}
	return base
}

// DualRef says that a column stands for the shadow price of a follower's constraint: the change of that follower's objective, as
// declared, for one unit more on the right-hand side.
type DualRef struct {
	Row int
}

// DualOf returns the constraint whose shadow price variable j stands for, and whether it is such a variable.
func (m *Model) DualOf(j int) (row int, ok bool) {
	d, ok := m.vars.duals[int32(j)]
	return d.Row, ok
}

// DualVar returns the variable that stands for the shadow price of a follower's constraint; it is made on the first call. It may stand
// in the leader's objective and constraints.
func (m *Model) DualVar(row int) Var {
	if j, ok := m.vars.dualOfRow[int32(row)]; ok {
		return Var{m, j}
	}
	owner := m.RowOwner(row)
	if owner == 0 {
		m.fail(m.RowName(row), "use the dual of a follower's constraint", ErrScope, "the dual of a constraint of the leader is not a variable")
		return Var{}
	}
	base, full := m.rows.names.name(row)
	var sub func(int) string
	if len(full) > len(base) {
		s := full[len(base)+1 : len(full)-1]
		sub = func(int) string { return s }
	}
	j := m.AddVars(owner, base+".dual", sub, 1, Continuous, math.Inf(-1), math.Inf(1))
	if m.vars.duals == nil {
		m.vars.duals, m.vars.dualOfRow = map[int32]DualRef{}, map[int32]int32{}
	}
	m.vars.duals[int32(j)], m.vars.dualOfRow[int32(row)] = DualRef{row}, int32(j)
	return Var{m, int32(j)}
}

// DualVars lists the variables that stand for shadow prices, by index.
func (m *Model) DualVars() []int {
	if len(m.vars.duals) == 0 {
		return nil
	}
	var out []int
	for j := range m.vars.owner {
		if _, ok := m.vars.duals[int32(j)]; ok {
			out = append(out, j)
		}
	}
	return out
}

// ClearDual makes variable j an ordinary variable: a pass has given it a row that says what it is.
func (m *Model) ClearDual(j int) {
	if d, ok := m.vars.duals[int32(j)]; ok {
		delete(m.vars.duals, int32(j))
		delete(m.vars.dualOfRow, int32(d.Row))
	}
}

// SetVarGroup puts variable j into group g > 0: variables of different groups meet only in rows that also hold variables of no group
// (group 0), as the optimality conditions of different followers do. Groups are a hint by which bounds are computed group by group.
func (m *Model) SetVarGroup(j, g int) {
	if missing := m.NumVars() - len(m.vars.group); missing > 0 {
		m.vars.group = fill(m.vars.group, missing, 0)
	}
	m.vars.group[j] = int32(g)
}

// VarGroup is the group of variable j, 0 where it has none.
func (m *Model) VarGroup(j int) int {
	if j < len(m.vars.group) {
		return int(m.vars.group[j])
	}
	return 0
}
