package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
	"github.com/gobilevel/bilevel/verify"
)

// systems are the methods that are run once for each weight.
var systems = map[string]system.Method{"newton": system.Newton, "gauss-newton": system.GaussNewton, "lm": system.LevenbergMarquardt}

// way is a method, with a weight where it is one of systems.
type way struct {
	method string
	lambda float64 // NaN: none
}

func (w way) String() string {
	if math.IsNaN(w.lambda) {
		return w.method
	}
	return fmt.Sprintf("%s λ=%.4g", w.method, w.lambda)
}

// settings are the command line.
type settings struct {
	list     []*instance
	ways     []way
	limit    time.Duration
	parallel int
	csv      string
	verbose  bool
}

func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("bolib", flag.ContinueOnError)
	flags.SetOutput(stderr)
	ids := flags.String("id", "", "problems, separated by commas, with * as in file names; all where empty")
	methods := flags.String("method", "newton,value-function:newton", "methods, separated by commas: newton, gauss-newton, lm, auto, or a chain for --reform")
	lambdas := flags.String("lambda", "", "weights of newton, gauss-newton and lm, separated by commas; the method's own where empty")
	flags.DurationVar(&s.limit, "limit", 60*time.Second, "time limit of a run")
	flags.IntVar(&s.parallel, "parallel", 1, "runs at the same time")
	flags.StringVar(&s.csv, "csv", "", "also write one line a run to this file")
	flags.BoolVar(&s.verbose, "v", false, "print a line for each run")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	if s.limit <= 0 || s.parallel < 1 {
		return s, errors.New("-limit and -parallel: want numbers above 0")
	}
	var weights []float64
	for _, f := range strings.FieldsFunc(*lambdas, func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 1) {
			return s, fmt.Errorf("-lambda %s: want positive finite numbers", f)
		}
		weights = append(weights, v)
	}
	for _, name := range strings.Split(*methods, ",") {
		m, single := systems[name]
		if !single {
			s.ways = append(s.ways, way{name, math.NaN()})
			continue
		}
		list := weights
		if len(list) == 0 {
			list = valuefunction.Lambdas(m)
		}
		for _, v := range list {
			s.ways = append(s.ways, way{name, v})
		}
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
		fmt.Fprintln(stderr, "bolib:", err)
		if errors.Is(err, dataset.ErrNoBolib) {
			return 3
		}
		return 1
	}
	done, err := s.all(ctx, stdout)
	if err == nil && s.csv != "" {
		err = writeCSV(s.csv, done)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bolib:", err)
		var option *bilevel.OptionError
		if errors.As(err, &option) {
			return 1
		}
		return 3
	}
	printTable(stdout, s.ways, done)
	printHindsight(stdout, s.ways, done)
	return 0
}

// outcome is one run.
type outcome struct {
	*instance
	way way
	verdict
	zero       bool
	residual   float64 // NaN where the method has none
	iterations int
	seconds    float64
	word       string // outcome or status
	err        error
}

// all makes the runs, and prints them problem by problem.
func (s *settings) all(ctx context.Context, stdout io.Writer) ([]outcome, error) {
	done := make([]outcome, len(s.list)*len(s.ways))
	finished := make([]chan struct{}, len(done))
	for k := range finished {
		finished[k] = make(chan struct{})
	}
	slots := make(chan struct{}, s.parallel)
	var wg sync.WaitGroup
	wg.Go(func() {
		for k := range done {
			slots <- struct{}{}
			wg.Go(func() {
				done[k] = s.one(ctx, s.list[k/len(s.ways)], s.ways[k%len(s.ways)])
				<-slots
				close(finished[k])
			})
		}
	})
	for k := range done {
		<-finished[k]
		if s.verbose && ctx.Err() == nil {
			printOutcome(stdout, &done[k])
		}
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for k := range done {
		var option *bilevel.OptionError
		if errors.As(done[k].err, &option) {
			return nil, done[k].err // a method that does not exist fails everywhere
		}
	}
	return done, nil
}

// one makes a run. Its time does not contain the check of the point.
func (s *settings) one(ctx context.Context, i *instance, w way) outcome {
	o := outcome{instance: i, way: w, residual: math.NaN()}
	o.objective, o.gap = math.NaN(), math.NaN()
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	m, err := i.load()
	if err != nil {
		o.err = err
		return o
	}
	if _, single := systems[w.method]; !single {
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: w.method, TimeLimit: s.limit, Threads: 1})
		if err != nil {
			o.err = err
			return o
		}
		o.iterations, o.seconds, o.word, o.zero = r.Iterations, r.Seconds, r.Status.String(), r.Proof >= bilevel.ProofLocal
		if r.Certificate != nil {
			o.verdict = i.judge(r.Certificate)
		}
		return o
	}
	p, err := valuefunction.New(m)
	if err != nil {
		o.err = err
		return o
	}
	start, _ := m.StartPoint()
	r, err := p.Run(ctx, valuefunction.Start{X: start}, w.lambda, valuefunction.Options{Method: systems[w.method], Rule: valuefunction.Grid, TimeLimit: s.limit})
	if err != nil {
		o.err = err
		return o
	}
	o.zero, o.residual, o.iterations, o.seconds, o.word = r.Solved(), r.Residual, r.Iterations, r.Seconds, r.Outcome.String()
	o.objective = r.Objective
	if slices.ContainsFunc(r.X, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
		return o
	}
	vo := bilevel.VerifyOptions(bilevel.Options{})
	vo.SkipSpread, vo.TimeLimit = true, s.limit
	c, err := verify.Check(context.WithoutCancel(ctx), m, r.X, vo)
	if o.err = err; err == nil {
		o.verdict = i.judge(c)
	}
	return o
}
