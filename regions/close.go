package regions

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
)

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
			s.floor = math.Min(s.floor, s.cutoff())
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
	s.value = v.value
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
