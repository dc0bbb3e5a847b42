package learning

import (
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// RelaxationOptions are the settings of the method "relaxation"; the zero value of each field is its default, the published setting of the method.
type RelaxationOptions struct {
	T0         float64 // the first t; default 1
	Factor     float64 // from one t to the next, below 1; default 0.01
	TMin       float64 // the last t; default 1e-8
	C          float64 // at the start; default 1
	Iterations int     // most steps for one t; default 300
	Whole      bool    // the linear systems are factorised as a whole, not fold by fold
}

func (o RelaxationOptions) filled() (RelaxationOptions, error) {
	for _, c := range []struct {
		name           string
		at             *float64
		def, least, to float64
	}{{"t0", &o.T0, 1, 1e-12, 1e12}, {"factor", &o.Factor, 0.01, 1e-12, 0.999}, {"least t", &o.TMin, 1e-8, 1e-12, 1e12}, {"C", &o.C, 1, 1e-12, 1e12}} {
		if *c.at == 0 {
			*c.at = c.def
		}
		if !(*c.at >= c.least && *c.at <= c.to) {
			return o, &OptionError{"relaxation " + c.name, fmt.Sprintf("%v is not between %v and %v", *c.at, c.least, c.to), "leave it out for the default"}
		}
	}
	if o.TMin > o.T0 {
		return o, &OptionError{"relaxation least t", fmt.Sprintf("%v is above the first, %v", o.TMin, o.T0), "leave it out for the default"}
	}
	if o.Iterations == 0 {
		o.Iterations = 300
	}
	if o.Iterations < 0 {
		return o, &OptionError{"relaxation iterations", "there are less than none", "leave it out for the default"}
	}
	return o, nil
}

// relaxation is Scholtes' relaxation of the problem in all unknowns together, leader's and followers',
//
//	min leader's loss   s.t.  the followers' optimality conditions, of which each pair 0 <= a ⟂ b >= 0 is  a, b >= 0, ab <= t,
//
// see relaxedProgram, solved for t = 1, 1e-2, ..., 1e-8, each from the answer and the multipliers of the one before, and the first from the followers' answers at
// C = 1. The solver is the built-in one for smooth programs; its linear systems are block diagonal but for the hyperparameters, and are
// factorised fold by fold at the same time. The hyperparameters of each answer are evaluated by the exact followers, so that what is reported is never the
// relaxed loss. Answers are local: what is approached is a C-stationary point.
//
// Source: Li, Li, Zemkoho (2022), with an interior point method in the place of a general solver, an intercept, bounds on weights, ε and kernels.
func (s *search) relaxation() {
	o := s.opt.Relaxation
	theta := make([]float64, len(s.space.lo))
	for i := range theta {
		theta[i] = (s.space.lo[i] + s.space.hi[i]) / 2
		switch {
		case i == 0:
			theta[i] = math.Log(o.C)
		case i >= s.space.scalars:
			theta[i] = 0
		}
	}
	s.space.clip(theta)
	if math.IsInf(s.try(theta).slope, 1) {
		return
	}
	p, err := newRelaxedProgram(s, theta)
	if err != nil {
		s.failed = err
		s.fails++
		return
	}
	native := map[string]string{"blocks": "yes"}
	if o.Whole {
		native["blocks"] = "no"
	}
	if err := s.followRelaxed(p, &newton.Solver{}, native); err != nil {
		s.failed = err
		s.fails++
	}
}

// followRelaxed solves the program for falling t by a solver, with options of its own, and evaluates the hyperparameters of each answer. Where a program is not
// solved, the next t is half as far from the last one that was, on the scale of logarithms; without one, it goes on from where the solver ended.
func (s *search) followRelaxed(p *relaxedProgram, solver smooth.Solver, native map[string]string) error {
	o := s.opt.Relaxation
	unsolved := 0
	at, solved := smooth.Start{X: p.start}, math.NaN() // solved is the t that at belongs to
	for t := o.T0; !s.stopped(); {
		p.set(t)
		exact := math.Max(1e-8, math.Min(1e-4, t/10))
		opt := smooth.Options{Tolerance: exact, MaxIterations: o.Iterations, Native: native}
		if opt.Warm = at.Rows != nil; opt.Warm {
			opt.Mu = math.Max(exact/10, math.Min(1e-3, t/100))
		}
		if s.limit > 0 {
			opt.TimeLimit = max(time.Millisecond, s.limit-s.elapsed())
		}
		a, err := solver.Solve(s.ctx, p.program, at, opt)
		if err != nil {
			return err
		}
		p.programs++
		p.steps += a.Iterations
		s.try(p.theta(a.X))
		switch {
		case a.Solved():
			if t <= o.TMin*(1+1e-9) {
				return nil
			}
			at, solved = smooth.Start{X: a.X, Rows: a.Rows, Lower: a.Lower, Upper: a.Upper}, t
			t = math.Max(o.TMin, t*o.Factor)
		case unsolved == mostUnsolved:
			return nil
		default:
			if unsolved++; math.IsNaN(solved) {
				at, t = smooth.Start{X: a.X}, math.Max(o.TMin, t*o.Factor)
			} else {
				t = math.Sqrt(t * solved)
			}
		}
	}
	return nil
}

// mostUnsolved is the number of relaxed programs without a solution after which the path is given up.
const mostUnsolved = 2
