package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

func (j *jsonWriter) variables() {
	m, before := j.m, ""
	j.list("variables", m.NumVars(), func(i int) {
		base := m.VarBase(i)
		j.name(base, m.VarName(i), before, i > 0 && m.SameVarFamily(i-1, i))
		before = base
		if o := m.VarOwner(i); o != 0 {
			j.index("owner", o)
		}
		if k := m.VarKind(i); k != model.Continuous {
			j.puts(`, "kind": "` + k.String() + `"`)
		}
		j.bounds(m.VarBounds(i))
		if s := m.VarStart(i); !math.IsNaN(s) {
			j.puts(`, "start": `)
			j.real(s)
		}
		if g := m.VarGroup(i); g != 0 {
			j.index("group", g)
		}
		if r, ok := m.DualOf(i); ok {
			j.index("dualOf", r)
		}
		j.suffixes(m.VarSteer(i))
		j.puts("}")
	})
}

func (j *jsonWriter) constraints() {
	m, before := j.m, ""
	j.list("constraints", m.NumRows(), func(r int) {
		base := m.RowBase(r)
		j.name(base, m.RowName(r), before, r > 0 && m.SameFamily(r-1, r))
		before = base
		if o := m.RowOwner(r); o != 0 {
			j.index("owner", o)
		}
		j.bounds(m.RowBounds(r))
		if m.IsPairRow(r) {
			j.puts(`, "pairOnly": true`)
		}
		j.suffixes(m.RowSteer(r))
		j.puts(`, "function": `)
		j.function(m.RowFunction(r))
		j.puts("}")
	})
}

var sideWords = [...]string{model.AtLower: "lower", model.AtUpper: "upper", model.Range: "range", model.Value: "value"}

func (j *jsonWriter) pair(p model.Pair) {
	for k, s := range []model.Member{p.A, p.B} {
		kind := `"variable": `
		if s.Row {
			kind = `"constraint": `
		}
		j.puts([]string{`"a": {`, `, "b": {`}[k] + kind)
		j.whole(int(s.Index))
		j.puts(`, "side": "` + sideWords[s.Side] + `"}`)
	}
}

func (j *jsonWriter) pairs() {
	m, before := j.m, ""
	j.list("pairs", m.NumPairs(), func(k int) {
		base := m.PairBase(k)
		j.name(base, m.PairName(k), before, k > 0 && m.SamePairFamily(k-1, k))
		before = base
		j.puts(", ")
		j.pair(m.Pair(k))
		j.suffixes(m.PairSteer(k))
		j.puts("}")
	})
}

func (j *jsonWriter) sets() {
	sets, conditions := j.m.SOS1Sets(), j.m.Indicators()
	j.list("sos1", len(sets), func(k int) {
		s := sets[k]
		j.puts(`{"name": `)
		j.str("an SOS1 set", s.Name)
		if s.Owner != 0 {
			j.index("owner", s.Owner)
		}
		j.puts(`, "variables": [`)
		for i, v := range s.Vars {
			j.comma(i)
			j.whole(int(v))
		}
		j.puts("]")
		if len(s.Weights) > 0 {
			j.puts(`, "weights": [`)
			for i, w := range s.Weights {
				j.comma(i)
				j.real(w)
			}
			j.puts("]")
		}
		j.puts("}")
	})
	j.list("indicators", len(conditions), func(k int) {
		c := conditions[k]
		j.puts(`{"constraint": `)
		j.whole(c.Row)
		j.index("binary", c.Binary)
		if c.When {
			j.puts(`, "when": true}`)
		} else {
			j.puts(`, "when": false}`)
		}
	})
}

func (j *jsonWriter) comma(i int) {
	if i > 0 {
		j.puts(", ")
	}
}

func (j *jsonWriter) implied() {
	pairs, inequalities := j.m.Implied(), j.m.ImpliedInequalities()
	j.list("impliedPairs", len(pairs), func(k int) {
		j.puts("{")
		j.pair(pairs[k])
		j.puts("}")
	})
	j.list("impliedInequalities", len(inequalities), func(k int) {
		if f := inequalities[k]; f.Const == 0 && len(f.Vars)+len(f.Quad) == 0 && f.Nonlinear == 0 {
			j.puts(`{"constant": 0}`) // the reader takes no list of empty functions, which would be many in little space
		} else {
			j.function(f)
		}
	})
}

func (j *jsonWriter) function(f model.Function) {
	sep := "{"
	part := func(key string) {
		j.puts(sep + `"` + key + `": `)
		sep = ", "
	}
	if f.Const != 0 {
		part("constant")
		j.real(f.Const)
	}
	if len(f.Vars) > 0 {
		part("linear")
		j.puts("[")
		for k, v := range f.Vars {
			j.comma(k)
			j.puts("[")
			j.whole(int(v))
			j.puts(", ")
			j.real(f.Coefs[k])
			j.puts("]")
		}
		j.puts("]")
	}
	if len(f.Quad) > 0 {
		part("quadratic")
		j.puts("[")
		for k, q := range f.Quad {
			j.comma(k)
			j.puts("[")
			j.whole(int(q.I))
			j.puts(", ")
			j.whole(int(q.J))
			j.puts(", ")
			j.real(q.Coef)
			j.puts("]")
		}
		j.puts("]")
	}
	if f.Nonlinear != 0 {
		part("nonlinear")
		j.whole(int(j.place[f.Nonlinear]))
	}
	if sep == "{" {
		j.puts("{")
	}
	j.puts("}")
}

// numberExpressions finds the expressions that the functions are made of.
func (j *jsonWriter) numberExpressions() {
	var roots []expr.Node
	add := func(f model.Function) {
		if f.Nonlinear != 0 {
			roots = append(roots, f.Nonlinear)
		}
	}
	for i := range j.m.NumPlayers() {
		add(j.m.Player(i).Objective().F)
	}
	for r := range j.m.NumRows() {
		if !j.m.RowIsAffine(r) {
			add(j.m.RowFunction(r))
		}
	}
	for _, f := range j.m.ImpliedInequalities() {
		add(f)
	}
	if len(roots) == 0 {
		return
	}
	j.order = reachable(j.m.DAG(), roots)
	j.place = make(map[expr.Node]int32, len(j.order))
	for k, n := range j.order {
		j.place[n] = int32(k)
	}
}

func (j *jsonWriter) expressions() {
	d := j.m.DAG()
	j.list("expressions", len(j.order), func(k int) {
		n := j.order[k]
		op := d.Op(n)
		j.puts(`{"op": "` + op.String() + `"`)
		switch op {
		case expr.OpConst:
			j.puts(`, "value": `)
			j.real(d.Value(n))
		case expr.OpVar:
			j.index("variable", d.VarIndex(n))
		case expr.OpSum:
			if c := d.Value(n); c != 0 {
				j.puts(`, "constant": `)
				j.real(c)
			}
			j.puts(`, "terms": [`)
			coefs := d.Coefs(n)
			for i, a := range d.Args(n) {
				j.comma(i)
				j.puts("[")
				j.real(coefs[i])
				j.puts(", ")
				j.whole(int(j.place[a]))
				j.puts("]")
			}
			j.puts("]")
		default:
			j.puts(`, "arguments": [`)
			for i, a := range d.Args(n) {
				j.comma(i)
				j.whole(int(j.place[a]))
			}
			j.puts("]")
		}
		j.puts("}")
	})
}
