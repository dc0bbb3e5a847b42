package tasks

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Ridge is the choice of one penalty weight a feature of least squares,
//
//	F(x, z) = |A_V z - b_V|²/2n_V,   f(x, z) = |A_T z - b_T|²/2n_T + ½ Σ exp(x_j) z_j²,
//
// with the data gone over once: the matrices A'A and the vectors A'b are kept, p × p each, and every oracle costs p². For more features than that
// is worth, NewLinear with Squares passes over the data.
type Ridge struct {
	p             int
	ht, hv        []float64 // A'A/n
	bt, bv        []float64 // A'b/n
	ct, cv        float64   // b'b/n
	work, weights []float64
}

// NewRidge goes over the data.
func NewRidge(train, valid Data) (*Ridge, error) {
	if err := train.check("training", -1); err != nil {
		return nil, err
	}
	_, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, err
	}
	r := &Ridge{p: p, work: make([]float64, p), weights: make([]float64, p)}
	var err error
	if r.ht, r.bt, r.ct, err = moments(train); err != nil {
		return nil, err
	}
	r.hv, r.bv, r.cv, err = moments(valid)
	return r, err
}

func moments(d Data) (h, b []float64, c float64, err error) {
	x, ok := d.X.(*matrix.Dense)
	if !ok {
		return nil, nil, 0, fmt.Errorf("%w: ridge by moments needs dense samples; take NewLinear with Squares", ErrData)
	}
	n, p := x.Dims()
	h, b = make([]float64, p*p), make([]float64, p)
	x.Moments(d.Y, h, b)
	for _, y := range d.Y {
		c += y * y
	}
	for i := range h {
		h[i] /= float64(n)
	}
	for i := range b {
		b[i] /= float64(n)
	}
	return h, b, c / float64(n), nil
}

// Size is twice the number of features.
func (r *Ridge) Size() (leader, follower int) { return r.p, r.p }

// quadratic answers ½z'Hz - b'z + c/2 and stores Hz - b in g.
func (r *Ridge) quadratic(h, b []float64, c float64, z, g []float64) float64 {
	if g == nil {
		g = r.work
	}
	value := c / 2
	for i := range z {
		hz := matrix.Dot(h[i*r.p:(i+1)*r.p], z)
		g[i] = hz - b[i]
		value += z[i] * (0.5*hz - b[i])
	}
	return value
}

// Leader is the validation error.
func (r *Ridge) Leader(x, z, gx, gz []float64) float64 {
	clear(gx)
	return r.quadratic(r.hv, r.bv, r.cv, z, gz)
}

// Follower is the penalised training error.
func (r *Ridge) Follower(x, z, gx, gz []float64) float64 {
	value := r.quadratic(r.ht, r.bt, r.ct, z, gz)
	for j, v := range z {
		w := math.Exp(x[j])
		value += 0.5 * w * v * v
		if gx != nil {
			gx[j] = 0.5 * w * v * v
		}
		if gz != nil {
			gz[j] += w * v
		}
	}
	return value
}

// Hessian is (A'A/n)v + exp(x)∘v.
func (r *Ridge) Hessian(x, z, v, hv []float64) {
	for i := range hv {
		hv[i] = matrix.Dot(r.ht[i*r.p:(i+1)*r.p], v) + math.Exp(x[i])*v[i]
	}
}

// HessianMatrix is A'A/n + diag(exp(x)).
func (r *Ridge) HessianMatrix(x, z, h []float64) bool {
	copy(h, r.ht)
	for j := range x {
		h[j*r.p+j] += math.Exp(x[j])
	}
	return true
}

// Mixed is exp(x)∘z∘v.
func (r *Ridge) Mixed(x, z, v, cv []float64) {
	for j := range cv {
		cv[j] = math.Exp(x[j]) * z[j] * v[j]
	}
}

// MixedForward is exp(x)∘z∘u, the same: the matrix is diagonal.
func (r *Ridge) MixedForward(x, z, u, cu []float64) { r.Mixed(x, z, u, cu) }
