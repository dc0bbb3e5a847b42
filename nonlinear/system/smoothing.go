package system

import "math"

// SmoothedFB is Kanzow's smoothed Fischer-Burmeister function
//
//	φ = sqrt(a² + b² + 2 Mu) - a - b,   zero exactly where a, b > 0 and ab = Mu   (Mu > 0).
type SmoothedFB struct{ Mu float64 }

// Name is "smoothed-fischer-burmeister".
func (SmoothedFB) Name() string { return "smoothed-fischer-burmeister" }

// Smooth is true for Mu > 0.
func (s SmoothedFB) Smooth() bool { return s.Mu > 0 }

func (s SmoothedFB) root(a, b float64) float64 {
	return math.Hypot(math.Hypot(a, b), math.Sqrt(2*s.Mu))
}

// Value is φ(a, b).
func (s SmoothedFB) Value(a, b float64) float64 { return rootMinusSum(a, b, s.root(a, b), 2*s.Mu) }

// Derivative is (a/r - 1, b/r - 1) with r the root.
func (s SmoothedFB) Derivative(a, b, da, db float64) (pa, pb float64) {
	r := s.root(a, b)
	if r == 0 {
		return FischerBurmeister{}.Derivative(a, b, da, db)
	}
	return a/r - 1, b/r - 1
}

// CHKS is the function of Chen, Harker, Kanzow and Smale
//
//	φ = a + b - sqrt((a - b)² + 4 Mu),   zero exactly where a, b > 0 and ab = Mu   (Mu > 0),
//
// which is 2 min(a, b) for Mu = 0.
type CHKS struct{ Mu float64 }

// Name is "chks".
func (CHKS) Name() string { return "chks" }

// Smooth is true for Mu > 0.
func (s CHKS) Smooth() bool { return s.Mu > 0 }

// Value is φ(a, b).
func (s CHKS) Value(a, b float64) float64 {
	r := math.Hypot(a-b, 2*math.Sqrt(s.Mu))
	sum := a + b
	if !(sum > 0) {
		return sum - r
	}
	if big := max(math.Abs(a), math.Abs(b)); big > 1e150 {
		return (4*(a/big)*b - 4*s.Mu/big) / (sum/big + r/big)
	}
	return (4*a*b - 4*s.Mu) / (sum + r)
}

// Derivative is (1 - (a-b)/r, 1 + (a-b)/r) with r the root.
func (s CHKS) Derivative(a, b, da, db float64) (pa, pb float64) {
	r := math.Hypot(a-b, 2*math.Sqrt(s.Mu))
	if r == 0 {
		pa, pb = Min{}.Derivative(a, b, da, db)
		return 2 * pa, 2 * pb
	}
	d := (a - b) / r
	return 1 - d, 1 + d
}

// SoftMin is Chen and Mangasarian's smoothed minimum
//
//	φ = -(1/K) log(e^{-Ka} + e^{-Kb}),   0 <= min(a, b) - φ <= log(2)/K   (K > 0).
type SoftMin struct{ K float64 }

// Name is "soft-min".
func (SoftMin) Name() string { return "soft-min" }

// Smooth is true.
func (SoftMin) Smooth() bool { return true }

// Value is φ(a, b).
func (s SoftMin) Value(a, b float64) float64 {
	return min(a, b) - math.Log1p(math.Exp(-s.K*math.Abs(a-b)))/s.K
}

// Derivative is (w, 1 - w) with w = 1/(1 + e^{K(a-b)}).
func (s SoftMin) Derivative(a, b, _, _ float64) (pa, pb float64) {
	small := math.Exp(-s.K * math.Abs(a-b))
	w := small / (1 + small) // the weight of the larger argument
	if a > b {
		return w, 1 - w
	}
	return 1 - w, w
}

// NextSmoothing is the parameter after mu in a homotopy that drives a smoothed function to the exact one: min(mu/10, ||Φ||²), which keeps
// the fast convergence of Newton's method.
func NextSmoothing(mu, norm float64) float64 { return min(0.1*mu, norm*norm) }
