package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

type explainFlags struct {
	input     input
	plan      planFlags
	json, all bool
}

func (a *app) explainCommand() *cobra.Command {
	f := &explainFlags{}
	c := &cobra.Command{
		Use:   "explain FILE.mod [FILE.dat ...]",
		Short: "Say what kind of model it is, how it would be solved, and why not otherwise",
		Long: `Classify each player's problem with the reasons, list what links the levels (leader's
variables in a follower's problem, leader's constraints with follower's variables), and
show the plan that "bilevelc solve" would follow, and why not the others. The model itself
is not solved.

With --json one object is written, with the keys model, variables, constraints,
constructs, leader, followers, plan (null where there is none, and no_plan says why),
backend, why, rejected, notes.`,
		Example: `  bilevelc explain toll.mod toll.dat
  bilevelc explain toll.mod toll.dat --reform kkt+sos1 --json`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.explain(c.Context(), f, args) },
	}
	f.input.flags(c)
	f.plan.flags(c)
	c.Flags().BoolVar(&f.json, "json", false, "write one JSON object")
	c.Flags().BoolVar(&f.all, "all", false, "show every follower")
	return c
}

func (a *app) explain(ctx context.Context, f *explainFlags, names []string) error {
	ctx, release := interruptible(ctx)
	defer release()
	m, err := f.input.read(ctx, a, names)
	if err != nil {
		return err
	}
	var opt bilevel.Options
	f.plan.set(&opt)
	e, err := bilevel.Explain(m, opt)
	if err != nil {
		return classified(err)
	}
	if f.json {
		return a.writeExplanation(m, e)
	}
	s := style(a.stdout)
	s.All = f.all
	x := &report.Explanation{Model: m, Classification: e.Classification, NoPlan: e.NoPlan, Notes: e.Notes}
	if e.Plan != nil {
		x.Plan, x.Backend, x.Why = e.Plan.Passes, e.Plan.Backend, e.Plan.Why
	}
	for _, r := range e.Rejected {
		x.Rejected = append(x.Rejected, report.RejectedPlan{Chain: r.Chain, Backend: r.Backend, Reason: r.Reason})
	}
	return report.WriteExplanation(a.out, x, s)
}

// writeExplanation writes {model, constructs, leader, followers, plan, backend, why, no_plan, rejected, notes}.
func (a *app) writeExplanation(m *bilevel.Model, e *bilevel.Explanation) error {
	j := newJSON(a.out)
	j.object("", func() {
		j.text("model", m.Name)
		j.integer("variables", m.NumVars())
		j.integer("constraints", m.NumRows())
		j.list("constructs", func() {
			for _, c := range e.Constructs.List() {
				j.next()
				j.quote(c.String())
			}
		})
		j.object("leader", func() { playerKeys(j, m, e.Classification.Leader, false) })
		j.list("followers", func() {
			for i, f := range e.Classification.Followers {
				j.object("", func() {
					playerKeys(j, m, f, true)
					if i < len(e.Statements) {
						j.boolean("conditions_exact", e.Statements[i].Exact())
						j.text("conditions", e.Statements[i].Text(m))
					}
				})
			}
		})
		if e.Plan == nil {
			j.null("plan")
			j.text("no_plan", e.NoPlan)
		} else {
			j.texts("plan", e.Plan.Passes)
			j.text("backend", e.Plan.Backend)
			j.texts("why", e.Plan.Why)
		}
		j.list("rejected", func() {
			for _, r := range e.Rejected {
				j.object("", func() {
					j.text("chain", r.Chain)
					j.text("backend", r.Backend)
					j.text("reason", r.Reason)
				})
			}
		})
		j.texts("notes", e.Notes)
	})
	return j.end()
}

func playerKeys(j *jsonWriter, m *bilevel.Model, p model.PlayerClass, follower bool) {
	j.text("name", p.Name)
	j.text("class", p.Class.String())
	j.text("convex", p.Convex.String())
	j.integer("variables", p.Vars)
	j.integer("integer_variables", p.Integers)
	j.integer("constraints", p.Rows)
	j.integer("pairs", p.Pairs)
	j.texts("reasons", p.Reasons)
	if !follower {
		return
	}
	list := func(key string, of []int, name func(int) string) {
		j.list(key, func() {
			for _, i := range of {
				j.next()
				j.quote(name(i))
			}
		})
	}
	list("linking_variables", p.Linking, m.VarName)
	list("coupling_constraints", p.Coupling, m.RowName)
}
