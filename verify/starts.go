package verify

import (
	"math"
	"math/rand/v2"
)

// sampleBox is where starts are drawn: the bounds where they are finite, and otherwise as far around the point as ten times its size, at
// least ten.
func (t *task) sampleBox(y []float64) (lo, hi []float64) {
	lo, hi = make([]float64, len(y)), make([]float64, len(y))
	for j, v := range y {
		reach := 10 * math.Max(1, math.Abs(v))
		lo[j], hi[j] = t.vlo[j], t.vhi[j]
		switch l, h := math.IsInf(lo[j], -1), math.IsInf(hi[j], 1); {
		case l && h:
			lo[j], hi[j] = v-reach, v+reach
		case l:
			lo[j] = math.Min(v, hi[j]) - reach
		case h:
			hi[j] = math.Max(v, lo[j]) + reach
		}
	}
	return lo, hi
}

// latinHypercube draws n points of a box such that in each variable every n-th part of the range holds one. Where the box is more than a
// hundred times as wide as the reach of the point y, every other point takes its value of that variable from around y.
func latinHypercube(n int, lo, hi, y []float64, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	points := make([][]float64, n)
	for k := range points {
		points[k] = make([]float64, len(lo))
	}
	for j := range lo {
		order := rng.Perm(n)
		near := 10 * math.Max(1, math.Abs(y[j]))
		wide := hi[j]-lo[j] > 200*near
		for k := range points {
			u := (float64(order[k]) + rng.Float64()) / float64(n)
			a, b := lo[j], hi[j]
			if wide && k%2 == 1 {
				a, b = math.Max(a, y[j]-near), math.Min(b, y[j]+near)
			}
			points[k][j] = math.Min(math.Max(a+u*(b-a), a), b)
		}
	}
	return points
}

// grid lists the points of a regular grid with the given number of places in each variable.
func grid(places int, lo, hi []float64) [][]float64 {
	total := 1
	for range lo {
		total *= places
	}
	points := make([][]float64, total)
	for k := range points {
		p := make([]float64, len(lo))
		rest := k
		for j := range p {
			p[j] = lo[j] + (hi[j]-lo[j])*float64(rest%places)/float64(places-1)
			rest /= places
		}
		points[k] = p
	}
	return points
}

// gridPlaces is the number of places a variable of the grid by the number of variables, from one.
var gridPlaces = [...]int{1001, 41, 13}

// defaultStarts is the number of local searches for n variables.
func defaultStarts(n int) int {
	switch {
	case n <= 6:
		return 10 * (n + 1)
	case n <= 30:
		return 60
	}
	return 20
}
