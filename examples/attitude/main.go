// Command attitude shows what a leader does that trusts, distrusts, and half trusts followers that do not care. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/gobilevel/bilevel"
)

// build makes the model: ten cars, a street past a school that may be closed in part, and a toll there.
func build(mostToll float64) (m *bilevel.Model, open, toll bilevel.Var) {
	m = bilevel.NewModel("attitude")
	city := m.Leader()
	open = city.Var("open", 0, 10)
	toll = city.Var("toll", 0, mostToll)
	drivers := m.Follower("drivers")
	past, round := drivers.Var("past", 0, bilevel.Inf), drivers.Var("round", 0, bilevel.Inf)
	drivers.Minimize(bilevel.Sum(toll.Plus(5).Times(past), round.Times(5)))
	drivers.Constrain("trips", past.Plus(round).Eq(10))
	drivers.Constrain("gate", past.LE(open))
	city.Minimize(bilevel.Sum(past.Times(3), open.Neg().Plus(10), toll.Times(4)))
	return m, open, toll
}

func run(ctx context.Context, w io.Writer) error {
	m, open, _ := build(0)
	for _, trust := range []float64{1, 0.9, 0.5, 0} {
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Attitude: bilevel.Cooperation(trust)})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-11s  open %2.0f  harm %2.0f  between %2.0f and %2.0f  %v, %v\n", r.Attitude, r.Value(open), r.Objective, r.Optimistic, r.Pessimistic,
			r.Proof, r.Attainment)
	}
	m, open, toll := build(1)
	r, err := bilevel.Solve(ctx, m, bilevel.Options{Attitude: bilevel.Pessimistic})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "with a toll: infimum %.0f, %v; at a toll of %.3f, open %.3f, the harm is %.3f at worst\n", r.Infimum+0, r.Attainment, r.Value(toll), r.Value(open), r.Pessimistic)
	return nil
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
