package hypergrad

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// guard keeps a run from diverging, finds step sizes, and measures where the run is.
type guard struct {
	ay, av, ax float64 // step sizes before schedules
	most       float64 // of ax; 0: any
	shrink     float64 // factor of all steps by rule after divergence
	next       int     // iteration of the next check
	x, y, v    []float64
	d          []float64 // hypergradient at the last good point
	q          []float64 // of the power iteration
	adjoint    []float64 // of the checks, improved from one to the next
	hessian    []float64 // of a small follower, at the point that was measured; nil where there is none
	factor     matrix.Cholesky
	begun      bool    // the start was measured and not yet checked
	value      float64 // of F at the last good point
	height     float64 // of h there, as far as it is known: F less the first-order effect of the follower's residual
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
	// A follower that is solved at the start says nothing about residuals to come: those of y off by a hundredth do.
	if unit := math.Sqrt(float64(r.o.m)) + norm(r.y); g.ay > 0 && g.firstRes <= 1e-8*unit*stepShare(r.opt.Method)/g.ay {
		g.firstRes = 1e-2 * unit * stepShare(r.opt.Method) / g.ay
	}
	g.ax = moveLimit(0.02, at.d)
	if norm(at.d) <= 1e-6*(1+math.Abs(at.value)) {
		g.ax = 0.02 * math.Sqrt(float64(r.o.n)) // a start without slope says nothing about the step
	}
	g.keep(r, at)
	g.firstNorm = g.norm
	g.begun = true
	return nil
}

// eigenvalue sets the follower's steps to a share of the inverse of its Hessian's largest eigenvalue, which moves with x.
func (g *guard) eigenvalue(r *sampledRun, iterations int) {
	apply := func(v, out []float64) { r.o.Hessian(r.x, r.y, v, out) }
	if g.hessian != nil {
		iterations = 50
		apply = g.apply
	}
	if l := largestEigenvalue(apply, g.q, iterations); l > 0 && !math.IsInf(l, 0) {
		g.ay = stepShare(r.opt.Method) / l * g.shrink
		g.av = g.ay
	} else {
		copy(g.q, r.y)
		g.q[0]++
	}
}

// stepShare is the follower's step times the largest eigenvalue.
func stepShare(m Method) float64 {
	if s, ok := m.(interface{ stepShare() float64 }); ok {
		return s.stepShare()
	}
	return 0.5
}

// denseChecks is the size of the largest follower whose Hessian checks ask for: it costs about as many products as they would take otherwise.
const denseChecks = 40

// form looks for the follower's Hessian at the current point.
func (g *guard) form(r *sampledRun) {
	g.hessian = nil
	if r.o.m > denseChecks {
		return
	}
	h := make([]float64, r.o.m*r.o.m)
	if r.o.matrix(r.x, r.y, h) && finite(h) && g.factor.Factor(r.o.m, h, 0) {
		g.hessian = h
	}
}

// apply stores the product of the Hessian with v.
func (g *guard) apply(v, out []float64) {
	for i := range out {
		out[i] = matrix.Dot(g.hessian[i*len(v):(i+1)*len(v)], v)
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
	if g.form(r); g.hessian != nil {
		copy(g.adjoint, r.gy)
		g.factor.Solve(g.adjoint)
	} else {
		var c conjugate
		c.solve(linear{apply: func(v, out []float64) { r.o.Hessian(r.x, r.y, v, out) }}, r.gy, g.adjoint, g.adjointTolerance()*norm(r.gy), 5)
	}
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
	if g.begun {
		g.begun = false
		return g.stationary(r)
	}
	at := g.measure(r)
	d := at.d
	bad := !at.finite() || !finite(r.x)
	// While the follower still closes in on its answer F may well rise, and what is known of h with it: that is no fault of the steps.
	settled := at.residual > 0.9*g.residual
	if !bad && !r.opt.Unguarded {
		if bad = g.jumped(at, settled); bad && g.hessian == nil {
			// The adjoint is better known than when the last good point was measured: the two are compared with the same one.
			fy := make([]float64, r.o.m)
			value := r.o.Leader(g.x, g.y, nil, nil)
			r.o.Follower(g.x, g.y, nil, fy)
			g.height = value - dot(g.adjoint, fy)
			bad = g.jumped(at, settled)
		}
	}
	if bad {
		if r.opt.Unguarded {
			return false, &OracleError{Oracle: "Leader or Follower", Iteration: r.k, Err: ErrNotNumber}
		}
		if g.failures++; g.failures > 60 {
			if at.finite() && finite(r.x) {
				return false, fmt.Errorf("hypergrad: %w after %d returns, the last at iteration %d", ErrDiverged, g.failures-1, r.k)
			}
			return false, &OracleError{Oracle: "Leader or Follower", Iteration: r.k, Err: ErrNotNumber}
		}
		copy(r.x, g.x)
		copy(r.y, g.y)
		copy(r.v, g.v)
		g.ax /= 4
		g.shrink /= 2
		g.form(r)
		g.eigenvalue(r, 10)
		g.restart(r)
		return false, nil
	}
	g.adapt(at, settled)
	g.ax = min(g.ax, moveLimit(0.1, d))
	g.keep(r, at)
	g.eigenvalue(r, 1)
	return g.stationary(r)
}

// jumped reports whether what is known of h, or the follower's residual, is so much above the last good point that the steps were too long.
func (g *guard) jumped(at measured, settled bool) bool {
	room := 0.25*math.Abs(g.firstValue-g.best) + 1e-2*math.Abs(g.best) + 1e-12
	return at.height > g.height+room && at.residual > 2*g.residual ||
		settled && at.height > max(g.height, g.firstValue)+room+math.Abs(g.firstValue-g.best) || at.residual > 10*max(g.residual, g.firstRes)
}

// adapt changes the leader's step by what came of it since the check before: it grows while successive hypergradients agree and shrinks where they turn. Where
// the hypergradient became longer, the step was too long for this h: steps stay well below it then, for a limit that is raised slowly.
func (g *guard) adapt(at measured, settled bool) {
	now, before := norm(at.d), norm(g.d)
	if now == 0 || before == 0 {
		return
	}
	g.most *= 1.3
	switch cos := dot(at.d, g.d) / (now * before); {
	case settled && at.height > g.height+1e-3*math.Abs(g.height):
		g.ax /= 2
		g.most = g.ax
	case now > 2*before:
		g.ax /= 3
		g.most = g.ax
	case cos < 0:
		g.ax *= 0.7
	case cos > 0.9:
		g.ax *= 3
	case cos > 0.8:
		g.ax *= 2
	case cos > 0.3:
		g.ax *= 1.5
	}
	if g.most > 0 {
		g.ax = min(g.ax, g.most)
	}
}

// restart tells the method that the point jumped: it starts its memories anew.
func (g *guard) restart(r *sampledRun) {
	if f := r.numbers["restart"]; f != nil {
		*f = 1
	}
}

// stationary solves the follower at a point that looks stationary, more and more exactly until the projected gradient changes by less than a tenth of the tolerance, and
// answers whether it is.
func (g *guard) stationary(r *sampledRun) (bool, error) {
	if g.norm > r.opt.Tolerance {
		return false, nil
	}
	e, err := NewEvaluator(r.o.Problem, r.y, EngineOptions{})
	if err != nil {
		return false, err
	}
	defer func() { r.o.tally.add(e.Tally()) }()
	before := make([]float64, r.o.n)
	projectedGradient(r.opt.Set, r.x, g.d, before)
	for tol := 1e-6; tol >= 1e-13; tol *= 1e-2 {
		e.anew++
		ev, err := e.Evaluate(r.ctx, r.x, tol)
		if err != nil {
			// Whatever keeps the follower from being solved leaves the point unproven.
			return false, nil
		}
		now := make([]float64, r.o.n)
		size := projectedGradient(r.opt.Set, r.x, ev.Gradient, now)
		if size > r.opt.Tolerance {
			return false, nil
		}
		add(before, -1, now)
		change := norm(before)
		if before = now; change <= 0.1*r.opt.Tolerance {
			g.norm, g.value, g.residual = size, ev.Value, ev.Residual
			copy(g.d, ev.Gradient)
			copy(g.y, ev.Y)
			return true, nil
		}
	}
	return false, nil
}
