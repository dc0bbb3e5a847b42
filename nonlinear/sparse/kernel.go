package sparse

// update subtracts the pivots from .. to-1 from the columns behind the window:
//
//	a_ij -= Σ_k l_ik d_kk l_jk   for j >= end, i >= j.
func (e *elimination) update(from, to int) {
	if e.end == e.size {
		return
	}
	for from < to {
		mid := min(to, from+window)
		if mid < to && e.inverse[2*mid-1] != 0 { // not between the two columns of a pivot
			mid--
		}
		e.updateBy(from, mid)
		from = mid
	}
}

// updateBy is update for at most a window of pivots.
func (e *elimination) updateBy(from, to int) {
	n, a := e.size, e.a
	count := to - from
	w0, w1 := e.weights[:count], e.weights[window:window+count]
	j := e.end
	for ; j+1 < n; j += 2 {
		any0, any1 := e.weigh(w0, j, from), e.weigh(w1, j+1, from)
		if !any0 && !any1 {
			continue
		}
		c0, c1 := a[j*n+j:(j+1)*n], a[(j+1)*n+j+1:(j+2)*n]
		for k, w := range w0 {
			c0[0] -= w * a[(from+k)*n+j]
		}
		c0 = c0[1:]
		k := 0
		for ; k+3 < count; k += 4 {
			at := (from+k)*n + j + 1
			subtract42(c0, c1, a[at:], a[at+n:], a[at+2*n:], a[at+3*n:], (*[4]float64)(w0[k:]), (*[4]float64)(w1[k:]))
		}
		for ; k+1 < count; k += 2 {
			at := (from+k)*n + j + 1
			subtract22(c0, c1, a[at:], a[at+n:], w0[k], w0[k+1], w1[k], w1[k+1])
		}
		if k < count {
			at := (from+k)*n + j + 1
			subtract12(c0, c1, a[at:], w0[k], w1[k])
		}
	}
	if j < n {
		e.weigh(w0, j, from)
		for k, w := range w0 {
			a[j*n+j] -= w * a[(from+k)*n+j]
		}
	}
}

// weigh stores row j of L D of the pivots from on and reports whether an entry is not zero. D is applied through its inverse's block: a 1x1
// pivot multiplies by 1/inverse, a 2x2 one by the inverse of its block.
func (e *elimination) weigh(w []float64, j, from int) bool {
	any := false
	for k := 0; k < len(w); k++ {
		at := from + k
		l := e.a[at*e.size+j]
		d, off := e.inverse[2*at], e.inverse[2*at+1]
		if off == 0 {
			if l == 0 {
				w[k] = 0
				continue
			}
			w[k] = l / d
			any = true
			continue
		}
		m, d2 := e.a[(at+1)*e.size+j], e.inverse[2*at+2]
		if l == 0 && m == 0 {
			w[k], w[k+1] = 0, 0
			k++
			continue
		}
		t := d/off*(d2/off) - 1
		w[k] = (d2/off*l - m) / off / t
		w[k+1] = (d/off*m - l) / off / t
		k++
		any = true
	}
	return any
}

func subtract(y, a []float64, w float64) {
	a = a[:len(y)]
	for i := range y {
		y[i] -= w * a[i]
	}
}

func subtract2(y, a, b []float64, v, w float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] -= v*a[i] + w*b[i]
	}
}

func subtract12(y, z, a []float64, v, w float64) {
	z, a = z[:len(y)], a[:len(y)]
	for i := range y {
		y[i] -= v * a[i]
		z[i] -= w * a[i]
	}
}

func subtract22(y, z, a, b []float64, v0, v1, w0, w1 float64) {
	z, a, b = z[:len(y)], a[:len(y)], b[:len(y)]
	for i := range y {
		p, q := a[i], b[i]
		y[i] -= v0*p + v1*q
		z[i] -= w0*p + w1*q
	}
}

func subtract42(y, z, a, b, c, d []float64, v, w *[4]float64) {
	z, a, b, c, d = z[:len(y)], a[:len(y)], b[:len(y)], c[:len(y)], d[:len(y)]
	v0, v1, v2, v3 := v[0], v[1], v[2], v[3]
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	for i := range y {
		p, q, r, s := a[i], b[i], c[i], d[i]
		y[i] -= (v0*p + v1*q) + (v2*r + v3*s)
		z[i] -= (w0*p + w1*q) + (w2*r + w3*s)
	}
}
