package system

import (
	"math"
	"math/rand"
	"testing"
)

var functions = []NCP{FischerBurmeister{}, Min{}, Penalised{}, Penalised{C: 0.3}, EvtushenkoPurtov{}, SmoothedFB{}, SmoothedFB{Mu: 1e-3}, CHKS{}, CHKS{Mu: 1e-3}, SoftMin{K: 50}}

// exact are the functions whose zeros are exactly the complementary points.
var exact = []NCP{FischerBurmeister{}, Min{}, Penalised{}, Penalised{C: 0.3}, EvtushenkoPurtov{}, SmoothedFB{}, CHKS{}}

func TestZerosAreTheComplementaryPoints(t *testing.T) {
	grid := []float64{-1e6, -2, -1, -1e-7, 0, 1e-7, 1, 3, 1e6}
	for _, f := range exact {
		for _, a := range grid {
			for _, b := range grid {
				zero := f.Value(a, b) == 0
				if want := min(a, b) == 0; zero != want {
					t.Errorf("%s(%g, %g) = %g, complementary: %v", f.Name(), a, b, f.Value(a, b), want)
				}
			}
		}
	}
}

func TestZerosOfSmoothedFunctions(t *testing.T) {
	for _, a := range []float64{1e-6, 1e-3, 0.1, 1, 50} {
		for _, f := range []NCP{SmoothedFB{Mu: 1e-3}, CHKS{Mu: 1e-3}} {
			if v := f.Value(a, 1e-3/a); math.Abs(v) > 1e-12 {
				t.Errorf("%s at ab = mu, a = %g: %g", f.Name(), a, v)
			}
			if v := f.Value(-a, -1e-3/a); math.Abs(v) < 1e-3 {
				t.Errorf("%s vanishes at negative arguments (%g)", f.Name(), v)
			}
		}
		if d := min(a, 0.3) - (SoftMin{K: 50}).Value(a, 0.3); d < 0 || d > math.Ln2/50+1e-15 {
			t.Errorf("soft-min is %g below the minimum", d)
		}
	}
}

// TestNoCancellation compares with the value at 2ab/(r+a+b) written out for a tiny b, where r - a - b in numbers is 0.
func TestNoCancellation(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{{1, 1e-18, -1e-18}, {1e-18, 3, -1e-18}, {1e200, 1e-200, -1e-200}, {1e300, 1e300, (math.Sqrt2 - 2) * 1e300}} {
		for _, f := range []NCP{FischerBurmeister{}, SmoothedFB{}} {
			if v := f.Value(c.a, c.b); math.Abs(v-c.want) > 1e-14*math.Abs(c.want) {
				t.Errorf("%s(%g, %g) = %g, want %g", f.Name(), c.a, c.b, v, c.want)
			}
		}
	}
	if v := (CHKS{}).Value(1, 1e-18); math.Abs(v-2e-18) > 1e-30 {
		t.Errorf("chks(1, 1e-18) = %g", v)
	}
}

func TestDerivativesAgainstDifferences(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	for _, f := range functions {
		for range 500 {
			a, b := rng.NormFloat64(), rng.NormFloat64()
			if math.Abs(a-b) < 1e-3 || math.Abs(a) < 1e-3 || math.Abs(b) < 1e-3 {
				continue // close to a kink
			}
			const h = 1e-6
			da, db := (f.Value(a+h, b)-f.Value(a-h, b))/(2*h), (f.Value(a, b+h)-f.Value(a, b-h))/(2*h)
			pa, pb := f.Derivative(a, b, 0, 0)
			if math.Abs(pa-da) > 1e-6 || math.Abs(pb-db) > 1e-6 {
				t.Fatalf("%s at (%g, %g): (%g, %g), differences (%g, %g)", f.Name(), a, b, pa, pb, da, db)
			}
		}
	}
}

// TestKinks asks for the limit of the derivative along the direction.
func TestKinks(t *testing.T) {
	points := [][2]float64{{0, 0}, {1, 1}, {-1, -1}, {0, 2}, {2, 0}, {0, -2}, {1e-300, 1e-300}}
	dirs := [][2]float64{{1, 0.5}, {-1, 2}, {0.3, -0.7}, {-2, -1}, {0, 1}, {1, 0}}
	for _, f := range functions {
		for _, p := range points {
			for _, d := range dirs {
				pa, pb := f.Derivative(p[0], p[1], d[0], d[1])
				const h = 1e-9
				a, b := p[0]+h*d[0], p[1]+h*d[1]
				if a == b || d[0]*d[1] == 0 && math.Abs(p[0]*p[1]) < 1e-200 {
					continue // the direction runs along a kink
				}
				wa, wb := f.Derivative(a, b, 0, 0)
				if p[0] == 1e-300 {
					continue // finite is all that is asked
				}
				if math.Abs(pa-wa) > 1e-6 || math.Abs(pb-wb) > 1e-6 {
					t.Errorf("%s at %v along %v: (%g, %g), limit (%g, %g)", f.Name(), p, d, pa, pb, wa, wb)
				}
			}
			if pa, pb := f.Derivative(p[0], p[1], 0, 0); math.IsNaN(pa) || math.IsNaN(pb) {
				t.Errorf("%s at %v without direction: (%g, %g)", f.Name(), p, pa, pb)
			}
		}
	}
}

// TestElementAtTheOrigin is the element that the sheet of the method gives for a = u, b = -g(x) and the direction of ones.
func TestElementAtTheOrigin(t *testing.T) {
	s := -0.75 // the sum of the row of -Dg
	pa, pb := FischerBurmeister{}.Derivative(0, 0, 1, s)
	xi, eta := pa+1, pb+1
	if math.Abs(xi*xi+eta*eta-1) > 1e-15 || math.Abs(eta/xi-s) > 1e-15 {
		t.Errorf("(%g, %g) is not the unit vector along (1, %g)", xi, eta, s)
	}
}

func TestNextSmoothing(t *testing.T) {
	if v := NextSmoothing(1, 10); v != 0.1 {
		t.Errorf("far away: %g", v)
	}
	if v := NextSmoothing(1, 1e-3); math.Abs(v-1e-6) > 1e-20 {
		t.Errorf("close: %g", v)
	}
}
