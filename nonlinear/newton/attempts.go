package newton

import (
	"fmt"
	"math"
	"math/rand"
)

// firstAttempt is the number of iterations after which an attempt that has not found a solution gives way to the next.
const firstAttempt = 500

// attempts solves by the adaptive rule for the barrier parameter, and where that fails by the monotone one. A point found to be infeasible is
// taken for an answer after looks from other starts, unless the constraints are linear.
func (r *run) attempts() verdict {
	if r.opt.Warm {
		if v, ok := r.warm(); ok || r.stopped(v) {
			return v
		}
	}
	first := r.attempt(r.x0, !r.set.monotone)
	if first == unbounded && r.main.violation() > r.opt.Feasibility {
		return r.feasibleAnywhere()
	}
	if first.final() || r.stopped(first) || first == infeasible && r.linear() {
		return first
	}
	kept := r.keep(first)
	r.relax(r.set.relax, math.Inf(1))
	for k := range min(1+len(moves), r.set.attempts-1) {
		x := r.x0
		if k > 0 {
			if kept.verdict != infeasible {
				break
			}
			x = r.moved(moves[k-1])
		}
		next := r.attempt(x, k > 0 != r.set.monotone)
		if next.rank() < kept.verdict.rank() {
			return next
		}
		if r.stopped(next) {
			break
		}
	}
	kept.restore(r)
	return kept.verdict
}

// final says that nothing better is to be expected of another attempt.
func (v verdict) final() bool {
	return v == converged || v == nearly || v == unbounded || v == interrupted
}

// rank orders verdicts from the best on.
func (v verdict) rank() int {
	for k, w := range []verdict{converged, nearly, unbounded, infeasible, interrupted, limit} {
		if v == w {
			return k
		}
	}
	return int(failed)
}

// stopped says that no iteration is left.
func (r *run) stopped(v verdict) bool {
	return v == interrupted || v == limit && (r.iterations >= r.opt.MaxIterations || r.timeIsUp())
}

// kept is the end of an attempt, set aside.
type kept struct {
	verdict verdict
	at      iterate
	message string
}

func (r *run) keep(v verdict) *kept {
	k := &kept{verdict: v, at: newIterate(r.main.n, r.pr.mr), message: r.message}
	k.at.copyFrom(&r.main.cur)
	return k
}

func (k *kept) restore(r *run) {
	r.main.cur.copyFrom(&k.at)
	r.message = k.message
}

// attempt runs the interior iteration from x and finishes what it finds.
func (r *run) attempt(x []float64, adaptive bool) verdict {
	e, pr := r.main, r.pr
	r.message, r.acceptable, r.restored = "", 0, 0
	r.best.set = false
	r.most = min(r.opt.MaxIterations, r.iterations+firstAttempt)
	if !adaptive {
		r.most = r.opt.MaxIterations
	}
	e.reset(adaptive)
	if !e.enter(x, push) || !pr.derivatives(e.cur.v[:pr.nx]) {
		r.message = "the functions have no value or no derivative at the start"
		return failed
	}
	e.unitMultipliers()
	e.gradients()
	e.leastSquares()
	e.evaluate(&e.cur)
	e.firstF = e.cur.f
	e.setMu(firstMu)
	e.filter.start(e.cur.theta)
	return r.finish(r.interior(e, nil))
}

// useBest goes back to the best point of an attempt that has ended without a solution, where that is close to one, and polishes it.
func (r *run) useBest(v verdict) verdict {
	e := r.main
	if !r.best.set || r.best.all > closeTolerance || e.weight == 0 {
		return v
	}
	last := r.keep(v)
	e.cur.copyFrom(&r.best.at)
	if r.set.polish && r.polish.run(r.opt.Tolerance, r.opt.Feasibility) {
		r.message = ""
		return converged
	}
	if r.best.all <= acceptableTolerance {
		return nearly
	}
	last.restore(r)
	return v
}

// closeTolerance is the residual below which a point is worth polishing.
const closeTolerance = 1e-3

// reset forgets what an earlier attempt has left.
func (e *engine) reset(free bool) {
	e.adaptive = adaptive{on: free, past: e.adaptive.past[:0]}
	e.kkt.last, e.kkt.singular = 0, 0
	e.alpha = 0
}

// moves are the distances, relative to max(1, |x|), of the starts tried before a program is called infeasible.
var moves = [...]float64{1, 10}

// moved is the start with every variable moved at random by up to a relative distance, always in the same way.
func (r *run) moved(by float64) []float64 {
	random := rand.New(rand.NewSource(2))
	x := make([]float64, len(r.x0))
	for j, v := range r.x0 {
		x[j] = v + by*max(1, math.Abs(v))*(2*random.Float64()-1)
	}
	return x
}

// feasibleAnywhere decides on a program whose objective falls without limit at points that violate rows, by little for their size: it is
// unbounded where a feasible point exists. The point and its multipliers stay those of the descent, or show that there is none.
func (r *run) feasibleAnywhere() verdict {
	far := r.keep(unbounded)
	r.main.weight = 0
	v := r.attempt(r.x0, true)
	r.main.weight = 1
	switch v {
	case infeasible, interrupted:
		return v
	case converged, nearly:
		far.restore(r)
		return unbounded
	}
	far.restore(r)
	r.message = "the objective falls without limit, but no feasible point was found"
	return failed
}

// linear reports whether the second derivatives of all rows vanish at the current point and at the start: a stationary point of the
// violation is then a proof that there is no feasible one.
func (r *run) linear() bool {
	pr := r.pr
	lambda := make([]float64, pr.mr)
	random := rand.New(rand.NewSource(3))
	for _, x := range [][]float64{r.main.cur.v[:pr.nx], r.x0} {
		for i := range lambda {
			lambda[i] = 0.5 + random.Float64()
		}
		if !pr.hessian(x, 0, lambda) {
			return false
		}
		for _, h := range pr.hess {
			if h != 0 {
				return false
			}
		}
	}
	return true
}

// limitReached describes the limit on iterations.
func (r *run) limitReached() string {
	return fmt.Sprintf("stopped at the limit of %d iterations", r.opt.MaxIterations)
}
