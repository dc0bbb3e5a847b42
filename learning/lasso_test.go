package learning

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Few samples of many features that depend on each other, and outliers, with small penalties: the answer is exact and no worse than another one.
func TestLassoOfFewSamples(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 17))
	for trial := range 60 {
		l, n := 4+draw.IntN(10), 1+draw.IntN(25)
		d := &Data{}
		for range n {
			d.Features = append(d.Features, "x")
		}
		for range l {
			x := make([]float64, n)
			for k := range x {
				x[k] = draw.NormFloat64()
			}
			if n > 2 && trial%2 == 0 {
				x[n-1] = x[0] + x[1]
			}
			d.X, d.Y = append(d.X, x), append(d.Y, x[0]+draw.NormFloat64())
		}
		if trial%3 == 0 {
			d.X[0][0] = 1e4
		}
		for _, task := range []Task{Lasso, ElasticNet} {
			f, err := NewFollower(d, task)
			if err != nil {
				t.Fatal(err)
			}
			value := func(h Hyper, w []float64, b float64) float64 {
				s := 0.0
				for k := range w {
					s += h.L1*math.Abs(w[k]) + h.L2*w[k]*w[k]/2
				}
				for i, x := range d.X {
					r := dot(x, w) - b - d.Y[i]
					s += r * r / 2
				}
				return s
			}
			for range 4 {
				h := Hyper{L1: math.Exp(draw.Float64()*12 - 10)}
				if task == ElasticNet {
					h.L2 = math.Exp(draw.Float64()*12 - 14)
				}
				w, b, err := f.Fit(h)
				if err != nil || f.Residual() > 1e-9 {
					t.Errorf("%v, trial %d, %d samples of %d features at %+v: residual %.1e, %v", task, trial, l, n, h, f.Residual(), err)
					continue
				}
				best, other := value(h, w, b), make([]float64, n)
				for range 20 {
					for k := range other {
						other[k] = w[k] * (1 + 1e-3*draw.NormFloat64())
					}
					if v := value(h, other, b*(1+1e-3*draw.NormFloat64())); v < best-1e-9*(1e-6+best) {
						t.Errorf("%v, trial %d at %+v: %v is better than %v", task, trial, h, v, best)
					}
				}
			}
		}
	}
}
