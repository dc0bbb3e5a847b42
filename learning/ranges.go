package learning

import (
	"fmt"
	"math"
)

// Ranges are the least and the largest values of hyperparameters; a pair of zeros stands for its default.
type Ranges struct {
	C       [2]float64 // default 1e-4 to 1e4
	Radius  [2]float64 // default 1e-6 to 1e4
	Epsilon [2]float64 // default 1e-3 to 1 times the standard deviation of the labels
	Gamma   [2]float64 // default 0.01 to 100 divided by the mean squared distance of two samples
	L1      [2]float64 // default 1e-4 to 1 times the least λ₁ at which all weights vanish
	L2      [2]float64 // default 1e-4 to 1e4
	Box     [2]float64 // default 1e-6 to 10
}

// filled puts defaults where there are zeros, and checks the rest: 0 < least <= largest. Defaults follow the sizes of features and labels, see possible.
func (r Ranges) filled(d *Data) (Ranges, error) {
	for _, c := range []struct {
		name string
		r    [2]float64
	}{{"C", r.C}, {"radius", r.Radius}, {"epsilon", r.Epsilon}, {"gamma", r.Gamma}, {"l1", r.L1}, {"l2", r.L2}, {"box", r.Box}} {
		if c.r != [2]float64{} && !(c.r[0] > 0 && c.r[1] >= c.r[0] && c.r[1] <= 1e12) {
			return r, &OptionError{"range of " + c.name, fmt.Sprintf("%v to %v", c.r[0], c.r[1]), "give 0 < least <= largest <= 1e12"}
		}
	}
	def := func(at *[2]float64, lo, hi float64) {
		if *at == [2]float64{} {
			*at = [2]float64{lo, hi}
		}
	}
	mean, dev := 0.0, 0.0
	for _, y := range d.Y {
		mean += y / float64(d.Len())
	}
	for _, y := range d.Y {
		dev += (y - mean) * (y - mean) / float64(d.Len())
	}
	dev = math.Sqrt(dev)
	if !(dev > 1e-13*math.Abs(mean)) {
		dev = 1
	}
	top, terms := 0.0, 0.0
	for k := range d.Width() {
		s, t := 0.0, 0.0
		for i, x := range d.X {
			s += x[k] * (d.Y[i] - mean)
			t += math.Abs(x[k] * (d.Y[i] - mean))
		}
		top, terms = math.Max(top, math.Abs(s)), math.Max(terms, t)
	}
	if top <= 1e-13*terms {
		top = 1
	}
	spread := meanDistance(d)
	def(&r.C, 1e-4, 1e4)
	def(&r.Radius, 1e-6, 1e4)
	def(&r.Epsilon, 1e-3*dev, dev)
	def(&r.Gamma, 0.01/spread, 100/spread)
	def(&r.L1, 1e-4*top, top)
	def(&r.L2, 1e-4, 1e4)
	def(&r.Box, 1e-6, 10)
	return r, nil
}

// possible refuses a default range that the sizes of features and labels have made too large for a training; the error is a *DataError.
func (s *space) possible(d *Data) error {
	for i, name := range s.names {
		if lo, hi := math.Exp(s.lo[i]), math.Exp(s.hi[i]); !(lo > 0 && hi <= 1.0001e12) {
			return &DataError{File: d.Name, Problem: fmt.Sprintf("features and labels are of sizes for which %s would go from %.3g to %.3g", name, lo, hi),
				Remedy: "scale the features, multiply or divide the labels by a number, or give the range"}
		}
	}
	return nil
}

// meanDistance is the mean of |x - x'|² over all pairs of samples, 2 Σ_k var(x_k), or 1 where all samples are alike.
func meanDistance(d *Data) float64 {
	s, l := 0.0, float64(d.Len())
	for k := range d.Width() {
		mean := 0.0
		for _, x := range d.X {
			mean += x[k] / l
		}
		for _, x := range d.X {
			s += 2 * (x[k] - mean) * (x[k] - mean) / l
		}
	}
	if s == 0 {
		return 1
	}
	return s
}
