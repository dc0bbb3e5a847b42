// Command pricing finds the prices of a product line that bring the most money when every customer segment buys the product that leaves
// it the most, or nothing. README.md has the mathematics.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/gobilevel/bilevel"
)

// line is the model with handles on its parts.
type line struct {
	*bilevel.Model
	market *market
	price  []bilevel.Var
	buy    []bilevel.Var // one for each offer
}

// build makes the model of a market.
func build(mk *market) *line {
	m := bilevel.NewModel("pricing")
	l := &line{Model: m, market: mk}
	l.price = m.Leader().VarsBy("price", count(len(mk.low)), 0, bilevel.Inf)
	for j, p := range l.price {
		m.SetVarBounds(p.Index(), mk.low[j], mk.high[j])
	}

	customers := m.Follower("customers")
	names := make([]string, len(mk.offers))
	for k, o := range mk.offers {
		names[k] = fmt.Sprintf("%d,%d", o.segment+1, o.product+1)
	}
	l.buy = customers.VarsBy("buy", names, 0, bilevel.Inf)
	customers.Maximize(bilevel.SumOver(len(mk.offers), func(k int) any {
		o := mk.offers[k]
		return bilevel.Const(o.worth).Minus(l.price[o.product]).Times(l.buy[k])
	}))
	customers.ConstrainEach("one", len(mk.size), func(s int) bilevel.Relation {
		var bought []bilevel.Var
		for k, o := range mk.offers {
			if o.segment == s {
				bought = append(bought, l.buy[k])
			}
		}
		return bilevel.Sum(bought...).LE(1)
	})
	m.Leader().Maximize(bilevel.SumOver(len(mk.offers), func(k int) any {
		o := mk.offers[k]
		return l.price[o.product].Times(l.buy[k]).Times(mk.size[o.segment])
	}))
	return l
}

// count are the numbers from 1 to n as subscripts.
func count(n int) []string {
	names := make([]string, n)
	for k := range names {
		names[k] = fmt.Sprint(k + 1)
	}
	return names
}

// table prints what each product sells for and to how many.
func (l *line) table(w io.Writer, r *bilevel.Result) error {
	sold := make([]float64, len(l.price))
	for k, o := range l.market.offers {
		sold[o.product] += l.market.size[o.segment] * r.Value(l.buy[k])
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "product\tlimits\tprice\tsold\trevenue\t")
	for j, p := range r.Values(l.price) {
		fmt.Fprintf(tab, "%d\t%g-%g\t%.4g\t%.4g\t%.4g\t\n", j+1, l.market.low[j], l.market.high[j], p, sold[j], p*sold[j])
	}
	return tab.Flush()
}

func run(ctx context.Context, w io.Writer) error {
	l := build(generate(segments, products, considered, seed))
	r, err := bilevel.Solve(ctx, l.Model, bilevel.Options{Gap: 1e-4, TimeLimit: 10 * time.Minute})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%v, proof %v: revenue %.1f, bound %.1f, %.1f s\n", r.Status, r.Proof, r.Objective, r.Bound, r.Seconds)
	if r.Point == nil {
		return nil
	}
	return l.table(w, r)
}

func main() {
	data := flag.String("data", "", "write the data of the model to this `file` instead of solving")
	flag.Parse()
	err := func() error {
		if *data == "" {
			return run(context.Background(), os.Stdout)
		}
		var b bytes.Buffer
		if err := generate(segments, products, considered, seed).write(&b); err != nil {
			return err
		}
		return os.WriteFile(*data, b.Bytes(), 0o644)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
