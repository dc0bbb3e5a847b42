package verify

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// excluded reports whether derivatives show that nothing in the box costs less than the target.
func (s *intervalSearch) excluded(box []expr.Interval) bool {
	evaluated := false
	for k := range s.forms {
		f := &s.forms[k]
		f.tape.Intervals(f.ws, box, f.over)
		if f.over[0].Lo >= s.limit {
			return true
		}
		if len(f.guards) > 0 && !evaluated {
			s.con.tape.Intervals(s.con.ws, box, s.con.vals)
			evaluated = true
		}
		connected, smooth := s.con.whole(f.guards)
		if !connected {
			continue
		}
		if f.second && smooth && f.convexOn(len(box)) && s.tangentFrom(f, s.nearest(box), box) {
			return true
		}
		if s.monotone(f, box) || s.meanValue(f, box, f.over) {
			return true
		}
	}
	return false
}

// meanValue reports whether the mean value form of f about the middle is at least the target over a box over which the values are known.
func (s *intervalSearch) meanValue(f *form, box, over []expr.Interval) bool {
	c := make([]float64, len(box))
	for j, b := range box {
		if math.IsInf(b.Lo, 0) || math.IsInf(b.Hi, 0) {
			return false
		}
		c[j] = middle(b)
	}
	v := s.valueAt(f, c)
	for j, b := range box {
		v = v.Add(over[1+j].Mul(b.Sub(expr.Point(c[j]))))
	}
	return !v.IsEmpty() && v.Lo >= s.limit
}

// valueAt is f at a point, with its rounding errors; the derivatives are left in s.at.
func (s *intervalSearch) valueAt(f *form, c []float64) expr.Interval {
	at := make([]expr.Interval, len(c))
	for j, v := range c {
		at[j] = expr.Point(v)
	}
	f.tape.Intervals(f.ws, at, s.at[:len(f.over)])
	return s.at[0]
}

// convexOn reports whether the Hessian over the box last evaluated is positive semidefinite: with the rows and columns divided by the roots of
// the diagonal, the sum of the others in each row is at most one.
func (f *form) convexOn(n int) bool {
	h := f.over[1+n:]
	sums := make([]float64, n)
	k := 0
	for i := range n {
		for j := range i {
			off := math.Max(math.Abs(h[k].Lo), math.Abs(h[k].Hi))
			k++
			if off == 0 {
				continue
			}
			scale := math.Sqrt(h[at(i, i)].Lo) * math.Sqrt(h[at(j, j)].Lo)
			if !(scale > 0) {
				return false
			}
			sums[i] += off / scale * (1 + 1e-14)
			sums[j] += off / scale * (1 + 1e-14)
		}
		if h[k].IsEmpty() || !(h[k].Lo >= 0) {
			return false
		}
		k++
	}
	for _, v := range sums {
		if !(v <= 1-1e-12) && v != 0 {
			return false
		}
	}
	return true
}

// at is the place of entry (i, j), j <= i, in a lower triangle stored by rows.
func at(i, j int) int { return i*(i+1)/2 + j }

// nearest is the point of the box that is nearest to the best answer, or to the middle without one.
func (s *intervalSearch) nearest(box []expr.Interval) []float64 {
	c := make([]float64, len(box))
	for j, b := range box {
		c[j] = middle(b)
		if s.best != nil {
			c[j] = math.Min(math.Max(s.best[j], b.Lo), b.Hi)
		}
	}
	return c
}

// tangentFrom reports whether the tangent of f at c is at least the target over the box.
func (s *intervalSearch) tangentFrom(f *form, c []float64, box []expr.Interval) bool {
	v := s.valueAt(f, c)
	for j, b := range box {
		d := b.Sub(expr.Point(c[j]))
		if d.Lo == 0 && d.Hi == 0 {
			continue
		}
		v = v.Add(s.at[1+j].Mul(d))
	}
	return !v.IsEmpty() && v.Lo >= s.limit
}

// monotone reports whether f is at least the target over the box with each variable in which f only rises at its lower, and each in which it
// only falls at its upper end: there f is least.
func (s *intervalSearch) monotone(f *form, box []expr.Interval) bool {
	var end []expr.Interval
	for j := range box {
		g := f.over[1+j]
		side := box[j].Lo
		switch {
		case g.IsEmpty() || box[j].Lo == box[j].Hi:
			continue
		case g.Lo >= 0:
		case g.Hi <= 0:
			side = box[j].Hi
		default:
			continue
		}
		if math.IsInf(side, 0) {
			continue
		}
		if end == nil {
			end = slices.Clone(box)
		}
		end[j] = expr.Point(side)
	}
	if end == nil {
		return false
	}
	f.tape.Intervals(f.ws, end, s.at[:len(f.over)])
	if s.at[0].Lo >= s.limit {
		return true
	}
	slopes := slices.Clone(s.at[:len(f.over)])
	return s.meanValue(f, end, slopes)
}

// guard is an operation that has values for some arguments only, or a kink.
type guard struct {
	op   expr.Op
	args []int
}

// guards lists the operations below some nodes that may have no value in a part of the box, or a kink there: the mean value theorem and convexity
// need paths along which the function is differentiable.
func (c *contractor) guards(nodes []expr.Node) []guard {
	below := make([]bool, len(c.nodes))
	for _, n := range nodes {
		below[c.place[n]] = true
	}
	var list []guard
	for k := len(c.nodes) - 1; k >= 0; k-- {
		if !below[k] {
			continue
		}
		for _, a := range c.args[k] {
			below[a] = true
		}
		switch op := c.d.Op(c.nodes[k]); op {
		case expr.OpConst, expr.OpVar, expr.OpSum, expr.OpMul, expr.OpExp, expr.OpSin, expr.OpCos, expr.OpAtan, expr.OpSinh, expr.OpCosh, expr.OpTanh, expr.OpAsinh:
		default:
			list = append(list, guard{op, c.args[k]})
		}
	}
	return list
}

// whole reports whether the guarded operations have values throughout the box over which the nodes were evaluated last and are continuous there, and
// whether they are smooth. Of a continuous function with kinks the intervals of the derivatives hold those on both sides, between which the mean
// value theorem holds too (Lebourg's); its second derivatives say nothing of the kinks.
func (c *contractor) whole(list []guard) (connected, smooth bool) {
	smooth = true
	for _, g := range list {
		a := c.vals[g.args[0]]
		ok := true
		switch g.op {
		case expr.OpDiv:
			ok = !c.vals[g.args[1]].Contains(0)
		case expr.OpPow:
			p := c.vals[g.args[1]]
			switch whole := p.Lo == p.Hi && p.Lo == math.Trunc(p.Lo); {
			case whole && p.Lo >= 0:
			case whole:
				ok = !a.Contains(0)
			case p.Lo == p.Hi && p.Lo > 0:
				ok = a.Lo >= 0
			default:
				ok = a.Lo > 0
			}
		case expr.OpSqrt:
			ok = a.Lo >= 0
		case expr.OpLog, expr.OpLog10:
			ok = a.Lo > 0
		case expr.OpAsin, expr.OpAcos, expr.OpAtanh:
			ok = a.Lo >= -1 && a.Hi <= 1
		case expr.OpAcosh:
			ok = a.Lo >= 1
		case expr.OpTan: // within one branch, at a distance from its poles
			k := math.Floor(a.Lo/math.Pi + 0.5)
			ok = math.Abs(a.Lo) < 1e6 && a.Lo > (k-0.5)*math.Pi+1e-6 && a.Hi < (k+0.5)*math.Pi-1e-6
		case expr.OpAtan2:
			ok = c.vals[g.args[1]].Lo > 0
		case expr.OpAbs:
			smooth = smooth && (a.Lo >= 0 || a.Hi <= 0)
		case expr.OpMin, expr.OpMax, expr.OpLess:
			smooth = smooth && c.decided(g.args)
		case expr.OpIf: // its condition is true or false throughout
			ok = !a.IsEmpty() && (a.Lo > 0 || a.Hi < 0 || a.Lo == 0 && a.Hi == 0)
		case expr.OpLT, expr.OpLE, expr.OpGT, expr.OpGE:
			b := c.vals[g.args[1]]
			ok = a.Hi < b.Lo || a.Lo > b.Hi
		default:
			ok = false
		}
		if !ok {
			return false, false
		}
	}
	return true, smooth
}

// decided reports whether two arguments never tie.
func (c *contractor) decided(args []int) bool {
	if len(args) != 2 {
		return false
	}
	a, b := c.vals[args[0]], c.vals[args[1]]
	return a.Hi < b.Lo || a.Lo > b.Hi
}
