package model

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// shape is what was found of one function in the own variables.
type shape struct {
	class  Class // Linear, Quadratic or Nonlinear
	convex Tri
	why    string // the rule that shows it to be convex, or what does not
}

// judge decides the shape of functions as functions of the variables that one player decides, the others being fixed anywhere in their ranges.
type judge struct {
	m      *Model
	player int // 0: in all variables
	ranges *ranges
	null   *nullSpace // of the player's equations, made when it is first needed
	budget int        // expression nodes that may still be differentiated twice
	boxes  int        // on which second derivatives may still be enclosed
}

func (m *Model) newJudge(p int) *judge {
	return &judge{m: m, player: p, budget: hessianAllNodes, boxes: hessianAllBoxes}
}

// owns reports whether variable j belongs to the player, varies whether it also is not fixed by its bounds.
func (g *judge) owns(j int) bool { return g.player == 0 || g.m.VarOwner(j) == g.player }

func (g *judge) varies(j int) bool {
	lo, hi := g.m.VarBounds(j)
	return g.owns(j) && lo < hi
}

func (g *judge) bounds(j int) (lo, hi float64) {
	if g.ranges == nil {
		g.ranges = g.m.rangesFor(g.player)
	}
	return g.ranges.of(j)
}

// shapeOf judges sign*f. Rules are tried from the cheapest on: the definiteness of a quadratic form, the composition rules of the nonlinear part,
// the definiteness along the player's equations, and at last the range of the second derivatives of the whole function.
func (g *judge) shapeOf(f Function, sign float64) shape {
	quadratic, form := g.ownQuad(f.Quad), PSD
	if len(quadratic) > 0 {
		form = g.m.Definiteness(quadratic, nil, sign)
	}
	curvature := expr.Constant
	if f.Nonlinear != 0 {
		curvature = g.m.dag.Curvature(f.Nonlinear, g.varies, g.bounds)
	}
	composed := curvature.IsConvex() && sign > 0 || curvature.IsConcave() && sign < 0
	switch {
	case curvature.IsAffine() && len(quadratic) == 0:
		return shape{Linear, Yes, ""}
	case curvature.IsAffine():
		return g.quadraticShape(quadratic, form, sign)
	case composed && form == PSD:
		return shape{Nonlinear, Yes, "convex: " + g.rule(f.Nonlinear, len(quadratic) > 0)}
	}
	if g.hessianIsPositive(f, sign) {
		return shape{Nonlinear, Yes, "convex by the range of its second derivatives"}
	}
	return shape{Nonlinear, Unknown, "no composition rule shows its nonlinear part to be convex"}
}

// quadraticShape judges a function whose only curvature is a quadratic form.
func (g *judge) quadraticShape(quad []QuadTerm, form Definite, sign float64) shape {
	switch form {
	case PSD:
		return shape{Quadratic, Yes, "convex quadratic"}
	case DefiniteUnknown:
		return shape{Quadratic, Unknown, "its quadratic part is too large for the convexity test"}
	}
	if g.player > 0 && g.nullSpaceOf().convex(quad, sign) {
		// No convex quadratic form: what rests on one (a dual problem, a QP solver) does not hold.
		return shape{Nonlinear, Yes, "its quadratic part is convex along the follower's equations"}
	}
	return shape{Quadratic, No, "its quadratic part has a direction of negative curvature"}
}

// ownQuad lists the products of two own variables.
func (g *judge) ownQuad(quad []QuadTerm) []QuadTerm {
	var out []QuadTerm
	for _, q := range quad {
		if g.owns(int(q.I)) && g.owns(int(q.J)) {
			out = append(out, q)
		}
	}
	return out
}

// rowShape judges the set lo <= f <= hi: an equation must be affine to be convex, a range must be convex on both sides.
func (g *judge) rowShape(r int) shape {
	lo, hi := g.m.RowBounds(r)
	f := g.m.RowFunction(r)
	out := shape{Linear, Yes, ""}
	if !math.IsInf(hi, 1) {
		out = g.shapeOf(f, 1)
	}
	if !math.IsInf(lo, -1) {
		s := g.shapeOf(f, -1)
		if s.convex != Yes && out.convex == Yes || s.class > out.class {
			out = s
		}
	}
	if lo == hi && out.class != Linear && out.convex != No {
		out.convex, out.why = Unknown, "an equation that is not affine"
	}
	return out
}

// rule names the composition rule at the top of a convex or concave expression.
func (g *judge) rule(n expr.Node, withQuadratic bool) string {
	if withQuadratic {
		return "a convex quadratic form and convex terms"
	}
	d := g.m.dag
	for d.Op(n) == expr.OpSum && len(d.Args(n)) == 1 {
		n = d.Args(n)[0]
	}
	switch d.Op(n) {
	case expr.OpSum:
		return "a sum of convex terms"
	case expr.OpMul:
		return "a convex function times a factor whose sign is known"
	case expr.OpDiv:
		return "a quotient with a denominator whose sign is known"
	case expr.OpPow:
		return "a power of a function whose curvature and sign are known"
	case expr.OpMax, expr.OpMin, expr.OpLess:
		return "the largest of convex functions"
	case expr.OpAbs:
		return "an absolute value"
	case expr.OpSqrt:
		return "a norm, or the root of a concave function"
	case expr.OpLog, expr.OpLog10:
		return "a logarithm of a concave function, or of a sum of exponentials"
	case expr.OpExp:
		return "an exponential of a convex function"
	case expr.OpIf:
		return "convex in each case of a condition on other players' variables"
	}
	return "a monotone function of a convex one (" + d.Op(n).String() + ")"
}

// ranges bound variables by their declared bounds and by constraints that hold one of them alone.
type ranges struct {
	m      *Model
	lo, hi map[int32]float64 // where a constraint says more than the declared bounds
}

// rangesFor are the ranges on which the functions of player p matter. Every constraint that has to hold bounds the variables of other players; those
// of a follower are bounded by its own constraints alone, for it does not see those of others.
func (m *Model) rangesFor(p int) *ranges {
	b := &ranges{m: m, lo: map[int32]float64{}, hi: map[int32]float64{}}
	conditional := m.conditionalRows()
	for r := 0; r < m.NumRows(); r++ {
		if !m.RowIsAffine(r) || conditional[r] {
			continue
		}
		idx, val := m.RowAffine(r)
		if len(idx) != 1 || val[0] == 0 {
			continue
		}
		if j := idx[0]; p == 0 || m.VarOwner(int(j)) != p || m.RowOwner(r) == p {
			b.tighten(j, val[0], r)
		}
	}
	return b
}

// conditionalRows are the constraints that hold where a binary variable has a given value only.
func (m *Model) conditionalRows() map[int]bool {
	rows := map[int]bool{}
	for _, ind := range m.inds {
		rows[ind.Row] = true
	}
	return rows
}

// tighten takes the bounds lo <= a x_j <= hi of constraint r, with a margin for rounding.
func (b *ranges) tighten(j int32, a float64, r int) {
	lo, hi := b.m.RowBounds(r)
	lo, hi = lo/a, hi/a
	if a < 0 {
		lo, hi = hi, lo
	}
	if math.Abs(a) != 1 { // the division may have rounded
		lo, hi = math.Nextafter(lo, math.Inf(-1)), math.Nextafter(hi, math.Inf(1))
	}
	oldLo, oldHi := b.of(int(j))
	if lo > oldLo {
		b.lo[j] = lo
	}
	if hi < oldHi {
		b.hi[j] = hi
	}
}

// of is the range of variable j.
func (b *ranges) of(j int) (lo, hi float64) {
	lo, hi = b.m.VarBounds(j)
	if v, ok := b.lo[int32(j)]; ok {
		lo = v
	}
	if v, ok := b.hi[int32(j)]; ok {
		hi = v
	}
	return lo, hi
}
