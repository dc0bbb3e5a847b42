package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/bench/clock"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
)

// settings are the command line.
type settings struct {
	list       []*instance
	methods    []mpcc.Method
	solvers    []smooth.Solver
	opt        mpcc.Options
	limit      time.Duration
	multistart int
	parallel   int
	csv        string
	verbose    bool
}

func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("mpec", flag.ContinueOnError)
	flags.SetOutput(stderr)
	ids := flags.String("id", "", "instances, separated by commas, with * as in file names; all where empty")
	methods := flags.String("method", "auto", "methods, separated by commas, or all")
	solvers := flags.String("solver", strings.Join(solverNames(), ","), "solvers of smooth programs, separated by commas")
	flags.DurationVar(&s.limit, "limit", 300*time.Second, "time limit of a run")
	flags.IntVar(&s.multistart, "multistart", 1, "number of starts of a run, the given one included")
	flags.IntVar(&s.parallel, "parallel", 1, "runs at the same time")
	flags.StringVar(&s.csv, "csv", "", "also write one line a run to this file")
	flags.BoolVar(&s.verbose, "v", false, "print each program of a run, and what its stages brought")
	flags.Float64Var(&s.opt.T0, "t0", 0, "first parameter; 0: the method's default")
	flags.Float64Var(&s.opt.Kappa, "kappa", 0, "factor of the parameter; 0: the default")
	flags.IntVar(&s.opt.Effort, "effort", 0, "effort after the first solution; 0: the default, negative: none")
	flags.BoolVar(&s.opt.NoPolish, "no-polish", false, "relaxations only, without branch programs")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	if s.limit <= 0 || s.multistart < 1 || s.parallel < 1 {
		return s, errors.New("-limit, -multistart and -parallel: want numbers above 0")
	}
	if *methods == "all" {
		s.methods = mpcc.Methods()
	} else {
		for _, name := range strings.Split(*methods, ",") {
			m, err := mpcc.ParseMethod(name)
			if err != nil {
				return s, err
			}
			s.methods = append(s.methods, m)
		}
	}
	for _, name := range strings.Split(*solvers, ",") {
		v, err := solver(name)
		if err != nil {
			return s, err
		}
		s.solvers = append(s.solvers, v)
	}
	s.list, err = instances(*ids)
	return s, err
}

// run makes all the runs that the arguments ask for; its result is the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "mpec:", err)
		if errors.Is(err, errNoCollection) {
			return 3
		}
		return 1
	}
	var log *csvLog
	if s.csv != "" {
		f, err := os.Create(s.csv)
		if err != nil {
			fmt.Fprintln(stderr, "mpec:", err)
			return 3
		}
		defer f.Close()
		log = newCSV(f)
	}
	var done []outcome
	for _, v := range s.solvers {
		for _, m := range s.methods {
			done = append(done, s.runAll(ctx, m, v, stdout, log)...)
		}
	}
	printTable(stdout, done)
	printMisses(stdout, done)
	return 0
}

// outcome is one run.
type outcome struct {
	id, solver string
	method     mpcc.Method
	vars       int
	target     any
	verdict
	result  *mpcc.Result
	events  []mpcc.Event
	seconds float64
	// processor is the computing time in seconds, 0 where it is not known: with several runs at the same time.
	processor float64
	err       error
}

// runAll runs one method with one solver on all instances, and prints the runs in the order of the instances.
func (s *settings) runAll(ctx context.Context, method mpcc.Method, v smooth.Solver, stdout io.Writer, log *csvLog) []outcome {
	results := make([]outcome, len(s.list))
	finished := make([]chan struct{}, len(s.list))
	for k := range finished {
		finished[k] = make(chan struct{})
	}
	slots := make(chan struct{}, s.parallel)
	var wg sync.WaitGroup
	wg.Go(func() {
		for k, i := range s.list {
			slots <- struct{}{}
			wg.Go(func() {
				results[k] = s.one(ctx, i, method, v)
				<-slots
				close(finished[k])
			})
		}
	})
	for k := range results {
		<-finished[k]
		if ctx.Err() == nil {
			printOutcome(stdout, &results[k], s.verbose)
			log.write(&results[k])
		}
	}
	wg.Wait()
	return results
}

func (s *settings) one(ctx context.Context, i *instance, method mpcc.Method, v smooth.Solver) outcome {
	o := outcome{id: i.ID, solver: v.Name(), method: method, vars: i.Counts.Variables, target: i.Target}
	t, err := i.load(ctx)
	if err != nil {
		o.err = err
		return o
	}
	opt := s.opt
	opt.Method, opt.Solver, opt.TimeLimit = method, v, s.limit
	if s.verbose {
		opt.Progress = func(e mpcc.Event) bool {
			o.events = append(o.events, e)
			return true
		}
	}
	begin, computed := time.Now(), clock.Processor()
	if s.multistart > 1 {
		o.result, o.err = mpcc.Multistart(ctx, t.problem, t.start, s.multistart, mpcc.MultistartOptions{Options: opt, Workers: 1})
	} else {
		o.result, o.err = mpcc.Solve(ctx, t.problem, t.start, opt)
	}
	o.seconds = time.Since(begin).Seconds()
	if s.parallel == 1 {
		o.processor = (clock.Processor() - computed).Seconds()
	}
	if o.err == nil {
		o.verdict, o.err = t.judge(o.result.X)
	}
	return o
}
