package mstationary

import "github.com/gobilevel/bilevel/nonlinear/system/dense"

// pruneLimit is the number of variables up to which dependent constraints are looked for.
const pruneLimit = 400

// prune stops holding constraints whose gradients depend on those of others that are held, so that multipliers are unique. Equations come
// first, then one member of each pair, then sides, then the other members of biactive pairs; what has to be held is kept in any case.
func (k *walker) prune() {
	s, b, n := k.s, k.b, len(k.s.l.free)
	if n > pruneLimit {
		return
	}
	first := len(s.l.eqs) + len(s.l.sides)
	var basis [][]float64
	depends := func(i int) bool {
		g := make([]float64, n)
		b.slope(i, func(j int32, d float64) { g[j] += d })
		size := dense.Norm(g)
		for range 2 { // once more, for the digits that the first pass loses
			for _, v := range basis {
				c := dense.Dot(v, g)
				for j := range g {
					g[j] -= c * v[j]
				}
			}
		}
		left := dense.Norm(g)
		if left <= 1e-9*size {
			return true
		}
		for j := range g {
			g[j] /= left
		}
		basis = append(basis, g)
		return false
	}
	drop := func(i int) {
		if b.active[i] && depends(i) {
			b.active[i] = false
		}
	}
	for i := range s.l.eqs {
		depends(i)
	}
	var second []int
	for i := first; i < len(b.active); i += 2 {
		keep := i // the one with the greater multiplier, where there is a choice
		if !b.active[i] || b.active[i+1] && k.w[n+i+1] > k.w[n+i] {
			keep = i + 1
		}
		depends(keep)
		if mate := partner(keep, first); b.active[mate] {
			second = append(second, mate)
		}
	}
	for i := len(s.l.eqs); i < first; i++ {
		drop(i)
	}
	for _, i := range second {
		drop(i)
	}
}
