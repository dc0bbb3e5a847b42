package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// wholeAnswers are the blocks of linear followers whose answers may be taken to be whole numbers, with their bounds. In such a block
//
//	min (c + Px)'y   subject to   A y >= or <= or = b,   l <= y <= h
//
// the constraints are those of a network (see vertexBounds) with whole numbers on the right-hand sides and whole bounds, and know nothing of the leader's variables; every y has a
// lower bound; and y stands nowhere else but in linear terms of the leader's objective. For each x the leader's objective is then linear over the optimal answers of the block, a face of a
// polyhedron with vertices, whatever multipliers are chosen: where it has a best answer it has one at a vertex, and the vertices of such a polyhedron are whole, for the
// matrix of a network is totally unimodular. Source: Hoffman and Kruskal (1956).
//
// A best answer is missing only where the leader gains without end along a direction in which the follower is indifferent; blocks are left out in which variables without an upper bound allow that.
//
// At a vertex a variable is the sum of what enters and leaves a part of the network through all other arcs: with β the right-hand sides less what the lower bounds take, and signs of constraints changed as
// for vertexBounds,
//
//	y_j <= l_j + max(Σ max(β_i, 0), Σ max(-β_i, 0)) + Σ (h_a - l_a)   over the other variables a with an upper bound.
type wholeAnswers struct {
	b      *boundedBlocks
	lo, hi []float64 // by variable of a block that is ok
	most   []float64 // likewise: of what it costs while it is above lo; see ways
}

// wholeTolerance is how far from a whole number a datum may be and count as one: what divisions leave.
const wholeTolerance = 1e-9

func isWhole(v float64) bool { return math.Abs(v-math.Round(v)) <= wholeTolerance && math.Abs(v) < 1e6 }

// newWholeAnswers looks at the wanted blocks.
func newWholeAnswers(s *stationarity, wanted []bool) *wholeAnswers {
	n := s.old.NumVars()
	w := &wholeAnswers{b: &boundedBlocks{s: s, ok: make([]bool, s.blocks+1), keepNamed: true}, lo: make([]float64, n), hi: make([]float64, n), most: make([]float64, n)}
	for j := range w.most {
		w.most[j] = math.Inf(1)
	}
	if s.old.Constructs()&(model.Complementarity|model.MixedPairs|model.SOS1Sets|model.IndicatorRows) != 0 {
		return w
	}
	copy(w.b.ok, wanted)
	w.b.ok[0] = false
	w.dropUsedElsewhere()
	w.b.gather()
	for k := 1; k <= s.blocks; k++ {
		if w.b.ok[k] = w.b.ok[k] && w.bounds(k) && w.attained(k); w.b.ok[k] {
			w.narrow(k)
		}
	}
	return w
}

// is reports whether a variable may be taken to be whole. One whose bounds are equal is no answer: it stays what it is, whole or not.
func (w *wholeAnswers) is(j int32) bool {
	return int(j) < len(w.b.s.block) && w.b.ok[w.b.s.block[j]] && w.b.s.statRow[j] >= 0
}

// dropUsedElsewhere drops blocks with variables that stand outside their own constraints and the linear terms of the leader's objective, and blocks whose constraints hold others' variables.
func (w *wholeAnswers) dropUsedElsewhere() {
	s, m, ok := w.b.s, w.b.s.old, w.b.ok
	for r := 0; r < m.NumRows(); r++ {
		k := s.rowBlock[r]
		m.EachVar(m.RowFunction(r), func(j int) {
			if s.block[j] != k {
				ok[s.block[j]], ok[k] = false, false
			}
		})
	}
	for p := 0; p < m.NumPlayers(); p++ {
		f := m.Player(p).Objective().F
		for _, j := range f.Vars {
			if k := s.block[j]; k > 0 && p > 0 && m.VarOwner(int(j)) != p {
				ok[k] = false
			}
		}
		for _, q := range f.Quad {
			for _, side := range [2][2]int32{{q.I, q.J}, {q.J, q.I}} {
				k, other := s.block[side[0]], side[1]
				_, dual := m.DualOf(int(other))
				if k > 0 && (p == 0 || m.VarOwner(int(side[0])) != p || m.VarOwner(int(other)) != 0 || dual) {
					ok[k] = false
				}
			}
		}
		if f.Nonlinear != 0 {
			for _, j := range m.DAG().Vars(f.Nonlinear) {
				ok[s.block[j]] = false
			}
		}
	}
	ok[0] = false
}

// bounds finds the least and the most that the variables of a block are at a vertex; it is false where the block is no network with whole data and lower bounds.
func (w *wholeAnswers) bounds(k int) bool {
	b, m := w.b, w.b.s.old
	shape, isNetwork := b.shape(k)
	if !isNetwork {
		return false
	}
	for _, j := range b.vars[k] {
		w.lo[j], w.hi[j] = m.VarBounds(int(j))
	}
	for n, j := range b.vars[k] {
		for _, e := range shape.lines[n].alone {
			lo, hi := b.rest(e.row)
			if lo, hi = lo/e.coef, hi/e.coef; e.coef < 0 {
				lo, hi = hi, lo
			}
			w.lo[j], w.hi[j] = math.Max(w.lo[j], lo), math.Min(w.hi[j], hi)
		}
		if !isWhole(w.lo[j]) || !math.IsInf(w.hi[j], 1) && !isWhole(w.hi[j]) || w.lo[j] > w.hi[j] {
			return false // bounds and constraints that contradict each other leave no answers
		}
		w.lo[j], w.hi[j] = math.Round(w.lo[j]), math.Round(w.hi[j])
	}
	taken := make([]float64, len(shape.size)) // by node: what the lower bounds take
	width := 0.0                              // of all variables with an upper bound
	for n, j := range b.vars[k] {
		for i, node := range shape.lines[n].ends {
			taken[node] += shape.lines[n].signs[i] / shape.size[node] * w.lo[j]
		}
		if !math.IsInf(w.hi[j], 1) {
			width += w.hi[j] - w.lo[j]
		}
	}
	enters, leaves := 0.0, 0.0
	for _, r := range b.rows[k] {
		i, is := shape.node[r]
		if !is {
			continue
		}
		lo, hi := b.rest(r)
		most, least := 0.0, 0.0
		for _, side := range [2]float64{lo, hi} {
			if math.IsInf(side, 0) {
				continue
			}
			if side /= shape.size[i]; !isWhole(side) {
				return false
			}
			side = math.Round(side) - taken[i]
			if _, odd := shape.flip.find(i); odd {
				side = -side
			}
			most, least = math.Max(most, side), math.Min(least, side)
		}
		enters, leaves = enters+most, leaves-least
	}
	for _, j := range b.vars[k] {
		if math.IsInf(w.hi[j], 1) {
			w.hi[j] = w.lo[j] + math.Max(enters, leaves) + width
		}
	}
	return true
}

// rest is the bounds of a constraint less the part of the fixed variables.
func (b *boundedBlocks) rest(r int32) (lo, hi float64) {
	m := b.s.old
	lo, hi = m.RowBounds(int(r))
	idx, val := m.RowAffine(int(r))
	for i, j := range idx {
		if b.s.statRow[j] < 0 {
			v, _ := m.VarBounds(int(j))
			lo, hi = lo-val[i]*v, hi-val[i]*v
		}
	}
	return lo, hi
}

// attained reports whether the leader has a best one among the optimal answers of a block. A direction in which these go on without end is a flow along circles of variables without
// an upper bound that costs the follower nothing: there is none where there is no such circle, or where each of these variables costs something or brings the leader nothing.
func (w *wholeAnswers) attained(k int) bool {
	b, m := w.b, w.b.s.old
	o := m.Leader().Objective()
	gain := map[int32]bool{}
	for i, j := range o.F.Vars {
		gain[j] = gain[j] || o.Sense.Sign()*o.F.Coefs[i] < 0
	}
	anyGain, negative, indifferent := false, false, false
	for _, j := range b.vars[k] {
		if _, hi := m.VarBounds(int(j)); math.IsInf(hi, 1) {
			anyGain = anyGain || gain[j]
			negative = negative || !(b.costLo[j] >= 0)
			indifferent = indifferent || gain[j] && !(b.costLo[j] > 0)
		}
	}
	return !anyGain || !negative && !indifferent || !w.circles(k)
}

// circles reports whether variables of a block without an upper bound, and slacks, lead round a circle.
func (w *wholeAnswers) circles(k int) bool {
	b := w.b
	shape, _ := b.shape(k)
	g := &ways{network{nodes: len(shape.size)}}
	for n, j := range b.vars[k] {
		if _, hi := b.s.old.VarBounds(int(j)); math.IsInf(hi, 1) {
			g.add(shape.flip, shape.lines[n].ends, shape.lines[n].signs, 0, 0)
		}
	}
	for _, r := range b.rows[k] {
		if i, is := shape.node[r]; is && b.s.sides(int(r)) != sideEqual {
			lo, hi := b.rest(r)
			if math.IsInf(lo, -1) {
				g.add(shape.flip, []int{i}, []float64{1}, 0, 0)
			} else if math.IsInf(hi, 1) {
				g.add(shape.flip, []int{i}, []float64{-1}, 0, 0)
			}
		}
	}
	entering, open := make([]int, g.nodes), g.arcs
	for _, a := range open {
		entering[a.to]++
	}
	for len(open) > 0 { // arcs from nodes into which none leads lie on no circle
		rest := open[:0:0]
		for _, a := range open {
			if entering[a.from] > 0 {
				rest = append(rest, a)
			}
		}
		if len(rest) == len(open) {
			return true
		}
		clear(entering)
		for _, a := range rest {
			entering[a.to]++
		}
		open = rest
	}
	return false
}
