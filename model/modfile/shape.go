package modfile

// This file finds how many subscripts things have from their declarations alone; data can be read only when that is known.

// boundNames is a list of the dummy indices in force, for finding out which components of a tuple select.
type boundNames struct {
	name string
	next *boundNames
}

func (b *boundNames) has(name string) bool {
	for ; b != nil; b = b.next {
		if b.name == name {
			return true
		}
	}
	return false
}

// arity is the number of subscripts of a symbol.
func (f *File) arity(s *symbol) int {
	if s.arityOf >= 0 {
		return s.arityOf
	}
	d := s.parts[0]
	switch {
	case d.member != nil:
		s.arityOf = len(d.member)
	case d.declaration.ix != nil:
		n, _ := f.indexArity(d.declaration.ix, nil)
		s.arityOf = n
	default:
		s.arityOf = 0
	}
	return s.arityOf
}

// dimension is the number of components of the members of a set.
func (f *File) dimension(s *symbol) int {
	if s.dimOf >= 0 {
		return s.dimOf
	}
	d := s.parts[0]
	if s.measuring {
		panic(bailout{f.src.errorAt(d.pos, "the set '"+s.name+"' is declared in terms of itself", "")})
	}
	s.measuring = true
	defer func() { s.measuring = false }()
	var bound *boundNames
	if d.declaration.ix != nil {
		_, bound = f.indexArity(d.declaration.ix, nil)
	}
	dim := -1
	for _, a := range d.attrs {
		k := -1
		switch a.kind {
		case attrDimen:
			n, ok := a.e.(*numberNode)
			if !ok || n.v != float64(int(n.v)) || n.v < 1 || n.v > 20 {
				panic(bailout{f.src.errorAt(a.e.at(), "dimen is not an integer from 1 to 20", "for instance dimen 2")})
			}
			k = int(n.v)
		case attrIn, attrAssign, attrEquals, attrDefault:
			k = f.setDimension(a.e, bound)
		}
		if k >= 0 && dim >= 0 && k != dim {
			panic(bailout{f.src.errorAt(a.e.at(), "members of "+plural(k, "component")+" for the set '"+s.name+"', which has "+formatNumber(float64(dim)), "")})
		}
		if k >= 0 {
			dim = k
		}
	}
	if dim < 0 {
		dim = 1
	}
	s.dimOf = dim
	return dim
}

// indexArity counts the free components of an indexing and returns the names in force after it.
func (f *File) indexArity(ix *indexing, bound *boundNames) (int, *boundNames) {
	n := 0
	for _, e := range ix.entries {
		d := f.setDimension(e.set, bound)
		if e.pattern == nil {
			n += max(d, 1)
			continue
		}
		for _, c := range e.pattern {
			if r, ok := c.(*refNode); ok && !r.subscript && r.suffix == "" && !bound.has(r.name) {
				n++
				bound = &boundNames{r.name, bound}
			}
		}
	}
	return n, bound
}

// isSet reports whether an expression is a set, as far as its form and the names in it tell.
func (f *File) isSet(n node, bound *boundNames) bool {
	switch n := n.(type) {
	case *refNode:
		s := f.symbols[n.name]
		return s != nil && s.kind == declSet && (n.subscript || !bound.has(n.name))
	case *setNode, *builderNode, *rangeNode:
		return true
	case *binaryNode:
		return n.op >= opUnion && n.op <= opCross
	case *reduceNode:
		return n.op == "setof"
	case *ifNode:
		return f.isSet(n.then, bound)
	}
	return false
}

// setDimension is the number of components of the members of a set expression, -1 where it has no members to tell.
func (f *File) setDimension(n node, bound *boundNames) int {
	switch n := n.(type) {
	case *refNode:
		if s := f.symbols[n.name]; s != nil && s.kind == declSet {
			return f.dimension(s)
		}
		return 1 // a mistake, reported when the expression is compiled
	case *setNode:
		if len(n.elems) == 0 {
			return -1
		}
		if f.isSet(n.elems[0], bound) {
			d := 0
			for _, e := range n.elems {
				d += max(f.setDimension(e, bound), 1)
			}
			return d
		}
		if t, ok := n.elems[0].(*tupleNode); ok {
			return len(t.elems)
		}
		return 1
	case *builderNode:
		d, _ := f.indexArity(n.ix, bound)
		return d
	case *binaryNode:
		x, y := f.setDimension(n.x, bound), f.setDimension(n.y, bound)
		switch {
		case n.op == opCross:
			return max(x, 1) + max(y, 1)
		case x < 0:
			return y
		}
		return x
	case *reduceNode:
		if t, ok := n.body.(*tupleNode); ok {
			return len(t.elems)
		}
		return 1
	case *ifNode:
		d := f.setDimension(n.then, bound)
		if d < 0 && n.els != nil {
			d = f.setDimension(n.els, bound)
		}
		return d
	}
	return 1
}
