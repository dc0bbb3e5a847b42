package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// mathOperations is the number of operations and operands of a nonlinear function that are written out.
const mathOperations = 400

// nonlinear adds the nonlinear parts.
func (w *mathematics) nonlinear(c *cluster, s *mathSum) bool {
	nodes := make([]expr.Node, len(c.fs))
	some := 0
	for r, f := range c.fs {
		if nodes[r] = f.Nonlinear; f.Nonlinear != 0 {
			some++
		}
	}
	if some == 0 {
		return true
	}
	if some < len(nodes) {
		return false
	}
	w.budget = mathOperations
	before := w.save()
	if w.m.DAG().Op(nodes[0]) == expr.OpSum {
		if w.sum(c, nodes, s) {
			return true
		}
	} else if text, ok := w.node(c, nodes, mathFactor); ok {
		s.add(1, text)
		return true
	}
	if len(nodes) > 1 {
		return false
	}
	w.restore(before)
	s.add(1, fmt.Sprintf(`\langle\text{an expression of %d operations}\rangle`, w.m.DAG().Size(nodes[0])))
	return true
}

// Binding strengths, weakest first.
const (
	mathSumLevel = iota
	mathFactor
	mathAtom
)

// sum adds the terms of nodes that are sums, with a sum over an index where they are the same function of the members of a family.
func (w *mathematics) sum(c *cluster, nodes []expr.Node, s *mathSum) bool {
	d := w.m.DAG()
	n := len(d.Args(nodes[0]))
	for _, node := range nodes {
		if d.Op(node) != expr.OpSum || len(d.Args(node)) != n {
			return false
		}
	}
	if len(nodes) == 1 && n > fewTerms && w.regularSum(c, nodes[0], s) {
		return w.addConstant(c, nodes, s)
	}
	for k := range n {
		if len(nodes) == 1 && k == listLimit && n > listLimit+1 {
			s.more += n - k
			break
		}
		args := make([]expr.Node, len(nodes))
		coefs := make([]float64, len(nodes))
		for r, node := range nodes {
			args[r], coefs[r] = d.Args(node)[k], d.Coefs(node)[k]
		}
		text, ok := w.node(c, args, mathFactor)
		if !ok {
			return false
		}
		if v, same := sameValue(coefs); same {
			s.add(v, text)
		} else {
			s.add(1, w.rowData("a", c, coefs)+` \, `+text)
		}
	}
	return w.addConstant(c, nodes, s)
}

func (w *mathematics) addConstant(c *cluster, nodes []expr.Node, s *mathSum) bool {
	values := make([]float64, len(nodes))
	for r, node := range nodes {
		values[r] = w.m.DAG().Value(node)
	}
	if v, same := sameValue(values); !same {
		w.addNumbers(c, values, s)
	} else if v != 0 {
		s.add(v, "")
	}
	return true
}

// regularSum writes the terms of a sum as one sum over the indices of the variable that stands first in each.
func (w *mathematics) regularSum(c *cluster, node expr.Node, s *mathSum) bool {
	d := w.m.DAG()
	args := d.Args(node)
	var domain *mathFamily
	index := make([][]string, len(args))
	seen := map[string]bool{}
	for k, a := range args {
		vars := d.Vars(a)
		if len(vars) == 0 || domain != nil && w.of[vars[0]] != domain {
			return false
		}
		domain = w.of[vars[0]]
		index[k] = w.tuples[vars[0]]
		id := strings.Join(index[k], "\x00")
		if len(index[k]) == 0 || seen[id] {
			return false
		}
		seen[id] = true
	}
	before := w.save()
	inner := &cluster{index: index, letters: w.letters[len(c.letters) : len(c.letters)+len(index[0])]}
	text, ok := w.node(inner, args, mathFactor)
	if !ok {
		w.restore(before)
		return false
	}
	prefix := ""
	if values, product := factors(index); product {
		for p, l := range inner.letters {
			prefix += w.sets.sum(l, values[p], "")
		}
	} else {
		prefix = `\sum_{` + w.sets.through(inner.letters, index) + "} "
	}
	if v, same := sameValue(d.Coefs(node)); same {
		s.add(v, prefix+text)
	} else {
		s.add(1, prefix+w.rowData("a", inner, d.Coefs(node))+` \, `+text)
	}
	return true
}

var mathFunctions = map[expr.Op]string{expr.OpExp: `\exp`, expr.OpLog: `\ln`, expr.OpLog10: `\log_{10}`, expr.OpSin: `\sin`, expr.OpCos: `\cos`,
	expr.OpTan: `\tan`, expr.OpAsin: `\arcsin`, expr.OpAcos: `\arccos`, expr.OpAtan: `\arctan`, expr.OpSinh: `\sinh`, expr.OpCosh: `\cosh`, expr.OpTanh: `\tanh`}

// node writes nodes that are one in each row as one expression, where at least the given binding is needed.
func (w *mathematics) node(c *cluster, nodes []expr.Node, need int) (string, bool) {
	d := w.m.DAG()
	op, n := d.Op(nodes[0]), len(d.Args(nodes[0]))
	w.budget--
	if w.budget < 0 {
		return "", false
	}
	if len(nodes) > 1 && slices.ContainsFunc(nodes, w.isMultiple) && slices.ContainsFunc(nodes, func(n expr.Node) bool { return !w.isMultiple(n) }) {
		return w.multiples(c, nodes, need)
	}
	for _, node := range nodes {
		if d.Op(node) != op || len(d.Args(node)) != n {
			return "", false
		}
	}
	enclosed := func(own int, text string) (string, bool) {
		if own < need {
			text = `\left(` + text + `\right)`
		}
		return text, true
	}
	switch op {
	case expr.OpConst:
		values := make([]float64, len(nodes))
		for r, node := range nodes {
			values[r] = d.Value(node)
		}
		own := mathAtom
		if v, same := sameValue(values); same && v < 0 {
			own = mathSumLevel
		}
		return enclosed(own, w.number("c", c, values))
	case expr.OpVar:
		return w.variable(c, nodes)
	case expr.OpSum:
		var s mathSum
		if !w.sum(c, nodes, &s) {
			return "", false
		}
		own := mathSumLevel
		if s.terms == 1 && d.Coefs(nodes[0])[0] > 0 {
			own = mathFactor
		}
		return enclosed(own, s.String())
	}
	args := make([]string, n)
	for k := range args {
		column := make([]expr.Node, len(nodes))
		for r, node := range nodes {
			column[r] = d.Args(node)[k]
		}
		var ok bool
		if args[k], ok = w.node(c, column, argumentNeeds(op, k)); !ok {
			return "", false
		}
	}
	text, own := operation(op, args)
	return enclosed(own, text)
}

// isMultiple reports whether a node is a number times another.
func (w *mathematics) isMultiple(n expr.Node) bool {
	d := w.m.DAG()
	return d.Op(n) == expr.OpSum && len(d.Args(n)) == 1 && d.Value(n) == 0
}

// multiples writes nodes that are a number times the same in each row, where the number is 1 in some, and not written in the graph.
func (w *mathematics) multiples(c *cluster, nodes []expr.Node, need int) (string, bool) {
	d := w.m.DAG()
	coefs, args := make([]float64, len(nodes)), make([]expr.Node, len(nodes))
	for r, n := range nodes {
		coefs[r], args[r] = 1, n
		if w.isMultiple(n) {
			coefs[r], args[r] = d.Coefs(n)[0], d.Args(n)[0]
		}
	}
	text, ok := w.node(c, args, mathFactor)
	if !ok {
		return "", false
	}
	coef := ""
	if slope, rest, ok := inIndex(c, coefs); !ok {
		coef = w.rowData("a", c, coefs)
	} else {
		var s mathSum
		s.line(c, slope, rest)
		if coef = s.String(); rest != 0 || slope < 0 {
			coef = `\left(` + coef + `\right)`
		}
	}
	text = coef + ` \, ` + text
	if need > mathFactor {
		text = `\left(` + text + `\right)`
	}
	return text, true
}

// argumentNeeds is how strongly argument k of an operation has to bind.
func argumentNeeds(op expr.Op, k int) int {
	switch op {
	case expr.OpMul, expr.OpMod:
		return mathFactor
	case expr.OpPow:
		if k == 0 {
			return mathAtom
		}
	case expr.OpLess, expr.OpIntDiv:
		return mathFactor
	case expr.OpAnd, expr.OpOr, expr.OpNot:
		return mathAtom
	}
	return mathSumLevel
}

// operation writes an operation, and says how strongly it binds.
func operation(op expr.Op, args []string) (text string, own int) {
	list := strings.Join(args, `,\ `)
	if f, ok := mathFunctions[op]; ok {
		return f + `\left(` + list + `\right)`, mathFactor
	}
	switch op {
	case expr.OpMul:
		return strings.Join(args, ` \, `), mathFactor
	case expr.OpDiv:
		return `\frac{` + args[0] + "}{" + args[1] + "}", mathFactor
	case expr.OpPow:
		return raised(args[0], args[1]), mathFactor
	case expr.OpSqrt:
		return `\sqrt{` + args[0] + "}", mathAtom
	case expr.OpAbs:
		return `\left|` + args[0] + `\right|`, mathAtom
	case expr.OpFloor:
		return `\left\lfloor ` + args[0] + ` \right\rfloor`, mathAtom
	case expr.OpCeil:
		return `\left\lceil ` + args[0] + ` \right\rceil`, mathAtom
	case expr.OpMin, expr.OpMax:
		return `\` + op.String() + `\left\{` + list + `\right\}`, mathFactor
	case expr.OpLess:
		return `\max\left\{` + args[0] + " - " + args[1] + `,\ 0\right\}`, mathFactor
	case expr.OpMod:
		return args[0] + ` \bmod ` + args[1], mathSumLevel
	case expr.OpIntDiv:
		return `\operatorname{trunc}\left(` + args[0] + " / " + args[1] + `\right)`, mathFactor
	case expr.OpIf:
		return `\begin{cases} ` + args[1] + ` & \text{if } ` + args[0] + ` \\ ` + args[2] + ` & \text{otherwise} \end{cases}`, mathSumLevel
	case expr.OpNot:
		return `\left[\neg ` + args[0] + `\right]`, mathAtom
	}
	between := map[expr.Op]string{expr.OpLT: "<", expr.OpLE: `\le`, expr.OpEQ: "=", expr.OpNE: `\ne`, expr.OpGE: `\ge`, expr.OpGT: ">", expr.OpAnd: `\wedge`, expr.OpOr: `\vee`}
	if sign, ok := between[op]; ok {
		return `\left[` + args[0] + " " + sign + " " + args[1] + `\right]`, mathAtom
	}
	return `\operatorname{` + op.String() + `}\left(` + list + `\right)`, mathFactor
}

// variable writes the variable that stands in each row.
func (w *mathematics) variable(c *cluster, nodes []expr.Node) (string, bool) {
	d := w.m.DAG()
	g := &cluster{index: c.index, letters: c.letters}
	for _, n := range nodes {
		g.fs = append(g.fs, model.Function{Vars: []int32{int32(d.VarIndex(n))}, Coefs: []float64{1}})
	}
	var s mathSum
	if !w.affine(g, &s) {
		return "", false
	}
	text := s.String()
	return text, !strings.Contains(text, `\sum`)
}
