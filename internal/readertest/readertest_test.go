package readertest_test

import (
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
)

// counter counts what Bounded complains of.
type counter struct {
	testing.TB
	n int
}

func (c *counter) Helper()               {}
func (c *counter) Errorf(string, ...any) { c.n++ }

var kept []byte

func TestBounded(t *testing.T) {
	for _, c := range []struct {
		size, memory, want int
		reason             string
	}{
		{0, 1000, 0, "a small reader"},
		{0, 4 << 20, 1, "more than the floor without any input"},
		{1 << 20, 40 << 20, 0, "forty times the input"},
		{1 << 20, 60 << 20, 1, "sixty times the input"},
	} {
		n := &counter{TB: t}
		readertest.Bounded(n, c.size, func() { kept = make([]byte, c.memory) })
		if n.n != c.want {
			t.Errorf("%s: %d complaints, not %d", c.reason, n.n, c.want)
		}
	}
	kept = nil
}
