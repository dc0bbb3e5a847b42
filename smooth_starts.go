package bilevel

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// starts are the points that a local method sets out from, in the last model of a chain. The first is the start that was given, or that of
// the model, or zero within the bounds. The others are a Latin hypercube sample of the variables that are drawn, with the seed of the options.
type starts struct {
	s      *solver
	a      *attempt
	first  []float64  // of the first model
	lo, hi []float64  // see reform.ImpliedBox
	drawn  []int      // variables of the first model that are drawn
	sample *mat.Dense // by start after the first: a number in (0, 1) for each of drawn
}

// newStarts draws n-1 points besides the start. With followers their variables are not drawn, for they answer.
func (s *solver) newStarts(a *attempt, n int) *starts {
	t := &starts{s: s, a: a}
	t.first, _ = s.m.StartPoint()
	if s.opt.Start != nil && len(s.opt.Start.X) == len(t.first) {
		t.first = s.opt.Start.X
	}
	t.lo, t.hi = reform.ImpliedBox(s.m)
	for j := 0; j < s.m.NumVars(); j++ {
		lo, hi := t.lo[j], t.hi[j]
		if _, dual := s.m.DualOf(j); lo < hi && s.m.VarOwner(j) == 0 && !dual {
			t.drawn = append(t.drawn, j)
		}
	}
	if n <= 1 || len(t.drawn) == 0 {
		return t
	}
	src := rand.NewPCG(uint64(s.opt.Seed), 0x9e3779b97f4a7c15)
	t.sample = mat.NewDense(n-1, len(t.drawn), nil)
	samplemv.LatinHypercube{Q: distmv.NewUnitUniform(len(t.drawn), src), Src: src}.Sample(t.sample)
	return t
}

// farAway is the width of a range, relative to the start, beyond which it is drawn from a part about the start only.
const farAway = 1e4

// spread is the range that variable j is drawn from: the bounds that the affine constraints of both levels imply, and where one is missing or
// far away, a range about the start. Every other point keeps to the neighbourhood of the start.
func (t *starts) spread(j, k int) (lo, hi float64) {
	lo, hi = t.lo[j], t.hi[j]
	c := math.Min(math.Max(t.first[j], lo), hi)
	size := math.Max(1, math.Abs(c))
	near := 2 * size
	if k%2 == 0 {
		near = 10 * size
	}
	if k%2 == 1 && hi-lo > farAway*size || math.IsInf(lo, -1) {
		lo = math.Max(lo, c-near)
	}
	if k%2 == 1 && hi-lo > farAway*size || math.IsInf(hi, 1) {
		hi = math.Min(hi, c+near)
	}
	return lo, hi
}

// point is start k in the last model of the chain: drawn, answered by the followers, and with the multipliers filled in. Where the
// followers have no answer, or none can be computed, it is the point as drawn with the multipliers at zero.
func (t *starts) point(ctx context.Context, k int) *model.Point {
	x := append([]float64(nil), t.first...)
	if k > 0 {
		for i, j := range t.drawn {
			lo, hi := t.spread(j, k)
			x[j] = lo + t.sample.At(k-1, i)*(hi-lo)
		}
	}
	if k == 0 && t.s.warm != nil {
		x = t.s.warm.X
	}
	if p := t.s.answered(ctx, t.a, x); p != nil {
		if q, err := t.a.chain.Recover(p); err == nil {
			t.s.remember(q)
		}
		return p
	}
	last := t.a.chain.Model()
	y, _ := last.StartPoint()
	copy(y, x)
	return &model.Point{X: y}
}

// count is the number of starts.
func (t *starts) count() int {
	if t.sample == nil {
		return 1
	}
	n, _ := t.sample.Dims()
	return n + 1
}

// sayingStarts notes that Options.Multistart was given to a way that sets out from no points: one that searches everything, by a backend that takes no
// start. Where the way global is chosen by itself, local ones may have gone before it, and nothing is said.
func (r *Result) sayingStarts(s *solver) *Result {
	if r == nil || s.opt.Multistart == 0 || r.Backend != "branch" && r.Backend != "highs" && r.Backend != "lpsolve" || contains(r.Plan, globalWay) && !s.asksForGlobal() {
		return r
	}
	r.Notes = append(r.Notes, "the number of starts (multistart) made no difference: this way searches all points and sets out from none")
	return r
}
