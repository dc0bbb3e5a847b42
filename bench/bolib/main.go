// Bolib runs methods on the BOLIB collection, each problem from the start that the collection gives, and judges what they return in the
// original model by the collection's rule of agreement: constraints to 1e-6, the follower's objective at most 1e-5 above its best value, solved
// again, and the leader's objective within 1 % of the known value, F_check of the index where it stands, or better.
//
// The methods newton, gauss-newton and lm solve the optimality system of the value-function form once for each weight λ, as it is done in
// the literature: one start, no repair of points, no second attempt. Any other name is a chain for --reform, or auto, and goes the whole
// way of a solve with its starts and repairs: value-function:newton, kkt+relax:scholtes.
//
//	go run ./bench/bolib                                             # newton for each λ, then value-function:newton
//	go run ./bench/bolib -method newton,lm -lambda 8,1,0.125 -limit 5s
//	go run ./bench/bolib -id 'Mitsos*' -method auto -csv bolib.csv -v
//
// Printed are a line for each run (-v), a table of methods and weights (zeros, values within 1 % of the known one whether the point is feasible
// or not, which is what the literature counts, then feasible points and agreement by the rule, median iterations and time), for each
// method the best single weight and the best weight of each problem in hindsight, and the problems that no weight solves. Problems without
// a known optimum are run and not counted.
//
// The collection is looked for in the folder that the environment variable BILEVEL_DATA names, else in a folder shared/data beside a
// folder from the working directory upwards. The exit code is 0, 1 for a mistake in the flags, and 3 where the collection cannot be read.
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
