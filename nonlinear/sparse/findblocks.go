package sparse

import (
	"cmp"
	"slices"
)

// Blocks are worth finding where no block has more than largestBlock of the variables and the border has at most largestBorder of them.
const (
	largestBlock  = 0.8
	largestBorder = 0.25
)

// FindBlocks looks for a border without which the matrix of a pattern is block diagonal: a block for each variable, from 0 on, -1 for the border, as AnalyseBlocks
// takes it. It is nil where there is none that is worth its while: at least two blocks, none of them larger than 0.8 n, and a border of at most n/4.
//
// Variables with the same hint > 0 belong together, those with different hints apart (nil: none are given). From them blocks grow, a layer at a time, to
// variables that meet one block alone; what meets two becomes part of the border. Without hints the parts of the pattern are taken
// that hang together without some variables with the most neighbours, which suits borders of few variables that meet all blocks.
func FindBlocks(n int, rows, cols []int32, hint []int32) []int32 {
	s := &Symbolic{n: n, rows: rows, cols: cols}
	b := &blockFinder{beside: s.neighbours(), block: make([]int32, n)}
	for i := range b.block {
		b.block[i] = unknown
	}
	if hint != nil {
		b.follow(hint)
	} else {
		b.guess()
	}
	b.grow()
	b.trade()
	b.prune()
	return b.result()
}

// Marks of variables that belong to no block.
const (
	border  int32 = -1
	unknown int32 = -2
)

// blockFinder assigns variables to blocks so that no two of different blocks are ever neighbours.
type blockFinder struct {
	beside [][]int32
	block  []int32
	layer  []int32 // the variables assigned last
}

// assign puts a variable into a block, or into the border where a neighbour is in another block.
func (b *blockFinder) assign(i, to int32) {
	for _, j := range b.beside[i] {
		if at := b.block[j]; at >= 0 && at != to {
			b.block[i] = border
			return
		}
	}
	b.block[i] = to
	b.layer = append(b.layer, i)
}

// follow begins with the hints.
func (b *blockFinder) follow(hint []int32) {
	for i, h := range hint {
		if h > 0 {
			b.assign(int32(i), h-1)
		}
	}
}

// guess begins with what hangs together when variables are added by ascending number of neighbours, until one part would have more than half of all.
func (b *blockFinder) guess() {
	n := len(b.block)
	by := make([]int32, n)
	for i := range by {
		by[i] = int32(i)
	}
	slices.SortStableFunc(by, func(i, j int32) int { return cmp.Compare(len(b.beside[i]), len(b.beside[j])) })
	parent, size, seen := make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range parent {
		parent[i], seen[i] = -1, -1 // not added
	}
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, i := range by {
		together := int32(1)
		var parts []int32
		for _, j := range b.beside[i] {
			if parent[j] < 0 {
				continue
			}
			if r := root(j); seen[r] != i {
				seen[r] = i
				parts = append(parts, r)
				together += size[r]
			}
		}
		if int(together) > n/2 {
			break
		}
		parent[i], size[i] = i, together
		for _, r := range parts {
			parent[r] = i
		}
	}
	for i := range int32(n) {
		// Small parts are left to grow.
		if parent[i] >= 0 {
			if r := root(i); int(size[r]) >= n/50 {
				b.assign(i, r)
			}
		}
	}
}

// grow assigns the unknown neighbours of the last layer, all by what was known before it, until there is no more; parts that meet no block become blocks.
func (b *blockFinder) grow() {
	next := int32(len(b.block))
	for i := range int32(len(b.block)) {
		b.layers()
		if b.block[i] == unknown {
			b.assign(i, next)
			next++
		}
	}
	b.layers()
}

func (b *blockFinder) layers() {
	var to, found []int32
	for len(b.layer) > 0 {
		last := b.layer
		found, to = found[:0], to[:0]
		for _, i := range last {
			for _, j := range b.beside[i] {
				if b.block[j] == unknown {
					found = append(found, j)
				}
			}
		}
		slices.Sort(found)
		found = slices.Compact(found)
		for _, j := range found {
			to = append(to, b.only(j))
		}
		b.layer = nil
		for k, j := range found {
			if to[k] == border {
				b.block[j] = border
			} else {
				b.assign(j, to[k])
			}
		}
	}
}

// only is the block that a variable's neighbours are in, the border where they are in two, unknown where they are in none.
func (b *blockFinder) only(i int32) int32 {
	at := unknown
	for _, j := range b.beside[i] {
		switch to := b.block[j]; {
		case to < 0 || to == at:
		case at == unknown:
			at = to
		default:
			return border
		}
	}
	return at
}

// meeting counts the neighbours of a variable of the border in the first two blocks that it meets; more says that there are others.
type meeting struct {
	block, count [2]int32
	more         bool
}

func (b *blockFinder) meets(i int32) (m meeting) {
	m.block = [2]int32{unknown, unknown}
	for _, j := range b.beside[i] {
		switch at := b.block[j]; {
		case at < 0:
		case at == m.block[0] || m.block[0] == unknown:
			m.block[0] = at
			m.count[0]++
		case at == m.block[1] || m.block[1] == unknown:
			m.block[1] = at
			m.count[1]++
		default:
			m.more = true
			return m
		}
	}
	return m
}

// trade puts a variable into the border that is the only neighbour in its block of two or more variables of the border, which can leave it then: it was assigned
// before the others were known.
func (b *blockFinder) trade() {
	known := map[int32]meeting{}
	for i, at := range b.block {
		if at == border {
			known[int32(i)] = b.meets(int32(i))
		}
	}
	for i, at := range b.block {
		if at < 0 {
			continue
		}
		freed := 0
		for _, j := range b.beside[i] {
			m, ok := known[j]
			if ok && !m.more && (m.block[0] == at && m.count[0] == 1 || m.block[1] == at && m.count[1] == 1) {
				freed++
			}
		}
		if freed < 2 {
			continue
		}
		b.block[i] = border
		for _, j := range b.beside[i] {
			if _, ok := known[j]; ok {
				if to := b.only(j); to >= 0 {
					b.block[j] = to
					delete(known, j)
				}
			}
		}
		known[int32(i)] = b.meets(int32(i))
	}
}

// prune takes variables back from the border that meet one block alone.
func (b *blockFinder) prune() {
	for i, at := range b.block {
		if at == border {
			if to := b.only(int32(i)); to >= 0 {
				b.block[i] = to
			}
		}
	}
}

// result numbers the blocks in the order of their first variables.
func (b *blockFinder) result() []int32 {
	n := len(b.block)
	number, size := map[int32]int32{}, []int{}
	outside := 0
	for i, at := range b.block {
		if at < 0 {
			b.block[i] = border
			outside++
			continue
		}
		k, ok := number[at]
		if !ok {
			k = int32(len(size))
			number[at] = k
			size = append(size, 0)
		}
		size[k]++
		b.block[i] = k
	}
	if len(size) < 2 || float64(slices.Max(size)) > largestBlock*float64(n) || float64(outside) > largestBorder*float64(n) {
		return nil
	}
	return b.block
}
