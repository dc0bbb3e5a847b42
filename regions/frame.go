package regions

import "math"

// frame maps the parameters θ, which may have no bounds, into the unit cube: with τ = 1 - Σ v_i over the coordinates without a bound on one side,
//
//	θ_i = base_i + scale_i v_i / τ.
//
// This takes half-spaces to half-spaces, so that polyhedra become polytopes; τ is 0 at infinity.
type frame struct {
	dim         int
	base, scale [mostParameters]float64
	scarce      [mostParameters]bool // no bound on the far side
}

// newFrames divides the box of the parameters into frames: one, and twice as many for each parameter without any bound.
func newFrames(lo, hi []float64) []frame {
	out := []frame{{dim: len(lo)}}
	for i := range lo {
		for k := range out {
			f := &out[k]
			switch {
			case !math.IsInf(lo[i], -1) && !math.IsInf(hi[i], 1):
				f.base[i], f.scale[i] = lo[i], hi[i]-lo[i]
			case !math.IsInf(lo[i], -1):
				f.base[i], f.scale[i], f.scarce[i] = lo[i], math.Max(1, math.Abs(lo[i])), true
			case !math.IsInf(hi[i], 1):
				f.base[i], f.scale[i], f.scarce[i] = hi[i], -math.Max(1, math.Abs(hi[i])), true
			default:
				f.scale[i], f.scarce[i] = 1, true
				g := *f
				g.scale[i] = -1
				out = append(out, g)
			}
		}
	}
	return out
}

func (f *frame) root() *polytope { return cube(f.dim, f.scarce[:f.dim]) }

// tau is the value of τ at v.
func (f *frame) tau(v *[mostParameters]float64) float64 {
	t := 1.0
	for i := range f.dim {
		if f.scarce[i] {
			t -= v[i]
		}
	}
	return t
}

// theta is the parameter at v.
func (f *frame) theta(v *[mostParameters]float64) []float64 {
	out, t := make([]float64, f.dim), f.tau(v)
	for i := range out {
		out[i] = f.base[i] + f.scale[i]*v[i]/t
	}
	return out
}

// times is τ (g·θ + h) as a function of v, which has the sign of g·θ + h. It is a plane but for its length; size is the size of its terms.
func (f *frame) times(g []float64, h float64) (p plane, size float64) {
	p.c = h
	size = math.Abs(h)
	for i, v := range g {
		p.c += v * f.base[i]
		size = math.Max(size, math.Abs(v*f.base[i]))
	}
	for i, v := range g {
		p.n[i] = v * f.scale[i]
		size = math.Max(size, math.Abs(p.n[i]))
		if f.scarce[i] {
			p.n[i] -= p.c
		}
	}
	return p, size
}

// half is the half-space g·θ + h >= 0; is is false where that is all of the frame, with c > 0, or nothing of it, with c < 0.
func (f *frame) half(g []float64, h float64) (p plane, is bool) {
	p, size := f.times(g, h)
	most := 0.0
	for i := range g {
		most = math.Max(most, math.Abs(p.n[i]))
	}
	if most <= zero*size {
		return p, false
	}
	return p.unit(), true
}

// lowest is the least value of g·θ + h over a polytope of the frame, -Inf where there is none.
func (f *frame) lowest(on *polytope, g []float64, h float64) float64 {
	low, _ := f.lowestAt(on, g, h)
	return low
}

// lowestAt is lowest with the corner that has it.
func (f *frame) lowestAt(on *polytope, g []float64, h float64) (low float64, at int) {
	p, size := f.times(g, h)
	low, at = math.Inf(1), -1
	for i := range on.corners {
		v := &on.corners[i].v
		t, s := f.tau(v), p.at(v)
		if t <= thin { // a direction
			if s < -thin*size {
				return math.Inf(-1), i
			}
			continue
		}
		if w := s / t; w < low {
			low, at = w, i
		}
	}
	return low, at
}
