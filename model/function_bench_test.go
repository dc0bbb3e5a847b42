package model_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// BenchmarkAccumulator collects many terms into the normal form: in order, in two runs as of a sum of two functions, and in no order.
func BenchmarkAccumulator(b *testing.B) {
	const n = 40_000
	for _, order := range []string{"sorted", "two runs", "random"} {
		b.Run(fmt.Sprintf("%s/%d", order, n), func(b *testing.B) {
			m := model.New("m")
			m.Leader().Vars("x", n, 0, 1)
			rng := rand.New(rand.NewPCG(1, 1))
			at := make([]int, n)
			for k := range at {
				switch order {
				case "sorted":
					at[k] = k
				case "two runs":
					at[k] = 2*k%n + 2*k/n
				default:
					at[k] = rng.IntN(n)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				a := m.Accumulator()
				for _, j := range at {
					a.AddTerm(1, j)
					a.AddProduct(1, j, (j*7)%n)
				}
				a.Function()
			}
		})
	}
}
