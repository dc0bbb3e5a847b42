package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gobilevel/bilevel/internal/nearest"
)

// The exit codes.
const (
	exitDone   = 0 // a verified point, or proven infeasible or unbounded; for other commands: done
	exitInput  = 1 // bad input or usage
	exitNoGood = 2 // stopped without a verified point; a point that is refuted
	exitBroken = 3 // a solver failed
)

// app is one run of the command: its streams and the exit code of what was done.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	out            *bufio.Writer // what goes to stdout, flushed at the end
	code           int
}

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, out: bufio.NewWriterSize(stdout, 1<<16)}
	root := a.root()
	root.SetArgs(append([]string{}, args...)) // nil would stand for the arguments of the process
	root.SetIn(stdin)
	root.SetOut(a.out)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		a.code = a.fail(err, wantsJSON(args))
	}
	if err := a.out.Flush(); err != nil {
		fmt.Fprintf(stderr, "bilevelc: writing the output: %v\n", err)
		return exitInput
	}
	return a.code
}

// wantsJSON reports whether the arguments ask for JSON; it serves mistakes that keep the arguments from being parsed.
func wantsJSON(args []string) bool {
	for _, s := range args {
		if s == "--" {
			return false
		}
		if s == "--json" || s == "--json=true" {
			return true
		}
	}
	return false
}

// fail tells an error, on stdout as an object where JSON is asked for, else on stderr, and returns the exit code.
func (a *app) fail(err error, asJSON bool) int {
	if asJSON {
		a.out.Reset(a.stdout) // half an object is no JSON
		writeError(a.out, err)
	} else {
		fmt.Fprintf(a.stderr, "bilevelc: %v\n", err)
	}
	var broken *solverError
	var stopped *stoppedError
	switch {
	case errors.As(err, &broken):
		return exitBroken
	case errors.As(err, &stopped):
		return exitNoGood
	}
	return exitInput
}

func (a *app) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "bilevelc",
		Short: "Solve, check, explain and export bilevel models",
		Long: `bilevelc works on bilevel models: a leader decides, followers answer with an optimal
solution of their own problem, and the leader wants the best outcome. Models are written
in the project's language (.mod, with data in .dat), a subset of AMPL with two statements
that say whose problem a declaration belongs to.

Every answer is checked against the model as it was given: the followers are solved again
at the leader's decision.`,
		Example: `  bilevelc solve toll.mod toll.dat
  bilevelc explain toll.mod toll.dat
  bilevelc export toll.mod toll.dat --after kkt+big-m --format lp --out toll.lp`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	c.SuggestionsMinimumDistance = 2
	c.SetFlagErrorFunc(flagError)
	c.AddCommand(a.solveCommand(), a.sweepCommand(), a.compareCommand(), a.benchCommand(), a.plotCommand(), a.learnCommand(), a.checkCommand(), a.explainCommand(), a.exportCommand(), a.backendsCommand(), a.versionCommand(), a.docsCommand(), exitCodesTopic())
	return c
}

// usageError is a mistake in the command line, with a hint.
type usageError struct {
	message, hint string
}

func (e *usageError) Error() string {
	if e.hint == "" {
		return e.message
	}
	return e.message + "\n" + e.hint
}

func unknownCommand(c *cobra.Command, name string) error {
	var names []string
	for _, s := range c.Commands() {
		if s.IsAvailableCommand() {
			names = append(names, s.Name())
		}
	}
	hint := "the commands are " + strings.Join(names, ", ")
	if near := c.SuggestionsFor(name); len(near) > 0 {
		hint = "is it " + strings.Join(near, " or ") + "? " + hint
	}
	return &usageError{fmt.Sprintf("there is no command %q", name), hint}
}

// flagError adds to an error of the flag parser which flags the command takes.
func flagError(c *cobra.Command, err error) error {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	hint := fmt.Sprintf("%s --help says what each flag takes", c.CommandPath())
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		hint := fmt.Sprintf("%s takes %s", c.Name(), strings.Join(names, ", "))
		if near := nearest.DidYouMean(unknown.GetSpecifiedName(), names); near != "" {
			hint = near + " " + hint
		}
		return &usageError{err.Error(), hint}
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		return &usageError{fmt.Sprintf("--%s %s: expected %s", f.Name, invalid.GetValue(), expected(f.Value.Type())), hint}
	}
	return &usageError{err.Error(), hint}
}

// expected says what a flag of a type takes.
func expected(kind string) string {
	switch kind {
	case "float64":
		return "a number"
	case "int":
		return "a whole number"
	case "bool":
		return "true or false"
	case "weight":
		return "optimistic, pessimistic, or a number from 0 to 1"
	case "gap":
		return "a number above 0 and below 1, such as 1e-4"
	case "time":
		return "seconds, or a duration like 90s or 5m"
	}
	return "a " + kind
}

// files requires at least n arguments and says what they are.
func files(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return &usageError{fmt.Sprintf("%s needs %s", c.Name(), what), "usage: " + c.UseLine()}
		}
		return nil
	}
}

// nothing refuses arguments.
func nothing(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Sprintf("%s takes no arguments, not %q", c.Name(), args[0]), "usage: " + c.UseLine()}
	}
	return nil
}

// solverError is a call of a solver that broke.
type solverError struct{ err error }

func (e *solverError) Error() string { return e.err.Error() }
func (e *solverError) Unwrap() error { return e.err }

// stoppedError is an interruption before there was anything to tell.
type stoppedError struct{ err error }

// Error says in words what a bare error of a context does not.
func (e *stoppedError) Error() string {
	switch e.err {
	case context.Canceled:
		return "interrupted before there was anything to tell"
	case context.DeadlineExceeded:
		return "the time limit was met before there was anything to tell"
	}
	return e.err.Error()
}

func (e *stoppedError) Unwrap() error { return e.err }
