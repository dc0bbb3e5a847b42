package tasks

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Environment is data gathered under one set of circumstances, with labels 1 and -1. The followers train on one part; the leader judges on the other.
type Environment struct {
	Train, Valid Data
}

// InvariantOptions are the settings of Invariant; the zero value of a field is its default.
type InvariantOptions struct {
	// Channels is the number C of equally long blocks of a sample, such as the colours of an image; default 1.
	Channels int
	// Common is the number of entries behind the channels that the classifier sees as they are, such as a constant; default 0.
	Common int
	// Filters is the number K of mixtures of the channels that the classifier sees; default Channels.
	Filters int
	// Ridge is the penalty ρ of the classifier; default 0.01.
	Ridge float64
	// Invariance is γ, the price of a classifier that another scale would suit better in single environments. Zero asks for a small loss alone.
	Invariance float64
}

// Invariant is learning a representation in which one classifier suits all environments (invariant risk minimisation), with the representation as
// the leader and the classifier as the follower. With c_1..c_C the channels of a sample a, the representation mixes them by a matrix x, K × C row by row, alike for
// all their entries; the classifier is linear in the mixtures and the common entries a_0,
//
//	t(a) = Σ_k z_k'(Σ_c x_kc a_c) + z_0'a_0,   f(x, z) = mean_e ℓ^train_e(t) + ½ρ|z|²,
//
// with the mean logistic loss ℓ_e of environment e. The leader pays the loss on other samples of the same environments, and for the gradients in a
// factor w of the classifier, which vanish where the classifier has the right scale in each environment:
//
//	F(x, z) = mean_e [ ℓ^valid_e(t) + γ D_e² ],   D_e = d/dw ℓ^valid_e(wt) at w = 1.
//
// A feature that is right more often in some environments than in others makes these gradients differ; with a large γ the leader takes it out of the representation. F has
// local minima: the penalty also punishes a classifier that the ridge holds back, as it does while a feature is half taken out. Start at several x and
// keep the smallest F.
//
// Source of the penalty: Arjovsky, Bottou, Gulrajani and Lopez-Paz (2019), IRMv1, there for a representation of one level.
type Invariant struct {
	envs   []Environment
	c, k   int
	p      int // entries of a channel
	opt    InvariantOptions
	w, g   []float64   // weights of a sample's entries, and a gradient in them
	wv, hw []float64   // a direction of the weights, and the Hessian's product with it
	first  [][]float64 // derivatives of each training sample's loss, and second ones
	second [][]float64
	x, z   []float64   // where they were computed
	t      [][]float64 // predictions for validation samples
}

// NewInvariant makes the problem.
func NewInvariant(envs []Environment, opt InvariantOptions) (*Invariant, error) {
	if opt.Channels == 0 {
		opt.Channels = 1
	}
	if opt.Filters == 0 {
		opt.Filters = opt.Channels
	}
	if opt.Ridge == 0 {
		opt.Ridge = 0.01
	}
	if len(envs) < 2 {
		return nil, fmt.Errorf("%w: %d environments; what varies between them takes two at least", ErrData, len(envs))
	}
	if opt.Channels < 0 || opt.Filters < 0 || opt.Common < 0 || !(opt.Ridge > 0) || !(opt.Invariance >= 0) || math.IsInf(opt.Ridge+opt.Invariance, 1) {
		return nil, fmt.Errorf("%w: %d channels, %d filters, %d common entries, ridge %v, invariance %v; they must be positive, or zero for the defaults, and finite", ErrData, opt.Channels, opt.Filters, opt.Common,
			opt.Ridge, opt.Invariance)
	}
	v := &Invariant{envs: envs, k: opt.Filters, c: opt.Channels, opt: opt}
	cols := -1
	for i, e := range envs {
		for _, part := range []struct {
			what string
			data Data
		}{{"training", e.Train}, {"validation", e.Valid}} {
			if err := part.data.check(fmt.Sprintf("%s part of environment %d", part.what, i), cols); err != nil {
				return nil, err
			}
			_, cols = part.data.X.Dims()
			for s, y := range part.data.Y {
				if y != 1 && y != -1 {
					return nil, fmt.Errorf("%w: label %d of the %s part of environment %d is %v; labels are 1 and -1", ErrData, s, part.what, i, y)
				}
			}
		}
		v.first = append(v.first, make([]float64, len(e.Train.Y)))
		v.second = append(v.second, make([]float64, len(e.Train.Y)))
		v.t = append(v.t, make([]float64, len(e.Valid.Y)))
	}
	if cols <= opt.Common || (cols-opt.Common)%v.c != 0 {
		return nil, fmt.Errorf("%w: %d features are not %d channels of the same length and %d common ones", ErrData, cols, v.c, opt.Common)
	}
	v.p = (cols - opt.Common) / v.c
	v.w, v.g, v.wv, v.hw = make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols)
	return v, nil
}

// Size is K·C and K times the entries of a channel plus the common ones.
func (v *Invariant) Size() (leader, follower int) { return v.k * v.c, v.k*v.p + v.opt.Common }

// mix stores the weights of a sample's entries: those of channel c are Σ_k x_kc z_k.
func (v *Invariant) mix(x, z, w []float64) {
	clear(w)
	for k := range v.k {
		for c := range v.c {
			matrix.Axpy(x[k*v.c+c], z[k*v.p:(k+1)*v.p], w[c*v.p:(c+1)*v.p])
		}
	}
	copy(w[v.c*v.p:], z[v.k*v.p:])
}

// unmix adds the derivatives of g'mix(x, z) to gx and gz, each where it is not nil.
func (v *Invariant) unmix(x, z, g, gx, gz []float64) {
	for k := range v.k {
		for c := range v.c {
			part := g[c*v.p : (c+1)*v.p]
			if gx != nil {
				gx[k*v.c+c] += matrix.Dot(z[k*v.p:(k+1)*v.p], part)
			}
			if gz != nil {
				matrix.Axpy(x[k*v.c+c], part, gz[k*v.p:(k+1)*v.p])
			}
		}
	}
	if gz != nil {
		matrix.Axpy(1, g[v.c*v.p:], gz[v.k*v.p:])
	}
}

// Classifier is the classifier as weights of the entries of a sample a: a'w > 0 says label 1.
func (v *Invariant) Classifier(x, z []float64) []float64 {
	w := make([]float64, len(v.w))
	v.mix(x, z, w)
	return w
}

// logistic is ln(1+exp(-bt)) with two derivatives in t.
func logistic(t, b float64) (value, first, second float64) {
	m := b * t
	e := math.Exp(-math.Abs(m))
	q := 1 / (1 + e)
	if m < 0 {
		return math.Log1p(e) - m, -b * q, e * q * q
	}
	return math.Log1p(e), -b * e * q, e * q * q
}

// Leader is F.
func (v *Invariant) Leader(x, z, gx, gz []float64) (value float64) {
	clear(gx)
	clear(gz)
	v.mix(x, z, v.w)
	for e, env := range v.envs {
		d, t := env.Valid, v.t[e]
		d.X.Pass(v.w, nil, func(_, lo int, part []float64) { copy(t[lo:], part) })
		var loss, slope float64
		for i, u := range t {
			l, first, _ := logistic(u, d.Y[i])
			loss += l
			slope += first * u
		}
		scale := 1 / float64(len(t))
		loss, slope = scale*loss, scale*slope
		share := 1 / float64(len(v.envs))
		value += share * (loss + v.opt.Invariance*slope*slope)
		if gx == nil && gz == nil {
			continue
		}
		plain, penalty := share*scale, 2*share*scale*v.opt.Invariance*slope
		d.X.Pass(nil, v.g, func(_, lo int, part []float64) {
			for i := range part {
				u := t[lo+i]
				_, first, second := logistic(u, d.Y[lo+i])
				part[i] = plain*first + penalty*(first+second*u)
			}
		})
		v.unmix(x, z, v.g, gx, gz)
	}
	return value
}

// Follower is f.
func (v *Invariant) Follower(x, z, gx, gz []float64) (value float64) {
	clear(gx)
	clear(gz)
	v.x, v.z = append(v.x[:0], x...), append(v.z[:0], z...)
	v.mix(x, z, v.w)
	for e, env := range v.envs {
		d, first, second := env.Train, v.first[e], v.second[e]
		losses := make([]float64, len(d.Y))
		scale := v.scale(e)
		d.X.Pass(v.w, v.g, func(_, lo int, t []float64) {
			for i, u := range t {
				l, f, s := logistic(u, d.Y[lo+i])
				losses[lo+i], first[lo+i], second[lo+i] = scale*l, scale*f, scale*s
				t[i] = scale * f
			}
		})
		for _, l := range losses {
			value += l
		}
		v.unmix(x, z, v.g, gx, gz)
	}
	if gz != nil {
		matrix.Axpy(v.opt.Ridge, z, gz)
	}
	return value + v.opt.Ridge/2*matrix.Dot(z, z)
}

// scale is the weight of one training sample of environment e.
func (v *Invariant) scale(e int) float64 { return 1 / float64(len(v.envs)*len(v.envs[e].Train.Y)) }

// at makes first and second those of (x, z).
func (v *Invariant) at(x, z []float64) {
	if !slices.Equal(x, v.x) || !slices.Equal(z, v.z) {
		v.Follower(x, z, nil, nil)
	}
}

// curve stores the product of the Hessian of environment e's training loss, in the weights, with those of a direction of z.
func (v *Invariant) curve(e int, x, direction []float64) {
	v.mix(x, direction, v.wv)
	second := v.second[e]
	v.envs[e].Train.X.Pass(v.wv, v.hw, func(_, lo int, t []float64) {
		for i := range t {
			t[i] *= second[lo+i]
		}
	})
}

// Hessian is Hd.
func (v *Invariant) Hessian(x, z, d, hd []float64) {
	v.at(x, z)
	clear(hd)
	for e := range v.envs {
		v.curve(e, x, d)
		v.unmix(x, z, v.hw, nil, hd)
	}
	matrix.Axpy(v.opt.Ridge, d, hd)
}

// Mixed is C'd: x moves the curvature along z and mixes the gradient along d.
func (v *Invariant) Mixed(x, z, d, cd []float64) {
	v.at(x, z)
	clear(cd)
	for e, env := range v.envs {
		v.curve(e, x, d)
		v.unmix(x, z, v.hw, cd, nil)
		first := v.first[e]
		env.Train.X.Pass(nil, v.g, func(_, lo int, t []float64) { copy(t, first[lo:]) })
		v.unmix(x, d, v.g, cd, nil)
	}
}
