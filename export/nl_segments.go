package export

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

func (p *nlProblem) write(o *nlOutput) error {
	p.header(o)
	p.sets(o)
	w := &nlWriter{nlOutput: o, p: p}
	for _, n := range p.common.shared {
		w.definition(n, 0)
	}
	for at, r := range p.rows {
		for _, n := range p.common.single[r] {
			w.definition(n, at+1)
		}
		o.segment('C', at)
		w.function(&p.functions[r])
	}
	objective := p.m.Leader().Objective()
	for _, n := range p.common.single[int32(len(p.rows))] {
		w.definition(n, len(p.rows)+1)
	}
	sense := 0
	if objective.Sense == model.Maximize {
		sense = 1
	}
	o.segment('O', 0, sense)
	w.function(p.objective())
	p.starts(o)
	p.rowSides(o)
	p.bounds(o)
	p.columnCounts(o)
	for at, r := range p.rows {
		linearPart(o, 'J', at, &p.functions[r])
	}
	linearPart(o, 'G', 0, p.objective())
	return o.flush()
}

// header writes the ten lines that are text in both forms.
func (p *nlProblem) header(o *nlOutput) {
	form, arithmetic := "g", 0
	if o.binary {
		form, arithmetic = "b", 1 // IEEE numbers, least significant byte first
	}
	line := func(what string, values ...int) {
		for _, v := range values {
			fmt.Fprintf(o.w, " %d", v)
		}
		fmt.Fprintf(o.w, "\t# %s\n", what)
	}
	ranges, equations := p.sides()
	linear, nonlinear, double, notZero := p.pairCounts()
	nonlinearObjectives := 0
	if p.objective().nonlinear() {
		nonlinearObjectives = 1
	}
	nonzeros := 0
	for _, r := range p.rows {
		nonzeros += len(p.functions[r].linear)
	}
	fmt.Fprintf(o.w, "%s3 0 1 0\t# problem %s\n", form, printable(p.m.Name))
	line("vars, constraints, objectives, ranges, eqns", len(p.vars), len(p.rows), 1, ranges, equations)
	line("nonlinear constraints, objectives; ccons: lin, nonlin, nd, nzlb", p.nonlinearRows, nonlinearObjectives, linear, nonlinear, double, notZero)
	line("network constraints: nonlinear, linear", 0, 0)
	line("nonlinear vars in constraints, objectives, both", p.inRows, p.inObjective, p.inBoth)
	line("linear network variables; functions; arith, flags", 0, 0, arithmetic, 1)
	line("discrete variables: binary, integer, nonlinear (b,c,o)", p.binaries, p.ints, p.integers[0], p.integers[1], p.integers[2])
	line("nonzeros in Jacobian, gradients", nonzeros, len(p.objective().linear))
	line("max name lengths: constraints, variables", longest(p.rowNames()), longest(p.colNames()))
	line("common exprs: b,c,o,c1,o1", p.common.counts[:]...)
}

// sets writes the SOS1 sets as the suffixes sosno, the number of the set, and ref, the place in it.
func (p *nlProblem) sets(o *nlOutput) {
	sets := p.m.SOS1Sets()
	type entry struct {
		at, set int
		weight  float64
	}
	var list []entry
	for i, s := range sets {
		for k, j := range s.Vars {
			list = append(list, entry{int(p.varPlace[j]), i + 1, weight(s, k)})
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortFunc(list, func(a, b entry) int { return a.at - b.at })
	const real = 4
	o.suffix(0, len(list), "sosno")
	for _, e := range list {
		o.intPair(e.at, e.set)
	}
	o.suffix(real, len(list), "ref")
	for _, e := range list {
		o.pair(e.at, e.weight)
	}
}

// starts writes the start values that were given.
func (p *nlProblem) starts(o *nlOutput) {
	count := 0
	for _, j := range p.vars {
		if v := p.m.VarStart(int(j)); !math.IsNaN(v) {
			count++
		}
	}
	if count == 0 {
		return
	}
	o.segment('x', count)
	for at, j := range p.vars {
		if v := p.m.VarStart(int(j)); !math.IsNaN(v) {
			o.pair(at, v)
		}
	}
}

// rowSides writes the sides of the constraints.
func (p *nlProblem) rowSides(o *nlOutput) {
	if len(p.rows) == 0 {
		return
	}
	o.head('r')
	for _, r := range p.rows {
		if c := p.complements[r]; c.kind != 0 {
			o.complement(int(c.kind), int(p.varPlace[c.variable])+1)
			continue
		}
		lo, hi := p.m.RowBounds(int(r))
		interval(o, lo, hi)
	}
}

func (p *nlProblem) bounds(o *nlOutput) {
	o.head('b')
	for _, j := range p.vars {
		lo, hi := p.m.VarBounds(int(j))
		interval(o, lo, hi)
	}
}

// interval writes lo <= v <= hi: kind 0 both, 1 hi, 2 lo, 3 none, 4 equal.
func interval(o *nlOutput, lo, hi float64) {
	switch {
	case lo == hi:
		o.sides(4, lo)
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		o.sides(3)
	case math.IsInf(lo, -1):
		o.sides(1, hi)
	case math.IsInf(hi, 1):
		o.sides(2, lo)
	default:
		o.sides(0, lo, hi)
	}
}

// columnCounts writes how many entries the columns of the Jacobian have up to each but the last.
func (p *nlProblem) columnCounts(o *nlOutput) {
	counts := make([]int, len(p.vars))
	for _, r := range p.rows {
		for _, e := range p.functions[r].linear {
			counts[e.at]++
		}
	}
	o.segment('k', len(p.vars)-1)
	sum := 0
	for _, c := range counts[:len(counts)-1] {
		sum += c
		o.count(sum)
	}
}

// linearPart writes a segment J or G; an empty one is left out.
func linearPart(o *nlOutput, letter byte, at int, f *nlFunction) {
	if len(f.linear) == 0 {
		return
	}
	o.segment(letter, at, len(f.linear))
	for _, e := range f.linear {
		o.pair(int(e.at), e.coef)
	}
}
