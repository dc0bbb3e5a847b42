package main

import (
	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
)

// writeDiagnosis writes the key diagnosis of "explain --json".
func writeDiagnosis(j *jsonWriter, m *bilevel.Model, d *diagnose.Report, complete bool) {
	j.object("diagnosis", func() {
		j.boolean("complete", complete)
		j.text("verdict", d.Verdict)
		j.text("relaxation", d.Relaxation.String())
		j.text("problem", d.Problem.String())
		j.texts("omitted", d.Omitted)
		j.text("curved", d.Curved.String())
		conflictKey(j, m, "conflict", d.Conflict)
		rayKey(j, m, "ray", d.Ray)
		rayKey(j, m, "answer_ray", d.AnswerRay)
		j.list("followers", func() {
			for _, f := range d.Followers {
				j.object("", func() {
					j.text("name", f.Name)
					j.integer("tried", f.Tried)
					j.integer("infeasible", f.Infeasible)
					j.integer("unbounded", f.Unbounded)
					decisionKey(j, m, "infeasible_at", f.InfeasibleAt)
					decisionKey(j, m, "unbounded_at", f.UnboundedAt)
				})
			}
		})
		if t := d.Ties; t == nil {
			j.null("ties")
		} else {
			j.object("ties", func() {
				j.text("where", t.Where)
				j.number("best", t.Best)
				j.number("worst", t.Worst)
			})
		}
		scalingKey(j, d.Scaling)
		j.list("slips", func() {
			for _, s := range d.Slips {
				j.object("", func() {
					j.text("kind", s.Kind.String())
					j.boolean("hint", s.Kind.Hint())
					j.text("player", m.Player(s.Player).Name())
					j.texts("names", s.Names)
					j.integer("total", s.Total)
					j.text("text", s.Text)
				})
			}
		})
		j.texts("unfinished", d.Unfinished)
	})
}

func conflictKey(j *jsonWriter, m *bilevel.Model, key string, c *diagnose.Conflict) {
	if c == nil {
		j.null(key)
		return
	}
	j.object(key, func() {
		j.text("scope", c.Scope.String())
		j.boolean("irreducible", c.Irreducible)
		j.boolean("integral", c.Integral)
		j.list("members", func() {
			for _, e := range c.Members {
				j.object("", func() {
					j.text("kind", e.Kind.String())
					j.text("player", m.Player(e.Player).Name())
					j.text("name", e.Name)
					switch {
					case e.Kind == diagnose.Optimality || e.Kind == diagnose.Complement:
						j.null("side")
					case e.Upper:
						j.text("side", "upper")
					default:
						j.text("side", "lower")
					}
					j.text("text", e.Text)
				})
			}
		})
	})
}

func rayKey(j *jsonWriter, m *bilevel.Model, key string, r *diagnose.Ray) {
	if r == nil {
		j.null(key)
		return
	}
	j.object(key, func() {
		j.text("player", m.Player(r.Player).Name())
		j.number("rate", r.Rate)
		entriesKey(j, "direction", r.Entries)
		if r.Stays == model.Unknown {
			j.null("stays_optimal")
		} else {
			j.boolean("stays_optimal", r.Stays == model.Yes)
		}
		if r.Sampled {
			j.boolean("sampled", true)
		}
		j.text("grounds", r.Grounds)
	})
}

func entriesKey(j *jsonWriter, key string, list []diagnose.Entry) {
	j.object(key, func() {
		for _, e := range list {
			j.number(e.Name, e.Value)
		}
	})
}

func decisionKey(j *jsonWriter, m *bilevel.Model, key string, d *diagnose.Decision) {
	if d == nil {
		j.null(key)
		return
	}
	j.object(key, func() {
		entriesKey(j, "decision", d.Entries)
		conflictKey(j, m, "conflict", d.Conflict)
		rayKey(j, m, "ray", d.Ray)
	})
}

func scalingKey(j *jsonWriter, s diagnose.Scaling) {
	extreme := func(key string, e diagnose.Extreme) {
		j.object(key, func() {
			j.number("value", e.Value)
			j.text("constraint", e.Constraint)
			j.text("variable", e.Variable)
		})
	}
	numbers := func(key string, r diagnose.Range) {
		if r.Count == 0 {
			j.null(key)
			return
		}
		j.object(key, func() {
			extreme("smallest", r.Smallest)
			extreme("largest", r.Largest)
		})
	}
	j.object("scaling", func() {
		j.list("levels", func() {
			for _, l := range s.Levels {
				j.object("", func() {
					j.text("level", l.Level)
					numbers("matrix", l.Matrix)
					numbers("costs", l.Costs)
					numbers("right_hand_sides", l.RightHandSides)
					numbers("bounds", l.Bounds)
				})
			}
		})
		j.texts("hints", s.Hints)
	})
}
