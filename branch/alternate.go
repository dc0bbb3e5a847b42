package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// alternation looks for points that satisfy all pairs where the multipliers u stand apart from the other variables z, see guide. With the slacks s(z) of the followers'
// constraints and weights w it minimises
//
//	γ c'z + Σ_k w_k u_k s_k(z)   over z in the relaxation without pairs and u in the polyhedron of the multipliers
//
// in turns over u and over z, each of which is a linear program with constraints that stay. The sum is zero where all pairs hold; with weights 1 it is what the followers' answers
// miss to be optimal. While it falls the leader's cost c has a say; where the turns come to rest first γ falls, then the weights of the pairs that do not hold are doubled, which moves
// the bilinear program out of its local optimum. With an incumbent z also has to be better than that by a part of the gap, so that a point without a miss is a better one.
//
// Sources: turns for bilinear programs over two polyhedra, Konno (1976), here in the penalty form of linear bilevel problems of White and Anandalingam (1993); weights that rise in local
// optima, Morris (1993) for satisfiability.
type alternation struct {
	lp     *linear // over z, with γ c'z + Σ w_k u_k s_k(z) as costs
	cols   []int32 // z among the columns of the problem
	place  []int32 // by column of the problem: its place in cols, -1 for multipliers
	leader []float64
	cutoff int32 // the row c'z <= what a point has to be better than
	cost   []float64
	z      []float64
	all    []int32 // 0, 1, ...: as many as the longer of z and u
	free   []uint8 // no fixing
	weight []float64
}

// alternationClock says at which nodes the turns begin: at node alternationFirst, then every alternationEvery nodes, less often while that brings nothing. They may take a tenth of the
// iterations.
type alternationClock struct{ node, next, failures, iterations int }

// alternationFirst leaves small problems to plain dives. mostTurns ends the turns of one node, restingTurn is the share of the sum that a turn has to take away, and aspiration the
// part of the gap at the root by which a point has to be better than the incumbent.
const (
	alternationFirst = 30
	alternationEvery = 50
	alternationWaits = 4
	mostTurns        = 150
	restingTurn      = 0.01
	aspiration       = 0.01
)

func (c *alternationClock) due(iterations int) bool {
	c.node++
	return c.node >= max(c.next, alternationFirst) && c.iterations <= iterations/10
}

// called notes turns and whether they brought a better point.
func (c *alternationClock) called(better bool) {
	if c.failures++; better {
		c.failures = 0
	}
	c.next = c.node + alternationEvery<<min(c.failures/alternationWaits, 14)
}

// newAlternation is nil where a pair has no multiplier among those that stand apart, or two, and where decisions are whole numbers.
func newAlternation(r *relaxation) (*alternation, error) {
	p, g := r.p, r.apart
	if g == nil || r.quad || len(p.integer) > 0 || len(p.sets) > 0 || len(g.pairs) < p.real {
		return nil, nil
	}
	a := &alternation{place: make([]int32, len(p.lo)), free: make([]uint8, len(p.pairs)), weight: make([]float64, len(g.pairs))}
	data := &highs.Arrays{Start: []int32{0}}
	row := func(lo, hi float64) {
		data.Start = append(data.Start, int32(len(data.Index)))
		data.RowLower, data.RowUpper = append(data.RowLower, lo), append(data.RowUpper, hi)
	}
	largest := 0.0
	for j := range p.lo {
		if a.place[j] = -1; g.place[j] >= 0 {
			continue
		}
		a.place[j] = int32(len(a.cols))
		a.cols = append(a.cols, int32(j))
		a.leader = append(a.leader, p.cost[j])
		largest = math.Max(largest, math.Abs(p.cost[j]))
		data.ColLower, data.ColUpper = append(data.ColLower, p.lo[j]), append(data.ColUpper, p.hi[j])
	}
	for i := range p.rows {
		if g.rowApart[i] || p.start[i] == p.start[i+1] {
			continue
		}
		for k := p.start[i]; k < p.start[i+1]; k++ {
			data.Index, data.Value = append(data.Index, a.place[p.idx[k]]), append(data.Value, p.val[k])
		}
		row(p.rlo[i], p.rhi[i])
	}
	a.cutoff = int32(len(data.RowLower))
	for i, c := range a.leader {
		if c != 0 {
			data.Index, data.Value = append(data.Index, int32(i)), append(data.Value, c)
		}
	}
	row(math.Inf(-1), math.Inf(1))
	for i := range a.leader {
		if largest > 0 {
			a.leader[i] /= largest
		}
	}
	data.Cost = append([]float64(nil), a.leader...)
	a.cost, a.z = make([]float64, len(a.cols)), make([]float64, len(a.cols))
	for i := range max(len(a.cols), len(g.cols)) {
		a.all = append(a.all, int32(i))
	}
	var err error
	a.lp, err = newLinear(data, highs.LPOptions{Primal: true})
	return a, err
}

func (a *alternation) close() {
	if a != nil {
		_ = a.lp.Close()
	}
}

// misses is the weighted sum over the pairs, and how many of them do not hold.
func (a *alternation) misses(r *relaxation) (sum float64, open int) {
	for i, k := range r.apart.pairs {
		v, b := r.p.violation(int(k.pair), r.x)
		sum += a.weight[i] * math.Max(v, 0) * math.Max(b, 0)
		if math.Min(v, b) > pairTol*r.p.scale[k.pair] {
			open++
		}
	}
	return sum, open
}

// raise doubles the weights of the pairs that do not hold.
func (a *alternation) raise(r *relaxation) {
	for i, k := range r.apart.pairs {
		if v, b := r.p.violation(int(k.pair), r.x); math.Min(v, b) > pairTol*r.p.scale[k.pair] {
			a.weight[i] *= 2
		}
	}
}

// gradient stores the derivatives of the sum in z, or in the multipliers, whose places are given, divided by the largest w_k u_k, or w_k s_k.
func (a *alternation) gradient(r *relaxation, multipliers bool, place []int32, out []float64) {
	p := r.p
	clear(out)
	largest := 0.0
	for i, k := range r.apart.pairs {
		pair := p.pairs[k.pair]
		held, m := pair[k.side], pair[1-k.side]
		if multipliers {
			held, m = m, held
		}
		v := p.slack(held, r.x)
		if v <= pairTol*p.scale[k.pair] {
			continue
		}
		v *= a.weight[i]
		largest = math.Max(largest, v)
		if m.upper {
			v = -v
		}
		if !m.row {
			out[place[m.idx]] += v
			continue
		}
		for e := p.start[m.idx]; e < p.start[m.idx+1]; e++ {
			out[place[p.idx[e]]] += v * p.val[e]
		}
	}
	if largest > 0 {
		for i := range out {
			out[i] /= largest
		}
	}
}

// turnMultipliers minimises over u at the z of the relaxation's point.
func (a *alternation) turnMultipliers(ctx context.Context, r *relaxation) (highs.Status, error) {
	g := r.apart
	a.gradient(r, true, g.place, g.want)
	copy(g.cost, g.want)
	g.fresh, g.status = true, highs.Unknown // the next refinement sets the costs
	return a.turn(ctx, r, g.lp, g.cols, g.cost, g.x)
}

// turnOthers minimises over z at the u of the relaxation's point.
func (a *alternation) turnOthers(ctx context.Context, r *relaxation, gamma float64) (highs.Status, error) {
	a.gradient(r, false, a.place, a.cost)
	for i, c := range a.leader {
		a.cost[i] += gamma * c
	}
	return a.turn(ctx, r, a.lp, a.cols, a.cost, a.z)
}

// turn solves one of the two LPs and takes its point.
func (a *alternation) turn(ctx context.Context, r *relaxation, lp *linear, cols []int32, cost, point []float64) (highs.Status, error) {
	if err := lp.ChangeCosts(a.all[:len(cols)], cost); err != nil {
		return highs.Failed, err
	}
	st, err := lp.SolveRobust(ctx)
	r.iterations += lp.Iterations()
	if err != nil || st != highs.Optimal {
		return st, err
	}
	if err := lp.Primal(point); err != nil {
		return highs.Failed, err
	}
	for i, j := range cols {
		r.x[j] = point[i]
	}
	return st, nil
}

// aspire sets what a point has to be better than.
func (w *worker) aspire() error {
	most := math.Inf(1)
	if !math.IsInf(w.value, 1) {
		most = w.value - w.p.offset - w.tolerance()
		if gap := w.value - w.t.stat.RootBound; gap > 0 {
			most -= aspiration * gap
		}
	}
	return w.turns.lp.ChangeRowBounds([]int32{w.turns.cutoff}, []float64{math.Inf(-1)}, []float64{most})
}

// alternate takes turns from x on, without the fixings of the node, and takes the pattern of a point at which all pairs hold; after a better one it goes on from there.
func (w *worker) alternate(ctx context.Context, x []float64) error {
	r := w.lp
	if w.turns == nil {
		var err error
		if w.turns, err = newAlternation(r); err != nil || w.turns == nil {
			w.noTurns = true
			return err
		}
	}
	a := w.turns
	if err := w.unfix(); err != nil {
		return err
	}
	if err := w.aspire(); err != nil {
		return err
	}
	copy(r.x, x)
	for i := range a.weight {
		a.weight[i] = 1
	}
	gamma, last := 1.0, math.Inf(1)
	for range mostTurns {
		if st, err := a.turnMultipliers(ctx, r); err != nil || st != highs.Optimal {
			return err
		}
		sum, open := a.misses(r)
		switch {
		case open == 0:
			before, point := w.value, append([]float64(nil), r.x[:r.n]...)
			if err := w.polish(ctx, point); err != nil || w.value >= before {
				return err
			}
			w.out.stat.AlternationPoints++
			if err := w.unfix(); err != nil {
				return err
			}
			if err := w.aspire(); err != nil {
				return err
			}
			copy(r.x, w.best)
			if st, err := a.turnMultipliers(ctx, r); err != nil || st != highs.Optimal {
				return err
			}
			gamma, sum = 1, math.Inf(1)
		case sum > (1-restingTurn)*last && gamma > 1e-3:
			gamma /= 10
		case sum > (1-restingTurn)*last:
			gamma = 0
			a.raise(r)
			sum, _ = a.misses(r)
		}
		last = sum
		if st, err := a.turnOthers(ctx, r, gamma); err != nil || st != highs.Optimal {
			return err
		}
	}
	return nil
}

// unfix frees the LPs of the fixings of the node.
func (w *worker) unfix() error {
	if _, err := w.lp.set(w.turns.free, nil); err != nil {
		return err
	}
	_, err := w.lp.apart.follow(w.lp)
	return err
}

// seekByTurns is alternate with its accounts.
func (w *worker) seekByTurns(ctx context.Context, x []float64) error {
	before, from := w.value, w.lp.iterations
	err := w.alternate(ctx, x)
	w.alternating.iterations += w.lp.iterations - from
	w.alternating.called(w.value < before)
	return err
}
