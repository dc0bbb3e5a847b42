package reform

import (
	"fmt"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// addStationarityRows writes ∂L/∂y_j for every follower's variable that is not fixed. Linear terms (of quadratic objectives and affine
// constraints) are gathered by columns in the rows' own memory; what else there is (quadratic and nonlinear constraints, nonlinear
// objectives) goes through an accumulator a variable.
func (s *stationarity) addStationarityRows() error {
	from := s.m.NumRows()
	for j := 0; j < len(s.statRow); {
		if !s.hasRow(j) {
			j++
			continue
		}
		e := j + 1
		for e < len(s.statRow) && s.hasRow(e) && s.old.SameVarFamily(j, e) {
			e++
		}
		family := j
		sub := func(k int) string { return s.old.VarSub(family + k) }
		if e-j == 1 && sub(0) == "" {
			sub = nil
		}
		first := s.m.StartRows(0, s.m.FreshBase("stat_"+s.old.VarBase(j)), sub, e-j)
		for k := j; k < e; k++ {
			s.statRow[k] = int32(first + k - j)
		}
		j = e
	}
	if err := s.gatherColumns(from); err != nil {
		return err
	}
	cost, general := s.linearCosts(), s.generalTerms()
	for j, row := range s.statRow {
		if row >= 0 {
			s.finishRow(j, int(row), cost[j], general[j])
		}
	}
	return nil
}

// hasRow reports whether variable j gets a stationarity row: a decision of a follower that is not fixed.
func (s *stationarity) hasRow(j int) bool {
	if !s.isOwn(j) {
		return false
	}
	lo, hi := s.old.VarBounds(j)
	return lo < hi
}

// gatherColumns transposes the followers' affine constraints and quadratic objectives into the stationarity rows, which are the last
// ones from the index from on and in the order of their variables. It goes over the terms twice: to count them and to store them.
func (s *stationarity) gatherColumns(from int) error {
	next := make([]int32, len(s.statRow)) // by variable: first the number of its terms, then where the next one goes
	s.linearTerms(func(j int, _ int32, _ float64) { next[j]++ })
	count, total := make([]int32, s.m.NumRows()-from), 0
	for j, row := range s.statRow {
		if row < 0 {
			next[j] = -1
			continue
		}
		count[int(row)-from] = next[j]
		next[j] = int32(total)
		if total += int(count[int(row)-from]); total > math.MaxInt32 {
			return fmt.Errorf("stationarity: the conditions of the followers have more than the %d nonzeros that a model holds; split the followers", math.MaxInt32)
		}
	}
	idx, val := s.m.FillRows(from, count)
	s.linearTerms(func(j int, col int32, c float64) {
		if k := next[j]; k >= 0 {
			idx[k], val[k] = col, c
			next[j]++
		}
	})
	return nil
}

// linearCosts are the constant terms of the stationarity rows, by variable: the coefficients of the followers' objectives.
func (s *stationarity) linearCosts() []float64 {
	cost := make([]float64, len(s.statRow))
	if s.weights != nil {
		return cost
	}
	for p := 1; p < s.old.NumPlayers(); p++ {
		o := s.old.Player(p).Objective()
		for k, j := range o.F.Vars {
			if s.isOwn(int(j)) && s.old.VarOwner(int(j)) == p {
				cost[j] += o.Sense.Sign() * o.F.Coefs[k]
			}
		}
	}
	return cost
}

// linearTerms visits every term c*x_col of the stationarity row of variable j that comes from a quadratic objective or from the affine
// part of a constraint, and from the column of a two-sided bound.
func (s *stationarity) linearTerms(visit func(j int, col int32, c float64)) {
	owner := s.old.VarOwner
	for p := 1; p < s.old.NumPlayers() && s.weights == nil; p++ {
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
		if s.weights != nil {
			s.weightedObjective(p, at)
			continue
		}
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

// finishRow brings the row of variable j, which holds its linear terms, to normal form, adds the other terms and the constant, and gives
// it the bounds that the variable's own bounds ask for.
func (s *stationarity) finishRow(j, row int, cost float64, general *model.Accumulator) {
	lo, hi := s.old.VarBounds(j)
	rlo, rhi := 0.0, 0.0
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
	case math.IsInf(lo, -1):
		rlo = -model.Inf
	default:
		rhi = model.Inf
	}
	idx, val := s.m.RowAffine(row)
	if general != nil {
		general.AddFunction(1, model.Function{Const: cost, Vars: idx, Coefs: val})
		s.m.SetRow(row, general.Function(), rlo, rhi)
		return
	}
	n := len(idx)
	if !strictlyIncreasing(idx) {
		idx, val = mergeTerms(idx, val)
	}
	if len(idx) < n {
		s.m.SetRow(row, model.Function{Const: cost, Vars: idx, Coefs: val}, rlo, rhi)
		return
	}
	s.m.SetRowBounds(row, rlo-cost, rhi-cost)
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
