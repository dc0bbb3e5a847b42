package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report"
)

// solveFlags are what "bilevelc solve" takes.
type solveFlags struct {
	input  input
	plan   planFlags
	effort effortFlags
	search searchFlags
	report reportFlags

	gap                       gapFlag
	seed, multistart, evals   int
	start, out                string
	json, verbose, quiet, all bool
}

func (a *app) solveCommand() *cobra.Command {
	f := &solveFlags{}
	c := &cobra.Command{
		Use:   "solve FILE.mod [FILE.dat ...]",
		Short: "Solve a model and check the answer",
		Long: `Solve a model: find the leader's best decision, with the followers answering optimally
and, among their optimal answers, as the leader likes best. The answer is checked: the
followers are solved again at the leader's decision, and nothing is called optimal that
this check does not confirm. The name - stands for standard input.

With --attitude pessimistic, linear followers break ties against the leader, whose
constraints then have to hold for all of their optimal answers; --attitude 0.3 weighs the
best answers with 0.3 and the worst with 0.7. Such a problem may have no best decision,
only ones that come as near to a value as one likes: then that infimum is reported, and a
decision near it, and the status is feasible.

With --report out.html the answer is also written as one page for a browser: the model as
mathematics, its structure, the plan, progress, the solution as tables, the certificate
in words, and, with --along NAME, what the followers answer along a variable of the
leader. docs/report.md says what is on it.

While it runs, a line on standard error shows the best objective, the bound, the gap,
nodes and time. Ctrl-C ends the search with the best point found so far.

With --json one object is written to standard output, with the keys model, status, proof,
stationarity, objective, bound, gap, attitude, attainment (attained, not attained, or not
known to be attained), infimum (where it is not attained), followers, values, duals, certificate, plan, backend,
seconds, nodes, iterations, search (what each part of the search on pairs brought; null
where that did not run), notes. status is optimal, feasible, infeasible, unbounded,
limit (nothing verified, nothing proven) or error. What does not exist is null. values has
every variable in the order of the model; check and --start read this object back.`,
		Example: `  bilevelc solve toll.mod toll.dat
  bilevelc solve toll.mod toll.dat --time-limit 60s --gap 1e-4 --json
  bilevelc solve toll.mod --param demand=120 --reform kkt+big-m --backend highs
  bilevelc solve roads.mod --report roads.html --along t
  bilevelc solve game.mod --reform kkt+relax:scholtes --backend ipopt --multistart 20`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.solve(c.Context(), f, args) },
	}
	f.input.flags(c)
	f.plan.flags(c)
	f.effort.flags(c)
	f.search.flags(c)
	f.report.flags(c)
	f.gap.flag(c, "the search")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which random choices are drawn")
	c.Flags().IntVar(&f.multistart, "multistart", 0, "`number` of points that a local method sets out from (0: 8 for up to 30 variables, else 1)")
	c.Flags().IntVar(&f.evals, "max-evaluations", 0, "stop a local method after that `number` of evaluations of the objective (0: no limit)")
	c.Flags().StringVar(&f.start, "start", "", "JSON `file` with a point to start from: {\"x\": 1, ...} or what --json writes")
	c.Flags().StringVar(&f.out, "out", "", "also write the JSON object to that `file`")
	c.Flags().BoolVar(&f.json, "json", false, "write the result as one JSON object")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show what the solvers print, on standard error, and what each part of the search brought")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json asks for")
	c.Flags().BoolVar(&f.all, "all", false, "show every variable, zero or not")
	return c
}

func (a *app) solve(ctx context.Context, f *solveFlags, names []string) error {
	if f.quiet && f.verbose {
		return &usageError{"--quiet and --verbose exclude each other", "choose one of them"}
	}
	ctx, release := interruptible(ctx)
	defer release()
	opt := bilevel.Options{Gap: float64(f.gap), Seed: f.seed, Multistart: f.multistart, MaxEvaluations: f.evals}
	f.plan.set(&opt)
	f.search.set(&opt)
	if err := f.effort.set(&opt); err != nil {
		return err
	}
	m, err := f.input.read(ctx, a, names)
	if err != nil {
		return err
	}
	if f.start != "" {
		if opt.Start, err = a.startPoint(m, f.start, names); err != nil {
			return err
		}
	}
	page, err := f.report.options(m)
	if err != nil {
		return err
	}
	if err := writable(inputsOf(names, f.start, f.input.aux), f.out, f.report.file); err != nil {
		return err
	}
	progress := a.watch(&opt, f)
	recording := f.report.record(&opt)
	r, err := bilevel.Solve(ctx, m, opt)
	progress.Done()
	if err != nil {
		return classified(err)
	}
	a.code = exitCode(r)
	if f.out != "" && !isStandardOutput(f.out) {
		if err := a.writeTo(f.out, func(w io.Writer) error { return writeResult(w, r) }); err != nil {
			return err
		}
	}
	if f.report.file != "" {
		page.Solve, page.Progress = opt, recording.Events()
		if err := a.writePage(ctx, f.report.file, r, page); err != nil {
			return err
		}
	}
	switch {
	case f.json || f.out != "" && isStandardOutput(f.out):
		return writeResult(a.out, r)
	case f.quiet:
		return nil
	}
	s := style(a.stdout)
	s.All = f.all
	sum := r.Summary()
	if !f.verbose {
		sum.Search = nil
	}
	if err := report.WriteSummary(a.out, sum, s); err != nil {
		return err
	}
	_, err = io.WriteString(a.out, whyNoPoint(r.Status))
	return err
}

// whyNoPoint says below an answer without a point how to learn where that comes from.
func whyNoPoint(s bilevel.Status) string {
	switch s {
	case bilevel.StatusInfeasible:
		return "\nbilevelc explain with the same files names what cannot hold together.\n"
	case bilevel.StatusUnbounded:
		return "\nbilevelc explain with the same files names the variables that grow without limit.\n"
	}
	return ""
}

// interruptible returns a context that SIGINT and SIGTERM cancel. The first one gives the signals back to the system, so that a second
// one kills.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// startPoint reads the point of --start. Variables that it does not name start where the model says, or at zero within their bounds.
func (a *app) startPoint(m *bilevel.Model, file string, before []string) (*bilevel.Point, error) {
	text, err := a.readFile(file, before)
	if err != nil {
		return nil, err
	}
	given, err := readPoint(m, file, text)
	if err != nil {
		return nil, err
	}
	x, _ := m.StartPoint()
	for j, v := range given {
		if !math.IsNaN(v) {
			x[j] = v
		}
	}
	return &bilevel.Point{X: x}, nil
}

// watch sends progress and the solvers' lines to stderr.
func (a *app) watch(opt *bilevel.Options, f *solveFlags) *report.Progress {
	terminal := isTerminal(a.stderr)
	silent := f.quiet || f.json && !f.verbose && !terminal
	if silent {
		return report.NewProgress(io.Discard, false, report.Style{})
	}
	p := report.NewProgress(a.stderr, terminal, style(a.stderr))
	opt.Events = func(e bilevel.Event) {
		if f.verbose && e.Message != "" {
			p.Println(fmt.Sprintf("%s: %s", e.Step, e.Message))
		}
		p.Show(e.State())
	}
	if f.verbose {
		opt.Log = p.Println
	}
	return p
}
