package learning

import (
	"fmt"
	"math"
)

// Scaling is how features are brought to a common size.
type Scaling uint8

// The scalings. Range maps each feature to [-1, 1], Standard to mean 0 and deviation 1, Unscaled leaves it.
const (
	Range Scaling = iota
	Standard
	Unscaled
)

// ScalingNames are the words for the scalings, in their order.
var ScalingNames = []string{"range", "standard", "none"}

// String is the word for the scaling.
func (s Scaling) String() string {
	if int(s) < len(ScalingNames) {
		return ScalingNames[s]
	}
	return fmt.Sprintf("Scaling(%d)", uint8(s))
}

// Scaler is the affine map x_k -> (x_k - Shift[k]) / Size[k].
type Scaler struct {
	Shift, Size []float64
}

// NewScaler reads the scaling from data. A feature that does not vary is shifted to 0.
func NewScaler(d *Data, kind Scaling) *Scaler {
	n := d.Width()
	s := &Scaler{make([]float64, n), make([]float64, n)}
	for k := range n {
		s.Size[k] = 1
		if kind == Unscaled || d.Len() == 0 {
			continue
		}
		lo, hi, mean := math.Inf(1), math.Inf(-1), 0.0
		for _, x := range d.X {
			lo, hi, mean = math.Min(lo, x[k]), math.Max(hi, x[k]), mean+x[k]/float64(d.Len())
		}
		switch kind {
		case Range:
			s.Shift[k], s.Size[k] = lo/2+hi/2, hi/2-lo/2
		case Standard:
			// Squares of differences by the largest one do not overflow.
			v, far := 0.0, math.Max(hi-mean, mean-lo)
			for _, x := range d.X {
				t := (x[k] - mean) / far
				v += t * t / float64(d.Len())
			}
			s.Shift[k], s.Size[k] = mean, far*math.Sqrt(v)
		}
		if lo == hi {
			s.Shift[k], s.Size[k] = lo, 1
		} else if s.Size[k] == 0 { // halves of the smallest numbers there are
			s.Size[k] = hi - lo
		}
	}
	return s
}

// Apply returns the data with scaled features.
func (s *Scaler) Apply(d *Data) *Data {
	t := *d
	t.X = make([][]float64, len(d.X))
	for i, x := range d.X {
		z := make([]float64, len(x))
		for k, v := range x {
			z[k] = (v - s.Shift[k]) / s.Size[k]
		}
		t.X[i] = z
	}
	return &t
}
