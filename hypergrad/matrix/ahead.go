package matrix

import "unsafe"

// ahead is what the kernels of a pass over some rows fetch for the pass that comes next: three lines of 64 bytes of each of its rows, one in each of the stages
// of a pass (products, what is between, sums). A pass over rows that lie anywhere waits for memory about as long as it computes; fetched bit by bit while another
// one computes, its rows are there.
type ahead struct {
	base   []float64 // from row 0 on
	rows   *[block]int
	stride int
}

// zeros are the rows of nothing.
var zeros [block]int

// nothing is for a pass that knows of none after it: it fetches one place of some memory that is in use.
func nothing(v []float64) ahead { return ahead{base: v, rows: &zeros} }

// next looks at a list of rows that a pass to come will begin with. Rows that follow each other, as far as the ends of a block of them tell, need no list: it may not
// be in the cache either.
func (d *Dense) next(list []int, w *workspace) ahead {
	if len(list) > block {
		list = list[:block]
	}
	n := len(list)
	if n == 0 {
		return nothing(d.data)
	}
	if first := list[0]; list[n-1]-first == n-1 && first >= 0 && first < d.rows {
		return ahead{base: d.data[first*d.stride:], rows: &inOrder, stride: d.stride}
	}
	for i := copy(w.next[:], list); i < block; i++ {
		w.next[i] = list[n-1]
	}
	return ahead{base: d.data, rows: &w.next, stride: d.stride}
}

// Fetch asks memory for entries that are needed soon; it changes nothing and does not wait.
func Fetch[T float64 | int](v []T) {
	if len(v) > 0 {
		fetch(unsafe.Pointer(&v[0]), 8*len(v))
	}
}
