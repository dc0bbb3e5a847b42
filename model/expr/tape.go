package expr

import (
	"fmt"
	"math"
	"slices"
)

// code is the operation of an instruction. Codes below numOps are that [Op] with
// one argument (unary functions) or two; the rest are special cases that are faster.
type code uint8

const (
	codeAdd     = code(numOps) + iota // v[a] + v[b]
	codeSub                           // v[a] - v[b]
	codeShift                         // k + k2*v[a]
	codeLinear2                       // k + k2*v[a] + k3*v[b]
	codeSum                           // k + sum of terms a to b
	codeSquare                        // v[a]^2
	codeCube                          // v[a]^3
	codePowInt                        // v[a]^b, b a small integer, neither 0, 1, 2 nor 3
	codePowReal                       // v[a]^k
	codeExpBase                       // k^v[a], k > 0, k2 = log k
	codeRound2                        // v[a] rounded to v[b] decimals
	codeTrunc2                        // v[a] cut off after v[b] decimals
)

// instr computes one slot of the value array from earlier ones.
type instr struct {
	op        code
	dst       int32
	a, b, c   int32 // argument slots, or the range of terms
	k, k2, k3 float64
}

// linearTerm is one summand of a codeSum instruction.
type linearTerm struct {
	slot int32
	coef float64
}

// Tape is a compiled set of functions, its roots. It never changes after
// [DAG.Compile] and may be used by several goroutines, each with a [Workspace].
//
// Values live in slots: first the variables that occur, then the constants that
// are operands, then one for each instruction. The instruction at index i writes
// slot base+i.
type Tape struct {
	vars   []int // slot -> index of the model's variable
	consts []float64
	code   []instr
	terms  []linearTerm
	roots  []int32 // root -> slot
	base   int32   // first slot of an instruction
	slots  int32
	width  int     // least length of a point: largest variable index plus one
	all    []int32 // instructions that carry a derivative, last first

	jac  *jacobianPlan
	hess *hessianPlan
}

// Compile translates roots into a tape. Instructions are shared among the roots.
// Besides the instructions it plans the sparse Jacobian and Hessian: time and memory
// are about linear in the size of the roots and of these matrices.
func (d *DAG) Compile(roots []Node) *Tape {
	t := d.compileValues(roots)
	t.jac = planJacobian(t)
	t.hess = planHessian(t)
	return t
}

// compileValues is Compile without derivatives.
func (d *DAG) compileValues(roots []Node) *Tape {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, roots...)
	c := compiler{d: d, t: &Tape{}, slot: make(map[float64]int32)}
	c.slots(order)
	for _, n := range order {
		c.partial[n-c.low] = d.partial(n, func(a Node) bool { return c.partial[a-c.low] })
		if r := &d.nodes[n]; r.op != OpConst && r.op != OpVar {
			c.place[n-c.low] = c.emit(n)
		}
	}
	t := c.t
	t.slots = t.base + int32(len(t.code))
	for _, r := range roots {
		t.roots = append(t.roots, c.place[r-c.low])
	}
	t.all = t.differentiable()
	return t
}

// NumRoots returns the number of functions, NumInstructions that of the operations.
func (t *Tape) NumRoots() int { return len(t.roots) }

// NumInstructions returns the number of operations of one evaluation.
func (t *Tape) NumInstructions() int { return len(t.code) }

// Vars returns the indices of the variables that occur in the roots, ascending; a
// view that must not be modified.
func (t *Tape) Vars() []int { return t.vars }

// Width returns the least length of a point x, of a gradient and of a box: one more
// than the largest variable index.
func (t *Tape) Width() int { return t.width }

type compiler struct {
	d     *DAG
	t     *Tape
	place []int32 // node-low -> slot
	low   Node
	// partial marks the nodes at and below which some operation has no value for a part of its arguments.
	partial []bool
	slot    map[float64]int32 // constants needed by expanded operations
}

// slots gives variables and constants their places. Constants inside sums and
// exponents need none but get one: they are few, for each is stored once.
func (c *compiler) slots(order []Node) {
	if len(order) == 0 {
		return
	}
	d, t := c.d, c.t
	c.low = order[0]
	c.place = make([]int32, order[len(order)-1]-c.low+1)
	c.partial = make([]bool, len(c.place))
	var vars, consts []Node
	for _, n := range order {
		switch d.nodes[n].op {
		case OpVar:
			vars = append(vars, n)
		case OpConst:
			consts = append(consts, n)
		}
	}
	slices.SortFunc(vars, func(a, b Node) int { return d.VarIndex(a) - d.VarIndex(b) })
	for k, n := range vars {
		v := d.VarIndex(n)
		c.place[n-c.low] = int32(k)
		t.vars = append(t.vars, v)
		t.width = v + 1
	}
	for _, n := range consts {
		c.place[n-c.low] = int32(len(t.vars) + len(t.consts))
		t.consts = append(t.consts, d.nodes[n].val)
	}
	t.base = int32(len(t.vars) + len(t.consts))
}

func (c *compiler) add(in instr) int32 {
	in.dst = c.t.base + int32(len(c.t.code))
	c.t.code = append(c.t.code, in)
	return in.dst
}

// distinct returns b, or a copy of it if a is the same slot: second derivatives
// assume that an instruction's two arguments differ.
func (c *compiler) distinct(a, b int32) int32 {
	if a == b {
		return c.add(instr{op: codeShift, a: b, k2: 1})
	}
	return b
}

// emit appends the instructions of n and returns the slot of its value.
func (c *compiler) emit(n Node) int32 {
	d := c.d
	args := d.Args(n)
	at := func(k int) int32 { return c.place[args[k]-c.low] }
	switch op := d.Op(n); op {
	case OpSum:
		return c.emitSum(n, args)
	case OpMul, OpMin, OpMax:
		acc := at(0)
		for k := range args[1:] {
			acc = c.add(instr{op: code(op), a: acc, b: c.distinct(acc, at(k+1))})
		}
		return acc
	case OpPow:
		if k, ok := d.IsConst(args[1]); ok {
			return c.emitPower(at(0), k)
		}
		if k, ok := d.IsConst(args[0]); ok && k > 0 && isFinite(k) {
			return c.add(instr{op: codeExpBase, a: at(1), k: k, k2: math.Log(k)})
		}
		return c.add(instr{op: code(op), a: at(0), b: c.distinct(at(0), at(1))})
	case OpIf:
		then := at(1)
		in := instr{op: code(op), a: then, b: c.distinct(then, at(2)), c: at(0)}
		if c.partial[args[0]-c.low] {
			in.k = 1
		}
		return c.add(in)
	case OpRound, OpTrunc:
		if len(args) == 2 {
			two := codeRound2
			if op == OpTrunc {
				two = codeTrunc2
			}
			return c.add(instr{op: two, a: at(0), b: at(1)})
		}
		return c.add(instr{op: code(op), a: at(0)})
	default:
		in := instr{op: code(op), a: at(0)}
		if len(args) > 1 {
			in.b = c.distinct(at(0), at(1))
		}
		if op.IsLogical() && c.partial[n-c.low] {
			in.k = 1
		}
		return c.add(in)
	}
}

func (c *compiler) emitSum(n Node, args []Node) int32 {
	d, t := c.d, c.t
	k, coefs := d.Value(n), d.Coefs(n)
	a := c.place[args[0]-c.low]
	switch len(args) {
	case 1:
		return c.add(instr{op: codeShift, a: a, k: k, k2: coefs[0]})
	case 2:
		b := c.place[args[1]-c.low]
		switch {
		case k == 0 && coefs[0] == 1 && coefs[1] == 1:
			return c.add(instr{op: codeAdd, a: a, b: b})
		case k == 0 && coefs[0] == 1 && coefs[1] == -1:
			return c.add(instr{op: codeSub, a: a, b: b})
		case k == 0 && coefs[0] == -1 && coefs[1] == 1:
			return c.add(instr{op: codeSub, a: b, b: a})
		}
		return c.add(instr{op: codeLinear2, a: a, b: b, k: k, k2: coefs[0], k3: coefs[1]})
	}
	from := int32(len(t.terms))
	for j, arg := range args {
		t.terms = append(t.terms, linearTerm{c.place[arg-c.low], coefs[j]})
	}
	return c.add(instr{op: codeSum, a: from, b: int32(len(t.terms)), k: k})
}

func (c *compiler) emitPower(a int32, k float64) int32 {
	switch {
	case k == 2:
		return c.add(instr{op: codeSquare, a: a})
	case k == 3:
		return c.add(instr{op: codeCube, a: a})
	case k == math.Trunc(k) && math.Abs(k) <= maxIntPower:
		return c.add(instr{op: codePowInt, a: a, b: int32(k), k: k})
	}
	return c.add(instr{op: codePowReal, a: a, k: k})
}

// isFlat reports whether an instruction has no derivative.
func (op code) isFlat() bool {
	return op < code(numOps) && Op(op).isFlat() || op == codeRound2 || op == codeTrunc2
}

// isAffine reports whether the derivative of an instruction is constant.
func (op code) isAffine() bool { return op >= codeAdd && op <= codeSum }

// hasTwoArgs reports whether the slots a and b are both differentiated.
func (op code) hasTwoArgs() bool {
	switch Op(op) {
	case OpMul, OpDiv, OpPow, OpAtan2, OpMod, OpLess, OpMin, OpMax, OpIf:
		return true
	}
	return op == codeAdd || op == codeSub || op == codeLinear2
}

// eachArg calls f for every slot that the instruction's derivative reaches; coef is
// the derivative if it is constant.
func (t *Tape) eachArg(in *instr, f func(slot int32, coef float64)) {
	switch {
	case in.op.isFlat():
	case in.op == codeSum:
		for _, term := range t.terms[in.a:in.b] {
			f(term.slot, term.coef)
		}
	case in.op == codeAdd:
		f(in.a, 1)
		f(in.b, 1)
	case in.op == codeSub:
		f(in.a, 1)
		f(in.b, -1)
	case in.op == codeShift:
		f(in.a, in.k2)
	case in.op == codeLinear2:
		f(in.a, in.k2)
		f(in.b, in.k3)
	case in.op.hasTwoArgs():
		f(in.a, 0)
		f(in.b, 0)
	default:
		f(in.a, 0)
	}
}

// isVar reports whether a slot is a variable.
func (t *Tape) isVar(slot int32) bool { return int(slot) < len(t.vars) }

// differentiable returns the instructions through which a derivative reaches a
// variable, last first.
func (t *Tape) differentiable() []int32 {
	depends := t.dependsOnVar()
	var list []int32
	for i := len(t.code) - 1; i >= 0; i-- {
		if depends[t.base+int32(i)] {
			list = append(list, int32(i))
		}
	}
	return list
}

// dependsOnVar marks the slots whose derivative with respect to some variable is
// not structurally zero.
func (t *Tape) dependsOnVar() []bool {
	depends := make([]bool, t.slots)
	for s := range t.vars {
		depends[s] = true
	}
	for i := range t.code {
		in := &t.code[i]
		t.eachArg(in, func(slot int32, _ float64) {
			if depends[slot] {
				depends[in.dst] = true
			}
		})
	}
	return depends
}

func (t *Tape) check(what string, got, want int) {
	if got < want {
		panic(fmt.Sprintf("expr: %s has %d entries, the tape needs %d", what, got, want))
	}
}
