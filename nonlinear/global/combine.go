package global

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// combinationLimit bounds the number of pairs of constraints that are combined.
const combinationLimit = 500

// combinations adds to the constraints those that follow from two affine ones by eliminating a variable that has no finite bounds: together they may
// bound what each alone does not. Added are those in which one variable is left or none, and those whose coefficients come out without rounding.
//
// Source: one step of Fourier and Motzkin's elimination.
func combinations(m *model.Model, d *expr.DAG, roots []expr.Node, sides []expr.Interval) ([]expr.Node, []expr.Interval) {
	var affine []int
	for r := range m.NumRows() {
		if idx, _ := m.RowAffine(r); m.RowIsAffine(r) && len(idx) > 1 {
			affine = append(affine, r)
		}
	}
	made := 0
	for j := range m.NumVars() {
		if lo, hi := m.VarBounds(j); !math.IsInf(lo, -1) && !math.IsInf(hi, 1) {
			continue
		}
		for i, r := range affine {
			a := m.RowFunction(r).Coef(j)
			for _, s := range affine[:i] {
				b := m.RowFunction(s).Coef(j)
				if a == 0 || b == 0 || made >= combinationLimit {
					continue
				}
				made++
				node, factor, ok := eliminate(m, d, [2]int{r, s}, [2]float64{b, -a}, j)
				side := shifted(m, r).Scale(b).Add(shifted(m, s).Scale(-a)).Div(factor)
				if ok && (!math.IsInf(side.Lo, -1) || !math.IsInf(side.Hi, 1)) {
					roots, sides = append(roots, node), append(sides, side)
				}
			}
		}
	}
	return roots, sides
}

// eliminate adds two affine constraints with the factors given, which cancel variable j. The sum without constants is factor times node; ok is false where a
// coefficient would be rounded.
func eliminate(m *model.Model, d *expr.DAG, rows [2]int, factors [2]float64, j int) (node expr.Node, factor expr.Interval, ok bool) {
	weights := map[int32]expr.Interval{}
	var vars []int32
	for k, r := range rows {
		idx, val := m.RowAffine(r)
		for l, v := range idx {
			if int(v) == j {
				continue
			}
			w, known := weights[v]
			if !known {
				vars = append(vars, v)
			}
			weights[v] = w.Add(expr.Point(factors[k]).Scale(val[l]))
		}
	}
	var coefs []float64
	var args []expr.Node
	exact := true
	for _, v := range vars {
		w := weights[v]
		if w.Lo == 0 && w.Hi == 0 {
			continue
		}
		exact = exact && w.Lo == w.Hi && !math.IsInf(w.Lo, 0)
		coefs, args, factor = append(coefs, w.Lo), append(args, d.Var(int(v))), w
	}
	switch {
	case len(args) == 0:
		return 0, expr.Point(1), true
	case len(args) == 1 && !factor.Contains(0):
		return args[0], factor, true
	}
	return d.Linear(0, coefs, args), expr.Point(1), exact
}

// shifted are the sides of a constraint less its constant.
func shifted(m *model.Model, r int) expr.Interval {
	lo, hi := m.RowBounds(r)
	return expr.Interval{Lo: lo, Hi: hi}.Sub(expr.Point(m.RowFunction(r).Const))
}
