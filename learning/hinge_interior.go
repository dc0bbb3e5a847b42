package learning

import (
	"context"
	"math"
)

// interior solves the problem by Mehrotra's predictor and corrector with one step length for primal and dual. With slacks s of
// a_j'v + ξ_j >= r_j, multipliers β = C - α of ξ >= 0, and γ± of the box, each Newton system is reduced to the n+1 numbers of v:
//
//	(diag(1 + γ⁺/t⁺ + γ⁻/t⁻, 0) + Σ a_j a_j'/θ_j) dv = rhs,   θ_j = s_j/α_j + ξ_j/β_j.
//
// Weights whose box is a point stay at zero. A context that ends leaves no answer.
func (h *hinges) interior(ctx context.Context) {
	n, m, c := h.n, h.m, h.c
	n1 := n + 1
	clear(h.v)
	s, xi, beta := make([]float64, m), make([]float64, m), make([]float64, m)
	theta, hh, da, ds, dx := make([]float64, m), make([]float64, m), make([]float64, m), make([]float64, m), make([]float64, m)
	for j := range m {
		h.alpha[j], beta[j] = c/2, c/2
		xi[j] = math.Max(h.r[j], 0) + 1
		s[j] = xi[j] - h.r[j]
	}
	boxed := make([]bool, n)
	frozen := make([]bool, n)
	gp, gm, dgp, dgm := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	tp, tm := make([]float64, n), make([]float64, n) // slacks of the box
	pairs := float64(2 * m)
	for k := range n {
		frozen[k] = h.box[k] < 1e-13
		// A box that the weights cannot reach is none: ½|w|² <= C Σ max(0, r_j) at the answer.
		boxed[k] = !frozen[k] && h.box[k] < 1e12
		if boxed[k] {
			gp[k], gm[k] = c/2, c/2
			tp[k], tm[k] = h.box[k], h.box[k]
			pairs += 2
		}
	}
	kmat, rhs, dv := make([]float64, n1*n1), make([]float64, n1), make([]float64, n1)
	base := make([]float64, n1)
	least, stalled := math.Inf(1), 0
	for range 200 {
		if ctx.Err() != nil {
			return
		}
		mu := 0.0
		for j := range m {
			mu += s[j]*h.alpha[j] + xi[j]*beta[j]
		}
		for k := range n {
			if boxed[k] {
				mu += tp[k]*gp[k] + tm[k]*gm[k]
			}
		}
		mu /= pairs
		for k := range n1 {
			base[k] = 0
		}
		worst := 0.0
		for j, a := range h.a {
			for k, t := range a {
				base[k] += h.alpha[j] * t
			}
		}
		for k := range n {
			base[k] -= h.v[k] + gp[k] - gm[k]
			if frozen[k] {
				base[k] = 0
			}
		}
		for k := range n1 {
			worst = math.Max(worst, math.Abs(base[k]))
		}
		if mu <= 1e-14*math.Max(c, 1e-6) && worst <= 1e-10*math.Max(c, 1e-6) || math.IsNaN(mu) {
			break
		}
		// Rounding ends the progress on problems whose answer is not unique.
		if stalled++; mu < 0.7*least {
			least, stalled = mu, 0
		}
		if stalled > 6 && mu <= 1e-9*math.Max(c, 1e-6) || stalled > 40 {
			break
		}
		clear(kmat)
		for j, a := range h.a {
			theta[j] = s[j]/h.alpha[j] + xi[j]/beta[j]
			for k, t := range a {
				if t == 0 {
					continue
				}
				t /= theta[j]
				row := kmat[k*n1 : k*n1+k+1]
				for i := range row {
					row[i] += t * a[i]
				}
			}
		}
		for k := range n {
			kmat[k*n1+k]++
			if boxed[k] {
				kmat[k*n1+k] += gp[k]/tp[k] + gm[k]/tm[k]
			}
			if frozen[k] {
				for i := range n1 {
					kmat[max(i, k)*n1+min(i, k)] = 0
				}
				kmat[k*n1+k] = 1
			}
		}
		cholesky(kmat, n1)
		// direction solves for the target value tau of the products; second adds the products of the first direction.
		direction := func(tau float64, second bool) {
			copy(rhs, base)
			for j, a := range h.a {
				al, be := h.alpha[j], beta[j]
				cs, cx := tau-s[j]*al, tau-xi[j]*be
				if second {
					cs -= ds[j] * da[j]
					cx += dx[j] * da[j]
				}
				rp := s[j] - xi[j] + h.r[j] - dot(a, h.v)
				hh[j] = cs/al - cx/be + rp
				t := hh[j] / theta[j]
				for k, v := range a {
					rhs[k] += t * v
				}
				ds[j], dx[j] = cs, cx
			}
			for k := range n {
				if frozen[k] {
					rhs[k] = 0
				}
				if boxed[k] {
					cp, cm := tau-tp[k]*gp[k], tau-tm[k]*gm[k]
					if second {
						cp += dv[k] * dgp[k]
						cm -= dv[k] * dgm[k]
					}
					rhs[k] += -cp/tp[k] + cm/tm[k]
					dgp[k], dgm[k] = cp, cm
				}
			}
			copy(dv, rhs)
			choleskySolve(kmat, n1, dv)
			for j, a := range h.a {
				al, be := h.alpha[j], beta[j]
				cs, cx := ds[j], dx[j]
				da[j] = (hh[j] - dot(a, dv)) / theta[j]
				dx[j] = (cx + xi[j]*da[j]) / be
				ds[j] = (cs - s[j]*da[j]) / al
			}
			for k := range n {
				if boxed[k] {
					dgp[k] = (dgp[k] + gp[k]*dv[k]) / tp[k]
					dgm[k] = (dgm[k] - gm[k]*dv[k]) / tm[k]
				}
			}
		}
		longest := func() float64 {
			t := 1 / 0.995
			lim := func(x, d float64) {
				if d < 0 {
					t = math.Min(t, -x/d)
				}
			}
			for j := range m {
				lim(s[j], ds[j])
				lim(xi[j], dx[j])
				lim(h.alpha[j], da[j])
				lim(beta[j], -da[j])
			}
			for k := range n {
				if boxed[k] {
					lim(tp[k], -dv[k])
					lim(tm[k], dv[k])
					lim(gp[k], dgp[k])
					lim(gm[k], dgm[k])
				}
			}
			return 0.995 * t
		}
		direction(0, false)
		t := longest()
		next := 0.0
		for j := range m {
			next += (s[j]+t*ds[j])*(h.alpha[j]+t*da[j]) + (xi[j]+t*dx[j])*(beta[j]-t*da[j])
		}
		for k := range n {
			if boxed[k] {
				next += (tp[k]-t*dv[k])*(gp[k]+t*dgp[k]) + (tm[k]+t*dv[k])*(gm[k]+t*dgm[k])
			}
		}
		direction(mu*math.Pow(next/pairs/mu, 3), true)
		t = longest()
		if !(t > 1e-10) || math.IsNaN(dv[n]) {
			break
		}
		for j := range m {
			s[j] += t * ds[j]
			xi[j] += t * dx[j]
			h.alpha[j] += t * da[j]
			beta[j] -= t * da[j]
		}
		for k := range n1 {
			h.v[k] += t * dv[k]
		}
		for k := range n {
			gp[k] += t * dgp[k]
			gm[k] += t * dgm[k]
			tp[k] -= t * dv[k]
			tm[k] += t * dv[k]
		}
	}
	// Which member of a pair is the larger says where a hinge and a weight stand.
	for j := range m {
		switch al, be := h.alpha[j], beta[j]; {
		case s[j]/math.Max(1, math.Abs(h.r[j])) > al/math.Max(c, 1e-300):
			h.hinge[j] = below
		case xi[j]/math.Max(1, math.Abs(h.r[j])) > be/math.Max(c, 1e-300):
			h.hinge[j] = above
		default:
			h.hinge[j] = corner
		}
	}
	for k := range n {
		h.weight[k] = below
		if frozen[k] || boxed[k] && (tp[k]/h.box[k] < gp[k]/math.Max(c, 1e-300) || tm[k]/h.box[k] < gm[k]/math.Max(c, 1e-300)) {
			h.weight[k] = above
		}
	}
}
