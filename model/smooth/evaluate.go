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
	v := c.objective.polynomial(x)
	if c.objective.root >= 0 {
		c.tape.Values(c.ws, x, c.nonlinear)
		v += c.nonlinear[c.objective.root]
	}
	return c.sense * v
}

// polynomial is the value of a part without its nonlinear term.
func (p *part) polynomial(x []float64) float64 {
	v := p.constant
	for k, j := range p.vars {
		v += p.coefs[k] * x[j]
	}
	for _, q := range p.quad {
		v += q.Coef * x[q.I] * x[q.J]
	}
	return v
}

// Gradient stores the gradient of the objective.
func (c *Compiled) Gradient(x, g []float64) {
	clear(g)
	if c.objective.root >= 0 {
		clear(c.weights)
		c.weights[c.objective.root] = c.sense
		c.tape.Gradient(c.ws, x, c.weights, g)
	}
	for k, j := range c.objective.vars {
		g[j] += c.sense * c.objective.coefs[k]
	}
	for _, q := range c.objective.quad {
		g[q.I] += c.sense * q.Coef * x[q.J]
		g[q.J] += c.sense * q.Coef * x[q.I]
	}
}

// Rows stores the values of the constraints' functions.
func (c *Compiled) Rows(x, out []float64) {
	if c.tape != nil {
		c.tape.Values(c.ws, x, c.nonlinear)
	}
	for r := range c.rows {
		p := &c.rows[r]
		out[r] = p.polynomial(x)
		if p.root >= 0 {
			out[r] += c.nonlinear[p.root]
		}
	}
}

// Jacobian stores the derivatives of the constraints' functions.
func (c *Compiled) Jacobian(x, vals []float64) {
	copy(vals, c.constJac)
	for r := range c.rows {
		p := &c.rows[r]
		for k, q := range p.quad {
			vals[p.quadJac[2*k]] += q.Coef * x[q.J]
			vals[p.quadJac[2*k+1]] += q.Coef * x[q.I]
		}
	}
	if c.tape == nil {
		return
	}
	c.tape.Jacobian(c.ws, x, c.jac)
	for k, to := range c.jacFrom {
		if to >= 0 {
			vals[to] += c.jac[k]
		}
	}
}

// Hessian stores the lower triangle of the Hessian of sigma f + λ'c.
func (c *Compiled) Hessian(x []float64, sigma float64, lambda, vals []float64) {
	clear(vals)
	c.objective.addHessian(sigma*c.sense, vals)
	for r := range c.rows {
		if lambda[r] != 0 {
			c.rows[r].addHessian(lambda[r], vals)
		}
	}
	if c.tape == nil {
		return
	}
	if c.objective.root >= 0 {
		c.weights[c.objective.root] = sigma * c.sense
	}
	for r := range c.rows {
		if root := c.rows[r].root; root >= 0 {
			c.weights[root] = lambda[r]
		}
	}
	c.tape.Hessian(c.ws, x, c.weights, c.hess)
	for k, to := range c.hessFrom {
		vals[to] += c.hess[k]
	}
}

// addHessian adds w times the Hessian of the quadratic part: twice the coefficient of a square, the coefficient of a product.
func (p *part) addHessian(w float64, vals []float64) {
	for k, q := range p.quad {
		if q.I == q.J {
			vals[p.quadHess[k]] += 2 * w * q.Coef
		} else {
			vals[p.quadHess[k]] += w * q.Coef
		}
	}
}
