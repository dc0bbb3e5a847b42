package family

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// tollCosts draws the costs c[k][w] of the arcs k -> w, k > w, of a complete acyclic network.
func tollCosts(n int, seed uint64) [][]float64 {
	r := NewRandom(seed)
	c := make([][]float64, n)
	for k := range c {
		c[k] = make([]float64, n)
	}
	for w := 0; w < n; w++ {
		for k := 0; k < n; k++ {
			c[k][w] = r.Uniform()
		}
	}
	return c
}

// Toll is capacity and fare classes on a complete acyclic network with n nodes: the leader gives capacity to three fare classes on each arc
// and wants what the users of class s on an arc pay, s times the arc's cost; the users send their flow at least cost.
func Toll(n int, seed uint64) *model.Model {
	c := tollCosts(n, seed)
	capacity := math.Min(3, float64(n))
	m := model.New(fmt.Sprintf("TOLL %d seed %d", n, seed))
	l, f := m.Leader(), m.Follower("users")
	arcs := n * (n - 1) / 2
	from, to := make([]int, 0, arcs), make([]int, 0, arcs)
	for k := 1; k < n; k++ {
		for w := 0; w < k; w++ {
			from, to = append(from, k), append(to, w)
		}
	}
	open := l.Vars("F", 3*arcs, 0, capacity)
	flow, paid := f.Vars("f", 3*arcs, 0, capacity), f.Vars("a", 3*arcs, 0, 100)
	l.Maximize(model.Sum(paid...))
	l.ConstrainEach("cap", arcs, func(e int) model.Relation { return model.Sum(open[3*e : 3*e+3]...).LE(capacity) })
	cost := make([]float64, 3*arcs)
	balance := make([][]model.Var, n)
	signs := make([][]float64, n)
	for e := range from {
		for s := 0; s < 3; s++ {
			cost[3*e+s] = c[from[e]][to[e]]
			balance[from[e]], signs[from[e]] = append(balance[from[e]], flow[3*e+s]), append(signs[from[e]], 1)
			balance[to[e]], signs[to[e]] = append(balance[to[e]], flow[3*e+s]), append(signs[to[e]], -1)
		}
	}
	f.Minimize(model.Dot(cost, flow).Plus(model.Sum(paid...)))
	f.ConstrainEach("balance", n, func(v int) model.Relation {
		supply := 0.0
		switch v {
		case n - 1:
			supply = capacity
		case 0:
			supply = -capacity
		}
		return model.Dot(signs[v], balance[v]).Eq(supply)
	})
	f.ConstrainEach("fare", 3*arcs, func(i int) model.Relation {
		return paid[i].Minus(flow[i].Times(float64(i%3+1) * cost[i])).GE(0)
	})
	f.ConstrainEach("within", 3*arcs, func(i int) model.Relation { return flow[i].LE(open[i]) })
	return m
}

// TollOptimum is the optimal value of Toll: the leader can leave open one path at the highest fare only, so that it is
// 3 cap (length of the longest path from the last node to the first).
func TollOptimum(n int, seed uint64) float64 {
	c := tollCosts(n, seed)
	longest := make([]float64, n)
	for k := 1; k < n; k++ {
		for w := 0; w < k; w++ {
			longest[k] = math.Max(longest[k], c[k][w]+longest[w])
		}
	}
	return 3 * math.Min(3, float64(n)) * longest[n-1]
}
