package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// formula is a way to write a pair 0 <= a ⟂ b >= 0 in constraints on a and b.
type formula struct {
	rows []formulaRow
	// room is how far below zero the members may fall: 0 leaves their bounds as they are, +Inf drops them. A bound that a pair refers to
	// which is written in another way stays as it is.
	room float64
}

// formulaRow is one constraint lo <= φ(a, b) <= hi.
type formulaRow struct {
	prefix string // of its name, before that of the pair
	write  func(p *pairTerms) model.Function
	lo, hi float64
	slope  slope
}

// slope returns the partial derivatives of φ at a and b.
type slope func(a, b float64) (da, db float64)

// pairTerms are the members of a pair as functions of the model m in which they are combined.
type pairTerms struct {
	m    *model.Model
	a, b model.Function
}

// product is (a + shift)(b + shift).
func (p *pairTerms) product(shift float64) model.Function {
	a, b := p.a, p.b
	a.Const += shift
	b.Const += shift
	acc := p.m.Accumulator()
	acc.AddMul(1, a, b)
	return acc.Function()
}

func (p *pairTerms) nodes() (a, b expr.Node) { return p.m.Node(p.a), p.m.Node(p.b) }

// written is what became of the pairs that a formula was applied to.
type written struct {
	*Result
	pairs []int // those with constraints of their own
}

// apply replaces the pairs for which only is true by the constraints of the formula.
func (f formula) apply(m *model.Model, only func(m *model.Model, pair int) bool) *written {
	d := m.DeriveWithRoom(0, len(f.rows)*m.NumPairs())
	pairs := takePairs(m, d, only)
	first := make([]int, len(f.rows)) // row of the first pair, by constraint of the formula
	for i, row := range f.rows {
		first[i] = namedRows(m, d, pairs, row.prefix)
		for n, k := range pairs {
			p := m.Pair(k)
			d.SetRow(first[i]+n, row.write(&pairTerms{d, memberOf(d, m, p.A), memberOf(d, m, p.B)}), row.lo, row.hi)
		}
	}
	if f.room > 0 {
		f.giveRoom(m, d, pairs)
	}
	duals := func(p, q *model.Point) {
		if len(p.RowDuals) < d.NumRows() {
			return
		}
		for n, k := range pairs {
			for i, row := range f.rows {
				if price := p.RowDuals[first[i]+n]; price != 0 {
					da, db := row.slope(m.MemberValue(m.Pair(k).A, p.X), m.MemberValue(m.Pair(k).B, p.X))
					addDual(q, m.Pair(k).A, price*da)
					addDual(q, m.Pair(k).B, price*db)
				}
			}
		}
	}
	return &written{&Result{Model: d, Recovery: samePoint(m, d, duals)}, pairs}
}

// takePairs removes the pairs for which only is true from d, which is derived from m, and lists those that have to be written: a pair of a
// member with itself says that it is zero, and one with a member that its bounds fix holds already. What m notes to be implied by its pairs is
// no longer.
func takePairs(m, d *model.Model, only func(m *model.Model, pair int) bool) []int {
	var list []int
	drop := make([]bool, m.NumPairs())
	fixed := func(s model.Member) bool { lo, hi := memberBounds(m, s); return lo == hi }
	for k := range drop {
		if only != nil && !only(m, k) {
			continue
		}
		drop[k] = true
		switch p := m.Pair(k); {
		case p.A == p.B:
			fixAtZero(d, p.A)
		case !fixed(p.A) && !fixed(p.B):
			list = append(list, k)
		}
	}
	d.RemovePairs(func(k int) bool { return drop[k] })
	d.ClearImplied()
	return list
}

// namedRows starts a constraint for each of the pairs, whose name is the prefix and that of the pair, and returns the first. Pairs of one
// family become one family.
func namedRows(m, d *model.Model, pairs []int, prefix string) int {
	first := d.NumRows()
	for i := 0; i < len(pairs); {
		base := m.PairBase(pairs[i])
		e := i + 1
		if m.PairSub(pairs[i]) == "" {
			d.StartRows(0, d.FreshBase(prefix+base), nil, 1)
		} else {
			for e < len(pairs) && m.SamePairFamily(pairs[i], pairs[e]) {
				e++
			}
			from := i
			d.StartRows(0, d.FreshBase(prefix+base), func(k int) string { return m.PairSub(pairs[from+k]) }, e-i)
		}
		i = e
	}
	return first
}

// giveRoom moves the bounds of the members of the pairs, except those that pairs which stay refer to, that fix something, and those of
// integer variables.
func (f formula) giveRoom(m, d *model.Model, pairs []int) {
	keep := map[model.Member]bool{}
	for k := 0; k < d.NumPairs(); k++ {
		p := d.Pair(k)
		keep[p.A], keep[p.B] = true, true
	}
	for _, k := range pairs {
		for _, s := range [2]model.Member{m.Pair(k).A, m.Pair(k).B} {
			lo, hi := memberBounds(d, s)
			if keep[s] || lo == hi || !s.Row && m.VarKind(int(s.Index)) != model.Continuous {
				continue
			}
			keep[s] = true
			if s.Side == model.AtLower {
				lo -= f.room
			} else {
				hi += f.room
			}
			if s.Row {
				d.SetRowBounds(int(s.Index), lo, hi)
			} else {
				d.SetVarBounds(int(s.Index), lo, hi)
			}
		}
	}
}

// samePoint maps points between m and d, which has the same variables and more constraints: the values stay. duals adds to q, which is the
// point of m with the duals of what the two have in common, what the constraints of d alone contribute at the point p of d.
func samePoint(m, d *model.Model, duals func(p, q *model.Point)) Recovery {
	cut := truncate(m.NumVars(), m.NumRows())
	return maps{func(p *model.Point) (*model.Point, error) {
		q, err := cut.Recover(p)
		if err == nil {
			duals(p, q)
		}
		return q, err
	}, func(p *model.Point) (*model.Point, error) {
		x := make([]float64, d.NumVars())
		copy(x, p.X)
		return &model.Point{X: x}, nil
	}}
}

// addDual adds a multiplier of the slack s >= 0 to the dual of the variable or constraint whose bound it belongs to.
func addDual(q *model.Point, s model.Member, price float64) {
	if s.Side == model.AtUpper {
		price = -price
	}
	switch {
	case math.IsNaN(price):
	case s.Row && len(q.RowDuals) > int(s.Index):
		q.RowDuals[s.Index] += price
	case !s.Row && len(q.VarDuals) > int(s.Index):
		q.VarDuals[s.Index] += price
	}
}

// memberOf writes a member of a pair of m as a function of d, which was derived from m and may have other bounds by now: the slack is the
// one of m, and what it takes of nonlinear terms belongs to d.
func memberOf(d, m *model.Model, s model.Member) model.Function {
	var (
		f      model.Function
		lo, hi float64
	)
	if s.Row {
		f = d.RowFunction(int(s.Index))
		lo, hi = m.RowBounds(int(s.Index))
	} else {
		f = model.Function{Vars: []int32{s.Index}, Coefs: []float64{1}}
		lo, hi = m.VarBounds(int(s.Index))
	}
	acc := d.Accumulator()
	if s.Side == model.AtUpper {
		acc.AddConst(hi)
		acc.AddFunction(-1, f)
	} else {
		acc.AddConst(-lo)
		acc.AddFunction(1, f)
	}
	return acc.Function()
}
