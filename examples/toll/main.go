// Command toll finds the tolls on some links of the road network of Sioux Falls that bring the most money when every driver takes the
// cheapest way. README.md has the mathematics.
//
//	go run ./examples/toll                               the ten busiest links
//	go run ./examples/toll -links 76 -time-limit 60s     all of them; what is known after a minute
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/gobilevel/bilevel"
)

// highest is the highest toll that is allowed, in minutes.
const highest = 10

// network is the model with handles on its parts.
type network struct {
	*bilevel.Model
	tolled []link
	toll   []bilevel.Var   // one for each tolled link
	flow   [][]bilevel.Var // flow[o][a]: trips that started at place o+1 and use links[a]
}

// build makes the model with tolls of at most highest minutes on some links.
func build(tolled []link, highest float64) *network {
	m := bilevel.NewModel("toll")
	net := &network{Model: m, tolled: tolled, toll: m.Leader().VarsBy("toll", linkNames("", tolled), 0, highest)}

	drivers := m.Follower("drivers")
	var names []string
	for o := range nodes {
		names = append(names, linkNames(fmt.Sprintf("%d,", o+1), links)...)
	}
	flow := drivers.VarsBy("flow", names, 0, bilevel.Inf)
	for o := range nodes {
		net.flow = append(net.flow, flow[o*len(links):(o+1)*len(links)])
	}

	var cost, revenue []bilevel.Expr
	for o := range nodes {
		for a, l := range links {
			cost = append(cost, net.flow[o][a].Times(l.minutes))
		}
	}
	for o := range nodes {
		for k, l := range tolled {
			revenue = append(revenue, net.toll[k].Times(net.flow[o][place(l)]))
		}
	}
	drivers.Minimize(bilevel.Sum(append(cost, revenue...)...))
	for o := range nodes {
		for k := range nodes {
			if k != o {
				drivers.Constrain(fmt.Sprintf("trips[%d,%d]", o+1, k+1), net.arrivals(o, k).Eq(demand[o][k]))
			}
		}
	}
	m.Leader().Maximize(bilevel.Sum(revenue...))
	return net
}

// arrivals is the flow from place o+1 into place k+1 less what goes on from there.
func (net *network) arrivals(o, k int) bilevel.Expr {
	var coefs []float64
	var flows []bilevel.Var
	for a, l := range links {
		switch k + 1 {
		case l.to:
			coefs, flows = append(coefs, 1), append(flows, net.flow[o][a])
		case l.from:
			coefs, flows = append(coefs, -1), append(flows, net.flow[o][a])
		}
	}
	return bilevel.Dot(coefs, flows)
}

// linkNames are the subscripts of variables over links.
func linkNames(prefix string, list []link) []string {
	names := make([]string, len(list))
	for k, l := range list {
		names[k] = fmt.Sprintf("%s%d,%d", prefix, l.from, l.to)
	}
	return names
}

// place is the index of a link in links, -1 where there is none.
func place(l link) int {
	for a, other := range links {
		if other.from == l.from && other.to == l.to {
			return a
		}
	}
	return -1
}

// table prints the tolled links with the toll and the traffic of a result.
func (net *network) table(w io.Writer, r *bilevel.Result) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "link\tminutes\ttoll\ttrips a day\trevenue\t")
	for k, l := range net.tolled {
		trips := 0.0
		for o := range nodes {
			trips += r.Value(net.flow[o][place(l)])
		}
		toll := r.Value(net.toll[k])
		fmt.Fprintf(tab, "%d-%d\t%g\t%.4g\t%.0f\t%.0f\t\n", l.from, l.to, l.minutes, toll, 100*trips, 100*trips*toll)
	}
	return tab.Flush()
}

// run solves the instance that the arguments ask for and prints the answer, the bound that is proven, and the gap between the two.
func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("toll", flag.ContinueOnError)
	n := flags.Int("links", 10, "number of tolled links: 10, 20 or 76")
	limit := flags.Duration("time-limit", 10*time.Minute, "time limit")
	if err := flags.Parse(args); err != nil {
		return err
	}
	tolled, err := tolledLinks(*n)
	if err != nil {
		return err
	}
	net := build(tolled, highest)
	r, err := bilevel.Solve(ctx, net.Model, bilevel.Options{Gap: 1e-4, TimeLimit: *limit})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%v, proof %v: %.1f hundred minutes a day, bound %.1f, gap %.2f %%, %.1f s\n", r.Status, r.Proof, r.Objective, r.Bound, 100*r.Gap, r.Seconds)
	if r.Point == nil {
		return nil
	}
	return net.table(w, r)
}

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
