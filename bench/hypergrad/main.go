// Command hypergrad times the methods of package hypergrad on the tasks of hypergrad/tasks, fits their complexity slopes, or pairs them with peers in Python.
//
//	go run ./bench/hypergrad -task logistic -method quasi-newton
//	go run ./bench/hypergrad -task logistic -method saba
//	go run ./bench/hypergrad -slopes
//	go run ./bench/hypergrad -peer
//
// Times are CPU seconds (user and system) of the run alone; generating data and measuring progress are left out. The table has a row for each
// threshold: the squared norm of the exact gradient of h, with the follower solved to 1e-12, for the lasso tasks the gap to the best known
// value, for the cleaning of digits, which examples/digits/fetch.sh fetches, the test error.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	flags := flag.NewFlagSet("hypergrad", flag.ContinueOnError)
	var s settings
	flags.StringVar(&s.task, "task", "logistic", "logistic, small, ridge, lasso, lasso-small, elastic, one-weight, sparse, cleaning")
	flags.StringVar(&s.method, "method", "quasi-newton", "quasi-newton, gradient, or a sampled method: "+methodNames())
	flags.StringVar(&s.engine, "engine", "cg", "cg, neumann, fixed-point, reverse, forward")
	flags.Float64Var(&s.seconds, "seconds", 20, "longest run, in CPU seconds")
	flags.Float64Var(&s.inner, "inner", 0, "constant step of follower and adjoint in sampled methods; 0: found on the way")
	flags.Float64Var(&s.outer, "outer", 0, "constant step of the leader; 0: found on the way")
	flags.IntVar(&s.size, "size", 0, "samples of the ridge task (1000, 10000, 100000)")
	flags.IntVar(&s.threads, "threads", 1, "goroutines of a pass")
	flags.Uint64Var(&s.seed, "seed", 1, "of sampled methods")
	flags.Float64Var(&s.terms, "terms", 3e7, "terms of a run of -slopes; methods take shares of it")
	s.quadratic = size{32768, 1024, 100, 10}
	flags.Var(&s.quadratic, "quadratic", "size of the task of -slopes: terms of follower and leader, variables of follower and leader")
	flags.StringVar(&s.only, "only", "", "methods of -slopes, separated by commas; default all")
	flags.BoolVar(&s.growing, "growing", true, "quasi-newton and gradient begin on parts of the samples, where a task has parts")
	flags.IntVar(&s.repeat, "repeat", 5, "runs of each side of -peer, seeds of -slopes")
	peer := flags.Bool("peer", false, "pair with peers in Python (python3 with numpy and scipy, better with numba); -only names a part of a row's name")
	slopes := flags.Bool("slopes", false, "fit oracle calls against accuracy on the quadratic task")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var err error
	if *peer {
		err = s.peers(os.Stdout)
	} else if *slopes {
		err = fitSlopes(os.Stdout, s)
	} else {
		err = s.bench(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hypergrad:", err)
		return 1
	}
	return 0
}
