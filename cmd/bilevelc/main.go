// Command bilevelc solves, checks, explains and exports bilevel models. docs/command.md is its manual.
package main

import (
	"context"
	"os"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, ownStdout(), os.Stderr)) }
