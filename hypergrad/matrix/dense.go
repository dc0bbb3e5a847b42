package matrix

import (
	"fmt"
	"sync"
)

// Dense is a dense matrix, row-major, its rows padded with zeros to a multiple of four entries.
type Dense struct {
	threads            int
	rows, cols, stride int
	data               []float64
	pool               sync.Pool
}

// NewDense returns the zero matrix of the given size.
func NewDense(rows, cols int) *Dense {
	s := padded(cols)
	return &Dense{rows: rows, cols: cols, stride: s, data: newData(rows * s)}
}

// DenseOf copies row-major data of the given size.
func DenseOf(rows, cols int, data []float64) (*Dense, error) {
	if rows < 0 || cols < 0 || rows > 0 && len(data)/rows != cols || len(data) != rows*cols {
		return nil, fmt.Errorf("matrix: %d entries given for %d rows and %d columns; give rows × columns entries, row by row", len(data), rows, cols)
	}
	d := NewDense(rows, cols)
	for i := range rows {
		copy(d.Row(i), data[i*cols:(i+1)*cols])
	}
	return d, nil
}

// SetThreads is that of Matrix.
func (d *Dense) SetThreads(n int) { d.threads = n }

// Dims are the numbers of rows and columns.
func (d *Dense) Dims() (rows, cols int) { return d.rows, d.cols }

// Row is row i, which may be changed.
func (d *Dense) Row(i int) []float64 {
	at := i * d.stride
	return d.data[at : at+d.cols : at+d.cols]
}

func (d *Dense) full(i int) []float64 { return d.data[i*d.stride : (i+1)*d.stride] }

// Take is that of Matrix.
func (d *Dense) Take(rows []int) Matrix {
	out := NewDense(len(rows), d.cols)
	out.threads = d.threads
	for i, k := range rows {
		copy(out.full(i), d.full(k))
	}
	return out
}

// Transposed is a copy with rows and columns exchanged.
func (d *Dense) Transposed() *Dense {
	t := NewDense(d.cols, d.rows)
	t.threads = d.threads
	const tile = 32
	for i0 := 0; i0 < d.rows; i0 += tile {
		for j0 := 0; j0 < d.cols; j0 += tile {
			for i := i0; i < min(i0+tile, d.rows); i++ {
				row := d.Row(i)
				for j := j0; j < min(j0+tile, d.cols); j++ {
					t.data[j*t.stride+i] = row[j]
				}
			}
		}
	}
	return t
}

// Chunks is the number of independent pieces of a pass.
func (d *Dense) Chunks() int { return chunks(d.rows, d.cols) }

// workspace holds two vectors of row length, two sums and the products of a block.
type workspace struct {
	v, u, out, outU []float64
	t, s            [block]float64
	labels, second  [block]float64
	rows, next      [block]int
}

func (d *Dense) take(v, u []float64) *workspace {
	w, _ := d.pool.Get().(*workspace)
	if w == nil {
		all := make([]float64, 4*d.stride)
		part := func(k int) []float64 { return all[k*d.stride : (k+1)*d.stride : (k+1)*d.stride] }
		w = &workspace{v: part(0), u: part(1), out: part(2), outU: part(3)}
	}
	if v != nil {
		copy(w.v, v[:d.cols])
	}
	if u != nil {
		copy(w.u, u[:d.cols])
	}
	return w
}

// Pass is the pass of Matrix.
func (d *Dense) Pass(v, out []float64, phi func(chunk, lo int, t []float64)) {
	n, size := d.Chunks(), chunkRows(d.rows, d.cols)
	parts := make([][]float64, n)
	used := make([]*workspace, n)
	eachChunk(n, d.threads, func(c int) {
		w := d.take(v, nil)
		used[c] = w
		clear(w.out)
		parts[c] = w.out
		for lo := c * size; lo < min((c+1)*size, d.rows); lo += block {
			hi := min(lo+block, (c+1)*size, d.rows)
			t, base := w.t[:hi-lo], d.data[lo*d.stride:]
			if v != nil {
				d.dots(base, inOrder[:hi-lo], w, false, nothing(base))
			} else {
				clear(t)
			}
			if phi != nil {
				phi(c, lo, t)
			}
			if out != nil {
				d.sums(base, inOrder[:hi-lo], t, nil, w.out, nil, nothing(base))
			}
		}
	})
	if out != nil {
		sumInOrder(out[:d.cols], parts)
	}
	for _, w := range used {
		d.pool.Put(w)
	}
}

// inOrder are the rows of a block that is looked at in order.
var inOrder = func() (rows [block]int) {
	for i := range rows {
		rows[i] = i
	}
	return rows
}()

// dots stores in w.t the products of at most block rows with w.v and, for pairs, in w.s those with w.u.
func (d *Dense) dots(base []float64, rows []int, w *workspace, pairs bool, next ahead) {
	if n := len(rows); n%lane != 0 {
		// The kernel takes fours; the products of the last row once more are not looked at.
		copy(w.rows[:], rows)
		for rows = w.rows[:(n+lane-1)/lane*lane]; n < len(rows); n++ {
			rows[n] = rows[n-1]
		}
	}
	u := w.u
	if !pairs {
		u = nil
	}
	rowDots(base, d.stride, rows, w.v, u, w.t[:], w.s[:], next)
}

// wideRow is the length of rows from which on sums of a block go over whole rows, four at a time, in place of strips of columns.
const wideRow = 128

// sums adds at most block rows times a to y and, where w is not nil, times b to w; y and w have the length of a padded row.
func (d *Dense) sums(base []float64, rows []int, a, b, y, w []float64, next ahead) {
	if d.stride < wideRow {
		rowSums(base, d.stride, rows, a, b, y, w, next)
		return
	}
	n := len(rows)
	at := func(i int) []float64 {
		r := rows[min(i, n-1)] * d.stride
		return base[r : r+d.stride]
	}
	for i := 0; i < n; i += 4 {
		x0, x1, x2, x3 := at(i), at(i+1), at(i+2), at(i+3)
		var four [4]float64
		copy(four[:], a[i:n])
		axpy4(&four, x0, x1, x2, x3, y)
		if w != nil {
			four = [4]float64{}
			copy(four[:], b[i:n])
			axpy4(&four, x0, x1, x2, x3, w)
		}
	}
}

// within panics, as an index does, where there is no such row: the kernels do not look.
func (d *Dense) within(rows []int) {
	for _, r := range rows {
		if uint(r) >= uint(d.rows) {
			panic(fmt.Sprintf("matrix: row %d of a matrix of %d rows", r, d.rows))
		}
	}
}

// PassRows is the pass over some rows of Matrix. It runs on one thread.
func (d *Dense) PassRows(rows []int, v, out []float64, phi func(lo int, t []float64)) {
	w := d.take(v, nil)
	clear(w.out)
	for lo := 0; lo < len(rows); lo += block {
		some := rows[lo:min(lo+block, len(rows))]
		d.within(some)
		t := w.t[:len(some)]
		if v != nil {
			d.dots(d.data, some, w, false, nothing(d.data))
		} else {
			clear(t)
		}
		if phi != nil {
			phi(lo, t)
		}
		if out != nil {
			d.sums(d.data, some, t, nil, w.out, nil, nothing(d.data))
		}
	}
	if out != nil {
		copy(out, w.out[:d.cols])
	}
	d.pool.Put(w)
}

// PassPairs is the pass of two over some rows of Matrix. It runs on one thread.
func (d *Dense) PassPairs(rows []int, v, u, out, outU []float64, phi func(lo int, t, s []float64)) {
	w := d.take(v, u)
	clear(w.out)
	clear(w.outU)
	for lo := 0; lo < len(rows); lo += block {
		some := rows[lo:min(lo+block, len(rows))]
		d.within(some)
		d.dots(d.data, some, w, true, nothing(d.data))
		if phi != nil {
			phi(lo, w.t[:len(some)], w.s[:len(some)])
		}
		switch {
		case out != nil && outU != nil:
			d.sums(d.data, some, w.t[:], w.s[:], w.out, w.outU, nothing(d.data))
		case out != nil:
			d.sums(d.data, some, w.t[:], nil, w.out, nil, nothing(d.data))
		case outU != nil:
			d.sums(d.data, some, w.s[:], nil, w.outU, nil, nothing(d.data))
		}
	}
	if out != nil {
		copy(out, w.out[:d.cols])
	}
	if outU != nil {
		copy(outU, w.outU[:d.cols])
	}
	d.pool.Put(w)
}
