package learning

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// trainingTerms are the hyperparameters of a training problem, each a number or a variable; tag ends the names of variables and constraints.
type trainingTerms struct {
	c, eps, l1, l2 any
	weights        []model.Var
	radius         *model.Var // of SVC, in the place of c
	tag            string
}

// addTraining writes the training problem of a task as the player's objective and constraints, with slack variables for kinks:
//
//	ξ_j >= 1 - y_j (x_j'w - b), ξ_j >= 0                   a hinge
//	ξ_j >= ±(x_j'w - b - y_j) - ε, ξ_j >= 0                a tube
//	u_k >= ±w_k                                            an absolute value
func addTraining(p *model.Player, d *Data, task Task, q trainingTerms, w []model.Var, b model.Var) {
	l := d.Len()
	residual := func(j int) model.Expr { return prediction(d.X[j], w, b).Minus(d.Y[j]) }
	norm := func() model.Expr { return model.SumOver(len(w), func(k int) any { return w[k].Times(w[k]) }) }
	half := func() model.Expr {
		return model.SumOver(l, func(j int) any { r := residual(j); return r.Times(r) }).Times(0.5)
	}
	switch task {
	case SVC, SVR:
		xi := p.Vars("xi"+q.tag, l, 0, math.Inf(1))
		if task == SVC {
			p.ConstrainEach("margin"+q.tag, l, func(j int) model.Relation {
				return prediction(d.X[j], w, b).Times(d.Y[j]).Plus(xi[j]).GE(1)
			})
		} else {
			p.ConstrainEach("over"+q.tag, l, func(j int) model.Relation { return xi[j].Minus(residual(j)).Plus(q.eps).GE(0) })
			p.ConstrainEach("under"+q.tag, l, func(j int) model.Relation { return xi[j].Plus(residual(j)).Plus(q.eps).GE(0) })
		}
		square := norm().Times(0.5)
		if q.radius != nil {
			p.Constrain("ball"+q.tag, square.Minus(*q.radius).LE(0))
			p.Minimize(model.Dot(nil, xi))
			return
		}
		if _, ratio := q.l2.(model.Var); ratio {
			square = square.Times(q.l2)
		}
		p.Minimize(square.Plus(model.Dot(nil, xi).Times(q.c)))
	case Lasso, ElasticNet:
		u := p.Vars("u"+q.tag, len(w), 0, math.Inf(1))
		p.ConstrainEach("plus"+q.tag, len(w), func(k int) model.Relation { return u[k].Minus(w[k]).GE(0) })
		p.ConstrainEach("minus"+q.tag, len(w), func(k int) model.Relation { return u[k].Plus(w[k]).GE(0) })
		f := half().Plus(model.Dot(nil, u).Times(q.l1))
		if task == ElasticNet {
			f = f.Plus(norm().Times(0.5).Times(q.l2))
		}
		p.Minimize(f)
	default:
		var penalty model.Expr
		if q.weights != nil {
			penalty = model.SumOver(len(w), func(k int) any { return w[k].Times(w[k]).Times(q.weights[k]) }).Times(0.5)
		} else {
			penalty = norm().Times(0.5).Times(q.l2)
		}
		if task == Ridge {
			p.Minimize(half().Plus(penalty))
			return
		}
		p.Minimize(penalty.Plus(model.SumOver(l, func(j int) any { return logLossOf(prediction(d.X[j], w, b).Times(d.Y[j])) })))
	}
}

// addValidation adds what the leader's loss on a fold needs, and returns its sum over the samples; predict is the prediction for sample i.
func addValidation(lead *model.Player, d *Data, loss Loss, tag string, predict func(i int) model.Expr) model.Expr {
	l := d.Len()
	margin := func(i int) model.Expr { return predict(i).Times(d.Y[i]) }
	residual := func(i int) model.Expr { return predict(i).Minus(d.Y[i]) }
	switch loss {
	case Misclassification:
		zeta := lead.Vars("zeta"+tag, l, 0, 1)
		z := lead.Vars("z"+tag, l, 0, math.Inf(1))
		lead.ComplementEach("wrong"+tag, l, func(i int) (any, any) { return zeta[i], margin(i).Plus(z[i]) })
		lead.ComplementEach("right"+tag, l, func(i int) (any, any) { return z[i], model.Const(1).Minus(zeta[i]) })
		return model.Dot(nil, zeta)
	case Hinge:
		z := lead.Vars("z"+tag, l, 0, math.Inf(1))
		lead.ConstrainEach("loss"+tag, l, func(i int) model.Relation { return margin(i).Plus(z[i]).GE(1) })
		return model.Dot(nil, z)
	case Absolute:
		z := lead.Vars("z"+tag, l, 0, math.Inf(1))
		lead.ConstrainEach("above"+tag, l, func(i int) model.Relation { return z[i].Minus(residual(i)).GE(0) })
		lead.ConstrainEach("below"+tag, l, func(i int) model.Relation { return z[i].Plus(residual(i)).GE(0) })
		return model.Dot(nil, z)
	case LogLoss:
		return model.SumOver(l, func(i int) any { return logLossOf(margin(i)) })
	}
	return model.SumOver(l, func(i int) any { r := residual(i); return r.Times(r) })
}

// prediction is x'w - b.
func prediction(x []float64, w []model.Var, b model.Var) model.Expr {
	return model.Dot(x, w).Minus(b)
}

// logLossOf is ln(1 + exp(-m)).
func logLossOf(m model.Expr) model.Expr {
	return model.Log(model.Exp(m.Neg()).Plus(1))
}
