package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report"
)

// compareFlags are what "bilevelc compare" takes.
type compareFlags struct {
	input  input
	effort effortFlags

	gap                             gapFlag
	seed, multistart                int
	ways                            []string
	json, csv, verbose, quiet, skip bool
}

func (a *app) compareCommand() *cobra.Command {
	f := &compareFlags{}
	c := &cobra.Command{
		Use:   "compare FILE.mod [FILE.dat ...]",
		Short: "Solve a model in every way that applies, and compare them",
		Long: `Solve a model through every chain of reformulations and every backend that apply to it, one
after the other, each within --time-limit (30 s), and print one table: the objective that
was verified, what is proven of it, the gap, nodes or iterations, time, and the size of the
model that the backend was handed. Ways that do not apply are listed after it, with the reason.

--way names the ways instead, as CHAIN/BACKEND: --way kkt+big-m/highs --way auto/auto.

With --json one object is written to standard output, with the keys model, ways, seconds. A
way has the keys reform, backend, status, proof, stationarity, objective, bound, gap, verified, nodes,
iterations, seconds, plan, size (variables, constraints, nonzeros, pairs, integers), not_for
(why it does not apply), error. What does not exist is null.`,
		Example: `  bilevelc compare toll.mod toll.dat --time-limit 60s
  bilevelc compare game.mod --way kkt+relax:scholtes/ipopt --way kkt+relax:scholtes/builtin --csv`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.compare(c.Context(), f, args) },
	}
	f.input.flags(c)
	f.effort.flags(c)
	c.Flags().StringArrayVar(&f.ways, "way", nil, "a `chain/backend` to run instead of all that apply (repeatable)")
	f.gap.flag(c, "the search")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which random choices are drawn")
	c.Flags().IntVar(&f.multistart, "multistart", 0, "`number` of points that a local method sets out from (0: 8 for up to 30 variables, else 1)")
	c.Flags().BoolVar(&f.skip, "applicable", false, "leave out the list of ways that do not apply")
	c.Flags().BoolVar(&f.json, "json", false, "write the ways as one JSON object")
	c.Flags().BoolVar(&f.csv, "csv", false, "write the ways as comma-separated values")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show what the solvers print and each way as it is done, on standard error")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json and --csv ask for")
	return c
}

func (a *app) compare(ctx context.Context, f *compareFlags, names []string) error {
	switch {
	case f.quiet && f.verbose:
		return &usageError{"--quiet and --verbose exclude each other", "choose one of them"}
	case f.json && f.csv:
		return &usageError{"--json and --csv exclude each other", "choose one of them"}
	}
	ways, err := namedWays(f.ways)
	if err != nil {
		return err
	}
	opt := bilevel.Options{Gap: float64(f.gap), Seed: f.seed, Multistart: f.multistart}
	if err := f.effort.set(&opt); err != nil {
		return err
	}
	ctx, release := interruptible(ctx)
	defer release()
	m, err := f.input.read(ctx, a, names)
	if err != nil {
		return err
	}
	progress := a.watch(&opt, &solveFlags{quiet: f.quiet, json: f.json || f.csv, verbose: f.verbose})
	t := &comparison{model: m}
	t.list, err = bilevel.Compare(ctx, m, bilevel.CompareOptions{Solve: opt, Ways: ways, Done: func(_ int, c bilevel.Comparison) {
		if f.verbose {
			progress.Println(fmt.Sprintf("%v: %s", c.Way, t.outcome(c)))
		}
	}})
	progress.Done()
	if err != nil && !errors.Is(err, context.Canceled) {
		return classified(err)
	}
	a.code = t.exitCode()
	switch {
	case f.json:
		return t.writeJSON(a.out)
	case f.csv:
		return t.writeCSV(a.out)
	case f.quiet:
		return nil
	}
	return t.write(a.out, style(a.stdout), !f.skip)
}

// namedWays reads the values of --way, and refuses names that do not exist.
func namedWays(list []string) ([]bilevel.Way, error) {
	var ways []bilevel.Way
	for _, s := range list {
		k := strings.LastIndex(s, "/")
		if k < 0 {
			return nil, &usageError{fmt.Sprintf("--way %q has no backend", s), "write it as chain/backend, for instance kkt+big-m/highs"}
		}
		w := bilevel.Way{Reform: s[:k], Backend: s[k+1:]}
		if err := w.Check(); err != nil {
			return nil, &usageError{fmt.Sprintf("--way %s: %v", s, err), ""}
		}
		ways = append(ways, w)
	}
	return ways, nil
}

// comparison is what came of all ways.
type comparison struct {
	model *bilevel.Model
	list  []bilevel.Comparison
}

// exitCode is that of the best way: the question was which one that is.
func (t *comparison) exitCode() int {
	code := exitNoGood
	for _, c := range t.list {
		if c.Result != nil && exitCode(c.Result) == exitDone {
			code = exitDone
		}
	}
	return code
}

// outcome is what came of a way, in a few words.
func (t *comparison) outcome(c bilevel.Comparison) string {
	switch {
	case c.NotFor != "":
		return "does not apply: " + c.NotFor
	case c.Err != nil:
		return c.Err.Error()
	case verified(c.Result):
		return report.Number(c.Result.Objective) + " (" + proofWord(c.Result) + ")"
	}
	return statusWord(c.Result)
}

// proofWord is the proof, with the class of a stationary point.
func proofWord(r *bilevel.Result) string {
	if r.Stationarity != "" {
		return r.Proof.String() + ", " + r.Stationarity
	}
	return r.Proof.String()
}

// effortOf is the number of nodes, or of iterations where there are no nodes.
func effortOf(r *bilevel.Result) string {
	if r.Nodes > 0 || r.Iterations == 0 {
		return strconv.Itoa(r.Nodes)
	}
	return strconv.Itoa(r.Iterations) + " it"
}

// write prints the table, and why the other ways do not apply.
func (t *comparison) write(w io.Writer, s report.Style, all bool) error {
	table := &report.Table{Head: []string{"way", "objective", "status", "proof", "gap", "nodes", "seconds", "variables", "constraints", "nonzeros", "pairs"},
		Align: []report.Align{report.Left, report.Decimal, report.Left, report.Left, report.Right, report.Right, report.Decimal, report.Right, report.Right, report.Right, report.Right}}
	others := &report.Table{Align: []report.Align{report.Left, report.Left}}
	for _, c := range t.list {
		switch {
		case c.NotFor != "":
			others.Rows = append(others.Rows, []string{c.Way.String(), c.NotFor})
			continue
		case c.Err != nil:
			others.Rows = append(others.Rows, []string{c.Way.String(), "failed: " + c.Err.Error()})
			continue
		}
		r, objective := c.Result, math.NaN()
		if verified(r) {
			objective = r.Objective
		}
		name := c.Way.String()
		if c.Way.Reform == "auto" {
			name += " (" + strings.Join(r.Plan, "+") + " -> " + r.Backend + ")"
		}
		table.Rows = append(table.Rows, []string{name, report.Number(objective), statusWord(r), proofWord(r), report.Percent(r.Gap), effortOf(r), strconv.FormatFloat(r.Seconds, 'f', 3, 64),
			strconv.Itoa(r.Size.Vars), strconv.Itoa(r.Size.Rows), strconv.Itoa(r.Size.Nonzeros), strconv.Itoa(r.Size.Pairs)})
	}
	if err := table.Write(w, s); err != nil {
		return err
	}
	if !all || len(others.Rows) == 0 {
		return nil
	}
	fmt.Fprintln(w, "\nWays that do not apply:")
	return others.Write(w, s)
}

// writeCSV writes one line a way; what does not exist is empty.
func (t *comparison) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"reform", "backend", "objective", "status", "proof", "stationarity", "bound", "gap", "verified", "nodes", "iterations", "seconds", "variables", "constraints", "nonzeros", "pairs", "integers", "remark"})
	number := func(v float64) string {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, c := range t.list {
		row := []string{c.Way.Reform, c.Way.Backend}
		if r := c.Result; r != nil {
			row = append(row, number(r.Objective), statusWord(r), r.Proof.String(), r.Stationarity, number(r.Bound), number(r.Gap), strconv.FormatBool(verified(r)),
				strconv.Itoa(r.Nodes), strconv.Itoa(r.Iterations), strconv.FormatFloat(r.Seconds, 'f', 6, 64),
				strconv.Itoa(r.Size.Vars), strconv.Itoa(r.Size.Rows), strconv.Itoa(r.Size.Nonzeros), strconv.Itoa(r.Size.Pairs), strconv.Itoa(r.Size.Integers), "")
		} else {
			row = append(row, make([]string, 15)...)
			row = append(row, t.outcome(c))
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// writeJSON writes the object that the help describes.
func (t *comparison) writeJSON(w io.Writer) error {
	j := newJSON(w)
	j.object("", func() {
		j.text("model", t.model.Name)
		seconds := 0.0
		j.list("ways", func() {
			for _, c := range t.list {
				if c.Result != nil {
					seconds += c.Result.Seconds
				}
				j.object("", func() { t.way(j, c) })
			}
		})
		j.number("seconds", seconds)
	})
	return j.end()
}

func (t *comparison) way(j *jsonWriter, c bilevel.Comparison) {
	j.text("reform", c.Way.Reform)
	j.text("backend", c.Way.Backend)
	r := c.Result
	if r == nil {
		j.text("status", "error")
		for _, k := range []string{"proof", "stationarity", "objective", "bound", "gap", "verified", "nodes", "iterations", "seconds", "plan", "size"} {
			j.null(k)
		}
		if c.Err != nil {
			j.null("not_for")
			errorObject(j, c.Err)
		} else {
			j.text("not_for", c.NotFor)
			j.null("error")
		}
		return
	}
	j.text("status", statusWord(r))
	j.text("proof", r.Proof.String())
	if r.Stationarity == "" {
		j.null("stationarity")
	} else {
		j.text("stationarity", r.Stationarity)
	}
	j.number("objective", r.Objective)
	j.number("bound", r.Bound)
	j.number("gap", r.Gap)
	j.boolean("verified", verified(r))
	j.integer("nodes", r.Nodes)
	j.integer("iterations", r.Iterations)
	j.number("seconds", r.Seconds)
	j.texts("plan", r.Plan)
	j.object("size", func() {
		j.integer("variables", r.Size.Vars)
		j.integer("constraints", r.Size.Rows)
		j.integer("nonzeros", r.Size.Nonzeros)
		j.integer("pairs", r.Size.Pairs)
		j.integer("integers", r.Size.Integers)
	})
	j.null("not_for")
	j.null("error")
}
