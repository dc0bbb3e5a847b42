package reform

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// namer gives multipliers names: variables for shadow prices in the model that is made.
type namer struct {
	ids   *identities
	m     *model.Model
	upper map[int]int    // by variable: the constraint that its upper bound became
	split map[int][2]int // by range: the constraints of its upper and of its lower side
	moved []movedBound
}

// withNames writes a function without products of multipliers in the model's variables.
func (n *namer) withNames(f model.Function) model.Function {
	acc := n.m.Accumulator()
	acc.AddFunction(1, model.Function{Const: f.Const, Quad: f.Quad})
	old := n.ids.m
	vars, rows := old.NumVars(), old.NumRows()
	for k := 0; k < len(f.Vars); k++ {
		j, c := int(f.Vars[k]), f.Coefs[k]
		switch {
		case j < vars:
			acc.AddTerm(c, j)
		case j < vars+2*rows:
			r, lower := (j-vars)/2, (j-vars)%2 == 1
			cu, cw := c, 0.0
			if lower {
				cu, cw = 0, c
			} else if k+1 < len(f.Vars) && int(f.Vars[k+1]) == j+1 { // both sides of a range
				k++
				cw = f.Coefs[k]
			}
			n.addDual(acc, r, cu, cw)
		default:
			v := j - vars - 2*rows
			r, ok := n.upper[v]
			if !ok {
				lo, hi := old.VarBounds(v)
				r = n.m.AddRow(old.VarOwner(v), n.m.FreshBase(old.VarBase(v)+"_upper"), one(1, v, 0), -model.Inf, hi)
				n.m.SetVarBounds(v, lo, model.Inf)
				n.upper[v] = r
				n.moved = append(n.moved, movedBound{r, v, true, true})
			}
			acc.AddTerm(-c*n.sign(r), n.m.DualVar(r).Index())
		}
	}
	return acc.Function()
}

// setRow replaces a constraint of the leader; where it names shadow prices of constraints that come after it, by one at the end.
func (n *namer) setRow(r int, f model.Function) {
	lo, hi := n.m.RowBounds(r)
	for _, j := range f.Vars {
		if of, dual := n.m.DualOf(int(j)); dual && of > r {
			n.m.SetRow(r, model.Function{}, -model.Inf, model.Inf)
			n.m.AddRow(0, n.m.FreshBase(n.m.RowBase(r)+"_linear"), f, lo, hi)
			return
		}
	}
	n.m.SetRow(r, f, lo, hi)
}

// sign is 1 for a constraint of a follower that minimises.
func (n *namer) sign(r int) float64 {
	return n.m.Player(n.m.RowOwner(r)).Objective().Sense.Sign()
}

// addDual adds cu u + cw w for the multipliers of the upper (or an equation's) and the lower side of a constraint.
func (n *namer) addDual(acc *model.Accumulator, r int, cu, cw float64) {
	σ := n.sign(r)
	if n.ids.kinds[r] != sideUpper|sideLower {
		acc.AddTerm(σ*(cw-cu), n.m.DualVar(r).Index())
		return
	}
	both, done := n.split[r]
	if !done && math.Abs(cu+cw) <= roundingTol*math.Abs(cw) {
		acc.AddTerm(σ*cw, n.m.DualVar(r).Index()) // the shadow price of a range is that of its lower side less that of its upper
		return
	}
	if !done {
		both, n.moved = splitRange(n.m, r, n.moved)
		n.split[r] = both
	}
	if cu != 0 {
		acc.AddTerm(-σ*cu, n.m.DualVar(both[0]).Index())
	}
	if cw != 0 {
		acc.AddTerm(σ*cw, n.m.DualVar(both[1]).Index())
	}
}
