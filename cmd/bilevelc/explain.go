package main

import (
	"context"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

type explainFlags struct {
	input     input
	plan      planFlags
	json, all bool
	diagnose  bool
	timeLimit durationFlag
}

func (a *app) explainCommand() *cobra.Command {
	f := &explainFlags{}
	c := &cobra.Command{
		Use:   "explain FILE.mod [FILE.dat ...]",
		Short: "Say what kind of model it is, how it would be solved, and why not otherwise",
		Long: `Classify each player's problem with the reasons, list what links the levels (leader's
variables in a follower's problem, leader's constraints with follower's variables), and
show the plan that "bilevelc solve" would follow, and why not the others.

What is wrong with a model of up to 20000 coefficients is looked for as well, within two
seconds: constraints and bounds of both levels that cannot hold together, a direction in
which the constraints set the leader's objective no limit, followers that have no answer,
variables that nothing uses. Where the constraints can hold together and the followers'
optimal answers cannot, it takes a solution of the model to know: a model of up to 500
coefficients is solved.
With --diagnose a page about that alone is written: the model is solved whatever its size,
and all findings are shown, also decisions of the leader to which a follower has no answer,
how much the followers' ties matter, how large and small the numbers are, and what may be a
slip.

With --json one object is written, with the keys model, variables, constraints,
constructs, leader, followers, plan (null where there is none, and no_plan says why),
backend, why, rejected, notes, diagnosis. The diagnosis is null where none was made; its
keys are complete (with --diagnose), verdict, relaxation, problem, curved (statuses; the
last of the constraints that are not linear, with all others), omitted,
conflict (scope: relaxation, problem or follower; irreducible, integral, members with
kind, player, name, side, text), ray and answer_ray (player, rate, direction by variable,
stays_optimal, sampled if found by trying, grounds), followers (name, tried, infeasible,
unbounded, infeasible_at and unbounded_at with decision, conflict, ray), ties (where,
best, worst), scaling (levels with matrix, costs, right_hand_sides, bounds; hints), slips
(kind, hint, player, names, total, text), unfinished. What was not found is null; the
leader's player name is leader.`,
		Example: `  bilevelc explain toll.mod toll.dat
  bilevelc explain toll.mod toll.dat --diagnose
  bilevelc explain toll.mod toll.dat --reform kkt+sos1 --json`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.explain(c.Context(), f, args) },
	}
	f.input.flags(c)
	f.plan.flags(c)
	c.Flags().BoolVar(&f.json, "json", false, "write one JSON object")
	c.Flags().BoolVar(&f.all, "all", false, "show every follower")
	c.Flags().BoolVar(&f.diagnose, "diagnose", false, "say all that may be wrong with the model, in place of its plan; it is solved for that")
	f.timeLimit = durationFlag(20 * time.Second)
	c.Flags().Var(&f.timeLimit, "time-limit", "end the diagnosis after that `time`: seconds, or a duration like 90s or 5m (0: no limit)")
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
	d, err := f.diagnosis(ctx, m, opt)
	if err != nil {
		return classified(err)
	}
	if f.json {
		return a.writeExplanation(m, e, d, f.diagnose)
	}
	s := style(a.stdout)
	s.All = f.all
	if f.diagnose {
		return report.WriteDiagnosis(a.out, m, d, false, s)
	}
	x := &report.Explanation{Model: m, Classification: e.Classification, NoPlan: e.NoPlan, Notes: e.Notes}
	if e.Plan != nil {
		x.Plan, x.Backend, x.Why = e.Plan.Passes, e.Plan.Backend, e.Plan.Why
	}
	for _, r := range e.Rejected {
		x.Rejected = append(x.Rejected, report.RejectedPlan{Chain: r.Chain, Backend: r.Backend, Reason: r.Reason})
	}
	if err := report.WriteExplanation(a.out, x, s); err != nil || d == nil {
		return err
	}
	return report.WriteDiagnosis(a.out, m, d, true, s)
}

// The numbers of coefficients and variables up to which a model is diagnosed without being asked for, and up to which it is then also solved.
const (
	largestQuick  = 20000
	largestSolved = 500
)

// diagnosis diagnoses the model: all of it where that is asked for, else what takes no time. It is nil where a large model is only explained, and
// where a diagnosis that nobody asked for lacks a solver.
func (f *explainFlags) diagnosis(ctx context.Context, m *bilevel.Model, opt bilevel.Options) (*diagnose.Report, error) {
	d := bilevel.DiagnoseOptions{Options: opt}
	d.TimeLimit = time.Duration(f.timeLimit)
	if d.TimeLimit == 0 {
		d.TimeLimit = math.MaxInt64
	}
	if !f.diagnose {
		size := m.NumNonzeros() + m.NumVars()
		if size > largestQuick {
			return nil, nil
		}
		d.Quick = size > largestSolved
		d.Decisions, d.SolveTime, d.TimeLimit = 8, time.Second, min(d.TimeLimit, 2*time.Second)
	}
	r, err := bilevel.Diagnose(ctx, m, d)
	if err != nil && !f.diagnose {
		return nil, nil
	}
	return r, err
}

// writeExplanation writes {model, constructs, leader, followers, plan, backend, why, no_plan, rejected, notes, diagnosis}.
func (a *app) writeExplanation(m *bilevel.Model, e *bilevel.Explanation, d *diagnose.Report, complete bool) error {
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
		if d == nil {
			j.null("diagnosis")
		} else {
			writeDiagnosis(j, m, d, complete)
		}
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
