package regions

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/branch/simplex"
)

// values bounds the leaves of a determined problem with a linear leader. What the leader's rows and objective see of the answers are numbers v, affine in θ on each region;
// with them, the value of the leader's linear program,
//
//	φ(θ, v) = min c_x'x + c_θ'θ + v_0   over  lo <= A x + B θ + v <= hi  and the bounds of x,
//
// is convex, and the duals of the program at any (θ, v) are a tangent that bounds φ everywhere (Benders, 1962). Tangents made on one region bound the leaf of the others
// by arithmetic. The leader's pairs and integer variables are forgotten, which lowers φ.
type values struct {
	p     *Problem
	sign  float64
	rows  []int  // the leader's constraints
	seen  []seen // what they see of the answers, and last what the objective does
	lp    *simplex.LP
	lo    []float64 // of the rows
	hi    []float64
	col   map[int]int // of the leader's variables
	vars  []int
	pool  []tangent
	calls int
}

// seen is an affine function of the followers' z: by follower the entries by index, and a constant.
type seen struct {
	c  float64
	of [][]entry
}

// tangent is φ >= c + g·θ + w·v.
type tangent struct {
	c    float64
	g    []float64
	w    []float64
	used int
}

// largestProgram is the number of entries up to which the leader's program is kept as a dense tableau.
const largestProgram = 65000

func newValues(p *Problem) *values {
	m := p.m
	o := m.Leader().Objective()
	if !p.determined || !o.F.IsAffine() {
		return nil
	}
	s := &values{p: p, sign: o.Sense.Sign(), col: map[int]int{}}
	var cost, clo, chi []float64
	for j := range m.NumVars() {
		if m.VarOwner(j) == 0 {
			lo, hi := m.VarBounds(j)
			s.col[j] = len(s.vars)
			s.vars, clo, chi = append(s.vars, j), append(clo, lo), append(chi, hi)
		}
	}
	cost = make([]float64, len(s.vars))
	var start, index []int32
	var value []float64
	start = append(start, 0)
	split := func(idx []int32, val []float64, factor float64, own func(c int, v float64)) seen {
		out := seen{of: make([][]entry, len(p.followers))}
		for t, j := range idx {
			v := factor * val[t]
			if c, ok := s.col[int(j)]; ok {
				own(c, v)
				continue
			}
			f := p.followers[m.VarOwner(int(j))-1]
			i, ok := f.index[int(j)]
			if !ok { // fixed
				lo, _ := m.VarBounds(int(j))
				out.c += v * lo
				continue
			}
			out.c += v * f.shift[i]
			out.of[m.VarOwner(int(j))-1] = append(out.of[m.VarOwner(int(j))-1], entry{i, v * f.sign[i]})
		}
		return out
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) != 0 {
			continue
		}
		idx, val := m.RowAffine(r)
		s.rows = append(s.rows, r)
		s.seen = append(s.seen, split(idx, val, 1, func(c int, v float64) { index, value = append(index, int32(c)), append(value, v) }))
		start = append(start, int32(len(index)))
		lo, hi := m.RowBounds(r)
		s.lo, s.hi = append(s.lo, lo), append(s.hi, hi)
	}
	s.seen = append(s.seen, split(o.F.Vars, o.F.Coefs, s.sign, func(c int, v float64) { cost[c] += v }))
	s.seen[len(s.rows)].c += s.sign * o.F.Const
	if len(s.rows)*len(s.vars) > largestProgram {
		return nil
	}
	s.lp = simplex.New(cost, 0, clo, chi, s.lo, s.hi, start, index, value)
	return s
}

// on are the functions v as affine functions of θ, from the answers of a region: by row the coefficients of 1 and θ.
func (s *values) on(answers [][][]float64) [][]float64 {
	k := len(s.p.params) + 1
	out := make([][]float64, len(s.seen))
	room := make([]float64, len(s.seen)*k)
	for r := range s.seen {
		v := room[r*k : (r+1)*k]
		v[0] = s.seen[r].c
		for f, list := range s.seen[r].of {
			for _, e := range list {
				for c, z := range answers[f][e.at] {
					v[c] += e.v * z
				}
			}
		}
		out[r] = v
	}
	return out
}

// along is a tangent as a function of θ on a region with the functions v.
func (t *tangent) along(v [][]float64) (g []float64, h float64) {
	g, h = append([]float64(nil), t.g...), t.c
	for r, w := range t.w {
		if w == 0 {
			continue
		}
		h += w * v[r][0]
		for j := range g {
			g[j] += w * v[r][j+1]
		}
	}
	return g, h
}

// at solves the leader's program at θ and keeps the tangent there; ok is false where it could not. value is +Inf where the program has no point, and then there is no tangent; x are the
// leader's variables.
func (s *values) at(theta []float64, v [][]float64) (value float64, x []float64, ok bool) {
	s.calls++
	n := len(s.vars)
	see := make([]float64, len(s.seen))
	for r := range see {
		see[r] = v[r][0]
		for j, th := range theta {
			see[r] += v[r][j+1] * th
		}
	}
	for k, j := range s.p.params {
		s.lp.SetBounds(s.col[j], theta[k], theta[k])
	}
	for r := range s.rows {
		s.lp.SetBounds(n+r, s.lo[r]-see[r], s.hi[r]-see[r])
	}
	switch s.lp.Solve(0) {
	case simplex.Infeasible:
		return math.Inf(1), nil, true
	case simplex.Optimal:
	default:
		return 0, nil, false
	}
	value = s.lp.Objective() + see[len(s.rows)]
	x = make([]float64, n)
	s.lp.Primal(x)
	y, d := make([]float64, len(s.rows)), make([]float64, n)
	s.lp.Duals(y)
	s.lp.ReducedCosts(d)
	t := tangent{c: value, g: make([]float64, len(theta)), w: make([]float64, len(s.seen))}
	for k, j := range s.p.params {
		t.g[k] = d[s.col[j]]
		t.c -= t.g[k] * theta[k]
	}
	for r := range s.rows {
		t.w[r] = -y[r]
		t.c += y[r] * see[r]
	}
	t.w[len(s.rows)] = 1
	t.c -= see[len(s.rows)]
	s.pool = append(s.pool, t)
	return value, x, true
}

// largestPool is how many tangents are kept.
const largestPool = 400

// mostCentres is how many centres are looked at before a leaf goes to the solver of linear programs.
const mostCentres = 40

// above reports whether the tangents prove that no point of a region is below the cutoff that better returns, but for a thin part: the half-spaces in which a tangent is below the cutoff are
// intersected with the region until nothing is left, with a new tangent at the centre of the rest each time. Every better point met on the way goes to better, which returns the cutoff from
// then on.
func (s *values) above(f *frame, g *region, cutoff float64, better func(value float64, theta, x []float64) float64) bool {
	v := s.on(g.answers)
	// below is what a tangent leaves of a polytope.
	below := func(on *polytope, t *tangent) *polytope {
		slopes, h := t.along(v)
		for j := range slopes {
			slopes[j] = -slopes[j]
		}
		h = cutoff - h
		p, is := f.half(slopes, h)
		if !is {
			if p.c <= 0 {
				return nil
			}
			return on
		}
		return on.clip(p)
	}
	rest := g.on
	if !math.IsInf(cutoff, 1) {
		for k := range s.pool {
			if rest = below(rest, &s.pool[k]); rest == nil {
				s.promote(k)
				return s.bounded(f, g, v)
			}
		}
	}
	if len(s.pool) > largestPool {
		s.pool = s.pool[:largestPool/2]
	}
	for range mostCentres {
		centre := rest.centre()
		theta := f.theta(&centre)
		value, x, ok := s.at(theta, v)
		if !ok || math.IsInf(value, 1) {
			return false
		}
		if value < cutoff {
			cutoff = better(value, theta, x)
		}
		if rest = below(rest, &s.pool[len(s.pool)-1]); rest == nil {
			s.promote(len(s.pool) - 1)
			return s.bounded(f, g, v)
		}
	}
	return false
}

// bounded reports whether a tangent bounds φ on all of a region: what is far away is thin, and must not be better for that.
func (s *values) bounded(f *frame, g *region, v [][]float64) bool {
	if !slices.ContainsFunc(g.on.corners, func(c corner) bool { return f.tau(&c.v) <= thin }) {
		return true
	}
	for k := range s.pool {
		if slopes, h := s.pool[k].along(v); !math.IsInf(f.lowest(g.on, slopes, h), -1) {
			return true
		}
	}
	return false
}

// promote moves a tangent that was of use towards the front.
func (s *values) promote(k int) {
	s.pool[k].used++
	to := k / 2
	t := s.pool[k]
	copy(s.pool[to+1:k+1], s.pool[to:k])
	s.pool[to] = t
}
