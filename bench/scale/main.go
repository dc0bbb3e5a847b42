// Command scale measures what building and reformulating a large model costs, against what HiGHS takes to read the same problem from
// an MPS file:
//
//	plain   a linear program of n variables, n constraints and 5n nonzeros, built in Go and lowered to the solver's arrays
//	kkt     a bilevel model with a follower of that size, built in Go, reformulated by kkt and lowered to the solver's arrays
//
// Every measurement runs in a process of its own, in turn with the reading that it is compared with, so that a change of the
// machine's load meets both. Times are those of the work, without the start of the process; peak memory is that of the whole process,
// the Go runtime and all libraries included (on Linux; elsewhere it is not measured), and is given as a multiple of the arrays.
//
//	go run ./bench/scale                        n = 1,000,000, three rounds
//	go run ./bench/scale -n 100000 -rounds 9 plain
//	GOGC=50 go run ./bench/scale                the same with a more eager garbage collector
//
// The exit code is 0 where the figures could be taken, 1 where not.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
