package page

import (
	"strconv"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// mostPlayers is how many players have a line each in the table of the levels.
const mostPlayers = 40

// structure writes what kind of problem each player has, how the levels are linked, and where the coefficients stand at each stage.
func (d *document) structure() {
	if e := d.p.Explanation; e != nil && e.Classification != nil {
		d.levels(e.Classification)
	}
	if len(d.p.Stages) == 0 {
		return
	}
	d.line(`<h3>Where the coefficients are</h3>`)
	d.line(`<p>Constraints run downwards, variables to the right, the leader's first in both; the top line of each player is its objective. ` +
		`Each small square stands for a block of the matrix, the stronger the more of it is filled.</p>`)
	d.line(`<ul class="legend">`)
	for k, s := range patternKinds {
		d.line(`<li class="c`, strconv.Itoa(k), `"><span class="key"></span>`, esc(s), `</li>`)
	}
	d.line(`</ul>`)
	d.line(`<div class="figures">`)
	for k, s := range d.p.Stages {
		d.line(`<figure>`)
		d.pattern(k, s)
		m := s.Model
		text := report.Count(m.NumVars(), "variable") + ", " + report.Count(m.NumRows(), "constraint") + ", " + report.Count(m.NumNonzeros(), "coefficient")
		if m.NumPairs() > 0 {
			text += ", " + report.Count(m.NumPairs(), "pair")
		}
		d.line(`<figcaption><strong>`, esc(s.Name), `</strong>: `, text, `</figcaption>`)
		d.line(`</figure>`)
	}
	d.line(`</div>`)
}

// levels writes the table of the players, and what links them.
func (d *document) levels(c *model.Classification) {
	d.line(`<div class="plain"><table>`)
	d.puts(`<thead><tr><th scope="col">player</th><th scope="col">objective</th><th scope="col">problem</th><th scope="col">convex</th>`)
	for _, s := range []string{"variables", "of them integer", "constraints", "pairs", "linking variables", "coupling constraints"} {
		d.puts(`<th scope="col" class="number">`, s, `</th>`)
	}
	d.line(`</tr></thead><tbody>`)
	all := append([]model.PlayerClass{c.Leader}, c.Followers...)
	for k, p := range all {
		if k > mostPlayers {
			d.line(`<tr><td colspan="10">and `, report.Count(len(all)-k, "more follower"), `</td></tr>`)
			break
		}
		goal, name := "none", p.Name
		if o := d.m.Player(k).Objective(); o.Set {
			goal = o.Sense.String() + " " + o.Name
		}
		if k == 0 {
			name = "leader"
		}
		d.puts(`<tr><td>`, esc(name), `</td><td>`, esc(goal), `</td><td>`, esc(p.Class.String()), `</td><td>`, esc(p.Convex.String()), `</td>`)
		for _, n := range []int{p.Vars, p.Integers, p.Rows, p.Pairs, len(p.Linking), len(p.Coupling)} {
			d.puts(`<td class="number">`, strconv.Itoa(n), `</td>`)
		}
		d.line(`</tr>`)
	}
	d.line(`</tbody></table></div>`)
	linking, coupling := make([]bool, d.m.NumVars()), make([]bool, d.m.NumRows())
	var variables, constraints, reasons []string
	for _, f := range c.Followers {
		for _, j := range f.Linking {
			linking[j] = true
		}
		for _, r := range f.Coupling {
			coupling[r] = true
		}
	}
	for j, on := range linking {
		if on {
			variables = append(variables, d.m.VarName(j))
		}
	}
	for r, on := range coupling {
		if on {
			constraints = append(constraints, d.m.RowName(r))
		}
	}
	for k, p := range all[:min(len(all), mostPlayers)] {
		for _, s := range p.Reasons {
			if k > 0 {
				s = p.Name + ": " + s
			}
			reasons = append(reasons, s)
		}
	}
	d.opened("Linking variables: the leader's in a follower's problem", variables)
	d.opened("Coupling constraints: the leader's with followers' variables", constraints)
	d.opened("What decides on the kind of each problem", reasons)
}

// opened writes a list behind a line that opens it.
func (d *document) opened(title string, texts []string) {
	if len(texts) == 0 {
		return
	}
	const most = 500
	d.line(`<details><summary>`, esc(title), ` (`, strconv.Itoa(len(texts)), `)</summary><ul>`)
	for k, s := range texts {
		if k == most {
			d.line(`<li>and `, strconv.Itoa(len(texts)-k), ` more</li>`)
			break
		}
		d.line(`<li>`, esc(s), `</li>`)
	}
	d.line(`</ul></details>`)
}
