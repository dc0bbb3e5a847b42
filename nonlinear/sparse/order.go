package sparse

import "math"

// quotient is the graph of the matrix that remains in an elimination: variables that are not yet eliminated, and elements, each the clique
// that the elimination of a variable has left. Variables with the same neighbours are held together as one supervariable.
type quotient struct {
	n        int
	vars     [][]int32 // by variable: the variables beside it that no element covers
	elems    [][]int32 // by variable: the elements that it belongs to
	members  [][]int32 // by element: its variables
	size     []int32   // of a supervariable; 0: eliminated or merged into another
	weight   []int32   // of an element: the number of original variables in it
	dead     []bool    // by element: absorbed by another
	degree   []int32   // approximate degree of a variable
	mark     []int32
	tag      int32
	outside  []int32 // by element: its weight outside the current pivot's element, valid where seen is the current tag
	seen     []int32
	first    []int32 // by degree: the head of a list of variables
	next     []int32
	prev     []int32
	minimum  int32
	sons     []int32 // by variable: next in the chain of variables merged into the same supervariable
	lastSon  []int32
	hashHead []int32
	hashNext []int32
	hash     []uint32
	block    []int32 // see AnalyseBlocks; nil: there are none
}

// order returns an approximate minimum degree ordering of a symmetric pattern without diagonal, given by the neighbours of each variable:
// order[k] is the variable that is eliminated as the k-th. The neighbours are overwritten.
//
// At each step the variable p of the least degree is eliminated: it and the elements beside it become one element
//
//	L_p = (A_p ∪ ⋃_{e ∈ E_p} L_e) \ {p},
//
// and the degree of each i in L_p is bounded by
//
//	d_i = min(n - k, d_i + |L_p \ i|, |A_i \ i| + |L_p \ i| + Σ_{e ∈ E_i \ p} |L_e \ L_p|).
//
// Variables of which block, where it is given, is negative come last.
func order(neighbours [][]int32, block []int32) []int32 {
	n := len(neighbours)
	q := newQuotient(neighbours)
	q.block = block
	out := make([]int32, 0, n)
	var late, border []int32
	dense := int32(max(16, 10*math.Sqrt(float64(n))))
	left := int32(n)
	for i := range q.n {
		if q.inBorder(int32(i)) {
			border = append(border, int32(i))
		} else if q.degree[i] > dense {
			late = append(late, int32(i))
			q.size[i] = 0
			left--
		}
	}
	for i := range q.n {
		if q.size[i] > 0 {
			q.insert(int32(i))
		}
	}
	pivots := make([]int32, 0, n)
	for int(left) > len(border) {
		p := q.take()
		left -= q.eliminate(p, left)
		pivots = append(pivots, p)
	}
	for _, p := range pivots {
		for v := p; v >= 0; v = q.sons[v] {
			out = append(out, v)
		}
	}
	return append(append(out, late...), border...)
}

func newQuotient(neighbours [][]int32) *quotient {
	n := len(neighbours)
	ints := func(fill int32) []int32 {
		s := make([]int32, n)
		if fill != 0 {
			for i := range s {
				s[i] = fill
			}
		}
		return s
	}
	q := &quotient{n: n, vars: neighbours, elems: make([][]int32, n), members: make([][]int32, n), size: ints(1), weight: ints(0), dead: make([]bool, n),
		degree: ints(0), mark: ints(0), outside: ints(0), seen: ints(0), first: make([]int32, n+1), next: ints(-1), prev: ints(-1), sons: ints(-1),
		lastSon: ints(0), hashHead: ints(-1), hashNext: ints(-1), hash: make([]uint32, n)}
	for i := range q.first {
		q.first[i] = -1
	}
	for i := range n {
		q.degree[i] = int32(len(neighbours[i]))
		q.lastSon[i] = int32(i)
	}
	return q
}

// inBorder reports whether a variable is one of those that are never pivots here: they come last, but count as neighbours.
func (q *quotient) inBorder(i int32) bool { return q.block != nil && q.block[i] < 0 }

// insert puts a variable into the list of its degree.
func (q *quotient) insert(i int32) {
	if q.inBorder(i) {
		return
	}
	d := q.degree[i]
	q.prev[i], q.next[i] = -1, q.first[d]
	if q.first[d] >= 0 {
		q.prev[q.first[d]] = i
	}
	q.first[d] = i
	q.minimum = min(q.minimum, d)
}

func (q *quotient) remove(i int32) {
	if q.inBorder(i) {
		return
	}
	if q.prev[i] >= 0 {
		q.next[q.prev[i]] = q.next[i]
	} else {
		q.first[q.degree[i]] = q.next[i]
	}
	if q.next[i] >= 0 {
		q.prev[q.next[i]] = q.prev[i]
	}
}

// take removes and returns a variable of the least degree.
func (q *quotient) take() int32 {
	for q.first[q.minimum] < 0 {
		q.minimum++
	}
	p := q.first[q.minimum]
	q.remove(p)
	return p
}

// eliminate makes the element of p, updates the degrees of its variables, and returns how many original variables are gone.
func (q *quotient) eliminate(p, left int32) int32 {
	gone := q.size[p]
	q.size[p] = 0 // no variable any more
	lp := q.form(p)
	total := int32(0)
	for _, i := range lp {
		total += q.size[i]
	}
	q.weigh(lp)
	kept := lp[:0]
	for _, i := range lp {
		own := q.size[i]
		d, merged := q.update(i, p, total-own)
		if merged { // nothing is beside i but the new element: it may be eliminated right after p
			q.chain(p, i)
			gone += own
			total -= own
			continue
		}
		q.degree[i] = min(d, q.degree[i]+total-own, left-gone)
		kept = append(kept, i)
	}
	q.members[p] = q.mergeTwins(kept)
	q.weight[p] = 0
	for _, i := range q.members[p] {
		q.weight[p] += q.size[i]
		q.degree[i] = max(0, min(q.degree[i], left-gone-q.size[i]))
		q.insert(i)
	}
	return gone
}

// form collects L_p in the order of first meeting, takes its variables out of the degree lists, and absorbs the elements beside p.
func (q *quotient) form(p int32) []int32 {
	q.tag++
	q.mark[p] = q.tag
	var lp []int32
	if len(q.elems[p]) == 0 {
		lp = q.vars[p][:0] // in place
	} else {
		n := len(q.vars[p])
		for _, e := range q.elems[p] {
			n += len(q.members[e])
		}
		lp = make([]int32, 0, n)
	}
	visit := func(list []int32) {
		for _, i := range list {
			if q.size[i] > 0 && q.mark[i] != q.tag {
				q.mark[i] = q.tag
				lp = append(lp, i)
			}
		}
	}
	visit(q.vars[p])
	for _, e := range q.elems[p] {
		if !q.dead[e] {
			visit(q.members[e])
			q.dead[e] = true
			q.members[e] = nil
		}
	}
	q.vars[p], q.elems[p] = nil, nil
	for _, i := range lp {
		q.remove(i)
	}
	return lp
}

// weigh finds |L_e \ L_p| of all elements e that meet L_p.
func (q *quotient) weigh(lp []int32) {
	for _, i := range lp {
		for _, e := range q.elems[i] {
			if q.dead[e] {
				continue
			}
			if q.seen[e] != q.tag {
				q.seen[e] = q.tag
				q.outside[e] = q.weight[e]
			}
			q.outside[e] -= q.size[i]
		}
	}
}

// update cleans the lists of i, adds p to its elements, and returns the bound on its degree; merged says that p is all that is left beside i.
func (q *quotient) update(i, p, besides int32) (d int32, merged bool) {
	hash := uint32(p)
	elems := q.elems[i][:0]
	for _, e := range q.elems[i] {
		if q.dead[e] {
			continue
		}
		if q.outside[e] <= 0 { // L_e is part of L_p
			q.dead[e] = true
			q.members[e] = nil
			continue
		}
		d += q.outside[e]
		hash += uint32(e)
		elems = append(elems, e)
	}
	vars := q.vars[i][:0]
	for _, v := range q.vars[i] {
		if q.size[v] > 0 && q.mark[v] != q.tag {
			d += q.size[v]
			hash += uint32(v)
			vars = append(vars, v)
		}
	}
	q.vars[i] = vars
	if len(elems) == 0 && len(vars) == 0 && !q.inBorder(i) {
		return 0, true
	}
	q.elems[i] = append(elems, p)
	q.hash[i] = hash % uint32(q.n)
	return d + besides, false
}

// chain makes i a son of the supervariable p.
func (q *quotient) chain(p, i int32) {
	q.sons[q.lastSon[p]] = i
	q.lastSon[p] = q.lastSon[i]
	q.size[i] = 0
	q.vars[i], q.elems[i] = nil, nil
}

// mergeTwins joins variables of the new element whose neighbours are the same, and returns those that are left.
func (q *quotient) mergeTwins(list []int32) []int32 {
	for _, i := range list {
		if q.inBorder(i) {
			continue
		}
		h := q.hash[i]
		q.hashNext[i] = q.hashHead[h]
		q.hashHead[h] = i
	}
	for _, i := range list {
		h := q.hash[i]
		for a := q.hashHead[h]; a >= 0; a = q.hashNext[a] {
			if q.size[a] == 0 || q.hashNext[a] < 0 {
				continue
			}
			q.tag++
			for _, e := range q.elems[a] {
				q.seen[e] = q.tag
			}
			for _, v := range q.vars[a] {
				q.mark[v] = q.tag
			}
			for b := q.hashNext[a]; b >= 0; b = q.hashNext[b] {
				if q.size[b] > 0 && q.same(a, b) {
					q.degree[a] -= q.size[b]
					q.size[a] += q.size[b]
					q.chain(a, b)
				}
			}
		}
		q.hashHead[h] = -1
	}
	kept := list[:0]
	for _, i := range list {
		if q.size[i] > 0 {
			kept = append(kept, i)
		}
	}
	return kept
}

// same reports whether b has exactly the neighbours of a, which are marked.
func (q *quotient) same(a, b int32) bool {
	if len(q.elems[a]) != len(q.elems[b]) || len(q.vars[a]) != len(q.vars[b]) {
		return false
	}
	for _, e := range q.elems[b] {
		if q.seen[e] != q.tag {
			return false
		}
	}
	for _, v := range q.vars[b] {
		if q.mark[v] != q.tag {
			return false
		}
	}
	return true
}
