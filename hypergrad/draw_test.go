package hypergrad

import (
	"math"
	"testing"
)

// TestBatchesByShare draws from batches of which the last is much shorter.
func TestBatchesByShare(t *testing.T) {
	r := &sampledRun{}
	blocks := cut(inOrder(1024), 1000)
	last, draws := 0, 200000
	for range draws {
		if r.drawBlock(blocks) == 1 {
			last++
		}
	}
	share := 24. / 1024
	if got := float64(last) / float64(draws); math.Abs(got-share) > 5*math.Sqrt(share/float64(draws)) {
		t.Errorf("the batch of 24 of 1024 samples came in a share of %v of the draws, should be %v", got, share)
	}
}
