package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends/highs"
)

// The number of random cases of one run; BILEVEL_TIES=20000 BILEVEL_SEED=5000 makes a long run elsewhere.
const (
	tieCases = 1000
	tieVar   = "BILEVEL_TIES"
)

// randomTies draws a case full of ties: small integers, many of them equal.
func randomTies(seed uint64) *tieCase {
	r := rand.New(rand.NewPCG(seed, 3))
	pick := func(from, to int64) int64 { return from + r.Int64N(to-from+1) }
	chance := func(p float64) bool { return r.Float64() < p }
	c := &tieCase{width: pick(1, 3), maximise: chance(0.5), best: big.NewRat(0, 1)}
	if chance(0.3) {
		c.best = big.NewRat(pick(1, 3), 4)
	}
	nx, ny := 1, int(pick(1, 3))
	if chance(0.25) {
		nx, ny = 2, int(pick(1, 2))
	}
	for range nx {
		c.integer = append(c.integer, chance(0.25))
		c.ofX = append(c.ofX, pick(-1, 1))
	}
	followers := 1
	if ny > 1 && chance(0.3) {
		followers = 2
	}
	priced := chance(0.5)
	if priced && chance(0.6) {
		c.kappa = pick(-1, 2)
	}
	for j := range ny {
		c.height = append(c.height, pick(1, 3))
		c.owner = append(c.owner, j%followers)
		c.cost = append(c.cost, pick(-2, 2))
		c.ofY = append(c.ofY, pick(-2, 2))
		c.price = append(c.price, make([]int64, nx))
		for k := range nx {
			if priced && chance(0.7) {
				c.price[j][k] = pick(-1, 1)
			}
		}
	}
	if priced && chance(0.5) { // ties inside the leader's range: the cost changes its sign there, and the leader wants what it likes least
		for j := range ny {
			c.price[j][0] = 1 - 2*pick(0, 1)
			c.cost[j] = -c.price[j][0] * pick(0, c.width)
			c.ofY[j], c.ofX[0] = c.price[j][0]*pick(1, 2), pick(-1, 1)
		}
	}
	if chance(0.15) { // nothing but ties
		for j := range ny {
			c.cost[j] = 0
		}
	}
	row := func(owner int) tieRow {
		t := tieRow{a: make([]int64, ny), b: make([]int64, nx), c: pick(0, 4)}
		for j := range ny {
			if owner < 0 || c.owner[j] == owner {
				t.a[j] = pick(-2, 2)
			}
		}
		for k := range nx {
			if owner < 0 || c.kappa == 0 {
				t.b[k] = pick(-2, 2)
			}
		}
		return t
	}
	for range pick(0, 2) {
		t := row(int(pick(0, int64(followers-1))))
		t.equation = chance(0.15)
		own := false
		for _, v := range t.a {
			own = own || v != 0
		}
		if own {
			c.rows = append(c.rows, t)
		}
	}
	if chance(0.35) {
		t := row(-1)
		t.equation = chance(0.1)
		c.coupling = append(c.coupling, t)
	}
	return c
}

// model writes the case for the library.
func (c *tieCase) model() *bilevel.Model {
	m := bilevel.NewModel("ties")
	leader := m.Leader()
	var x, y []bilevel.Var
	for k, integer := range c.integer {
		if name := fmt.Sprintf("x%d", k); integer && c.width == 1 {
			x = append(x, leader.Binary(name))
		} else if integer {
			x = append(x, leader.Integer(name, 0, float64(c.width)))
		} else {
			x = append(x, leader.Var(name, 0, float64(c.width)))
		}
	}
	players := map[int]*bilevel.Player{}
	for _, o := range c.owner {
		if players[o] == nil {
			players[o] = m.Follower(fmt.Sprintf("f%d", o))
		}
	}
	cost := map[int]bilevel.Expr{}
	products := bilevel.Const(0)
	objective := bilevel.Const(0)
	sign := 1.0
	if c.maximise {
		sign = -1
	}
	for j, o := range c.owner {
		y = append(y, players[o].Var(fmt.Sprintf("y%d", j), 0, float64(c.height[j])))
		if _, ok := cost[o]; !ok {
			cost[o] = bilevel.Const(0)
		}
		cost[o] = cost[o].Plus(y[j].Times(c.cost[j]))
		objective = objective.Plus(y[j].Times(sign * float64(c.ofY[j])))
		for k, p := range c.price[j] {
			if p != 0 {
				cost[o] = cost[o].Plus(x[k].Times(y[j]).Times(p))
				products = products.Plus(x[k].Times(y[j]).Times(p))
			}
		}
	}
	for k := range x {
		objective = objective.Plus(x[k].Times(sign * float64(c.ofX[k])))
	}
	if c.kappa != 0 {
		objective = objective.Plus(products.Times(sign * float64(c.kappa)))
	}
	if c.maximise {
		leader.Maximize(objective)
	} else {
		leader.Minimize(objective)
	}
	for o := range len(players) { // the sense of a follower says nothing: both are tried
		if o == 0 {
			players[o].Minimize(cost[o])
		} else {
			players[o].Maximize(cost[o].Neg())
		}
	}
	relation := func(t tieRow) bilevel.Relation {
		e := bilevel.Const(0)
		for j, v := range t.a {
			e = e.Plus(y[j].Times(v))
		}
		for k, v := range t.b {
			e = e.Plus(x[k].Times(v))
		}
		if t.equation {
			return e.Eq(t.c)
		}
		return e.LE(t.c)
	}
	for i, t := range c.rows {
		owner := 0
		for j, v := range t.a {
			if v != 0 {
				owner = c.owner[j]
			}
		}
		players[owner].Constrain(fmt.Sprintf("r%d", i), relation(t))
	}
	for i, t := range c.coupling {
		leader.Constrain(fmt.Sprintf("g%d", i), relation(t))
	}
	return m
}

// compare solves a case and holds the answer against the enumeration.
func (c *tieCase) compare() (verdict string, err error) {
	s := newTieSearch(c)
	least, attained := s.infimum()
	beta, _ := c.best.Float64()
	r, err := bilevel.Solve(context.Background(), c.model(), bilevel.Options{Attitude: bilevel.Cooperation(beta), Threads: 1})
	if err != nil {
		return "error", err
	}
	if least == nil {
		if r.Proof != bilevel.ProofInfeasible {
			return "", fmt.Errorf("no decision has a value, and the answer is %v, %v, %g", r.Status, r.Proof, r.Objective)
		}
		return "infeasible", nil
	}
	want, _ := least.Float64()
	sign := 1.0
	if c.maximise {
		sign = -1
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 2e-5*math.Max(1, math.Abs(b)) }
	if r.Point == nil {
		return "", fmt.Errorf("the infimum is %g, and the answer is %v, %v without a point", want, r.Status, r.Proof)
	}
	x := s.snapped(r.Point.X[:len(c.integer)])
	if v, ok := s.at(x); ok {
		if f, _ := v.Float64(); f > sign*r.Objective+2e-5 {
			return "", fmt.Errorf("the decision %v has the value %g, not %g", x, f, sign*r.Objective)
		}
	}
	switch {
	case attained && (r.Attainment != bilevel.Attained || r.Proof != bilevel.ProofGlobal || !near(sign*r.Objective, want)):
		return "", fmt.Errorf("%g is attained, and the answer is %g, bound %g, %v, %v, infimum %g %v\nnotes %q", want, sign*r.Objective, sign*r.Bound, r.Status, r.Proof, sign*r.Infimum, r.Attainment, r.Notes)
	case attained:
		return "attained", nil
	case r.Attainment != bilevel.NotAttained || !near(sign*r.Infimum, want) || !(sign*r.Objective > want-1e-7) || r.Status == bilevel.StatusOptimal || r.Proof == bilevel.ProofGlobal:
		return "", fmt.Errorf("%g is not attained, and the answer is %g, bound %g, %v, %v, infimum %g %v\nnotes %q", want, sign*r.Objective, sign*r.Bound, r.Status, r.Proof, sign*r.Infimum, r.Attainment, r.Notes)
	}
	return "not attained", nil
}

// TestTies compares the pessimistic problem and partial cooperation with exact enumeration.
func TestTies(t *testing.T) {
	n, first := fromEnv(tieVar, tieCases), fromEnv(seedVar, 1)
	if testing.Short() && n > 200 {
		n = 200
	}
	verdicts, errs := make([]string, n), make([]error, n)
	next := atomic.Int64{}
	var wait sync.WaitGroup
	for range 2 { // one solve runs on one thread
		wait.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				verdicts[k], errs[k] = randomTies(uint64(first + k)).compare()
			}
		})
	}
	wait.Wait()
	tally, shown := map[string]int{}, 0
	for k, err := range errs {
		tally[verdicts[k]]++
		if err != nil {
			if shown++; shown <= 10 {
				t.Errorf("seed %d: %v\n%+v", first+k, err, randomTies(uint64(first+k)))
			}
		}
	}
	t.Logf("%d cases: %v; %d failed", n, tally, shown)
	for _, v := range []string{"attained", "not attained", "infeasible"} {
		if tally[v] < n/50 {
			t.Errorf("only %d of %d cases are %s: the generator has lost its variety", tally[v], n, v)
		}
	}
	if open := highs.OpenInstances(); open != 0 {
		t.Errorf("%d instances of HiGHS were left open", open)
	}
}
