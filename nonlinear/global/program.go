package global

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// program is a model prepared for the search, in minimisation form. Function 0 is the objective, function 1+r that of constraint r, and then
// min(a, b) = 0 for each complementarity pair.
type program struct {
	m         *model.Model
	n         int
	sense     float64
	integer   []bool
	integers  bool
	lower     []float64
	upper     []float64
	functions []*Function
	sides     []expr.Interval // of the functions, widened by what their rewriting may be off; that of the objective is not used
	off       []float64
	rows      []expr.Interval // sides as given, of constraints and pairs; for judging points
	prop      *Propagator
	smooth    *smooth.Compiled
	twin      []twin
}

// twin is a function written in a second way: a constraint of the propagator behind those of the functions.
type twin struct{ function, root int }

func compile(m *model.Model, o Options) (*program, error) {
	if err := accept(m); err != nil {
		return nil, err
	}
	sm, err := smooth.Compile(m)
	if err != nil {
		return nil, err
	}
	p := &program{m: m, n: m.NumVars(), sense: m.Leader().Objective().Sense.Sign(), smooth: sm}
	d := m.DAG().Fork()
	list := []model.Function{m.Leader().Objective().F}
	p.sides = []expr.Interval{expr.Everything}
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		list = append(list, m.RowFunction(r))
		p.sides = append(p.sides, expr.Interval{Lo: lo, Hi: hi})
	}
	p.rows = append(p.rows, p.sides[1:]...)
	var nodes []expr.Node
	for k, f := range list {
		node, off := Rewrite(d, f)
		if k == 0 {
			node = d.Scale(p.sense, node)
		}
		nodes = append(nodes, node)
		p.off = append(p.off, off)
		if k > 0 && off > 0 {
			p.sides[k] = p.sides[k].Add(expr.Interval{Lo: -off, Hi: off})
		}
	}
	for k := range m.NumPairs() {
		pair := m.Pair(k)
		var args [2]expr.Node
		slack := 0.0
		for i, member := range [2]model.Member{pair.A, pair.B} {
			node, off := Rewrite(d, m.MemberFunction(member))
			args[i] = node
			slack = math.Max(slack, off)
		}
		nodes = append(nodes, d.Min(args[0], args[1]))
		p.off = append(p.off, slack)
		p.sides = append(p.sides, expr.Interval{Lo: -slack, Hi: slack})
		p.rows = append(p.rows, expr.Interval{})
	}
	for _, node := range nodes {
		p.functions = append(p.functions, NewFunction(d, node))
	}
	// Second ways to write the functions stand behind the first: constraints that follow.
	sides := append([]expr.Interval(nil), p.sides...)
	for k := range p.functions {
		known := []expr.Node{nodes[k]}
		for _, way := range []func(*expr.DAG, expr.Node) expr.Node{nested, multipliedOut} {
			if other := way(d, nodes[k]); !slices.Contains(known, other) {
				known = append(known, other)
				p.twin = append(p.twin, twin{k, len(nodes)})
				nodes, sides = append(nodes, other), append(sides, p.sides[k])
			}
		}
	}
	nodes, sides = combinations(m, d, nodes, sides)
	p.prop = NewPropagator(d, nodes, sides)
	p.integer = make([]bool, p.n)
	for j := range p.n {
		lo, hi := m.VarBounds(j)
		if o.Box != nil {
			lo, hi = math.Max(lo, o.Box[j].Lo), math.Min(hi, o.Box[j].Hi)
		}
		if p.integer[j] = m.VarKind(j) != model.Continuous; p.integer[j] {
			lo, hi = math.Ceil(lo), math.Floor(hi)
			p.integers = true
		}
		p.lower, p.upper = append(p.lower, lo), append(p.upper, hi)
	}
	return p, nil
}

// accept refuses what boxes do not serve.
func accept(m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	if m.NumFollowers() > 0 {
		return &RefusedError{m.Player(1).Name(), "the model has a follower", "use nonlinear/bilevelglobal, or replace the follower by its optimality conditions"}
	}
	if s := m.SOS1Sets(); len(s) > 0 {
		return &RefusedError{s[0].Name, "an SOS1 set", "reformulate it with binaries"}
	}
	if ind := m.Indicators(); len(ind) > 0 {
		return &RefusedError{m.RowName(ind[0].Row), "a constraint under a condition", "reformulate it with a big-M"}
	}
	for k := range m.NumPairs() {
		if m.Pair(k).Mixed() {
			return &RefusedError{m.PairName(k), "a mixed complementarity pair", "reformulate it by the pass normalise"}
		}
	}
	return nil
}

// root is the box of all variables.
func (p *program) root() []expr.Interval {
	box := make([]expr.Interval, p.n)
	for j := range box {
		box[j] = expr.Interval{Lo: p.lower[j], Hi: p.upper[j]}
	}
	return box
}

// objective is the objective at x in minimisation form.
func (p *program) objective(x []float64) float64 { return p.smooth.Objective(x) }

// violation is the largest violation of a constraint or pair at x; bounds and integrality are to hold exactly.
func (p *program) violation(x []float64) float64 {
	for j, v := range x {
		if !(v >= p.lower[j] && v <= p.upper[j]) || p.integer[j] && v != math.Round(v) {
			return math.Inf(1)
		}
	}
	worst := 0.0
	for r := range p.m.NumRows() {
		v := p.m.RowViolation(r, x)
		if math.IsNaN(v) {
			return math.Inf(1)
		}
		worst = math.Max(worst, v)
	}
	for k := range p.m.NumPairs() {
		worst = math.Max(worst, p.m.PairViolation(k, x))
	}
	return worst
}

// clip moves x to the bounds and integers.
func (p *program) clip(x []float64) {
	for j, v := range x {
		if p.integer[j] {
			v = math.Round(v)
		}
		x[j] = math.Min(math.Max(v, p.lower[j]), p.upper[j])
	}
}
