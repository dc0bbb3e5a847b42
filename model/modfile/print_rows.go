package modfile

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// choosePairRows decides which constraints are written inside of the statement of their pair: those that are marked as carrying a
// member, carry one member only, have the bounds that this member says, and stand in the order that reading makes them in.
func (p *printing) choosePairRows() {
	m := p.m
	p.inline = make([]bool, m.NumRows())
	p.pairOf = make([]int32, m.NumRows())
	p.whens = map[int][]model.Indicator{}
	for _, ind := range m.Indicators() {
		p.whens[ind.Row] = append(p.whens[ind.Row], ind)
	}
	duals := map[int]bool{}
	for _, j := range m.DualVars() {
		r, _ := m.DualOf(j)
		duals[r] = true
	}
	p.countSubscripts()
	uses := make([]int, m.NumRows())
	for k := 0; k < m.NumPairs(); k++ {
		for _, s := range membersOf(m.Pair(k)) {
			if s.Row {
				uses[s.Index]++
				p.pairOf[s.Index] = int32(k)
			}
		}
	}
	for k := 0; k < m.NumPairs(); k++ {
		for _, s := range membersOf(m.Pair(k)) {
			if r := int(s.Index); s.Row {
				p.inline[r] = m.IsPairRow(r) && uses[r] == 1 && m.RowOwner(r) == 0 && len(p.whens[r]) == 0 && !duals[r] &&
					m.RowSteer(r) == (model.Steer{}) && p.boundsOfSide(s) && p.memberName(r, k, s)
			}
		}
	}
	// A pair makes its constraints where it stands. Those that cannot be made in their turn are written as constraints.
	next := 0
	for r := 0; r < m.NumRows(); {
		if !p.inline[r] {
			r++
			continue
		}
		k := int(p.pairOf[r])
		cursor := r
		for j := next; j <= k; j++ {
			for _, s := range membersOf(m.Pair(j)) {
				if x := int(s.Index); s.Row && p.inline[x] {
					if x == cursor {
						cursor++
					} else {
						p.inline[x] = false
					}
				}
			}
		}
		for j := next; j <= k && cursor > r; j++ {
			for _, s := range membersOf(m.Pair(j)) {
				if x := int(s.Index); s.Row && !p.inline[x] && x >= r {
					cursor = r // this pair needs a constraint that comes later
				}
			}
		}
		if cursor == r || k < next {
			p.inline[r] = false
			r++
			continue
		}
		next, r = k+1, cursor
	}
}

// memberName reports whether reading gives the constraint of a member the name that it has.
func (p *printing) memberName(r, k int, s model.Member) bool {
	suffix := "_b"
	if p.m.Pair(k).A == s {
		suffix = "_a"
	}
	base, sub := splitName(p.m.PairName(k))
	want := base + suffix
	if _, taken := p.labels.bases[want]; taken || p.arity[want] < 0 {
		return false
	}
	if sub != "" {
		want += "[" + sub + "]"
	}
	return p.m.RowName(r) == want
}

// countSubscripts notes how many subscripts each name of constraints and pairs has, -1 where that differs or a full name comes twice.
func (p *printing) countSubscripts() {
	m := p.m
	p.arity = map[string]int{}
	seen := map[string]bool{}
	note := func(full string) {
		base, sub := splitName(full)
		n := 0
		if sub != "" {
			parts, _ := splitSubscript(sub)
			n = len(parts)
		}
		if k, ok := p.arity[base]; ok && k != n || seen[full] {
			n = -1
		}
		p.arity[base], seen[full] = n, true
	}
	for r := 0; r < m.NumRows(); r++ {
		note(m.RowName(r))
	}
	for k := 0; k < m.NumPairs(); k++ {
		note(m.PairName(k))
	}
}

func membersOf(pair model.Pair) []model.Member { return []model.Member{pair.A, pair.B} }

// boundsOfSide reports whether a constraint has just the bounds that a member speaks of.
func (p *printing) boundsOfSide(s model.Member) bool {
	lo, hi := p.m.RowBounds(int(s.Index))
	switch s.Side {
	case model.AtLower:
		return math.IsInf(hi, 1)
	case model.AtUpper:
		return math.IsInf(lo, -1)
	case model.Value:
		return math.IsInf(lo, -1) && math.IsInf(hi, 1)
	}
	return true
}

// constraints writes constraints and pairs.
func (p *printing) constraints() {
	m := p.m
	next := 0
	for r := 0; r < m.NumRows(); r++ {
		if !p.inline[r] {
			p.constraint(r)
			continue
		}
		for ; next <= int(p.pairOf[r]); next++ {
			p.pair(next)
		}
	}
	for ; next < m.NumPairs(); next++ {
		p.pair(next)
	}
}

func (p *printing) constraint(r int) {
	m := p.m
	p.enter(m.RowOwner(r))
	p.w.text("subject to ", p.rows[r].String(), ": ")
	if whens := p.whens[r]; len(whens) > 0 {
		if len(whens) > 1 && p.err == nil {
			p.err = &NotPrintableError{"constraint " + m.RowName(r), fmt.Sprintf("it holds under %d conditions, and the language has one", len(whens)), "write the constraint once for each"}
		}
		value := "0"
		if whens[0].When {
			value = "1"
		}
		p.w.text(p.vars[whens[0].Binary], " = ", value, " ==> ")
	}
	f, lo, hi := normalRow(m, r)
	p.bounded(f, lo, hi, false, false)
	p.w.text(";\n")
}

// bounded writes lo <= f <= hi in its shortest form, or with both comparisons. forced keeps a single variable from being taken for itself.
func (p *printing) bounded(f model.Function, lo, hi float64, forced, both bool) {
	write := func() {
		if forced {
			p.w.text("0 + ")
		}
		p.function(f, true)
	}
	switch {
	case lo == hi:
		write()
		p.w.text(" = ", writeNumber(lo))
	case math.IsInf(lo, -1) && !math.IsInf(hi, 1) && !both:
		write()
		p.w.text(" <= ", writeNumber(hi))
	case math.IsInf(hi, 1) && !math.IsInf(lo, -1) && !both:
		write()
		p.w.text(" >= ", writeNumber(lo))
	default:
		p.w.text(writeNumber(lo), " <= ")
		write()
		p.w.text(" <= ", writeNumber(hi))
	}
}

func (p *printing) pair(k int) {
	p.enter(0)
	p.w.text("subject to ", p.pairs[k].String(), ": ")
	pair := p.m.Pair(k)
	p.member(pair.A)
	p.w.text(" complements ")
	p.member(pair.B)
	p.w.text(";\n")
}

// member writes one operand of complements.
func (p *printing) member(s model.Member) {
	m := p.m
	i := int(s.Index)
	if s.Row && !p.inline[i] {
		p.rowMember(s)
		return
	}
	var f model.Function
	var lo, hi float64
	forced := false
	if s.Row {
		f, lo, hi = normalRow(m, i)
		if len(f.Vars) == 1 && f.Coefs[0] == 1 && f.IsAffine() && f.Const == 0 {
			vlo, vhi := m.VarBounds(int(f.Vars[0]))
			forced = s.Side == model.Value || (s.Side == model.AtUpper || lo == vlo) && (s.Side == model.AtLower || hi == vhi)
		}
	} else {
		f = model.Function{Vars: []int32{s.Index}, Coefs: []float64{1}}
		lo, hi = m.VarBounds(i)
	}
	switch s.Side {
	case model.AtLower:
		p.bounded(f, lo, math.Inf(1), forced, false)
	case model.AtUpper:
		p.bounded(f, math.Inf(-1), hi, forced, false)
	case model.Range:
		p.bounded(f, lo, hi, forced, true)
	default:
		if forced {
			p.w.text("0 + ")
		}
		p.function(f, true)
	}
}

// rowMember writes an operand that is a constraint which stands by itself.
func (p *printing) rowMember(s model.Member) {
	name := p.rows[s.Index].String()
	_, lo, hi := normalRow(p.m, int(s.Index))
	switch s.Side {
	case model.AtLower:
		p.w.text(name, ".lslack >= 0")
	case model.AtUpper:
		p.w.text(name, ".uslack >= 0")
	case model.Value:
		p.w.text(name, ".body")
	default:
		if lo == hi {
			p.w.text(name, ".body = ", writeNumber(lo))
			return
		}
		p.w.text(writeNumber(lo), " <= ", name, ".body <= ", writeNumber(hi))
	}
}

// sosStatements writes the SOS1 sets: by suffixes where these can say all, and by statements otherwise.
func (p *printing) sosStatements() {
	sets := p.m.SOS1Sets()
	for _, s := range sets {
		p.enter(s.Owner)
		l := p.labels.take(declSOS, s.Name)
		p.w.text("sos1 ", l.String(), ":")
		for i, j := range s.Vars {
			if i > 0 {
				p.w.text(",")
			}
			w := float64(i + 1)
			if i < len(s.Weights) {
				w = s.Weights[i]
			}
			p.w.text(" ", p.vars[j], ": ", writeNumber(w))
		}
		p.w.text(";\n")
	}
}

// suffixes writes what the modeller says about the reformulation of single things.
func (p *printing) suffixes() {
	m := p.m
	write := func(name string, s model.Steer) {
		if s.Reform != "" {
			p.w.text("let ", name, ".reform := ", string(appendQuoted(nil, s.Reform)), ";\n")
		}
		if s.DualBound != 0 {
			p.w.text("let ", name, ".dualbound := ", writeNumber(s.DualBound), ";\n")
		}
		if s.SlackBound != 0 {
			p.w.text("let ", name, ".slackbound := ", writeNumber(s.SlackBound), ";\n")
		}
	}
	for j := range p.vars {
		if s := m.VarSteer(j); s != (model.Steer{}) {
			write(p.vars[j], s)
		}
	}
	for r := range p.rows {
		if p.inline[r] {
			continue
		}
		if m.IsPairRow(r) {
			p.w.text("let ", p.rows[r].String(), ".member := 1;\n")
		}
		write(p.rows[r].String(), m.RowSteer(r))
	}
	for k := range p.pairs {
		write(p.pairs[k].String(), m.PairSteer(k))
	}
}
