package diagnose

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// mostUndecided is how many parts of a conflict may stay undecided. Each has taken the time for one solve, and where some take it, most do: a follower
// with integer variables is searched again for each.
const mostUndecided = 3

// problemConflict makes the conflict of an infeasible bilevel problem small. What may be dropped: first that a follower is optimal (its objective
// becomes 0, so that every feasible answer will do) and that pairs complement each other; then single sides of the leader's constraints and
// bounds, and of those of followers whose optimality has been dropped. Each of these only adds points. A constraint of a follower that has to
// be optimal stays: without it the follower would answer otherwise, and not only with more. Neither can the optimality of a follower be dropped
// whose shadow prices are variables of the model, as these would have no meaning.
func (d *diagnosis) problemConflict(ctx context.Context) *Conflict {
	whole := d.wholes()
	open := 0
	conflict := func(elements []Member) verdict {
		if open >= mostUndecided {
			return undecided
		}
		out, err := d.opt.Solve(ctx, d.only(elements))
		switch {
		case err != nil || out == nil:
			return undecided
		case out.Proof == model.ProofInfeasible:
			return infeasible
		case out.X != nil && out.Proof != model.ProofNone, out.Proof == model.ProofUnbounded:
			return feasible
		}
		if open++; open == mostUndecided {
			d.unfinished("the conflict was not made smaller after %d of its parts could not be decided, each within the time for one solve", open)
		}
		return undecided
	}
	choose := func(from []Member, keep []bool) []Member {
		var out []Member
		for k, e := range from {
			if keep[k] {
				out = append(out, e)
			}
		}
		return out
	}
	keep, sure := filter(ctx, len(whole), func(keep []bool) verdict {
		for k, e := range whole {
			if !keep[k] && e.Kind == Optimality && d.priced(e.Index) {
				return feasible
			}
		}
		chosen := choose(whole, keep)
		return conflict(append(chosen, d.sides(chosen)...))
	})
	kept := choose(whole, keep)
	sides := d.sides(kept)
	c := &Conflict{Scope: OfProblem}
	if len(sides) > d.opt.LargestFilter {
		d.unfinished("the conflict was not made small: it has %d sides of constraints and bounds, and the largest number tried is %d", len(sides), d.opt.LargestFilter)
		c.Members = append(kept, sides...)
		return c
	}
	keep, irreducible := filter(ctx, len(sides), func(keep []bool) verdict {
		return conflict(append(append([]Member(nil), kept...), choose(sides, keep)...))
	})
	c.Members = append(kept, choose(sides, keep)...)
	c.Irreducible = sure && irreducible
	return c
}

// priced reports whether a shadow price of follower p is a variable of the model.
func (d *diagnosis) priced(p int) bool {
	for _, j := range d.m.DualVars() {
		if r, ok := d.m.DualOf(j); ok && d.m.RowOwner(r) == p {
			return true
		}
	}
	return false
}

// wholes lists the optimality of followers and the pairs.
func (d *diagnosis) wholes() []Member {
	var out []Member
	for p := 1; p < d.m.NumPlayers(); p++ {
		out = append(out, optimalityMember(d.m, p))
	}
	for k := range d.m.NumPairs() {
		out = append(out, pairMember(d.m, k))
	}
	return out
}

// sides lists the sides of constraints and bounds that do not belong to a follower that has to be optimal, or to a pair, of the chosen ones.
func (d *diagnosis) sides(chosen []Member) []Member {
	m := d.m
	optimal := make([]bool, m.NumPlayers())
	type place struct {
		row   bool
		index int
		upper bool
	}
	taken := map[place]bool{}
	for _, e := range chosen {
		if e.Kind == Optimality {
			optimal[e.Index] = true
			continue
		}
		p := m.Pair(e.Index)
		for _, s := range []model.Member{p.A, p.B} {
			if s.Side == model.AtLower || s.Side == model.Range {
				taken[place{s.Row, int(s.Index), false}] = true
			}
			if s.Side == model.AtUpper || s.Side == model.Range {
				taken[place{s.Row, int(s.Index), true}] = true
			}
		}
	}
	var out []Member
	for _, row := range []bool{true, false} {
		n, owner, bounds, member := m.NumVars(), m.VarOwner, m.VarBounds, boundMember
		if row {
			n, owner, bounds, member = m.NumRows(), m.RowOwner, m.RowBounds, rowMember
		}
		for i := range n {
			if optimal[owner(i)] {
				continue
			}
			if _, dual := m.DualOf(i); dual && !row {
				continue
			}
			lo, hi := bounds(i)
			if finite(lo) && !taken[place{row, i, false}] {
				out = append(out, member(m, i, false))
			}
			if finite(hi) && !taken[place{row, i, true}] {
				out = append(out, member(m, i, true))
			}
		}
	}
	return out
}

// only is the model with nothing but the members given, and whatever belongs to followers and pairs among them. Its objective is gone: what is
// asked is whether there is a point.
func (d *diagnosis) only(members []Member) *model.Model {
	m := d.m.Derive()
	optimal := make([]bool, m.NumPlayers())
	pairs := map[int]bool{}
	var kept []Member
	for _, e := range members {
		switch e.Kind {
		case Optimality:
			optimal[e.Index] = true
		case Complement:
			pairs[e.Index] = true
		default:
			kept = append(kept, e)
		}
	}
	for p := 1; p < m.NumPlayers(); p++ {
		if !optimal[p] {
			m.Player(p).SetObjective(model.Objective{Name: m.Player(p).Objective().Name})
		}
	}
	m.RemovePairs(func(k int) bool { return !pairs[k] })
	m.Leader().SetObjective(model.Objective{Name: m.Leader().Objective().Name})
	drop := d.sidesBut(members, kept)
	for _, e := range drop {
		openSide(m, e)
	}
	return m
}

func open(lo, hi float64, upper bool) (float64, float64) {
	if upper {
		return lo, math.Inf(1)
	}
	return math.Inf(-1), hi
}

// sidesBut lists the sides that may be dropped and are not kept.
func (d *diagnosis) sidesBut(members, kept []Member) []Member {
	type place struct {
		kind  MemberKind
		index int
		upper bool
	}
	have := map[place]bool{}
	for _, e := range kept {
		have[place{e.Kind, e.Index, e.Upper}] = true
	}
	var wholes []Member
	for _, e := range members {
		if e.Kind == Optimality || e.Kind == Complement {
			wholes = append(wholes, e)
		}
	}
	var out []Member
	for _, e := range d.sides(wholes) {
		if !have[place{e.Kind, e.Index, e.Upper}] {
			out = append(out, e)
		}
	}
	return out
}
