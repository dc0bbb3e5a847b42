package hypergrad

import "math"

// Steps is a rule for the lengths of gradient steps.
type Steps interface {
	// size is the length of step k = 0, 1, ...
	size(k int, m *stepMemory) float64
	check() error
}

// stepMemory is what rules know of the steps before.
type stepMemory struct {
	Gradient float64 // norm of the current direction
	Moved    float64 // length of the move before, 0 at the first step
	Turned   float64 // change of the gradient over that move
	Last     float64 // step before
	Ratio    float64 // of the last two steps
	Squares  float64 // sum of squared norms of all directions so far, this one included
	Value    float64 // of the function that is descended
}

// Constant steps have one length.
type Constant float64

func (c Constant) size(int, *stepMemory) float64 { return float64(c) }
func (c Constant) check() error                  { return positive("a constant step", float64(c)) }

// Schedule steps are First ((1+Delay)/(k+1+Delay))^Exponent: with Delay 0, First/(k+1)^Exponent. Steps c/(k+K₀), as strongly convex h ask for, have
// the exponent 1, First = c/K₀, which must not be longer than the curvature allows, and Delay = K₀ - 1.
type Schedule struct {
	First, Exponent float64
	Delay           float64
}

func (s Schedule) size(k int, _ *stepMemory) float64 {
	if s.Delay == 0 {
		return s.First * math.Pow(float64(k+1), -s.Exponent)
	}
	return s.First * math.Pow(1+float64(k)/(1+s.Delay), -s.Exponent)
}

func (s Schedule) check() error {
	if !proper(s.Exponent) {
		return badOption("a schedule with exponent %v; give a finite one that is not negative", s.Exponent)
	}
	if !(s.Delay >= 0) || math.IsInf(s.Delay, 1) {
		return badOption("a schedule with delay %v; give a finite number that is not negative", s.Delay)
	}
	return positive("the first step of a schedule", s.First)
}

// Backtracking halves a step until the function falls by 1e-4 of what its slope says (Armijo); the next search starts at twice the length. In
// sampled methods, where it is for the follower's steps, the function is that of the batch (BiSLS).
type Backtracking struct {
	First float64 // default 1/‖gradient‖
}

func (b Backtracking) size(k int, m *stepMemory) float64 {
	switch {
	case m.Last > 0:
		return 2 * m.Last
	case b.First > 0:
		return b.First
	}
	return 1 / max(m.Gradient, 1e-300)
}

func (b Backtracking) check() error {
	if b.First == 0 {
		return nil
	}
	return positive("the first step of a search", b.First)
}

// Adaptive steps, of the gradient loop, follow the local curvature without a parameter (Malitsky and Mishchenko 2020):
//
//	t_k = min( √(1 + t_{k-1}/t_{k-2}) t_{k-1}, ‖x_k - x_{k-1}‖ / 2‖∇_k - ∇_{k-1}‖ ).
type Adaptive struct {
	First float64 // default 1e-3/‖gradient‖
}

func (a Adaptive) size(k int, m *stepMemory) float64 {
	if m.Last == 0 {
		if a.First > 0 {
			return a.First
		}
		return 1e-3 / max(m.Gradient, 1e-300)
	}
	t := math.Sqrt(1+m.Ratio) * m.Last
	if m.Turned > 0 {
		t = min(t, m.Moved/(2*m.Turned))
	}
	return t
}

func (a Adaptive) check() error {
	if a.First == 0 {
		return nil
	}
	return positive("the first adaptive step", a.First)
}

// TuningFree steps are Scale/√(Σ ‖direction‖²) over all directions so far (AdaGrad-norm, as in tuning-free bilevel methods): no constant of
// the problem is needed, and any Scale converges.
type TuningFree struct {
	Scale float64 // default 1
}

func (t TuningFree) size(_ int, m *stepMemory) float64 {
	s := t.Scale
	if s == 0 {
		s = 1
	}
	return s / max(math.Sqrt(m.Squares), 1e-300)
}

func (t TuningFree) check() error {
	if t.Scale == 0 {
		return nil
	}
	return positive("the scale of tuning-free steps", t.Scale)
}

// Polyak steps are min(Most, (value - Lower)/‖gradient‖²), on the batch in sampled methods (SPS), where they are for the follower's steps: for losses that are nearly zero at
// the answer.
type Polyak struct {
	Lower float64 // a lower bound of the function; default 0
	Most  float64 // default: none
}

func (p Polyak) size(_ int, m *stepMemory) float64 {
	t := (m.Value - p.Lower) / max(m.Gradient*m.Gradient, 1e-300)
	if p.Most > 0 {
		t = min(t, p.Most)
	}
	return max(t, 0)
}

func (p Polyak) check() error {
	if math.IsNaN(p.Lower) || math.IsInf(p.Lower, 0) || !proper(p.Most) {
		return badOption("Polyak steps with lower bound %v and largest step %v; give finite numbers, the second not negative", p.Lower, p.Most)
	}
	return nil
}

// checkSampledSteps refuses rules that a sampled method cannot follow for the steps of a player.
func checkSampledSteps(of string, rule Steps, value bool) error {
	switch rule.(type) {
	case Adaptive:
		return badOption("adaptive steps of the %s: in sampled methods successive directions are of different batches, whose difference tells no curvature; take TuningFree, or none", of)
	case Backtracking, Polyak:
		if !value {
			return badOption("%T steps of the %s: no batch tells the value that they look at; take Constant, Schedule or TuningFree, or none", rule, of)
		}
	}
	return rule.check()
}

func positive(what string, v float64) error {
	if !(v > 0) || math.IsInf(v, 1) {
		return badOption("%s is %v; give a positive number", what, v)
	}
	return nil
}

// note tells the memory of a direction before its step is asked for.
func (m *stepMemory) note(gradient, value float64) {
	m.Gradient, m.Value = gradient, value
	m.Squares += gradient * gradient
}

// made tells the memory of the step that was made.
func (m *stepMemory) made(step, moved float64) {
	m.Ratio = 1
	if m.Last > 0 {
		m.Ratio = step / m.Last
	}
	m.Last, m.Moved = step, moved
}
