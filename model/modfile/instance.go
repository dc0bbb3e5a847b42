package modfile

import (
	"context"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/internal/nearest"
	"github.com/gobilevel/bilevel/model"
)

// instance is one instantiation: the values of sets and parameters, and the model that is built.
type instance struct {
	f      *File
	m      *model.Model
	el     *elements
	fr     []element // slots of the dummy indices of what is evaluated
	stack  []element
	top    int
	sets   []setState
	params []paramState
	vars   []varState
	rows   []rowState

	budget int64 // steps until the next look at limit and context
	spent  int64
	limit  int64
	ctx    context.Context

	accs     []*model.Accumulator
	slices   map[sliceKey]*sliceIndex
	sym      *symbol // whose value is computed, for messages
	keyed    bool    // the first slots hold its subscripts
	depth    int
	final    bool // commands have run: values are checked
	pinned   map[*symbol]*table
	members  map[*symbol]*table // subscripts of constraints that are declared one by one
	duals    map[int]int        // column of the dual of a constraint
	depends  map[*symbol][]*symbol
	notes    []string
	suffixes []suffixValue
	fixed    map[int32]bool // columns that a command fixed
}

// stepSlice is the number of steps between two looks at the limit and the context.
const stepSlice = 1 << 14

// step counts one unit of work.
func (in *instance) step() {
	if in.budget--; in.budget < 0 {
		in.refuel()
	}
}

// charge counts n units of work before they are done, so that a table that is too large is refused and not made.
func (in *instance) charge(n int) {
	if in.budget -= int64(n); in.budget < 0 {
		in.refuel()
	}
}

// chargeProduct is charge for a table of n*m entries.
func (in *instance) chargeProduct(p pos, n, m int) {
	if m > 0 && n > (1<<31-1)/m {
		in.fail(p, "a product of "+formatNumber(float64(n))+" and "+formatNumber(float64(m))+" members", "fewer than 2147483648 members")
	}
	in.charge(n * m)
}

func (in *instance) refuel() {
	in.spent += stepSlice - in.budget
	if in.spent > in.limit {
		in.fail(in.place(), "the model is too large: more than "+formatNumber(float64(in.limit))+" steps to instantiate it", "smaller sets, or a higher MaxSteps")
	}
	if in.ctx != nil {
		if err := in.ctx.Err(); err != nil {
			e := in.f.src.errorAt(in.place(), "the instantiation was stopped: "+err.Error(), "")
			e.Err = err
			panic(bailout{e})
		}
	}
	in.budget = stepSlice
}

// place is where the symbol at hand is declared.
func (in *instance) place() pos {
	if in.sym != nil {
		return in.sym.pos
	}
	return noPos
}

// fail reports a mistake in the values.
func (in *instance) fail(p pos, message, expected string) {
	e := in.f.src.errorAt(p, message, expected)
	e.Context = in.context(nil)
	panic(bailout{e})
}

// failPlain reports a mistake whose message names all that matters.
func (in *instance) failPlain(p pos, message, expected string) {
	panic(bailout{in.f.src.errorAt(p, message, expected)})
}

// failScoped is fail with the dummy indices in force.
func (in *instance) failScoped(p pos, sc *scope, message, expected string) {
	e := in.f.src.errorAt(p, message, expected)
	e.Context = in.context(sc)
	panic(bailout{e})
}

// context names what is computed: the declaration with its subscripts, and the values of the other dummy indices.
func (in *instance) context(sc *scope) string {
	var parts []string
	for s := sc; s != nil; s = s.next {
		if s.slot < len(in.fr) {
			parts = append(parts, s.name+" = "+in.el.name(in.fr[s.slot]))
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	where := strings.Join(parts, ", ")
	if in.sym == nil || in.sym.name == "" {
		if where != "" {
			where = "for " + where
		}
		return where
	}
	s := "in " + in.sym.kind.String() + " " + in.sym.name
	if n := in.f.arity(in.sym); in.keyed && n > 0 && n <= len(in.fr) {
		s += "[" + in.el.names(in.fr[:n]) + "]"
	}
	if where != "" {
		s += " (" + where + ")"
	}
	return s
}

func (in *instance) note(format string, args ...any) {
	if len(in.notes) < maxNotes {
		in.notes = append(in.notes, fmt.Sprintf(format, args...))
	}
}

// push opens a frame of n slots for a symbol; pop restores the one before.
func (in *instance) push(s *symbol, n int) saved {
	old := saved{in.fr, in.top, in.sym, in.keyed}
	if in.top+n > len(in.stack) {
		in.stack = make([]element, max(2*len(in.stack), in.top+n, 64))
	}
	in.fr = in.stack[in.top : in.top+n : in.top+n]
	in.top += n
	in.sym, in.keyed = s, false
	return old
}

// enter puts the subscripts of a member of a family into its slots.
func (in *instance) enter(key []element) {
	copy(in.fr, key)
	in.keyed = true
}

type saved struct {
	fr  []element
	top int
	sym *symbol

	keyed bool
}

func (in *instance) pop(old saved) {
	in.fr, in.top, in.sym, in.keyed = old.fr, old.top, old.sym, old.keyed
}

// maxNesting bounds how deeply computed parameters and sets may call each other.
const maxNesting = 100_000

func (in *instance) deeper(p pos) {
	if in.depth++; in.depth > maxNesting {
		in.fail(p, "the recursion is deeper than "+formatNumber(maxNesting), "a recursion that comes to an end")
	}
}

// key evaluates subscripts into buf.
func (in *instance) key(buf []element, subs []*code) []element {
	for _, s := range subs {
		buf = append(buf, s.elem(in))
	}
	return buf
}

// number is an element as a number.
func (in *instance) number(e element, p pos) float64 {
	v, ok := in.el.num(e)
	if !ok {
		in.fail(p, "the string "+in.el.name(e)+" where a number is needed", "a number")
	}
	return v
}

// elementOf is a number as an element.
func (in *instance) elementOf(v float64, p pos) element {
	if v-v != 0 {
		in.fail(p, "the number "+formatNumber(v)+" as a subscript or member of a set", "a finite number")
	}
	return in.el.number(v)
}

// noMember reports a subscript outside of the index set.
func (in *instance) noMember(s *symbol, key []element, p pos, sc *scope) int {
	in.failScoped(p, sc, s.kind.String()+" "+fullName(in.el, s.name, key)+" does not exist", "a subscript in the index set of '"+s.name+"'"+in.likeMember(s, key))
	return -1
}

// likeMember suggests the member whose subscript is spelt most like one that does not exist, or lists the members of a small index set.
func (in *instance) likeMember(s *symbol, key []element) string {
	var d *domain
	switch s.kind {
	case declSet:
		d = in.sets[s.id].dom
	case declParam:
		d = in.params[s.id].dom
	case declVar:
		d = in.vars[s.id].dom
	}
	if d == nil || d.n == 0 || d.n > 2000 || d.dim != len(key) {
		return ""
	}
	names := make([]string, d.n)
	var buf [8]element
	for i := range names {
		names[i] = in.el.names(d.at(i, buf[:]))
	}
	if near := nearest.Name(in.el.names(key), names); near != "" && !strings.ContainsAny(near, "0123456789") {
		return " (is it " + s.name + "[" + near + "]?)"
	}
	if list := strings.Join(names, "; "); len(list) <= 60 {
		return ", which holds " + list
	}
	return ""
}

// domain is the subscripts of a family: a table, or the product of several that is never written out.
type domain struct {
	tab     *table
	comps   []*table
	strides []int
	dims    []int
	dim, n  int
}

func (d *domain) find1(a element) int {
	if d.tab != nil {
		return d.tab.find1(a)
	}
	return d.find([]element{a})
}

func (d *domain) find2(a, b element) int {
	if d.tab != nil {
		return d.tab.find2(a, b)
	}
	if len(d.comps) == 2 {
		i := d.comps[0].find1(a)
		if i < 0 {
			return -1
		}
		j := d.comps[1].find1(b)
		if j < 0 {
			return -1
		}
		return i*d.strides[0] + j
	}
	return d.find([]element{a, b})
}

func (d *domain) find(key []element) int {
	if d.tab != nil {
		return d.tab.find(key)
	}
	i := 0
	for k, t := range d.comps {
		j := t.find(key[:d.dims[k]])
		if j < 0 {
			return -1
		}
		key = key[d.dims[k]:]
		i += j * d.strides[k]
	}
	return i
}

// at returns member i, in buf or in the table's own storage.
func (d *domain) at(i int, buf []element) []element {
	if d.tab != nil {
		if d.dim == 0 {
			return nil
		}
		return d.tab.at(i, buf)
	}
	buf = buf[:0]
	for k, t := range d.comps {
		var one [1]element
		buf = append(buf, t.at(i/d.strides[k], one[:])...)
		i %= d.strides[k]
	}
	return buf
}

// domainOf evaluates the indexing of a family; nil stands for a single thing.
func (in *instance) domainOf(ix *indexCode) *domain {
	if ix == nil {
		t := newTable(0)
		t.n = 1
		return &domain{tab: t, n: 1}
	}
	if !ix.grid {
		t := newTable(ix.n)
		ix.run(in, 0, func() bool {
			in.collect(ix.p, t, in.fr[ix.base:ix.base+ix.n])
			return true
		})
		return &domain{tab: t, dim: ix.n, n: t.n}
	}
	d := &domain{dim: ix.n, n: 1}
	for k := range ix.entries {
		t := ix.entries[k].set.eval(in)
		if t.n == 0 {
			return &domain{tab: newTable(ix.n), dim: ix.n}
		}
		if d.n > (1<<31-1)/t.n {
			in.fail(ix.p, "the family has more than 2147483647 members", "smaller index sets")
		}
		d.n *= t.n
		d.comps = append(d.comps, t)
		d.dims = append(d.dims, t.dim)
		d.strides = append(d.strides, 0)
	}
	if len(d.comps) == 1 {
		d.tab = d.comps[0]
		return d
	}
	stride := 1
	for k := len(d.comps) - 1; k >= 0; k-- {
		d.strides[k] = stride
		stride *= d.comps[k].n
	}
	return d
}
