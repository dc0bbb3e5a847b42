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

// A frame is a unit cube, in which what is thinner than 1e-9 counts as nothing. So a long range is divided at ±1e3, ±1e4, ... ±1e6 where it goes ten times as far, which keeps the
// width of what counts as nothing below 1e-7 of the size of the parameter, or 1e-5; from 1e6 on the map of a range without end serves. With three such parameters it is
// divided at ±1e3 and ±1e6 only.
const (
	firstMark = 1e3
	lastMark  = 1e6
)

// newFrames divides the box of the parameters into frames, by the ranges of each.
func newFrames(lo, hi []float64) []frame {
	long := 0
	for i := range lo {
		if len(ranges(lo[i], hi[i], lastMark/firstMark)) > 1 {
			long++
		}
	}
	ratio := 10.0
	if long > 2 {
		ratio = lastMark / firstMark
	}
	out := []frame{{dim: len(lo)}}
	for i := range lo {
		var more []frame
		for _, f := range out {
			for _, r := range ranges(lo[i], hi[i], ratio) {
				switch {
				case r[1] > 10*lastMark && r[1]-r[0] > math.Abs(r[0]):
					f.base[i], f.scale[i], f.scarce[i] = r[0], math.Max(1, math.Abs(r[0])), true
				case r[0] < -10*lastMark && r[1]-r[0] > math.Abs(r[1]):
					f.base[i], f.scale[i], f.scarce[i] = r[1], -math.Max(1, math.Abs(r[1])), true
				default:
					f.base[i], f.scale[i], f.scarce[i] = r[0], r[1]-r[0], false
				}
				more = append(more, f)
			}
		}
		out = more
	}
	return out
}

// ranges are the parts of [lo, hi] between marks that are each ratio times the one before. A range that is short beside its place stays whole.
func ranges(lo, hi, ratio float64) [][2]float64 {
	var marks []float64
	for m := firstMark; m <= lastMark; m *= ratio {
		if lo < -10*m && -m < hi-1e-3*m {
			marks = append([]float64{-m}, marks...)
		}
		if hi > 10*m && m > lo+1e-3*m {
			marks = append(marks, m)
		}
	}
	var out [][2]float64
	for _, m := range marks {
		out = append(out, [2]float64{lo, m})
		lo = m
	}
	return append(out, [2]float64{lo, hi})
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
