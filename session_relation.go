package bilevel

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

// relation says what a change of a model does to its feasible points: the leader's and the followers' decisions that satisfy the leader's
// constraints and in which each follower answers optimally. A follower sees no bound and no constraint of the leader, so that these only
// cut points off, or let points in, that are otherwise what they were. Any change of a follower's problem may change all of them.
type relation struct {
	inside bool // each feasible point of the new model is one of the old
	around bool // each feasible point of the old model is one of the new
	// The leader's objective changed by the polynomial where known is set, otherwise in another way.
	known  bool
	change polynomial
}

// sameObjective reports whether the leader's objective is what it was.
func (r *relation) sameObjective() bool {
	return r.known && r.change.shift == 0 && len(r.change.vars)+len(r.change.quad) == 0
}

// comparison of a model with an older one, variable by variable and constraint by constraint, by their indices.
type comparison struct {
	old, new *model.Model
	related  bool // the new model was made from the old one by changes, so that names and nodes of nonlinear functions need no look
	paired   map[model.Member]bool
	rel      relation
}

// relate compares two models. It is quick to give up: what is not clearly inside or around is neither.
func relate(old, new *model.Model, related bool) relation {
	c := &comparison{old: old, new: new, related: related, rel: relation{inside: true, around: true}}
	if !c.players() || !c.sets() || !c.variables() || !c.rows() {
		return relation{}
	}
	c.objective()
	return c.rel
}

// shrinks and grows note that points may have been cut off, or let in.
func (c *comparison) shrinks() { c.rel.around = false }
func (c *comparison) grows()   { c.rel.inside = false }

// players compares the players and the followers' objectives.
func (c *comparison) players() bool {
	if c.old.NumPlayers() != c.new.NumPlayers() {
		return false
	}
	for p := 1; p < c.new.NumPlayers(); p++ {
		a, b := c.old.Player(p), c.new.Player(p)
		x, y := a.Objective(), b.Objective()
		if a.Name() != b.Name() || a.IsNash() != b.IsNash() || x.Set != y.Set || x.Sense != y.Sense || !c.equal(x.F, y.F) {
			return false
		}
	}
	return true
}

// equal reports whether two functions are the same but for their constants.
func (c *comparison) equal(f, g model.Function) bool {
	return slices.Equal(f.Vars, g.Vars) && slices.Equal(f.Coefs, g.Coefs) && c.sameCurve(f, g)
}

// sameCurve reports whether the parts that are not affine are the same. Nodes of models that were made apart are not compared.
func (c *comparison) sameCurve(f, g model.Function) bool {
	return slices.Equal(f.Quad, g.Quad) && f.Nonlinear == g.Nonlinear && (f.Nonlinear == 0 || c.related)
}

// sets compares pairs, SOS1 sets and conditional constraints. Pairs are the leader's; a set of a follower that comes or goes changes its problem.
func (c *comparison) sets() bool {
	c.paired = map[model.Member]bool{}
	note := func(m *model.Model, k int) model.Pair {
		p := m.Pair(k)
		c.paired[model.Member{Row: p.A.Row, Index: p.A.Index}] = true
		c.paired[model.Member{Row: p.B.Row, Index: p.B.Index}] = true
		return p
	}
	n, m := c.old.NumPairs(), c.new.NumPairs()
	for k := range max(n, m) {
		switch {
		case k >= n:
			note(c.new, k)
			c.shrinks()
		case k >= m:
			note(c.old, k)
			c.grows()
		case note(c.old, k) != note(c.new, k):
			return false
		}
	}
	a, b := c.old.SOS1Sets(), c.new.SOS1Sets()
	for k := range max(len(a), len(b)) {
		switch {
		case k >= len(a) && b[k].Owner != 0, k >= len(b) && a[k].Owner != 0: // a set of a follower changes its answers
			return false
		case k >= len(a):
			c.shrinks()
		case k >= len(b):
			c.grows()
		case a[k].Owner != b[k].Owner || !slices.Equal(a[k].Vars, b[k].Vars):
			return false
		}
	}
	return c.conditions(c.old.Indicators(), c.new.Indicators())
}

// conditions compares conditional constraints. A constraint that was there before and gets or loses its condition is another one.
func (c *comparison) conditions(a, b []model.Indicator) bool {
	if len(b) < len(a) || !slices.Equal(a, b[:len(a)]) {
		return false
	}
	for _, i := range b[len(a):] {
		if i.Row < c.old.NumRows() {
			return false
		}
	}
	return true
}

// variables compares owners, kinds and bounds. Variables that only the new model has may be the leader's.
func (c *comparison) variables() bool {
	n, m := c.old.NumVars(), c.new.NumVars()
	if m < n {
		return false
	}
	for j := n; j < m; j++ {
		if c.new.VarOwner(j) != 0 {
			return false
		}
		c.shrinks() // an old point does not say where the new variable is
	}
	for j := range n {
		lo, hi := c.old.VarBounds(j)
		l, h := c.new.VarBounds(j)
		a, b := c.old.VarKind(j) != model.Continuous, c.new.VarKind(j) != model.Continuous
		r, dual := c.old.DualOf(j)
		q, still := c.new.DualOf(j)
		if c.old.VarOwner(j) != c.new.VarOwner(j) || dual != still || r != q || !c.related && c.old.VarName(j) != c.new.VarName(j) {
			return false
		}
		if lo == l && hi == h && a == b {
			continue
		}
		if c.new.VarOwner(j) != 0 || c.paired[model.Member{Index: int32(j)}] {
			return false
		}
		if l > lo || h < hi || b && !a {
			c.shrinks()
		}
		if l < lo || h > hi || a && !b {
			c.grows()
		}
	}
	return true
}

// rows compares the constraints.
func (c *comparison) rows() bool {
	n, m := c.old.NumRows(), c.new.NumRows()
	for r := range max(n, m) {
		switch {
		case r >= n:
			if c.new.RowOwner(r) != 0 {
				return false
			}
			c.shrinks()
		case r >= m:
			if c.old.RowOwner(r) != 0 {
				return false
			}
			c.grows()
		case c.old.RowOwner(r) != c.new.RowOwner(r) || !c.related && c.old.RowName(r) != c.new.RowName(r):
			return false
		case !c.row(r):
			return false
		}
	}
	return true
}

// row compares a constraint lo <= f <= hi. One of the leader may change its bounds, and its coefficients as far as the bounds of the
// variables limit what that does: with f_new - f_old in [least, most] over them, f_new <= hi_new implies f_old <= hi_new - least.
func (c *comparison) row(r int) bool {
	f, g := c.old.RowFunction(r), c.new.RowFunction(r)
	lo, hi := c.old.RowBounds(r)
	l, h := c.new.RowBounds(r)
	same := c.equal(f, g) && f.Const == g.Const
	if same && lo == l && hi == h {
		return true
	}
	if c.new.RowOwner(r) != 0 || c.paired[model.Member{Row: true, Index: int32(r)}] || !c.sameCurve(f, g) {
		return false
	}
	var least, most [2]float64 // over the bounds of the old and of the new model
	if !same {
		change := difference(f, g)
		for k, m := range []*model.Model{c.old, c.new} {
			least[k], most[k] = change.extent(m)
		}
	}
	if !(math.IsInf(hi, 1) || h-least[1] <= hi) || !(math.IsInf(lo, -1) || l-most[1] >= lo) {
		c.grows()
	}
	if !(math.IsInf(h, 1) || hi+most[0] <= h) || !(math.IsInf(l, -1) || lo+least[0] >= l) {
		c.shrinks()
	}
	return true
}

// objective compares the leader's objectives.
func (c *comparison) objective() {
	a, b := c.old.Leader().Objective(), c.new.Leader().Objective()
	if a.Sense == b.Sense && a.F.Nonlinear == b.F.Nonlinear && (a.F.Nonlinear == 0 || c.related) {
		c.rel.known, c.rel.change = true, difference(a.F, b.F)
	}
}
