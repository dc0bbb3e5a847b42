package valuefunction

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/verify"
)

// Run is what became of one run of a method, with one λ from one start.
type Run struct {
	Start      int     // its number in the call
	Answered   bool    // z was the follower's answer at the start, and not y
	Lambda     float64 // at the end
	Outcome    system.Outcome
	X          []float64 // (x, y), one entry a variable of the model
	Z          []float64 // (x, z), likewise
	Objective  float64   // the leader's at X, as declared
	Gap        float64   // Σ f(x, y) - f(x, z) in minimisation form
	Residual   float64   // the largest |Φ_i|, scaled
	Norm       float64   // ||Φ||, scaled
	Iterations int
	Seconds    float64
	Message    string

	// Candidate is the point that was checked: X, or one that was made of it; Of says how. Certificate is nil where no check was made, because the
	// objective is worse than that of a verified point or ctx was done.
	Candidate   []float64
	Of          Origin
	Value       float64 // the leader's objective at Candidate, as declared
	Certificate *verify.Certificate
}

// Origin says what a candidate is made of.
type Origin uint8

// The origins.
const (
	FromZero     Origin = iota // the point (x, y) of the run
	FromFollower               // (x, z)
	FromAnswer                 // x with the follower's answer, the best for the leader where ties can be broken
	FromRestart                // the point of a run from the follower's answer
	FromCuts                   // what cuts of the value function have made of it
)

var originNames = [...]string{"zero", "z", "answer", "restart", "cuts"}

// String names the origin.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return "unknown"
}

// Solved reports whether the run ended at a zero of its system.
func (r *Run) Solved() bool { return r.Outcome == system.Solved }

// Verified reports whether the candidate was checked and is bilevel feasible.
func (r *Run) Verified() bool { return r.Certificate != nil && r.Certificate.Verified }

// Stationary reports whether the candidate is verified and, as it is, the zero of a system: a point that satisfies the conditions of first
// order of the penalised problem.
func (r *Run) Stationary() bool {
	return r.Verified() && r.Solved() && (r.Of == FromZero || r.Of == FromRestart)
}

// Run solves the system of the method once, with the weight λ, from a start; nothing is checked but the call: errors are *OptionError and
// *StartError. Of the options Lambdas, Threads, Restarts, Verify and Progress are not used. It stops soon after ctx is done.
func (p *Problem) Run(ctx context.Context, start Start, lambda float64, opt Options) (*Run, error) {
	opt.Lambdas = []float64{lambda}
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := start.check(p.n); err != nil {
		return nil, err
	}
	return p.run(ctx, start, lambda, opt), nil
}

func (p *Problem) run(ctx context.Context, start Start, lambda float64, opt Options) *Run {
	began := time.Now()
	l := newLayout(p, p.program.Clone(), opt.Method != system.Newton, opt.Rule == Free)
	v := newValues(l)
	q := newEquations(l, v, lambda, opt.NCP)
	out := &Run{Lambda: lambda, Answered: start.Answer != nil, Residual: math.Inf(1), Norm: math.Inf(1), Outcome: system.Undefined}
	w := q.begin(start, lambda, !opt.NoScaling)
	switch reason := v.undefined(); {
	case l.cross != "":
		out.Outcome, out.Message = system.Stationary, l.cross
	case reason != "":
		out.Message = reason + " at the start; start inside the domain of the functions"
	default:
		var r *system.Result
		if opt.Rule == Growing {
			r = q.grow(ctx, w, opt)
		} else {
			r = q.solve(ctx, w, opt, opt.MaxIterations)
		}
		if opt.Rule == Raising {
			r = q.raise(ctx, r, opt)
		}
		w = r.W
		out.Outcome, out.Residual, out.Norm, out.Iterations, out.Message = r.Outcome, r.Residual, r.Norm, r.Iterations, r.Message
	}
	out.Lambda = q.weight(w)
	out.X, out.Z = q.points(w)
	out.Objective, out.Gap = p.Objective(out.X), p.Gap(out.X, out.Z)
	out.Seconds = time.Since(began).Seconds()
	return out
}

// points are (x, y) and (x, z) of the unknowns.
func (q *equations) points(w []float64) (xy, xz []float64) {
	p := q.p
	full := make([]float64, q.prog.NumVars())
	q.full(w, full)
	xy = append([]float64(nil), full[:p.n]...)
	xz = append([]float64(nil), full[:p.n]...)
	for j, o := range p.of {
		if o >= 0 {
			xz[o] = full[j]
		}
	}
	return xy, xz
}

// The settings of the line search of the released code for Newton's method: long first steps and, where a search fails, a step that lets the
// merit grow, which leaves many a stationary point of the merit that is no zero.
var bold = system.LineSearch{Sigma: 1e-6, First: 2, Halvings: 6, Growth: 1e6}

// solve runs the method at the present λ. A Newton run that ends at no zero by bold steps is made again by careful ones.
func (q *equations) solve(ctx context.Context, w []float64, opt Options, iterations int) *system.Result {
	o := system.Options{Method: opt.Method, Tolerance: opt.Tolerance, MaxIterations: iterations, TimeLimit: opt.TimeLimit, Patience: 100}
	if opt.Method == system.Newton {
		o.DescentFactor, o.LineSearch = 1e-8, bold
	}
	r := q.attempt(ctx, w, o)
	if opt.Method != system.Newton || r.Outcome == system.Solved || ctx.Err() != nil || r.Iterations >= iterations {
		return r
	}
	o.LineSearch, o.MaxIterations = system.LineSearch{}, iterations-r.Iterations
	again := q.attempt(ctx, w, o)
	again.Iterations += r.Iterations
	if again.Norm < r.Norm {
		return again
	}
	r.Iterations = again.Iterations
	return r
}

func (q *equations) attempt(ctx context.Context, w []float64, o system.Options) *system.Result {
	r, err := system.Solve(ctx, q, w, o)
	if err != nil { // the call was checked: only a derivative without a value at the start is left
		return &system.Result{Outcome: system.Undefined, W: w, Residual: math.Inf(1), Norm: math.Inf(1), Message: err.Error()}
	}
	return r
}

// closedGap is the follower's gap, relative to its objective, that counts as closed.
const closedGap = 1e-9

// The rule Raising: the factor of λ and the largest λ.
const (
	raisingBy    = 10
	raisingLimit = 1e7
)

// raise goes on from a zero with larger weights, as long as they have a zero nearby and the follower's gap is open. λ is then that of the last
// zero.
func (q *equations) raise(ctx context.Context, r *system.Result, opt Options) *system.Result {
	for r.Outcome == system.Solved && q.lambda*raisingBy <= raisingLimit && r.Iterations < opt.MaxIterations && ctx.Err() == nil {
		if q.closed(r.W) {
			return r
		}
		before := q.lambda
		q.lambda *= raisingBy
		w := append([]float64(nil), r.W...)
		next := q.solve(ctx, w, opt, min(opt.MaxIterations-r.Iterations, raisingIterations))
		next.Iterations += r.Iterations
		if next.Outcome != system.Solved {
			q.lambda = before
			r.Iterations = next.Iterations
			return r
		}
		r = next
	}
	return r
}

// closed reports whether the follower's gap counts as closed.
func (q *equations) closed(w []float64) bool {
	xy, xz := q.points(w)
	return !(math.Abs(q.p.Gap(xy, xz)) > closedGap*math.Max(1, q.p.followers(xz)))
}

// raisingIterations is what a step to a larger λ may take.
const raisingIterations = 200

// The rule Growing: the number of steps in which the least residual has to fall before λ stops to grow, and the largest λ.
const (
	growingWindow = 20
	growingLimit  = 1e6
)

// grow makes one step at each of a growing sequence of λ, and goes on with the one that had the least residual.
func (q *equations) grow(ctx context.Context, w []float64, opt Options) *system.Result {
	best := &system.Result{Outcome: system.Undefined, W: w, Norm: math.Inf(1), Residual: math.Inf(1)}
	bestLambda, since, iterations := q.lambda, 0, 0
	for iterations < opt.MaxIterations && since < growingWindow && q.lambda < growingLimit {
		r := q.solve(ctx, w, opt, 1)
		iterations += max(1, r.Iterations)
		since++
		zero := r.Outcome == system.Solved
		if r.Norm < best.Norm || zero {
			best, bestLambda, since = r, q.lambda, 0
		}
		if zero && q.closed(r.W) || r.Outcome == system.Undefined || ctx.Err() != nil {
			break
		}
		w = r.W
		q.lambda *= opt.Growth
	}
	q.lambda = bestLambda
	if best.Outcome == system.Solved || best.Outcome == system.Undefined || iterations >= opt.MaxIterations {
		best.Iterations = iterations
		return best
	}
	r := q.solve(ctx, best.W, opt, opt.MaxIterations-iterations)
	r.Iterations += iterations
	return r
}
