package bilevelglobal

import (
	"maps"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// squared is a function as a node in which its quadratic part stands as squares: q x² + c x as q (x + c/2q)² - c²/4q, and a form with products that is
// convex or concave as a sum of squares of affine functions. The interval of a square over an unbounded box has one finite end, and its tangents bound
// it as well as a linear function can. The difference to the function is one of rounding.
func (p *problem) squared(f model.Function) expr.Node {
	d := p.work.DAG()
	linear := map[int32]float64{}
	for k, j := range f.Vars {
		linear[j] = f.Coefs[k]
	}
	c := f.Const
	var coefs []float64
	var args []expr.Node
	quad := f.Quad
	for _, sign := range []float64{1, -1} {
		if products(quad) && p.work.Definiteness(quad, nil, sign) == model.PSD {
			for _, s := range completed(quad, linear) {
				c -= s.coef * s.shift * s.shift
				coefs = append(coefs, s.coef)
				args = append(args, d.Square(d.Linear(s.shift, s.coefs, variables(d, s.vars))))
			}
			quad = nil
		}
	}
	for _, q := range quad {
		x := d.Var(int(q.I))
		if q.I != q.J {
			coefs, args = append(coefs, q.Coef), append(args, d.Mul(x, d.Var(int(q.J))))
			continue
		}
		h := linear[q.I] / (2 * q.Coef)
		if s := q.Coef * h * h; h != 0 && math.Abs(s) < 1e6 {
			c -= s
			x = d.Linear(h, []float64{1}, []expr.Node{x})
			delete(linear, q.I)
		}
		coefs, args = append(coefs, q.Coef), append(args, d.Square(x))
	}
	for _, j := range slices.Sorted(maps.Keys(linear)) {
		coefs, args = append(coefs, linear[j]), append(args, d.Var(int(j)))
	}
	if f.Nonlinear != 0 {
		coefs, args = append(coefs, 1), append(args, f.Nonlinear)
	}
	return d.Linear(c, coefs, args)
}

func products(quad []model.QuadTerm) bool {
	return slices.ContainsFunc(quad, func(q model.QuadTerm) bool { return q.I != q.J })
}

func variables(d *expr.DAG, vars []int32) []expr.Node {
	out := make([]expr.Node, len(vars))
	for k, j := range vars {
		out[k] = d.Var(int(j))
	}
	return out
}

// square is coef (shift + Σ coefs vars)².
type square struct {
	coef, shift float64
	coefs       []float64
	vars        []int32
}

// completed takes a definite form apart into squares, the largest diagonal entry first, and takes from the linear part what it needs of it to make
// the squares' shifts. What is left of the form beyond them is rounding.
func completed(quad []model.QuadTerm, linear map[int32]float64) []square {
	place := map[int32]int{}
	var vars []int32
	for _, q := range quad {
		vars = append(vars, q.I, q.J)
	}
	slices.Sort(vars)
	vars = slices.Compact(vars)
	for k, j := range vars {
		place[j] = k
	}
	n := len(vars)
	h := make([][]float64, n)
	for k := range h {
		h[k] = make([]float64, n)
	}
	largest := 0.0
	for _, q := range quad {
		i, j := place[q.I], place[q.J]
		h[i][j] += q.Coef / 2
		h[j][i] += q.Coef / 2
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	var out []square
	for range n {
		k := 0
		for i := range n {
			if math.Abs(h[i][i]) > math.Abs(h[k][k]) {
				k = i
			}
		}
		pivot := h[k][k]
		if math.Abs(pivot) <= 1e-12*largest {
			break
		}
		s := square{coef: pivot, shift: linear[vars[k]] / (2 * pivot)}
		row := append([]float64(nil), h[k]...)
		for i := range n {
			if math.Abs(row[i]) <= 1e-13*largest {
				continue
			}
			s.vars, s.coefs = append(s.vars, vars[i]), append(s.coefs, row[i]/pivot)
			for j := range n {
				h[i][j] -= row[i] * row[j] / pivot
			}
			if i != k && s.shift != 0 {
				linear[vars[i]] -= 2 * row[i] * s.shift
			}
		}
		delete(linear, vars[k])
		for i := range n {
			h[i][k], h[k][i] = 0, 0
		}
		out = append(out, s)
	}
	return out
}
