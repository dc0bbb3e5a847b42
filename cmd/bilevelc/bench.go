package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/report/plot"
)

// benchFlags are what "bilevelc bench" takes.
type benchFlags struct {
	effort effortFlags

	gap                        gapFlag
	slower                     float64
	seed, multistart, parallel int
	ways, only                 []string
	reform, backend            string
	out, against, plot         string
	resume, json, csv, quiet   bool
}

func (a *app) benchCommand() *cobra.Command {
	f := &benchFlags{}
	f.effort.timeLimit = durationFlag(time.Minute)
	c := &cobra.Command{
		Use:   "bench DIR",
		Short: "Solve a library of models and compare the answers with the known ones",
		Long: `Solve all models of a folder whose index.json lists them with their known values, each
within --time-limit, and say of each run whether its answer agrees. An index is an object:

  {"library": "mine", "tolerance": 1e-4, "problems": [
    {"model": "roads.mod", "data": ["city.dat"], "value": 500, "proven": true},
    {"name": "closed", "model": "closed.mod", "params": {"cap": 0}, "value": "infeasible"}]}

A value is a number, "infeasible", "unbounded" or null; the other keys but model can be left
out. The indices of BOLIB, MacMPEC and of MibS' data set are understood as they are.

Verdicts, where only a point counts that the check accepts:
  solved     the answer agrees with the index, to its tolerance
  better     the point is better than the known value, which is not said to be proven
  worse      the run ended by itself with a worse point
  time-out   the limit came before a point that agrees
  wrong      answer and index contradict each other
  error      the model cannot be read, a solver failed, or no point that counts was found
  refused    the way does not apply to the model
  unjudged   there is an answer, and the index knows none

With several --way CHAIN/BACKEND each problem is run on each of them, and a performance
profile is shown: the share of problems that a way solves within so many times the time of
the best way; --plot draws it.

--out keeps the runs in a file, which is up to date at any time: after an interruption,
--resume goes on where the file ends. --against FILE compares with an earlier file, and names
the runs that became worse: in verdict, objective, proof, or in time by a factor of --slower.
Exit code 2 tells regressions, wrong answers, or an interruption.

With --json the result file is written to standard output too. It is an object with the keys
bilevel_bench (1, the number of the format), library, version, go, system, processors,
settings, runs. A run has the keys problem, reform, backend, verdict, remark, known, status,
proof, stationarity, evidence, objective, bound, gap, seconds, nodes, iterations, plan,
solver, maximise. What does not exist is null or left out.`,
		Example: `  bilevelc bench models --out today.json
  bilevelc bench models --against yesterday.json --time-limit 10s --parallel 2
  bilevelc bench models --way auto/auto --way kkt+big-m/highs --plot profile.svg
  bilevelc bench models --only 'toll*' --reform kkt+sos1 --backend lpsolve`,
		Args: files(1, "the folder of a library"),
		RunE: func(c *cobra.Command, args []string) error { return a.bench(c.Context(), f, args) },
	}
	c.Flags().StringArrayVar(&f.ways, "way", nil, "a `chain/backend` to run (repeatable)")
	c.Flags().StringVar(&f.reform, "reform", "auto", "chain of reformulations of the only way: `passes` joined by +; or auto")
	c.Flags().StringVar(&f.backend, "backend", "auto", "solver of the only way, by its `name`; or auto")
	f.effort.flags(c)
	c.Flags().Lookup("time-limit").Usage = "stop each run after that `time`: seconds, or a duration like 90s or 5m"
	f.gap.flag(c, "a search")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which random choices are drawn")
	c.Flags().IntVar(&f.multistart, "multistart", 0, "`number` of points that a local method sets out from (0: 8 for up to 30 variables, else 1)")
	c.Flags().StringArrayVar(&f.only, "only", nil, "solve only problems whose name matches the `pattern`, with * and ? as in file names (repeatable)")
	c.Flags().IntVar(&f.parallel, "parallel", 1, "`number` of runs at the same time; more than one disturbs the times")
	c.Flags().StringVar(&f.out, "out", "", "keep the runs in that `file`")
	c.Flags().BoolVar(&f.resume, "resume", false, "take over the runs that the file of --out has")
	c.Flags().StringVar(&f.against, "against", "", "compare with the result `file` of an earlier run")
	c.Flags().Float64Var(&f.slower, "slower", 2, "`factor` of time from which a run counts as slower; times below 0.1 s count as 0.1 s")
	c.Flags().StringVar(&f.plot, "plot", "", "draw the performance profile into that `file`, .svg, .png or .pdf")
	c.Flags().BoolVar(&f.json, "json", false, "write the runs as one JSON object")
	c.Flags().BoolVar(&f.csv, "csv", false, "write the runs as comma-separated values")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json and --csv ask for")
	return c
}

// check finds mistakes in the flags.
func (f *benchFlags) check(args []string) error {
	switch {
	case len(args) > 1:
		return &usageError{fmt.Sprintf("bench takes one folder, not %q too", args[1]), "--only PATTERN chooses problems of a library"}
	case f.json && f.csv:
		return &usageError{"--json and --csv exclude each other", "choose one of them"}
	case len(f.ways) > 0 && (f.reform != "auto" || f.backend != "auto"):
		return &usageError{"--way excludes --reform and --backend", "write them as a way: --way " + f.reform + "/" + f.backend}
	case f.resume && f.out == "":
		return &usageError{"--resume needs --out", "name the file that has the earlier runs: --out FILE --resume"}
	case f.effort.timeLimit <= 0:
		return &usageError{"--time-limit 0: a run needs a limit", "the default is 60s"}
	case f.parallel < 1:
		return &usageError{fmt.Sprintf("--parallel %d is not a number above 0", f.parallel), "the default is 1"}
	case !(f.slower > 1):
		return &usageError{fmt.Sprintf("--slower %v is not a factor above 1", f.slower), "the default is 2"}
	}
	return nil
}

func (a *app) bench(ctx context.Context, f *benchFlags, args []string) error {
	if err := f.check(args); err != nil {
		return err
	}
	format, err := pictureFormat(f.plot)
	if err != nil {
		return err
	}
	ways, err := namedWays(f.ways)
	if err != nil {
		return err
	}
	if len(ways) == 0 {
		ways = []bilevel.Way{{Reform: f.reform, Backend: f.backend}}
	}
	opt := library.Options{Ways: ways, Parallel: f.parallel, Solve: bilevel.Options{Gap: float64(f.gap), Seed: f.seed, Multistart: f.multistart}}
	if err := f.effort.set(&opt.Solve); err != nil {
		return err
	}
	all, err := library.Open(args[0])
	if err != nil {
		return err
	}
	l, err := all.Select(f.only)
	if err != nil {
		return &usageError{"--only: " + err.Error(), ""}
	}
	var before *library.Results
	if f.against != "" {
		if before, err = readResults(f.against); err != nil {
			return err
		}
	}
	if f.resume {
		if err := resume(f.out, l, &opt); err != nil {
			return err
		}
	}
	if err := writable(nil, f.out, f.plot); err != nil {
		return err
	}
	ctx, release := interruptible(ctx)
	defer release()
	t := &benchTable{flags: f, lib: l, ways: ways}
	keep := newKeeper(f.out, l, opt)
	opt.Done = func(done, of int, r library.Run) {
		if err := keep.add(r); err != nil {
			fmt.Fprintf(a.stderr, "%s is not up to date: %v\n", f.out, err) // the end tries again, and fails if that does
		}
		if !f.quiet {
			t.progress(a.stderr, done, of, r)
		}
	}
	t.results, err = l.Run(ctx, opt)
	if err != nil && !errors.Is(err, context.Canceled) {
		return classified(err)
	}
	t.interrupted = err != nil
	t.results.Version = programVersion()
	if err := keep.end(t.results, opt.Earlier); err != nil {
		return &fileError{f.out, err}
	}
	if before != nil {
		t.changes = library.Compare(before, t.results, library.CompareOptions{Factor: f.slower})
	}
	if f.plot != "" {
		if err := a.writeTo(f.plot, func(w io.Writer) error { return t.picture().WriteImage(w, format) }); err != nil {
			return err
		}
	}
	a.code = t.exitCode()
	return a.writeBench(t)
}

func (a *app) writeBench(t *benchTable) error {
	switch f := t.flags; {
	case f.json:
		return t.results.Write(a.out)
	case f.csv:
		return t.writeCSV(a.out)
	case f.quiet:
		return nil
	}
	return t.write(a.out, style(a.stdout))
}

func programVersion() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}

func readResults(name string) (*library.Results, error) {
	r, err := library.ReadResults(name)
	var path *fs.PathError
	if errors.As(err, &path) {
		return nil, &fileError{name, err}
	}
	return r, err
}

// resume takes over the runs of a file, if there is one.
func resume(name string, l *library.Library, opt *library.Options) error {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	r, err := readResults(name)
	if err != nil {
		return err
	}
	if err := r.Resumable(l, *opt); err != nil {
		return &usageError{fmt.Sprintf("--resume: %s: %v", name, err), "use the same settings, or write to another file"}
	}
	opt.Earlier = r.Runs
	return nil
}

// picture is the profile as it is drawn.
func (t *benchTable) picture() *plot.Profile {
	p := t.results.Profile(0)
	c := &plot.Profile{Title: t.lib.Name, X: "time, as a multiple of the best way's", Y: "problems solved", Of: p.Problems, Values: p.Ratios}
	if p.Absolute {
		c.X = "seconds"
	}
	for _, w := range p.Ways {
		c.Names = append(c.Names, w.String())
	}
	return c
}
