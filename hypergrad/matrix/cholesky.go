package matrix

import "math"

// Cholesky is the factor L of a symmetric positive definite matrix A = LL', kept as rows of the lower triangle.
type Cholesky struct {
	n, stride int
	l         []float64
}

// Factor computes the factor of the n × n matrix a (row-major, the lower triangle is read) plus shift times the identity. It answers false
// where a pivot is not positive; the factor is then of no use.
func (c *Cholesky) Factor(n int, a []float64, shift float64) bool {
	c.n, c.stride = n, padded(n)
	if cap(c.l) < n*c.stride {
		c.l = make([]float64, n*c.stride)
	}
	c.l = c.l[:n*c.stride]
	clear(c.l)
	var four [4]float64
	for i := range n {
		row := c.row(i)
		copy(row[:i+1], a[i*n:i*n+i+1])
		row[i] += shift
	}
	// Left-looking by columns of four: each entry takes one product with the rows before it, four rows at a time.
	for j := range n {
		pivot := c.row(j)
		width := padded(j)
		done := pivot[:width]
		// Entries of the pivot row from its diagonal on are not yet factors: hide them from the padded products.
		var hidden [lane]float64
		copy(hidden[:], pivot[j:min(width, c.stride)])
		for k := j; k < width; k++ {
			pivot[k] = 0
		}
		if j > 0 {
			dot4(done, done, done, done, done, &four)
		} else {
			four[0] = 0
		}
		d := hidden[0]
		if width == j {
			d = pivot[j]
		}
		d -= four[0]
		if !(d > 0) || math.IsInf(d, 1) {
			return false
		}
		d = math.Sqrt(d)
		for i := j + 1; i < n; i += 4 {
			if j > 0 {
				dot4(c.row(i)[:width], c.row(min(i+1, n-1))[:width], c.row(min(i+2, n-1))[:width], c.row(min(i+3, n-1))[:width], done, &four)
			} else {
				four = [4]float64{}
			}
			for k := i; k < min(i+4, n); k++ {
				at := k*c.stride + j
				c.l[at] = (c.l[at] - four[k-i]) / d
			}
		}
		pivot[j] = d
	}
	return true
}

func (c *Cholesky) row(i int) []float64 { return c.l[i*c.stride : (i+1)*c.stride] }

// Solve overwrites b with A⁻¹b.
func (c *Cholesky) Solve(b []float64) {
	for i := range c.n {
		row := c.row(i)
		b[i] = (b[i] - Dot(row[:i], b[:i])) / row[i]
	}
	for i := c.n - 1; i >= 0; i-- {
		row := c.row(i)
		b[i] /= row[i]
		Axpy(-b[i], row[:i], b[:i])
	}
}
