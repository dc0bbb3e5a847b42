// Command network-design finds how far to widen the streets of a town when drivers then take the ways that are quickest for them, and compares
// with a planner who takes the traffic as it is. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel"
)

// link is a street: minutes on the empty street, thousand cars an hour that it is made for, cars that are there whatever it takes, and the price
// of a thousand cars an hour more in thousand minutes an hour.
type link struct {
	from, to                     string
	free, capacity, local, price float64
}

// network is a town; trips go from origin to destination.
type network struct {
	nodes               []string
	links               []link
	origin, destination string
	trips, widest       float64
}

// example is the town of network-design.mod.
var example = network{
	nodes: []string{"west", "north", "south", "east"}, origin: "west", destination: "east", trips: 6, widest: 6,
	links: []link{
		{"west", "north", 4, 2.5, 0, 8},
		{"west", "south", 22, 2.5, 0, 3},
		{"north", "south", 10, 1, 0.5, 8},
		{"north", "east", 22, 2.5, 0, 3},
		{"south", "east", 4, 3, 0, 8},
	},
}

// design is the model with its variables, one a link.
type design struct {
	*bilevel.Model
	add, flow []bilevel.Var
}

// names are those of a family of variables with one for each link.
func (n network) names() []string {
	var out []string
	for _, l := range n.links {
		out = append(out, fmt.Sprintf("%q,%q", l.from, l.to))
	}
	return out
}

// build makes the model of network-design.mod.
func build(n network) design {
	m := bilevel.NewModel("network-design")
	d := design{Model: m, add: m.Leader().VarsBy("add", n.names(), 0, n.widest)}
	drivers := m.Follower("drivers")
	d.flow = drivers.VarsBy("flow", n.names(), 0, bilevel.Inf)
	drivers.Minimize(bilevel.SumOver(len(n.links), func(k int) any {
		l := n.links[k]
		load, capacity := d.flow[k].Plus(l.local), d.add[k].Plus(l.capacity)
		return d.flow[k].Plus(load.Pow(5).Over(capacity.Pow(4)).Times(0.03)).Times(l.free)
	}))
	for _, node := range n.nodes {
		if node != n.destination {
			drivers.Constrain("balance["+node+"]", d.leaves(n, node).Eq(n.starts(node)))
		}
	}
	m.Leader().Minimize(bilevel.SumOver(len(n.links), func(k int) any {
		return n.links[k].minutes(d.flow[k].Plus(n.links[k].local), d.add[k]).Plus(d.add[k].Times(n.links[k].price))
	}))
	return d
}

// minutes is what all cars of a load on the street spend there, in thousand minutes an hour.
func (l link) minutes(load bilevel.Expr, add bilevel.Var) bilevel.Expr {
	return load.Times(load.Over(add.Plus(l.capacity)).Pow(4).Times(0.15).Plus(1)).Times(l.free)
}

// leaves is what leaves a node less what arrives there.
func (d design) leaves(n network, node string) bilevel.Expr {
	sum := bilevel.Const(0)
	for k, l := range n.links {
		switch node {
		case l.from:
			sum = sum.Plus(d.flow[k])
		case l.to:
			sum = sum.Minus(d.flow[k])
		}
	}
	return sum
}

func (n network) starts(node string) float64 {
	if node == n.origin {
		return n.trips
	}
	return 0
}

func run(ctx context.Context, w io.Writer) error {
	nothing := make([]float64, len(example.links))
	flow, total, err := equilibrium(ctx, example, nothing)
	if err != nil {
		return err
	}
	turns, turnsFlow, turnsTotal, err := takeTurns(ctx, example)
	if err != nil {
		return err
	}
	d := build(example)
	r, err := bilevel.Solve(ctx, d.Model)
	if err != nil {
		return err
	}
	if r.Point == nil {
		return errNoAnswer
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "\tnothing built\t\ttaking turns\t\tforesight\t\t")
	fmt.Fprintln(tab, "street\tadded\tcars\tadded\tcars\tadded\tcars\t")
	for k, l := range example.links {
		fmt.Fprintf(tab, "%s-%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", l.from, l.to, 0.0, flow[k]+l.local, math.Abs(turns[k]), turnsFlow[k]+l.local,
			math.Abs(r.Value(d.add[k])), r.Value(d.flow[k])+l.local)
	}
	fmt.Fprintf(tab, "total\t%.3f\t\t%.3f\t\t%.3f\t\t\n", total, turnsTotal, r.Objective)
	return tab.Flush()
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
