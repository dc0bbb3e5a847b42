package model

import (
	"math"
	"slices"
	"sort"

	"github.com/gobilevel/bilevel/model/expr"
)

// QuadTerm is Coef * x_I * x_J with I <= J. There is no factor 1/2: x² has coefficient 1.
type QuadTerm struct {
	I, J int32
	Coef float64
}

// Function is a function of a model's variables in normal form:
//
//	Const + Σ_k Coefs[k] x_Vars[k] + Σ_q Quad[q].Coef x_I x_J + n(x)
//
// Vars is sorted and without repeats, Quad is sorted by (I, J) without repeats, and n is the node Nonlinear of the model's DAG
// (the node 0, the constant zero, where there is no nonlinear part). A Function is read-only: its slices are shared.
type Function struct {
	Const     float64
	Vars      []int32
	Coefs     []float64
	Quad      []QuadTerm
	Nonlinear expr.Node
}

// IsConst reports whether the function mentions no variable.
func (f Function) IsConst() bool { return len(f.Vars) == 0 && f.IsAffine() }

// IsAffine reports whether the function has no quadratic and no nonlinear part.
func (f Function) IsAffine() bool { return len(f.Quad) == 0 && f.Nonlinear == 0 }

// IsQuadratic reports whether the function has no nonlinear part (affine functions are quadratic).
func (f Function) IsQuadratic() bool { return f.Nonlinear == 0 }

// Coef returns the coefficient of variable j in the affine part.
func (f Function) Coef(j int) float64 {
	k := sort.Search(len(f.Vars), func(k int) bool { return int(f.Vars[k]) >= j })
	if k < len(f.Vars) && int(f.Vars[k]) == j {
		return f.Coefs[k]
	}
	return 0
}

// value is the function's value at x; d evaluates the nonlinear part.
func (f Function) value(d *expr.DAG, x []float64) float64 {
	if len(f.Quad) > 0 {
		s := f.exactly(x)
		if f.Nonlinear != 0 {
			s += d.Eval(f.Nonlinear, x)
		}
		return s
	}
	s := f.Const
	for k, j := range f.Vars {
		s += f.Coefs[k] * x[j]
	}
	if f.Nonlinear != 0 {
		s += d.Eval(f.Nonlinear, x)
	}
	return s
}

// Accumulator collects terms of a function in any order and brings them to normal form once. Adding n terms and calling Function
// costs O(n log n). The zero value is not ready: use Model.Accumulator. An Accumulator may be reset and used again.
type Accumulator struct {
	m      *Model
	c      float64
	vars   []int32
	coefs  []float64
	quad   []QuadTerm
	nodes  []expr.Node
	ncoefs []float64
}

// Accumulator returns an empty accumulator for functions of the model's variables.
func (m *Model) Accumulator() *Accumulator { return &Accumulator{m: m} }

// Reset empties the accumulator and keeps its memory.
func (a *Accumulator) Reset() {
	a.c = 0
	a.vars, a.coefs, a.quad = a.vars[:0], a.coefs[:0], a.quad[:0]
	a.nodes, a.ncoefs = a.nodes[:0], a.ncoefs[:0]
}

// room makes room for n more terms at once, where they are so many that growing step by step would leave much behind.
func (a *Accumulator) room(n int) {
	if n > 64 {
		a.vars, a.coefs = slices.Grow(a.vars, n), slices.Grow(a.coefs, n)
	}
}

// AddConst adds the constant c.
func (a *Accumulator) AddConst(c float64) { a.c += c }

// AddTerm adds c*x_j.
func (a *Accumulator) AddTerm(c float64, j int) {
	a.vars = append(a.vars, int32(j))
	a.coefs = append(a.coefs, c)
}

// AddProduct adds c*x_i*x_j.
func (a *Accumulator) AddProduct(c float64, i, j int) {
	if i > j {
		i, j = j, i
	}
	a.quad = append(a.quad, QuadTerm{int32(i), int32(j), c})
}

// AddNode adds c times a node of the model's DAG.
func (a *Accumulator) AddNode(c float64, n expr.Node) {
	if n != 0 {
		a.nodes = append(a.nodes, n)
		a.ncoefs = append(a.ncoefs, c)
	}
}

// AddFunction adds c*f.
func (a *Accumulator) AddFunction(c float64, f Function) {
	a.c += c * f.Const
	a.vars = append(a.vars, f.Vars...)
	for _, v := range f.Coefs {
		a.coefs = append(a.coefs, c*v)
	}
	for _, q := range f.Quad {
		a.quad = append(a.quad, QuadTerm{q.I, q.J, c * q.Coef})
	}
	a.AddNode(c, f.Nonlinear)
}

// productLimit is the largest number of terms into which a product of two affine functions is expanded; a larger one stays a product in the DAG.
const productLimit = 1 << 16

// AddMul adds c*f*g. A product of affine functions is expanded to a quadratic part; anything of higher degree becomes a nonlinear part.
func (a *Accumulator) AddMul(c float64, f, g Function) {
	switch {
	case f.IsConst():
		a.AddFunction(c*f.Const, g)
	case g.IsConst():
		a.AddFunction(c*g.Const, f)
	case f.IsAffine() && g.IsAffine() && len(f.Vars)*len(g.Vars) <= productLimit:
		a.c += c * f.Const * g.Const
		for k, j := range g.Vars {
			if f.Const != 0 {
				a.AddTerm(c*f.Const*g.Coefs[k], int(j))
			}
		}
		for k, i := range f.Vars {
			if g.Const != 0 {
				a.AddTerm(c*g.Const*f.Coefs[k], int(i))
			}
			for l, j := range g.Vars {
				a.AddProduct(c*f.Coefs[k]*g.Coefs[l], int(i), int(j))
			}
		}
	default:
		a.AddNode(c, a.m.dag.Mul(a.m.Node(f), a.m.Node(g)))
	}
}

// Function returns the sum of what was added, in normal form, in slices of its own. Terms whose coefficient is exactly zero are dropped.
func (a *Accumulator) Function() Function {
	a.normalise()
	f := Function{Const: a.c}
	if n := len(a.vars); n > 0 {
		f.Vars = append(make([]int32, 0, n), a.vars...)
		f.Coefs = append(make([]float64, 0, n), a.coefs...)
	}
	if len(a.quad) > 0 {
		f.Quad = append(make([]QuadTerm, 0, len(a.quad)), a.quad...)
	}
	f.Nonlinear = a.nonlinear()
	return f
}

// view returns the function in the accumulator's own slices: valid until the next call on it.
func (a *Accumulator) view() Function {
	a.normalise()
	return Function{Const: a.c, Vars: a.vars, Coefs: a.coefs, Quad: a.quad, Nonlinear: a.nonlinear()}
}

func (a *Accumulator) nonlinear() expr.Node {
	switch len(a.nodes) {
	case 0:
		return 0
	case 1:
		if a.ncoefs[0] == 1 {
			return a.nodes[0]
		}
	}
	return a.m.dag.Linear(0, a.ncoefs, a.nodes)
}

func (a *Accumulator) normalise() {
	if !slices.IsSorted(a.vars) {
		a.sortTerms()
	}
	w := 0
	for k := 0; k < len(a.vars); {
		j, s := a.vars[k], a.coefs[k]
		for k++; k < len(a.vars) && a.vars[k] == j; k++ {
			s += a.coefs[k]
		}
		if s != 0 {
			a.vars[w], a.coefs[w] = j, s
			w++
		}
	}
	a.vars, a.coefs = a.vars[:w], a.coefs[:w]
	mergeRuns(a.quad, QuadTerm.after)
	w = 0
	for k := 0; k < len(a.quad); {
		t := a.quad[k]
		for k++; k < len(a.quad) && a.quad[k].I == t.I && a.quad[k].J == t.J; k++ {
			t.Coef += a.quad[k].Coef
		}
		if t.Coef != 0 {
			a.quad[w] = t
			w++
		}
	}
	a.quad = a.quad[:w]
}

// Up to fewTerms terms are sorted by insertion, in place.
const fewTerms = 24

// sortTerms sorts the affine terms by variable; those of one variable stay in their order, in which they are added up.
func (a *Accumulator) sortTerms() {
	if len(a.vars) <= fewTerms {
		for k := 1; k < len(a.vars); k++ {
			j, c := a.vars[k], a.coefs[k]
			at := k
			for ; at > 0 && a.vars[at-1] > j; at-- {
				a.vars[at], a.coefs[at] = a.vars[at-1], a.coefs[at-1]
			}
			a.vars[at], a.coefs[at] = j, c
		}
		return
	}
	type affine struct {
		j int32
		c float64
	}
	terms := make([]affine, len(a.vars))
	for k, j := range a.vars {
		terms[k] = affine{j, a.coefs[k]}
	}
	mergeRuns(terms, func(s, t affine) bool { return s.j > t.j })
	for k, t := range terms {
		a.vars[k], a.coefs[k] = t.j, t.c
	}
}

// after reports whether a term belongs behind another one in the normal form.
func (q QuadTerm) after(t QuadTerm) bool { return q.I > t.I || q.I == t.I && q.J > t.J }

// finite reports whether all of the function's numbers are finite, and otherwise describes the first that is not.
func (f Function) finite(name func(j int) string) (string, bool) {
	bad := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	if bad(f.Const) {
		return "its constant is " + num(f.Const), false
	}
	for k, c := range f.Coefs {
		if bad(c) {
			return "the coefficient of " + name(int(f.Vars[k])) + " is " + num(c), false
		}
	}
	for _, q := range f.Quad {
		if bad(q.Coef) {
			return "the coefficient of " + name(int(q.I)) + "*" + name(int(q.J)) + " is " + num(q.Coef), false
		}
	}
	return "", true
}
