package mstationary

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/system"
)

// setMultipliers writes the multipliers of a start into the unknowns, scaled. What a start says of both sides of a row, λ, belongs to
// the upper side where it is positive and to the lower one where it is negative.
func (s *search) setMultipliers(w []float64, start Start) {
	l := s.l
	get := func(v []float64, j int32) float64 {
		if v == nil {
			return 0
		}
		return v[j]
	}
	for k, r := range l.eqs {
		w[l.atMu()+k] = get(start.Rows, r) * l.objScale / l.rowScale[r]
	}
	for i, sd := range l.sides {
		p := 0.0
		switch {
		case sd.row:
			p = max(0, -sd.sign*get(start.Rows, sd.index)) / l.rowScale[sd.index]
		case sd.sign > 0:
			p = get(start.Lower, sd.index)
		default:
			p = get(start.Upper, sd.index)
		}
		w[l.atP()+i] = p * l.objScale
	}
	if start.Pairs == nil {
		return
	}
	for k, call := range l.live {
		for i, sd := range l.pairs[k] {
			nu := start.Pairs[call][i] * l.objScale
			if sd.row {
				nu /= l.rowScale[sd.index]
			}
			w[l.nu(k, i)] = nu
		}
	}
}

// conclude makes the result of the unknowns w at which a search ended.
func (s *search) conclude(w []float64, end *system.Result) *Result {
	l, v := s.l, s.v
	v.at(w)
	r := &Result{X: make([]float64, l.n), Rows: make([]float64, l.m), Lower: make([]float64, l.n), Upper: make([]float64, l.n), Pairs: make([][2]float64, s.pairs),
		Residual: end.Residual, Message: end.Message}
	l.full(w, r.X)
	r.Objective = v.obj / l.objScale
	for k, row := range l.eqs {
		r.Rows[row] += w[l.atMu()+k] * l.rowScale[row] / l.objScale
	}
	for i, sd := range l.sides {
		p := l.unscaled(sd, w[l.atP()+i])
		slack := v.slack(sd)
		switch {
		case sd.row:
			r.Rows[sd.index] -= sd.sign * p
			slack /= l.rowScale[sd.index]
		case sd.sign > 0:
			r.Lower[sd.index] = p
		default:
			r.Upper[sd.index] = p
		}
		r.Gap = max(r.Gap, math.Abs(min(slack, p)))
	}
	for k, call := range l.live {
		p := l.pairs[k]
		g, h := l.natural(v, p[0]), l.natural(v, p[1])
		nu := [2]float64{l.unscaled(p[0], w[l.nu(k, 0)]), l.unscaled(p[1], w[l.nu(k, 1)])}
		r.Pairs[call] = nu
		r.PhiM = max(r.PhiM, PhiM(g, h, nu[0], nu[1]))
		r.Complementarity = max(r.Complementarity, math.Abs(min(g, h)))
		if max(math.Abs(g), math.Abs(h)) <= s.opt.Activity {
			r.Biactive = append(r.Biactive, call)
		}
	}
	grad := make([]float64, len(l.free))
	v.lagrangian(w, grad)
	for _, g := range grad {
		r.Stationarity = max(r.Stationarity, math.Abs(g)/l.objScale)
	}
	rows := make([]float64, l.m)
	l.prog.Rows(r.X, rows)
	r.Violation = smooth.Violation(l.prog, r.X, rows)
	s.multipliersOfFixed(r)
	r.Status = s.status(end)
	r.Class = s.class(r)
	if r.Solved() {
		s.secondOrder(w, r)
	}
	return r
}

// unscaled is the multiplier of a side in the units of the program, natural its slack.
func (l *layout) unscaled(sd side, p float64) float64 {
	if sd.row {
		p *= l.rowScale[sd.index]
	}
	return p / l.objScale
}

func (l *layout) natural(v *values, sd side) float64 {
	slack := v.slack(sd)
	if sd.row {
		slack /= l.rowScale[sd.index]
	}
	return slack
}

// multipliersOfFixed gives the bounds of fixed variables what is left of the gradient of the Lagrangian.
func (s *search) multipliersOfFixed(r *Result) {
	l := s.l
	if len(l.free) == l.n {
		return
	}
	g := make([]float64, l.n)
	l.prog.Gradient(r.X, g)
	jac := make([]float64, len(l.jacRows))
	l.prog.Jacobian(r.X, jac)
	lambda := append([]float64(nil), r.Rows...)
	for k, call := range l.live {
		for i, sd := range l.pairs[k] {
			if sd.row {
				lambda[sd.index] -= sd.sign * r.Pairs[call][i]
			}
		}
	}
	for k, row := range l.jacRows {
		g[l.jacCols[k]] += lambda[row] * jac[k]
	}
	for j, at := range l.place {
		if at < 0 {
			r.Lower[j], r.Upper[j] = max(g[j], 0), max(-g[j], 0)
		}
	}
}

// status is what the end of a search means.
func (s *search) status(end *system.Result) model.Status {
	switch {
	case end.Outcome == system.Solved:
		return model.StatusLocal
	case end.Residual <= math.Sqrt(s.opt.Tolerance) && end.Outcome != system.Interrupted:
		return model.StatusReducedAccuracy
	case end.Outcome == system.Limit:
		return model.StatusLimit
	case end.Outcome == system.Interrupted:
		return model.StatusInterrupted
	}
	return model.StatusFailed
}

// class is the strongest stationarity that the multipliers show, for a point that satisfies what all kinds have in common.
func (s *search) class(r *Result) Class {
	if r.Status != model.StatusLocal && r.Status != model.StatusReducedAccuracy {
		return ClassNone
	}
	size := 1.0
	for _, nu := range r.Pairs {
		size = max(size, math.Abs(nu[0]), math.Abs(nu[1]))
	}
	c := ClassS
	for _, k := range r.Biactive {
		c = min(c, classify(r.Pairs[k][0], r.Pairs[k][1], s.opt.Activity*size))
	}
	return c
}
