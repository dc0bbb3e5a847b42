package newton

import "math"

// fischerBurmeister is φ(a, b) = √(a² + b²) - a - b, which is zero exactly where 0 <= a ⟂ b >= 0, without cancellation.
func fischerBurmeister(a, b float64) float64 {
	r := math.Hypot(a, b)
	if a+b > 0 {
		return -2 * a * b / (r + a + b)
	}
	return r - a - b
}

// fischerBurmeisterSlopes are the derivatives (a/r - 1, b/r - 1) of φ, r = √(a² + b²); at the origin, where there are none, the element of
// the generalised derivative for a direction that changes a and b alike.
func fischerBurmeisterSlopes(a, b float64) (da, db float64) {
	r := math.Hypot(a, b)
	if r == 0 {
		return math.Sqrt2/2 - 1, math.Sqrt2/2 - 1
	}
	return a/r - 1, b/r - 1
}
