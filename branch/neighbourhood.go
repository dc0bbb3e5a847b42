package branch

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/backends/highs"
)

// nearClock says at which nodes a dive near the incumbent starts: every nearEvery nodes, and less often while that finds nothing. The dives may
// take a twentieth of the iterations.
type nearClock struct {
	node, next, failures, iterations int
	rand                             *rand.Rand
	exchanged                        float64 // the value of the point whose neighbours have all been looked at
	cut                              bool    // the last exchange came to the end of its budget: a dive first, then it goes on
}

// nearFirst is the node of the first dive near the incumbent, nearEvery the least number of nodes between two, which doubles after every nearPatience that brought nothing.
const (
	nearFirst    = 1000
	nearEvery    = 100
	nearPatience = 4
)

func (c *nearClock) due() bool {
	c.node++
	return c.node >= c.next && c.node >= nearFirst
}

// called notes a dive and whether it brought a better point.
func (c *nearClock) called(better bool) {
	if better {
		c.failures = 0
	} else {
		c.failures++
	}
	c.next = c.node + nearEvery<<min(c.failures/nearPatience, 14)
}

// shares are the parts of what the incumbent and the node agree on that the dives keep, one after the other.
var shares = [...]float64{0.9, 0.6, 0.8, 0.4, 0.7}

// near dives between a node and the incumbent: the pairs of which both have the same member at zero keep it, all but some drawn at random, and the others are
// rounded as in round. The part of the problem that is left is small, and it holds what the two have in common.
//
// Source: Danna, Rothberg and Le Pape (2005), relaxation induced neighbourhoods.
func (w *worker) near(ctx context.Context, x []float64) error {
	mark := w.prop.mark()
	defer w.prop.undo(mark)
	c := &w.nearby
	if c.rand == nil {
		c.rand = rand.New(rand.NewPCG(3, 5))
	}
	share := shares[c.failures%len(shares)]
	pattern, _ := w.p.pattern(w.best)
	for k := range w.p.pairs[:w.p.real] {
		if w.prop.fixed[k] != 0 || pattern[k] != 1 && pattern[k] != 2 {
			continue
		}
		side := int(pattern[k] - 1)
		v, b := w.p.violation(k, x)
		if side == 1 {
			v = b
		}
		if v > pairTol*w.p.scale[k] || c.rand.Float64() >= share {
			continue
		}
		w.prop.fix(k, side)
	}
	if !w.prop.settle() {
		return nil
	}
	st, v, err := w.solveFixed(ctx)
	if err != nil || st != highs.Optimal || w.prune(v) {
		return err
	}
	return w.round(ctx, w.lp.x[:w.lp.n])
}

// seekNear is near with its accounts.
func (w *worker) seekNear(ctx context.Context, x []float64) error {
	before, from := w.value, w.lp.iterations
	var err error
	if !w.nearby.cut && w.value < w.nearby.exchanged-1e-9*math.Abs(w.value) {
		var done bool
		if done, err = w.exchange(ctx); done {
			w.nearby.exchanged = w.value
		}
		w.nearby.cut = !done
	} else {
		err = w.near(ctx, x)
		w.nearby.cut = false
		if w.value < before {
			w.out.stat.NearPoints++
		}
	}
	w.nearby.iterations += w.lp.iterations - from + 2*w.p.rows // going there and back costs pivots that nobody counts
	w.nearby.called(w.value < before)
	return err
}
