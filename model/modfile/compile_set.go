package modfile

import "math"

// setCode is a compiled set.
type setCode struct {
	p      pos
	dim    int // components of a member; -1 for the empty set, which goes with any
	eval   func(in *instance) *table
	has    func(in *instance, key []element) bool // membership without making the set, or nil
	shared bool                                   // eval returns a table that the instance keeps: of a named set
	sym    *symbol                                // the named set
}

// contains reports whether a tuple is a member.
func (s *setCode) contains(in *instance, key []element) bool {
	if s.has != nil {
		return s.has(in, key)
	}
	t := s.eval(in)
	return t.n > 0 && t.find(key) >= 0
}

// within reports whether all members of a set are members of another.
func (in *instance) within(sub, set *setCode) bool {
	t := sub.eval(in)
	var buf [1]element
	if set.has == nil {
		s := set.eval(in)
		for i := 0; i < t.n; i++ {
			in.step()
			if s.n == 0 || s.find(t.at(i, buf[:])) < 0 {
				return false
			}
		}
		return true
	}
	for i := 0; i < t.n; i++ {
		in.step()
		if !set.has(in, t.at(i, buf[:])) {
			return false
		}
	}
	return true
}

// set compiles an expression that has to be a set.
func (c *compiler) set(n node) *setCode {
	e := c.compile(n)
	if e.kind != kindSet {
		expected := "a set"
		if e.kind == kindNumber || e.kind == kindElement {
			expected = "a set, for instance a range 1..n"
		}
		what := e.kind.String()
		if r, ok := n.(*refNode); ok {
			what = "'" + shorten(r.name) + "'"
			if s := c.f.symbols[r.name]; s != nil && c.scope.find(r.name) == nil {
				what = "the " + s.kind.String() + " " + what
			}
		}
		c.fail(n.at(), what+" where a set is needed", expected)
	}
	return e.set
}

func (c *compiler) sameDimension(p pos, x, y *setCode) int {
	if x.dim >= 0 && y.dim >= 0 && x.dim != y.dim {
		c.fail(p, "sets whose members have "+plural(x.dim, "component")+" and "+plural(y.dim, "component"), "members of the same size")
	}
	return max(x.dim, y.dim)
}

// namedSet compiles the name of a set.
func (c *compiler) namedSet(n *refNode, s *symbol) *setCode {
	subs := c.subscripts(n, s)
	p, sc := n.p, c.scope
	out := &setCode{p: p, dim: c.f.dimension(s), shared: true, sym: s}
	if len(subs) == 0 {
		out.eval = func(in *instance) *table {
			if st := &in.sets[s.id]; st.ready {
				return st.value
			}
			return in.setValue(s, nil, p, sc)
		}
		return out
	}
	out.eval = func(in *instance) *table {
		var buf [8]element
		return in.setValue(s, append([]element(nil), in.key(buf[:0], subs)...), p, sc)
	}
	return out
}

// setLiteral compiles {a, b, c}; of sets, it is their product.
func (c *compiler) setLiteral(n *setNode) *setCode {
	out := &setCode{p: n.p, dim: -1}
	if len(n.elems) == 0 {
		empty := newTable(1)
		out.eval = func(*instance) *table { return empty }
		return out
	}
	first := c.compile(n.elems[0])
	if first.kind == kindSet {
		ix := &indexing{p: n.p}
		for _, e := range n.elems {
			ix.entries = append(ix.entries, indexEntry{p: e.at(), set: e})
		}
		return c.builder(&builderNode{p: n.p, ix: ix})
	}
	var members [][]*code
	for _, e := range n.elems {
		var tuple []*code
		if t, ok := e.(*tupleNode); ok {
			tuple = c.compile(t).tuple
		} else {
			tuple = []*code{c.element(e)}
		}
		if out.dim >= 0 && out.dim != len(tuple) {
			c.fail(e.at(), "a member of "+plural(len(tuple), "component")+" among members of "+formatNumber(float64(out.dim)), "members of the same size")
		}
		out.dim = len(tuple)
		members = append(members, tuple)
	}
	dim := out.dim
	out.eval = func(in *instance) *table {
		t := newTable(dim)
		var buf [8]element
		for _, m := range members {
			in.step()
			t.add(in.key(buf[:0], m))
		}
		return t
	}
	return out
}

// maxSpan is the largest number of members of a range, and of a set that is made of others: its members would fill the memory long before
// the limit of steps.
const maxSpan = 1 << 27

// rangeSet compiles a..b by c.
func (c *compiler) rangeSet(n *rangeNode) *setCode {
	from, to := c.constant(n.from, "a range").num, c.constant(n.to, "a range").num
	by := func(*instance) float64 { return 1 }
	if n.by != nil {
		by = c.constant(n.by, "a range").num
	}
	p, sc := n.p, c.scope
	ends := func(in *instance) (a, step float64, count int) {
		a, b, step := from(in), to(in), by(in)
		if step == 0 {
			in.failScoped(p, sc, "a range with the step 0", "a step other than 0")
		}
		if math.IsInf(a, 0) || math.IsInf(b, 0) || math.IsInf(step, 0) {
			in.failScoped(p, sc, "a range without end", "finite ends and step")
		}
		size := math.Floor((b-a)/step*(1+1e-12)) + 1
		if size > maxSpan {
			in.failScoped(p, sc, "the range "+formatNumber(a)+".."+formatNumber(b)+" has "+formatNumber(size)+" members", "at most "+formatNumber(maxSpan))
		}
		return a, step, max(int(size), 0)
	}
	out := &setCode{p: p, dim: 1}
	out.eval = func(in *instance) *table {
		a, step, count := ends(in)
		if count == 0 {
			return emptyTable
		}
		if a == math.Trunc(a) && step == 1 && a >= -elementBias && a+float64(count) < elementBias {
			return spanTable(in.el.number(a), count)
		}
		in.charge(count)
		t := newTable(1)
		for k := 0; k < count; k++ {
			t.add([]element{in.el.number(a + float64(k)*step)})
		}
		return t
	}
	out.has = func(in *instance, key []element) bool {
		a, step, count := ends(in)
		v, ok := in.el.num(key[0])
		if !ok || count == 0 {
			return false
		}
		k := (v - a) / step
		return k == math.Trunc(k) && k >= 0 && k < float64(count)
	}
	return out
}

var emptyTable = newTable(1)

// setOperation compiles union, inter, diff, symdiff and cross.
func (c *compiler) setOperation(n *binaryNode) *setCode {
	x, y := c.set(n.x), c.set(n.y)
	out := &setCode{p: n.p}
	op := n.op
	if op == opCross {
		out.dim = max(x.dim, 1) + max(y.dim, 1)
		dim, k := out.dim, max(x.dim, 1)
		out.eval = func(in *instance) *table {
			a, b := x.eval(in), y.eval(in)
			if size := float64(a.n) * float64(b.n); size > maxSpan {
				in.tooMany(n.p, size)
			}
			t := newTable(dim)
			in.charge(a.n * b.n)
			key := make([]element, dim)
			var buf [1]element
			for i := 0; i < a.n; i++ {
				copy(key, a.at(i, buf[:]))
				for j := 0; j < b.n; j++ {
					copy(key[k:], b.at(j, buf[:]))
					t.push(key)
				}
			}
			return t
		}
		out.has = func(in *instance, key []element) bool { return x.contains(in, key[:k]) && y.contains(in, key[k:]) }
		return out
	}
	out.dim = c.sameDimension(n.p, x, y)
	switch op {
	case opUnion:
		out.has = func(in *instance, key []element) bool { return x.contains(in, key) || y.contains(in, key) }
	case opInter:
		out.has = func(in *instance, key []element) bool { return x.contains(in, key) && y.contains(in, key) }
	case opDiff:
		out.has = func(in *instance, key []element) bool { return x.contains(in, key) && !y.contains(in, key) }
	case opSymdiff:
		out.has = func(in *instance, key []element) bool { return x.contains(in, key) != y.contains(in, key) }
	}
	out.eval = func(in *instance) *table {
		a, b := x.eval(in), y.eval(in)
		in.charge(a.n + b.n)
		if a.n == 0 && op != opUnion && op != opSymdiff || b.n == 0 && op == opInter {
			return emptyTable
		}
		var t *table
		var buf [1]element
		take := func(from, other *table, in bool) {
			for i := 0; i < from.n; i++ {
				if key := from.at(i, buf[:]); (other.n > 0 && other.find(key) >= 0) == in {
					t.push(key)
				}
			}
		}
		switch {
		case a.n == 0:
			return b
		case op == opUnion:
			t = a.clone()
			if t.span {
				t.spell()
			}
			take(b, a, false)
		case op == opInter:
			t = newTable(a.dim)
			take(a, b, true)
		default:
			t = newTable(a.dim)
			take(a, b, false)
			if op == opSymdiff {
				take(b, a, false)
			}
		}
		return t
	}
	return out
}

func (c *compiler) conditionalSet(n *ifNode, test func(*instance) bool, a, b *setCode) *setCode {
	dim := c.sameDimension(n.p, a, b)
	return &setCode{p: n.p, dim: dim, eval: func(in *instance) *table {
		if test(in) {
			return a.eval(in)
		}
		return b.eval(in)
	}}
}
