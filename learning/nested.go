package learning

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// restrained sets the bounds on all weights free from the best point, the one of C alone, and chooses how far the descent is followed.
//
// With as many bounds as features the descent fits the samples of the validation folds, so that the loss in them, and in other partitions of the same samples, keeps falling when that of
// fresh samples rises. What is chosen is therefore judged from outside: each part P of a partition of the samples in turn is left out, the same descent is made on
// the rest with folds of its own, and
//
//	e_k = sum over partitions and parts of the mean hinge loss on P of the model that is trained, at the k-th point of that descent, on the rest
//
// says how far to go: to the k of the least e_k among the points of the own descent whose misclassification is no more than the level. Point 0 is C alone, point 1
// has the first bounds, k-1 steps lead to point k; a descent that has ended stays where it is. This is the nested cross-validation of M. Stone, Cross-validatory choice and
// assessment of statistical predictions, J. R. Stat. Soc. B 36 (1974), applied to the number of steps.
func (s *search) restrained() {
	way := s.way(s.best)
	sums := make([]float64, len(way))
	for r := range max(1, s.opt.Repeats) {
		outside, err := s.outside(r, way[0].theta, len(way))
		if errors.Is(err, errStopped) || errors.Is(err, errTorn) {
			break // what has been heard so far decides
		}
		if err == nil {
			addTimes(sums, 1, outside)
		}
	}
	if s.tape.torn {
		return
	}
	const tie = 1e-12
	k := 0
	for i := range way {
		if way[i].loss <= s.level+tie && sums[i] < sums[k]-tie {
			k = i
		}
	}
	if k > 0 {
		s.best = way[k]
		s.tell(s.best.slope, math.NaN(), s.tape.replays(), true)
	}
}

// way is the way of a descent with bounds on all weights: the point that it sets out from, the first bounds, and its steps until four of them gain little. None of them is
// taken as the best.
func (s *search) way(from point) []point {
	s.watch = true
	defer func() { s.watch = false }()
	points, gainless := []point{from}, s.gainless()
	s.free(from, 0, func(p point) bool {
		points = append(points, p)
		return gainless(p)
	})
	return points
}

// outside adds up, for the first steps of the descents that leave out one part of partition r each, the mean hinge losses on the parts.
func (s *search) outside(r int, theta []float64, steps int) ([]float64, error) {
	a, replayed, err := s.ask(askOutside, append(slices.Clone(theta), float64(r), float64(steps)), func() *answer {
		sum, trainings, gradients, err := s.leaveOut(r, theta, steps)
		if errors.Is(err, errStopped) {
			return nil
		}
		return &answer{Vector: sum, Trainings: trainings, Gradients: gradients, Failed: failed(err)}
	})
	if err != nil {
		return nil, err
	}
	s.cv.Trainings += a.Trainings
	s.tell(math.NaN(), math.NaN(), replayed, false)
	s.keep.now(s, false)
	return a.Vector, a.failure()
}

// leaveOut makes the descents of outside, as many at a time as there are processors. Parts without which a model cannot be trained are passed over; if there are no others, the last error is that of one.
func (s *search) leaveOut(r int, theta []float64, steps int) (sum []float64, trainings, gradients int, err error) {
	parts, err := Folds(s.train.Len(), min(3, s.opt.Folds), s.opt.Seed+uint64(r)*0x9e3779b97f4a7c15)
	if err != nil {
		return nil, 0, 0, err
	}
	type job struct {
		losses               []float64
		trainings, gradients int
		err                  error
	}
	jobs := make([]job, len(parts))
	var wait sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for t := range parts {
		turns <- struct{}{}
		wait.Go(func() {
			defer func() { <-turns }()
			j := &jobs[t]
			j.losses, j.trainings, j.gradients, j.err = s.without(s.train.Subset(rest(parts, t)), s.train.Subset(parts[t]), theta, steps)
		})
	}
	wait.Wait()
	sum = make([]float64, steps)
	some := false
	for _, j := range jobs {
		trainings, gradients = trainings+j.trainings, gradients+j.gradients
		if errors.Is(j.err, errStopped) {
			return nil, trainings, gradients, j.err
		}
		if j.err != nil {
			err = j.err
			continue
		}
		addTimes(sum, 1, j.losses)
		some = true
	}
	if some {
		err = nil
	}
	return sum, trainings, gradients, err
}

// without makes the descent on some of the samples, and measures its points on the others.
func (s *search) without(train, held *Data, theta []float64, steps int) (losses []float64, trainings, gradients int, err error) {
	folds, err := Folds(train.Len(), min(s.opt.Folds, train.Len()), s.opt.Seed)
	if err != nil {
		return nil, 0, 0, err
	}
	cv, err := NewValidation(train, s.space.task, folds, s.cv.loss)
	if err != nil {
		return nil, 0, 0, err
	}
	inner := &search{ctx: s.ctx, cv: cv, train: train, space: s.space, opt: s.opt, method: s.method, start: time.Now(),
		best: point{theta: theta, loss: math.Inf(1), slope: math.Inf(1)}}
	inner.opt.Events = nil
	if s.limit > 0 {
		inner.limit = max(s.limit-s.elapsed(), 1)
	}
	way := inner.way(point{theta: theta})
	defer func() { trainings, gradients = trainings+cv.Trainings, cv.Gradients }()
	if inner.halted {
		return nil, 0, 0, errStopped
	}
	f, err := NewFollower(train, s.space.task)
	if err != nil {
		return nil, 0, 0, err
	}
	losses = make([]float64, steps)
	for k := range losses {
		if k >= len(way) {
			losses[k] = losses[k-1]
			continue
		}
		_, _, err := f.FitContext(s.ctx, s.space.hyper(way[k].theta).Rescaled(s.opt.Folds))
		trainings++
		switch {
		case s.ctx.Err() != nil:
			return nil, trainings, 0, errStopped
		case err != nil:
			return nil, trainings, 0, err
		}
		losses[k] = meanLoss(f.scores(held), held.Y, Hinge)
	}
	return losses, trainings, 0, nil
}
