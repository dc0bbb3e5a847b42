package smooth

// NumVars is n.
func (c *Compiled) NumVars() int { return c.n }

// NumRows is m.
func (c *Compiled) NumRows() int { return c.m }

// Bounds are l and u.
func (c *Compiled) Bounds() (lower, upper []float64) { return c.lower, c.upper }

// RowBounds are L and U.
func (c *Compiled) RowBounds() (lower, upper []float64) { return c.rowLower, c.rowUpper }

// JacobianPattern gives the places of Jacobian's values.
func (c *Compiled) JacobianPattern() (rows, cols []int32) { return c.jacRows, c.jacCols }

// HessianPattern gives the places of Hessian's values.
func (c *Compiled) HessianPattern() (rows, cols []int32) { return c.hessRows, c.hessCols }

// Objective is the leader's objective at x, negated where it is maximised.
func (c *Compiled) Objective(x []float64) float64 {
	v := c.fConst
	for k, j := range c.fVars {
		v += c.fCoefs[k] * x[j]
	}
	for k := range c.fQuad {
		q := &c.fQuad[k]
		v += q.coef * x[q.i] * x[q.j]
	}
	if c.fTape != nil {
		var root [1]float64
		c.fTape.Values(c.objective.of(c.fTape).ws, x, root[:])
		v += root[0]
	}
	return c.sense * v
}

// Gradient stores the gradient of the objective.
func (c *Compiled) Gradient(x, g []float64) {
	g = g[:c.n]
	clear(g)
	if c.fTape != nil {
		s := c.objective.of(c.fTape)
		s.weights[0] = c.sense
		c.fTape.Gradient(s.ws, x, s.weights, g)
	}
	for k, j := range c.fVars {
		g[j] += c.sense * c.fCoefs[k]
	}
	for k := range c.fQuad {
		q := &c.fQuad[k]
		w := c.sense * q.coef
		g[q.i] += w * x[q.j]
		g[q.j] += w * x[q.i]
	}
}

// Rows stores the values of the constraints' functions.
func (c *Compiled) Rows(x, out []float64) {
	out = out[:c.m]
	k := 0
	for r, v := range c.constants {
		cols := c.cols[k:c.start[r+1]]
		coefs := c.coefs[k:c.start[r+1]]
		for l, j := range cols {
			v += coefs[l] * x[j]
		}
		out[r] = v
		k += len(cols)
	}
	for k := range c.quad {
		q := &c.quad[k]
		out[q.row] += q.coef * x[q.i] * x[q.j]
	}
	if c.tape != nil {
		s := c.rows.of(c.tape)
		c.tape.Values(s.ws, x, s.weights)
		for k, r := range c.rootRow {
			out[r] += s.weights[k]
		}
	}
}

// Jacobian stores the derivatives of the constraints' functions.
func (c *Compiled) Jacobian(x, vals []float64) {
	copy(vals[:len(c.constJac)], c.constJac)
	for k := range c.quad {
		q := &c.quad[k]
		vals[q.di] += q.coef * x[q.j]
		vals[q.dj] += q.coef * x[q.i]
	}
	if c.tape != nil {
		s := c.rows.of(c.tape)
		c.tape.Jacobian(s.ws, x, s.jac)
		for k, to := range c.fromTape {
			vals[to] += s.jac[k]
		}
	}
}

// Hessian stores the lower triangle of the Hessian of sigma f + λ'c. A function whose weight is zero is left out, even where its
// derivatives are not numbers.
func (c *Compiled) Hessian(x []float64, sigma float64, lambda, vals []float64) {
	vals = vals[:len(c.hessRows)]
	clear(vals)
	sigma *= c.sense
	if sigma != 0 {
		for k := range c.fQuad {
			vals[c.fQuad[k].hess] += sigma * c.fQuad[k].second
		}
		if c.fTape != nil {
			s := c.objective.of(c.fTape)
			s.weights[0] = sigma
			c.fTape.Hessian(s.ws, x, s.weights, s.hess)
			for k, to := range c.hessFromF {
				vals[to] += s.hess[k]
			}
		}
	}
	for k := range c.quad {
		q := &c.quad[k]
		vals[q.hess] += lambda[q.row] * q.second
	}
	if c.tape != nil {
		s := c.rows.of(c.tape)
		for k, r := range c.rootRow {
			s.weights[k] = lambda[r]
		}
		c.tape.Hessian(s.ws, x, s.weights, s.hess)
		for k, to := range c.hessRow {
			vals[to] += s.hess[k]
		}
	}
}
