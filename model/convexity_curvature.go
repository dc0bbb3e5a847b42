package model

import "math"

// denseLimit is the number of own variables up to which all eigenvalues of a Hessian are computed; beyond, directions are drawn.
const denseLimit = 40

// testCurvature looks at the second derivatives of the follower's functions at n points.
func (f *followerSampler) testCurvature(s *FollowerStatement, n int) {
	equations := f.equations()
	name := func(root int) string {
		if root == 0 {
			if o := f.m.players[f.judge.player].objective; o.Name != "" {
				return o.Name
			}
			return "objective"
		}
		return f.rows[root-1].name
	}
	x := make([]float64, len(f.vars))
	weights := make([]float64, len(f.values))
	for i := range n {
		f.draw(x, 0, len(x))
		if i == 0 {
			copy(x, f.start)
		}
		if i%2 == 1 {
			f.setSizes(x)
			f.narrow = i%4 == 1
			f.enter(x, 0.02, 40)
			f.narrow = false
		}
		if !f.spend(2 * len(f.curved)) {
			break
		}
		feasible := f.feasible(x)
		looked := false
		for _, root := range f.curved {
			weights[root] = 1
			f.tape.Hessian(f.ws, x, weights, f.hess)
			weights[root] = 0
			for _, sign := range f.sides(root) {
				curvature, d, ok := f.leastCurvature(sign, equations)
				looked = looked || ok
				if !ok || d == nil || !f.confirmed(root, sign, x, d, curvature) {
					continue
				}
				a := &Counterexample{Function: name(root), Objective: root == 0, Inside: feasible && f.goesOn(x, d), X: f.wide(x), Curvature: curvature}
				a.Direction = make([]float64, f.m.NumVars())
				for k, v := range d {
					a.Direction[f.vars[k]] = v
				}
				if s.Against == nil || a.weight() > s.Against.weight() {
					s.Against = a
				}
			}
		}
		if looked {
			s.Samples++
			if feasible {
				s.Feasible++
			}
		}
		if s.Against != nil && s.Against.weight() == 3 {
			break // nothing says more
		}
	}
	if s.Against != nil && s.Against.weight() == 3 {
		s.Convex = No
	}
}

// confirmed reports whether a second difference of sign times the function shows the curvature that derivatives do, roughly: at a point where a
// part of the function has no value, like 1/(1/0), derivatives say nothing.
func (f *followerSampler) confirmed(root int, sign float64, x, d []float64, curvature float64) bool {
	y := append([]float64(nil), x...)
	value := func(step float64) float64 {
		for k, v := range d {
			y[k] = x[k] + step*v
		}
		f.tape.Values(f.ws, y, f.values)
		return sign * f.values[root]
	}
	for _, h := range [...]float64{1e-1, 1e-2, 1e-3, 1e-4} {
		a, b, c := value(-h), value(0), value(h)
		second, rounding := (a-2*b+c)/(h*h), 1e-14*(math.Abs(a)+math.Abs(b)+math.Abs(c))/(h*h)
		if math.Abs(second-curvature) < 0.2*math.Abs(curvature) && second < -rounding {
			return true
		}
	}
	return false
}

// goesOn reports whether x may move some way in both directions along d, which concerns own variables, without leaving the constraints.
func (f *followerSampler) goesOn(x, d []float64) bool {
	y := append([]float64(nil), x...)
	for _, step := range [2]float64{1e-4, -1e-4} {
		for k, v := range d {
			y[k] = x[k] + step*v*math.Max(1, math.Abs(x[k]))
		}
		if !f.feasible(y) {
			return false
		}
	}
	return true
}

// weight orders counterexamples by what they say.
func (a *Counterexample) weight() int {
	w := 0
	if a.Inside {
		w += 2
	}
	if a.Objective {
		w++
	}
	return w
}

// sides are the signs with which a function has to be convex: +1 for f <= hi, -1 for lo <= f.
func (f *followerSampler) sides(root int) []float64 {
	if root == 0 {
		return []float64{1}
	}
	var out []float64
	if !math.IsInf(f.rows[root-1].hi, 1) {
		out = append(out, 1)
	}
	if !math.IsInf(f.rows[root-1].lo, -1) {
		out = append(out, -1)
	}
	return out
}

// equations are the orthonormal gradients of the affine equations that do not depend on other players, in the own variables.
func (f *followerSampler) equations() [][]float64 {
	s := f.judge.nullSpaceOf()
	var list [][]float64
	for _, q := range s.rows {
		row := make([]float64, f.own)
		for k, j := range f.vars[:f.own] {
			row[k] = q[s.index[int32(j)]]
		}
		if length(row) > 1e-12 {
			list = append(list, row)
		}
	}
	return orthonormal(list)
}

// leastCurvature looks for a direction along the equations in which sign times the Hessian at hand is negative. ok says that all second
// derivatives exist; the direction is nil where there is none.
func (f *followerSampler) leastCurvature(sign float64, equations [][]float64) (curvature float64, d []float64, ok bool) {
	rows, cols := f.tape.HessianPattern()
	scale := 0.0
	for i, r := range rows {
		if int(r) < f.own && int(cols[i]) < f.own {
			if math.IsNaN(f.hess[i]) || math.IsInf(f.hess[i], 0) {
				return 0, nil, false
			}
			scale = math.Max(scale, math.Abs(f.hess[i]))
		}
	}
	if scale == 0 {
		return 0, nil, true
	}
	if f.own <= denseLimit {
		a := make([]float64, f.own*f.own)
		for i, r := range rows {
			if int(r) < f.own && int(cols[i]) < f.own {
				a[int(r)*f.own+int(cols[i])], a[int(cols[i])*f.own+int(r)] = sign*f.hess[i], sign*f.hess[i]
			}
		}
		projectMatrix(a, f.own, equations)
		curvature, d = leastEigenvalue(a, f.own)
		f.work -= 10 * float64(f.own*f.own*f.own)
	} else {
		curvature, d = f.drawnCurvature(sign, equations)
	}
	if !(curvature < -1e-7*scale) {
		return 0, nil, true
	}
	return curvature, d, true
}

// drawnCurvature takes the least of sign d'Hd over the coordinate directions and some drawn ones, all along the equations.
func (f *followerSampler) drawnCurvature(sign float64, equations [][]float64) (float64, []float64) {
	rows, cols := f.tape.HessianPattern()
	least, best := 0.0, []float64(nil)
	try := func(d []float64) {
		for _, q := range equations {
			axpy(d, -inner(q, d), q)
		}
		size := length(d)
		if size < 1e-6 {
			return
		}
		v := 0.0
		for i, r := range rows {
			if int(r) >= f.own || int(cols[i]) >= f.own {
				continue
			}
			c := f.hess[i] * d[r] * d[cols[i]]
			if r != cols[i] {
				c *= 2
			}
			v += sign * c
		}
		if v /= size * size; v < least {
			least = v
			for i := range d {
				d[i] /= size
			}
			best = d
		}
	}
	for i, r := range rows { // coordinates and pairs of them that some second derivative ties
		if int(r) >= f.own || int(cols[i]) >= f.own || f.hess[i] == 0 {
			continue
		}
		d := make([]float64, f.own)
		d[r] = 1
		if r != cols[i] {
			d[cols[i]] = math.Copysign(1, -sign*f.hess[i])
		}
		try(d)
	}
	for range 10 {
		d := make([]float64, f.own)
		for k := range d {
			d[k] = f.rng.NormFloat64()
		}
		try(d)
	}
	f.work -= float64(len(rows)) * float64(f.own)
	return least, best
}
