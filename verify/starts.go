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

// scan lists the points that differ from y in one variable, at the given number of places in each.
func scan(places int, lo, hi, y []float64) [][]float64 {
	var points [][]float64
	for j := range y {
		for k := range places {
			p := append([]float64(nil), y...)
			p[j] = lo[j] + (hi[j]-lo[j])*float64(k)/float64(places-1)
			points = append(points, p)
		}
	}
	return points
}

// mixWith gives every other point the values of y but for a few variables, up to a third: where there are wells in each variable, few points of
// a box lie in the deepest of all, and a good y lies in most of them.
func mixWith(points [][]float64, y []float64, seed uint64) {
	n := len(y)
	if n < 3 {
		return
	}
	rng := rand.New(rand.NewPCG(seed, 0x94d049bb133111eb))
	for k := 1; k < len(points); k += 2 {
		p := append([]float64(nil), y...)
		for _, j := range rng.Perm(n)[:1+rng.IntN(n/3)] {
			p[j] = points[k][j]
		}
		points[k] = p
	}
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
