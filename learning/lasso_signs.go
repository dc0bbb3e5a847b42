package learning

import "math"

// patience is the number of rounds of coordinate descent after which the signs are searched for. Features that nearly depend on each other take it far beyond.
const patience = 200

// signs goes from the present answer to the exact one by active sets: with the signs of the weights in use held, it goes towards the answer on the support, until the first
// weight meets zero and leaves; where none does, the feature whose condition is hurt most enters. Each step lowers the objective, so that no set comes back. Features that depend
// on each other have a direction without curvature, which the raised pivots of the factorisation make a long step, cut at the first weight that it takes to zero. It reports
// whether it has come to an end, which exact is to confirm.
//
// Source: the feature-sign search of Lee, Battle, Raina, Ng (2007).
func (l *lasso) signs() bool {
	sign := make([]float64, l.n)
	for k, v := range l.v[:l.n] {
		if v != 0 {
			sign[k] = math.Copysign(1, v)
		}
	}
	step := make([]float64, l.n+1)
	full := 0 // steps in a row that met no zero
	for range 20 * (l.n + 20) {
		l.supportOf(func(k int) bool { return sign[k] != 0 })
		l.gradient(l.v, l.g)
		s := len(l.on)
		for i, k := range l.on {
			step[i] = -l.g[k]
			if k < l.n {
				step[i] -= l.l2*l.v[k] + sign[k]*l.l1
			}
		}
		choleskySolve(l.k, s, step[:s])
		t, out := 1.0, -1
		for i, k := range l.on {
			if k == l.n || !(step[i]*sign[k] < 0) {
				continue
			}
			if q := -l.v[k] / step[i]; q < t {
				t, out = q, k
			}
		}
		for i, k := range l.on {
			l.v[k] += t * step[i]
		}
		if out >= 0 {
			l.v[out], sign[out], full = 0, 0, 0
			continue
		}
		// A second full step removes the rounding errors of the first.
		if full++; full < 2 {
			continue
		}
		l.gradient(l.v, l.g)
		worst, in := 1e-12, -1
		for k := range l.n {
			if size := 1 + math.Abs(l.c[k]) + l.l1; sign[k] == 0 && (math.Abs(l.g[k])-l.l1)/size > worst {
				worst, in = (math.Abs(l.g[k])-l.l1)/size, k
			}
		}
		if in < 0 {
			return true
		}
		sign[in], full = -math.Copysign(1, l.g[in]), 0
	}
	return false
}
