package tasks

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Classes are samples with labels 0..Classes-1.
type Classes struct {
	X       *matrix.Dense
	Y       []int
	Classes int
}

func (c Classes) check(what string, cols int) error {
	if c.X == nil {
		return fmt.Errorf("%w: the %s samples are missing", ErrData, what)
	}
	n, p := c.X.Dims()
	if n == 0 || p == 0 || n != len(c.Y) || (cols >= 0 && p != cols) || c.Classes < 2 {
		return fmt.Errorf("%w: %s has %d samples of %d features, %d labels of %d classes; features must agree in all parts, each sample have a label and two classes be there",
			ErrData, what, n, p, len(c.Y), c.Classes)
	}
	for i, y := range c.Y {
		if y < 0 || y >= c.Classes {
			return fmt.Errorf("%w: %s label %d is %d; labels are 0 to %d", ErrData, what, i, y, c.Classes-1)
		}
	}
	return finiteFeatures(c.X, what)
}

// Errors is the share of samples whose most likely class at z is not their label.
func (d Classes) Errors(z []float64) float64 {
	n, p := d.X.Dims()
	wrong := 0
	for i := range n {
		best, most := 0, math.Inf(-1)
		for k := range d.Classes {
			if t := matrix.Dot(d.X.Row(i), z[k*p:(k+1)*p]); t > most {
				best, most = k, t
			}
		}
		if best != d.Y[i] {
			wrong++
		}
	}
	return float64(wrong) / float64(n)
}

// Corrupt replaces each label with probability share by a random one, which may be the same, and tells which are wrong then.
func Corrupt(labels []int, classes int, share float64) (wrong []bool) {
	wrong = make([]bool, len(labels))
	for i, y := range labels {
		if Stream(62).Uniform(i) < share {
			labels[i] = int(float64(classes) * Stream(63).Uniform(i))
			wrong[i] = labels[i] != y
		}
	}
	return wrong
}

// Order is the random order of n samples: the stable order of the stream's bits.
func Order(seed Stream, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := seed.Bits(a), seed.Bits(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return order
}

// Standardise subtracts the mean of the first matrix from each feature of all and divides by its deviation; a deviation of zero counts as one. Features that the first
// matrix has not stay as they are.
func Standardise(first *matrix.Dense, others ...*matrix.Dense) {
	n, p := first.Dims()
	mean, deviation := make([]float64, p), make([]float64, p)
	for i := range n {
		matrix.Axpy(1/float64(n), first.Row(i), mean)
	}
	for i := range n {
		for j, v := range first.Row(i) {
			deviation[j] += (v - mean[j]) * (v - mean[j]) / float64(n)
		}
	}
	for j := range deviation {
		if deviation[j] = math.Sqrt(deviation[j]); deviation[j] == 0 {
			deviation[j] = 1
		}
	}
	for _, x := range append([]*matrix.Dense{first}, others...) {
		rows, cols := x.Dims()
		for i := range rows {
			for j, row := 0, x.Row(i); j < min(p, cols); j++ {
				row[j] = (row[j] - mean[j]) / deviation[j]
			}
		}
	}
}
