package hypergrad

import (
	"math"
	"slices"
)

// quasiNewton makes one step of the projected L-BFGS method: variables at a bound whose gradient points outwards are held, the two-loop recursion
// gives a direction of the others, and a weak Wolfe search runs along the projected path P(x + td).
func (r *leaderRun) quasiNewton() (moved bool, err error) {
	n := len(r.x)
	box, _ := r.opt.Set.(Box)
	held := make([]bool, n)
	g := slices.Clone(r.at.Gradient)
	for j := range g {
		lower, upper := box.at(j)
		near := 1e-10 * (1 + math.Abs(r.x[j]))
		if (r.x[j] <= lower+near && g[j] > 0) || (r.x[j] >= upper-near && g[j] < 0) {
			held[j], g[j] = true, 0
		}
	}
	for attempt := range 3 {
		d := r.direction(g, held)
		slope := dot(g, d)
		if !(slope < -1e-12*norm(g)*norm(d)) {
			if len(r.s) == 0 {
				return false, nil
			}
			r.s, r.y = nil, nil
			continue
		}
		if moved, err = r.search(d, slope); moved || err != nil {
			return moved, err
		}
		// Old pairs may have misled the direction; loose solves may have misled the search.
		r.s, r.y = nil, nil
		at, err := r.e.Evaluate(r.ctx, r.x, max(1e-13, r.tolerance()*math.Pow(1e-2, float64(attempt+1))))
		if err != nil {
			return false, err
		}
		r.accept(r.x, at)
		for j := range g {
			if g[j] = at.Gradient[j]; held[j] {
				g[j] = 0
			}
		}
	}
	return false, nil
}

// direction is -Bg over the variables that are not held.
func (r *leaderRun) direction(g []float64, held []bool) []float64 {
	d := slices.Clone(g)
	inner := func(a, b []float64) float64 {
		var s float64
		for j := range a {
			if !held[j] {
				s += a[j] * b[j]
			}
		}
		return s
	}
	alpha, rho := make([]float64, len(r.s)), make([]float64, len(r.s))
	scale := 0.0
	for i := len(r.s) - 1; i >= 0; i-- {
		rho[i] = inner(r.s[i], r.y[i])
		yy := inner(r.y[i], r.y[i])
		if rho[i] <= 1e-10*math.Sqrt(yy*inner(r.s[i], r.s[i])) || yy == 0 {
			rho[i] = 0
			continue
		}
		if scale == 0 {
			scale = rho[i] / yy
		}
		alpha[i] = inner(r.s[i], d) / rho[i]
		add(d, -alpha[i], r.y[i])
	}
	if scale == 0 {
		scale = r.opt.FirstMove / max(norm(g), 1e-300)
	}
	for j := range d {
		d[j] *= scale
	}
	for i := range r.s {
		if rho[i] > 0 {
			add(d, alpha[i]-inner(r.y[i], d)/rho[i], r.s[i])
		}
	}
	for j := range d {
		if d[j] = -d[j]; held[j] {
			d[j] = 0
		}
	}
	return d
}

// search looks for a step t with h(x⁺) <= h + 1e-4 g's and g⁺'s >= 0.9 g's, s = x⁺ - x, by interpolation and expansion; after the first condition alone
// it is content where expansion meets the set's boundary. What value differences cannot tell, because h is known only to rounding and
// the follower's tolerance, the gradients decide.
func (r *leaderRun) search(d []float64, slope float64) (moved bool, err error) {
	n := len(r.x)
	low, high, t := 0.0, math.Inf(1), 1.0
	var best *Evaluation
	var bestX []float64
	for range 12 {
		trial := slices.Clone(r.x)
		add(trial, t, d)
		project(r.opt.Set, trial)
		s := slices.Clone(trial)
		add(s, -1, r.x)
		gs := dot(r.at.Gradient, s)
		if norm(s) <= 1e-15*(1+norm(r.x)) {
			break
		}
		at, err := r.try(trial, r.tolerance())
		if err != nil {
			return false, err
		}
		r.step = t
		if at == nil {
			high = t
			t = low + 0.25*(min(high, 4*t)-low)
			continue
		}
		after := dot(at.Gradient, s)
		noise := 1e-12*(math.Abs(r.at.Value)+math.Abs(at.Value)) + math.Abs(r.at.Correction) + math.Abs(at.Correction) + 1e-300
		falls := at.Value <= r.at.Value+1e-4*gs || (math.Abs(at.Value-r.at.Value) <= noise && math.Abs(after) <= 0.9*math.Abs(gs))
		switch {
		case !falls:
			high = t
			// The minimiser of the parabola through the value and slope at zero and the value at t, kept inside the bracket.
			q := -slope * t * t / (2 * (at.Value - r.at.Value - slope*t))
			if !(q > low+0.1*(high-low)) || !(q < low+0.7*(high-low)) {
				q = low + 0.35*(high-low)
			}
			t = q
		case after < 0.9*gs && gs < 0:
			low, best, bestX = t, at, trial
			if math.IsInf(high, 1) {
				t *= 3
			} else {
				t = (low + high) / 2
			}
		default:
			r.keep(s, trial, at)
			return true, nil
		}
		if best != nil && (t > 1e6 || high-low <= 1e-3*high) {
			break
		}
	}
	if best == nil {
		return false, nil
	}
	s := make([]float64, n)
	copy(s, bestX)
	add(s, -1, r.x)
	r.keep(s, bestX, best)
	return true, nil
}

// keep stores a pair and accepts the point.
func (r *leaderRun) keep(s, x []float64, at *Evaluation) {
	y := slices.Clone(at.Gradient)
	add(y, -1, r.at.Gradient)
	if dot(s, y) > 1e-10*norm(s)*norm(y) {
		r.s, r.y = append(r.s, s), append(r.y, y)
		if len(r.s) > r.opt.Pairs {
			r.s, r.y = r.s[1:], r.y[1:]
		}
	}
	r.accept(x, at)
}
