package tasks

import (
	"fmt"
	"math"
)

// SyntheticLogistic is the logistic task with synthetic data: features of correlation 0.5, true weights with every keep-th entry times scale.
func SyntheticLogistic(train, valid, p, keep int, scale float64, opt LinearOptions) (*Linear, error) {
	if train < 1 || valid < 1 || p < 1 || keep < 1 {
		return nil, fmt.Errorf("%w: %d and %d samples of %d features, each %dth weight in use; all must be positive", ErrData, train, valid, p, keep)
	}
	w := TrueWeights(p, keep, scale)
	part := func(seed Stream, n int) Data {
		x := Design(seed, n, p, 0.5)
		x.SetThreads(opt.Threads)
		return Data{X: x, Y: Labels(seed, x, w)}
	}
	return NewLinear(part(TrainSeed, train), part(ValidationSeed, valid), Logistic, opt)
}

// SyntheticRegression are training and validation data of a linear model with every third weight in use and the given noise.
func SyntheticRegression(n, p int, noise float64) (train, valid Data) {
	w := TrueWeights(p, 3, 1)
	part := func(seed Stream) Data {
		x := Design(seed, n, p, 0.5)
		return Data{X: x, Y: Responses(seed, x, w, noise)}
	}
	return part(TrainSeed), part(ValidationSeed)
}

// StartY is the random follower start of the synthetic tasks.
func StartY(m int) []float64 { return Stream(51).Normals(m) }

// StartX is the random leader start: the logarithms of n uniform numbers.
func StartX(n int) []float64 {
	x := make([]float64, n)
	for j := range x {
		x[j] = math.Log(Stream(52).Uniform(j))
	}
	return x
}

// SyntheticSparse are data of a linear model with weight one on the features 0, p/k, 2p/k, ... (k of them), and the given noise.
func SyntheticSparse(n, p, k int, noise float64) (train, valid Data) {
	w := make([]float64, p)
	for i := range k {
		w[i*p/k] = 1
	}
	part := func(seed Stream) Data {
		x := Design(seed, n, p, 0.5)
		return Data{X: x, Y: Responses(seed, x, w, noise)}
	}
	return part(TrainSeed), part(ValidationSeed)
}
