package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Explanation is the verdict on a model and the choice of a plan, as WriteExplanation prints them.
type Explanation struct {
	Model          *model.Model
	Classification *model.Classification
	Plan           []string // the chosen chain
	Backend        string
	Why            []string
	NoPlan         string // why there is no plan, "" where there is one
	Rejected       []RejectedPlan
	Notes          []string
}

// RejectedPlan is a plan that was not chosen, and why.
type RejectedPlan struct {
	Chain, Backend, Reason string
}

// WriteExplanation prints what kind of problem each player has and why, how the levels are linked, which plan was chosen, and why not
// the others.
func WriteExplanation(w io.Writer, e *Explanation, s Style) error {
	p := newPage(w, s)
	m := e.Model
	p.printf("%s: %s, %s, %s\n", p.paint(bold, m.Name), Count(m.NumVars(), "variable"), Count(m.NumRows(), "constraint"), Count(m.NumFollowers(), "follower"))
	p.field("constructs", m.Constructs().String())
	p.player("Leader", e.Classification.Leader)
	list := e.Classification.Followers
	for k, f := range list {
		if k == mostFollowers && !p.All {
			p.printf("\n... and %s more\n", Count(len(list)-k, "follower"))
			break
		}
		p.player("Follower "+f.Name, f)
		p.links(m, f)
	}
	p.heading("Plan")
	way := strings.Join(append(append([]string(nil), e.Plan...), e.Backend), " -> ")
	if e.NoPlan != "" {
		way = p.paint(red, "none:") + " " + e.NoPlan
	}
	p.printf("  ")
	p.hang(way, 2)
	for _, why := range e.Why {
		p.item(why)
	}
	if len(e.Rejected) > 0 {
		p.heading("Why not another")
		t := &Table{}
		for _, r := range e.Rejected {
			t.Rows = append(t.Rows, []string{strings.Trim(r.Chain+" -> "+r.Backend, " ->"), r.Reason})
		}
		p.table(t)
	}
	if len(e.Notes) > 0 {
		p.heading("Notes")
		for _, n := range e.Notes {
			p.item(n)
		}
	}
	return p.end()
}

func (p *page) player(title string, c model.PlayerClass) {
	p.heading(title)
	size := []string{Count(c.Vars, "variable")}
	if c.Integers > 0 {
		size[0] += fmt.Sprintf(" (%d integer)", c.Integers)
	}
	size = append(size, Count(c.Rows, "constraint"))
	if c.Pairs > 0 {
		size = append(size, Count(c.Pairs, "complementarity pair"))
	}
	p.printf("  ")
	p.hang(c.Class.String()+"; convex: "+c.Convex.String()+"; "+join(size, 3), 2)
	for _, r := range c.Reasons {
		p.item(r)
	}
}

// links prints the linking variables and the coupling constraints of a follower.
func (p *page) links(m *model.Model, c model.PlayerClass) {
	const most = 12
	name := func(list []int, of func(int) string) string {
		var names []string
		for _, i := range list {
			if names = append(names, of(i)); len(names) > most {
				break
			}
		}
		if len(list) > most {
			return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
		}
		return join(names, most)
	}
	if len(c.Linking) == 0 {
		p.item("linking variables: none; the leader does not reach this follower")
	} else {
		p.item("linking variables: " + name(c.Linking, m.VarName))
	}
	if len(c.Coupling) > 0 {
		p.item("coupling constraints: " + name(c.Coupling, m.RowName))
	}
}
