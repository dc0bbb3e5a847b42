package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
)

//go:generate go run . -data pricing.dat

// The instance that is committed as pricing.dat.
const (
	segments   = 50
	products   = 20
	considered = 4 // products that a segment considers
	seed       = 1234
)

// offer is a product that a segment considers, with its reservation price.
type offer struct {
	segment, product int // from 0
	worth            float64
}

// market is the data of the model.
type market struct {
	seed      uint64
	size      []float64 // customers in each segment
	low, high []float64 // price limits of each product
	offers    []offer   // sorted by segment, then product
}

// splitMix64 is the generator of that name (Steele, Lea and Flood 2014): the same numbers on every machine.
type splitMix64 uint64

// uniform is the next number in [0, 1).
func (s *splitMix64) uniform() float64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11) * 0x1p-53
}

// generate draws a market. Products have a quality that grows from 20 to 60 along the line. A segment has 1 to 9 customers and a taste of
// 0.5 to 1.5, and considers a few neighbouring products (the line is closed to a ring); a product is worth taste * quality to it, give or
// take 20 %, in whole units. A price lies between 0.5 and 1.2 of the quality.
func generate(segments, products, considered int, seed uint64) *market {
	g := splitMix64(seed)
	quality := make([]float64, products)
	for j := range quality {
		quality[j] = 20 + 40*(float64(j)+g.uniform())/float64(products)
	}
	m := &market{seed: seed}
	for range segments {
		m.size = append(m.size, 1+math.Floor(9*g.uniform()))
	}
	for _, q := range quality {
		m.low, m.high = append(m.low, math.Round(0.5*q)), append(m.high, math.Round(1.2*q))
	}
	for s := range segments {
		taste := 0.5 + g.uniform()
		first := int(float64(products) * g.uniform())
		worth := make(map[int]float64, considered)
		for d := range considered {
			j := (first + d) % products
			worth[j] = math.Round(taste * quality[j] * (0.8 + 0.4*g.uniform()))
		}
		for j := range products {
			if w, ok := worth[j]; ok {
				m.offers = append(m.offers, offer{s, j, w})
			}
		}
	}
	return m
}

// write writes the market as a data file of pricing.mod.
func (m *market) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %d segments, %d products. Written by the generator of this folder (generate.go) with seed %d: do not edit.\n", len(m.size), len(m.low), m.seed)
	fmt.Fprint(b, "\nparam: SEGMENT: size :=")
	for s, n := range m.size {
		fmt.Fprintf(b, "%s%2d %g", every(s, 10), s+1, n)
	}
	fmt.Fprint(b, " ;\n\nparam: PRODUCT: low high :=")
	for j := range m.low {
		fmt.Fprintf(b, "%s%2d %g %g", every(j, 5), j+1, m.low[j], m.high[j])
	}
	fmt.Fprint(b, " ;\n\n# segment, product, reservation price\nparam: OFFER: worth :=")
	for k, o := range m.offers {
		fmt.Fprintf(b, "%s%2d %2d %g", every(k, considered), o.segment+1, o.product+1, o.worth)
	}
	fmt.Fprint(b, " ;\n")
	return b.Flush()
}

// every begins a new line before each n-th entry and leaves space before the others.
func every(k, n int) string {
	if k%n == 0 {
		return "\n  "
	}
	return "   "
}
