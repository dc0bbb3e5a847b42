// Package dense has the factorisations of small dense matrices that the methods for systems of equations stand on: LU for square ones,
// QR with column pivoting for rank, least squares and null spaces, and the eigenvalues of symmetric ones. It is meant for a few hundred
// rows; above, sparse factorisations are the better tool.
package dense

import "math"

// Matrix is stored row by row: entry (i, j) is Data[i*Cols+j].
type Matrix struct {
	Rows, Cols int
	Data       []float64
}

// New is a matrix of zeros.
func New(rows, cols int) *Matrix {
	return &Matrix{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
}

// Reset makes a a matrix of zeros of the given shape, in the memory it has where that suffices.
func (a *Matrix) Reset(rows, cols int) {
	a.Rows, a.Cols = rows, cols
	if cap(a.Data) < rows*cols {
		a.Data = make([]float64, rows*cols)
		return
	}
	a.Data = a.Data[:rows*cols]
	clear(a.Data)
}

// At is entry (i, j).
func (a *Matrix) At(i, j int) float64 { return a.Data[i*a.Cols+j] }

// Set changes entry (i, j).
func (a *Matrix) Set(i, j int, v float64) { a.Data[i*a.Cols+j] = v }

// Add adds to entry (i, j).
func (a *Matrix) Add(i, j int, v float64) { a.Data[i*a.Cols+j] += v }

// Row is row i, in the memory of a.
func (a *Matrix) Row(i int) []float64 { return a.Data[i*a.Cols : (i+1)*a.Cols] }

// Scatter makes a the matrix with the entries vals at the places (rows, cols), where repeated places add up.
func (a *Matrix) Scatter(nRows, nCols int, rows, cols []int32, vals []float64) {
	a.Reset(nRows, nCols)
	for k, v := range vals {
		a.Data[int(rows[k])*nCols+int(cols[k])] += v
	}
}

// Multiply stores a x in y.
func (a *Matrix) Multiply(x, y []float64) {
	for i := range y {
		y[i] = Dot(a.Row(i), x)
	}
}

// Dot is x'y, over the length of x.
func Dot(x, y []float64) float64 {
	s := 0.0
	for k, v := range x {
		s += v * y[k]
	}
	return s
}

// Norm is the Euclidean length of x, free of overflow.
func Norm(x []float64) float64 {
	scale := MaxAbs(x)
	if scale == 0 || math.IsInf(scale, 1) || math.IsNaN(scale) {
		return scale
	}
	s := 0.0
	for _, v := range x {
		v /= scale
		s += v * v
	}
	return scale * math.Sqrt(s)
}

// MaxAbs is the largest absolute entry of x, NaN where an entry is.
func MaxAbs(x []float64) float64 {
	worst := 0.0
	for _, v := range x {
		if math.IsNaN(v) {
			return v
		}
		worst = max(worst, math.Abs(v))
	}
	return worst
}
