// Command interdiction finds the roads of Sioux Falls to hit, within a budget, so that the shortest way between two places becomes as long
// as possible, and those to close so that as little traffic as possible gets through. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// attack is a model with handles on its parts.
type attack struct {
	*bilevel.Model
	net  *network
	arcs []arc
	hit  []bilevel.Var // one for each road
}

// newAttack begins a model: the leader's decision and its budget.
func newAttack(name string, net *network) *attack {
	m := bilevel.NewModel(name)
	hit := net.hits(m)
	m.Leader().Constrain("limit", bilevel.Sum(hit...).LE(net.budget))
	return &attack{m, net, net.arcs(), hit}
}

// hits makes the leader's decision, a binary variable for each road.
func (net *network) hits(m *bilevel.Model) []bilevel.Var {
	const leader = 0
	first := m.AddVars(leader, "hit", func(r int) string {
		return fmt.Sprintf("%d,%d", net.roads[r].from, net.roads[r].to)
	}, len(net.roads), model.Binary, 0, 1)
	hit := make([]bilevel.Var, len(net.roads))
	for r := range hit {
		hit[r] = m.Var(first + r)
	}
	return hit
}

// build makes the model of shortest ways.
func build(net *network) *attack {
	at := newAttack("interdiction", net)
	traveller := at.Follower("traveller")
	way := at.arcVars(traveller, "way")
	duration := bilevel.SumOver(len(way), func(a int) any {
		r := at.arcs[a].road
		return bilevel.Const(net.roads[r].time).Plus(at.hit[r].Times(net.delay)).Times(way[a])
	})
	traveller.Minimize(duration)
	for k := 1; k <= net.nodes; k++ {
		if k != net.origin {
			ends := 0
			if k == net.destination {
				ends = 1
			}
			traveller.Constrain(fmt.Sprintf("passage[%d]", k), at.passage(way, k).Eq(ends))
		}
	}
	at.Leader().Maximize(duration)
	return at
}

// buildFlow makes the model of flow.
func buildFlow(net *network) *attack {
	at := newAttack("max-flow", net)
	sender := at.Follower("sender")
	flow := at.arcVars(sender, "flow")
	arriving := at.passage(flow, net.destination)
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
					sender.Constrain(fmt.Sprintf("%s[%d,%d]", name, rd.from, rd.to), flow[a].LE(at.hit[r].Times(-rd.capacity).Plus(rd.capacity)))
				}
			}
		}
	}
	at.Leader().Minimize(arriving)
	return at
}

// arcVars makes a variable of a follower for each arc.
func (at *attack) arcVars(f *bilevel.Player, name string) []bilevel.Var {
	var names []string
	for _, a := range at.arcs {
		names = append(names, fmt.Sprintf("%d,%d", a.from, a.to))
	}
	return f.VarsBy(name, names, 0, bilevel.Inf)
}

// passage is what arrives at a place less what leaves it.
func (at *attack) passage(flow []bilevel.Var, place int) bilevel.Expr {
	var coefs []float64
	var vars []bilevel.Var
	for a, c := range at.arcs {
		switch place {
		case c.to:
			coefs, vars = append(coefs, 1), append(vars, flow[a])
		case c.from:
			coefs, vars = append(coefs, -1), append(vars, flow[a])
		}
	}
	return bilevel.Dot(coefs, vars)
}

// chosen are the roads that a result hits.
func (at *attack) chosen(r *bilevel.Result) []bool {
	hit := make([]bool, len(at.hit))
	for k, v := range r.Values(at.hit) {
		hit[k] = v > 0.5
	}
	return hit
}

// solve solves a model and prints the roads hit.
func (at *attack) solve(ctx context.Context, w io.Writer, unit string) error {
	r, err := bilevel.Solve(ctx, at.Model)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%v, proof %v: %.4g %s\n", r.Status, r.Proof, r.Objective, unit)
	if r.Point == nil {
		return nil
	}
	for k, hit := range at.chosen(r) {
		if hit {
			fmt.Fprintf(w, "  road %d-%d\n", at.net.roads[k].from, at.net.roads[k].to)
		}
	}
	return nil
}

func run(ctx context.Context, w io.Writer) error {
	net := siouxFalls()
	if err := build(net).solve(ctx, w, "minutes on the shortest way"); err != nil {
		return err
	}
	return buildFlow(net).solve(ctx, w, "thousand vehicles a day get through")
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
