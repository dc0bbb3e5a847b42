package branch

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// Tolerances of the tree: a pair holds where its smaller member is at most pairTol relative to the size of what it is made of, an integer
// variable where it is within integerTol of an integer.
const (
	pairTol    = 1e-7
	integerTol = 1e-6
)

// violation is how far pair k is from holding at x: the smaller of its two slacks.
func (t *tree) violation(k int, x []float64) (a, b float64) {
	pair := t.p.pairs[k]
	return t.p.slack(pair[0], x), t.p.slack(pair[1], x)
}

// candidate is a pair that can be branched on.
type candidate struct {
	pair  int
	a, b  float64
	score float64
}

// chooseInteger returns the integer column whose value is farthest from an integer, -1 where all are integer.
func (t *tree) chooseInteger(x []float64) int {
	best, col := integerTol, -1
	for _, j := range t.p.integer {
		if f := math.Abs(x[j] - math.Round(x[j])); f > best {
			best, col = f, int(j)
		}
	}
	return col
}

// choosePair returns the open pair to branch on, and false where all pairs hold. Scores are products of the expected gains of the two
// branches, from pseudocosts where there are any; the best few whose pseudocosts rest on few solves are tried by short LP solves.
func (t *tree) choosePair(ctx context.Context, x []float64, value float64, fixed []uint8) (candidate, bool, error) {
	var list []candidate
	for k := range t.p.pairs[:t.p.real] {
		if fixed[k] != 0 {
			continue
		}
		a, b := t.violation(k, x)
		if math.Min(a, b) <= pairTol*size(t.scale[k]) {
			continue
		}
		c := candidate{pair: k, a: a, b: b}
		c.score = math.Max(t.gain(k, 0, a), 1e-9) * math.Max(t.gain(k, 1, b), 1e-9)
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
	if t.opt.StrongCandidates <= 0 || math.IsNaN(value) {
		return best, true, nil
	}
	return t.strong(ctx, list, best, value, fixed)
}

// gain estimates by how much the bound rises where a member with value v is set to zero.
func (t *tree) gain(pair, side int, v float64) float64 {
	c := &t.costs[pair][side]
	if c.n > 0 {
		return c.sum / float64(c.n) * v
	}
	if t.meanN > 0 {
		return t.meanSum / float64(t.meanN) * v
	}
	return v
}

// pseudocost is the mean gain of the bound for one unit of a member set to zero.
type pseudocost struct {
	sum float64
	n   int
}

func (t *tree) learn(pair, side int, amount, gain float64) {
	if amount <= 0 || math.IsNaN(gain) || math.IsInf(gain, 0) {
		return
	}
	u := math.Max(gain, 0) / amount
	c := &t.costs[pair][side]
	c.sum += u
	c.n++
	t.meanSum += u
	t.meanN++
}

// strong tries the branches of the most promising candidates whose pseudocosts are not yet reliable by LP solves of few iterations.
func (t *tree) strong(ctx context.Context, list []candidate, best candidate, value float64, fixed []uint8) (candidate, bool, error) {
	tried := 0
	bestScore := -1.0
	basis, ok := t.lp.lp.Basis(t.scratch)
	if !ok {
		return best, true, nil
	}
	t.scratch = basis
	for tried < t.opt.StrongCandidates {
		top := -1
		for i, c := range list {
			if !math.IsInf(c.score, -1) && (top < 0 || c.score > list[top].score) {
				top = i
			}
		}
		if top < 0 {
			break
		}
		c := list[top]
		list[top].score = math.Inf(-1)
		if t.costs[c.pair][0].n >= t.opt.Reliable && t.costs[c.pair][1].n >= t.opt.Reliable {
			if tried == 0 { // the most promising is reliable
				return c, true, nil
			}
			continue
		}
		tried++
		var gains [2]float64
		for side, v := range [2]float64{c.a, c.b} {
			g, err := t.trial(ctx, c.pair, side, value, fixed, basis)
			if err != nil {
				return best, true, err
			}
			gains[side] = g
			t.learn(c.pair, side, v, math.Min(g, 1e6*math.Max(1, math.Abs(value))))
		}
		if s := math.Max(gains[0], 1e-9) * math.Max(gains[1], 1e-9); s > bestScore {
			bestScore, best = s, c
		}
	}
	return best, true, nil
}

// trial solves the LP with one more member set to zero, for a few iterations, and returns the gain of the bound.
func (t *tree) trial(ctx context.Context, pair, side int, value float64, fixed []uint8, basis highs.Basis) (float64, error) {
	fixed[pair] |= 1 << side
	ok, err := t.lp.set(fixed, t.bounds)
	gain := math.Inf(1)
	if err == nil && ok {
		if err = t.lp.lp.SetIterationLimit(t.opt.StrongIterations); err == nil {
			var st highs.Status
			st, err = t.lp.lp.Solve(ctx)
			t.lp.iterations += t.lp.lp.Iterations()
			t.lp.solves++
			switch st {
			case highs.Optimal, highs.IterationLimit:
				gain = math.Max(0, t.lp.lp.Objective()-value)
				if math.IsNaN(gain) {
					gain = 0
				}
			case highs.Infeasible, highs.CutoffReached:
			default:
				gain = 0
			}
		}
	}
	fixed[pair] &^= 1 << side
	if e := t.lp.lp.SetIterationLimit(0); err == nil {
		err = e
	}
	if _, e := t.lp.set(fixed, t.bounds); err == nil {
		err = e
	}
	if e := t.lp.lp.SetBasis(basis); err == nil {
		err = e
	}
	if math.IsInf(gain, 1) {
		gain = 1e6 * math.Max(1, math.Abs(value))
	}
	return gain, err
}
