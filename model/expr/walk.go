package expr

import (
	"slices"
	"sync"
)

// scratch is the working memory of a walk, kept between walks so that visiting a
// few nodes of a large DAG costs no more than those nodes.
type scratch struct {
	mark  []uint32 // mark[n] == epoch: n was seen in this walk
	epoch uint32
	stack []Node
	order []Node
	vals  []float64
	pos   []int32
	first []int32 // see chains
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func acquire(d *DAG) *scratch {
	s := scratches.Get().(*scratch)
	s.fit(d)
	return s
}

func (s *scratch) release() { scratches.Put(s) }

func (s *scratch) fit(d *DAG) {
	if n := len(d.nodes); len(s.mark) < n {
		s.mark = make([]uint32, n+n/4)
		s.epoch = 0
	}
}

func (s *scratch) begin() {
	if s.epoch++; s.epoch == 0 {
		clear(s.mark)
		s.epoch = 1
	}
	s.order, s.stack = s.order[:0], s.stack[:0]
}

// floats returns an array with a place for each node, with any content.
func (s *scratch) floats(d *DAG) []float64 {
	if len(s.vals) < len(d.nodes) {
		s.vals = make([]float64, len(d.nodes)+len(d.nodes)/4)
	}
	return s.vals
}

// positions returns an array that holds for each node of order its index there.
func (s *scratch) positions(d *DAG, order []Node) []int32 {
	if len(s.pos) < len(d.nodes) {
		s.pos = make([]int32, len(d.nodes)+len(d.nodes)/4)
	}
	for k, n := range order {
		s.pos[n] = int32(k)
	}
	return s.pos
}

// chains returns an array of zeros with a place for each node. The caller must leave
// it as it was.
func (s *scratch) chains(d *DAG) []int32 {
	if len(s.first) < len(d.nodes) {
		s.first = make([]int32, len(d.nodes)+len(d.nodes)/4)
	}
	return s.first
}

func (s *scratch) visit(n Node) {
	if s.mark[n] != s.epoch {
		s.mark[n] = s.epoch
		s.stack = append(s.stack, n)
		s.order = append(s.order, n)
	}
}

// walk returns the nodes reachable from roots in ascending order, so that
// arguments come before the nodes that use them. The result is valid until the
// next walk with s.
func (s *scratch) walk(d *DAG, roots ...Node) []Node { return s.walkUntil(d, nil, roots...) }

// walkUntil is walk without the arguments of the nodes for which stop is true; the
// roots themselves are never stopped at.
func (s *scratch) walkUntil(d *DAG, stop func(Node) bool, roots ...Node) []Node {
	s.begin()
	for _, r := range roots {
		if s.mark[r] != s.epoch {
			s.mark[r] = s.epoch
			s.order = append(s.order, r)
		}
	}
	for _, r := range roots {
		for _, a := range d.Args(r) {
			s.visit(a)
		}
	}
	for len(s.stack) > 0 {
		n := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		if stop != nil && stop(n) {
			continue
		}
		for _, a := range d.Args(n) {
			s.visit(a)
		}
	}
	return s.sorted()
}

// walkSums returns n and what is reachable from it through sums only, ascending.
func (s *scratch) walkSums(d *DAG, n Node) []Node {
	return s.walkUntil(d, func(m Node) bool { return d.nodes[m].op != OpSum }, n)
}

// sorted puts the visited nodes in order: by sorting if they are few among many
// ids, by scanning the marks if they are dense.
func (s *scratch) sorted() []Node {
	if len(s.order) == 0 {
		return nil
	}
	low, high := slices.Min(s.order), slices.Max(s.order)
	if int(high-low) > 16*len(s.order) {
		slices.Sort(s.order)
		return s.order
	}
	s.order = s.order[:0]
	for n := low; n <= high; n++ {
		if s.mark[n] == s.epoch {
			s.order = append(s.order, n)
		}
	}
	return s.order
}

// Vars returns the indices of the variables that occur in n, ascending.
func (d *DAG) Vars(n Node) []int { return d.VarsOf(n) }

// VarsOf returns the indices of the variables that occur in any of roots, ascending.
func (d *DAG) VarsOf(roots ...Node) []int {
	s := acquire(d)
	defer s.release()
	var vars []int
	for _, m := range s.walk(d, roots...) {
		if r := &d.nodes[m]; r.op == OpVar {
			vars = append(vars, int(r.arg))
		}
	}
	slices.Sort(vars)
	return vars
}

// Size returns the number of distinct nodes reachable from roots.
func (d *DAG) Size(roots ...Node) int {
	s := acquire(d)
	defer s.release()
	return len(s.walk(d, roots...))
}

// Smooth reports whether every operation in n is twice continuously differentiable
// inside its domain. If not, it also returns the first node that is not: an abs, min,
// max, if, less, rounding, mod, div, comparison or logical operation.
func (d *DAG) Smooth(n Node) (bool, Node) {
	s := acquire(d)
	defer s.release()
	for _, m := range s.walk(d, n) {
		if !d.nodes[m].op.IsSmooth() {
			return false, m
		}
	}
	return true, 0
}

// PiecewiseNodes returns all nodes in n that [DAG.Smooth] objects to, ascending.
func (d *DAG) PiecewiseNodes(n Node) []Node {
	s := acquire(d)
	defer s.release()
	var out []Node
	for _, m := range s.walk(d, n) {
		if !d.nodes[m].op.IsSmooth() {
			out = append(out, m)
		}
	}
	return out
}
