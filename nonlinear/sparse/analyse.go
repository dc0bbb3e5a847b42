package sparse

import (
	"fmt"
	"slices"
)

// Symbolic is the analysis of a pattern. It does not change and may be shared by several factorisations.
type Symbolic struct {
	n          int
	nnz        int
	rows, cols []int32 // the pattern as it was given
	perm       []int32 // perm[k] is the variable at place k of the elimination
	block      []int32 // by variable, see AnalyseBlocks; nil: there are none
	nodes      []node
	parts      [][]int32 // by block: its nodes, ascending
	top        []int32   // the other nodes and those of blocks whose parent is one of them, ascending
	nnzL       int
	flops      float64
}

// node is a supernode: the columns first .. first+own-1 of L, which are zero outside the rows of the list.
type node struct {
	first, own int32
	parent     int32 // -1: a root
	children   int32
	part       int32   // the block it belongs to, -1: none
	rows       []int32 // ascending places; the first own of them are first, first+1, ...
	into       []int32 // by row after the first own: its index in the parent's rows
	entries    []entry // of the matrix that are assembled here
}

// entry says where an entry of the matrix is assembled: at a row and a column of a front, by their indices in the node's rows.
type entry struct {
	source   int32
	row, col int32
}

// Order is the number of rows of the matrix.
func (s *Symbolic) Order() int { return s.n }

// Entries is the number of entries of L, the diagonal counted, that the analysis expects.
func (s *Symbolic) Entries() int { return s.nnzL }

// Flops is the number of multiplications of a factorisation that the analysis expects.
func (s *Symbolic) Flops() float64 { return s.flops }

// PatternError says that an entry of a pattern is outside the matrix.
type PatternError struct {
	Entry    int // its number
	Row, Col int
	Order    int
}

func (e *PatternError) Error() string {
	return fmt.Sprintf("sparse: entry %d at (%d, %d) is outside a matrix of order %d", e.Entry, e.Row, e.Col, e.Order)
}

// Analyse prepares the factorisation of symmetric matrices of order n whose entry k stands at (rows[k], cols[k]) and, by symmetry, at
// (cols[k], rows[k]). An entry is given once, in either triangle; entries at the same place are added. rows and cols are kept, not copied.
func Analyse(n int, rows, cols []int32) (*Symbolic, error) {
	return analyse(n, rows, cols, nil)
}

// analyse is Analyse with blocks, or without them.
func analyse(n int, rows, cols, block []int32) (*Symbolic, error) {
	if len(rows) != len(cols) || n < 0 {
		return nil, fmt.Errorf("sparse: a matrix of order %d with %d rows and %d columns of entries", n, len(rows), len(cols))
	}
	for k := range rows {
		if rows[k] < 0 || cols[k] < 0 || int(rows[k]) >= n || int(cols[k]) >= n {
			return nil, &PatternError{Entry: k, Row: int(rows[k]), Col: int(cols[k]), Order: n}
		}
	}
	s := &Symbolic{n: n, nnz: len(rows), rows: rows, cols: cols, block: block}
	s.perm = order(s.neighbours(), block)
	s.build()
	return s, nil
}

// neighbours lists the neighbours of each variable, each once, ascending, without the diagonal.
func (s *Symbolic) neighbours() [][]int32 {
	count := make([]int32, s.n+1)
	for k := range s.rows {
		if s.rows[k] != s.cols[k] {
			count[s.rows[k]]++
			count[s.cols[k]]++
		}
	}
	total := int32(0)
	for i, c := range count {
		count[i] = total
		total += c
	}
	all := make([]int32, total)
	lists := make([][]int32, s.n)
	for i := range lists {
		lists[i] = all[count[i]:count[i]:count[i+1]]
	}
	for k := range s.rows {
		if i, j := s.rows[k], s.cols[k]; i != j {
			lists[i] = append(lists[i], j)
			lists[j] = append(lists[j], i)
		}
	}
	for i := range lists {
		slices.Sort(lists[i])
		lists[i] = slices.Compact(lists[i])
	}
	return lists
}

// below returns, for each place of the permuted matrix, the places left of the diagonal in its row; entries may repeat.
func (s *Symbolic) below() (start, list []int32) {
	return s.half(func(i, j int32) (at, entry int32) { return max(i, j), min(i, j) })
}

// half lists, for each place of the permuted matrix, one half of the entries off the diagonal, by the place and the entry that side says of two places.
func (s *Symbolic) half(side func(i, j int32) (at, entry int32)) (start, list []int32) {
	place := s.places()
	start = make([]int32, s.n+1)
	for k := range s.rows {
		if i, j := place[s.rows[k]], place[s.cols[k]]; i != j {
			at, _ := side(i, j)
			start[at]++
		}
	}
	total := int32(0)
	for i, c := range start {
		start[i] = total
		total += c
	}
	list = make([]int32, total)
	next := slices.Clone(start)
	for k := range s.rows {
		if i, j := place[s.rows[k]], place[s.cols[k]]; i != j {
			at, entry := side(i, j)
			list[next[at]] = entry
			next[at]++
		}
	}
	return start, list
}

// places is the inverse of the permutation.
func (s *Symbolic) places() []int32 {
	place := make([]int32, s.n)
	for k, v := range s.perm {
		place[v] = int32(k)
	}
	return place
}

// build finds the tree, sorts the permutation by it, and makes the supernodes and the places where entries are assembled.
func (s *Symbolic) build() {
	start, list := s.below()
	parent := parents(s.n, start, list)
	post := postorder(parent, columnCounts(s.n, parent, start, list))
	perm := make([]int32, s.n)
	for k, j := range post {
		perm[k] = s.perm[j]
	}
	s.perm = perm
	start, list = s.below()
	parent = parents(s.n, start, list)
	counts := columnCounts(s.n, parent, start, list)
	s.group(parent, counts)
	s.fillRows()
	s.placeEntries()
	s.split()
	s.measure()
}
