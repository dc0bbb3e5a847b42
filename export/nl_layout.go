package export

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// nlProblem is a model laid out for the format. Functions 0 to n-1 are the constraints of the model, function n is the objective.
type nlProblem struct {
	m           *model.Model // the model, with pairs as complementing constraints
	complements []complement
	functions   []nlFunction
	vars, rows  []int32 // by place in the file: the variable, the constraint
	varPlace    []int32
	common      nlCommon
	names       *nlNames

	nonlinearRows  int
	inBoth, inRows int // nonlinear variables, as the header counts them: of both, up to those of constraints, ...
	inObjective    int
	integers       [3]int // integer variables that are nonlinear in both, in constraints, in the objective
	binaries, ints int    // linear ones
}

// nlFunction is a function as the format splits it: a linear part and an expression.
type nlFunction struct {
	constant float64
	quad     []model.QuadTerm
	terms    []nlTerm
	linear   []nlEntry // all variables that occur, with their linear coefficients; in the file's order once that is known
	curved   []int32   // the variables that occur in the expression
}

// nlEntry is an entry of a linear part: a variable, and later its place in the file.
type nlEntry struct {
	at   int32
	coef float64
}

// nlTerm is coef times a node.
type nlTerm struct {
	coef float64
	node expr.Node
}

func (f *nlFunction) nonlinear() bool { return len(f.quad) > 0 || len(f.terms) > 0 }

// newNL lays out a model.
func newNL(m *model.Model) (*nlProblem, error) {
	if err := checkNL(m); err != nil {
		return nil, err
	}
	d, complements := withComplements(m)
	if err := d.Err(); err != nil {
		return nil, err
	}
	p := &nlProblem{m: d, complements: complements, functions: make([]nlFunction, d.NumRows()+1)}
	for r := range p.functions[:d.NumRows()] {
		f := d.RowFunction(r)
		lo, hi := d.RowBounds(r)
		switch c := complements[r]; c.kind { // a complementing constraint has no sides but zero
		case 1:
			f.Const -= lo
		case 2:
			f.Const -= hi
		}
		p.functions[r] = p.split(f)
	}
	p.functions[d.NumRows()] = p.split(d.Leader().Objective().F)
	if err := p.findCommon(); err != nil {
		return nil, err
	}
	p.order()
	p.names = newNLNames(p)
	return p, nil
}

func (p *nlProblem) objective() *nlFunction { return &p.functions[len(p.functions)-1] }

// split takes the variables out of the outermost sum of the nonlinear part.
func (p *nlProblem) split(f model.Function) nlFunction {
	d := p.m.DAG()
	out := nlFunction{constant: f.Const, quad: f.Quad}
	linear := make([]nlEntry, len(f.Vars))
	for k, j := range f.Vars {
		linear[k] = nlEntry{j, f.Coefs[k]}
	}
	if f.Nonlinear != 0 && d.Op(f.Nonlinear) == expr.OpSum {
		out.constant += d.Value(f.Nonlinear)
		coefs := d.Coefs(f.Nonlinear)
		for k, a := range d.Args(f.Nonlinear) {
			if v := d.VarIndex(a); v >= 0 {
				linear = append(linear, nlEntry{int32(v), coefs[k]})
			} else {
				out.terms = append(out.terms, nlTerm{coefs[k], a})
			}
		}
	} else if f.Nonlinear != 0 {
		out.terms = []nlTerm{{1, f.Nonlinear}}
	}
	nodes := make([]expr.Node, len(out.terms))
	for k, t := range out.terms {
		nodes[k] = t.node
	}
	for _, v := range d.VarsOf(nodes...) {
		out.curved = append(out.curved, int32(v))
	}
	for _, q := range f.Quad {
		out.curved = append(out.curved, q.I, q.J)
	}
	slices.Sort(out.curved)
	out.curved = slices.Compact(out.curved)
	for _, j := range out.curved {
		linear = append(linear, nlEntry{j, 0})
	}
	out.linear = merged(linear)
	return out
}

// merged sorts entries and adds up those of one variable.
func merged(list []nlEntry) []nlEntry {
	slices.SortStableFunc(list, func(a, b nlEntry) int { return int(a.at) - int(b.at) })
	out := list[:0]
	for _, e := range list {
		if n := len(out); n > 0 && out[n-1].at == e.at {
			out[n-1].coef += e.coef
		} else {
			out = append(out, e)
		}
	}
	return out
}

// order finds the places of variables and constraints.
func (p *nlProblem) order() {
	n, rows := p.m.NumVars(), p.m.NumRows()
	const inRows, inObjective = 1, 2
	uses := make([]uint8, n)
	for r := range rows {
		for _, j := range p.functions[r].curved {
			uses[j] |= inRows
		}
	}
	for _, j := range p.objective().curved {
		uses[j] |= inObjective
	}
	var groups [9][]int32 // nonlinear in both, in rows, in the objective, each without and with integers; linear, binary, integer
	for j := range n {
		kind := p.m.VarKind(j)
		g := 6 + int(kind) // model.Continuous, Integer, Binary are 0, 1, 2
		switch kind {
		case model.Integer:
			g = 8
		case model.Binary:
			g = 7
		}
		switch uses[j] {
		case inRows | inObjective:
			g = 0
		case inRows:
			g = 2
		case inObjective:
			g = 4
		}
		if g < 6 && kind != model.Continuous {
			g++
		}
		groups[g] = append(groups[g], int32(j))
	}
	p.vars = slices.Concat(groups[:]...)
	p.varPlace = inverse(p.vars)
	count := func(g int) int { return len(groups[g]) }
	p.inBoth = count(0) + count(1)
	p.inRows = p.inBoth + count(2) + count(3)
	p.inObjective = p.inBoth
	if count(4)+count(5) > 0 { // then those that are nonlinear in constraints only count, too
		p.inObjective = p.inRows + count(4) + count(5)
	}
	p.integers = [3]int{count(1), count(3), count(5)}
	p.binaries, p.ints = count(7), count(8)

	var linear []int32
	for r := range rows {
		if p.functions[r].nonlinear() {
			p.rows = append(p.rows, int32(r))
		} else {
			linear = append(linear, int32(r))
		}
	}
	p.nonlinearRows = len(p.rows)
	p.rows = append(p.rows, linear...)
	p.common.numberSingles(p.rows)
	for k := range p.functions {
		p.functions[k].place(p.varPlace)
	}
}

// place moves the linear part to the file's order.
func (f *nlFunction) place(place []int32) {
	for k := range f.linear {
		f.linear[k].at = place[f.linear[k].at]
	}
	slices.SortFunc(f.linear, func(a, b nlEntry) int { return int(a.at) - int(b.at) })
}

func inverse(order []int32) []int32 {
	out := make([]int32, len(order))
	for at, i := range order {
		out[i] = int32(at)
	}
	return out
}

// sides counts ranges and equations.
func (p *nlProblem) sides() (ranges, equations int) {
	for r := range p.m.NumRows() {
		if p.complements[r].kind != 0 {
			continue
		}
		lo, hi := p.m.RowBounds(r)
		switch {
		case lo == hi:
			equations++
		case !math.IsInf(lo, -1) && !math.IsInf(hi, 1):
			ranges++
		}
	}
	return ranges, equations
}

// pairCounts counts complementing constraints as the header does: linear and nonlinear ones, those between two bounds, and those on a single
// bound that is not a lower bound of zero.
func (p *nlProblem) pairCounts() (linear, nonlinear, double, notZero int) {
	for r, c := range p.complements {
		if c.kind == 0 {
			continue
		}
		if p.functions[r].nonlinear() {
			nonlinear++
		} else {
			linear++
		}
		if lo, _ := p.m.VarBounds(int(c.variable)); c.kind == 3 {
			double++
		} else if lo != 0 {
			notZero++
		}
	}
	return linear, nonlinear, double, notZero
}
