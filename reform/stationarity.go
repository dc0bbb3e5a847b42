package reform

import (
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// addStationarityRows writes ∂L/∂y_j for every follower's variable that is not fixed. Linear terms (quadratic objectives and affine
// constraints) are gathered by columns in three flat arrays; what else there is (quadratic and nonlinear constraints, nonlinear
// objectives) goes through an accumulator a variable.
func (s *stationarity) addStationarityRows() {
	g := s.gatherColumns()
	general := s.generalTerms()
	for j := 0; j < len(s.statRow); {
		if !s.hasRow(j) {
			j++
			continue
		}
		e := j + 1
		for e < len(s.statRow) && s.hasRow(e) && s.old.SameVarFamily(j, e) {
			e++
		}
		from := j
		sub := func(k int) string { return s.old.VarSub(from + k) }
		if e-j == 1 && sub(0) == "" {
			sub = nil
		}
		first := s.m.StartRows(0, s.m.FreshBase("stat_"+s.old.VarBase(j)), sub, e-j)
		for k := j; k < e; k++ {
			s.statRow[k] = int32(first + k - j)
			s.fillStationarity(k, g, general)
		}
		j = e
	}
}

// hasRow reports whether variable j gets a stationarity row: a decision of a follower that is not fixed.
func (s *stationarity) hasRow(j int) bool {
	if !s.isOwn(j) {
		return false
	}
	lo, hi := s.old.VarBounds(j)
	return lo < hi
}

// columns holds the linear terms of the stationarity rows: those of variable j are at start[j] to start[j+1].
type columns struct {
	start []int
	idx   []int32
	val   []float64
	cost  []float64 // constant term: the objective's coefficient
}

// gatherColumns transposes the followers' affine constraints and quadratic objectives, in two passes over them.
func (s *stationarity) gatherColumns() *columns {
	n := len(s.statRow)
	g := &columns{start: make([]int, n+1), cost: make([]float64, n)}
	s.linearTerms(func(j int, _ int32, _ float64) { g.start[j+1]++ })
	for j := 0; j < n; j++ {
		g.start[j+1] += g.start[j]
	}
	g.idx, g.val = make([]int32, g.start[n]), make([]float64, g.start[n])
	next := append([]int(nil), g.start[:n]...)
	s.linearTerms(func(j int, col int32, c float64) {
		g.idx[next[j]], g.val[next[j]] = col, c
		next[j]++
	})
	for p := 1; p < s.old.NumPlayers(); p++ {
		o := s.old.Player(p).Objective()
		for k, j := range o.F.Vars {
			if s.isOwn(int(j)) && s.old.VarOwner(int(j)) == p {
				g.cost[j] += o.Sense.Sign() * o.F.Coefs[k]
			}
		}
	}
	return g
}

// linearTerms visits every term c*x_col of the stationarity row of variable j that comes from a quadratic objective or from the affine
// part of a constraint, and from the column of a two-sided bound.
func (s *stationarity) linearTerms(visit func(j int, col int32, c float64)) {
	owner := s.old.VarOwner
	for p := 1; p < s.old.NumPlayers(); p++ {
		o := s.old.Player(p).Objective()
		σ := o.Sense.Sign()
		for _, q := range o.F.Quad {
			if q.I == q.J {
				if owner(int(q.I)) == p {
					visit(int(q.I), q.I, 2*σ*q.Coef)
				}
				continue
			}
			if owner(int(q.I)) == p {
				visit(int(q.I), q.J, σ*q.Coef)
			}
			if owner(int(q.J)) == p {
				visit(int(q.J), q.I, σ*q.Coef)
			}
		}
	}
	for r := range s.upper {
		p := s.old.RowOwner(r)
		if p == 0 {
			continue
		}
		up, lo := s.upper[r], s.lower[r]
		idx, val := s.old.RowAffine(r)
		for k, j := range idx {
			if owner(int(j)) != p {
				continue
			}
			if up.col >= 0 {
				visit(int(j), up.col, up.sign*val[k])
			}
			if lo.col >= 0 {
				visit(int(j), lo.col, -lo.sign*val[k])
			}
		}
	}
	for j, d := range s.upperBoundMult {
		if d >= 0 {
			visit(j, d, 1)
		}
	}
}

// generalTerms gathers what is not linear in the stationarity rows, by variable.
func (s *stationarity) generalTerms() map[int]*model.Accumulator {
	out := map[int]*model.Accumulator{}
	at := func(j int) *model.Accumulator {
		a, ok := out[j]
		if !ok {
			a = s.m.Accumulator()
			out[j] = a
		}
		return a
	}
	d := s.m.DAG()
	for p := 1; p < s.old.NumPlayers(); p++ {
		o := s.old.Player(p).Objective()
		if o.F.Nonlinear == 0 {
			continue
		}
		own := s.ownVars(p, d.Vars(o.F.Nonlinear))
		for k, n := range d.Gradient(o.F.Nonlinear, own) {
			at(own[k]).AddFunction(o.Sense.Sign(), s.m.FromNode(n))
		}
	}
	for r := range s.upper {
		p := s.old.RowOwner(r)
		if p == 0 || s.old.RowIsAffine(r) {
			continue
		}
		f := s.old.RowFunction(r)
		for _, side := range [2]struct {
			mult multiplier
			sign float64
		}{{s.upper[r], 1}, {s.lower[r], -1}} {
			if side.mult.col < 0 {
				continue
			}
			c, u := side.sign*side.mult.sign, int(side.mult.col)
			for _, q := range f.Quad {
				if q.I == q.J {
					if s.old.VarOwner(int(q.I)) == p {
						at(int(q.I)).AddProduct(2*c*q.Coef, u, int(q.I))
					}
					continue
				}
				if s.old.VarOwner(int(q.I)) == p {
					at(int(q.I)).AddProduct(c*q.Coef, u, int(q.J))
				}
				if s.old.VarOwner(int(q.J)) == p {
					at(int(q.J)).AddProduct(c*q.Coef, u, int(q.I))
				}
			}
			if f.Nonlinear == 0 {
				continue
			}
			own := s.ownVars(p, d.Vars(f.Nonlinear))
			mult := model.Function{Vars: []int32{side.mult.col}, Coefs: []float64{1}}
			for k, n := range d.Gradient(f.Nonlinear, own) {
				at(own[k]).AddMul(c, mult, s.m.FromNode(n))
			}
		}
	}
	return out
}

// ownVars keeps the variables that are decisions of player p and not fixed.
func (s *stationarity) ownVars(p int, vars []int) []int {
	var own []int
	for _, j := range vars {
		if s.old.VarOwner(j) == p && s.hasRow(j) {
			own = append(own, j)
		}
	}
	return own
}

// fillStationarity writes the row of variable j with the bounds that its own bounds ask for.
func (s *stationarity) fillStationarity(j int, g *columns, general map[int]*model.Accumulator) {
	row := int(s.statRow[j])
	lo, hi := s.old.VarBounds(j)
	rlo, rhi := 0.0, 0.0
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
	case math.IsInf(lo, -1):
		rlo = -model.Inf
	default:
		rhi = model.Inf
	}
	idx, val := g.idx[g.start[j]:g.start[j+1]], g.val[g.start[j]:g.start[j+1]]
	if acc := general[j]; acc != nil {
		acc.AddConst(g.cost[j])
		for k, c := range idx {
			acc.AddTerm(val[k], int(c))
		}
		s.m.SetRow(row, acc.Function(), rlo, rhi)
		return
	}
	if !strictlyIncreasing(idx) {
		idx, val = mergeTerms(idx, val)
	}
	vars, coefs := s.m.FillRow(row, len(idx), rlo-g.cost[j], rhi-g.cost[j])
	copy(vars, idx)
	copy(coefs, val)
}

func strictlyIncreasing(idx []int32) bool {
	for k := 1; k < len(idx); k++ {
		if idx[k] <= idx[k-1] {
			return false
		}
	}
	return true
}

// mergeTerms sorts terms by index in place and adds up repeats.
func mergeTerms(idx []int32, val []float64) ([]int32, []float64) {
	sort.Sort(terms{idx, val})
	w := 0
	for k := 0; k < len(idx); {
		i, v := idx[k], val[k]
		for k++; k < len(idx) && idx[k] == i; k++ {
			v += val[k]
		}
		if v != 0 {
			idx[w], val[w] = i, v
			w++
		}
	}
	return idx[:w], val[:w]
}

type terms struct {
	idx []int32
	val []float64
}

func (t terms) Len() int           { return len(t.idx) }
func (t terms) Less(a, b int) bool { return t.idx[a] < t.idx[b] }
func (t terms) Swap(a, b int) {
	t.idx[a], t.idx[b] = t.idx[b], t.idx[a]
	t.val[a], t.val[b] = t.val[b], t.val[a]
}
