// Command stackelberg finds the quantity that a company brings to the market when a rival answers with the quantity that is best for it.
// README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/gobilevel/bilevel"
)

// market is the price P(Q) = a - b*Q and the cost of a unit to each company.
type market struct {
	a, b, costLeader, costFollower float64
}

// example is the market of stackelberg.mod.
var example = market{a: 100, b: 2, costLeader: 20, costFollower: 16}

// duopoly is the model with its two quantities.
type duopoly struct {
	*bilevel.Model
	leader, follower bilevel.Var
}

// build makes the model of a market. The leader brings at most a/b, where the price is zero.
func build(mk market) duopoly {
	m := bilevel.NewModel("stackelberg")
	rival := m.Follower("rival")
	d := duopoly{m, m.Leader().Var("leader", 0, mk.a/mk.b), rival.Var("follower", 0, bilevel.Inf)}
	price := bilevel.Const(mk.a).Minus(d.leader.Plus(d.follower).Times(mk.b))
	rival.Maximize(price.Times(d.follower).Minus(d.follower.Times(mk.costFollower)))
	m.Leader().Maximize(price.Times(d.leader).Minus(d.leader.Times(mk.costLeader)))
	return d
}

// closedForm is the answer by hand. With m = a - 2 costLeader + costFollower, where both companies sell:
//
//	leader = m/(2b),  follower = (a + 2 costLeader - 3 costFollower)/(4b),  profit = m²/(8b)
//
// and otherwise the rival stays out: it answers zero to (a - costFollower)/b or more, and the leader brings that much, or what is best
// for a monopoly, (a - costLeader)/(2b), if that is more.
func (mk market) closedForm() (leader, follower, profit float64) {
	leader = (mk.a - 2*mk.costLeader + mk.costFollower) / (2 * mk.b)
	if out := (mk.a - mk.costFollower) / mk.b; leader > out {
		leader = max(out, (mk.a-mk.costLeader)/(2*mk.b))
	}
	follower = max(0, (mk.a-mk.costFollower-mk.b*leader)/(2*mk.b))
	return leader, follower, (mk.a-mk.b*(leader+follower))*leader - mk.costLeader*leader
}

func run(ctx context.Context, w io.Writer) error {
	d := build(example)
	r, err := bilevel.Solve(ctx, d.Model)
	if err != nil {
		return err
	}
	leader, follower, profit := example.closedForm()
	fmt.Fprintf(w, "%v, proof %v\n", r.Status, r.Proof)
	fmt.Fprintf(w, "leader %.6g (closed form %.6g), follower %.6g (%.6g), profit %.6g (%.6g)\n", r.Value(d.leader), leader,
		r.Value(d.follower), follower, r.Objective, profit)
	return nil
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
