package modfile

// declare reads the name, the member's subscript and the indexing of a declaration.
func (p *parser) declare(kind declKind) *declaration {
	t := p.newName("the name of the " + kind.String())
	d := &declaration{kind: kind, name: t.text, pos: t.pos, player: p.player}
	if p.tok.kind == tokLBracket {
		if kind == declSet || kind == declParam {
			p.unexpected("is out of place", "an indexing in braces, as in "+shorten(t.text)+" {1..3}, or an attribute")
		}
		d.member = p.subscript()
	}
	if p.tok.kind == tokLBrace {
		if d.member != nil {
			p.unexpected("is out of place", "no indexing after the subscript of a single member")
		}
		d.ix = p.indexing()
	}
	return d
}

// entity reads the declaration of a set, a parameter or a variable.
func (p *parser) entity() {
	kind := declSet
	switch p.tok.text {
	case "param":
		kind = declParam
	case "var":
		kind = declVar
	}
	p.advance()
	d := p.declare(kind)
	comma := noPos
	for {
		a, ok := p.attribute(kind)
		if !ok {
			break
		}
		d.attrs = append(d.attrs, a)
		comma = noPos
		if p.tok.kind == tokComma {
			comma = p.tok.pos
			p.advance()
		}
	}
	if p.tok.kind != tokSemicolon {
		p.unexpected("is out of place", expectedAttribute[kind])
	}
	if comma != noPos {
		p.failAt(comma, "a comma at the end of the declaration", expectedAttribute[kind])
	}
	p.advance()
	p.f.addDeclaration(p, d)
}

var expectedAttribute = map[declKind]string{
	declSet:   "':=', 'default', 'within', 'dimen', 'ordered', 'circular' or ';'",
	declParam: "':=', '=', 'default', a comparison, 'in', 'integer', 'binary', 'symbolic' or ';'",
	declVar:   "'>=', '<=', ':=', '=', 'default', 'integer', 'binary' or ';'",
}

// attribute reads one phrase of a declaration; a comma may stand before the first.
func (p *parser) attribute(kind declKind) (attribute, bool) {
	if p.tok.kind == tokComma {
		p.advance()
	}
	a := attribute{pos: p.tok.pos}
	withValue := func(k attributeKind) (attribute, bool) {
		a.kind = k
		p.advance()
		a.e = p.value()
		return a, true
	}
	word := func(k attributeKind) (attribute, bool) {
		a.kind = k
		p.advance()
		return a, true
	}
	switch p.tok.kind {
	case tokAssign:
		return withValue(attrAssign)
	case tokEQ:
		return withValue(attrEquals)
	case tokLT, tokLE, tokGE, tokGT, tokNE:
		if kind == declSet || kind == declVar && (p.tok.kind == tokLT || p.tok.kind == tokGT || p.tok.kind == tokNE) {
			return a, false
		}
		a.rel = relationOperators[p.tok.kind].op
		return withValue(attrRelation)
	case tokName:
		switch p.tok.text {
		case "default":
			return withValue(attrDefault)
		case "within", "in":
			if kind != declVar && (kind != declParam || p.tok.text == "in") {
				return withValue(attrIn)
			}
		case "integer":
			if kind != declSet {
				return word(attrInteger)
			}
		case "binary":
			if kind != declSet {
				return word(attrBinary)
			}
		case "symbolic":
			if kind == declParam {
				return word(attrSymbolic)
			}
		case "dimen":
			if kind == declSet {
				return withValue(attrDimen)
			}
		case "ordered":
			if kind == declSet {
				return word(attrOrdered)
			}
		case "circular":
			if kind == declSet {
				return word(attrCircular)
			}
		}
	}
	return a, false
}

// objective reads minimize NAME: e; (the name may be left out).
func (p *parser) objective() {
	maximize := p.tok.text == "maximize"
	at := p.tok.pos
	p.advance()
	var d *declaration
	if p.tok.kind == tokColon {
		d = &declaration{kind: declObjective, pos: at, player: p.player}
	} else {
		d = p.declare(declObjective)
		if d.ix != nil {
			p.failAt(d.ix.p, "an objective with an indexing", "':' after the name: a player has one objective")
		}
		if d.member != nil {
			p.failAt(d.pos, "an objective with a subscript", "a plain name: a player has one objective")
		}
	}
	d.maximize = maximize
	p.expect(tokColon)
	d.body = p.value()
	p.semicolon("an operator or ';'")
	p.f.addDeclaration(p, d)
}

// constraint reads NAME {indexing}: rule;.
func (p *parser) constraint() {
	d := p.declare(declConstraint)
	if p.tok.kind != tokColon {
		p.unexpected("is out of place", "':' and the constraint")
	}
	p.advance()
	d.rule = p.rule()
	if p.tok.kind != tokSemicolon {
		p.unexpected("is out of place", "an operator, 'complements' or ';'")
	}
	p.advance()
	p.f.addDeclaration(p, d)
}

func (p *parser) rule() *constraintRule {
	r := &constraintRule{first: p.relation()}
	switch {
	case p.tok.is("complements"):
		r.pos = p.tok.pos
		p.advance()
		second := p.relation()
		r.second = &second
	case p.tok.kind == tokImplies:
		r.pos = p.tok.pos
		r.when = p.asCondition(r.first)
		p.advance()
		r.first = p.relation()
		if len(r.first.ops) == 0 {
			p.unexpected("after an expression without a comparison", "'<=', '>=' or '='")
		}
		return r
	}
	if r.second == nil && len(r.first.ops) == 0 {
		p.unexpected("after an expression without a comparison", "'<=', '>=' or '='")
	}
	return r
}

// relation reads e, e1 rel e2 or e1 rel e2 rel e3.
func (p *parser) relation() relation {
	r := relation{pos: p.tok.pos, sides: []node{p.value()}}
	for len(r.ops) < 2 {
		op, ok := operator(0), false
		if int(p.tok.kind) < len(relationOperators) {
			op, ok = relationOperators[p.tok.kind].op, relationOperators[p.tok.kind].ok
		}
		if !ok {
			break
		}
		switch op {
		case opLT, opGT, opNE:
			p.unexpected("in a constraint", "'<=', '>=' or '='")
		}
		p.advance()
		r.ops = append(r.ops, op)
		r.sides = append(r.sides, p.value())
	}
	if len(r.ops) == 2 && (r.ops[0] != r.ops[1] || r.ops[0] == opEQ) {
		p.failAt(r.sides[2].at(), "the two comparisons of a constraint do not point the same way", "lo <= e <= hi or hi >= e >= lo")
	}
	return r
}

// asCondition turns the relation that was read before ==> into a condition.
func (p *parser) asCondition(r relation) node {
	if len(r.ops) == 2 {
		p.failAt(r.pos, "two comparisons before '==>'", "the condition binary = 1 or binary = 0")
	}
	if len(r.ops) == 0 {
		return r.sides[0]
	}
	return &binaryNode{p: r.sides[1].at(), op: r.ops[0], x: r.sides[0], y: r.sides[1]}
}

// sos reads sos1 NAME {indexing}: {indexing} variable: weight, ...;.
func (p *parser) sos() {
	p.advance()
	d := p.declare(declSOS)
	p.expect(tokColon)
	for {
		var item sosItem
		if p.tok.kind == tokLBrace {
			item.ix = p.indexing()
		}
		if p.tok.kind != tokName && p.tok.kind != tokQuotedName {
			p.unexpected("in an SOS1 set", "a variable")
		}
		item.v = p.reference()
		p.expect(tokColon)
		item.weight = p.value()
		d.items = append(d.items, item)
		if p.tok.kind != tokComma {
			break
		}
		p.advance()
	}
	p.semicolon("',' or ';'")
	p.f.addDeclaration(p, d)
}
