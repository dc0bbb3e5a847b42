package reform

import (
	"math"
)

// ways narrows the answers of a block by what ways through its network cost, where no variable has an upper bound and no constraint two sides. At a vertex the answer above its lower bounds is
// a sum of flows along ways from a node s with something to send to a node t with something to receive, without circles; the reduced costs along them are zero, and potentials differ by at most
// what any way costs. So a variable j, an arc from v to w, is above its lower bound only where some s and t have
//
//	f(s, v) + cost_j + f(w, t) <= g(s, t),
//
// f the length of the shortest way at the lowest costs that the leader can set, g at the highest. Where no cost_j within its bounds satisfies this, y_j stays at its lower bound;
// otherwise it is an upper bound on what the arc costs while it is used, and so on the price. Source: shortest-path reduction of tolled networks, Bouhtou, van Hoesel, van der Kraaij and Lutton (2007), with
// several sources and sinks.
type ways struct{ network }

// mostWays bounds the work: arcs times pairs of nodes with something to send and to receive.
const mostWays = 1 << 24

// narrow lowers the upper bounds of variables that cannot be used, and sets the most that others can cost while they are used.
func (w *wholeAnswers) narrow(k int) {
	b := w.b
	shape, _ := b.shape(k)
	g := &ways{network{nodes: len(shape.size)}}
	supply := make([]float64, g.nodes)
	for n, j := range b.vars[k] {
		l := shape.lines[n]
		if _, hi := b.s.old.VarBounds(int(j)); !math.IsInf(hi, 1) {
			return
		}
		for _, e := range l.alone {
			if lo, hi := b.rest(e.row); e.coef > 0 && !math.IsInf(hi, 1) || e.coef < 0 && !math.IsInf(lo, -1) {
				return
			}
		}
		g.add(shape.flip, l.ends, l.signs, b.costLo[j], b.costHi[j])
		for i, node := range l.ends {
			supply[node] -= l.signs[i] / shape.size[node] * w.lo[j]
		}
	}
	own := len(g.arcs)
	for _, r := range b.rows[k] {
		i, is := shape.node[r]
		if !is {
			continue
		}
		switch lo, hi := b.rest(r); {
		case lo == hi:
			supply[i] += hi / shape.size[i]
		case math.IsInf(lo, -1):
			supply[i] += hi / shape.size[i]
			g.add(shape.flip, []int{i}, []float64{1}, 0, 0) // its slack
		case math.IsInf(hi, 1):
			supply[i] += lo / shape.size[i]
			g.add(shape.flip, []int{i}, []float64{-1}, 0, 0)
		default:
			return
		}
	}
	for i := 1; i < g.nodes; i++ {
		if _, odd := shape.flip.find(i); odd {
			supply[i] = -supply[i]
		}
		supply[0] -= supply[i]
	}
	most, ok := g.most(supply)
	if !ok {
		return
	}
	longest := 0.0 // of the costs that are finite: what rounding errors are measured by
	for _, a := range g.arcs {
		for _, c := range [2]float64{a.lo, a.hi} {
			if !math.IsInf(c, 0) {
				longest = math.Max(longest, math.Abs(c))
			}
		}
	}
	for n, j := range b.vars[k] {
		w.most[j] = most[:own][n] + 1e-9*math.Max(1, longest)
		if w.most[j] < b.costLo[j] {
			w.hi[j] = w.lo[j]
		}
	}
}

// most is the most that each arc can cost while it is used, -Inf for one that lies on no way; ok is false where the lowest costs have no shortest ways, or there are too many.
func (g *ways) most(supply []float64) (most []float64, ok bool) {
	var send, receive []int
	for i, v := range supply {
		switch {
		case v > 0.5:
			send = append(send, i)
		case v < -0.5:
			receive = append(receive, i)
		}
	}
	most = make([]float64, len(g.arcs))
	for a := range most {
		most[a] = math.Inf(-1)
	}
	if len(send)*len(receive)*len(g.arcs) > mostWays {
		return nil, false
	}
	lowest := func(a arc) float64 { return a.lo }
	highest := func(a arc) float64 { return a.hi }
	after := make([][]float64, len(receive))
	for i, t := range receive {
		if after[i], ok = g.shortest(t, true, lowest); !ok {
			return nil, false
		}
	}
	for _, s := range send {
		before, ok := g.shortest(s, false, lowest)
		if !ok {
			return nil, false
		}
		dearest, ok := g.shortest(s, false, highest)
		if !ok {
			return nil, false
		}
		for i, t := range receive {
			for a, e := range g.arcs {
				if f := before[e.from] + after[i][e.to]; !math.IsInf(f, 1) {
					most[a] = math.Max(most[a], dearest[t]-f)
				}
			}
		}
	}
	return most, true
}

// shortest is the length of the shortest way from a node to each, or from each to it where back is set, by the method of Bellman and Ford; +Inf where there is none. It is false where a
// circle has a negative length or a length is not finite from below.
func (g *ways) shortest(from int, back bool, length func(a arc) float64) ([]float64, bool) {
	dist := make([]float64, g.nodes)
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	dist[from] = 0
	for round := 0; ; round++ {
		changed := false
		for _, a := range g.arcs {
			u, v, l := a.from, a.to, length(a)
			if back {
				u, v = v, u
			}
			if math.IsInf(l, -1) || math.IsNaN(l) {
				return nil, false
			}
			if d := dist[u] + l; d < dist[v]-1e-12*math.Max(1, math.Abs(d)) {
				dist[v], changed = d, true
			}
		}
		if !changed {
			return dist, true
		}
		if round > g.nodes {
			return nil, false
		}
	}
}
