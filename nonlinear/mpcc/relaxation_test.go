package mpcc

import (
	"math"
	"math/rand/v2"
	"testing"
)

// smoothAt says whether the method's functions are smooth enough near a point for a difference quotient of width w.
func smoothAt(m Method, g, h, t, w float64) bool {
	far := func(d float64) bool { return math.Abs(d) > 4*w }
	switch m {
	case SteffensenUlbrich, SteffensenUlbrichQuartic:
		return far(math.Abs(g-h) - t)
	case KanzowSchwartz:
		return far(g + h - 2*t)
	case MinFunction:
		return far(g - h)
	case PenalisedFischerBurmeister:
		return far(g) && far(h) && math.Hypot(g, h) > 0.2
	case FischerBurmeister:
		return math.Hypot(g, h) > 0.2
	}
	return true
}

// TestMethodDerivatives compares first and second derivatives with difference quotients at random points.
func TestMethodDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const w = 1e-5
	for _, m := range Methods() {
		for i := range max(1, m.Functions()) {
			for range 2000 {
				g, h, par := rng.Float64()*4-1, rng.Float64()*4-1, 0.05+rng.Float64()
				if !smoothAt(m, g, h, par, w) {
					continue
				}
				j := m.At(i, g, h, par)
				gp, gm := m.At(i, g+w, h, par), m.At(i, g-w, h, par)
				hp, hm := m.At(i, g, h+w, par), m.At(i, g, h-w, par)
				for _, c := range []struct {
					what            string
					got, plus, less float64
				}{
					{"dV/dG", j.G, gp.V, gm.V}, {"dV/dH", j.H, hp.V, hm.V}, {"GG", j.GG, gp.G, gm.G},
					{"GH", j.GH, hp.G, hm.G}, {"HG", j.GH, gp.H, gm.H}, {"HH", j.HH, hp.H, hm.H},
				} {
					want := (c.plus - c.less) / (2 * w)
					if math.Abs(c.got-want) > 1e-4*math.Max(1, math.Abs(want)) {
						t.Fatalf("%v function %d at (%g, %g), t = %g: %s is %g, difference quotient %g", m, i, g, h, par, c.what, c.got, want)
					}
				}
			}
		}
	}
}

// TestMethodSets compares the set that each method's functions describe with the words of its table.
func TestMethodSets(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	inside := map[Method]func(g, h, t float64) bool{
		Scholtes: func(g, h, t float64) bool { return g >= 0 && h >= 0 && g*h <= t },
		LinFukushima: func(g, h, t float64) bool {
			return g >= -t && h >= -t && g*h <= t*t && (g+t)*(h+t) >= t*t
		},
		Kadrani: func(g, h, t float64) bool {
			return g >= t && h >= -t && h <= t || h >= t && g >= -t && g <= t
		},
		KanzowSchwartz: func(g, h, t float64) bool { return g >= 0 && h >= 0 && math.Min(g, h) <= t },
		Product:        func(g, h, _ float64) bool { return g == 0 && h >= 0 || h == 0 && g >= 0 },
	}
	for _, m := range Methods() {
		want, ok := inside[m]
		if !ok {
			continue
		}
		for range 5000 {
			par := 0.1 + rng.Float64()
			g, h := rng.Float64()*5-2, rng.Float64()*5-2
			if rng.IntN(4) == 0 {
				g = 0
			}
			if rng.IntN(4) == 0 {
				h = 0
			}
			got := g >= m.Floor(par) && h >= m.Floor(par)
			for i := range m.Functions() {
				got = got && m.At(i, g, h, par).V <= 0
			}
			if got != want(g, h, par) {
				t.Fatalf("%v at (%g, %g), t = %g: the functions say %v", m, g, h, par, got)
			}
		}
	}
}

// TestCornerSets: the relaxations of Steffensen and Ulbrich allow the axes, and beyond them only the corner within |G-H| < t, where they
// stay below the curve.
func TestCornerSets(t *testing.T) {
	for _, m := range []Method{SteffensenUlbrich, SteffensenUlbrichQuartic} {
		for _, c := range []struct {
			g, h, t float64
			in      bool
			reason  string
		}{
			{0, 3, 1, true, "on an axis"},
			{2, 0, 1, true, "on the other axis"},
			{0, 0, 1, true, "at the origin"},
			{0.1, 0.1, 1, true, "in the rounded corner"},
			{0.5, 0.5, 1, false, "beyond the corner"},
			{0.01, 2, 1, false, "inside, where nothing is rounded"},
			{1, 0, 1, true, "where the corner begins"},
		} {
			if got := m.At(0, c.g, c.h, c.t).V <= 1e-15; got != c.in {
				t.Errorf("%v at (%g, %g), t = %g, %s: in the set is %v", m, c.g, c.h, c.t, c.reason, got)
			}
		}
		for _, z := range []float64{-1, 1} {
			for _, theta := range []func(float64) (float64, float64, float64){sineCorner, quarticCorner} {
				v, d, dd := theta(z)
				if math.Abs(v-1) > 1e-15 || math.Abs(d-z) > 1e-15 || math.Abs(dd) > 1e-15 {
					t.Errorf("theta at %g: %g, %g, %g; want 1, %g, 0", z, v, d, dd, z)
				}
			}
		}
	}
}

// TestNCPZeros: the zeros are the pairs that hold, or for the smoothed functions the branch GH = t of the hyperbola.
func TestNCPZeros(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a, mu := rng.Float64()*3, 0.01+rng.Float64()
		for _, m := range []Method{FischerBurmeister, MinFunction, PenalisedFischerBurmeister} {
			for _, p := range [][2]float64{{a, 0}, {0, a}, {0, 0}} {
				if v := m.At(0, p[0], p[1], 0).V; math.Abs(v) > 1e-14 {
					t.Fatalf("%v at %v: %g, want 0", m, p, v)
				}
			}
			for _, p := range [][2]float64{{a + 0.1, a + 0.2}, {-a - 0.1, a}, {a, -a - 0.1}} {
				if v := m.At(0, p[0], p[1], 0).V; math.Abs(v) < 1e-3 {
					t.Fatalf("%v at %v: %g, want not 0", m, p, v)
				}
			}
		}
		for _, m := range []Method{SmoothedFischerBurmeister, CHKS} {
			g := 0.05 + a
			if v := m.At(0, g, mu/g, mu).V; math.Abs(v) > 1e-13 {
				t.Fatalf("%v at (%g, %g), t = %g: %g, want 0", m, g, mu/g, mu, v)
			}
			if v := m.At(0, -g, -mu/g, mu).V; math.Abs(v) < 1e-3 {
				t.Fatalf("%v vanishes on the other branch of the hyperbola", m)
			}
		}
	}
}

// TestRelaxationsContainPairs: every pair that holds is in the set of every relaxation but Kadrani's, which cuts off the square below t.
func TestRelaxationsContainPairs(t *testing.T) {
	for _, m := range []Method{Scholtes, ScholtesSum, LinFukushima, SteffensenUlbrich, SteffensenUlbrichQuartic, KanzowSchwartz, Product} {
		for _, par := range []float64{1, 1e-3, 1e-8} {
			for _, a := range []float64{0, par / 2, par, 1, 100} {
				for i := range m.Functions() {
					if v, w := m.At(i, a, 0, par).V, m.At(i, 0, a, par).V; v > 1e-15 || w > 1e-15 {
						t.Errorf("%v cuts off (%g, 0) at t = %g: %g, %g", m, a, par, v, w)
					}
				}
			}
		}
	}
	if Kadrani.At(0, 0.1, 0, 1).V <= 0 {
		t.Error("kadrani should cut off pairs with both members below t")
	}
}

func TestMethodNames(t *testing.T) {
	for _, m := range append(Methods(), Auto) {
		if got, err := ParseMethod(m.String()); err != nil || got != m {
			t.Errorf("%v: read back as %v, %v", m, got, err)
		}
	}
	if _, err := ParseMethod("sholtes"); err == nil || err.Error() == "" {
		t.Error("a wrong name was accepted")
	}
}
