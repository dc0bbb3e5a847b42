package report

import (
	"io"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// Certificate prints what was measured of a point of m, on a page of its own.
func Certificate(w io.Writer, m *model.Model, c *verify.Certificate, s Style) error {
	p := newPage(w, s)
	p.certificate(m, c)
	return p.end()
}

func (p *page) certificate(m *model.Model, c *verify.Certificate) {
	verdict := p.paint(green, "verified")
	if !c.Verified {
		verdict = p.paint(red, "not verified")
	}
	how := "measured in the model as it was given"
	if len(c.Followers) > 0 {
		how = "followers solved again: " + c.Method
		if c.Method == "" {
			how = "followers not solved again"
		}
	}
	p.heading("Certificate")
	p.printf("  %s to %s (%s)\n", verdict, Number(c.Tolerance), how)
	for _, r := range c.Reasons {
		p.item(r)
	}
	t := &Table{Align: []Align{Left, Right, Left}}
	add := func(label string, v float64, where string) {
		if v <= 0 {
			where = ""
		}
		t.Rows = append(t.Rows, []string{label, Number(v), where})
	}
	add("leader's constraints, violation", c.LeaderViolation, c.LeaderWorst)
	if m.NumFollowers() > 0 {
		add("followers' constraints, violation", c.FollowerViolation, c.FollowerWorst)
		add("followers' gap to a best response", c.FollowerGap, "")
	}
	if m.NumPairs() > 0 {
		add("complementarity, residual", c.Complementarity, c.ComplementarityWorst)
	}
	if c.Integrality > 0 {
		add("distance to integers", c.Integrality, c.IntegralityWorst)
	}
	if len(m.SOS1Sets()) > 0 {
		add("SOS1 sets, second value", c.SOS1, c.SOS1Worst)
	}
	if len(m.Indicators()) > 0 {
		add("conditional constraints, violation", c.Indicators, c.IndicatorsWorst)
	}
	if len(m.DualVars()) > 0 {
		add("multipliers, residual", c.DualResidual, c.DualWorst)
	}
	p.table(t)
	p.ties(m, c)
}

// ties says what the leader gets from the followers' other optimal answers.
func (p *page) ties(m *model.Model, c *verify.Certificate) {
	if m.NumFollowers() == 0 || math.IsNaN(c.Pessimistic) || !c.Verified {
		return
	}
	// The spread is judged like the objective's own accuracy: below that, ties cost the leader nothing.
	worse := m.Leader().Objective().Sense.Sign() * (c.Pessimistic - c.Objective)
	if worse <= 10*c.Tolerance*math.Max(1, math.Abs(c.Objective)) {
		p.printf("  ")
		p.hang("No tie costs the leader anything: the followers' other optimal answers give no worse objective.", 2)
		return
	}
	p.printf("  ")
	p.hang(p.paint(yellow, "Ties matter:")+" among the followers' optimal answers to this decision, the worst one for the leader gives "+
		Number(c.Pessimistic)+" instead of "+Number(c.Objective)+".", 2)
}
