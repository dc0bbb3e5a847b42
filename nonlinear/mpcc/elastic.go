package mpcc

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// elastic is a program whose rows give way, and whose objective is how much they do:
//
//	min Σ_r (p_r + q_r)  subject to  L <= c(x) + p - q <= U,  l <= x <= u,  p, q >= 0
//
// The variables are x, then p and q of row 0, of row 1, and so on. Its value is zero exactly where the program is feasible.
type elastic struct {
	base               smooth.Program
	n                  int
	lower, upper       []float64
	rowLower, rowUpper []float64
	jr, jc             []int32
	from               []int32 // by entry: entry of base's Jacobian, or -1 for p and -2 for q
	jac                []float64
}

func newElastic(base smooth.Program) *elastic {
	e := &elastic{base: base, n: base.NumVars()}
	lo, hi := base.Bounds()
	e.lower, e.upper = slices.Clone(lo), slices.Clone(hi)
	lo, hi = base.RowBounds()
	e.rowLower, e.rowUpper = slices.Clone(lo), slices.Clone(hi)
	jr, jc := base.JacobianPattern()
	e.jac = make([]float64, len(jr))
	k := 0
	for r := range int32(base.NumRows()) {
		for ; k < len(jr) && jr[k] == r; k++ {
			e.jr, e.jc, e.from = append(e.jr, r), append(e.jc, jc[k]), append(e.from, int32(k))
		}
		p := int32(e.n) + 2*r
		e.jr, e.jc, e.from = append(e.jr, r, r), append(e.jc, p, p+1), append(e.from, -1, -2)
		e.lower, e.upper = append(e.lower, 0, 0), append(e.upper, math.Inf(1), math.Inf(1))
	}
	return e
}

func (e *elastic) Clone() smooth.Program               { return newElastic(e.base.Clone()) }
func (e *elastic) NumVars() int                        { return len(e.lower) }
func (e *elastic) NumRows() int                        { return e.base.NumRows() }
func (e *elastic) Bounds() (lower, upper []float64)    { return e.lower, e.upper }
func (e *elastic) RowBounds() (lower, upper []float64) { return e.rowLower, e.rowUpper }
func (e *elastic) JacobianPattern() (r, c []int32)     { return e.jr, e.jc }
func (e *elastic) HessianPattern() (r, c []int32)      { return e.base.HessianPattern() }

func (e *elastic) Groups() []int32 { return padded(smooth.GroupsOf(e.base), e.NumVars()) }

func (e *elastic) Objective(x []float64) float64 {
	sum := 0.0
	for _, v := range x[e.n:] {
		sum += v
	}
	return sum
}

func (e *elastic) Gradient(_, g []float64) {
	clear(g[:e.n])
	for j := e.n; j < len(g); j++ {
		g[j] = 1
	}
}

func (e *elastic) Rows(x, c []float64) {
	e.base.Rows(x[:e.n], c)
	for r := range c {
		c[r] += x[e.n+2*r] - x[e.n+2*r+1]
	}
}

func (e *elastic) Jacobian(x, vals []float64) {
	e.base.Jacobian(x[:e.n], e.jac)
	for k, f := range e.from {
		switch f {
		case -1:
			vals[k] = 1
		case -2:
			vals[k] = -1
		default:
			vals[k] = e.jac[f]
		}
	}
}

func (e *elastic) Hessian(x []float64, _ float64, lambda, vals []float64) {
	e.base.Hessian(x[:e.n], 0, lambda, vals)
}

// extend is the point of the elastic program at x with the least p and q for the rows of which sides says where they have to be.
func (e *elastic) extend(x, lower, upper []float64) []float64 {
	out := make([]float64, e.NumVars())
	copy(out, x)
	c := make([]float64, e.NumRows())
	e.base.Rows(x, c)
	for r, v := range c {
		out[e.n+2*r] = math.Max(0, lower[r]-v)
		out[e.n+2*r+1] = math.Max(0, v-upper[r])
	}
	return out
}

// restore looks for a feasible branch near a point of the lifted program: it minimises how much the rows have to give way, from branch to
// branch as descend and search do. ok is false where that ends above the tolerance.
func (r *run) restore(z []float64, pattern []Zero) (at []float64, found []Zero, ok bool) {
	p := r.p
	e := newElastic(p.base)
	q, err := newProblem(e, p.pairs, p.names, nil)
	if err != nil {
		return nil, nil, false
	}
	s := &run{ctx: r.ctx, cancel: r.cancel, p: q, opt: r.opt, rng: r.rng, begin: r.begin, until: r.until}
	if r.quota > 0 {
		s.quota = max(1, r.quota-r.iterations)
	}
	s.opt.HasTarget, s.opt.Progress = true, nil
	s.opt.Target = r.opt.Feasibility / 100
	if s.opt.MaxEvaluations > 0 {
		s.opt.MaxEvaluations -= r.evaluations
	}
	defer func() {
		r.programs, r.iterations, r.evaluations = r.programs+s.programs, r.iterations+s.iterations, r.evaluations+s.evaluations
	}()
	// The rows whose slack the pattern holds at zero are to be at that side.
	lo, hi := p.base.RowBounds()
	lo, hi = slices.Clone(lo), slices.Clone(hi)
	for k, zero := range pattern {
		m := [2]model.Member{p.pairs[k].A, p.pairs[k].B}[zero]
		switch {
		case !m.Row:
		case m.Side == model.AtUpper:
			lo[m.Index] = hi[m.Index]
		default:
			hi[m.Index] = lo[m.Index]
		}
	}
	c := s.branch(pattern, q.lift(e.extend(z[:p.NumVars()], lo, hi)), nil, false)
	if c == nil {
		return nil, nil, false
	}
	s.consider(c)
	if !c.feasible {
		return nil, nil, false
	}
	s.descend(c)
	if s.best.objective > s.opt.Target {
		s.search()
	}
	b := s.best
	return p.lift(b.z[:p.NumVars()]), b.pattern, b.objective <= r.opt.Feasibility
}
