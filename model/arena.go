package model

// arena stores the affine parts of many rows: index and coefficient of each term, in chunks that never move. Models that are derived
// from one another share full chunks; each appends to chunks of its own only.
type arena struct {
	idx   [][]int32
	val   [][]float64
	owned int // index of the first chunk that this arena may append to
}

// affRef locates the affine part of a row in an arena.
type affRef struct {
	chunk, off, n int32
}

const chunkSize = 1 << 16

// share returns an arena with the same contents that appends to new chunks.
func (a *arena) share() arena {
	n := len(a.idx)
	return arena{idx: a.idx[:n:n], val: a.val[:n:n], owned: n}
}

// put copies the terms and returns their place.
func (a *arena) put(idx []int32, val []float64) affRef {
	i, v, ref := a.alloc(len(idx))
	copy(i, idx)
	copy(v, val)
	return ref
}

// alloc makes room for n terms, to be filled by the caller at once.
func (a *arena) alloc(n int) ([]int32, []float64, affRef) {
	if n == 0 {
		return nil, nil, affRef{}
	}
	last := len(a.idx) - 1
	if last < a.owned || cap(a.idx[last])-len(a.idx[last]) < n {
		size := chunkSize
		if made := len(a.idx) - a.owned; made < 2 {
			size = 256 << (4 * made) // the first chunks are short, so that a small model stays small
		}
		size = max(size, n)
		a.idx = append(a.idx, make([]int32, 0, size))
		a.val = append(a.val, make([]float64, 0, size))
		last++
	}
	off := len(a.idx[last])
	a.idx[last] = a.idx[last][:off+n]
	a.val[last] = a.val[last][:off+n]
	return a.idx[last][off : off+n : off+n], a.val[last][off : off+n : off+n], affRef{int32(last), int32(off), int32(n)}
}

func (a *arena) get(r affRef) ([]int32, []float64) {
	if r.n == 0 {
		return nil, nil
	}
	return a.idx[r.chunk][r.off : r.off+r.n : r.off+r.n], a.val[r.chunk][r.off : r.off+r.n : r.off+r.n]
}
