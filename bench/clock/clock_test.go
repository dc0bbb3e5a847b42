package clock_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/bench/clock"
)

// TestProcessor: computing is counted and sleeping is not.
func TestProcessor(t *testing.T) {
	if clock.Processor() == 0 {
		t.Skipf("the processor time of a process is not known on %s", runtime.GOOS)
	}
	before := clock.Processor()
	for start := time.Now(); clock.Processor()-before < 20*time.Millisecond; {
		if time.Since(start) > 20*time.Second {
			t.Fatal("computing is not counted")
		}
	}
	before = clock.Processor()
	time.Sleep(200 * time.Millisecond)
	if d := clock.Processor() - before; d > 150*time.Millisecond {
		t.Errorf("%v are counted while the process sleeps", d)
	}
}
