package verify

import "math"

// strictViolation is the scaled violation up to which an answer counts as feasible without a price: rounding errors.
const strictViolation = 1e-12

// restore moves an answer that violates constraints by a little onto them, by the shortest steps that would do so if the constraints were affine:
//
//	d = A'(A A')⁻¹ r,   A the gradients of the violated constraints, r what they lack,
//
// and keeps it within the bounds. A constraint whose gradient vanishes where it holds, y² <= 0, halves its residual's root in each. It returns
// y itself where that does not lead to a feasible answer.
func (t *task) restore(y []float64) []float64 {
	z := append([]float64(nil), y...)
	good, before := y, math.Inf(1)
	for range 60 {
		if t.feasible(z) {
			// The steps go on: where a gradient vanishes what violates by 1e-12 is 1e-6 away.
			if good = append([]float64(nil), z...); t.holdsExactly(z) {
				return good
			}
		}
		j := t.at(z)
		var rows []int
		var lack []float64
		for r, v := range j.values {
			switch {
			case math.IsNaN(v):
				return good
			case v < t.lo[r]:
				rows, lack = append(rows, r), append(lack, t.lo[r]-v)
			case v > t.hi[r]:
				rows, lack = append(rows, r), append(lack, t.hi[r]-v)
			}
		}
		total := 0.0
		for _, v := range lack {
			total += math.Abs(v)
		}
		k := len(rows)
		if &good[0] != &y[0] && total > 0.7*before {
			return good // rounding errors are all that is left
		}
		before = total
		if k == 0 || k > refineLimit {
			return good
		}
		a := make([][]float64, k)
		for i, r := range rows {
			a[i] = make([]float64, len(z))
			idx, val := t.rowAt(r, z)
			for l, v := range idx {
				a[i][v] = val[l]
			}
		}
		gram := make([]float64, k*k)
		largest := 0.0
		for i := range k {
			for l := range i + 1 {
				gram[i*k+l] = inner(a[i], a[l])
			}
			largest = math.Max(largest, gram[i*k+i])
		}
		for i := range k {
			gram[i*k+i] += 1e-14*largest + math.SmallestNonzeroFloat64
		}
		if largest == 0 || !cholesky(gram, k, 0) {
			return good
		}
		choleskySolve(gram, k, lack)
		for i, w := range lack {
			for v := range z {
				z[v] += w * a[i][v]
			}
		}
		for v := range z {
			if math.IsNaN(z[v]) {
				return good
			}
			z[v] = math.Min(math.Max(z[v], t.vlo[v]), t.vhi[v])
		}
	}
	return good
}
