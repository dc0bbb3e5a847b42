package modfile

import "math"

// command compiles a command to what it does.
func (c *compiler) command(cmd command) func(in *instance) {
	switch cmd := cmd.(type) {
	case *dataBlock:
		return func(in *instance) { in.take(cmd) }
	case *letCommand:
		return c.let(cmd)
	case *fixCommand:
		return c.fix(cmd)
	case *forCommand:
		var run func(in *instance)
		c.inner(func() {
			ix := c.indexing(cmd.ix)
			body := c.commands(cmd.body)
			run = func(in *instance) {
				ix.run(in, 0, func() bool {
					body(in)
					return true
				})
			}
		})
		return run
	case *ifCommand:
		cond, then, els := c.condition(cmd.cond), c.commands(cmd.then), c.commands(cmd.els)
		return func(in *instance) {
			in.step()
			if cond(in) {
				then(in)
			} else {
				els(in)
			}
		}
	case *checkCommand:
		return c.check(cmd)
	}
	return nil
}

func (c *compiler) commands(list []command) func(in *instance) {
	var runs []func(in *instance)
	for _, cmd := range list {
		runs = append(runs, c.command(cmd))
	}
	return func(in *instance) {
		for _, run := range runs {
			in.step()
			run(in)
		}
	}
}

// each runs an action for the members of an optional indexing.
func (c *compiler) each(n *indexing, compile func() func(in *instance)) func(in *instance) {
	if n == nil {
		return compile()
	}
	var run func(in *instance)
	c.inner(func() {
		ix := c.indexing(n)
		act := compile()
		run = func(in *instance) {
			ix.run(in, 0, func() bool {
				act(in)
				return true
			})
		}
	})
	return run
}

func (c *compiler) check(cmd *checkCommand) func(in *instance) {
	return c.each(cmd.ix, func() func(in *instance) {
		cond, p, sc := c.condition(cmd.cond), cmd.cond.at(), c.scope
		return func(in *instance) {
			if !cond(in) {
				in.failScoped(p, sc, "the check fails", "data for which the condition holds")
			}
		}
	})
}

// targetOf finds what a command acts on.
func (c *compiler) targetOf(t *refNode) *symbol {
	if !t.subscript && t.suffix == "" && c.scope.find(t.name) != nil {
		c.fail(t.p, "the dummy index '"+t.name+"' cannot be assigned to", "a parameter, set or variable")
	}
	s := c.f.symbols[t.name]
	if s == nil {
		c.fail(t.p, "there is no '"+shorten(t.name)+"' to assign to", "a parameter, set or variable that is declared"+c.f.similar(t.name))
	}
	if s.order >= c.order {
		_, line, _, _ := c.f.src.locate(s.pos)
		c.fail(t.p, "'"+s.name+"' is declared later, in line "+formatNumber(float64(line)), "the command after the declaration")
	}
	return s
}

func (c *compiler) let(cmd *letCommand) func(in *instance) {
	return c.each(cmd.ix, func() func(in *instance) {
		t := cmd.target
		s := c.targetOf(t)
		if t.suffix != "" {
			return c.letSuffix(cmd, s)
		}
		p := t.p
		switch {
		case s.kind == declSet:
			return c.letSet(cmd, s)
		case s.kind == declParam:
			if s.constant {
				c.fail(p, "'let' on the parameter '"+s.name+"', which is declared with '='", "':=' or 'default' in its declaration")
			}
			subs := c.subscripts(t, s)
			if s.symbolic {
				e := c.element(cmd.value)
				return func(in *instance) {
					var buf [8]element
					key := in.key(buf[:0], subs)
					in.letParam(s, key, 0, e.elem(in), p)
				}
			}
			e := c.constant(cmd.value, "a command")
			return func(in *instance) {
				var buf [8]element
				key := append([]element(nil), in.key(buf[:0], subs)...)
				in.letParam(s, key, e.num(in), 0, p)
			}
		case s.kind == declVar && !s.defined:
			subs := c.subscripts(t, s)
			e := c.constant(cmd.value, "a command")
			return func(in *instance) {
				var buf [8]element
				key := append([]element(nil), in.key(buf[:0], subs)...)
				in.letVar(s, key, e.num(in), p)
			}
		}
		what := article(s.kind)
		if s.defined {
			what = "a defined variable"
		}
		c.fail(p, "'let' on '"+s.name+"', which is "+what, "a parameter, set or variable, or a suffix such as '"+s.name+".reform'")
		return nil
	})
}

// letSet compiles let on a set. Growing a set by let S := S union e adds to it in place, so that a loop of such commands takes linear time.
func (c *compiler) letSet(cmd *letCommand, s *symbol) func(in *instance) {
	if s.constant {
		c.fail(cmd.target.p, "'let' on the set '"+s.name+"', which is declared with '='", "':=' or 'default' in its declaration")
	}
	subs := c.subscripts(cmd.target, s)
	value := c.set(cmd.value)
	if dim := c.f.dimension(s); value.dim >= 0 && value.dim != dim {
		c.fail(cmd.value.at(), "members of "+plural(value.dim, "component")+" for the set '"+s.name+"', which has "+formatNumber(float64(dim)), "")
	}
	p := cmd.target.p
	if b, ok := cmd.value.(*binaryNode); ok && b.op == opUnion && len(subs) == 0 {
		if r, ok := b.x.(*refNode); ok && r.name == s.name && !r.subscript && c.scope.find(r.name) == nil {
			more := c.set(b.y)
			return func(in *instance) { in.growSet(s, value, more, p) }
		}
	}
	return func(in *instance) {
		var buf [8]element
		key := append([]element(nil), in.key(buf[:0], subs)...)
		t := value.eval(in)
		in.charge(t.n)
		in.letSet(s, key, t.clone(), p)
	}
}

func (c *compiler) fix(cmd *fixCommand) func(in *instance) {
	return c.each(cmd.ix, func() func(in *instance) {
		t := cmd.target
		s := c.targetOf(t)
		if s.kind != declVar || s.defined || t.suffix != "" {
			word := "'fix'"
			if cmd.unfix {
				word = "'unfix'"
			}
			what := article(s.kind)
			if s.defined {
				what = "a defined variable"
			}
			c.fail(t.p, word+" on '"+s.name+"', which is "+what, "a variable")
		}
		subs := c.subscripts(t, s)
		p := t.p
		if cmd.value == nil {
			return func(in *instance) {
				var buf [8]element
				in.fixVar(s, in.key(buf[:0], subs), cmd.unfix, false, p)
			}
		}
		e := c.constant(cmd.value, "a command")
		return func(in *instance) {
			var buf [8]element
			key := append([]element(nil), in.key(buf[:0], subs)...)
			in.letVar(s, key, e.num(in), p)
			in.fixVar(s, key, false, true, p)
		}
	})
}

// letSuffix compiles let NAME.suffix := e.
func (c *compiler) letSuffix(cmd *letCommand, s *symbol) func(in *instance) {
	t := cmd.target
	plain := *t
	plain.suffix = ""
	allowed := false
	switch t.suffix {
	case "reform", "dualbound", "slackbound":
		allowed = s.kind == declConstraint || s.kind == declVar && !s.defined
	case "member":
		allowed = s.kind == declConstraint
	case "sosno", "ref":
		allowed = s.kind == declVar && !s.defined
	default:
		c.fail(t.suffixPos, "there is no suffix '."+shorten(t.suffix)+"' to assign to", ".reform, .dualbound, .slackbound, .member, .sosno or .ref")
	}
	if !allowed {
		c.fail(t.p, "the suffix '."+t.suffix+"' on "+article(s.kind), "a constraint or variable")
	}
	subs := c.subscripts(&plain, s)
	p, suffix := t.p, t.suffix
	if suffix == "reform" {
		e := c.compile(cmd.value)
		if e.kind != kindSymbolic && e.kind != kindElement {
			c.fail(cmd.value.at(), e.kind.String()+" for the suffix '.reform'", "a string such as \"sos1\"")
		}
		return func(in *instance) {
			var buf [8]element
			v := in.el.value(e.elem(in))
			if v.number {
				in.fail(p, "a number for the suffix '.reform'", "a string such as \"sos1\"")
			}
			in.steer(s, in.key(buf[:0], subs), suffix, v.text, 0, p)
		}
	}
	e := c.constant(cmd.value, "a command")
	return func(in *instance) {
		var buf [8]element
		v := e.num(in)
		if suffix == "dualbound" || suffix == "slackbound" {
			if !(v >= 0) || math.IsInf(v, 0) {
				in.fail(p, "the value "+formatNumber(v)+" for the suffix '."+suffix+"'", "a finite number of at least 0")
			}
		}
		in.steer(s, in.key(buf[:0], subs), suffix, "", v, p)
	}
}
