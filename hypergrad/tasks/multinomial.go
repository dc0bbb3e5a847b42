package tasks

import (
	"fmt"
	"math"
	"slices"
)

// Weighting says which weights of a multinomial model share a penalty.
type Weighting uint8

const (
	// ForAll is one penalty for all weights.
	ForAll Weighting = iota
	// ForClass is one for each class.
	ForClass
	// ForFeature is one for each feature.
	ForFeature
	// ForEntry is one for each class and feature, class by class.
	ForEntry
)

var weightingNames = []string{"all", "class", "feature", "entry"}

// String is the name of the weighting.
func (w Weighting) String() string {
	if int(w) < len(weightingNames) {
		return weightingNames[w]
	}
	return fmt.Sprintf("Weighting(%d)", uint8(w))
}

// ParseWeighting is the weighting of a name.
func ParseWeighting(name string) (Weighting, error) {
	if k := slices.Index(weightingNames, name); k >= 0 {
		return Weighting(k), nil
	}
	return 0, fmt.Errorf("%w: no weighting is called %q; they are %v", ErrData, name, weightingNames)
}

// Multinomial is the choice of penalties of multinomial regression by its validation loss. With the weights z, class by class (p entries each),
//
//	F(x, z) = mean crossentropy over validation,   f(x, z) = mean crossentropy over training + ½ Σ_{c,j} exp(x_{g(c,j)}) z_cj²,
//
// where g is 0, c, j or cp + j, by the weighting.
type Multinomial struct {
	train, valid *softmax
	weighting    Weighting
	weights      []float64 // exp(x) of each entry
	squares      []float64 // mean squares of the training features
}

// NewMultinomial makes the problem.
func NewMultinomial(train, valid Classes, w Weighting) (*Multinomial, error) {
	if w > ForEntry {
		return nil, fmt.Errorf("%w: there is no weighting %d", ErrData, uint8(w))
	}
	t, v, err := softmaxes(train, valid)
	if err != nil {
		return nil, err
	}
	m := &Multinomial{train: t, valid: v, weighting: w, weights: make([]float64, t.p*t.k), squares: make([]float64, t.p)}
	for i := range t.n {
		for j, a := range train.X.Row(i) {
			m.squares[j] += a * a / float64(t.n)
		}
	}
	return m, nil
}

// Size is the number of penalties and of weights.
func (m *Multinomial) Size() (leader, follower int) {
	return []int{1, m.train.k, m.train.p, m.train.p * m.train.k}[m.weighting], m.train.p * m.train.k
}

// Samples are the numbers of training and validation samples.
func (m *Multinomial) Samples() (follower, leader int) { return m.train.n, m.valid.n }

// group is g.
func (m *Multinomial) group(entry int) int {
	switch m.weighting {
	case ForClass:
		return entry / m.train.p
	case ForFeature:
		return entry % m.train.p
	case ForEntry:
		return entry
	}
	return 0
}

// penalties stores exp(x) of each entry.
func (m *Multinomial) penalties(x []float64) []float64 {
	exp := make([]float64, len(x))
	for g, v := range x {
		exp[g] = math.Exp(v)
	}
	for e := range m.weights {
		m.weights[e] = exp[m.group(e)]
	}
	return m.weights
}

// gather stores the sums of scale·exp(x)∘a∘b over each group.
func (m *Multinomial) gather(x, a, b []float64, scale float64, out []float64) {
	clear(out)
	for e, w := range m.penalties(x) {
		out[m.group(e)] += scale * w * a[e] * b[e]
	}
}

// LeaderBatch is F on a batch; nil stands for all samples, here and in the others.
func (m *Multinomial) LeaderBatch(batch []int, x, z, gx, gz []float64) float64 {
	clear(gx)
	return m.valid.mean(batch, z, gz)
}

// FollowerBatch is f on a batch.
func (m *Multinomial) FollowerBatch(batch []int, x, z, gx, gz []float64) float64 {
	value := m.train.mean(batch, z, gz)
	for e, w := range m.penalties(x) {
		value += 0.5 * w * z[e] * z[e]
		if gz != nil {
			gz[e] += w * z[e]
		}
	}
	if gx != nil {
		m.gather(x, z, z, 0.5, gx)
	}
	return value
}

// HessianBatch is Hv on a batch.
func (m *Multinomial) HessianBatch(batch []int, x, z, v, hv []float64) {
	scale := 1 / float64(m.train.count(batch))
	m.train.products(batch, z, v, hv, func(i, _ int) { m.train.curvature(i, scale) })
	for e, w := range m.penalties(x) {
		hv[e] += w * v[e]
	}
}

// MixedBatch is C'v: the penalty is no part of the samples.
func (m *Multinomial) MixedBatch(_ []int, x, z, v, cv []float64) { m.gather(x, z, v, 1, cv) }

// MixedForward is Cu.
func (m *Multinomial) MixedForward(x, z, u, cu []float64) {
	for e, w := range m.penalties(x) {
		cu[e] = w * z[e] * u[m.group(e)]
	}
}

// HessianDiagonal is that of features independent of the probabilities, q(1-q) taken as its largest mean over classes: near enough for a preconditioner.
func (m *Multinomial) HessianDiagonal(x, z, d []float64) {
	k := float64(m.train.k)
	for e, w := range m.penalties(x) {
		d[e] = (k-1)/(k*k)*m.squares[e%m.train.p] + w
	}
}

// Leader is F.
func (m *Multinomial) Leader(x, z, gx, gz []float64) float64 {
	return m.LeaderBatch(nil, x, z, gx, gz)
}

// Follower is f.
func (m *Multinomial) Follower(x, z, gx, gz []float64) float64 {
	return m.FollowerBatch(nil, x, z, gx, gz)
}

// Hessian is Hv.
func (m *Multinomial) Hessian(x, z, v, hv []float64) { m.HessianBatch(nil, x, z, v, hv) }

// Mixed is C'v.
func (m *Multinomial) Mixed(x, z, v, cv []float64) { m.MixedBatch(nil, x, z, v, cv) }
