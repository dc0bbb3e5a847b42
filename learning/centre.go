package learning

import "math"

// centre moves the origin of features and labels to the middle of a training set. All followers but that of the kernel have an intercept without a penalty, so
// that (x - at)'w - b' = x'w - b with b = b' + at'w: the training problem stays the same. A feature around 1e5 that varies by 1 would otherwise lose ten digits to the
// intercept.
type centre struct {
	at    []float64 // of the features
	label float64   // of the labels of a regression
}

// offset is the size of a middle, in those of the deviations from it and absolute, from which on a feature is moved. Below there is nothing to gain.
const offset = 10

// newCentre is nil where nothing is far from zero.
func newCentre(d *Data, task Task) *centre {
	if task == KernelSVC {
		return nil // the kernel looks at differences alone
	}
	c, far := &centre{at: make([]float64, d.Width())}, false
	middle := func(value func(i int) float64) float64 {
		// The mean of differences to the first value: that of equal values is the value itself.
		first, sum, dev := value(0), 0.0, 0.0
		for i := range d.Len() {
			sum += (value(i) - first) / float64(d.Len())
		}
		mean := first + sum
		for i := range d.Len() {
			dev = math.Max(dev, math.Abs(value(i)-mean))
		}
		if math.Abs(mean) > offset && math.Abs(mean) > offset*dev {
			far = true
			return mean
		}
		return 0
	}
	for k := range c.at {
		c.at[k] = middle(func(i int) float64 { return d.X[i][k] })
	}
	if !task.Classifies() {
		c.label = middle(func(i int) float64 { return d.Y[i] })
	}
	if !far {
		return nil
	}
	return c
}

// data are the samples seen from the centre.
func (c *centre) data(d *Data) *Data {
	if c == nil {
		return d
	}
	out := *d
	out.X, out.Y = make([][]float64, len(d.X)), make([]float64, len(d.Y))
	for i, x := range d.X {
		out.X[i] = make([]float64, len(x))
		for k, v := range x {
			out.X[i][k] = v - c.at[k]
		}
	}
	for i, y := range d.Y {
		out.Y[i] = y - c.label
	}
	return &out
}

// intercept is b for the samples as they are, from that for those seen from the centre.
func (c *centre) intercept(w []float64, b float64) float64 {
	if c == nil {
		return b
	}
	return b + dot(c.at, w) - c.label
}

// piece is a part of a path for the samples as they are.
func (c *centre) piece(p Piece, v, rate []float64) Piece {
	if c == nil {
		return p
	}
	n := len(c.at)
	copy(v, p.V)
	copy(rate, p.Rate)
	v[n] = c.intercept(v[:n], v[n])
	rate[n] += dot(c.at, rate[:n])
	p.V, p.Rate = v, rate
	return p
}
