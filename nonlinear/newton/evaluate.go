package newton

import "math"

// setPoint makes full the point of the program at reduced x.
func (pr *problem) setPoint(x []float64) {
	for k, j := range pr.vars {
		pr.full[j] = x[k]
	}
}

// values evaluates the scaled objective and rows at x; ok is false where one is not a number or infinite.
func (pr *problem) values(x, rows []float64) (f float64, ok bool) {
	pr.setPoint(x)
	pr.evaluations++
	f = pr.objScale * pr.p.Objective(pr.full)
	if f-f != 0 {
		return f, false
	}
	return f, pr.rowValues(rows)
}

// rowValues evaluates the scaled rows at the point that is set, without their right-hand sides.
func (pr *problem) rowValues(rows []float64) (ok bool) {
	if pr.mr == 0 {
		return true
	}
	pr.p.Rows(pr.full, pr.rawRows)
	ok = true
	for k, r := range pr.rows {
		rows[k] = pr.rowScale[k] * pr.rawRows[r]
		if rows[k]-rows[k] != 0 {
			ok = false
		}
	}
	return ok
}

// derivatives evaluates the gradient and the Jacobian at x.
func (pr *problem) derivatives(x []float64) (ok bool) {
	pr.setPoint(x)
	pr.p.Gradient(pr.full, pr.rawGrad)
	ok = true
	for k, j := range pr.vars {
		pr.grad[k] = pr.objScale * pr.rawGrad[j]
		if pr.grad[k]-pr.grad[k] != 0 {
			ok = false
		}
	}
	if pr.mr > 0 {
		pr.p.Jacobian(pr.full, pr.rawJac)
		for k, from := range pr.jacFrom {
			pr.jac[k] = pr.jacScale[k] * pr.rawJac[from]
			if pr.jac[k]-pr.jac[k] != 0 {
				ok = false
			}
		}
	}
	return ok
}

// hessian evaluates that of weight f + λ'c at x.
func (pr *problem) hessian(x []float64, weight float64, lambda []float64) (ok bool) {
	if len(pr.rawHess) == 0 {
		return true
	}
	pr.setPoint(x)
	for k, r := range pr.rows {
		pr.rawLambda[r] = pr.rowScale[k] * lambda[k]
	}
	pr.p.Hessian(pr.full, pr.objScale*weight, pr.rawLambda, pr.rawHess)
	ok = true
	for k, from := range pr.hessFrom {
		pr.hess[k] = pr.rawHess[from]
		if pr.hess[k]-pr.hess[k] != 0 {
			ok = false
		}
	}
	return ok
}

// addJacobianT adds J'λ to g.
func (pr *problem) addJacobianT(lambda, g []float64) {
	for k, v := range pr.jac {
		g[pr.jacCol[k]] += v * lambda[pr.jacRow[k]]
	}
}

// scaleByGradients chooses scales so that no entry of a gradient is larger than steepestAllowed at the start, whose derivatives are evaluated.
func (pr *problem) scaleByGradients() {
	most := 0.0
	for _, g := range pr.grad {
		most = max(most, math.Abs(g))
	}
	pr.objScale = scaleOf(most)
	for k := range pr.grad {
		pr.grad[k] *= pr.objScale
	}
	norms, count := make([]float64, pr.mr), make([]float64, pr.mr)
	for _, r := range pr.jacRow {
		count[r]++
	}
	for k, v := range pr.jac {
		j := pr.jacCol[k]
		pr.steepest[j] = max(pr.steepest[j], math.Abs(v)*count[pr.jacRow[k]])
		norms[pr.jacRow[k]] = max(norms[pr.jacRow[k]], math.Abs(v))
	}
	for r, v := range norms {
		pr.rowScale[r] = scaleOf(v)
	}
	for k, r := range pr.jacRow {
		pr.jacScale[k] = pr.rowScale[r]
		pr.jac[k] *= pr.rowScale[r]
	}
	pr.setBounds()
}

func scaleOf(gradient float64) float64 {
	if gradient <= steepestAllowed {
		return 1
	}
	return max(steepestAllowed/gradient, smallestScale)
}

const (
	steepestAllowed = 100
	smallestScale   = 1e-8
)
