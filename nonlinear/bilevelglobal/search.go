package bilevelglobal

import (
	"container/heap"
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/verify"
)

// box is a part of the search: ranges of all variables, and the members of pairs that are held at zero.
type box struct {
	in     []expr.Interval
	zero   []int8 // by pair: 0 open, 1 the first member, 2 the second
	bound  float64
	depth  int
	number int
}

// queue holds boxes, the one with the least bound first.
type queue []*box

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].bound != q[j].bound {
		return q[i].bound < q[j].bound
	}
	return q[i].number < q[j].number
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for container/heap.
func (q *queue) Push(x any) { *q = append(*q, x.(*box)) }

// Pop is for container/heap.
func (q *queue) Pop() any {
	n := len(*q)
	b := (*q)[n-1]
	*q = (*q)[:n-1]
	return b
}

// search is one call of Solve.
type search struct {
	p         *problem
	opt       Options
	start     time.Time
	followers *model.FollowerProblems
	stats     Statistics
	open      queue
	numbers   int
	// undecided is the least bound of the boxes that could not be divided.
	undecided float64

	best []float64 // the incumbent, nil for none
	cost float64   // its objective in minimisation form, +Inf without
	cert *verify.Certificate
	// reserve is the best point that is held back, see cleanPart.
	reserve incumbent
	// While gathering, points that are verified by searches are only collected.
	gathering bool
	gathered  []incumbent
	polishing bool // a point is worth checking however little better it is
	tried     [][]float64
	vals      []expr.Interval
	sides     []side
	widths    []float64 // of the first box, for comparison
	told      time.Time
	halted    bool // Progress asked for the end
	// assumed are the bounds beyond which boxes were given up.
	assumed []Assumed

	problem *mpcc.Problem // see local
	next    int           // box after which a local search is made
}

// target is the cost below which points are searched for.
func (s *search) target() float64 {
	if math.IsInf(s.cost, 1) {
		return s.cost
	}
	return s.cost - s.opt.Gap*math.Max(1, math.Abs(s.cost))
}

// bound is the cost that no bilevel-feasible point is below.
func (s *search) bound() float64 {
	b := math.Min(s.target(), s.undecided)
	if len(s.open) > 0 {
		b = math.Min(b, s.open[0].bound)
	}
	return b
}

// run looks at boxes until none is left.
func (s *search) run(ctx context.Context, first *box) {
	heap.Push(&s.open, first)
	for len(s.open) > 0 && ctx.Err() == nil && !s.halted {
		if s.opt.MaxNodes > 0 && s.stats.Nodes >= s.opt.MaxNodes {
			return
		}
		b := heap.Pop(&s.open).(*box)
		if b.bound >= s.target() {
			s.stats.ByBound++
			continue
		}
		s.stats.Nodes++
		children := s.look(ctx, b)
		if ctx.Err() != nil {
			heap.Push(&s.open, b) // what was found of it may be cut short
			return
		}
		for _, c := range children {
			heap.Push(&s.open, c)
		}
		s.tell(false)
	}
}

// look bounds a box and divides it; nothing is returned where it holds no point that is sought.
func (s *search) look(ctx context.Context, b *box) []*box {
	if !s.contract(b, nil) {
		s.stats.Contracted++
		return nil
	}
	mid := make([]float64, len(b.in))
	for j, v := range b.in {
		mid[j] = middle(v)
	}
	if s.stats.Nodes <= 20 || b.depth%2 == 0 {
		for _, f := range s.p.followers {
			if !f.near(b.in) {
				s.respond(ctx, f, mid[:s.p.n])
			}
		}
	}
	cuts := s.cuts(b, mid, 3)
	if !s.contract(b, cuts) {
		s.stats.Contracted++
		return nil
	}
	r := s.relaxation(b, cuts, nil)
	v := s.bounded(ctx, r)
	if v.x != nil && !v.empty && v.bound < s.target() {
		// Once more, with tangents and seeds at the point.
		at := s.pointOf(v.x)
		cuts = append(cuts, s.cuts(b, at, 2)...)
		w := s.bounded(ctx, s.relaxation(b, cuts, v.x))
		if w.bound < v.bound {
			w.bound = v.bound
		}
		if w.x == nil {
			w.x = v.x
		}
		v = w
	}
	switch {
	case v.empty:
		s.stats.ByRelaxation++
		return nil
	case v.bound > b.bound:
		b.bound = v.bound
	}
	if c := s.vals[s.p.cost].Lo - s.p.off; c > b.bound {
		b.bound = c
	}
	if b.bound >= s.target() {
		s.stats.ByBound++
		return nil
	}
	at := mid
	if v.x != nil {
		at = s.pointOf(v.x)
	}
	s.propose(ctx, b, at)
	if b.bound >= s.target() {
		s.stats.ByBound++
		return nil
	}
	return s.divide(b, v.x, at)
}

// bounded is what the relaxation of a box says of the leader's objective.
func (s *search) bounded(ctx context.Context, r *relaxation) verdict {
	v := solveRelaxation(ctx, r)
	v.bound -= s.p.off
	s.stats.Programs++
	return v
}

// pointOf reads the variables from the point of a relaxation.
func (s *search) pointOf(x []float64) []float64 {
	out := make([]float64, len(s.p.box))
	for j, k := range s.p.g.vars {
		out[j] = x[k]
	}
	return out
}

// cuts are those of the best seeds at a point, for all followers.
func (s *search) cuts(b *box, at []float64, most int) []*cut {
	var out []*cut
	for _, f := range s.p.followers {
		n := 0
		for _, d := range f.ranked(at[:s.p.n], 3*most) {
			if c := f.newCut(d, b.in[:s.p.n]); c != nil {
				out = append(out, c)
				if n++; n == most {
					break
				}
			}
		}
	}
	return out
}

// tell reports progress.
func (s *search) tell(now bool) {
	if s.opt.Progress == nil || !now && time.Since(s.told) < 200*time.Millisecond {
		return
	}
	s.told = time.Now()
	f := math.NaN()
	if s.best != nil {
		f = s.p.sign * s.cost
	}
	if !s.opt.Progress(Progress{Nodes: s.stats.Nodes, Open: len(s.open), F: f, Bound: s.p.sign * s.bound(), Elapsed: time.Since(s.start)}) {
		s.halted = true
	}
}
