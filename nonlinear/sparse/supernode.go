package sparse

import "slices"

// Two supernodes become one where both have fewer columns than smallNode, or where that adds few zeros to L: fronts that are too small cost
// more in their handling than in their arithmetic. Found by timing systems of 30 to 7000 unknowns.
const (
	smallNode   = 8
	fewZeros    = 0.15
	someZeros   = 0.4
	mediumNode  = 24
	alwaysZeros = 24
)

// cluster is a supernode while it is being put together.
type cluster struct {
	first, own, rest int32 // columns first .. first+own-1 and rest rows below them
	zeros            int32 // entries of L that are zero by the pattern
	parent           int32
	part             int32
}

// group joins columns to supernodes. A column joins the one before it where that is its only child and has the same pattern below (a
// fundamental supernode); then the last child of a supernode joins it where this costs little. Since the last child's columns are right
// before its parent's in a postorder, supernodes stay intervals of columns.
func (s *Symbolic) group(parent, counts []int32) {
	children := make([]int32, s.n)
	for _, p := range parent {
		if p >= 0 {
			children[p]++
		}
	}
	var done []cluster // those that are complete or still open at their end
	of := make([]int32, s.n)
	for j := range int32(s.n) {
		part := s.partOf(j)
		if j > 0 && parent[j-1] == j && children[j] == 1 && counts[j-1] == counts[j]+1 && done[len(done)-1].part == part {
			c := &done[len(done)-1]
			c.own++
			c.rest = counts[j]
		} else {
			done = append(done, cluster{first: j, own: 1, rest: counts[j], part: part})
		}
		of[j] = int32(len(done) - 1)
	}
	for c := range done {
		last := done[c].first + done[c].own - 1
		done[c].parent = -1
		if parent[last] >= 0 {
			done[c].parent = of[parent[last]]
		}
	}
	s.join(done)
}

// join merges last children into their parents and stores the supernodes.
func (s *Symbolic) join(clusters []cluster) {
	into := make([]int32, len(clusters)) // the cluster that a cluster is now part of
	var stack []int32                    // clusters that remain, in postorder
	for c := range clusters {
		into[c] = int32(c)
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			up := clusters[t].parent
			for up >= 0 && into[up] != up {
				up = into[up]
			}
			if up != int32(c) || clusters[t].part != clusters[c].part || !worthJoining(&clusters[t], &clusters[c]) {
				break
			}
			a, b := &clusters[t], &clusters[c]
			size := a.own + b.own
			b.zeros += a.zeros + a.own*(b.own+b.rest-a.rest)
			b.first, b.own = a.first, size
			into[t] = int32(c)
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, int32(c))
	}
	number := make([]int32, len(clusters))
	for k, c := range stack {
		number[c] = int32(k)
	}
	s.nodes = make([]node, len(stack))
	for k, c := range stack {
		p := clusters[c].parent
		if p >= 0 {
			for into[p] != p {
				p = into[p]
			}
			p = number[p]
			s.nodes[p].children++
		}
		s.nodes[k].first, s.nodes[k].own, s.nodes[k].parent, s.nodes[k].part = clusters[c].first, clusters[c].own, p, clusters[c].part
	}
}

// worthJoining weighs the zeros that joining a child to its parent adds.
func worthJoining(child, parent *cluster) bool {
	added := child.own * (parent.own + parent.rest - child.rest)
	if added == 0 {
		return true
	}
	own := child.own + parent.own
	if own <= smallNode {
		return true
	}
	zeros := float64(child.zeros + parent.zeros + added)
	total := float64(own) * (float64(own)/2 + float64(parent.rest))
	switch {
	case zeros <= alwaysZeros, zeros <= fewZeros*total:
		return true
	case own <= mediumNode:
		return zeros <= someZeros*total
	}
	return false
}

// fillRows finds the rows of each supernode: the entries of the matrix in its columns and the rows of its children.
func (s *Symbolic) fillRows() {
	start, list := s.above()
	mark := make([]int32, s.n)
	for i := range mark {
		mark[i] = -1
	}
	kids := make([][]int32, len(s.nodes))
	at := make([]int32, s.n)
	for k := range s.nodes {
		nd := &s.nodes[k]
		var rest []int32
		end := nd.first + nd.own
		take := func(i int32) {
			if i >= end && mark[i] != int32(k) {
				mark[i] = int32(k)
				rest = append(rest, i)
			}
		}
		for j := nd.first; j < end; j++ {
			for _, i := range list[start[j]:start[j+1]] {
				take(i)
			}
		}
		for _, c := range kids[k] {
			for _, i := range s.nodes[c].rows[s.nodes[c].own:] {
				take(i)
			}
		}
		slices.Sort(rest)
		nd.rows = make([]int32, 0, int(nd.own)+len(rest))
		for j := nd.first; j < end; j++ {
			nd.rows = append(nd.rows, j)
		}
		nd.rows = append(nd.rows, rest...)
		for p, i := range nd.rows {
			at[i] = int32(p)
		}
		for _, c := range kids[k] {
			child := &s.nodes[c]
			child.into = make([]int32, len(child.rows)-int(child.own))
			for p, i := range child.rows[child.own:] {
				child.into[p] = at[i]
			}
		}
		if nd.parent >= 0 {
			kids[nd.parent] = append(kids[nd.parent], int32(k))
		}
	}
}

// above returns, for each place of the permuted matrix, the rows below the diagonal in its column; entries may repeat.
func (s *Symbolic) above() (start, list []int32) {
	return s.half(func(i, j int32) (at, entry int32) { return min(i, j), max(i, j) })
}

// placeEntries finds the place in its front of each entry of the matrix.
func (s *Symbolic) placeEntries() {
	place := s.places()
	of := make([]int32, s.n)
	for k := range s.nodes {
		for j := range s.nodes[k].own {
			of[s.nodes[k].first+j] = int32(k)
		}
	}
	count := make([]int32, len(s.nodes))
	for e := range s.rows {
		count[of[min(place[s.rows[e]], place[s.cols[e]])]]++
	}
	for k := range s.nodes {
		s.nodes[k].entries = make([]entry, 0, count[k])
	}
	for e := range s.rows {
		i, j := place[s.rows[e]], place[s.cols[e]]
		i, j = max(i, j), min(i, j)
		nd := &s.nodes[of[j]]
		r := i - nd.first
		if r >= nd.own {
			p, _ := slices.BinarySearch(nd.rows[nd.own:], i)
			r = nd.own + int32(p)
		}
		nd.entries = append(nd.entries, entry{source: int32(e), row: r, col: j - nd.first})
	}
}

// measure sums up what a factorisation without delayed pivots needs.
func (s *Symbolic) measure() {
	for k := range s.nodes {
		size, own := len(s.nodes[k].rows), int(s.nodes[k].own)
		for j := range own {
			s.nnzL += size - j
			s.flops += float64(size-j) * float64(size-j) / 2
		}
	}
}
