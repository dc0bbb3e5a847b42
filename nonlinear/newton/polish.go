package newton

import "math"

// Polishing: from a point of the interior iteration, Newton's method on the nonsmooth system
//
//	∇f + J'λ - zl + zu = 0,  c - b = 0,  c - s = 0,  min(v - l, zl) = 0,  min(u - v, zu) = 0
//
// with the bounds as they are, not relaxed. An element of the generalised Jacobian is chosen by which member of a pair is smaller: where that is
// the distance to the bound, the step goes to the bound; where it is the multiplier, that becomes zero. Steps are full ones, and the best
// point is kept, so that polishing never makes things worse.
type polisher struct {
	e      *engine
	at     iterate
	best   iterate
	active []int8 // by variable: -1 at the lower bound, 1 at the upper one, 0 between
	// indefinite says that at the first point the Hessian of the Lagrangian has negative curvature along the active constraints.
	indefinite bool
	steps      int
	grad       []float64
	fill       func(dw, dc float64)
}

const (
	mostPolish   = 10
	polishShift  = 1e-9  // δw and δc: a proximal term that does not move the solution
	atBound      = 1e12  // stands for the infinite Σ of a variable at its bound
	polishTarget = 1e-13 // residual at which nothing is left to do
)

func newPolisher(e *engine) *polisher {
	p := &polisher{e: e, at: newIterate(e.n, e.pr.mr), best: newIterate(e.n, e.pr.mr), active: make([]int8, e.n), grad: make([]float64, e.n)}
	p.fill = p.diagonals
	return p
}

// run polishes the main engine's point and reports whether it has become one that satisfies the conditions to tol. The derivatives of the
// problem are then those at the new point.
func (p *polisher) run(tol, feasibility float64) bool {
	e, pr := p.e, p.e.pr
	p.at.copyFrom(&e.cur)
	for i, v := range p.at.v {
		p.at.v[i] = clamp(v, pr.exactLower[i], pr.exactUpper[i])
	}
	clear(p.active)
	p.steps, p.indefinite = 0, false
	first := p.residual(false)
	if !(first < 1) {
		return false
	}
	best := math.Inf(1)
	last := first
	for range mostPolish {
		if !p.step() {
			break
		}
		now := p.residual(true)
		if now < best {
			best = now
			p.best.copyFrom(&p.at)
		}
		if !(now < 1e8*first) || now <= polishTarget || now > 0.9*last && best <= tol {
			break
		}
		last = now
	}
	if !(best <= tol) {
		return false
	}
	e.cur.copyFrom(&p.best)
	pr.setPoint(e.cur.v)
	return true
}

// residual measures the conditions at the point and evaluates its derivatives. After a step it sets the multipliers of the bounds of x: those
// of active ones make the Lagrangian stationary.
func (p *polisher) residual(stepped bool) float64 {
	e, pr := p.e, p.e.pr
	x := p.at.v[:pr.nx]
	f, ok := pr.values(x, p.at.rows)
	if !ok || !pr.derivatives(x) {
		return math.NaN()
	}
	p.at.f = f
	for r, s := range pr.slack {
		if s >= 0 {
			p.at.v[s] = clamp(p.at.rows[r], pr.exactLower[s], pr.exactUpper[s])
		}
	}
	e.residual(&p.at)
	copy(p.grad, pr.grad)
	clear(p.grad[pr.nx:])
	e.addTranspose(p.at.lambda, p.grad)
	if stepped {
		for i, g := range p.grad[:pr.nx] {
			p.at.zl[i], p.at.zu[i] = 0, 0
			switch p.active[i] {
			case -1:
				p.at.zl[i] = g
			case 1:
				p.at.zu[i] = -g
			}
		}
	}
	dual, gap, primal, sum := 0.0, 0.0, 0.0, 0.0
	for i, v := range p.at.v {
		zl, zu := p.at.zl[i], p.at.zu[i]
		dual = maxNaN(dual, math.Abs(p.grad[i]-zl+zu))
		if l := pr.exactLower[i]; !math.IsInf(l, -1) {
			gap = maxNaN(gap, math.Abs(min(v-l, zl)))
			sum += math.Abs(zl)
		}
		if u := pr.exactUpper[i]; !math.IsInf(u, 1) {
			gap = maxNaN(gap, math.Abs(min(u-v, zu)))
			sum += math.Abs(zu)
		}
	}
	for r, v := range p.at.res {
		primal = maxNaN(primal, math.Abs(v)/pr.rowScale[r])
		sum += math.Abs(p.at.lambda[r])
	}
	scale := max(multiplierSize, sum/float64(len(p.at.v)+len(p.at.res))) / multiplierSize
	return max(dual/scale, gap/scale, primal)
}

// choose decides which bounds are active.
func (p *polisher) choose() {
	pr := p.e.pr
	for i, v := range p.at.v {
		p.active[i] = 0
		if l := pr.exactLower[i]; v-l < p.at.zl[i] {
			p.active[i] = -1
		} else if u := pr.exactUpper[i]; u-v < p.at.zu[i] {
			p.active[i] = 1
		}
	}
}

// diagonals are those of the condensed matrix: a variable at a bound has an infinite Σ, a row whose slack is between its bounds an infinite D.
func (p *polisher) diagonals(dw, dc float64) {
	e, pr := p.e, p.e.pr
	d := e.kkt.diagX()
	for i := range d {
		d[i] = dw
		if p.active[i] != 0 {
			d[i] += atBound
		}
	}
	d = e.kkt.diagRows()
	for r := range d {
		d[r] = -dc
		if s := pr.slack[r]; s >= 0 && p.active[s] == 0 {
			d[r] -= atBound
		}
	}
}

// step moves the point by a full Newton step.
func (p *polisher) step() bool {
	pr, k := p.e.pr, p.e.kkt
	if !pr.hessian(p.at.v[:pr.nx], 1, p.at.lambda) {
		return false
	}
	p.choose()
	k.load(1)
	k.dw, k.dc = polishShift, polishShift
	right, _, ok := k.try(p.fill)
	if p.steps == 0 && ok {
		p.indefinite = k.factor.Inertia().Negative > pr.mr
	}
	p.steps++
	if !ok || !right {
		return false
	}
	nx := pr.nx
	for i := range nx {
		k.rhs[i] = -p.grad[i]
		switch p.active[i] {
		case -1:
			k.rhs[i] += p.at.zl[i] + atBound*(pr.exactLower[i]-p.at.v[i])
		case 1:
			k.rhs[i] -= p.at.zu[i] - atBound*(pr.exactUpper[i]-p.at.v[i])
		}
	}
	for r, s := range pr.slack {
		b := pr.target[r] - p.at.rows[r]
		if s >= 0 {
			switch p.active[s] {
			case -1:
				b = pr.exactLower[s] - p.at.rows[r]
			case 1:
				b = pr.exactUpper[s] - p.at.rows[r]
			default:
				b = atBound * p.at.lambda[r]
			}
		}
		k.rhs[nx+r] = b
	}
	if !(k.solve() < badResidual) {
		return false
	}
	for i := range nx {
		p.at.v[i] += k.sol[i]
		switch p.active[i] {
		case -1:
			p.at.v[i] = pr.exactLower[i]
		case 1:
			p.at.v[i] = pr.exactUpper[i]
		}
	}
	for r, s := range pr.slack {
		y := p.at.lambda[r] + k.sol[nx+r]
		if s >= 0 {
			p.at.zl[s], p.at.zu[s] = 0, 0
			switch p.active[s] {
			case -1:
				p.at.zl[s] = -y
			case 1:
				p.at.zu[s] = y
			default:
				y = 0
			}
		}
		p.at.lambda[r] = y
	}
	return true
}
