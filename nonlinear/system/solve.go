package system

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// Solve looks for a zero of s from start. It stops soon after ctx is done, and returns an error only for a call that makes no sense
// (*ShapeError, *OptionError): what became of the search is the Outcome of the result.
//
// At each iterate the directions of the method are tried in this order until one gives a step: the system's own, where it is a Proposer;
// the method's; the damped one; -∇Ψ. A direction gives the full step where that reduces ||Φ|| enough (Options.Reduction), and otherwise
// one by LineSearch, where the direction descends.
func Solve(ctx context.Context, s System, start []float64, opt Options) (*Result, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkShape(s, start, opt.Method); err != nil {
		return nil, err
	}
	r := newRun(s, start, opt)
	outcome, message := r.loop(ctx)
	return r.result(outcome, message), nil
}

// run is the state of one solve.
type run struct {
	s       System
	opt     Options
	began   time.Time
	lin     linear
	w, phi  []float64
	vals    []float64
	grad    []float64
	d       []float64
	trial   []float64
	trialAt []float64 // Φ at trial
	merit   float64   // ½||Φ||² at w
	history []float64 // the last merits, for the line search
	best    struct {
		w, phi []float64
		merit  float64
	}
	milestone struct { // the last iterate at which the best merit had fallen by enough
		merit     float64
		iteration int
	}
	step struct {
		kind   StepKind
		length float64
	}
	iterations, evaluations int
	steps                   [stepEnd]int
}

func newRun(s System, start []float64, opt Options) *run {
	m, n := s.Equations(), s.Unknowns()
	rows, _ := s.Pattern()
	r := &run{s: s, opt: opt, began: time.Now(), w: slices.Clone(start), phi: make([]float64, m), vals: make([]float64, len(rows)),
		grad: make([]float64, n), d: make([]float64, n), trial: make([]float64, n), trialAt: make([]float64, m)}
	r.lin = newLinear(s, opt)
	r.best.w, r.best.phi, r.best.merit = slices.Clone(start), make([]float64, m), math.Inf(1)
	return r
}

// loop runs the iterations.
func (r *run) loop(ctx context.Context) (Outcome, string) {
	r.merit = r.residual(r.w, r.phi)
	r.keepBest()
	if math.IsInf(r.merit, 1) {
		return Undefined, r.undefined()
	}
	for {
		size := r.size(r.w, r.phi)
		r.s.Jacobian(r.w, r.vals)
		cosine := r.gradient()
		if r.opt.Progress != nil && !r.opt.Progress(Iterate{Iteration: r.iterations, Residual: size, Norm: math.Sqrt(2 * r.merit), Gradient: dense.MaxAbs(r.grad),
			Kind: r.step.kind, Step: r.step.length, Elapsed: time.Since(r.began), W: r.w}) {
			return Interrupted, "stopped by the caller's Progress"
		}
		switch {
		case size <= r.opt.Tolerance:
			return Solved, ""
		case ctx.Err() != nil:
			return Interrupted, ctx.Err().Error()
		case r.opt.TimeLimit > 0 && time.Since(r.began) >= r.opt.TimeLimit:
			return Limit, fmt.Sprintf("the time limit of %v was reached", r.opt.TimeLimit)
		case r.iterations >= r.opt.MaxIterations:
			return Limit, fmt.Sprintf("%d iterations were made", r.iterations)
		case math.IsNaN(cosine):
			return Stalled, "a derivative of the equations is not a finite number"
		case r.stalled():
			return Stalled, fmt.Sprintf("in %d iterations the sum of squares fell by less than %g of it, to the residual %.3g", r.opt.Patience, r.opt.LeastDecrease, size)
		case cosine <= r.opt.Orthogonality:
			return Stationary, fmt.Sprintf("the gradient of the sum of squares vanishes at a point with the residual %.3g", size)
		}
		if !r.advance() {
			return Stalled, fmt.Sprintf("no direction decreases the sum of squares at a point with the residual %.3g", size)
		}
		r.iterations++
		r.keepBest()
	}
}

// residual is ½||Φ||² at w, stored in phi; +Inf where it is not a number.
func (r *run) residual(w, phi []float64) float64 {
	r.evaluations++
	r.s.Residual(w, phi)
	v := dense.Norm(phi)
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v * v / 2
}

// size is what Options.Tolerance is held against.
func (r *run) size(w, phi []float64) float64 {
	if m, is := r.s.(Measurer); is {
		return m.Measure(w, phi)
	}
	return dense.MaxAbs(phi)
}

// gradient stores ∇Ψ = W'Φ and returns the largest cosine of Φ with a column of W. Entries at the same place count apart in the length
// of a column: to know the length exactly is not worth the search for them.
func (r *run) gradient() float64 {
	rows, cols := r.s.Pattern()
	clear(r.grad)
	lengths := r.d // free at this time
	clear(lengths)
	for k, v := range r.vals {
		r.grad[cols[k]] += v * r.phi[rows[k]]
		lengths[cols[k]] += v * v
	}
	norm, cosine := math.Sqrt(2*r.merit), 0.0
	for j, g := range r.grad {
		if lengths[j] == 0 || norm == 0 {
			continue
		}
		c := math.Abs(g) / (math.Sqrt(lengths[j]) * norm)
		if math.IsNaN(c) {
			return c
		}
		cosine = max(cosine, c)
	}
	return cosine
}

func (r *run) keepBest() {
	if r.merit <= r.best.merit || r.iterations == 0 {
		copy(r.best.w, r.w)
		copy(r.best.phi, r.phi)
		r.best.merit = r.merit
	}
	r.history = append(r.history, r.merit)
	if len(r.history) > r.opt.LineSearch.Memory {
		r.history = r.history[1:]
	}
}

// stalled reports whether the best merit has not fallen by enough for too long.
func (r *run) stalled() bool {
	if r.iterations == 0 || r.best.merit < (1-r.opt.LeastDecrease)*r.milestone.merit {
		r.milestone.merit, r.milestone.iteration = r.best.merit, r.iterations
	}
	return r.iterations-r.milestone.iteration >= r.opt.Patience
}

// undefined names the first equation without a value.
func (r *run) undefined() string {
	for i, v := range r.phi {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("equation %d is %v at the start; start inside the domain of its functions", i, v)
		}
	}
	return "the equations are too large at the start for their sum of squares to be a number"
}

func (r *run) result(o Outcome, message string) *Result {
	return &Result{Outcome: o, W: r.best.w, Residual: r.bestSize(), Norm: math.Sqrt(2 * r.best.merit), Iterations: r.iterations,
		Evaluations: r.evaluations, Factorisations: r.lin.factorisations(), Steps: r.steps, Seconds: time.Since(r.began).Seconds(), Message: message}
}

// bestSize is the size at the best point. Residual is called once more there, as a Measurer may ask for.
func (r *run) bestSize() float64 {
	if _, is := r.s.(Measurer); is {
		r.s.Residual(r.best.w, r.best.phi)
	}
	return r.size(r.best.w, r.best.phi)
}
