// Command bidding finds the bids of a producer in a market for electricity on a transmission network that bring it the most, given that the
// operator of the market takes the cheapest offers that the network can carry. README.md has the mathematics.
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

// market is the model with handles on its parts.
type market struct {
	*bilevel.Model
	system                     *system
	bid                        []bilevel.Var // one for each generator of the leader
	output                     []bilevel.Var // one for each generator
	angle                      []bilevel.Var // one for each bus
	balance, full, forth, back []bilevel.Constraint
}

// build makes the model of bidding.mod.
func build(s *system) *market {
	mk := newMarket(s)
	mk.Leader().Maximize(mk.profit())
	return mk
}

// newMarket makes the model without the leader's objective.
func newMarket(s *system) *market {
	m := bilevel.NewModel("bidding")
	mk := &market{Model: m, system: s}
	var generators, own, buses []string
	for g, gen := range s.generators {
		generators = append(generators, gen.name)
		if s.owned(g) {
			own = append(own, gen.name)
		}
	}
	for i := range s.demand {
		buses = append(buses, fmt.Sprint(i+1))
	}
	mk.bid = m.Leader().VarsBy("bid", own, 0, s.ceiling)

	operator := m.Follower("market")
	mk.output = operator.VarsBy("output", generators, 0, bilevel.Inf)
	mk.angle = operator.VarsBy("angle", buses, -bilevel.Inf, bilevel.Inf)
	bids := bilevel.Const(0)
	for k, g := range s.own {
		bids = bids.Plus(mk.bid[k].Times(mk.output[g]))
	}
	for g, gen := range s.generators {
		if !s.owned(g) {
			bids = bids.Plus(mk.output[g].Times(gen.cost))
		}
	}
	operator.Minimize(bids)

	mk.balance = operator.ConstrainEach("balance", len(s.demand), func(i int) bilevel.Relation { return mk.arrives(i + 1).Eq(s.demand[i]) })
	mk.full = operator.ConstrainEach("full", len(s.generators), func(g int) bilevel.Relation {
		return mk.output[g].LE(s.generators[g].capacity)
	})
	mk.forth = operator.ConstrainEach("forth", len(s.branches), func(l int) bilevel.Relation { return mk.flow(l).LE(s.branches[l].limit) })
	mk.back = operator.ConstrainEach("back", len(s.branches), func(l int) bilevel.Relation { return mk.flow(l).GE(-s.branches[l].limit) })
	operator.Constrain("datum", mk.angle[0].Eq(0))
	return mk
}

// flow is what goes over a branch, from its first bus to its second.
func (mk *market) flow(l int) bilevel.Expr {
	b := mk.system.branches[l]
	return mk.angle[b.from-1].Minus(mk.angle[b.to-1]).Times(base / b.reactance)
}

// arrives is what is generated at a bus and what the branches bring, less what they take away.
func (mk *market) arrives(bus int) bilevel.Expr {
	sum := bilevel.Const(0)
	for g, gen := range mk.system.generators {
		if gen.bus == bus {
			sum = sum.Plus(mk.output[g])
		}
	}
	for l, b := range mk.system.branches {
		switch bus {
		case b.to:
			sum = sum.Plus(mk.flow(l))
		case b.from:
			sum = sum.Minus(mk.flow(l))
		}
	}
	return sum
}

// profit is what the leader's generators are paid at their buses, less their cost: products of multipliers and variables of the operator.
func (mk *market) profit() bilevel.Expr {
	sum := bilevel.Const(0)
	for _, g := range mk.system.own {
		gen := mk.system.generators[g]
		sum = sum.Plus(mk.balance[gen.bus-1].Dual().Minus(gen.cost).Times(mk.output[g]))
	}
	return sum
}

// profitByParts is the same profit without products, as README.md derives it: what the consumers pay, less what stays with the network and
// what the others get, less the leader's cost. The library finds this form by itself; the tests compare.
func (mk *market) profitByParts() bilevel.Expr {
	sum := bilevel.Const(0)
	for i, d := range mk.system.demand {
		if d != 0 {
			sum = sum.Plus(mk.balance[i].Dual().Times(d))
		}
	}
	for l, b := range mk.system.branches {
		sum = sum.Minus(mk.back[l].Dual().Minus(mk.forth[l].Dual()).Times(b.limit))
	}
	for g, gen := range mk.system.generators {
		sum = sum.Minus(mk.output[g].Times(gen.cost))
		if !mk.system.owned(g) {
			sum = sum.Plus(mk.full[g].Dual().Times(gen.capacity))
		}
	}
	return sum
}

// profitByBids is the same profit in terms of the leader's generators alone: a generator that runs is paid its bid, and in addition the
// rent of its capacity where that is used up.
func (mk *market) profitByBids() bilevel.Expr {
	sum := bilevel.Const(0)
	for k, g := range mk.system.own {
		gen := mk.system.generators[g]
		sum = sum.Plus(mk.bid[k].Minus(gen.cost).Times(mk.output[g])).Minus(mk.full[g].Dual().Times(gen.capacity))
	}
	return sum
}

// table prints what each generator bids, produces, is paid and gains.
func (mk *market) table(w io.Writer, r *bilevel.Result) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "generator\tbus\towner\tbid\toutput\tprice\tcost\tprofit\t")
	k := 0
	for g, gen := range mk.system.generators {
		owner, bid := "other", gen.cost
		if mk.system.owned(g) {
			owner, bid = "leader", r.Value(mk.bid[k])
			k++
		}
		price, output := r.Dual(mk.balance[gen.bus-1]), r.Value(mk.output[g])
		fmt.Fprintf(tab, "%s\t%d\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", gen.name, gen.bus, owner, bid, output, price, gen.cost, cents((price-gen.cost)*output))
	}
	return tab.Flush()
}

// cents rounds to a hundredth, to a zero without a sign where there is nothing.
func cents(v float64) float64 { return math.Round(v*100)/100 + 0 }

func run(ctx context.Context, w io.Writer) error {
	for _, s := range []*system{fourteen(), twentyFour()} {
		mk := build(s)
		r, err := bilevel.Solve(ctx, mk.Model)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%d buses: %v, proof %v: profit %.2f an hour, bound %.2f\n", len(s.demand), r.Status, r.Proof, r.Objective, r.Bound)
		if r.Point == nil {
			continue
		}
		if err := mk.table(w, r); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
