package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Engine is how a hypergradient is computed.
type Engine uint8

const (
	// CG is approximate implicit differentiation with conjugate gradients for the adjoint system Hv = ∇y F: ∇h = ∇x F - C'v. Followers with
	// constraints take MINRES.
	CG Engine = iota
	// Neumann is implicit differentiation with a truncated Neumann series, v = η Σ_{j<Terms} (I - ηH)^j ∇y F.
	Neumann
	// FixedPoint is implicit differentiation with v ← v - η(Hv - ∇y F), warm started.
	FixedPoint
	// Reverse differentiates Steps gradient steps y ← y - η∇y f backwards, from checkpoints; with Terms > 0 only the last Terms of them.
	Reverse
	// Forward differentiates the same steps forwards, with one derivative vector for each leader variable.
	Forward
)

var engineNames = []string{"cg", "neumann", "fixed-point", "reverse", "forward"}

// String is the name of the engine as commands write it.
func (e Engine) String() string {
	if int(e) < len(engineNames) {
		return engineNames[e]
	}
	return fmt.Sprintf("Engine(%d)", uint8(e))
}

// ParseEngine is the engine of a name.
func ParseEngine(name string) (Engine, error) {
	if k := slices.Index(engineNames, name); k >= 0 {
		return Engine(k), nil
	}
	return 0, badOption("no engine is called %q; the engines are %v", name, engineNames)
}

// EngineOptions are the settings of an Evaluator; the zero value of a field is its default.
type EngineOptions struct {
	Engine Engine
	// Terms are the terms of Neumann (default: as many as the tolerance asks for, at most 1000), the most iterations of FixedPoint (default 1000) and, where
	// positive, the steps that a truncated Reverse goes back.
	Terms int
	// Steps are the gradient steps of Reverse and Forward; default 100.
	Steps int
	// StepSize is η; default 0.99/λ with the largest eigenvalue λ of ∇²yy f at the current point, by power iterations.
	StepSize float64
	// Memory is the most follower vectors that Reverse keeps at a time; default 2√Steps, which computes each step at most once more.
	Memory int
	// Cold forgets follower and adjoint between evaluations.
	Cold bool
	// DenseLimit is the largest follower whose Hessian is formed, where the problem is a DenseHessian; default 256, negative: never.
	DenseLimit int
	// MaxIterations of the follower's solver and, times the size of the follower or twenty, whichever is less, products of the linear one; default 1000.
	MaxIterations int
}

// productsEach is how many products of the linear solver stand against one iteration of the follower's, at most.
const productsEach = 20

// seriesLimit is the most terms of Neumann and iterations of FixedPoint by default.
const seriesLimit = 1000

// Evaluation is a value of h with its gradient.
type Evaluation struct {
	// Value is F(x, y) - v'∇y f(x, y) for the engines of implicit differentiation: the second term takes away the first-order effect of the
	// follower's residual, so that the error is of second order. For the others it is F(x, y).
	Value float64
	// Correction is that second term, an upper estimate of the error of Value.
	Correction float64
	Gradient   []float64
	Y, V       []float64 // follower's answer and adjoint; V is nil for Reverse and Forward
	U          []float64 // multipliers of a constrained follower, otherwise nil
	// Residual is the norm of the follower's stationarity, AdjointResidual that of the linear system. They are above the tolerance where that is below what
	// rounding leaves, and AdjointResidual also where Neumann or FixedPoint ended with their terms.
	Residual, AdjointResidual float64
	// Degenerate is the number of a constrained follower's active inequalities whose multiplier vanishes: there h has kinks, and the gradient is
	// one element of its generalised gradient.
	Degenerate int
}

// Evaluator computes h and its gradient at points one after the other, warm started. It is used by one goroutine at a time.
type Evaluator struct {
	o   *oracles
	opt EngineOptions

	start, y, v, u     []float64
	gx, gy, cv, g      []float64
	newton             newtonState
	factor             denseFactor
	lastX              []float64 // of the tangent predictor
	free               []bool
	q                  []float64 // of the power iteration
	scale              float64   // the follower's residual where the first evaluation began
	noFactor, hasValue bool
	// anew, where positive, makes steps of follower and adjoint even where they are within the tolerance, and from other starts for each number: what that changes
	// in the gradient is what tolerance and rounding leave open.
	anew   int
	curved []float64 // where curvature was looked at
}

// NewEvaluator prepares evaluations of p that start at the follower's point y; nil is zero.
func NewEvaluator(p Problem, y []float64, opt EngineOptions) (*Evaluator, error) {
	if err := checkProblem(p); err != nil {
		return nil, err
	}
	e := &Evaluator{o: newOracles(p), opt: opt}
	if y == nil {
		y = make([]float64, e.o.m)
	}
	if len(y) != e.o.m || !finite(y) {
		return nil, badOption("the follower's start has %d entries for %d variables, or one that is not finite", len(y), e.o.m)
	}
	if int(opt.Engine) >= len(engineNames) || opt.Terms < 0 || opt.Steps < 0 || !proper(opt.StepSize) || opt.Memory < 0 || opt.MaxIterations < 0 {
		return nil, badOption("engine %v with %d terms, %d steps of size %v, memory %d, %d iterations; none of them may be negative, and the size must be finite", opt.Engine,
			opt.Terms, opt.Steps, opt.StepSize, opt.Memory, opt.MaxIterations)
	}
	if e.opt.MaxIterations == 0 {
		e.opt.MaxIterations = 1000
	}
	if e.opt.DenseLimit == 0 {
		e.opt.DenseLimit = 256
	}
	if e.opt.Steps == 0 {
		e.opt.Steps = 100
	}
	if e.opt.Terms == 0 && opt.Engine == FixedPoint {
		e.opt.Terms = seriesLimit
	}
	if opt.Engine != CG {
		if isA[Contraction](p) || isA[Constrained](p) {
			return nil, badOption("engine %v is for unconstrained followers given by their objective, not for contractions or constraints; take cg", opt.Engine)
		}
	}
	if isA[Supported](p) && (opt.Engine == Reverse || opt.Engine == Forward) {
		return nil, badOption("engine %v steps along gradients, and this follower is not smooth; take cg, neumann or fixed-point", opt.Engine)
	}
	e.start = slices.Clone(y)
	e.y, e.v = slices.Clone(y), make([]float64, e.o.m)
	e.gx, e.cv = make([]float64, e.o.n), make([]float64, e.o.n)
	e.gy, e.g = make([]float64, e.o.m), make([]float64, e.o.m)
	return e, nil
}

func isA[T any](p Problem) bool {
	_, ok := p.(T)
	return ok
}

// Tally is what all evaluations so far called.
func (e *Evaluator) Tally() Tally { return e.o.tally }

// Evaluate computes h and ∇h at x. The tolerance is relative: the follower is solved until its residual is at most tol times ‖∇y f(x, 0)‖
// at the first x (a contraction's fixed point until it moves by tol times ‖Φ(x, 0)‖), the adjoint system to tol times ‖∇y F‖. The Evaluation belongs to the caller.
func (e *Evaluator) Evaluate(ctx context.Context, x []float64, tol float64) (*Evaluation, error) {
	if len(x) != e.o.n || !finite(x) {
		return nil, badOption("x has %d entries for %d leader variables, or one that is not finite", len(x), e.o.n)
	}
	if !(tol > 0) {
		return nil, badOption("tolerance %v is not positive", tol)
	}
	if e.opt.Cold {
		copy(e.y, e.start)
		clear(e.v)
		e.u, e.lastX = nil, nil
	}
	ev := &Evaluation{Gradient: make([]float64, e.o.n)}
	e.newton.cg.stop = func() bool { return ctx.Err() != nil }
	var err error
	switch {
	case isA[Contraction](e.o.Problem):
		err = e.contraction(ctx, x, tol, ev)
	case isA[Constrained](e.o.Problem):
		err = e.constrained(ctx, x, tol, ev)
	case isA[Supported](e.o.Problem):
		err = e.supported(ctx, x, tol, ev)
	case e.opt.Engine == Reverse:
		err = e.reverse(ctx, x, ev)
	case e.opt.Engine == Forward:
		err = e.forward(ctx, x, ev)
	default:
		err = e.implicit(ctx, x, tol, ev)
	}
	if err == nil {
		err = ctx.Err() // solves that were cut short are no answer
	}
	if err != nil {
		return nil, err
	}
	if math.IsNaN(ev.Value) || math.IsInf(ev.Value, 0) || !finite(ev.Gradient) {
		oracle := "Leader"
		if !finite(e.cv) {
			oracle = "Mixed"
			if isA[Contraction](e.o.Problem) {
				oracle = "MapAdjoint"
			}
		}
		return nil, &OracleError{Oracle: oracle, Err: ErrNotNumber}
	}
	ev.Y = slices.Clone(e.y)
	return ev, nil
}

// follower solves the smooth, unconstrained follower at x from e.y.
func (e *Evaluator) follower(ctx context.Context, x []float64, tol float64) (residual float64, err error) {
	o := e.o
	if own, ok := o.Problem.(OwnSolver); ok {
		o.tally.Calls.Solves++
		o.tally.Terms.Solves += o.nf
		return e.own(own, x, tol)
	}
	dense := e.opt.DenseLimit >= o.m && !e.noFactor
	if dense {
		e.predict(x)
	}
	f := smoothFollower{
		value:   func(y, g []float64) float64 { return o.Follower(x, y, nil, g) },
		hessian: func(y, v, out []float64) { o.Hessian(x, y, v, out) },
	}
	if d, ok := o.Problem.(Diagonal); ok {
		f.diagonal = func(y, out []float64) { d.HessianDiagonal(x, y, out) }
	}
	if dense {
		f.factor = func(y []float64) bool {
			if e.noFactor {
				return false
			}
			given, ok := e.factor.at(o, x, y)
			e.noFactor = !given
			return ok
		}
		f.inverse = e.factor.chol.Solve
	}
	least := 0
	if e.anew > 0 {
		least = 1
		e.shake(e.y)
	}
	residual, err = e.newton.newton(ctx, f, e.y, tol*e.residualScale(x), least, e.opt.MaxIterations)
	if err == nil {
		e.lastX = append(e.lastX[:0], x...)
	}
	return residual, err
}

// own asks the problem's own solver and refuses answers that are none.
func (e *Evaluator) own(solver OwnSolver, x []float64, tol float64) (residual float64, err error) {
	residual, err = solver.SolveFollower(x, e.y, tol*e.residualScale(x))
	if err == nil && (!finite(e.y) || math.IsNaN(residual) || math.IsInf(residual, 0) || residual < 0) {
		err = &OracleError{Oracle: "SolveFollower", Err: ErrNotNumber}
	}
	return residual, err
}

// residualScale is what follower tolerances are relative to: ‖∇y f(x, 0)‖ at the first x, or where that is zero or no number the residual at the start.
func (e *Evaluator) residualScale(x []float64) float64 {
	if !e.hasValue {
		e.hasValue = true
		useful := func() bool { return e.scale > 0 && !math.IsInf(e.scale, 1) }
		e.o.Follower(x, make([]float64, e.o.m), nil, e.g)
		if e.scale = norm(e.g); !useful() {
			e.o.Follower(x, e.y, nil, e.g)
			e.scale = norm(e.g)
		}
		if !useful() {
			e.scale = 1
		}
	}
	return e.scale
}

// predict moves y along its tangent, y - H⁻¹C(x - x_last), with the factor of the evaluation before.
func (e *Evaluator) predict(x []float64) {
	forward, ok := e.o.Problem.(ForwardMixed)
	if !ok || e.factor.x == nil || e.lastX == nil || slices.Equal(x, e.lastX) {
		return
	}
	d := slices.Clone(x)
	add(d, -1, e.lastX)
	move := make([]float64, e.o.m)
	forward.MixedForward(e.lastX, e.y, d, move)
	e.o.tally.Calls.Mixed++
	e.o.tally.Terms.Mixed += e.o.nf
	e.factor.chol.Solve(move)
	// A long move says that the tangent means nothing there.
	if size := norm(move); size <= 0.5*(1+norm(e.y)) {
		add(e.y, -1, move)
	}
}

// implicit is AID for smooth, unconstrained followers.
func (e *Evaluator) implicit(ctx context.Context, x []float64, tol float64, ev *Evaluation) error {
	var err error
	if ev.Residual, err = e.follower(ctx, x, tol); err != nil {
		return err
	}
	value := e.o.Leader(x, e.y, e.gx, e.gy)
	if !finite(e.gy) {
		return &OracleError{Oracle: "Leader", Err: ErrNotNumber}
	}
	sys := linear{apply: func(v, out []float64) { e.o.Hessian(x, e.y, v, out) }}
	if e.anew > 0 && !slices.Equal(x, e.curved) {
		if err := e.curvature(x, sys); err != nil {
			return err
		}
		e.curved = append(e.curved[:0], x...)
	}
	switch {
	case e.factor.x != nil && slices.Equal(e.factor.x, x):
		// The factor of a nearby follower point makes a few products enough; it also gives the first guess.
		sys.precondition = e.factor.chol.Solve
		if norm(e.v) == 0 {
			copy(e.v, e.gy)
			e.factor.chol.Solve(e.v)
		}
	case isA[Diagonal](e.o.Problem):
		sys.precondition = e.jacobi(x)
	}
	if err := e.adjoint(sys, tol, nil, ev); err != nil {
		return err
	}
	e.finish(x, value, ev)
	return nil
}

// curvature looks for a direction of negative curvature at the follower's answer, which may be a saddle point: a Cholesky factor knows, otherwise some products of conjugate
// gradients with a right-hand side that has a part in every direction tell of all but slight ones. (∇y F may have none in that direction.)
func (e *Evaluator) curvature(x []float64, sys linear) error {
	if e.factor.x != nil && !e.factor.shifted && slices.Equal(e.factor.x, x) {
		return nil
	}
	const most = 20
	b, v := make([]float64, e.o.m), make([]float64, e.o.m)
	signs := random{seed: 2}
	for j := range b {
		b[j] = 0.5 + float64(signs.bits()>>11)*0x1p-53
	}
	hb := make([]float64, e.o.m)
	sys.apply(b, hb)
	_, products, positive := e.newton.cg.solve(sys, b, v, 1e-6*norm(b), most)
	// Products by differences have a noise of their own.
	if p := e.newton.cg.p; !positive && dot(p, e.newton.cg.hp) < -1e-7*dot(p, p)*norm(hb)/norm(b) {
		return &OracleError{Oracle: "Hessian", Iteration: products, Err: ErrCurvature}
	}
	return nil
}

// jacobi is the preconditioner of the Hessian's diagonal.
func (e *Evaluator) jacobi(x []float64) func(r []float64) {
	d := make([]float64, e.o.m)
	e.o.Problem.(Diagonal).HessianDiagonal(x, e.y, d)
	return func(r []float64) {
		for j := range r {
			if d[j] > 0 {
				r[j] /= d[j]
			}
		}
	}
}

// adjoint improves e.v, the solution of Hv = ∇y F on the free entries.
func (e *Evaluator) adjoint(sys linear, tol float64, free []bool, ev *Evaluation) error {
	b := e.gy
	if free != nil {
		b = slices.Clone(e.gy)
		mask(free, b)
		mask(free, e.v)
		apply, precondition := sys.apply, sys.precondition
		sys.apply = func(v, out []float64) {
			apply(v, out)
			mask(free, out)
		}
		if precondition != nil {
			sys.precondition = func(r []float64) {
				precondition(r)
				mask(free, r)
			}
		}
	}
	size := norm(b)
	if size == 0 {
		clear(e.v)
		return nil
	}
	switch e.opt.Engine {
	case Neumann:
		// A number of terms that was asked for is kept to; without one the tolerance ends the series.
		terms, least := e.opt.Terms, 0.0
		if terms == 0 {
			terms, least = seriesLimit, tol*size
		}
		ev.AdjointResidual = neumann(sys.apply, b, e.v, e.eta(sys.apply), least, terms, e.newton.cg.stop)
	case FixedPoint:
		ev.AdjointResidual = fixedPoint(sys.apply, b, e.v, e.eta(sys.apply), tol*size, e.opt.Terms, e.newton.cg.stop)
	default:
		most := max(50, e.opt.MaxIterations*min(e.o.m, productsEach))
		var products int
		var positive bool
		e.newton.cg.fall = 1
		if e.anew > 0 {
			e.newton.cg.fall = 1e-2
			e.shake(e.v)
		}
		ev.AdjointResidual, products, positive = e.newton.cg.solve(sys, b, e.v, tol*size, most)
		e.newton.cg.fall = 1
		if !positive {
			return &OracleError{Oracle: "Hessian", Iteration: products, Err: ErrCurvature}
		}
		if ev.AdjointResidual > math.Sqrt(tol)*size && (e.newton.cg.stop == nil || !e.newton.cg.stop()) {
			return fmt.Errorf("hypergrad: the adjoint system was solved to %.2g of ∇y F only, %.2g asked for, after %d products: %w", ev.AdjointResidual/size, tol, products, ErrAdjoint)
		}
	}
	if math.IsNaN(ev.AdjointResidual) || math.IsInf(ev.AdjointResidual, 0) {
		return &OracleError{Oracle: "Hessian", Err: ErrNotNumber}
	}
	return nil
}

// eta is the step of the first-order linear solvers and of unrolled followers.
func (e *Evaluator) eta(apply func(v, out []float64)) float64 {
	if e.opt.StepSize > 0 {
		return e.opt.StepSize
	}
	if e.q == nil {
		e.q = make([]float64, e.o.m)
		for j := range e.q {
			e.q[j] = (1 + 0.5*math.Sin(float64(3*j+1))) / math.Sqrt(float64(e.o.m))
		}
	}
	if l := largestEigenvalue(apply, e.q, 30); l > 0 && !math.IsInf(l, 0) {
		return 0.99 / l
	}
	return 1
}

// finish stores ∇h = ∇x F - C'v and the corrected value. The residual's gradient is that at the answer.
func (e *Evaluator) finish(x []float64, value float64, ev *Evaluation) {
	e.o.Mixed(x, e.y, e.v, e.cv)
	for j := range ev.Gradient {
		ev.Gradient[j] = e.gx[j] - e.cv[j]
	}
	ev.Value = value
	if g := e.newton.g; !isA[OwnSolver](e.o.Problem) && len(g) == e.o.m {
		ev.Correction = dot(e.v, g)
		ev.Value -= ev.Correction
	}
	ev.V = slices.Clone(e.v)
}

// shake changes the entries of z in their last figures.
func (e *Evaluator) shake(z []float64) {
	for j := range z {
		z[j] *= 1 + 1e-8*math.Sin(float64(3*j+e.anew))
	}
}

func mask(free []bool, v []float64) {
	for j, f := range free {
		if !f {
			v[j] = 0
		}
	}
}
