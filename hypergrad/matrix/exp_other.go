//go:build !amd64 || purego

package matrix

// expLanes has no kernel here.
func expLanes([]float64) bool { return false }

// logisticLanes has no kernel here.
func logisticLanes(_, _, _ []float64, _ float64, _ ahead) (value, product float64, ok bool) {
	return 0, 1, false
}
