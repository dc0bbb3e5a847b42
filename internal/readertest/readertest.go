// Package readertest is for the tests of readers of files. It bounds what they may take (a reader of untrusted bytes asks for memory and time in
// proportion to them) and compares models that come back in another order.
package readertest

import (
	"runtime/metrics"
	"testing"
	"time"
)

// What a reader may take.
const (
	Times = 50      // bytes of memory for a byte of the input
	Floor = 2 << 20 // bytes of memory for an input of any size: tables that every model has, buffers
	Limit = 20 * time.Second
)

// Bounded calls read, which reads size bytes, and fails the test where it asks for more than Floor + Times*size bytes of memory, garbage
// included, or takes longer than Limit. Nothing else may run in the process at the same time.
func Bounded(t testing.TB, size int, read func()) {
	t.Helper()
	before, start := asked(), time.Now()
	read()
	taken, used := time.Since(start), asked()-before
	if used > Floor+Times*uint64(size) {
		t.Errorf("reading %d bytes asks for %d bytes of memory, more than %d and %d times the input", size, used, Floor, Times)
	}
	if taken > Limit {
		t.Errorf("reading %d bytes takes %v", size, taken)
	}
}

// asked is the memory that the process has asked for since its start.
func asked() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
