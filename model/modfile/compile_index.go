package modfile

// indexCode is a compiled indexing. Its free components are kept in consecutive slots from base, so that the slots are the subscripts of
// a member.
type indexCode struct {
	p       pos
	base, n int
	entries []entryCode
	cond    func(in *instance) bool // nil: none
	grid    bool                    // no condition, and no set depends on an index before it: the product of the sets
}

// entryCode is one set of an indexing.
type entryCode struct {
	set   *setCode
	slots []int   // for each component its slot, or -1 where it selects
	fixed []*code // for each component what it is compared with, or nil
	free  int
	first int // slot of the first free component
}

// indexing compiles an indexing; its dummy indices stay in scope until the end of the enclosing inner.
func (c *compiler) indexing(n *indexing) *indexCode {
	ix := &indexCode{p: n.p, base: c.slots, grid: n.cond == nil}
	names := 0
	for k := range n.entries {
		e := &n.entries[k]
		set := c.set(e.set)
		if names > 0 && dependsOn(e.set, c.scope, ix.base) {
			ix.grid = false
		}
		en := entryCode{set: set, first: c.slots}
		dim := max(set.dim, 1)
		if e.pattern == nil {
			for j := 0; j < dim; j++ {
				en.slots = append(en.slots, c.bind("", nil))
				en.fixed = append(en.fixed, nil)
			}
			en.free = dim
			ix.entries = append(ix.entries, en)
			continue
		}
		if set.dim >= 0 && len(e.pattern) != dim {
			c.fail(e.p, "a pattern of "+plural(len(e.pattern), "component")+" for a set whose members have "+formatNumber(float64(dim)), "("+subscriptHint(dim)+")")
		}
		for _, x := range e.pattern {
			r, plain := x.(*refNode)
			if plain = plain && !r.subscript && r.suffix == ""; plain && c.scope.find(r.name) == nil {
				if len(e.pattern) == 1 {
					en.slots = append(en.slots, c.bind(r.name, set))
				} else {
					en.slots = append(en.slots, c.bind(r.name, nil))
				}
				en.fixed = append(en.fixed, nil)
				en.free++
				names++
				continue
			}
			// A name that is bound already, or an expression, selects. The name may be bound by this very tuple.
			en.slots = append(en.slots, -1)
			en.fixed = append(en.fixed, c.element(x))
			ix.grid = false
		}
		ix.entries = append(ix.entries, en)
	}
	ix.n = c.slots - ix.base
	if n.cond != nil {
		ix.cond = c.condition(n.cond)
	}
	return ix
}

// dependsOn reports whether an expression mentions a dummy index in a slot from base on.
func dependsOn(n node, s *scope, base int) bool {
	found := false
	walkNames(n, func(name string) {
		if b := s.find(name); b != nil && b.slot >= base {
			found = true
		}
	})
	return found
}

// walkNames visits the names in an expression.
func walkNames(n node, visit func(name string)) {
	walk := func(list ...node) {
		for _, x := range list {
			if x != nil {
				walkNames(x, visit)
			}
		}
	}
	walkIndex := func(ix *indexing) {
		for _, e := range ix.entries {
			walk(e.set)
			walk(e.pattern...)
		}
		walk(ix.cond)
	}
	switch n := n.(type) {
	case *refNode:
		visit(n.name)
		walk(n.subs...)
	case *unaryNode:
		walk(n.x)
	case *binaryNode:
		walk(n.x, n.y)
	case *sumNode:
		walk(n.terms...)
	case *callNode:
		walk(n.args...)
	case *reduceNode:
		walkIndex(n.ix)
		walk(n.body)
	case *ifNode:
		walk(n.cond, n.then, n.els)
	case *tupleNode:
		walk(n.elems...)
	case *setNode:
		walk(n.elems...)
	case *builderNode:
		walkIndex(n.ix)
	case *rangeNode:
		walk(n.from, n.to, n.by)
	case *inNode:
		walk(n.x, n.set)
	}
}

// run passes through the members of an indexing from entry k on, with the dummy indices in their slots. visit returns false to stop.
func (ix *indexCode) run(in *instance, k int, visit func() bool) bool {
	if k == len(ix.entries) {
		if ix.cond != nil && !ix.cond(in) {
			return true
		}
		return visit()
	}
	e := &ix.entries[k]
	t := e.set.eval(in)
	n := t.n // a set may grow while a loop passes through it
	switch {
	case e.free == 1 && len(e.slots) == 1:
		for i := 0; i < n; i++ {
			in.step()
			in.fr[e.first] = t.at1(i)
			if !ix.run(in, k+1, visit) {
				return false
			}
		}
	case e.free == len(e.slots):
		for i := 0; i < n; i++ {
			in.step()
			copy(in.fr[e.first:], t.keys[i*t.dim:(i+1)*t.dim])
			if !ix.run(in, k+1, visit) {
				return false
			}
		}
	default:
		return ix.sel(in, k, t, n, visit)
	}
	return true
}

// sel passes through the members of a set that agree with the components that are bound already.
func (ix *indexCode) sel(in *instance, k int, t *table, n int, visit func() bool) bool {
	e := &ix.entries[k]
	if n == 0 {
		return true
	}
	if e.free == 0 {
		var buf [8]element
		key := buf[:0]
		for _, f := range e.fixed {
			key = append(key, f.elem(in))
		}
		in.step()
		if i := t.find(key); i < 0 || i >= n {
			return true
		}
		return ix.run(in, k+1, visit)
	}
	try := func(key []element) (goOn bool) {
		// Free components are set first, for a name may be bound and used within one tuple.
		for c, s := range e.slots {
			if s >= 0 {
				in.fr[s] = key[c]
			}
		}
		for c, f := range e.fixed {
			if f != nil && f.elem(in) != key[c] {
				return true
			}
		}
		return ix.run(in, k+1, visit)
	}
	var buf [1]element
	if e.set.shared && n > smallTable && !e.selfBound() {
		var kb [8]element
		key, mask := kb[:0], uint32(0)
		for c, f := range e.fixed {
			if f != nil {
				key = append(key, f.elem(in))
				mask |= 1 << c
			}
		}
		for _, i := range in.slice(t, mask, key) {
			if int(i) >= n {
				break
			}
			in.step()
			if !try(t.at(int(i), buf[:])) {
				return false
			}
		}
		return true
	}
	for i := 0; i < n; i++ {
		in.step()
		if !try(t.at(i, buf[:])) {
			return false
		}
	}
	return true
}

// selfBound reports whether a selecting component uses an index that the same tuple binds.
func (e *entryCode) selfBound() bool {
	for _, f := range e.fixed {
		if f != nil && f.slot >= e.first && f.slot < e.first+e.free {
			return true
		}
		if f != nil && f.slot < 0 && !f.fixed && f.kind != kindSymbolic {
			return true // an expression: it may use one
		}
	}
	return false
}
