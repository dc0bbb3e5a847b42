package main

import (
	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

const (
	side   = digits.Side / 2 // every second pixel of every second row
	pixels = side * side
	each   = 3333 // samples of an environment
	train  = 2222 // of which the follower trains on these, and the leader judges on the others
)

// flips are the probabilities that the colour contradicts the label, in the two training environments and in the test.
var flips = [3]float64{0.2, 0.1, 0.9}

// study are the environments of one data set.
type study struct {
	seed tasks.Stream
	envs []tasks.Environment
	test tasks.Data
}

// colour makes the environments: a sample is the digit in the red or in the green channel, and a constant; the label says whether it is at least 5, flipped with probability 1/4, and
// the colour is the label, flipped with the environment's probability.
func colour(set *digits.Set, seed tasks.Stream) study {
	order := tasks.Order(seed, len(set.Digits))
	s := study{seed: seed}
	for e, flip := range flips {
		own := seed + tasks.Stream(10*e)
		x, y := matrix.NewDense(each, 2*pixels+1), make([]float64, each)
		for i := range each {
			k := order[e*each+i]
			label := (set.Digits[k] >= 5) != ((own + 1).Uniform(i) < 0.25)
			green := label != ((own + 2).Uniform(i) < flip)
			if y[i] = -1; label {
				y[i] = 1
			}
			row := x.Row(i)
			row[2*pixels] = 1
			channel := row[:pixels]
			if green {
				channel = row[pixels : 2*pixels]
			}
			for j := range channel {
				channel[j] = set.Images.Row(k)[2*(j/side)*digits.Side+2*(j%side)]
			}
		}
		if e == 2 {
			s.test = tasks.Data{X: x, Y: y}
			continue
		}
		s.envs = append(s.envs, tasks.Environment{Train: rows(x, y, 0, train), Valid: rows(x, y, train, each)})
	}
	return s
}

// rows are samples lo to hi-1.
func rows(x *matrix.Dense, y []float64, lo, hi int) tasks.Data {
	_, p := x.Dims()
	part := matrix.NewDense(hi-lo, p)
	for i := lo; i < hi; i++ {
		copy(part.Row(i-lo), x.Row(i))
	}
	return tasks.Data{X: part, Y: y[lo:hi]}
}

// accuracy is the share of samples on the right side of the classifier w.
func accuracy(d tasks.Data, w []float64) float64 {
	right := 0
	for i, t := range tasks.Predict(d.X, w) {
		if t*d.Y[i] > 0 {
			right++
		}
	}
	return float64(right) / float64(len(d.Y))
}
