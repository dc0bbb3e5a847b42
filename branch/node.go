package branch

import "container/heap"

// What a branch adds to the problem of its parent.
const (
	memberZero uint8 = iota // member side of pair idx is zero
	lowerBound              // column idx is at least value
	upperBound              // column idx is at most value
	setZero                 // the columns of set idx up to weight value (side 0), or beyond it (side 1), are zero
)

// fixing is what a branch adds.
type fixing struct {
	kind, side uint8
	idx        int32
	value      float64
}

// node is an open or expanded node of the tree; the fixings on the path to the root make its problem.
type node struct {
	parent *node
	fix    fixing
	depth  int32
	bound  float64      // proven by the parent's relaxation, minimised
	basis  *packedBasis // of the parent, shared by its children
	extra  []fixing     // found to hold at the node and below, for points better than the incumbent
	amount float64      // the violation of the member that the branch sets to zero: what its pseudocost is measured in
}

// path appends the fixings from n to the root.
func (n *node) path(to []fixing) []fixing {
	for ; n.parent != nil; n = n.parent {
		to = append(append(to, n.extra...), n.fix)
	}
	return append(to, n.extra...)
}

// open is the queue of open nodes, best bound first; of equal bounds the deeper node.
type open struct {
	list []*node
}

func (q *open) Len() int { return len(q.list) }
func (q *open) Less(a, b int) bool {
	if q.list[a].bound != q.list[b].bound {
		return q.list[a].bound < q.list[b].bound
	}
	return q.list[a].depth > q.list[b].depth
}
func (q *open) Swap(a, b int) { q.list[a], q.list[b] = q.list[b], q.list[a] }

// Push and Pop serve container/heap.
func (q *open) Push(n any) { q.list = append(q.list, n.(*node)) }

// Pop removes the last node.
func (q *open) Pop() any {
	last := len(q.list) - 1
	n := q.list[last]
	q.list[last] = nil
	q.list = q.list[:last]
	return n
}

func (q *open) add(n *node) { heap.Push(q, n) }
func (q *open) best() *node { return heap.Pop(q).(*node) }
