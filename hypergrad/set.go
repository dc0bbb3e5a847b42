package hypergrad

import (
	"math"
	"slices"
)

// Set is the leader's set X, convex and closed, by its projection.
type Set interface {
	// Project overwrites x with its nearest point in the set.
	Project(x []float64)
}

// Box is {x: Lower <= x <= Upper}; a nil side is infinite, a side of one entry stands for all.
type Box struct {
	Lower, Upper []float64
}

// Bounds is the box with the same two bounds for each variable.
func Bounds(lower, upper float64) Box { return Box{Lower: []float64{lower}, Upper: []float64{upper}} }

// at are the bounds of variable j.
func (b Box) at(j int) (lower, upper float64) {
	side := func(s []float64, none float64) float64 {
		switch len(s) {
		case 0:
			return none
		case 1:
			return s[0]
		}
		return s[j]
	}
	return side(b.Lower, math.Inf(-1)), side(b.Upper, math.Inf(1))
}

// Project clips x.
func (b Box) Project(x []float64) {
	if len(b.Lower) <= 1 && len(b.Upper) <= 1 {
		lower, upper := b.at(0)
		for j, v := range x {
			x[j] = min(max(v, lower), upper)
		}
		return
	}
	for j := range x {
		lower, upper := b.at(j)
		x[j] = min(max(x[j], lower), upper)
	}
}

func (b Box) check(n int) error {
	for _, s := range []struct {
		name string
		side []float64
	}{{"lower", b.Lower}, {"upper", b.Upper}} {
		if k := len(s.side); k > 1 && k != n {
			return badOption("the box has %d %s bounds for %d leader variables; give none, one or one each", k, s.name, n)
		}
	}
	for j := range n {
		if lower, upper := b.at(j); !(lower <= upper) || math.IsInf(lower, 1) || math.IsInf(upper, -1) {
			return badOption("bounds %v and %v of leader variable %d leave no point", lower, upper, j)
		}
	}
	return nil
}

// Ball is {x: ‖x - Centre‖ <= Radius}; a nil Centre is the origin.
type Ball struct {
	Centre []float64
	Radius float64
}

// Project moves x along the ray to the centre.
func (b Ball) Project(x []float64) {
	d := slices.Clone(x)
	if b.Centre != nil {
		add(d, -1, b.Centre)
	}
	size := norm(d)
	if size <= b.Radius {
		return
	}
	for j := range x {
		x[j] = d[j] * (b.Radius / size)
		if b.Centre != nil {
			x[j] += b.Centre[j]
		}
	}
}

// Simplex is {x >= 0: Σ x = Sum}; a zero Sum is one.
type Simplex struct {
	Sum float64
}

// Project subtracts the number that makes the positive parts add up, found by sorting.
func (s Simplex) Project(x []float64) {
	total := s.Sum
	if total == 0 {
		total = 1
	}
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	var sum, shift float64
	for k := range sorted {
		v := sorted[len(sorted)-1-k]
		sum += v
		if t := (sum - total) / float64(k+1); t < v {
			shift = t
		}
	}
	for j := range x {
		x[j] = max(0, x[j]-shift)
	}
}
