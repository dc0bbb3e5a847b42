package expr

import "slices"

// Substitute returns n with each variable v for which f gives (node, true) replaced
// by that node of d. Replacements are not themselves searched.
func (d *DAG) Substitute(n Node, f func(v int) (Node, bool)) Node {
	return d.SubstituteAll([]Node{n}, f)[0]
}

// SubstituteAll is [DAG.Substitute] for several nodes at the cost of one walk.
func (d *DAG) SubstituteAll(roots []Node, f func(v int) (Node, bool)) []Node {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, roots...)
	pos := s.positions(d, order)
	image := make([]Node, len(order))
	at := func(n Node) Node { return image[pos[n]] }
	for k, n := range order {
		image[k] = n
		if v := d.VarIndex(n); v >= 0 {
			if m, ok := f(v); ok {
				image[k] = m
			}
			continue
		}
		args := d.Args(n)
		if !slices.ContainsFunc(args, func(a Node) bool { return at(a) != a }) {
			continue
		}
		moved := make([]Node, len(args))
		for j, a := range args {
			moved[j] = at(a)
		}
		image[k] = d.rebuild(d.Op(n), d.Value(n), slices.Clone(d.Coefs(n)), moved)
	}
	out := make([]Node, len(roots))
	for k, n := range roots {
		out[k] = at(n)
	}
	return out
}

// Import copies n of src into d and returns its id there. The variable v of src
// becomes varMap(v); a nil varMap keeps the indices.
func (d *DAG) Import(src *DAG, n Node, varMap func(int) int) Node {
	return d.ImportAll(src, []Node{n}, varMap)[0]
}

// ImportAll is [DAG.Import] for several nodes at the cost of one walk.
func (d *DAG) ImportAll(src *DAG, roots []Node, varMap func(int) int) []Node {
	s := acquire(src)
	defer s.release()
	order := s.walk(src, roots...)
	pos := s.positions(src, order)
	image := make([]Node, len(order))
	var args []Node
	for k, n := range order {
		switch src.Op(n) {
		case OpConst:
			image[k] = d.Const(src.Value(n))
			continue
		case OpVar:
			v := src.VarIndex(n)
			if varMap != nil {
				v = varMap(v)
			}
			image[k] = d.Var(v)
			continue
		}
		args = args[:0]
		for _, a := range src.Args(n) {
			args = append(args, image[pos[a]])
		}
		image[k] = d.rebuild(src.Op(n), src.Value(n), src.Coefs(n), args)
	}
	out := make([]Node, len(roots))
	for k, n := range roots {
		out[k] = image[pos[n]]
	}
	return out
}

// rebuild makes a node of the given operation through the simplifying constructors.
func (d *DAG) rebuild(op Op, val float64, coefs []float64, args []Node) Node {
	switch op {
	case OpSum:
		return d.Linear(val, coefs, args)
	case OpMul:
		return d.Product(args...)
	case OpMin:
		return d.Min(args...)
	case OpMax:
		return d.Max(args...)
	case OpIf:
		return d.If(args[0], args[1], args[2])
	}
	if len(args) == 1 {
		return d.Unary(op, args[0])
	}
	return d.Binary(op, args[0], args[1])
}
