package modfile

// varDecl is the compiled declaration of variables.
type varDecl struct {
	integer, binary bool
	bounds          []boundCode
	start           *code
	def             *code // of a defined variable
}

// boundCode is a bound of a variable.
type boundCode struct {
	upper bool
	e     *code
}

// sosCode is a compiled item of a SOS1 set.
type sosCode struct {
	ix     *indexCode
	v      *code
	weight *code
}

// compile compiles what was read since it was last called.
func (f *File) compile(errs *errorList) {
	attempt := func(do func()) {
		if errs.full() {
			return
		}
		defer func() {
			if r := recover(); r != nil {
				b, ok := r.(bailout)
				if !ok {
					panic(r)
				}
				errs.add(b.e)
			}
		}()
		do()
	}
	for ; f.compiled < len(f.parts); f.compiled++ {
		attempt(func() { f.compilePart(f.parts[f.compiled]) })
	}
	for ; f.acted < len(f.commands); f.acted++ {
		e := f.commands[f.acted]
		attempt(func() {
			c := f.newCompiler(e.order)
			c.values = true
			run := c.command(e.c)
			frame := c.frame
			e.run = func(in *instance) {
				old := in.push(nil, frame)
				run(in)
				in.pop(old)
			}
		})
	}
}

// compilePart compiles one declaration.
func (f *File) compilePart(pt *part) {
	c := f.newCompiler(pt.order)
	c.part = pt
	f.arity(pt.sym) // known from here on, so that instances only read it
	if pt.member != nil {
		c.member(pt)
	} else if pt.declaration.ix != nil {
		pt.ix = c.indexing(pt.declaration.ix)
	}
	n := len(pt.member)
	if pt.ix != nil {
		n = pt.ix.n
	}
	if k := f.arity(pt.sym); k != n {
		c.fail(pt.pos, plural(n, "subscript")+" on '"+pt.name+"', whose other members have "+formatNumber(float64(k)), "members with as many subscripts")
	}
	switch pt.kind {
	case declSet:
		c.setDeclaration(pt)
	case declParam:
		c.paramDeclaration(pt)
	case declVar:
		c.varDeclaration(pt)
	case declObjective:
		c.objectiveDeclaration(pt)
	case declConstraint:
		pt.pair = pt.declaration.rule.second != nil
		pt.rule = c.rule(pt.declaration.rule)
		pt.declaration.rule = nil // what was parsed is not needed any more
	case declSOS:
		c.sosDeclaration(pt)
	}
	pt.frame = c.frame
	c.checkScope(pt)
	for s := range c.uses {
		pt.sym.uses = append(pt.sym.uses, s)
	}
}

// member evaluates the subscript of a single member, which is made of numbers and strings.
func (c *compiler) member(pt *part) {
	for _, n := range pt.member {
		e := c.compile(n)
		switch {
		case e.fixed && e.val-e.val == 0:
			pt.key = append(pt.key, c.f.elements.number(e.val))
		case e.kind == kindSymbolic:
			pt.key = append(pt.key, e.elem(nil))
		default:
			c.fail(n.at(), "the subscript of a single member is not a number or string", "numbers and strings, or an indexing in braces for a family")
		}
	}
	// The slots of a member hold its subscripts, as those of a family do.
	for range pt.member {
		c.bind("", nil)
	}
}

func (c *compiler) setDeclaration(pt *part) {
	s := pt.sym
	d := &setDecl{ix: pt.ix}
	s.set = d
	dim := c.f.dimension(s)
	value := func(a attribute) *setCode {
		e := c.set(a.e)
		if e.dim >= 0 && e.dim != dim {
			c.fail(a.e.at(), "members of "+plural(e.dim, "component")+" for the set '"+s.name+"', which has "+formatNumber(float64(dim)), "")
		}
		return e
	}
	for _, a := range pt.attrs {
		switch a.kind {
		case attrAssign, attrEquals:
			c.once(a, d.value != nil || d.def != nil)
			d.value = value(a)
		case attrDefault:
			c.once(a, d.value != nil || d.def != nil)
			d.def = value(a)
		case attrIn:
			d.within = append(d.within, withinCheck{a.e.at(), value(a)})
		}
	}
	d.frame = c.frame
}

func (c *compiler) once(a attribute, taken bool) {
	if taken {
		c.fail(a.pos, "a second value in the declaration", "one of ':=', '=' and 'default'")
	}
}

func (c *compiler) paramDeclaration(pt *part) {
	s := pt.sym
	d := &paramDecl{ix: pt.ix, integer: noPos, binary: noPos}
	s.param = d
	value := func(a attribute) *code {
		if s.symbolic {
			return c.element(a.e)
		}
		return c.constant(a.e, "the value of a parameter")
	}
	for _, a := range pt.attrs {
		switch a.kind {
		case attrAssign, attrEquals:
			c.once(a, d.value != nil || d.def != nil)
			d.value = value(a)
		case attrDefault:
			c.once(a, d.value != nil || d.def != nil)
			d.def = value(a)
		case attrRelation:
			d.checks = append(d.checks, paramCheck{p: a.pos, rel: a.rel, e: value(a)})
		case attrIn:
			set := c.set(a.e)
			if set.dim > 1 {
				c.fail(a.e.at(), "a set of tuples for the values of a parameter", "a set of single members")
			}
			d.checks = append(d.checks, paramCheck{p: a.pos, in: set})
		case attrInteger:
			d.integer = a.pos
		case attrBinary:
			d.binary = a.pos
		}
		if s.symbolic && (a.kind == attrInteger || a.kind == attrBinary) {
			c.fail(a.pos, "a symbolic parameter cannot be a number", "one of the two words")
		}
	}
	d.frame = c.frame
}

func (c *compiler) varDeclaration(pt *part) {
	d := &varDecl{}
	pt.vars = d
	for _, a := range pt.attrs {
		if d.def != nil {
			c.fail(a.pos, "an attribute on a defined variable", "';' after the expression: a defined variable has no bounds or start value")
		}
		switch a.kind {
		case attrAssign, attrDefault:
			c.once(a, d.start != nil)
			d.start = c.constant(a.e, "a start value")
		case attrEquals:
			if len(pt.attrs) > 1 {
				c.fail(a.pos, "an attribute on a defined variable", "'= expression' alone: a defined variable has no bounds or start value")
			}
			d.def = c.number(a.e)
		case attrRelation:
			d.bounds = append(d.bounds, boundCode{a.rel == opLE, c.constant(a.e, "a bound")})
		case attrInteger:
			d.integer = true
		case attrBinary:
			d.binary = true
		}
	}
	if d.def != nil {
		s := pt.sym
		s.duals = s.duals || c.duals != noPos
		for _, m := range c.mentions {
			s.mentions = append(s.mentions, m.s)
		}
	}
	if pt.sym.parts[0].vars != nil && (pt.sym.parts[0].vars.def != nil) != (d.def != nil) {
		c.fail(pt.pos, "members of '"+pt.name+"' are partly defined variables", "all members with '=', or none")
	}
}

func (c *compiler) objectiveDeclaration(pt *part) {
	pl := &c.f.players[pt.player]
	pt.obj = c.number(pt.body)
	if pl.obj == nil {
		pl.obj = pt
		return
	}
	_, line, _, _ := c.f.src.locate(pl.obj.pos)
	if !c.f.levels {
		c.f.note("%s is the objective, the first of the file; '%s' is left out", quoted(pl.obj.name), pt.name)
		return
	}
	who := "the leader"
	if pt.player > 0 {
		who = "follower " + pl.name
	}
	c.fail(pt.pos, "a second objective of "+who+", "+quoted(pt.name)+" after "+quoted(pl.obj.name)+" in line "+formatNumber(float64(line)), "one objective a player, or another follower by 'lower NAME;'")
}

func quoted(name string) string {
	if name == "" {
		return "one without a name"
	}
	return "'" + name + "'"
}

func (c *compiler) sosDeclaration(pt *part) {
	for _, item := range pt.items {
		c.inner(func() {
			var s sosCode
			if item.ix != nil {
				s.ix = c.indexing(item.ix)
			}
			s.v = c.number(item.v)
			if s.v.index == nil {
				c.fail(item.v.at(), "a member of an SOS1 set that is not a variable", "a variable")
			}
			s.weight = c.constant(item.weight, "a weight")
			pt.sos = append(pt.sos, s)
		})
	}
}

// checkScope checks that a follower's objective or constraint mentions only what the follower may use.
func (c *compiler) checkScope(pt *part) {
	if pt.kind != declObjective && pt.kind != declConstraint || pt.player == 0 {
		return
	}
	me := c.f.players[pt.player]
	if c.duals != noPos {
		c.fail(c.duals, "a dual in the problem of follower "+me.name, "its use in the leader's objective or constraints")
	}
	check := func(s *symbol, p pos) {
		for _, q := range s.parts {
			if q.player == 0 || q.player == pt.player || s.defined {
				return
			}
		}
		other := c.f.players[s.parts[0].player]
		if me.nash && other.nash {
			return
		}
		c.fail(p, "follower "+me.name+" uses the variable '"+s.name+"' of follower "+other.name, "independent followers, or a Nash game: 'lower "+me.name+" nash;' and 'lower "+other.name+" nash;'")
	}
	seen := map[*symbol]bool{}
	for _, m := range c.mentions {
		if seen[m.s] {
			continue
		}
		seen[m.s] = true
		check(m.s, m.p)
		for _, inner := range m.s.mentions {
			check(inner, m.p)
		}
	}
}
