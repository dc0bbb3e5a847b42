package mpsaux_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestValuesOfMibS finds the optimal values of the index without any method for bilevel problems: that what was read is the problem meant.
func TestValuesOfMibS(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir, list := mibs(t)
	for _, e := range list {
		m := readInstance(t, dir, e)
		var got float64
		switch {
		case e.Kind == "interdiction" && !strings.HasPrefix(e.Name, "2AP"):
			got = knapsackValue(t, m)
		case e.Kind == "interdiction":
			got = interdictionValue(t, m)
		case strings.HasPrefix(e.Name, "int0sum"):
			// The leader's objective has no term of the follower, and every decision has an answer, so that the relaxation is exact.
			got = optimum(t, relaxation(m))
		default:
			got = enumeratedValue(m)
		}
		if math.Abs(got-e.Optimal) > 1e-6 {
			t.Errorf("%s: optimal value %v, the index says %v", e.Name, got, e.Optimal)
		}
	}
}

// relaxation hands everything to the leader.
func relaxation(m *model.Model) *model.Model {
	r := m.Derive()
	for j := range r.NumVars() {
		r.SetVarOwner(j, 0)
	}
	for k := range r.NumRows() {
		r.SetRowOwner(k, 0)
	}
	r.DropFollowers()
	return r
}

// knapsackValue solves the interdiction of a knapsack of whole weights: decisions of the leader item by item, the most valuable first, each with
// the table of the best values for all capacities that the items which are left open so far have. What they have at the full capacity is
// a bound on what the follower will get.
func knapsackValue(t *testing.T, m *model.Model) float64 {
	t.Helper()
	n := m.NumVars() / 2
	budget, _ := m.RowByName("budget")
	_, limit := m.RowBounds(budget.Index())
	type item struct {
		value, cost float64
		weight      int
	}
	items := make([]item, n)
	row := budget.Index() + 1
	_, room := m.RowBounds(row)
	for i := range items {
		weight := m.RowFunction(row).Coef(n + i)
		items[i] = item{m.Player(0).Objective().F.Coef(n + i), m.RowFunction(budget.Index()).Coef(i), int(weight)}
		if items[i].value != -m.Player(1).Objective().F.Coef(n+i) || items[i].value < 0 || weight < 0 || weight != math.Trunc(weight) {
			t.Fatalf("%s: no interdiction of a knapsack", m.Name)
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(b.value, a.value) })
	best := math.Inf(1)
	table := make([][]float64, n+1)
	for k := range table {
		table[k] = make([]float64, int(room)+1)
	}
	var decide func(k, open int, left float64) // open items have table[open]
	decide = func(k, open int, left float64) {
		have := table[open]
		if have[len(have)-1] >= best {
			return
		}
		if k == n {
			best = have[len(have)-1]
			return
		}
		it := items[k]
		if it.cost <= left {
			decide(k+1, open, left-it.cost)
		}
		more := table[open+1]
		copy(more, have)
		for c := it.weight; c < len(more); c++ {
			more[c] = max(have[c], have[c-it.weight]+it.value)
		}
		decide(k+1, open+1, left)
	}
	decide(0, 0, limit)
	return best
}

// answer is a decision of the follower by its nonzero columns, with its values for both.
type answer struct {
	mask             uint32
	follower, leader float64
}

// interdictionValue tries all that the leader can block, with the first answer that is not blocked among all that the rows allow, the
// follower's best first and, of these, the leader's best.
func interdictionValue(t *testing.T, m *model.Model) float64 {
	t.Helper()
	n := m.NumVars() / 2
	price := func(p, j int) float64 {
		o := m.Player(p).Objective()
		return o.Sense.Sign() * o.F.Coef(j)
	}
	for j := n; j < 2*n; j++ {
		if m.VarKind(j) != model.Binary {
			t.Fatalf("%s: column %s is not binary", m.Name, m.VarName(j))
		}
	}
	var rows []int
	for r := range m.NumRows() {
		if m.RowOwner(r) == 1 && !strings.HasPrefix(m.RowName(r), "blocked") {
			rows = append(rows, r)
		}
	}
	answers := followerPoints(m, rows, n)
	for k := range answers {
		a := &answers[k]
		for j := range n {
			if a.mask>>j&1 == 1 {
				a.follower += price(1, n+j)
				a.leader += price(0, n+j)
			}
		}
	}
	slices.SortFunc(answers, func(a, b answer) int {
		return cmp.Or(cmp.Compare(a.follower, b.follower), cmp.Compare(a.leader, b.leader))
	})
	budget, _ := m.RowByName("budget")
	cost := make([]float64, n)
	for j := range n {
		cost[j] = m.RowFunction(budget.Index()).Coef(j)
	}
	_, limit := m.RowBounds(budget.Index())
	best := math.Inf(1)
	var try func(j int, blocked uint32, left float64)
	try = func(j int, blocked uint32, left float64) {
		if j < n {
			if cost[j] <= left {
				try(j+1, blocked|1<<j, left-cost[j])
			}
			try(j+1, blocked, left)
			return
		}
		for _, a := range answers {
			if a.mask&blocked == 0 {
				best = min(best, a.leader)
				return
			}
		}
	}
	try(0, 0, limit)
	return best
}

// followerPoints lists the points of {0,1}^n that satisfy the rows, which have upper bounds only; column j is variable n+j.
func followerPoints(m *model.Model, rows []int, n int) []answer {
	k := len(rows)
	coef := make([]float64, k*n)
	low := make([]float64, k*(n+1)) // the least that columns j, j+1, ... can add to each row
	upper := make([]float64, k)
	for i, r := range rows {
		_, upper[i] = m.RowBounds(r)
		for j := n - 1; j >= 0; j-- {
			coef[j*k+i] = m.RowFunction(r).Coef(n + j)
			low[j*k+i] = low[(j+1)*k+i] + min(0, coef[j*k+i])
		}
	}
	var list []answer
	sum := make([]float64, k*(n+1))
	var extend func(j int, mask uint32)
	extend = func(j int, mask uint32) {
		at := sum[j*k : (j+1)*k]
		for i, s := range at {
			if s+low[j*k+i] > upper[i]+1e-9 {
				return
			}
		}
		if j == n {
			list = append(list, answer{mask: mask})
			return
		}
		next := sum[(j+1)*k : (j+2)*k]
		copy(next, at)
		extend(j+1, mask)
		for i, s := range at {
			next[i] = s + coef[j*k+i]
		}
		extend(j+1, mask|1<<j)
	}
	extend(0, 0)
	return list
}

// enumeratedValue tries all whole points within the bounds, and up to 12 where there are none.
func enumeratedValue(m *model.Model) float64 {
	x := make([]float64, m.NumVars())
	var players [2][]int
	for j := range x {
		players[m.VarOwner(j)] = append(players[m.VarOwner(j)], j)
	}
	holds := func(player int) bool {
		for r := range m.NumRows() {
			if m.RowOwner(r) == player {
				lo, hi := m.RowBounds(r)
				if v := m.Value(m.RowFunction(r), x); v < lo-1e-9 || v > hi+1e-9 {
					return false
				}
			}
		}
		return true
	}
	value := func(player int) float64 {
		o := m.Player(player).Objective()
		return o.Sense.Sign() * m.Value(o.F, x)
	}
	var each func(list []int, visit func())
	each = func(list []int, visit func()) {
		if len(list) == 0 {
			visit()
			return
		}
		lo, hi := m.VarBounds(list[0])
		for v := lo; v <= min(hi, 12); v++ {
			x[list[0]] = v
			each(list[1:], visit)
		}
	}
	best := math.Inf(1)
	each(players[0], func() {
		follower, leader := math.Inf(1), math.Inf(1)
		each(players[1], func() {
			if !holds(1) {
				return
			}
			f := value(1)
			F := math.Inf(1)
			if holds(0) {
				F = value(0)
			}
			if f < follower || f == follower && F < leader {
				follower, leader = f, F
			}
		})
		best = min(best, leader)
	})
	return best
}
