package newton

import (
	"math"

	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// plain is the nonsmooth system of the first-order conditions with Fischer and Burmeister's function φ,
//
//	F(w) = ( ∇f + J'λ - zl + zu;  c_r - b_r (equations);  φ(distance, multiplier) for each finite side of a row and of a variable ) = 0
//
// in w = (x, multipliers of equations, multipliers of sides). Its Newton steps and those of Levenberg and Marquardt both come from
//
//	[ I   G  ] [-]   [-F]
//	[ G' -νI ] [d] = [ 0],   so that (G'G + νI) d = -G'F,
//
// with an element G of the generalised Jacobian and ν = 0 for Newton.
type plain struct {
	pr    *problem
	eq    []int32 // by row: the number of its equation, or -1
	sides []side
	q     int // number of unknowns, and of equations
	w     []float64
	f     []float64
	rows  []float64
	grad  []float64 // of the merit function ½|F|²
	try   []float64
	d     []float64
	y     []float64 // multipliers by row
	vals  []float64
	rhs   []float64
	fact  *sparse.Factor
}

// side is a finite side of a variable or row.
type side struct {
	row   bool
	index int32
	sign  float64 // 1 for an upper side, -1 for a lower one
	bound float64
}

func newPlain(pr *problem) (*plain, error) {
	p := &plain{pr: pr, eq: make([]int32, pr.mr)}
	add := func(row bool, index int, place int) {
		if l := pr.exactLower[place]; !math.IsInf(l, -1) {
			p.sides = append(p.sides, side{row, int32(index), -1, l})
		}
		if u := pr.exactUpper[place]; !math.IsInf(u, 1) {
			p.sides = append(p.sides, side{row, int32(index), 1, u})
		}
	}
	equations := 0
	for r, s := range pr.slack {
		if s < 0 {
			p.eq[r] = int32(pr.nx + equations)
			equations++
			continue
		}
		p.eq[r] = -1
		add(true, r, int(s))
	}
	for j := range pr.nx {
		add(false, j, j)
	}
	p.q = pr.nx + equations + len(p.sides)
	for _, v := range []*[]float64{&p.w, &p.f, &p.grad, &p.try, &p.d} {
		*v = make([]float64, p.q)
	}
	p.rows, p.y, p.rhs = make([]float64, pr.mr), make([]float64, pr.mr), make([]float64, 2*p.q)
	var rows, cols []int32
	for i := range int32(p.q) {
		rows, cols = append(rows, i), append(cols, i)
	}
	p.each(func(i, j int32, _ float64) { rows, cols = append(rows, i), append(cols, j+int32(p.q)) })
	for i := range int32(p.q) {
		rows, cols = append(rows, i+int32(p.q)), append(cols, i+int32(p.q))
	}
	sym, err := sparse.Analyse(2*p.q, rows, cols)
	if err != nil {
		return nil, err
	}
	p.vals, p.fact = make([]float64, len(rows)), sym.NewFactor()
	return p, nil
}

// unknown is the place of the multiplier of side k.
func (p *plain) unknown(k int) int { return p.q - len(p.sides) + k }

// value evaluates F at w; ok is false where it is not a number.
func (p *plain) value(w []float64) (merit float64, ok bool) {
	pr := p.pr
	x := w[:pr.nx]
	if _, ok := pr.values(x, p.rows); !ok || !pr.derivatives(x) {
		return 0, false
	}
	copy(p.f, pr.grad)
	for r, e := range p.eq {
		p.y[r] = 0
		if e >= 0 {
			p.y[r] = w[e]
			p.f[e] = p.rows[r] - pr.target[r]
		}
	}
	for k, s := range p.sides {
		u := w[p.unknown(k)]
		v := 0.0
		if s.row {
			p.y[s.index] += s.sign * u
			v = p.rows[s.index]
		} else {
			p.f[s.index] += s.sign * u
			v = x[s.index]
		}
		p.f[p.unknown(k)] = fischerBurmeister(s.sign*(s.bound-v), u)
	}
	pr.addJacobianT(p.y, p.f[:pr.nx])
	for _, v := range p.f {
		merit += v * v
	}
	return merit / 2, merit-merit == 0
}

// each visits the entries of an element of the generalised Jacobian at w, whose derivatives and Hessian the problem holds, always in the
// same order.
func (p *plain) each(visit func(i, j int32, v float64)) {
	pr := p.pr
	for k, h := range pr.hess {
		i, j := pr.hessRow[k], pr.hessCol[k]
		visit(i, j, h)
		if i != j {
			visit(j, i, h)
		}
	}
	for k, g := range pr.jac {
		if e := p.eq[pr.jacRow[k]]; e >= 0 {
			visit(pr.jacCol[k], e, g)
			visit(e, pr.jacCol[k], g)
		}
	}
	for k, s := range p.sides {
		u := int32(p.unknown(k))
		if !s.row {
			da, db := fischerBurmeisterSlopes(s.sign*(s.bound-p.w[s.index]), p.w[u])
			visit(s.index, u, s.sign)
			visit(u, s.index, -s.sign*da)
			visit(u, u, db)
			continue
		}
		da, db := fischerBurmeisterSlopes(s.sign*(s.bound-p.rows[s.index]), p.w[u])
		for e := p.rowStart(s.index); e < len(pr.jac) && pr.jacRow[e] == s.index; e++ {
			visit(pr.jacCol[e], u, s.sign*pr.jac[e])
			visit(u, pr.jacCol[e], -s.sign*da*pr.jac[e])
		}
		visit(u, u, db)
	}
}

// rowStart is the number of the first entry of a row of the Jacobian, which is sorted by rows.
func (p *plain) rowStart(row int32) int {
	lo, hi := 0, len(p.pr.jacRow)
	for lo < hi {
		if mid := (lo + hi) / 2; p.pr.jacRow[mid] < row {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// linearise evaluates the Jacobian at w and the gradient of the merit function.
func (p *plain) linearise() bool {
	if !p.pr.hessian(p.w[:p.pr.nx], 1, p.y) {
		return false
	}
	for i := range p.q {
		p.vals[i] = 1
	}
	clear(p.grad)
	at := p.q
	p.each(func(i, j int32, v float64) {
		p.vals[at] = v
		at++
		p.grad[j] += v * p.f[i]
	})
	return true
}

// step stores in d the step for a regularisation ν and reports whether it exists.
func (p *plain) step(nu float64) bool {
	for i := range p.q {
		p.vals[len(p.vals)-p.q+i] = -nu
		p.rhs[i], p.rhs[p.q+i] = -p.f[i], 0
	}
	if p.fact.Factorise(p.vals) != nil || p.fact.Inertia().Zero > 0 {
		return false
	}
	x := make([]float64, 2*p.q)
	if !(p.fact.Refined(p.rhs, x, refinements, accurate) < badResidual) {
		return false
	}
	copy(p.d, x[p.q:])
	return true
}
