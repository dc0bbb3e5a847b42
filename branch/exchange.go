package branch

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/backends/highs"
)

// Limits of a search by exchanges: steps to better patterns, and LPs of patterns between two of them.
const (
	mostExchanges = 50
	mostNeighbour = 60
)

// exchange looks for better points around the incumbent among the vertices of the followers' dual problem that are next to its own, where the multipliers stand apart: their
// cost and rows know nothing of the leader's decision, so that the followers' answers differ by the vertex of the multipliers u alone, with the slacks at zero
// where u is not. A multiplier k that is zero there enters,
//
//	max u_k  over the multipliers with u_i = 0 for all i that are zero at the incumbent, i ≠ k,
//
// which is one step of the simplex method on the dual, and makes another one zero, whose slack is free from then on. The LP over the points of the new pattern says what it is
// worth; those that release a slack with a large price come first, and the first better pattern is gone on with. It reports whether it came to its end rather than to that of its budget.
func (w *worker) exchange(ctx context.Context) (done bool, err error) {
	g := w.lp.apart
	if g == nil || w.lp.quad {
		return true, nil
	}
	fixed, bounds := w.p.pattern(w.best)
	share := max(1000, w.lp.iterations/10) // of iterations: for the patterns of one step, and three times that for all
	end := w.lp.iterations + 3*share
	for range mostExchanges {
		list, err := w.exchanges(ctx, g, fixed, bounds)
		if err != nil {
			return false, err
		}
		better := false
		limit := w.lp.iterations + share
		for _, e := range list[:min(len(list), mostNeighbour)] {
			if ctx.Err() != nil || w.lp.iterations > limit {
				return false, nil
			}
			before := w.value
			if _, err := w.solvePattern(ctx, e.fixed, bounds); err != nil {
				return false, err
			}
			if w.value < before-1e-9*math.Max(1, math.Abs(before)) {
				w.out.stat.ExchangePoints++
				fixed, better = e.fixed, true
				break
			}
		}
		if !better {
			return true, nil
		}
		if w.lp.iterations > end {
			break
		}
	}
	return false, nil
}

// neighbour is a pattern next to another one, with the largest price of a slack that it releases.
type neighbour struct {
	fixed []uint8
	price float64
}

// exchanges lists the patterns next to one, those that promise most first.
func (w *worker) exchanges(ctx context.Context, g *guide, fixed []uint8, bounds []fixing) ([]neighbour, error) {
	if ok, err := w.solvePattern(ctx, fixed, bounds); err != nil || !ok {
		return nil, err
	}
	price, err := w.prices()
	if err != nil || price == nil {
		return nil, err
	}
	var list []neighbour
	for _, k := range g.pairs {
		if fixed[k.pair]&(1<<k.side) == 0 {
			continue
		}
		now := append([]uint8(nil), fixed...)
		now[k.pair] = 0
		if ok, err := w.lp.set(now, bounds); err != nil || !ok {
			return nil, err
		}
		st, err := g.largest(ctx, w.lp, int(k.pair), int(k.side))
		if err != nil {
			return nil, err
		}
		if st == highs.Interrupted || st == highs.TimeLimit {
			return nil, nil
		}
		if st != highs.Optimal {
			continue
		}
		n := neighbour{fixed: now}
		for _, o := range g.pairs {
			v, b := w.p.violation(int(o.pair), w.lp.x)
			if o.side == 1 {
				v = b
			}
			s := o.side
			if v > 1e-7*w.p.scale[o.pair] {
				s = 1 - s
			}
			now[o.pair] = 1 << s
			if now[o.pair] != fixed[o.pair] && s == o.side { // released
				n.price = math.Max(n.price, price(w.p.pairs[o.pair][1-o.side]))
			}
		}
		if now[k.pair] != fixed[k.pair] && n.price > 1e-9 {
			list = append(list, n)
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].price > list[b].price })
	return list, nil
}

// largest maximises a multiplier over the fixings of the relaxation and leaves the vertex in its point.
func (g *guide) largest(ctx context.Context, r *relaxation, pair, side int) (highs.Status, error) {
	if _, err := g.follow(r); err != nil {
		return highs.Failed, err
	}
	clear(g.want)
	m := r.p.pairs[pair][side]
	c := -1.0
	if m.upper {
		c = 1
	}
	if !m.row {
		g.want[g.place[m.idx]] = c
	} else {
		for e := r.p.start[m.idx]; e < r.p.start[m.idx+1]; e++ {
			g.want[g.place[r.p.idx[e]]] += c * r.p.val[e]
		}
	}
	var index []int32
	var change []float64
	for i, c := range g.want {
		if c != g.cost[i] {
			index, change = append(index, int32(i)), append(change, c)
			g.cost[i] = c
		}
	}
	g.fresh, g.status = true, highs.Unknown // the next refinement sets the costs
	if err := g.lp.ChangeCosts(index, change); err != nil {
		return highs.Failed, err
	}
	st, err := g.lp.SolveRobust(ctx)
	g.solves++
	r.iterations += g.lp.Iterations()
	if err != nil || st != highs.Optimal {
		return st, err
	}
	if err := g.lp.Primal(g.x); err != nil {
		return st, err
	}
	for i, j := range g.cols {
		r.x[j] = g.x[i]
	}
	return st, nil
}
