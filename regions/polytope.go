package regions

import (
	"math"
	"math/rand/v2"
	"slices"
)

// mostParameters is the largest number of leader's columns that may reach the followers.
const mostParameters = 3

// thin is the distance beyond a plane up to which a part of a polytope counts as nothing, in the coordinates of a frame, where everything lies
// between 0 and 1.
const thin = 1e-9

// plane is n·v + c >= 0 with |n| = 1.
type plane struct {
	n [mostParameters]float64
	c float64
}

func (p *plane) at(v *[mostParameters]float64) float64 {
	return p.c + p.n[0]*v[0] + p.n[1]*v[1] + p.n[2]*v[2]
}

func (p plane) opposite() plane {
	for i := range p.n {
		p.n[i] = -p.n[i]
	}
	p.c = -p.c
	return p
}

// corner is a vertex with the planes that it lies on, ascending.
type corner struct {
	v  [mostParameters]float64
	on []int32
}

// polytope is a bounded convex set of full dimension by its planes and its corners (the double description of Motzkin, Raiffa, Thompson and Thrall, 1953).
type polytope struct {
	dim     int
	planes  []plane
	corners []corner
}

// cube is the unit cube; where scarce lists coordinates, their sum is at most 1, and the other coordinates are at most 1 minus that sum.
func cube(dim int, scarce []bool) *polytope {
	p := &polytope{dim: dim, planes: []plane{}}
	// A simplex about everything, then cut: Σ v <= dim, v >= 0.
	for i := range dim {
		var q plane
		q.n[i] = 1
		p.planes = append(p.planes, q)
	}
	var far plane
	for i := range dim {
		far.n[i] = -1 / math.Sqrt(float64(dim))
	}
	far.c = float64(dim+1) / math.Sqrt(float64(dim))
	p.planes = append(p.planes, far)
	for i := -1; i < dim; i++ {
		var k corner
		for j := range dim + 1 {
			if j != i && (i >= 0 || j != dim) {
				k.on = append(k.on, int32(j))
			}
		}
		if i >= 0 {
			k.v[i] = float64(dim + 1)
		}
		p.corners = append(p.corners, k)
	}
	var tau plane // 1 - Σ scarce
	tau.c = 1
	any := false
	for i := range dim {
		if scarce[i] {
			tau.n[i], any = -1, true
		}
	}
	if any {
		p = p.clip(tau.unit())
	}
	for i := range dim {
		if !scarce[i] {
			q := tau
			q.n[i]--
			p = p.clip(q.unit())
		}
	}
	return p
}

// unit is the plane with a normal of length 1; c is divided likewise.
func (p plane) unit() plane {
	s := math.Sqrt(p.n[0]*p.n[0] + p.n[1]*p.n[1] + p.n[2]*p.n[2])
	for i := range p.n {
		p.n[i] /= s
	}
	p.c /= s
	return p
}

// clip is the part of p on which the plane's function is not negative: p itself where that is all but a thin part, nil where it is a thin part at most.
func (p *polytope) clip(q plane) *polytope {
	n := len(p.corners)
	d := make([]float64, n)
	inside, outside := 0, 0
	for i := range p.corners {
		d[i] = q.at(&p.corners[i].v)
		if d[i] > thin {
			inside++
		} else if d[i] < -thin {
			outside++
		}
	}
	if inside == 0 {
		return nil
	}
	if outside == 0 {
		return p
	}
	id := int32(len(p.planes))
	var corners []corner
	for i := range p.corners {
		switch {
		case d[i] > thin:
			corners = append(corners, p.corners[i])
		case d[i] >= -thin:
			c := p.corners[i]
			c.on = append(slices.Clone(c.on), id)
			corners = append(corners, c)
		}
	}
	for a := range p.corners {
		if d[a] <= thin {
			continue
		}
		for b := range p.corners {
			if d[b] >= -thin {
				continue
			}
			common := shared(p.corners[a].on, p.corners[b].on)
			if !p.adjacent(a, b, common) {
				continue
			}
			c := corner{on: append(common, id)}
			t := d[a] / (d[a] - d[b])
			for i := range p.dim {
				c.v[i] = p.corners[a].v[i] + t*(p.corners[b].v[i]-p.corners[a].v[i])
			}
			corners = append(corners, c)
		}
	}
	if len(corners) <= p.dim {
		return nil
	}
	return renumber(p.dim, append(p.planes[:id:id], q), corners)
}

// shared is what two ascending lists have in common.
func shared(a, b []int32) []int32 {
	out := make([]int32, 0, mostParameters)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out = append(out, a[i])
			i, j = i+1, j+1
		}
	}
	return out
}

// holds reports whether the ascending list a has all of b.
func holds(a, b []int32) bool {
	i := 0
	for _, v := range b {
		for i < len(a) && a[i] < v {
			i++
		}
		if i == len(a) || a[i] != v {
			return false
		}
	}
	return true
}

// adjacent reports whether an edge joins two corners: no third one lies on all planes that the two have in common.
func (p *polytope) adjacent(a, b int, common []int32) bool {
	if len(common) < p.dim-1 {
		return false
	}
	if p.dim == 1 {
		return true
	}
	for c := range p.corners {
		if c != a && c != b && holds(p.corners[c].on, common) {
			return false
		}
	}
	return true
}

// renumber leaves out planes that touch fewer corners than a facet has.
func renumber(dim int, planes []plane, corners []corner) *polytope {
	count := make([]int, len(planes))
	for _, c := range corners {
		for _, i := range c.on {
			count[i]++
		}
	}
	to := make([]int32, len(planes))
	out := &polytope{dim: dim, corners: corners}
	for i := range planes {
		to[i] = -1
		if count[i] >= dim {
			to[i] = int32(len(out.planes))
			out.planes = append(out.planes, planes[i])
		}
	}
	for k := range corners {
		on := make([]int32, 0, len(corners[k].on))
		for _, i := range corners[k].on {
			if to[i] >= 0 {
				on = append(on, to[i])
			}
		}
		corners[k].on = on
	}
	return out
}

// inner is a point inside, drawn at random so that it lies on no plane but by chance.
func (p *polytope) inner(r *rand.Rand) (v [mostParameters]float64) {
	total := 0.0
	for i := range p.corners {
		w := 0.3 + r.Float64()
		total += w
		for k := range p.dim {
			v[k] += w * p.corners[i].v[k]
		}
	}
	for k := range p.dim {
		v[k] /= total
	}
	return v
}

// box is the smallest box about the polytope.
func (p *polytope) box() (lo, hi [mostParameters]float64) {
	lo, hi = p.corners[0].v, p.corners[0].v
	for i := range p.corners {
		for k := range p.dim {
			lo[k], hi[k] = math.Min(lo[k], p.corners[i].v[k]), math.Max(hi[k], p.corners[i].v[k])
		}
	}
	return lo, hi
}

// contains reports whether a point lies in the polytope, up to tol.
func (p *polytope) contains(v *[mostParameters]float64, tol float64) bool {
	for i := range p.planes {
		if p.planes[i].at(v) < -tol {
			return false
		}
	}
	return true
}

// centre is the mean of the corners.
func (p *polytope) centre() (v [mostParameters]float64) {
	for i := range p.corners {
		for k := range p.dim {
			v[k] += p.corners[i].v[k] / float64(len(p.corners))
		}
	}
	return v
}

// divide are the two parts of a polytope beside the plane through a point with the normal of q, without those that are thin.
func (p *polytope) divide(q plane, v *[mostParameters]float64) []*polytope {
	q.c -= q.at(v)
	var out []*polytope
	for _, q := range [2]plane{q, q.opposite()} {
		if half := p.clip(q); half != nil && half != p {
			out = append(out, half)
		}
	}
	return out
}
