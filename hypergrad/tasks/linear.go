package tasks

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// ErrData is wrapped by the errors of constructors whose data do not fit together.
var ErrData = errors.New("tasks: the data do not fit")

// Loss is the loss of one sample with label b at the prediction t.
type Loss uint8

const (
	// Logistic is ln(1+exp(-bt)), b = ±1.
	Logistic Loss = iota
	// Squares is ½(t-b)².
	Squares
)

// Data are samples with labels.
type Data struct {
	X matrix.Matrix
	Y []float64
}

func (d Data) check(what string, cols int) error {
	missing := d.X == nil
	switch x := d.X.(type) {
	case *matrix.Dense:
		missing = x == nil
	case *matrix.CSR:
		missing = x == nil
	}
	if missing {
		return fmt.Errorf("%w: the %s samples are missing", ErrData, what)
	}
	n, p := d.X.Dims()
	if n == 0 || p == 0 || n != len(d.Y) || (cols >= 0 && p != cols) {
		return fmt.Errorf("%w: %s has %d samples of %d features and %d labels; features must agree in all parts and each sample have a label", ErrData, what, n, p, len(d.Y))
	}
	for i, y := range d.Y {
		if math.IsNaN(y) || math.IsInf(y, 0) {
			return fmt.Errorf("%w: %s label %d is %v", ErrData, what, i, y)
		}
	}
	return finiteFeatures(d.X, what)
}

// finiteFeatures refuses samples with an entry that is no number.
func finiteFeatures(x any, what string) error {
	if m, ok := x.(interface {
		NotFinite() (row, col int, found bool)
	}); ok {
		if i, j, found := m.NotFinite(); found {
			return fmt.Errorf("%w: feature %d of %s sample %d is NaN or infinite; fill it in or leave the sample out", ErrData, j, what, i)
		}
	}
	return nil
}

// Linear is the choice of penalty weights of a linear model by its validation loss:
//
//	F(x, z) = s_V Σ_i loss(b_i, a_i'z) over validation,   f(x, z) = s_T Σ_i loss(b_i, a_i'z) over training + ½ Σ_j exp(x_j) z_j²,
//
// with one weight a feature, or one for all. The scales s are one over the number of samples, or one (Sums). It is a hypergrad.Sampled
// problem with products and, for dense training data, Hessian matrices; a pass over the data is a single one for values and gradients, and Hessian
// products at the same point use the second derivatives of the loss kept from it.
type Linear struct {
	train, valid   Data
	loss           Loss
	one            bool
	sTrain, sValid float64
	p, nt, nv      int
	weights        []float64
	second         []float64 // loss'' of each training sample at point
	point          []float64
	values         []float64 // of chunks
	batch          linearBatch
	columns        []float64 // mean squares of the training features
}

// LinearOptions vary the model.
type LinearOptions struct {
	OneWeight bool // one penalty weight for all features
	Sums      bool // sums of losses in place of means
	Threads   int  // goroutines of a pass over synthetic data; 0 and 1 are one
}

// NewLinear makes the problem. Labels of Logistic must be ±1.
func NewLinear(train, valid Data, loss Loss, opt LinearOptions) (*Linear, error) {
	if err := train.check("training", -1); err != nil {
		return nil, err
	}
	nt, p := train.X.Dims()
	if err := valid.check("validation", p); err != nil {
		return nil, err
	}
	nv, _ := valid.X.Dims()
	if loss > Squares {
		return nil, fmt.Errorf("%w: there is no loss %d; the losses are Logistic and Squares", ErrData, uint8(loss))
	}
	if loss == Logistic {
		for i, y := range slices.Concat(train.Y, valid.Y) {
			if y != 1 && y != -1 {
				return nil, fmt.Errorf("%w: label %d of training, then validation, is %v; logistic labels are 1 and -1", ErrData, i, y)
			}
		}
	}
	l := &Linear{train: train, valid: valid, loss: loss, one: opt.OneWeight, p: p, nt: nt, nv: nv, sTrain: 1 / float64(nt), sValid: 1 / float64(nv)}
	if opt.Sums {
		l.sTrain, l.sValid = 1, 1
	}
	l.weights, l.second = make([]float64, p), make([]float64, nt)
	l.values = make([]float64, max(train.X.Chunks(), valid.X.Chunks()))
	l.batch.bind(l)
	return l, nil
}

// Part is the problem over samples at equal distances, copied.
func (l *Linear) Part(follower, leader int) (hypergrad.Problem, error) {
	take := func(d Data, n int) (Data, error) {
		of := len(d.Y)
		if n < 1 || n > of {
			return Data{}, fmt.Errorf("%w: a part of %d of %d samples", ErrData, n, of)
		}
		out := Data{Y: make([]float64, n)}
		rows := make([]int, n)
		for i := range rows {
			rows[i] = int(int64(i) * int64(of) / int64(n))
			out.Y[i] = d.Y[rows[i]]
		}
		out.X = d.X.Take(rows)
		return out, nil
	}
	train, err := take(l.train, follower)
	if err != nil {
		return nil, err
	}
	valid, err := take(l.valid, leader)
	if err != nil {
		return nil, err
	}
	part, err := NewLinear(train, valid, l.loss, LinearOptions{OneWeight: l.one})
	if err != nil {
		return nil, err
	}
	part.sTrain = l.sTrain * float64(l.nt) / float64(follower)
	part.sValid = l.sValid * float64(l.nv) / float64(leader)
	return part, nil
}

// Size is the number of weights and of features.
func (l *Linear) Size() (leader, follower int) {
	if l.one {
		return 1, l.p
	}
	return l.p, l.p
}

// Samples are the numbers of training and validation samples.
func (l *Linear) Samples() (follower, leader int) { return l.nt, l.nv }

// penalty stores exp(x) for each feature.
func (l *Linear) penalty(x []float64) []float64 {
	if l.one {
		w := math.Exp(x[0])
		for j := range l.weights {
			l.weights[j] = w
		}
	} else {
		copy(l.weights, x)
		matrix.Exp(l.weights)
	}
	return l.weights
}

// evaluate turns predictions t of samples into derivatives of scale times their loss and answers its sum; where second is not nil it keeps the second
// derivatives there.
func (l *Linear) evaluate(t, labels, second []float64, scale float64) (value float64) {
	if l.loss == Squares {
		for i, v := range t {
			d := v - labels[i]
			value += d * d
			t[i] = scale * d
			if second != nil {
				second[i] = scale
			}
		}
		return 0.5 * scale * value
	}
	return matrix.Logistic(t, labels, second, scale)
}

// sum passes over all samples of d.
func (l *Linear) sum(d Data, scale float64, z, g, second []float64) float64 {
	clear(l.values)
	d.X.Pass(z, g, func(chunk, lo int, t []float64) {
		var keep []float64
		if second != nil {
			keep = second[lo : lo+len(t)]
		}
		l.values[chunk] += l.evaluate(t, d.Y[lo:lo+len(t)], keep, scale)
	})
	var value float64
	for _, v := range l.values {
		value += v
	}
	return value
}

// Leader is the validation loss.
func (l *Linear) Leader(x, z, gx, gz []float64) float64 {
	clear(gx)
	return l.sum(l.valid, l.sValid, z, gz, nil)
}

// Follower is the penalised training loss.
func (l *Linear) Follower(x, z, gx, gz []float64) float64 {
	l.point = append(l.point[:0], z...)
	return l.sum(l.train, l.sTrain, z, gz, l.second) + l.penalise(x, z, gx, gz)
}

// penalise answers the penalty; it stores its derivatives in gx and adds them to gz.
func (l *Linear) penalise(x, z, gx, gz []float64) float64 {
	w := l.penalty(x)
	var value float64
	for j, v := range z {
		value += 0.5 * w[j] * v * v
		if gz != nil {
			gz[j] += w[j] * v
		}
	}
	if gx != nil {
		if clear(gx); l.one {
			gx[0] = value
		} else {
			for j, v := range z {
				gx[j] = 0.5 * w[j] * v * v
			}
		}
	}
	return value
}

// at makes l.second that of z.
func (l *Linear) at(z []float64) {
	if !slices.Equal(z, l.point) {
		l.point = append(l.point[:0], z...)
		l.sum(l.train, l.sTrain, z, nil, l.second)
	}
}

// Hessian is A'DAv + exp(x)∘v.
func (l *Linear) Hessian(x, z, v, hv []float64) {
	l.at(z)
	l.train.X.Pass(v, hv, func(_, lo int, t []float64) {
		for i, d := range l.second[lo : lo+len(t)] {
			t[i] *= d
		}
	})
	for j, w := range l.penalty(x) {
		hv[j] += w * v[j]
	}
}

// HessianMatrix is A'DA + diag(exp(x)) for dense training data.
func (l *Linear) HessianMatrix(x, z, h []float64) bool {
	d, ok := l.train.X.(*matrix.Dense)
	if !ok {
		return false
	}
	l.at(z)
	d.Gram(l.second, h)
	for j, w := range l.penalty(x) {
		h[j*l.p+j] += w
	}
	return true
}

// HessianDiagonal is the diagonal for features that are independent of the loss's curvature: near enough for a preconditioner.
func (l *Linear) HessianDiagonal(x, z, d []float64) {
	l.at(z)
	if l.columns == nil {
		l.columns = make([]float64, l.p)
		for i := range l.nt {
			switch m := l.train.X.(type) {
			case *matrix.Dense:
				for j, v := range m.Row(i) {
					l.columns[j] += v * v
				}
			case *matrix.CSR:
				cols, vals := m.Row(i)
				for k, j := range cols {
					l.columns[j] += vals[k] * vals[k]
				}
			}
		}
	}
	var mean float64
	for _, s := range l.second {
		mean += s
	}
	mean /= float64(l.nt)
	for j, w := range l.penalty(x) {
		d[j] = mean*l.columns[j] + w
	}
}

// Mixed is exp(x)∘z∘v, or its sum for one weight.
func (l *Linear) Mixed(x, z, v, cv []float64) {
	w := l.penalty(x)
	if !l.one {
		for j := range cv {
			cv[j] = w[j] * z[j] * v[j]
		}
		return
	}
	cv[0] = 0
	for j := range v {
		cv[0] += w[j] * z[j] * v[j]
	}
}

// MixedForward is exp(x)∘z∘u.
func (l *Linear) MixedForward(x, z, u, cu []float64) {
	w := l.penalty(x)
	for j := range cu {
		if l.one {
			cu[j] = w[j] * z[j] * u[0]
		} else {
			cu[j] = w[j] * z[j] * u[j]
		}
	}
}

// Predict stores Xz for other samples.
func Predict(x matrix.Matrix, z []float64) []float64 {
	n, _ := x.Dims()
	out := make([]float64, n)
	x.Pass(z, nil, func(_, lo int, t []float64) { copy(out[lo:], t) })
	return out
}
