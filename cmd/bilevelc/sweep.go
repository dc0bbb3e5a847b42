package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report/plot"
)

// sweepFlags are what "bilevelc sweep" takes.
type sweepFlags struct {
	params []string
	plan   planFlags
	effort effortFlags

	gap                             gapFlag
	seed, multistart                int
	plot                            string
	json, csv, cold, verbose, quiet bool
}

func (a *app) sweepCommand() *cobra.Command {
	f := &sweepFlags{}
	c := &cobra.Command{
		Use:   "sweep FILE.mod [FILE.dat ...] --param NAME=FROM:TO:STEP",
		Short: "Solve a model for many values of its parameters",
		Long: `Solve a model for each value of a parameter, or for each combination of the values of
several, and show how the leader's objective depends on them: as a table, as a chart in the
terminal, as JSON or CSV, and as a picture. Values are a range, from:to:step, or a list,
1,2,5; a single value fixes a parameter as it does in solve. Each point starts from what
the others have left: from their decisions, answered again by the followers, and from
their bounds where these still hold. A point whose answer follows from the others is given
without a search. Every point is checked as solve checks it.

--time-limit is that of each point. A point that is infeasible, unbounded or stopped says
so, and the sweep goes on; Ctrl-C ends it with the points solved so far. Lines of a chart
are not drawn across points without a value.

With --json one object is written to standard output, with the keys model, parameters,
points, seconds. A point has the keys values (by parameter), status, proof, objective,
bound, gap, nodes, iterations, seconds, start (objective of the decision that it started
from), carried_bound (bound that another point has proven), settled (no search),
decision (the leader's variables), notes, error. What does not exist is null.`,
		Example: `  bilevelc sweep toll.mod toll.dat --param cap=2:20:2 --time-limit 60s
  bilevelc sweep roads.mod --param demand=50:150:5 --plot revenue.svg
  bilevelc sweep roads.mod --param 'time["toll"]=1,2,3' --param demand=50,100 --csv`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.sweep(c.Context(), f, args) },
	}
	c.Flags().StringArrayVar(&f.params, "param", nil, "values of a parameter: `name=from:to:step`, name=1,2,5 or name=3; name[3]=... for a member (repeatable)")
	f.plan.flags(c)
	f.effort.flags(c)
	f.gap.flag(c, "the search")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which random choices are drawn")
	c.Flags().IntVar(&f.multistart, "multistart", 0, "`number` of points that a local method sets out from (0: 8 for up to 30 variables, else 1)")
	c.Flags().StringVar(&f.plot, "plot", "", "draw the objective over the last parameter into that `file`, .svg, .png or .pdf")
	c.Flags().BoolVar(&f.cold, "cold", false, "solve each point from nothing, for comparison")
	c.Flags().BoolVar(&f.json, "json", false, "write the points as one JSON object")
	c.Flags().BoolVar(&f.csv, "csv", false, "write the points as comma-separated values")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show what the solvers print and each point as it is solved, on standard error")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json and --csv ask for")
	return c
}

func (a *app) sweep(ctx context.Context, f *sweepFlags, names []string) error {
	if f.json && f.csv {
		return &usageError{"--json and --csv exclude each other", "choose one of them"}
	}
	format, err := pictureFormat(f.plot)
	if err != nil {
		return err
	}
	if err := writable(names, f.plot); err != nil {
		return err
	}
	t, err := a.sweepPoints(ctx, f, names)
	if err != nil {
		return err
	}
	if f.plot != "" {
		if err := a.writeTo(f.plot, func(w io.Writer) error { return t.chart().WriteImage(w, format) }); err != nil {
			return err
		}
	}
	switch {
	case f.json:
		return t.writeJSON(a.out)
	case f.csv:
		return t.writeCSV(a.out)
	case f.quiet:
		return nil
	}
	return t.write(a.out, style(a.stdout))
}

// sweepPoints solves the points of a sweep, and sets the exit code.
func (a *app) sweepPoints(ctx context.Context, f *sweepFlags, names []string) (*sweepTable, error) {
	if f.quiet && f.verbose {
		return nil, &usageError{"--quiet and --verbose exclude each other", "choose one of them"}
	}
	params, fixed, err := sweepParams(f.params)
	if err != nil {
		return nil, err
	}
	opt := bilevel.Options{Gap: float64(f.gap), Seed: f.seed, Multistart: f.multistart}
	f.plan.set(&opt)
	if err := f.effort.set(&opt); err != nil {
		return nil, err
	}
	ctx, release := interruptible(ctx)
	defer release()
	file, err := a.parse(names)
	if err != nil {
		return nil, err
	}
	build := func(ctx context.Context, values []float64) (*bilevel.Model, error) {
		all := map[string]float64{}
		for k, v := range fixed {
			all[k] = v
		}
		for i, p := range params {
			all[p.Name] = values[i]
		}
		return instantiate(ctx, file, names, all)
	}
	progress := a.watch(&opt, &solveFlags{quiet: f.quiet, json: f.json || f.csv, verbose: f.verbose})
	t := &sweepTable{params: params}
	done := 0
	t.points, err = bilevel.Sweep(ctx, params, build, bilevel.SweepOptions{Solve: opt, Cold: f.cold, Done: func(k int, p bilevel.SweepPoint) {
		if done++; f.verbose {
			progress.Println(fmt.Sprintf("point %d of %d: %s: %s", done, size(params), t.place(p), outcome(p)))
		}
	}})
	progress.Done()
	if err != nil {
		return nil, sweepError(err)
	}
	a.code = t.exitCode()
	return t, nil
}

// sweepError is the error of a sweep of which no point could be solved.
func sweepError(err error) error {
	if errors.Is(err, context.Canceled) {
		return &stoppedError{fmt.Errorf("interrupted before a point was solved: %w", err)}
	}
	var stopped *stoppedError
	if errors.As(err, &stopped) {
		return err
	}
	return inputOrSolver(err)
}

// pictureFormat is the format that the name of the picture of --plot asks for.
func pictureFormat(name string) (string, error) { return pictureFormatOf("plot", name) }

// pictureFormatOf is the format that the name of a picture asks for, which a flag gives.
func pictureFormatOf(flag, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")
	if !slices.Contains(plot.Formats, format) {
		return "", &usageError{fmt.Sprintf("--%s %s: %v", flag, name, &plot.FormatError{Format: format}), "give the file a name that ends with .svg, .png or .pdf"}
	}
	return format, nil
}

// size is the number of points.
func size(params []bilevel.Parameter) int {
	n := 1
	for _, p := range params {
		n *= len(p.Values)
	}
	return n
}
