package tasks

import (
	"math"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Stream is a seeded sequence of random numbers whose entry i is computed from i alone (splitmix64 by counter).
type Stream uint64

// Bits is entry i as 64 random bits.
func (s Stream) Bits(i int) uint64 {
	z := uint64(s) + (uint64(i)+1)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Uniform is entry i as a number in [0, 1).
func (s Stream) Uniform(i int) float64 { return float64(s.Bits(i)>>11) * 0x1p-53 }

// Normal is entry i as a standard normal number, of pairs by Box and Muller.
func (s Stream) Normal(i int) float64 {
	r := math.Sqrt(-2 * math.Log(1-s.Uniform(i&^1)))
	a := 2 * math.Pi * s.Uniform(i|1)
	if i%2 == 0 {
		return r * math.Cos(a)
	}
	return r * math.Sin(a)
}

// Normals are the first n normal numbers.
func (s Stream) Normals(n int) []float64 {
	out := make([]float64, n)
	for i := 0; i < n; i += 2 {
		r := math.Sqrt(-2 * math.Log(1-s.Uniform(i)))
		sin, cos := math.Sincos(2 * math.Pi * s.Uniform(i+1))
		out[i] = r * cos
		if i+1 < n {
			out[i+1] = r * sin
		}
	}
	return out
}

// Design is an n × p matrix of normal features with unit variance and correlation rho between neighbours:
//
//	X_0 = E_0,  X_j = rho X_{j-1} + √(1-rho²) E_j,  E standard normal, row by row.
func Design(seed Stream, n, p int, rho float64) *matrix.Dense {
	x := matrix.NewDense(n, p)
	rest := math.Sqrt(1 - rho*rho)
	var sin float64
	at := 0
	next := func() float64 {
		defer func() { at++ }()
		if at%2 == 1 {
			return sin
		}
		r := math.Sqrt(-2 * math.Log(1-seed.Uniform(at)))
		s, c := math.Sincos(2 * math.Pi * seed.Uniform(at+1))
		sin = r * s
		return r * c
	}
	for i := range n {
		row := x.Row(i)
		for j := range row {
			if e := next(); j == 0 {
				row[j] = e
			} else {
				row[j] = rho*row[j-1] + rest*e
			}
		}
	}
	return x
}

// The seeds of the parts of a synthetic data set; labels and noise use the seed of their part plus one.
const (
	WeightSeed     Stream = 11
	TrainSeed      Stream = 21
	ValidationSeed Stream = 31
	TestSeed       Stream = 41
)

// TrueWeights are p normal numbers times scale, zero except where j is a multiple of keep; a keep below one keeps all.
func TrueWeights(p, keep int, scale float64) []float64 {
	w := WeightSeed.Normals(p)
	for j := range w {
		if w[j] *= scale; keep > 1 && j%keep != 0 {
			w[j] = 0
		}
	}
	return w
}

// Labels draws y_i = +1 with probability 1/(1+exp(-x_i'w)), otherwise -1.
func Labels(seed Stream, x *matrix.Dense, w []float64) []float64 {
	n, _ := x.Dims()
	y := make([]float64, n)
	x.Pass(w, nil, func(_, lo int, t []float64) {
		for i, v := range t {
			if y[lo+i] = -1; (seed + 1).Uniform(lo+i) < 1/(1+math.Exp(-v)) {
				y[lo+i] = 1
			}
		}
	})
	return y
}

// Responses are y = Xw + noise ε with standard normal ε.
func Responses(seed Stream, x *matrix.Dense, w []float64, noise float64) []float64 {
	n, _ := x.Dims()
	e, y := (seed + 1).Normals(n), make([]float64, n)
	x.Pass(w, nil, func(_, lo int, t []float64) {
		for i, v := range t {
			y[lo+i] = v + noise*e[lo+i]
		}
	})
	return y
}
