package global

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// Minimise finds a global optimum of m, a model without followers, and proves it: its objective is minimised, or maximised where the model says so. Variables
// may be continuous, integer or binary; standard complementarity pairs are constraints like others. Variables without finite bounds are taken as far as the
// constraints, and the value of points already found, bound them.
//
// It returns an error only for what it cannot search at all: that of m.Err, *RefusedError for a model with followers, SOS1 sets, conditions or mixed pairs,
// and *OptionError. The answer is the same for the same input unless a time limit or the context ends the search.
func Minimise(ctx context.Context, m *model.Model, o Options) (Answer, error) {
	o, err := o.withDefaults(m.NumVars())
	if err != nil {
		return Answer{}, err
	}
	begin := time.Now()
	p, err := compile(m, o)
	if err != nil {
		return Answer{}, err
	}
	if o.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, begin.Add(o.TimeLimit))
		defer cancel()
	}
	if o.Local == nil {
		o.Local = &newton.Solver{}
	}
	s := newSearch(p, o, begin)
	status := s.run(ctx)
	if status == Limit && s.bound() == math.Inf(-1) && s.unboundedBox() {
		status = Unbounded
	}
	a := Answer{Status: status, X: s.best, Value: p.sense * s.value, Bound: p.sense * s.bound(), Boxes: s.boxes, Open: len(s.heap), Local: s.locals, Seconds: time.Since(begin).Seconds(),
		Tightest: s.tightest}
	if s.best != nil {
		for _, w := range s.wells {
			if slices.Equal(w.x, s.best) {
				a.Multipliers = slices.Clone(w.rows)
			}
		}
	}
	return a, nil
}

// search is a branch and bound in progress.
type search struct {
	p     *program
	o     Options
	begin time.Time

	heap   []*node
	serial int
	boxes  int

	best  []float64
	value float64 // of best, +Inf without
	floor float64 // least bound of what was dropped and not by infeasibility alone
	stuck float64 // least bound of boxes that cannot be split

	wells    []*well
	locals   int
	nextTry  int
	tightest []expr.Interval

	relax   *Relaxation
	lp      *linearProgram
	reduced []expr.Interval
	row     []float64
	ranges  []Range
	lower   lagrangian
	point   []float64 // of the last linear program
	weights []float64 // of the functions, for branching
}

// node is a box to be worked on; order breaks ties of bounds.
type node struct {
	box   []expr.Interval
	bound float64
	depth int
	order int
}

// farDown is a value below which a search for the least is given up: rounding leaves nothing to compare there.
const farDown = 1e100

func newSearch(p *program, o Options, begin time.Time) *search {
	return &search{p: p, o: o, begin: begin, value: math.Inf(1), floor: math.Inf(1), stuck: math.Inf(1),
		relax: NewRelaxation(p.prop, p.n), lp: newLinearProgram(p.n + 1), reduced: make([]expr.Interval, p.n+1), row: make([]float64, p.n+1),
		ranges: make([]Range, len(p.functions)), weights: make([]float64, len(p.functions)), nextTry: 1}
}

// gap is how far the bound may lie below the value at the end.
func (s *search) gap() float64 {
	if s.best == nil {
		return 0
	}
	return math.Max(s.o.AbsGap, s.o.RelGap*math.Abs(s.value))
}

// cutoff is what a box must promise to be better than, to be of interest.
func (s *search) cutoff() float64 {
	switch {
	case s.o.Target != nil:
		return s.p.sense * s.o.Target.Value
	case s.best == nil:
		return math.Inf(1)
	}
	return s.value - s.gap()
}

// bound is a lower bound of the objective over all feasible points.
func (s *search) bound() float64 {
	b := math.Min(s.floor, s.stuck)
	if len(s.heap) > 0 {
		b = math.Min(b, s.heap[0].bound)
	}
	return b
}

func (s *search) run(ctx context.Context) Status {
	root := s.p.root()
	for j := range root {
		if root[j].IsEmpty() {
			return Infeasible
		}
	}
	for _, x := range s.o.Start {
		s.try(x)
		s.descend(ctx, x)
	}
	s.push(root, math.Inf(-1), 0)
	if st, done := s.target(); done {
		return st
	}
	if s.value < -farDown {
		return Unbounded
	}
	for len(s.heap) > 0 {
		switch {
		case ctx.Err() != nil && time.Since(s.begin) >= s.o.TimeLimit && s.o.TimeLimit > 0:
			return Limit
		case ctx.Err() != nil:
			return Interrupted
		case s.boxes >= s.o.MaxBoxes:
			return Limit
		}
		if s.heap[0].bound >= s.cutoff() {
			s.floor = math.Min(s.floor, s.heap[0].bound)
			s.heap = nil
			break
		}
		nd := s.pop()
		s.boxes++
		s.work(ctx, nd)
		if st, done := s.target(); done {
			return st
		}
		if s.value < -farDown {
			return Unbounded
		}
		if s.o.Progress != nil && s.boxes%256 == 0 &&
			!s.o.Progress(Progress{Boxes: s.boxes, Open: len(s.heap), Value: s.value, Bound: s.bound(), Elapsed: time.Since(s.begin)}) {
			return Interrupted
		}
	}
	switch {
	case s.stuck < s.cutoff():
		return Limit
	case s.o.Target != nil && s.floor < math.Inf(1):
		return AboveTarget
	case s.best == nil:
		return Infeasible
	}
	return Optimal
}

// target reports whether the question of Options.Target is decided.
func (s *search) target() (Status, bool) {
	t := s.o.Target
	switch {
	case t == nil:
	case s.best != nil && s.value < s.p.sense*t.Value:
		return BelowTarget, true
	case s.boxes > 0 && s.bound() >= s.p.sense*t.Value:
		return AboveTarget, true
	}
	return Limit, false
}

// unboundedBox reports whether an open box with an infinite side is what leaves the objective without a bound.
func (s *search) unboundedBox() bool {
	for _, nd := range s.heap {
		if !math.IsInf(nd.bound, -1) {
			continue
		}
		for _, b := range nd.box {
			if math.IsInf(b.Lo, 0) || math.IsInf(b.Hi, 0) {
				return true
			}
		}
	}
	return false
}

// work bounds a box, drops or splits it.
func (s *search) work(ctx context.Context, nd *node) {
	box := nd.box
	if !s.narrow(box) {
		s.drop(s.cutoff())
		return
	}
	if nd.depth == 0 {
		s.tightest = slices.Clone(box)
	}
	bound, left := s.bounded(box, nd.bound)
	if !left || bound >= s.cutoff() {
		s.drop(s.cutoff())
		return
	}
	s.look(ctx, box)
	if bound >= s.cutoff() {
		s.drop(s.cutoff())
		return
	}
	j, at := s.branching(box)
	if j < 0 {
		s.leaf(box, bound)
		return
	}
	low, high := slices.Clone(box), box
	low[j].Hi, high[j].Lo = at, at
	if s.p.integer[j] {
		low[j].Hi, high[j].Lo = math.Floor(at), math.Floor(at)+1
	}
	s.push(low, bound, nd.depth+1)
	s.push(high, bound, nd.depth+1)
}

// drop notes the bound of a box that is done with.
func (s *search) drop(bound float64) { s.floor = math.Min(s.floor, bound) }

// leaf is a box that cannot be split: of one point, or of neighbouring numbers.
func (s *search) leaf(box []expr.Interval, bound float64) {
	x := make([]float64, len(box))
	for j, b := range box {
		x[j] = b.Lo
	}
	s.try(x)
	if bound >= s.cutoff() {
		s.drop(s.cutoff())
		return
	}
	s.stuck = math.Min(s.stuck, bound)
}

// narrow propagates the constraints and the incumbent; it reports whether anything is left.
func (s *search) narrow(box []expr.Interval) bool {
	c := s.cutoff()
	better := expr.Interval{Lo: math.Inf(-1), Hi: math.Nextafter(c+s.p.off[0], math.Inf(1))}
	s.p.prop.SetSide(0, better)
	for _, t := range s.p.twin {
		if t.function == 0 {
			s.p.prop.SetSide(t.root, better)
		}
	}
	for range 3 {
		if !s.p.prop.Narrow(box) {
			return false
		}
		again := false
		for j := range box {
			if !s.p.integer[j] {
				continue
			}
			b := expr.Interval{Lo: math.Ceil(box[j].Lo), Hi: math.Floor(box[j].Hi)}
			if b.IsEmpty() {
				return false
			}
			again = again || b != box[j]
			box[j] = b
		}
		if !again {
			return true
		}
	}
	return true
}
