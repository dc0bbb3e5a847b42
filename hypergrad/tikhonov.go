package hypergrad

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Tikhonov is the problem with f + α/2 ‖y‖² in place of f: the follower's answer is unique for α > 0 where f is convex, and as α falls to zero it
// tends to the answer of least norm. Constraints and a nonsmooth part of the follower stay. A Contraction has no f, and an α below zero, or none, makes no
// sense: every use of the problem answers ErrOptions then.
func Tikhonov(p Problem, alpha float64) Problem {
	t := tikhonov{p, alpha}
	switch q := p.(type) {
	case Contraction:
		return t
	case Constrained:
		return struct {
			tikhonov
			Constrained
		}{t, q}
	case Supported:
		return struct {
			tikhonov
			Supported
		}{t, q}
	case Sampled:
		return tikhonovSampled{t, q}
	}
	return t
}

// refuse refuses what has no such term.
func (t tikhonov) refuse() error {
	if err := checkProblem(t.Problem); err != nil {
		return err
	}
	if isA[Contraction](t.Problem) || !proper(t.alpha) {
		return badOption("a Tikhonov term with α = %v for a follower of type %T; it needs a positive α and a follower given by its objective", t.alpha, t.Problem)
	}
	return nil
}

type tikhonov struct {
	Problem
	alpha float64
}

func (t tikhonov) Follower(x, y, gx, gy []float64) float64 {
	value := t.Problem.Follower(x, y, gx, gy)
	if gy != nil {
		add(gy, t.alpha, y)
	}
	return value + 0.5*t.alpha*dot(y, y)
}

func (t tikhonov) Hessian(x, y, v, hv []float64) {
	t.Problem.Hessian(x, y, v, hv)
	add(hv, t.alpha, v)
}

type tikhonovSampled struct {
	tikhonov
	s Sampled
}

func (t tikhonovSampled) Samples() (follower, leader int) { return t.s.Samples() }

func (t tikhonovSampled) LeaderBatch(batch []int, x, y, gx, gy []float64) float64 {
	return t.s.LeaderBatch(batch, x, y, gx, gy)
}

func (t tikhonovSampled) FollowerBatch(batch []int, x, y, gx, gy []float64) float64 {
	value := t.s.FollowerBatch(batch, x, y, gx, gy)
	if gy != nil {
		add(gy, t.alpha, y)
	}
	return value + 0.5*t.alpha*dot(y, y)
}

func (t tikhonovSampled) HessianBatch(batch []int, x, y, v, hv []float64) {
	t.s.HessianBatch(batch, x, y, v, hv)
	add(hv, t.alpha, v)
}

func (t tikhonovSampled) MixedBatch(batch []int, x, y, v, cv []float64) {
	t.s.MixedBatch(batch, x, y, v, cv)
}

// PathOptions are the settings of TikhonovPath; the zero value of a field is its default.
type PathOptions struct {
	Options
	First  float64 // α of the first problem; default 1
	Factor float64 // of α from one problem to the next, in (0, 1); default 0.1
	Last   float64 // smallest α; default 1e-8
	// Change is the move of x, and of f at the answers, below which the path ends; default 1e-6.
	Change float64
}

// PathPoint is the answer at one α.
type PathPoint struct {
	Alpha float64
	*Result
}

// TikhonovPath minimises h with the follower f + α_k/2 ‖y‖², α_k = First·Factor^k, each from the answer before, until x and f move by no more than Change. Where
// the follower has several answers its limit points are lower Stackelberg equilibria, between optimistic and pessimistic answers, not necessarily
// either.
func TikhonovPath(ctx context.Context, p Problem, x, y []float64, opt PathOptions) ([]PathPoint, error) {
	if err := checkProblem(p); err != nil {
		return nil, err
	}
	if isA[Contraction](p) || isA[Constrained](p) || isA[Supported](p) {
		return nil, badOption("the Tikhonov path is for unconstrained, smooth followers given by their objective")
	}
	for _, d := range []struct {
		v   *float64
		def float64
	}{{&opt.First, 1}, {&opt.Factor, 0.1}, {&opt.Last, 1e-8}, {&opt.Change, 1e-6}} {
		if *d.v == 0 {
			*d.v = d.def
		}
	}
	if !(opt.Last > 0 && opt.Last <= opt.First) || math.IsInf(opt.First, 1) || !(opt.Factor > 0 && opt.Factor < 1) || !(opt.Change > 0) || opt.Resume != nil || opt.Save != nil {
		return nil, badOption("a path from α = %v by factors %v to %v, change %v; they must be positive, the factor below one, the first not below the last, and a path neither saves nor resumes",
			opt.First, opt.Factor, opt.Last, opt.Change)
	}
	var path []PathPoint
	for alpha := opt.First; alpha >= opt.Last*(1-1e-9); alpha *= opt.Factor {
		res, err := Minimize(ctx, Tikhonov(p, alpha), x, y, opt.Options)
		if err != nil {
			return path, fmt.Errorf("hypergrad: at α = %g: %w", alpha, err)
		}
		path = append(path, PathPoint{alpha, res})
		if res.Status == Interrupted {
			return path, nil
		}
		if len(path) > 1 {
			move := slices.Clone(res.X)
			add(move, -1, x)
			gap := math.Abs(p.Follower(res.X, res.Y, nil, nil) - p.Follower(res.X, y, nil, nil))
			if norm(move) <= opt.Change && gap <= opt.Change {
				return path, nil
			}
		}
		x, y = res.X, res.Y
	}
	return path, nil
}
