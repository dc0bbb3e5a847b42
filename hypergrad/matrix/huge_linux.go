package matrix

import (
	"syscall"
	"unsafe"
)

// newData is make for the entries of a matrix. Of large ones it asks the kernel for large pages, before they are touched: passes over batches here and there would wait for
// the page tables of small ones.
func newData(n int) []float64 {
	v := make([]float64, n)
	const page, advice = 1 << 21, syscall.MADV_HUGEPAGE
	if 8*n < 2*page {
		return v
	}
	begin := unsafe.Pointer(&v[0])
	skip := -uintptr(begin) % page
	whole := (uintptr(8*n) - skip) / page * page
	if whole > 0 {
		// It is advice; where it is refused nothing is lost.
		_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Add(begin, skip)), whole), advice)
	}
	return v
}
