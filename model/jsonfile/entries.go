package jsonfile

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// here is the place of the next value.
func (d *document) here() int { d.peek(); return d.pos }

// missing reports that an entry lacks a member.
func (d *document) missing(at int, key string) { d.fail(at, "the member "+key+" is missing", "") }

func (d *document) player() player {
	p := player{at: d.here()}
	named := false
	d.object("name, nash and objective", func(key string) bool {
		switch key {
		case "name":
			p.name, named = d.str(), true
		case "nash":
			p.nash = d.boolean()
		case "objective":
			p.objective.Set = true
			d.objective(&p)
		default:
			return false
		}
		return true
	})
	if !named {
		d.missing(p.at, "name")
	}
	return p
}

func (d *document) objective(p *player) {
	at := d.here()
	sense, function := false, false
	d.object("name, sense and function", func(key string) bool {
		switch key {
		case "name":
			p.objective.Name = d.str()
		case "sense":
			at := d.here()
			switch v := d.str(); v {
			case "minimize":
			case "maximize":
				p.objective.Sense = model.Maximize
			default:
				d.fail(at, "the sense "+shorten(v), "it is minimize or maximize")
			}
			sense = true
		case "function":
			p.f, function = d.function(), true
		default:
			return false
		}
		return true
	})
	switch {
	case !sense:
		d.missing(at, "sense")
	case !function:
		d.missing(at, "function")
	}
}

// labelled reads a member that entries of several lists have.
func (d *document) labelled(l *label, key string, named *bool) bool {
	switch key {
	case "name":
		l.base, *named = d.str(), true
	case "subscript":
		l.sub, l.indexed = d.str(), true
	case "newFamily":
		l.starts = d.boolean()
	case "suffixes":
		d.suffixes(&l.steer)
	default:
		return false
	}
	return true
}

func (d *document) suffixes(s *model.Steer) {
	d.object("reform, dualbound and slackbound", func(key string) bool {
		switch key {
		case "reform":
			s.Reform = d.str()
		case "dualbound":
			s.DualBound = d.real()
		case "slackbound":
			s.SlackBound = d.real()
		default:
			return false
		}
		return true
	})
}

func (d *document) variable() variable {
	v := variable{lo: math.Inf(-1), hi: math.Inf(1), start: math.NaN(), dualOf: -1}
	v.at = d.here()
	named := false
	d.object("name, subscript, newFamily, owner, kind, lower, upper, start, group, dualOf and suffixes", func(key string) bool {
		switch key {
		case "owner":
			v.owner = d.whole(0, most)
		case "kind":
			at := d.here()
			switch k := d.str(); k {
			case "continuous":
			case "integer":
				v.kind = model.Integer
			case "binary":
				v.kind = model.Binary
			default:
				d.fail(at, "the kind "+shorten(k), "it is continuous, integer or binary")
			}
		case "lower":
			v.lo = d.real()
		case "upper":
			v.hi = d.real()
		case "start":
			v.start = d.real()
		case "group":
			v.group = d.whole(0, most)
		case "dualOf":
			v.dualOf = d.whole(0, most)
		default:
			return d.labelled(&v.label, key, &named)
		}
		return true
	})
	if !named {
		d.missing(v.at, "name")
	}
	return v
}

func (d *document) row() row {
	r := row{lo: math.Inf(-1), hi: math.Inf(1)}
	r.at = d.here()
	r.f.nonlinear = -1
	named, function := false, false
	d.object("name, subscript, newFamily, owner, lower, upper, pairOnly, suffixes and function", func(key string) bool {
		switch key {
		case "owner":
			r.owner = d.whole(0, most)
		case "lower":
			r.lo = d.real()
		case "upper":
			r.hi = d.real()
		case "pairOnly":
			r.pairOnly = d.boolean()
		case "function":
			r.f, function = d.function(), true
		default:
			return d.labelled(&r.label, key, &named)
		}
		return true
	})
	switch {
	case !named:
		d.missing(r.at, "name")
	case !function:
		d.missing(r.at, "function")
	}
	return r
}

// pair reads a pair, with a name or without one.
func (d *document) pair(named bool) pair {
	var p pair
	p.at = d.here()
	unnamed := named
	keys := "a and b"
	if named {
		keys = "name, subscript, newFamily, suffixes, a and b"
	}
	d.object(keys, func(key string) bool {
		switch key {
		case "a":
			p.members[0] = d.member(model.Value)
		case "b":
			p.members[1] = d.member(model.Range)
		default:
			given := false
			known := named && d.labelled(&p.label, key, &given)
			unnamed = unnamed && !given
			return known
		}
		return true
	})
	switch {
	case unnamed:
		d.missing(p.at, "name")
	case !p.members[0].given:
		d.missing(p.at, "a")
	case !p.members[1].given:
		d.missing(p.at, "b")
	}
	return p
}

var sides = map[string]model.Side{"lower": model.AtLower, "upper": model.AtUpper, "range": model.Range, "value": model.Value}

// member reads a member of a pair; no member there has the side never.
func (d *document) member(never model.Side) member {
	s := member{at: d.here(), given: true}
	things, side := 0, false
	d.object("variable or constraint, and side", func(key string) bool {
		switch key {
		case "variable":
			s.m.Index = int32(d.whole(0, most))
			things++
		case "constraint":
			s.m.Index, s.m.Row = int32(d.whole(0, most)), true
			things++
		case "side":
			at := d.here()
			word := d.str()
			v, ok := sides[word]
			if !ok || v == never {
				d.fail(at, "the side "+shorten(word), "it is lower or upper, or in a mixed pair range for a and value for b")
			}
			s.m.Side, side = v, true
		default:
			return false
		}
		return true
	})
	switch {
	case things != 1:
		d.fail(s.at, "a member of a pair is a variable or a constraint", "write one of the two members")
	case !side:
		d.missing(s.at, "side")
	}
	return s
}

func (d *document) set() set {
	s := set{at: d.here()}
	named, listed := false, false
	d.object("name, owner, variables and weights", func(key string) bool {
		switch key {
		case "name":
			s.s.Name, named = d.str(), true
		case "owner":
			s.owner = d.whole(0, most)
		case "variables":
			listed = true
			d.list(func(int) { s.s.Vars = append(s.s.Vars, int32(d.whole(0, most))) })
		case "weights":
			d.list(func(int) { s.s.Weights = append(s.s.Weights, d.real()) })
		default:
			return false
		}
		return true
	})
	switch {
	case !named:
		d.missing(s.at, "name")
	case !listed:
		d.missing(s.at, "variables")
	case len(s.s.Weights) > 0 && len(s.s.Weights) != len(s.s.Vars):
		d.fail(s.at, "not as many weights as variables", "write a weight for each, or none")
	}
	return s
}

func (d *document) condition() condition {
	c := condition{at: d.here()}
	n := 0
	d.object("constraint, binary and when", func(key string) bool {
		switch key {
		case "constraint":
			c.c.Row = d.whole(0, most)
		case "binary":
			c.c.Binary = d.whole(0, most)
		case "when":
			c.c.When = d.boolean()
		default:
			return false
		}
		n++
		return true
	})
	if n < 3 {
		d.fail(c.at, "a member is missing", "write constraint, binary and when")
	}
	return c
}
