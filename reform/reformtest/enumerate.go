package reformtest

import (
	"errors"
	"math"
)

// Outcome is the answer of an instance: the optimistic optimum, attained where the status is Optimal.
type Outcome struct {
	Answer Answer
	Value  float64   // leader's objective as declared
	Z      []float64 // a point with that value
	// RowDuals and VarDuals are multipliers of the followers at that point, as shadow prices of their rows and of their variables' bounds: the
	// change of the follower's objective, as declared, for one unit more.
	RowDuals, VarDuals []float64
	LPs                int // problems solved
}

// ErrTooLarge says that an instance has too many constraints to be enumerated.
var ErrTooLarge = errors.New("too many sets of active constraints to enumerate")

// ErrNotConvex says that the leader's objective is not convex in its minimised form, so that no polyhedron has an easy optimum.
var ErrNotConvex = errors.New("the leader's objective is not convex")

// maxSets bounds the number of sets of active constraints that are tried for one instance.
const maxSets = 60000

// Solve answers the instance by enumeration. A point is an answer of a follower with convex problem if and only if the gradient of its
// objective is a combination of the gradients of active constraints, with multipliers of the right sign, and by Carathéodory's theorem of
// linearly independent ones. So the bilevel-feasible points are the union, over all choices of at most as many constraints as the
// follower has variables, of polyhedra in the variables and the chosen multipliers; over each the leader's objective is optimised by
// the simplex method (Lemke's where it is quadratic). Where the leader's objective contains shadow prices, the multipliers matter
// themselves, and all sets of constraints are tried. Integer variables of the leader run through their values.
func (in *Instance) Solve() (*Outcome, error) {
	e := &enumeration{in: in, out: &Outcome{}}
	e.lo, e.hi = make([]float64, len(in.Vars)), make([]float64, len(in.Vars))
	for j, v := range in.Vars {
		e.lo[j], e.hi[j] = float64(v.Lo), float64(v.Hi)
	}
	e.integers(0)
	return e.out, e.err
}

// side is one inequality g z <= h of a follower, or an equation.
type side struct {
	g     []float64
	h     float64
	equal bool
	row   int     // its row, -1 for a bound
	col   int     // the variable of a bound
	dual  float64 // shadow price of the row or bound in the declared sense = dual * multiplier
}

type enumeration struct {
	in     *Instance
	out    *Outcome
	lo, hi []float64 // with integer variables fixed
	sides  [][]side  // by player
	chosen [][]int   // by player: indices of sides
	sets   int
	err    error
}

// integers fixes the integer variables from j on in all ways.
func (e *enumeration) integers(j int) {
	if e.out.Answer == Unbounded || e.err != nil {
		return
	}
	for ; j < len(e.in.Vars); j++ {
		if !e.in.Vars[j].Integer {
			continue
		}
		lo, hi := math.Ceil(e.lo[j]), math.Floor(e.hi[j])
		if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
			e.err = errors.New("an integer variable without bounds")
			return
		}
		l, h := e.lo[j], e.hi[j]
		for v := lo; v <= hi; v++ {
			e.lo[j], e.hi[j] = v, v
			e.integers(j + 1)
		}
		e.lo[j], e.hi[j] = l, h
		return
	}
	if a, _, _ := e.problem().Solve(); a == Infeasible { // not even the rows and bounds can be satisfied
		e.out.LPs++
		return
	}
	e.sides, e.chosen = make([][]side, len(e.in.Players)), make([][]int, len(e.in.Players))
	for p := 1; p < len(e.in.Players); p++ {
		e.sides[p] = e.followerSides(p)
	}
	e.choose(1, 0)
}

// problem is the LP of the rows and bounds of all players, without objective.
func (e *enumeration) problem() *LP {
	p := &LP{C: make([]float64, len(e.lo)), Lo: append([]float64(nil), e.lo...), Hi: append([]float64(nil), e.hi...)}
	for _, r := range e.in.Rows {
		p.A = append(p.A, r.A)
		p.RowLo, p.RowHi = append(p.RowLo, float64(r.Lo)), append(p.RowHi, float64(r.Hi))
	}
	return p
}

func (e *enumeration) own(p, j int) bool { return e.in.Vars[j].Owner == p }

// followerSides lists the constraints of a follower whose multipliers count: those that contain one of its variables.
func (e *enumeration) followerSides(p int) []side {
	var out []side
	sign := e.in.Players[p].sign()
	add := func(a []float64, lo, hi float64, row, col int) {
		has := false
		neg := make([]float64, len(a))
		for j, v := range a {
			has = has || v != 0 && e.own(p, j)
			neg[j] = -v
		}
		switch {
		case !has:
		case lo == hi:
			out = append(out, side{a, hi, true, row, col, -sign})
		default:
			if !math.IsInf(hi, 1) {
				out = append(out, side{a, hi, false, row, col, -sign})
			}
			if !math.IsInf(lo, -1) {
				out = append(out, side{neg, -lo, false, row, col, sign})
			}
		}
	}
	for r, row := range e.in.Rows {
		if row.Owner == p {
			add(row.A, float64(row.Lo), float64(row.Hi), r, -1)
		}
	}
	for j := range e.in.Vars {
		if e.own(p, j) {
			unit := make([]float64, len(e.in.Vars))
			unit[j] = 1
			add(unit, e.lo[j], e.hi[j], -1, j)
		}
	}
	return out
}

// choose runs through the sets of sides of player p from side k on, then of the next player.
func (e *enumeration) choose(p, k int) {
	if e.out.Answer == Unbounded || e.err != nil {
		return
	}
	if p == len(e.in.Players) {
		if e.sets++; e.sets > maxSets {
			e.err = ErrTooLarge
			return
		}
		e.optimise()
		return
	}
	if k == len(e.sides[p]) {
		if e.in.usesDuals() || e.independent(p) {
			e.choose(p+1, 0)
		}
		return
	}
	e.choosePart(p, k, true)
	if !e.sides[p][k].equal {
		e.choosePart(p, k, false)
	}
}

func (e *enumeration) choosePart(p, k int, take bool) {
	if !take {
		e.choose(p, k+1)
		return
	}
	if !e.in.usesDuals() && !e.sides[p][k].equal && e.count(p) >= e.numOwn(p) {
		return
	}
	e.chosen[p] = append(e.chosen[p], k)
	e.choose(p, k+1)
	e.chosen[p] = e.chosen[p][:len(e.chosen[p])-1]
}

// count is the number of inequalities chosen for player p.
func (e *enumeration) count(p int) int {
	n := 0
	for _, k := range e.chosen[p] {
		if !e.sides[p][k].equal {
			n++
		}
	}
	return n
}

func (e *enumeration) numOwn(p int) int {
	n := 0
	for j := range e.in.Vars {
		if e.own(p, j) {
			n++
		}
	}
	return n
}

// independent reports whether the chosen inequalities' gradients in the own variables are linearly independent of each other.
func (e *enumeration) independent(p int) bool {
	var rows [][]float64
	for _, k := range e.chosen[p] {
		s := e.sides[p][k]
		if s.equal {
			continue
		}
		var r []float64
		for j, v := range s.g {
			if e.own(p, j) {
				r = append(r, v)
			}
		}
		for _, q := range rows {
			lead := 0
			for q[lead] == 0 {
				lead++
			}
			f := r[lead] / q[lead]
			for j := lead; j < len(r); j++ {
				r[j] -= f * q[j]
			}
			r[lead] = 0
		}
		zero := true
		for j, v := range r {
			if math.Abs(v) < 1e-9 {
				r[j] = 0
			} else {
				zero = false
			}
		}
		if zero {
			return false
		}
		rows = append(rows, r)
	}
	return true
}

// optimise finds the leader's best point over the polyhedron of the chosen sets.
func (e *enumeration) optimise() {
	in := e.in
	n := len(in.Vars)
	lp := e.problem()
	columns := make([][]int, len(in.Players))
	for p := 1; p < len(in.Players); p++ {
		for _, k := range e.chosen[p] {
			s := e.sides[p][k]
			columns[p] = append(columns[p], len(lp.C))
			lo := 0.0
			if s.equal {
				lo = math.Inf(-1)
			} else { // the chosen inequality is active
				lp.A = append(lp.A, s.g)
				lp.RowLo, lp.RowHi = append(lp.RowLo, s.h), append(lp.RowHi, s.h)
			}
			lp.C, lp.Lo, lp.Hi = append(lp.C, 0), append(lp.Lo, lo), append(lp.Hi, math.Inf(1))
		}
	}
	total := len(lp.C)
	for i, a := range lp.A {
		lp.A[i] = append(append(make([]float64, 0, total), a...), make([]float64, total-len(a))...)
	}
	for p := 1; p < len(in.Players); p++ {
		for j := 0; j < n; j++ {
			if !e.own(p, j) {
				continue
			}
			row, rhs := e.gradient(p, j, total)
			for i, k := range e.chosen[p] {
				row[columns[p][i]] = e.sides[p][k].g[j]
			}
			lp.A = append(lp.A, row)
			lp.RowLo, lp.RowHi = append(lp.RowLo, rhs), append(lp.RowHi, rhs)
		}
	}
	sign := in.Players[0].sign()
	quad := e.leaderObjective(lp, columns)
	if !convex(quad, n) {
		e.err = ErrNotConvex
		return
	}
	e.out.LPs++
	answer, value, z := solveQuadratic(lp, quad)
	switch {
	case answer == Unbounded:
		e.out.Answer = Unbounded
	case answer == Optimal && (e.out.Answer == Infeasible || value < sign*e.out.Value):
		e.out.Answer, e.out.Value, e.out.Z = Optimal, sign*value, z[:n]
		e.keepDuals(z, columns)
	}
}

// keepDuals turns the multipliers of a point into shadow prices.
func (e *enumeration) keepDuals(z []float64, columns [][]int) {
	e.out.RowDuals, e.out.VarDuals = make([]float64, len(e.in.Rows)), make([]float64, len(e.in.Vars))
	for p := range columns {
		for i, k := range e.chosen[p] {
			s := e.sides[p][k]
			if s.row >= 0 {
				e.out.RowDuals[s.row] += s.dual * z[columns[p][i]]
			} else {
				e.out.VarDuals[s.col] += s.dual * z[columns[p][i]]
			}
		}
	}
}

// gradient is the derivative of player p's minimised objective by variable j: row z + ... = rhs.
func (e *enumeration) gradient(p, j, total int) (row []float64, rhs float64) {
	o := &e.in.Players[p]
	row = make([]float64, total)
	if j < len(o.C) {
		rhs = -o.sign() * o.C[j]
	}
	for _, q := range o.Quad {
		if q.I == j {
			row[q.J] += o.sign() * q.Coef
		}
		if q.J == j {
			row[q.I] += o.sign() * q.Coef
		}
	}
	return row, rhs
}

// leaderObjective sets the minimised linear objective and returns the quadratic terms. Products of prices and quantities are replaced by
// what stationarity, multiplied by the follower's variables, and the activity of the chosen constraints say of them: with P the prices'
// matrix, Σ x P y = -c y - y Q y - Σ u h over the chosen sides g y <= h.
func (e *enumeration) leaderObjective(lp *LP, columns [][]int) []Term {
	in := e.in
	o := &in.Players[0]
	sign := o.sign()
	for j, c := range o.C {
		lp.C[j] += sign * c
	}
	var quad []Term
	fixed := func(j int) bool { return e.lo[j] == e.hi[j] }
	for _, q := range o.Quad {
		switch {
		case in.Price != nil && (in.Vars[q.I].Owner == 0) != (in.Vars[q.J].Owner == 0):
		case fixed(q.I):
			lp.C[q.J] += sign * q.Coef * e.lo[q.I]
		case fixed(q.J):
			lp.C[q.I] += sign * q.Coef * e.lo[q.J]
		default:
			quad = append(quad, Term{q.I, q.J, sign * q.Coef})
		}
	}
	for p := 1; p < len(in.Players); p++ {
		for i, k := range e.chosen[p] {
			if s := e.sides[p][k]; s.row >= 0 {
				lp.C[columns[p][i]] += sign * in.dual(s.row) * s.dual
			}
		}
	}
	if in.Price == nil {
		return quad
	}
	p := in.Price.Follower
	f := &in.Players[p]
	k := sign * in.Price.Kappa * f.sign() // of the minimised form of the follower
	for j, c := range f.C {
		if e.own(p, j) {
			lp.C[j] -= k * f.sign() * c
		}
	}
	for _, q := range f.Quad {
		if e.own(p, q.I) && e.own(p, q.J) {
			quad = append(quad, Term{q.I, q.J, -2 * k * f.sign() * q.Coef})
		}
	}
	for i, s := range e.chosen[p] {
		lp.C[columns[p][i]] -= k * e.sides[p][s].h
	}
	return quad
}
