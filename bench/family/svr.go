package family

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// SVR is epsilon-insensitive support vector regression with d features and N samples, of which the first ceil(N/2) train:
//
//	leader    C, eps >= 0 minimise the absolute error of the samples that do not train
//	follower  min_w  C Σ_i lm_i + 1/2 ||w||²,  lm_i >= lp_i + ln_i - eps,  lp_i >= x_i w - y_i,  ln_i >= y_i - x_i w,  all >= 0
//
// The follower is a convex QP whose cost depends on the leader. C and eps have no upper bound, so that no multiplier has one.
func SVR(d, n int, seed uint64) *model.Model {
	r := NewRandom(seed)
	x := make([][]float64, n)
	for i := range x {
		x[i] = make([]float64, d)
	}
	for j := 0; j < d; j++ {
		for i := range x {
			x[i][j] = 2*r.Uniform() - 1
		}
	}
	y := make([]float64, n)
	for i := range y {
		for _, v := range x[i] {
			y[i] += v
		}
		y[i] += 0.2*r.Uniform() - 0.1
	}
	train := (n + 1) / 2
	m := model.New(fmt.Sprintf("SVR (%d,%d) seed %d", d, n, seed))
	l, f := m.Leader(), m.Follower("svr")
	c, eps := l.Var("C", 0, model.Inf), l.Var("eps", 0, model.Inf)
	up, un := l.Vars("up", n-train, 0, model.Inf), l.Vars("un", n-train, 0, model.Inf)
	w := f.Vars("w", d, -model.Inf, model.Inf)
	lp, ln, lm := f.Vars("lp", train, 0, model.Inf), f.Vars("ln", train, 0, model.Inf), f.Vars("lm", train, 0, model.Inf)
	fit := func(i int) model.Expr { return model.Dot(x[i], w).Minus(y[i]) }
	l.Minimize(model.Sum(up...).Plus(model.Sum(un...)))
	l.ConstrainEach("over", n-train, func(k int) model.Relation { return up[k].GE(fit(train + k)) })
	l.ConstrainEach("under", n-train, func(k int) model.Relation { return un[k].GE(fit(train + k).Neg()) })
	f.Minimize(c.Times(model.Sum(lm...)).Plus(model.SumOver(d, func(j int) any { return w[j].Times(w[j]).Times(0.5) })))
	f.ConstrainEach("above", train, func(i int) model.Relation { return lp[i].GE(fit(i)) })
	f.ConstrainEach("below", train, func(i int) model.Relation { return ln[i].GE(fit(i).Neg()) })
	f.ConstrainEach("loss", train, func(i int) model.Relation { return lm[i].GE(lp[i].Plus(ln[i]).Minus(eps)) })
	return m
}
