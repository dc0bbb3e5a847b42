package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/gobilevel/bilevel"
)

// settings are the command line.
type settings struct {
	list    []instance
	rivals  []string
	ours    bilevel.Options
	csv     string
	verbose bool
}

func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("exact", flag.ContinueOnError)
	flags.SetOutput(stderr)
	names := flags.String("family", strings.Join(sourceNames(), ","), "families, separated by commas")
	sizes := flags.String("size", "", "sizes, separated by spaces, as \"2,10 5,10\"; all of a family where empty")
	seeds := flags.String("seeds", "5", "number of seeds, or seeds separated by commas, as \"2345,4567\"")
	limit := flags.Duration("limit", time.Minute, "time limit of a run")
	against := flags.String("rivals", strings.Join(rivals, ","), "alternatives, separated by commas, or none")
	flags.StringVar(&s.csv, "csv", "", "also write one line a run to this file")
	flags.StringVar(&s.ours.Reform, "reform", "auto", "ours: chain of reformulations")
	flags.StringVar(&s.ours.Backend, "backend", "auto", "ours: backend")
	flags.Float64Var(&s.ours.BigM, "big-m", 0, "ours: big-M for bounds without proof")
	flags.BoolVar(&s.verbose, "v", false, "print progress and notes of ours, and notes of all")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	if *limit <= 0 {
		return s, fmt.Errorf("-limit %v: want a time above 0", *limit)
	}
	s.ours.TimeLimit, s.ours.Gap = *limit, tolerance
	if s.list, err = instances(*names, *sizes, *seeds); err != nil {
		return s, err
	}
	s.rivals, err = chosenRivals(*against)
	return s, err
}

// run makes all the runs that the arguments ask for; its result is the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "exact:", err)
		return 1
	}
	var log *csvLog
	if s.csv != "" {
		f, err := os.Create(s.csv)
		if err != nil {
			fmt.Fprintln(stderr, "exact:", err)
			return 3
		}
		defer f.Close()
		log = newCSV(f)
	}
	var done []*contest
	code := 0
	for _, i := range s.list {
		c, err := s.compete(ctx, i, stdout)
		if ctx.Err() != nil {
			fmt.Fprintln(stderr, "exact: interrupted; the tables are of what was done")
			code = 3
			break
		}
		if err == nil {
			done = append(done, c)
			fmt.Fprintln(stdout, c.line())
			if c.outcomes[0].wrong {
				code = 4
			}
			err = log.write(c)
		}
		if err != nil {
			fmt.Fprintf(stderr, "exact: %s %s seed %d: %v\n", i.name, label(i.size), i.seed, err)
			return 3
		}
	}
	if len(s.rivals) > 0 {
		fmt.Fprint(stdout, "\n", sizesTable(done, s.rivals), "\n", summary(done))
	}
	return code
}

// compete makes all runs on one instance, ours first, since the limit of the others depends on it.
func (s settings) compete(ctx context.Context, i instance, stdout io.Writer) (*contest, error) {
	m := i.model()
	c := &contest{instance: i, sense: m.Leader().Objective().Sense, optimum: i.optimum()}
	var verbose io.Writer
	if s.verbose {
		verbose = stdout
	}
	ours, err := solveOurs(ctx, m, s.ours, verbose)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		// An error of ours is a failure of ours; the others run all the same.
		ours = outcome{who: "ours", claim: failed, value: math.NaN(), bound: math.NaN(), measured: math.NaN(), seconds: s.ours.TimeLimit.Seconds(), note: err.Error()}
	}
	c.outcomes = append(c.outcomes, ours)
	r := rivalRun{instance: i, m: m, limit: rivalLimit(s.ours.TimeLimit, ours.seconds), right: c.agrees}
	for _, who := range s.rivals {
		o, ok, err := r.solve(ctx, who)
		if err != nil {
			return nil, err
		}
		if ok {
			c.outcomes = append(c.outcomes, o)
		}
	}
	c.judge()
	if s.verbose {
		for _, o := range c.outcomes {
			fmt.Fprintf(stdout, "     %s: %s\n", o.who, o.note)
		}
	}
	return c, nil
}
