package learning

import "math"

// direction solves the Newton system for products tau and returns the largest residual of the dual conditions at the present point. A multiplier λ with slack s
// changes by dλ = τ/s - λ - (λ/s) ds, so that a constraint whose slack has the gradient g adds (λ/s) gg' to the matrix and g τ/s to the right-hand side -∇f.
func (p *dcaProgram) direction(q *dcaState, centre []float64, tau float64) (worst float64) {
	n1, e := p.n+1, p.border()
	a := newArrow(e, p.folds, n1)
	rhs := make([]float64, len(q.x))
	res := make([]float64, len(q.x)) // of the dual conditions of x
	for i, v := range q.x {
		rhs[i] = -p.prox * (v - centre[i])
		res[i] = -rhs[i]
	}
	for i, v := range p.l {
		rhs[i] -= v * tau / q.row
		res[i] += v * q.nu
	}
	for i := range e {
		a.corner[i*e+i] = p.prox
	}
	for t := range p.folds {
		for i := range n1 {
			a.block[t][i*n1+i] = p.prox
		}
	}
	// g is the gradient of the row's slack, over x after the elimination of the z.
	g := make([]float64, len(q.x))
	for i, v := range p.l {
		g[i] = -v
	}
	inner := 1 / (q.sigma / q.s) // the part of g'K⁻¹g in s and the z
	for j, h := range p.hinges {
		at := p.block(h.fold)
		ra, rz := q.on[j]/q.gap[j], q.off[j]/q.z[j]
		sum := ra + rz
		// Of z_j: right-hand side f and the gradient of the row -p.
		f := tau/q.gap[j] + tau/q.z[j]
		gz := 0.0
		if h.train {
			f -= h.weight * tau / q.row
			gz = -h.weight
			worst = math.Max(worst, math.Abs(h.weight*q.nu-q.on[j]-q.off[j]))
		} else {
			f -= h.weight
			worst = math.Max(worst, math.Abs(h.weight-q.on[j]-q.off[j]))
		}
		q.theta[j], q.pull[j], q.force[j] = ra, sum, f
		inner += gz * gz / sum
		weight := ra * rz / sum
		push, slope := tau/q.gap[j]-ra*f/sum, -ra*gz/sum
		block := a.block[h.fold]
		for k, v := range h.a {
			rhs[at+k] += push * v
			g[at+k] += slope * v
			res[at+k] -= q.on[j] * v
			if v == 0 {
				continue
			}
			v *= weight
			row := block[k*n1 : k*n1+k+1]
			for i := range row {
				row[i] += v * h.a[i]
			}
		}
	}
	for t := range p.folds {
		at := p.block(t)
		w := q.x[at : at+p.n]
		// The slack R - ½|w|² has the gradient (1, -w), and its curvature adds the multiplier to the diagonal.
		r := q.ball[t] / q.cone[t]
		a.corner[0] += r
		rhs[0] += tau / q.cone[t]
		res[0] -= q.ball[t]
		for k, v := range w {
			row := a.block[t][k*n1 : k*n1+k+1]
			for i := range row {
				row[i] += r * v * w[i]
			}
			row[k] += q.ball[t]
			a.side[t][k*e] -= r * v
			rhs[at+k] -= v * tau / q.cone[t]
			res[at+k] += q.ball[t] * v
			if !p.boxed {
				continue
			}
			i := t*p.n + k
			u, d := q.up[i]/q.roomUp[i], q.down[i]/q.roomDown[i]
			row[k] += u + d
			a.side[t][k*e+1+k] += d - u
			a.corner[(1+k)*e+1+k] += u + d
			rhs[at+k] += tau/q.roomDown[i] - tau/q.roomUp[i]
			rhs[1+k] += tau/q.roomDown[i] + tau/q.roomUp[i]
			res[at+k] += q.up[i] - q.down[i]
			res[1+k] -= q.up[i] + q.down[i]
		}
	}
	for k := range q.least {
		a.corner[(1+k)*e+1+k] += q.least[k]/q.overLeast[k] + q.most[k]/q.toMost[k]
		rhs[1+k] += tau/q.overLeast[k] - tau/q.toMost[k]
		res[1+k] += q.most[k] - q.least[k]
	}
	for _, v := range res {
		worst = math.Max(worst, math.Abs(v))
	}
	worst = math.Max(worst, math.Abs(p.penalty-q.nu-q.sigma))
	a.factor()
	u, v := rhs, append([]float64(nil), g...)
	a.solve(u)
	a.solve(v)
	// The row adds (ν/row) gg' with g over x, z and s; fs is the right-hand side of s.
	fs := -p.penalty + tau/q.s + tau/q.row
	rs := q.sigma / q.s
	gu, gv := dot(g, u)+fs/rs, dot(g, v)+inner
	for j, h := range p.hinges {
		if h.train {
			gu -= h.weight * q.force[j] / q.pull[j]
		}
	}
	m := gu / (q.row/q.nu + gv)
	for i := range q.dx {
		q.dx[i] = u[i] - m*v[i]
	}
	for j, h := range p.hinges {
		at := p.block(h.fold)
		along := dot(h.a, q.dx[at:at+n1])
		f := q.force[j]
		if h.train {
			f += m * h.weight
		}
		q.dz[j] = (f - q.theta[j]*along) / q.pull[j]
		q.dOn[j] = tau/q.gap[j] - q.on[j] - q.theta[j]*(along+q.dz[j])
		q.dOff[j] = tau/q.z[j] - q.off[j] - q.off[j]/q.z[j]*q.dz[j]
	}
	q.ds = (fs - m) / rs
	q.dNu = tau/q.row - q.nu - m // m is (ν/row) times the change of the slack, of which rounding leaves nothing
	q.dSigma = tau/q.s - q.sigma - rs*q.ds
	for t := range p.folds {
		at := p.block(t)
		w, dw := q.x[at:at+p.n], q.dx[at:at+p.n]
		q.dBall[t] = tau/q.cone[t] - q.ball[t] - q.ball[t]/q.cone[t]*(q.dx[0]-dot(w, dw))
		if !p.boxed {
			continue
		}
		for k, d := range dw {
			i := t*p.n + k
			q.dUp[i] = tau/q.roomUp[i] - q.up[i] - q.up[i]/q.roomUp[i]*(q.dx[1+k]-d)
			q.dDown[i] = tau/q.roomDown[i] - q.down[i] - q.down[i]/q.roomDown[i]*(q.dx[1+k]+d)
		}
	}
	for k := range q.least {
		q.dLeast[k] = tau/q.overLeast[k] - q.least[k] - q.least[k]/q.overLeast[k]*q.dx[1+k]
		q.dMost[k] = tau/q.toMost[k] - q.most[k] + q.most[k]/q.toMost[k]*q.dx[1+k]
	}
	return worst
}

// longest is 0.99 of the step to the first multiplier or linear slack that vanishes, at most 1.
func (p *dcaProgram) longest(q *dcaState) float64 {
	t := 1 / 0.99
	lim := func(v, d float64) {
		if d < 0 {
			t = math.Min(t, -v/d)
		}
	}
	change := q.ds
	for i, v := range p.l {
		change -= v * q.dx[i]
	}
	for j, h := range p.hinges {
		at := p.block(h.fold)
		lim(q.gap[j], dot(h.a, q.dx[at:at+p.n+1])+q.dz[j])
		lim(q.z[j], q.dz[j])
		lim(q.on[j], q.dOn[j])
		lim(q.off[j], q.dOff[j])
		if h.train {
			change -= h.weight * q.dz[j]
		}
	}
	lim(q.row, change)
	lim(q.s, q.ds)
	lim(q.nu, q.dNu)
	lim(q.sigma, q.dSigma)
	for i, v := range q.ball {
		lim(v, q.dBall[i])
	}
	for i := range q.up {
		k, d := i%p.n, q.dx[p.block(i/p.n)+i%p.n]
		lim(q.roomUp[i], q.dx[1+k]-d)
		lim(q.roomDown[i], q.dx[1+k]+d)
		lim(q.up[i], q.dUp[i])
		lim(q.down[i], q.dDown[i])
	}
	for k := range q.least {
		lim(q.overLeast[k], q.dx[1+k])
		lim(q.toMost[k], -q.dx[1+k])
		lim(q.least[k], q.dLeast[k])
		lim(q.most[k], q.dMost[k])
	}
	return 0.99 * t
}

// move goes t times the direction.
func (p *dcaProgram) move(q *dcaState, t float64) {
	for _, c := range [][2][]float64{{q.x, q.dx}, {q.z, q.dz}, {q.on, q.dOn}, {q.off, q.dOff}, {q.ball, q.dBall}, {q.up, q.dUp}, {q.down, q.dDown}, {q.least, q.dLeast}, {q.most, q.dMost}} {
		addTimes(c[0], t, c[1])
	}
	q.s += t * q.ds
	q.nu += t * q.dNu
	q.sigma += t * q.dSigma
}
