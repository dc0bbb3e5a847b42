package model

import "math"

// Sense is the direction of an objective.
type Sense uint8

// The senses.
const (
	Minimize Sense = iota
	Maximize
)

func (s Sense) String() string {
	if s == Maximize {
		return "maximize"
	}
	return "minimize"
}

// Sign is +1 for Minimize and -1 for Maximize: Sign times the objective is to be minimised.
func (s Sense) Sign() float64 {
	if s == Maximize {
		return -1
	}
	return 1
}

// Objective is a player's objective. Without one (Set false) the player's problem is a feasibility problem with objective 0.
type Objective struct {
	Name  string
	Set   bool
	Sense Sense
	F     Function
}

type player struct {
	name      string
	nash      bool
	objective Objective
}

// Player is the leader or a follower of a model: whoever owns variables, an objective and constraints.
type Player struct {
	m *Model
	i int
}

// Leader returns the player who moves first.
func (m *Model) Leader() *Player { return &Player{m, 0} }

// Follower returns the follower of a name; it is made on the first call.
func (m *Model) Follower(name string) *Player {
	for i := 1; i < len(m.players); i++ {
		if m.players[i].name == name {
			return &Player{m, i}
		}
	}
	m.players = append(m.players, player{name: name})
	return &Player{m, len(m.players) - 1}
}

// Player returns player i, 0 the leader.
func (m *Model) Player(i int) *Player { return &Player{m, i} }

// HighPoint is the high-point relaxation: the variables and constraints of both levels belong to the leader, and the followers and their objectives are
// gone. Every bilevel-feasible point is feasible for it, and its optimum is a bound on that of m.
func (m *Model) HighPoint() *Model {
	d := m.Derive()
	for r := range d.NumRows() {
		d.SetRowOwner(r, 0)
	}
	for j := range d.NumVars() {
		d.SetVarOwner(j, 0)
	}
	d.DropFollowers()
	return d
}

// DropFollowers removes all followers; what they own must have been handed to the leader. Passes use it.
func (m *Model) DropFollowers() { m.players = m.players[:1:1] }

// Index is the player's number, 0 the leader.
func (p *Player) Index() int { return p.i }

// Name is the follower's name, "leader" for the leader.
func (p *Player) Name() string { return p.m.players[p.i].name }

// Nash declares that the follower plays a Nash game with the other followers that are so declared: each takes the others' variables as
// given, and their objectives and constraints may mention each other's variables.
func (p *Player) Nash() *Player { p.m.players[p.i].nash = true; return p }

// IsNash reports whether the follower plays a Nash game.
func (p *Player) IsNash() bool { return p.m.players[p.i].nash }

// Objective returns the player's objective.
func (p *Player) Objective() Objective { return p.m.players[p.i].objective }

// SetObjective sets the player's objective in normal form.
func (p *Player) SetObjective(o Objective) {
	if what, ok := o.F.finite(p.m.VarName); !ok {
		p.m.fail("objective of "+p.Name(), "give a finite number", ErrNotFinite, "%s", what)
		return
	}
	o.Set = true
	p.m.players[p.i].objective = o
	p.m.scopeOK = -1
}

// Minimize sets the player's objective. A player has one: a second call replaces the first.
func (p *Player) Minimize(e any) { p.setObjective(Minimize, e) }

// Maximize sets the player's objective. A player has one: a second call replaces the first.
func (p *Player) Maximize(e any) { p.setObjective(Maximize, e) }

func (p *Player) setObjective(s Sense, e any) {
	acc := p.m.Accumulator()
	if p.m.collect(acc, 1, operand(e), "objective of "+p.Name()) {
		p.SetObjective(Objective{Sense: s, F: acc.Function()})
	}
}

// Var adds a continuous variable with bounds; ±Inf for none.
func (p *Player) Var(name string, lo, hi float64) Var {
	return Var{p.m, int32(p.add(name, 1, Continuous, lo, hi))}
}

// Integer adds an integer variable with bounds.
func (p *Player) Integer(name string, lo, hi float64) Var {
	return Var{p.m, int32(p.add(name, 1, Integer, lo, hi))}
}

// Binary adds a variable that is 0 or 1.
func (p *Player) Binary(name string) Var { return Var{p.m, int32(p.add(name, 1, Binary, 0, 1))} }

// Vars adds a family of n continuous variables name[0], ..., name[n-1] with the same bounds.
func (p *Player) Vars(name string, n int, lo, hi float64) []Var {
	return p.m.handles(p.addFamily(name, nil, n, Continuous, lo, hi), n)
}

// Integers adds a family of n integer variables with the same bounds.
func (p *Player) Integers(name string, n int, lo, hi float64) []Var {
	return p.m.handles(p.addFamily(name, nil, n, Integer, lo, hi), n)
}

// Binaries adds a family of n variables that are 0 or 1.
func (p *Player) Binaries(name string, n int) []Var {
	return p.m.handles(p.addFamily(name, nil, n, Binary, 0, 1), n)
}

// VarsBy adds a family of continuous variables with one member for each key; a member's name is name[key].
func (p *Player) VarsBy(name string, keys []string, lo, hi float64) []Var {
	keys = clone(keys)
	return p.m.handles(p.addFamily(name, func(k int) string { return keys[k] }, len(keys), Continuous, lo, hi), len(keys))
}

func (p *Player) add(name string, n int, k Kind, lo, hi float64) int {
	p.checkName(name)
	return p.m.AddVars(p.i, name, nil, n, k, lo, hi)
}

func (p *Player) addFamily(name string, sub func(int) string, n int, k Kind, lo, hi float64) int {
	p.checkName(name)
	if sub == nil {
		sub = counting
	}
	return p.m.AddVars(p.i, name, sub, n, k, lo, hi)
}

func (p *Player) checkName(name string) {
	switch {
	case name == "":
		p.m.fail(p.Name(), "give a name", ErrDuplicate, "a variable or constraint without a name")
	case p.m.vars.names.hasBase(name), p.m.rows.names.hasBase(name), p.m.pairs.names.hasBase(name):
		p.m.fail(name, "choose another name", ErrDuplicate, "the name is taken already")
	}
}

func (m *Model) handles(first, n int) []Var {
	if n <= 0 {
		return nil
	}
	out := make([]Var, n)
	for k := range out {
		out[k] = Var{m, int32(first + k)}
	}
	return out
}

// Constrain adds a constraint to the player's problem.
func (p *Player) Constrain(name string, r Relation) Constraint {
	p.checkName(name)
	row := p.m.StartRows(p.i, name, nil, 1)
	p.m.setRelation(row, r, p.m.Accumulator())
	return Constraint{p.m, int32(row)}
}

// ConstrainEach adds a family of n constraints name[0], ..., name[n-1].
func (p *Player) ConstrainEach(name string, n int, r func(k int) Relation) []Constraint {
	p.checkName(name)
	if n <= 0 {
		return nil
	}
	first := p.m.StartRows(p.i, name, counting, n)
	out := make([]Constraint, n)
	acc := p.m.Accumulator()
	for k := range out {
		acc.Reset()
		p.m.setRelation(first+k, r(k), acc)
		out[k] = Constraint{p.m, int32(first + k)}
	}
	return out
}

// Complement adds the pair 0 <= a ⟂ b >= 0: both are non-negative and at least one is zero.
func (p *Player) Complement(name string, a, b any) {
	p.checkName(name)
	ma, mb := p.member(name+"_a", a, AtLower, 0, math.Inf(1)), p.member(name+"_b", b, AtLower, 0, math.Inf(1))
	p.m.AddPairs(name, nil, Pair{ma, mb})
	p.leaderOnly(name, "a complementarity pair")
}

// ComplementEach adds a family of n pairs 0 <= a ⟂ b >= 0, called name[0], ..., name[n-1]; pair(k) returns the two expressions of pair k.
func (p *Player) ComplementEach(name string, n int, pair func(k int) (a, b any)) {
	p.checkName(name)
	if n <= 0 {
		return
	}
	list := make([]Pair, n)
	for k := range list {
		a, b := pair(k)
		at := func(side string) string { return name + side + counting(k) } // as of a single pair, with the number behind
		list[k] = Pair{p.member(at("_a"), a, AtLower, 0, math.Inf(1)), p.member(at("_b"), b, AtLower, 0, math.Inf(1))}
	}
	p.m.AddPairs(name, counting, list...)
	p.leaderOnly(name, "a complementarity pair")
}

// Mixed adds the pair lo <= a <= hi ⟂ b: b >= 0 where a = lo, b <= 0 where a = hi, b = 0 between.
func (p *Player) Mixed(name string, lo float64, a any, hi float64, b any) {
	p.checkName(name)
	ma, mb := p.member(name+"_a", a, Range, lo, hi), p.member(name+"_b", b, Value, math.Inf(-1), math.Inf(1))
	p.m.AddPairs(name, nil, Pair{ma, mb})
	p.leaderOnly(name, "a complementarity pair")
}

// SOS1 adds a set of variables of which at most one may differ from zero, in the order of the list.
func (p *Player) SOS1(name string, vars ...Var) {
	set := SOS1{Name: name, Owner: p.i}
	for k, v := range vars {
		if !p.m.owns(v, name) {
			return
		}
		set.Vars, set.Weights = append(set.Vars, v.id), append(set.Weights, float64(k+1))
	}
	p.leaderOnly(name, "an SOS1 set")
	p.m.AddSOS1(set)
}

// When adds a constraint that has to hold where the binary variable has the given value.
func (p *Player) When(name string, binary Var, value bool, r Relation) Constraint {
	c := p.Constrain(name, r)
	if p.m.owns(binary, name) {
		if k := p.m.VarKind(int(binary.id)); k != Binary {
			p.m.fail(name, "make it by Binary", ErrOperand, "the condition is on %s, which is %v and not binary", binary.Name(), k)
			return c
		}
		p.leaderOnly(name, "an indicator constraint")
		p.m.AddIndicator(Indicator{Row: int(c.id), Binary: int(binary.id), When: value})
	}
	return c
}

// leaderOnly refuses a construct in the problem of a follower, whose optimality conditions could not describe it.
func (p *Player) leaderOnly(name, what string) {
	if p.i != 0 {
		p.m.fail(name, "state it in the leader's problem, or write the follower's own conditions as constraints", ErrScope,
			"%s in the problem of follower %s", what, p.Name())
	}
}

// member makes an expression a member of a pair: a variable where the expression is one, or its distance to a bound that it has, and otherwise a
// row that is added to carry it. (A row that only repeats a bound would take the pair its constraint qualification.)
func (p *Player) member(name string, e any, side Side, lo, hi float64) Member {
	acc := p.m.Accumulator()
	if p.m.collect(acc, 1, operand(e), name) {
		f := acc.Function()
		if s, ok := p.m.variableMember(f, side, lo, hi); ok {
			return s
		}
		r := p.m.AddRow(p.i, p.m.FreshBase(name), f, lo, hi)
		p.m.MarkPairRow(r)
		return Member{Row: true, Side: side, Index: int32(r)}
	}
	r := p.m.StartRows(p.i, p.m.FreshBase(name), nil, 1)
	p.m.SetRowBounds(r, 0, math.Inf(1))
	return Member{Row: true, Side: side, Index: int32(r)}
}

// variableMember is the member of a variable x that lo <= f <= hi stands for: f = x - l or f = u - x with lo = 0 where l or u is the bound of x, and
// f = x as a value, or between the bounds that x has.
func (m *Model) variableMember(f Function, side Side, lo, hi float64) (Member, bool) {
	if !f.IsAffine() || len(f.Vars) != 1 || m.VarOwner(int(f.Vars[0])) != 0 {
		return Member{}, false
	}
	j, c := f.Vars[0], f.Coefs[0]
	least, most := m.VarBounds(int(j))
	plain := c == 1 && f.Const == 0
	switch {
	case side == Value && plain, side == Range && plain && lo == least && hi == most:
		return Member{Side: side, Index: j}, true
	case side == AtLower && c == 1 && lo-f.Const == least:
		return Member{Side: AtLower, Index: j}, true
	case side == AtLower && c == -1 && f.Const-lo == most:
		return Member{Side: AtUpper, Index: j}, true
	}
	return Member{}, false
}
