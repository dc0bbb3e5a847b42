package global

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// valuedRoom is how far an argument may be outside of a closed domain, relative to max(1, its end): what the rounding of a constraint that keeps it inside is worth.
const valuedRoom = 1e-9

// HasValues decides whether f, a function of m's variables, has a value at all points that satisfy the constraints of m and lie in the box of the options. A
// search that bounds f leaves out the points at which it has none, such as y < 0 for √y: what it proves of f holds at the others only. everywhere
// reports that there is none of these, to 1e-9 at the ends of closed domains. Where one was found it is returned; neither is the case where nothing was decided within the limits.
// Of a function with if, both branches have to have values unless intervals decide it.
//
// The arguments of operations that have values for some numbers only are minimised or maximised over the constraints, one after the other. Gaps and the target of
// the options are not used.
func HasValues(ctx context.Context, m *model.Model, f model.Function, opt Options) (everywhere bool, at []float64, err error) {
	d := m.DAG()
	root := m.Node(f)
	box := func(j int) expr.Interval {
		lo, hi := m.VarBounds(j)
		v := expr.Interval{Lo: lo, Hi: hi}
		if j < len(opt.Box) {
			v = v.Intersect(opt.Box[j])
		}
		return v
	}
	dom := NewDomain(d, root)
	vals := make([]expr.Interval, len(dom.Args()))
	for k, n := range dom.Args() {
		vals[k] = d.Interval(n, box)
	}
	if dom.Over(vals); dom.Root(0) >= Valued {
		return true, nil, nil
	}
	for _, c := range conditions(d, root, box) {
		held, x, err := c.held(ctx, m, opt)
		if err != nil || x != nil {
			return false, x, err
		}
		if !held {
			return false, nil, nil
		}
	}
	return true, nil, nil
}

// condition says that the values of a node lie in a range, ends of which may be open, or are not zero.
type condition struct {
	n       expr.Node
	in      expr.Interval
	open    bool
	nonzero bool
	never   bool // nothing is known of the operation
}

// conditions are those under which all operations of a function have values, but for those that intervals show.
func conditions(d *expr.DAG, root expr.Node, box func(int) expr.Interval) []condition {
	inf := math.Inf(1)
	seen := map[expr.Node]bool{}
	var out []condition
	var visit func(n expr.Node)
	visit = func(n expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		args := d.Args(n)
		vals := make([]expr.Interval, len(args))
		for k, a := range args {
			visit(a) // arguments first: what is said of an operation supposes that they have values
			vals[k] = d.Interval(a, box)
		}
		op := d.Op(n)
		if smoothEverywhere(op) || op == expr.OpIf || regularity(op, vals) >= Valued {
			return
		}
		switch op {
		case expr.OpSqrt:
			out = append(out, condition{n: args[0], in: expr.Interval{Lo: 0, Hi: inf}})
		case expr.OpLog, expr.OpLog10:
			out = append(out, condition{n: args[0], in: expr.Interval{Lo: 0, Hi: inf}, open: true})
		case expr.OpPow:
			p, constant := d.IsConst(args[1])
			switch {
			case constant && p == math.Trunc(p):
				out = append(out, condition{n: args[0], nonzero: true})
			default:
				out = append(out, condition{n: args[0], in: expr.Interval{Lo: 0, Hi: inf}, open: !constant || p < 0})
			}
		case expr.OpDiv, expr.OpMod, expr.OpIntDiv:
			out = append(out, condition{n: args[1], nonzero: true})
		case expr.OpAsin, expr.OpAcos:
			out = append(out, condition{n: args[0], in: expr.Interval{Lo: -1, Hi: 1}})
		case expr.OpAtanh:
			out = append(out, condition{n: args[0], in: expr.Interval{Lo: -1, Hi: 1}, open: true})
		case expr.OpAcosh:
			out = append(out, condition{n: args[0], in: expr.Interval{Lo: 1, Hi: inf}})
		case expr.OpTan:
			out = append(out, condition{n: d.Unary(expr.OpCos, args[0]), nonzero: true})
		default:
			out = append(out, condition{never: true})
		}
	}
	visit(root)
	return out
}

// held decides a condition at all points that satisfy the constraints; x is one at which it does not hold.
func (c condition) held(ctx context.Context, m *model.Model, opt Options) (held bool, x []float64, err error) {
	switch {
	case c.never:
		return false, nil, nil
	case c.nonzero: // proven where it is on one side of zero throughout
		above, x, err := beyond(ctx, m, c.n, 1, 0, true, opt)
		if err != nil || above {
			return above, nil, err
		}
		below, y, err := beyond(ctx, m, c.n, -1, 0, true, opt)
		if err != nil || below {
			return below, nil, err
		}
		for _, z := range [][]float64{x, y} {
			if z != nil && m.DAG().Eval(c.n, z) == 0 {
				return false, z, nil
			}
		}
		return false, nil, nil
	}
	if !math.IsInf(c.in.Lo, 0) {
		if held, x, err := beyond(ctx, m, c.n, 1, c.in.Lo, c.open, opt); err != nil || !held {
			return false, x, err
		}
	}
	if !math.IsInf(c.in.Hi, 0) {
		if held, x, err := beyond(ctx, m, c.n, -1, -c.in.Hi, c.open, opt); err != nil || !held {
			return false, x, err
		}
	}
	return true, nil, nil
}

// beyond decides whether sign times a node is at least end, and more where that is open, at all points that satisfy the constraints.
func beyond(ctx context.Context, m *model.Model, n expr.Node, sign, end float64, open bool, opt Options) (held bool, x []float64, err error) {
	if open {
		end = math.Nextafter(end, math.Inf(1))
	} else {
		end -= valuedRoom * math.Max(1, math.Abs(end))
	}
	d := m.Derive()
	acc := d.Accumulator()
	acc.AddNode(sign, n)
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("argument"), Set: true, F: acc.Function()})
	opt.Target = &Target{Value: end}
	a, err := Minimise(ctx, d, opt)
	if err != nil {
		return false, nil, err
	}
	if a.Status == BelowTarget {
		return false, a.X, nil
	}
	return a.Status == AboveTarget || a.Status == Infeasible, nil, nil
}
