package family

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// pricing is the data of an instance of Pricing.
type pricing struct {
	nodes     int
	arcs      []arc
	cost      []float64
	tolled    []int // the arcs with tolls, ascending
	place     []int // of an arc in tolled, -1 for a free arc
	from, to  []int // of each commodity
	demand    []float64
	highest   float64   // the highest toll that can matter
	room      []float64 // of each commodity: the length of its shortest way without tolled arcs less that with all at no toll
	potential float64   // the largest distance from an origin at the highest tolls
}

// drawPricing draws, in this order: the cost of each arc, a whole number from 2 to 20; for each commodity its origin, its destination (again
// until it differs), and its demand, a whole number from 1 to 100; then a random order of the arcs (Fisher and Yates, from the last place
// down). In that order arcs become tolled, at half of their cost, until a fifth is; an arc is passed over that would leave a commodity without a way
// free of tolls.
func drawPricing(rows, cols, commodities int, seed uint64) *pricing {
	r := NewRandom(seed)
	p := &pricing{nodes: rows * cols, arcs: gridArcs(rows, cols, true)}
	for range p.arcs {
		p.cost = append(p.cost, float64(r.whole(2, 20)))
	}
	for range commodities {
		o := r.whole(0, p.nodes-1)
		d := o
		for d == o {
			d = r.whole(0, p.nodes-1)
		}
		p.from, p.to = append(p.from, o), append(p.to, d)
		p.demand = append(p.demand, float64(r.whole(1, 100)))
	}
	order := make([]int, len(p.arcs))
	for a := range order {
		order[a] = a
	}
	for i := len(order) - 1; i > 0; i-- {
		j := r.whole(0, i)
		order[i], order[j] = order[j], order[i]
	}
	p.choose(order)
	p.measure()
	return p
}

// choose picks the tolled arcs.
func (p *pricing) choose(order []int) {
	p.place = make([]int, len(p.arcs))
	for a := range p.place {
		p.place[a] = -1
	}
	left := len(p.arcs) / 5
	for _, a := range order {
		if left == 0 {
			break
		}
		p.place[a] = 0
		if !p.allReach() {
			p.place[a] = -1
			continue
		}
		p.cost[a] /= 2
		left--
	}
	for a := range p.place {
		if p.place[a] == 0 {
			p.place[a] = len(p.tolled)
			p.tolled = append(p.tolled, a)
		}
	}
}

// allReach reports whether each commodity has a way free of tolls.
func (p *pricing) allReach() bool {
	for k := range p.from {
		if math.IsInf(distances(p.nodes, p.arcs, p.at(math.Inf(1)), p.from[k])[p.to[k]], 1) {
			return false
		}
	}
	return true
}

// at gives the length of an arc with the same toll on all tolled ones.
func (p *pricing) at(toll float64) func(a int) float64 {
	return func(a int) float64 {
		if p.place[a] >= 0 {
			return p.cost[a] + toll
		}
		return p.cost[a]
	}
}

// measure computes what bounds tolls and distances.
func (p *pricing) measure() {
	for k := range p.from {
		free := distances(p.nodes, p.arcs, p.at(math.Inf(1)), p.from[k])[p.to[k]]
		none := distances(p.nodes, p.arcs, p.at(0), p.from[k])[p.to[k]]
		p.room = append(p.room, free-none)
		p.highest = math.Max(p.highest, free-none)
	}
	for k := range p.from {
		for _, d := range distances(p.nodes, p.arcs, p.at(p.highest), p.from[k]) {
			p.potential = math.Max(p.potential, d)
		}
	}
}

// Pricing is the pricing of a network, on a grid with arcs in both directions: the leader sets tolls on a fifth of the arcs and wants the
// most money, and each of the commodities, which are one follower, goes the cheapest way from its origin to its destination. With costs c, tolled arcs T,
// demands n and x[k,a] the share of commodity k that uses arc a,
//
//	leader    max  Σ_k n_k Σ_{a in T} t_a x[k,a]                        0 <= t_a <= U
//	follower  min  Σ_k ( Σ_a c_a x[k,a] + Σ_{a in T} t_a x[k,a] )
//	          s.t. for each k one unit goes from its origin to its destination,  x >= 0
//
// Each commodity has a way without tolls, so that no toll above U, the most that any of them saves by the tolled arcs when they are free,
// is ever paid: the limit excludes nothing. The problem is that of Brotcorne, Labbé, Marcotte and Savard (2001), "A bilevel model for toll
// optimization on a multicommodity transportation network", Transportation Science 35; the grids are in their manner, and the numbers
// are drawn here.
func Pricing(rows, cols, commodities int, seed uint64) *model.Model {
	p := drawPricing(rows, cols, commodities, seed)
	m := model.New(fmt.Sprintf("PRICING (%d,%d,%d) seed %d", rows, cols, commodities, seed))
	l, f := m.Leader(), m.Follower("travellers")
	n := len(p.arcs)
	toll := l.Vars("t", len(p.tolled), 0, p.highest)
	x := f.Vars("x", commodities*n, 0, model.Inf)
	var revenue, cost []model.Expr
	for k := range commodities {
		for a := range p.arcs {
			cost = append(cost, x[k*n+a].Times(p.cost[a]))
			if i := p.place[a]; i >= 0 {
				revenue = append(revenue, toll[i].Times(x[k*n+a]).Times(p.demand[k]))
				cost = append(cost, toll[i].Times(x[k*n+a]))
			}
		}
	}
	l.Maximize(model.Sum(revenue...))
	f.Minimize(model.Sum(cost...))
	p.balances(x, func(name string, r model.Relation) { f.Constrain(name, r) })
	return m
}

// balances sends a unit of each commodity; what leaves the origin follows from the rest and is left out.
func (p *pricing) balances(x []model.Var, constrain func(name string, r model.Relation)) {
	n := len(p.arcs)
	for k := range p.from {
		vars, signs := make([][]model.Var, p.nodes), make([][]float64, p.nodes)
		for a, e := range p.arcs {
			vars[e.to], signs[e.to] = append(vars[e.to], x[k*n+a]), append(signs[e.to], 1)
			vars[e.from], signs[e.from] = append(vars[e.from], x[k*n+a]), append(signs[e.from], -1)
		}
		for v := range p.nodes {
			if v == p.from[k] {
				continue
			}
			arrives := 0.0
			if v == p.to[k] {
				arrives = 1
			}
			constrain(fmt.Sprintf("balance[%d,%d]", k, v), model.Dot(signs[v], vars[v]).Eq(arrives))
		}
	}
}

// PricingBigM are bounds that hold for the multipliers and for the slacks of Pricing at some optimal point: a slack c_a + t_a - (d_w - d_v)
// of an arc from v to w, d the distances from the origin, and a share of a commodity.
func PricingBigM(rows, cols, commodities int, seed uint64) (dual, primal float64) {
	p := drawPricing(rows, cols, commodities, seed)
	for a := range p.arcs {
		dual = math.Max(dual, p.at(p.highest)(a))
	}
	return dual + p.potential, 1
}
