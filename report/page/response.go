package page

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/report"
)

// Response is what the followers answer along one variable of the leader, the others being held, and what the leader has of it.
type Response struct {
	Along     string   // the leader's variable
	Objective string   // name of the leader's objective
	Here      float64  // value of the variable in the answer, NaN for none
	Followers []string // whose optimal values the places have
	Answers   []string // followers' variables whose answers the places have
	Places    []Place  // by rising At
	Remarks   []string // which variables are held where, and what was left out
}

// Place is a value of the leader's variable with the followers' problems solved at it. What does not exist is NaN.
type Place struct {
	At float64
	// Best is F(x, y) where the followers break ties for the leader and within its constraints; Worst where they break them against it.
	Best, Worst float64
	// Values are the followers' optimal objectives, as declared.
	Values []float64
	// Low and High are the least and the largest value of each of the Answers over the followers' optimal answers that satisfy the
	// leader's constraints: the inducible region over this place. Where the tie was not examined both are the value found.
	Low, High []float64
	Reason    string // why there is no verified answer within the leader's constraints; "" where there is one
}

// Answered reports whether the followers have a verified answer within the leader's constraints.
func (p *Place) Answered() bool { return p.Reason == "" }

// Jumps lists the indices of places between which and the one before a curve is not drawn: the value changes by more than a fiftieth of its
// range over a distance of less than a thousandth of that of the places.
func Jumps(places []Place, of func(*Place) float64) []int {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range places {
		if v := of(&places[i]); finite(v) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	var out []int
	for i := 1; i < len(places); i++ {
		wide := places[len(places)-1].At - places[0].At
		a, b := of(&places[i-1]), of(&places[i])
		if math.Abs(b-a) > 0.02*(high-low) && places[i].At-places[i-1].At < 1e-3*wide {
			out = append(out, i)
		}
	}
	return out
}

func (d *document) response() {
	r := d.p.Response
	d.line(`<p>The leader's variable `, esc(r.Along), ` goes through its values; at each place the followers are solved again.</p>`)
	for _, s := range r.Remarks {
		d.line(`<p class="soft">`, esc(s), `</p>`)
	}
	name := r.Objective
	if name == "" {
		name = "objective"
	}
	curve := func(title string, colour int, of func(*Place) float64) series {
		s := series{name: title, kind: "line", colour: colour, jumps: Jumps(r.Places, of)}
		for i := range r.Places {
			s.points = append(s.points, []float64{r.Places[i].At, of(&r.Places[i])})
		}
		return s
	}
	var none [][]float64
	for i := range r.Places {
		if !r.Places[i].Answered() {
			none = append(none, []float64{r.Places[i].At, 0})
		}
	}
	with := func(c *chart) *chart {
		if none != nil {
			c.series = append(c.series, series{name: "no verified answer", kind: "none", colour: 1, points: none})
		}
		return c
	}
	d.line(`<h3>Leader's objective `, esc(name), `</h3>`)
	c := &chart{x: r.Along, y: name, here: r.Here}
	c.series = append(c.series, curve("ties for the leader", 0, func(p *Place) float64 { return p.Best }))
	if slices.ContainsFunc(r.Places, func(p Place) bool { return finite(p.Worst) }) {
		c.series = append(c.series, curve("ties against the leader", 1, func(p *Place) float64 { return p.Worst }))
	}
	d.chart("response-leader", "Leader's objective along "+r.Along, with(c))
	if len(r.Followers) > 0 {
		d.line(`<h3>Value function of the followers</h3>`)
		d.line(`<p>The best value that each follower can reach at the leader's decision.</p>`)
		c := &chart{x: r.Along, y: "optimal value", here: r.Here}
		for k, f := range r.Followers {
			c.series = append(c.series, curve(f, k+2, func(p *Place) float64 { return entry(p.Values, k) }))
		}
		d.chart("response-followers", "Value function along "+r.Along, with(c))
	}
	if len(r.Answers) > 0 {
		d.line(`<h3>Inducible region</h3>`)
		d.line(`<p>The followers' optimal answers over the leader's decision, within the leader's constraints. A vertical bar is a tie: all between its ends is optimal.</p>`)
		c := &chart{x: r.Along, y: "answer", here: r.Here}
		for k, a := range r.Answers {
			s := series{name: a, kind: "ties", colour: k, jumps: Jumps(r.Places, func(p *Place) float64 { return entry(p.Low, k) })}
			for i := range r.Places {
				p := &r.Places[i]
				s.points = append(s.points, []float64{p.At, entry(p.Low, k), entry(p.High, k)})
			}
			c.series = append(c.series, s)
		}
		d.chart("response-answers", "Inducible region along "+r.Along, with(c))
	}
	d.line(`<details><summary>`, report.Count(len(r.Places), "place"), ` as a table</summary>`)
	d.dataTable("places", "Response", placeTable(r))
	d.line(`</details>`)
}

// placeTable has a row a place.
func placeTable(r *Response) *dataTable {
	t := &dataTable{rows: len(r.Places), value: -1}
	column := func(name string, of func(*Place) float64) {
		v := make([]float64, len(r.Places))
		for i := range r.Places {
			v[i] = of(&r.Places[i])
		}
		t.numbers(name, v)
	}
	column(r.Along, func(p *Place) float64 { return p.At })
	column("ties for the leader", func(p *Place) float64 { return p.Best })
	column("ties against it", func(p *Place) float64 { return p.Worst })
	for k, f := range r.Followers {
		column("value of "+f, func(p *Place) float64 { return entry(p.Values, k) })
	}
	for k, a := range r.Answers {
		column(a+" from", func(p *Place) float64 { return entry(p.Low, k) })
		column(a+" to", func(p *Place) float64 { return entry(p.High, k) })
	}
	reasons := make([]string, len(r.Places))
	for i, p := range r.Places {
		reasons[i] = p.Reason
	}
	t.texts("remark", reasons)
	return t
}
