//go:build !purego

package matrix

import "unsafe"

// The kernels use AVX2 and FMA, and AVX-512 in Gram matrices, where the processor and the operating system have them; otherwise they are plain Go.
var (
	vector = hasAVX2()
	wide   = vector && hasAVX512()
)

func cpuid(leaf, sub uint32) (a, b, c, d uint32)
func xgetbv() (low uint32)

// hasAVX2 asks the processor for FMA, AVX and AVX2, and the operating system whether it keeps the wide registers.
func hasAVX2() bool {
	if top, _, _, _ := cpuid(0, 0); top < 7 {
		return false
	}
	const fma, osxsave, avx = 1 << 12, 1 << 27, 1 << 28
	if _, _, c, _ := cpuid(1, 0); c&(fma|osxsave|avx) != fma|osxsave|avx {
		return false
	}
	if xgetbv()&6 != 6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&(1<<5) != 0
}

// hasAVX512 is for processors that have AVX2.
func hasAVX512() bool {
	_, b, _, _ := cpuid(7, 0)
	return b&(1<<16) != 0 && xgetbv()&0xe6 == 0xe6
}

//go:noescape
func dot4AVX2(x0, x1, x2, x3 *float64, n int, v *float64, t *[4]float64)

//go:noescape
func axpy4AVX2(a *[4]float64, x0, x1, x2, x3 *float64, n int, y *float64)

//go:noescape
func gram4x12AVX2(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

//go:noescape
func gram4x24AVX512(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

//go:noescape
func gram4x8AVX2(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

//go:noescape
func scaleRowsAVX2(stride, k int, w, from, to *float64)

//go:noescape
func gram4x4AVX2(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

// dot4 stores the products of four rows with v; all five have the same length, a positive multiple of lane.
func dot4(x0, x1, x2, x3, v []float64, t *[4]float64) {
	if vector {
		dot4AVX2(&x0[0], &x1[0], &x2[0], &x3[0], len(v), &v[0], t)
		return
	}
	dot4Go(x0, x1, x2, x3, v, t)
}

// axpy4 adds a_0 x_0 + ... + a_3 x_3 to y; the lengths are those of dot4.
func axpy4(a *[4]float64, x0, x1, x2, x3, y []float64) {
	if vector {
		axpy4AVX2(a, &x0[0], &x1[0], &x2[0], &x3[0], len(y), &y[0])
		return
	}
	axpy4Go(a, x0, x1, x2, x3, y)
}

//go:noescape
func rowDotsAVX2(base *float64, stride int, rows *int, n int, v, t, ahead *float64, next *int)

//go:noescape
func rowDotPairsAVX2(base *float64, stride int, rows *int, n int, v, u, t, s, ahead *float64, next *int)

//go:noescape
func rowSumsAVX2(base *float64, stride int, rows *int, n int, a, y, ahead *float64, next *int)

//go:noescape
func rowSumPairsAVX2(base *float64, stride int, rows *int, n int, a, b, y, w, ahead *float64, next *int)

// rowDots stores the products of rows rows[i] of the matrix that begins at base, stride entries each, a positive multiple of lane, with v, and with a u that is
// not nil in s. The number of rows is a positive multiple of lane. It fetches a line of each row ahead on its way.
func rowDots(base []float64, stride int, rows []int, v, u, t, s []float64, next ahead) {
	switch {
	case !vector:
		rowDotsGo(base, stride, rows, v, u, t, s)
	case u == nil:
		rowDotsAVX2(&base[0], stride, &rows[0], len(rows), &v[0], &t[0], next.line(0), &next.rows[0])
	default:
		rowDotPairsAVX2(&base[0], stride, &rows[0], len(rows), &v[0], &u[0], &t[0], &s[0], next.line(0), &next.rows[0])
	}
}

// rowSums adds the rows times a to y and, where w is not nil, times b to w; any positive number of rows will do. It fetches a line of
// each row ahead on its way.
func rowSums(base []float64, stride int, rows []int, a, b, y, w []float64, next ahead) {
	switch {
	case !vector:
		rowSumsGo(base, stride, rows, a, b, y, w)
	case w == nil:
		rowSumsAVX2(&base[0], stride, &rows[0], len(rows), &a[0], &y[0], next.line(2), &next.rows[0])
	default:
		rowSumPairsAVX2(&base[0], stride, &rows[0], len(rows), &a[0], &b[0], &y[0], &w[0], next.line(2), &next.rows[0])
	}
}

// gramTile adds the products of k rows of a (four entries each) and of b (w entries each, w a multiple of lane) to the 4 x w tile c.
func gramTile(k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc, w int) {
	if !vector {
		gramTileGo(k, a, lda, b, ldb, c, ldc, w)
		return
	}
	j := 0
	for ; wide && j+24 <= w; j += 24 {
		gram4x24AVX512(k, &a[0], lda, &b[j], ldb, &c[j], ldc)
	}
	// Tiles of four columns wait for their own sums: what remains after twelves is a multiple of eight where that can be.
	for ; w-j == 12 || w-j >= 20; j += 12 {
		gram4x12AVX2(k, &a[0], lda, &b[j], ldb, &c[j], ldc)
	}
	for ; j+8 <= w; j += 8 {
		gram4x8AVX2(k, &a[0], lda, &b[j], ldb, &c[j], ldc)
	}
	for ; j < w; j += 4 {
		gram4x4AVX2(k, &a[0], lda, &b[j], ldb, &c[j], ldc)
	}
}

// scaleRows stores w_i times row i of rows of stride entries each, a positive multiple of lane.
func scaleRows(stride int, w, from, to []float64) {
	if !vector {
		scaleRowsGo(stride, w, from, to)
		return
	}
	scaleRowsAVX2(stride, len(w), &w[0], &from[0], &to[0])
}

// line is where line k of row 0 begins; where rows are shorter it is the first one.
func (a ahead) line(k int) *float64 {
	if at := 8 * k; at < a.stride && at < len(a.base) {
		return &a.base[at]
	}
	return &a.base[0]
}

//go:noescape
func fetchLines(p unsafe.Pointer, lines int)

// fetch asks for all lines of the given number of bytes from p on.
func fetch(p unsafe.Pointer, bytes int) {
	const line = 64
	fetchLines(p, (int(uintptr(p)%line)+bytes+line-1)/line)
}
