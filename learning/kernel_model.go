package learning

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// addKernel writes the dual problem of a support vector classifier with a kernel as the player's: over α in [0, C], with gamma a number or a variable,
//
//	min ½ Σ_jk α_j α_k y_j y_k exp(-γ|x_j - x_k|²) - Σ α_j   s.t.  Σ y_j α_j = 0.
//
// The intercept b is the price of the equation: where α_j is free, Σ_k α_k y_k K_jk - b = y_j.
func addKernel(p *model.Player, d *Data, c, gamma any, tag string) (alpha []model.Var, b model.Var) {
	l := d.Len()
	dist := distances(d.X, d.X)
	alpha = p.Vars("alpha"+tag, l, 0, math.Inf(1))
	p.ConstrainEach("cap"+tag, l, func(j int) model.Relation { return alpha[j].Minus(c).LE(0) })
	balance := p.Constrain("balance"+tag, model.Dot(d.Y, alpha).Eq(0))
	var pairs []model.Expr
	for i := range l {
		pairs = append(pairs, alpha[i].Times(alpha[i]).Times(0.5))
		for j := range i {
			pairs = append(pairs, alpha[i].Times(alpha[j]).Times(d.Y[i]*d.Y[j]).Times(kernelOf(gamma, dist[i*l+j])))
		}
	}
	p.Minimize(model.Sum(pairs...).Minus(model.Dot(nil, alpha)))
	return alpha, balance.Dual()
}

// kernelPrediction is Σ_j α_j y_j exp(-γ|x_j - x|²) - b for a sample x.
func kernelPrediction(d *Data, x []float64, alpha []model.Var, b model.Var, gamma any) model.Expr {
	dist := distances([][]float64{x}, d.X)
	return model.SumOver(len(alpha), func(j int) any { return alpha[j].Times(d.Y[j]).Times(kernelOf(gamma, dist[j])) }).Minus(b)
}

// kernelOf is exp(-γr) as a number or an expression.
func kernelOf(gamma any, r float64) any {
	if v, ok := gamma.(model.Var); ok {
		if r == 0 {
			return 1.0
		}
		return model.Exp(v.Times(-r))
	}
	return math.Exp(-gamma.(float64) * r)
}
