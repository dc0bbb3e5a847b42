package diagnose

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// runawaySteps are the steps at which a follower's objective is looked at along a variable.
var runawaySteps = []float64{1, 10, 100, 1e4, 1e6}

// runaway is a direction along which a follower's objective seems to improve without limit.
type runaway struct {
	variable string
	down     bool    // the variable falls
	value    float64 // the objective at the largest step
}

// runsAway looks along each variable of follower p alone, up and down, from x, or else from the start, whether its objective improves at every step, and
// by more each time, while its constraints and bounds hold. It is nil where none is found, which says nothing; what is found was followed up
// to the largest step only.
func (d *diagnosis) runsAway(p int, x []float64) *runaway {
	if x == nil {
		x, _ = d.m.StartPoint()
	}
	sign := d.m.Player(p).Objective().Sense.Sign()
	for j := range d.m.NumVars() {
		if d.m.VarOwner(j) != p {
			continue
		}
		for _, way := range []float64{1, -1} {
			if v, ok := d.follows(p, j, way, sign, x); ok {
				return &runaway{d.m.VarName(j), way < 0, v}
			}
		}
	}
	return nil
}

// follows takes the steps along one variable and returns the objective at the last one.
func (d *diagnosis) follows(p, j int, way, sign float64, x []float64) (float64, bool) {
	z := append([]float64(nil), x...)
	last := d.m.ObjectiveValue(p, z)
	gained := 0.0
	for _, t := range runawaySteps {
		z[j] = x[j] + way*t
		v := d.m.ObjectiveValue(p, z)
		gain := sign * (last - v) // Sign is 1 for a minimisation
		if math.IsNaN(v) || !(gain > gained) || !d.holds(p, z) {
			return 0, false
		}
		last, gained = v, gain
		if math.IsInf(v, 0) {
			break
		}
	}
	return last, true
}

// holds reports whether the constraints and bounds of player p hold at a point.
func (d *diagnosis) holds(p int, z []float64) bool {
	for j, v := range z {
		lo, hi := d.m.VarBounds(j)
		if d.m.VarOwner(j) == p && (v < lo || v > hi) {
			return false
		}
	}
	for i := range d.m.NumRows() {
		if d.m.RowOwner(i) != p {
			continue
		}
		lo, hi := d.m.RowBounds(i)
		v := d.m.RowValue(i, z)
		if slack := 1e-9 * math.Max(1, math.Abs(v)); math.IsNaN(v) || v < lo-slack || v > hi+slack {
			return false
		}
	}
	return true
}

// unanswering is the follower that has no optimal answer to any decision, by the conflict: that it answers optimally is its only member. 0: none.
func (d *diagnosis) unanswering() int {
	c := d.report.Conflict
	if c == nil || c.Scope != OfProblem || len(c.Members) != 1 || c.Members[0].Kind != Optimality {
		return 0
	}
	return c.Members[0].Index
}

// sayUnanswering says which follower never answers, and along which variable its objective runs away.
func (d *diagnosis) sayUnanswering(p int, say func(string, ...any)) {
	name := d.m.Player(p).Name()
	say("The problem is infeasible: follower %s has no optimal answer to any decision of the leader.", name)
	var x []float64
	if len(d.starts) > 0 {
		x = d.starts[0]
	}
	r := d.runsAway(p, x)
	if r == nil {
		return
	}
	verb, change := "rises", "falls"
	if r.down {
		verb = "falls"
	}
	if d.m.Player(p).Objective().Sense == model.Maximize {
		change = "rises"
	}
	steps := runawaySteps[len(runawaySteps)-1]
	say("Its objective %s without limit while %s %s, as far as that was followed: to %s at a step of %s, with its own constraints satisfied. Bound %s, or let its cost grow.",
		change, r.variable, verb, number(r.value), number(steps), r.variable)
}
