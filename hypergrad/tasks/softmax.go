package tasks

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// softmax goes over samples with labels, four at a time, for the multinomial model whose weights z are one part of p entries a class: the
// probability of class c for the sample a is exp(a'z_c) / Σ_k exp(a'z_k). A pass over all samples keeps the probabilities, which later passes at
// the same z take instead of computing them anew.
type softmax struct {
	data  Classes
	n     int
	p, k  int
	all   []int
	probs []float64 // of the four samples that are looked at, 4k: entry 4c+i is class c of sample i
	own   []float64 // where probs is outside of passes over all
	dots  []float64 // the same layout: products with v, then what the rows are multiplied by
	point []float64 // where kept was computed; nil: nowhere
	kept  []float64 // probabilities of all samples, four after four
}

func newSoftmax(d Classes) *softmax {
	n, p := d.X.Dims()
	s := &softmax{data: d, n: n, p: p, k: d.Classes, own: make([]float64, 4*d.Classes), dots: make([]float64, 4*d.Classes), kept: make([]float64, (n+3)/4*4*d.Classes)}
	for i := range n {
		s.all = append(s.all, i)
	}
	return s
}

// logits stores the products of four samples with the parts of z.
func (s *softmax) logits(rows *[4][]float64, z, out []float64) {
	for c := range s.k {
		matrix.Dot4(rows[0], rows[1], rows[2], rows[3], z[c*s.p:(c+1)*s.p], (*[4]float64)(out[4*c:]))
	}
}

// normalise turns the logits of sample i of four into probabilities and answers the cross-entropy for label y.
func (s *softmax) normalise(i, y int) float64 {
	big := math.Inf(-1)
	for c := range s.k {
		big = max(big, s.probs[4*c+i])
	}
	own := s.probs[4*y+i]
	var sum float64
	for c := range s.k {
		e := math.Exp(s.probs[4*c+i] - big)
		s.probs[4*c+i] = e
		sum += e
	}
	for c := range s.k {
		s.probs[4*c+i] /= sum
	}
	return big + math.Log(sum) - own
}

// values visits the samples of a batch (nil: all) with their cross-entropies at z. The visitor leaves in dots what the rows are multiplied by for out (where
// that is not nil), class by class, as residual does.
func (s *softmax) values(batch []int, z, out []float64, visit func(i, sample int, loss float64)) {
	whole := batch == nil
	if whole {
		batch = s.all
		s.point = append(s.point[:0], z...)
	}
	s.each(batch, out, func(at int, rows *[4][]float64) {
		if s.probs = s.own; whole {
			s.probs = s.kept[4*s.k*at:][:4*s.k]
		}
		s.logits(rows, z, s.probs)
		clear(s.dots)
	}, func(i, sample int) { visit(i, sample, s.normalise(i, s.data.Y[sample])) })
}

// products visits the samples of a batch (nil: all) with their probabilities at z in probs and their products with v in dots, which the visitor replaces as
// for values.
func (s *softmax) products(batch []int, z, v, out []float64, visit func(i, sample int)) {
	known := false
	if batch == nil {
		batch = s.all
		if known = slices.Equal(z, s.point); !known {
			s.values(nil, z, nil, func(int, int, float64) {})
			known = true
		}
	}
	s.each(batch, out, func(at int, rows *[4][]float64) {
		s.logits(rows, v, s.dots)
		if known {
			s.probs = s.kept[4*s.k*at:][:4*s.k]
			return
		}
		s.probs = s.own
		s.logits(rows, z, s.probs)
	}, func(i, sample int) {
		if !known {
			s.normalise(i, s.data.Y[sample])
		}
		visit(i, sample)
	})
}

// each goes over a batch by fours: prepare gets the number of the four and their rows, visit each sample; then out gains the rows times dots.
func (s *softmax) each(batch []int, out []float64, prepare func(at int, rows *[4][]float64), visit func(i, sample int)) {
	clear(out)
	for lo := 0; lo < len(batch); lo += 4 {
		some := batch[lo:min(lo+4, len(batch))]
		var rows [4][]float64
		for i := range rows {
			rows[i] = s.data.X.Row(some[min(i, len(some)-1)])
		}
		prepare(lo/4, &rows)
		for i, sample := range some {
			visit(i, sample)
		}
		if out == nil {
			continue
		}
		for c := range s.k {
			for i := len(some); i < 4; i++ {
				s.dots[4*c+i] = 0
			}
			matrix.Axpy4((*[4]float64)(s.dots[4*c:]), rows[0], rows[1], rows[2], rows[3], out[c*s.p:(c+1)*s.p])
		}
	}
}

// residual stores scale·(probability - indicator of the label) of sample i of four in dots.
func (s *softmax) residual(i, sample int, scale float64) {
	for c := range s.k {
		s.dots[4*c+i] = scale * s.probs[4*c+i]
	}
	s.dots[4*s.data.Y[sample]+i] -= scale
}

// curvature turns the products of sample i of four with v into scale·(diag(q) - qq')A v, q its probabilities.
func (s *softmax) curvature(i int, scale float64) {
	var mean float64
	for c := range s.k {
		mean += s.probs[4*c+i] * s.dots[4*c+i]
	}
	for c := range s.k {
		s.dots[4*c+i] = scale * s.probs[4*c+i] * (s.dots[4*c+i] - mean)
	}
}

// slope is the derivative along v of the cross-entropy of sample i of four.
func (s *softmax) slope(i, sample int) float64 {
	t := -s.dots[4*s.data.Y[sample]+i]
	for c := range s.k {
		t += s.probs[4*c+i] * s.dots[4*c+i]
	}
	return t
}

// mean answers the mean cross-entropy of a batch (nil: all) at z and stores its gradient.
func (s *softmax) mean(batch []int, z, g []float64) (value float64) {
	scale := 1 / float64(s.count(batch))
	s.values(batch, z, g, func(i, sample int, loss float64) {
		value += scale * loss
		s.residual(i, sample, scale)
	})
	return value
}

func (s *softmax) count(batch []int) int {
	if batch == nil {
		return s.n
	}
	return len(batch)
}
