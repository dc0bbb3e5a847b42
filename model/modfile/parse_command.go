package modfile

// command reads a command, or returns nil where none starts. Inside of another command it must be one.
func (p *parser) command(nested bool) command {
	t := p.tok
	if t.kind != tokName {
		return nil
	}
	switch t.text {
	case "let":
		return p.let()
	case "fix", "unfix":
		return p.fix()
	case "for":
		return p.loop()
	case "if":
		return p.choice()
	case "check":
		return p.check(nested)
	}
	return nil
}

func (p *parser) optionalIndexing() *indexing {
	if p.tok.kind == tokLBrace {
		return p.indexing()
	}
	return nil
}

// target reads NAME[subscript].suffix, what a command acts on.
func (p *parser) target() *refNode {
	if p.tok.kind != tokName && p.tok.kind != tokQuotedName || p.tok.kind == tokName && reserved[p.tok.text] {
		p.unexpected("is out of place", "the name of a parameter, set, variable or constraint")
	}
	n := p.reference()
	r, ok := n.(*refNode)
	if !ok {
		p.failAt(n.at(), "a function cannot be assigned to", "the name of a parameter, set, variable or constraint")
	}
	return r
}

func (p *parser) let() command {
	c := &letCommand{p: p.tok.pos}
	p.advance()
	c.ix = p.optionalIndexing()
	c.target = p.target()
	if p.tok.kind != tokAssign {
		p.unexpected("is out of place", "':='")
	}
	p.advance()
	c.value = p.value()
	p.semicolon("an operator or ';'")
	return c
}

func (p *parser) fix() command {
	c := &fixCommand{p: p.tok.pos, unfix: p.tok.text == "unfix"}
	p.advance()
	c.ix = p.optionalIndexing()
	c.target = p.target()
	expected := "';'"
	if !c.unfix {
		expected = "':=' or ';'"
		if p.tok.kind == tokAssign {
			p.advance()
			c.value = p.value()
			expected = "an operator or ';'"
		}
	}
	p.semicolon(expected)
	return c
}

func (p *parser) loop() command {
	c := &forCommand{p: p.tok.pos}
	p.advance()
	if p.tok.kind != tokLBrace {
		p.unexpected("is out of place", "an indexing in braces")
	}
	c.ix = p.indexing()
	c.body = p.block()
	return c
}

func (p *parser) choice() command {
	c := &ifCommand{p: p.tok.pos}
	p.advance()
	c.cond = p.expression()
	p.expectWord("then")
	c.then = p.block()
	if p.tok.is("else") {
		p.advance()
		c.els = p.block()
	}
	return c
}

// block reads one command, or several in braces.
func (p *parser) block() []command {
	p.enter()
	defer p.leave()
	if p.tok.kind != tokLBrace {
		return p.inner()
	}
	open := p.tok.pos
	p.advance()
	var list []command
	for p.tok.kind != tokRBrace {
		if p.tok.kind == tokEOF {
			p.failAt(open, "a '{' is not closed", "'}' before the end of the file")
		}
		if p.tok.kind == tokSemicolon {
			p.advance()
			continue
		}
		list = append(list, p.inner()...)
	}
	p.advance()
	if p.tok.kind == tokSemicolon {
		p.advance()
	}
	return list
}

// inner reads a command inside of another; commands that are read over give none.
func (p *parser) inner() []command {
	if c := p.command(true); c != nil {
		return []command{c}
	}
	if p.skipped() {
		return nil
	}
	p.unexpected("inside of a command", "a command (let, fix, unfix, for, if, check) or '{'")
	return nil
}

func (p *parser) check(nested bool) command {
	c := &checkCommand{p: p.tok.pos, deferred: !nested && !p.data}
	p.advance()
	c.ix = p.optionalIndexing()
	if p.tok.kind == tokColon {
		p.advance()
	} else if c.ix != nil {
		p.unexpected("is out of place", "':' and a condition")
	}
	c.cond = p.expression()
	p.semicolon("an operator or ';'")
	return c
}
