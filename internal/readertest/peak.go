package readertest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// Peak is how large the heap grows while read runs, as a multiple of the size of what it reads. Garbage that is not collected yet counts, so the
// collector is made eager, and where the result is above limit the least of three runs is taken: on a busy machine the collector lags behind.
// Nothing else may run in the process at the same time.
func Peak(size int, limit float64, read func()) float64 {
	times := peak(size, read)
	for run := 1; run < 3 && times > limit; run++ {
		times = min(times, peak(size, read))
	}
	return times
}

func peak(size int, read func()) float64 {
	runtime.GC()
	before := heap()
	eager := debug.SetGCPercent(20)
	most, stop := watch()
	read()
	stop()
	debug.SetGCPercent(eager)
	return float64(most.Load()-before) / float64(size)
}

// heap is the size of what is on the heap, garbage included.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// watch looks at the heap again and again until it is stopped, and keeps the largest size.
func watch() (most *atomic.Int64, stop func()) {
	most = new(atomic.Int64)
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			most.Store(max(most.Load(), heap()))
			select {
			case <-done:
				return
			case <-time.After(50 * time.Microsecond):
			}
		}
	}()
	return most, func() { close(done); <-over }
}
