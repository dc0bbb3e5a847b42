package regions

import (
	"math"
	"strings"
)

// region is a critical region: the decisions to which one complementary basis of each follower is optimal.
type region struct {
	on       *polytope // in the frame
	lo, hi   [mostParameters]float64
	tight    [][]bool      // by follower and index: the slack is zero because its multiplier is not
	answers  [][][]float64 // by follower: the variables' z by index, as columns of 1 and θ; of determined problems only
	sides    []side        // until the region is closed
	key      string
	vanished [][]int // by follower: the multipliers that are zero all over the region
}

// side is a half-space of a region, that of a basic variable.
type side struct {
	plane      plane
	follower   int
	index      int
	multiplier bool
}

// multiplier reports whether the basic variable of index i is a multiplier or reduced cost, rather than a slack or variable.
func (t *tableau) multiplier(i int) bool { return t.f.dual[i] == t.inZ[i] }

// basis is the key of the bases at hand.
func basis(ts []*tableau) string {
	var b strings.Builder
	for _, t := range ts {
		for i := 0; i < len(t.inZ); i += 8 {
			c := byte(0)
			for k := i; k < min(i+8, len(t.inZ)); k++ {
				if t.inZ[k] {
					c |= 1 << (k - i)
				}
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// newRegion is the region of the bases at hand within the root polytope of a frame; its polytope is nil where it is thin.
func newRegion(ts []*tableau, f *frame, root *polytope) *region {
	g := &region{key: basis(ts), on: root}
	for p, t := range ts {
		tight := make([]bool, t.f.n)
		var vanished []int
		for i := range t.f.n {
			if t.f.kind[i] != pair {
				continue
			}
			row := t.row(i)
			slopes, h := row[t.theta(0):t.theta(t.k)], row[t.constant()]
			most := math.Abs(h)
			for _, v := range slopes {
				most = math.Max(most, math.Abs(v))
			}
			if most <= t.tol[i] {
				if t.multiplier(i) {
					vanished = append(vanished, i)
				}
				continue
			}
			tight[i] = t.multiplier(i)
			q, is := f.half(slopes, h)
			if !is {
				continue
			}
			g.sides = append(g.sides, side{q, p, i, tight[i]})
			if g.on != nil {
				g.on = g.on.clip(q)
			}
		}
		g.tight, g.vanished = append(g.tight, tight), append(g.vanished, vanished)
	}
	if g.on != nil {
		g.lo, g.hi = g.on.box()
	}
	return g
}

// contains reports whether a point lies well inside.
func (g *region) contains(v *[mostParameters]float64, dim int) bool {
	for k := range dim {
		if v[k] < g.lo[k] || v[k] > g.hi[k] {
			return false
		}
	}
	return g.on.contains(v, 0)
}

// nearest is the side of a region that is nearest to a point.
func (g *region) nearest(v *[mostParameters]float64) plane {
	best, at := math.Inf(1), 0
	for i := range g.sides {
		if d := math.Abs(g.sides[i].plane.at(v)); d < best {
			best, at = d, i
		}
	}
	return g.sides[at].plane
}

// beside is how far a point lies outside, at most 0 within.
func (g *region) beside(v *[mostParameters]float64) float64 {
	off := 0.0
	if g.sides == nil && g.on != nil {
		for i := range g.on.planes {
			off = math.Max(off, -g.on.planes[i].at(v))
		}
	}
	for i := range g.sides {
		off = math.Max(off, -g.sides[i].plane.at(v))
	}
	return off
}
