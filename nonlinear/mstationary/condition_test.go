package mstationary

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/nonlinear/system"
)

// satisfies is M-stationarity of one pair by its definition.
func satisfies(g, h, nuG, nuH float64) bool {
	if g < 0 || h < 0 || g > 0 && h > 0 {
		return false
	}
	if g > 0 && nuG != 0 || h > 0 && nuH != 0 {
		return false
	}
	return g > 0 || h > 0 || nuG > 0 && nuH > 0 || nuG*nuH == 0
}

var grid = []float64{-2, -1, -1e-3, 0, 1e-3, 1, 2}

// TestTruthTable holds φ_M, the five equations and the selection of terms against the definition, for all signs.
func TestTruthTable(t *testing.T) {
	for _, g := range grid {
		for _, h := range grid {
			for _, nuG := range grid {
				for _, nuH := range grid {
					want := satisfies(g, h, nuG, nuH)
					phi := PhiM(g, h, nuG, nuH)
					if (phi == 0) != want || phi < 0 {
						t.Errorf("G %g, H %g, ν %g %g: φ_M = %g, M-stationary: %v", g, h, nuG, nuH, phi, want)
					}
					sum := 0.0
					for _, v := range pairEquations(g, h, -nuG, -nuH) {
						sum += math.Abs(v)
					}
					if (sum == 0) != want {
						t.Errorf("G %g, H %g, ν %g %g: the five equations sum to %g, M-stationary: %v", g, h, nuG, nuH, sum, want)
					}
					// What is selected is what a solution satisfies: then the step is zero.
					c := choose(g, h, nuG, nuH)
					holds := c == holdH && h == 0 && nuG == 0 || c == holdG && g == 0 && nuH == 0 || c == holdBoth && g == 0 && h == 0
					if want && !holds {
						t.Errorf("G %g, H %g, ν %g %g: %v is selected, which does not hold", g, h, nuG, nuH, c)
					}
				}
			}
		}
	}
}

// TestPhiMMeasures: φ_M is how far the nearest quadruple that satisfies the condition is, in its largest entry.
func TestPhiMMeasures(t *testing.T) {
	for _, c := range []struct{ g, h, nuG, nuH, want float64 }{
		{3, 1e-4, 1e-5, 7, 1e-4},
		{1e-4, 3, 7, 1e-5, 1e-4},
		{1e-4, 1e-5, 5, 6, 1e-4},
		{1e-6, 1e-6, -1e-3, 6, 1e-3},
		{0, 0, -1, -1, 1},
		{-0.5, 0, 0, 0, 0.5},
		{0, 0, -4, 1e-9, 1e-9},
	} {
		if v := PhiM(c.g, c.h, c.nuG, c.nuH); v != c.want {
			t.Errorf("φ_M(%g, %g, %g, %g) = %g, want %g", c.g, c.h, c.nuG, c.nuH, v, c.want)
		}
	}
}

// TestSquaresAreSmooth compares the gradient of the sum of squares of the five equations, by the derivatives that the system uses, with
// differences, at kinks too.
func TestSquaresAreSmooth(t *testing.T) {
	for _, g := range grid {
		for _, h := range grid {
			for _, nuG := range grid {
				for _, nuH := range grid {
					at := [4]float64{g, h, -nuG, -nuH}
					merit := func(z [4]float64) float64 {
						s := 0.0
						for _, v := range pairEquations(z[0], z[1], z[2], z[3]) {
							s += v * v / 2
						}
						return s
					}
					phi := pairEquations(at[0], at[1], at[2], at[3])
					pa, pb := system.FischerBurmeister{}.Derivative(at[0], at[1], 1, 1)
					a, b, c, d := at[0], at[1], at[2], at[3]
					grad := [4]float64{
						phi[0]*pa + phi[1]*c,
						phi[0]*pb + phi[2]*d,
						phi[1]*a + phi[3]*step(c)*d + phi[4]*max(d, 0),
						phi[2]*b + phi[3]*max(c, 0) + phi[4]*step(d)*c,
					}
					for i := range at {
						const e = 1e-6
						up, down := at, at
						up[i] += e
						down[i] -= e
						if diff := (merit(up) - merit(down)) / (2 * e); math.Abs(diff-grad[i]) > 1e-5 {
							t.Fatalf("at %v: derivative %d is %g, differences %g", at, i, grad[i], diff)
						}
					}
				}
			}
		}
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		nuG, nuH float64
		want     Class
	}{{1, 1, ClassS}, {0, 0, ClassS}, {0, 3, ClassS}, {0, -3, ClassM}, {-1, 1e-9, ClassM}, {-1, -1, ClassC}, {1, -1, ClassW}, {-1e-9, 1, ClassS}} {
		if got := classify(c.nuG, c.nuH, 1e-6); got != c.want {
			t.Errorf("(%g, %g): %v, want %v", c.nuG, c.nuH, got, c.want)
		}
	}
	if ClassM.String() != "M-stationary" || ClassNone.String() != "none" || !(ClassS > ClassM && ClassM > ClassC && ClassC > ClassW) {
		t.Error("the classes are not named or ordered")
	}
}
