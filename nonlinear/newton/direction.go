package newton

import "math"

// The Newton step solves, with Σ = zl/(v-l) + zu/(u-v) and b, c the negative gradient of the barrier's Lagrangian and residual of the rows,
//
//	(W + Σ + δw) dx + J'dλ = b_x,    Σ_s ds - dλ = b_s,    Σ_p dp - dλ = b_p,    Σ_q dq + dλ = b_q,
//	J dx - ds - dp + dq - δc dλ = c,
//
// where the slacks and elastic variables are eliminated: ds = (b_s + dλ)/Σ_s and so on, so that the diagonal of a row is
//
//	D = 1/Σ_s + 1/Σ_p + 1/Σ_q + δc
//
// and its right-hand side c + b_s/Σ_s + b_p/Σ_p - b_q/Σ_q.

// prepare evaluates the Hessian, stores Σ and factorises. It is false where the matrix cannot be made regular.
func (e *engine) prepare() bool {
	if !e.pr.hessian(e.cur.v[:e.pr.nx], e.weight, e.cur.lambda) {
		return false
	}
	size := 1.0
	for i, x := range e.cur.v {
		if i < e.pr.nx {
			size = max(size, math.Abs(x))
		}
		s := 0.0
		if l := e.lower[i]; !math.IsInf(l, -1) {
			s = e.cur.zl[i] / (x - l)
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			s += e.cur.zu[i] / (u - x)
		}
		if i < len(e.prox) {
			s += e.zeta * e.prox[i] * e.prox[i]
		}
		e.sigma[i] = s
	}
	e.kkt.least = smallestShift / size
	e.kkt.load(1)
	return e.kkt.correct(e.mu, e.fill)
}

// diagonals stores the two diagonals of the condensed matrix.
func (e *engine) diagonals(dw, dc float64) {
	pr := e.pr
	for i, v := range e.sigma {
		e.diag[i] = v + dw
	}
	copy(e.kkt.diagX(), e.diag[:pr.nx])
	d := e.kkt.diagRows()
	for r := range d {
		v := dc
		if s := pr.slack[r]; s >= 0 {
			v += 1 / e.diag[s]
		}
		if e.elastic {
			at := pr.nx + pr.ms + r
			v += 1/e.diag[at] + 1/e.diag[at+pr.mr]
		}
		d[r] = -v
	}
}

// solve computes (dv, dλ) for the right-hand sides -barrier - J'λ and c.
func (e *engine) solve(c, dv, dlambda []float64) (residual float64) {
	pr := e.pr
	nx, nv := pr.nx, pr.nx+pr.ms
	for i, g := range e.barrier {
		dv[i] = -g
	}
	for r, y := range e.cur.lambda {
		if s := pr.slack[r]; s >= 0 {
			dv[s] += y
		}
		if e.elastic {
			dv[nv+r] += y
			dv[nv+pr.mr+r] -= y
		}
	}
	b := e.kkt.rhs
	for k, v := range pr.jac {
		dv[pr.jacCol[k]] -= v * e.cur.lambda[pr.jacRow[k]]
	}
	copy(b, dv[:nx])
	for r, v := range c {
		if s := pr.slack[r]; s >= 0 {
			v += dv[s] / e.diag[s]
		}
		if e.elastic {
			at := nv + r
			v += dv[at]/e.diag[at] - dv[at+pr.mr]/e.diag[at+pr.mr]
		}
		b[nx+r] = v
	}
	residual = e.kkt.solve()
	copy(dv[:nx], e.kkt.sol)
	copy(dlambda, e.kkt.sol[nx:])
	for r, y := range dlambda {
		if e.elastic {
			at := nv + r
			dv[at] = (dv[at] + y) / e.diag[at]
			dv[at+pr.mr] = (dv[at+pr.mr] - y) / e.diag[at+pr.mr]
		}
		if s := pr.slack[r]; s >= 0 {
			if e.diag[s] >= 1 {
				dv[s] = (dv[s] + y) / e.diag[s]
			} else { // the row itself gives it without cancellation
				dv[s] = -e.kkt.dc*y - c[r]
				if e.elastic {
					dv[s] += dv[nv+pr.mr+r] - dv[nv+r]
				}
			}
		}
	}
	for k, v := range pr.jac {
		if s := pr.slack[pr.jacRow[k]]; s >= 0 && e.diag[s] < 1 {
			dv[s] += v * dv[pr.jacCol[k]]
		}
	}
	return residual
}

// direction computes the whole step at the current point; it is false where there is none.
func (e *engine) direction() bool {
	for r, v := range e.cur.res {
		e.soc[r] = -v
	}
	for range 3 {
		res := e.solve(e.soc, e.dv, e.dlambda)
		if res < badResidual {
			e.boundSteps(e.dv)
			return true
		}
		if u := e.kkt.factor.Pivot(); u < largestPivot { // more accurate pivots
			e.kkt.factor.SetPivot(min(largestPivot, math.Pow(u, 0.5)))
			if !e.kkt.correct(e.mu, e.fill) {
				return false
			}
			continue
		}
		break
	}
	return false
}

const (
	badResidual  = 1e-5
	largestPivot = 0.1
)

// boundSteps computes the steps of the bounds' multipliers that belong to dv.
func (e *engine) boundSteps(dv []float64) {
	for i, d := range dv {
		if l := e.lower[i]; !math.IsInf(l, -1) {
			s := e.cur.v[i] - l
			e.dzl[i] = e.mu/s - e.cur.zl[i] - e.cur.zl[i]/s*d
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			s := u - e.cur.v[i]
			e.dzu[i] = e.mu/s - e.cur.zu[i] + e.cur.zu[i]/s*d
		}
	}
}
