package sparse

// parents returns the elimination tree of a permuted symmetric pattern: parent[j] is the first row below the diagonal of column j of L that
// is not zero, -1 where there is none. below gives, for each row, its columns left of the diagonal.
func parents(n int, start, below []int32) []int32 {
	parent, ancestor := make([]int32, n), make([]int32, n)
	for i := range int32(n) {
		parent[i], ancestor[i] = -1, -1
		for _, j := range below[start[i]:start[i+1]] {
			for j >= 0 && j < i { // climb from j to its root, and let the path point to i
				up := ancestor[j]
				ancestor[j] = i
				if up < 0 {
					parent[j] = i
				}
				j = up
			}
		}
	}
	return parent
}

// postorder numbers a forest so that each node comes after its descendants, which are consecutive: post[k] is the node with number k.
// Children come in the order of ascending weight, so that the largest is last.
func postorder(parent []int32, weight []int32) []int32 {
	n := len(parent)
	head, next := make([]int32, n+1), make([]int32, n)
	for i := range head {
		head[i] = -1
	}
	for _, j := range descending(weight) { // pushed in front of those that are heavier
		up := parent[j]
		if up < 0 {
			up = int32(n)
		}
		next[j], head[up] = head[up], j
	}
	post, stack := make([]int32, 0, n), make([]int32, 0, n)
	push := func(j int32) {
		for ; j >= 0; j = head[j] {
			stack = append(stack, j)
		}
	}
	for root := head[n]; root >= 0; root = next[root] {
		push(root)
		for len(stack) > 0 {
			j := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			post = append(post, j)
			if next[j] >= 0 && parent[j] >= 0 {
				push(next[j])
			}
		}
	}
	return post
}

// descending returns the indices of weight sorted by it, the largest first, by counting.
func descending(weight []int32) []int32 {
	most := int32(0)
	for _, w := range weight {
		most = max(most, w)
	}
	count := make([]int32, most+2)
	for _, w := range weight {
		count[most-w+1]++
	}
	for k := range most + 1 {
		count[k+1] += count[k]
	}
	out := make([]int32, len(weight))
	for j, w := range weight {
		out[count[most-w]] = int32(j)
		count[most-w]++
	}
	return out
}

// columnCounts returns the number of entries below the diagonal in each column of L, by walking the row subtrees of the elimination tree.
func columnCounts(n int, parent, start, below []int32) []int32 {
	count, mark := make([]int32, n), make([]int32, n)
	for i := range int32(n) {
		mark[i] = i
		for _, j := range below[start[i]:start[i+1]] {
			for j < i && mark[j] != i {
				mark[j] = i
				count[j]++
				j = parent[j]
			}
		}
	}
	return count
}
