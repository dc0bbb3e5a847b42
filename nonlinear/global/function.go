package global

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/expr"
)

// Function is a function f of some variables compiled for boxes: its values, gradient and Hessian as intervals. A Function is used by one
// goroutine at a time; see Clone.
type Function struct {
	*derivatives
	domain        *Domain
	first, second *expr.Workspace
	over          []expr.Interval // f, its gradient, and the arguments that its domain asks for
	hess          []expr.Interval
	at            []expr.Interval
	point         []expr.Interval
}

// derivatives is what clones of a function share.
type derivatives struct {
	vars     []int
	affine   bool
	one, two *expr.Tape // f, gradient and what the domain asks for; lower triangle of the Hessian by rows
}

// NewFunction compiles the function of node n. Time and memory are about linear in the size of its symbolic gradient and Hessian; d grows by these.
func NewFunction(d *expr.DAG, n expr.Node) *Function {
	vars := d.Vars(n)
	one := append([]expr.Node{n}, d.Gradient(n, vars)...)
	var two []expr.Node
	affine := true
	for i := range vars {
		row := d.Gradient(one[1+i], vars[:i+1])
		for _, h := range row {
			c, ok := d.IsConst(h)
			affine = affine && ok && c == 0
		}
		two = append(two, row...)
	}
	f := &derivatives{vars: vars, affine: affine}
	domain := NewDomain(d, n)
	one = append(one, domain.Args()...)
	f.one, f.two = d.Compile(one), d.Compile(two)
	return (&Function{derivatives: f, domain: domain}).Clone()
}

// Clone returns the function for another goroutine.
func (f *Function) Clone() *Function {
	n := len(f.vars)
	return &Function{derivatives: f.derivatives, domain: f.domain.Clone(), first: f.one.NewWorkspace(), second: f.two.NewWorkspace(), over: make([]expr.Interval, f.one.NumRoots()),
		at: make([]expr.Interval, f.one.NumRoots()), hess: make([]expr.Interval, n*(n+1)/2)}
}

// Vars returns the variables that occur in f, ascending; not to be changed.
func (f *Function) Vars() []int { return f.vars }

// Affine reports whether all second derivatives are zero.
func (f *Function) Affine() bool { return f.affine }

// Range is what is known of f over a box. Value holds every value of f, Gradient[k] every derivative with respect to Vars()[k]. The derivatives
// serve the mean value theorem where Continuous is true: f has values and is continuous throughout the box, and at kinks Gradient holds the
// derivatives of all sides. Smooth says that it is twice continuously differentiable as well.
type Range struct {
	Value              expr.Interval
	Gradient           []expr.Interval
	Continuous, Smooth bool
}

// Over evaluates f and its gradient over a box, indexed by variable. The gradient is valid until the next call.
func (f *Function) Over(box []expr.Interval) Range {
	f.one.Intervals(f.first, box, f.over)
	r := Range{Value: f.over[0], Gradient: f.over[1 : 1+len(f.vars)]}
	f.domain.Over(f.over[1+len(f.vars):])
	known := f.domain.Root(0)
	r.Continuous, r.Smooth = known >= Continuous, known >= Smooth
	return r
}

// HessianOver evaluates the lower triangle of the Hessian over a box: entry (i, j), j <= i, of Vars() at place i(i+1)/2+j; valid until the next call. It
// says something of f only where Over finds it smooth.
func (f *Function) HessianOver(box []expr.Interval) []expr.Interval {
	f.two.Intervals(f.second, box, f.hess)
	return f.hess
}

// At encloses f and its gradient at a point, rounding errors included; the gradient is valid until the next call of At, and it serves only where f is
// differentiable.
func (f *Function) At(x []float64) (value expr.Interval, gradient []expr.Interval) {
	if len(f.point) < len(x) {
		f.point = make([]expr.Interval, len(x))
	}
	for j, v := range x {
		f.point[j] = expr.Point(v)
	}
	f.one.Intervals(f.first, f.point, f.at)
	return f.at[0], f.at[1 : 1+len(f.vars)]
}

// MeanValue encloses f over the box by f(c) + Σ_j ∂_j f(box) (box_j - c_j), r being Over(box). It is everything where the theorem does not apply.
func (f *Function) MeanValue(box []expr.Interval, c []float64, r Range) expr.Interval {
	if !r.Continuous {
		return expr.Everything
	}
	v, _ := f.At(c)
	for k, j := range f.vars {
		d := box[j].Sub(expr.Point(c[j]))
		if d.Lo != 0 || d.Hi != 0 {
			v = v.Add(r.Gradient[k].Mul(d))
		}
	}
	if v.IsEmpty() {
		return expr.Everything
	}
	return v
}

// Ends returns the box with every variable in which f is monotone over it, by r = Over(box), set to the end at which f is least; changed is false where
// there is none. The least value of f over the box is its least value there.
func (f *Function) Ends(box []expr.Interval, r Range) (end []expr.Interval, changed bool) {
	if !r.Continuous {
		return box, false
	}
	for k, j := range f.vars {
		g, side := r.Gradient[k], box[j].Lo
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
		if !changed {
			end, changed = slices.Clone(box), true
		}
		end[j] = expr.Point(side)
	}
	if !changed {
		return box, false
	}
	return end, true
}
