package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

// duplicates finds linear constraints of one player that are multiples of each other, sides included.
func (c *collector) duplicates() {
	m := c.m
	first := map[uint64][]int{}
	conditional := map[int]bool{}
	for _, ind := range m.Indicators() {
		conditional[ind.Row] = true
	}
	for i := range m.NumRows() {
		if !m.RowIsAffine(i) || m.IsPairRow(i) || conditional[i] {
			continue
		}
		vars, coefs := m.RowAffine(i)
		lo, hi := m.RowBounds(i)
		if len(vars) == 0 || !finite(lo) && !finite(hi) {
			continue
		}
		h := uint64(14695981039346656037)
		mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
		mix(uint64(m.RowOwner(i)))
		for k, j := range vars {
			mix(uint64(j))
			mix(uint64(int64(math.Round(coefs[k] / coefs[0] * 1e6))))
		}
		repeats := -1
		for _, r := range first[h] {
			if c.sameRow(r, i) {
				repeats = r
				break
			}
		}
		if repeats >= 0 {
			c.add(DuplicateConstraint, m.RowOwner(i), m.RowName(i)+" and "+m.RowName(repeats))
		} else {
			first[h] = append(first[h], i)
		}
	}
}

// sameRow reports whether row i is a multiple of row r, to rounding errors.
func (c *collector) sameRow(r, i int) bool {
	m := c.m
	v, a := m.RowAffine(r)
	w, b := m.RowAffine(i)
	if m.RowOwner(r) != m.RowOwner(i) || !slices.Equal(v, w) {
		return false
	}
	scale := b[0] / a[0]
	same := func(x, y float64) bool {
		return x == y || finite(x) && finite(y) && math.Abs(x-y) <= 1e-12*math.Max(math.Abs(x), math.Abs(y))
	}
	for k := range a {
		if !same(scale*a[k], b[k]) {
			return false
		}
	}
	lo, hi := m.RowBounds(r)
	lo, hi = scale*lo, scale*hi
	if scale < 0 {
		lo, hi = hi, lo
	}
	l, u := m.RowBounds(i)
	return same(lo, l) && same(hi, u)
}

// bigCoefficients finds coefficients of binary variables that are a thousand times larger than all others of their constraint.
func (c *collector) bigCoefficients() {
	m := c.m
	for i := range m.NumRows() {
		if !m.RowIsAffine(i) {
			continue
		}
		vars, coefs := m.RowAffine(i)
		others := 0.0
		binary := func(j int32) bool {
			lo, hi := m.VarBounds(int(j))
			return m.VarKind(int(j)) != model.Continuous && lo >= 0 && hi <= 1
		}
		for k, j := range vars {
			if !binary(j) {
				others = math.Max(others, math.Abs(coefs[k]))
			}
		}
		for k, j := range vars {
			if v := math.Abs(coefs[k]); binary(j) && others > 0 && v >= 1e4 && v >= 1e3*others {
				c.add(BigCoefficient, m.RowOwner(i), fmt.Sprintf("%s %s in %s", number(coefs[k]), m.VarName(int(j)), m.RowName(i)))
			}
		}
	}
}

// products finds products that make a level nonconvex, judged as model.Classify does: the leader's in all variables, a follower's in its own.
func (c *collector) products() {
	m := c.m
	for p := range m.NumPlayers() {
		o := m.Player(p).Objective()
		c.productsOf(p, "objective", o.F.Quad, []float64{o.Sense.Sign()})
	}
	for i := range m.NumRows() {
		f := m.RowFunction(i)
		if len(f.Quad) == 0 {
			continue
		}
		var signs []float64
		lo, hi := m.RowBounds(i)
		if finite(hi) {
			signs = append(signs, 1)
		}
		if finite(lo) {
			signs = append(signs, -1)
		}
		p := m.RowOwner(i)
		c.productsOf(p, m.RowName(i), f.Quad, signs)
		for _, q := range f.Quad {
			if x, y := m.VarOwner(int(q.I)), m.VarOwner(int(q.J)); p > 0 && x != y && (x == p || y == p) {
				c.add(ConstraintProduct, p, productText(m, q)+" in "+m.RowName(i))
			}
		}
	}
}

// productsOf names the products of a function that is to be convex with each of the signs.
func (c *collector) productsOf(p int, where string, quad []model.QuadTerm, signs []float64) {
	m := c.m
	var own func(j int) bool
	if p > 0 {
		own = func(j int) bool { return m.VarOwner(j) == p }
	}
	if len(quad) == 0 {
		return
	}
	for _, sign := range signs {
		if m.Definiteness(quad, own, sign) != model.Indefinite {
			continue
		}
		for _, q := range quad {
			// A square with the right sign is no culprit, a product of two variables may be one.
			if p > 0 && (!own(int(q.I)) || !own(int(q.J))) || q.I == q.J && sign*q.Coef >= 0 {
				continue
			}
			c.add(NonconvexProduct, p, productText(m, q)+" in "+where)
		}
		return
	}
}
