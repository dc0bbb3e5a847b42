package branch

import (
	"container/heap"

	"github.com/gobilevel/bilevel/backends/highs"
)

// fixing is what a branch adds: a member of a pair is zero, or a column has a new bound.
type fixing struct {
	pair  int32 // -1: a bound of column col
	side  uint8 // of the pair; for a bound 0 is the lower, 1 the upper one
	col   int32
	value float64
}

// node is an open or expanded node of the tree; the fixings on the path to the root make its problem.
type node struct {
	parent *node
	fix    fixing
	depth  int32
	bound  float64      // proven by the parent's relaxation, minimised
	basis  *highs.Basis // of the parent, shared by its children
	gain   gainOf       // what to learn from solving it
}

// gainOf says which pseudocost the solve of a node updates.
type gainOf struct {
	amount float64 // violation of the member that the branch sets to zero
}

// path appends the fixings from the root to n.
func (n *node) path(to []fixing) []fixing {
	for ; n.parent != nil; n = n.parent {
		to = append(to, n.fix)
	}
	return to
}

// open is the queue of open nodes, best bound first; of equal bounds the deeper node, then the older.
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
