package highs

import "math"

// Objective is the objective value, as declared and with the offset, at the point of the last solve; NaN where there is no point.
func (l *LP) Objective() float64 {
	if l.engine == nil || !l.hasPoint() {
		return math.NaN()
	}
	if l.n == 0 {
		a, err := l.Arrays()
		if err != nil {
			return math.NaN()
		}
		return a.Offset
	}
	return l.sign * l.engine.objective()
}

// hasPoint reports whether the last solve left a point, be it feasible or not.
func (l *LP) hasPoint() bool {
	switch l.status {
	case Infeasible, InfeasibleOrUnbounded, Failed:
		return false
	}
	if l.n == 0 {
		return l.status == Optimal
	}
	return l.engine.infoInt("primal_solution_status") != 0
}

func (l *LP) hasDuals() bool {
	if l.n == 0 {
		return l.status == Optimal
	}
	return l.engine.infoInt("dual_solution_status") != 0
}

// Primal writes the values of the columns at the point of the last solve into x, which has length NumCols; NaN where there is no
// point. After Optimal the point is optimal; after IterationLimit it may violate rows and bounds.
func (l *LP) Primal(x []float64) error { return l.read("x", x, l.n, 0, 1) }

// RowActivity writes A x at the point of the last solve into v, which has length NumRows.
func (l *LP) RowActivity(v []float64) error { return l.read("v", v, l.m, 2, 1) }

// ReducedCosts writes the reduced costs of the columns into v, which has length NumCols. (See LP for the sign.)
func (l *LP) ReducedCosts(v []float64) error { return l.read("v", v, l.n, 1, l.sign) }

// RowDuals writes the duals of the rows into v, which has length NumRows. (See LP for the sign.)
func (l *LP) RowDuals(v []float64) error { return l.read("v", v, l.m, 3, l.sign) }

func (l *LP) read(name string, v []float64, want, part int, sign float64) error {
	if err := l.ready(); err != nil {
		return err
	}
	if len(v) != want {
		return lengthError(name, len(v), want)
	}
	valid := l.hasPoint()
	if part == 1 || part == 3 {
		valid = l.hasDuals()
	}
	if !valid {
		for i := range v {
			v[i] = math.NaN()
		}
		return nil
	}
	if l.n == 0 {
		clear(v)
		return nil
	}
	parts := [4][]float64{}
	parts[part] = v
	l.engine.solution(parts[0], parts[1], parts[2], parts[3])
	if sign < 0 {
		for i := range v {
			v[i] = -v[i]
		}
	}
	return nil
}

// PrimalRay returns, after Unbounded, a direction d in which the objective improves without limit, and else false:
// x + t d satisfies all rows and bounds for every feasible x and every t >= 0.
func (l *LP) PrimalRay() ([]float64, bool) {
	if l.engine == nil || l.n == 0 {
		return nil, false
	}
	ray := make([]float64, l.n)
	if l.engine.primalRay(ray) {
		return ray, true
	}
	if l.m > 0 || l.status != Unbounded {
		return nil, false
	}
	// The solver gives no ray where there are no rows; there a single column is one.
	a, err := l.Arrays()
	if err != nil {
		return nil, false
	}
	for j, c := range a.Cost {
		c *= l.sign
		if c < 0 && a.ColUpper[j] >= infinite || c > 0 && a.ColLower[j] <= -infinite {
			ray[j] = math.Copysign(1, -c)
			return ray, true
		}
	}
	return nil, false
}

// DualRay returns, after Infeasible from the dual simplex without presolve, weights y of the rows that prove it (Farkas), and else
// false: over all x within the column bounds,
//
//	max y'A x  <  sum over y_i > 0 of y_i RowLower_i + sum over y_i < 0 of y_i RowUpper_i,
//
// so the weighted sum of the rows cannot hold. The solver's ray is used with the sign that makes this true; where neither does to
// working accuracy, the answer is false.
func (l *LP) DualRay() ([]float64, bool) {
	if l.engine == nil || l.m == 0 {
		return nil, false
	}
	y := make([]float64, l.m)
	if !l.engine.dualRay(y) {
		return nil, false
	}
	a, err := l.Arrays()
	if err != nil {
		return nil, false
	}
	if a.farkas(y) {
		return y, true
	}
	if y = negated(y); a.farkas(y) {
		return y, true
	}
	return nil, false
}

// farkas reports whether the weights y of the rows prove the problem infeasible. See LP.DualRay.
func (a *Arrays) farkas(y []float64) bool {
	largest := 0.0
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	need := 0.0
	combined := make([]float64, a.NumCols()) // y'A
	size := make([]float64, a.NumCols())     // the magnitudes that were added up
	for i, v := range y {
		switch {
		case math.Abs(v) <= 1e-12*largest:
			continue
		case v > 0:
			need += v * a.RowLower[i]
		default:
			need += v * a.RowUpper[i]
		}
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			combined[a.Index[k]] += v * a.Value[k]
			size[a.Index[k]] += math.Abs(v * a.Value[k])
		}
	}
	reach := 0.0 // the greatest value of y'A x within the column bounds
	for j, v := range combined {
		switch {
		case math.Abs(v) <= 1e-11*size[j] || v == 0:
		case v > 0:
			reach += v * a.ColUpper[j]
		default:
			reach += v * a.ColLower[j]
		}
	}
	return !math.IsNaN(need) && !math.IsInf(need, 0) && reach < need
}

func lengthError(name string, got, want int) error {
	return &ArrayError{name, -1, formatLengths(got, want)}
}
