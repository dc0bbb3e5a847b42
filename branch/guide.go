package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// guide chooses among multipliers that the LP does not tell apart. Where the multipliers of linear followers share no row with the columns of
// the objective, the LP takes any of their vertices, and pairs that are violated there say little. With s the slacks at the LP's point the
// guide solves
//
//	min  Σ s_k u_k   over the multipliers u, with the fixings of the node,
//
// which is the follower's dual: its value is by how much the follower's part of the point misses being optimal. Where it is zero all these
// pairs hold and the node is done; otherwise the pairs with s_k u_k > 0 are those to branch on.
type guide struct {
	lp       *linear
	cols     []int32 // of the problem, in the order of the guide's LP
	rows     []int32
	rowApart []bool  // by row of the problem
	place    []int32 // by column of the problem: its place in cols, -1 for others
	pairs    []guided
	lo, hi   []float64 // bounds that the LP has
	rlo, rhi []float64
	cost     []float64 // that the LP has
	want     []float64
	status   highs.Status
	frugal   bool // many pairs: the slacks are those at the start of a dive
	fresh    bool // the next solve is to take the slacks at hand
	x        []float64
	solves   int
}

// guided is a pair of which member side is one of the multipliers.
type guided struct {
	pair int32
	side uint8
}

// newGuide finds the multipliers that share no row with the objective; nil where there are none.
func newGuide(r *relaxation) (*guide, error) {
	p := r.p
	root := make([]int32, r.lp.NumCols())
	for j := range root {
		root[j] = int32(j)
	}
	find := func(j int32) int32 {
		for root[j] != j {
			root[j] = root[root[j]]
			j = root[j]
		}
		return j
	}
	join := func(cols []int32) {
		for i := 1; i < len(cols); i++ {
			root[find(cols[i])] = find(cols[0])
		}
	}
	for i := 0; i < p.rows; i++ {
		join(p.idx[p.start[i]:p.start[i+1]])
	}
	for _, e := range r.extra {
		join(e.idx)
	}
	costly := make([]bool, len(root))
	for j, c := range p.cost {
		costly[find(int32(j))] = costly[find(int32(j))] || c != 0
	}
	for _, q := range p.quad {
		costly[find(q.I)], costly[find(q.J)] = true, true
	}
	for _, j := range p.integer {
		costly[find(j)] = true
	}
	g := &guide{place: make([]int32, len(p.lo)), rowApart: make([]bool, p.rows+1)}
	free := func(m member) bool {
		if !m.row {
			return !costly[find(m.idx)]
		}
		k := p.start[m.idx]
		return k < p.start[m.idx+1] && !costly[find(p.idx[k])]
	}
	for k, pair := range p.pairs[:p.real] {
		a, b := free(pair[0]), free(pair[1])
		switch {
		case a && !b:
			g.pairs = append(g.pairs, guided{int32(k), 0})
		case b && !a:
			g.pairs = append(g.pairs, guided{int32(k), 1})
		}
	}
	if len(g.pairs) == 0 {
		return nil, nil
	}
	a := &highs.Arrays{Start: []int32{0}}
	for j := range p.lo {
		g.place[j] = -1
		if !costly[find(int32(j))] {
			g.place[j] = int32(len(g.cols))
			g.cols = append(g.cols, int32(j))
			a.Cost, a.ColLower, a.ColUpper = append(a.Cost, 0), append(a.ColLower, p.lo[j]), append(a.ColUpper, p.hi[j])
		}
	}
	for i := 0; i < p.rows; i++ {
		from, to := p.start[i], p.start[i+1]
		if from == to || costly[find(p.idx[from])] {
			continue
		}
		g.rows = append(g.rows, int32(i))
		g.rowApart[i] = true
		for k := from; k < to; k++ {
			a.Index, a.Value = append(a.Index, g.place[p.idx[k]]), append(a.Value, p.val[k])
		}
		a.Start = append(a.Start, int32(len(a.Index)))
		a.RowLower, a.RowUpper = append(a.RowLower, p.rlo[i]), append(a.RowUpper, p.rhi[i])
	}
	g.lo, g.hi = append(g.lo, a.ColLower...), append(g.hi, a.ColUpper...)
	g.rlo, g.rhi = append(g.rlo, a.RowLower...), append(g.rhi, a.RowUpper...)
	g.cost, g.want, g.x = make([]float64, len(g.cols)), make([]float64, len(g.cols)), make([]float64, len(g.cols))
	var err error
	g.frugal = len(g.pairs) > manyPairs
	g.lp, err = newLinear(a, highs.LPOptions{Primal: g.frugal})
	return g, err
}

// has reports whether a member is one of the multipliers.
func (g *guide) has(m member) bool {
	if m.row {
		return g.rowApart[m.idx]
	}
	return g.place[m.idx] >= 0
}

func (g *guide) close() {
	if g != nil {
		_ = g.lp.Close()
	}
}

// setApart gives the multipliers that share no row with the objective an LP of their own and takes them out of the main one: there their
// columns are fixed and their rows free, so that fixing one of them costs the main LP nothing.
func (r *relaxation) setApart() error {
	g, err := newGuide(r)
	if err != nil || g == nil {
		return err
	}
	zero := make([]float64, len(g.cols))
	if err := r.lp.ChangeColBounds(g.cols, zero, zero); err != nil {
		g.close()
		return err
	}
	low, high := make([]float64, len(g.rows)), make([]float64, len(g.rows))
	for i := range low {
		low[i], high[i] = math.Inf(-1), math.Inf(1)
	}
	if err := r.lp.ChangeRowBounds(g.rows, low, high); err != nil {
		g.close()
		return err
	}
	if r.lp.small != nil {
		r.lp.small.Rest(g.cols, g.rows)
	}
	r.apart, r.dirty = g, true
	return nil
}

// refine sets the multipliers of r.x by the guide. The status is Optimal, Infeasible where the fixings leave no multipliers, or that of an
// interruption.
func (g *guide) refine(ctx context.Context, r *relaxation) (highs.Status, error) {
	p := r.p
	clear(g.want)
	largest := 0.0
	for _, k := range g.pairs {
		pair := p.pairs[k.pair]
		s := p.slack(pair[1-k.side], r.x)
		if r.fixed[k.pair]&(1<<k.side) != 0 || s <= pairTol*p.scale[k.pair] {
			continue
		}
		largest = math.Max(largest, s)
		m := pair[k.side]
		if m.upper {
			s = -s
		}
		if !m.row {
			g.want[g.place[m.idx]] += s
			continue
		}
		for e := p.start[m.idx]; e < p.start[m.idx+1]; e++ {
			g.want[g.place[p.idx[e]]] += s * p.val[e]
		}
	}
	var index []int32
	var change []float64
	for i, c := range g.want {
		if largest > 0 {
			c /= largest
		}
		if c != g.cost[i] {
			index, change = append(index, int32(i)), append(change, c)
		}
	}
	changed, err := g.follow(r)
	if err != nil {
		return highs.Failed, err
	}
	if !changed && g.status == highs.Optimal {
		// Multipliers chosen by slightly other slacks serve as well to choose a branch, and cost nothing.
		for i, j := range g.cols {
			r.x[j] = g.x[i]
		}
		return highs.Optimal, nil
	}
	if g.frugal && !g.fresh && g.status == highs.Optimal {
		index, change = nil, nil // within a dive the slacks of its start serve: only bounds change, which costs less
	}
	g.fresh = false
	for i, k := range index {
		g.cost[k] = change[i]
	}
	if err := g.lp.ChangeCosts(index, change); err != nil {
		return highs.Failed, err
	}
	if changed || len(index) > 0 || g.status != highs.Optimal {
		if g.status, err = g.lp.SolveRobust(ctx); err != nil {
			return g.status, err
		}
		g.solves++
		r.iterations += g.lp.Iterations()
		if g.status == highs.Optimal {
			if err := g.lp.Primal(g.x); err != nil {
				return g.status, err
			}
		}
	}
	if g.status != highs.Optimal {
		return g.status, nil
	}
	for i, j := range g.cols {
		r.x[j] = g.x[i]
	}
	return highs.Optimal, nil
}

// follow takes over the bounds of the node. It reports whether any changed.
func (g *guide) follow(r *relaxation) (changed bool, err error) {
	i, l, u := r.bufI[:0], r.bufL[:0], r.bufU[:0]
	for k, j := range g.cols {
		if lo, hi := r.curLo[j], r.curHi[j]; lo != g.lo[k] || hi != g.hi[k] {
			g.lo[k], g.hi[k] = lo, hi
			i, l, u = append(i, int32(k)), append(l, lo), append(u, hi)
		}
	}
	changed = len(i) > 0
	if err := g.lp.ChangeColBounds(i, l, u); err != nil {
		return changed, err
	}
	i, l, u = i[:0], l[:0], u[:0]
	for k, row := range g.rows {
		if lo, hi := r.curRlo[row], r.curRhi[row]; lo != g.rlo[k] || hi != g.rhi[k] {
			g.rlo[k], g.rhi[k] = lo, hi
			i, l, u = append(i, int32(k)), append(l, lo), append(u, hi)
		}
	}
	changed = changed || len(i) > 0
	err = g.lp.ChangeRowBounds(i, l, u)
	r.bufI, r.bufL, r.bufU = i, l, u
	return changed, err
}
