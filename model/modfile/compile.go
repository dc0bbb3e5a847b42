package modfile

import "github.com/gobilevel/bilevel/model"

// codeKind is what an expression stands for.
type codeKind uint8

const (
	kindNumber    codeKind = iota
	kindSymbolic           // a string
	kindElement            // a number or a string, known when it is evaluated
	kindCondition          // true or false
	kindSet
	kindTuple
)

var codeKindNames = [...]string{"a number", "a string", "a number or string", "a condition", "a set", "a tuple"}

func (k codeKind) String() string { return codeKindNames[k] }

// code is a compiled expression: functions that evaluate it in an instance. Which of them are set depends on the kind, and on whether
// variables stand in it (vars): then it is a function of the model's variables, added to an accumulator.
type code struct {
	p     pos
	kind  codeKind
	vars  bool
	fixed bool // the number val, known already
	val   float64
	slot  int // the slot of a dummy index, or -1

	num   func(in *instance) float64
	elem  func(in *instance) element
	cond  func(in *instance) bool
	add   func(in *instance, acc *model.Accumulator, c float64)
	node  func(in *instance) nodeID // a condition with variables
	index func(in *instance) int    // exactly one variable: its number
	set   *setCode
	tuple []*code
}

// scope is the dummy indices in force, the innermost first.
type scope struct {
	name string
	slot int
	over *setCode // the set that the index runs over, where it has one component
	next *scope
}

func (s *scope) find(name string) *scope {
	for ; s != nil; s = s.next {
		if s.name == name {
			return s
		}
	}
	return nil
}

// compiler compiles the expressions of one declaration or command.
type compiler struct {
	f      *File
	scope  *scope
	slots  int
	frame  int // most slots in use
	order  int // declarations before the one that is compiled
	part   *part
	values bool // variables stand for their start values (in commands)

	uses     map[*symbol]bool
	mentions []mention
	duals    pos // where a dual is mentioned, noPos
}

// mention is a variable in an expression.
type mention struct {
	s *symbol
	p pos
}

func (f *File) newCompiler(order int) *compiler {
	return &compiler{f: f, order: order, duals: noPos}
}

func (c *compiler) fail(p pos, message, expected string) {
	panic(bailout{c.f.src.errorAt(p, message, expected)})
}

// use notes that the value depends on a set or parameter.
func (c *compiler) use(s *symbol) {
	if c.uses == nil {
		c.uses = map[*symbol]bool{}
	}
	c.uses[s] = true
}

// bind makes a dummy index and returns its slot.
func (c *compiler) bind(name string, over *setCode) int {
	slot := c.slots
	c.slots++
	c.frame = max(c.frame, c.slots)
	if name != "" {
		c.scope = &scope{name: name, slot: slot, over: over, next: c.scope}
	}
	return slot
}

// inner compiles something inside of a scope of its own.
func (c *compiler) inner(do func()) {
	scope, slots := c.scope, c.slots
	do()
	c.scope, c.slots = scope, slots
}

// compile compiles an expression of any kind.
func (c *compiler) compile(n node) *code {
	switch n := n.(type) {
	case *numberNode:
		return numberCode(n.p, n.v)
	case *stringNode:
		e := c.f.elements.text(n.s)
		return &code{p: n.p, kind: kindSymbolic, slot: -1, elem: func(*instance) element { return e }}
	case *refNode:
		return c.reference(n)
	case *unaryNode:
		if n.op == opNot {
			return c.negation(n)
		}
		return c.negative(n)
	case *binaryNode:
		switch {
		case n.op <= opAnd:
			return c.junction(n)
		case n.op >= opLT && n.op <= opGT:
			return c.comparison(n)
		case n.op >= opUnion && n.op <= opCross:
			return c.setCode(c.setOperation(n))
		}
		return c.arithmetic(n)
	case *sumNode:
		return c.chain(n)
	case *callNode:
		return c.call(n)
	case *reduceNode:
		switch n.op {
		case "exists", "forall":
			return c.quantifier(n)
		case "setof":
			return c.setCode(c.setof(n))
		}
		return c.reduction(n)
	case *ifNode:
		return c.conditional(n)
	case *tupleNode:
		t := &code{p: n.p, kind: kindTuple, slot: -1}
		for _, e := range n.elems {
			t.tuple = append(t.tuple, c.element(e))
		}
		return t
	case *setNode:
		return c.setCode(c.setLiteral(n))
	case *builderNode:
		return c.setCode(c.builder(n))
	case *rangeNode:
		return c.setCode(c.rangeSet(n))
	case *inNode:
		return c.membership(n)
	}
	c.fail(n.at(), "this has no meaning here", "")
	return nil
}

func numberCode(p pos, v float64) *code {
	return &code{p: p, kind: kindNumber, fixed: true, val: v, slot: -1, num: func(*instance) float64 { return v }}
}

func (c *compiler) setCode(s *setCode) *code { return &code{p: s.p, kind: kindSet, set: s, slot: -1} }

// reference compiles a name.
func (c *compiler) reference(n *refNode) *code {
	if n.suffix != "" {
		return c.suffixed(n)
	}
	if !n.subscript {
		if b := c.scope.find(n.name); b != nil {
			return dummyCode(n.p, b.slot)
		}
	}
	s := c.f.symbols[n.name]
	if s == nil {
		if n.name == "Infinity" && !n.subscript {
			return numberCode(n.p, inf)
		}
		c.fail(n.p, "there is no '"+shorten(n.name)+"'", "a set, parameter or variable that is declared"+c.f.similar(n.name))
	}
	switch s.kind {
	case declSet:
		c.use(s)
		return c.setCode(c.namedSet(n, s))
	case declParam:
		c.use(s)
		return c.parameter(n, s)
	case declVar:
		return c.variable(n, s)
	}
	c.fail(n.p, "'"+s.name+"' is "+article(s.kind)+" and has no value here", "a set, parameter or variable, or '"+s.name+".dual' for the multiplier of a follower's constraint")
	return nil
}

func article(k declKind) string {
	switch k {
	case declObjective, declSOS:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// dummyCode is a dummy index.
func dummyCode(p pos, slot int) *code {
	return &code{p: p, kind: kindElement, slot: slot,
		elem: func(in *instance) element { return in.fr[slot] },
		num: func(in *instance) float64 {
			e := in.fr[slot]
			if e&elementTable == 0 {
				return float64(int64(e) - elementBias)
			}
			return in.number(e, p)
		},
	}
}

// subscripts compiles the subscripts of a member of a family.
func (c *compiler) subscripts(n *refNode, s *symbol) []*code {
	want := c.f.arity(s)
	if len(n.subs) != want {
		what := s.kind.String() + " '" + s.name + "'"
		if !n.subscript {
			c.fail(n.p, "the "+what+" without its "+plural(want, "subscript"), "'"+s.name+"["+subscriptHint(want)+"]'")
		}
		if want == 0 {
			c.fail(n.p, "a subscript on the "+what+", which has none", "'"+s.name+"'")
		}
		c.fail(n.p, plural(len(n.subs), "subscript")+" on the "+what+", which has "+formatNumber(float64(want)), "'"+s.name+"["+subscriptHint(want)+"]'")
	}
	subs := make([]*code, len(n.subs))
	for k, e := range n.subs {
		subs[k] = c.element(e)
	}
	return subs
}

func subscriptHint(n int) string {
	const letters = "ijklmnpq"
	b := make([]byte, 0, 16)
	for k := 0; k < n && k < len(letters); k++ {
		if k > 0 {
			b = append(b, ',')
		}
		b = append(b, letters[k])
	}
	return string(b)
}

// parameter compiles the value of a parameter.
func (c *compiler) parameter(n *refNode, s *symbol) *code {
	subs := c.subscripts(n, s)
	p, sc := n.p, c.scope
	out := &code{p: p, kind: kindNumber, slot: -1}
	if s.symbolic {
		out.kind = kindElement
		out.elem = func(in *instance) element {
			var buf [8]element
			return in.symbolic(s, in.key(buf[:0], subs), p, sc)
		}
		elem := out.elem
		out.num = func(in *instance) float64 { return in.number(elem(in), p) }
		return out
	}
	switch len(subs) {
	case 0:
		out.num = func(in *instance) float64 {
			st := &in.params[s.id]
			if st.tab != nil && st.tab.n > 0 {
				return st.num[0]
			}
			return in.param(s, nil, p, sc)
		}
	case 1:
		a := subs[0].elem
		out.num = func(in *instance) float64 {
			e := a(in)
			st := &in.params[s.id]
			if st.tab != nil {
				if i := st.tab.find1(e); i >= 0 {
					return st.num[i]
				}
			}
			return in.param(s, []element{e}, p, sc)
		}
	case 2:
		a, b := subs[0].elem, subs[1].elem
		out.num = func(in *instance) float64 {
			e, g := a(in), b(in)
			st := &in.params[s.id]
			if st.tab != nil {
				if i := st.tab.find2(e, g); i >= 0 {
					return st.num[i]
				}
			}
			return in.param(s, []element{e, g}, p, sc)
		}
	default:
		out.num = func(in *instance) float64 {
			var buf [8]element
			key := in.key(buf[:0], subs)
			st := &in.params[s.id]
			if st.tab != nil {
				if i := st.tab.find(key); i >= 0 {
					return st.num[i]
				}
			}
			return in.param(s, append([]element(nil), key...), p, sc)
		}
	}
	return out
}

// number compiles an expression that has to be a number, with variables or without.
func (c *compiler) number(n node) *code {
	e := c.compile(n)
	switch e.kind {
	case kindNumber, kindElement:
		return e
	}
	c.fail(n.at(), e.kind.String()+" where a number is needed", "a number")
	return nil
}

// constant compiles a number without variables.
func (c *compiler) constant(n node, what string) *code {
	e := c.number(n)
	if e.vars {
		c.fail(n.at(), "a variable in "+what, "an expression of numbers and parameters")
	}
	return e
}

// element compiles a number or string without variables, as a subscript or a member of a set.
func (c *compiler) element(n node) *code {
	e := c.compile(n)
	switch e.kind {
	case kindSymbolic, kindElement:
		return e
	case kindNumber:
		if e.vars {
			c.fail(n.at(), "a variable in a subscript or in a member of a set", "an expression of numbers, strings and parameters")
		}
		if e.elem == nil {
			num, p := e.num, n.at()
			e.elem = func(in *instance) element { return in.elementOf(num(in), p) }
			if e.fixed && e.val-e.val == 0 {
				el := c.f.elements.number(e.val)
				e.elem = func(*instance) element { return el }
			}
		}
		return e
	}
	c.fail(n.at(), e.kind.String()+" where a number or string is needed", "a number or string")
	return nil
}

// condition compiles a condition without variables; a number is true where it is not 0.
func (c *compiler) condition(n node) func(in *instance) bool {
	e := c.conditionCode(n)
	if e.vars {
		c.fail(n.at(), "a variable in a condition", "a condition on sets and parameters")
	}
	return e.cond
}

// conditionCode compiles a condition, with variables or without.
func (c *compiler) conditionCode(n node) *code {
	e := c.compile(n)
	switch e.kind {
	case kindCondition:
		return e
	case kindNumber, kindElement:
		return truthCode(e)
	}
	c.fail(n.at(), e.kind.String()+" where a condition is needed", "a comparison, 'in', 'and', 'or', 'not', exists or forall")
	return nil
}

// truthCode is a number as a condition.
func truthCode(e *code) *code {
	t := &code{p: e.p, kind: kindCondition, slot: -1, vars: e.vars}
	if e.vars {
		t.node = func(in *instance) nodeID { return in.node(e) }
		return t
	}
	num := e.num
	t.cond = func(in *instance) bool { return num(in) != 0 }
	return t
}
