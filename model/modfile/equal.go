package modfile

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Equal reports the first difference between two models, nil where there is none: players, variables (in order; those that stand for
// duals by name, as far as they are used), objectives, constraints (in order), pairs, SOS1 sets, conditional constraints and suffixes. Notes and the names of the
// models are not compared. Constraints that only carry members of pairs are compared with the pairs. Nonlinear functions are equal if
// they have the same expression graph or, where they are built differently, the same values at some points.
func Equal(a, b *model.Model) error {
	c := &comparison{a: a, b: b, graph: expr.New()}
	for _, step := range []func() error{c.players, c.variables, c.constraints, c.pairs, c.sets, c.objectives} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// comparison is the state of Equal.
type comparison struct {
	a, b   *model.Model
	graph  *expr.DAG
	of     []int // column of b of each column of a
	rowOf  map[int]int
	points [][]float64
}

func differ(what string, a, b any) error { return fmt.Errorf("%s: %v and %v", what, a, b) }

func (c *comparison) players() error {
	if x, y := c.a.NumPlayers(), c.b.NumPlayers(); x != y {
		return differ("number of players", x, y)
	}
	for k := 1; k < c.a.NumPlayers(); k++ {
		x, y := c.a.Player(k), c.b.Player(k)
		if x.Name() != y.Name() {
			return differ(fmt.Sprintf("name of follower %d", k), x.Name(), y.Name())
		}
		if x.IsNash() != y.IsNash() {
			return differ("Nash game of follower "+x.Name(), x.IsNash(), y.IsNash())
		}
	}
	return nil
}

// ordinary lists the columns that do not stand for duals, and finds those that do, and are used, by the name of the constraint.
func ordinary(m *model.Model) (list []int, duals map[string]int) {
	duals = map[string]int{}
	used := usedDuals(m)
	for j := 0; j < m.NumVars(); j++ {
		if r, dual := m.DualOf(j); dual {
			if used[j] {
				duals[m.RowName(r)] = j
			}
			continue
		}
		list = append(list, j)
	}
	return list, duals
}

func (c *comparison) variables() error {
	la, da := ordinary(c.a)
	lb, db := ordinary(c.b)
	if len(la) != len(lb) {
		return differ("number of variables", len(la), len(lb))
	}
	c.of = make([]int, c.a.NumVars())
	for k, i := range la {
		j := lb[k]
		c.of[i] = j
		name := c.a.VarName(i)
		if other := c.b.VarName(j); name != other {
			return differ(fmt.Sprintf("name of variable %d", k), name, other)
		}
		alo, ahi := c.a.VarBounds(i)
		blo, bhi := c.b.VarBounds(j)
		switch {
		case alo != blo || ahi != bhi:
			return differ("bounds of "+name, interval(alo, ahi), interval(blo, bhi))
		case c.a.VarKind(i) != c.b.VarKind(j):
			return differ("kind of "+name, c.a.VarKind(i), c.b.VarKind(j))
		case c.a.VarOwner(i) != c.b.VarOwner(j):
			return differ("owner of "+name, c.a.VarOwner(i), c.b.VarOwner(j))
		case c.a.VarStart(i) != c.b.VarStart(j) && !(math.IsNaN(c.a.VarStart(i)) && math.IsNaN(c.b.VarStart(j))):
			return differ("start value of "+name, c.a.VarStart(i), c.b.VarStart(j))
		case c.a.VarSteer(i) != c.b.VarSteer(j):
			return differ("suffixes of "+name, c.a.VarSteer(i), c.b.VarSteer(j))
		}
	}
	for i := 0; i < c.a.NumVars(); i++ {
		r, dual := c.a.DualOf(i)
		if name := c.a.RowName(r); dual && da[name] == i {
			j, ok := db[name]
			if !ok {
				return fmt.Errorf("the dual of %s is used in one model only", name)
			}
			c.of[i] = j
		}
	}
	for name := range db {
		if _, ok := da[name]; !ok {
			return fmt.Errorf("the dual of %s is used in one model only", name)
		}
	}
	return nil
}

// usedDuals finds the columns that stand for duals and are mentioned somewhere.
func usedDuals(m *model.Model) map[int]bool {
	used := map[int]bool{}
	if len(m.DualVars()) == 0 {
		return used
	}
	note := func(j int) {
		if _, dual := m.DualOf(j); dual {
			used[j] = true
		}
	}
	for k := 0; k < m.NumPlayers(); k++ {
		m.EachVar(m.Player(k).Objective().F, note)
	}
	for r := 0; r < m.NumRows(); r++ {
		m.EachVar(m.RowFunction(r), note)
	}
	for k := 0; k < m.NumPairs(); k++ {
		for _, s := range membersOf(m.Pair(k)) {
			if !s.Row {
				note(int(s.Index))
			}
		}
	}
	return used
}

func visibleRows(m *model.Model) []int {
	var list []int
	for r := 0; r < m.NumRows(); r++ {
		if !m.IsPairRow(r) {
			list = append(list, r)
		}
	}
	return list
}

func (c *comparison) constraints() error {
	ra, rb := visibleRows(c.a), visibleRows(c.b)
	if len(ra) != len(rb) {
		return differ("number of constraints", len(ra), len(rb))
	}
	c.rowOf = make(map[int]int, len(ra))
	for k, r := range ra {
		q := rb[k]
		c.rowOf[r] = q
		name := c.a.RowName(r)
		if other := c.b.RowName(q); name != other {
			return differ(fmt.Sprintf("name of constraint %d", k), name, other)
		}
		if x, y := c.a.RowOwner(r), c.b.RowOwner(q); x != y {
			return differ("owner of "+name, x, y)
		}
		if x, y := c.a.RowSteer(r), c.b.RowSteer(q); x != y {
			return differ("suffixes of "+name, x, y)
		}
		if err := c.row(name, r, q); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) row(name string, r, q int) error {
	f, alo, ahi := normalRow(c.a, r)
	g, blo, bhi := normalRow(c.b, q)
	exact := f.Nonlinear == 0 && g.Nonlinear == 0
	if !sameNumber(alo, blo, exact) || !sameNumber(ahi, bhi, exact) {
		return differ("bounds of "+name, interval(alo, ahi), interval(blo, bhi))
	}
	return c.functions(name, f, g)
}

// sameNumber compares numbers exactly, or up to the rounding of a few operations.
func sameNumber(a, b float64, exact bool) bool {
	return a == b || !exact && math.Abs(a-b) <= 1e-12*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// normalRow returns the function of a constraint with all that is affine or quadratic taken out of its nonlinear part, and its bounds
// without the constant that this may leave.
func normalRow(m *model.Model, r int) (f model.Function, lo, hi float64) {
	f = normal(m, m.RowFunction(r))
	lo, hi = m.RowBounds(r)
	if !math.IsInf(lo, -1) || !math.IsInf(hi, 1) {
		lo, hi, f.Const = lo-f.Const, hi-f.Const, 0
	}
	return f, lo, hi
}

func normal(m *model.Model, f model.Function) model.Function {
	if f.Nonlinear == 0 {
		return f
	}
	acc := m.Accumulator()
	acc.AddFunction(1, m.FromNode(f.Nonlinear))
	f.Nonlinear = 0
	acc.AddFunction(1, f)
	return acc.Function()
}

// functions compares a function of a with one of b.
func (c *comparison) functions(name string, f, g model.Function) error {
	if f.Nonlinear == 0 && g.Nonlinear == 0 && f.Const == g.Const && len(f.Vars) == len(g.Vars) && len(f.Quad) == len(g.Quad) {
		same := true
		for k, j := range f.Vars {
			same = same && c.of[j] == int(g.Vars[k]) && f.Coefs[k] == g.Coefs[k]
		}
		for k, q := range f.Quad {
			o := g.Quad[k]
			same = same && c.of[q.I] == int(o.I) && c.of[q.J] == int(o.J) && q.Coef == o.Coef
		}
		if same {
			return nil
		}
	}
	// With duals in it, the order of the terms may differ; and a nonlinear function may be the same in another form.
	x := c.graph.Import(c.a.DAG(), c.a.Node(f), func(j int) int { return c.of[j] })
	y := c.graph.Import(c.b.DAG(), c.b.Node(g), nil)
	if x == y {
		return nil
	}
	if f.Nonlinear == 0 && g.Nonlinear == 0 {
		return fmt.Errorf("%s: the functions differ", name)
	}
	for k := 0; k < 4; k++ {
		p := c.point(k)
		u, v := c.graph.Eval(x, p), c.graph.Eval(y, p)
		if math.IsNaN(u) && math.IsNaN(v) || u == v {
			continue
		}
		if !(math.Abs(u-v) <= 1e-9*math.Max(1, math.Max(math.Abs(u), math.Abs(v)))) {
			return differ(name+": the values of the function at a point", u, v)
		}
	}
	return nil
}

// point returns point k at which functions are compared.
func (c *comparison) point(k int) []float64 {
	for len(c.points) <= k {
		p := make([]float64, c.b.NumVars())
		state := uint64(len(c.points)+1) * 0x9e3779b97f4a7c15
		for j := range p {
			state = state*6364136223846793005 + 1442695040888963407
			p[j] = 0.1 + 2*float64(state>>11)/(1<<53)
			if len(c.points)%2 == 1 && state&(1<<40) != 0 {
				p[j] = -p[j]
			}
		}
		c.points = append(c.points, p)
	}
	return c.points[k]
}

func (c *comparison) pairs() error {
	if x, y := c.a.NumPairs(), c.b.NumPairs(); x != y {
		return differ("number of pairs", x, y)
	}
	for k := 0; k < c.a.NumPairs(); k++ {
		name := c.a.PairName(k)
		if other := c.b.PairName(k); name != other {
			return differ(fmt.Sprintf("name of pair %d", k), name, other)
		}
		if x, y := c.a.PairSteer(k), c.b.PairSteer(k); x != y {
			return differ("suffixes of "+name, x, y)
		}
		x, y := c.a.Pair(k), c.b.Pair(k)
		if err := c.member(name, x.A, y.A); err != nil {
			return err
		}
		if err := c.member(name, x.B, y.B); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) member(name string, x, y model.Member) error {
	if x.Row != y.Row || x.Side != y.Side {
		return differ("a member of "+name, describe(c.a, x), describe(c.b, y))
	}
	i, j := int(x.Index), int(y.Index)
	if !x.Row {
		if c.of[i] != j {
			return differ("a member of "+name, describe(c.a, x), describe(c.b, y))
		}
		return nil
	}
	if q, visible := c.rowOf[i]; visible || !c.b.IsPairRow(j) {
		if !visible || q != j {
			return differ("a member of "+name, describe(c.a, x), describe(c.b, y))
		}
		return nil
	}
	if u, v := c.a.RowName(i), c.b.RowName(j); u != v {
		return differ("the constraint of a member of "+name, u, v)
	}
	return c.row("a member of "+name, i, j)
}

func describe(m *model.Model, s model.Member) string {
	kind := "variable "
	if s.Row {
		kind = "constraint "
	}
	return kind + m.MemberName(s) + " " + s.Side.String()
}

func (c *comparison) sets() error {
	sa, sb := c.a.SOS1Sets(), c.b.SOS1Sets()
	if len(sa) != len(sb) {
		return differ("number of SOS1 sets", len(sa), len(sb))
	}
	for k, s := range sa {
		o := sb[k]
		if s.Name != o.Name || s.Owner != o.Owner || len(s.Vars) != len(o.Vars) {
			return differ("an SOS1 set", s.Name, o.Name)
		}
		for i, j := range s.Vars {
			if c.of[j] != int(o.Vars[i]) || i < len(s.Weights) && s.Weights[i] != o.Weights[i] {
				return fmt.Errorf("SOS1 set %s: member %d differs", s.Name, i)
			}
		}
	}
	ia, ib := c.a.Indicators(), c.b.Indicators()
	if len(ia) != len(ib) {
		return differ("number of conditional constraints", len(ia), len(ib))
	}
	for k, x := range ia {
		y := ib[k]
		if c.rowOf[x.Row] != y.Row || c.of[x.Binary] != y.Binary || x.When != y.When {
			return differ("a conditional constraint", c.a.RowName(x.Row), c.b.RowName(y.Row))
		}
	}
	return nil
}

func (c *comparison) objectives() error {
	for k := 0; k < c.a.NumPlayers(); k++ {
		who := "objective of " + c.a.Player(k).Name()
		x, y := c.a.Player(k).Objective(), c.b.Player(k).Objective()
		switch {
		case x.Set != y.Set:
			return differ(who, x.Set, y.Set)
		case x.Name != y.Name:
			return differ("name of the "+who, x.Name, y.Name)
		case x.Sense != y.Sense:
			return differ("sense of the "+who, x.Sense, y.Sense)
		}
		if err := c.functions(who, normal(c.a, x.F), normal(c.b, y.F)); err != nil {
			return err
		}
	}
	return nil
}
