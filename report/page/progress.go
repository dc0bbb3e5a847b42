package page

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// hasProgress reports whether there is a value to draw.
func hasProgress(list []report.State) bool {
	return slices.ContainsFunc(list, func(s report.State) bool { return finite(s.Incumbent) || finite(s.Bound) })
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// progress draws the incumbent and the bound over the time, and lists the steps.
func (d *document) progress() {
	name := d.m.Leader().Objective().Name
	if name == "" {
		name = "objective"
	}
	c := &chart{x: "seconds", y: name, here: math.NaN()}
	better := Better(d.m)
	for k, s := range []struct {
		name string
		of   func(report.State) float64
	}{{"best point", func(s report.State) float64 { return s.Incumbent }}, {"bound", func(s report.State) float64 { return s.Bound }}} {
		if points := Steps(d.p.Progress, s.of, better[k]); len(points) > 0 {
			c.series = append(c.series, series{name: s.name, kind: "step", colour: k, points: points})
		}
	}
	d.chart("progress", "Best point and bound over time", c)
	d.line(`<details><summary>Progress as a table</summary>`)
	d.dataTable("states", "Progress", stateTable(d.p.Progress))
	d.line(`</details>`)
}

// Better returns the numbers by which values are compared with Steps: for the best points and for the bounds of a model, 1 where larger values are better.
func Better(m *model.Model) [2]float64 {
	sign := m.Leader().Objective().Sense.Sign()
	return [2]float64{-sign, sign}
}

// Steps are the changes of a value over time, as pairs of seconds and value, the last one known at the end of time too. Several searches that run at
// once report each its own: the best so far counts, the largest where better is 1, the smallest where it is -1.
func Steps(list []report.State, of func(report.State) float64, better float64) [][]float64 {
	var out [][]float64
	for _, s := range list {
		v := of(s)
		if !finite(v) {
			continue
		}
		at := s.Elapsed.Seconds()
		switch n := len(out); {
		case n > 0 && better*v <= better*out[n-1][1]:
		case n > 0 && out[n-1][0] == at:
			out[n-1][1] = v
		default:
			out = append(out, []float64{at, v})
		}
	}
	if len(out) == 0 {
		return nil
	}
	if end := list[len(list)-1].Elapsed.Seconds(); end > out[len(out)-1][0] {
		out = append(out, []float64{end, out[len(out)-1][1]})
	}
	return out
}

// stateTable has a row for each state that says something new.
func stateTable(list []report.State) *dataTable {
	var seconds, incumbent, bound, nodes []float64
	var step, message []string
	for k, s := range list {
		if k > 0 {
			b := list[k-1]
			if same(s.Incumbent, b.Incumbent) && same(s.Bound, b.Bound) && s.Message == "" && s.Step == b.Step {
				continue
			}
		}
		seconds, incumbent, bound = append(seconds, s.Elapsed.Seconds()), append(incumbent, s.Incumbent), append(bound, s.Bound)
		nodes, step, message = append(nodes, float64(s.Nodes)), append(step, s.Step), append(message, s.Message)
	}
	t := &dataTable{rows: len(seconds), value: -1}
	t.numbers("seconds", seconds)
	t.texts("step", step)
	t.numbers("best point", incumbent)
	t.numbers("bound", bound)
	t.numbers("nodes", nodes)
	t.texts("message", message)
	return t
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
