package modfile

import "math"

// take gives a set, a parameter or variables the data of a block.
func (in *instance) take(b *dataBlock) {
	s := b.sym
	switch s.kind {
	case declSet:
		in.letSet(s, b.sub, b.tab, b.p)
		in.sets[s.id].owned = false
	case declVar:
		for i := 0; i < b.tab.n; i++ {
			var buf [1]element
			in.letVar(s, b.tab.at(i, buf[:]), b.num[i], b.base+pos(b.where[i]))
		}
	default:
		st := &in.params[s.id]
		if b.def != nil {
			st.def = b.def
		}
		switch {
		case st.tab == nil || st.tab.n == 0:
			st.tab, st.num, st.elem, st.where, st.base, st.owned, st.moved = b.tab, b.num, b.elem, b.where, b.base, false, nil
		case b.tab.n > 0:
			in.charge(b.tab.n)
			for i := 0; i < b.tab.n; i++ {
				var buf [1]element
				var v float64
				var e element
				if s.symbolic {
					e = b.elem[i]
				} else {
					v = b.num[i]
				}
				in.setParam(s, b.tab.at(i, buf[:]), v, e, b.base+pos(b.where[i]))
			}
		}
		in.changed(s)
	}
}

// letParam gives one member of a parameter a value.
func (in *instance) letParam(s *symbol, key []element, v float64, e element, p pos) {
	in.setParam(s, key, v, e, p)
	in.changed(s)
}

func (in *instance) setParam(s *symbol, key []element, v float64, e element, p pos) {
	if t := in.pinned[s]; t != nil && t.find(key) >= 0 {
		return
	}
	st := &in.params[s.id]
	if !st.owned {
		if st.tab == nil {
			st.tab = newTable(len(key))
		} else {
			in.charge(st.tab.n)
			st.tab = st.tab.clone()
		}
		st.num, st.elem = append([]float64(nil), st.num...), append([]element(nil), st.elem...)
		st.owned, st.moved = true, map[int]pos{}
	}
	i, isNew := st.tab.add(key)
	st.moved[i] = p
	if isNew {
		st.num = append(st.num, v)
		if s.symbolic {
			st.elem = append(st.elem, e)
		}
		return
	}
	if s.symbolic {
		st.elem[i] = e
	} else {
		st.num[i] = v
	}
}

// placeOf is where value i of a parameter was given.
func (st *paramState) placeOf(i int) pos {
	if p, ok := st.moved[i]; ok {
		return p
	}
	if i < len(st.where) {
		return st.base + pos(st.where[i])
	}
	return noPos
}

func (in *instance) letSet(s *symbol, key []element, t *table, p pos) {
	st := &in.sets[s.id]
	st.where = p
	if len(key) == 0 {
		st.value, st.given, st.ready, st.owned = t, true, true, true
	} else {
		if st.subs == nil {
			st.subs = newTable(len(key))
		}
		i, isNew := st.subs.add(key)
		if isNew {
			st.members, st.known = append(st.members, nil), append(st.known, false)
		}
		st.members[i], st.known[i] = t, true
	}
	in.changed(s)
}

// growSet adds members to a set, in place where the table is its own.
func (in *instance) growSet(s *symbol, whole, more *setCode, p pos) {
	st := &in.sets[s.id]
	if !st.given || !st.owned || in.final {
		t := whole.eval(in)
		in.charge(t.n)
		in.letSet(s, nil, t.clone(), p)
		return
	}
	add := more.eval(in)
	st = &in.sets[s.id]
	if add == st.value {
		return
	}
	var buf [1]element
	for i := 0; i < add.n; i++ {
		in.step()
		st.value.add(add.at(i, buf[:]))
	}
	st.where = p
	in.changed(s)
}

// letVar gives a variable a start value.
func (in *instance) letVar(s *symbol, key []element, v float64, p pos) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		in.fail(p, "the start value "+formatNumber(v)+" of "+fullName(in.el, s.name, key), "a finite number")
	}
	st := &in.vars[s.id]
	if st.starts == nil {
		st.starts = newTable(len(key))
	}
	i, isNew := st.starts.add(key)
	if isNew {
		st.svals, st.spos = append(st.svals, v), append(st.spos, p)
		return
	}
	st.svals[i], st.spos[i] = v, p
}

// fixVar fixes a variable at its start value, or frees it again. exact says that the start value was given for this, and is not to be
// moved into the bounds.
func (in *instance) fixVar(s *symbol, key []element, unfix, exact bool, p pos) {
	st := &in.vars[s.id]
	if st.fixes == nil {
		st.fixes = newTable(len(key))
	}
	i, isNew := st.fixes.add(key)
	if isNew {
		st.fpos, st.fexact = append(st.fpos, p), append(st.fexact, exact)
	}
	st.fpos[i], st.fexact[i] = p, exact
	if unfix {
		st.fpos[i] = noPos
	}
}

// startValue is the value of a variable in a command: the one it was given, that of its declaration, or 0.
func (in *instance) startValue(s *symbol, key []element, p pos, sc *scope) float64 {
	st := &in.vars[s.id]
	if st.starts != nil {
		if i := st.starts.find(key); i >= 0 {
			return st.svals[i]
		}
	}
	for _, pt := range s.parts {
		if pt.member != nil && !sameKey(pt.key, key) {
			continue
		}
		switch {
		case pt.vars == nil:
			return 0
		case pt.vars.def != nil:
			in.failScoped(p, sc, "the defined variable '"+s.name+"' in a command", "parameters and variables that are not defined by others")
		case pt.vars.start == nil:
			return 0
		}
		old := in.push(s, pt.frame)
		in.enter(key)
		v := pt.vars.start.num(in)
		in.pop(old)
		return v
	}
	return 0
}

// changed drops what was computed from a set or parameter.
func (in *instance) changed(s *symbol) {
	deps, ok := in.depends[s]
	if !ok {
		deps = in.f.dependents(s)
		if in.depends == nil {
			in.depends = map[*symbol][]*symbol{}
		}
		in.depends[s] = deps
	}
	for _, d := range deps {
		in.forget(d)
	}
}

// forget drops the computed values of a set or parameter.
func (in *instance) forget(s *symbol) {
	switch s.kind {
	case declSet:
		st := &in.sets[s.id]
		st.dom = nil
		if !st.given {
			st.ready, st.value = false, nil
		}
		if st.computed == 0 {
			return
		}
		st.computed = 0
		keep := newTable(st.subs.dim)
		var members []*table
		var known []bool
		for i, k := range st.known {
			if k {
				var buf [1]element
				keep.add(st.subs.at(i, buf[:]))
				members, known = append(members, st.members[i]), append(known, true)
			}
		}
		st.subs, st.members, st.known = keep, members, known
	case declParam:
		st := &in.params[s.id]
		st.dom, st.calc, st.cnum, st.celem, st.cstate = nil, nil, nil, nil, nil
	}
}

// dependents lists the sets and parameters whose values may change with that of s: those computed from it, directly or not.
func (f *File) dependents(s *symbol) []*symbol {
	users := map[*symbol][]*symbol{}
	for _, t := range f.list {
		if t.kind != declSet && t.kind != declParam {
			continue
		}
		for _, u := range t.uses {
			users[u] = append(users[u], t)
		}
	}
	seen := map[*symbol]bool{s: true}
	list := []*symbol{s}
	for k := 0; k < len(list); k++ {
		for _, u := range users[list[k]] {
			if !seen[u] {
				seen[u] = true
				list = append(list, u)
			}
		}
	}
	return list
}
