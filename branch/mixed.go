package branch

import (
	"context"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// standard is a model with its mixed pairs written as standard ones, and the way back.
type standard struct{ chain *reform.Chain }

func standardise(ctx context.Context, m *model.Model) (standard, error) {
	c := reform.NewChain(m)
	return standard{c}, c.Apply(ctx, reform.Normalise{})
}

// lift maps a point forward; nil where that is not possible.
func (s standard) lift(x []float64) []float64 {
	if x == nil {
		return nil
	}
	p, err := s.chain.Lift(&model.Point{X: x})
	if err != nil {
		return nil
	}
	return p.X
}

// recover maps a point back; nil where there is none.
func (s standard) recover(x []float64) []float64 {
	if x == nil {
		return nil
	}
	p, err := s.chain.Recover(&model.Point{X: x})
	if err != nil {
		return nil
	}
	return p.X
}

// solveMixed is Solve of a model with mixed pairs.
func solveMixed(ctx context.Context, m *model.Model, opt Options) (*Result, error) {
	s, err := standardise(ctx, m)
	if err != nil {
		return nil, err
	}
	opt.Start = s.lift(opt.Start)
	if complete := opt.Complete; complete != nil {
		opt.Complete = func(ctx context.Context, x []float64) []float64 {
			back := s.recover(x)
			if back == nil {
				return nil
			}
			return s.lift(complete(ctx, back))
		}
	}
	r, err := Solve(ctx, s.chain.Model(), opt)
	if err == nil {
		r.X = s.recover(r.X)
	}
	return r, err
}

// polishMixed is Polish of a model with mixed pairs.
func polishMixed(ctx context.Context, m *model.Model, x []float64) ([]float64, error) {
	s, err := standardise(ctx, m)
	if err != nil {
		return nil, err
	}
	y := s.lift(x)
	if y == nil {
		return nil, nil // the point says nothing about the new columns
	}
	y, err = Polish(ctx, s.chain.Model(), y)
	return s.recover(y), err
}
