package reform

import (
	"fmt"
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// addInequalities adds, for each block of a follower's problem, the inequality that Σ a_i b_i <= 0 over its pairs 0 <= a_i ⟂ b_i >= 0,
// written out (see StrongDuality) and made linear by dropping what is known not to be negative and by replacing each product that remains
// by a linear function below it, from the bounds of its factors (McCormick). With x in [m, M] and a multiplier u >= 0, a term -u x becomes
// -M u. The bounds of x are those that all constraints leave, see leaderBox. A product of an integer x of few values with a multiplier that
// has a proven bound, see vertexBounds, or with a bounded y gets a column of its own and is exact for whole x, see productColumn. A block
// in which some product has no bound gets no inequality.
//
// Source: Kleinert, Labbé, Plein, Schmidt (2021), one block at a time.
func (s *stationarity) addInequalities() string {
	sums := make([]*model.Accumulator, s.blocks+1)
	for b := range sums {
		sums[b] = s.m.Accumulator()
	}
	ok := make([]bool, s.blocks+1)
	for b := range ok {
		ok[b] = true
	}
	multiply := func(b int32, f, g model.Function) {
		if !f.IsAffine() || !g.IsAffine() {
			ok[b] = false
			return
		}
		if ok[b] {
			sums[b].AddMul(1, f, g)
		}
	}
	for _, l := range s.collectPairs() {
		for _, p := range l.list {
			multiply(s.pairBlock(p), s.m.MemberFunction(p.A), s.m.MemberFunction(p.B))
		}
	}
	s.eachZeroProduct(multiply)
	functions := make([]model.Function, s.blocks+1)
	for b := 1; b <= s.blocks; b++ {
		if ok[b] {
			functions[b] = s.substitute(sums[b].Function())
		}
	}
	w := newProducts(s)
	w.boundMultipliers(functions)
	var rows []model.Function
	for b := 1; b <= s.blocks; b++ {
		if !ok[b] {
			continue
		}
		g, linear := s.linearBelow(functions[b], w, int32(b))
		if len(functions[b].Quad) > 0 {
			s.m.AddImpliedInequality(functions[b])
		}
		if !linear || len(g.Vars) == 0 || largest(g.Coefs) > wildest*math.Max(1, largest(functions[b].Coefs)) || tangled(functions[b].Quad) {
			continue
		}
		rows = append(rows, g)
	}
	first := s.m.StartRows(0, s.m.FreshBase("primaldual"), func(k int) string { return strconv.Itoa(k + 1) }, len(rows))
	for k, g := range rows {
		s.m.SetRow(first+k, g, -model.Inf, 0)
	}
	w.write()
	s.products = w
	note := fmt.Sprintf("kkt-strong: a primal-dual inequality for %d of %s", len(rows), plural(s.blocks, "block"))
	if n := len(w.list); n > 0 {
		note += fmt.Sprintf(", with %s of leader's variables written exactly", plural(n, "product"))
	}
	return note
}

// wildest is how much larger the coefficients may become where bounds take the place of variables. Beyond that the inequality says next to
// nothing, and its numbers spoil the LP.
const wildest = 1e3

// tangle is the number of products with each multiplier, on average, beyond which the inequality is left out: every product gives its bound
// away on its own, so that a constraint with many of the leader's variables leaves nothing. (Dense random programs with boxes of ±1000 took
// twice the nodes with it, and their multipliers stand apart from everything else without it.)
const tangle = 4

// tangled reports whether products are so many.
func tangled(quad []model.QuadTerm) bool {
	products, left, right := 0, map[int32]bool{}, map[int32]bool{}
	for _, q := range quad {
		if q.I != q.J {
			products++
			left[q.I], right[q.J] = true, true
		}
	}
	return products > tangle*max(len(left), len(right))
}

func largest(v []float64) float64 {
	m := 0.0
	for _, a := range v {
		m = math.Max(m, math.Abs(a))
	}
	return m
}

// pairBlock is the block of a pair: that of the constraint or variable that its second member is the slack of.
func (s *stationarity) pairBlock(p model.Pair) int32 {
	if p.B.Row {
		return s.rowBlock[p.B.Index]
	}
	return s.block[p.B.Index]
}

// linearBelow replaces the products of f by linear functions below them. It is false where a product has no bound from below.
func (s *stationarity) linearBelow(f model.Function, w *products, block int32) (model.Function, bool) {
	acc := s.m.Accumulator()
	acc.AddFunction(1, model.Function{Const: f.Const, Vars: f.Vars, Coefs: f.Coefs})
	var own []model.QuadTerm
	for _, q := range f.Quad {
		if s.isFollowers(q.I) && s.isFollowers(q.J) {
			own = append(own, q)
		}
	}
	// y'Qy of a convex follower is not negative as a whole; its terms one by one may be.
	dropOwn := len(own) > 0 && s.m.Definiteness(own, nil, 1) == model.PSD
	for _, q := range f.Quad {
		if dropOwn && s.isFollowers(q.I) && s.isFollowers(q.J) {
			continue
		}
		if !w.add(acc, q, block) && !s.below(acc, q) {
			return model.Function{}, false
		}
	}
	return acc.Function(), true
}

func (s *stationarity) isFollowers(j int32) bool { return int(j) < len(s.block) && s.block[j] > 0 }

// below adds a linear function below c x_i x_j over the box of the two variables, by one of McCormick's inequalities
//
//	(x - a)(y - b) >= 0 at two corners where c > 0, <= 0 at the other two where c < 0,
//
// preferring corners at zero, which leave one term.
func (s *stationarity) below(acc *model.Accumulator, q model.QuadTerm) bool {
	il, ih := s.box(int(q.I))
	jl, jh := s.box(int(q.J))
	if q.I == q.J {
		return q.Coef >= 0
	}
	corners := [2][2]float64{{il, jl}, {ih, jh}} // x y >= a y + b x - a b
	if q.Coef < 0 {
		corners = [2][2]float64{{il, jh}, {ih, jl}} // x y <= a y + b x - a b
	}
	best, found := [2]float64{}, false
	for _, c := range corners {
		if math.IsInf(c[0], 0) || math.IsInf(c[1], 0) {
			continue
		}
		if !found || zeros(c) > zeros(best) {
			best, found = c, true
		}
	}
	if !found {
		return false
	}
	a, b := best[0], best[1]
	if a != 0 {
		acc.AddTerm(q.Coef*a, int(q.J))
	}
	if b != 0 {
		acc.AddTerm(q.Coef*b, int(q.I))
	}
	acc.AddConst(-q.Coef * a * b)
	return true
}

func zeros(c [2]float64) int {
	n := 0
	for _, v := range c {
		if v == 0 {
			n++
		}
	}
	return n
}
