// Command cournot finds the quantity that a company brings to the market when four rivals see it and settle in a Nash equilibrium, for demand of
// more and more elasticity. README.md has the mathematics.
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

// firm is a company. Quantity q costs it cost q + β/(1+β) size^(-1/β) q^(1+1/β), and the next unit then cost + (q/size)^(1/β), with β the bend.
type firm struct {
	cost, size, bend float64
}

// market is the price (5000/Q)^(1/elasticity) of the quantity Q of all companies, each of which brings at most limit.
type market struct {
	firms             []firm
	elasticity, limit float64
}

// example is the market of cournot.mod.
var example = market{elasticity: 1, limit: 150,
	firms: []firm{{10, 5, 1.2}, {8, 5, 1.1}, {6, 5, 1.0}, {4, 5, 0.9}, {2, 5, 0.8}}}

// with is the same market with another elasticity of demand and another limit.
func (mk market) with(elasticity, limit float64) market {
	mk.elasticity, mk.limit = elasticity, limit
	return mk
}

// game is the model with the quantities of all companies.
type game struct {
	*bilevel.Model
	quantity []bilevel.Var
}

var (
	players = []string{"first", "second", "third", "fourth", "fifth"}
	names   = []string{"lead", "q2", "q3", "q4", "q5"}
)

// build makes the model in which the first company leads.
func build(mk market) game {
	g := game{Model: bilevel.NewModel("cournot")}
	owners := []*bilevel.Player{g.Leader()}
	g.quantity = append(g.quantity, g.Leader().Var(names[0], 0, mk.limit).Start(mk.limit/2))
	for k := 1; k < len(mk.firms); k++ {
		owners = append(owners, g.Follower(players[k]).Nash())
		g.quantity = append(g.quantity, owners[k].Var(names[k], 0, mk.limit).Start(mk.limit/5))
	}
	g.settle(mk, owners)
	return g
}

// together makes the game without a leader: all five companies choose at the same time.
func together(mk market) game {
	g := game{Model: bilevel.NewModel("together")}
	var owners []*bilevel.Player
	for k := range mk.firms {
		owners = append(owners, g.Follower(players[k]).Nash())
		g.quantity = append(g.quantity, owners[k].Var(names[k], 0, mk.limit).Start(mk.limit/5))
	}
	g.settle(mk, owners)
	return g
}

// settle gives each company its profit.
func (g game) settle(mk market, owners []*bilevel.Player) {
	price := bilevel.Sum(g.quantity...).Pow(-1 / mk.elasticity).Times(math.Pow(5000, 1/mk.elasticity))
	for k, f := range mk.firms {
		q, power := g.quantity[k], 1+1/f.bend
		owners[k].Maximize(price.Times(q).Minus(q.Times(f.cost)).Minus(q.Pow(power).Times(math.Pow(f.size, -1/f.bend) / power)))
	}
}

func run(ctx context.Context, w io.Writer) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "elasticity\tlead\tq2\tq3\tq4\tq5\tprofit\t")
	for _, elasticity := range []float64{1, 1.1, 1.3, 1.5, 1.7} {
		g := build(example.with(elasticity, example.limit))
		r, err := bilevel.Solve(ctx, g.Model)
		if err != nil {
			return err
		}
		if r.Point == nil {
			return fmt.Errorf("elasticity %g: %s", elasticity, r.Status.Sentence())
		}
		fmt.Fprintf(tab, "%g\t", elasticity)
		for _, q := range r.Values(g.quantity) {
			fmt.Fprintf(tab, "%.3f\t", q)
		}
		fmt.Fprintf(tab, "%.3f\t\n", r.Objective)
	}
	return tab.Flush()
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
