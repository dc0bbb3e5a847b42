// Package program solves models by programs of others: it writes the model to an LP or MPS file, runs the command line of HiGHS or CBC on it under
// a time limit that it enforces itself, and reads the answer from what they print and write. The benchmarks compare with them,
// and the tests of package family use them as a second opinion that shares no code with the library's own way to a solver.
package program
