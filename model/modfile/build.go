package modfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// varState is the variables of a family, or the functions of defined variables, and the start values that commands gave.
type varState struct {
	dom    *domain
	first  int     // column of member 0, where idx is nil
	idx    []int32 // columns, where members were declared one by one
	part   []int32 // the part that declares a member, where there are several
	starts *table
	svals  []float64
	spos   []pos
	fixes  *table
	fpos   []pos  // noPos: unfixed again
	fexact []bool // fix gave the value

	defs  []model.Function
	state []uint8
}

func (v *varState) at(i int) int {
	if v.idx != nil {
		return int(v.idx[i])
	}
	return v.first + i
}

// rowState is the constraints or pairs of a family.
type rowState struct {
	dom   *domain
	first int
	idx   []int32
	pairs bool
}

func (r *rowState) at(i int) int {
	if r.idx != nil {
		return int(r.idx[i])
	}
	return r.first + i
}

// build makes the variables, objectives and constraints.
func (in *instance) build() {
	for _, pt := range in.f.parts {
		old := in.push(pt.sym, pt.frame)
		switch pt.kind {
		case declVar:
			if pt.vars.def != nil {
				in.declareDefined(pt)
			} else {
				in.buildVars(pt)
			}
		case declObjective:
			in.buildObjective(pt)
		case declConstraint:
			in.buildRows(pt)
		case declSOS:
			in.buildSOS(pt)
		}
		in.pop(old)
	}
}

// familyOf evaluates the subscripts of a part. several holds the table of all parts of a symbol that has more than one.
func (in *instance) familyOf(pt *part, several **domain) (own *domain) {
	if pt.member != nil {
		in.enter(pt.key)
		t := newTable(len(pt.key))
		t.add(pt.key)
		own = &domain{tab: t, dim: t.dim, n: 1}
	} else {
		own = in.domainOf(pt.ix)
	}
	if len(pt.sym.parts) == 1 {
		*several = own
		return own
	}
	if *several == nil {
		*several = &domain{tab: newTable(own.dim), dim: own.dim}
	}
	all := *several
	buf := make([]element, max(own.dim, 1))
	in.charge(own.n)
	for i := 0; i < own.n; i++ {
		key := own.at(i, buf)
		if _, isNew := all.tab.add(key); !isNew {
			in.failPlain(pt.pos, "'"+fullName(in.el, pt.name, key)+"' is declared twice", "each member once")
		}
	}
	all.n = all.tab.n
	return own
}

// subscript returns the function that writes the subscripts of a family, nil for a single thing.
func (in *instance) subscript(dom *domain) func(k int) string {
	if dom.dim == 0 {
		return nil
	}
	el := in.el
	return func(k int) string {
		buf := make([]element, dom.dim)
		return el.names(dom.at(k, buf))
	}
}

func (in *instance) buildVars(pt *part) {
	v := &in.vars[pt.sym.id]
	own := in.familyOf(pt, &v.dom)
	in.charge(own.n)
	d := pt.vars
	kind := model.Continuous
	if d.integer {
		kind = model.Integer
	}
	if d.binary {
		kind = model.Binary
	}
	first := in.m.AddVars(pt.player, pt.name, in.subscript(own), own.n, kind, math.Inf(-1), math.Inf(1))
	if len(pt.sym.parts) > 1 {
		for i := 0; i < own.n; i++ {
			v.idx = append(v.idx, int32(first+i))
		}
	} else {
		v.first = first
	}
	buf := make([]element, max(own.dim, 1))
	if len(d.bounds) > 0 || d.start != nil || v.starts != nil || v.fixes != nil {
		for i := 0; i < own.n; i++ {
			in.step()
			key := own.at(i, buf)
			in.enter(key)
			in.buildVar(pt, v, first+i, key)
		}
	}
	if pt.nth == len(pt.sym.parts)-1 {
		in.checkStarts(pt.sym, v)
	}
}

// checkStarts reports start values and fixings of variables that do not exist.
func (in *instance) checkStarts(s *symbol, v *varState) {
	var buf [1]element
	for i := 0; v.starts != nil && i < v.starts.n; i++ {
		if key := v.starts.at(i, buf[:]); v.dom.find(key) < 0 {
			in.failPlain(v.spos[i], "a start value for "+fullName(in.el, s.name, key)+", which is outside of the index set of '"+s.name+"'", "a subscript in the index set")
		}
	}
	for i := 0; v.fixes != nil && i < v.fixes.n; i++ {
		if key := v.fixes.at(i, buf[:]); v.fpos[i] != noPos && v.dom.find(key) < 0 {
			in.failPlain(v.fpos[i], "'fix' on "+fullName(in.el, s.name, key)+", which is outside of the index set of '"+s.name+"'", "a subscript in the index set")
		}
	}
}

// buildVar sets the bounds, the start value and the fixing of one variable.
func (in *instance) buildVar(pt *part, v *varState, j int, key []element) {
	lo, hi := in.m.VarBounds(j)
	at := pt.pos
	for _, b := range pt.vars.bounds {
		val := b.e.num(in)
		if b.upper && val < hi {
			hi, at = val, b.e.p
		}
		if !b.upper && val > lo {
			lo, at = val, b.e.p
		}
	}
	if lo > hi || math.IsInf(lo, 1) || math.IsInf(hi, -1) {
		in.failPlain(at, "the bounds of "+fullName(in.el, pt.name, key)+" contradict each other: at least "+formatNumber(lo)+", at most "+formatNumber(hi), "a lower bound that is not above the upper bound")
	}
	start, given := math.NaN(), false
	if v.starts != nil {
		if i := v.starts.find(key); i >= 0 {
			start, given = v.svals[i], true
		}
	}
	if !given && pt.vars.start != nil {
		start, given = pt.vars.start.num(in), true
		if start-start != 0 {
			in.failPlain(pt.vars.start.p, "the start value "+formatNumber(start)+" of "+fullName(in.el, pt.name, key), "a finite number")
		}
	}
	if v.fixes != nil {
		if i := v.fixes.find(key); i >= 0 && v.fpos[i] != noPos {
			if !given {
				start = 0
			}
			if !v.fexact[i] {
				start = in.project(start, lo, hi, pt, key)
			}
			if start < lo || start > hi {
				in.failPlain(v.fpos[i], "'fix' of "+fullName(in.el, pt.name, key)+" at "+formatNumber(start)+", outside of its bounds "+interval(lo, hi), "a value within the bounds")
			}
			if pt.vars.integer || pt.vars.binary {
				if start != math.Trunc(start) {
					in.failPlain(v.fpos[i], "'fix' of the integer variable "+fullName(in.el, pt.name, key)+" at "+formatNumber(start), "an integer")
				}
			}
			in.m.SetVarBounds(j, start, start)
			in.m.SetStart(j, start)
			if in.fixed == nil {
				in.fixed = map[int32]bool{}
			}
			in.fixed[int32(j)] = true
			return
		}
	}
	if lo != math.Inf(-1) || hi != math.Inf(1) {
		in.m.SetVarBounds(j, lo, hi)
	}
	if !given {
		return
	}
	in.m.SetStart(j, in.project(start, lo, hi, pt, key))
}

// project moves a start value into the bounds, with a note.
func (in *instance) project(start, lo, hi float64, pt *part, key []element) float64 {
	if start < lo || start > hi {
		in.note("the start value %s of %s is moved into its bounds %s", formatNumber(start), fullName(in.el, pt.name, key), interval(lo, hi))
		return math.Min(math.Max(start, lo), hi)
	}
	return start
}

func interval(lo, hi float64) string { return "[" + formatNumber(lo) + ", " + formatNumber(hi) + "]" }

// declareDefined notes the members of a defined variable; their functions are evaluated when they are used.
func (in *instance) declareDefined(pt *part) {
	v := &in.vars[pt.sym.id]
	own := in.familyOf(pt, &v.dom)
	in.charge(own.n)
	for i := 0; i < own.n && len(pt.sym.parts) > 1; i++ {
		v.part = append(v.part, int32(pt.nth))
	}
	v.defs = append(v.defs, make([]model.Function, own.n)...)
	v.state = append(v.state, make([]uint8, own.n)...)
}

// defined returns the function of a defined variable.
func (in *instance) defined(s *symbol, key []element, p pos, sc *scope) model.Function {
	v := &in.vars[s.id]
	i := v.dom.find(key)
	if i < 0 {
		in.noMember(s, key, p, sc)
	}
	switch v.state[i] {
	case calcDone:
		return v.defs[i]
	case calcBusy:
		in.failScoped(p, sc, "the defined variable "+fullName(in.el, s.name, key)+" is computed from itself", "a recursion that comes to an end")
	}
	v.state[i] = calcBusy
	pt := s.parts[0]
	if v.part != nil {
		pt = s.parts[v.part[i]]
	}
	in.deeper(p)
	in.step()
	old := in.push(s, pt.frame)
	in.enter(key)
	f := in.function(pt.vars.def)
	in.checkFunction(f, pt.vars.def.p)
	in.pop(old)
	in.depth--
	v.defs[i], v.state[i] = f, calcDone
	return f
}

// checkFunction reports coefficients that are not finite.
func (in *instance) checkFunction(f model.Function, p pos) {
	if f.Const-f.Const != 0 {
		in.fail(p, "the constant of the expression is "+formatNumber(f.Const), "finite numbers")
	}
	for k, c := range f.Coefs {
		if c-c != 0 {
			in.fail(p, "the coefficient of "+in.m.VarName(int(f.Vars[k]))+" is "+formatNumber(c), "finite numbers")
		}
	}
	for _, q := range f.Quad {
		if q.Coef-q.Coef != 0 {
			in.fail(p, "the coefficient of "+in.m.VarName(int(q.I))+"*"+in.m.VarName(int(q.J))+" is "+formatNumber(q.Coef), "finite numbers")
		}
	}
}

func (in *instance) buildObjective(pt *part) {
	if in.f.players[pt.player].obj != pt {
		return
	}
	sense := model.Minimize
	if pt.maximize {
		sense = model.Maximize
	}
	f := in.function(pt.obj)
	in.checkFunction(f, pt.obj.p)
	in.m.Player(pt.player).SetObjective(model.Objective{Name: pt.name, Sense: sense, F: f})
}

// dual returns the column of the dual of a constraint.
func (in *instance) dual(row int) int {
	j, ok := in.duals[row]
	if !ok {
		if in.duals == nil {
			in.duals = map[int]int{}
		}
		j = in.m.DualVar(row).Index()
		in.duals[row] = j
	}
	return j
}
