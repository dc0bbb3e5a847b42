package system

import "math"

// NCP is a function φ with φ(a, b) = 0 exactly where 0 <= a ⟂ b >= 0, or, for a smoothed one, near that set.
type NCP interface {
	// Name is the function's name in messages and options.
	Name() string
	// Value is φ(a, b).
	Value(a, b float64) float64
	// Derivative is (∂φ/∂a, ∂φ/∂b). At a kink it is the limit along the direction (da, db) in which the arguments move, so that rows of a
	// system that take their directions from one and the same v have an element of its B-subdifferential together: da = ∇a'v, db = ∇b'v.
	// A direction that does not leave the kink, (0, 0) among them, gets an element of the subdifferential all the same.
	Derivative(a, b, da, db float64) (pa, pb float64)
	// Smooth says that φ has no kink.
	Smooth() bool
}

// FischerBurmeister is φ = r - a - b with r = sqrt(a² + b²). Its kink is the origin; φ² is continuously differentiable.
type FischerBurmeister struct{}

// Name is "fischer-burmeister".
func (FischerBurmeister) Name() string { return "fischer-burmeister" }

// Smooth is false.
func (FischerBurmeister) Smooth() bool { return false }

// Value is r - a - b, where a + b > 0 without the cancellation of that difference.
func (FischerBurmeister) Value(a, b float64) float64 { return rootMinusSum(a, b, math.Hypot(a, b), 0) }

// rootMinusSum is r - (a + b) for r² = a² + b² + e, e >= 0.
func rootMinusSum(a, b, r, e float64) float64 {
	sum := a + b
	if !(sum > 0) {
		return r - sum
	}
	if big := max(math.Abs(a), math.Abs(b)); big > 1e150 {
		return (e/big - 2*(a/big)*b) / (r/big + sum/big) // no product that overflows
	}
	return (e - 2*a*b) / (r + sum)
}

// Derivative is (a/r - 1, b/r - 1).
func (FischerBurmeister) Derivative(a, b, da, db float64) (pa, pb float64) {
	xi, eta := unit(a, b, da, db)
	return xi - 1, eta - 1
}

// unit is (a, b) at length one; at the origin (da, db), and where that is zero too, the diagonal.
func unit(a, b, da, db float64) (xi, eta float64) {
	if a == 0 && b == 0 {
		a, b = da, db
	}
	scale := max(math.Abs(a), math.Abs(b)) // tiny arguments lose their digits in the squares
	if scale == 0 {
		return math.Sqrt2 / 2, math.Sqrt2 / 2
	}
	a, b = a/scale, b/scale
	r := math.Hypot(a, b)
	return a / r, b / r
}

// Min is φ = min(a, b). Its kinks are a = b, and its square has them too where a = b differs from zero; it makes the smallest systems,
// but is no merit to decrease.
type Min struct{}

// Name is "min".
func (Min) Name() string { return "min" }

// Smooth is false.
func (Min) Smooth() bool { return false }

// Value is min(a, b).
func (Min) Value(a, b float64) float64 { return min(a, b) }

// Derivative is (1, 0) where a < b and (0, 1) where a > b; at a = b the direction decides in the same way, and (1, 0) is taken where it
// does not.
func (Min) Derivative(a, b, da, db float64) (pa, pb float64) {
	if a < b || a == b && da <= db {
		return 1, 0
	}
	return 0, 1
}

// Penalised is the penalised Fischer-Burmeister function of Chen, Chen and Kanzow (2000),
//
//	φ = C (r - a - b) - (1 - C) a⁺b⁺,
//
// which, unlike r - a - b, grows where both arguments do. C lies between 0 and 1; zero stands for the usual 0.95.
type Penalised struct{ C float64 }

// Name is "penalised-fischer-burmeister".
func (Penalised) Name() string { return "penalised-fischer-burmeister" }

// Smooth is false.
func (Penalised) Smooth() bool { return false }

func (p Penalised) weight() float64 {
	if p.C == 0 {
		return 0.95
	}
	return p.C
}

// Value is φ(a, b).
func (p Penalised) Value(a, b float64) float64 {
	c := p.weight()
	return c*FischerBurmeister{}.Value(a, b) - (1-c)*max(a, 0)*max(b, 0)
}

// Derivative is C times that of Fischer-Burmeister less (1 - C)(b⁺[a > 0], a⁺[b > 0]).
func (p Penalised) Derivative(a, b, da, db float64) (pa, pb float64) {
	c := p.weight()
	pa, pb = FischerBurmeister{}.Derivative(a, b, da, db)
	pa, pb = c*pa, c*pb
	if a > 0 || a == 0 && da > 0 {
		pa -= (1 - c) * max(b, 0)
	}
	if b > 0 || b == 0 && db > 0 {
		pb -= (1 - c) * max(a, 0)
	}
	return pa, pb
}

// EvtushenkoPurtov is φ = -ab + ½ min(0, a + b)². It is continuously differentiable, at the price that its derivative vanishes at the
// origin and is small near it.
type EvtushenkoPurtov struct{}

// Name is "evtushenko-purtov".
func (EvtushenkoPurtov) Name() string { return "evtushenko-purtov" }

// Smooth is true: the first derivatives are continuous.
func (EvtushenkoPurtov) Smooth() bool { return true }

// Value is φ(a, b).
func (EvtushenkoPurtov) Value(a, b float64) float64 {
	m := min(0, a+b)
	return m*m/2 - a*b
}

// Derivative is (-b + min(0, a + b), -a + min(0, a + b)).
func (EvtushenkoPurtov) Derivative(a, b, _, _ float64) (pa, pb float64) {
	m := min(0, a+b)
	return m - b, m - a
}
