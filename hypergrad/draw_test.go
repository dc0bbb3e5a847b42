package hypergrad

import (
	"math"
	"slices"
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

// aheadProblem keeps the batches that it was asked for and those that were named to it.
type aheadProblem struct {
	Sampled
	asked, named [2][]int // by the first sample
}

func (p *aheadProblem) Ahead(follower, leader []int) {
	p.named[0], p.named[1] = append(p.named[0], follower[0]), append(p.named[1], leader[0])
}

func (p *aheadProblem) FollowerBatch(batch []int, x, y, gx, gy []float64) float64 {
	p.asked[0] = append(p.asked[0], batch[0])
	return p.Sampled.FollowerBatch(batch, x, y, gx, gy)
}

func (p *aheadProblem) LeaderBatch(batch []int, x, y, gx, gy []float64) float64 {
	p.asked[1] = append(p.asked[1], batch[0])
	return p.Sampled.LeaderBatch(batch, x, y, gx, gy)
}

// termsOf is a sum of many terms, each f = (y-x-i)²/2 and F = (y-i)²/2.
type termsOf struct {
	Functions
	follower, leader int
}

func (p *termsOf) Samples() (follower, leader int) { return p.follower, p.leader }
func (p *termsOf) LeaderBatch(_ []int, x, y, gx, gy []float64) float64 {
	return p.Leader(x, y, gx, gy)
}
func (p *termsOf) FollowerBatch(_ []int, x, y, gx, gy []float64) float64 {
	return p.Follower(x, y, gx, gy)
}
func (p *termsOf) HessianBatch(_ []int, x, y, v, hv []float64) { p.Hessian(x, y, v, hv) }
func (p *termsOf) MixedBatch(_ []int, x, y, v, cv []float64)   { p.Mixed(x, y, v, cv) }

// TestAhead: what single-loop methods name is what they ask for next, and naming it does not change a run.
func TestAhead(t *testing.T) {
	plain := &termsOf{Functions: Functions{N: 1, M: 1,
		F: func(x, y, gx, gy []float64) float64 {
			clear(gx)
			if gy != nil {
				gy[0] = y[0] - 1
			}
			return (y[0] - 1) * (y[0] - 1) / 2
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			d := y[0] - x[0]
			if gx != nil {
				gx[0] = -d
			}
			if gy != nil {
				gy[0] = d
			}
			return d * d / 2
		}}, follower: 1010, leader: 2020}
	for _, m := range []Method{SOBA{}, SABA{}, SRBA{Period: 1 << 20}, FSLA{}} {
		opt := SampledOptions{Method: m, Batch: 10, Seed: 4, MaxIterations: 60, Tolerance: 1e-300, CheckEvery: 1 << 40}
		watched := &aheadProblem{Sampled: plain}
		a, err := MinimizeSampled(t.Context(), plain, []float64{3}, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		b, err := MinimizeSampled(t.Context(), watched, []float64{3}, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		if a.X[0] != b.X[0] {
			t.Errorf("%s: %v, and %v where batches are named", m.Name(), a.X, b.X)
		}
		for k := range watched.asked {
			asked := slices.Compact(watched.asked[k]) // some methods ask for a batch at two points
			named := slices.Compact(watched.named[k])
			if len(asked) < 30 || len(named) < 30 {
				t.Fatalf("%s: %d batches asked for, %d named", m.Name(), len(asked), len(named))
			}
			// The first of all is not named, nor is the last one named asked for. SRBA draws a batch in its first iteration, which is whole, and asks for none.
			from := slices.Index(asked, named[0])
			if from < 0 || from > 1 || !slices.Equal(asked[from:], named[:len(asked)-from]) {
				t.Errorf("%s: asked for %v, named %v", m.Name(), asked, named)
			}
		}
	}
}

// TestPairs: pairs are what batches drawn one by one are, whether something else is drawn between or not.
func TestPairs(t *testing.T) {
	blocks := [2][][]int{cut(inOrder(1024), 10), cut(inOrder(2000), 10)}
	one, two := &sampledRun{blocks: blocks, o: &oracles{}}, &sampledRun{blocks: blocks, o: &oracles{ahead: &aheadProblem{}}}
	for k := range 1000 {
		if k%7 == 3 {
			one.random.bits()
			two.random.bits()
		}
		i, _ := one.followerBatch()
		j, _ := one.leaderBatch()
		if a, b := two.pair(); a != i || b != j || one.random != two.random {
			t.Fatalf("pair %d is %d and %d, one by one %d and %d", k, a, b, i, j)
		}
	}
}
