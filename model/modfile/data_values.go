package modfile

// values reads param and var statements: one name with a list or tables, or several columns.
func (r *dataReader) values(word string) {
	var def *item
	if r.it.isWord("default") {
		r.take()
		def = r.defaultValue()
	}
	if r.it.kind == itemColon {
		r.take()
		r.manyColumns(def)
		return
	}
	kinds := "parameter"
	if word == "var" {
		kinds = "variable"
	}
	at := r.it.pos
	s := r.entity(kinds)
	b := r.block(s, at)
	if r.it.isWord("default") {
		r.take()
		def = r.defaultValue()
	}
	r.setDefault(b, def)
	r.segments(b)
	r.f.addCommand(b)
}

func (r *dataReader) defaultValue() *item {
	if !r.isElement() {
		r.wrong("is out of place", "the default value")
	}
	it := r.take()
	return &it
}

// block starts the data of a parameter or of the start values of a variable.
func (r *dataReader) block(s *symbol, at pos) *dataBlock {
	switch s.kind {
	case declParam:
		if s.computed {
			r.failAt(at, "data for the parameter '"+s.name+"', which is computed in its declaration", "'default' in place of ':=' in the declaration, or no data")
		}
	case declVar:
		if s.defined {
			r.failAt(at, "data for the defined variable '"+s.name+"'", "the name of a parameter or of a variable without '='")
		}
	default:
		r.failAt(at, "'"+s.name+"' is "+article(s.kind)+", not a parameter", "the name of a parameter")
	}
	return &dataBlock{p: at, sym: s, base: r.src.base, tab: newTable(r.f.arity(s))}
}

func (r *dataReader) setDefault(b *dataBlock, def *item) {
	if def == nil {
		return
	}
	if b.sym.kind != declParam {
		r.failAt(def.pos, "a default for the start values of a variable", "'default' in the declaration of the variable")
	}
	b.def = &dataDefault{}
	if b.sym.symbolic {
		b.def.elem = r.elementOf(*def)
		return
	}
	b.def.num = r.numeric(b.sym, *def)
}

func (r *dataReader) numeric(s *symbol, it item) float64 {
	if it.kind != itemNumber {
		r.failAt(it.pos, it.what()+" is not a number, and the "+s.kind.String()+" '"+s.name+"' is numeric", "a number, '.' for no value, or 'symbolic' in the declaration")
	}
	return it.num
}

// value takes a value for a key; a point is none.
func (r *dataReader) value(b *dataBlock, key []element, at pos) {
	switch r.it.kind {
	case itemDot:
		r.take()
		return
	case itemNumber, itemSymbol:
		r.isElement()
	default:
		r.wrong("where a value of '"+b.sym.name+"' is needed", "a value or '.'")
	}
	if _, isNew := b.tab.add(key); !isNew {
		r.failAt(at, "a second value for "+r.f.full(b.sym.name, key), "each value once")
	}
	b.where = append(b.where, int32(at-b.base))
	it := r.take()
	if b.sym.symbolic {
		b.elem = append(b.elem, r.elementOf(it))
		return
	}
	b.num = append(b.num, r.numeric(b.sym, it))
}

// segments reads what follows the name: lists after := or a template, and tables after a colon.
func (r *dataReader) segments(b *dataBlock) {
	fixed := make([]template, b.tab.dim)
	for k := range fixed {
		fixed[k].free = true
	}
	free, started, transposed := b.tab.dim, false, false
	for {
		switch r.it.kind {
		case itemSemicolon:
			if !started && b.def == nil {
				r.wrong("is out of place", "':=' and the data of '"+b.sym.name+"'")
			}
			return
		case itemLBracket:
			fixed, free = r.slice(b)
		case itemLParen:
			if !r.transposed() {
				r.wrong("is out of place", "':=', ':', '[', '(tr)' or ';'")
			}
			transposed = true // the tables that follow, too
		case itemColon:
			r.table(b, fixed, free, transposed)
			started = true
		case itemAssign:
			r.take()
			started = true
			r.list(b, fixed, free)
		default:
			if !started || !r.isElement() && (r.it.kind != itemDot || free > 0) {
				r.wrong("is out of place", "':=', ':', '[' or ';'")
			}
			r.list(b, fixed, free)
		}
	}
}

// slice reads [a,*,b].
func (r *dataReader) slice(b *dataBlock) ([]template, int) {
	at := r.it.pos
	r.take()
	var list []template
	free := 0
	for r.it.kind != itemRBracket {
		if r.it.kind == itemStar {
			r.take()
			list = append(list, template{free: true})
			free++
			continue
		}
		list = append(list, template{e: r.element("a subscript, '*' or ']'")})
	}
	r.take()
	if len(list) != b.tab.dim {
		r.failAt(at, "a template of "+plural(len(list), "place")+" for '"+b.sym.name+"', which has "+plural(b.tab.dim, "subscript"), "one place for each subscript")
	}
	return list, free
}

// list reads keys, each with its value.
func (r *dataReader) list(b *dataBlock, fixed []template, free int) {
	var buf [8]element
	for {
		if r.it.kind == itemDot && free == 0 {
			r.take()
			return
		}
		if r.it.kind != itemNumber && r.it.kind != itemSymbol {
			return
		}
		at := r.it.pos
		key := buf[:0]
		if free == len(fixed) {
			for k := 0; k < free; k++ {
				key = append(key, r.subscriptOf(b, k, free))
			}
		} else {
			k := 0
			for _, t := range fixed {
				if t.free {
					key = append(key, r.subscriptOf(b, k, free))
					k++
				} else {
					key = append(key, t.e)
				}
			}
		}
		r.value(b, key, at)
		if free == 0 {
			return
		}
	}
}

func (r *dataReader) subscriptOf(b *dataBlock, k, free int) element {
	if r.it.kind == itemNumber { // by far the most, without a call
		it := r.it
		r.it = r.nextItem()
		return r.elementOf(it)
	}
	if !r.isElement() {
		r.wrong("after "+plural(k, "subscript")+" of '"+b.sym.name+"'", plural(free, "subscript")+" and a value")
	}
	return r.elementOf(r.take())
}

// table reads : columns := rows. Where more than two subscripts are free, the first ones stand at the head of the row.
func (r *dataReader) table(b *dataBlock, fixed []template, free int, transposed bool) {
	if free < 2 {
		r.wrong("for a table of '"+b.sym.name+"', which has "+plural(free, "free subscript"), "':=' and a list, or a parameter with two free subscripts")
	}
	columns := r.columns()
	values := make([]element, free)
	for r.isElement() {
		for k := 0; k < free-1; k++ {
			values[k] = r.element("a subscript at the head of the row")
		}
		for _, c := range columns {
			at := r.it.pos
			if r.it.kind != itemDot && r.it.kind != itemNumber && r.it.kind != itemSymbol {
				r.wrong("in a row of the table", "a value or '.' for each of "+plural(len(columns), "column"))
			}
			values[free-1] = c
			key := values
			if transposed {
				key = append([]element{c}, values[:free-1]...)
			}
			r.value(b, fill(fixed, key...), at)
		}
	}
}

// manyColumns reads : SET : a b := rows and : a b := rows.
func (r *dataReader) manyColumns(def *item) {
	var names []item
	readNames := func() {
		names = names[:0]
		for r.it.kind == itemSymbol {
			r.isElement()
			names = append(names, r.take())
		}
	}
	symbolOf := func(t item) *symbol {
		s := r.f.symbols[string(t.text)]
		if s == nil {
			r.failAt(t.pos, "there is no parameter '"+shorten(string(t.text))+"'", "a name that is declared before its data"+r.f.similar(string(t.text)))
		}
		return s
	}
	readNames()
	var members *dataBlock
	if r.it.kind == itemColon {
		if len(names) != 1 {
			r.wrong("after "+plural(len(names), "name"), "one name of a set before the second ':'")
		}
		s := symbolOf(names[0])
		if s.kind != declSet || r.f.arity(s) > 0 || s.computed {
			r.failAt(names[0].pos, "'"+s.name+"' is not a set that takes data", "the name of a set without subscripts")
		}
		members = &dataBlock{p: names[0].pos, sym: s, base: r.src.base, tab: newTable(r.f.dimension(s))}
		r.take()
		readNames()
	}
	r.expectItem(itemAssign, "the name of a parameter or ':='")
	var blocks []*dataBlock
	dim := -1
	if members != nil {
		dim = members.tab.dim
	}
	for _, t := range names {
		b := r.block(symbolOf(t), t.pos)
		r.setDefault(b, def)
		if dim >= 0 && b.tab.dim != dim {
			r.failAt(t.pos, "'"+b.sym.name+"' has "+plural(b.tab.dim, "subscript")+", the table has "+formatNumber(float64(dim)), "columns with the same subscripts")
		}
		dim = b.tab.dim
		blocks = append(blocks, b)
	}
	if dim < 1 {
		r.wrong("after a header without columns", "the names of parameters with subscripts")
	}
	key := make([]element, dim)
	for r.it.kind != itemSemicolon {
		at := r.it.pos
		if r.it.kind == itemLParen { // a tuple may stand in parentheses
			r.take()
			for k := range key {
				key[k] = r.element("a component of the tuple")
			}
			r.expectItem(itemRParen, "')' after "+plural(dim, "component"))
		} else {
			for k := range key {
				if !r.isElement() {
					r.wrong("in a row of the table", plural(dim, "subscript")+" and "+plural(len(blocks), "value"))
				}
				key[k] = r.elementOf(r.take())
			}
		}
		if members != nil {
			r.addMember(members, key, at)
		}
		for k, b := range blocks {
			if r.it.kind == itemSemicolon {
				r.wrong("after "+plural(k, "value")+" of a row", plural(len(blocks), "value")+" in each row")
			}
			r.value(b, key, at)
		}
	}
	if members != nil {
		r.f.addCommand(members)
	}
	for _, b := range blocks {
		r.f.addCommand(b)
	}
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return formatNumber(float64(n)) + " " + noun + "s"
}
