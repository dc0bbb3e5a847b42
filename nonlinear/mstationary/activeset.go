package mstationary

// Propose is the step of the active-set Newton method. Each pair holds the members that attain φ_M; a side that is no member is held where
// its multiplier exceeds its slack; what is not held gets the multiplier zero. The step solves
//
//	H dx + A'y = -∇f,   A dx = -(values of what is held),
//
// where y are the new multipliers: μ of the equations, -p and -ν of the sides and members.
func (q *equations) Propose(w, _, d []float64) bool {
	q.v.at(w)
	q.v.hessian(w)
	q.hold(w)
	return q.newton(w, d)
}

// hold sets which constraints are held at w.
func (q *equations) hold(w []float64) {
	on := q.kkt.active
	for k := range q.eqs {
		on[k] = true
	}
	at := len(q.eqs)
	for i, s := range q.sides {
		on[at] = w[q.atP()+i] > q.v.slack(s)
		at++
	}
	for k, p := range q.pairs {
		c := choose(q.v.slack(p[0]), q.v.slack(p[1]), w[q.nu(k, 0)], w[q.nu(k, 1)])
		on[at], on[at+1] = c != holdH, c != holdG
		at += 2
	}
}

// newton stores the step with what is held, from w.
func (q *equations) newton(w, d []float64) bool {
	b, n := q.kkt, len(q.free)
	r, s := make([]float64, n), make([]float64, b.constraints())
	for k, j := range q.free {
		r[k] = -q.v.grad[j]
	}
	for i, on := range b.active {
		if on {
			s[i] = -b.value(i)
		}
	}
	dx, y := d[:n], d[n:]
	if b.factorise(0) {
		if !b.solve(r, s, dx, y) {
			return false
		}
	} else if !b.shortest(r, s, dx, y) {
		return false
	}
	for i := range y {
		if i >= len(q.eqs) {
			y[i] = -y[i]
		}
		y[i] -= w[n+i]
	}
	return true
}
