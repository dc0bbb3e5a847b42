package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// mathBlock is a part of a model as a document: a heading, and formulas or sentences.
type mathBlock struct {
	title string
	lines []mathLine
	texts []string
}

// mathLine is a formula, the range of its indices, and the name of what it states.
type mathLine struct{ formula, through, name string }

// document writes a model in blocks: the leader's problem, that of each follower, sets, data and notes.
func (w *mathematics) document() []mathBlock {
	m := w.m
	var blocks []mathBlock
	for p := range m.NumPlayers() {
		b := mathBlock{title: "Problem"}
		switch {
		case p > 0 && m.Player(p).IsNash():
			b.title = "Follower " + m.Player(p).Name() + ", who takes the other followers' variables as given"
		case p > 0:
			b.title = "Follower " + m.Player(p).Name()
		case m.NumFollowers() > 0:
			b.title = "Leader"
		}
		w.objective(&b, p)
		w.constraints(&b, p)
		if p == 0 {
			w.pairs(&b)
		}
		w.setsAndConditions(&b, p)
		w.domains(&b, p)
		if p == 0 {
			for k := 1; k < m.NumPlayers(); k++ {
				if own := w.decides(k); own != "" {
					b.lines = append(b.lines, mathLine{formula: own + `\ \text{solves the problem of follower ` + textEscape(m.Player(k).Name()) + "}"})
				}
			}
		}
		blocks = append(blocks, b)
	}
	list := func(title string, lines []string) {
		if len(lines) > 0 {
			b := mathBlock{title: title}
			for _, l := range lines {
				b.lines = append(b.lines, mathLine{formula: l})
			}
			blocks = append(blocks, b)
		}
	}
	list("Sets", w.sets.lines)
	list("Data", w.data.lines)
	if len(m.Notes) > 0 {
		blocks = append(blocks, mathBlock{title: "Notes", texts: m.Notes})
	}
	return blocks
}

// decides lists the symbols of the variables of a player.
func (w *mathematics) decides(p int) string {
	var parts []string
	more := 0
	seen := map[string]bool{}
	for _, f := range w.list {
		mine := false
		for _, j := range f.members {
			_, dual := w.m.DualOf(j)
			mine = mine || w.m.VarOwner(j) == p && !dual
		}
		switch {
		case !mine || seen[f.symbol]:
		case len(parts) == listLimit/2:
			more++
		default:
			parts = append(parts, f.symbol)
		}
		seen[f.symbol] = seen[f.symbol] || mine
	}
	if more > 0 {
		parts = append(parts, `\dots`)
	}
	return strings.Join(parts, ", ")
}

func (w *mathematics) objective(b *mathBlock, p int) {
	o := w.m.Player(p).Objective()
	word := `\min`
	if o.Sense == model.Maximize {
		word = `\max`
	}
	if own := w.decides(p); own != "" {
		word += "_{" + own + "}"
	}
	text, _ := w.form(single(o.F))
	b.lines = append(b.lines, mathLine{formula: word + `\quad ` + text, name: o.Name})
}

// item is a statement about one or two functions: a constraint, a pair, the domain of a variable.
type item struct {
	base   string
	index  []string
	full   string
	fs     []model.Function
	lo, hi float64
	kind   string // eq, le, ge, range, free; standard, mixed; real, whole, binary
}

// sides is the kind of a constraint lo <= f <= hi.
func sides(lo, hi float64) string {
	switch {
	case lo == hi:
		return "eq"
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return "free"
	case math.IsInf(lo, -1):
		return "le"
	case math.IsInf(hi, 1):
		return "ge"
	}
	return "range"
}

// named splits a name into that of the family and subscripts.
func named(base, full string) (string, []string) {
	if open := strings.IndexByte(full, '['); open > 0 && full[len(full)-1] == ']' && (len(full) > len(base) || base == full) {
		if len(full) > len(base) {
			open = len(base)
		}
		return full[:open], splitSubscripts(full[open+1 : len(full)-1])
	}
	return full, nil
}

func (w *mathematics) constraints(b *mathBlock, p int) {
	m := w.m
	condition := map[int]bool{}
	for _, ind := range m.Indicators() {
		condition[ind.Row] = true
	}
	inline := carried(m)
	var items []item
	for r := range m.NumRows() {
		if m.RowOwner(r) != p || condition[r] || m.IsPairRow(r) && inline[r] {
			continue
		}
		lo, hi := m.RowBounds(r)
		it := item{full: m.RowName(r), fs: []model.Function{m.RowFunction(r)}, lo: lo, hi: hi, kind: sides(lo, hi)}
		it.base, it.index = named(m.RowBase(r), it.full)
		items = append(items, it)
	}
	w.statements(b, items, true)
}

func (w *mathematics) pairs(b *mathBlock) {
	m := w.m
	var items []item
	for k := range m.NumPairs() {
		p := m.Pair(k)
		it := item{full: m.PairName(k), fs: []model.Function{m.MemberFunction(p.A), m.MemberFunction(p.B)}, kind: "standard"}
		if p.Mixed() {
			it.kind = "mixed"
			it.lo, it.hi = memberBounds(m, p.A)
		}
		it.base, it.index = named(m.PairBase(k), it.full)
		items = append(items, it)
	}
	w.statements(b, items, true)
}

// setsAndConditions writes the SOS1 sets and the constraints under conditions.
func (w *mathematics) setsAndConditions(b *mathBlock, p int) {
	m := w.m
	for i, ind := range m.Indicators() {
		if m.RowOwner(ind.Row) != p {
			continue
		}
		if i == listLimit && len(m.Indicators()) > listLimit+1 {
			b.lines = append(b.lines, moreLine(len(m.Indicators())-i, "conditions"))
			break
		}
		lo, hi := m.RowBounds(ind.Row)
		f, _ := w.form(single(m.RowFunction(ind.Row)))
		z, _ := w.form(single(model.Function{Vars: []int32{int32(ind.Binary)}, Coefs: []float64{1}}))
		value := " = 0"
		if ind.When {
			value = " = 1"
		}
		b.lines = append(b.lines, mathLine{formula: z + value + `\ \Longrightarrow\ ` + between(sides(lo, hi), []string{f}, mathNumber(lo), mathNumber(hi)), name: m.RowName(ind.Row)})
	}
	n := 0
	for _, s := range m.SOS1Sets() {
		if s.Owner != p {
			continue
		}
		if n++; n > listLimit {
			continue
		}
		var parts []string
		for i, j := range s.Vars {
			if i == listLimit {
				parts = append(parts, `\dots`)
				break
			}
			v, _ := w.form(single(model.Function{Vars: []int32{j}, Coefs: []float64{1}}))
			parts = append(parts, v)
		}
		b.lines = append(b.lines, mathLine{formula: `\text{at most one of}\ ` + strings.Join(parts, ", ") + `\ \text{is not } 0`, name: s.Name})
	}
	if n > listLimit {
		b.lines = append(b.lines, moreLine(n-listLimit, "sets"))
	}
}

func moreLine(n int, what string) mathLine {
	return mathLine{formula: fmt.Sprintf(`\dots\ \text{%d more %s}`, n, textEscape(what))}
}

func (w *mathematics) domains(b *mathBlock, p int) {
	m := w.m
	var items []item
	for _, f := range w.list {
		for k, j := range f.members {
			if _, dual := m.DualOf(j); dual || m.VarOwner(j) != p {
				continue
			}
			lo, hi := m.VarBounds(j)
			it := item{base: f.base, index: f.tuples[k], full: m.VarName(j), lo: lo, hi: hi, kind: sides(lo, hi),
				fs: []model.Function{{Vars: []int32{int32(j)}, Coefs: []float64{1}}}}
			switch kind := m.VarKind(j); {
			case kind == model.Binary && lo == 0 && hi == 1:
				it.kind = "binary"
			case kind != model.Continuous && lo < hi:
				it.kind += " whole"
			case it.kind == "free":
				it.kind = "real"
			}
			items = append(items, it)
		}
	}
	w.statements(b, items, false)
}

// between writes a statement.
func between(kind string, f []string, lo, hi string) string {
	if k, whole := strings.CutSuffix(kind, " whole"); whole {
		if k == "free" {
			return f[0] + ` \in \mathbb{Z}`
		}
		return between(k, f, lo, hi) + `,\ ` + f[0] + ` \in \mathbb{Z}`
	}
	switch kind {
	case "eq":
		return f[0] + " = " + hi
	case "le":
		return f[0] + ` \le ` + hi
	case "ge":
		return f[0] + ` \ge ` + lo
	case "range":
		return lo + ` \le ` + f[0] + ` \le ` + hi
	case "standard":
		return `0 \le ` + f[0] + ` \perp ` + f[1] + ` \ge 0`
	case "mixed":
		if lo == hi {
			return f[0] + " = " + lo + ` \perp ` + f[1]
		}
		return lo + ` \le ` + f[0] + ` \le ` + hi + ` \perp ` + f[1]
	case "binary":
		return f[0] + ` \in \{0, 1\}`
	case "real":
		return f[0] + ` \in \mathbb{R}`
	}
	return f[0] + `\ \text{unrestricted}`
}

// statements writes items, those of a family in one line where they have one form.
func (w *mathematics) statements(b *mathBlock, items []item, label bool) {
	for _, g := range split(items, func(it *item) string { return it.base + "\x00" + strconv.Itoa(len(it.index)) }) {
		for _, same := range split(g, w.signature) {
			if w.statement(b, same, label) {
				continue
			}
			for _, alike := range split(same, size) {
				if len(alike) < len(same) && w.statement(b, alike, label) {
					continue
				}
				for k := range alike {
					if k == listLimit/2 && len(alike) > k+1 {
						b.lines = append(b.lines, moreLine(len(alike)-k, "like "+alike[0].base))
						break
					}
					w.statement(b, alike[k:k+1], label)
				}
			}
		}
	}
}

// split sorts items by a key, in the order of the first of each.
func split(items []item, key func(it *item) string) [][]item {
	at := map[string]int{}
	var out [][]item
	for k := range items {
		id := key(&items[k])
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], items[k])
	}
	return out
}

// signature says of which kind and of which families an item is.
func (w *mathematics) signature(it *item) string {
	var s strings.Builder
	s.WriteString(it.kind)
	for _, f := range it.fs {
		seen := map[string]bool{}
		note := func(families ...*mathFamily) {
			id := ""
			for _, g := range families {
				id += "\x00" + g.base + "\x01" + strconv.Itoa(len(g.values))
			}
			if !seen[id] {
				seen[id] = true
				s.WriteString(id)
			}
		}
		for k, j := range f.Vars {
			if f.Coefs[k] != 0 {
				note(w.of[j])
			}
		}
		for _, q := range f.Quad {
			note(w.of[q.I], w.of[q.J])
		}
		if f.Nonlinear != 0 {
			s.WriteString("\x02")
		}
		s.WriteString("\x03")
	}
	return s.String()
}

// size tells items of other numbers of terms apart.
func size(it *item) string {
	s := ""
	for _, f := range it.fs {
		s += fmt.Sprint(len(f.Vars), len(f.Quad), " ")
	}
	return s
}

// statement writes items as one line, if they have one form; one item always has.
func (w *mathematics) statement(b *mathBlock, items []item, label bool) bool {
	before := w.save()
	first := &items[0]
	c := &cluster{}
	lo, hi := make([]float64, len(items)), make([]float64, len(items))
	for k := range items {
		c.index = append(c.index, items[k].index)
		lo[k], hi[k] = items[k].lo, items[k].hi
	}
	line := mathLine{name: first.base}
	if len(items) == 1 {
		c.index[0] = nil
		line.name = first.full
	} else {
		if len(first.index) > len(w.letters) || len(first.index) == 0 || repeated(c.index) {
			return false
		}
		c.varying()
		c.letters = w.letters[:len(c.index[0])]
	}
	var fs []string
	for k := range first.fs {
		c.fs = nil
		for i := range items {
			c.fs = append(c.fs, items[i].fs[k])
		}
		text, ok := w.form(c)
		if !ok {
			w.restore(before)
			return false
		}
		fs = append(fs, text)
	}
	var low, high string
	kind := strings.TrimSuffix(first.kind, " whole")
	if kind == "ge" || kind == "range" || kind == "mixed" {
		low = w.number("b", c, lo)
	}
	if kind == "le" || kind == "range" || kind == "eq" || kind == "mixed" {
		high = w.number("b", c, hi)
	}
	line.formula = between(first.kind, fs, low, high)
	if len(c.letters) > 0 {
		line.through = w.sets.through(c.letters, c.index)
	}
	if !label {
		line.name = ""
	}
	b.lines = append(b.lines, line)
	return true
}

// repeated reports whether two of some subscripts are the same.
func repeated(index [][]string) bool {
	seen := map[string]bool{}
	places := allPlaces(len(index[0]))
	for _, t := range index {
		key := tupleKey(t, places)
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}
