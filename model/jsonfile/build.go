package jsonfile

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// build makes the model of a document.
func (d *document) build() (*model.Model, error) {
	b := &builder{document: d, m: model.New(d.name)}
	b.m.Notes = d.notes
	for _, step := range []func(){b.addPlayers, b.addRows, b.addVariables, b.addExpressions, b.addFunctions, b.addPairs, b.addSets} {
		if step(); d.err != nil {
			return nil, d.err
		}
	}
	if err := b.m.Err(); err != nil {
		return nil, err
	}
	return b.m, nil
}

type builder struct {
	*document
	m      *model.Model
	nodes  []expr.Node
	size   []float64 // number of terms of each expression multiplied out
	budget float64   // of terms into which expressions may still be multiplied out
}

// wrong reports an index that is outside of a list, or another mistake of an entry.
func (b *builder) wrong(at int, reason, remedy, place string, args ...any) {
	b.failAt(at, fmt.Sprintf(place, args...), reason, remedy)
}

// outside reports whether index i is outside of a list of n, and the mistake.
func (b *builder) outside(what string, i, n, at int, place string, args ...any) bool {
	if i < n {
		return false
	}
	b.wrong(at, fmt.Sprintf("there is no %s %d", what, i), fmt.Sprintf("the file has %d of them, counted from 0", n), place, args...)
	return true
}

func (b *builder) addPlayers() {
	taken := map[string]bool{}
	for k, p := range b.players {
		switch {
		case k == 0 && p.name != "leader":
			b.wrong(p.at, "the first player is called "+shorten(p.name), "call it leader: the first player is the leader", "players[0].name")
			return
		case k == 0 && p.nash:
			b.wrong(p.at, "the leader plays no Nash game", "give the member nash to followers only", "players[0].nash")
			return
		case k > 0 && p.name == "":
			b.wrong(p.at, "a follower without a name", "give it one", "players[%d].name", k)
			return
		case k > 0 && taken[p.name]:
			b.wrong(p.at, "a second follower "+shorten(p.name), "give it another name", "players[%d].name", k)
			return
		case k > 0:
			f := b.m.Follower(p.name)
			if p.nash {
				f.Nash()
			}
			taken[p.name] = true
		}
	}
}

// families calls add for each run of entries that are one family. sub is nil for a single name.
func families(n int, label func(i int) *label, add func(first, n int, base string, sub func(k int) string)) {
	for i := 0; i < n; {
		l := label(i)
		if !l.indexed {
			add(i, 1, l.base, nil)
			i++
			continue
		}
		first := i
		subs := []string{l.sub}
		for i++; i < n; i++ {
			o := label(i)
			if !o.indexed || o.starts || o.base != l.base {
				break
			}
			subs = append(subs, o.sub)
		}
		add(first, len(subs), l.base, func(k int) string { return subs[k] })
	}
}

func (b *builder) addRows() {
	players := b.m.NumPlayers()
	for r := range b.rows {
		if l := &b.rows[r]; b.outside("player", l.owner, players, l.at, "constraints[%d].owner", r) {
			return
		}
	}
	families(len(b.rows), func(r int) *label { return &b.rows[r].label }, func(first, n int, base string, sub func(int) string) {
		b.m.StartRows(0, base, sub, n)
	})
	for r := range b.rows {
		b.m.SetRowOwner(r, b.rows[r].owner)
	}
}

func (b *builder) addVariables() {
	players := b.m.NumPlayers()
	for j := range b.variables {
		v := &b.variables[j]
		if b.outside("player", v.owner, players, v.at, "variables[%d].owner", j) {
			return
		}
		if v.dualOf >= 0 && (b.outside("constraint", v.dualOf, len(b.rows), v.at, "variables[%d].dualOf", j) || !b.mayBeDual(j)) {
			return
		}
	}
	one := func(i int) *label { return &b.variables[i].label }
	families(len(b.variables), one, func(first, n int, base string, sub func(int) string) {
		for from := first; from < first+n; {
			if r := b.variables[from].dualOf; r >= 0 {
				b.m.DualVar(r)
				from++
				continue
			}
			to := from + 1
			for to < first+n && b.variables[to].dualOf < 0 {
				to++
			}
			part := sub
			if skip := from - first; sub != nil && skip > 0 {
				part = func(k int) string { return sub(k + skip) }
			}
			b.m.AddVars(0, base, part, to-from, model.Continuous, math.Inf(-1), math.Inf(1))
			from = to
		}
	})
	for j := range b.variables {
		v := &b.variables[j]
		b.m.SetVarOwner(j, v.owner)
		if !math.IsNaN(v.start) {
			b.m.SetStart(j, v.start) // before the bounds, outside of which a pass may have left it
		}
		b.m.SetVarBounds(j, v.lo, v.hi)
		if v.kind == model.Binary && max(v.lo, 0) > min(v.hi, 1) {
			b.wrong(v.at, fmt.Sprintf("bounds %v and %v of a binary variable leave neither 0 nor 1", v.lo, v.hi), "correct them", "variables[%d]", j)
			return
		}
		if v.kind != model.Continuous {
			b.m.SetVarKind(j, v.kind)
		}
		if v.group != 0 {
			b.m.SetVarGroup(j, v.group)
		}
		if v.steer != (model.Steer{}) {
			b.m.SteerVar(j, v.steer)
		}
	}
}

// mayBeDual reports whether the constraint that variable j is the dual of is a follower's, and has no other such variable; it is called
// after the constraint.
func (b *builder) mayBeDual(j int) bool {
	v := &b.variables[j]
	r := &b.rows[v.dualOf]
	switch {
	case r.owner == 0:
		b.wrong(v.at, "constraint "+fmt.Sprint(v.dualOf)+" is the leader's", "only constraints of followers have a dual that the leader sees", "variables[%d].dualOf", j)
	case v.base != r.base+".dual" || v.sub != r.sub || v.indexed != r.indexed:
		b.wrong(v.at, "the dual of a constraint has the name of the constraint with .dual after it, and its subscript", "call it "+shorten(r.base+".dual"), "variables[%d].name", j)
	case r.group > 0:
		b.wrong(v.at, "a second variable for the dual of the constraint", "use the first", "variables[%d].dualOf", j)
	default:
		r.group = 1 // constraints have no groups otherwise
		return true
	}
	return false
}

func (b *builder) addExpressions() {
	g := b.m.DAG()
	b.nodes, b.size = make([]expr.Node, len(b.expressions)), make([]float64, len(b.expressions))
	b.budget = 8*float64(len(b.data)) + 1<<18
	var args []expr.Node
	for i := range b.expressions {
		e := &b.expressions[i]
		args = args[:0]
		total, product := 0.0, 1.0
		for _, a := range e.args {
			args = append(args, b.nodes[a])
			total, product = total+b.size[a], product*b.size[a]
		}
		b.size[i] = 1
		var n expr.Node
		switch e.op {
		case expr.OpConst:
			n = g.Const(e.value)
		case expr.OpVar:
			if b.outside("variable", e.variable, b.m.NumVars(), e.at, "expressions[%d].variable", i) {
				return
			}
			n = g.Var(e.variable)
		case expr.OpSum:
			n, b.size[i] = g.Linear(e.value, e.coefs, args), total+1
		case expr.OpMul:
			n, b.size[i] = g.Product(args...), product+1
		case expr.OpMin:
			n = g.Min(args...)
		case expr.OpMax:
			n = g.Max(args...)
		case expr.OpIf:
			n = g.If(args[0], args[1], args[2])
		default:
			if e.op == expr.OpPow {
				b.size[i] = b.size[e.args[0]]*b.size[e.args[0]] + 1
			}
			if len(args) == 1 {
				n = g.Unary(e.op, args[0])
			} else {
				n = g.Binary(e.op, args[0], args[1])
			}
		}
		b.nodes[i] = n
	}
}

// function checks a function and brings it to normal form. Where multiplying the expression out would take more than the budget of
// terms, which a file written for that can ask for, it stays as it is.
func (b *builder) function(f *function, place string, args ...any) model.Function {
	n := b.m.NumVars()
	normal := true
	for k, j := range f.f.Vars {
		if b.outside("variable", int(j), n, f.at, place+".linear[%d]", append(args, k)...) {
			return model.Function{}
		}
		normal = normal && (k == 0 || f.f.Vars[k-1] < j)
	}
	for k, q := range f.f.Quad {
		if b.outside("variable", int(q.J), n, f.at, place+".quadratic[%d]", append(args, k)...) {
			return model.Function{}
		}
		if k > 0 {
			p := f.f.Quad[k-1]
			normal = normal && (p.I < q.I || p.I == q.I && p.J < q.J)
		}
	}
	out := f.f
	if f.nonlinear >= 0 {
		if b.outside("expression", f.nonlinear, len(b.nodes), f.at, place+".nonlinear", args...) {
			return model.Function{}
		}
		out.Nonlinear = b.nodes[f.nonlinear]
		if size := b.size[f.nonlinear]; size <= b.budget {
			b.budget -= size
			if g := b.m.FromNode(out.Nonlinear); len(g.Vars) > 0 || len(g.Quad) > 0 || g.Const != 0 {
				normal = false
			}
		}
	}
	if normal {
		return out
	}
	acc := b.m.Accumulator()
	acc.AddFunction(1, f.f)
	if f.nonlinear >= 0 {
		acc.AddFunction(1, b.m.FromNode(out.Nonlinear))
	}
	return acc.Function()
}

func (b *builder) addFunctions() {
	for r := range b.rows {
		w := &b.rows[r]
		b.m.SetRow(r, b.function(&w.f, "constraints[%d].function", r), w.lo, w.hi)
		if w.pairOnly {
			b.m.MarkPairRow(r)
		}
		if w.steer != (model.Steer{}) {
			b.m.SteerRow(r, w.steer)
		}
	}
	for k := range b.players {
		p := &b.players[k]
		if p.objective.Set {
			o := p.objective
			o.F = b.function(&p.f, "players[%d].objective.function", k)
			b.m.Player(k).SetObjective(o)
		}
	}
	for k := range b.inequalities {
		b.m.AddImpliedInequality(b.function(&b.inequalities[k], "impliedInequalities[%d]", k))
	}
}

// members checks the members of a pair.
func (b *builder) members(p *pair, list string, k int) (model.Pair, bool) {
	for i, s := range p.members {
		what, n := "variable", b.m.NumVars()
		if s.m.Row {
			what, n = "constraint", b.m.NumRows()
		}
		if b.outside(what, int(s.m.Index), n, s.at, "%s[%d].%c", list, k, 'a'+i) {
			return model.Pair{}, false
		}
	}
	a, c := p.members[0].m, p.members[1].m
	if (a.Side == model.Range) != (c.Side == model.Value) {
		b.wrong(p.at, "a range and a slack do not make a pair", "pair range with value, or lower or upper with lower or upper", "%s[%d]", list, k)
		return model.Pair{}, false
	}
	return model.Pair{A: a, B: c}, true
}

func (b *builder) addPairs() {
	list := make([]model.Pair, len(b.pairs))
	for k := range b.pairs {
		var ok bool
		if list[k], ok = b.members(&b.pairs[k], "pairs", k); !ok {
			return
		}
	}
	families(len(list), func(k int) *label { return &b.pairs[k].label }, func(first, n int, base string, sub func(int) string) {
		b.m.AddPairs(base, sub, list[first:first+n]...)
	})
	for k := range b.pairs {
		if s := b.pairs[k].steer; s != (model.Steer{}) {
			b.m.SteerPair(k, s)
		}
	}
	for k := range b.implied {
		p, ok := b.members(&b.implied[k], "impliedPairs", k)
		if !ok {
			return
		}
		b.m.AddImplied(p)
	}
}

func (b *builder) addSets() {
	n := b.m.NumVars()
	for k := range b.sets {
		s := &b.sets[k]
		if b.outside("player", s.owner, b.m.NumPlayers(), s.at, "sos1[%d].owner", k) {
			return
		}
		for i, j := range s.s.Vars {
			if b.outside("variable", int(j), n, s.at, "sos1[%d].variables[%d]", k, i) {
				return
			}
		}
		s.s.Owner = s.owner
		b.m.AddSOS1(s.s)
	}
	for k, c := range b.conditions {
		if b.outside("constraint", c.c.Row, b.m.NumRows(), c.at, "indicators[%d].constraint", k) ||
			b.outside("variable", c.c.Binary, n, c.at, "indicators[%d].binary", k) {
			return
		}
		b.m.AddIndicator(c.c)
	}
}
