package learning

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// addGroups writes the dual problem of the group lasso as the player's, which is smooth and has interior points where the norms of the primal one are neither:
// over θ, the residuals y - Xw + b of the answer, and s = X'θ,
//
//	min ½|θ - y|²  s.t.  Σ θ = 0,  |s_g|²/(2Λ_g) <= Λ_g/2 for each group g,   Λ_g = λ_g √n_g.
//
// The multiplier of the row of a group is |w_g|, so that w_g = |w_g| s_g/Λ_g, and the price of Σ θ = 0 is b. The weights are variables of the leader with these
// equations, written Λ_g w_g = |w_g| s_g.
func addGroups(lead, p *model.Player, d *Data, lambda func(g int) model.Var, tag string) (w []model.Var, b model.Var) {
	l, n := d.Len(), d.Width()
	theta := p.Vars("theta"+tag, l, math.Inf(-1), math.Inf(1))
	s := p.Vars("s"+tag, n, math.Inf(-1), math.Inf(1))
	p.ConstrainEach("along"+tag, n, func(k int) model.Relation {
		x := make([]float64, l)
		for j := range x {
			x[j] = d.X[j][k]
		}
		return s[k].Minus(model.Dot(x, theta)).Eq(0)
	})
	b = p.Constrain("balance"+tag, model.Dot(nil, theta).Eq(0)).Dual()
	w = lead.Vars("w"+tag, n, math.Inf(-1), math.Inf(1))
	for g, q := range d.groups() {
		root := math.Sqrt(float64(len(q)))
		width := lambda(g).Times(root)
		square := model.SumOver(len(q), func(i int) any { return s[q[i]].Times(s[q[i]]) })
		row := p.Constrain(fmt.Sprintf("group%s[%d]", tag, g), square.Over(width.Times(2)).Minus(width.Times(0.5)).LE(0))
		// The price is the change of the least value for one more on the right-hand side: less the multiplier.
		length := row.Dual().Neg()
		lead.ConstrainEach(fmt.Sprintf("weights%s_%d", tag, g), len(q), func(i int) model.Relation {
			return width.Times(w[q[i]]).Minus(length.Times(s[q[i]])).Eq(0)
		})
	}
	p.Minimize(model.SumOver(l, func(j int) any { r := theta[j].Minus(d.Y[j]); return r.Times(r) }).Times(0.5))
	return w, b
}
