package newton

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// answer is the program's view of the main engine's current point.
func (r *run) answer(v verdict) *smooth.Answer {
	pr, e := r.pr, r.main
	n, m := r.p.NumVars(), r.p.NumRows()
	a := &smooth.Answer{Status: v.status(), Message: r.message, Iterations: r.iterations, Evaluations: pr.evaluations,
		Rows: make([]float64, m), Lower: make([]float64, n), Upper: make([]float64, n)}
	for k := range pr.vars {
		e.cur.v[k] = clamp(e.cur.v[k], pr.exactLower[k], pr.exactUpper[k])
	}
	pr.setPoint(e.cur.v)
	a.X = slices.Clone(pr.full)
	for k, row := range pr.rows {
		if s := pr.slack[k]; s >= 0 { // a multiplier of a side that is not there is a rounding error
			if math.IsInf(pr.exactLower[s], -1) {
				e.cur.lambda[k] = max(e.cur.lambda[k], 0)
			} else if math.IsInf(pr.exactUpper[s], 1) {
				e.cur.lambda[k] = min(e.cur.lambda[k], 0)
			}
		}
		a.Rows[row] = e.cur.lambda[k] * pr.rowScale[k] / pr.objScale
	}
	for k, j := range pr.vars {
		a.Lower[j], a.Upper[j] = e.cur.zl[k]/pr.objScale, e.cur.zu[k]/pr.objScale
	}
	measure(r.p, a)
	if a.Message == "" {
		switch v {
		case nearly:
			a.Message = fmt.Sprintf("the scaled residual of the conditions is %.1e, more than asked for", r.best.all)
		case interrupted:
			a.Message = "stopped"
		}
	}
	a.Seconds = time.Since(r.began).Seconds()
	return a
}

// measure evaluates the program at the point of an answer and stores the objective and the residuals. Bounds of fixed variables get the
// multipliers that make them stationary.
func measure(p smooth.Program, a *smooth.Answer) {
	n, m := p.NumVars(), p.NumRows()
	l, u := p.Bounds()
	rl, ru := p.RowBounds()
	rows, grad := make([]float64, m), make([]float64, n)
	jr, jc := p.JacobianPattern()
	jac := make([]float64, len(jr))
	a.Objective = p.Objective(a.X)
	p.Rows(a.X, rows)
	p.Gradient(a.X, grad)
	p.Jacobian(a.X, jac)
	for k, v := range jac {
		grad[jc[k]] += v * a.Rows[jr[k]]
	}
	a.Residual, a.Gap = 0, 0
	for j, g := range grad {
		if l[j] == u[j] {
			a.Lower[j], a.Upper[j] = max(g, 0), max(-g, 0)
			continue
		}
		a.Residual = maxNaN(a.Residual, math.Abs(g-a.Lower[j]+a.Upper[j]))
		if a.Lower[j] != 0 {
			a.Gap = maxNaN(a.Gap, a.Lower[j]*math.Abs(a.X[j]-l[j]))
		}
		if a.Upper[j] != 0 {
			a.Gap = maxNaN(a.Gap, a.Upper[j]*math.Abs(u[j]-a.X[j]))
		}
	}
	for i, y := range a.Rows {
		side := ru[i]
		if y < 0 {
			side = rl[i]
		}
		if y != 0 && rl[i] < ru[i] {
			a.Gap = maxNaN(a.Gap, math.Abs(y)*math.Abs(side-rows[i]))
		}
	}
	a.Violation = smooth.Violation(p, a.X, rows)
}

// emptyAnswer is that to a program with bounds that exclude each other.
func (r *run) emptyAnswer(b *emptyBounds) *smooth.Answer {
	n, m := r.p.NumVars(), r.p.NumRows()
	a := &smooth.Answer{Status: model.StatusInfeasible, X: slices.Clone(r.start.X), Rows: make([]float64, m), Lower: make([]float64, n), Upper: make([]float64, n),
		Message: fmt.Sprintf("%s %d has the bounds %g and %g, between which there is no number", b.what, b.index, b.lower, b.upper)}
	measure(r.p, a)
	a.Seconds = time.Since(r.began).Seconds()
	return a
}
