package smooth

// Scales multiply the functions of a program: the objective by Objective, row r by Rows[r]. JacobianRows is the row of each entry of the Jacobian, as
// JacobianPattern gives it.
type Scales struct {
	Objective    float64
	Rows         []float64
	JacobianRows []int32
}

// Evaluate stores the scaled gradient, rows and Jacobian of p at x, and returns the scaled objective. The slices have the lengths that p asks for.
func (s Scales) Evaluate(p Program, x, gradient, rows, jacobian []float64) (objective float64) {
	objective = s.Objective * p.Objective(x)
	p.Gradient(x, gradient)
	for j := range gradient {
		gradient[j] *= s.Objective
	}
	p.Rows(x, rows)
	for r := range rows {
		rows[r] *= s.Rows[r]
	}
	p.Jacobian(x, jacobian)
	for k, r := range s.JacobianRows {
		jacobian[k] *= s.Rows[r]
	}
	return objective
}
