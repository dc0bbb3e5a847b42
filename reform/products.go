package reform

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// productColumn is a column that stands for the product of a leader's variable x and a multiplier or a follower's variable u,
//
//	w = x u,   l <= x <= h,   p <= u <= q,
//
// by two of McCormick's inequalities: those above the product where it stands in the primal-dual inequality with a negative coefficient,
//
//	w <= h u + p x - h p,   w <= l u + q x - l q,
//
// and those below otherwise. For x in {l, h}, so for a binary x, they say what the product is. An integer x with more values is written
// with binary digits, x = l + Σ 2^k b_k, and the product as l u + Σ 2^k b_k u.
type productColumn struct{ col, x, u int32 }

// digits are the binary columns of an integer variable of the leader.
type digits struct {
	x     int32
	lo    float64
	first int32
	n     int
}

// maxDigits is the largest number of binary digits for one variable: up to 64 values.
const maxDigits = 6

// products writes products of leader's variables with multipliers and followers' variables.
type products struct {
	s       *stationarity
	whole   *wholeAnswers  // nil where no answers are taken to be whole
	bound   map[int32]bool // multipliers with a proven bound
	cols    map[product]int32
	list    []productColumn
	of      map[int32]digits
	all     []digits
	rows    []model.Function // <= 0
	split   []model.Function // = 0: variables and their digits
	answers []int32          // that are integer variables now
}

func newProducts(s *stationarity) *products {
	return &products{s: s, bound: map[int32]bool{}, cols: map[product]int32{}, of: map[int32]digits{}}
}

// boundMultipliers gives the multipliers that quadratic terms of the functions multiply by integer variables of the leader their bounds, where
// some are proven.
func (w *products) boundMultipliers(sums []model.Function) {
	wanted, needed := make([]bool, w.s.blocks+1), map[int32]bool{}
	for _, f := range sums {
		for _, q := range f.Quad {
			if x, u, ok := w.factors(q); ok && !w.isWhole(x) && w.digitsOf(x) >= 0 {
				needed[u] = true
			}
		}
	}
	if len(needed) == 0 {
		return
	}
	for _, mults := range [][]multiplier{w.s.upper, w.s.lower} {
		for r, u := range mults {
			if needed[u.col] {
				wanted[w.s.rowBlock[r]] = true
			}
		}
	}
	for j, d := range w.s.upperBoundMult {
		if needed[d] {
			wanted[w.s.block[j]] = true
		}
	}
	for _, b := range w.s.vertexBounds(wanted) {
		if !needed[b.col] || math.IsInf(b.bound, 1) || math.IsNaN(b.bound) {
			continue
		}
		lo, hi := w.s.m.VarBounds(int(b.col))
		w.s.m.SetVarBounds(int(b.col), math.Max(lo, -b.bound), math.Min(hi, b.bound))
		w.bound[b.col] = true
	}
}

// factors are the leader's variable and the other factor, a multiplier or a follower's variable, of a product; of a price and an answer that may be taken to be whole, the answer comes first.
func (w *products) factors(q model.QuadTerm) (x, other int32, ok bool) {
	a, b := w.isLeaders(q.I), w.isLeaders(q.J)
	if a == b {
		return 0, 0, false
	}
	x, other = q.I, q.J
	if b {
		x, other = q.J, q.I
	}
	if w.isWhole(other) && w.s.old.VarKind(int(x)) == model.Continuous {
		x, other = other, x
	}
	return x, other, true
}

func (w *products) isLeaders(j int32) bool {
	return int(j) < w.s.old.NumVars() && w.s.old.VarOwner(int(j)) == 0
}

// bounded reports whether a factor has bounds on both sides that may be used.
func (w *products) bounded(j int32) bool {
	if int(j) >= w.s.old.NumVars() {
		return w.bound[j]
	}
	lo, hi := w.s.box(int(j))
	return (w.s.isFollowers(j) || w.isLeaders(j)) && !math.IsInf(lo, 0) && !math.IsInf(hi, 0)
}

// digitsOf is the number of binary digits that an integer variable of the leader needs: 0 where two values suffice as they are, -1 for a
// continuous one or one with too many values.
func (w *products) digitsOf(x int32) int {
	lo, hi := w.s.box(int(x))
	if w.isWhole(x) {
		lo, hi = w.whole.lo[x], w.whole.hi[x]
	} else if w.s.old.VarKind(int(x)) == model.Continuous {
		return -1
	}
	switch n := hi - lo; {
	case n <= 1:
		return 0
	case n < 1<<maxDigits:
		return int(math.Floor(math.Log2(n))) + 1
	}
	return -1
}

// add adds a product of a leader's variable to a function, by columns that stand for it; it is false where the other factor has no proven bound or
// the variable too many values.
func (w *products) add(acc *model.Accumulator, q model.QuadTerm, block int32) bool {
	x, u, ok := w.factors(q)
	if !ok || !w.bounded(u) {
		return false
	}
	n := w.digitsOf(x)
	if n >= 0 && w.isWhole(x) {
		w.makeWhole(x)
	}
	switch {
	case n < 0:
		return false
	case n == 0 && w.isWhole(x):
		acc.AddTerm(q.Coef, int(w.revenue(x, u, q.Coef)))
		return true
	case n == 0:
		acc.AddTerm(q.Coef, int(w.column(x, u, q.Coef < 0, block)))
		return true
	}
	d, done := w.of[x]
	if !done {
		d = w.writeDigits(x, n)
	}
	acc.AddTerm(q.Coef*d.lo, int(u))
	for k := range n {
		c := q.Coef * math.Ldexp(1, k)
		acc.AddTerm(c, int(w.column(d.first+int32(k), u, c < 0, block)))
	}
	return true
}

// writeExactly replaces the products for which there is a column.
func (w *products) writeExactly(f model.Function) model.Function {
	acc := w.s.m.Accumulator()
	acc.AddFunction(1, model.Function{Const: f.Const, Vars: f.Vars, Coefs: f.Coefs, Nonlinear: f.Nonlinear})
	for _, q := range f.Quad {
		if !w.add(acc, q, 0) {
			acc.AddProduct(q.Coef, int(q.I), int(q.J))
		}
	}
	return acc.Function()
}

// writeDigits adds the digits of a variable.
func (w *products) writeDigits(x int32, n int) digits {
	m := w.s.m
	lo, _ := w.s.box(int(x))
	sub := func(k int) string { return strconv.Itoa(k + 1) }
	d := digits{x: x, lo: lo, n: n, first: int32(m.AddVars(0, m.FreshBase("digit_"+m.VarBase(int(x))), sub, n, model.Binary, 0, 1))}
	acc := m.Accumulator()
	acc.AddTerm(-1, int(x))
	acc.AddConst(lo)
	for k := range n {
		acc.AddTerm(math.Ldexp(1, k), int(d.first)+k)
	}
	w.split = append(w.split, acc.Function())
	w.of[x] = d
	w.all = append(w.all, d)
	return d
}

// column is the column of a product, with its inequalities.
func (w *products) column(x, u int32, above bool, block int32) int32 {
	key := product{x, u}
	if j, done := w.cols[key]; done {
		return j
	}
	m := w.s.m
	l, h := w.s.box(int(x))
	p, q := w.s.box(int(u))
	corners := []float64{l * p, l * q, h * p, h * q}
	lo, hi := corners[0], corners[0]
	for _, c := range corners[1:] {
		lo, hi = math.Min(lo, c), math.Max(hi, c)
	}
	base := "product_" + m.VarBase(int(u))
	j := int32(m.AddVars(0, m.FreshBase(base), nil, 1, model.Continuous, lo, hi))
	w.s.setGroup(int(j), block)
	w.cols[key] = j
	w.list = append(w.list, productColumn{j, x, u})
	plane := func(a, b float64) { // w - a u - b x + a b, times 1 where it is at most zero
		acc := m.Accumulator()
		sign := 1.0
		if !above {
			sign = -1
		}
		acc.AddTerm(sign, int(j))
		acc.AddTerm(-sign*a, int(u))
		acc.AddTerm(-sign*b, int(x))
		acc.AddConst(sign * a * b)
		w.rows = append(w.rows, acc.Function())
	}
	if above {
		plane(h, p)
		plane(l, q)
	} else {
		plane(l, p)
		plane(h, q)
	}
	return j
}

// write adds the constraints.
func (w *products) write() {
	m := w.s.m
	sub := func(k int) string { return strconv.Itoa(k + 1) }
	for _, part := range []struct {
		base string
		list []model.Function
		lo   float64
	}{{"product_at", w.rows, -model.Inf}, {"digits", w.split, 0}} {
		if len(part.list) == 0 {
			continue
		}
		first := m.StartRows(0, m.FreshBase(part.base), sub, len(part.list))
		for k, f := range part.list {
			lo := part.lo
			if lo == 0 {
				lo = -f.Const
			}
			m.SetRow(first+k, model.Function{Vars: f.Vars, Coefs: f.Coefs}, lo, -f.Const)
		}
	}
}

// lift sets the columns from the variables and the multipliers; false where a multiplier is not one of those that keep the bounds.
func (w *products) lift(x []float64) bool {
	for u := range w.bound { // the order does not matter
		if w.s.m.VarViolation(int(u), x[u]) > 1e-7 {
			return false
		}
	}
	for _, y := range w.answers {
		if math.Abs(x[y]-math.Round(x[y])) > 1e-6 || w.s.m.VarViolation(int(y), x[y]) > 1e-6 {
			return false
		}
	}
	for _, d := range w.all {
		v := int(math.Round(x[d.x] - d.lo))
		for k := range d.n {
			x[int(d.first)+k] = float64(v >> k & 1)
		}
	}
	for _, c := range w.list {
		x[c.col] = x[c.x] * x[c.u]
	}
	return true
}
