package global

import "github.com/gobilevel/bilevel/model/expr"

// before orders nodes by bound, of equal ones the deeper and then the newer first: among boxes that promise the same the search goes down.
func (a *node) before(b *node) bool {
	switch {
	case a.bound != b.bound:
		return a.bound < b.bound
	case a.depth != b.depth:
		return a.depth > b.depth
	}
	return a.order > b.order
}

// push takes the box over.
func (s *search) push(box []expr.Interval, bound float64, depth int) {
	s.serial++
	h := append(s.heap, &node{box, bound, depth, s.serial})
	for k := len(h) - 1; k > 0; {
		up := (k - 1) / 2
		if !h[k].before(h[up]) {
			break
		}
		h[k], h[up] = h[up], h[k]
		k = up
	}
	s.heap = h
}

func (s *search) pop() *node {
	h := s.heap
	first, last := h[0], len(h)-1
	h[0], h[last] = h[last], nil
	h = h[:last]
	for k := 0; ; {
		down := 2*k + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && h[down+1].before(h[down]) {
			down++
		}
		if !h[down].before(h[k]) {
			break
		}
		h[k], h[down] = h[down], h[k]
		k = down
	}
	s.heap = h
	return first
}
