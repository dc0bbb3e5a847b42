package global

import (
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// wellLimit is the number of local solutions that are kept for bounds.
const wellLimit = 12

// try takes x, moved to the bounds and integers, as the incumbent if it is feasible and better; it reports whether it is.
func (s *search) try(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) {
			return false
		}
	}
	x = slices.Clone(x)
	s.p.clip(x)
	v := s.p.objective(x)
	if !(v < s.value) || math.IsInf(v, -1) || !(s.p.violation(x) <= s.o.Feasibility) {
		return false
	}
	s.best, s.value = x, v
	return true
}

// look tries the middle of a box and the solution of its linear program, and now and then a local search from there.
func (s *search) look(ctx context.Context, box []expr.Interval) {
	c := middles(box)
	better := s.try(c)
	if len(s.point) == len(c) {
		if s.try(s.point) {
			better = true
		}
		c = s.point
	}
	if better {
		s.descend(ctx, s.best)
		return
	}
	if s.boxes >= s.nextTry {
		s.nextTry = s.boxes + 1 + s.boxes/2
		s.descend(ctx, c)
	}
}

// descend runs a local search from x, with integer variables fixed, and keeps what it finds.
func (s *search) descend(ctx context.Context, x []float64) {
	p := s.p
	start := slices.Clone(x)
	for j, v := range start {
		if math.IsNaN(v) {
			start[j] = 0
		}
	}
	p.clip(start)
	for j := range start {
		lo, hi := p.lower[j], p.upper[j]
		if p.integer[j] {
			lo, hi = start[j], start[j]
		}
		p.smooth.SetBounds(j, lo, hi)
	}
	a, y := s.local(ctx, start)
	if a == nil {
		return
	}
	v, off := p.objective(y), p.violation(y)
	if math.IsNaN(v) || math.IsInf(v, 0) || !(off <= math.Max(s.o.Feasibility, 1e-7)) {
		return
	}
	if off <= s.o.Feasibility {
		s.try(y)
	}
	if a.Solved() && len(a.Rows) == p.m.NumRows() && len(a.Lower) == p.n && len(a.Upper) == p.n {
		s.keep(&well{x: y, value: v, rows: s.signed(a.Rows), lower: positive(a.Lower), upper: positive(a.Upper)})
	}
	if off > s.o.Feasibility && v < s.value {
		s.retreat(ctx, y, off)
	}
}

// local calls the solver; the answer is nil where it has no point of use.
func (s *search) local(ctx context.Context, start []float64) (*smooth.Answer, []float64) {
	s.locals++
	opt := smooth.Options{Tolerance: 1e-9, Feasibility: 1e-9, MaxIterations: 300}
	if s.o.Feasibility > 0 {
		opt.Feasibility = math.Min(opt.Feasibility, math.Max(s.o.Feasibility, 1e-12))
	}
	a, err := s.o.Local.Solve(ctx, s.p.smooth, smooth.Start{X: start}, opt)
	if err != nil || a == nil || len(a.X) != s.p.n {
		return nil, nil
	}
	y := slices.Clone(a.X)
	for _, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil
		}
	}
	s.p.clip(y)
	return a, y
}

// retreat looks for a point beside y that violates nothing, where y violates inequalities by a little: they are solved again with tighter sides.
func (s *search) retreat(ctx context.Context, y []float64, off float64) {
	p := s.p
	off = 4*off + 1e-15
	restore := func() {
		for r := range p.m.NumRows() {
			lo, hi := p.m.RowBounds(r)
			p.smooth.SetRowBounds(r, lo, hi)
		}
	}
	defer restore()
	for r := range p.m.NumRows() {
		lo, hi := p.m.RowBounds(r)
		if hi-lo <= 4*off {
			if p.m.RowViolation(r, y) > s.o.Feasibility {
				return
			}
			continue
		}
		p.smooth.SetRowBounds(r, lo+off, hi-off)
	}
	if _, z := s.local(ctx, y); z != nil {
		s.try(z)
	}
}

// signed drops multipliers of sides that are not there.
func (s *search) signed(rows []float64) []float64 {
	l := slices.Clone(rows)
	for r, v := range l {
		side := s.p.rows[r]
		if math.IsNaN(v) || math.IsInf(v, 0) || v > 0 && math.IsInf(side.Hi, 1) || v < 0 && math.IsInf(side.Lo, -1) {
			l[r] = 0
		}
	}
	return l
}

func positive(z []float64) []float64 {
	out := make([]float64, len(z))
	for j, v := range z {
		if v > 0 && !math.IsInf(v, 0) {
			out[j] = v
		}
	}
	return out
}

// keep adds a well unless it is known; of too many the worst goes.
func (s *search) keep(w *well) {
	for _, o := range s.wells {
		same := true
		for j, v := range w.x {
			same = same && math.Abs(v-o.x[j]) <= 1e-6*math.Max(1, math.Abs(v))
		}
		if same {
			return
		}
	}
	s.wells = append(s.wells, w)
	slices.SortStableFunc(s.wells, func(a, b *well) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	if len(s.wells) > wellLimit {
		s.wells = s.wells[:wellLimit]
	}
}

// near lists the wells within a box made three times as wide, or, where there are none and the box has finite sides, the best one.
func (s *search) near(box []expr.Interval) []*well {
	var list []*well
	for _, w := range s.wells {
		inside := true
		for j, b := range box {
			d := b.Width()
			if !(w.x[j] >= b.Lo-d && w.x[j] <= b.Hi+d) {
				inside = false
				break
			}
		}
		if inside {
			list = append(list, w)
		}
	}
	if len(list) == 0 && len(s.wells) > 0 {
		list = append(list, s.wells[0])
	}
	return list
}
