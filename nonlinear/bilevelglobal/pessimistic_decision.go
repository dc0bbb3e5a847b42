package bilevelglobal

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// The boxes that a program of one level is given: at one decision, and over a box of decisions.
const (
	pointBoxes = 20000
	boxBoxes   = 400
)

// bounded bounds a program of one level over a box.
func (s *hostile) bounded(ctx context.Context, m *model.Model, box []expr.Interval, o global.Options) (global.Answer, bool) {
	s.stats.Programs++
	o.Box = box
	if o.Local == nil {
		o.Local = s.opt.Verify.Smooth
	}
	a, err := global.Minimise(ctx, m, o)
	return a, err == nil
}

// at is the box of all answers to the decision in x.
func (s *hostile) at(x []float64) []expr.Interval {
	b := append([]expr.Interval(nil), s.p.box...)
	for _, j := range s.decisions {
		b[j] = expr.Point(x[j])
	}
	return b
}

// answer finds the follower's best answer to the decision in x, with the objective in minimisation form; nil where none is found.
func (s *hostile) answer(ctx context.Context, x []float64) ([]float64, float64) {
	d := s.answers.Derive()
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("follower"), Set: true, F: s.gain})
	fine := s.opt.Level / 100
	a, ok := s.bounded(ctx, d, s.at(x), global.Options{AbsGap: fine, RelGap: 1e-12, MaxBoxes: pointBoxes, Start: [][]float64{x}})
	if !ok || a.X == nil {
		return nil, math.Inf(1)
	}
	return a.X, a.Value
}

// within is the program of the answers whose objective is at most so much.
func (s *hostile) within(most float64) *model.Model {
	d := s.answers.Derive()
	d.AddRow(0, d.FreshBase("optimal"), s.gain, -model.Inf, most)
	return d
}

// worst maximises the leader's objective, in minimisation form, over the answers to x whose objective is at most so much: the best point found, and a
// proven upper bound.
func (s *hostile) worst(ctx context.Context, x []float64, most float64) ([]float64, float64) {
	d := s.within(most)
	acc := d.Accumulator()
	acc.AddFunction(-s.sign, s.m.Leader().Objective().F)
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("harm"), Set: true, F: acc.Function()})
	gap := s.opt.Gap / 50
	a, ok := s.bounded(ctx, d, s.at(x), global.Options{AbsGap: gap, RelGap: gap, MaxBoxes: pointBoxes, Start: [][]float64{x}})
	if !ok {
		return nil, math.Inf(1)
	}
	return a.X, -a.Bound
}

// violating looks for an answer to x, of objective at most so much, that violates a constraint of the leader by more than the tolerance, or at which the leader's
// objective or such a constraint has no value. kept reports that there is proven to be none.
func (s *hostile) violating(ctx context.Context, x []float64, most float64) (y []float64, kept bool) {
	read := []model.Function{s.m.Leader().Objective().F}
	for _, r := range s.couple {
		read = append(read, s.m.RowFunction(r))
	}
	for _, f := range read {
		s.stats.Programs++
		everywhere, at, err := global.HasValues(ctx, s.within(most), f, global.Options{Box: s.at(x), Local: s.opt.Verify.Smooth, MaxBoxes: pointBoxes, Start: [][]float64{x}})
		if err != nil || !everywhere {
			return at, false
		}
	}
	for _, r := range s.couple {
		lo, hi := s.m.RowBounds(r)
		for _, side := range [2]float64{-1, 1} {
			limit := hi
			if side < 0 {
				limit = -lo
			}
			if math.IsInf(limit, 1) {
				continue
			}
			limit += s.opt.Verify.Tolerance * math.Max(1, math.Abs(limit))
			d := s.within(most)
			acc := d.Accumulator()
			acc.AddFunction(-side, s.m.RowFunction(r))
			d.Leader().SetObjective(model.Objective{Name: d.FreshBase("excess"), Set: true, F: acc.Function()})
			a, ok := s.bounded(ctx, d, s.at(x), global.Options{Target: &global.Target{Value: -limit}, MaxBoxes: pointBoxes, Start: [][]float64{x}})
			switch {
			case !ok:
				return nil, false
			case a.Status == global.BelowTarget:
				return a.X, false
			case a.Status != global.AboveTarget && a.Status != global.Infeasible:
				return nil, false
			}
		}
	}
	return nil, true
}

// decide finds the value of the decision in x, keeps it where it is the best so far, and the worst answers as candidates. It returns x with the best answer,
// nil where the follower has none.
func (s *hostile) decide(ctx context.Context, x []float64) []float64 {
	x = append([]float64(nil), x...)
	for _, j := range s.decisions {
		x[j] = math.Min(math.Max(x[j], s.p.box[j].Lo), s.p.box[j].Hi)
		if s.p.whole[j] {
			x[j] = math.Round(x[j])
		}
	}
	s.stats.Checks++
	y, phi := s.answer(ctx, x)
	if y == nil || ctx.Err() != nil {
		return nil
	}
	s.f.addSeed(y)
	level := s.opt.Level
	// A candidate needs room below the level, to stay optimal to it over a box.
	for _, part := range [2]float64{0.5, 0.9} {
		if z, _ := s.worst(ctx, y, phi+part*level); z != nil {
			s.addHarmful(z)
		}
	}
	for _, r := range s.decides {
		if v := s.m.RowViolation(r, x); !(v <= s.opt.Verify.Tolerance*math.Max(1, math.Abs(s.m.RowValue(r, x)))) {
			return y
		}
	}
	if z, _ := s.violating(ctx, y, phi+0.5*level); z != nil {
		s.addHarmful(z)
		return y
	}
	if _, kept := s.violating(ctx, y, phi+level); !kept {
		return y
	}
	z, w := s.worst(ctx, y, phi+level)
	if ctx.Err() == nil && z != nil && w < s.value-1e-12*math.Max(1, math.Abs(w)) {
		s.best, s.value = z, w
		s.least = math.Min(s.least, s.target())
		s.told = s.start // heard of at once
		s.tell()
	}
	return y
}

// addHarmful keeps a worst answer as a candidate for bounds.
func (s *hostile) addHarmful(z []float64) {
	for _, h := range s.harmful {
		if distance(h.point, z) < 1e-12 {
			return
		}
	}
	if h := s.f.newSeed(z); !math.IsNaN(h.value) {
		s.harmful = append(s.harmful, h)
	}
}
