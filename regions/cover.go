package regions

import (
	"errors"
	"math"
)

// Beside the region of its answers a point may lie by rounding: up to strip without further thought, up to widest after the basis was computed afresh. A strip of that width is
// then given up.
const (
	strip  = 1e-8
	widest = 1e-6
)

// tries is how often a new inner point of a piece is drawn where rounding gets in the way.
const tries = 4

// mostUnknown is how many pieces may be divided because rounding hides the answer at a point of theirs.
const mostUnknown = 200

// cover enumerates the regions of a polytope, nil where nothing of the frame is left.
func (s *search) cover(f *frame, root *polytope) error {
	if root == nil {
		s.barren++
		return nil
	}
	c := &covering{search: s, f: f, root: root, known: newAtlas(f.dim), byKey: map[string]*region{}, stack: []*polytope{root}}
	for _, q := range s.cuts {
		if !c.exclude(q) {
			return nil
		}
	}
	for len(c.stack) > 0 && !s.ended {
		on := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		if err := s.ctx.Err(); err != nil {
			return err
		}
		for _, q := range c.cuts {
			if on = on.clip(q); on == nil {
				break
			}
		}
		if on == nil {
			continue
		}
		s.stat.Pieces++
		g, err := c.look(on)
		switch {
		case errors.Is(err, errDone):
			return nil
		case errors.Is(err, errUnknown):
			if err := c.unknown(on); err != nil {
				return err
			}
		case err != nil:
			return err
		case g != nil:
			c.without(on, g)
		}
	}
	return nil
}

// covering is the work on one frame.
type covering struct {
	*search
	f        *frame
	root     *polytope
	cuts     []plane // half-spaces with answers
	known    *atlas
	byKey    map[string]*region
	stack    []*polytope
	started  bool
	lost     error // why nothing is known of a point
	unknowns int
}

var (
	errDone    = errors.New("the followers have no answer in the frame")
	errUnknown = errors.New("rounding hides the answer")
)

// exclude takes a half-space without answers out of all pieces; it is false where nothing of the frame is left.
func (c *covering) exclude(q cut) bool {
	half, is := c.f.half(q.g, q.h)
	if is {
		c.cuts = append(c.cuts, half)
	} else if half.c < 0 {
		c.barren++
		return false
	}
	return true
}

// look finds the region about an inner point of a piece, nil where the piece has been changed and put back instead.
func (c *covering) look(on *polytope) (*region, error) {
	for range tries {
		v := on.inner(c.rand)
		if g := c.known.find(&v); g != nil {
			return g, nil
		}
		theta := c.f.theta(&v)
		if !c.started {
			c.restart(theta)
			c.started = true
		}
		q, err := c.walk(theta)
		if err != nil {
			c.lost = err
			continue
		}
		if q != nil {
			c.stat.Cuts++
			c.search.cuts = append(c.search.cuts, *q)
			if !c.exclude(*q) {
				return nil, errDone
			}
			c.stack = append(c.stack, on)
			return nil, nil
		}
		g, err := c.region(&v)
		if errors.Is(err, errUnknown) {
			c.restart(theta)
			continue
		}
		if err != nil || g.on != nil {
			return g, err
		}
		// A sliver: its leaf is solved, and the piece is divided along it.
		if c.stat.Thin++; c.stat.Thin > 1000+10*c.stat.Regions {
			return nil, errSlivers
		}
		if err := c.solve(g.tight); err != nil {
			return nil, err
		}
		c.stack = append(c.stack, on.divide(g.nearest(&v), &v)...)
		return nil, nil
	}
	return nil, errUnknown
}

// region is the region of the bases at hand, which are optimal at v: a new one is closed and listed.
func (c *covering) region(v *[mostParameters]float64) (*region, error) {
	key := basis(c.ts)
	g, old := c.byKey[key]
	if !old {
		if !c.verified() {
			c.lost = &lostError{"", "an answer does not solve the follower's problem"}
			return nil, errUnknown
		}
		g = newRegion(c.ts, c.f, c.root)
	}
	off := g.beside(v)
	if off > strip && c.sharpen() { // what an inexact tableau took for a side may be none
		g, old = newRegion(c.ts, c.f, c.root), false
		off = g.beside(v)
	}
	if off > widest { // a basis that rounding has led to
		c.lost = &lostError{"", "a point lies beside the region of its answers"}
		return nil, errUnknown
	}
	if old || g.on == nil {
		return g, nil
	}
	if c.byKey[key] == nil {
		c.stat.Regions++
	}
	c.byKey[key] = g
	c.known.add(g)
	if err := c.found(c.f, g); err != nil {
		return nil, err
	}
	g.sides = nil
	if c.opt.MaxRegions > 0 && c.stat.Regions >= c.opt.MaxRegions {
		return nil, errBudget
	}
	c.progress()
	return g, nil
}

// without puts back what a piece has beyond the sides of a region.
func (c *covering) without(on *polytope, g *region) {
	for _, q := range g.on.planes {
		out := on.clip(q.opposite())
		if out == nil {
			continue
		}
		if out == on { // rounding moved the side past the piece: what is beyond the strip of doubt remains
			c.stat.Thin++
			q = q.opposite()
			q.c -= 3 * widest
			if out := on.clip(q); out != nil {
				c.stack = append(c.stack, out)
			}
			c.given++
			return
		}
		c.stack = append(c.stack, out)
		if on = on.clip(q); on == nil {
			return
		}
	}
}

// unknown divides a piece of which nothing is known, down to where it counts as nothing.
func (c *covering) unknown(on *polytope) error {
	c.stat.Thin++
	if c.unknowns++; c.unknowns > mostUnknown {
		return c.lost
	}
	lo, hi := on.box()
	wide := 0
	for k := range c.f.dim {
		if hi[k]-lo[k] > hi[wide]-lo[wide] {
			wide = k
		}
	}
	if hi[wide]-lo[wide] > widest {
		var q plane
		q.n[wide] = 1
		v := on.inner(c.rand)
		c.stack = append(c.stack, on.divide(q, &v)...)
		return nil
	}
	c.given++
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

// domain is the root polytope of a frame, without what the parameters' bounds, where the frame goes beyond them, and the leader's inequalities on the parameters alone exclude; nil where that is
// all of it.
func (s *search) domain(f *frame) *polytope {
	on := f.root()
	// within cuts the half-space g·θ >= e off; it is false where nothing is left.
	within := func(g []float64, e float64) bool {
		q, is := f.half(g, -e)
		if !is {
			return true
		}
		if cut := on.clip(q); cut != nil {
			on = cut
			return true
		}
		for i := range on.corners {
			if q.at(&on.corners[i].v) > -widest { // what is thin is left to the leaves
				return true
			}
		}
		return false
	}
	for k := range s.p.params {
		if !f.scarce[k] {
			continue
		}
		d, end := -1.0, s.p.hi[k]
		if f.scale[k] < 0 {
			d, end = 1, s.p.lo[k]
		}
		g := make([]float64, len(s.p.params))
		if g[k] = d; !math.IsInf(end, 0) && !within(g, d*end) {
			return nil
		}
	}
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
			if !within(h, e.d*e.at) {
				return nil
			}
		}
	}
	return on
}
