package page

import (
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// verdict writes the status in a sentence.
func (d *document) verdict() {
	s := d.p.Summary
	class := "warn"
	switch s.Status {
	case model.StatusOptimal:
		class = "good"
	case model.StatusInfeasible, model.StatusUnbounded, model.StatusFailed:
		class = "bad"
	}
	sentence := report.StatusInWords(s.Status, s.Objective, s.Bound)
	if s.Attitude != "" && !math.IsNaN(s.Infimum) {
		sentence = "This decision comes near to the infimum of the values."
	}
	d.line(`<p><span class="verdict `, class, `">`, esc(report.StatusWord(s.Status)), `.</span> `, esc(sentence), `</p>`)
}

// answer writes the objective, what is proven of it, and what the user should know.
func (d *document) answer() {
	s := d.p.Summary
	proof := report.ProofInWords(s.Proof, s.Stationarity)
	if s.Attitude != "" && !math.IsNaN(s.Infimum) {
		proof = "no decision is better than the infimum, which is " + s.Attainment
	}
	d.line(`<p>Proof: `, esc(proof), `.</p>`)
	d.line(`<dl class="facts">`)
	fact := func(name, value string) {
		d.line(`<div><dt>`, esc(name), `</dt><dd>`, esc(value), `</dd></div>`)
	}
	number := func(name string, v float64) {
		if !math.IsNaN(v) {
			fact(name, report.Number(v))
		}
	}
	o := d.m.Leader().Objective()
	if s.X != nil {
		name := "objective"
		if o.Set {
			name = o.Sense.String() + " " + o.Name
		}
		number(strings.TrimSpace(name), s.Objective)
	}
	number("bound", s.Bound)
	if !math.IsNaN(s.Gap) {
		fact("gap", report.Percent(s.Gap))
	}
	if s.Attitude != "" {
		fact("attitude", s.Attitude)
		number("infimum", s.Infimum)
	}
	if d.m.NumFollowers() > 0 && s.X != nil {
		number("ties for the leader", s.Optimistic)
		number("ties against the leader", s.Pessimistic)
	}
	if !math.IsNaN(s.Seconds) {
		fact("time", report.Seconds(s.Seconds))
	}
	if s.Nodes > 0 {
		fact("nodes", report.Number(float64(s.Nodes)))
	}
	d.line(`</dl>`)
	if len(s.Assumptions) > 0 {
		d.line(`<h3>Assumed</h3>`)
		d.list(s.Assumptions)
	}
	if len(s.Notes) > 0 {
		d.line(`<h3>Notes</h3>`)
		d.list(s.Notes)
	}
	if len(d.p.Remarks) > 0 {
		d.line(`<h3>About this page</h3>`)
		d.list(d.p.Remarks)
	}
}

// plan writes the way to the answer, the reasons for it, and why not others.
func (d *document) plan() {
	s, e := d.p.Summary, d.p.Explanation
	way := append([]string(nil), s.Plan...)
	if s.Backend != "" {
		way = append(way, s.Backend)
	}
	if len(way) == 0 && e != nil {
		way = append(append(way, e.Plan...), e.Backend)
	}
	if text := strings.Join(way, " → "); text != "" {
		d.line(`<p><strong>`, esc(text), `</strong></p>`)
	}
	if e != nil {
		d.list(e.Why)
		if e.NoPlan != "" {
			d.line(`<p class="bad">`, esc(e.NoPlan), `</p>`)
		}
		if len(e.Rejected) > 0 {
			d.line(`<details><summary>Why not otherwise</summary><div class="plain"><table>`)
			d.line(`<thead><tr><th scope="col">reformulations</th><th scope="col">backend</th><th scope="col">reason</th></tr></thead><tbody>`)
			for _, r := range e.Rejected {
				d.line(`<tr><td>`, esc(r.Chain), `</td><td>`, esc(r.Backend), `</td><td>`, esc(r.Reason), `</td></tr>`)
			}
			d.line(`</tbody></table></div></details>`)
		}
	}
	if len(s.Search) > 0 {
		d.line(`<h3>What each part of the search brought</h3>`)
		d.list(s.Search)
	}
}
