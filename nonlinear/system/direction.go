package system

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// advance makes one step and reports whether there was one.
func (r *run) advance() bool {
	r.lin.load(r.vals)
	for _, kind := range [...]StepKind{StepProposed, StepNewton, StepGaussNewton, StepDamped, StepGradient} {
		if !r.direction(kind) {
			continue
		}
		if t, ok := r.search(kind); ok {
			r.w, r.trial = r.trial, r.w
			r.phi, r.trialAt = r.trialAt, r.phi
			r.step.kind, r.step.length = kind, t
			r.steps[kind]++
			return true
		}
	}
	return false
}

// direction stores the direction of a kind in d and reports whether the method has it here.
func (r *run) direction(kind StepKind) bool {
	ok := false
	switch kind {
	case StepProposed:
		if p, is := r.s.(Proposer); is {
			ok = p.Propose(r.w, r.phi, r.d)
		}
	case StepNewton:
		ok = r.opt.Method == Newton && r.lin.newton(r.phi, r.d)
	case StepGaussNewton:
		ok = r.opt.Method == GaussNewton && r.lin.shortest(r.phi, r.d)
	case StepDamped:
		ok = r.lin.damped(r.opt.Damping.Of(math.Sqrt(2*r.merit)), r.phi, r.d)
	case StepGradient:
		for j, g := range r.grad {
			r.d[j] = -g
		}
		ok = true
	}
	return ok && !math.IsNaN(dense.MaxAbs(r.d)) && !math.IsInf(dense.MaxAbs(r.d), 0)
}

// search finds the length of the step along d; trial and trialAt are then the new point, and merit is its merit.
func (r *run) search(kind StepKind) (float64, bool) {
	ls := &r.opt.LineSearch
	slope := dense.Dot(r.grad, r.d)
	full := r.at(1)
	if full <= r.opt.Reduction*r.opt.Reduction*r.merit {
		r.merit = full
		return 1, true
	}
	if !(slope < 0) || kind != StepGradient && slope > -r.opt.DescentFactor*math.Pow(dense.Norm(r.d), r.opt.DescentPower) {
		return 0, false
	}
	reference := r.history[0]
	for _, h := range r.history {
		reference = max(reference, h)
	}
	t, v := ls.First, full
	for k := 0; ; k++ {
		if k > 0 || t != 1 { // the full step is known
			v = r.at(t)
		}
		if v <= reference+ls.Sigma*t*slope {
			break
		}
		if k == ls.Halvings {
			if !(v <= ls.Growth*r.merit) {
				return 0, false
			}
			break
		}
		t *= ls.Factor
	}
	r.merit = v
	return t, true
}

// at evaluates the merit at w + t d.
func (r *run) at(t float64) float64 {
	for j, v := range r.w {
		r.trial[j] = v + t*r.d[j]
	}
	return r.residual(r.trial, r.trialAt)
}
