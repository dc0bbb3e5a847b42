package tasks

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Poisoning is an attack on a linear model through its training data: the leader moves the features of some training samples so that the model
// which the follower trains on all of them is as bad as possible on other data,
//
//	F(x, z) = - mean loss(b_i, a_i'z) over validation,
//	f(x, z) = (1/n) [ Σ_{i<k} loss(b_i, x_i'z) + Σ_{i>=k} loss(b_i, a_i'z) ] + ½ρ|z|² over training,
//
// where x are the features of the first k training samples, row by row. Their labels stay as they are given: an attacker who chooses labels, too, gives
// wrong ones. The leader's set says how far samples may move; entries that must not, such as a constant, have equal bounds. F is not convex in x: answers
// are local.
type Poisoning struct {
	points       *matrix.Dense // training samples; the first rows are those of the last x
	train, valid Data
	loss         Loss
	k, n, nv, p  int
	rho          float64
	x, z         []float64 // where first and second were computed
	first        []float64 // derivatives of each training sample's part of f in its prediction
	second       []float64
	values       []float64
	start        []float64
}

// NewPoisoning makes the problem in which the first moved training samples are the leader's. The samples are copied.
func NewPoisoning(train, valid Data, loss Loss, moved int, rho float64) (*Poisoning, error) {
	if err := train.check("training", -1); err != nil {
		return nil, err
	}
	n, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, err
	}
	from, ok := train.X.(*matrix.Dense)
	if !ok {
		return nil, fmt.Errorf("%w: samples that move are dense; the training samples are %T", ErrData, train.X)
	}
	if loss > Squares || moved < 1 || moved > n || !(rho > 0) || math.IsInf(rho, 1) {
		return nil, fmt.Errorf("%w: loss %d, %d of %d samples moved, penalty %v; a loss, one sample at least and a positive penalty are needed", ErrData, loss, moved, n, rho)
	}
	nv, _ := valid.X.Dims()
	for _, part := range []Data{train, valid} {
		for i, y := range part.Y {
			if loss == Logistic && y != 1 && y != -1 {
				return nil, fmt.Errorf("%w: label %d is %v; logistic labels are 1 and -1", ErrData, i, y)
			}
		}
	}
	q := &Poisoning{points: matrix.NewDense(n, p), valid: valid, loss: loss, k: moved, n: n, nv: nv, p: p, rho: rho, first: make([]float64, n), second: make([]float64, n),
		values: make([]float64, max(n, nv))}
	for i := range n {
		copy(q.points.Row(i), from.Row(i))
		if i < moved {
			q.start = append(q.start, from.Row(i)...)
		}
	}
	q.train = Data{X: q.points, Y: train.Y}
	return q, nil
}

// Size is the number of entries of the moved samples and of weights.
func (q *Poisoning) Size() (leader, follower int) { return q.k * q.p, q.p }

// Start are the samples where they were given.
func (q *Poisoning) Start() []float64 { return append([]float64(nil), q.start...) }

// of is the loss at the prediction t with two derivatives.
func (l Loss) of(t, b float64) (value, first, second float64) {
	if l == Squares {
		return (t - b) * (t - b) / 2, t - b, 1
	}
	return logistic(t, b)
}

// pass answers scale times the sum of losses of d at z and stores its gradient in g where that is not nil.
func (q *Poisoning) pass(d Data, scale float64, z, g, first, second []float64) (value float64) {
	d.X.Pass(z, g, func(_, lo int, t []float64) {
		for i, u := range t {
			v, f, s := q.loss.of(u, d.Y[lo+i])
			q.values[lo+i] = v
			if first != nil {
				first[lo+i], second[lo+i] = scale*f, scale*s
			}
			t[i] = scale * f
		}
	})
	for _, v := range q.values[:len(d.Y)] {
		value += scale * v
	}
	return value
}

// Leader is F.
func (q *Poisoning) Leader(x, z, gx, gz []float64) float64 {
	clear(gx)
	return q.pass(q.valid, -1/float64(q.nv), z, gz, nil, nil)
}

// Follower is f.
func (q *Poisoning) Follower(x, z, gx, gz []float64) float64 {
	for i := range q.k {
		copy(q.points.Row(i), x[i*q.p:(i+1)*q.p])
	}
	q.x, q.z = append(q.x[:0], x...), append(q.z[:0], z...)
	value := q.pass(q.train, 1/float64(q.n), z, gz, q.first, q.second)
	if gz != nil {
		matrix.Axpy(q.rho, z, gz)
	}
	if gx != nil {
		clear(gx)
		for i := range q.k {
			matrix.Axpy(q.first[i], z, gx[i*q.p:(i+1)*q.p])
		}
	}
	return value + q.rho/2*matrix.Dot(z, z)
}

// Hessian is A'DAv + ρv.
func (q *Poisoning) Hessian(x, z, v, hv []float64) {
	q.at(x, z)
	q.points.Pass(v, hv, func(_, lo int, t []float64) {
		for i := range t {
			t[i] *= q.second[lo+i]
		}
	})
	matrix.Axpy(q.rho, v, hv)
}

// HessianMatrix is A'DA + ρI.
func (q *Poisoning) HessianMatrix(x, z, h []float64) bool {
	q.at(x, z)
	q.points.Gram(q.second, h)
	for j := range q.p {
		h[j*q.p+j] += q.rho
	}
	return true
}

// Mixed is C'v: for a moved sample with prediction t it is loss”(t)(x_i'v)z + loss'(t)v, over n.
func (q *Poisoning) Mixed(x, z, v, cv []float64) {
	q.at(x, z)
	clear(cv)
	for i := range q.k {
		out := cv[i*q.p : (i+1)*q.p]
		matrix.Axpy(q.second[i]*matrix.Dot(x[i*q.p:(i+1)*q.p], v), z, out)
		matrix.Axpy(q.first[i], v, out)
	}
}

// at makes the derivatives those of (x, z).
func (q *Poisoning) at(x, z []float64) {
	if !slices.Equal(x, q.x) || !slices.Equal(z, q.z) {
		q.Follower(x, z, nil, nil)
	}
}
