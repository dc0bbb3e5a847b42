package model

// mergeRuns sorts s, and keeps the order of elements that are equal: it finds the runs that are in order and merges neighbours until one is
// left. What is sorted takes one pass and no memory, and the sum of a few functions, each in its normal form, a few passes.
func mergeRuns[T any](s []T, after func(a, b T) bool) {
	ends := runs(s, after)
	if len(ends) <= 1 {
		return
	}
	from, to := s, make([]T, len(s))
	for len(ends) > 1 {
		start, left := 0, ends[:0]
		for k := 0; k < len(ends); k += 2 {
			end := ends[k]
			if k+1 < len(ends) {
				end = ends[k+1]
			}
			merge(to[start:end], from[start:ends[k]], from[ends[k]:end], after)
			start = end
			left = append(left, end)
		}
		ends = left
		from, to = to, from
	}
	if &from[0] != &s[0] {
		copy(s, from)
	}
}

// runs lists where each run that is in order ends.
func runs[T any](s []T, after func(a, b T) bool) (ends []int) {
	for k := 1; k < len(s); k++ {
		if after(s[k-1], s[k]) {
			ends = append(ends, k)
		}
	}
	if len(s) > 0 && ends != nil {
		ends = append(ends, len(s))
	}
	return ends
}

// merge merges two sorted lists; of equal elements those of a come first.
func merge[T any](out, a, b []T, after func(a, b T) bool) {
	for k := range out {
		if len(b) == 0 || len(a) > 0 && !after(a[0], b[0]) {
			out[k], a = a[0], a[1:]
		} else {
			out[k], b = b[0], b[1:]
		}
	}
}
