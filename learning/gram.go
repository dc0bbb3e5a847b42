package learning

// gram is the least-squares data of a training set, with z_j = (x_j, -1): G = Σ z_j z_j' and c = Σ y_j z_j.
type gram struct {
	n int
	g []float64 // (n+1)², both triangles
	c []float64
}

func newGram(d *Data) *gram {
	n1 := d.Width() + 1
	q := &gram{d.Width(), make([]float64, n1*n1), make([]float64, n1)}
	z := make([]float64, n1)
	z[n1-1] = -1
	for j, x := range d.X {
		copy(z, x)
		for k, t := range z {
			row := q.g[k*n1 : k*n1+k+1]
			for i := range row {
				row[i] += t * z[i]
			}
			q.c[k] += d.Y[j] * t
		}
	}
	for k := range n1 {
		for i := range k {
			q.g[i*n1+k] = q.g[k*n1+i]
		}
	}
	return q
}

// gradient writes Gv - c.
func (q *gram) gradient(v, out []float64) {
	n1 := q.n + 1
	for k := range n1 {
		out[k] = dot(q.g[k*n1:k*n1+n1], v) - q.c[k]
	}
}
