package hypergrad

import "math"

// scheduled is the factor of the method's schedule.
func scheduled(k int, exponent float64) float64 {
	if exponent == 0 {
		return 1
	}
	return math.Pow(float64(k+1), -exponent)
}

// moveY makes a follower step along -d; batch is what d was sampled from, for rules that look at the function.
func (r *sampledRun) moveY(d []float64, batch []int) { r.moveFollower(r.y, d, batch) }

// moveFollower makes a follower step of another vector than r.y.
func (r *sampledRun) moveFollower(y, d []float64, batch []int) {
	e, _, _ := r.opt.Method.exponents()
	if r.opt.YSteps == nil {
		add(y, -r.guard.ay*scheduled(r.k, e), d)
		return
	}
	r.ruled(r.opt.YSteps, &r.memory.Y, y, d, func(y []float64) float64 { return r.o.followerBatch(batch, r.x, y, nil, nil) })
}

// moveV makes a step of the adjoint along -d.
func (r *sampledRun) moveV(d []float64) {
	_, e, _ := r.opt.Method.exponents()
	if r.opt.VSteps == nil {
		add(r.v, -r.guard.av*scheduled(r.k, e), d)
		return
	}
	r.ruled(r.opt.VSteps, &r.memory.V, r.v, d, nil)
}

// moveX makes a projected leader step along -d.
func (r *sampledRun) moveX(d []float64) {
	t := r.guard.ax
	if r.opt.XSteps != nil {
		r.memory.X.note(norm(d), r.guard.value)
		t = r.opt.XSteps.size(r.k, &r.memory.X)
	} else {
		_, _, e := r.opt.Method.exponents()
		t *= scheduled(r.k, e)
	}
	if !r.opt.Unguarded {
		t *= r.guard.shrink
		if size, most := t*norm(d), 0.1*math.Sqrt(float64(r.o.n)); size > most {
			t *= most / size
		}
	}
	add(r.x, -t, d)
	project(r.opt.Set, r.x)
	r.memory.X.made(t, t*norm(d))
}

// ruled makes a step by a rule; with a function, Backtracking searches and Polyak knows its value.
func (r *sampledRun) ruled(rule Steps, m *stepMemory, z, d []float64, f func(z []float64) float64) {
	size := norm(d)
	value := math.NaN()
	_, search := rule.(Backtracking)
	if _, polyak := rule.(Polyak); f != nil && (search || polyak) {
		value = f(z)
	}
	m.note(size, value)
	t := rule.size(r.k, m)
	if search && f != nil && size > 0 {
		trial := make([]float64, len(z))
		for range 40 {
			copy(trial, z)
			if add(trial, -t, d); f(trial) <= value-1e-4*t*size*size {
				break
			}
			t /= 2
		}
	}
	if !r.opt.Unguarded {
		t *= r.guard.shrink
	}
	add(z, -t, d)
	m.made(t, t*size)
}

// guard keeps a run from diverging, finds step sizes, and measures where the run is.
type guard struct {
	ay, av, ax float64 // step sizes before schedules
	shrink     float64 // factor of all steps by rule after divergence
	next       int     // iteration of the next check
	x, y, v    []float64
	d          []float64 // hypergradient at the last good point
	q          []float64 // of the power iteration
	adjoint    []float64 // of the checks, improved from one to the next
	value      float64   // of F at the last good point
	height     float64   // of h there, as far as it is known: F less the first-order effect of the follower's residual
	norm       float64
	residual   float64
	firstValue float64 // height at the start, and the least height
	best       float64
	firstNorm  float64
	firstRes   float64
	failures   int
}

// measured is what a check sees.
type measured struct {
	d                       []float64 // hypergradient
	value, height, residual float64
}

func (m measured) finite() bool {
	sum := m.value + m.height + m.residual
	return finite(m.d) && !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

func (g *guard) due(r *sampledRun) bool { return r.k >= g.next }

// step is the leader's current step.
func (g *guard) step(r *sampledRun) float64 {
	if r.opt.XSteps != nil {
		return r.memory.X.Last
	}
	_, _, e := r.opt.Method.exponents()
	return g.ax * scheduled(r.k, e)
}

// begin measures the start.
func (g *guard) begin(r *sampledRun) error {
	g.shrink = 1
	g.q = make([]float64, r.o.m)
	for j := range g.q {
		g.q[j] = (1 + 0.5*math.Sin(float64(3*j+1))) / math.Sqrt(float64(r.o.m))
	}
	g.d, g.adjoint = make([]float64, r.o.n), make([]float64, r.o.m)
	at := g.measure(r)
	if !at.finite() {
		return &OracleError{Oracle: "Leader or Follower", Err: ErrNotNumber}
	}
	g.eigenvalue(r, 15)
	g.firstValue, g.best, g.firstRes = at.height, at.height, at.residual
	g.ax = moveLimit(0.01, at.d)
	if norm(at.d) <= 1e-6*(1+math.Abs(at.value)) {
		g.ax = 0.01 * math.Sqrt(float64(r.o.n)) // a start without slope says nothing about the step
	}
	g.keep(r, at)
	g.firstNorm = g.norm
	return nil
}

// eigenvalue sets the follower's steps to half the inverse of its Hessian's largest eigenvalue, which moves with x.
func (g *guard) eigenvalue(r *sampledRun, iterations int) {
	if l := largestEigenvalue(func(v, out []float64) { r.o.Hessian(r.x, r.y, v, out) }, g.q, iterations); l > 0 && !math.IsInf(l, 0) {
		g.ay = 0.5 / l * g.shrink
		g.av = g.ay
	} else {
		copy(g.q, r.y)
		g.q[0]++
	}
}

// measure answers the hypergradient estimate at the current point from whole sums, with an adjoint that a few products improve from check to check, F and
// the follower's residual.
func (g *guard) measure(r *sampledRun) measured {
	d := make([]float64, r.o.n)
	value := r.o.Leader(r.x, r.y, r.gx, r.gy)
	fy := make([]float64, r.o.m)
	r.o.Follower(r.x, r.y, nil, fy)
	if !finite(r.gy) || !finite(fy) || !finite(r.v) {
		return measured{d: d, value: math.NaN()}
	}
	var c conjugate
	c.solve(linear{apply: func(v, out []float64) { r.o.Hessian(r.x, r.y, v, out) }}, r.gy, g.adjoint, g.adjointTolerance()*norm(r.gy), 5)
	if !finite(g.adjoint) {
		clear(g.adjoint)
	}
	r.o.Mixed(r.x, r.y, g.adjoint, r.cv)
	for j := range d {
		d[j] = r.gx[j] - r.cv[j]
	}
	return measured{d: d, value: value, height: value - dot(g.adjoint, fy), residual: norm(fy)}
}

// adjointTolerance follows the progress of the run.
func (g *guard) adjointTolerance() float64 {
	if g.firstNorm == 0 {
		return 0.02
	}
	return max(1e-6, 0.02*min(1, g.norm/g.firstNorm))
}

// moveLimit is the leader's step with which a move along d has the share of √n.
func moveLimit(share float64, d []float64) float64 {
	return share * math.Sqrt(float64(len(d))) / max(norm(d), 1e-12)
}

// keep makes the current point the last good one.
func (g *guard) keep(r *sampledRun, at measured) {
	g.x, g.y, g.v = append(g.x[:0], r.x...), append(g.y[:0], r.y...), append(g.v[:0], r.v...)
	copy(g.d, at.d)
	g.value, g.height, g.residual, g.best = at.value, at.height, at.residual, min(g.best, at.height)
	g.norm = projectedGradient(r.opt.Set, r.x, at.d, make([]float64, r.o.n))
	g.failures = 0
}

// check measures, accepts the point or returns to the last good one, and adapts the steps. It answers whether the point is stationary.
func (g *guard) check(r *sampledRun) (stationary bool, err error) {
	if g.next = r.k + r.opt.CheckEvery; r.k < r.opt.CheckEvery {
		g.next = min(g.next, max(25, 2*r.k))
	}
	at := g.measure(r)
	d := at.d
	bad := !at.finite() || !finite(r.x)
	// While the follower still closes in on its answer F may well rise, and what is known of h with it: that is no fault of the steps.
	settled := at.residual > 0.9*g.residual
	if !bad && !r.opt.Unguarded {
		room := 0.25*math.Abs(g.firstValue-g.best) + 1e-2*math.Abs(g.best) + 1e-12
		bad = at.height > g.height+room && at.residual > 2*g.residual
		bad = bad || settled && at.height > max(g.height, g.firstValue)+room+math.Abs(g.firstValue-g.best) || at.residual > 10*max(g.residual, g.firstRes)
	}
	if bad {
		if r.opt.Unguarded {
			return false, &OracleError{Oracle: "Leader or Follower", Iteration: r.k, Err: ErrNotNumber}
		}
		if g.failures++; g.failures > 60 {
			return false, &OracleError{Oracle: "Leader or Follower", Iteration: r.k, Err: ErrNotNumber}
		}
		copy(r.x, g.x)
		copy(r.y, g.y)
		copy(r.v, g.v)
		g.ax /= 4
		g.shrink /= 2
		g.eigenvalue(r, 10)
		g.restart(r)
		return false, nil
	}
	if both := norm(d) * norm(g.d); both > 0 {
		switch cos := dot(d, g.d) / both; {
		case settled && at.height > g.height+1e-3*math.Abs(g.height):
			g.ax /= 2
		case cos < 0:
			g.ax *= 0.7
		case cos > 0.8:
			g.ax *= 2
		case cos > 0.3:
			g.ax *= 1.5
		}
	}
	g.ax = min(g.ax, moveLimit(0.1, d))
	g.keep(r, at)
	g.eigenvalue(r, 1)
	if g.norm > r.opt.Tolerance {
		return false, nil
	}
	return g.confirm(r)
}

// restart tells the method that the point jumped: it starts its memories anew.
func (g *guard) restart(r *sampledRun) {
	if f := r.numbers["restart"]; f != nil {
		*f = 1
	}
}

// confirm solves the follower at a point that looks stationary.
func (g *guard) confirm(r *sampledRun) (bool, error) {
	e, err := NewEvaluator(r.o.Problem, r.y, EngineOptions{})
	if err != nil {
		return false, err
	}
	ev, err := e.Evaluate(r.ctx, r.x, 1e-6)
	t := e.Tally()
	r.o.tally.add(t)
	if err != nil {
		// Whatever keeps the follower from being solved leaves the point unproven.
		return false, nil
	}
	size := projectedGradient(r.opt.Set, r.x, ev.Gradient, make([]float64, r.o.n))
	if size <= r.opt.Tolerance {
		g.norm, g.value, g.residual = size, ev.Value, ev.Residual
		copy(g.d, ev.Gradient)
		copy(g.y, ev.Y)
		return true, nil
	}
	return false, nil
}
