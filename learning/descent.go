package learning

import (
	"math"
	"slices"
	"sort"
)

// bilevel looks at a coarse lattice of the scalars, descends from its best points, frees the coordinates of single features and descends again, and
// ends with a direct search in the loss.
func (s *search) bilevel() {
	if s.follows() {
		if s.exact(); s.best.theta != nil || s.stopped() {
			return
		}
	}
	var seen []point
	theta := make([]float64, len(s.space.lo))
	axes := s.space.scalars
	single := len(theta) > axes
	loose := 0.0 // the common value of the coordinates of single features
	boxes := s.space.task == SVC || s.space.task == SVR
	if single && boxes {
		loose = s.space.hi[axes]
	}
	per := s.opt.Points
	if axes == 2 {
		per = (per + 1) / 2
	}
	look := func(at []float64) bool {
		if single && boxes {
			at = append(slices.Clone(at), loose)
		}
		s.spread(at, theta)
		seen = append(seen, s.try(theta))
		return !s.stopped()
	}
	s.lattice(max(axes, 1), per, false, look)
	if s.space.task == KernelSVC {
		seen = s.zoom(seen, per)
	}
	// Descents set out from the best points by either loss, in turns.
	byLoss, bySlope := slices.Clone(seen), seen
	sort.SliceStable(byLoss, func(i, j int) bool { return byLoss[i].better(&byLoss[j], math.Inf(-1)) })
	sort.SliceStable(bySlope, func(i, j int) bool { return bySlope[i].slope < bySlope[j].slope })
	var starts []point
	for k := 0; len(starts) < s.opt.Starts && k < 2*len(seen); k++ {
		p := bySlope[k/2]
		if k%2 == 1 {
			p = byLoss[k/2]
		}
		if !slices.ContainsFunc(starts, func(q point) bool { return slices.Equal(p.theta, q.theta) }) {
			starts = append(starts, p)
		}
	}
	for k, p := range starts {
		if s.stopped() {
			return
		}
		move := axes
		if move == 0 {
			move = len(theta)
		}
		p = s.descend(p, move, nil)
		if single && boxes {
			s.free(p, k, s.gainless())
		}
	}
	s.compass()
}

// free sets the bound on each weight to the mean of its absolute values over the folds, half of that for odd starts, and descends in all coordinates until
// ended.
func (s *search) free(p point, k int, ended func(point) bool) {
	if s.try(p.theta); s.stand == nil {
		return
	}
	theta := slices.Clone(p.theta)
	for i, size := range s.sizes(p.theta) {
		if k%2 == 1 {
			size /= 2
		}
		theta[s.space.scalars+i] = math.Log(math.Max(size, 1e-300))
	}
	s.space.clip(theta)
	s.descend(s.try(theta), len(theta), ended)
}

// gainless ends a descent where four steps have gained little, or two less than a sixth of what is missing to the best point so far.
func (s *search) gainless() func(point) bool {
	var slopes []float64
	return func(p point) bool {
		slopes = append(slopes, p.slope)
		k := len(slopes)
		return k > 4 && slopes[k-5]-p.slope < worthwhile*p.slope || k > 2 && 6*(slopes[k-3]-p.slope) < p.slope-s.best.slope
	}
}

// descend follows the projected hypergradient of the loss that has one, over the first move coordinates: steps of Barzilai and Borwein with
// backtracking, at most one natural logarithm long in each coordinate. The best point by the leader's loss is kept on the way by try. It ends at the first of its
// points, its start included, of which ended is true.
func (s *search) descend(p point, move int, ended func(point) bool) point {
	dim := len(p.theta)
	grad, old, trial := make([]float64, dim), make([]float64, dim), make([]float64, dim)
	var last []float64
	step := 0.0
	for range s.opt.Iterations {
		if s.stopped() || math.IsInf(p.slope, 1) {
			break
		}
		if ended != nil && ended(p) {
			break
		}
		// The derivative is taken where the followers stand.
		if !slices.Equal(s.stand, p.theta) {
			if p = s.try(p.theta); math.IsInf(p.slope, 1) {
				break
			}
		}
		replayed := s.gradient(p.theta, grad)
		size, norm := 0.0, 0.0
		for i := range dim {
			if i >= move || p.theta[i] <= s.space.lo[i] && grad[i] > 0 || p.theta[i] >= s.space.hi[i] && grad[i] < 0 {
				grad[i] = 0
			}
			size = math.Max(size, math.Abs(grad[i]))
			norm = math.Hypot(norm, grad[i])
		}
		s.tell(p.slope, norm, replayed, true)
		if !(size > 1e-9*(1e-6+p.slope)) {
			break
		}
		if last != nil {
			ss, sy := 0.0, 0.0
			for i := range dim {
				ds, dy := p.theta[i]-last[i], grad[i]-old[i]
				ss += ds * ds
				sy += ds * dy
			}
			step = 2 * step
			if sy > 0 {
				step = ss / sy
			}
		} else {
			step = 0.5 / size
		}
		step = math.Min(step, 1/size)
		last = slices.Clone(p.theta)
		copy(old, grad)
		moved := false
		for range 8 {
			copy(trial, p.theta)
			for i := range trial {
				trial[i] -= step * grad[i]
			}
			s.space.clip(trial)
			drop := 0.0
			for i := range trial {
				drop += grad[i] * (p.theta[i] - trial[i])
			}
			q := s.try(trial)
			if q.slope <= p.slope-1e-4*drop && q.slope < p.slope {
				moved = p.slope-q.slope > 1e-9*(1e-6+p.slope)
				p = q
				break
			}
			step /= 3
			if step*size < 1e-4 || s.stopped() {
				break
			}
		}
		if !moved {
			break
		}
	}
	return p
}

// compass moves the best point along each scalar, and along all coordinates of single features together, as long as the leader's loss (in ties,
// the other) gets less; steps are halved from 0.5 to 0.03.
func (s *search) compass() {
	if s.best.theta == nil {
		return
	}
	for step := 0.5; step > 0.02; step /= 2 {
		for moved, round := true, 0; moved && round < 20; round++ {
			moved = false
			for a := range s.axes() {
				for _, sign := range []float64{1, -1} {
					if s.stopped() {
						return
					}
					theta := slices.Clone(s.best.theta)
					from, to := a, a+1
					if a == s.space.scalars {
						to = len(theta)
					}
					for i := from; i < to; i++ {
						theta[i] += sign * step
					}
					s.space.clip(theta)
					before := s.best
					if slices.Equal(theta, before.theta) {
						continue
					}
					if p := s.try(theta); s.better(&p, &before) {
						moved = true
						break
					}
				}
			}
		}
	}
}
