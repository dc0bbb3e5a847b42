package expr

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ErrTooLong is returned when an expression written out would have more than
// [PrintLimit] operations, which happens when subexpressions are shared many times over.
var ErrTooLong = errors.New("expression too long to write out")

// PrintLimit is the number of operations and operands above which [DAG.Print] refuses.
const PrintLimit = 1 << 24

// String returns n in AMPL syntax, with the parentheses that are needed and the
// shortest numbers that read back equal. A nil name calls variable i "x[i]". A
// subexpression used twice is written twice; if that makes the text longer than
// [PrintLimit], a sentence in angle brackets stands in its place (see [DAG.Print]).
func (d *DAG) String(n Node, name func(v int) string) string {
	var b strings.Builder
	if err := d.Print(&b, n, name, nil); err != nil {
		return "<" + err.Error() + ">"
	}
	return b.String()
}

// Print writes n in AMPL syntax. Nodes in shared, other than n itself, are written
// by the name given there, for instance that of a defined variable ([DAG.Shared]
// finds those worth naming). The error is the writer's, or wraps [ErrTooLong].
func (d *DAG) Print(w io.Writer, n Node, name func(v int) string, shared map[Node]string) error {
	if size := d.printedSize(n, shared); size > PrintLimit {
		return fmt.Errorf("%w: %.3g operations, %d of them distinct; name the shared ones", ErrTooLong, size, d.Size(n))
	}
	if name == nil {
		name = func(v int) string { return "x[" + strconv.Itoa(v) + "]" }
	}
	out, buffered := w.(*strings.Builder)
	if buffered {
		p := printer{d: d, w: out, name: name, shared: shared, root: n}
		return p.run(n)
	}
	b := bufio.NewWriter(w)
	p := printer{d: d, w: b, name: name, shared: shared, root: n}
	if err := p.run(n); err != nil {
		return err
	}
	return b.Flush()
}

// printedSize returns the number of nodes of n written out as a tree.
func (d *DAG) printedSize(n Node, shared map[Node]string) float64 {
	s := acquire(d)
	defer s.release()
	size := s.floats(d)
	for _, m := range s.walk(d, n) {
		size[m] = 1
		if _, ok := shared[m]; ok && m != n {
			continue
		}
		for _, a := range d.Args(m) {
			size[m] += size[a]
		}
	}
	return size[n]
}

// Shared returns the nodes below roots that a printer may want to name: operations
// used more than once, by other nodes or as roots, ascending, so that each one only
// needs those before it. Left out are negations and multiples of a variable.
func (d *DAG) Shared(roots []Node) []Node {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, roots...)
	uses := s.floats(d)
	for _, m := range order {
		uses[m] = 0
	}
	for _, m := range order {
		for _, a := range d.Args(m) {
			uses[a]++
		}
	}
	for _, r := range roots {
		uses[r]++
	}
	var out []Node
	for _, m := range order {
		_, base := d.scaled(m)
		if uses[m] > 1 && d.nodes[base].num > 0 {
			out = append(out, m)
		}
	}
	return out
}

// Binding strength of AMPL's operators, weakest first. Mod and div bind like
// products in AMPL; their own level here makes them stand in parentheses there.
const (
	bindIf = iota
	bindOr
	bindAnd
	bindNot
	bindCompare
	bindAdd
	bindMod
	bindMul
	bindPow
	bindAtom
)

type stringWriter interface{ WriteString(string) (int, error) }

// task is a piece of text, or a node still to be written in a place that needs at
// least the given binding strength.
type task struct {
	text    string
	node    Node
	bind    int8
	logical bool // the place takes a truth value
}

type printer struct {
	d      *DAG
	w      stringWriter
	name   func(v int) string
	shared map[Node]string
	root   Node
	stack  []task
	pieces []task // what the node at hand is written as, in order
}

func (p *printer) run(n Node) error {
	p.stack = append(p.stack, task{node: n, logical: false})
	for len(p.stack) > 0 {
		t := p.stack[len(p.stack)-1]
		p.stack = p.stack[:len(p.stack)-1]
		if t.text != "" {
			if _, err := p.w.WriteString(t.text); err != nil {
				return err
			}
			continue
		}
		p.pieces = p.pieces[:0]
		p.expand(t)
		for k := len(p.pieces) - 1; k >= 0; k-- {
			p.stack = append(p.stack, p.pieces[k])
		}
	}
	return nil
}

func (p *printer) text(s string) {
	if s != "" {
		p.pieces = append(p.pieces, task{text: s})
	}
}

// number writes n where a number is wanted, condition where a truth value is.
func (p *printer) number(n Node, bind int8) {
	p.pieces = append(p.pieces, task{node: n, bind: bind})
}

func (p *printer) condition(n Node, bind int8) {
	p.pieces = append(p.pieces, task{node: n, bind: bind, logical: true})
}

// enclosed writes body, in parentheses if it binds less than needed.
func (p *printer) enclosed(own, needed int8, body func()) {
	if own < needed {
		p.text("(")
		defer p.text(")")
	}
	body()
}

// expand replaces a node by its pieces.
func (p *printer) expand(t task) {
	d, n := p.d, t.node
	if s, ok := p.shared[n]; ok && n != p.root {
		if t.logical {
			p.enclosed(bindCompare, t.bind, func() { p.text(s + " <> 0") })
		} else {
			p.text(s)
		}
		return
	}
	switch op := d.Op(n); {
	case op.IsLogical() && !t.logical:
		p.enclosed(bindIf, t.bind, func() {
			p.text("if ")
			p.condition(n, bindOr)
			p.text(" then 1 else 0")
		})
		return
	case op.IsLogical():
		p.logical(n, op, t.bind)
		return
	case t.logical:
		p.enclosed(bindCompare, t.bind, func() {
			p.number(n, bindAdd)
			p.text(" <> 0")
		})
		return
	}
	p.numeric(n, t.bind)
}

func (p *printer) logical(n Node, op Op, needed int8) {
	args := p.d.Args(n)
	switch op {
	case OpNot:
		p.enclosed(bindNot, needed, func() {
			p.text("not ")
			p.condition(args[0], bindAtom)
		})
	case OpAnd, OpOr:
		own, right := int8(bindAnd), int8(bindNot)
		if op == OpOr {
			own, right = bindOr, bindAnd
		}
		p.enclosed(own, needed, func() {
			p.condition(args[0], own)
			p.text(" " + op.String() + " ")
			p.condition(args[1], right)
		})
	default:
		p.enclosed(bindCompare, needed, func() {
			p.number(args[0], bindAdd)
			p.text(" " + op.String() + " ")
			p.number(args[1], bindAdd)
		})
	}
}

func (p *printer) numeric(n Node, needed int8) {
	d := p.d
	args := d.Args(n)
	switch op := d.Op(n); op {
	case OpConst:
		own := int8(bindAtom)
		if math.Signbit(d.Value(n)) {
			own = bindAdd
		}
		p.enclosed(own, needed, func() { p.text(formatNumber(d.Value(n))) })
	case OpVar:
		p.text(p.name(d.VarIndex(n)))
	case OpSum:
		own := int8(bindAdd)
		if c, _ := d.scaled(n); len(args) == 1 && d.Value(n) == 0 && c > 0 {
			own = bindMul
		}
		p.enclosed(own, needed, func() { p.sum(n) })
	case OpMul:
		p.enclosed(bindMul, needed, func() {
			p.number(args[0], bindMul)
			for _, a := range args[1:] {
				p.text("*")
				p.number(a, bindPow)
			}
		})
	case OpDiv:
		p.infix(bindMul, needed, args, bindMul, "/", bindPow)
	case OpPow:
		p.infix(bindPow, needed, args, bindAtom, "^", bindAtom)
	case OpMod, OpIntDiv:
		p.infix(bindMod, needed, args, bindPow, " "+op.String()+" ", bindPow)
	case OpLess:
		p.infix(bindAdd, needed, args, bindMod, " less ", bindMod)
	case OpIf:
		p.enclosed(bindIf, needed, func() {
			p.text("if ")
			p.condition(args[0], bindOr)
			p.text(" then ")
			p.number(args[1], bindAdd)
			p.text(" else ")
			p.number(args[2], bindIf)
		})
	default:
		p.text(op.String() + "(")
		for k, a := range args {
			if k > 0 {
				p.text(", ")
			}
			p.number(a, bindIf)
		}
		p.text(")")
	}
}

func (p *printer) infix(own, needed int8, args []Node, left int8, op string, right int8) {
	p.enclosed(own, needed, func() {
		p.number(args[0], left)
		p.text(op)
		p.number(args[1], right)
	})
}

// sum writes the terms in order with the constant last. If that would start with a
// minus, the constant or else the first positive term goes to the front: 1 - x.
func (p *printer) sum(n Node) {
	d := p.d
	args, coefs, c := d.Args(n), d.Coefs(n), d.Value(n)
	ahead, constFirst := -1, false
	switch {
	case coefs[0] > 0:
	case c > 0:
		constFirst = true
		p.text(formatNumber(c))
	default:
		ahead = slices.IndexFunc(coefs, func(c float64) bool { return c > 0 })
	}
	if ahead >= 0 {
		p.term(coefs[ahead], args[ahead])
	}
	for k, a := range args {
		if k != ahead {
			p.term(coefs[k], a)
		}
	}
	if c != 0 && !constFirst {
		p.text(sign(c, false) + formatNumber(math.Abs(c)))
	}
}

// term writes one summand, with the sign that its place asks for.
func (p *printer) term(coef float64, a Node) {
	p.text(sign(coef, p.atStart()))
	if coef = math.Abs(coef); coef == 1 {
		p.number(a, bindMod)
		return
	}
	p.text(formatNumber(coef) + "*")
	p.number(a, bindMul)
}

// atStart reports whether nothing of the node at hand is written yet.
func (p *printer) atStart() bool {
	return len(p.pieces) == 0 || len(p.pieces) == 1 && p.pieces[0].text == "("
}

func sign(c float64, first bool) string {
	switch {
	case first && c < 0:
		return "-"
	case first:
		return ""
	case c < 0:
		return " - "
	}
	return " + "
}

// formatNumber writes v as AMPL reads it.
func formatNumber(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	case v != v:
		return "(0/0)"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
