package matrix

import (
	"fmt"
	"sync"
)

// CSR is a sparse matrix in compressed rows: the entries of row i are Vals[Start[i]:Start[i+1]] in the columns Cols[Start[i]:Start[i+1]].
type CSR struct {
	threads    int
	rows, cols int
	start      []int
	index      []int32
	vals       []float64
	pool       sync.Pool // of partial sums
	blocks     sync.Pool // of the products of a block
}

// NewCSR takes the arrays of a sparse matrix, without copying them. Rows may be empty, their columns in any order; entries of the same place add up. It refuses
// arrays that do not fit together.
func NewCSR(rows, cols int, start []int, index []int32, vals []float64) (*CSR, error) {
	if rows < 0 || cols < 0 || len(start) != rows+1 || len(index) != len(vals) || start[0] != 0 || start[rows] != len(vals) {
		return nil, fmt.Errorf("matrix: the arrays of a sparse matrix of %d rows do not fit: %d starts, %d columns, %d values; give rows+1 starts from 0 to the number of values",
			rows, len(start), len(index), len(vals))
	}
	for i := range rows {
		if start[i] > start[i+1] || start[i+1] > len(vals) {
			return nil, fmt.Errorf("matrix: sparse row %d ends at %d, before it starts at %d or past the last value", i, start[i+1], start[i])
		}
	}
	for k, j := range index {
		if j < 0 || int(j) >= cols {
			return nil, fmt.Errorf("matrix: sparse entry %d is in column %d of %d; columns count from 0", k, j, cols)
		}
	}
	return &CSR{rows: rows, cols: cols, start: start, index: index, vals: vals}, nil
}

// SetThreads is that of Matrix.
func (c *CSR) SetThreads(n int) { c.threads = n }

// Dims are the numbers of rows and columns.
func (c *CSR) Dims() (rows, cols int) { return c.rows, c.cols }

// Nonzeros is the number of entries kept.
func (c *CSR) Nonzeros() int { return len(c.vals) }

// Row is row i: its columns and values.
func (c *CSR) Row(i int) (cols []int32, vals []float64) {
	return c.index[c.start[i]:c.start[i+1]], c.vals[c.start[i]:c.start[i+1]]
}

// Take is that of Matrix.
func (c *CSR) Take(rows []int) Matrix {
	out := &CSR{threads: c.threads, rows: len(rows), cols: c.cols, start: make([]int, 1, len(rows)+1)}
	for _, i := range rows {
		index, vals := c.Row(i)
		out.index, out.vals = append(out.index, index...), append(out.vals, vals...)
		out.start = append(out.start, len(out.vals))
	}
	return out
}

// Chunks is the number of independent pieces of a pass.
func (c *CSR) Chunks() int { return chunks(c.rows, c.cols) }

func (c *CSR) product(i int, v []float64) float64 {
	index, vals := c.Row(i)
	var s float64
	for k, j := range index {
		s += vals[k] * v[j]
	}
	return s
}

func (c *CSR) add(i int, a float64, y []float64) {
	index, vals := c.Row(i)
	for k, j := range index {
		y[j] += a * vals[k]
	}
}

// Pass is the pass of Matrix. On one thread it needs one partial sum, on several one for each chunk.
func (c *CSR) Pass(v, out []float64, phi func(chunk, lo int, t []float64)) {
	n := c.Chunks()
	switch {
	case out == nil:
		eachChunk(n, c.threads, func(k int) { c.chunk(k, v, nil, phi) })
	case n == 1:
		clear(out)
		c.chunk(0, v, out, phi)
	case c.threads <= 1:
		part, _ := c.pool.Get().(*[]float64)
		if part == nil {
			part = new([]float64)
			*part = make([]float64, c.cols)
		}
		clear(out)
		for k := range n {
			clear(*part)
			c.chunk(k, v, *part, phi)
			for j, s := range *part {
				out[j] += s
			}
		}
		c.pool.Put(part)
	default:
		parts := make([][]float64, n)
		eachChunk(n, c.threads, func(k int) {
			parts[k] = make([]float64, c.cols)
			c.chunk(k, v, parts[k], phi)
		})
		sumInOrder(out[:c.cols], parts)
	}
}

// chunk goes over the rows of chunk k and adds to out, where it is not nil.
func (c *CSR) chunk(k int, v, out []float64, phi func(chunk, lo int, t []float64)) {
	var buffer [block]float64
	size := chunkRows(c.rows, c.cols)
	for lo := k * size; lo < min((k+1)*size, c.rows); lo += block {
		hi := min(lo+block, (k+1)*size, c.rows)
		t := buffer[:hi-lo]
		clear(t)
		if v != nil {
			for i := range t {
				t[i] = c.product(lo+i, v)
			}
		}
		if phi != nil {
			phi(k, lo, t)
		}
		if out != nil {
			for i, a := range t {
				c.add(lo+i, a, out)
			}
		}
	}
}

// PassRows is the pass over some rows of Matrix.
func (c *CSR) PassRows(rows []int, v, out []float64, phi func(lo int, t []float64)) {
	products := c.products()
	clear(out)
	for lo := 0; lo < len(rows); lo += block {
		some := rows[lo:min(lo+block, len(rows))]
		t := products[0][:len(some)]
		clear(t)
		if v != nil {
			for i, r := range some {
				t[i] = c.product(r, v)
			}
		}
		if phi != nil {
			phi(lo, t)
		}
		if out != nil {
			for i, r := range some {
				c.add(r, t[i], out)
			}
		}
	}
	c.blocks.Put(products)
}

// products is memory for the products of a block with two vectors.
func (c *CSR) products() *[2][block]float64 {
	p, _ := c.blocks.Get().(*[2][block]float64)
	if p == nil {
		p = new([2][block]float64)
	}
	return p
}

// PassPairs is the pass of two over some rows of Matrix.
func (c *CSR) PassPairs(rows []int, v, u, out, outU []float64, phi func(lo int, t, s []float64)) {
	products := c.products()
	clear(out)
	clear(outU)
	for lo := 0; lo < len(rows); lo += block {
		some := rows[lo:min(lo+block, len(rows))]
		t, s := products[0][:len(some)], products[1][:len(some)]
		for i, r := range some {
			t[i], s[i] = c.product(r, v), c.product(r, u)
		}
		if phi != nil {
			phi(lo, t, s)
		}
		for i, r := range some {
			if out != nil {
				c.add(r, t[i], out)
			}
			if outU != nil {
				c.add(r, s[i], outU)
			}
		}
	}
	c.blocks.Put(products)
}
