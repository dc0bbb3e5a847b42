package implicit

import (
	"context"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/response"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// The sizes below which slacks, beside the terms, count as zero, and multipliers, beside the objective's derivative.
const (
	activeSlack    = 1e-6
	zeroMultiplier = 1e-6
)

// Adjoint holds the derivatives of the follower's optimality conditions at an answer.
type Adjoint struct {
	// Kink says that a constraint or bound of the follower is active without a multiplier: what Gradient gives is one element of the
	// B-subdifferential.
	Kink bool
	// Singular says that the gradients of the active constraints and bounds depend on one another, or that the active set leaves the answer undetermined, as
	// that of a linear follower with ties, where Gradient is the one of the shortest adjoint. What Gradient gives is then no more than a guess.
	Singular bool

	p     *response.Problem
	index []int         // by variable: place among the followers' variables, or -1
	hess  *dense.Matrix // of the Lagrangian, all variables
	rows  []*activeRow  // active constraints that are used
	free  []int         // followers' variables that are not held at a bound
	lu    dense.LU
	qr    dense.QR
	whole bool // the LU factors are of use
}

// activeRow is the gradient of a constraint.
type activeRow struct {
	row        int
	grad       []float64 // by variable
	multiplier float64
}

// weak is a constraint or a bound that is active without a multiplier.
type weak struct {
	row   *activeRow // nil for a bound
	j     int        // variable of a bound
	upper bool       // which side
}

// NewAdjoint prepares derivatives at an answer. solver answers the small quadratic program by which a kink is decided; without one, weakly active
// constraints count as inactive.
func NewAdjoint(ctx context.Context, p *response.Problem, a *response.Answer, solver smooth.Solver) *Adjoint {
	d := &Adjoint{p: p, index: make([]int, len(a.X))}
	for j := range d.index {
		d.index[j] = -1
	}
	d.hess = hessianOf(p.Inner, a)
	size := d.slope(a)
	rows, weakly := d.activeRows(a, size)
	d.rows = rows
	held := make([]bool, len(a.X))
	for _, j := range p.Own {
		lo, hi := p.Bounds(j)
		unit := activeSlack * math.Max(1, math.Abs(a.X[j]))
		atLower, atUpper := a.X[j]-lo <= unit, hi-a.X[j] <= unit
		switch {
		case lo == hi, atLower && a.Lower[j] > zeroMultiplier*size, atUpper && a.Upper[j] > zeroMultiplier*size:
			held[j] = true
		case atLower || atUpper:
			weakly = append(weakly, weak{j: j, upper: atUpper})
		}
	}
	d.Kink = len(weakly) > 0
	d.Singular = !d.qualified(weakly, held)
	for k, stays := range d.directional(ctx, weakly, held, solver) {
		switch w := weakly[k]; {
		case !stays:
		case w.row != nil:
			d.rows = append(d.rows, w.row)
		default:
			held[w.j] = true
		}
	}
	for _, j := range p.Own {
		if !held[j] {
			d.index[j] = len(d.free)
			d.free = append(d.free, j)
		}
	}
	d.independentRows()
	d.factor()
	return d
}

// slope is the size of the follower's derivative, by which multipliers are judged.
func (d *Adjoint) slope(a *response.Answer) float64 {
	g := make([]float64, len(a.X))
	d.p.Inner.Gradient(a.X, g)
	size := 1.0
	for _, j := range d.p.Own {
		size = math.Max(size, math.Abs(g[j]))
	}
	return math.Min(size, 1e6)
}

// activeRows lists the constraints that are active with a multiplier, and those without one.
func (d *Adjoint) activeRows(a *response.Answer, size float64) (strong []*activeRow, weakly []weak) {
	in := d.p.Inner
	lo, hi := in.RowBounds()
	c := make([]float64, in.NumRows())
	in.Rows(a.X, c)
	byRow := map[int]*activeRow{}
	state := func(r int) (active, upper, strongly bool) {
		if math.IsInf(lo[r], -1) && math.IsInf(hi[r], 1) {
			return false, false, false
		}
		below, above := c[r]-lo[r], hi[r]-c[r]
		unit := math.Max(1, math.Abs(c[r]))
		upper = above < below
		active = math.Min(below, above) <= activeSlack*unit
		return active, upper, lo[r] == hi[r] || math.Abs(a.Rows[r]) > zeroMultiplier*size
	}
	rows, cols := in.JacobianPattern()
	vals := make([]float64, len(rows))
	in.Jacobian(a.X, vals)
	for k, r32 := range rows {
		r := int(r32)
		active, upper, strongly := state(r)
		if !active {
			continue
		}
		w, ok := byRow[r]
		if !ok {
			w = &activeRow{row: r, grad: make([]float64, len(a.X)), multiplier: math.Abs(a.Rows[r])}
			if lo[r] == hi[r] {
				w.multiplier = math.Inf(1)
			}
			byRow[r] = w
			if strongly {
				strong = append(strong, w)
			} else {
				weakly = append(weakly, weak{row: w, upper: upper})
			}
		}
		w.grad[cols[k]] += vals[k]
	}
	return strong, weakly
}

// independentRows drops the active constraints whose gradients, in the free variables, depend on those of greater multipliers.
func (d *Adjoint) independentRows() {
	sort.SliceStable(d.rows, func(i, k int) bool { return d.rows[i].multiplier > d.rows[k].multiplier })
	var b basis
	var kept []*activeRow
	for _, r := range d.rows {
		if b.add(r.grad, d.free) {
			kept = append(kept, r)
		}
	}
	d.Singular = d.Singular || len(kept) < len(d.rows)
	d.rows = kept
}

// qualified reports whether the gradients of all active constraints and bounds, the weakly active ones among them, are independent.
func (d *Adjoint) qualified(weakly []weak, held []bool) bool {
	var free []int
	for _, j := range d.p.Own {
		if !held[j] {
			free = append(free, j)
		}
	}
	var b basis
	for _, r := range d.rows {
		if !b.add(r.grad, free) {
			return false
		}
	}
	for _, w := range weakly {
		if w.row != nil {
			if !b.add(w.row.grad, free) {
				return false
			}
			continue
		}
		unit := make([]float64, len(held))
		unit[w.j] = 1
		if !b.add(unit, free) {
			return false
		}
	}
	return true
}

// basis is an orthonormal basis of the vectors that were added.
type basis [][]float64

// add takes the entries of v at the given places, and reports false where they depend on the vectors before.
func (b *basis) add(v []float64, places []int) bool {
	u := make([]float64, len(places))
	for i, j := range places {
		u[i] = v[j]
	}
	length := dense.Norm(u)
	for range 2 { // once more for what rounding leaves
		for _, e := range *b {
			dot := dense.Dot(e, u)
			for i := range u {
				u[i] -= dot * e[i]
			}
		}
	}
	rest := dense.Norm(u)
	if rest <= 1e-9*length || rest == 0 {
		return false
	}
	for i := range u {
		u[i] /= rest
	}
	*b = append(*b, u)
	return true
}

// factor factorises the symmetric matrix of the package comment.
func (d *Adjoint) factor() {
	n, m := len(d.free), len(d.rows)
	if n == 0 {
		return
	}
	k := dense.New(n+m, n+m)
	for i, j := range d.free {
		for l, q := range d.free {
			k.Set(i, l, d.hess.At(j, q))
		}
		for r, row := range d.rows {
			k.Set(i, n+r, row.grad[j])
			k.Set(n+r, i, row.grad[j])
		}
	}
	if d.whole = d.lu.Factor(k) && d.lu.PivotRatio() > 1e-13; !d.whole {
		d.qr.Factor(k, 1e-11)
		d.Singular = d.Singular || d.qr.Rank() < n+m
	}
}

// Gradient is the derivative of φ(x, y(x)) by the leader's variables, from the derivatives g of φ by all variables; both are indexed by variable,
// and the followers' entries of the result are zero.
func (d *Adjoint) Gradient(g []float64) []float64 {
	out := make([]float64, len(g))
	for _, j := range d.p.LeaderOwn {
		out[j] = g[j]
	}
	n := len(d.free)
	if n == 0 {
		return out
	}
	b := make([]float64, n+len(d.rows))
	x := make([]float64, len(b))
	for i, j := range d.free {
		b[i] = g[j]
	}
	if d.whole {
		d.lu.Solve(b, x)
	} else {
		d.qr.Solve(b, x)
	}
	for _, j := range d.p.LeaderOwn {
		for i, q := range d.free {
			out[j] -= d.hess.At(q, j) * x[i]
		}
		for r, row := range d.rows {
			out[j] -= row.grad[j] * x[n+r]
		}
	}
	return out
}

// hessianOf is the whole Hessian of the follower's Lagrangian in all variables.
func hessianOf(p *smooth.Compiled, a *response.Answer) *dense.Matrix {
	rows, cols := p.HessianPattern()
	vals := make([]float64, len(rows))
	p.Hessian(a.X, 1, a.Rows, vals)
	h := dense.New(len(a.X), len(a.X))
	for k, i := range rows {
		h.Add(int(i), int(cols[k]), vals[k])
		if i != cols[k] {
			h.Add(int(cols[k]), int(i), vals[k])
		}
	}
	return h
}
