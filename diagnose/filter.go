package diagnose

import "context"

// verdict is what is known of a subset.
type verdict uint8

const (
	undecided verdict = iota
	infeasible
	feasible
)

// filter makes a conflict small. It begins with all of n elements, which conflict, and drops blocks of them, halving the size of the blocks down to
// one, for good wherever the rest still conflicts. As conflicts only grow with elements, what single steps keep is irreducible, unless a step
// was undecided or ctx ended.
//
// Source: Chinneck, Feasibility and Infeasibility in Optimization, Springer (2008), chapter 6 (the deletion filter, with blocks).
func filter(ctx context.Context, n int, try func(keep []bool) verdict) (keep []bool, irreducible bool) {
	keep = make([]bool, n)
	for i := range keep {
		keep[i] = true
	}
	irreducible = true
	size := 1
	for 2*size <= n/2 {
		size *= 2
	}
	for ; size >= 1; size /= 2 {
		var left []int
		for i, k := range keep {
			if k {
				left = append(left, i)
			}
		}
		for from := 0; from < len(left); from += size {
			if ctx.Err() != nil {
				return keep, false
			}
			block := left[from:min(from+size, len(left))]
			for _, i := range block {
				keep[i] = false
			}
			v := try(keep)
			if v == infeasible {
				continue
			}
			for _, i := range block {
				keep[i] = true
			}
			if size == 1 && v == undecided {
				irreducible = false
			}
		}
	}
	return keep, irreducible
}
