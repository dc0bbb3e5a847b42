//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

import (
	"fmt"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// enter begins a callback and says whether to evaluate anything; leave, deferred, ends it and lets no panic unwind through C.
func (t *task) enter() bool {
	if t.alone {
		turn.Unlock()
	}
	t.mu.Lock()
	return !t.left && t.panicked == nil
}

func (t *task) leave(ok *bool) {
	if r := recover(); r != nil {
		t.panicked, *ok = r, false
		t.engine.stop()
	}
	t.mu.Unlock()
	if t.alone {
		turn.Lock()
	}
}

// finite reports whether all values are numbers, and else notes what has none.
func (t *task) finite(values []float64, what string, from []int32) bool {
	for k, v := range values {
		if v-v != 0 {
			t.failed = what
			if from != nil {
				k = int(from[k])
			}
			if k >= 0 && what != objectiveText {
				t.failed = fmt.Sprintf("%s %d", what, k)
			}
			return false
		}
	}
	return true
}

const objectiveText = "the objective"

func (t *task) objective(x []float64, value *float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	t.evaluations++
	v := t.program.Objective(x[:t.shape.own])
	for _, d := range x[t.shape.own:] {
		v += d * d / 2
	}
	*value = v
	if v-v != 0 {
		t.failed = objectiveText
		return false
	}
	return true
}

func (t *task) gradient(x, g []float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	n := t.shape.own
	t.program.Gradient(x[:n], g[:n])
	copy(g[n:], x[n:])
	copy(t.last, x)
	return t.finite(g[:n], "the objective's derivative by variable", nil)
}

func (t *task) rows(x, g []float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	x = x[:t.shape.own]
	if t.shape.keep == nil {
		t.program.Rows(x, g)
	} else {
		t.program.Rows(x, t.c)
		for k, r := range t.shape.keep {
			g[k] = t.c[r]
		}
	}
	return t.finite(g, "row", t.shape.keep)
}

func (t *task) jacobian(x, vals []float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	x = x[:t.shape.own]
	if t.shape.jacFrom == nil {
		t.program.Jacobian(x, vals)
	} else {
		t.program.Jacobian(x, t.jac)
		for k, from := range t.shape.jacFrom {
			vals[k] = t.jac[from]
		}
	}
	return t.finite(vals, "the derivatives of rows, at their entry", nil)
}

func (t *task) hessian(x []float64, sigma float64, lambda, vals []float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	if t.shape.keep != nil {
		for k, r := range t.shape.keep {
			t.weights[r] = lambda[k]
		}
		lambda = t.weights
	}
	n := len(vals) - (t.shape.n - t.shape.own)
	t.program.Hessian(x[:t.shape.own], sigma, lambda, vals[:n:n])
	for k := n; k < len(vals); k++ {
		vals[k] = sigma
	}
	return t.finite(vals[:n], "the second derivatives, at their entry", nil)
}

// iterate hears of an iteration and says whether to go on.
func (t *task) iterate(restoration bool, iteration int, value, violation, residual, mu, step float64) (ok bool) {
	defer t.leave(&ok)
	if !t.enter() {
		return false
	}
	t.iterations, t.heard = iteration, true
	if t.opt.Progress == nil {
		return true
	}
	it := smooth.Iterate{Iteration: t.before + iteration, Objective: value, Violation: violation, Residual: residual, Mu: mu, Step: step,
		Restoration: restoration, Elapsed: time.Since(t.start)}
	if x := t.engine.current(); x != nil {
		it.X = x[:t.shape.own]
	}
	if !t.opt.Progress(it) {
		t.ended = true
		return false
	}
	return true
}
