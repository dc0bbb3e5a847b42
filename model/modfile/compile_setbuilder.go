package modfile

// builder compiles {i in I, j in J: cond} as a set.
func (c *compiler) builder(n *builderNode) *setCode {
	var out *setCode
	c.inner(func() {
		ix := c.indexing(n.ix)
		out = &setCode{p: n.p, dim: ix.n}
		out.eval = func(in *instance) *table {
			if len(ix.entries) == 1 && ix.cond == nil && ix.entries[0].free == len(ix.entries[0].slots) {
				return ix.entries[0].set.eval(in)
			}
			if ix.grid {
				return in.product(n.p, ix)
			}
			t := newTable(ix.n)
			ix.run(in, 0, func() bool {
				in.collect(n.p, t, in.fr[ix.base:ix.base+ix.n])
				return true
			})
			return t
		}
	})
	return out
}

// product is the set of all tuples of members of the sets of an indexing, which do not depend on each other.
func (in *instance) product(p pos, ix *indexCode) *table {
	sets := make([]*table, len(ix.entries))
	size := 1.0
	for k := range sets {
		sets[k] = ix.entries[k].set.eval(in)
		if sets[k].n == 0 {
			return newTable(ix.n) // the sets behind it are not looked at
		}
		size *= float64(sets[k].n)
	}
	if size > maxSpan {
		in.tooMany(p, size)
	}
	in.charge(int(size))
	t := newTable(ix.n)
	key := make([]element, ix.n)
	var fill func(k, from int)
	fill = func(k, from int) {
		if k == len(sets) {
			t.push(key)
			return
		}
		var one [1]element
		for i := range sets[k].n {
			fill(k+1, from+copy(key[from:], sets[k].at(i, one[:])))
		}
	}
	fill(0, 0)
	return t
}

// setof compiles setof {i in I} e.
func (c *compiler) setof(n *reduceNode) *setCode {
	var out *setCode
	c.inner(func() {
		ix := c.indexing(n.ix)
		var tuple []*code
		if t, ok := n.body.(*tupleNode); ok {
			tuple = c.compile(t).tuple
		} else {
			tuple = []*code{c.element(n.body)}
		}
		out = &setCode{p: n.p, dim: len(tuple)}
		out.eval = func(in *instance) *table {
			t := newTable(len(tuple))
			var buf [8]element
			ix.run(in, 0, func() bool {
				in.collect(n.p, t, in.key(buf[:0], tuple))
				return true
			})
			return t
		}
	})
	return out
}

// tooMany refuses a set.
func (in *instance) tooMany(p pos, members float64) {
	in.fail(p, "the set has "+formatNumber(members)+" members", "at most "+formatNumber(maxSpan))
}

// collect appends a member to a set that an indexing runs through.
func (in *instance) collect(p pos, t *table, key []element) {
	if t.add(key); t.n > maxSpan {
		in.tooMany(p, float64(t.n))
	}
}
