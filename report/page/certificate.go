package page

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/verify"
)

// certificate writes what was measured of the point: in sentences, and each number beside the place where it is worst.
func (d *document) certificate() {
	c := d.p.Summary.Certificate
	class, verdict := "good", "Verified"
	if !c.Verified {
		class, verdict = "bad", "Not verified"
	}
	d.line(`<p><span class="verdict `, class, `">`, verdict, `</span> to `, report.Number(c.Tolerance), `, relative to the size of the terms.</p>`)
	d.list(c.Reasons)
	for _, s := range Sentences(d.m, c) {
		d.line(`<p>`, esc(s), `</p>`)
	}
	d.line(`<div class="plain"><table>`)
	d.line(`<thead><tr><th scope="col">measured</th><th scope="col" class="number">worst</th><th scope="col">at</th></tr></thead><tbody>`)
	for _, r := range measured(d.m, c) {
		d.line(`<tr><td>`, esc(r.what), `</td><td class="number">`, report.Number(r.value), `</td><td>`, esc(r.where), `</td></tr>`)
	}
	d.line(`</tbody></table></div>`)
	if len(c.Followers) > 0 {
		d.line(`<h3>Followers</h3>`)
		d.dataTable("followers", "Followers", followerTable(c))
	}
}

// Sentences says in words what a certificate of a point of m shows: that the constraints hold, that each follower answers optimally and how that is
// known, and what ties mean for the leader.
func Sentences(m *model.Model, c *verify.Certificate) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	holds := func(who string, v float64, where string) {
		switch {
		case v == 0:
			say("All constraints and bounds of %s hold exactly.", who)
		default:
			say("The constraints and bounds of %s hold up to %s, at %s.", who, report.Number(v), where)
		}
	}
	if m.NumFollowers() == 0 {
		holds("the model", c.LeaderViolation, c.LeaderWorst)
	} else {
		holds("the leader", c.LeaderViolation, c.LeaderWorst)
		holds("the followers", c.FollowerViolation, c.FollowerWorst)
		method := c.Method
		if method == "" {
			method = "they were not solved again"
		}
		switch {
		case math.IsNaN(c.FollowerGap):
			say("Not every follower could be solved again at the leader's decision (%s), so nothing is said of their answers as a whole.", method)
		case c.FollowerGap <= c.Tolerance && len(c.Followers) == 1:
			say("The follower was solved again at the leader's decision (%s): its answer is optimal, with a relative gap of %s.", method, report.Number(c.FollowerGap))
		case c.FollowerGap <= c.Tolerance:
			say("Each of the %d followers was solved again at the leader's decision (%s): their answers are optimal, with a relative gap of %s at worst.", len(c.Followers), method, report.Number(c.FollowerGap))
		default:
			say("A follower has a better answer to this decision: the relative gap is %s (%s).", report.Number(c.FollowerGap), method)
		}
		switch c.Evidence {
		case verify.EvidenceProof:
			say("That rests on a bound that was proven here, and not on what a solver claims.")
		case verify.EvidenceClaim:
			say("That rests on the bound that the solver reports, which was not proven a second time.")
		case verify.EvidenceConditions:
			say("That rests on the optimality conditions of convex followers, which hold to rounding errors.")
		case verify.EvidenceSearch:
			say("That rests on a search for better answers, which found none; nothing excludes one.")
		}
	}
	for _, f := range c.Followers {
		if f.Moved != "" {
			say("The follower %s was %s.", f.Name, f.Moved)
		}
	}
	if m.NumPairs() > 0 {
		if c.Complementarity == 0 {
			say("All complementarity pairs hold exactly.")
		} else {
			say("The complementarity pairs hold up to %s, at %s.", report.Number(c.Complementarity), c.ComplementarityWorst)
		}
	}
	return append(out, ties(m, c)...)
}

// ties says what the followers' other optimal answers mean for the leader.
func ties(m *model.Model, c *verify.Certificate) []string {
	if m.NumFollowers() == 0 || !c.Verified {
		return nil
	}
	if math.IsNaN(c.Pessimistic) {
		if c.Spread == "" {
			return nil
		}
		return []string{"What the followers' other optimal answers would bring is not known: " + c.Spread + "."}
	}
	worse := m.Leader().Objective().Sense.Sign() * (c.Pessimistic - c.Objective)
	if worse <= 10*c.Tolerance*math.Max(1, math.Abs(c.Objective)) {
		return []string{"No tie costs the leader anything: the followers' other optimal answers give no worse objective."}
	}
	return []string{"Ties matter: among the followers' optimal answers to this decision, the worst one for the leader gives " + report.Number(c.Pessimistic) +
		" instead of " + report.Number(c.Objective) + "."}
}

// residual is a number that was measured, and where it is worst.
type residual struct {
	what  string
	value float64
	where string
}

func measured(m *model.Model, c *verify.Certificate) []residual {
	var out []residual
	add := func(some bool, what string, v float64, where string) {
		if some {
			out = append(out, residual{what, v, where})
		}
	}
	followers := m.NumFollowers() > 0
	add(true, "violation of the leader's constraints and bounds", c.LeaderViolation, c.LeaderWorst)
	add(followers, "violation of the followers' constraints and bounds", c.FollowerViolation, c.FollowerWorst)
	add(followers, "followers' gap to a best response", c.FollowerGap, "")
	add(m.NumPairs() > 0, "residual of the complementarity pairs", c.Complementarity, c.ComplementarityWorst)
	add(m.Constructs().Has(model.IntegerVariables), "distance to integers", c.Integrality, c.IntegralityWorst)
	add(len(m.SOS1Sets()) > 0, "second largest value of an SOS1 set", c.SOS1, c.SOS1Worst)
	add(len(m.Indicators()) > 0, "violation of conditional constraints", c.Indicators, c.IndicatorsWorst)
	add(len(m.DualVars()) > 0, "residual of the multipliers", c.DualResidual, c.DualWorst)
	return out
}

// followerTable has a row a follower.
func followerTable(c *verify.Certificate) *dataTable {
	t := &dataTable{rows: len(c.Followers), value: -1}
	column := func(name string, f func(verify.FollowerCheck) float64) {
		v := make([]float64, len(c.Followers))
		for i, x := range c.Followers {
			v[i] = f(x)
		}
		t.numbers(name, v)
	}
	texts := func(name string, f func(verify.FollowerCheck) string) {
		v := make([]string, len(c.Followers))
		for i, x := range c.Followers {
			v[i] = f(x)
		}
		t.texts(name, v)
	}
	texts("follower", func(f verify.FollowerCheck) string { return f.Name })
	column("objective", func(f verify.FollowerCheck) float64 { return f.Objective })
	column("best response", func(f verify.FollowerCheck) float64 { return f.BestResponse })
	column("gap", func(f verify.FollowerCheck) float64 { return f.Gap })
	texts("finding", func(f verify.FollowerCheck) string { return f.Sentence })
	return t
}
