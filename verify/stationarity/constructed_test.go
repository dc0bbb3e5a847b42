package stationarity

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestConstructedPoints draws gradients that are linearly independent, so that the multipliers are unique, and multipliers of a given
// kind: the labels must be those of the kind.
func TestConstructedPoints(t *testing.T) {
	draw := func(r *rand.Rand) float64 { return 0.1 + r.Float64() }
	for _, c := range []struct {
		class  Class
		labels string
		pair   func(r *rand.Rand, k int) (a, b float64) // multipliers of biactive pair k; pair 0 shows that nothing stronger holds
	}{
		{SStationary, "yyyyyy", func(r *rand.Rand, k int) (a, b float64) { return draw(r), draw(r) }},
		{MStationary, "yyyynn", func(r *rand.Rand, k int) (a, b float64) {
			if k == 0 || r.IntN(2) == 0 {
				return 0, -draw(r)
			}
			return draw(r), draw(r)
		}},
		{CStationary, "ynynnn", func(r *rand.Rand, k int) (a, b float64) {
			if k == 0 || r.IntN(2) == 0 {
				return -draw(r), -draw(r)
			}
			return draw(r), draw(r)
		}},
		{AStationary, "yynnnn", func(r *rand.Rand, k int) (a, b float64) {
			if k == 0 || r.IntN(2) == 0 {
				return draw(r), -draw(r)
			}
			return draw(r), draw(r)
		}},
		{WStationary, "ynnnnn", func(r *rand.Rand, k int) (a, b float64) {
			switch k {
			case 0:
				return -draw(r), -draw(r)
			case 1:
				return draw(r), -draw(r)
			}
			return draw(r), -draw(r)
		}},
	} {
		t.Run(c.labels, func(t *testing.T) {
			for seed := range uint64(40) {
				r := rand.New(rand.NewPCG(seed, 3))
				p, pairs := constructed(r, c.pair)
				x := make([]float64, len(p.c))
				for _, solvers := range availableSolvers() {
					q, err := New(p, pairs)
					if err != nil {
						t.Fatal(err)
					}
					q.solvers = solvers
					rep, err := q.Classify(context.Background(), x, Options{})
					if err != nil {
						t.Fatal(err)
					}
					if rep.LICQ != Yes || rep.Class != c.class || labels(rep) != c.labels {
						t.Fatalf("seed %d, solvers %d: %v %s, LICQ %v (%g)", seed, solvers, rep.Class, labels(rep), rep.LICQ, rep.Independence)
					}
					checkReport(t, q, x, rep)
				}
			}
		})
	}
}

// constructed draws a problem whose point of interest is 0: two equations, two active rows, an active bound, three or four biactive pairs of rows,
// and one pair with a single zero member of negative multiplier. The point moves with the constants, which are zero.
func constructed(r *rand.Rand, pair func(r *rand.Rand, k int) (a, b float64)) (*affine, []model.Pair) {
	const n = 16
	p := &affine{c: make([]float64, n), lo: make([]float64, n), hi: make([]float64, n)}
	for j := range n {
		p.lo[j], p.hi[j] = -inf, inf
	}
	row := func(w, lo, hi float64) int {
		g := make([]float64, n)
		for j := range g {
			if r.IntN(3) > 0 {
				g[j] = r.NormFloat64()
			}
		}
		for j, v := range g {
			p.c[j] += w * v
		}
		p.a, p.b, p.rlo, p.rhi = append(p.a, g), append(p.b, 0), append(p.rlo, lo), append(p.rhi, hi)
		return len(p.a) - 1
	}
	row(r.NormFloat64(), 0, 0)
	row(r.NormFloat64(), 0, 0)
	row(r.Float64(), 0, inf)
	row(-r.Float64(), -inf, 0)
	row(0, -1, 5)
	p.lo[2] = 0
	p.c[2] += r.Float64()
	var pairs []model.Pair
	for k := range 3 + r.IntN(2) {
		a, b := pair(r, k)
		if r.IntN(2) == 0 {
			pairs = append(pairs, model.Pair{A: model.Member{Row: true, Index: int32(row(a, 0, inf))}, B: model.Member{Row: true, Side: model.AtUpper, Index: int32(row(-b, -inf, 0))}})
		} else if r.IntN(2) == 0 { // a mixed pair at its upper bound
			pairs = append(pairs, model.Pair{A: model.Member{Row: true, Side: model.Range, Index: int32(row(-a, -3, 0))}, B: model.Member{Row: true, Side: model.Value, Index: int32(row(-b, -inf, inf))}})
		} else {
			pairs = append(pairs, model.Pair{A: model.Member{Row: true, Side: model.Range, Index: int32(row(a, 0, 1))}, B: model.Member{Row: true, Side: model.Value, Index: int32(row(b, -inf, inf))}})
		}
	}
	first := row(-1-r.Float64(), 0, inf)
	p.lo[5] = -1 // a member with a slack of 1
	pairs = append(pairs, model.Pair{A: model.Member{Row: true, Index: int32(first)}, B: model.Member{Index: 5}})
	return p.pattern(), pairs
}
