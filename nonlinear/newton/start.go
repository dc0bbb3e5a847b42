package newton

import (
	"math"
	"math/rand"
)

// How far inside its bounds a variable starts: push times max(1, |bound|), but at most the fraction push of the distance of two bounds.
const (
	push          = 1e-2
	largestLambda = 1e3
)

// inside moves v at least the given part into its bounds.
func inside(v, l, u, push float64) float64 {
	hasL, hasU := !math.IsInf(l, -1), !math.IsInf(u, 1)
	switch {
	case hasL && hasU:
		pl, pu := min(push*max(1, math.Abs(l)), push*(u-l)), min(push*max(1, math.Abs(u)), push*(u-l))
		return min(max(v, l+pl), u-pu)
	case hasL:
		return max(v, l+push*max(1, math.Abs(l)))
	case hasU:
		return min(v, u-push*max(1, math.Abs(u)))
	}
	return v
}

// enter makes the start's x an interior point, sets the slacks to the rows' values, pushed inside as well, and evaluates. It is false where the
// functions have no values there.
func (e *engine) enter(x []float64, push float64) bool {
	pr := e.pr
	for i := range pr.nx {
		e.cur.v[i] = inside(x[i], e.lower[i], e.upper[i], push)
	}
	if _, ok := pr.values(e.cur.v[:pr.nx], e.cur.rows); !ok {
		return false
	}
	for r, s := range pr.slack {
		if s >= 0 {
			e.cur.v[s] = inside(e.cur.rows[r], e.lower[s], e.upper[s], push)
		}
	}
	return true
}

// unitMultipliers sets the multipliers of all bounds to 1.
func (e *engine) unitMultipliers() {
	for i := range e.cur.zl {
		e.cur.zl[i], e.cur.zu[i] = 0, 0
		if !math.IsInf(e.lower[i], -1) {
			e.cur.zl[i] = 1
		}
		if !math.IsInf(e.upper[i], 1) {
			e.cur.zu[i] = 1
		}
	}
}

// leastSquares sets λ to the minimiser of |∇f + J'λ - zl + zu|, slacks included, or to 0 where that is large or cannot be found. The
// derivatives must be up to date.
func (e *engine) leastSquares() {
	pr := e.pr
	clear(e.cur.lambda)
	if pr.mr == 0 {
		return
	}
	clear(pr.hess)
	e.kkt.load(0)
	for i := range e.sigma {
		e.sigma[i] = 1
	}
	e.kkt.dw, e.kkt.dc = 0, 0
	right, _, ok := e.kkt.try(e.fill)
	if ok && !right {
		e.kkt.dc = 1e-8
		right, _, ok = e.kkt.try(e.fill)
	}
	if !ok || !right {
		return
	}
	saved := e.barrier
	e.barrier = e.socV
	for i := range e.barrier {
		e.barrier[i] = e.grad[i] - e.cur.zl[i] + e.cur.zu[i]
	}
	clear(e.soc)
	dl := e.socLambda
	res := e.solve(e.soc, e.dv, dl)
	e.barrier = saved
	most := 0.0
	for _, y := range dl {
		most = maxNaN(most, math.Abs(y))
	}
	if res < badResidual && most <= largestLambda {
		copy(e.cur.lambda, dl)
	}
}

// findStart sets x0 to the start, or, where the functions or derivatives have no value there, to a point where they have: the start moved
// further into the bounds, its entries made positive, points with the same value everywhere, and random points, in this order.
func (r *run) findStart() bool {
	e, pr := r.main, r.pr
	from, x := make([]float64, pr.nx), make([]float64, pr.nx)
	for k, j := range pr.vars {
		from[k] = r.start.X[j]
	}
	r.x0 = x
	try := func(at func(j int) float64) bool {
		for j := range x {
			x[j] = at(j)
		}
		return e.enter(x, push) && pr.derivatives(e.cur.v[:pr.nx])
	}
	if try(func(j int) float64 { return from[j] }) {
		return true
	}
	for _, part := range []float64{0.1, 0.5} {
		if try(func(j int) float64 { return inside(from[j], e.lower[j], e.upper[j], part) }) {
			return true
		}
	}
	for _, least := range []float64{1e-2, 1} {
		if try(func(j int) float64 { return max(least, math.Abs(from[j])) }) {
			return true
		}
	}
	for _, c := range []float64{0, 1, 0.1, 0.01, -0.1, -1, 10, 100} {
		if try(func(int) float64 { return c }) {
			return true
		}
	}
	random := rand.New(rand.NewSource(1))
	for k := range randomStarts {
		width := math.Pow(10, float64(k%5-2))
		if try(func(j int) float64 { return from[j] + width*(2*random.Float64()-1) }) {
			return true
		}
	}
	return false
}

const randomStarts = 50
