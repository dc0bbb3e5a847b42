package learning

import (
	"errors"
	"math"
	"slices"
	"sort"
)

// follows reports whether the bilevel method follows paths: for support vector machines, with a loss that is a polynomial between kinks, up to a size
// from which on the pieces of a path, each a look at all samples, cost more than trainings do.
func (s *search) follows() bool {
	if s.space.task != SVC && s.space.task != SVR || s.cv.loss == LogLoss {
		return false
	}
	f := s.cv.folds[0].f.(*hinges)
	return float64(f.m)*float64(f.m)*float64(f.n+1) <= 2e9
}

// exact is the bilevel method along paths: the loss on the whole range of C (for SVR at some values of ε, then along ε and C in turns) is known exactly, and
// the best point of it taken. Bounds on single weights are set free from there by descents, for SVR from three points, and the best of these improved along
// short lines of C, ε and the common size of all bounds.
func (s *search) exact() {
	theta := make([]float64, len(s.space.lo))
	axes := s.space.scalars
	for i := axes; i < len(theta); i++ {
		theta[i] = s.space.hi[i]
	}
	per := s.opt.Points
	if axes == 2 {
		per = (per + 1) / 2
	}
	at := func(i, c int) float64 {
		if per == 1 {
			return (s.space.lo[i] + s.space.hi[i]) / 2
		}
		return s.space.lo[i] + float64(c)/float64(per-1)*(s.space.hi[i]-s.space.lo[i])
	}
	var seen []point
	var curves []*Curve
	var from [][]float64
	others := 1
	if axes == 2 {
		others = per
	}
	if axes == 2 && len(theta) > axes {
		seen, others = s.glance(), 0
	}
	for o := range others {
		if axes == 2 {
			theta[1] = at(1, o)
		}
		c := s.curve(theta, 0, 1, math.Inf(1))
		if c == nil {
			continue
		}
		curves, from = append(curves, c), append(from, slices.Clone(theta))
		for q := range per {
			p := point{theta: slices.Clone(theta)}
			p.theta[0] = at(0, q)
			p.loss, p.slope = c.at(math.Exp(p.theta[0]))
			seen = append(seen, p)
		}
	}
	if len(seen) == 0 {
		return
	}
	sort.SliceStable(seen, func(i, j int) bool { return seen[i].better(&seen[j], math.Inf(-1)) })
	if len(theta) == 1 {
		s.least, s.exhausted = curves[0].least()
	}
	doubt := 0.0
	for _, c := range curves {
		doubt = math.Max(doubt, c.Doubt)
	}
	if doubt > 0 {
		// The curve may be wrong by samples: the points of the grid that may be the best say what is to be reached.
		for i := range seen {
			if seen[i].loss-2*doubt > s.best.loss {
				continue
			}
			if t := s.try(seen[i].theta); !math.IsInf(t.loss, 1) {
				seen[i] = t
			}
		}
		sort.SliceStable(seen, func(i, j int) bool { return seen[i].better(&seen[j], math.Inf(-1)) })
	}
	steady := s.opt.Choice == Steady && s.cv.loss == Misclassification
	if steady {
		s.level = seen[0].loss
		s.steady(curves[0], from[0])
	} else {
		for k, c := range curves {
			s.settle(c, from[k], 0, 1)
		}
	}
	if s.refuted {
		// Features of very different sizes leave a path few digits: trainings say what the points of the grid are worth, and nothing is known between them.
		s.exhausted = false
		for i := range seen {
			s.try(seen[i].theta)
		}
	} else {
		// So that the point is no worse than the grid, also by as much as a curve is moved.
		for i := range seen {
			near := s.cv.loss != Misclassification && agree(seen[i].loss, s.best.loss)
			if i == 0 && s.better(&seen[0], &s.best) || near && !slices.Equal(seen[i].theta, s.best.theta) {
				s.try(seen[i].theta)
			}
		}
	}
	if s.exhausted && s.best.loss < s.least {
		// A point has less than the curve.
		s.exhausted, s.least = agree(s.best.loss, s.least), s.best.loss
	}
	if len(theta) == axes {
		s.rounds()
		return
	}
	if s.best.theta == nil {
		return
	}
	if steady {
		s.restrained()
		return
	}
	// The loss itself decides: with bounds it falls so far below that of C alone that the order of the points is clear.
	s.level = 0
	starts := []point{s.best}
	sort.SliceStable(seen, func(i, j int) bool { return seen[i].slope < seen[j].slope })
	for _, p := range seen {
		if len(starts) < s.opt.Starts && !slices.Equal(p.theta, starts[0].theta) {
			starts = append(starts, p)
		}
	}
	for k, p := range starts {
		if s.stopped() {
			return
		}
		s.free(p, k, s.gainless())
	}
	s.try(s.best.theta) // so that lines begin near where the followers stand
	s.rounds()
}

// worthwhile is the share of the loss that a round along lines, or four steps of a descent in the bounds, has to gain for others to follow.
const worthwhile = 1e-3

// near is how far, in natural logarithms, lines through a point that has been looked for on whole lines go.
const near = 0.7

// glance evaluates as many points of C and ε without bounds on weights as descents set out from, at least three: more would cost more than they find, as
// descents change C and ε, too.
func (s *search) glance() []point {
	// In shares of the logarithmic ranges.
	at := [][2]float64{{0.5, 0.5}, {0.375, 0.75}, {0.625, 0.875}}
	for k := len(at); k < s.opt.Starts; k++ {
		_, second := math.Modf(float64(k) * 0.7548776662466927)
		at = append(at, [2]float64{goldenFraction(k), second})
	}
	var seen []point
	for _, share := range at {
		theta := slices.Clone(s.space.hi)
		for i, t := range share {
			theta[i] = s.space.lo[i] + t*(s.space.hi[i]-s.space.lo[i])
		}
		if p := s.try(theta); !math.IsInf(p.loss, 1) {
			seen = append(seen, p)
		}
	}
	return seen
}

// rounds goes along each scalar, and along the common size of the bounds, as long as that helps. One scalar alone has been seen to the end.
func (s *search) rounds() {
	lines := s.axes()
	if lines == 1 || s.best.theta == nil {
		return
	}
	for range 6 {
		before := s.best
		for a := range lines {
			if s.stopped() {
				return
			}
			from, to := a, a+1
			if a == s.space.scalars {
				to = len(s.space.lo)
			}
			theta := slices.Clone(s.best.theta)
			if c := s.curve(theta, from, to, near); c != nil {
				s.settle(c, theta, from, to)
			}
		}
		if !(s.best.loss < before.loss-worthwhile*math.Abs(before.loss)) {
			return
		}
	}
}

// inside reports whether a coordinate is within its range, not at an end of it.
func (s *search) inside(theta []float64, i int) bool {
	return theta[i] > s.space.lo[i] && theta[i] < s.space.hi[i]
}

// line is the line through a point along one scalar, or along the common size of those bounds that are within their range, on which the point is 1;
// it ends where the first of them comes to the end of its range, at most at 20 times and a twentieth of their size. It goes no further from the point than reach,
// a natural logarithm.
func (s *search) line(theta []float64, from int, reach float64) Line {
	h := s.space.hyper(theta)
	l := Line{At: h, From: math.Exp(math.Max(s.space.lo[from], theta[from]-reach)), To: math.Exp(math.Min(s.space.hi[from], theta[from]+reach))}
	switch {
	case from == s.space.scalars:
		l.At.Box, l.Along.Box = slices.Clone(h.Box), make([]float64, len(h.Box))
		low, high := -math.Min(reach, 3), math.Min(reach, 3)
		for i := from; i < len(theta); i++ {
			if s.inside(theta, i) {
				k := i - from
				l.At.Box[k], l.Along.Box[k] = 0, h.Box[k]
				low, high = math.Max(low, s.space.lo[i]-theta[i]), math.Min(high, s.space.hi[i]-theta[i])
			}
		}
		l.From, l.To = math.Exp(low), math.Exp(high)
	case from == 0:
		l.At.C, l.Along.C = 0, 1
	default:
		l.At.Epsilon, l.Along.Epsilon = 0, 1
	}
	return l
}

// curve is the loss along a line, nil where it could not be followed.
func (s *search) curve(theta []float64, from, to int, reach float64) *Curve {
	if s.stopped() {
		return nil
	}
	if from == s.space.scalars && !slices.ContainsFunc(theta[from:to], func(v float64) bool { return v < s.space.hi[from] && v > s.space.lo[from] }) {
		return nil
	}
	l := s.line(theta, from, reach)
	l.short = !math.IsInf(reach, 1)
	if !(l.From < l.To) {
		return nil // a range that is one value
	}
	c, err := s.over(s.cv, 0, theta, from, l)
	if err != nil {
		if !errors.Is(err, errStopped) {
			s.failed = err
		}
		return nil
	}
	return c
}

// settle evaluates the best point of a curve over the coordinates from, ..., to-1 of theta, and others near it where rounding makes that worse than
// the curve says.
func (s *search) settle(c *Curve, theta []float64, from, to int) {
	b := c.best(s.level)
	middle := math.Sqrt(b.lo * b.hi)
	confirmed := false
	// Where the loss jumps, the least one is taken inside of the part alone, as near to its end as can be.
	for _, t := range []float64{b.t, b.t + 1e-7*(middle-b.t), math.Sqrt(b.t * middle), middle} {
		trial := slices.Clone(theta)
		for i := from; i < to; i++ {
			if from == s.space.scalars {
				if s.inside(theta, i) {
					trial[i] += math.Log(t)
				}
			} else {
				trial[i] = math.Log(t)
			}
		}
		s.space.clip(trial)
		p := s.try(trial)
		confirmed = confirmed || agree(math.Max(p.loss, s.level), b.loss)
		if s.stopped() || confirmed && math.Max(p.loss, s.level) <= b.loss+1e-9*(1+math.Abs(b.loss)) {
			return
		}
	}
	s.refuted = s.refuted || !confirmed
}

// agree reports whether a training and a curve have the same loss, but for what paths are moved by.
func agree(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(b)) }

// lowest is a best point of a curve, and the part of the line around it on which the loss is no larger.
type lowest struct{ t, loss, slope, lo, hi float64 }

// best is the least loss, where losses below the level count as the level, and of that the least slope. Where the loss is constant by
// pieces the point keeps a tenth of the part's length on a logarithmic scale away from its ends, and pieces that are too short to be more than a
// change of two samples at one place, see brief, count only where there are no others.
func (c *Curve) best(level float64) lowest {
	if b := c.bestOf(level, true); !math.IsInf(b.loss, 1) {
		return b
	}
	return c.bestOf(level, false)
}

// brief reports whether a piece with a constant loss is shorter than the ends of pieces are exact.
func (p *CurvePiece) brief() bool {
	return p.Loss[1] == 0 && p.Loss[2] == 0 && p.To-p.From < nearZero*p.To
}

func (c *Curve) bestOf(level float64, long bool) lowest {
	const tie = 1e-12
	b := lowest{loss: math.Inf(1), slope: math.Inf(1)}
	at := 0
	for i := range c.Pieces {
		p := &c.Pieces[i]
		if long && p.brief() {
			continue
		}
		length := p.To - p.From
		stops := []float64{0, length}
		if p.Slope[2] > 0 {
			if v := -p.Slope[1] / (2 * p.Slope[2]); v > 0 && v < length {
				stops = append(stops, v)
			}
		}
		for _, s := range stops {
			l, sl := math.Max(valueOf(&p.Loss, s), level), valueOf(&p.Slope, s)
			if l < b.loss-tie || l < b.loss+tie && sl < b.slope-tie {
				b, at = lowest{p.From + s, l, sl, p.From, p.To}, i
			}
		}
	}
	flat := func(i int) bool {
		p := &c.Pieces[i]
		return p.Loss[1] == 0 && p.Loss[2] == 0 && math.Max(p.Loss[0], level) <= b.loss+tie
	}
	if len(c.Pieces) == 0 || !flat(at) {
		return b
	}
	for i := at; i >= 0 && flat(i); i-- {
		b.lo = c.Pieces[i].From
	}
	for i := at; i < len(c.Pieces) && flat(i); i++ {
		b.hi = c.Pieces[i].To
	}
	keep := math.Pow(b.hi/b.lo, 0.1)
	b.t = math.Min(math.Max(b.t, b.lo*keep), b.hi/keep)
	return b
}

// least is the least loss, and whether it is known: whether no part of the line was jumped over, no prediction left open (see Ties), and no
// smaller loss found on a piece that may be there by rounding alone.
func (c *Curve) least() (loss float64, known bool) {
	b, all := c.best(math.Inf(-1)), c.bestOf(math.Inf(-1), false)
	return b.loss, c.whole() && all.loss >= b.loss-1e-12*(1+math.Abs(b.loss))
}

// at is the loss and the slope at a point of the line.
func (c *Curve) at(t float64) (loss, slope float64) {
	i := sort.Search(len(c.Pieces), func(i int) bool { return c.Pieces[i].To >= t })
	i = min(i, len(c.Pieces)-1)
	p := &c.Pieces[i]
	s := math.Min(math.Max(t, p.From), p.To) - p.From
	return valueOf(&p.Loss, s), valueOf(&p.Slope, s)
}
