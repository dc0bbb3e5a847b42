package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// The best profits; TestAgainstGrid and TestMarketConfirms check them without bilevel methods.
var optimum = map[string]float64{"ieee14.dat": 1278.19, "rts24.dat": 21456.87}

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "bidding.mod", "ieee14.dat"), build(fourteen()).Model)
	exampletest.Same(t, exampletest.Read(t, "bidding.mod", "rts24.dat"), build(twentyFour()).Model)
}

func TestSolveText(t *testing.T) {
	for data, want := range optimum {
		t.Run(data, func(t *testing.T) {
			r := exampletest.Optimal(t, exampletest.Read(t, "bidding.mod", data), want, 1e-5)
			t.Logf("%d nodes, %.2f s", r.Nodes, r.Seconds)
		})
	}
}

// variants are systems with other generators in the leader's hands and other ceilings.
func variants() map[string]*system {
	list := map[string]*system{"as given": fourteen()}
	for _, own := range [][]int{{2}, {3}, {0}, {1, 4}, {0, 2}} {
		s := fourteen()
		s.own = own
		list[fmt.Sprint("own ", own)] = s
	}
	wide := fourteen() // hardly congested
	for l := range wide.branches {
		wide.branches[l].limit *= 2
	}
	list["wide"] = wide
	list["24 buses"] = twentyFour()
	for _, own := range [][]int{{4, 8}, {5}, {12, 13}} {
		s := twentyFour()
		s.own = own
		list[fmt.Sprint("24 buses, own ", own)] = s
	}
	return list
}

// The forms of the profit have the same optimum: products of prices and outputs, and two forms without any that are derived by hand.
func TestForms(t *testing.T) {
	for name, s := range variants() {
		t.Run(name, func(t *testing.T) {
			r, err := bilevel.Solve(context.Background(), build(s).Model)
			if err != nil {
				t.Fatal(err)
			}
			for _, form := range []func(*market) bilevel.Expr{(*market).profitByParts, (*market).profitByBids} {
				other := newMarket(s)
				other.Leader().Maximize(form(other))
				exampletest.Optimal(t, other.Model, r.Objective, 1e-5)
			}
		})
	}
}

// The market, cleared apart at the leader's bids, confirms the outputs and the profit; and bids a little lower, which leave no tie between
// the leader and the others, bring nearly as much. (Below its cost nobody need bid for that: at its cost a generator loses nothing.)
func TestMarketConfirms(t *testing.T) {
	for name, s := range variants() {
		t.Run(name, func(t *testing.T) {
			mk := build(s)
			r, err := bilevel.Solve(context.Background(), mk.Model)
			if err != nil {
				t.Fatal(err)
			}
			exampletest.Optimal(t, mk.Model, r.Objective, 1e-6)
			bids, outputs := r.Values(mk.bid), r.Values(mk.output)
			spent := 0.0
			for g, gen := range s.generators {
				if !s.owned(g) {
					spent += gen.cost * outputs[g]
				}
			}
			prices := 0.0
			for k, g := range s.own {
				spent += bids[k] * outputs[g]
				prices += (r.Dual(mk.balance[s.generators[g].bus-1]) - s.generators[g].cost) * outputs[g]
			}
			if math.Abs(prices-r.Objective) > 1e-5*max(1, r.Objective) {
				t.Errorf("at the prices reported the outputs bring %g, the objective is %g", prices, r.Objective)
			}
			if cost, _ := s.clear(t, bids, make([]float64, len(s.demand))); math.Abs(cost-spent) > 1e-6*cost {
				t.Errorf("the market is cleared at a cost of %g, at best %g", spent, cost)
			}
			least, most := s.earns(t, bids, outputs)
			if r.Objective < least-0.1 || r.Objective > most+0.1 {
				t.Errorf("profit %g, prices of the market give %g to %g", r.Objective, least, most)
			}
			for k, g := range s.own {
				bids[k] = max(s.generators[g].cost, bids[k]-0.01)
			}
			_, outputs = s.clear(t, bids, make([]float64, len(s.demand)))
			if least, _ = s.earns(t, bids, outputs); least < r.Objective-0.01*max(100, math.Abs(r.Objective)) {
				t.Errorf("a little lower, bids bring %g instead of %g", least, r.Objective)
			}
		})
	}
}

// No bids on a grid earn more. The best of them may earn less by what the leader's output loses when its price falls by a step.
func TestAgainstGrid(t *testing.T) {
	const steps = 20
	for name, s := range variants() {
		t.Run(name, func(t *testing.T) {
			best, n := math.Inf(-1), steps
			switch {
			case len(s.own) == 1:
				n = 2 * steps
			case len(s.demand) > 14:
				n = steps / (2 * (len(s.own) - 1))
			}
			bids := make([]float64, len(s.own))
			var try func(k int)
			try = func(k int) {
				if k < len(bids) {
					for i := range n + 1 {
						bids[k] = s.ceiling * float64(i) / float64(n)
						try(k + 1)
					}
					return
				}
				_, outputs := s.clear(t, bids, make([]float64, len(s.demand)))
				least, _ := s.earns(t, bids, outputs)
				best = max(best, least)
			}
			try(0)
			mk := build(s)
			r, err := bilevel.Solve(context.Background(), mk.Model)
			if err != nil {
				t.Fatal(err)
			}
			sold := 0.0
			for _, g := range s.own {
				sold += r.Value(mk.output[g])
			}
			t.Logf("%.2f on the grid, %.2f at best", best, r.Objective)
			if best > r.Objective+0.1 || best < r.Objective-sold*s.ceiling/float64(n)-0.1 {
				t.Errorf("%g on the grid, %g at best", best, r.Objective)
			}
		})
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"14 buses: optimal, proof global: profit 1278.19", "24 buses: optimal, proof global: profit 21456.87"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines != 2+2+5+14 {
		t.Errorf("%d lines, want two tables of 5 and 14 generators\n%s", lines, out.String())
	}
}
