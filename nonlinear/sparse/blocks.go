package sparse

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// BlockError says that an entry of a pattern joins two blocks.
type BlockError struct {
	Entry    int // its number
	Row, Col int
	A, B     int // the blocks
}

func (e *BlockError) Error() string {
	return fmt.Sprintf("sparse: entry %d at (%d, %d) joins the blocks %d and %d: put one of the two into the border", e.Entry, e.Row, e.Col, e.A, e.B)
}

// AnalyseBlocks is Analyse for a matrix that is block diagonal but for a border,
//
//	[ A_1           E_1 ]
//	[      ...      ... ]
//	[           A_T E_T ]
//	[ E_1' ... E_T'  C  ],
//
// where variable i belongs to block[i] >= 0, or to the border where that is negative. The border is eliminated last, so that each block is a part of the
// elimination tree by itself: blocks are factorised at the same time, and what each of them leaves, -E_t' A_t^-1 E_t, is added to the border's front in the order
// of the tree. Columns of a block that have no good pivot within it are delayed into the border: blocks may be singular, or have any
// inertia, while the matrix as a whole is regular. The numbers do not depend on how many blocks run at a time.
//
// Errors are of type *PatternError, and of type *BlockError where an entry joins two blocks.
func AnalyseBlocks(n int, rows, cols, block []int32) (*Symbolic, error) {
	if len(block) != n {
		return nil, fmt.Errorf("sparse: blocks of %d variables of a matrix of order %d", len(block), n)
	}
	for k := range min(len(rows), len(cols)) {
		i, j := rows[k], cols[k]
		if i < 0 || j < 0 || int(i) >= n || int(j) >= n {
			break // analyse says so
		}
		if a, b := block[i], block[j]; a >= 0 && b >= 0 && a != b {
			return nil, &BlockError{Entry: k, Row: int(i), Col: int(j), A: int(a), B: int(b)}
		}
	}
	return analyse(n, rows, cols, block)
}

// Blocks is the number of blocks of AnalyseBlocks, 0 of Analyse.
func (s *Symbolic) Blocks() int { return len(s.parts) }

// Largest is the share of the multiplications that the largest block has, and Top that of the border.
func (s *Symbolic) Largest() (block, top float64) {
	most, all := 0.0, 0.0
	for _, part := range s.parts {
		sum := 0.0
		for _, k := range part {
			sum += s.nodes[k].work()
		}
		most = max(most, sum)
		all += sum
	}
	return most / s.flops, 1 - all/s.flops
}

// work is the number of multiplications of a node.
func (nd *node) work() float64 {
	sum := 0.0
	for j := range int(nd.own) {
		size := float64(len(nd.rows) - j)
		sum += size * size / 2
	}
	return sum
}

// partOf is the block of the variable at a place, -1 where it has none.
func (s *Symbolic) partOf(place int32) int32 {
	if s.block == nil {
		return -1
	}
	return max(-1, s.block[s.perm[place]])
}

// split lists the nodes of each block, and the others.
func (s *Symbolic) split() {
	count := int32(0)
	for k := range s.nodes {
		count = max(count, s.nodes[k].part+1)
	}
	s.parts = make([][]int32, count)
	for k := range s.nodes {
		nd := &s.nodes[k]
		if nd.part >= 0 {
			s.parts[nd.part] = append(s.parts[nd.part], int32(k))
			if nd.parent < 0 || s.nodes[nd.parent].part >= 0 {
				continue
			}
		}
		s.top = append(s.top, int32(k))
	}
}

// eliminateBlocks works on all blocks.
func (f *Factor) eliminateBlocks() {
	workers := min(f.workers, len(f.parts))
	if f.workers == 0 && f.sym.flops >= apartFlops {
		workers = min(len(f.parts), runtime.GOMAXPROCS(0))
	}
	if workers > 1 {
		f.apart(workers)
		return
	}
	for t := range f.parts {
		f.eliminateBlock(t)
	}
}

// apart shares the blocks out among goroutines.
func (f *Factor) apart(workers int) {
	var next atomic.Int32
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for t := int(next.Add(1)) - 1; t < len(f.parts); t = int(next.Add(1)) - 1 {
				f.eliminateBlock(t)
			}
		})
	}
	wait.Wait()
}

func (f *Factor) eliminateBlock(t int) {
	p := f.parts[t]
	p.clear()
	for _, k := range f.sym.parts[t] {
		p.process(k)
	}
}

// apartFlops is the number of multiplications from which on blocks are worked on at the same time: below it, that costs more than it brings.
const apartFlops = 1e5

// take puts the next contribution of a block on the stack of the nodes of no block.
func (p *part) take(from *part) {
	c := from.waiting[from.taken]
	end := len(from.late)
	if from.taken++; from.taken < len(from.waiting) {
		end = from.waiting[from.taken].late
	}
	vals, late := from.stack[c.vals:c.vals+c.order*c.order], from.late[c.late:end]
	c.vals, c.late = len(p.stack), len(p.late)
	p.stack, p.late = append(p.stack, vals...), append(p.late, late...)
	p.waiting = append(p.waiting, c)
}
