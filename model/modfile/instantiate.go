package modfile

import (
	"sort"
	"strings"

	"github.com/gobilevel/bilevel/internal/nearest"
	"github.com/gobilevel/bilevel/model"
)

// Instantiate makes a model of the file: the commands run in order, then sets and parameters are evaluated and checked, then variables
// and constraints are made in the order of their declarations. The file is not changed. The error is an *Error; a file that declares neither variable,
// objective nor constraint is one.
func (f *File) Instantiate(opt Options) (m *model.Model, err error) {
	if f.failed != nil {
		return nil, f.failed
	}
	if f.counts[declVar]+f.counts[declObjective]+f.counts[declConstraint]+f.counts[declSOS] == 0 {
		return nil, f.src.errorAt(0, "this is no model yet: it declares no variable, no objective and no constraint", "declarations, for instance var x >= 0, <= 10; and minimize cost: x;")
	}
	in := &instance{f: f, m: model.New(f.modelName()), el: newElements(f.elements), limit: opt.MaxSteps, ctx: opt.Context, budget: stepSlice,
		sets: make([]setState, f.counts[declSet]), params: make([]paramState, f.counts[declParam]), vars: make([]varState, f.counts[declVar]),
		rows: make([]rowState, f.counts[declConstraint])}
	if in.limit <= 0 {
		in.limit = defaultLimit
	}
	in.limit += stepSlice
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(bailout)
			if !ok {
				panic(r)
			}
			m, err = nil, b.e
		}
	}()
	for k, p := range f.players[1:] {
		pl := in.m.Follower(p.name)
		if pl.Index() != k+1 {
			in.fail(p.pos, "the name of follower '"+p.name+"' is taken", "another name")
		}
		if p.nash {
			pl.Nash()
		}
	}
	in.pin(opt.Params)
	for _, c := range f.commands {
		if !c.last {
			c.run(in)
		}
	}
	in.settle()
	for _, c := range f.commands {
		if c.last {
			c.run(in)
		}
	}
	in.build()
	in.finish()
	if err := in.m.Err(); err != nil {
		return nil, &Error{File: f.Name, Message: err.Error(), Err: err}
	}
	return in.m, nil
}

const defaultLimit = 2e9

// pin gives parameters the values of Options.Params.
func (in *instance) pin(params map[string]float64) {
	names := make([]string, 0, len(params))
	for n := range params {
		names = append(names, n)
	}
	sort.Strings(names)
	wrong := func(name, why string) {
		panic(bailout{&Error{File: in.f.Name, Message: "the parameter value for '" + name + "': " + why, Expected: "the name of a numeric parameter, with its subscript as in cap[3]"}})
	}
	for _, full := range names {
		base, key, ok := in.parseName(full)
		s := in.f.symbols[base]
		switch {
		case !ok:
			why := "this is not a name with a subscript"
			if q := inQuotes(full); q != "" {
				why = "a word in a subscript stands in quotes: " + q
			}
			wrong(full, why)
		case s == nil || s.kind != declParam:
			wrong(full, "there is no such parameter"+near(base, in.f))
		case s.symbolic:
			wrong(full, "the parameter is symbolic")
		case in.f.arity(s) != len(key):
			wrong(full, "the parameter has "+plural(in.f.arity(s), "subscript"))
		}
		in.setParam(s, key, params[full], 0, s.pos)
		if in.pinned == nil {
			in.pinned = map[*symbol]*table{}
		}
		if in.pinned[s] == nil {
			in.pinned[s] = newTable(len(key))
		}
		in.pinned[s].add(key)
	}
}

// near suggests the numeric parameter that is spelt most like a name.
func near(name string, f *File) string {
	var names []string
	for _, s := range f.list {
		if s.kind == declParam && !s.symbolic {
			names = append(names, s.name)
		}
	}
	if n := nearest.DidYouMean(name, names); n != "" {
		return "; " + n
	}
	return ""
}

// parseName takes a full name apart.
func (in *instance) parseName(full string) (base string, key []element, ok bool) {
	open := strings.IndexByte(full, '[')
	if open < 0 || !strings.HasSuffix(full, "]") {
		return full, nil, open < 0
	}
	subs, ok := splitSubscript(full[open+1 : len(full)-1])
	for _, s := range subs {
		if s.number {
			key = append(key, in.el.number(s.num))
		} else {
			key = append(key, in.el.text(s.text))
		}
	}
	return full[:open], key, ok
}

// inQuotes is a name with the words of its subscript in quotes, "" where that makes no name of it.
func inQuotes(full string) string {
	open := strings.IndexByte(full, '[')
	if open < 0 || !strings.HasSuffix(full, "]") || strings.Contains(full, `"`) {
		return ""
	}
	subs := strings.Split(full[open+1:len(full)-1], ",")
	for k, s := range subs {
		s = strings.Trim(strings.TrimSpace(s), "'")
		if _, ok := splitSubscript(s); !ok && s != "" {
			s = `"` + s + `"`
		}
		subs[k] = s
	}
	all := strings.Join(subs, ",")
	if _, ok := splitSubscript(all); !ok {
		return ""
	}
	return full[:open] + "[" + all + "]"
}

// splitSubscript reads a subscript as names carry it: numbers, and strings in double quotes, with commas between.
func splitSubscript(s string) (out []elementValue, ok bool) {
	for {
		if s != "" && s[0] == '"' {
			var text strings.Builder
			k := 1
			for {
				j := strings.IndexByte(s[k:], '"')
				if j < 0 {
					return nil, false
				}
				text.WriteString(s[k : k+j])
				k += j + 1
				if k < len(s) && s[k] == '"' {
					text.WriteByte('"')
					k++
					continue
				}
				break
			}
			out = append(out, elementValue{text: text.String()})
			s = s[k:]
		} else {
			k := strings.IndexByte(s, ',')
			if k < 0 {
				k = len(s)
			}
			if k == 0 {
				return nil, false
			}
			v, isNumber := parseNumber([]byte(s[:k]))
			if !isNumber || v-v != 0 || formatNumber(v) != s[:k] {
				return nil, false
			}
			out = append(out, elementValue{number: true, num: v})
			s = s[k:]
		}
		if s == "" {
			return out, true
		}
		if s[0] != ',' {
			return nil, false
		}
		s = s[1:]
	}
}

// settle ends the phase of commands: what was computed is dropped, so that it is computed and checked once more, and values from data
// and commands are checked.
func (in *instance) settle() {
	in.final = true
	for _, s := range in.f.list {
		switch s.kind {
		case declSet:
			in.forget(s)
			in.sets[s.id].ready = false
		case declParam:
			in.forget(s)
		}
	}
	for _, s := range in.f.list {
		switch s.kind {
		case declSet:
			in.checkGivenSet(s)
		case declParam:
			in.checkGivenParam(s)
		}
	}
}

func (in *instance) checkGivenSet(s *symbol) {
	st := &in.sets[s.id]
	if st.given {
		in.setValue(s, nil, st.where, nil)
	}
	if st.subs == nil || st.subs.n == 0 {
		return
	}
	dom := in.setDomain(s)
	var buf [1]element
	for i := 0; i < st.subs.n; i++ {
		key := st.subs.at(i, buf[:])
		if dom.find(key) < 0 {
			in.fail(st.where, "data for "+fullName(in.el, s.name, key)+", which is outside of the index set of '"+s.name+"'", "a subscript in the index set")
		}
		in.checkSet(s, st.members[i], key)
		st = &in.sets[s.id]
	}
}

func (in *instance) checkGivenParam(s *symbol) {
	st := &in.params[s.id]
	if st.tab == nil || st.tab.n == 0 {
		return
	}
	dom := in.paramDomain(s)
	st = &in.params[s.id]
	restricted := len(s.param.checks) > 0 || s.param.integer != noPos || s.param.binary != noPos
	tab, num, elem := st.tab, st.num, st.elem
	var buf [1]element
	for i := 0; i < tab.n; i++ {
		in.step()
		key := tab.at(i, buf[:])
		if tab.dim > 0 && dom.find(key) < 0 {
			in.fail(st.placeOf(i), "a value for "+fullName(in.el, s.name, key)+", which is outside of the index set of '"+s.name+"'", "a subscript in the index set")
		}
		if restricted {
			var v float64
			var e element
			if s.symbolic {
				e = elem[i]
			} else {
				v = num[i]
			}
			in.checkParam(s, key, v, e, in.params[s.id].placeOf(i))
		}
	}
}
