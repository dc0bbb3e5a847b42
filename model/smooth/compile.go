package smooth

import (
	"fmt"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Compiled is the program of a model without followers: the leader's objective in minimisation form, the constraints and the bounds.
// Complementarity pairs, sets, conditions and the integrality of variables are no part of it. Row r of the program is constraint r of the
// model and variable j is variable j; the sides of a row belong to its function without constant, as model.RowBounds gives them.
type Compiled struct {
	*compiledShape
	lower, upper       []float64
	rowLower, rowUpper []float64
	ws                 *expr.Workspace
	weights            []float64 // of the tape's roots
	nonlinear          []float64 // values of the tape's roots, entries of its Jacobian
	jac                []float64
	hess               []float64
}

// compiledShape is what never changes and is shared by clones.
type compiledShape struct {
	n, m      int
	sense     float64
	objective part
	rows      []part
	tape      *expr.Tape // nil where everything is quadratic
	jacRows   []int32
	jacCols   []int32
	hessRows  []int32
	hessCols  []int32
	jacFrom   []int32 // by entry of the tape's Jacobian: its place among the program's, or -1-j for the gradient's entry j
	hessFrom  []int32 // by entry of the tape's Hessian
	constJac  []float64
	nRoots    int
}

// part is a function in the form in which it is evaluated.
type part struct {
	constant float64
	vars     []int32
	coefs    []float64
	quad     []model.QuadTerm
	quadJac  []int32 // by quadratic term: the places of its two derivatives (rows only)
	quadHess []int32 // by quadratic term: its place in the Hessian
	root     int     // of the tape, -1: none
}

// Compile makes the program of m. It refuses models with followers: what they ask for is not a smooth program.
func Compile(m *model.Model) (*Compiled, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if m.NumFollowers() > 0 {
		return nil, fmt.Errorf("smooth: the model has followers: replace them first, for instance by kkt")
	}
	s := &compiledShape{n: m.NumVars(), m: m.NumRows(), sense: m.Leader().Objective().Sense.Sign()}
	var roots []expr.Node
	take := func(f model.Function) part {
		p := part{constant: f.Const, vars: f.Vars, coefs: f.Coefs, quad: f.Quad, root: -1}
		if f.Nonlinear != 0 {
			p.root = len(roots)
			roots = append(roots, f.Nonlinear)
		}
		return p
	}
	s.objective = take(m.Leader().Objective().F)
	s.rows = make([]part, s.m)
	rowOfRoot := []int32{}
	if len(roots) > 0 {
		rowOfRoot = append(rowOfRoot, -1)
	}
	for r := range s.rows {
		s.rows[r] = take(m.RowFunction(r))
		if s.rows[r].root >= 0 {
			rowOfRoot = append(rowOfRoot, int32(r))
		}
	}
	s.nRoots = len(roots)
	if len(roots) > 0 {
		s.tape = m.DAG().Compile(roots)
	}
	s.planJacobian(rowOfRoot)
	s.planHessian()
	c := &Compiled{compiledShape: s, lower: make([]float64, s.n), upper: make([]float64, s.n), rowLower: make([]float64, s.m), rowUpper: make([]float64, s.m)}
	for j := range c.lower {
		c.lower[j], c.upper[j] = m.VarBounds(j)
	}
	for r := range c.rowLower {
		c.rowLower[r], c.rowUpper[r] = m.RowBounds(r)
	}
	c.scratch()
	return c, nil
}

// scratch makes the memory of one goroutine.
func (c *Compiled) scratch() {
	if c.tape == nil {
		return
	}
	jr, _ := c.tape.JacobianPattern()
	hr, _ := c.tape.HessianPattern()
	c.ws = c.tape.NewWorkspace()
	c.weights, c.nonlinear = make([]float64, c.nRoots), make([]float64, c.nRoots)
	c.jac, c.hess = make([]float64, len(jr)), make([]float64, len(hr))
}

// Clone returns the program for another goroutine, with bounds of its own.
func (c *Compiled) Clone() Program {
	d := &Compiled{compiledShape: c.compiledShape, lower: slices.Clone(c.lower), upper: slices.Clone(c.upper), rowLower: slices.Clone(c.rowLower), rowUpper: slices.Clone(c.rowUpper)}
	d.scratch()
	return d
}

// SetBounds changes the bounds of variable j, SetRowBounds those of row r.
func (c *Compiled) SetBounds(j int, lower, upper float64) { c.lower[j], c.upper[j] = lower, upper }

// SetRowBounds changes the sides of row r.
func (c *Compiled) SetRowBounds(r int, lower, upper float64) {
	c.rowLower[r], c.rowUpper[r] = lower, upper
}

// place is an entry of a matrix.
func place(r, c int32) int64 { return int64(r)<<32 | int64(c) }

// patternOf sorts places and drops repeats.
func patternOf(places []int64) (sorted []int64, rows, cols []int32) {
	slices.Sort(places)
	places = slices.Compact(places)
	rows, cols = make([]int32, len(places)), make([]int32, len(places))
	for k, p := range places {
		rows[k], cols[k] = int32(p>>32), int32(p&0xffffffff)
	}
	return places, rows, cols
}

func find(places []int64, p int64) int32 {
	k, _ := slices.BinarySearch(places, p)
	return int32(k)
}

// planJacobian finds the pattern of the Jacobian of the rows and where each derivative goes.
func (s *compiledShape) planJacobian(rowOfRoot []int32) {
	var places []int64
	for r, p := range s.rows {
		for _, j := range p.vars {
			places = append(places, place(int32(r), j))
		}
		for _, q := range p.quad {
			places = append(places, place(int32(r), q.I), place(int32(r), q.J))
		}
	}
	var tr, tc []int32
	if s.tape != nil {
		tr, tc = s.tape.JacobianPattern()
	}
	for k, root := range tr {
		if r := rowOfRoot[root]; r >= 0 {
			places = append(places, place(r, tc[k]))
		}
	}
	places, s.jacRows, s.jacCols = patternOf(places)
	s.constJac = make([]float64, len(places))
	for r := range s.rows {
		p := &s.rows[r]
		for k, j := range p.vars {
			s.constJac[find(places, place(int32(r), j))] += p.coefs[k]
		}
		p.quadJac = make([]int32, 0, 2*len(p.quad))
		for _, q := range p.quad {
			p.quadJac = append(p.quadJac, find(places, place(int32(r), q.I)), find(places, place(int32(r), q.J)))
		}
	}
	s.jacFrom = make([]int32, len(tr))
	for k, root := range tr {
		if r := rowOfRoot[root]; r >= 0 {
			s.jacFrom[k] = find(places, place(r, tc[k]))
		} else {
			s.jacFrom[k] = -1 - tc[k]
		}
	}
}

// planHessian does the same for the Hessian of the Lagrangian.
func (s *compiledShape) planHessian() {
	var places []int64
	each := func(visit func(p *part)) {
		visit(&s.objective)
		for r := range s.rows {
			visit(&s.rows[r])
		}
	}
	each(func(p *part) {
		for _, q := range p.quad {
			places = append(places, place(q.J, q.I)) // I <= J
		}
	})
	var tr, tc []int32
	if s.tape != nil {
		tr, tc = s.tape.HessianPattern()
	}
	for k := range tr {
		places = append(places, place(tr[k], tc[k]))
	}
	places, s.hessRows, s.hessCols = patternOf(places)
	each(func(p *part) {
		p.quadHess = make([]int32, len(p.quad))
		for k, q := range p.quad {
			p.quadHess[k] = find(places, place(q.J, q.I))
		}
	})
	s.hessFrom = make([]int32, len(tr))
	for k := range tr {
		s.hessFrom[k] = find(places, place(tr[k], tc[k]))
	}
}
