package main

import (
	"math"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// perDecade is the number of windows in which a spy averages, for each factor of ten of terms.
const perDecade = 8

// unsampled hides the batches of a spy: methods are deterministic then.
type unsampled struct{ hypergrad.Problem }

// window averages squared gradients over a stretch of a run.
type window struct {
	terms, square float64
	count         int
}

// spy is the quadratic task that counts the terms that are touched and, at every batch of F, measures the squared norm of ∇h at the x that comes with it. The gradient
// is the closed form, Gx + g; no oracle is called for it. Averages over windows take the place of many seeds.
type spy struct {
	*tasks.Quadratic
	g, at   []float64 // G and g
	terms   float64
	checks  float64 // terms of checks, which are not the method's
	windows []window
	last    float64
	budget  float64
	until   float64 // the mean squared gradient of a window that ends the run, too; 0: none
	stop    func()  // ends the run; called once the budget is spent
	whole   bool    // the run takes whole sums alone
}

func newSpy(q *tasks.Quadratic) *spy {
	n, _ := q.Size()
	s := &spy{Quadratic: q, g: make([]float64, n*n)}
	x := make([]float64, n)
	_, s.at = q.Gradient(x)
	for j := range x {
		x[j] = 1
		_, g := q.Gradient(x)
		x[j] = 0
		for i := range g {
			s.g[i*n+j] = g[i] - s.at[i]
		}
	}
	return s
}

// square is ‖∇h(x)‖².
func (s *spy) square(x []float64) float64 {
	var sum float64
	for i, v := range s.at {
		for j, w := range x {
			v += s.g[i*len(x)+j] * w
		}
		sum += v * v
	}
	return sum
}

// progress is for the options of a run: what a check took is no part of the method.
func (s *spy) progress(p hypergrad.Progress) {
	s.checks = float64(p.Checks.Terms.Total())
	if s.whole {
		// The run knows nothing of terms then.
		n, m := s.Samples()
		s.checks = float64(m)*float64(p.Checks.Calls.Leader) + float64(n)*float64(p.Checks.Calls.Total()-p.Checks.Calls.Leader)
	}
}

// note measures x now.
func (s *spy) note(x []float64) {
	used := s.terms - s.checks
	s.last = s.square(x)
	k := max(0, int(perDecade*math.Log10(max(1, used))))
	for len(s.windows) <= k {
		if n := len(s.windows); n > 0 && s.stop != nil {
			if w := s.windows[n-1]; w.count > 0 && w.square <= s.until*float64(w.count) {
				s.stop()
			}
		}
		s.windows = append(s.windows, window{})
	}
	w := &s.windows[k]
	w.terms += used
	w.square += s.last
	w.count++
	if s.stop != nil && used > s.budget {
		s.stop()
	}
}

// LeaderBatch counts, and looks at x.
func (s *spy) LeaderBatch(batch []int, x, y, gx, gy []float64) float64 {
	s.note(x)
	s.terms += float64(len(batch))
	return s.Quadratic.LeaderBatch(batch, x, y, gx, gy)
}

// FollowerBatch counts.
func (s *spy) FollowerBatch(batch []int, x, y, gx, gy []float64) float64 {
	s.terms += float64(len(batch))
	return s.Quadratic.FollowerBatch(batch, x, y, gx, gy)
}

// HessianBatch counts.
func (s *spy) HessianBatch(batch []int, x, y, v, hv []float64) {
	s.terms += float64(len(batch))
	s.Quadratic.HessianBatch(batch, x, y, v, hv)
}

// MixedBatch counts.
func (s *spy) MixedBatch(batch []int, x, y, v, cv []float64) {
	s.terms += float64(len(batch))
	s.Quadratic.MixedBatch(batch, x, y, v, cv)
}

// Leader counts.
func (s *spy) Leader(x, y, gx, gy []float64) float64 {
	if s.whole {
		s.note(x)
	}
	_, n := s.Samples()
	s.terms += float64(n)
	return s.Quadratic.Leader(x, y, gx, gy)
}

func (s *spy) pass() {
	n, _ := s.Samples()
	s.terms += float64(n)
}

// Follower counts.
func (s *spy) Follower(x, y, gx, gy []float64) float64 {
	s.pass()
	return s.Quadratic.Follower(x, y, gx, gy)
}

// Hessian counts.
func (s *spy) Hessian(x, y, v, hv []float64) {
	s.pass()
	s.Quadratic.Hessian(x, y, v, hv)
}

// Mixed counts.
func (s *spy) Mixed(x, y, v, cv []float64) {
	s.pass()
	s.Quadratic.Mixed(x, y, v, cv)
}

// curve is the mean squared gradient after so many terms.
type curve []curvePoint

type curvePoint struct{ terms, square float64 }

// average is the curve of several runs: windows with the same number belong together.
func average(runs []*spy) curve {
	var c curve
	for k := 0; ; k++ {
		var w window
		more := false
		for _, s := range runs {
			if k < len(s.windows) {
				more = true
				w.terms += s.windows[k].terms
				w.square += s.windows[k].square
				w.count += s.windows[k].count
			}
		}
		if !more {
			return c.whole()
		}
		if w.count > 0 {
			c = append(c, curvePoint{w.terms / float64(w.count), w.square / float64(w.count)})
		}
	}
}

// whole leaves out the last window where the run ended in its first half: its mean is of few iterates.
func (c curve) whole() curve {
	if n := len(c); n > 1 && c[n-1].terms < c[n-2].terms*math.Pow(10, 0.5/perDecade) {
		return c[:n-1]
	}
	return c
}

// reach is the number of terms after which the curve stays at most eps, by interpolation of logarithms; +Inf where it ends above. A first passage would count the dips of
// a curve that noise moves up and down.
func (c curve) reach(eps float64) float64 {
	last := len(c) - 1 // the last point above eps
	for last >= 0 && c[last].square <= eps {
		last--
	}
	switch {
	case last == len(c)-1:
		return math.Inf(1)
	case last < 0:
		return max(1, c[0].terms)
	}
	was, p := c[last], c[last+1]
	t := math.Log(was.square/eps) / math.Log(was.square/max(p.square, 1e-300))
	return math.Exp(math.Log(max(1, was.terms))*(1-t) + math.Log(max(1, p.terms))*t)
}

// final is the value that the curve ends with.
func (c curve) final() float64 {
	if len(c) == 0 {
		return math.Inf(1)
	}
	return c[len(c)-1].square
}

// slope fits log calls against log 1/ε by least squares at eight points a decade, over the given decades of ε from least upwards as far as the start was above; it answers the
// decades that the points span, too.
func (c curve) slope(least, decades float64) (slope, span float64) {
	var u, v []float64
	for k := 0.0; k <= 8*decades+0.5; k++ {
		eps := least * math.Pow(10, k/8)
		// Levels above the start are no progress.
		if t := c.reach(eps); !math.IsInf(t, 1) && t > 1 && eps <= c[0].square {
			u, v = append(u, -math.Log10(eps)), append(v, math.Log10(t))
		}
	}
	if len(u) < 3 {
		return math.NaN(), 0
	}
	var mu, mv, uv, uu float64
	for i := range u {
		mu += u[i] / float64(len(u))
		mv += v[i] / float64(len(u))
	}
	for i := range u {
		uv += (u[i] - mu) * (v[i] - mv)
		uu += (u[i] - mu) * (u[i] - mu)
	}
	return uv / uu, u[0] - u[len(u)-1]
}
