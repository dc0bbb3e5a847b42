package highs

import "math"

// evaluate writes A x into activity and returns the objective at x and the size of the terms that were added up in each row, for judging
// what rounding may have done.
func (a *Arrays) evaluate(x, activity, size []float64) (objective float64) {
	for i := range activity {
		v, s := 0.0, 0.0
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			term := a.Value[k] * x[a.Index[k]]
			v += term
			s += math.Abs(term)
		}
		activity[i], size[i] = v, s
	}
	objective = a.Offset
	for j, c := range a.Cost {
		objective += c * x[j]
	}
	return objective + a.quadratic(x)/2
}

// quadratic is x'Qx.
func (a *Arrays) quadratic(x []float64) float64 {
	v := 0.0
	if len(a.QValue) > 0 {
		for j := range a.Cost {
			for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
				i := int(a.QIndex[k])
				term := a.QValue[k] * x[i] * x[j]
				if i != j {
					term *= 2
				}
				v += term
			}
		}
	}
	return v
}

// gradient is Cost + Qx.
func (a *Arrays) gradient(x []float64) []float64 {
	g := append([]float64(nil), a.Cost...)
	if len(a.QValue) > 0 {
		for j := range a.Cost {
			for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
				i := int(a.QIndex[k])
				g[j] += a.QValue[k] * x[i]
				if i != j {
					g[i] += a.QValue[k] * x[j]
				}
			}
		}
	}
	return g
}

// rounding is the relative error that sums of products are allowed.
const rounding = 1e-13

// measure fills in, from the arrays alone, the activity, objective, violation, bound and gap of a solution, and judges its accuracy.
func (a *Arrays) measure(s *Solution, feasibility, integrality float64) {
	if s.X == nil {
		return
	}
	m := a.NumRows()
	s.Activity = make([]float64, m)
	size := make([]float64, m)
	s.Objective = a.evaluate(s.X, s.Activity, size)
	feasible := true
	s.Violation = 0
	violated := func(v, lower, upper, scale, tolerance float64) {
		by := max(0, lower-v, v-upper)
		if math.IsNaN(v) {
			by = math.Inf(1)
		}
		s.Violation = max(s.Violation, by)
		feasible = feasible && by <= tolerance+rounding*scale
	}
	for i, v := range s.Activity {
		violated(v, a.RowLower[i], a.RowUpper[i], size[i]+math.Abs(v), 2*feasibility)
	}
	for j, v := range s.X {
		violated(v, a.ColLower[j], a.ColUpper[j], math.Abs(v), 2*feasibility)
		if a.Integer != nil && a.Integer[j] {
			r := math.Round(v)
			violated(v, r, r, math.Abs(v), 2*integrality)
		}
	}
	s.Feasible = feasible
	accurate := feasible
	if s.Status == Optimal && !a.IsMIP() {
		s.Bound = a.dualBound(s)
		// A bound from duals that meet their own tolerance is off by about that tolerance times the size of the terms.
		scale := math.Abs(a.Offset) + math.Abs(s.Objective)
		for j, c := range a.Cost {
			scale += math.Abs(c * s.X[j])
		}
		if g := math.Abs(s.Objective - s.Bound); !(g <= 1e-6*max(1, scale)) {
			accurate = false
		}
		if !accurate && math.IsInf(s.Bound, 0) {
			s.Bound = math.NaN()
		}
	}
	s.Gap = gap(s.Objective, s.Bound)
	s.Accurate = s.Status == Optimal && accurate
}

// dualBound is the value of the dual problem at the duals y of the rows: in minimisation form
//
//	-1/2 x'Qx + sum_i y_i (RowLower_i or RowUpper_i) + sum_j d_j (ColLower_j or ColUpper_j) + Offset,  d = Cost + Qx - A'y,
//
// with the lower bound where the multiplier is positive and the upper one where it is negative: a proven bound on the objective whatever y
// is. A multiplier at an infinite bound makes it infinite, unless it is within the rounding of the solver.
func (a *Arrays) dualBound(s *Solution) float64 {
	if s.RowDuals == nil {
		return math.NaN()
	}
	sign := a.sign()
	d := a.gradient(s.X)
	size := make([]float64, len(d))
	for j := range d {
		size[j] = 1 + math.Abs(d[j])
	}
	bound := sign * (a.Offset - a.quadratic(s.X)/2)
	for i, y := range s.RowDuals {
		if b := a.RowLower[i]; sign*y < 0 && a.RowUpper[i] >= infinite || sign*y > 0 && b <= -infinite {
			if math.Abs(y) > 1e-6 {
				return math.Inf(-1) * sign
			}
			continue // any y gives a bound, so that one of the wrong sign may be taken as zero
		}
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			d[a.Index[k]] -= y * a.Value[k]
			size[a.Index[k]] += math.Abs(y * a.Value[k])
		}
		bound += side(sign*y, a.RowLower[i], a.RowUpper[i], 0)
	}
	for j := range d {
		bound += side(sign*d[j], a.ColLower[j], a.ColUpper[j], 1e-7*size[j])
	}
	return sign * bound
}

// side is the multiplier times the bound that it belongs to. Multipliers up to tolerance are dropped where that bound is infinite.
func side(multiplier, lower, upper, tolerance float64) float64 {
	b := lower
	if multiplier < 0 {
		b = upper
	}
	switch {
	case multiplier == 0:
		return 0
	case math.Abs(b) >= infinite && math.Abs(multiplier) <= tolerance:
		return 0
	case math.Abs(b) >= infinite:
		return math.Inf(-1)
	}
	return multiplier * b
}
