package matrix

// lane is what row lengths are padded to: the float64 of one wide register.
const lane = 4

// padded is the smallest positive multiple of lane that is at least n.
func padded(n int) int { return max(lane, (n+lane-1)/lane*lane) }

func dot4Go(x0, x1, x2, x3, v []float64, t *[4]float64) {
	x0, x1, x2, x3 = x0[:len(v)], x1[:len(v)], x2[:len(v)], x3[:len(v)]
	var a, b, c, d float64
	for j, w := range v {
		a += x0[j] * w
		b += x1[j] * w
		c += x2[j] * w
		d += x3[j] * w
	}
	t[0], t[1], t[2], t[3] = a, b, c, d
}

func axpy4Go(a *[4]float64, x0, x1, x2, x3, y []float64) {
	x0, x1, x2, x3 = x0[:len(y)], x1[:len(y)], x2[:len(y)], x3[:len(y)]
	a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
	for j := range y {
		y[j] += (a0*x0[j] + a1*x1[j]) + (a2*x2[j] + a3*x3[j])
	}
}

func gramTileGo(k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc, w int) {
	for r := range k {
		row := b[r*ldb : r*ldb+w]
		for i := range lane {
			s := a[r*lda+i]
			out := c[i*ldc : i*ldc+w]
			for j, v := range row {
				out[j] += s * v
			}
		}
	}
}

func rowDotsGo(base []float64, stride int, rows []int, v, u, t, s []float64) {
	for i, r := range rows {
		row := base[r*stride : (r+1)*stride]
		t[i] = Dot(row, v)
		if u != nil {
			s[i] = Dot(row, u)
		}
	}
}

func rowSumsGo(base []float64, stride int, rows []int, a, b, y, w []float64) {
	for i, r := range rows {
		row := base[r*stride : (r+1)*stride]
		Axpy(a[i], row, y[:stride])
		if w != nil {
			Axpy(b[i], row, w[:stride])
		}
	}
}

func scaleRowsGo(stride int, w, from, to []float64) {
	for i, f := range w {
		out := to[i*stride : (i+1)*stride]
		for j, v := range from[i*stride : (i+1)*stride] {
			out[j] = f * v
		}
	}
}

// Dot is a'b.
func Dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	j := 0
	for ; j+4 <= len(a); j += 4 {
		s0 += a[j] * b[j]
		s1 += a[j+1] * b[j+1]
		s2 += a[j+2] * b[j+2]
		s3 += a[j+3] * b[j+3]
	}
	for ; j < len(a); j++ {
		s0 += a[j] * b[j]
	}
	return (s0 + s1) + (s2 + s3)
}

// Axpy adds a x to y.
func Axpy(a float64, x, y []float64) {
	x = x[:len(y)]
	for j, v := range x {
		y[j] += a * v
	}
}

// Dot4 stores the products of four vectors with v; all five have the same length.
func Dot4(x0, x1, x2, x3, v []float64, t *[4]float64) {
	head := len(v) / lane * lane
	*t = [4]float64{}
	if head > 0 {
		dot4(x0[:head], x1[:head], x2[:head], x3[:head], v[:head], t)
	}
	for j := head; j < len(v); j++ {
		t[0] += x0[j] * v[j]
		t[1] += x1[j] * v[j]
		t[2] += x2[j] * v[j]
		t[3] += x3[j] * v[j]
	}
}

// Axpy4 adds a_0 x_0 + ... + a_3 x_3 to y; all have the length of y.
func Axpy4(a *[4]float64, x0, x1, x2, x3, y []float64) {
	head := len(y) / lane * lane
	if head > 0 {
		axpy4(a, x0[:head], x1[:head], x2[:head], x3[:head], y[:head])
	}
	for j := head; j < len(y); j++ {
		y[j] += (a[0]*x0[j] + a[1]*x1[j]) + (a[2]*x2[j] + a[3]*x3[j])
	}
}
