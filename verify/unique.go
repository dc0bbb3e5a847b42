package verify

import "math"

// uniqueLimit is the largest number of variables for which the uniqueness of an answer is decided.
const uniqueLimit = 600

// unique reports whether the answer of a proven convex task is its only one. With A the gradients of the constraints whose multipliers are
// clear, and over the variables F whose reduced costs are not,
//
//	H + σ A'A positive definite on F for some σ  <=>  z'Hz > 0 for all z != 0 on F with A z = 0
//
// (Finsler), H being the Hessian of the Lagrangian: the second-order condition on the largest set of directions in which the cost could be level.
// It makes the answer a strict minimiser, and in a convex problem there is no other.
func (t *task) unique() bool {
	n := len(t.vlo)
	if t.class != convexProblem || t.evidence != EvidenceProof || t.kinks || t.lambda == nil || t.reduced == nil || n > uniqueLimit {
		return false
	}
	if t.localGap(t.y, t.lambda) > 1e-7*math.Max(t.terms, math.Abs(t.phi)) {
		return false
	}
	_, size := t.lagrangianGradient(t.y, t.lambda)
	var free []int
	place := make([]int, n)
	for j, d := range t.reduced {
		place[j] = -1
		if t.vlo[j] == t.vhi[j] || math.Abs(d) > 1e-5*math.Max(size[j], t.size) {
			continue
		}
		place[j] = len(free)
		free = append(free, j)
	}
	k := len(free)
	h := t.hessian(t.y, t.lambda, free)
	largest := 0.0
	for _, v := range h {
		largest = math.Max(largest, math.Abs(v))
	}
	sigma := math.Max(largest, t.size)
	for r, l := range t.lambda {
		idx, val := t.rowAt(r, t.y)
		norm := 0.0
		for i, j := range idx {
			if place[j] >= 0 {
				norm = math.Hypot(norm, val[i])
			}
		}
		if norm == 0 || t.lo[r] != t.hi[r] && math.Abs(l)*norm <= 1e-5*t.size {
			continue
		}
		for i, a := range idx {
			for j, b := range idx {
				if p, q := place[a], place[b]; p >= 0 && q >= 0 {
					h[p*k+q] += sigma * val[i] / norm * (val[j] / norm)
				}
			}
		}
	}
	scale := 1.0
	for _, v := range t.y {
		scale = math.Max(scale, math.Abs(v))
	}
	// Curvature so small that answers a tenth of the size away cost the same to the tolerance tells nothing apart.
	least := math.Max(1e-6*largest, 1e-4*t.size/(scale*scale))
	for i := range k {
		h[i*k+i] -= least
	}
	return cholesky(h, k, 0)
}
