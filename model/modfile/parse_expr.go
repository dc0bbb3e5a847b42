package modfile

// Precedences, from the loosest: see the table in the package comment.
const (
	precOr = 1 + iota
	precAnd
	precNot
	precRelation
	precUnion
	precInter
	precCross
	precRange
	precSum
	precProduct
)

var wordOperators = map[string]struct {
	prec int
	op   operator
}{
	"or": {precOr, opOr}, "and": {precAnd, opAnd},
	"union": {precUnion, opUnion}, "diff": {precUnion, opDiff}, "symdiff": {precUnion, opSymdiff},
	"inter": {precInter, opInter}, "cross": {precCross, opCross}, "less": {precSum, opLess},
	"div": {precProduct, opIntDiv}, "mod": {precProduct, opMod},
}

var relationOperators = [...]struct {
	op operator
	ok bool
}{tokLT: {opLT, true}, tokLE: {opLE, true}, tokEQ: {opEQ, true}, tokNE: {opNE, true}, tokGE: {opGE, true}, tokGT: {opGT, true}, tokImplies: {}}

// infix returns the precedence and operator of a token that stands between two operands, 0 for others.
func infix(t token) (int, operator) {
	switch t.kind {
	case tokTimes:
		return precProduct, opMul
	case tokDivide:
		return precProduct, opDiv
	case tokLT, tokLE, tokEQ, tokNE, tokGE, tokGT:
		return precRelation, relationOperators[t.kind].op
	case tokAnd:
		return precAnd, opAnd
	case tokOr:
		return precOr, opOr
	case tokName:
		w := wordOperators[t.text]
		return w.prec, w.op
	}
	return 0, 0
}

// expression parses an expression of any kind.
func (p *parser) expression() node { return p.binary(precOr) }

// value parses a number, symbol or set: anything that binds closer than a comparison.
func (p *parser) value() node { return p.binary(precUnion) }

// binary parses operators of precedence prec and closer.
func (p *parser) binary(prec int) node {
	p.enter()
	defer p.leave()
	x := p.operand(prec)
	compared := false
	for {
		t := p.tok
		switch {
		case (t.kind == tokPlus || t.kind == tokMinus) && prec <= precSum:
			x = p.chain(x)
			continue
		case t.kind == tokDots && prec <= precRange:
			x = p.rangeFrom(x)
			continue
		case prec <= precRelation && (t.is("in") || t.is("within") || t.is("not")):
			if y := p.membership(x); y != nil {
				x = y
				continue
			}
			return x
		}
		own, op := infix(t)
		if own == 0 || own < prec {
			return x
		}
		if own == precRelation && compared {
			p.failAt(t.pos, "two comparisons in a row", "'and' between them")
		}
		compared = own == precRelation
		p.advance()
		x = &binaryNode{p: t.pos, op: op, x: x, y: p.binary(own + 1)}
		p.length(t.pos)
	}
}

// chain parses the rest of a chain of additions after its first term.
func (p *parser) chain(first node) node {
	s := &sumNode{p: p.tok.pos, terms: []node{first}, minus: []bool{false}}
	for p.tok.kind == tokPlus || p.tok.kind == tokMinus {
		minus := p.tok.kind == tokMinus
		p.advance()
		s.terms = append(s.terms, p.binary(precProduct))
		s.minus = append(s.minus, minus)
	}
	return s
}

func (p *parser) rangeFrom(x node) node {
	r := &rangeNode{p: p.tok.pos, from: x}
	p.advance()
	r.to = p.binary(precSum)
	if p.tok.is("by") {
		p.advance()
		r.by = p.binary(precSum)
	}
	return r
}

// membership parses in, not in, within and not within; nil where the word not starts something else.
func (p *parser) membership(x node) node {
	n := &inNode{p: p.tok.pos, x: x}
	if p.tok.is("not") {
		if next := p.peek(); !next.is("in") && !next.is("within") {
			return nil
		}
		p.advance()
		n.not = true
	}
	n.within = p.tok.text == "within"
	p.advance()
	n.set = p.binary(precUnion)
	return n
}

// operand parses what may stand before or after an operator of precedence prec.
func (p *parser) operand(prec int) node {
	t := p.tok
	switch {
	case t.kind == tokNot || t.is("not"):
		if prec > precRelation {
			p.failAt(t.pos, "a condition where a value is needed", "a number, a name or '('")
		}
		p.advance()
		return &unaryNode{p: t.pos, op: opNot, x: p.binary(precRelation)}
	case t.kind == tokPlus || t.kind == tokMinus:
		p.enter()
		defer p.leave()
		p.advance()
		x := p.operand(precProduct)
		if t.kind == tokPlus {
			return x
		}
		if num, ok := x.(*numberNode); ok {
			return &numberNode{t.pos, -num.v}
		}
		return &unaryNode{p: t.pos, op: opNeg, x: x}
	}
	x := p.primary()
	if p.tok.kind == tokPower {
		at := p.tok.pos
		p.enter()
		defer p.leave()
		p.advance()
		x = &binaryNode{p: at, op: opPow, x: x, y: p.operand(precProduct)}
	}
	return x
}

// primary parses a number, a string, a name, a call, something in parentheses or braces, if-then-else, or a reduction.
func (p *parser) primary() node {
	t := p.tok
	switch t.kind {
	case tokNumber:
		p.advance()
		return &numberNode{t.pos, t.num}
	case tokString:
		p.advance()
		return &stringNode{t.pos, t.text}
	case tokLParen:
		return p.parenthesis()
	case tokLBrace:
		return p.braces()
	case tokQuotedName:
		return p.reference()
	case tokName:
		switch t.text {
		case "if":
			return p.conditional()
		case "sum", "prod", "exists", "forall", "setof":
			return p.reduction()
		case "min", "max":
			if p.peek().kind == tokLBrace {
				return p.reduction()
			}
		}
		if reserved[t.text] {
			p.failAt(t.pos, "the word '"+t.text+"' where a value is needed", "a number, a name or '('")
		}
		return p.reference()
	}
	p.failAt(t.pos, t.what()+" where a value is needed", "a number, a name or '('")
	return nil
}

func (p *parser) parenthesis() node {
	at := p.tok.pos
	p.advance()
	x := p.expression()
	if p.tok.kind != tokComma {
		p.expect(tokRParen)
		return x
	}
	tup := &tupleNode{p: at, elems: []node{x}}
	for p.tok.kind == tokComma {
		p.advance()
		tup.elems = append(tup.elems, p.expression())
	}
	p.expect(tokRParen)
	return tup
}

func (p *parser) conditional() node {
	n := &ifNode{p: p.tok.pos}
	p.advance()
	n.cond = p.expression()
	p.expectWord("then")
	n.then = p.value()
	if p.tok.is("else") {
		p.advance()
		n.els = p.value()
	}
	return n
}

func (p *parser) reduction() node {
	n := &reduceNode{p: p.tok.pos, op: p.tok.text}
	p.advance()
	n.ix = p.indexing()
	switch n.op {
	case "exists", "forall":
		n.body = p.binary(precAnd)
	default:
		n.body = p.binary(precProduct)
	}
	return n
}

// reference parses a name with its subscript and suffix, or the call of a function.
func (p *parser) reference() node {
	t := p.tok
	p.advance()
	if p.tok.kind == tokLParen && t.kind == tokName {
		return p.call(t)
	}
	r := &refNode{p: t.pos, name: t.text}
	if p.tok.kind == tokLBracket {
		r.subscript = true
		r.subs = p.subscript()
	}
	if p.tok.kind == tokDot {
		p.advance()
		r.suffixPos = p.tok.pos
		r.suffix = p.nameToken("a suffix such as dual").text
	}
	return r
}

// subscript parses [e1, e2, ...].
func (p *parser) subscript() []node {
	p.expect(tokLBracket)
	var subs []node
	for {
		subs = append(subs, p.value())
		if p.tok.kind != tokComma {
			break
		}
		p.advance()
	}
	p.expect(tokRBracket)
	return subs
}

func (p *parser) call(name token) node {
	if _, ok := functions[name.text]; !ok {
		p.failAt(name.pos, "there is no function '"+shorten(name.text)+"'", "an operator before '(', '[' for a subscript, or one of "+functionNames)
	}
	c := &callNode{p: name.pos, fn: name.text}
	p.expect(tokLParen)
	if p.tok.kind != tokRParen {
		for {
			c.args = append(c.args, p.value())
			if p.tok.kind != tokComma {
				break
			}
			p.advance()
		}
	}
	p.expect(tokRParen)
	return c
}

// braces parses a set in braces: a literal, or an indexing.
func (p *parser) braces() node {
	at := p.tok.pos
	ix := p.bracedEntries(true)
	if ix.cond == nil {
		literal := true
		for _, e := range ix.entries {
			literal = literal && e.pattern == nil
		}
		if literal {
			s := &setNode{p: at}
			for _, e := range ix.entries {
				s.elems = append(s.elems, e.set)
			}
			return s
		}
	}
	return &builderNode{p: at, ix: ix}
}

// indexing parses {entries: condition}.
func (p *parser) indexing() *indexing {
	ix := p.bracedEntries(false)
	return ix
}

func (p *parser) bracedEntries(mayBeEmpty bool) *indexing {
	ix := &indexing{p: p.tok.pos}
	p.expect(tokLBrace)
	if p.tok.kind == tokRBrace && mayBeEmpty {
		p.advance()
		return ix
	}
	for {
		ix.entries = append(ix.entries, p.indexEntry())
		if p.tok.kind != tokComma {
			break
		}
		p.advance()
	}
	if p.tok.kind == tokColon {
		p.advance()
		ix.cond = p.expression()
	}
	if p.tok.kind != tokRBrace {
		p.failAt(p.tok.pos, p.tok.what()+" in an indexing", "',', ':' or '}'")
	}
	p.advance()
	return ix
}

func (p *parser) indexEntry() indexEntry {
	e := indexEntry{p: p.tok.pos}
	x := p.value()
	if !p.tok.is("in") {
		e.set = x
		return e
	}
	p.advance()
	if t, ok := x.(*tupleNode); ok {
		e.pattern = t.elems
	} else {
		e.pattern = []node{x}
	}
	e.set = p.value()
	return e
}
