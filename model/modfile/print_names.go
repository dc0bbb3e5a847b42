package modfile

import (
	"math"
	"strings"
)

// label is how a variable, constraint or pair is called in a printed model: a name, and a subscript where the name of the model has one
// that the language can write.
type label struct {
	base string // as it is written, in backquotes where it has to be
	sub  string
	key  []elementValue
}

func (l label) String() string {
	if l.sub == "" {
		return l.base
	}
	return l.base + "[" + l.sub + "]"
}

// family is what is known of a name that is written with subscripts.
type family struct {
	kind  declKind
	arity int // 0: a single thing
}

// labels gives out the names of a printed model. Names are those of the model, but where a name is taken already, as when a constraint is
// called like a variable, an underscore is appended.
type labels struct {
	bases map[string]family
	full  map[string]bool // of members, and of single things
}

func newLabels() *labels { return &labels{bases: map[string]family{}, full: map[string]bool{}} }

// take returns the label of a thing by its full name.
func (t *labels) take(kind declKind, full string) label {
	if base, sub := splitName(full); sub != "" {
		parts, _ := splitSubscript(sub)
		f, taken := t.bases[base]
		if !taken {
			f = family{kind, len(parts)}
			t.bases[base] = f
		}
		if f.kind == kind && f.arity == len(parts) && !t.full[full] {
			t.full[full] = true
			return label{base: writeName(base), sub: sub, key: parts}
		}
	}
	if full == "" {
		full = "unnamed"
	}
	for {
		if _, taken := t.bases[full]; !taken && !t.full[full] {
			break
		}
		full += "_"
	}
	t.bases[full] = family{kind, 0}
	t.full[full] = true
	return label{base: writeName(full)}
}

// splitName takes a full name apart where its subscript is one that the language writes; otherwise sub is empty.
func splitName(full string) (base, sub string) {
	open := strings.IndexByte(full, '[')
	if open < 1 || full[len(full)-1] != ']' {
		return full, ""
	}
	sub = full[open+1 : len(full)-1]
	if _, ok := splitSubscript(sub); !ok {
		return full, ""
	}
	return full[:open], sub
}

// fresh returns a prefix that no name begins with.
func (t *labels) fresh(prefix string) string {
	for {
		found := false
		for b := range t.bases {
			if strings.HasPrefix(b, prefix) {
				found = true
				break
			}
		}
		if !found {
			return prefix
		}
		prefix += "_"
	}
}

// writeName writes a name as it stands in a file: in backquotes if it is no plain name.
func writeName(name string) string {
	plain := name != "" && isLetter(name[0]) && !reserved[name] && !ignored[name] && name != "nash" && name != "Infinity" && name != "sos1"
	for i := 0; plain && i < len(name); i++ {
		plain = isLetter(name[i]) || isDigit(name[i])
	}
	if plain {
		if _, function := functions[name]; !function {
			return name
		}
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// writeNumber writes a number so that it reads back to the same float64.
func writeNumber(v float64) string {
	return formatNumber(v)
}

// indexSet writes the subscripts of a family as an indexing: a product of ranges and literal sets where they are one, and a list of
// tuples otherwise. subs are in the order of the family.
func indexSet(subs [][]elementValue) string {
	dim := len(subs[0])
	if comps := product(subs); comps != nil {
		parts := make([]string, dim)
		for k, c := range comps {
			parts[k] = literal(c)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if dim == 1 {
		flat := make([]elementValue, len(subs))
		for i, s := range subs {
			flat[i] = s[0]
		}
		return "{" + literal(flat) + "}"
	}
	var b []byte
	b = append(b, "{{"...)
	for i, s := range subs {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '(')
		for k, e := range s {
			if k > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, e)
		}
		b = append(b, ')')
	}
	return string(append(b, "}}"...))
}

func appendValue(b []byte, e elementValue) []byte {
	if e.number {
		return append(b, formatNumber(e.num)...)
	}
	return appendQuoted(b, e.text)
}

// literal writes a set of single members: as a range where it is one.
func literal(list []elementValue) string {
	span := len(list) > 1
	for i, e := range list {
		span = span && e.number && e.num == math.Trunc(e.num) && e.num == list[0].num+float64(i)
	}
	if span {
		return formatNumber(list[0].num) + ".." + formatNumber(list[len(list)-1].num)
	}
	b := []byte{'{'}
	for i, e := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendValue(b, e)
	}
	return string(append(b, '}'))
}

// product returns the factors if the tuples are a product in lexicographic order, and otherwise nil.
func product(subs [][]elementValue) [][]elementValue {
	dim := len(subs[0])
	comps := make([][]elementValue, dim)
	at := make([]map[elementValue]bool, dim)
	for k := range at {
		at[k] = map[elementValue]bool{}
	}
	for _, s := range subs {
		for k, e := range s {
			if !at[k][e] {
				at[k][e] = true
				comps[k] = append(comps[k], e)
			}
		}
	}
	n := 1
	for _, c := range comps {
		if n > len(subs) {
			return nil
		}
		n *= len(c)
	}
	if n != len(subs) {
		return nil
	}
	for i, s := range subs {
		rest := i
		for k := dim - 1; k >= 0; k-- {
			if s[k] != comps[k][rest%len(comps[k])] {
				return nil
			}
			rest /= len(comps[k])
		}
	}
	return comps
}

// nameVariables names the variables. Duals are called after their constraint, later.
func (p *printing) nameVariables() {
	m := p.m
	p.vars = make([]string, m.NumVars())
	p.varLabels = make([]label, m.NumVars())
	for j := range p.vars {
		if _, dual := m.DualOf(j); !dual {
			p.varLabels[j] = p.labels.take(declVar, m.VarName(j))
			p.vars[j] = p.varLabels[j].String()
		}
	}
}

// nameRows names the constraints that are printed as such, and the pairs.
func (p *printing) nameRows() {
	m := p.m
	p.rows = make([]label, m.NumRows())
	for r := range p.rows {
		if !p.inline[r] {
			p.rows[r] = p.labels.take(declConstraint, m.RowName(r))
		}
	}
	p.pairs = make([]label, m.NumPairs())
	for k := range p.pairs {
		p.pairs[k] = p.labels.take(declConstraint, m.PairName(k))
	}
	for j := range p.vars {
		if r, dual := m.DualOf(j); dual {
			p.vars[j] = p.rows[r].String() + ".dual"
		}
	}
}
