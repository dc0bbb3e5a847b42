package mpcc

import "github.com/gobilevel/bilevel/model/smooth"

// pairMultipliers recovers the multipliers of the MPCC from those of a reformulated program,
//
//	ν_G = a - Σ_i d_i ∂φ_i/∂G - ρH,   ν_H = b - Σ_i d_i ∂φ_i/∂H - ρG,
//
// with a and b the multipliers of the bounds of the members, d_i those of the functions φ_i and ρ the weight of the penalty; in the signs
// of ∇f + ∇c'λ - … - Σ ν_G ∇G - Σ ν_H ∇H = 0, where strong stationarity asks for ν >= 0 at biactive pairs. A bound that is a member
// of several pairs counts for the first. The result has an entry for each pair of the problem, zero for those that are not live.
func (r *reformulated) pairMultipliers(a *smooth.Answer) [][2]float64 {
	nu := make([][2]float64, len(r.p.sides))
	seen := map[side]bool{}
	for place, k := range r.pairs {
		g, h := r.members(k, a.X)
		for i, s := range r.p.sides[k] {
			if seen[s] {
				continue
			}
			seen[s] = true
			nu[k][i] = boundMultiplier(s, a)
		}
		if r.method == Penalty {
			nu[k][0] -= r.rho * h
			nu[k][1] -= r.rho * g
		}
		for i := range r.method.Functions() {
			j, d := r.method.At(i, g, h, r.t), a.Rows[r.row(i, place)]
			nu[k][0] -= d * j.G
			nu[k][1] -= d * j.H
		}
	}
	return nu
}

// boundMultiplier is the multiplier of the bound whose slack s is.
func boundMultiplier(s side, a *smooth.Answer) float64 {
	z := a.Lower
	if s.upper {
		z = a.Upper
	}
	if int(s.col) >= len(z) {
		return 0
	}
	return z[s.col]
}
