package verify

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// answers is the set of all optimal answers of some followers, jointly, as the feasible set of a linear problem. For follower k with an
// answer y*, multipliers lambda and reduced costs d it consists of
//
//	the follower's constraints and bounds,
//	constraints with a clear multiplier and variables with a clear reduced cost held where they are at y*,
//	cost gradient'(z - y*) <= Tolerance/2 max(s, |phi|),   and for a quadratic cost  H z = H y*,
//
// and of the follower's optimal multipliers where a variable stands for one; of a nonlinear follower, of its answer alone where that is known to be
// the only one. The second line is what makes the set exact: an answer is
// optimal exactly when it is complementary to optimal multipliers. The third only catches multipliers that are nearly zero, so that an answer
// that counts as optimal when it is checked is in the set.
type answers struct {
	c     *checker
	x     []float64 // the point, with the answers of followers that have only one
	joint *model.Model
	start []float64    // a point of the set by column
	col   []int32      // by variable of the model: its column, -1 where it is fixed
	sign  []float64    // by variable: what the column is multiplied by (-1 for the shadow price of a follower that maximises)
	in    []bool       // by player: taken in
	block map[int]span // by player: where things lie
}

// span is where a follower lies in the joint problem.
type span struct {
	vars        int // -1 for a follower whose only answer is in the point
	multipliers multiplierBlock
	dual        bool
}

// clearMultiplier is how large a multiplier has to be beside the terms of the cost to hold its constraint.
const clearMultiplier = 1e-7

// unsupportedError says why the set of optimal answers cannot be described.
type unsupportedError struct{ reason string }

func (e *unsupportedError) Error() string { return e.reason }

// newAnswers describes the optimal answers of the followers for which needed is true, all of which have been solved.
func (c *checker) newAnswers(needed []bool) (*answers, error) {
	if c.interacting() {
		return nil, &unsupportedError{"the followers of a Nash game answer each other"}
	}
	n := c.m.NumVars()
	a := &answers{c: c, x: slices.Clone(c.x), joint: model.New("answers"), col: make([]int32, n), sign: make([]float64, n), in: needed, block: map[int]span{}}
	for j := range a.col {
		a.col[j], a.sign[j] = -1, 1
	}
	duals := c.dualVars()
	for p := 1; p < c.m.NumPlayers(); p++ {
		if !needed[p] {
			continue
		}
		t := c.tasks[p]
		name := c.m.Player(p).Name()
		switch {
		case t.y == nil:
			return nil, &unsupportedError{fmt.Sprintf("follower %s has no optimal answer", name)}
		case t.unique():
			a.addOnly(p, t)
		case !t.continuous():
			return nil, &unsupportedError{fmt.Sprintf("follower %s is not linear or convex quadratic, and its answer is not known to be the only one", name)}
		default:
			a.add(p, t)
		}
		if duals != nil && len(duals[p]) > 0 {
			a.addDuals(p, t, duals[p])
		}
	}
	return a, a.joint.Err()
}

// interacting reports whether a follower's problem depends on another follower.
func (c *checker) interacting() bool {
	for p := 1; p < c.m.NumPlayers(); p++ {
		if !c.m.Player(p).IsNash() {
			continue
		}
		found := false
		see := func(j int) {
			q := c.m.VarOwner(j)
			found = found || q != 0 && q != p
		}
		c.m.EachVar(c.m.Player(p).Objective().F, see)
		for _, r := range c.problems.Rows(p) {
			c.m.EachVar(c.m.RowFunction(int(r)), see)
		}
		if found {
			return true
		}
	}
	return false
}

// addOnly puts a follower's only answer into the point; it needs no columns.
func (a *answers) addOnly(p int, t *task) {
	t.fp.Extend(a.x, t.y)
	a.block[p] = span{vars: -1}
}

func (a *answers) add(p int, t *task) {
	first := a.joint.NumVars()
	a.block[p] = span{vars: first}
	unit := math.Max(t.terms, math.Abs(t.phi))
	g, size := t.gradient(t.y)
	// Multipliers of an answer that is not proven optimal hold nothing.
	sharp := t.lambda != nil && t.reduced != nil && t.confirmed(clearMultiplier)
	for j, v := range t.y {
		lo, hi := t.vlo[j], t.vhi[j]
		if sharp && math.Abs(t.reduced[j]) > clearMultiplier*math.Max(size[j], t.size) {
			lo, hi = v, v
		}
		a.joint.AddVars(0, "y", nil, 1, model.Continuous, lo, hi)
		a.col[t.fp.Vars[j]] = int32(first + j)
	}
	a.start = append(a.start, t.y...)
	acc := a.joint.Accumulator()
	for r := range t.lo {
		acc.Reset()
		idx, val := t.p.RowAffine(r)
		largest := 0.0
		for k, j := range idx {
			acc.AddTerm(val[k], first+int(j))
			largest = math.Max(largest, math.Abs(val[k]))
		}
		v := t.p.RowValue(r, t.y)
		lo, hi := math.Min(t.lo[r], v), math.Max(t.hi[r], v)
		if sharp && math.Abs(t.lambda[r])*largest > clearMultiplier*t.size {
			lo, hi = v, v
		}
		a.joint.AddRow(0, t.p.RowName(r), acc.Function(), lo, hi)
	}
	acc.Reset()
	level := 0.0
	for j, v := range g {
		acc.AddTerm(v/unit, first+j)
		level += v / unit * t.y[j]
	}
	a.joint.AddRow(0, "cost", acc.Function(), -model.Inf, level+a.c.opt.Tolerance/2)
	if t.class == quadraticProblem {
		a.sameGradient(t, first)
	}
}

// sameGradient writes H z = H y*: the gradient of a convex quadratic cost is the same at all of its optimal answers.
func (a *answers) sameGradient(t *task, first int) {
	rows := map[int32]*model.Accumulator{}
	var order []int32
	at := func(j int32) *model.Accumulator {
		acc, ok := rows[j]
		if !ok {
			acc = a.joint.Accumulator()
			rows[j] = acc
			order = append(order, j)
		}
		return acc
	}
	for _, q := range t.cost.Quad {
		at(q.I).AddTerm(q.Coef/t.size, first+int(q.J))
		at(q.J).AddTerm(q.Coef/t.size, first+int(q.I))
	}
	for _, j := range order {
		f := rows[j].Function()
		v, size := 0.0, 1.0
		for k, i := range f.Vars {
			term := f.Coefs[k] * t.y[int(i)-first]
			v += term
			size = math.Max(size, math.Abs(term))
		}
		a.joint.AddRow(0, "gradient", f, v-sharpGap*size, v+sharpGap*size)
	}
}

func (a *answers) addDuals(p int, t *task, list []dualVar) {
	s := a.c.addMultipliers(a.joint, t, t.y)
	b := a.block[p]
	b.multipliers, b.dual = s, true
	a.block[p] = b
	for r, l := range t.lambda {
		lo, hi := a.joint.VarBounds(s.columns + r)
		a.joint.SetVarBounds(s.columns+r, math.Min(lo, l), math.Max(hi, l))
	}
	if t.lambda == nil {
		a.start = append(a.start, make([]float64, len(t.lo))...)
	} else {
		a.start = append(a.start, t.lambda...)
		for _, r := range s.rows {
			if r < 0 {
				continue
			}
			v := a.joint.RowValue(r, a.start)
			lo, hi := a.joint.RowBounds(r)
			a.joint.SetRowBounds(r, math.Min(lo, v), math.Max(hi, v))
		}
	}
	for _, d := range list {
		a.col[d.variable], a.sign[d.variable] = int32(s.columns+d.row), t.sign
	}
}

// function writes a function of the model in the columns of the joint problem, with all other variables at their values.
func (a *answers) function(f model.Function) model.Function {
	acc := a.joint.Accumulator()
	x := a.x
	acc.AddConst(f.Const)
	term := func(c float64, j int32) {
		if k := a.col[j]; k >= 0 {
			acc.AddTerm(c*a.sign[j], int(k))
		} else {
			acc.AddConst(c * x[j])
		}
	}
	for k, j := range f.Vars {
		term(f.Coefs[k], j)
	}
	for _, q := range f.Quad {
		i, j := a.col[q.I], a.col[q.J]
		switch {
		case i >= 0 && j >= 0:
			acc.AddProduct(q.Coef*a.sign[q.I]*a.sign[q.J], int(i), int(j))
		case i >= 0:
			term(q.Coef*x[q.J], q.I)
		default:
			term(q.Coef*x[q.I], q.J)
		}
	}
	if f.Nonlinear != 0 {
		acc.AddFunction(1, a.joint.FromNode(a.node(f.Nonlinear)))
	}
	return acc.Function()
}

func (a *answers) node(n expr.Node) expr.Node {
	d := a.joint.DAG()
	n = d.Import(a.c.m.DAG(), n, nil)
	return d.Substitute(n, func(v int) (expr.Node, bool) {
		if k := a.col[v]; k >= 0 {
			return d.Scale(a.sign[v], d.Var(int(k))), true
		}
		return d.Const(a.x[v]), true
	})
}

// optimise minimises sign times a function over the set. Where there is no optimum the value is infinite, on the side of sign for an
// empty set (which it is only with constraints of the leader added) and on the other side for an unbounded one, or NaN.
func (a *answers) optimise(ctx context.Context, f model.Function, sign float64) (value float64, x []float64, status model.Status, err error) {
	c := a.c
	p := a.joint.Derive()
	largest := 0.0
	for _, v := range f.Coefs {
		largest = math.Max(largest, math.Abs(v))
	}
	for _, q := range f.Quad {
		largest = math.Max(largest, math.Abs(q.Coef))
	}
	g := scaledBy(p, f, sign*unitFactor(largest))
	g.Const = 0
	p.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: g})
	if err := p.Err(); err != nil {
		return math.NaN(), nil, model.StatusFailed, err
	}
	res, err := c.run(ctx, p, c.lpOptions())
	if err != nil {
		return math.NaN(), nil, model.StatusFailed, err
	}
	status = res.Status
	if doubtful(status) {
		status = c.settle(ctx, p)
	}
	switch {
	case (status == model.StatusOptimal || status == model.StatusReducedAccuracy) && res.Point != nil:
		return p.Value(f, res.Point.X), res.Point.X, status, nil
	case status == model.StatusUnbounded:
		return math.Inf(-int(sign)), nil, status, nil
	case status == model.StatusInfeasible:
		return math.Inf(int(sign)), nil, status, nil
	}
	return math.NaN(), nil, status, nil
}
