package modfile

import "math"

// setState is the value of a set, or of the members of an indexed set.
type setState struct {
	value    *table // of a set without subscripts
	ready    bool   // value is set and, in the final phase, checked
	given    bool   // value comes from data or let
	subs     *table // subscripts for which there is a value
	members  []*table
	known    []bool // of members: from data or let
	computed int    // members that are not
	busy     bool
	owned    bool // value was made by let and is nobody else's
	dom      *domain
	where    pos
}

// setDecl is the compiled declaration of a set.
type setDecl struct {
	frame  int
	ix     *indexCode
	value  *setCode // := or =
	def    *setCode // default
	within []withinCheck
}

type withinCheck struct {
	p   pos
	set *setCode
}

// paramDecl is the compiled declaration of a parameter.
type paramDecl struct {
	frame   int
	ix      *indexCode
	value   *code
	def     *code
	checks  []paramCheck
	integer pos
	binary  pos
}

type paramCheck struct {
	p   pos
	rel operator
	e   *code
	in  *setCode
}

// paramState is the values of a parameter.
type paramState struct {
	tab    *table // subscripts with a value from data or let
	num    []float64
	elem   []element
	where  []int32 // places in the text that starts at base
	base   pos
	moved  map[int]pos // places of values that came from elsewhere
	owned  bool        // the above are not shared with the file
	def    *dataDefault
	dom    *domain
	calc   *table // subscripts whose value was computed
	cnum   []float64
	celem  []element
	cstate []uint8
}

const (
	calcNone uint8 = iota
	calcBusy
	calcDone
)

// setValue returns the value of a set or of a member of an indexed set.
func (in *instance) setValue(s *symbol, key []element, p pos, sc *scope) *table {
	st := &in.sets[s.id]
	if len(key) == 0 {
		if st.ready {
			return st.value
		}
		if !st.given {
			in.computeSet(s, key, p, sc, &st.value, &st.busy)
		}
		if in.final {
			in.checkSet(s, st.value, key)
		}
		in.sets[s.id].ready = true
		return in.sets[s.id].value
	}
	if st.subs == nil {
		st.subs = newTable(len(key))
	}
	if i := st.subs.find(key); i >= 0 {
		if st.members[i] == nil {
			in.failScoped(p, sc, "the set "+fullName(in.el, s.name, key)+" is defined in terms of itself", "")
		}
		return st.members[i]
	}
	if in.setDomain(s).find(key) < 0 {
		in.noMember(s, key, p, sc)
	}
	i, _ := st.subs.add(key)
	st.members, st.known = append(st.members, nil), append(st.known, false)
	st.computed++
	var busy bool
	var t *table
	in.computeSet(s, key, p, sc, &t, &busy)
	st = &in.sets[s.id]
	st.members[i] = t
	if in.final {
		in.checkSet(s, t, key)
	}
	return t
}

func (in *instance) setDomain(s *symbol) *domain {
	if st := &in.sets[s.id]; st.dom != nil {
		return st.dom
	}
	old := in.push(s, s.set.frame)
	dom := in.domainOf(s.set.ix)
	in.pop(old)
	in.sets[s.id].dom = dom
	return dom
}

// computeSet evaluates the declaration of a set.
func (in *instance) computeSet(s *symbol, key []element, p pos, sc *scope, out **table, busy *bool) {
	if *busy {
		in.failScoped(p, sc, "the set '"+s.name+"' is defined in terms of itself", "")
	}
	e := s.set.value
	if e == nil {
		e = s.set.def
	}
	if e == nil {
		in.failScoped(p, sc, "the set "+fullName(in.el, s.name, key)+" has no data", "a data statement for it, ':=' or 'default' in its declaration")
	}
	*busy = true
	in.deeper(p)
	old := in.push(s, s.set.frame)
	in.enter(key)
	t := e.eval(in)
	if t.n == 0 && t.dim != in.f.dimension(s) {
		t = newTable(in.f.dimension(s))
	}
	in.pop(old)
	in.depth--
	*busy = false
	*out = t
}

// checkSet checks the phrases within of a set.
func (in *instance) checkSet(s *symbol, t *table, key []element) {
	if len(s.set.within) == 0 {
		return
	}
	old := in.push(s, s.set.frame)
	in.enter(key)
	in.deeper(s.pos)
	for _, w := range s.set.within {
		var buf [1]element
		var whole *table
		if w.set.has == nil {
			whole = w.set.eval(in)
		}
		for i := 0; i < t.n; i++ {
			in.step()
			m := t.at(i, buf[:])
			inside := false
			if whole != nil {
				inside = whole.n > 0 && whole.find(m) >= 0
			} else {
				inside = w.set.has(in, m)
			}
			if !inside {
				at := w.p
				if wh := in.sets[s.id].where; wh > 0 {
					at = wh
				}
				in.failPlain(at, "the member "+tupleName(in.el, m)+" of the set "+fullName(in.el, s.name, key)+" is not in the set that it must be within", "members of that set")
			}
		}
	}
	in.depth--
	in.pop(old)
}

func tupleName(el *elements, key []element) string {
	if len(key) == 1 {
		return el.name(key[0])
	}
	return "(" + el.names(key) + ")"
}

// paramDomain evaluates the index set of a parameter.
func (in *instance) paramDomain(s *symbol) *domain {
	if st := &in.params[s.id]; st.dom != nil {
		return st.dom
	}
	old := in.push(s, s.param.frame)
	dom := in.domainOf(s.param.ix)
	in.pop(old)
	in.params[s.id].dom = dom
	return dom
}

// symbolic returns the value of a symbolic parameter.
func (in *instance) symbolic(s *symbol, key []element, p pos, sc *scope) element {
	st := &in.params[s.id]
	if st.tab != nil {
		if i := st.tab.find(key); i >= 0 {
			return st.elem[i]
		}
	}
	_, e := in.compute(s, append([]element(nil), key...), p, sc)
	return e
}

// param returns the value of a numeric parameter that data and let have not given.
func (in *instance) param(s *symbol, key []element, p pos, sc *scope) float64 {
	v, _ := in.compute(s, key, p, sc)
	return v
}

// compute returns the computed or default value of a parameter.
func (in *instance) compute(s *symbol, key []element, p pos, sc *scope) (float64, element) {
	st, d := &in.params[s.id], s.param
	if st.calc != nil {
		if i := st.calc.find(key); i >= 0 {
			switch st.cstate[i] {
			case calcDone:
				if s.symbolic {
					return 0, st.celem[i]
				}
				return st.cnum[i], 0
			case calcBusy:
				in.failScoped(p, sc, "the parameter "+fullName(in.el, s.name, key)+" is computed from itself", "a recursion that comes to an end")
			}
		}
	}
	if in.paramDomain(s).find(key) < 0 {
		in.noMember(s, key, p, sc)
	}
	st = &in.params[s.id]
	e := d.value
	if e == nil {
		if st.def != nil {
			return st.def.num, st.def.elem
		}
		e = d.def
	}
	if e == nil {
		in.failScoped(p, sc, "the parameter "+fullName(in.el, s.name, key)+" has no value", "a value in the data, ':=' or 'default' in its declaration")
	}
	if e.fixed {
		if in.final {
			in.checkParam(s, key, e.val, 0, e.p)
		}
		return e.val, 0
	}
	if st.calc == nil {
		st.calc = newTable(len(key))
	}
	i, isNew := st.calc.add(key)
	if isNew {
		st.cstate, st.cnum = append(st.cstate, calcBusy), append(st.cnum, math.NaN())
		if s.symbolic {
			st.celem = append(st.celem, 0)
		}
	} else {
		st.cstate[i] = calcBusy
	}
	in.deeper(p)
	in.step()
	old := in.push(s, d.frame)
	in.enter(key)
	var v float64
	var el element
	if s.symbolic {
		el = e.elem(in)
	} else {
		v = e.num(in)
	}
	in.pop(old)
	in.depth--
	st = &in.params[s.id]
	st.cstate[i] = calcDone
	if s.symbolic {
		st.celem[i] = el
	} else {
		st.cnum[i] = v
	}
	if in.final {
		in.checkParam(s, key, v, el, e.p)
	}
	return v, el
}

// checkParam checks a value against the restrictions of the declaration.
func (in *instance) checkParam(s *symbol, key []element, v float64, e element, p pos) {
	d := s.param
	if len(d.checks) == 0 && d.integer == noPos && d.binary == noPos {
		return
	}
	in.deeper(p)
	old := in.push(s, d.frame)
	in.enter(key)
	value := func() string {
		if s.symbolic {
			return in.el.name(e)
		}
		return formatNumber(v)
	}
	wrong := func(what string) {
		in.failPlain(p, "the value "+value()+" of "+fullName(in.el, s.name, key)+" "+what, "a value that agrees with the declaration of '"+s.name+"'")
	}
	if d.integer != noPos && v != math.Trunc(v) {
		wrong("is not an integer")
	}
	if d.binary != noPos && v != 0 && v != 1 {
		wrong("is not 0 or 1")
	}
	for _, c := range d.checks {
		if c.in != nil {
			if !s.symbolic {
				e = in.elementOf(v, p)
			}
			if !c.in.contains(in, []element{e}) {
				wrong("is not in the set that it must be in")
			}
			continue
		}
		if s.symbolic {
			b := c.e.elem(in)
			if c.rel == opEQ && e != b || c.rel == opNE && e == b || c.rel != opEQ && c.rel != opNE && !in.compare(c.rel, e, b, p) {
				wrong("is not " + c.rel.String() + " " + in.el.name(b))
			}
			continue
		}
		b := c.e.num(in)
		if !compareValues(c.rel, v, b) {
			wrong("is not " + c.rel.String() + " " + formatNumber(b))
		}
	}
	in.pop(old)
	in.depth--
}

func compareValues(op operator, a, b float64) bool {
	switch op {
	case opLT:
		return a < b
	case opLE:
		return a <= b
	case opEQ:
		return a == b
	case opNE:
		return a != b
	case opGE:
		return a >= b
	}
	return a > b
}
