package diagnose

import (
	"fmt"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// SlipKind is what looks like a slip.
type SlipKind uint8

// The kinds of slips, the graver ones first. Those from Hint on are often meant.
const (
	IdleFollowerVariable SlipKind = iota // a follower's variable that neither its objective nor its constraints use
	IndifferentLeader                    // nothing of the leader mentions a follower's variable
	UnreachedFollower                    // a follower whose problem holds no variable of the leader
	FalseConstraint                      // a constraint without variables that does not hold
	UnusedVariable                       // a variable that nothing mentions
	DuplicateConstraint                  // a constraint that repeats another one of the same player
	LeaderOnlyConstraint                 // a follower's constraint that holds no variable of a follower
	ObliviousObjective                   // the leader's objective mentions no follower's variable, its constraints do
	NoObjective                          // a player without objective
	EmptyConstraint                      // a constraint without variables that always holds
	NonconvexProduct                     // products that make a level nonconvex
	ConstraintProduct                    // a leader's variable times a follower's in a constraint of the follower
	BigCoefficient                       // a coefficient of a binary variable that looks like a big-M
	HugeBound                            // a finite bound that looks as if it meant none
	FixedVariable                        // a variable with equal bounds
)

var slipNames = [...]string{"idle-follower-variable", "indifferent-leader", "unreached-follower", "false-constraint", "unused-variable", "duplicate-constraint",
	"leader-only-constraint", "oblivious-objective", "no-objective", "empty-constraint", "nonconvex-product", "constraint-product", "big-coefficient", "huge-bound", "fixed-variable"}

func (k SlipKind) String() string { return slipNames[k] }

// Hint reports whether the kind is a mere hint: things that are often meant.
func (k SlipKind) Hint() bool { return k >= LeaderOnlyConstraint }

// Slip is something that looks like a slip, with everything of the same player that it concerns.
type Slip struct {
	Kind   SlipKind
	Player int
	Names  []string // of variables, constraints or products, at most 20
	Total  int      // how many there are
	Text   string   // a sentence
}

// mostNames is how many names a slip keeps.
const mostNames = 20

// collector gathers slips by kind and player.
type collector struct {
	m     *model.Model
	found map[[2]int]*Slip
}

func (c *collector) add(kind SlipKind, player int, name string) {
	k := [2]int{int(kind), player}
	s := c.found[k]
	if s == nil {
		s = &Slip{Kind: kind, Player: player}
		c.found[k] = s
	}
	if s.Total++; len(s.Names) < mostNames {
		s.Names = append(s.Names, name)
	}
}

// slips looks for likely slips, without solving anything.
func (d *diagnosis) slips() []Slip {
	c := &collector{d.m, map[[2]int]*Slip{}}
	c.usage()
	c.objectives()
	c.constraints()
	c.products()
	c.bounds()
	for p, f := range d.class.Followers {
		if len(f.Linking) == 0 {
			c.add(UnreachedFollower, p+1, f.Name)
		}
	}
	c.duplicates()
	c.bigCoefficients()
	out := make([]Slip, 0, len(c.found))
	for _, s := range c.found {
		s.Text = c.text(s)
		out = append(out, *s)
	}
	sort.Slice(out, func(i, k int) bool {
		if out[i].Kind != out[k].Kind {
			return out[i].Kind < out[k].Kind
		}
		return out[i].Player < out[k].Player
	})
	return out
}

// usage finds variables that nothing uses, and those of followers that no follower uses.
func (c *collector) usage() {
	m := c.m
	used, byFollower := make([]bool, m.NumVars()), make([]bool, m.NumVars())
	mark := func(p int, f model.Function) {
		m.EachVar(f, func(j int) {
			used[j] = true
			byFollower[j] = byFollower[j] || p > 0
		})
	}
	for p := range m.NumPlayers() {
		mark(p, m.Player(p).Objective().F)
	}
	for i := range m.NumRows() {
		mark(m.RowOwner(i), m.RowFunction(i))
	}
	for k := range m.NumPairs() {
		p := m.Pair(k)
		for _, s := range []model.Member{p.A, p.B} {
			m.EachVar(m.MemberFunction(s), func(j int) { used[j] = true })
		}
	}
	for _, s := range m.SOS1Sets() {
		for _, j := range s.Vars {
			used[j] = true
			byFollower[j] = byFollower[j] || s.Owner > 0
		}
	}
	for _, ind := range m.Indicators() {
		used[ind.Binary] = true
		byFollower[ind.Binary] = byFollower[ind.Binary] || m.RowOwner(ind.Row) > 0
	}
	for j := range used {
		if _, dual := m.DualOf(j); dual {
			continue
		}
		switch p := m.VarOwner(j); {
		case !used[j]:
			c.add(UnusedVariable, p, m.VarName(j))
		case p > 0 && !byFollower[j]:
			c.add(IdleFollowerVariable, p, m.VarName(j))
		}
	}
}

// objectives finds players without objective and a leader that does not care for the followers.
func (c *collector) objectives() {
	m := c.m
	for p := range m.NumPlayers() {
		if !m.Player(p).Objective().Set {
			c.add(NoObjective, p, m.Player(p).Name())
		}
	}
	if m.NumFollowers() == 0 {
		return
	}
	mentions := func(f model.Function) (any bool) {
		m.EachVar(f, func(j int) {
			_, dual := m.DualOf(j)
			any = any || dual || m.VarOwner(j) > 0
		})
		return any
	}
	if o := m.Leader().Objective(); o.Set && mentions(o.F) {
		return
	}
	for i := range m.NumRows() {
		if m.RowOwner(i) == 0 && mentions(m.RowFunction(i)) {
			if m.Leader().Objective().Set {
				c.add(ObliviousObjective, 0, m.RowName(i))
			}
			return
		}
	}
	c.add(IndifferentLeader, 0, "the leader's objective")
}

// constraints finds constraints without variables, and constraints of followers that only bind the leader.
func (c *collector) constraints() {
	m := c.m
	for i := range m.NumRows() {
		if m.IsPairRow(i) {
			continue
		}
		f := m.RowFunction(i)
		any, follower := false, false
		m.EachVar(f, func(j int) {
			any = true
			follower = follower || m.VarOwner(j) > 0
		})
		lo, hi := m.RowBounds(i)
		p := m.RowOwner(i)
		switch {
		case !any && f.Nonlinear == 0 && (lo > 0 || hi < 0):
			c.add(FalseConstraint, p, m.RowName(i))
		case !any && finite(lo) || !any && finite(hi):
			c.add(EmptyConstraint, p, m.RowName(i))
		case any && p > 0 && !follower:
			c.add(LeaderOnlyConstraint, p, m.RowName(i))
		}
	}
}

// bounds finds fixed variables and bounds that look as if they meant none.
func (c *collector) bounds() {
	m := c.m
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		if lo == hi {
			c.add(FixedVariable, m.VarOwner(j), m.VarName(j))
		} else if finite(lo) && math.Abs(lo) >= 1e7 || finite(hi) && math.Abs(hi) >= 1e7 {
			c.add(HugeBound, m.VarOwner(j), m.VarName(j))
		}
	}
}

// text says what a slip is.
func (c *collector) text(s *Slip) string {
	who, names := player(c.m, s.Player), list(s.Names)
	if s.Total > len(s.Names) {
		names = fmt.Sprintf("%s ... (%d in all)", list(s.Names[:min(6, len(s.Names))]), s.Total)
	}
	switch s.Kind {
	case IdleFollowerVariable:
		return fmt.Sprintf("%s of %s: the follower's problem does not use it, so that the leader may choose its value; if the leader decides it, declare it there", names, who)
	case IndifferentLeader:
		return "nothing of the leader mentions a follower's variable: what the followers answer makes no difference to it"
	case UnreachedFollower:
		return who + ": its problem holds no variable of the leader, so that it answers the same to every decision"
	case FalseConstraint:
		return fmt.Sprintf("%s of %s: without variables, and false", names, who)
	case UnusedVariable:
		return fmt.Sprintf("%s of %s: nothing uses it", names, who)
	case DuplicateConstraint:
		return fmt.Sprintf("%s of %s: one repeats the other", names, who)
	case LeaderOnlyConstraint:
		return fmt.Sprintf("%s of %s: it holds no variable of a follower; it excludes decisions of the leader, and would be clearer as a constraint of the leader", names, who)
	case ObliviousObjective:
		return "the leader's objective mentions no follower's variable; the followers matter only through " + names
	case NoObjective:
		if s.Player > 0 {
			return who + ": no objective, so that every feasible answer is optimal and the leader chooses among them"
		}
		return who + ": no objective, so that any point will do"
	case EmptyConstraint:
		return fmt.Sprintf("%s of %s: without variables, and true", names, who)
	case NonconvexProduct:
		return fmt.Sprintf("%s: nonconvex by %s", who, names)
	case ConstraintProduct:
		return fmt.Sprintf("%s: its constraints hold products with the leader's variables, %s; its optimality conditions then hold products of these with multipliers", who, names)
	case BigCoefficient:
		return fmt.Sprintf("%s of %s: a coefficient that looks like a big-M; a conditional constraint needs none", names, who)
	case HugeBound:
		return fmt.Sprintf("%s of %s: a bound of 1e7 or more; leave it out where none is meant, or give one that is true", names, who)
	}
	return fmt.Sprintf("%s of %s: the bounds are equal", names, who)
}
