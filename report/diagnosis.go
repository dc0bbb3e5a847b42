package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
)

// WriteDiagnosis prints a diagnosis: the verdict, the conflict or ray, the followers without an answer, ties, the sizes of the numbers, and likely
// slips, as a page of its own. With brief it prints, as a part of an explanation, what is wrong only, and nothing at all where that is nothing.
func WriteDiagnosis(w io.Writer, m *model.Model, r *diagnose.Report, brief bool, s Style) error {
	if brief && !r.Found() {
		return nil
	}
	p := newPage(w, s)
	if !brief {
		p.printf("%s: %s, %s, %s\n", p.paint(bold, m.Name), Count(m.NumVars(), "variable"), Count(m.NumRows(), "constraint"), Count(m.NumFollowers(), "follower"))
	}
	p.heading("Diagnosis")
	p.printf("  ")
	p.hang(r.Verdict, 2)
	if len(r.Omitted) > 0 {
		p.item("left out of the relaxation: " + strings.Join(r.Omitted, "; "))
	}
	if r.Conflict != nil {
		p.conflict(m, r.Conflict, conflictInWords(r.Conflict))
	}
	if r.Ray != nil {
		p.ray(m, r.Ray, "In the relaxation %s gains %s for each unit along the ray:")
	}
	if r.AnswerRay != nil && r.AnswerRay.Sampled {
		p.ray(m, r.AnswerRay, "Far out %s gains %s for each unit along the ray:")
	} else if r.AnswerRay != nil {
		p.ray(m, r.AnswerRay, "Along the answers of the followers %s gains %s for each unit along the ray:")
	}
	for _, f := range r.Followers {
		if !brief || f.Never() {
			p.withoutAnswer(m, f)
		}
	}
	if !brief {
		p.indifference(r.Ties)
		p.scaling(r.Scaling)
	}
	p.slips(r.Slips, brief)
	if len(r.Unfinished) > 0 && (!brief || r.Conflict != nil || r.Ray != nil) {
		p.heading("Not done")
		for _, u := range r.Unfinished {
			p.item(u)
		}
	}
	return p.end()
}

// conflictInWords introduces the members of a conflict.
func conflictInWords(c *diagnose.Conflict) string {
	text := "These cannot hold together"
	if c.Integral {
		text += " with integers where variables are integer"
	}
	if c.Irreducible {
		return text + "; without any one of them the others can:"
	}
	return text + "; some of them may be superfluous:"
}

// mostMembers is how many members of a conflict are shown.
const mostMembers = 40

func (p *page) conflict(m *model.Model, c *diagnose.Conflict, introduction string) {
	p.printf("\n  ")
	p.hang(introduction, 2)
	t := &Table{}
	for k, e := range c.Members {
		if k == mostMembers && !p.All {
			break
		}
		name := e.Name
		switch e.Kind {
		case diagnose.BoundSide:
			name = "bound"
		case diagnose.Optimality:
			name = "objective"
		}
		t.Rows = append(t.Rows, []string{playerInWords(m, e.Player), name, e.Text})
	}
	p.table(t)
	if more := len(c.Members) - len(t.Rows); more > 0 {
		p.printf("  ... and %d more\n", more)
	}
}

func playerInWords(m *model.Model, k int) string {
	if k == 0 {
		return "leader"
	}
	return "follower " + m.Player(k).Name()
}

// ray prints a ray. The introduction has room for a player and the gain.
func (p *page) ray(m *model.Model, r *diagnose.Ray, introduction string) {
	who := "the leader"
	if r.Player > 0 {
		who = "follower " + m.Player(r.Player).Name()
	}
	gain := r.Rate
	if gain < 0 {
		gain = -gain
	}
	p.printf("\n  ")
	p.hang(fmt.Sprintf(introduction, who, Number(gain)), 2)
	p.entries(r.Entries)
	if r.Player > 0 {
		return
	}
	stays := map[model.Tri]string{model.Yes: "The followers' answers stay optimal along it: ", model.No: "The followers' answers do not stay optimal along it: ",
		model.Unknown: "Whether the followers' answers stay optimal along it: "}[r.Stays]
	if m.NumFollowers() > 0 {
		p.printf("  ")
		p.hang(stays+r.Grounds+".", 2)
	} else if r.Sampled {
		p.printf("  ")
		p.hang("It was "+r.Grounds+".", 2)
	}
}

func (p *page) entries(list []diagnose.Entry) {
	t := &Table{Align: []Align{Left, Decimal}}
	for k, e := range list {
		if k == mostMembers && !p.All {
			break
		}
		t.Rows = append(t.Rows, []string{e.Name, Number(e.Value)})
	}
	p.table(t)
	if more := len(list) - len(t.Rows); more > 0 {
		p.printf("  ... and %d more\n", more)
	}
}

// withoutAnswer prints a decision at which a follower is infeasible, and one at which it is unbounded.
func (p *page) withoutAnswer(m *model.Model, f diagnose.FollowerTest) {
	show := func(d *diagnose.Decision, n int, what string) {
		p.heading(fmt.Sprintf("Follower %s, %s at %d of %s tried", f.Name, what, n, Count(f.Tried, "decision")))
		if len(d.Entries) > 0 {
			p.printf("  for example at\n")
			p.entries(d.Entries)
		}
		if d.Conflict != nil {
			p.conflict(m, d.Conflict, "There "+strings.ToLower(conflictInWords(d.Conflict)[:1])+conflictInWords(d.Conflict)[1:])
		}
		if d.Ray != nil {
			p.ray(m, d.Ray, "There %s gains %s for each unit along the ray:")
		}
	}
	if f.InfeasibleAt != nil {
		show(f.InfeasibleAt, f.Infeasible, "infeasible")
	}
	if f.UnboundedAt != nil {
		show(f.UnboundedAt, f.Unbounded, "unbounded")
	}
}

func (p *page) indifference(t *diagnose.Ties) {
	if t == nil {
		return
	}
	p.heading("Ties")
	text := fmt.Sprintf("At %s the followers' optimal answers give the leader %s, all of them.", t.Where, Number(t.Best))
	if Number(t.Best) != Number(t.Worst) {
		text = fmt.Sprintf("At %s the followers are indifferent between answers that give the leader %s at best and %s at worst.", t.Where, Number(t.Best), Number(t.Worst))
	}
	p.printf("  ")
	p.hang(text, 2)
}

func (p *page) scaling(s diagnose.Scaling) {
	p.heading("Sizes of the numbers")
	t := &Table{Head: []string{"", "smallest", "", "largest", ""}, Align: []Align{Left, Right, Left, Right, Left}}
	add := func(what string, r diagnose.Range) {
		if r.Count > 0 {
			t.Rows = append(t.Rows, []string{what, Number(r.Smallest.Value), r.Smallest.Place(), Number(r.Largest.Value), r.Largest.Place()})
		}
	}
	for _, l := range s.Levels {
		add(l.Level+": coefficients", l.Matrix)
		add(l.Level+": costs", l.Costs)
		add(l.Level+": right-hand sides", l.RightHandSides)
		add(l.Level+": bounds", l.Bounds)
	}
	if len(t.Rows) == 0 {
		p.printf("  there are none\n")
	} else {
		p.table(t)
	}
	for _, h := range s.Hints {
		p.item(h)
	}
}

// slips prints the likely slips; brief leaves out what is often meant.
func (p *page) slips(list []diagnose.Slip, brief bool) {
	first := true
	for _, s := range list {
		if brief && s.Kind.Hint() {
			continue
		}
		if first {
			p.heading("Look at these")
			first = false
		}
		p.item(s.Text)
	}
}
