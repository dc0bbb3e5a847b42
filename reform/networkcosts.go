package reform

import (
	"math"
	"sort"
)

// arc is a variable of a network, from one node to another, and what it costs: its reduced cost with potentials v is cost + v_from - v_to.
type arc struct {
	from, to int
	lo, hi   float64
}

func (a arc) size() float64 { return math.Max(math.Abs(a.lo), math.Abs(a.hi)) }

// network is the graph of a network problem. Node 0 is the ground, whose potential is zero.
type network struct {
	nodes int
	arcs  []arc
}

// add adds a variable that stands in the constraints of at most two nodes, with given signs, once nodes are flipped so that two signs differ.
func (g *network) add(flip *parity, ends []int, signs []float64, lo, hi float64) {
	a := arc{lo: lo, hi: hi}
	for n, i := range ends {
		if _, odd := flip.find(i); odd == (signs[n] < 0) {
			a.from = i
		} else {
			a.to = i
		}
	}
	g.arcs = append(g.arcs, a)
}

// longest bounds the sum of the sizes of costs along any circle or way without repetition, by the smaller of: as many of the largest costs as
// there are nodes; the two largest costs at each of some nodes that touch all arcs with a cost.
func (g *network) longest() float64 {
	sizes := make([]float64, 0, len(g.arcs))
	for _, a := range g.arcs {
		if a.from != a.to {
			sizes = append(sizes, a.size())
		}
	}
	sort.Float64s(sizes)
	all := 0.0
	for i := len(sizes) - 1; i >= max(0, len(sizes)-g.nodes); i-- {
		all += sizes[i]
	}
	return math.Min(all, g.cover())
}

// cover adds up the two largest costs at each of some nodes that touch all arcs with a cost, nodes with many such arcs first.
func (g *network) cover() float64 {
	at := make([][]int, g.nodes)
	for i, a := range g.arcs {
		if a.size() > 0 && a.from != a.to {
			at[a.from], at[a.to] = append(at[a.from], i), append(at[a.to], i)
		}
	}
	covered := make([]bool, len(g.arcs))
	order := make([]int, g.nodes)
	for v := range order {
		order[v] = v
	}
	sort.SliceStable(order, func(a, b int) bool { return len(at[order[a]]) > len(at[order[b]]) })
	sum := 0.0
	for _, v := range order {
		needed := false
		first, second := 0.0, 0.0
		for _, i := range at[v] {
			needed = needed || !covered[i]
			if c := g.arcs[i].size(); c > first {
				first, second = c, first
			} else {
				second = math.Max(second, c)
			}
		}
		if needed {
			sum += first + second
			for _, i := range at[v] {
				covered[i] = true
			}
		}
	}
	return sum
}

// balanced is the network with another potential of the ground, half-way between the costs of its arcs. Sums along circles stay the same.
func (g *network) balanced() *network {
	least, most := math.Inf(1), math.Inf(-1)
	for _, a := range g.arcs {
		switch {
		case a.from == a.to:
		case a.from == 0:
			least, most = math.Min(least, a.lo), math.Max(most, a.hi)
		case a.to == 0:
			least, most = math.Min(least, -a.hi), math.Max(most, -a.lo)
		}
	}
	if math.IsInf(least, 0) || math.IsInf(most, 0) {
		return g
	}
	π := -(least + most) / 2
	out := &network{nodes: g.nodes, arcs: append([]arc(nil), g.arcs...)}
	for i, a := range out.arcs {
		switch {
		case a.from == a.to:
		case a.from == 0:
			out.arcs[i].lo, out.arcs[i].hi = a.lo+π, a.hi+π
		case a.to == 0:
			out.arcs[i].lo, out.arcs[i].hi = a.lo-π, a.hi-π
		}
	}
	return out
}

// parity keeps for each element whether it is flipped with respect to the first of its set.
type parity struct {
	parent []int
	odd    []bool // with respect to the parent
}

func newParity(n int) *parity {
	p := &parity{parent: make([]int, n), odd: make([]bool, n)}
	for i := range p.parent {
		p.parent[i] = i
	}
	return p
}

// find returns the first of an element's set and whether the element is flipped with respect to it.
func (p *parity) find(i int) (int, bool) {
	root, odd := i, false
	for p.parent[root] != root {
		odd = odd != p.odd[root]
		root = p.parent[root]
	}
	for at, rest := i, odd; p.parent[at] != root && at != root; {
		next, flipped := p.parent[at], p.odd[at]
		p.parent[at], p.odd[at] = root, rest
		at, rest = next, rest != flipped
	}
	return root, odd
}

// join states that two elements are flipped with respect to each other, or not; it is false where that contradicts what is known.
func (p *parity) join(i, j int, differ bool) bool {
	a, oddA := p.find(i)
	b, oddB := p.find(j)
	if a == b {
		return (oddA != oddB) == differ
	}
	p.parent[b], p.odd[b] = a, (oddA != oddB) != differ
	return true
}
