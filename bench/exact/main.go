// Exact compares the project's exact way, "auto", with what one would use instead, on the families of package family: paired runs on one
// machine, one after the other, so that a change of its load meets all.
//
//	ours     the library's Solve with the default options (-reform, -backend, -big-m change them)
//	highs    the command line of HiGHS on the optimality conditions with binaries and a big-M that happens to be right for the
//	         family: bounds on slacks from the variables' bounds where there are any, guesses from knowing the answers elsewhere
//	cbc      the command line of CBC on the optimality conditions with SOS1 sets
//	direct   the command line of HiGHS on the mixed-integer program that the literature gives for the problem (PRICING, INTERDICT)
//
// All are asked for a relative gap of 1e-4. An alternative may take min(limit, max(5 s, 4 x our time)); what is stopped by that is shown
// as "> t" and counts with t, which is a bound in its favour. Every point that an alternative returns is measured in the bilevel
// model, and values are compared: an answer that differs from the best verified one, or from the closed form, by more than 1e-4 is wrong, is
// printed with the word WRONG, and counts as failed. Ours is judged in the same way.
//
// A line is printed for each instance as it goes, then two Markdown tables: medians over the seeds for each family and size, and the
// geometric mean of ours/best alternative with the worst ratios. Times below 10 ms count as 10 ms in ratios.
//
//	go run ./bench/exact -family SVR,TOLL -size 2,10 -seeds 5 -limit 60s
//	go run ./bench/exact -seeds 5 -limit 600s -csv exact.csv
//	go run ./bench/exact -family RAND -rivals none -v
//
// An interrupt ends the runs and prints the tables of what is done. The exit code is 0, 1 for a mistake in the flags, 3 where a run could not
// be made, and 4 where an answer of ours was wrong.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
