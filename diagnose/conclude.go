package diagnose

import (
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// conclude states the finding in words.
func (d *diagnosis) conclude() {
	r := d.report
	var s []string
	say := func(format string, args ...any) { s = append(s, fmt.Sprintf(format, args...)) }
	done := "solved"
	if d.undecided {
		done = "decided" // it was tried
	}
	switch {
	case r.Relaxation == model.StatusInfeasible:
		d.sayInfeasible(say)
	case r.Problem == model.StatusInfeasible && d.unanswering() > 0:
		d.sayUnanswering(d.unanswering(), say)
	case r.Problem == model.StatusInfeasible && d.m.NumFollowers() > 0 && len(r.Omitted) > 0 && r.Curved != model.StatusFeasible:
		say("The problem is infeasible. Its linear constraints can be satisfied; whether all constraints of both levels can was not decided, or whether it is that the followers do not answer so.")
	case r.Problem == model.StatusInfeasible && d.m.NumFollowers() > 0:
		say("The problem is infeasible, though its constraints are not: some points satisfy those of both levels, but at none of them do the followers answer optimally.")
	case r.Problem == model.StatusInfeasible:
		say("The problem is infeasible, though its linear constraints are not.")
	case r.Problem == model.StatusUnbounded:
		say("The problem is unbounded.")
		if d.m.NumFollowers() > 0 && r.AnswerRay == nil && r.Ray != nil && r.Ray.Stays != model.Yes {
			say("The ray of the relaxation does not show it.")
		}
	case r.Relaxation == model.StatusUnbounded && r.Problem == model.StatusOptimal:
		say("The relaxation without the followers' objectives is unbounded; the problem itself is not, because the followers do not answer so.")
	case r.Relaxation == model.StatusUnbounded && r.Ray.Stays == model.Yes:
		say("The relaxation without the followers' objectives is unbounded, and the followers' answers were found to follow its ray: the problem is very likely unbounded.")
	case r.AnswerRay != nil && r.AnswerRay.Sampled && r.Relaxation != model.StatusOptimal:
		say("The problem seems to be unbounded: along a ray that was followed far out the leader's objective improves at least in proportion to the way. That is no proof.")
	case r.Problem != model.StatusUnknown && r.Problem != model.StatusOptimal && r.Relaxation != model.StatusOptimal:
		say("The problem has a point that satisfies both levels; whether its objective is bounded is not known.")
	case r.Relaxation == model.StatusUnbounded:
		say("The relaxation without the followers' objectives is unbounded; that says nothing of the problem itself, which was not %s.", done)
	case r.Problem != model.StatusUnknown:
		say("The problem is neither infeasible nor unbounded.")
	case r.Relaxation == model.StatusOptimal && len(r.Omitted) > 0 && r.Curved != model.StatusFeasible:
		say("The linear constraints of both levels can be satisfied, and the leader's objective is bounded over them; whether the others can be satisfied too was not decided, and the problem itself was not %s.", done)
	case r.Relaxation == model.StatusOptimal:
		say("The constraints of both levels can be satisfied, and the leader's objective is bounded over them; the problem itself was not %s.", done)
	case r.Curved == model.StatusFeasible:
		say("The constraints of both levels can be satisfied; the problem itself was not %s.", done)
	case r.Relaxation == model.StatusFeasible:
		say("The linear constraints of both levels can be satisfied; the problem itself was not %s.", done)
	default:
		say("It was not decided whether the constraints can be satisfied.")
	}
	for _, f := range r.Followers {
		if r.Relaxation == model.StatusInfeasible && f.Unbounded == 0 {
			continue // the conflict says more
		}
		for _, w := range []struct {
			n    int
			what string
		}{{f.Infeasible, "infeasible"}, {f.Unbounded, "unbounded"}} {
			switch {
			case w.n == 0:
			case w.n == f.Tried && f.Tried > 1:
				say("Follower %s is %s at each of the %d decisions tried.", f.Name, w.what, f.Tried)
			case w.n == f.Tried && len(d.class.Followers[f.Player-1].Linking) == 0:
				say("Follower %s is %s, whatever the leader decides.", f.Name, w.what)
			default:
				say("Follower %s is %s at %d of %d decisions tried: such a decision has no answer and is excluded, whatever holds of the others.", f.Name, w.what, w.n, f.Tried)
			}
		}
	}
	r.Verdict = strings.Join(s, " ")
}

// sayInfeasible tells a follower without any answer from constraints of both levels that conflict.
func (d *diagnosis) sayInfeasible(say func(string, ...any)) {
	var in []int
	for _, e := range d.report.Conflict.members() {
		seen := false
		for _, p := range in {
			seen = seen || p == e.Player
		}
		if !seen {
			in = append(in, e.Player)
		}
	}
	switch {
	case len(in) == 1 && in[0] > 0:
		say("The problem is infeasible: %s has no feasible answer to any decision of the leader, by constraints of its own alone.", player(d.m, in[0]))
	case len(in) == 1:
		say("The problem is infeasible: the leader's own constraints conflict, whatever the followers answer.")
	case len(in) > 1:
		say("The problem is infeasible: constraints of different players conflict, whatever their objectives.")
	default:
		say("The problem is infeasible: its constraints conflict, whatever the followers' objectives.")
	}
}

// members is nil-safe: the time may have run out before a conflict was known.
func (c *Conflict) members() []Member {
	if c == nil {
		return nil
	}
	return c.Members
}
