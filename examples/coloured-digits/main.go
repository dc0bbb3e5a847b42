// Command coloured-digits learns how to look at coloured digits so that one classifier suits two environments, in which colour predicts the label differently
// well, and tests it in a third, in which colour misleads. README.md has the mathematics.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	flags := flag.NewFlagSet("coloured-digits", flag.ContinueOnError)
	seeds := flags.Int("seeds", 3, "number of data sets")
	first := flags.Uint64("seed", 71, "seed of the first; each further one is 1000 larger")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := compare(context.Background(), os.Stdout, *first, *seeds); err != nil {
		fmt.Fprintln(os.Stderr, "coloured-digits:", err)
		return 1
	}
	return 0
}

// compare prints the accuracies of plain training, of a filter learnt for a small loss, and of one learnt for invariance, for several data sets.
func compare(ctx context.Context, w io.Writer, first uint64, seeds int) error {
	set, err := digits.Load()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "seed\ttraining\tfilter\tleader's objective\tenvironment 1\tenvironment 2\ttest")
	for k := range seeds {
		s := colour(set, tasks.Stream(first+1000*uint64(k)))
		for _, way := range []struct {
			name string
			f    func(context.Context) (outcome, error)
		}{{"plain", s.plain}, {"small loss", func(ctx context.Context) (outcome, error) { return s.learn(ctx, 0) }},
			{"invariance", func(ctx context.Context) (outcome, error) { return s.learn(ctx, price) }}} {
			o, err := way.f(ctx)
			if err != nil {
				return err
			}
			fmt.Fprintf(t, "%d\t%s\t%.2f\t%.4f\t%.1f %%\t%.1f %%\t%.1f %%\n", first+1000*uint64(k), way.name, o.filter, o.value, 100*o.first, 100*o.second, 100*o.test)
		}
	}
	return t.Flush()
}
