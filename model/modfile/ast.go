package modfile

// node is an expression as it was written. Names are resolved later, when all of the file is known.
type node interface{ at() pos }

type (
	numberNode struct {
		p pos
		v float64
	}
	stringNode struct {
		p pos
		s string
	}
	// refNode is NAME, NAME[subs], or either with a suffix.
	refNode struct {
		p         pos
		name      string
		subs      []node
		subscript bool // there are brackets
		suffix    string
		suffixPos pos
	}
	unaryNode struct {
		p  pos
		op operator
		x  node
	}
	binaryNode struct {
		p    pos // of the operator
		op   operator
		x, y node
	}
	// sumNode is a chain of additions and subtractions: long ones would make a deep tree of binary nodes.
	sumNode struct {
		p     pos
		terms []node
		minus []bool
	}
	callNode struct {
		p    pos
		fn   string
		args []node
	}
	// reduceNode is sum, prod, min, max, exists, forall or setof over an indexing.
	reduceNode struct {
		p    pos
		op   string
		ix   *indexing
		body node
	}
	ifNode struct {
		p         pos
		cond      node
		then, els node // els is nil where there is none
	}
	tupleNode struct {
		p     pos
		elems []node
	}
	// setNode is {a, b, c}: a literal set, or the product of sets if its members turn out to be sets.
	setNode struct {
		p     pos
		elems []node
	}
	// builderNode is an indexing in the place of a set.
	builderNode struct {
		p  pos
		ix *indexing
	}
	rangeNode struct {
		p        pos
		from, to node
		by       node // nil: 1
	}
	// inNode is x in set, x not in set, set within set, set not within set.
	inNode struct {
		p      pos
		x      node
		set    node
		not    bool
		within bool
	}
)

func (n *numberNode) at() pos  { return n.p }
func (n *stringNode) at() pos  { return n.p }
func (n *refNode) at() pos     { return n.p }
func (n *unaryNode) at() pos   { return n.p }
func (n *binaryNode) at() pos  { return n.p }
func (n *sumNode) at() pos     { return n.p }
func (n *callNode) at() pos    { return n.p }
func (n *reduceNode) at() pos  { return n.p }
func (n *ifNode) at() pos      { return n.p }
func (n *tupleNode) at() pos   { return n.p }
func (n *setNode) at() pos     { return n.p }
func (n *builderNode) at() pos { return n.p }
func (n *rangeNode) at() pos   { return n.p }
func (n *inNode) at() pos      { return n.p }

// operator is an operator of one or two operands.
type operator uint8

const (
	opOr operator = iota
	opAnd
	opNot
	opLT
	opLE
	opEQ
	opNE
	opGE
	opGT
	opUnion
	opDiff
	opSymdiff
	opInter
	opCross
	opLess
	opMul
	opDiv
	opIntDiv
	opMod
	opPow
	opNeg
)

var operatorNames = [...]string{"or", "and", "not", "<", "<=", "=", "<>", ">=", ">", "union", "diff", "symdiff", "inter", "cross", "less", "*", "/", "div", "mod", "^", "-"}

func (o operator) String() string { return operatorNames[o] }

// indexing is {i in I, (j,k) in J, K: cond}.
type indexing struct {
	p       pos
	entries []indexEntry
	cond    node // nil: none
}

// indexEntry is one set of an indexing. Without names, pattern is nil.
type indexEntry struct {
	p       pos
	pattern []node
	set     node
}

// declKind is the kind of thing that a declaration declares.
type declKind uint8

const (
	declSet declKind = iota
	declParam
	declVar
	declObjective
	declConstraint
	declSOS
)

var declKindNames = [...]string{"set", "parameter", "variable", "objective", "constraint", "SOS1 set"}

func (k declKind) String() string { return declKindNames[k] }

// declaration is one statement that declares something. A name in brackets, member, declares a single member of a family.
type declaration struct {
	kind   declKind
	name   string
	pos    pos
	member []node
	ix     *indexing
	player int // of variables, objectives and constraints
	attrs  []attribute

	maximize bool // of objectives
	body     node // of objectives
	rule     *constraintRule
	items    []sosItem
}

// attribute is one phrase of a declaration: := e, >= e, integer, in S, ...
type attribute struct {
	pos  pos
	kind attributeKind
	rel  operator
	e    node
}

type attributeKind uint8

const (
	attrAssign   attributeKind = iota // :=
	attrEquals                        // =
	attrDefault                       // default
	attrRelation                      // >= and the like
	attrIn                            // in S, within S
	attrInteger
	attrBinary
	attrSymbolic
	attrDimen
	attrOrdered
	attrCircular
)

// relation is e1 rel e2 or e1 rel e2 rel e3, or a single expression (the partner of a two-sided one in complements).
type relation struct {
	pos   pos
	sides []node
	ops   []operator
}

// constraintRule is what a constraint says.
type constraintRule struct {
	first  relation
	second *relation // after complements
	pos    pos       // of complements or ==>
	when   node      // the condition before ==>
}

// sosItem is one phrase of a statement sos1: {indexing} variable: weight.
type sosItem struct {
	ix     *indexing
	v      node
	weight node
}

// command is a statement that acts when the model is instantiated.
type command interface{ at() pos }

type (
	letCommand struct {
		p      pos
		ix     *indexing
		target *refNode
		value  node
	}
	fixCommand struct {
		p      pos
		unfix  bool
		ix     *indexing
		target *refNode
		value  node // nil: the start value
	}
	forCommand struct {
		p    pos
		ix   *indexing
		body []command
	}
	ifCommand struct {
		p         pos
		cond      node
		then, els []command
	}
	checkCommand struct {
		p        pos
		ix       *indexing
		cond     node
		deferred bool // stands in the model section, outside of other commands: evaluated at the end
	}
)

func (c *letCommand) at() pos   { return c.p }
func (c *fixCommand) at() pos   { return c.p }
func (c *forCommand) at() pos   { return c.p }
func (c *ifCommand) at() pos    { return c.p }
func (c *checkCommand) at() pos { return c.p }
