// Derivatives times the evaluation of functions and derivatives, package model/smooth against AMPL's solver library, on the largest models
// of the MacMPEC collection with each complementarity pair 0 <= a ⟂ b >= 0 relaxed to a b <= 1e-3.
//
//	asl    the ipopt driver for AMPL on the .nl file that package export writes; with print_timing_statistics it tells how long the
//	       functions took on the processor, and how often each was called
//	ours   the same functions of the compiled model, called at as many points near the start: objective and constraints at each, and at
//	       some of them, in the same proportion as in the driver's run, the gradient, the Jacobian and the Hessian of the Lagrangian;
//	       between two points the processor's caches are filled with other things, as they are in a solver's run
//
// The two run in turn, several rounds each, so that a change of the machine's load meets both; the median of the rounds counts. What the
// driver adds to a call of the library (it copies points and splits constraints into equations and inequalities) is part of its time, and so is
// the evaluation of what is shared by functions in the first call at a point on both sides.
//
//	go run ./bench/derivatives                       # the ten largest models
//	go run ./bench/derivatives -models 3 -rounds 5 -iterations 100
//	go run ./bench/derivatives -id bem-milanc30-s,ralphmod
//
// It needs ipopt, the driver (Debian: coinor-ipopt), on the path, and the collection (see package internal/dataset). The table shows
// microseconds a call. The exit code is 0, 1 for a mistake in the flags, and 3 where a run could not be made.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are the flags.
type settings struct {
	models, rounds, iterations int
	limit                      time.Duration
	ids                        string
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("derivatives", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.IntVar(&s.models, "models", 10, "number of models, largest first")
	flags.IntVar(&s.rounds, "rounds", 3, "number of runs of each side")
	flags.IntVar(&s.iterations, "iterations", 50, "largest number of iterations of a run of the driver")
	flags.DurationVar(&s.limit, "limit", 2*time.Minute, "time after which a run of the driver is ended")
	flags.StringVar(&s.ids, "id", "", "models by name, separated by commas, instead of the largest")
	if err := flags.Parse(args); err != nil {
		return 1
	}
	if s.models < 1 || s.rounds < 1 || s.iterations < 1 || flags.NArg() > 0 {
		fmt.Fprintln(errs, "derivatives: give positive numbers and no other arguments")
		return 1
	}
	list, err := problems(s)
	if err != nil {
		fmt.Fprintln(errs, "derivatives:", err)
		return 3
	}
	var done []result
	for _, p := range list {
		r, err := measure(ctx, p, s)
		if err != nil {
			fmt.Fprintf(errs, "derivatives: %s: %v\n", p.id, err)
			return 3
		}
		fmt.Fprintf(errs, "%s: ours %.3g s, asl %.3g s, %.2f\n", p.id, r.ours.total(r.calls), r.asl.total(r.calls), r.ratio())
		done = append(done, r)
	}
	fmt.Fprint(out, table(done))
	return 0
}

// measure runs both sides in turn.
func measure(ctx context.Context, p *problem, s settings) (result, error) {
	r := result{problem: p}
	var ours, asl []times
	for range s.rounds {
		a, calls, err := driver(ctx, p, s)
		if err != nil {
			return r, err
		}
		r.calls = calls
		asl = append(asl, a)
		o, err := evaluate(p, calls)
		if err != nil {
			return r, err
		}
		ours = append(ours, o)
	}
	r.ours, r.asl = medians(ours), medians(asl)
	return r, nil
}

// split returns the words of a list, none for an empty one.
func split(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}
