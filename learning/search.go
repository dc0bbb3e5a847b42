package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// search is one run of one method.
type search struct {
	ctx    context.Context
	cv     *Validation
	space  *space
	opt    Options
	method string
	start  time.Time
	best   point
	failed error     // the last training that failed
	fails  int       // points at which one did
	stand  []float64 // where the followers stand
	watch  bool      // points are looked at and not taken

	budget, limit time.Duration // until which grid and random points go on; at which every method ends, 0: never
	further       bool          // the method has done its own work and goes on with the time that is left
	halted        bool          // the method was told to end before it did
	history       History
	tape          tape
	now, earlier  time.Duration // of the last answer; of the run that is continued
	keep          *keeping

	level     float64 // losses below it count as it, see Choice
	least     float64 // the least loss there is, if the whole range is exhausted
	exhausted bool
	refuted   bool // a training has shown that a curve is wrong
	train     *Data
	others    []*Validation // on other folds of the same samples, see Steady
}

// point is an evaluated point: logarithms of the hyperparameters, the leader's loss and the loss that is descended along.
type point struct {
	theta       []float64
	loss, slope float64
}

// better compares by loss first, where losses below the level count as the level. Losses that differ by rounding are ties.
func (p *point) better(q *point, level float64) bool {
	const tie = 1e-12
	a, b := math.Max(p.loss, level), math.Max(q.loss, level)
	if math.Abs(a-b) > tie*(1+math.Abs(b)) {
		return a < b
	}
	return p.slope < q.slope-tie*(1+math.Abs(q.slope))
}

func (s *search) better(p, q *point) bool { return q.theta == nil || p.better(q, s.level) }

// try evaluates a point and keeps it if it is the best. Where a training fails, and after the end of the search, both losses are infinite.
func (s *search) try(theta []float64) point {
	p := point{theta: slices.Clone(theta), loss: math.Inf(1), slope: math.Inf(1)}
	s.stand = nil
	if s.stopped() {
		return p
	}
	loss, slope, replayed, err := s.losses(theta)
	if errors.Is(err, errStopped) {
		return p
	}
	if err != nil {
		s.failed = err
		s.fails++
		return p
	}
	p.loss, p.slope, s.stand = loss, slope, p.theta
	improved := !s.watch && s.better(&p, &s.best)
	if improved {
		s.best = p
	}
	s.tell(slope, math.NaN(), replayed, improved)
	s.keep.now(s, false)
	return p
}

// stopped reports whether the search is to end; once true it stays so. At least one point is evaluated before a time limit counts.
func (s *search) stopped() bool {
	switch {
	case s.halted || s.tape.torn:
		return true
	case s.tape.replays():
		return false
	}
	s.halted = s.ctx.Err() != nil || s.limit > 0 && !s.further && s.best.theta != nil && s.elapsed() >= s.limit
	return s.halted
}

// axes are the coordinates of the grid: the scalars, and one for all that belong to single features.
func (s *search) axes() int {
	if len(s.space.lo) > s.space.scalars {
		return s.space.scalars + 1
	}
	return s.space.scalars
}

// spread sets theta to a point of the axes.
func (s *search) spread(at, theta []float64) {
	for i := range theta {
		theta[i] = at[min(i, s.space.scalars)]
	}
}

// lattice calls visit for the points of a lattice with per values an axis, one axis changing at a time so that each answer is near the last; skip leaves
// out those of the lattice with half as many intervals. It ends when visit returns false.
func (s *search) lattice(axes, per int, skip bool, visit func(at []float64) bool) {
	count, at := make([]int, axes), make([]float64, axes)
	total := 1
	for range axes {
		total *= per
	}
	for q := range total {
		rest, up, even := q, total, true
		for i := range axes {
			up /= per
			c := rest / up
			rest %= up
			// A snake: each axis runs back where the one before is odd.
			if i > 0 && (q/(up*per))%2 == 1 {
				c = per - 1 - c
			}
			count[i] = c
			even = even && c%2 == 0
			t := 0.5
			if per > 1 {
				t = float64(c) / float64(per-1)
			}
			at[i] = s.space.lo[i] + t*(s.space.hi[i]-s.space.lo[i])
		}
		if skip && even {
			continue
		}
		if !visit(at) {
			return
		}
	}
}

func (s *search) grid() {
	theta := make([]float64, len(s.space.lo))
	per := s.opt.Points
	s.lattice(s.axes(), per, false, func(at []float64) bool {
		s.spread(at, theta)
		s.try(theta)
		return !s.stopped()
	})
	s.further = true
	for per > 1 && per < 1<<12 && s.more() {
		per = 2*per - 1
		s.lattice(s.axes(), per, true, func(at []float64) bool {
			s.spread(at, theta)
			s.try(theta)
			return s.more()
		})
	}
}

// more reports whether there is time left to keep up with the first method.
func (s *search) more() bool {
	return s.tape.replays() && !s.tape.torn || !s.stopped() && s.elapsed() < s.budget
}

func (s *search) random() {
	count := s.opt.Random
	if count == 0 {
		count = 1
		for range s.axes() {
			count *= s.opt.Points
		}
	}
	r := rand.New(rand.NewPCG(s.opt.Seed, 0x7a4d))
	theta := make([]float64, len(s.space.lo))
	for q := 0; (q < count || s.more()) && !s.stopped(); q++ {
		s.further = q >= count
		for i := range theta {
			theta[i] = s.space.lo[i] + r.Float64()*(s.space.hi[i]-s.space.lo[i])
		}
		s.try(theta)
	}
}
