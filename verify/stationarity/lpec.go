package stationarity

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// LPECOptions are the settings of Problem.LPEC. The zero value of each field is its default.
type LPECOptions struct {
	Radius     float64 // of the trust region; default 1e-3
	Active     float64 // slacks up to this times the size of their gradient count as zero; default max(1e-6, 10 times the largest residual)
	Tolerance  float64 // what counts as no descent, see Direction.Stationary; default 1e-6
	Sufficient float64 // stop at a direction with at least this share of the bound, in (0, 1]; default 1: the best one
	NodeLimit  int     // linear programs solved; default 20000
	Leaves     bool    // keep the multipliers that prove the bound
}

// Direction is the answer of an LPEC: a best first-order step.
type Direction struct {
	Value float64   // ∇f'D, not positive: D = 0 is always allowed
	Bound float64   // no allowed direction has a smaller value
	D     []float64 // one entry a variable, largest entry at most the radius
	// Branches says of each pair how it holds along D, and Choices lists the pairs that could have held in another way.
	Branches []Branch
	Choices  []int
	// Violation and PairResidual are the largest residuals of the point itself, as in Report. Where they are large, Stationary speaks of the shifted problem.
	Violation, PairResidual float64
	// Stationary is Yes where Bound >= -Tolerance Radius (1 + ‖∇f‖∞), No where Value is below that, else Undecided: a limit was hit.
	Stationary Verdict
	Leaves     []Leaf // with LPECOptions.Leaves
	Nodes      int    // linear programs solved
	Iterations int    // of the simplex method
	Message    string // why the search was incomplete, "" where it was not
}

// Leaf is a part of the proof of Direction.Bound: a set of branches of which no direction is better than Bound, by weak duality. All
// leaves together cover all branches. Where the problem falls apart into blocks of variables that share no constraint within reach, each
// leaf is about the directions that move its block alone; then the leaves of each block from 1 cover all branches of that block's pairs,
// the one of block 0 is about all the other variables, and the least bounds of all blocks sum to Direction.Bound. With y = Rows and the linearised rows lo_r <= c_r + ∇c_r'd <= hi_r, members that are fixed to zero
// included,
//
//	∇f'd = (∇f - Σ_r y_r ∇c_r)'d + Σ_r y_r ∇c_r'd
//
// and each term is at least its least value within the bounds of d_j and of row r.
type Leaf struct {
	Block    int
	Pairs    []int // those with a choice that are fixed in this leaf
	Branches []Branch
	Bound    float64
	Rows     []float64 // y_r, >= 0 where the lower side counts; nil where no direction satisfies the linearised rows
}

// LPEC finds the best direction of the problem linearised at x within a trust region,
//
//	min ∇f(x)'d   s.t.  L <= c(x) + ∇c(x)'d <= U,  l <= x + d <= u,  0 <= A + ∇A'd ⟂ B + ∇B'd >= 0,  ‖d‖∞ <= Radius
//
// and mixed pairs alike. Slacks that count as zero are zero, and what x violates is shifted to hold at d = 0. Where x satisfies the
// problem and the value is zero for a small radius, x is B-stationary: no direction descends to first order. Pairs with more than one
// branch within reach are branched on, over a linear program that is solved again after changes of bounds; no constant bounds a
// member, so that the answer is exact. Pairs out of reach cost nothing. Where the point satisfies all pairs, d = 0 is allowed.
//
// The error is of type *PointError where the derivatives at x do not exist, or *SizeError where the binary has no HiGHS and the problem is too
// large for the solver here; a done context is not an error but leaves Direction.Stationary undecided.
//
// Source: the LPEC test of Scheel and Scholtes, Mathematics of Operations Research 25 (2000), and its use as a step by Leyffer and Munson
// (2007).
func (p *Problem) LPEC(ctx context.Context, x []float64, opt LPECOptions) (*Direction, error) {
	if opt.Radius <= 0 {
		opt.Radius = 1e-3
	}
	if opt.Tolerance <= 0 {
		opt.Tolerance = 1e-6
	}
	if opt.NodeLimit <= 0 {
		opt.NodeLimit = 20000
	}
	if opt.Sufficient <= 0 || opt.Sufficient > 1 {
		opt.Sufficient = 1
	}
	l, err := p.at(x, opt.Active)
	if err != nil {
		return nil, err
	}
	s := newLinearised(l, opt.Radius)
	if err := s.lp.open(p.solvers); err != nil {
		return nil, err
	}
	defer s.lp.solver.close()
	s.lp.solver.start(p.basis)
	d, err := s.search(ctx, opt)
	if err != nil {
		return nil, err
	}
	if b := s.lp.solver.basis(); b != nil {
		p.basis = b
	}
	return d, nil
}

// linearised is an LPEC: a linear program in units of the radius, and the pairs with a choice. Rows are divided by the size of their
// gradients. Variable j is column j and row r is row r.
type linearised struct {
	*local
	radius   float64
	lp       *boxLP
	unit     []float64 // by quantity: what a bound of the linear program is multiplied with to give units of the quantity
	root     [2][]float64
	branches []Branch // by pair: the only one, or where there is a choice the one at d = 0
	choices  []choice
	touched  []int32
}

// choice is a pair with several branches within reach.
type choice struct {
	pair     int
	branches []Branch
}

// newLinearised writes the LPEC around a point.
func newLinearised(l *local, radius float64) *linearised {
	p := l.p
	s := &linearised{local: l, radius: radius, unit: make([]float64, p.n+p.m), branches: make([]Branch, len(p.pairs))}
	lp := &boxLP{n: p.n, m: p.m, cost: l.grad, lower: make([]float64, p.n+p.m), upper: make([]float64, p.n+p.m),
		start: make([]int32, 1, p.m+1), index: make([]int32, 0, len(l.jac)), value: make([]float64, 0, len(l.jac))}
	for r := range p.m {
		size := l.normInf[p.n+r]
		l.each(p.n+r, func(j int32, v float64) {
			// What is so small beside the rest of the row would be dropped by a solver: so it is here, for all to see the same.
			if math.Abs(v) > 1e-12*size {
				lp.index, lp.value = append(lp.index, j), append(lp.value, v/size)
			}
		})
		lp.start = append(lp.start, int32(len(lp.index)))
	}
	s.lp = lp
	for q := range s.unit {
		s.unit[q] = radius
		if q >= p.n && l.normInf[q] > 0 {
			s.unit[q] *= l.normInf[q]
		}
		lo, hi := -inf, inf
		if s.reaches(q, l.toLower(q)) {
			lo = -l.toLower(q) / s.unit[q]
		}
		if s.reaches(q, l.toUpper(q)) {
			hi = l.toUpper(q) / s.unit[q]
		}
		if q < p.n {
			lo, hi = math.Max(lo, -1), math.Min(hi, 1)
		}
		lp.lower[q], lp.upper[q] = lo, hi
	}
	for k := range p.pairs {
		s.addPair(k)
	}
	s.root = [2][]float64{append([]float64(nil), lp.lower...), append([]float64(nil), lp.upper...)}
	return s
}

// reaches reports whether a quantity can change by a distance within the trust region.
func (s *linearised) reaches(q int, distance float64) bool {
	return distance <= s.radius*s.norm1[q]*(1+1e-9)
}

// addPair finds the branches of a pair within reach and restricts the linear program where there is only one.
func (s *linearised) addPair(k int) {
	pair := s.p.pairs[k]
	var within []Branch
	home := -1
	consider := func(b Branch, holds, reachable bool) {
		if holds && home < 0 {
			home, s.branches[k] = len(within), b
		}
		if holds || reachable {
			within = append(within, b)
		}
	}
	qa, qb := s.p.quantity(pair.A), s.p.quantity(pair.B)
	if !pair.Mixed() {
		a, b := s.distance(pair.A), s.distance(pair.B)
		switch {
		case s.p.fixed(qa):
			consider(FirstZero, true, true)
		case s.p.fixed(qb):
			consider(SecondZero, true, true)
		default:
			consider(FirstZero, a == 0, s.reaches(qa, a))
			consider(SecondZero, b == 0, s.reaches(qb, b))
		}
	} else {
		low, high, v := s.toLower(qa), s.toUpper(qa), s.snapped(pair.B)
		if s.p.fixed(qa) {
			consider(RangeAtLower, true, true)
		} else if s.p.settled(pair) {
			consider(ValueZero, true, true)
		} else {
			consider(RangeAtLower, low == 0 && v >= 0, s.reaches(qa, low) && (v >= 0 || s.reaches(qb, -v)))
			consider(RangeAtUpper, high == 0 && v <= 0, s.reaches(qa, high) && (v <= 0 || s.reaches(qb, v)))
			consider(ValueZero, v == 0, s.reaches(qb, math.Abs(v)))
		}
	}
	switch {
	case home < 0:
		s.branches[k] = s.nearest(pair)
		s.restrict(pair, s.branches[k], true)
	case len(within) == 1:
		s.restrict(pair, within[0], false)
	default:
		s.relax(pair, within)
		s.choices = append(s.choices, choice{pair: k, branches: within})
	}
}

// distance is the slack of a member of a standard pair, 0 where it counts as zero.
func (s *linearised) distance(m model.Member) float64 {
	if q := s.p.quantity(m); m.Side == model.AtUpper {
		return s.toUpper(q)
	} else {
		return s.toLower(q)
	}
}

// snapped is the value of a signed member, 0 where it counts as zero.
func (s *linearised) snapped(m model.Member) float64 {
	q := s.p.quantity(m)
	if s.isZero(q, s.value[q]) {
		return 0
	}
	return s.value[q]
}

// nearest is the branch that a pair which does not hold is closest to.
func (s *linearised) nearest(pair model.Pair) Branch {
	qa, qb := s.p.quantity(pair.A), s.p.quantity(pair.B)
	if !pair.Mixed() {
		if s.slack(pair.A)/s.scale[qa] <= s.slack(pair.B)/s.scale[qb] {
			return FirstZero
		}
		return SecondZero
	}
	v := s.value[qb]
	distance := math.Min(s.toLower(qa), s.toUpper(qa)) / s.scale[qa]
	switch {
	case math.Abs(v)/s.scale[qb] <= distance:
		return ValueZero
	case v > 0:
		return RangeAtLower
	}
	return RangeAtUpper
}

// restrict narrows the linear program to a branch of a pair. shift: the members that the branch fixes stay where they are.
func (s *linearised) restrict(pair model.Pair, b Branch, shift bool) {
	qa, qb := s.p.quantity(pair.A), s.p.quantity(pair.B)
	at := func(q int, v float64) {
		if shift {
			v = 0
		}
		s.narrow(q, v/s.unit[q], v/s.unit[q])
	}
	zero := func(m model.Member) float64 {
		if m.Side == model.AtUpper {
			return s.distance(m)
		}
		return -s.distance(m)
	}
	v := s.snapped(pair.B)
	switch b {
	case FirstZero:
		at(qa, zero(pair.A))
	case SecondZero:
		at(qb, zero(pair.B))
	case RangeAtLower:
		at(qa, -s.toLower(qa))
		if !s.p.fixed(qa) {
			s.narrow(qb, math.Min(-v/s.unit[qb], shifted(shift)), inf)
		}
	case RangeAtUpper:
		at(qa, s.toUpper(qa))
		if !s.p.fixed(qa) {
			s.narrow(qb, -inf, math.Max(-v/s.unit[qb], -shifted(shift)))
		}
	case ValueZero:
		at(qb, -v)
	}
}

// shifted is the limit that keeps d = 0 allowed where something is shifted.
func shifted(shift bool) float64 {
	if shift {
		return 0
	}
	return inf
}

// relax narrows the linear program to what all branches of a pair within reach have in common. Members of standard pairs are
// non-negative by the bounds that they are slacks of.
func (s *linearised) relax(pair model.Pair, within []Branch) {
	if !pair.Mixed() {
		return
	}
	q := s.p.quantity(pair.B)
	v := s.snapped(pair.B) / s.unit[q]
	lo, hi := 0.0, 0.0
	for _, b := range within {
		switch b {
		case RangeAtLower:
			hi = inf
		case RangeAtUpper:
			lo = -inf
		}
	}
	s.narrow(q, lo-v, hi-v)
}

// narrow intersects the bounds of a quantity in the linear program.
func (s *linearised) narrow(q int, lo, hi float64) {
	if s.root[0] != nil {
		s.touched = append(s.touched, int32(q))
	}
	s.lp.set(q, math.Max(s.lp.lower[q], lo), math.Min(s.lp.upper[q], hi))
}

// hold makes other bounds those of the root.
func (s *linearised) hold(root [2][]float64) {
	s.root = root
	for q := range root[0] {
		s.lp.set(q, root[0][q], root[1][q])
	}
}

// reset takes back what narrow did since the root.
func (s *linearised) reset() {
	for _, q := range s.touched {
		s.lp.set(int(q), s.root[0][q], s.root[1][q])
	}
	s.touched = s.touched[:0]
}
