package hypergrad

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// leaderRun is a run of Minimize.
type leaderRun struct {
	ctx     context.Context
	e       *Evaluator
	opt     Options
	begin   time.Time
	earlier time.Duration // of the run that was resumed

	x      []float64
	at     *Evaluation
	pg     []float64
	norm   float64
	first  float64 // ‖pg‖ at the start
	inside float64 // share of the gradient along the set: errors are relative to the whole, of which the part that points outwards may be much the longest
	tight  float64 // factor of tolerances, smaller after they proved too loose
	step   float64
	k      int
	s, y   [][]float64 // pairs of the quasi-Newton loop, oldest first
	memory stepMemory
	values []float64 // of the last iterations, and the norms of the projected gradient
	norms  []float64

	history []Progress
	before  int                         // iterations of the stages before, on parts of the samples
	spent   Tally                       // by them
	v       []float64                   // their adjoint
	enough  func(first float64) float64 // the norm that ends a stage on a part, by the one it begins with; may be nil
}

// stallIterations is how many iterations may pass without a fall of h beyond rounding, by loop: gradient steps come nearer more slowly.
var stallIterations = [...]int{QuasiNewton: 10, Gradient: 100}

// Minimize looks for a stationary point of h over the leader's set, from x and, for the follower, y (nil: zero). With ctx done it answers the best
// point so far with the status Interrupted; where not even the start was evaluated, its value is NaN. An error means that the oracles or the options do not allow to go on; the Result then holds the last
// point, or is nil where there is none.
func Minimize(ctx context.Context, p Problem, x, y []float64, opt Options) (*Result, error) {
	r := &leaderRun{opt: opt, begin: time.Now(), tight: 1, inside: 1}
	if parts, ok := p.(Parts); ok && opt.Growing && opt.Resume == nil {
		return r.grow(ctx, parts, x, y)
	}
	return r.run(ctx, p, x, y)
}

// run is a run, or the last stage of one.
func (r *leaderRun) run(ctx context.Context, p Problem, x, y []float64) (*Result, error) {
	opt := r.opt
	var err error
	if r.e, err = NewEvaluator(p, y, opt.EngineOptions); err != nil {
		return nil, err
	}
	r.e.o.tally = r.spent
	if r.v != nil {
		copy(r.e.v, r.v)
	}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	cancel := func() {}
	r.ctx = ctx
	if opt.TimeLimit > 0 {
		r.ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
	}
	defer cancel()
	if opt.Resume != nil {
		if err := r.load(opt.Resume); err != nil {
			return nil, err
		}
	} else {
		if err := checkStart(r.e.o.n, x, r.opt.Set); err != nil {
			return nil, err
		}
		r.x = slices.Clone(x)
		project(r.opt.Set, r.x)
		at, err := r.e.Evaluate(r.ctx, r.x, r.tolerance())
		if r.ctx.Err() != nil {
			return r.unbegun(ctx), nil
		}
		if err != nil {
			return nil, fmt.Errorf("hypergrad: at the start: %w", err)
		}
		r.accept(r.x, at)
		r.first = max(r.first, r.norm)
		if r.enough != nil {
			r.opt.Tolerance = max(r.opt.Tolerance, r.enough(r.first))
		}
	}
	status, message, err := r.loop()
	if err != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		status, message = cutShort(ctx)
		err = nil
	}
	return &Result{Status: status, X: slices.Clone(r.x), Y: slices.Clone(r.at.Y), Value: r.at.Value, Gradient: slices.Clone(r.at.Gradient), Norm: r.norm,
		Residual: r.at.Residual, Iterations: r.before + r.k, Tally: r.e.Tally(), Seconds: r.elapsed().Seconds(), Message: message, History: r.history}, err
}

// cutShort tells the caller's end of ctx from that of the time limit.
func cutShort(ctx context.Context) (Status, string) {
	if ctx.Err() == nil {
		return Limit, "the time limit was reached"
	}
	return Interrupted, "stopped by the caller"
}

// unbegun is the result of a run that ended before h was known at the start.
func (r *leaderRun) unbegun(ctx context.Context) *Result {
	res := &Result{X: slices.Clone(r.x), Y: slices.Clone(r.e.y), Value: math.NaN(), Norm: math.Inf(1), Residual: math.Inf(1), Iterations: r.before, Tally: r.e.Tally(), Seconds: r.elapsed().Seconds(),
		History: r.history}
	res.Status, res.Message = cutShort(ctx)
	res.Message += " before h was known at the start"
	return res
}

func (r *leaderRun) elapsed() time.Duration { return r.earlier + time.Since(r.begin) }

// prepare fills in defaults and refuses what makes no sense.
func (r *leaderRun) prepare() error {
	o := &r.opt
	if o.Loop > Gradient || o.Accuracy > Exact {
		return badOption("there is no loop %v or no accuracy %d", o.Loop, o.Accuracy)
	}
	if !proper(o.Tolerance) || o.MaxIterations < 0 || o.Pairs < 0 || !proper(o.FirstMove) || o.SaveEvery < 0 || o.TimeLimit < 0 || o.Budget.negative() {
		return badOption("tolerance %v, %d iterations, %d pairs, first move %v, a save every %d, time limit %v, budget %+v: none may be negative or infinite", o.Tolerance, o.MaxIterations, o.Pairs,
			o.FirstMove, o.SaveEvery, o.TimeLimit, o.Budget)
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 1000
	}
	if o.Pairs == 0 {
		o.Pairs = 20
	}
	if o.FirstMove == 0 {
		o.FirstMove = 1
	}
	if o.SaveEvery == 0 {
		o.SaveEvery = 1
	}
	if o.Steps == nil {
		o.Steps = Backtracking{}
	}
	if err := o.Steps.check(); err != nil {
		return err
	}
	o.Set = plainSet(o.Set)
	if _, ok := o.Set.(Box); !ok && o.Set != nil {
		o.Loop = Gradient
	}
	return nil
}

// tolerance is that of the next evaluation.
func (r *leaderRun) tolerance() float64 {
	switch k := float64(r.k); r.opt.Accuracy {
	case Exponential:
		return max(1e-12, 0.1*r.tight*math.Pow(0.9, k))
	case Quadratic:
		return max(1e-12, 0.1*r.tight/((k+1)*(k+1)))
	case Exact:
		return 1e-12
	}
	if r.first == 0 {
		return 1e-2
	}
	return max(1e-12, 1e-2*r.tight*min(1, r.norm/r.first, r.inside))
}

// accept moves to x, where at was evaluated.
func (r *leaderRun) accept(x []float64, at *Evaluation) {
	r.x, r.at = slices.Clone(x), at
	r.pg = resize(r.pg, len(x))
	r.norm = projectedGradient(r.opt.Set, r.x, at.Gradient, r.pg)
	if r.inside = 1; r.opt.Set == nil {
		return
	}
	// A short step of the projected gradient method tells what is left of the gradient along the set.
	if size := norm(at.Gradient); size > 0 {
		short := slices.Clone(at.Gradient)
		t := min(1, 1e-3*(1+norm(x))/size)
		for j := range short {
			short[j] *= t
		}
		r.inside = projectedGradient(r.opt.Set, r.x, short, make([]float64, len(x))) / (t * size)
	}
}

// loop moves until the run ends.
func (r *leaderRun) loop() (Status, string, error) {
	for {
		now := Progress{Iteration: r.before + r.k, Value: r.at.Value, Norm: r.norm, Residual: r.at.Residual, Step: r.step, Tally: r.e.Tally(), Elapsed: r.elapsed()}
		r.history = append(r.history, now)
		now.X, now.Y = r.x, r.at.Y
		if r.opt.Progress != nil && !r.opt.Progress(now) {
			return Interrupted, "stopped by the progress function", nil
		}
		if r.opt.Save != nil && r.k%r.opt.SaveEvery == 0 {
			if err := r.opt.Save(r.save()); err != nil {
				return Interrupted, "the state was not saved", fmt.Errorf("hypergrad: saving the state: %w", err)
			}
		}
		if r.norm <= r.opt.Tolerance {
			confirmed, doubt, err := r.confirm()
			if err != nil {
				return Interrupted, "", err
			}
			if confirmed {
				return Stationary, fmt.Sprintf("projected gradient %.3g <= %.3g", r.norm, r.opt.Tolerance), nil
			}
			if doubt != "" {
				return Stalled, doubt, nil
			}
		}
		if err := r.ctx.Err(); err != nil {
			return Interrupted, "", err
		}
		if r.k >= r.opt.MaxIterations {
			return Limit, fmt.Sprintf("%d iterations were made", r.k), nil
		}
		if r.e.Tally().Calls.exceeds(r.opt.Budget) {
			return Spent, "oracle calls: " + r.e.Tally().Calls.String(), nil
		}
		if r.flat() && !r.sharpen() {
			return Stalled, fmt.Sprintf("h fell by less than rounding in %d iterations at projected gradient %.3g; it may have a kink here", stallIterations[r.opt.Loop], r.norm), nil
		}
		moved, err := r.move()
		for err == nil && !moved && r.sharpen() {
			var at *Evaluation
			if at, err = r.e.Evaluate(r.ctx, r.x, r.tolerance()); err == nil {
				r.accept(r.x, at)
				moved, err = r.move()
			}
		}
		if err != nil {
			return Stalled, "", err
		}
		if !moved {
			return Stalled, fmt.Sprintf("no step lowers h at projected gradient %.3g; solve the follower more exactly or accept the point", r.norm), nil
		}
		r.k++
	}
}

// move makes one step of the loop.
func (r *leaderRun) move() (moved bool, err error) {
	if r.opt.Loop == QuasiNewton {
		return r.quasiNewton()
	}
	return r.gradientStep()
}

// flat notes the iterate and reports whether for some iterations neither h fell beyond rounding nor the projected gradient to a half.
func (r *leaderRun) flat() bool {
	r.values, r.norms = append(r.values, r.at.Value), append(r.norms, r.norm)
	if len(r.values) <= stallIterations[r.opt.Loop] {
		return false
	}
	value, size := r.values[0], r.norms[0]
	r.values, r.norms = r.values[1:], r.norms[1:]
	return value-r.at.Value <= 1e-11*math.Abs(value) && slices.Min(r.norms) > 0.5*size
}

// sharpen follows a schedule of tolerances a hundred times more exactly from now on, and the tied one ten thousand times, where the run came to a halt because
// solves are still loose. It answers false where that is not the reason.
func (r *leaderRun) sharpen() bool {
	factor, least := 1e-2, 1e-12
	switch r.opt.Accuracy {
	case Exact:
		return false
	case Tied:
		factor, least = 1e-4, 1e-10
	}
	if r.tolerance() <= least {
		return false
	}
	r.tight *= factor
	r.values, r.norms = nil, nil
	return true
}

// confirm looks again at what loose solves call stationary: it solves more and more exactly until the projected gradient changes by less than a tenth of the
// tolerance, and answers whether the point is stationary then. What an engine that cuts its series or its steps short calls stationary is judged by conjugate
// gradients. A doubt, in words, ends the run.
func (r *leaderRun) confirm() (confirmed bool, doubt string, err error) {
	engine := r.e.opt.Engine
	defer func() { r.e.opt.Engine, r.e.anew = engine, 0 }()
	for tol := min(1e-6, 1e-1*r.tolerance()); ; tol *= 1e-2 {
		r.e.anew++
		at, err := r.e.Evaluate(r.ctx, r.x, max(tol, 1e-13))
		if err != nil {
			if r.ctx.Err() != nil {
				return false, "", r.ctx.Err()
			}
			return false, fmt.Sprintf("projected gradient %.3g, which a more exact solve does not confirm: %v", r.norm, err), nil
		}
		change := slices.Clone(r.pg)
		r.accept(r.x, at)
		add(change, -1, r.pg)
		exact := r.e.opt.Engine == CG
		if r.norm > r.opt.Tolerance {
			if exact && engine != CG {
				return false, fmt.Sprintf("the gradient of engine %v vanishes here, the exact projected gradient is %.3g; more terms or steps come nearer", engine, r.norm), nil
			}
			// The loop was led astray by solves that were too loose.
			r.tight *= 0.1
			r.first = max(r.first, r.norm)
			return false, "", nil
		}
		if isA[OwnSolver](r.e.o.Problem) && at.Residual > 1e-5*r.e.scale {
			return false, fmt.Sprintf("projected gradient %.3g, with a follower that its own solver left at the residual %.3g: its answer may be another", r.norm, at.Residual), nil
		}
		settled := norm(change) <= 0.1*r.opt.Tolerance
		switch {
		case exact && settled:
			return true, "", nil
		case !exact && (settled || tol <= 1e-13):
			r.e.opt.Engine, tol = CG, 1e-4
		case tol <= 1e-13:
			return false, fmt.Sprintf("the gradient is known to %.3g only, which is too little for the tolerance %.3g", norm(change), r.opt.Tolerance), nil
		}
	}
}

// try evaluates at x; a point where the follower has no answer is no error but a step too long (nil).
func (r *leaderRun) try(x []float64, tol float64) (*Evaluation, error) {
	y, v, u, last := slices.Clone(r.e.y), slices.Clone(r.e.v), slices.Clone(r.e.u), slices.Clone(r.e.lastX)
	at, err := r.e.Evaluate(r.ctx, x, tol)
	if err == nil {
		return at, nil
	}
	if r.ctx.Err() != nil {
		return nil, r.ctx.Err()
	}
	r.e.y, r.e.v, r.e.u, r.e.lastX = y, v, u, last
	return nil, nil
}
