package mstationary

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// This file is the independent check of stationarity that the tests hold results against: multipliers are looked for anew, cell by cell,
// by non-negative least squares.

// leastSquares minimises ||g - Σ y_i a_i|| over y with y_i >= 0 where sign[i] is 1 and y_i free where it is 0 (Lawson and Hanson's
// active-set method) and returns the largest entry of the residual.
func leastSquares(g []float64, a [][]float64, sign []int) float64 {
	n, m := len(g), len(a)
	passive := make([]bool, m)
	y := make([]float64, m)
	for i, s := range sign {
		passive[i] = s == 0
	}
	residual := func() []float64 {
		r := append([]float64(nil), g...)
		for i, v := range y {
			for j := range r {
				r[j] -= v * a[i][j]
			}
		}
		return r
	}
	solve := func() []float64 {
		var list []int
		for i, p := range passive {
			if p {
				list = append(list, i)
			}
		}
		mat := dense.New(n, len(list))
		for c, i := range list {
			for j := range n {
				mat.Set(j, c, a[i][j])
			}
		}
		var qr dense.QR
		qr.Factor(mat, 1e-11)
		z, full := make([]float64, len(list)), make([]float64, m)
		qr.Solve(g, z)
		for c, i := range list {
			full[i] = z[c]
		}
		return full
	}
	y = solve()
	for range 10 * (m + 1) {
		for range m + 1 { // back into the cone
			step, out := 1.0, -1
			z := solve()
			for i := range z {
				if sign[i] == 1 && passive[i] && z[i] < 0 {
					if t := y[i] / (y[i] - z[i]); t < step {
						step, out = t, i
					}
				}
			}
			for i := range y {
				y[i] += step * (z[i] - y[i])
			}
			if out < 0 {
				break
			}
			passive[out], y[out] = false, 0
		}
		r, most, in := residual(), 1e-12, -1
		for i := range y {
			if sign[i] == 1 && !passive[i] {
				if v := dense.Dot(a[i], r); v > most*(1+dense.Norm(a[i])) {
					most, in = v, i
				}
			}
		}
		if in < 0 {
			break
		}
		passive[in] = true
	}
	return dense.MaxAbs(residual())
}

// activeGradients are the gradients of what is active at x.
type activeGradients struct {
	grad     []float64
	ordinary [][]float64 // of slacks: multipliers >= 0
	free     [][]float64 // of equations and of members whose partner is positive
	biactive [][2][]float64
}

func gradientsAt(p smooth.Program, pairs []model.Pair, x []float64, tol float64) activeGradients {
	n, m := p.NumVars(), p.NumRows()
	out := activeGradients{grad: make([]float64, n)}
	p.Gradient(x, out.grad)
	rows := make([]float64, m)
	p.Rows(x, rows)
	jr, jc := p.JacobianPattern()
	vals := make([]float64, len(jr))
	p.Jacobian(x, vals)
	gradient := func(row bool, j int32, sign float64) []float64 {
		g := make([]float64, n)
		if !row {
			g[j] = sign
			return g
		}
		for k, r := range jr {
			if r == j {
				g[jc[k]] += sign * vals[k]
			}
		}
		return g
	}
	lo, hi := p.Bounds()
	rlo, rhi := p.RowBounds()
	slack := func(s model.Member) float64 {
		v, l, h := x[min(int(s.Index), n-1)], lo[min(int(s.Index), n-1)], hi[min(int(s.Index), n-1)]
		if s.Row {
			v, l, h = rows[s.Index], rlo[s.Index], rhi[s.Index]
		}
		if s.Side == model.AtLower {
			return v - l
		}
		return h - v
	}
	sign := func(s model.Member) float64 {
		if s.Side == model.AtLower {
			return 1
		}
		return -1
	}
	member := map[model.Member]bool{}
	for _, q := range pairs {
		member[q.A], member[q.B] = true, true
		ga, gb := gradient(q.A.Row, q.A.Index, sign(q.A)), gradient(q.B.Row, q.B.Index, sign(q.B))
		switch a, b := slack(q.A) <= tol, slack(q.B) <= tol; {
		case a && b:
			out.biactive = append(out.biactive, [2][]float64{ga, gb})
		case a:
			out.free = append(out.free, ga)
		case b:
			out.free = append(out.free, gb)
		}
	}
	each := func(row bool, count int, l, h []float64) {
		for j := range count {
			if l[j] == h[j] {
				out.free = append(out.free, gradient(row, int32(j), 1))
				continue
			}
			for _, side := range []model.Side{model.AtLower, model.AtUpper} {
				s := model.Member{Row: row, Index: int32(j), Side: side}
				if bound := [2][]float64{l, h}[side][j]; !math.IsInf(bound, 0) && !member[s] && slack(s) <= tol {
					out.ordinary = append(out.ordinary, gradient(row, int32(j), sign(s)))
				}
			}
		}
	}
	each(false, n, lo, hi)
	each(true, m, rlo, rhi)
	return out
}

// columns collects gradients and the signs of their multipliers.
type columns struct {
	a    [][]float64
	sign []int
}

func (c *columns) put(sign int, gs ...[]float64) {
	for _, g := range gs {
		c.a, c.sign = append(c.a, g), append(c.sign, sign)
	}
}

// always are the columns of what is not biactive.
func (act *activeGradients) always() *columns {
	c := &columns{}
	c.put(1, act.ordinary...)
	c.put(0, act.free...)
	return c
}

// strongDistance is the least residual of S-stationarity at x.
func strongDistance(p smooth.Program, pairs []model.Pair, x []float64, tol float64) float64 {
	act := gradientsAt(p, pairs, x, tol)
	c := act.always()
	for _, b := range act.biactive {
		c.put(1, b[0], b[1])
	}
	return leastSquares(act.grad, c.a, c.sign)
}

// distances are the least residuals of W-, M- and S-stationarity at x. For M all cells of the biactive pairs are tried: both multipliers
// not negative, the first one zero, or the second one zero.
func distances(p smooth.Program, pairs []model.Pair, x []float64, tol float64) (weak, m, strong float64) {
	act := gradientsAt(p, pairs, x, tol)
	c := act.always()
	base := len(c.a)
	for _, b := range act.biactive {
		c.put(0, b[0], b[1])
	}
	weak, m = leastSquares(act.grad, c.a, c.sign), math.Inf(1)
	cells := 1
	for range act.biactive {
		cells *= 3
	}
	for code := range cells {
		c.a, c.sign = c.a[:base], c.sign[:base]
		for k, rest := 0, code; k < len(act.biactive); k, rest = k+1, rest/3 {
			g, h := act.biactive[k][0], act.biactive[k][1]
			switch rest % 3 {
			case 0:
				c.put(1, g, h)
			case 1:
				c.put(0, g)
			default:
				c.put(0, h)
			}
		}
		m = min(m, leastSquares(act.grad, c.a, c.sign))
	}
	return weak, m, strongDistance(p, pairs, x, tol)
}

// violations are the largest violation of a bound or row and the largest |min(G, H)|.
func violations(p smooth.Program, pairs []model.Pair, x []float64) (violation, complementarity float64) {
	rows := make([]float64, p.NumRows())
	p.Rows(x, rows)
	violation = smooth.Violation(p, x, rows)
	l := newLayout(p, pairs)
	v := newValues(l)
	w := make([]float64, l.unknowns())
	for k, j := range l.free {
		w[k] = x[j]
	}
	v.at(w)
	for _, q := range l.pairs {
		complementarity = max(complementarity, math.Abs(min(v.slack(q[0]), v.slack(q[1]))))
	}
	return violation, complementarity
}

// TestCheckOfTheCheck holds the check against points whose class is known by hand: min q'x, 0 <= x_1 ⟂ x_2 >= 0.
func TestCheckOfTheCheck(t *testing.T) {
	for _, c := range []struct {
		name       string
		q          [2]float64 // the gradient
		weak, m, s bool
		x          [2]float64
	}{
		{name: "C-stationary origin", q: [2]float64{-2, -2}, weak: true},
		{name: "M-stationary origin", q: [2]float64{0, -2}, weak: true, m: true},
		{name: "S-stationary origin", q: [2]float64{1, 2}, weak: true, m: true, s: true},
		{name: "no origin at all", q: [2]float64{0, -2}, x: [2]float64{0, 3}},
	} {
		p := &quadratic{n: 2, q: []float64{c.q[0], c.q[1]}, lower: []float64{0, 0}, upper: []float64{math.Inf(1), math.Inf(1)}}
		weak, m, s := distances(p, []model.Pair{pair(0, 1)}, c.x[:], 1e-9)
		if (weak < 1e-12) != c.weak || (m < 1e-12) != c.m || (s < 1e-12) != c.s {
			t.Errorf("%s: %g %g %g", c.name, weak, m, s)
		}
	}
}

// pair is the pair of the lower bounds of two variables.
func pair(i, j int32) model.Pair {
	return model.Pair{A: model.Member{Index: i, Side: model.AtLower}, B: model.Member{Index: j, Side: model.AtLower}}
}

// quadratic is min ½x'Qx + q'x subject to rows A x and bounds, all dense.
type quadratic struct {
	n                  int
	hess               [][]float64 // nil: none
	q                  []float64
	a                  [][]float64
	rowLower, rowUpper []float64
	lower, upper       []float64
}

func (p *quadratic) NumVars() int                        { return p.n }
func (p *quadratic) NumRows() int                        { return len(p.a) }
func (p *quadratic) Bounds() (lower, upper []float64)    { return p.lower, p.upper }
func (p *quadratic) RowBounds() (lower, upper []float64) { return p.rowLower, p.rowUpper }
func (p *quadratic) Clone() smooth.Program               { return p }
func (p *quadratic) JacobianPattern() (rows, cols []int32) {
	for r := range p.a {
		for j := range p.n {
			rows, cols = append(rows, int32(r)), append(cols, int32(j))
		}
	}
	return rows, cols
}
func (p *quadratic) HessianPattern() (rows, cols []int32) {
	for i := range p.n {
		for j := range i + 1 {
			rows, cols = append(rows, int32(i)), append(cols, int32(j))
		}
	}
	return rows, cols
}
func (p *quadratic) Objective(x []float64) float64 {
	g := make([]float64, p.n)
	p.Gradient(x, g)
	return (dense.Dot(g, x) + dense.Dot(p.q, x)) / 2
}
func (p *quadratic) Gradient(x, g []float64) {
	copy(g, p.q)
	for i := range p.hess {
		g[i] += dense.Dot(p.hess[i], x)
	}
}
func (p *quadratic) Rows(x, c []float64) {
	for r := range p.a {
		c[r] = dense.Dot(p.a[r], x)
	}
}
func (p *quadratic) Jacobian(_, vals []float64) {
	for r := range p.a {
		copy(vals[r*p.n:], p.a[r])
	}
}
func (p *quadratic) Hessian(_ []float64, sigma float64, _, vals []float64) {
	k := 0
	for i := range p.n {
		for j := range i + 1 {
			vals[k] = 0
			if p.hess != nil {
				vals[k] = sigma * p.hess[i][j]
			}
			k++
		}
	}
}
