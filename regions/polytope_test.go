package regions

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Cutting a cube by random planes leaves exactly the points that satisfy them all, and the parts beside a plane together are what there was.
func TestClip(t *testing.T) {
	for dim := 1; dim <= mostParameters; dim++ {
		r := rand.New(rand.NewPCG(uint64(dim), 1))
		for trial := range 200 {
			scarce := make([]bool, dim)
			for k := range scarce {
				scarce[k] = r.IntN(3) == 0
			}
			root := cube(dim, scarce)
			p := root
			var cuts []plane
			for range 1 + r.IntN(12) {
				var q plane
				for k := range dim {
					q.n[k] = float64(r.IntN(7) - 3)
				}
				if q.n == (plane{}).n {
					continue
				}
				q.c = float64(r.IntN(9)-3) / 2
				q = q.unit()
				beyond := p.clip(q.opposite())
				left := p.clip(q)
				if left == nil && beyond == nil {
					t.Fatalf("dim %d trial %d: nothing is left on either side", dim, trial)
				}
				if left == nil {
					continue
				}
				p = left
				cuts = append(cuts, q)
			}
			for range 300 {
				var v [mostParameters]float64
				for k := range dim {
					v[k] = r.Float64()*1.2 - 0.1
				}
				least := math.Inf(1)
				for i := range root.planes {
					least = math.Min(least, root.planes[i].at(&v))
				}
				for i := range cuts {
					least = math.Min(least, cuts[i].at(&v))
				}
				if in := p.contains(&v, 0); in != (least >= 0) && math.Abs(least) > 1e-7 {
					t.Fatalf("dim %d trial %d: %v inside %v, least %v", dim, trial, v, in, least)
				}
			}
			// The corners are those of the planes: the extreme values of random functions agree with a fine look at the inside.
			v := p.inner(r)
			if !p.contains(&v, -1e-12) {
				t.Fatalf("dim %d trial %d: the inner point %v is not inside", dim, trial, v)
			}
			for i := range p.corners {
				if !p.contains(&p.corners[i].v, 1e-7) {
					t.Fatalf("dim %d trial %d: the corner %v is outside", dim, trial, p.corners[i].v)
				}
			}
			for range 20 { // from inside to a plane along a random direction: no corner-spanned set is smaller than the planes'
				var d plane
				for k := range dim {
					d.n[k] = r.NormFloat64()
				}
				d = d.unit()
				reach := math.Inf(1)
				for i := range p.planes {
					s := 0.0
					for k := range dim {
						s += p.planes[i].n[k] * d.n[k]
					}
					if s < 0 {
						reach = math.Min(reach, p.planes[i].at(&v)/-s)
					}
				}
				var end [mostParameters]float64
				for k := range dim {
					end[k] = v[k] + reach*d.n[k]
				}
				high := math.Inf(-1)
				for i := range p.corners {
					high = math.Max(high, d.at(&p.corners[i].v))
				}
				if d.at(&end) > high+1e-7 {
					t.Fatalf("dim %d trial %d: a point of the planes lies beyond all corners by %v", dim, trial, d.at(&end)-high)
				}
			}
		}
	}
}

// A frame takes decisions to the cube and half-spaces with them, also where there are no bounds.
func TestFrames(t *testing.T) {
	inf := math.Inf(1)
	r := rand.New(rand.NewPCG(3, 3))
	frames := newFrames([]float64{-2, 1, math.Inf(-1)}, []float64{5, inf, inf})
	if len(frames) != 5*9 {
		t.Fatalf("%d frames", len(frames))
	}
	for _, f := range frames {
		root := f.root()
		for range 500 {
			v := root.inner(r)
			theta := f.theta(&v)
			if theta[0] < -2 || theta[0] > 5 || theta[1] < 1 || (theta[2]-f.base[2])*f.scale[2] < 0 {
				t.Fatalf("%v is outside", theta)
			}
			g, h := []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}, r.NormFloat64()
			want := h
			for k := range g {
				want += g[k] * theta[k]
			}
			q, ok := f.half(g, h)
			if !ok || (q.at(&v) > 0) != (want > 0) {
				t.Fatalf("the half-space %v, %v has %v at %v, want the sign of %v", g, h, q.at(&v), theta, want)
			}
			if low := f.lowest(root, g, h); low > want+1e-9*math.Max(1, math.Abs(want)) {
				t.Fatalf("the least value %v is above %v", low, want)
			}
		}
	}
}

// Long ranges are divided so that what counts as nothing in a frame is little beside the decision, and each decision is in a frame.
func TestLongRanges(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		lo, hi float64
		frames int
	}{{0, 5000, 1}, {-3, 1e4, 1}, {0, 2e4, 2}, {0, 1e9, 5}, {-inf, 7, 5}, {-inf, inf, 9}, {2e7, 2e7 + 1, 1}, {-1e12, 1e6, 7}, {1e9, inf, 1}} {
		frames := newFrames([]float64{c.lo}, []float64{c.hi})
		if len(frames) != c.frames {
			t.Errorf("[%v, %v]: %d frames, want %d", c.lo, c.hi, len(frames), c.frames)
		}
		for _, at := range []float64{0, 1, 30, 999, 1e3 + 1, 5e4, 3e5, 1e6 - 1} {
			for _, theta := range []float64{at, -at} {
				if theta < c.lo || theta > c.hi {
					continue
				}
				in := 0
				for _, f := range frames {
					v := (theta - f.base[0]) / f.scale[0]
					if f.scarce[0] && v >= 0 {
						v /= 1 + v
					}
					if v < 0 || v > 1 {
						continue
					}
					in++
					a, b := [mostParameters]float64{v - thin/2}, [mostParameters]float64{v + thin/2}
					if wide, most := math.Abs(f.theta(&b)[0]-f.theta(&a)[0]), 1.1e-5+1e-7*math.Abs(theta); wide > most {
						t.Errorf("[%v, %v]: what is nothing about %v has the width %v, want at most %v", c.lo, c.hi, theta, wide, most)
					}
				}
				if in != 1 && !(in == 2 && theta == 0) {
					t.Errorf("[%v, %v]: %v is in %d frames", c.lo, c.hi, theta, in)
				}
			}
		}
	}
}
