package branch

import (
	"context"
	"math"
)

// Tolerances of the tree: a pair holds where its smaller member is at most pairTol relative to the size of what it is made of, an integer
// variable where it is within integerTol of an integer.
const (
	pairTol    = 1e-7
	integerTol = 1e-6
)

// violation is how far pair k is from holding at x: the smaller of its two slacks.
func (p *problem) violation(k int, x []float64) (a, b float64) {
	pair := p.pairs[k]
	return p.slack(pair[0], x), p.slack(pair[1], x)
}

// manyPairs is the number of open pairs from which no strong branching holds up the way to the first incumbent.
const manyPairs = 100

// candidate is a pair that can be branched on.
type candidate struct {
	pair       int
	a, b       float64 // values of the members
	score      float64
	impossible [2]bool // the member cannot be zero
}

// chooseInteger returns the integer column whose value is farthest from an integer, -1 where all are integer.
func (w *worker) chooseInteger(x []float64) int {
	best, col := integerTol, -1
	for _, j := range w.p.integer {
		if f := math.Abs(x[j] - math.Round(x[j])); f > best {
			best, col = f, int(j)
		}
	}
	return col
}

// choosePair returns the open pair to branch on, and false where all pairs hold. Scores are products of the expected gains of the two
// branches, from pseudocosts where there are any; the best few whose pseudocosts rest on few solves are tried by short LP solves.
func (w *worker) choosePair(ctx context.Context, n *node, x []float64, value float64, fixed []uint8) (candidate, bool, error) {
	var list []candidate
	for k := range w.p.pairs[:w.p.real] {
		if fixed[k] != 0 {
			continue
		}
		a, b := w.p.violation(k, x)
		if math.Min(a, b) <= pairTol*w.p.scale[k] {
			continue
		}
		c := candidate{pair: k, a: a, b: b}
		c.score = score(w.costs.gain(k, 0, a), w.costs.gain(k, 1, b))
		list = append(list, c)
	}
	if len(list) == 0 {
		return candidate{}, false, nil
	}
	best := list[0]
	for _, c := range list {
		if c.score > best.score {
			best = c
		}
	}
	if w.t.opt.StrongCandidates <= 0 || math.IsNaN(value) || n.depth > 0 && math.IsInf(w.value, 1) && w.t.stat.OpenAfterProbe > manyPairs {
		return best, true, nil // a long way to the first incumbent: the dive is to get to the ground
	}
	return w.strong(ctx, list, best, value, fixed)
}

// score is the product of two gains, with a floor that lets one of them speak where the other is zero.
func score(a, b float64) float64 { return math.Max(a, 1e-9) * math.Max(b, 1e-9) }
