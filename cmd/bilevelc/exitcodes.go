package main

import "github.com/spf13/cobra"

const exitCodesText = `bilevelc ends with one of four codes:

  0  solve: a verified point, or a problem that is proven infeasible or unbounded
     check: the point is verified
     other commands: done
  1  bad input or usage: a mistake in a file, the model or the command line, or a model
     that no plan of this binary can solve
  2  solve: stopped (time limit, interruption, numerical trouble) without a verified
     point and without a proof that there is none
     check: the point is not verified
     learn: stopped before any hyperparameters were tried
     bench: a wrong answer, a regression, or an interruption
  3  a solver failed

A sweep ends with the code of its worst point: 3, else 1, else 2, else 0.

A point counts as verified when every constraint of both levels holds and no follower has
a better answer, to the tolerance asked for. Interrupting a solve (Ctrl-C) ends it with
the best point found so far; a second Ctrl-C kills the process.

With --json, codes 1 and 3 come with one object on standard output:
  {"status": "error", "error": {"file": ..., "line": ..., "column": ..., "message": ...}}
where file, line and column are null for what has no place in a file.`

// exitCodesTopic is a help topic: bilevelc help exit-codes.
func exitCodesTopic() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesText}
}
