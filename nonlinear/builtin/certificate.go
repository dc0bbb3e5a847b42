package builtin

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// far is the size from which on a bound counts as infinite.
const far = 1e20

// certificate is what multipliers λ of a program with convex constraints show by linearisation at x. For every feasible point x'
//
//	0 >= Σ_r λ_r (c_r(x') - side_r) >= Σ_r λ_r (c_r(x) - side_r) + (∇c'λ)'(x' - x),
//
// with side_r = U_r for λ_r > 0 and L_r for λ_r < 0; a λ_r whose side is infinite counts as 0. With the gradient of a convex objective added,
//
//	f(x') - f(x) >= Σ_r λ_r (c_r(x) - side_r) + min { (∇f + ∇c'λ)'(x' - x) : l <= x' <= u },
//
// which is returned; without it the same with f = 0, which shows that there is no feasible x' where it is positive. An entry of the gradient
// that belongs to a bound at infinity makes this -Inf unless it is a rounding error, which then counts with |x_j|.
func certificate(p smooth.Program, x, lambda []float64, objective bool) float64 {
	n, m := p.NumVars(), p.NumRows()
	g, terms := make([]float64, n), make([]float64, n)
	if objective {
		p.Gradient(x, g)
		for j, v := range g {
			terms[j] = math.Abs(v)
		}
	}
	rows, y := make([]float64, m), make([]float64, m)
	p.Rows(x, rows)
	l, u := p.RowBounds()
	total := 0.0
	for r, v := range lambda {
		side := u[r]
		if v < 0 {
			side = l[r]
		}
		if v != 0 && math.Abs(side) < far {
			y[r] = v
			total += v * (rows[r] - side)
		}
	}
	jr, jc := p.JacobianPattern()
	jac := make([]float64, len(jr))
	p.Jacobian(x, jac)
	for k, r := range jr {
		v := y[r] * jac[k]
		g[jc[k]] += v
		terms[jc[k]] = max(terms[jc[k]], math.Abs(v))
	}
	l, u = p.Bounds()
	for j, v := range g {
		end := l[j]
		if v < 0 {
			end = u[j]
		}
		switch {
		case v == 0:
		case math.Abs(end) < far:
			total += v * (end - x[j])
		case math.Abs(v) <= rounding*max(1, terms[j]):
			total -= math.Abs(v) * max(1, math.Abs(x[j]))
		default:
			return math.Inf(-1)
		}
	}
	if total != total {
		return math.Inf(-1)
	}
	return total
}

// rounding is the part of the terms of a sum that is taken for its rounding error and that of the solver's tolerance.
const rounding = 1e-7

// recession returns the direction from the origin to a far point, its largest entry 1, where a linear or convex quadratic model improves
// without limit along it from every feasible point; else nil.
func recession(m *model.Model, x []float64) []float64 {
	if c := m.Classify().Leader.Class; c != model.Linear && c != model.ConvexQuadratic {
		return nil
	}
	length := 0.0
	for _, v := range x {
		length = max(length, math.Abs(v))
	}
	if !(length > 1 && length < math.Inf(1)) {
		return nil
	}
	d := make([]float64, len(x))
	for j, v := range x {
		l, u := m.VarBounds(j)
		if v /= length; math.Abs(v) > negligible && (v > 0 && u >= far || v < 0 && l <= -far) {
			d[j] = v
		}
	}
	for r := range m.NumRows() {
		vars, coefs := m.RowAffine(r)
		slope, size := affineSlope(vars, coefs, d)
		if l, u := m.RowBounds(r); math.Abs(slope) > negligible*size && (slope > 0 && u < far || slope < 0 && l > -far) {
			return nil
		}
	}
	o := m.Leader().Objective()
	bend, size := make([]float64, len(x)), 0.0
	for _, q := range o.F.Quad {
		bend[q.I] += q.Coef * d[q.J]
		bend[q.J] += q.Coef * d[q.I]
		size = max(size, math.Abs(q.Coef))
	}
	for _, v := range bend {
		if math.Abs(v) > negligible*size {
			return nil
		}
	}
	if slope, size := affineSlope(o.F.Vars, o.F.Coefs, d); o.Sense.Sign()*slope < -rounding*size {
		return d
	}
	return nil
}

const negligible = 1e-9

// affineSlope is the slope of an affine function along d, and the largest of its terms.
func affineSlope(vars []int32, coefs, d []float64) (slope, size float64) {
	for k, j := range vars {
		slope += coefs[k] * d[j]
		size = max(size, math.Abs(coefs[k]*d[j]))
	}
	return slope, size
}
