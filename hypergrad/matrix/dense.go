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
	return &Dense{rows: rows, cols: cols, stride: s, data: make([]float64, rows*s)}
}

// DenseOf copies row-major data of the given size.
func DenseOf(rows, cols int, data []float64) (*Dense, error) {
	if rows < 0 || cols < 0 || len(data) != rows*cols {
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

// workspace is a vector of row length and one product vector.
type workspace struct {
	v, out []float64
	t      [block]float64
}

func (d *Dense) take(v []float64) *workspace {
	w, _ := d.pool.Get().(*workspace)
	if w == nil {
		w = &workspace{v: make([]float64, d.stride), out: make([]float64, d.stride)}
	}
	if v != nil {
		copy(w.v, v[:d.cols])
	}
	return w
}

// Pass is the pass of Matrix.
func (d *Dense) Pass(v, out []float64, phi func(chunk, lo int, t []float64)) {
	n, size := d.Chunks(), chunkRows(d.rows, d.cols)
	parts := make([][]float64, n)
	used := make([]*workspace, n)
	eachChunk(n, d.threads, func(c int) {
		w := d.take(v)
		used[c] = w
		clear(w.out)
		parts[c] = w.out
		for lo := c * size; lo < min((c+1)*size, d.rows); lo += block {
			hi := min(lo+block, (c+1)*size, d.rows)
			t := w.t[:hi-lo]
			if v != nil {
				d.products(lo, t, w.v)
			} else {
				clear(t)
			}
			if phi != nil {
				phi(c, lo, t)
			}
			if out != nil {
				d.add(lo, t, w.out)
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

// products stores the products of rows lo, lo+1, ... with v.
func (d *Dense) products(lo int, t, v []float64) {
	var four [4]float64
	i := 0
	for ; i+4 <= len(t); i += 4 {
		dot4(d.full(lo+i), d.full(lo+i+1), d.full(lo+i+2), d.full(lo+i+3), v, &four)
		copy(t[i:], four[:])
	}
	if i < len(t) {
		last := d.full(lo + len(t) - 1)
		at := func(k int) []float64 {
			if i+k < len(t) {
				return d.full(lo + i + k)
			}
			return last
		}
		dot4(at(0), at(1), at(2), at(3), v, &four)
		copy(t[i:], four[:len(t)-i])
	}
}

// add adds Σ t_i row_{lo+i} to y.
func (d *Dense) add(lo int, t, y []float64) {
	i := 0
	for ; i+4 <= len(t); i += 4 {
		axpy4((*[4]float64)(t[i:]), d.full(lo+i), d.full(lo+i+1), d.full(lo+i+2), d.full(lo+i+3), y)
	}
	if i < len(t) {
		var four [4]float64
		copy(four[:], t[i:])
		last := d.full(lo + len(t) - 1)
		at := func(k int) []float64 {
			if i+k < len(t) {
				return d.full(lo + i + k)
			}
			return last
		}
		axpy4(&four, at(0), at(1), at(2), at(3), y)
	}
}

// PassRows is the pass over some rows of Matrix. It runs on one thread.
func (d *Dense) PassRows(rows []int, v, out []float64, phi func(lo int, t []float64)) {
	w := d.take(v)
	defer d.pool.Put(w)
	clear(w.out)
	var four [4]float64
	for lo := 0; lo < len(rows); lo += block {
		some := rows[lo:min(lo+block, len(rows))]
		t := w.t[:len(some)]
		at := func(i int) []float64 { return d.full(some[min(i, len(some)-1)]) }
		if v != nil {
			for i := 0; i < len(some); i += 4 {
				dot4(at(i), at(i+1), at(i+2), at(i+3), w.v, &four)
				copy(t[i:], four[:])
			}
		} else {
			clear(t)
		}
		if phi != nil {
			phi(lo, t)
		}
		if out != nil {
			for i := 0; i < len(some); i += 4 {
				four = [4]float64{}
				copy(four[:], t[i:])
				axpy4(&four, at(i), at(i+1), at(i+2), at(i+3), w.out)
			}
		}
	}
	if out != nil {
		copy(out, w.out[:d.cols])
	}
}
