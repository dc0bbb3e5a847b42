package verify

import "math"

// factorise replaces the dense matrix a of order n by its factors L and U with partial pivoting and returns the order of the rows, nil
// for a singular matrix.
func factorise(a []float64, n int) []int {
	perm := make([]int, n)
	for k := range perm {
		perm[k] = k
	}
	for k := 0; k < n; k++ {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(a[i*n+k]) > math.Abs(a[p*n+k]) {
				p = i
			}
		}
		if a[p*n+k] == 0 || math.IsNaN(a[p*n+k]) {
			return nil
		}
		if p != k {
			perm[p], perm[k] = perm[k], perm[p]
			for j := 0; j < n; j++ {
				a[p*n+j], a[k*n+j] = a[k*n+j], a[p*n+j]
			}
		}
		for i := k + 1; i < n; i++ {
			f := a[i*n+k] / a[k*n+k]
			a[i*n+k] = f
			if f == 0 {
				continue
			}
			for j := k + 1; j < n; j++ {
				a[i*n+j] -= f * a[k*n+j]
			}
		}
	}
	return perm
}

// substitute solves with the factors of factorise.
func substitute(a []float64, n int, perm []int, b []float64) []float64 {
	x := make([]float64, n)
	for i := 0; i < n; i++ {
		x[i] = b[perm[i]]
		for j := 0; j < i; j++ {
			x[i] -= a[i*n+j] * x[j]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			x[i] -= a[i*n+j] * x[j]
		}
		x[i] /= a[i*n+i]
	}
	return x
}

// cholesky replaces the lower triangle of the dense symmetric matrix a of order n by its factor L, a = L L'. It reports whether every pivot
// exceeds floor times the largest diagonal entry; where one does not, a is left unfinished.
func cholesky(a []float64, n int, floor float64) bool {
	largest := 0.0
	for i := 0; i < n; i++ {
		largest = math.Max(largest, math.Abs(a[i*n+i]))
	}
	for j := 0; j < n; j++ {
		row := a[j*n : j*n+j+1]
		d := row[j]
		for _, v := range row[:j] {
			d -= v * v
		}
		if !(d > floor*largest) {
			return false
		}
		d = math.Sqrt(d)
		row[j] = d
		for i := j + 1; i < n; i++ {
			low := a[i*n : i*n+j+1]
			v := low[j]
			for k, l := range row[:j] {
				v -= low[k] * l
			}
			low[j] = v / d
		}
	}
	return true
}

// choleskySolve solves with the factor of cholesky, in place.
func choleskySolve(l []float64, n int, b []float64) {
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			b[i] -= l[i*n+j] * b[j]
		}
		b[i] /= l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= l[j*n+i] * b[j]
		}
		b[i] /= l[i*n+i]
	}
}
