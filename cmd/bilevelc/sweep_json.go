package main

import (
	"context"
	"errors"
	"io"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// stoppedPoint reports whether a point was left because the sweep was interrupted.
func stoppedPoint(err error) bool {
	var stopped *stoppedError
	return errors.As(err, &stopped) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// writeJSON writes the object that the help describes.
func (t *sweepTable) writeJSON(w io.Writer) error {
	j := newJSON(w)
	j.object("", func() {
		name, seconds := "", 0.0
		for _, p := range t.points {
			if p.Result != nil {
				name = p.Result.Model.Name
				seconds += p.Result.Seconds
			}
		}
		j.text("model", name)
		j.list("parameters", func() {
			for _, p := range t.params {
				j.object("", func() {
					j.text("name", p.Name)
					j.numbers("values", p.Values)
				})
			}
		})
		j.list("points", func() {
			for _, p := range t.points {
				j.object("", func() { t.point(j, p) })
			}
		})
		j.number("seconds", seconds)
	})
	return j.end()
}

// numbers writes a list of numbers.
func (j *jsonWriter) numbers(k string, list []float64) {
	j.list(k, func() {
		for _, v := range list {
			j.next()
			j.value(v)
		}
	})
}

func (t *sweepTable) point(j *jsonWriter, p bilevel.SweepPoint) {
	j.object("values", func() {
		for i, q := range t.params {
			j.number(q.Name, p.Values[i])
		}
	})
	j.text("status", pointStatus(p))
	if p.Err != nil {
		for _, k := range []string{"proof", "objective", "bound", "gap", "nodes", "iterations", "seconds", "start", "carried_bound", "settled", "decision"} {
			j.null(k)
		}
		j.texts("notes", nil)
		errorObject(j, p.Err)
		return
	}
	r := p.Result
	j.text("proof", r.Proof.String())
	j.number("objective", r.Objective)
	j.number("bound", r.Bound)
	j.number("gap", r.Gap)
	j.integer("nodes", r.Nodes)
	j.integer("iterations", r.Iterations)
	j.number("seconds", r.Seconds)
	j.number("start", p.Reuse.Start)
	j.number("carried_bound", p.Reuse.Bound)
	j.boolean("settled", p.Reuse.Settled)
	if r.Point == nil {
		j.null("decision")
	} else {
		j.object("decision", func() { leaderValues(j, r.Model, r.Point.X) })
	}
	j.texts("notes", allNotes(r))
	j.null("error")
}

// leaderValues writes the leader's variables.
func leaderValues(j *jsonWriter, m *model.Model, x []float64) {
	for k := range m.NumVars() {
		if m.VarOwner(k) == 0 {
			j.number(m.VarName(k), x[k])
		}
	}
}
