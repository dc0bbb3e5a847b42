package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// pricedNetwork is a small network with prices on some arcs for one or two blocks of answers, with whole data.
type pricedNetwork struct {
	arcs           [][2]int
	nodes          int
	cost           [][]float64 // by block and arc
	price          []int       // by arc: the price on it, -1 without one
	factor         []float64   // by arc: of the price
	lo, hi         []float64   // of the prices
	least, most    []float64   // of the answers on each arc
	rhs            [][]float64 // by block and node: what leaves it more than enters
	atMost         []bool      // by node: what leaves may be less
	demand         []float64   // by block: the leader's factor
	wish           [][]float64 // by block and arc: what the leader gets for an answer beside the price
	scale          float64     // of the balances
	joint          float64     // the sum of the prices is at most this
	separatePlayer bool
}

func drawNetwork(r *rand.Rand) *pricedNetwork {
	n := &pricedNetwork{nodes: 3 + r.IntN(2), scale: float64(1 + r.IntN(2)), separatePlayer: r.IntN(3) == 0}
	circles, far, capacities := r.IntN(3) == 0, r.IntN(4) == 0, r.IntN(3) == 0
	for len(n.arcs) < 5+r.IntN(2) {
		v, w := r.IntN(n.nodes), r.IntN(n.nodes)
		if v == w || v > w && !circles {
			continue
		}
		n.arcs = append(n.arcs, [2]int{v, w})
	}
	prices := 1 + r.IntN(2)
	for range prices {
		lo := float64(r.IntN(3))
		if far {
			lo += 1000
		}
		n.lo, n.hi = append(n.lo, lo), append(n.hi, lo+float64(1+r.IntN(9)))
		n.joint += lo + 6
	}
	for a := range n.arcs {
		n.price, n.factor = append(n.price, r.IntN(prices+2)-2), append(n.factor, float64(1+r.IntN(2)))
		n.price[a] = max(n.price[a], -1)
		least := 0.0
		if r.IntN(5) == 0 {
			least = float64(r.IntN(3))
			if far {
				least += 500
			}
		}
		most := math.Inf(1)
		if capacities && r.IntN(2) == 0 {
			most = least + float64(1+r.IntN(2))
		}
		n.least, n.most = append(n.least, least), append(n.most, most)
	}
	n.price[0], n.factor[0] = 0, 1
	for v := range n.nodes {
		n.atMost = append(n.atMost, v > 0 && r.IntN(5) == 0)
	}
	for range 1 + r.IntN(2) {
		cost, wish, rhs := make([]float64, len(n.arcs)), make([]float64, len(n.arcs)), make([]float64, n.nodes)
		for a, e := range n.arcs {
			cost[a] = float64(1 + r.IntN(8))
			if !circles && r.IntN(4) == 0 {
				cost[a] = -cost[a]
			}
			if p := n.price[a]; p >= 0 && n.lo[p] >= 1000 {
				cost[a] -= 1000 * n.factor[a]
				if circles {
					cost[a] += 1
				}
			}
			if r.IntN(3) == 0 {
				wish[a] = float64(r.IntN(7) - 3)
				if circles || math.IsInf(n.most[a], 1) {
					wish[a] = -math.Abs(wish[a])
				}
			}
			y := n.least[a]
			if r.IntN(2) == 0 {
				y = math.Min(y+1, n.most[a])
			}
			rhs[e[0]] += y
			rhs[e[1]] -= y
		}
		n.cost, n.wish, n.rhs = append(n.cost, cost), append(n.wish, wish), append(n.rhs, rhs)
		n.demand = append(n.demand, float64(1+r.IntN(3)))
	}
	return n
}

// prices adds the leader's prices, with the limit on their sum.
func (n *pricedNetwork) prices(l *model.Player) (prices []model.Var) {
	var sum []model.Expr
	for p := range n.lo {
		prices = append(prices, l.Var(fmt.Sprintf("t%d", p), n.lo[p], n.hi[p]))
		sum = append(sum, prices[p].Expr())
	}
	l.Constrain("joint", model.Sum(sum...).LE(n.joint))
	return prices
}

// model writes the bilevel problem. One node's balance follows from the others' where none is an inequality, and is left out.
func (n *pricedNetwork) model() *model.Model {
	m := model.New("priced network")
	l := m.Leader()
	prices := n.prices(l)
	var gain []model.Expr
	costs := map[int][]model.Expr{}
	players := []*model.Player{m.Follower("f")}
	if n.separatePlayer && len(n.cost) > 1 {
		players = append(players, m.Follower("g"))
	}
	for b := range n.cost {
		f := players[b%len(players)]
		leaves := make([][]model.Expr, n.nodes)
		for a, e := range n.arcs {
			y := f.Var(fmt.Sprintf("y%d_%d", b, a), n.least[a], n.most[a])
			costs[b%len(players)] = append(costs[b%len(players)], y.Times(n.cost[b][a]))
			gain = append(gain, y.Times(n.wish[b][a]))
			if p := n.price[a]; p >= 0 {
				costs[b%len(players)] = append(costs[b%len(players)], prices[p].Times(y).Times(n.factor[a]))
				gain = append(gain, prices[p].Times(y).Times(n.factor[a]*n.demand[b]))
			}
			leaves[e[0]] = append(leaves[e[0]], y.Times(n.scale))
			leaves[e[1]] = append(leaves[e[1]], y.Times(-n.scale))
		}
		for v := range n.nodes {
			if len(leaves[v]) == 0 || v == 0 && !slices.Contains(n.atMost, true) {
				continue
			}
			e := model.Sum(leaves[v]...)
			if n.atMost[v] {
				f.Constrain(fmt.Sprintf("b%d_%d", b, v), e.LE(n.scale*n.rhs[b][v]))
			} else {
				f.Constrain(fmt.Sprintf("b%d_%d", b, v), e.Eq(n.scale*n.rhs[b][v]))
			}
		}
	}
	l.Maximize(model.Sum(gain...))
	for i, f := range players {
		f.Minimize(model.Sum(costs[i]...))
	}
	return m
}

// answers lists the whole points of a block; every vertex is among them.
func (n *pricedNetwork) answers(b int) [][]float64 {
	var out [][]float64
	y := make([]float64, len(n.arcs))
	var fill func(a int)
	fill = func(a int) {
		if a < len(y) {
			for v := n.least[a]; v <= math.Min(n.most[a], n.least[a]+5); v++ {
				y[a] = v
				fill(a + 1)
			}
			return
		}
		for v := range n.nodes {
			leaves := -n.rhs[b][v]
			for a, e := range n.arcs {
				if e[0] == v {
					leaves += y[a]
				}
				if e[1] == v {
					leaves -= y[a]
				}
			}
			if leaves > 0 || leaves < 0 && !n.atMost[v] {
				return
			}
		}
		out = append(out, slices.Clone(y))
	}
	fill(0)
	return out
}

// best enumerates: for each choice of one whole answer a block the best prices at which no other whole answer is cheaper, a linear program in the prices alone.
func (n *pricedNetwork) best(t *testing.T) float64 {
	all := make([][][]float64, len(n.cost))
	for b := range all {
		all[b] = n.answers(b)
	}
	best := math.Inf(-1)
	choice := make([]int, len(all))
	for {
		if v, ok := n.bestPrices(t, all, choice); ok {
			best = math.Max(best, v)
		}
		b := 0
		for ; b < len(choice); b++ {
			if choice[b]++; choice[b] < len(all[b]) {
				break
			}
			choice[b] = 0
		}
		if b == len(choice) {
			return best
		}
	}
}

func (n *pricedNetwork) bestPrices(t *testing.T, all [][][]float64, choice []int) (float64, bool) {
	m := model.New("prices")
	l := m.Leader()
	prices := n.prices(l)
	var gain []model.Expr
	constant := 0.0
	for b, y := range choice {
		mine := all[b][y]
		for k, other := range all[b] {
			var more []model.Expr
			fixed, any := 0.0, false
			for a := range n.arcs {
				d := mine[a] - other[a]
				fixed += d * n.cost[b][a]
				if p := n.price[a]; p >= 0 && d != 0 {
					more, any = append(more, prices[p].Times(d*n.factor[a])), true
				}
			}
			if !any {
				if fixed > 0 {
					return 0, false
				}
				continue
			}
			l.Constrain(fmt.Sprintf("b%d_%d", b, k), model.Sum(more...).LE(-fixed))
		}
		for a := range n.arcs {
			constant += n.wish[b][a] * mine[a]
			if p := n.price[a]; p >= 0 {
				gain = append(gain, prices[p].Times(mine[a]*n.factor[a]*n.demand[b]))
			}
		}
	}
	l.Maximize(model.Sum(gain...))
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r.Objective + constant, r.Status == bilevel.StatusOptimal
}

// TestWholeAnswers: on small random networks with prices strong duality leaves a mixed-integer program without pairs, whose optimum, found by the search and by HiGHS, is that of enumeration.
func TestWholeAnswers(t *testing.T) {
	ctx := context.Background()
	compared, whole := 0, 0
	for seed := uint64(1); seed <= 60; seed++ {
		n := drawNetwork(rand.New(rand.NewPCG(seed, 7)))
		count := 1
		for b := range n.cost {
			count *= len(n.answers(b))
		}
		if count > 300 {
			continue
		}
		m := n.model()
		compared++
		want := n.best(t)
		c := reform.NewChain(m)
		if err := c.Apply(ctx, reform.PriceProduct{}); err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(ctx, reform.StrongDuality{}); err != nil {
			t.Fatal(err)
		}
		if c.Model().Constructs().Without(model.IntegerVariables) == 0 {
			whole++
			for _, backend := range []string{"branch", "highs"} {
				same(t, fmt.Sprintf("seed %d by %s", seed, backend), m, want, bilevel.Options{Reform: "strong-duality", Backend: backend})
			}
		}
		same(t, fmt.Sprintf("seed %d by pairs", seed), m, want, bilevel.Options{Without: []string{"whole-answers", "milp"}})
	}
	if t.Logf("%d problems, %d with whole answers", compared, whole); compared < 40 || whole < 30 {
		t.Errorf("only %d problems were compared, %d with whole answers", compared, whole)
	}
}

// same solves a model and compares the value, the bound and the certificate.
func same(t *testing.T, what string, m *model.Model, want float64, o bilevel.Options) {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), m, o)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	tol := 1e-6 * math.Max(1, math.Abs(want))
	switch {
	case math.IsInf(want, -1):
		if r.Status != bilevel.StatusInfeasible {
			t.Errorf("%s: %v, want infeasible", what, r.Status)
		}
	case r.Status != bilevel.StatusOptimal || r.Proof != bilevel.ProofGlobal || math.Abs(r.Objective-want) > tol || math.Abs(r.Bound-want) > 2*tol || !r.Certificate.Verified:
		t.Errorf("%s: %v, %v, value %v, bound %v, want %v; notes %v", what, r.Status, r.Proof, r.Objective, r.Bound, want, r.Notes)
	}
}

// TestWholeAnswersChosen: the planner takes the way for prices on a network with many arcs, alone and beside HiGHS, and gets the value of the pairs; it can be switched off.
func TestWholeAnswersChosen(t *testing.T) {
	m := family.Pricing(4, 4, 4, 2345)
	ways := []bilevel.Options{{}, {Without: []string{"milp"}}, {Backend: "highs"}, {Backend: "branch"}, {Without: []string{"whole-answers"}}}
	first := math.NaN()
	for i, o := range ways {
		r, err := bilevel.Solve(context.Background(), m, o)
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(first) {
			first = r.Objective
		}
		if r.Proof != bilevel.ProofGlobal || !r.Certificate.Verified || math.Abs(r.Objective-first) > 1e-6*first {
			t.Errorf("%+v: %v, value %v, want %v", o, r.Proof, r.Objective, first)
		}
		if taken := slices.Contains(r.Plan, "strong-duality"); taken != (i < len(ways)-1) {
			t.Errorf("%+v: the plan is %v", o, r.Plan)
		}
	}
}

// TestWholeAnswersRefused: where one condition fails the products stay: a constraint of the leader on an answer may want a part of each of two ways, as here, where half a trip by each earns more than one by either.
func TestWholeAnswersRefused(t *testing.T) {
	for _, c := range []struct {
		name        string
		trips, most float64
		share, gain bool
		whole       bool
	}{
		{"all conditions hold", 1, 10, false, false, true},
		{"half a trip", 0.5, 10, false, false, false},
		{"a price without end", 1, math.Inf(1), false, false, false},
		{"a constraint of the leader on an answer", 1, 10, true, false, false},
		{"a product of answers in the leader's objective", 1, 10, false, true, false},
	} {
		m := model.New(c.name)
		l, f := m.Leader(), m.Follower("carrier")
		toll := l.Var("toll", 0, c.most)
		by, free := f.Var("by", 0, math.Inf(1)), f.Var("free", 0, math.Inf(1))
		f.Minimize(toll.Plus(2).Times(by).Plus(free.Times(7)))
		f.Constrain("trip", by.Plus(free).Eq(c.trips))
		revenue := toll.Times(by)
		want := 5 * c.trips
		if c.share {
			l.Constrain("half", by.LE(0.5))
			want = 2.5
		}
		if c.gain {
			revenue = model.Sum(revenue, by.Times(free))
			want = math.NaN() // a bilinear objective of the leader: only the pass is looked at
		}
		l.Maximize(revenue)
		ch := reform.NewChain(m)
		for _, p := range []reform.Pass{reform.PriceProduct{}, reform.StrongDuality{}} {
			if err := ch.Apply(context.Background(), p); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		if whole := ch.Model().Constructs() == model.IntegerVariables; whole != c.whole {
			t.Errorf("%s: %v is left", c.name, ch.Model().Constructs())
		}
		if !math.IsNaN(want) {
			same(t, c.name, m, want, bilevel.Options{})
		}
	}
}

// TestWholeAnswersOfFixedVariables: a follower's variable with equal bounds keeps its value, whole or not, beside answers that are taken to be whole; bounds and constraints that contradict each other stay a contradiction.
func TestWholeAnswersOfFixedVariables(t *testing.T) {
	for _, given := range []float64{3, 1, 2.5} {
		m := model.New("a fixed answer")
		l, f := m.Leader(), m.Follower("carrier")
		toll := l.Var("toll", 0, 10)
		by, free, fixed := f.Var("by", 0, math.Inf(1)), f.Var("free", 0, math.Inf(1)), f.Var("fixed", given, given)
		f.Minimize(toll.Plus(2).Times(by).Plus(free.Times(7)).Plus(toll.Times(fixed)))
		f.Constrain("trips", model.Sum(by.Expr(), free.Expr(), fixed.Expr()).Eq(given+2))
		l.Maximize(model.Sum(by.Times(3), toll.Expr()))
		want := 6 + 5.0
		for _, backend := range []string{"branch", "highs"} {
			same(t, fmt.Sprintf("fixed at %v by %s", given, backend), m, want, bilevel.Options{Reform: "strong-duality", Backend: backend})
		}
	}
	m := model.New("contradiction")
	l, f := m.Leader(), m.Follower("carrier")
	toll := l.Var("toll", 0, 10)
	by, free := f.Var("by", 0, 2), f.Var("free", 0, math.Inf(1))
	f.Minimize(toll.Plus(2).Times(by).Plus(free.Times(7)))
	f.Constrain("trips", by.Plus(free.Expr()).Eq(4))
	f.Constrain("least", by.Times(2).GE(6))
	l.Maximize(toll.Plus(by.Expr()))
	if _, err := (reform.StrongDuality{}).Apply(context.Background(), m); err != nil {
		t.Error(err)
	}
	same(t, "contradiction", m, math.Inf(-1), bilevel.Options{})
}
