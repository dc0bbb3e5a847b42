package learning

import "math"

// scores writes the predictions for other samples. The distances of the last set are kept.
func (k *kernel) scores(d *Data, out []float64) {
	k.reach(d)
	for i := range out {
		s := -k.b
		for j, a := range k.alpha {
			if a != 0 {
				s += a * k.y[j] * math.Exp(-k.gam*k.far[i*k.l+j])
			}
		}
		out[i] = s
	}
}

func (k *kernel) reach(d *Data) {
	if k.held != d {
		k.held, k.far = d, distances(d.X, k.x)
	}
}

// kernelSum is Σ_j w_j exp(-γ|x_j - z|²).
func kernelSum(w []float64, x [][]float64, gamma float64, z []float64) float64 {
	s := 0.0
	for j, r := range distances([][]float64{z}, x) {
		s += w[j] * math.Exp(-gamma*r)
	}
	return s
}

// pullScores adds the derivatives of Σ g_i p_i, with the predictions p for other samples: those through (α, b), and that of the kernel.
func (k *kernel) pullScores(d *Data, g []float64, out *Hyper) {
	k.reach(d)
	through := make([]float64, k.l+1)
	for i, gi := range g {
		if gi == 0 {
			continue
		}
		through[k.l] -= gi
		for j, a := range k.alpha {
			r := k.far[i*k.l+j]
			t := gi * math.Exp(-k.gam*r)
			through[j] += t
			out.Gamma -= t * r * a * k.y[j]
		}
	}
	k.pull(through, out)
}

// pull adds the derivatives of Σ_j g_j α_j y_j + g_l b. With U the samples at α = C, which move with C, and M the free ones, the adjoint of the equations of M,
//
//	[ Q_MM y_M ] [p]   [ y_M g_M ]
//	[ y_M' 0   ] [s] = [ -g_l    ],
//
// gives Σ_U y g - p'Q_MU 1 - s y_U'1 by C and p'((Q∘D)α)_M by γ, for ∂Q/∂γ = -Q∘D with the squared distances D.
func (k *kernel) pull(g []float64, out *Hyper) {
	for j, a := range k.alpha {
		if a == k.c {
			out.C += k.y[j] * g[j]
		}
	}
	m := len(k.free)
	if m == 0 {
		// b is the middle of the b_s = y_s ((Qα)_s - 1) of the samples at the ends of its interval.
		gb, count := g[k.l], 0.0
		for _, s := range k.ends {
			if s >= 0 {
				count++
			}
		}
		for _, s := range k.ends {
			if s < 0 {
				continue
			}
			byC, byGamma := k.rates(s)
			out.C += gb / count * k.y[s] * byC
			out.Gamma += gb / count * k.y[s] * byGamma
		}
		return
	}
	k.factor()
	p, u := make([]float64, m), make([]float64, m)
	for i, j := range k.free {
		p[i], u[i] = k.y[j]*g[j], k.y[j]
	}
	choleskySolve(k.h, m, p)
	choleskySolve(k.h, m, u)
	yp, yu := 0.0, 0.0
	for i, j := range k.free {
		yp += k.y[j] * p[i]
		yu += k.y[j] * u[i]
	}
	s := (yp + g[k.l]) / yu
	for i, j := range k.free {
		byC, byGamma := k.rates(j)
		p[i] -= s * u[i]
		out.C -= p[i] * byC
		out.Gamma -= p[i] * byGamma
	}
	for j, a := range k.alpha {
		if a == k.c {
			out.C -= s * k.y[j]
		}
	}
}

// rates are Q_sU 1 and (∂Q/∂γ α)_s.
func (k *kernel) rates(s int) (byC, byGamma float64) {
	row, dist := k.row(s), k.dist[s*k.l:(s+1)*k.l]
	for j, a := range k.alpha {
		if a == k.c {
			byC += row[j]
		}
		byGamma -= row[j] * dist[j] * a
	}
	return byC, byGamma
}
