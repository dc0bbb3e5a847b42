package tasks

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Cleaning is data hyper-cleaning: one weight for each training sample, whose label may be wrong, learnt from clean validation data. With the weights
// z of multinomial regression, class by class (p entries each),
//
//	F(x, z) = mean crossentropy over validation,   f(x, z) = mean σ(x_i) crossentropy_i over training + ρ|z|²,   σ(t) = 1/(1+exp(-t)).
//
// The penalty ρ is given, or one more variable of the leader, its last: x_n = √n ln ρ for n samples. A step of the length √n then moves ρ by about a factor e, as it
// moves every weight by about one unit.
type Cleaning struct {
	train, valid *softmax
	rho          float64
	learnt       bool // ρ is the leader's
}

// NewCleaning makes the problem with a given penalty.
func NewCleaning(train, valid Classes, rho float64) (*Cleaning, error) {
	if !(rho > 0) || math.IsInf(rho, 1) {
		return nil, fmt.Errorf("%w: the penalty is %v; it must be positive and finite", ErrData, rho)
	}
	t, v, err := softmaxes(train, valid)
	if err != nil {
		return nil, err
	}
	return &Cleaning{train: t, valid: v, rho: rho}, nil
}

// NewCleaningPenalty makes the problem in which the leader chooses the penalty, too.
func NewCleaningPenalty(train, valid Classes) (*Cleaning, error) {
	c, err := NewCleaning(train, valid, 1)
	if err != nil {
		return nil, err
	}
	c.learnt = true
	return c, nil
}

// softmaxes checks two parts of one data set.
func softmaxes(train, valid Classes) (t, v *softmax, err error) {
	if err := train.check("training", -1); err != nil {
		return nil, nil, err
	}
	_, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, nil, err
	}
	if train.Classes != valid.Classes {
		return nil, nil, fmt.Errorf("%w: %d classes in training and %d in validation; they must agree", ErrData, train.Classes, valid.Classes)
	}
	return newSoftmax(train), newSoftmax(valid), nil
}

// Size is the number of training samples, and one more for a learnt penalty, and of weights.
func (c *Cleaning) Size() (leader, follower int) {
	leader = c.train.n
	if c.learnt {
		leader++
	}
	return leader, c.train.p * c.train.k
}

// Samples are the numbers of training and validation samples.
func (c *Cleaning) Samples() (follower, leader int) { return c.train.n, c.valid.n }

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }

// Penalty is ρ at x.
func (c *Cleaning) Penalty(x []float64) float64 {
	if c.learnt {
		return math.Exp(x[c.train.n] / math.Sqrt(float64(c.train.n)))
	}
	return c.rho
}

// LeaderBatch is F on a batch; nil stands for all samples, here and in the others.
func (c *Cleaning) LeaderBatch(batch []int, x, z, gx, gz []float64) float64 {
	clear(gx)
	return c.valid.mean(batch, z, gz)
}

// FollowerBatch is f on a batch.
func (c *Cleaning) FollowerBatch(batch []int, x, z, gx, gz []float64) (value float64) {
	clear(gx)
	scale, rho := 1/float64(c.train.count(batch)), c.Penalty(x)
	c.train.values(batch, z, gz, func(i, sample int, loss float64) {
		s := sigmoid(x[sample])
		value += scale * s * loss
		if gx != nil {
			gx[sample] = scale * s * (1 - s) * loss
		}
		c.train.residual(i, sample, scale*s)
	})
	if gz != nil {
		matrix.Axpy(2*rho, z, gz)
	}
	square := rho * matrix.Dot(z, z)
	if gx != nil && c.learnt {
		gx[c.train.n] = square / math.Sqrt(float64(c.train.n))
	}
	return value + square
}

// HessianBatch is Hv on a batch.
func (c *Cleaning) HessianBatch(batch []int, x, z, v, hv []float64) {
	scale := 1 / float64(c.train.count(batch))
	c.train.products(batch, z, v, hv, func(i, sample int) { c.train.curvature(i, scale*sigmoid(x[sample])) })
	matrix.Axpy(2*c.Penalty(x), v, hv)
}

// MixedBatch is C'v on a batch: the entries of samples outside it are zero.
func (c *Cleaning) MixedBatch(batch []int, x, z, v, cv []float64) {
	clear(cv)
	scale := 1 / float64(c.train.count(batch))
	c.train.products(batch, z, v, nil, func(i, sample int) {
		s := sigmoid(x[sample])
		cv[sample] = scale * s * (1 - s) * c.train.slope(i, sample)
	})
	if c.learnt {
		cv[c.train.n] = 2 * c.Penalty(x) * matrix.Dot(z, v) / math.Sqrt(float64(c.train.n))
	}
}

// Leader is F.
func (c *Cleaning) Leader(x, z, gx, gz []float64) float64 { return c.LeaderBatch(nil, x, z, gx, gz) }

// Follower is f.
func (c *Cleaning) Follower(x, z, gx, gz []float64) float64 {
	return c.FollowerBatch(nil, x, z, gx, gz)
}

// Hessian is Hv.
func (c *Cleaning) Hessian(x, z, v, hv []float64) { c.HessianBatch(nil, x, z, v, hv) }

// Mixed is C'v.
func (c *Cleaning) Mixed(x, z, v, cv []float64) { c.MixedBatch(nil, x, z, v, cv) }
