// Command classic solves small linear bilevel problems whose answers are known and compares. Names on the command line choose some of
// them. README.md has the table and the sources.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/gobilevel/bilevel"
)

// problem is a bilevel problem with what is known of it.
type problem struct {
	name    string // and that of its file
	build   func(m *bilevel.Model)
	status  bilevel.Status // 0: there is an optimum
	value   float64        // the optimum
	relaxed float64        // the optimum without the follower's optimality: no bound for the bilevel problem beats it
	point   []float64      // the optimal point in the order of the variables; nil where there are several
}

func problems() []problem { return slices.Concat(fromLiterature, special) }

func (p problem) model() *bilevel.Model {
	m := bilevel.NewModel(p.name)
	p.build(m)
	return m
}

// want is the status that a solve must report.
func (p problem) want() bilevel.Status {
	if p.status == 0 {
		return bilevel.StatusOptimal
	}
	return p.status
}

func run(ctx context.Context, w io.Writer, names []string) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "problem\tstatus\tproof\tobjective\tknown")
	for _, p := range problems() {
		if len(names) > 0 && !slices.Contains(names, p.name) {
			continue
		}
		r, err := bilevel.Solve(ctx, p.model())
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		known := p.want().String()
		if p.status == 0 {
			known = fmt.Sprintf("%.6g", p.value)
		}
		fmt.Fprintf(tab, "%s\t%v\t%v\t%.6g\t%s\n", p.name, r.Status, r.Proof, r.Objective, known)
	}
	return tab.Flush()
}

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
