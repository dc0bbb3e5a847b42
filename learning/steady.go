package learning

import "math"

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

// steady evaluates the point of a curve over C that Choice describes: averages are taken at 50 values between two of the grid.
func (s *search) steady(c *Curve, theta []float64) {
	line := s.line(theta, 0)
	lo, hi := s.space.lo[0], s.space.hi[0]
	count := 50*max(s.opt.Points-1, 1) + 1
	at := func(i int) float64 { return lo + float64(i)/float64(count-1)*(hi-lo) }
	own, mean, hinge := make([]float64, count), make([]float64, count), make([]float64, count)
	add := func(c *Curve) {
		for i := range mean {
			l, h := c.at(math.Exp(at(i)))
			mean[i] += l
			hinge[i] += h
		}
	}
	for i := range own {
		own[i], _ = c.at(math.Exp(at(i)))
	}
	add(c)
	for k, v := range s.partitions() {
		if s.stopped() {
			break
		}
		if other, err := s.over(v, k+1, theta, 0, line); err == nil {
			add(other)
		}
	}
	const tie = 1e-12
	window := math.Ln10 / 4
	best, found := -1, math.Inf(1)
	for i := range mean {
		if own[i] > s.level+tie {
			continue
		}
		sum, weights := 0.0, 0.0
		for j := range mean {
			d := (at(i) - at(j)) / window
			if w := math.Exp(-d * d / 2); w > 1e-9 {
				sum, weights = sum+w*mean[j], weights+w
			}
		}
		if v := sum / weights * sum / weights * hinge[i]; v < found-tie {
			best, found = i, v
		}
	}
	if best >= 0 {
		theta[0] = at(best)
		s.try(theta)
	}
}
