package matrix

import (
	"sync"
	"sync/atomic"
)

// Matrix is a matrix of samples that can be passed over. Implementations are safe for several goroutines.
type Matrix interface {
	// Dims are the numbers of rows (samples) and columns (features).
	Dims() (rows, cols int)
	// SetThreads sets the number of goroutines of a pass; 0 and 1 are one.
	SetThreads(n int)
	// Take is a copy of some rows, in their order, for as many threads.
	Take(rows []int) Matrix
	// Chunks is the number of independent pieces of a pass; it depends on the shape alone.
	Chunks() int
	// Pass computes out = X'φ(Xv). phi gets the products t of rows lo, lo+1, ... and changes them in place; it is called for each chunk in the
	// order of its rows, and for several chunks at once where there are several threads. A nil v stands for zero, a nil out for a pass that
	// only computes products, a nil phi for the identity.
	Pass(v, out []float64, phi func(chunk, lo int, t []float64))
	// PassRows is Pass over the given rows: phi gets the products of rows[lo], rows[lo+1], ...
	PassRows(rows []int, v, out []float64, phi func(lo int, t []float64))
	// PassPairs is two of PassRows in one: phi gets the products t with v and s with u and changes both; out is X't and outU is X's over the rows.
	PassPairs(rows []int, v, u, out, outU []float64, phi func(lo int, t, s []float64))
}

// block is the number of rows whose products are computed before they are used, so that rows are still in the cache then.
const block = 64

// chunkRows is how many rows a chunk has: at least 512, and at most 32 chunks, fewer where a partial sum of cols entries is long.
func chunkRows(rows, cols int) int {
	most := min(32, max(1, (1<<23)/max(1, cols)))
	return max(512, (rows+most-1)/most)
}

func chunks(rows, cols int) int {
	c := chunkRows(rows, cols)
	return max(1, (rows+c-1)/c)
}

// eachChunk calls f for chunks 0..n-1 with an index of the thread that runs it.
func eachChunk(n, threads int, f func(chunk int)) {
	if threads <= 1 || n <= 1 {
		for c := range n {
			f(c)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(threads, n) {
		wait.Go(func() {
			for c := int(next.Add(1)) - 1; c < n; c = int(next.Add(1)) - 1 {
				f(c)
			}
		})
	}
	wait.Wait()
}

// sumInOrder adds the partial sums to out, cut to its length.
func sumInOrder(out []float64, parts [][]float64) {
	clear(out)
	for _, p := range parts {
		for j := range out {
			out[j] += p[j]
		}
	}
}
