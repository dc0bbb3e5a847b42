// Command two-roads finds the toll on a quick road that brings the most money when drivers may take a free one instead. README.md has the
// mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/gobilevel/bilevel"
)

// build makes the model: two minutes on the toll road, seven on the free one, a hundred cars.
func build() (m *bilevel.Model, toll bilevel.Var, cars []bilevel.Var) {
	m = bilevel.NewModel("two-roads")
	toll = m.Leader().Var("toll", 0, 10)
	drivers := m.Follower("drivers")
	cars = drivers.VarsBy("cars", []string{`"toll"`, `"free"`}, 0, bilevel.Inf)
	drivers.Minimize(bilevel.Sum(toll.Plus(2).Times(cars[0]), cars[1].Times(7)))
	drivers.Constrain("trips", bilevel.Sum(cars...).Eq(100))
	m.Leader().Maximize(toll.Times(cars[0]))
	return m, toll, cars
}

func run(ctx context.Context, w io.Writer) error {
	m, toll, cars := build()
	r, err := bilevel.Solve(ctx, m)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%v, proof %v\n", r.Status, r.Proof)
	fmt.Fprintf(w, "toll %.6g, revenue %.6g, cars %.6g on the toll road and %.6g on the free one\n", r.Value(toll), r.Objective,
		r.Value(cars[0]), r.Value(cars[1])+0)
	return nil
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
