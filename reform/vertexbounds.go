package reform

import (
	"math"
)

// multiplierBound is a bound on the size of a column that is a multiplier.
type multiplierBound struct {
	col   int32
	bound float64
}

// vertexBounds proves bounds on multipliers of a block that some optimal multiplier keeps for each value of the leader's variables. There are two
// kinds of blocks, both of linear followers.
//
// Networks. Of the constraints that hold more than one variable of the follower, after division by the size of their coefficients, every
// variable stands in at most two, and with signs of constraints changed where needed once with 1 and once with -1. Such constraints are nodes,
// variables are arcs, and arcs that stand in one constraint, as slacks do, lead to one more node, the ground. The multipliers of such a
// problem are a polyhedron; at a vertex of it there is a tree of arcs whose reduced costs are zero and that connects the nodes. So the reduced
// cost of any other arc is the sum of signed costs c along a circle without repetition,
//
//	|reduced cost| <= max over circles of Σ |c|,
//
// and of the multipliers of the bounds and constraints on that variable alone (a y_j <= b) at most one is not zero, at most |reduced
// cost| / |a|. Costs may be changed by potentials, c_ij + π_i - π_j, which changes no sum along a circle. The bound on the longest circle is the
// smaller of: the sum of as many of the largest costs as there are nodes; the two largest costs at each of some nodes that touch all
// arcs with a cost. A maximum flow has costs -1 at the source alone, and its multipliers come out as at most 1.
//
// Packing. A constraint i whose variables all have a lower bound and a non-negative part in it and in all others: no multiplier enters
// their stationarity rows with a negative sign. Then u_i can be lowered until one of these rows is tight, to
//
//	u_i <= max over its variables of max(0, -c_j) / a_ij.
//
// Lowering keeps the other pairs, and pairs of opposed multipliers (addOpposed); a vertex has no opposed multipliers that are both
// positive. So the bounds go together with that claim. They do not in a block of which the model names a multiplier: then the
// leader sees more of it than that one exists.
func (s *stationarity) vertexBounds(wanted []bool) []multiplierBound {
	b := &boundedBlocks{s: s, ok: make([]bool, s.blocks+1)}
	copy(b.ok, wanted)
	b.gather()
	var out []multiplierBound
	for k := 1; k <= s.blocks; k++ {
		if !b.ok[k] {
			continue
		}
		found, isNetwork := b.network(k)
		if !isNetwork {
			found = b.packing(k)
		}
		out = append(out, found...)
	}
	return out
}

// boundedBlocks are the blocks in which bounds are looked for.
type boundedBlocks struct {
	s         *stationarity
	ok        []bool    // by block
	costLo    []float64 // by variable: the linear cost in the minimisation form, whatever the others decide
	costHi    []float64
	vars      [][]int32 // by block
	rows      [][]int32
	column    [][]entry // by variable: its entries in rows of its follower
	ownCount  []int32   // by row: variables of the follower that are not fixed
	keepNamed bool      // blocks may have a multiplier with a name
}

// entry is a coefficient in a row.
type entry struct {
	row  int32
	coef float64
}

// gather collects what the blocks consist of, and drops those that are not linear or have a multiplier with a name.
func (b *boundedBlocks) gather() {
	s, m := b.s, b.s.old
	n := m.NumVars()
	b.costLo, b.costHi = make([]float64, n), make([]float64, n)
	b.vars, b.rows = make([][]int32, s.blocks+1), make([][]int32, s.blocks+1)
	b.column, b.ownCount = make([][]entry, n), make([]int32, m.NumRows())
	for j, k := range s.block {
		if b.ok[k] && s.statRow[j] >= 0 {
			b.vars[k] = append(b.vars[k], int32(j))
		}
	}
	named := s.namedMultipliers()
	for r, k := range s.rowBlock {
		if !b.ok[k] {
			continue
		}
		if !m.RowIsAffine(r) || named[r] && !b.keepNamed {
			b.ok[k] = false
			continue
		}
		if s.sides(r) == 0 {
			continue
		}
		b.rows[k] = append(b.rows[k], int32(r))
		idx, val := m.RowAffine(r)
		for i, j := range idx {
			if m.VarOwner(int(j)) == m.RowOwner(r) && s.block[j] == k && s.statRow[j] >= 0 {
				b.column[j] = append(b.column[j], entry{int32(r), val[i]})
				b.ownCount[r]++
			}
		}
	}
	own := func(j int32, p int) bool { return s.block[j] > 0 && m.VarOwner(int(j)) == p }
	for p := 1; p < m.NumPlayers(); p++ {
		o := m.Player(p).Objective()
		σ := o.Sense.Sign()
		if o.F.Nonlinear != 0 {
			for j, k := range s.block {
				if m.VarOwner(j) == p {
					b.ok[k] = false
				}
			}
			continue
		}
		for i, j := range o.F.Vars {
			if own(j, p) {
				b.costLo[j] += σ * o.F.Coefs[i]
				b.costHi[j] += σ * o.F.Coefs[i]
			}
		}
		for _, q := range o.F.Quad {
			switch a, c := own(q.I, p), own(q.J, p); {
			case a && c:
				b.ok[s.block[q.I]] = false
			case a:
				b.addCost(q.I, σ*q.Coef, int(q.J))
			case c:
				b.addCost(q.J, σ*q.Coef, int(q.I))
			}
		}
	}
}

// addCost adds c x_k to the cost of a variable.
func (b *boundedBlocks) addCost(j int32, c float64, k int) {
	lo, hi := b.s.box(k)
	if c < 0 {
		lo, hi = hi, lo
	}
	b.costLo[j] += c * lo
	b.costHi[j] += c * hi
}

// packing bounds the multipliers of constraints whose variables stand in all constraints with the sign of a packing.
func (b *boundedBlocks) packing(k int) []multiplierBound {
	s := b.s
	suited := func(j int32) bool {
		lo, _ := s.old.VarBounds(int(j))
		if math.IsInf(lo, -1) {
			return false
		}
		for _, e := range b.column[j] {
			switch kind := s.sides(int(e.row)); {
			case kind == sideUpper && e.coef > 0, kind == sideLower && e.coef < 0:
			default:
				return false
			}
		}
		return true
	}
	most := map[int32]float64{}
	bad := map[int32]bool{}
	for _, j := range b.vars[k] {
		fits := suited(j)
		for _, e := range b.column[j] {
			most[e.row] = math.Max(most[e.row], math.Max(0, -b.costLo[j])/math.Abs(e.coef))
			bad[e.row] = bad[e.row] || !fits
		}
	}
	var out []multiplierBound
	for _, r := range b.rows[k] {
		if v, any := most[r]; any && !bad[r] {
			col := s.upper[r].col
			if col < 0 {
				col = s.lower[r].col
			}
			out = append(out, multiplierBound{col, v})
		}
	}
	return out
}

// shape is a block that is a network.
type shape struct {
	node  map[int32]int // constraints with several variables, from 1; 0 is the ground
	size  []float64     // by node: of its coefficients
	flip  *parity
	lines []line // by variable of the block
}

// line is a variable of a network.
type line struct {
	ends  []int // nodes
	signs []float64
	alone []entry // entries in constraints on this variable alone
}

// shape finds the nodes and arcs of a block; it is false where the block is no network.
func (b *boundedBlocks) shape(k int) (*shape, bool) {
	node := map[int32]int{}
	size := []float64{1}
	for _, r := range b.rows[k] {
		if b.ownCount[r] > 1 {
			node[r] = len(size)
			size = append(size, 0)
		}
	}
	flip := newParity(len(size))
	lines := make([]line, len(b.vars[k]))
	for n, j := range b.vars[k] {
		l := &lines[n]
		for _, e := range b.column[j] {
			i, is := node[e.row]
			if !is {
				l.alone = append(l.alone, e)
				continue
			}
			if size[i] == 0 {
				size[i] = math.Abs(e.coef)
			}
			if math.Abs(e.coef) != size[i] || len(l.ends) == 2 {
				return nil, false
			}
			l.ends, l.signs = append(l.ends, i), append(l.signs, e.coef)
		}
		if len(l.ends) == 2 && !flip.join(l.ends[0], l.ends[1], l.signs[0]*l.signs[1] > 0) {
			return nil, false
		}
	}
	return &shape{node, size, flip, lines}, true
}

// network bounds the multipliers of a block that is a network.
func (b *boundedBlocks) network(k int) ([]multiplierBound, bool) {
	s := b.s
	sh, ok := b.shape(k)
	if !ok {
		return nil, false
	}
	node, size, flip, lines := sh.node, sh.size, sh.flip, sh.lines
	g := &network{nodes: len(size)}
	for n, j := range b.vars[k] {
		g.add(flip, lines[n].ends, lines[n].signs, b.costLo[j], b.costHi[j])
	}
	for _, r := range b.rows[k] {
		if i, is := node[r]; is && s.sides(int(r)) != sideEqual {
			g.add(flip, []int{i}, []float64{1}, 0, 0) // its slack
		}
	}
	way := g.longest()
	circle := math.Min(way, g.balanced().longest())
	var out []multiplierBound
	for n, j := range b.vars[k] {
		most := circle
		if a := g.arcs[n]; a.from == a.to {
			most = a.size() // a variable on its own
		}
		for _, e := range lines[n].alone {
			out = b.add(out, e.row, most/math.Abs(e.coef))
		}
		if d := s.upperBoundMult[j]; d >= 0 {
			out = append(out, multiplierBound{d, most})
		}
	}
	for _, r := range b.rows[k] {
		if i, is := node[r]; is && s.sides(int(r)) == sideEqual {
			out = b.add(out, r, way/size[i])
		} else if is {
			out = b.add(out, r, circle/size[i]) // what its slack costs
		}
	}
	return out, true
}

// add bounds the multipliers of both sides of a constraint.
func (b *boundedBlocks) add(out []multiplierBound, r int32, v float64) []multiplierBound {
	for _, mult := range [2]multiplier{b.s.upper[r], b.s.lower[r]} {
		if mult.col >= 0 {
			out = append(out, multiplierBound{mult.col, v})
		}
	}
	return out
}
