// Mpec runs methods of package mpcc with solvers of smooth programs on the MacMPEC collection, one run each from the start of the model, and
// judges what they return in the original model by the collection's rule of agreement: violation and complementarity residual at most
// 1e-6, and the objective at the target to a relative 1e-4, or better.
//
// A line is printed for each run, then a table of methods and solvers (share feasible, share at the target, median time of the instances
// of up to 60 variables, by the clock and in computing time, which a busy machine disturbs less, and total time), and the list of misses
// with what the solve says of them.
//
//	go run ./bench/mpec                                          # auto, both solvers, all instances
//	go run ./bench/mpec -id 'ex9*,bard1' -method scholtes,penalty -solver ipopt -limit 20s
//	go run ./bench/mpec -multistart 20 -parallel 2 -csv mpec.csv
//
// The collection is looked for in the folder that the environment variable BILEVEL_DATA names, else in a folder shared/data beside a
// folder from the working directory upwards. With -parallel, times by the clock mean little and computing time is not known. The exit
// code is 0, 1 for a mistake in the flags, and 3 where the collection cannot be read.
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
