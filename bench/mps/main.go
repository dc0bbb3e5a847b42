// Command mps measures the reading and writing of large MPS files, in pairs with HiGHS reading the same file:
//
//	scattered   a linear program with numbers of two digits, whose columns have their entries in rows all over
//	digits      the same with numbers of 16 or 17 digits
//	banded      entries next to each other, integer columns with bounds, plain names
//
// Every measurement runs in a process of its own, in turn with those it is compared with, so that a change of the machine's load meets all
// of them. Times are those of the work, from the name of the file to the model, or from the model to the file, without the start of the process.
//
//	go run ./bench/mps                          files of about 50 MB, five rounds
//	go run ./bench/mps -size 200 -rounds 3 digits
//	go run ./bench/mps -file model.mps          a file of one's own
//
// The exit code is 0 where the figures could be taken, 1 where not.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
