package family

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// interdict is the data of an instance of Interdict. The last two nodes are the source and the sink, and the arcs from and to them come last:
// they have no length and cannot be attacked.
type interdict struct {
	nodes         int
	source, sink  int
	arcs          []arc
	attackable    int // arcs that can be attacked: the first ones
	length, delay []float64
}

// drawInterdict draws for each arc of the grid its length and then its delay, both whole numbers from 1 to 10.
func drawInterdict(rows, cols int, seed uint64) *interdict {
	r := NewRandom(seed)
	p := &interdict{nodes: rows*cols + 2, source: rows * cols, sink: rows*cols + 1, arcs: gridArcs(rows, cols, false)}
	p.attackable = len(p.arcs)
	for range p.arcs {
		p.length = append(p.length, float64(r.whole(1, 10)))
		p.delay = append(p.delay, float64(r.whole(1, 10)))
	}
	for v := range rows {
		p.arcs = append(p.arcs, arc{p.source, v * cols}, arc{v*cols + cols - 1, p.sink})
		p.length, p.delay = append(p.length, 0, 0), append(p.delay, 0, 0)
	}
	return p
}

// Interdict is the interdiction of shortest paths on a grid: a traveller goes the shortest way from a source, joined to all nodes of the first
// column, to a sink, joined to all of the last, over arcs that lead to the right, up and down; the leader attacks at most budget arcs,
// which makes them longer. With lengths c, delays D and y the traveller's way,
//
//	leader    max  Σ_a (c_a + D_a x_a) y_a       x_a in {0, 1},  Σ_a x_a <= budget
//	follower  min  the same                      y sends a unit from source to sink,  y >= 0
//
// The problem and the kind of grid are those of Israeli and Wood (2002), "Shortest-path network interdiction", Networks 40; the numbers are drawn here.
func Interdict(rows, cols, budget int, seed uint64) *model.Model {
	p := drawInterdict(rows, cols, seed)
	m := model.New(fmt.Sprintf("INTERDICT (%d,%d,%d) seed %d", rows, cols, budget, seed))
	l, f := m.Leader(), m.Follower("traveller")
	x := p.attacks(m, budget)
	y := f.Vars("y", len(p.arcs), 0, model.Inf)
	var way []model.Expr
	vars, signs := make([][]model.Var, p.nodes), make([][]float64, p.nodes)
	for a, e := range p.arcs {
		if p.length[a] > 0 {
			way = append(way, y[a].Times(p.length[a]), x[a].Times(y[a]).Times(p.delay[a]))
		}
		vars[e.to], signs[e.to] = append(vars[e.to], y[a]), append(signs[e.to], 1)
		vars[e.from], signs[e.from] = append(vars[e.from], y[a]), append(signs[e.from], -1)
	}
	l.Maximize(model.Sum(way...))
	f.Minimize(model.Sum(way...))
	for v := range p.nodes {
		arrives := 0.0
		switch v {
		case p.source: // follows from the others
			continue
		case p.sink:
			arrives = 1
		}
		f.Constrain(fmt.Sprintf("balance[%d]", v), model.Dot(signs[v], vars[v]).Eq(arrives))
	}
	return m
}

// attacks adds the leader's choice of arcs.
func (p *interdict) attacks(m *model.Model, budget int) []model.Var {
	l := m.Leader()
	x := l.Vars("x", p.attackable, 0, 1)
	for _, v := range x {
		m.SetVarKind(v.Index(), model.Binary)
	}
	l.Constrain("budget", model.Sum(x...).LE(float64(budget)))
	return x
}

// InterdictMILP is the same problem as Interdict as a mixed-integer program over the distances d from the source, the dual of the shortest way:
//
//	max  d_sink   s.t.  d_w - d_v <= c_a + D_a x_a for each arc a from v to w,   d_source = 0,   x_a in {0, 1},   Σ_a x_a <= budget
func InterdictMILP(rows, cols, budget int, seed uint64) *model.Model {
	p := drawInterdict(rows, cols, seed)
	m := model.New(fmt.Sprintf("INTERDICT (%d,%d,%d) seed %d, direct", rows, cols, budget, seed))
	l := m.Leader()
	x := p.attacks(m, budget)
	d := l.Vars("d", p.nodes, -model.Inf, model.Inf)
	m.SetVarBounds(d[p.source].Index(), 0, 0)
	for a, e := range p.arcs {
		reach := d[e.to].Minus(d[e.from])
		if a < p.attackable {
			reach = reach.Minus(x[a].Times(p.delay[a]))
		}
		l.Constrain(fmt.Sprintf("reach[%d]", a), reach.LE(p.length[a]))
	}
	l.Maximize(d[p.sink])
	return m
}

// InterdictBigM are bounds that hold for the multipliers and for the slacks of Interdict at some optimal point: with distances from the source, no node
// is farther than all of the attacks and a longest of the shortest ways allow.
func InterdictBigM(rows, cols, budget int, seed uint64) (dual, primal float64) {
	p := drawInterdict(rows, cols, seed)
	far := 0.0
	for _, d := range distances(p.nodes, p.arcs, func(a int) float64 { return p.length[a] }, p.source) {
		far = max(far, d)
	}
	return far + 10*float64(budget) + 20, 1
}
