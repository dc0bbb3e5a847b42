package newton

import (
	"math"
	"math/rand"
	"slices"
)

const (
	mostEscapes     = 3
	escapeStep      = 1e-2
	escapeMu        = 1e-2
	betterByAtLeast = 1e-9
)

// finish polishes the point at which the interior iteration has ended. Where that turns out to be a saddle, the iteration goes on from a point
// nearby; what it finds counts where the objective is less.
func (r *run) finish(v verdict) verdict {
	e := r.main
	if v == limit || v == failed {
		v = r.useBest(v)
	}
	if v != converged && v != nearly || e.weight == 0 {
		return v
	}
	v = r.polished(v)
	for range mostEscapes {
		if !r.saddle() {
			return v
		}
		saddle := newIterate(e.n, e.pr.mr)
		saddle.copyFrom(&e.cur)
		message := r.message
		r.stepAside()
		next := r.interior(e, nil)
		if next == unbounded {
			return next
		}
		if next == converged || next == nearly {
			next = r.polished(next)
			if e.cur.f < saddle.f-betterByAtLeast*max(1, math.Abs(saddle.f)) {
				v = next
				continue
			}
		}
		e.cur.copyFrom(&saddle)
		r.message = message
		return v
	}
	return v
}

// saddle reports whether the Lagrangian has negative curvature along the constraints that are active, and also where weakly active bounds
// count as much as the interior iteration counts them.
func (r *run) saddle() bool {
	e := r.main
	if !r.polish.indefinite || !r.pr.derivatives(e.cur.v[:r.pr.nx]) {
		return false
	}
	return !e.prepare() || e.kkt.dw > 0
}

// polished tries to make the point an accurate one. Where that fails, x is moved to the bounds as they are, and a violation of a row that is
// then too large takes the claim back.
func (r *run) polished(v verdict) verdict {
	if r.set.polish && r.polish.run(r.opt.Tolerance, r.opt.Feasibility) {
		r.message = ""
		return converged
	}
	if v == converged && r.set.polish && !r.polish.indefinite && r.tighten() {
		return converged
	}
	if v == converged && r.violation() > r.opt.Feasibility {
		r.message = "a constraint is violated by more than asked for once the variables are within their bounds"
		return nearly
	}
	return v
}

// tighten goes on with the interior iteration where the bounds are moved outwards by next to nothing, for a few steps, and reports whether it
// has found a solution there; if not, it leaves everything as it was.
func (r *run) tighten() bool {
	e := r.main
	before := r.keep(converged)
	lower, upper := slices.Clone(e.lower), slices.Clone(e.upper)
	most, best := r.most, r.best
	r.relax(tightFactor, r.opt.Feasibility/2)
	r.most = min(r.opt.MaxIterations, r.iterations+mostTightening)
	mu, restored := e.mu, r.restored
	r.restored = mostRestored // no restoration
	v := r.fromInterior(tightMu)
	if v == converged && r.polish.run(r.opt.Tolerance, r.opt.Feasibility) {
		r.message = ""
		return true
	}
	if v == converged && r.violation() <= r.opt.Feasibility {
		return true
	}
	before.restore(r)
	copy(e.lower, lower)
	copy(e.upper, upper)
	copy(r.pr.lower, lower)
	copy(r.pr.upper, upper)
	r.most, r.best, r.restored, e.mu = most, best, restored, mu
	r.pr.derivatives(e.cur.v[:r.pr.nx])
	return false
}

const (
	mostTightening = 30
	tightMu        = 1e-8
)

// violation is the largest violation of a row in its own units, less rounding errors, at the main engine's x moved to the exact bounds.
func (r *run) violation() float64 {
	e, pr := r.main, r.pr
	x, c := e.trial.v, e.trial.rows
	for k := range pr.nx {
		x[k] = clamp(e.cur.v[k], pr.exactLower[k], pr.exactUpper[k])
	}
	pr.setPoint(x)
	if !pr.rowValues(c) {
		return math.NaN()
	}
	most := 0.0
	for k, v := range c {
		l, u := pr.target[k], pr.target[k]
		if s := pr.slack[k]; s >= 0 {
			l, u = pr.exactLower[s], pr.exactUpper[s]
		}
		d := max(l-v, v-u) - rowRounding*math.Abs(v)
		most = max(most, d/pr.rowScale[k])
	}
	return most
}

// rowRounding is the part of a row's value that counts as a rounding error of its evaluation.
const rowRounding = 1e-14

// stepAside moves the main engine to a point beside the current one, drawn always the same way.
func (r *run) stepAside() {
	e, pr := r.main, r.pr
	random := rand.New(rand.NewSource(1))
	x := make([]float64, pr.nx)
	for step := escapeStep; step > 1e-8; step /= 10 {
		for j := range x {
			x[j] = e.cur.v[j] + step*max(1, math.Abs(e.cur.v[j]))*(2*random.Float64()-1)
		}
		if e.enter(x, push) && pr.derivatives(e.cur.v[:pr.nx]) {
			break
		}
	}
	e.mu = escapeMu
	for i, v := range e.cur.v {
		if l := e.lower[i]; !math.IsInf(l, -1) {
			e.cur.zl[i] = max(e.cur.zl[i], escapeMu/(v-l))
		}
		if u := e.upper[i]; !math.IsInf(u, 1) {
			e.cur.zu[i] = max(e.cur.zu[i], escapeMu/(u-v))
		}
	}
	e.evaluate(&e.cur)
	e.setMu(escapeMu)
	e.filter.start(e.cur.theta)
	r.best.set = false
	r.acceptable = 0
}
