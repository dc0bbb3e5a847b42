package reform

import (
	"fmt"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// cancellation looks for weights w_k of identities I_k with which certain products of a function F vanish in F + Σ w_k I_k. For each such
// product this is a linear equation in the weights, and a product stands in at most two identities: u_i y_j in that of constraint i and in
// that of y_j, y_i y_j in those of both, a product with a leader's variable in one. So the equations are the edges of a graph whose
// vertices are the identities, and each of its components is solved by going through it: with w = t at one vertex every other weight is
// α t + β, and an equation that closes a circle, or stands at one vertex only, determines t, or cannot hold.
type cancellation struct {
	ids   *identities
	at    map[product]int // the products of the identities, by number
	where [][2]stand      // by number: the identities that a product stands in
	many  []bool          // by number: whether it stands in more than two
	terms [][]int         // by identity: the numbers of its products
	keys  []product
}

// stand is the coefficient of a product in an identity; the identity is -1 where there is none.
type stand struct {
	identity int
	coef     float64
}

func newCancellation(ids *identities) *cancellation {
	c := &cancellation{ids: ids, at: map[product]int{}, terms: make([][]int, len(ids.list))}
	for k, f := range ids.list {
		for _, q := range f.Quad {
			key := product{q.I, q.J}
			n, ok := c.at[key]
			if !ok {
				n = len(c.keys)
				c.at[key] = n
				c.keys = append(c.keys, key)
				c.where, c.many = append(c.where, [2]stand{{-1, 0}, {-1, 0}}), append(c.many, false)
			}
			switch w := &c.where[n]; {
			case w[0].identity < 0:
				w[0] = stand{k, q.Coef}
			case w[1].identity < 0:
				w[1] = stand{k, q.Coef}
			default:
				c.many[n] = true
			}
			c.terms[k] = append(c.terms[k], n)
		}
	}
	return c
}

// weights are a solution: w_k = α_k t + β_k with the t of the component that identity k is in, which is zero unless free.
type weights struct {
	alpha, beta []float64
	component   []int // by identity, -1 where the weight is zero
	free        []bool
	t           []float64       // by component
	stuck       map[int]product // by component: an equation that cannot hold; all weights are zero
}

func (w *weights) of(k int) float64 {
	if w.component[k] < 0 {
		return 0
	}
	return w.alpha[k]*w.t[w.component[k]] + w.beta[k]
}

// solve finds weights with which all products for which vanish is true get the coefficient zero; coefs are their coefficients in F, by
// number. Products of a component whose equations contradict each other stay.
func (c *cancellation) solve(coefs map[int]float64, vanish func(p product) bool) *weights {
	n := len(c.ids.list)
	w := &weights{alpha: make([]float64, n), beta: make([]float64, n), component: make([]int, n), stuck: map[int]product{}}
	for k := range w.component {
		w.component[k] = -1
	}
	done := map[int]bool{} // products whose equation was seen
	for _, p := range sortedKeys(coefs) {
		if root := c.where[p][0].identity; vanish(c.keys[p]) && w.component[root] < 0 {
			c.goThrough(root, w, coefs, vanish, done)
		}
	}
	for k, here := range w.component {
		if _, bad := w.stuck[here]; bad && here >= 0 {
			w.alpha[k], w.beta[k] = 0, 0
		}
	}
	for here := range w.t {
		if _, bad := w.stuck[here]; w.free[here] && !bad {
			c.choose(here, w)
		}
	}
	return w
}

func sortedKeys(coefs map[int]float64) []int {
	numbers := make([]int, 0, len(coefs))
	for p := range coefs {
		numbers = append(numbers, p)
	}
	sort.Ints(numbers)
	return numbers
}

// cancelTol is the part of the terms of an equation that counts as rounding.
const cancelTol = 1e-9

// goThrough visits the component of an identity.
func (c *cancellation) goThrough(root int, w *weights, coefs map[int]float64, vanish func(p product) bool, done map[int]bool) {
	here := len(w.t)
	w.t, w.free = append(w.t, 0), append(w.free, true)
	w.component[root], w.alpha[root] = here, 1
	queue := []int{root}
	size := 0.0 // of the numbers β
	stuck := func(p int) {
		if _, before := w.stuck[here]; !before {
			w.stuck[here] = c.keys[p]
		}
	}
	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		for _, p := range c.terms[k] {
			if done[p] || !vanish(c.keys[p]) {
				continue
			}
			done[p] = true
			if c.many[p] {
				stuck(p)
				continue
			}
			a, b := c.where[p][0], c.where[p][1]
			if b.identity == k {
				a, b = b, a
			}
			size = math.Max(size, math.Abs(coefs[p]/a.coef))
			// a.coef w_k + b.coef w_b + coef = 0
			α, β := a.coef*w.alpha[k], a.coef*w.beta[k]+coefs[p]
			if b.identity >= 0 && w.component[b.identity] < 0 {
				w.component[b.identity] = here
				w.alpha[b.identity], w.beta[b.identity] = -α/b.coef, -β/b.coef
				queue = append(queue, b.identity)
				continue
			}
			if b.identity >= 0 {
				α, β = α+b.coef*w.alpha[b.identity], β+b.coef*w.beta[b.identity]
			}
			scale := math.Abs(a.coef)
			switch {
			case math.Abs(α) <= cancelTol*scale*math.Max(1, math.Abs(w.alpha[k])):
				if math.Abs(β+α*w.t[here]) > cancelTol*scale*math.Max(size, math.Abs(w.beta[k])) {
					stuck(p)
				}
			case w.free[here]:
				w.t[here], w.free[here] = -β/α, false
			default:
				if t := -β / α; math.Abs(t-w.t[here]) > cancelTol*math.Max(size, math.Abs(t)) {
					stuck(p)
				}
			}
		}
	}
}

// choose sets the free number of a component such that most of its weights are zero: the expression with the fewest terms.
func (c *cancellation) choose(here int, w *weights) {
	var zero []float64
	for k, comp := range w.component {
		if comp == here && w.alpha[k] != 0 {
			zero = append(zero, -w.beta[k]/w.alpha[k]+0)
		}
	}
	sort.Float64s(zero)
	best, most := 0.0, 0
	for i := 0; i < len(zero); {
		j := i
		for j < len(zero) && zero[j]-zero[i] <= cancelTol*math.Max(1, math.Abs(zero[i])) {
			j++
		}
		if j-i > most || j-i == most && math.Abs(zero[i]) < math.Abs(best) {
			best, most = zero[i], j-i
		}
		i = j
	}
	w.t[here] = best
}

// sum is F + Σ w_k I_k without the products that vanish and what rounding leaves of other terms that cancel.
func (c *cancellation) sum(f model.Function, w *weights, vanish func(p product) bool) model.Function {
	acc, size := c.ids.m.Accumulator(), c.ids.m.Accumulator()
	add := func(v float64, g model.Function) {
		acc.AddFunction(v, g)
		for k, j := range g.Vars {
			size.AddTerm(math.Abs(v*g.Coefs[k]), int(j))
		}
		for _, q := range g.Quad {
			size.AddProduct(math.Abs(v*q.Coef), int(q.I), int(q.J))
		}
	}
	add(1, f)
	for k, g := range c.ids.list {
		if v := w.of(k); v != 0 {
			add(v, g)
		}
	}
	out, sizes := acc.Function(), size.Function()
	clean := model.Function{Const: out.Const}
	at := 0
	for k, v := range out.Coefs {
		for sizes.Vars[at] != out.Vars[k] {
			at++
		}
		if math.Abs(v) > roundingTol*sizes.Coefs[at] {
			clean.Vars, clean.Coefs = append(clean.Vars, out.Vars[k]), append(clean.Coefs, v)
		}
	}
	at = 0
	for _, q := range out.Quad {
		for sizes.Quad[at].I != q.I || sizes.Quad[at].J != q.J {
			at++
		}
		if n, known := c.at[product{q.I, q.J}]; math.Abs(q.Coef) > roundingTol*sizes.Quad[at].Coef && !(known && vanish(c.keys[n]) && c.solved(n, w)) {
			clean.Quad = append(clean.Quad, q)
		}
	}
	return clean
}

// solved reports whether the equation of a product was solved.
func (c *cancellation) solved(n int, w *weights) bool {
	here := w.component[c.where[n][0].identity]
	_, bad := w.stuck[here]
	return here >= 0 && !bad
}

// roundingTol is the part of its terms below which a coefficient that should cancel is rounding.
const roundingTol = 1e-12

// name writes a product for messages.
func (s *identities) name(p product) string {
	return fmt.Sprintf("%s*%s", s.factor(int(p.i)), s.factor(int(p.j)))
}

func (s *identities) factor(k int) string {
	n, r := s.m.NumVars(), s.m.NumRows()
	switch {
	case k < n:
		return s.m.VarName(k)
	case k < n+2*r:
		return s.m.RowName((k-n)/2) + ".dual"
	}
	return "the multiplier of the upper bound of " + s.m.VarName(k-n-2*r)
}
