// Package family generates families of bilevel problems on which exact methods for linear and convex-quadratic followers are compared. Four
// have the structure of the families that the Julia package BilevelJuMP benchmarks: support vector regression (SVR), random sparse programs
// (RAND), tolls with fare classes (TOLL) and forecasting (FORECAST). Two are problems on grids that have been published elsewhere: the
// pricing of a network (PRICING) and the interdiction of shortest paths (INTERDICT), each also as a mixed-integer program written directly. The numbers
// come from a portable generator, so that an instance is the same in every language.
package family

import "math"

// Random is SplitMix64: a stream of numbers that depends on the seed alone.
type Random struct{ state uint64 }

// NewRandom starts a stream.
func NewRandom(seed uint64) *Random { return &Random{seed} }

// Uint64 returns the next word.
func (r *Random) Uint64() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Uniform returns the next number in [0, 1).
func (r *Random) Uniform() float64 { return float64(r.Uint64()>>11) * 0x1p-53 }

// Normal returns a standard normal number, from two uniform ones a, b: sqrt(-2 ln(1-a)) cos(2πb).
func (r *Random) Normal() float64 {
	a := r.Uniform()
	b := r.Uniform()
	return math.Sqrt(-2*math.Log(1-a)) * math.Cos(2*math.Pi*b)
}

// Seeds are the ten seeds of the published comparison.
var Seeds = []uint64{1234, 2345, 3456, 4567, 5678, 6789, 7890, 8901, 9012, 123}
