package reformtest

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Traits say what an instance has; Random draws them.
type Traits struct {
	Followers   int
	Nash        bool
	Integers    bool // of the leader
	Coupling    bool // leader's rows with follower's variables
	Prices      bool // leader's variables times follower's in the follower's objective
	Revenue     bool // the same products in the leader's objective
	Duals       bool // shadow prices in the leader's objective
	Quadratic   bool // convex quadratic followers
	LeaderQuad  bool // convex quadratic leader
	Equality    bool
	Ranges      bool
	Free        bool // variables without bounds
	Fixed       bool // variables with equal bounds
	Ties        bool // follower's cost zero or parallel to a constraint
	Duplicates  bool // a row twice
	Empty       bool // a row without terms
	LeaderRows  bool // a follower's row without its own variables
	NoObjective bool
	Unlimited   bool // leader's variables without bounds
}

// String lists the traits that are set.
func (t Traits) String() string {
	s := fmt.Sprintf("%d followers", t.Followers)
	for _, f := range []struct {
		on   bool
		name string
	}{{t.Nash, "Nash"}, {t.Integers, "integers"}, {t.Coupling, "coupling"}, {t.Prices, "prices"}, {t.Revenue, "revenue"}, {t.Duals, "duals"},
		{t.Quadratic, "quadratic"}, {t.LeaderQuad, "quadratic leader"}, {t.Equality, "equality"}, {t.Ranges, "ranges"}, {t.Free, "free"}, {t.Fixed, "fixed"},
		{t.Ties, "ties"}, {t.Duplicates, "duplicates"}, {t.Empty, "empty row"}, {t.LeaderRows, "leader's row"}, {t.NoObjective, "no objective"}, {t.Unlimited, "unlimited"}} {
		if f.on {
			s += ", " + f.name
		}
	}
	return s
}

// Random draws the traits of an instance from a seed, and the instance.
func Random(seed uint64) (*Instance, Traits) {
	r := rand.New(rand.NewPCG(seed, 0x62696c6576656c))
	chance := func(p float64) bool { return r.Float64() < p }
	t := Traits{Followers: 1, Coupling: chance(0.3), Prices: chance(0.25), Quadratic: chance(0.2), LeaderQuad: chance(0.1), Equality: chance(0.3),
		Ranges: chance(0.2), Free: chance(0.3), Fixed: chance(0.15), Ties: chance(0.4), Duplicates: chance(0.2), Empty: chance(0.1), LeaderRows: chance(0.2),
		NoObjective: chance(0.05), Unlimited: chance(0.15), Integers: chance(0.2)}
	if chance(0.15) {
		t.Followers, t.Nash = 2, chance(0.5)
	}
	switch r.IntN(10) {
	case 0:
		t.Duals = true
	case 1, 2:
		t.Prices, t.Revenue, t.LeaderQuad, t.Nash = true, true, false, false
		t.Duals = chance(0.1)
	}
	return Generate(r, t), t
}

// Generate draws an instance with given traits. Numbers are small integers, so that vertices are clean and ties are frequent.
func Generate(r *rand.Rand, t Traits) *Instance {
	g := &generator{r: r, t: t, in: &Instance{Nash: t.Nash, Players: make([]Objective, t.Followers+1)}}
	g.variables()
	g.rows()
	g.objectives()
	return g.in
}

type generator struct {
	r  *rand.Rand
	t  Traits
	in *Instance
}

func (g *generator) chance(p float64) bool { return g.r.Float64() < p }

// between is a random integer.
func (g *generator) between(lo, hi int) float64 { return float64(lo + g.r.IntN(hi-lo+1)) }

// coef is a small integer other than zero.
func (g *generator) coef() float64 {
	v := g.between(1, 3)
	if g.chance(0.4) {
		return -v
	}
	return v
}

func (g *generator) variables() {
	inf := Bound(math.Inf(1))
	n1 := 1 + g.r.IntN(3)
	if g.t.Integers {
		n1 = min(n1, 2)
	}
	for k := 0; k < n1; k++ {
		v := Variable{Lo: 0, Hi: Bound(g.between(1, 8))}
		switch {
		case g.t.Integers && (k == 0 || g.chance(0.5)):
			v.Integer, v.Hi = true, Bound(g.between(1, 4))
			if g.chance(0.3) {
				v.Hi = 1
			}
		case g.t.Unlimited && g.chance(0.5):
			v.Hi = inf
			if g.chance(0.5) {
				v.Lo = -inf
			}
		case g.chance(0.2):
			v.Lo = Bound(-g.between(1, 4))
		}
		g.in.Vars = append(g.in.Vars, v)
	}
	most := 4
	if g.t.Followers > 1 || g.t.Duals {
		most = 2
	}
	if g.t.Quadratic || g.t.LeaderQuad {
		most = min(most, 3)
	}
	for p := 1; p <= g.t.Followers; p++ {
		for k := g.r.IntN(most) + 1; k > 0; k-- {
			g.in.Vars = append(g.in.Vars, g.followerVariable(p))
		}
	}
}

func (g *generator) followerVariable(p int) Variable {
	inf := Bound(math.Inf(1))
	v := Variable{Owner: p, Lo: 0, Hi: inf}
	switch {
	case g.t.Free && g.chance(0.4):
		v.Lo = -inf
		if g.chance(0.4) {
			v.Hi = Bound(g.between(-1, 6)) // a bound from above alone
		}
	case g.t.Fixed && g.chance(0.4):
		v.Lo = Bound(g.between(-1, 3))
		v.Hi = v.Lo
	case g.chance(0.4):
		v.Hi = Bound(g.between(1, 6))
		if g.chance(0.3) {
			v.Lo = Bound(g.between(-3, 0))
		}
	}
	return v
}

// row draws a row of player p: over the leader's variables and those of p, in a Nash game at times those of the other follower.
func (g *generator) row(p int, leaderOnly bool) Row {
	row := Row{Owner: p, A: make([]float64, len(g.in.Vars)), Lo: Bound(math.Inf(-1)), Hi: Bound(math.Inf(1))}
	for j, v := range g.in.Vars {
		ok := v.Owner == p || v.Owner == 0 && !(g.t.Revenue && p > 0 && !leaderOnly)
		if leaderOnly {
			ok = v.Owner == 0
		}
		if p == 0 {
			ok = v.Owner == 0 || g.t.Coupling
		} else if g.t.Nash && v.Owner > 0 && v.Owner != p && !leaderOnly {
			ok = g.chance(0.5)
		}
		if ok && g.chance(0.7) {
			row.A[j] = g.coef()
		}
	}
	rhs := Bound(g.between(0, 10))
	if g.chance(0.1) {
		rhs = Bound(g.between(-4, 0))
	}
	switch {
	case g.t.Equality && g.chance(0.3):
		row.Lo, row.Hi = rhs, rhs
	case g.t.Ranges && g.chance(0.4):
		row.Lo, row.Hi = rhs-Bound(g.between(1, 6)), rhs
	case g.chance(0.35):
		row.Lo = rhs - 6
	default:
		row.Hi = rhs
	}
	return row
}

func (g *generator) rows() {
	for p := 1; p <= g.t.Followers; p++ {
		n := 1 + g.r.IntN(4)
		if g.t.Followers > 1 || g.t.Duals {
			n = 1 + g.r.IntN(2)
		}
		for ; n > 0; n-- {
			g.in.Rows = append(g.in.Rows, g.row(p, false))
		}
		if g.t.LeaderRows && g.chance(0.5) {
			row := g.row(p, true)
			if row.Lo == row.Hi {
				row.Lo -= 4
			}
			g.in.Rows = append(g.in.Rows, row)
		}
	}
	if g.t.Duplicates {
		d := g.in.Rows[g.r.IntN(len(g.in.Rows))]
		d.A = append([]float64(nil), d.A...)
		if g.chance(0.5) { // twice the row is as redundant
			for j := range d.A {
				d.A[j] *= 2
			}
			d.Lo, d.Hi = 2*d.Lo, 2*d.Hi
		}
		g.in.Rows = append(g.in.Rows, d)
	}
	if g.t.Empty {
		row := Row{Owner: g.r.IntN(g.t.Followers + 1), A: make([]float64, len(g.in.Vars)), Lo: Bound(math.Inf(-1)), Hi: Bound(g.between(0, 2))}
		if g.chance(0.1) {
			row.Hi = -1 // cannot hold
		}
		g.in.Rows = append(g.in.Rows, row)
	}
	for n := g.r.IntN(3); n > 0; n-- {
		g.in.Rows = append(g.in.Rows, g.row(0, false))
	}
}

func (g *generator) objectives() {
	in := g.in
	n := len(in.Vars)
	for p := 1; p <= g.t.Followers; p++ {
		o := &in.Players[p]
		o.Max = g.chance(0.4)
		o.C = make([]float64, n)
		if g.t.NoObjective && g.chance(0.6) {
			o.None, o.Max = true, false
			continue
		}
		for j, v := range in.Vars {
			if v.Owner == p && g.chance(0.85) {
				o.C[j] = g.coef()
				if g.chance(0.5) { // towards bounded problems: costs that hold variables at their lower bounds
					o.C[j] = o.sign() * math.Abs(o.C[j])
				}
			}
		}
		if g.t.Ties {
			g.tie(p, o)
		}
		if g.t.Quadratic {
			g.convex(o, p, o.sign())
		}
		if g.t.Prices {
			for i, x := range in.Vars {
				for j, y := range in.Vars {
					if x.Owner == 0 && y.Owner == p && g.chance(0.4) {
						o.Quad = append(o.Quad, Term{i, j, g.coef()})
					}
				}
			}
		}
		if g.t.Nash {
			for i, x := range in.Vars {
				for j, y := range in.Vars {
					if x.Owner > 0 && x.Owner != p && y.Owner == p && g.chance(0.3) {
						o.Quad = append(o.Quad, Term{min(i, j), max(i, j), g.coef()})
					}
				}
			}
		}
	}
	g.leader()
}

// tie makes a follower indifferent: no cost at all, none for one variable, or a cost parallel to one of its rows.
func (g *generator) tie(p int, o *Objective) {
	var rows []Row
	for _, r := range g.in.Rows {
		if r.Owner == p {
			rows = append(rows, r)
		}
	}
	row := rows[g.r.IntN(len(rows))]
	kind := g.r.IntN(3)
	for j, v := range g.in.Vars {
		if v.Owner != p {
			continue
		}
		switch kind {
		case 0:
			o.C[j] = 0
		case 1:
			o.C[j] = row.A[j]
		default:
			if g.chance(0.5) {
				o.C[j] = 0
			}
		}
	}
}

// convex adds sign * Σ (a z)² over one or two integer vectors a on the variables of player p.
func (g *generator) convex(o *Objective, p int, sign float64) {
	for k := 1 + g.r.IntN(2); k > 0; k-- {
		a := make([]float64, len(g.in.Vars))
		for j, v := range g.in.Vars {
			if (v.Owner == p || p == 0 && g.chance(0.5)) && g.chance(0.6) {
				a[j] = g.between(-2, 2)
			}
		}
		for i := range a {
			for j := i; j < len(a); j++ {
				c := sign * a[i] * a[j]
				if j > i {
					c *= 2
				}
				if c != 0 {
					o.Quad = append(o.Quad, Term{i, j, c})
				}
			}
		}
	}
}

func (g *generator) leader() {
	in := g.in
	o := &in.Players[0]
	o.Max = g.chance(0.4)
	o.C = make([]float64, len(in.Vars))
	for j := range o.C {
		if g.chance(0.75) {
			o.C[j] = g.coef()
		}
	}
	if g.t.LeaderQuad {
		g.convex(o, 0, o.sign())
	}
	if g.t.Revenue {
		g.revenue(o)
	}
	if g.t.Duals {
		o.Dual = map[string]float64{}
		for r, row := range in.Rows {
			own := false
			for j, v := range in.Vars {
				own = own || row.A[j] != 0 && v.Owner == row.Owner && row.Owner > 0
			}
			if own && g.chance(0.6) {
				o.Dual[fmt.Sprint(r)] = g.coef()
			}
		}
	}
}

// revenue puts the price products of one follower into the leader's objective, with a factor.
func (g *generator) revenue(o *Objective) {
	p := 1 + g.r.IntN(g.t.Followers)
	kappa := 1.0
	if g.chance(0.3) {
		kappa = g.coef()
	}
	found := false
	for _, q := range g.in.Players[p].Quad {
		if (g.in.Vars[q.I].Owner == 0) != (g.in.Vars[q.J].Owner == 0) {
			o.Quad = append(o.Quad, Term{q.I, q.J, kappa * q.Coef})
			found = true
		}
	}
	if found {
		g.in.Price = &Price{Follower: p, Kappa: kappa}
	}
}
