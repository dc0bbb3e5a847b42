package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// gamsPair is how a pair is written: an equation that is matched with a variable. Where no variable has just the bounds of one member, a
// slack is added, with the equation def that says what it is.
type gamsPair struct {
	equation   string
	variable   string
	f          model.Function // the equation is  f relation rhs
	relation   string
	rhs        float64
	slack, def string
	lo, hi     float64        // of the slack
	slackIs    model.Function // its value
}

// planPairs decides on the variable of each pair.
func (g *gamsWriter) planPairs() {
	m := g.m
	used := make([]bool, m.NumVars())
	for k := range m.NumPairs() {
		pair := m.Pair(k)
		p := gamsPair{equation: g.names.take("equation", m.PairName(k))}
		at, other := pair.A, pair.B
		if !pair.Mixed() && !g.matches(at, used) {
			at, other = other, at
		}
		relation := ""
		if g.matches(at, used) {
			used[at.Index] = true
			p.variable = g.vars[at.Index]
			p.lo, p.hi = m.VarBounds(int(at.Index))
			relation = relationOf(p.lo, p.hi)
		} else {
			p.slack, p.def = g.names.take("", m.PairName(k)+"_slack"), g.names.take("", m.PairName(k)+"_def")
			p.variable = p.slack
			p.slackIs = m.MemberFunction(at)
			p.lo, p.hi = 0, math.Inf(1)
			if pair.Mixed() {
				p.lo, p.hi = memberBounds(m, at)
			}
			relation = relationOf(p.lo, p.hi)
		}
		// The equation has the sign that the bound of its variable asks for: f >= 0 at a lower bound, f <= 0 at an upper one.
		p.f, p.relation = m.MemberFunction(other), relation
		if !pair.Mixed() && relation == "=l=" {
			a := m.Accumulator()
			a.AddFunction(-1, p.f)
			p.f = a.Function()
		}
		p.rhs = 0 - p.f.Const
		p.f.Const = 0
		g.pairs = append(g.pairs, p)
	}
}

// matches reports whether a member is a variable that is free to be matched and has just the bounds of the member.
func (g *gamsWriter) matches(s model.Member, used []bool) bool {
	return !s.Row && s.Side != model.Value && !used[s.Index] && saysAll(g.m, s)
}

// relationOf is the type of an equation that is matched with a variable of these bounds.
func relationOf(lo, hi float64) string {
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return "=e="
	case math.IsInf(hi, 1):
		return "=g="
	case math.IsInf(lo, -1):
		return "=l="
	}
	return "=n="
}

func (g *gamsWriter) equations() {
	m := g.m
	list := append([]string(nil), g.defs...)
	for _, r := range g.rows {
		for _, name := range r {
			if name != "" {
				list = append(list, name)
			}
		}
	}
	for _, p := range g.pairs {
		if p.slack != "" {
			list = append(list, p.def)
		}
		list = append(list, p.equation)
	}
	for k, s := range m.SOS1Sets() {
		for i := range s.Vars {
			list = append(list, g.link(k, i))
		}
	}
	g.words("Equations", ",", ";", list)
	g.newline()
	for k := range m.NumPlayers() {
		f := m.Player(k).Objective().F
		c := f.Const
		f.Const = 0
		a := m.Accumulator()
		a.AddFunction(1, f)
		g.define(g.defs[k], g.goals[k], a.Function(), c)
	}
	for r, names := range g.rows {
		lo, hi := m.RowBounds(r)
		switch {
		case names[0] == "" && !g.inline[r]:
			g.comment(printable(m.RowName(r)) + " has no bounds")
		case names[0] == "":
		case names[1] != "":
			g.equation(names[0], m.RowFunction(r), "=g=", lo)
			g.equation(names[1], m.RowFunction(r), "=l=", hi)
		case lo == hi:
			g.equation(names[0], m.RowFunction(r), "=e=", lo)
		case math.IsInf(hi, 1):
			g.equation(names[0], m.RowFunction(r), "=g=", lo)
		default:
			g.equation(names[0], m.RowFunction(r), "=l=", hi)
		}
	}
	for _, p := range g.pairs {
		if p.slack != "" {
			g.define(p.def, p.slack, p.slackIs, 0)
		}
		g.equation(p.equation, p.f, p.relation, p.rhs)
	}
	for k, s := range m.SOS1Sets() {
		for i, j := range s.Vars {
			g.puts(g.link(k, i) + ".. " + g.sets[k].variable + "('")
			g.number(float64(i + 1))
			g.puts("') =e= " + g.vars[j] + ";")
			g.newline()
		}
	}
	g.newline()
}

// link is the name of the equation of member i of SOS1 set k.
func (g *gamsWriter) link(k, i int) string {
	return g.sets[k].link + "_" + string(appendNumber(nil, float64(i+1)))
}

// define writes name.. variable =e= f + c.
func (g *gamsWriter) define(name, variable string, f model.Function, c float64) {
	g.puts(name + ".. " + variable + " =e=")
	f.Const += c
	g.function(f)
	g.puts(";")
	g.newline()
}

func (g *gamsWriter) equation(name string, f model.Function, relation string, rhs float64) {
	g.puts(name + "..")
	rhs -= f.Const
	f.Const = 0
	g.function(f)
	g.puts(" " + relation + " ")
	g.number(rhs)
	g.puts(";")
	g.newline()
}

// solve writes the model statement, the EMP file and the solve statement.
func (g *gamsWriter) solve() {
	m := g.m
	kind := g.modelType()
	if kind == "MPEC" {
		list := append([]string(nil), g.defs...)
		for _, r := range g.rows {
			for _, name := range r {
				if name != "" {
					list = append(list, name)
				}
			}
		}
		for _, p := range g.pairs {
			if p.slack != "" {
				list = append(list, p.def)
			}
			list = append(list, p.equation+"."+p.variable)
		}
		g.newline()
		g.words("Model "+g.title+" /", ",", " /;", list)
	} else {
		g.newline()
		g.puts("Model " + g.title + " / all /;")
		g.newline()
	}
	if kind == "EMP" {
		g.annotation()
	}
	g.puts("Solve " + g.title + " using " + kind + " ")
	if m.Leader().Objective().Sense == model.Maximize {
		g.puts("maximizing ")
	} else {
		g.puts("minimizing ")
	}
	g.puts(g.goals[0] + ";")
	g.newline()
}

// annotation writes the file that tells EMP whose the variables and equations are; those of the leader are named first, and the equations
// that no follower has are the leader's.
func (g *gamsWriter) annotation() {
	m := g.m
	g.puts(`$onecho > "%emp.info%"`)
	g.newline()
	own := make([][]string, m.NumPlayers())
	for p := range own {
		if p > 0 {
			own[p] = append(own[p], g.goals[p])
		}
	}
	for j, name := range g.vars {
		own[m.VarOwner(j)] = append(own[m.VarOwner(j)], name)
	}
	for p := 1; p < m.NumPlayers(); p++ {
		own[p] = append(own[p], g.defs[p])
	}
	for r, names := range g.rows {
		for _, name := range names {
			if name != "" {
				own[m.RowOwner(r)] = append(own[m.RowOwner(r)], name)
			}
		}
	}
	var leaders []string
	for j, name := range g.vars {
		if m.VarOwner(j) == 0 {
			leaders = append(leaders, name)
		}
	}
	if len(leaders) == 0 {
		g.puts("bilevel")
		g.newline()
	}
	g.words("bilevel", "", "", leaders)
	for p := 1; p < m.NumPlayers(); p++ {
		word := "min"
		if m.Player(p).Objective().Sense == model.Maximize {
			word = "max"
		}
		g.words(word, "", "", own[p])
	}
	g.puts("$offecho")
	g.newline()
}
