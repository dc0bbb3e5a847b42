package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/report/plot"
)

// plotFlags are what "bilevelc plot" takes.
type plotFlags struct {
	kind, out string
	params    []string
	response  responseFlags
	plan      planFlags
	effort    effortFlags
	gap       gapFlag
	seed      int
}

// plotKinds are the pictures that the command draws.
var plotKinds = []string{"progress", "response", "followers", "region", "value"}

func (a *app) plotCommand() *cobra.Command {
	f := &plotFlags{}
	c := &cobra.Command{
		Use:   "plot FILE.mod [FILE.dat ...]",
		Short: "Draw progress, the followers' response, or the value over a parameter",
		Long: `Draw a picture of a model, as SVG, PNG or PDF into the file of --out, or in the terminal. What is
drawn is said by --kind:

  progress   best point and bound over the seconds of a solve
  response   the leader's objective along one of its variables, --along NAME, with the
             followers solved again at each value: with ties broken for the leader and
             against it
  followers  the followers' optimal values along it, their value functions
  region     the followers' optimal answers along it, within the leader's constraints;
             a tie is drawn from its least to its largest answer
  value      the leader's optimal value over a parameter, --param NAME=FROM:TO:STEP

The leader's other variables stay as they are in the answer of a solve. Without --kind it is
response where --along is given, value where a --param is a range or a list, else progress.`,
		Example: `  bilevelc plot roads.mod
  bilevelc plot roads.mod --along t --out revenue.svg
  bilevelc plot roads.mod --along t=0:10 --kind region --out region.png
  bilevelc plot roads.mod --param demand=50:150:5 --out value.svg`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.plot(c.Context(), f, args) },
	}
	c.Flags().StringVar(&f.kind, "kind", "", "what is drawn, a `word`: "+strings.Join(plotKinds, ", "))
	c.Flags().StringVar(&f.out, "out", "", "`file` to draw into, .svg, .png or .pdf (default: the terminal)")
	c.Flags().StringArrayVar(&f.params, "param", nil, "value of a parameter: `name=value`, or the values of kind value: name=from:to:step, name=1,2,5 (repeatable)")
	f.response.flags(c)
	f.plan.flags(c)
	f.effort.flags(c)
	f.gap.flag(c, "the search")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which random choices are drawn")
	complete(c, "kind", plotKinds)
	return c
}

// chosen finds what is to be drawn, and checks that the flags go together.
func (f *plotFlags) chosen() (string, error) {
	kind := f.kind
	varied := false
	for _, p := range f.params {
		if k := strings.LastIndexByte(p, '='); k > 0 && strings.ContainsAny(p[k+1:], ":,") {
			varied = true
		}
	}
	if kind == "" {
		switch {
		case f.response.along != "":
			kind = "response"
		case varied:
			kind = "value"
		default:
			kind = "progress"
		}
	}
	switch kind {
	case "response", "followers", "region":
		if f.response.along == "" {
			return "", &usageError{"--kind " + kind + " needs a variable of the leader", "give --along NAME"}
		}
	case "progress", "value":
		if f.response.along != "" {
			return "", &usageError{"--kind " + kind + " goes along no variable", "leave --along out, or choose --kind response, followers or region"}
		}
		if kind == "value" && !varied {
			return "", &usageError{"--kind value needs the values of a parameter", "give --param NAME=FROM:TO:STEP"}
		}
	default:
		return "", &usageError{fmt.Sprintf("there is no kind of picture %q", kind), "choose --kind " + strings.Join(plotKinds, ", ")}
	}
	if varied && kind != "value" {
		return "", &usageError{"--kind " + kind + " takes one value of each parameter", "choose --kind value, or give --param NAME=VALUE"}
	}
	return kind, nil
}

func (a *app) plot(ctx context.Context, f *plotFlags, names []string) error {
	kind, err := f.chosen()
	if err != nil {
		return err
	}
	format, err := pictureFormatOf("out", f.out)
	if err != nil {
		return err
	}
	if err := writable(names, f.out); err != nil {
		return err
	}
	var c *plot.Chart
	if kind == "value" {
		t, err := a.sweepPoints(ctx, &sweepFlags{params: f.params, plan: f.plan, effort: f.effort, gap: f.gap, seed: f.seed}, names)
		if err != nil {
			return err
		}
		c = t.chart()
	} else if c, err = a.solvedChart(ctx, f, kind, names); err != nil {
		return err
	}
	if f.out != "" {
		return a.writeTo(f.out, func(w io.Writer) error { return c.WriteImage(w, format) })
	}
	s := style(a.stdout)
	if s.Width <= 0 {
		s.Width = 80
	}
	return c.WriteText(a.out, min(s.Width, 100))
}

// solvedChart solves the model and draws its progress, or the response at its answer.
func (a *app) solvedChart(ctx context.Context, f *plotFlags, kind string, names []string) (*plot.Chart, error) {
	ctx, release := interruptible(ctx)
	defer release()
	opt := bilevel.Options{Gap: float64(f.gap), Seed: f.seed}
	f.plan.set(&opt)
	if err := f.effort.set(&opt); err != nil {
		return nil, err
	}
	in := input{params: f.params}
	m, err := in.read(ctx, a, names)
	if err != nil {
		return nil, err
	}
	along, err := f.response.options(m)
	if err != nil {
		return nil, err
	}
	progress := a.watch(&opt, &solveFlags{})
	recording := (&reportFlags{file: f.out + "."}).record(&opt)
	r, err := bilevel.Solve(ctx, m, opt)
	progress.Done()
	if err != nil {
		return nil, classified(err)
	}
	a.code = exitCode(r)
	if kind == "progress" {
		return progressChart(r, recording.Events())
	}
	if r.Point == nil {
		return nil, &stoppedError{fmt.Errorf("%s: no point was found at which the leader's other variables could be held", r.Status)}
	}
	opt.Events, opt.Log = nil, nil
	response, err := bilevel.ResponseAlong(ctx, m, r.Point.X, along, opt)
	if err != nil {
		if ctx.Err() != nil {
			return nil, &stoppedError{err}
		}
		return nil, classified(err)
	}
	for _, s := range response.Remarks {
		fmt.Fprintln(a.stderr, "note:", s)
	}
	c := responseChart(response, kind)
	c.Title = m.Name
	return c, nil
}

// progressChart has the best point and the bound over the seconds.
func progressChart(r *bilevel.Result, events []bilevel.Event) (*plot.Chart, error) {
	c := &plot.Chart{Title: r.Model.Name, X: "seconds", Y: r.Model.Leader().Objective().Name}
	states := make([]report.State, len(events))
	for k, e := range events {
		states[k] = e.State()
	}
	better := page.Better(r.Model)
	for k, l := range []struct {
		name string
		of   func(report.State) float64
	}{{"best point", func(s report.State) float64 { return s.Incumbent }}, {"bound", func(s report.State) float64 { return s.Bound }}} {
		line := plot.Line{Name: l.name, Steps: true}
		for _, p := range page.Steps(states, l.of, better[k]) {
			line.Points = append(line.Points, plot.Point{X: p[0], Y: p[1]})
		}
		if line.Points != nil {
			c.Lines = append(c.Lines, line)
		}
	}
	if c.Lines == nil {
		return nil, &stoppedError{fmt.Errorf("%s: the solve has reported no point and no bound", r.Status)}
	}
	return c, nil
}
