package ipopt_test

import (
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
)

// program is a smooth program made of functions, for tests that need what no model has: functions that panic, take their time, or solve
// other programs. Its Jacobian and Hessian are dense.
type program struct {
	lower, upper       []float64
	rowLower, rowUpper []float64
	objective          func(x []float64) float64
	gradient           func(x, g []float64)
	rows               func(x, c []float64)
	jacobian           func(x, vals []float64)
	hessian            func(x []float64, sigma float64, lambda, vals []float64)
}

var inf = math.Inf(1)

// parabola is min Σ (x_j - j - 1)² over n free variables.
func parabola(n int) *program {
	p := &program{lower: filled(n, -inf), upper: filled(n, inf)}
	p.objective = func(x []float64) float64 {
		v := 0.0
		for j := range x {
			v += (x[j] - float64(j+1)) * (x[j] - float64(j+1))
		}
		return v
	}
	p.gradient = func(x, g []float64) {
		for j := range x {
			g[j] = 2 * (x[j] - float64(j+1))
		}
	}
	p.hessian = func(_ []float64, sigma float64, _, vals []float64) {
		clear(vals)
		for j, k := 0, 0; j < n; j++ {
			k += j
			vals[k] = 2 * sigma
			k++
		}
	}
	return p
}

func filled(n int, v float64) []float64 {
	out := make([]float64, n)
	for j := range out {
		out[j] = v
	}
	return out
}

func (p *program) NumVars() int                        { return len(p.lower) }
func (p *program) NumRows() int                        { return len(p.rowLower) }
func (p *program) Bounds() (lower, upper []float64)    { return p.lower, p.upper }
func (p *program) RowBounds() (lower, upper []float64) { return p.rowLower, p.rowUpper }
func (p *program) Objective(x []float64) float64       { return p.objective(x) }
func (p *program) Gradient(x, g []float64)             { p.gradient(x, g) }
func (p *program) Clone() smooth.Program               { return p }

func (p *program) Rows(x, c []float64) {
	if p.rows != nil {
		p.rows(x, c)
	}
}

func (p *program) Jacobian(x, vals []float64) {
	if p.jacobian != nil {
		p.jacobian(x, vals)
	}
}

func (p *program) Hessian(x []float64, sigma float64, lambda, vals []float64) {
	p.hessian(x, sigma, lambda, vals)
}

func (p *program) JacobianPattern() (rows, cols []int32) {
	for r := range p.rowLower {
		for j := range p.lower {
			rows, cols = append(rows, int32(r)), append(cols, int32(j))
		}
	}
	return rows, cols
}

func (p *program) HessianPattern() (rows, cols []int32) {
	for i := range p.lower {
		for j := range i + 1 {
			rows, cols = append(rows, int32(i)), append(cols, int32(j))
		}
	}
	return rows, cols
}
