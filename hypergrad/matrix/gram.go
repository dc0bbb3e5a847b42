package matrix

// gramRows is how many rows a tile of the Gram matrix takes at a time: 40 rows of 100 features fill the first cache.
const gramRows = 40

// Gram stores X'diag(w)X, row-major, cols × cols, in h; a nil w stands for ones. The work is about rows × cols²/2 multiplications.
func (d *Dense) Gram(w, h []float64) { d.moments(w, nil, h, nil) }

// Moments stores X'X in h and X'y in b, in one pass.
func (d *Dense) Moments(y, h, b []float64) { d.moments(nil, y, h, b) }

func (d *Dense) moments(w, y, h, b []float64) {
	n, size := d.Chunks(), chunkRows(d.rows, d.cols)
	// The partial sums are squares: keep them few where they are large.
	if n*d.stride*d.stride > 1<<24 {
		n, size = 1, d.rows
	}
	parts, sides := make([][]float64, n), make([][]float64, n)
	eachChunk(n, d.threads, func(c int) {
		parts[c] = make([]float64, d.stride*d.stride)
		if y != nil {
			sides[c] = make([]float64, d.stride)
		}
		d.gramChunk(c*size, min((c+1)*size, d.rows), w, y, parts[c], sides[c])
	})
	if y != nil {
		sumInOrder(b[:d.cols], sides)
	}
	p, s := d.cols, d.stride
	for i := range p {
		for j := i; j < p; j++ {
			var sum float64
			for _, part := range parts {
				sum += part[i*s+j]
			}
			h[i*p+j], h[j*p+i] = sum, sum
		}
	}
}

// gramChunk adds the products of rows lo..hi-1 to the upper triangle, by tiles of four rows, of c, and those with y to b.
func (d *Dense) gramChunk(lo, hi int, w, y, c, b []float64) {
	s := d.stride
	var scaled []float64
	if w != nil {
		scaled = make([]float64, gramRows*s)
	}
	for r := lo; r < hi; r += gramRows {
		k := min(gramRows, hi-r)
		rows := d.data[r*s : (r+k)*s]
		left := rows
		if w != nil {
			left = scaled[:k*s]
			scaleRows(s, w[r:r+k], rows, left)
		}
		for i := 0; i < s; i += lane {
			gramTile(k, left[i:], s, rows[i:], s, c[i*s+i:], s, s-i)
		}
		if y != nil {
			d.sums(rows, inOrder[:k], y[r:r+k], nil, b, nil, nothing(d.data))
		}
	}
}
