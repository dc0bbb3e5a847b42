package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// chooseWhole takes the answers of blocks to be whole where all their products with continuous variables of the leader can then be written exactly. Answers that cannot be above their lower bounds are fixed, in
// the gaps, the sums Σ a_i b_i of the blocks, too.
func (w *products) chooseWhole(gaps []model.Function) {
	wanted, any := make([]bool, len(gaps)), false
	prices := func(visit func(b int, x, y int32)) {
		for b, f := range gaps {
			for _, q := range f.Quad {
				if x, y, ok := w.factors(q); ok && w.s.isFollowers(y) && w.s.old.VarKind(int(x)) == model.Continuous {
					visit(b, x, y)
				}
			}
		}
	}
	prices(func(b int, _, _ int32) { wanted[b], any = true, true })
	if !any {
		return
	}
	whole := newWholeAnswers(w.s, wanted)
	prices(func(b int, x, y int32) {
		whole.b.ok[b] = whole.b.ok[b] && w.bounded(x) && whole.hi[y]-whole.lo[y] < 1<<maxDigits
	})
	w.whole = whole
	for j := range w.s.block {
		if whole.is(int32(j)) && whole.lo[j] == whole.hi[j] {
			w.s.m.SetVarBounds(j, whole.lo[j], whole.lo[j])
			w.answers = append(w.answers, int32(j))
		}
	}
	for b := range gaps {
		if whole.b.ok[b] {
			gaps[b] = w.s.substitute(gaps[b])
		}
	}
}

// isWhole reports whether a variable is an answer that may be taken to be whole.
func (w *products) isWhole(j int32) bool { return w.whole != nil && w.whole.is(j) }

// exactly reports whether all products of a gap are of prices and answers with two values, and so described from both sides: then the gap is zero rather than at most zero, which the relaxation does not know otherwise.
func (w *products) exactly(gap model.Function) bool {
	for _, q := range gap.Quad {
		if y, _, ok := w.factors(q); !ok || !w.isWhole(y) || w.digitsOf(y) != 0 {
			return false
		}
	}
	return len(gap.Quad) > 0
}

// makeWhole makes an answer an integer variable with the bounds of the vertices.
func (w *products) makeWhole(y int32) {
	if w.s.m.VarKind(int(y)) != model.Continuous {
		return
	}
	kind := model.Integer
	if w.whole.lo[y] == 0 && w.whole.hi[y] == 1 {
		kind = model.Binary
	}
	w.s.m.SetVarBounds(int(y), w.whole.lo[y], w.whole.hi[y])
	w.s.m.SetVarKind(int(y), kind)
	w.answers = append(w.answers, y)
}

// priced is the number of answers that are integer variables.
func (w *products) priced() int {
	n := 0
	for _, y := range w.answers {
		if w.s.m.VarKind(int(y)) != model.Continuous {
			n++
		}
	}
	return n
}

// revenue is the column of the product of an answer y = l + z, z in {0, 1}, and a price x in [p, q], which is in [a, b] where z = 1, see ways: with v = x y - l x,
//
//	a z <= v <= b z,   x - q (1 - z) <= v <= x - p (1 - z).
//
// coef is that of the product in the follower's cost.
func (w *products) revenue(y, x int32, coef float64) int32 {
	key := product{y, x}
	if j, done := w.cols[key]; done {
		return j
	}
	m := w.s.m
	l := w.whole.lo[y]
	p, q := w.s.box(int(x))
	a, b := p, q
	room := w.whole.most[y] - w.whole.b.costLo[y] // for what the price adds to the lowest cost
	if coef > 0 {
		b = math.Min(b, p+room/coef)
	} else {
		a = math.Max(a, q+room/coef)
	}
	least := math.Min(l*p, l*q) + math.Min(0, a)
	most := math.Max(l*p, l*q) + math.Max(0, b)
	j := int32(m.AddVars(0, m.FreshBase("product_"+m.VarBase(int(x))), nil, 1, model.Continuous, least, most))
	w.cols[key] = j
	w.list = append(w.list, productColumn{j, y, x})
	row := func(sign, price, answer float64) { // sign (x y - l x - price x - answer z) - max of the rest <= 0
		acc := m.Accumulator()
		acc.AddTerm(sign, int(j))
		acc.AddTerm(-sign*(l+price), int(x))
		acc.AddTerm(-sign*answer, int(y))
		acc.AddConst(sign * answer * l)
		if price != 0 {
			acc.AddConst(sign * answer)
		}
		w.rows = append(w.rows, acc.Function())
	}
	row(1, 0, b)
	if l != 0 || a != 0 {
		row(-1, 0, a)
	}
	row(1, 1, p)
	row(-1, 1, q)
	return j
}
