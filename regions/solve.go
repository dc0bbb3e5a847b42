package regions

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of an enumeration. The zero value of each field is its default.
type Options struct {
	Gap        float64 // relative gap up to which a leaf need not be looked into; default 1e-6
	MaxRegions int     // after which the enumeration ends without a proof; 0: none
	Seed       uint64
	Progress   func(Statistics) // called now and then; nil: nobody asks
}

// Statistics say what an enumeration did.
type Statistics struct {
	Regions   int     // critical regions
	Thin      int     // of regions that are too thin to tell apart, of which only the leaf is solved
	Pieces    int     // convex pieces of the leader's box that were looked at
	Pivots    int     // of the followers' bases
	Leaves    int     // that were solved as programs of their own
	Pruned    int     // regions that tangents of the leader's value closed
	Faces     int     // patterns of faces, where the followers may have ties
	Cuts      int     // half-spaces without answers
	Incumbent float64 // as declared, NaN without
	Bound     float64
}

// Result is the outcome of an enumeration. Objective and Bound are in the sense of the leader's objective as declared, NaN where there is none.
type Result struct {
	Status     model.Status
	Proof      model.Proof
	X          []float64 // of the optimality conditions, nil without a point
	Objective  float64
	Bound      float64
	Statistics Statistics
	Why        string // why there is no proof, "" where there is one
}

// Beside the region of its answers a point may lie by rounding: up to strip without further thought, up to widest after the basis was computed afresh. A strip of that width is
// then given up.
const (
	strip  = 1e-8
	widest = 1e-6
)

// tries is how often a new inner point of a piece is drawn where rounding gets in the way.
const tries = 4

// search is an enumeration under way. Values are those of the minimised objective.
type search struct {
	p      *Problem
	opt    Options
	ctx    context.Context
	rand   *rand.Rand
	ts     []*tableau
	leaf   *leaves
	values *values
	cuts   []cut
	done   map[string]bool // patterns of leaves
	stat   Statistics

	best  []float64 // of the optimality conditions, or without their multipliers
	of    [][]bool  // the pattern of best where the multipliers are to come yet
	value float64
	open  float64 // the least bound of leaves that were not closed
	why   string
	ended bool // unbounded

	barren   int // frames without an answer of some follower
	failures int
	found    func(f *frame, g *region) error // what is done with each region
}

// errBudget ends an enumeration.
var errBudget = errors.New("the number of regions has reached its limit")

// errSlivers ends one that does not get ahead.
var errSlivers = errors.New("too many regions are too thin to tell apart")

// mostFailures is how many pieces may be divided because rounding hides the answer at a point of theirs.
const mostFailures = 200

// Solve enumerates the critical regions and returns the best point of all. It is exact up to the tolerances that the package's comment names. Errors are of type *NotForError, or those of
// a solver that broke; a stop by ctx is a result.
func (p *Problem) Solve(ctx context.Context, opt Options) (*Result, error) {
	if opt.Gap == 0 {
		opt.Gap = 1e-6
	}
	s := &search{p: p, opt: opt, ctx: ctx, rand: rand.New(rand.NewPCG(opt.Seed, 7)), done: map[string]bool{}, value: math.Inf(1), open: math.Inf(1)}
	var err error
	if s.leaf, err = newLeaves(p); err != nil {
		return nil, err
	}
	defer s.leaf.close()
	relaxed, empty, err := s.leaf.relaxation(ctx)
	if err != nil {
		return nil, err
	}
	if empty {
		return s.result(math.Inf(1))
	}
	var none string
	if s.ts, none, err = p.tableaus(s.rand); err != nil {
		return nil, err
	}
	if none != "" {
		s.why = ""
		return s.result(math.Inf(1))
	}
	s.values, s.found = newValues(p), s.close
	found := false
	frames := newFrames(p.lo, p.hi)
	for _, f := range frames {
		n := s.stat.Regions
		err := s.cover(&f, s.domain(&f))
		found = found || s.stat.Regions > n
		var lost *lostError
		switch {
		case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded), errors.Is(err, errBudget), errors.Is(err, errSlivers), errors.As(err, &lost), errors.Is(err, errSteps):
			s.why, s.open = err.Error(), math.Min(s.open, relaxed)
			return s.result(relaxed)
		case err != nil:
			return nil, err
		}
		if s.ended {
			break
		}
	}
	if !found && !s.ended && s.barren < len(frames) {
		return nil, &NotForError{"", "the decisions to which all followers have answers have no interior"}
	}
	return s.result(relaxed)
}

// domain is the root polytope of a frame, without what the leader's inequalities on the parameters alone exclude.
func (s *search) domain(f *frame) *polytope {
	on := f.root()
	place := map[int32]int{}
	for k, j := range s.p.params {
		place[int32(j)] = k
	}
	for r := range s.p.m.NumRows() {
		lo, hi := s.p.m.RowBounds(r)
		if s.p.m.RowOwner(r) != 0 || lo == hi {
			continue
		}
		idx, val := s.p.m.RowAffine(r)
		g, alone := make([]float64, len(s.p.params)), len(idx) > 0
		for t, j := range idx {
			k, is := place[j]
			if alone = alone && is; !alone {
				break
			}
			g[k] = val[t]
		}
		if !alone {
			continue
		}
		for _, e := range [2]struct{ d, at float64 }{{1, lo}, {-1, hi}} {
			if math.IsInf(e.at, 0) {
				continue
			}
			h := make([]float64, len(g))
			for k := range g {
				h[k] = e.d * g[k]
			}
			if q, is := f.half(h, -e.d*e.at); is {
				if cut := on.clip(q); cut != nil { // what is thin is left to the leaves
					on = cut
				}
			}
		}
	}
	return on
}

// cover enumerates the regions of a polytope.
func (s *search) cover(f *frame, root *polytope) error {
	stack := []*polytope{root}
	regions := newAtlas(f.dim)
	byKey := map[string]*region{}
	cuts := make([]plane, 0, len(s.cuts))
	for _, c := range s.cuts {
		if q, is := f.half(c.g, c.h); is {
			cuts = append(cuts, q)
		} else if q.c < 0 {
			s.barren++
			return nil
		}
	}
	started := false
	s.failures = 0
pieces:
	for len(stack) > 0 && !s.ended {
		on := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if err := s.ctx.Err(); err != nil {
			return err
		}
		for _, q := range cuts {
			if on = on.clip(q); on == nil {
				continue pieces
			}
		}
		s.stat.Pieces++
		var g *region
		var err error
		for range tries {
			v := on.inner(s.rand)
			if g = regions.find(&v); g != nil {
				break
			}
			theta := f.theta(&v)
			if !started {
				for _, t := range s.ts {
					t.reset(theta)
				}
				started = true
			}
			var c *cut
			if c, err = s.walk(theta); err != nil {
				continue
			}
			if c != nil {
				s.stat.Cuts++
				s.cuts = append(s.cuts, *c)
				q, is := f.half(c.g, c.h)
				if !is {
					s.barren++
					return nil
				}
				cuts = append(cuts, q)
				stack = append(stack, on)
				continue pieces
			}
			key := basis(s.ts)
			if g = byKey[key]; g == nil {
				if !s.verified() {
					err = &lostError{"", "an answer does not solve the follower's problem"}
					s.restart(theta)
					continue
				}
				g = newRegion(s.ts, f, root)
			}
			off := g.beside(&v)
			if off > strip && s.sharpen() {
				if sharp := newRegion(s.ts, f, root); sharp.on != nil || byKey[key] == nil {
					if byKey[key] != nil { // what an inexact tableau took for a side
						*g = *sharp
						regions.add(g)
					} else {
						g = sharp
					}
					off = g.beside(&v)
				}
			}
			if off > widest { // a basis that rounding has led to
				err = &lostError{"", "a point lies beside the region of its answers"}
				g = nil
				s.restart(theta)
				continue
			}
			if byKey[key] == nil {
				if g.on == nil { // a sliver: its leaf is solved, and the piece is divided along it
					s.stat.Thin++
					if err := s.solve(g.tight); err != nil {
						return err
					}
					if s.stat.Thin > 1000+10*s.stat.Regions {
						return errSlivers
					}
					q := g.nearest(&v)
					stack = append(stack, on.divide(q, &v)...)
					continue pieces
				}
				byKey[key] = g
				regions.add(g)
				s.stat.Regions++
				if err := s.found(f, g); err != nil {
					return err
				}
				if s.opt.MaxRegions > 0 && s.stat.Regions > s.opt.MaxRegions {
					return errBudget
				}
				s.progress()
			}
			break
		}
		if g == nil { // nothing is known of the point: the piece is divided, down to where it counts as nothing
			lo, hi := on.box()
			wide := 0
			for k := range f.dim {
				if hi[k]-lo[k] > hi[wide]-lo[wide] {
					wide = k
				}
			}
			s.stat.Thin++
			if s.failures++; s.failures > mostFailures {
				return err
			}
			if hi[wide]-lo[wide] > widest {
				var q plane
				q.n[wide] = 1
				v := on.inner(s.rand)
				stack = append(stack, on.divide(q, &v)...)
			}
			continue
		}
		rest := on
		for _, q := range g.on.planes {
			if out := rest.clip(q.opposite()); out != nil {
				if out == rest { // rounding moved the side past the piece: what is beyond the strip of doubt remains
					s.stat.Thin++
					q = q.opposite()
					q.c -= 3 * widest
					if out := rest.clip(q); out != nil {
						stack = append(stack, out)
					}
					continue pieces
				}
				stack = append(stack, out)
				if rest = rest.clip(q); rest == nil {
					break
				}
			}
		}
	}
	return nil
}

// walk makes the bases of all followers optimal at θ.
func (s *search) walk(theta []float64) (*cut, error) {
	for _, t := range s.ts {
		before := t.pivots
		c, err := t.walkTo(theta)
		s.stat.Pivots += t.pivots - before
		if c != nil || err != nil {
			return c, err
		}
	}
	return nil, nil
}

// sharpen computes the bases at hand afresh, with a correction of what that leaves.
func (s *search) sharpen() bool {
	for _, t := range s.ts {
		if !t.refresh() || !t.feasible(t.point) {
			return false
		}
		t.refine()
	}
	return true
}

// restart makes the next walk begin at the first bases.
func (s *search) restart(theta []float64) {
	for _, t := range s.ts {
		t.reset(theta)
	}
}

// verified holds the bases' affine answers against the problems as given, after a correction where that is worth it.
func (s *search) verified() bool {
	for _, t := range s.ts {
		r := t.residual()
		if r > precise {
			t.refine()
			r = t.residual()
		}
		if r > precise {
			if !s.sharpen() {
				return false
			}
			r = t.residual()
		}
		if r > accuracy {
			return false
		}
	}
	return true
}

// cutoff is the value below which a point counts as better.
func (s *search) cutoff() float64 {
	if math.IsInf(s.value, 1) {
		return s.value
	}
	return s.value - math.Max(1e-9, 0.5*s.opt.Gap*math.Abs(s.value))
}

// close finds the best point of a new region, the one of the bases at hand, and of those of its faces on which there may be ties.
func (s *search) close(f *frame, g *region) error {
	if s.values != nil {
		for _, t := range s.ts {
			_, z := t.answer()
			g.answers = append(g.answers, z)
		}
		closed := s.values.above(f, g, s.cutoff(), func(value float64, theta, x []float64) float64 {
			if s.leaf.integer || len(s.leaf.own) > 0 {
				return s.cutoff() // the point is one of a relaxation
			}
			s.take(value, theta, x, g)
			return s.cutoff()
		})
		g.answers = nil
		if closed {
			s.stat.Pruned++
			return nil
		}
	}
	if err := s.solve(g.tight); err != nil || s.p.determined {
		return err
	}
	for _, pattern := range facePatterns(g, s.ts, f) {
		s.stat.Faces++
		if err := s.solve(pattern); err != nil {
			return err
		}
	}
	return nil
}

// take makes a point of a determined problem the incumbent.
func (s *search) take(value float64, theta, x []float64, g *region) {
	p := s.p
	out := make([]float64, p.m.NumVars())
	for j := range out {
		if lo, hi := p.m.VarBounds(j); lo == hi {
			out[j] = lo
		}
	}
	for c, j := range s.values.vars {
		out[j] = x[c]
	}
	for k, j := range p.params {
		out[j] = theta[k]
	}
	for q, fol := range p.followers {
		for j, i := range fol.index {
			z := g.answers[q][i][0]
			for k, th := range theta {
				z += g.answers[q][i][k+1] * th
			}
			out[j] = fol.shift[i] + fol.sign[i]*z
		}
	}
	s.value, s.best, s.of = value, out, g.tight
}

// complete solves the leaf of a point that has no multipliers yet.
func (s *search) complete() error {
	if s.of == nil {
		return nil
	}
	ctx := s.ctx
	if ctx.Err() != nil { // the point was found in time
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
	}
	v, err := s.leaf.solve(ctx, s.of, math.Inf(1))
	if err != nil {
		return err
	}
	if s.of, s.best = nil, v.x; v.x == nil {
		s.value, s.open, s.why = math.Inf(1), math.Inf(-1), "the best region has no point to the tolerances of the solver"
		return nil
	}
	s.value = math.Min(v.value, s.value)
	return nil
}

// solve closes the leaf of a pattern, once.
func (s *search) solve(pattern [][]bool) error {
	key := patternKey(pattern)
	if s.done[key] {
		return nil
	}
	s.done[key] = true
	v, err := s.leaf.solve(s.ctx, pattern, s.cutoff())
	s.stat.Leaves++
	if err != nil {
		return err
	}
	if v.x != nil && v.value < s.value {
		s.value, s.best, s.of = v.value, slices.Clone(v.x), nil
	}
	switch {
	case v.status == highs.Unbounded:
		s.ended = true
	case v.status != highs.Optimal && v.status != highs.Infeasible:
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if s.why == "" {
			s.why = fmt.Sprintf("the solver left a region open (%v)", v.status)
		}
		s.open = math.Min(s.open, v.bound)
	default:
		if v.bound < s.value {
			s.open = math.Min(s.open, math.Max(v.bound, math.Inf(-1)))
		}
	}
	return nil
}

func (s *search) progress() {
	if s.opt.Progress == nil || s.stat.Regions%50 != 0 {
		return
	}
	t := s.stat
	t.Incumbent, t.Bound = math.NaN(), math.NaN()
	if !math.IsInf(s.value, 1) {
		t.Incumbent = s.leaf.sign * s.value
	}
	s.opt.Progress(t)
}

// result states what was found; relaxed is a bound that holds without an enumeration.
func (s *search) result(relaxed float64) (*Result, error) {
	if err := s.complete(); err != nil {
		return nil, err
	}
	r := &Result{X: s.best, Objective: math.NaN(), Bound: math.NaN(), Statistics: s.stat, Why: s.why}
	if s.best != nil {
		r.Objective = s.leaf.sign * s.value
	}
	r.Statistics.Incumbent, r.Statistics.Bound = r.Objective, math.NaN()
	complete := s.why == ""
	switch {
	case s.ended:
		r.Status, r.Proof = model.StatusUnbounded, model.ProofUnbounded
		return r, nil
	case complete && s.best == nil:
		r.Status, r.Proof = model.StatusInfeasible, model.ProofInfeasible
		return r, nil
	case complete:
		r.Status, r.Proof = model.StatusOptimal, model.ProofGlobal
		bound := math.Min(s.cutoff(), math.Min(s.open, s.value))
		if s.stat.Pruned == 0 {
			bound = math.Min(s.value, s.open)
		}
		r.Bound = s.leaf.sign * math.Max(bound, math.Min(relaxed, s.value))
	default:
		r.Status, r.Proof = model.StatusLimit, model.ProofNone
		if s.best != nil {
			r.Status, r.Proof = model.StatusFeasible, model.ProofFeasible
		}
		if bound := math.Max(relaxed, math.Min(s.open, s.value)); !math.IsInf(bound, 0) {
			r.Bound = s.leaf.sign * math.Min(bound, s.value)
		}
	}
	r.Statistics.Bound = r.Bound
	return r, nil
}
