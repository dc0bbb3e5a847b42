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
	return nil
}

// Cleaning is data hyper-cleaning: one weight for each training sample, whose label may be wrong, learnt from clean validation data. With the weights
// z of multinomial regression, class by class (p entries each),
//
//	F(x, z) = mean crossentropy over validation,   f(x, z) = mean σ(x_i) crossentropy_i over training + ρ|z|²,   σ(t) = 1/(1+exp(-t)).
type Cleaning struct {
	train, valid Classes
	rho          float64
	n, nv, p, k  int
	probs, dots  []float64 // of four samples, k each
	all          [2][]int
}

// NewCleaning makes the problem.
func NewCleaning(train, valid Classes, rho float64) (*Cleaning, error) {
	if err := train.check("training", -1); err != nil {
		return nil, err
	}
	n, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, err
	}
	if train.Classes != valid.Classes || !(rho > 0) {
		return nil, fmt.Errorf("%w: %d and %d classes, penalty %v; the classes must agree and the penalty be positive", ErrData, train.Classes, valid.Classes, rho)
	}
	nv, _ := valid.X.Dims()
	c := &Cleaning{train: train, valid: valid, rho: rho, n: n, nv: nv, p: p, k: train.Classes, probs: make([]float64, 4*train.Classes), dots: make([]float64, 4*train.Classes)}
	for player, count := range []int{n, nv} {
		for i := range count {
			c.all[player] = append(c.all[player], i)
		}
	}
	return c, nil
}

// Size is the number of training samples and of weights.
func (c *Cleaning) Size() (leader, follower int) { return c.n, c.p * c.k }

// Samples are the numbers of training and validation samples.
func (c *Cleaning) Samples() (follower, leader int) { return c.n, c.nv }

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }

// logits stores the products of four samples with the k parts of z: out[4c+i] for class c and sample i.
func (c *Cleaning) logits(rows *[4][]float64, z, out []float64) {
	for k := range c.k {
		matrix.Dot4(rows[0], rows[1], rows[2], rows[3], z[k*c.p:(k+1)*c.p], (*[4]float64)(out[4*k:]))
	}
}

// softmax turns the logits of sample i of four into probabilities and answers the cross-entropy for label y.
func (c *Cleaning) softmax(i, y int) float64 {
	big := math.Inf(-1)
	for k := range c.k {
		big = max(big, c.probs[4*k+i])
	}
	own := c.probs[4*y+i]
	var sum float64
	for k := range c.k {
		e := math.Exp(c.probs[4*k+i] - big)
		c.probs[4*k+i] = e
		sum += e
	}
	for k := range c.k {
		c.probs[4*k+i] /= sum
	}
	return big + math.Log(sum) - own
}

// each goes over samples by fours: visit gets the sample's place among the four and its index, with probabilities at z and products with v (where it is not nil) ready, and leaves
// in dots what each class's row is to be multiplied by; out gets the sum.
func (c *Cleaning) each(d Classes, batch []int, z, v, out []float64, visit func(i, sample int, loss float64)) {
	clear(out)
	for lo := 0; lo < len(batch); lo += 4 {
		some := batch[lo:min(lo+4, len(batch))]
		var rows [4][]float64
		for i := range rows {
			rows[i] = d.X.Row(some[min(i, len(some)-1)])
		}
		c.logits(&rows, z, c.probs)
		clear(c.dots)
		if v != nil {
			c.logits(&rows, v, c.dots)
		}
		for i := range 4 {
			if i >= len(some) {
				for k := range c.k {
					c.dots[4*k+i] = 0
				}
				continue
			}
			visit(i, some[i], c.softmax(i, d.Y[some[i]]))
		}
		if out != nil {
			for k := range c.k {
				matrix.Axpy4((*[4]float64)(c.dots[4*k:]), rows[0], rows[1], rows[2], rows[3], out[k*c.p:(k+1)*c.p])
			}
		}
	}
}

// residual stores scale·(probability - indicator of the label) of sample i of four.
func (c *Cleaning) residual(i, y int, scale float64) {
	for k := range c.k {
		c.dots[4*k+i] = scale * c.probs[4*k+i]
	}
	c.dots[4*y+i] -= scale
}

// LeaderBatch is F on a batch.
func (c *Cleaning) LeaderBatch(batch []int, x, z, gx, gz []float64) (value float64) {
	clear(gx)
	scale := 1 / float64(len(batch))
	c.each(c.valid, batch, z, nil, gz, func(i, sample int, loss float64) {
		value += scale * loss
		c.residual(i, c.valid.Y[sample], scale)
	})
	return value
}

// FollowerBatch is f on a batch.
func (c *Cleaning) FollowerBatch(batch []int, x, z, gx, gz []float64) (value float64) {
	clear(gx)
	scale := 1 / float64(len(batch))
	c.each(c.train, batch, z, nil, gz, func(i, sample int, loss float64) {
		s := sigmoid(x[sample])
		value += scale * s * loss
		if gx != nil {
			gx[sample] = scale * s * (1 - s) * loss
		}
		c.residual(i, c.train.Y[sample], scale*s)
	})
	if gz != nil {
		matrix.Axpy(2*c.rho, z, gz)
	}
	return value + c.rho*matrix.Dot(z, z)
}

// HessianBatch is Hv on a batch.
func (c *Cleaning) HessianBatch(batch []int, x, z, v, hv []float64) {
	scale := 1 / float64(len(batch))
	c.each(c.train, batch, z, v, hv, func(i, sample int, _ float64) {
		var mean float64
		for k := range c.k {
			mean += c.probs[4*k+i] * c.dots[4*k+i]
		}
		s := scale * sigmoid(x[sample])
		for k := range c.k {
			c.dots[4*k+i] = s * c.probs[4*k+i] * (c.dots[4*k+i] - mean)
		}
	})
	matrix.Axpy(2*c.rho, v, hv)
}

// MixedBatch is C'v on a batch: the entries of samples outside it are zero.
func (c *Cleaning) MixedBatch(batch []int, x, z, v, cv []float64) {
	clear(cv)
	scale := 1 / float64(len(batch))
	c.each(c.train, batch, z, v, nil, func(i, sample int, _ float64) {
		s := sigmoid(x[sample])
		t := -c.dots[4*c.train.Y[sample]+i]
		for k := range c.k {
			t += c.probs[4*k+i] * c.dots[4*k+i]
		}
		cv[sample] = scale * s * (1 - s) * t
	})
}

// Leader is F.
func (c *Cleaning) Leader(x, z, gx, gz []float64) float64 {
	return c.LeaderBatch(c.all[1], x, z, gx, gz)
}

// Follower is f.
func (c *Cleaning) Follower(x, z, gx, gz []float64) float64 {
	return c.FollowerBatch(c.all[0], x, z, gx, gz)
}

// Hessian is Hv.
func (c *Cleaning) Hessian(x, z, v, hv []float64) { c.HessianBatch(c.all[0], x, z, v, hv) }

// Mixed is C'v.
func (c *Cleaning) Mixed(x, z, v, cv []float64) { c.MixedBatch(c.all[0], x, z, v, cv) }

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

// Standardise subtracts the mean of the first matrix from each feature of all and divides by its deviation; a deviation of zero counts as one.
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
		rows, _ := x.Dims()
		for i := range rows {
			for j, row := 0, x.Row(i); j < p; j++ {
				row[j] = (row[j] - mean[j]) / deviation[j]
			}
		}
	}
}
