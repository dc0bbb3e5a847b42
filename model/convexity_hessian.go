package model

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Limits of the convexity test by second derivatives: variables in which a function is curved, nodes of one function, boxes into which its ranges
// are split; nodes and boxes for all functions of a player.
const (
	hessianVars     = 24
	hessianNodes    = 600
	hessianBoxes    = 256
	hessianAllNodes = 20000
	hessianAllBoxes = 1000
)

// hessianIsPositive reports whether the Hessian of sign*f in the own variables is positive semidefinite wherever f has a value in the ranges of
// all variables, shown by interval arithmetic, and f is defined on a convex set there: then it is convex. The second derivatives are enclosed by
// intervals, and the interval matrix is positive semidefinite by Gershgorin's circles or by the least eigenvalue of its midpoint less the
// largest row sum of its radii; where that fails, the ranges are split.
func (g *judge) hessianIsPositive(f Function, sign float64) bool {
	if g.player == 0 || g.boxes <= 0 {
		return false // nothing rests on whether the leader's problem is convex
	}
	h := g.newHessian(f, sign)
	if h == nil {
		return false
	}
	boxes := min(g.boxes, hessianBoxes)
	ok, used := h.positive(boxes)
	g.boxes -= used
	return ok
}

// hessian is the matrix of second derivatives of one function as a tape.
type hessian struct {
	n       int // order
	row     []int
	col     []int // by root of the tape, with row >= col; the last root is the function itself
	tape    *expr.Tape
	ws      *expr.Workspace
	vars    []int // that occur
	box     []expr.Interval
	entries []expr.Interval
}

func (g *judge) newHessian(f Function, sign float64) *hessian {
	d := expr.New()
	local := map[int]int{}
	var vars []int // of the model, by local index
	id := func(j int) int {
		k, ok := local[j]
		if !ok {
			k = len(vars)
			local[j] = k
			vars = append(vars, j)
		}
		return k
	}
	if size := g.m.dag.Size(f.Nonlinear); size > hessianNodes || size > g.budget {
		return nil
	}
	coefs, args := []float64{1}, []expr.Node{d.Import(g.m.dag, f.Nonlinear, id)}
	for _, q := range f.Quad {
		coefs, args = append(coefs, q.Coef), append(args, d.Mul(d.Var(id(int(q.I))), d.Var(id(int(q.J)))))
	}
	root := d.Scale(sign, d.Linear(0, coefs, args))
	var own []int
	box := make([]expr.Interval, len(vars))
	for k, j := range vars {
		lo, hi := g.bounds(j)
		box[k] = expr.Interval{Lo: lo, Hi: hi}
		if g.varies(j) {
			own = append(own, k)
		}
	}
	if len(own) > hessianVars {
		return nil
	}
	varies := func(k int) bool { return g.varies(vars[k]) }
	if !smoothOnConvexSet(d, root, varies, box) {
		return nil
	}
	h := &hessian{box: box}
	gradient := d.Gradient(root, own)
	var roots []expr.Node
	index := make([]int, len(own))
	for i := range own {
		index[i] = -1
	}
	for i, n := range gradient {
		for k, e := range d.Gradient(n, own[:i+1]) {
			if c, ok := d.IsConst(e); ok && c == 0 {
				continue
			}
			for _, v := range [2]int{k, i} { // variables in which the function is affine have no row
				if index[v] < 0 {
					index[v] = h.n
					h.n++
				}
			}
			roots = append(roots, e)
			h.row, h.col = append(h.row, index[i]), append(h.col, index[k])
		}
	}
	roots = append(roots, root)
	g.budget -= d.Len()
	if d.Len() > 40*hessianNodes {
		return nil
	}
	h.tape = d.Compile(roots)
	h.ws = h.tape.NewWorkspace()
	h.entries = make([]expr.Interval, len(roots))
	h.vars = h.tape.Vars()
	return h
}

// positive goes through at most so many boxes, the widest range of which is halved where the matrix is not seen to be positive semidefinite. It also
// returns how many.
func (h *hessian) positive(boxes int) (ok bool, used int) {
	h.tape.Intervals(h.ws, h.box, h.entries)
	if h.entries[len(h.entries)-1].IsEmpty() {
		return false, 1 // it has no value anywhere, strictly; floating point may give it one, like that of y/(1/0)
	}
	h.tape.Intervals(h.ws, middle(h.box), h.entries)
	if !h.definite() { // most functions that are not convex are seen here
		return false, 1
	}
	stack := [][]expr.Interval{h.box}
	for ; len(stack) > 0; used++ {
		if used == boxes {
			return false, used
		}
		box := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		h.tape.Intervals(h.ws, box, h.entries)
		if h.definite() {
			continue
		}
		widest := -1
		for _, v := range h.vars {
			if w := box[v].Width(); w > 0 && !math.IsInf(w, 1) && (widest < 0 || w > box[widest].Width()) {
				widest = v
			}
		}
		if widest < 0 || box[widest].Width() < 1e-6*h.box[widest].Width() {
			return false, used
		}
		mid := box[widest].Lo + box[widest].Width()/2
		left, right := append([]expr.Interval(nil), box...), append([]expr.Interval(nil), box...)
		left[widest].Hi, right[widest].Lo = mid, mid
		stack = append(stack, left, right)
	}
	return true, used
}

// middle is a box about the middle of another one that is a millionth as wide.
func middle(box []expr.Interval) []expr.Interval {
	out := make([]expr.Interval, len(box))
	for k, b := range box {
		lo, hi := math.Max(b.Lo, -1e3), math.Min(b.Hi, 1e3)
		if !(lo <= hi) {
			lo, hi = math.Max(b.Lo, math.Min(b.Hi, 0)), math.Max(b.Lo, math.Min(b.Hi, 0))
		}
		mid, w := lo+(hi-lo)/2, (hi-lo)/2e6
		out[k] = expr.Interval{Lo: math.Max(mid-w, b.Lo), Hi: math.Min(mid+w, b.Hi)}
	}
	return out
}

// definite reports whether every symmetric matrix with entries in the intervals is positive semidefinite.
func (h *hessian) definite() bool {
	n := h.n
	diag, off := make([]float64, n), make([]float64, n)
	centre, radius := make([]float64, n*n), make([]float64, n)
	finite, scale := true, 0.0
	last := len(h.entries) - 1
	if h.entries[last].IsEmpty() {
		return true // the function has no value in this box
	}
	for k, e := range h.entries[:last] {
		if e.IsEmpty() { // a derivative without value where the function has one, like that of sqrt(x y) at x = 0
			return false
		}
		i, j := h.row[k], h.col[k]
		mid, rad := e.Lo+(e.Hi-e.Lo)/2, (e.Hi-e.Lo)/2
		finite = finite && !math.IsInf(rad, 0) && !math.IsNaN(mid)
		scale = math.Max(scale, math.Abs(mid))
		centre[i*n+j], centre[j*n+i] = mid, mid
		radius[i] += rad
		if i == j {
			diag[i] = e.Lo
			continue
		}
		radius[j] += rad
		size := math.Max(math.Abs(e.Lo), math.Abs(e.Hi))
		off[i] += size
		off[j] += size
	}
	dominant := true
	for i := range diag {
		dominant = dominant && diag[i] >= off[i]
	}
	if dominant || !finite {
		return dominant
	}
	widest := 0.0
	for _, r := range radius {
		widest = math.Max(widest, r)
	}
	least, _ := leastEigenvalue(centre, n)
	return least >= widest-1e-12*scale*float64(n)
}

// smoothOnConvexSet reports whether f is twice continuously differentiable on the interior of the set of the points of the box at which it has a
// value, and this set is convex in the variables that vary. A function with a pole inside, like 1/y² on both sides of zero, has a positive second
// derivative wherever it has any, and is not convex.
func smoothOnConvexSet(d *expr.DAG, root expr.Node, varies func(v int) bool, box []expr.Interval) bool {
	if ok, _ := d.Smooth(root); !ok {
		return false
	}
	bounds := func(v int) (float64, float64) { return box[v].Lo, box[v].Hi }
	rangeOf := func(n expr.Node) expr.Interval {
		return d.Interval(n, func(v int) expr.Interval { return box[v] })
	}
	affine := func(n expr.Node) bool { return d.Curvature(n, varies, bounds).IsAffine() }
	// A concave argument is above a number on a convex set; any other one has to be there everywhere.
	above := func(n expr.Node, c float64) bool {
		return d.Curvature(n, varies, bounds).IsConcave() || rangeOf(n).Lo > c
	}
	within := func(n expr.Node, c float64) bool {
		r := rangeOf(n)
		return affine(n) || r.Lo > -c && r.Hi < c
	}
	oneSign := func(n expr.Node) bool {
		r := rangeOf(n)
		return r.Lo > 0 || r.Hi < 0 || affine(n) && (r.Lo >= 0 || r.Hi <= 0)
	}
	for _, n := range below(d, root) {
		args := d.Args(n)
		ok := true
		switch d.Op(n) {
		case expr.OpConst, expr.OpVar, expr.OpSum, expr.OpMul, expr.OpExp, expr.OpSin, expr.OpCos, expr.OpAtan, expr.OpSinh, expr.OpCosh, expr.OpTanh, expr.OpAsinh:
		case expr.OpDiv:
			ok = oneSign(args[1])
		case expr.OpSqrt, expr.OpLog, expr.OpLog10:
			ok = above(args[0], 0)
		case expr.OpAcosh:
			ok = above(args[0], 1)
		case expr.OpAsin, expr.OpAcos, expr.OpAtanh:
			ok = within(args[0], 1)
		case expr.OpPow:
			e, constant := d.IsConst(args[1])
			switch {
			case !constant || e != math.Trunc(e):
				ok = above(args[0], 0)
			case e < 0:
				ok = oneSign(args[0])
			}
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

// below lists the nodes of an expression.
func below(d *expr.DAG, root expr.Node) []expr.Node {
	seen := map[expr.Node]bool{root: true}
	list := []expr.Node{root}
	for k := 0; k < len(list); k++ {
		for _, a := range d.Args(list[k]) {
			if !seen[a] {
				seen[a] = true
				list = append(list, a)
			}
		}
	}
	return list
}
