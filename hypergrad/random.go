package hypergrad

// random is a seeded source whose state is a counter (splitmix64).
type random struct {
	seed, drawn uint64
}

func (r *random) bits() uint64 {
	r.drawn++
	z := r.seed*0xD1342543DE82EF95 + r.drawn*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below is a number in 0..n-1; its bias is below n/2⁶⁴.
func (r *random) below(n int) int { return int(r.bits() % uint64(n)) }

// partition cuts a random order of 0..n-1 into batches.
func (r *random) partition(n, batch int) [][]int {
	order := inOrder(n)
	for i := n - 1; i > 0; i-- {
		j := r.below(i + 1)
		order[i], order[j] = order[j], order[i]
	}
	return cut(order, batch)
}

// inOrder is 0..n-1.
func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// cut cuts a list into batches.
func cut(order []int, batch int) [][]int {
	var out [][]int
	for lo := 0; lo < len(order); lo += batch {
		out = append(out, order[lo:min(lo+batch, len(order))])
	}
	return out
}
