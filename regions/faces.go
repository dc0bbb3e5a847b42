package regions

import "slices"

// nearly and loosely are the distances at which multipliers count as zero on a face. A pattern with too few slacks at zero still has optimal answers
// only, so that trying both is safe.
const (
	nearly  = 1e-9
	loosely = 1e-6
)

// facePatterns are the patterns of the faces of a region on which the followers may have more optimal answers than the limits from inside: those on which
// multipliers J vanish whose block of the tableau is singular. On the relative interior of such a face the optimal answers are those that are feasible, have the same Qy
// and no slack where a multiplier is left.
func facePatterns(g *region, ts []*tableau, f *frame) [][][]bool {
	var out [][][]bool
	seen := map[string]bool{}
	add := func(face []int, tol float64) {
		lost := make([][]int, len(ts))
		any := false
		for _, s := range g.sides {
			if !s.multiplier {
				continue
			}
			zero := true
			for _, c := range face {
				if s.plane.at(&g.on.corners[c].v) > tol {
					zero = false
					break
				}
			}
			if zero {
				lost[s.follower] = append(lost[s.follower], s.index)
				any = true
			}
		}
		if !any {
			return
		}
		more := false
		pattern := make([][]bool, len(ts))
		for p, t := range ts {
			pattern[p] = g.tight[p]
			if len(lost[p]) == 0 {
				continue
			}
			if !singular(t, slices.Concat(lost[p], g.vanished[p])) {
				continue
			}
			more = true
			pattern[p] = slices.Clone(g.tight[p])
			for _, i := range lost[p] {
				pattern[p][i] = false
			}
		}
		if !more {
			return
		}
		if key := patternKey(pattern); !seen[key] {
			seen[key] = true
			out = append(out, pattern)
		}
	}
	for _, tol := range [2]float64{nearly, loosely} {
		eachFace(g.on, f, func(face []int) { add(face, tol) })
	}
	return out
}

// eachFace visits the corners of each proper face that is not at infinity: facets before edges before corners.
func eachFace(on *polytope, f *frame, visit func(face []int)) {
	near := func(face []int) bool {
		return slices.ContainsFunc(face, func(c int) bool { return f.tau(&on.corners[c].v) > thin })
	}
	if on.dim == 3 {
		for i := range on.planes {
			var face []int
			for c := range on.corners {
				if slices.Contains(on.corners[c].on, int32(i)) {
					face = append(face, c)
				}
			}
			if len(face) > 2 && near(face) {
				visit(face)
			}
		}
	}
	if on.dim >= 2 {
		for a := range on.corners {
			for b := range a {
				if on.adjacent(a, b, shared(on.corners[a].on, on.corners[b].on)) && near([]int{a, b}) {
					visit([]int{a, b})
				}
			}
		}
	}
	for c := range on.corners {
		if near([]int{c}) {
			visit([]int{c})
		}
	}
}

// singular reports whether the block of the tableau of some indices, whose basic variables are multipliers and which is symmetric and positive
// semidefinite, is singular: whether an elimination with the largest diagonal entries ends early.
func singular(t *tableau, list []int) bool {
	n := len(list)
	b := make([][]float64, n)
	for x, i := range list {
		b[x] = make([]float64, n)
		for y, j := range list {
			b[x][y] = t.row(i)[j]
		}
	}
	for k := range n {
		at := k
		for x := k; x < n; x++ {
			if b[x][x] > b[at][at] {
				at = x
			}
		}
		b[k], b[at] = b[at], b[k]
		for x := range n {
			b[x][k], b[x][at] = b[x][at], b[x][k]
		}
		if b[k][k] <= 1e-8 {
			return true
		}
		for x := k + 1; x < n; x++ {
			w := b[x][k] / b[k][k]
			for y := k; y < n; y++ {
				b[x][y] -= w * b[k][y]
			}
		}
	}
	return false
}

// patternKey is a string for a pattern.
func patternKey(p [][]bool) string {
	var out []byte
	for _, list := range p {
		c := byte(0)
		for i, v := range list {
			if v {
				c |= 1 << (i % 8)
			}
			if i%8 == 7 || i == len(list)-1 {
				out = append(out, c)
				c = 0
			}
		}
	}
	return string(out)
}
