//go:build cgo && !nohighs

package highs

import (
	"math"
	"math/rand"
)

// randomLP is an LP with n columns in boxes and m rows of all kinds that a point within the boxes satisfies, so that it has an optimum.
func randomLP(r *rand.Rand, n, m int) *Arrays {
	a := &Arrays{Maximize: r.Intn(2) == 0, Offset: float64(r.Intn(5)), Start: []int32{0}}
	inside := make([]float64, n)
	for j := range n {
		lower := float64(r.Intn(5) - 2)
		upper := lower + float64(1+r.Intn(9))
		a.ColLower, a.ColUpper = append(a.ColLower, lower), append(a.ColUpper, upper)
		a.Cost = append(a.Cost, float64(r.Intn(21)-10))
		inside[j] = lower + r.Float64()*(upper-lower)
	}
	for range m {
		activity := 0.0
		for j := range n {
			if v := float64(r.Intn(19) - 9); v != 0 && r.Float64() < 0.5 {
				a.Index, a.Value = append(a.Index, int32(j)), append(a.Value, v)
				activity += v * inside[j]
			}
		}
		a.Start = append(a.Start, int32(len(a.Value)))
		lower, upper := math.Inf(-1), math.Inf(1)
		switch r.Intn(4) {
		case 0:
			lower = activity - 1
		case 1:
			upper = activity + 1
		case 2:
			lower, upper = activity, activity
		default:
			lower, upper = activity-2, activity+3
		}
		a.RowLower, a.RowUpper = append(a.RowLower, lower), append(a.RowUpper, upper)
	}
	return a
}

// clone copies the arrays that tests change.
func (a *Arrays) clone() *Arrays {
	b := *a
	for _, s := range []*[]float64{&b.Cost, &b.ColLower, &b.ColUpper, &b.RowLower, &b.RowUpper, &b.Value, &b.QValue} {
		*s = append([]float64(nil), *s...)
	}
	b.Start, b.Index = append([]int32(nil), a.Start...), append([]int32(nil), a.Index...)
	return &b
}
