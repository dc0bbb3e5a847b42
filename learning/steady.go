package learning

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
)

// steadyWindow is the deviation, in natural logarithms of C, of the window that Steady averages misclassification over; it ends at three deviations.
const steadyWindow = math.Ln10 / 2

// partitions prepares the cross-validations on other folds, as many as the size of the data allows.
func (s *search) partitions() []*Validation {
	if s.others != nil || s.train == nil {
		return s.others
	}
	f := s.cv.folds[0].f.(*hinges)
	most := int(2e9 / (float64(f.m) * float64(f.m) * float64(f.n+1)))
	for r := 1; r < min(s.opt.Repeats, most); r++ {
		folds, err := Folds(s.train.Len(), s.opt.Folds, s.opt.Seed+uint64(r)*0x9e3779b97f4a7c15)
		if err != nil {
			break
		}
		v, err := NewValidation(s.train, s.space.task, folds, s.cv.loss)
		if err != nil {
			break
		}
		s.others = append(s.others, v)
	}
	return s.others
}

// steady evaluates the point of a curve over C that Choice describes: averages are taken at 50 values between two of the grid. Other partitions are followed
// where the window of a C that may be chosen reaches.
func (s *search) steady(c *Curve, theta []float64) {
	const tie = 1e-12
	lo, hi := s.space.lo[0], s.space.hi[0]
	count := 50*max(s.opt.Points-1, 1) + 1
	at := func(i int) float64 { return lo + float64(i)/float64(count-1)*(hi-lo) }
	may := make([]bool, count)
	from, to := count, -1
	for i := range may {
		if own, _ := c.at(math.Exp(at(i))); own <= s.level+tie {
			may[i] = true
			from, to = min(from, i), i
		}
	}
	if to < 0 {
		return
	}
	reach := 0
	if hi > lo {
		reach = int(math.Ceil(3 * steadyWindow / (hi - lo) * float64(count-1)))
	}
	from, to = max(from-reach, 0), min(to+reach, count-1)
	points := make([]float64, to-from+1)
	mean, hinge := make([]float64, len(points)), make([]float64, len(points))
	for i := range points {
		points[i] = math.Exp(at(from + i))
		mean[i], hinge[i] = c.at(points[i])
	}
	if other := s.partitions(); len(points) > 1 && len(other) > 0 {
		line := s.line(theta, 0, math.Inf(1))
		line.From, line.To = points[0], points[len(points)-1]
		// Without the others, of which one could not be followed, the choice is that of the own folds.
		if sum, err := s.sampled(other, theta, line, points); err == nil {
			for i := range points {
				mean[i] += sum[i]
				hinge[i] += sum[len(points)+i]
			}
		}
	}
	best, found := -1, math.Inf(1)
	for i := range points {
		if !may[from+i] {
			continue
		}
		sum, weights := 0.0, 0.0
		for j := range points {
			d := (at(from+i) - at(from+j)) / steadyWindow
			if math.Abs(d) <= 3 {
				w := math.Exp(-d * d / 2)
				sum, weights = sum+w*mean[j], weights+w
			}
		}
		if v := sum / weights * sum / weights * hinge[i]; v < found-tie {
			best, found = from+i, v
		}
	}
	if best >= 0 {
		theta[0] = at(best)
		p := s.try(theta)
		_, slope := c.at(math.Exp(theta[0]))
		s.refuted = s.refuted || !s.stopped() && !agree(p.slope, slope)
	}
}

// sampled is the sum over other partitions of the losses, then of the slopes, at points of a line in ascending order.
func (s *search) sampled(others []*Validation, theta []float64, line Line, points []float64) ([]float64, error) {
	a, replayed, err := s.ask(askSampled, append(slices.Clone(theta), line.From, line.To, float64(len(others))), func() *answer {
		sum, pieces, err := sampledOver(s.ctx, others, line, points)
		if s.ctx.Err() != nil {
			return nil
		}
		return &answer{Vector: sum, Trainings: len(others) * len(s.cv.folds), Pieces: pieces, Failed: failed(err)}
	})
	if err != nil {
		return nil, err
	}
	for range others {
		s.cv.Trainings += a.Trainings / len(others)
		s.tell(math.NaN(), math.NaN(), replayed, false)
	}
	s.keep.now(s, false)
	return a.Vector, a.failure()
}

// sampledOver adds up the losses, and then the slopes, of all partitions at points of a line in ascending order. Folds are followed as many at a time as there
// are processors, and summed in their order.
func sampledOver(ctx context.Context, parts []*Validation, line Line, points []float64) (sum []float64, pieces int, err error) {
	type job struct {
		v      *Validation
		fold   int
		sum    []float64
		result PathResult
		err    error
	}
	var jobs []*job
	for _, v := range parts {
		for t := range v.folds {
			jobs = append(jobs, &job{v: v, fold: t, sum: make([]float64, 2*len(points))})
		}
	}
	var wait sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, j := range jobs {
		turns <- struct{}{}
		wait.Go(func() {
			defer func() { <-turns }()
			j.result, j.err = j.v.sampleFold(ctx, j.fold, line, points, j.sum)
		})
	}
	wait.Wait()
	sum = make([]float64, 2*len(points))
	for _, j := range jobs {
		if j.err != nil {
			return nil, pieces, fmt.Errorf("fold %d: %w", j.fold+1, j.err)
		}
		addTimes(sum, 1, j.sum)
		pieces += j.result.Pieces
	}
	return sum, pieces, nil
}

// sampleFold stores the parts that a fold has in loss and slope at points of a line in ascending order. A point that the path jumps over takes the place where
// the path goes on.
func (c *Validation) sampleFold(ctx context.Context, t int, line Line, points, out []float64) (PathResult, error) {
	held := c.held[t]
	m := newMeasure(held, c.loss, c.loss.slope(c.task), 1/float64(len(c.folds)*held.Len()))
	at := 0
	v := make([]float64, c.folds[t].n+1)
	take := func(p *Piece, s float64) {
		for k := range v {
			v[k] = p.V[k] + s*p.Rate[k]
		}
		m.columns.times(v, m.at)
		out[at], out[len(points)+at] = m.sums()
		at++
	}
	res, err := c.folds[t].f.(*hinges).tracer(line).run(ctx, func(p Piece) error {
		for at < len(points) && (points[at] <= p.To || p.To >= line.To) {
			take(&p, math.Min(math.Max(points[at], p.From), p.To)-p.From)
		}
		return nil
	})
	if err == nil && at < len(points) {
		err = ErrPath
	}
	return res, err
}
