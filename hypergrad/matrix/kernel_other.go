//go:build !amd64 || purego

package matrix

import "unsafe"

// dot4 stores the products of four rows with v; all five have the same length, a positive multiple of lane.
func dot4(x0, x1, x2, x3, v []float64, t *[4]float64) { dot4Go(x0, x1, x2, x3, v, t) }

// axpy4 adds a_0 x_0 + ... + a_3 x_3 to y; the lengths are those of dot4.
func axpy4(a *[4]float64, x0, x1, x2, x3, y []float64) { axpy4Go(a, x0, x1, x2, x3, y) }

// rowDots stores the products of rows rows[i] of the matrix that begins at base, stride entries each, with v, and with a u that is not nil in s.
func rowDots(base []float64, stride int, rows []int, v, u, t, s []float64, _ ahead) {
	rowDotsGo(base, stride, rows, v, u, t, s)
}

// rowSums adds the rows times a to y and, where w is not nil, times b to w.
func rowSums(base []float64, stride int, rows []int, a, b, y, w []float64, _ ahead) {
	rowSumsGo(base, stride, rows, a, b, y, w)
}

// gramTile adds the products of k rows of a (four entries each) and of b (w entries each, w a multiple of lane) to the 4 x w tile c.
func gramTile(k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc, w int) {
	gramTileGo(k, a, lda, b, ldb, c, ldc, w)
}

// scaleRows stores w_i times row i of rows of stride entries each.
func scaleRows(stride int, w, from, to []float64) { scaleRowsGo(stride, w, from, to) }

// fetch leaves memory to itself.
func fetch(unsafe.Pointer, int) {}
