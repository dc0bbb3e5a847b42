package family

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// PricingMILP is the same problem as Pricing written directly as a mixed-integer program, with bounds that hold. With d[k,v] the distance of
// node v from the origin of k and p[k,a] = t_a x[k,a],
//
//	max  Σ_k n_k Σ_{a in T} p[k,a]
//	s.t. x[k] sends a unit from origin to destination,  x[k,a] in {0,1} for a in T
//	     d[k,w] - d[k,v] <= c_a (+ t_a)                           for each arc a from v to w
//	     Σ_a c_a x[k,a] + Σ_{a in T} p[k,a] = d[k,destination] - d[k,origin]
//	     p[k,a] <= t_a,   p[k,a] <= R_k x[k,a],   t_a - p[k,a] <= U (1 - x[k,a])
//
// where R_k is what k saves by the tolled arcs when they are free. Source: Labbé, Marcotte and Savard (1998), "A bilevel model of taxation
// and its application to optimal highway pricing", Management Science 44.
func PricingMILP(rows, cols, commodities int, seed uint64) *model.Model {
	p := drawPricing(rows, cols, commodities, seed)
	m := model.New(fmt.Sprintf("PRICING (%d,%d,%d) seed %d, direct", rows, cols, commodities, seed))
	l := m.Leader()
	n := len(p.arcs)
	toll := l.Vars("t", len(p.tolled), 0, p.highest)
	x := l.Vars("x", commodities*n, 0, 1)
	pay := l.Vars("p", commodities*len(p.tolled), 0, p.highest)
	dist := l.Vars("d", commodities*p.nodes, -model.Inf, model.Inf)
	p.balances(x, func(name string, r model.Relation) { l.Constrain(name, r) })
	var revenue []model.Expr
	for k := range commodities {
		d := dist[k*p.nodes : (k+1)*p.nodes]
		m.SetVarBounds(d[p.from[k]].Index(), 0, 0)
		spent := []model.Expr{d[p.from[k]].Minus(d[p.to[k]])}
		for a, e := range p.arcs {
			use := x[k*n+a]
			spent = append(spent, use.Times(p.cost[a]))
			reach := d[e.to].Minus(d[e.from])
			i := p.place[a]
			if i < 0 {
				l.Constrain(fmt.Sprintf("reach[%d,%d]", k, a), reach.LE(p.cost[a]))
				continue
			}
			m.SetVarKind(use.Index(), model.Binary)
			paid := pay[k*len(p.tolled)+i]
			spent = append(spent, paid.Expr())
			revenue = append(revenue, paid.Times(p.demand[k]))
			l.Constrain(fmt.Sprintf("reach[%d,%d]", k, a), reach.Minus(toll[i]).LE(p.cost[a]))
			l.Constrain(fmt.Sprintf("atmost[%d,%d]", k, a), paid.Minus(toll[i]).LE(0))
			l.Constrain(fmt.Sprintf("unused[%d,%d]", k, a), paid.Minus(use.Times(p.room[k])).LE(0))
			l.Constrain(fmt.Sprintf("used[%d,%d]", k, a), toll[i].Minus(paid).Plus(use.Times(p.highest)).LE(p.highest))
		}
		l.Constrain(fmt.Sprintf("shortest[%d]", k), model.Sum(spent...).Eq(0))
	}
	l.Maximize(model.Sum(revenue...))
	return m
}
