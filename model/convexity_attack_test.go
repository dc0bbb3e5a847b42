package model_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// TestConvexityIsNeverClaimedWrongly classifies random followers whose objective mixes quadratic forms, compositions and parameters, with finite,
// infinite and equal bounds and perhaps an equation. Whatever is called convex satisfies Jensen's inequality on random segments between points
// of its equations, with the leader's variables fixed.
func TestConvexityIsNeverClaimedWrongly(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 7))
	claims := map[string]int{}
	for n := range 8000 {
		c := newRandomFollower(rng)
		class := c.m.Classify().Followers[0]
		if class.Convex != model.Yes {
			claims[class.Convex.String()]++
			continue
		}
		rule := "affine"
		for _, r := range class.Reasons {
			if rest, ok := strings.CutPrefix(r, "objective: "); ok {
				rule, _, _ = strings.Cut(rest, ":")
			}
		}
		claims[rule]++
		for range 25 {
			a, b := c.segment(rng)
			s := rng.Float64()
			mid := make([]float64, len(a))
			for j := range mid {
				if mid[j] = a[j]; a[j] != b[j] {
					mid[j] = s*a[j] + (1-s)*b[j]
				}
			}
			fa, fb, fm := c.value(a), c.value(b), c.value(mid)
			if math.IsNaN(fa+fb+fm) || math.IsInf(fa+fb+fm, 0) {
				continue
			}
			if chord := s*fa + (1-s)*fb; fm > chord+1e-7*(1+math.Abs(fa)+math.Abs(fb)) {
				t.Fatalf("follower %d is called convex (%s), but at %v its objective is %g and the chord from %v to %v is %g\n%s", n, rule, mid, fm, a, b, chord, c.text)
			}
		}
	}
	for _, rule := range []string{"affine", "convex quadratic", "convex", "convex by the range of its second derivatives", "its quadratic part is convex along the follower's equations"} {
		if claims[rule] < 50 {
			t.Errorf("only %d followers were %s: %v", claims[rule], rule, claims)
		}
	}
	t.Log(claims)
}

// randomFollower is a model with two variables of the leader and three of a follower.
type randomFollower struct {
	m    *model.Model
	x, y []model.Var
	eq   []float64 // coefficients of an equation in y, nil none
	rhs  float64
	text string
}

func newRandomFollower(rng *rand.Rand) *randomFollower {
	c := &randomFollower{m: model.New("random")}
	bounds := func() (float64, float64) {
		lo := float64(rng.IntN(5) - 2)
		switch rng.IntN(6) {
		case 0:
			return lo, model.Inf
		case 1:
			return -model.Inf, model.Inf
		case 2:
			return lo, lo
		}
		return lo, lo + float64(1+rng.IntN(3))/2
	}
	text := &strings.Builder{}
	for k := range 2 {
		lo, hi := bounds()
		c.x = append(c.x, c.m.Leader().Var(fmt.Sprintf("x%d", k), lo, hi))
		fmt.Fprintf(text, "x%d in [%v, %v] ", k, lo, hi)
	}
	f := c.m.Follower("f")
	for k := range 3 {
		lo, hi := bounds()
		c.y = append(c.y, f.Var(fmt.Sprintf("y%d", k), lo, hi))
		fmt.Fprintf(text, "y%d in [%v, %v] ", k, lo, hi)
	}
	if rng.IntN(3) == 0 {
		c.eq = []float64{float64(rng.IntN(5) - 2), float64(rng.IntN(5) - 2), float64(1 + rng.IntN(2))}
		c.rhs = float64(rng.IntN(3))
		sum := model.Const(0)
		for k, v := range c.y {
			sum = sum.Plus(v.Times(c.eq[k]))
		}
		f.Constrain("e", sum.Plus(c.x[0]).Eq(c.rhs))
		fmt.Fprintf(text, "%v y + x0 = %v", c.eq, c.rhs)
	}
	sum := model.Const(0)
	for range 1 + rng.IntN(3) { // terms
		e, s := c.term(rng, 2)
		w := []float64{1, 1, 0.5, 2, -1}[rng.IntN(5)]
		fmt.Fprintf(text, "\n + %v * %s", w, s)
		sum = sum.Plus(e.Times(w))
	}
	for range rng.IntN(4) { // products
		i, j := rng.IntN(3), rng.IntN(3)
		w := float64(rng.IntN(5) - 1)
		if i != j {
			w /= 2
		}
		fmt.Fprintf(text, "\n + %v * y%d * y%d", w, i, j)
		sum = sum.Plus(c.y[i].Times(c.y[j]).Times(w))
	}
	f.Minimize(sum)
	c.m.Leader().Minimize(c.x[0])
	c.text = text.String()
	return c
}

func (c *randomFollower) term(rng *rand.Rand, depth int) (model.Expr, string) {
	if depth == 0 || rng.IntN(5) == 0 {
		all := append(append([]model.Var(nil), c.y...), c.x...)
		i, j := rng.IntN(len(all)), rng.IntN(3)
		w := float64(rng.IntN(3) - 1)
		return all[i].Plus(c.y[j].Times(w)), fmt.Sprintf("(%s + %v*y%d)", all[i].Name(), w, j)
	}
	a, s := c.term(rng, depth-1)
	switch rng.IntN(13) {
	case 0:
		return model.Exp(a), "exp(" + s + ")"
	case 1:
		return model.Log(a).Neg(), "-log(" + s + ")"
	case 2:
		return model.Sqrt(a).Neg(), "-sqrt(" + s + ")"
	case 3, 4:
		p := []float64{2, 3, 4, -1, -2, 1.5, 2.5}[rng.IntN(7)]
		return a.Pow(p), fmt.Sprintf("%s^%v", s, p)
	case 5, 6:
		b, r := c.term(rng, depth-1)
		return a.Times(b), s + " * " + r
	case 7:
		b, r := c.term(rng, depth-1)
		return a.Over(b), s + " / " + r
	case 8:
		return model.Sin(a), "sin(" + s + ")"
	case 9:
		return model.Cosh(a), "cosh(" + s + ")"
	case 10:
		return model.Tan(a), "tan(" + s + ")"
	case 11:
		return a.Times(model.Log(a.Times(2))), s + " * log(2 * " + s + ")"
	}
	b, r := c.term(rng, depth-1)
	return a.Plus(b), s + " + " + r
}

// segment draws two points of the follower that satisfy its bounds and equation, with the same values of the leader; not a number where none is
// found.
func (c *randomFollower) segment(rng *rand.Rand) (a, b []float64) {
	draw := func(v model.Var) float64 {
		lo, hi := v.Bounds()
		switch {
		case math.IsInf(lo, -1):
			return 6*rng.Float64() - 3
		case math.IsInf(hi, 1):
			return lo + 4*rng.Float64()
		}
		return lo + (hi-lo)*rng.Float64()
	}
	leader := []float64{draw(c.x[0]), draw(c.x[1])}
	point := func() []float64 {
		p := append([]float64(nil), leader...)
		for range 20 {
			y := []float64{draw(c.y[0]), draw(c.y[1]), 0}
			if c.eq == nil {
				y[2] = draw(c.y[2])
				return append(p, y...)
			}
			y[2] = (c.rhs - leader[0] - c.eq[0]*y[0] - c.eq[1]*y[1]) / c.eq[2]
			if lo, hi := c.y[2].Bounds(); y[2] >= lo-1e-12 && y[2] <= hi+1e-12 {
				return append(p, y...)
			}
		}
		return append(p, math.NaN(), math.NaN(), math.NaN())
	}
	return point(), point()
}

func (c *randomFollower) value(p []float64) float64 { return c.m.ObjectiveValue(1, p) }
