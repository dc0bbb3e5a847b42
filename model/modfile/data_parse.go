package modfile

// dataReader reads the statements set, param and var of a data section. Values go straight into tables.
type dataReader struct {
	*parser
	it item
}

// dataBlock is what one statement says about one set, parameter or variable: keys with values, or the members of a set.
type dataBlock struct {
	p     pos
	sym   *symbol
	tab   *table // keys, or members
	num   []float64
	sub   []element // the subscript of an indexed set
	where []int32   // offset of each key from base
	base  pos
	def   *dataDefault
	elem  []element // values of a symbolic parameter
}

// dataDefault is the value after the word default.
type dataDefault struct {
	num  float64
	elem element
}

func (b *dataBlock) at() pos { return b.p }

// dataSectionStatement reads one statement of a data section.
func (p *parser) dataSectionStatement() {
	t := p.tok
	switch {
	case t.is("set"), t.is("param"), t.is("var"):
		r := &dataReader{parser: p}
		p.ahead = nil
		p.off = int(t.end - p.src.base)
		r.take()
		if t.is("set") {
			r.set()
		} else {
			r.values(t.text)
		}
		p.advance()
		return
	}
	if c := p.command(false); c != nil {
		p.f.addCommand(c)
		return
	}
	if p.skipped() {
		return
	}
	if t.kind == tokName && (reserved[t.text] || t.text == "sos1") {
		p.failAt(t.pos, "'"+t.text+"' in a data section", "'model;' before declarations, or a data statement (set, param, var) or a command")
	}
	p.failAt(t.pos, t.what()+" does not start a statement of a data section", "set, param, var, a command (let, fix, for, if, check), model or end")
}

func (r *dataReader) take() item {
	t := r.it
	r.it = r.nextItem()
	return t
}

func (r *dataReader) wrong(where, expected string) {
	r.failAt(r.it.pos, r.it.what()+" "+where, expected)
}

func (r *dataReader) expectItem(k itemKind, expected string) {
	if r.it.kind != k {
		r.wrong("is out of place", expected)
	}
	r.take()
}

// entity takes the name of a set, parameter or variable.
func (r *dataReader) entity(kinds string) *symbol {
	if r.it.kind != itemSymbol {
		r.wrong("is out of place", "the name of a "+kinds)
	}
	t := r.take()
	s := r.f.symbols[string(t.text)]
	if s == nil {
		r.failAt(t.pos, "there is no "+kinds+" '"+shorten(string(t.text))+"'", "a name that is declared before its data"+r.f.similar(string(t.text)))
	}
	return s
}

// isElement reports whether the item at hand is a member of a set, and guards against a forgotten semicolon.
func (r *dataReader) isElement() bool {
	switch r.it.kind {
	case itemNumber:
		return true
	case itemSymbol:
		if !r.it.quoted && (r.it.isWord("param") || r.it.isWord("set") || r.it.isWord("var") || r.it.isWord("let") || r.it.isWord("end")) {
			r.failAt(r.it.pos, "the word '"+string(r.it.text)+"' inside of a data list", "';' before it, or the word in quotes where it is a symbol")
		}
		return true
	}
	return false
}

// element takes a member of a set.
func (r *dataReader) element(expected string) element {
	if !r.isElement() {
		r.wrong("is out of place", expected)
	}
	return r.elementOf(r.take())
}

func (r *dataReader) elementOf(it item) element {
	if it.kind == itemNumber {
		if it.num-it.num != 0 {
			r.failAt(it.pos, "Infinity cannot be a member of a set", "a finite number or a symbol")
		}
		return r.f.elements.number(it.num)
	}
	return r.f.elements.textOf(it.text)
}

// set reads set NAME[sub] := members;.
func (r *dataReader) set() {
	at := r.it.pos
	s := r.entity("set")
	if s.kind != declSet {
		r.failAt(at, "'"+s.name+"' is "+article(s.kind)+", not a set", "the name of a set")
	}
	if s.computed {
		r.failAt(at, "data for the set '"+s.name+"', which is computed in its declaration", "'default' in place of ':=' in the declaration, or no data")
	}
	b := &dataBlock{p: at, sym: s, base: r.src.base, tab: newTable(r.f.dimension(s))}
	if n := r.f.arity(s); n > 0 {
		if r.it.kind != itemLBracket {
			r.wrong("is out of place", "'[' and the subscript of the indexed set '"+s.name+"'")
		}
		r.take()
		for r.it.kind != itemRBracket {
			b.sub = append(b.sub, r.element("a subscript or ']'"))
		}
		if len(b.sub) != n {
			r.failAt(at, "the set '"+s.name+"' has "+plural(n, "subscript")+", not "+formatNumber(float64(len(b.sub))), "")
		}
		r.take()
	}
	r.setMembers(b)
	r.f.addCommand(b)
}

func (r *dataReader) setMembers(b *dataBlock) {
	fixed := make([]template, b.tab.dim)
	for k := range fixed {
		fixed[k].free = true
	}
	free := b.tab.dim
	started := false
	var buf [8]element
	for {
		switch r.it.kind {
		case itemSemicolon:
			if !started {
				r.wrong("is out of place", "':=' and the members of the set")
			}
			return
		case itemAssign:
			r.take()
			started = true
		case itemColon:
			r.setTable(b, fixed, free, false)
			started = true
		case itemLParen:
			if r.transposed() {
				r.setTable(b, fixed, free, true)
				started = true
				continue
			}
			if !started {
				r.wrong("is out of place", "':=' and the members of the set")
			}
			fixed, free = r.tuple(b, fixed, free)
		default:
			if !started || !r.isElement() {
				r.wrong("is out of place", "':=', a member of the set or ';'")
			}
			if free == 0 {
				r.wrong("after a tuple without '*'", "a tuple or ';'")
			}
			at := r.it.pos
			key := buf[:0]
			for k := range fixed {
				switch {
				case !fixed[k].free:
					key = append(key, fixed[k].e)
				case r.isElement():
					key = append(key, r.elementOf(r.take()))
				default:
					r.wrong("inside of a member", "tuples of the set '"+b.sym.name+"' have "+plural(b.tab.dim, "component"))
				}
			}
			r.addMember(b, key, at)
		}
	}
}

// addMember adds a tuple to the set; one that is there already is a mistake.
func (r *dataReader) addMember(b *dataBlock, key []element, at pos) {
	if _, isNew := b.tab.add(key); !isNew {
		r.failAt(at, "the member "+r.f.elements.names(key)+" of the set '"+b.sym.name+"' is given twice", "each member once")
	}
}

// template is one place of a slice: fixed to an element, or free (*).
type template struct {
	free bool
	e    element
}

// tuple reads (a,b,c), or a template with stars for the members that follow.
func (r *dataReader) tuple(b *dataBlock, fixed []template, free int) ([]template, int) {
	at := r.it.pos
	r.take()
	var list []template
	stars := 0
	for r.it.kind != itemRParen {
		if r.it.kind == itemStar {
			r.take()
			list = append(list, template{free: true})
			stars++
			continue
		}
		list = append(list, template{e: r.element("a component of the tuple, '*' or ')'")})
	}
	r.take()
	if len(list) != b.tab.dim {
		r.failAt(at, "a tuple of "+plural(len(list), "component")+" for the set '"+b.sym.name+"'", plural(b.tab.dim, "component"))
	}
	if stars > 0 {
		return list, stars
	}
	key := make([]element, 0, 8)
	for _, c := range list {
		key = append(key, c.e)
	}
	r.addMember(b, key, at)
	return fixed, free
}

// transposed takes (tr) where it stands.
func (r *dataReader) transposed() bool {
	save := r.off
	if r.it.kind != itemLParen {
		return false
	}
	if word := r.nextItem(); word.isWord("tr") {
		if r.nextItem().kind == itemRParen {
			r.take()
			return true
		}
	}
	r.off = save
	return false
}

// setTable reads : columns := rows of + and -.
func (r *dataReader) setTable(b *dataBlock, fixed []template, free int, transposed bool) {
	if free != 2 {
		r.wrong("for a table", "a set of pairs, or a template with two stars before the table")
	}
	columns := r.columns()
	for r.isElement() {
		row := r.element("a row")
		for _, c := range columns {
			at := r.it.pos
			switch r.it.kind {
			case itemPlus:
				x, y := row, c
				if transposed {
					x, y = c, row
				}
				r.addMember(b, fill(fixed, x, y), at)
			case itemMinus:
			default:
				r.wrong("in a row of the table", "'+' or '-' for each of "+plural(len(columns), "column"))
			}
			r.take()
		}
	}
}

// columns reads : c1 c2 ... :=.
func (r *dataReader) columns() []element {
	r.expectItem(itemColon, "':' and the names of the columns")
	var columns []element
	for r.it.kind != itemAssign {
		columns = append(columns, r.element("the name of a column or ':='"))
	}
	r.take()
	return columns
}

// fill puts elements in the free places of a template.
func fill(fixed []template, values ...element) []element {
	key := make([]element, len(fixed))
	k := 0
	for i, t := range fixed {
		key[i] = t.e
		if t.free {
			key[i] = values[k]
			k++
		}
	}
	return key
}
