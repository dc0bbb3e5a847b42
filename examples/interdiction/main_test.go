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

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "interdiction.mod", "sioux-falls.dat"), build(siouxFalls()).Model)
	exampletest.Same(t, exampletest.Read(t, "max-flow.mod", "sioux-falls.dat"), buildFlow(siouxFalls()).Model)
}

// subsets calls f with every choice of at most size of n roads.
func subsets(n, size int, f func(hit []bool)) {
	hit := make([]bool, n)
	var choose func(first, left int)
	choose = func(first, left int) {
		f(hit)
		if left == 0 {
			return
		}
		for r := first; r < n; r++ {
			hit[r] = true
			choose(r+1, left-1)
			hit[r] = false
		}
	}
	choose(0, size)
}

// closing is a delay that no way makes up for: more than all roads together take.
func closing(net *network) float64 {
	sum := 1.0
	for _, rd := range net.roads {
		sum += rd.time
	}
	return sum
}

func TestWaysAgainstAllSubsets(t *testing.T) {
	type instance struct {
		budget       int
		delay        float64
		origin, dest int
	}
	removed := closing(siouxFalls())
	for _, c := range []instance{
		{0, 10, 8, 22}, {1, 10, 8, 22}, {3, 10, 8, 22}, {3, 5, 1, 20}, {3, 2.5, 4, 22}, {2, removed, 8, 22}, {3, removed, 10, 20},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			net := siouxFalls()
			net.budget, net.delay, net.origin, net.destination = c.budget, c.delay, c.origin, c.dest
			best := 0.0
			subsets(len(net.roads), net.budget, func(hit []bool) {
				length, _ := net.shortest(hit)
				best = max(best, length)
			})
			at := build(net)
			r := exampletest.Optimal(t, at.Model, best, 1e-6)
			if length, _ := net.shortest(at.chosen(r)); math.Abs(length-best) > 1e-9 {
				t.Errorf("with these roads hit the shortest way takes %g, want %g", length, best)
			}
		})
	}
}

func TestFlowAgainstAllSubsets(t *testing.T) {
	type instance struct{ budget, origin, dest int }
	for _, c := range []instance{{0, 8, 22}, {1, 8, 22}, {3, 8, 22}, {2, 1, 20}, {3, 10, 20}, {3, 10, 24}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			net := siouxFalls()
			net.budget, net.origin, net.destination = c.budget, c.origin, c.dest
			best := math.Inf(1)
			subsets(len(net.roads), net.budget, func(hit []bool) { best = min(best, net.maxFlow(hit)) })
			at := buildFlow(net)
			r := exampletest.Optimal(t, at.Model, best, 1e-6)
			if flow := net.maxFlow(at.chosen(r)); math.Abs(flow-best) > 1e-9 {
				t.Errorf("with these roads closed %g gets through, want %g", flow, best)
			}
		})
	}
}

// buildCharged makes the model of flow in another way: a road that is hit stays open, and a unit of flow loses on it what it is worth
// (Cormican, Morton and Wood). Then the products of decisions and flows are in the objectives alone.
func buildCharged(net *network) *attack {
	at := newAttack("charged", net)
	sender := at.Follower("sender")
	flow := at.arcVars(sender, "flow")
	arriving := at.passage(flow, net.destination).Minus(bilevel.SumOver(len(flow), func(a int) any {
		return at.hit[at.arcs[a].road].Times(flow[a])
	}))
	sender.Maximize(arriving)
	for k := 1; k <= net.nodes; k++ {
		if k != net.origin && k != net.destination {
			sender.Constrain(fmt.Sprintf("passage[%d]", k), at.passage(flow, k).Eq(0))
		}
	}
	for _, name := range []string{"forth", "back"} {
		for r, rd := range net.roads {
			for a, c := range at.arcs {
				if c.road == r && (c.from == rd.from) == (name == "forth") {
					sender.Constrain(fmt.Sprintf("%s[%d,%d]", name, rd.from, rd.to), flow[a].LE(rd.capacity))
				}
			}
		}
	}
	at.Leader().Minimize(arriving)
	return at
}

// Two ways to close a road have the same answer.
func TestFlowInTwoWays(t *testing.T) {
	falls := siouxFalls()
	falls.budget, falls.origin, falls.destination = 4, 10, 20
	for name, net := range map[string]*network{"Sioux Falls, four roads": falls, "grid of 64 places": within(8, 3), "grid of 144 places": within(12, 3)} {
		t.Run(name, func(t *testing.T) {
			r := exampletest.Optimal(t, buildFlow(net).Model, net.maxFlow(buildCharged(net).answer(t)), 1e-6)
			t.Logf("%g, %d nodes, %.2f s with %v", r.Objective, r.Nodes, r.Seconds, r.Plan)
		})
	}
}

// within is a grid on which flow goes from one place inside to another.
func within(n, budget int) *network {
	net := grid(n, budget, 0)
	net.origin, net.destination = n+2, n*n-n-1
	return net
}

// answer is the best choice of roads.
func (at *attack) answer(t *testing.T) []bool {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), at.Model)
	if err != nil || r.Proof != bilevel.ProofGlobal {
		t.Fatalf("%v, %+v", err, r)
	}
	return at.chosen(r)
}

// byCovering solves the model of shortest ways in another manner: a program without a follower asks for the roads that make the shortest
// of the ways known so far as long as possible, and a shortest way for its answer is added, until both agree (Israeli and Wood).
func byCovering(t *testing.T, net *network) float64 {
	m := bilevel.NewModel("covering")
	hit := net.hits(m)
	longest := m.Leader().Var("longest", 0, 2*closing(net)+net.delay*float64(net.budget))
	m.Leader().Constrain("limit", bilevel.Sum(hit...).LE(net.budget))
	m.Leader().Maximize(longest)
	for n := range 1000 {
		r, err := bilevel.Solve(context.Background(), m)
		if err != nil || r.Point == nil {
			t.Fatalf("%v: %v", err, r)
		}
		chosen := make([]bool, len(hit))
		for k, v := range r.Values(hit) {
			chosen[k] = v > 0.5
		}
		length, way := net.shortest(chosen)
		if length >= r.Objective-1e-6 {
			t.Logf("%d ways", n)
			return length
		}
		along := bilevel.Const(0)
		for _, k := range way {
			along = along.Plus(hit[k].Times(net.delay)).Plus(net.roads[k].time)
		}
		m.Leader().Constrain(fmt.Sprintf("way[%d]", n), longest.LE(along))
	}
	t.Fatal("no end after 1000 ways")
	return 0
}

// Budgets and networks with too many choices to try.
func TestLarger(t *testing.T) {
	falls := siouxFalls()
	falls.budget = 6
	for name, net := range map[string]*network{"Sioux Falls, six roads": falls, "grid of 49 places": grid(7, 5, 6)} {
		t.Run(name, func(t *testing.T) {
			want := byCovering(t, net)
			r := exampletest.Optimal(t, build(net).Model, want, 1e-6)
			t.Logf("%g minutes, %d nodes, %.1f s", r.Objective, r.Nodes, r.Seconds)
		})
	}
	t.Run("flow on a grid of 36 places", func(t *testing.T) {
		net := grid(6, 1, 0)
		best := math.Inf(1)
		subsets(len(net.roads), net.budget, func(hit []bool) { best = min(best, net.maxFlow(hit)) })
		exampletest.Optimal(t, buildFlow(net).Model, best, 1e-6)
	})
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"optimal, proof global: 24 minutes", "optimal, proof global: 4.9 thousand"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Count(out.String(), "road") != 6 {
		t.Errorf("want three roads each, got\n%s", out.String())
	}
}
