//go:build !linux

package matrix

// newData is make for the entries of a matrix.
func newData(n int) []float64 { return make([]float64, n) }
