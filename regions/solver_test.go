package regions

import (
	"testing"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs"
)

// solver is HiGHS.
func solver(t *testing.T) backends.Backend {
	t.Helper()
	b, err := backends.Open("highs")
	if err != nil {
		t.Skip(err)
	}
	return b
}
