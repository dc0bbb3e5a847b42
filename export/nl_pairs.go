package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// complement says that a constraint complements a variable: type 5 of the format. Bit 1 of kind is that the variable's lower bound counts,
// so that the constraint's function may be positive, bit 2 that its upper bound does and the function may be negative.
type complement struct {
	variable int32
	kind     int32 // 0: the constraint is an ordinary one
}

// nlPairs writes the pairs of a model as complementing constraints of a model that is derived from it.
type nlPairs struct {
	m                *model.Model
	complements      []complement // by constraint
	usedVar, usedRow []bool
	taken            map[string]bool
	edits            []rowEdit
}

// rowEdit is a change of a constraint. Changes wait until all pairs are read, for two may have the same constraint as a member.
type rowEdit struct {
	row    int
	f      model.Function
	lo, hi float64
}

// withComplements returns m itself where it has no pairs, else the derived model, and the complements of its constraints.
func withComplements(m *model.Model) (*model.Model, []complement) {
	if m.NumPairs() == 0 {
		return m, make([]complement, m.NumRows())
	}
	d := m.DeriveWithRoom(m.NumPairs(), m.NumPairs())
	p := &nlPairs{m: d, complements: make([]complement, d.NumRows()), usedVar: make([]bool, d.NumVars()), usedRow: make([]bool, d.NumRows()), taken: map[string]bool{}}
	for j := range d.NumVars() {
		p.taken[d.VarName(j)] = true
	}
	for r := range d.NumRows() {
		p.taken[d.RowName(r)] = true
	}
	for k := range d.NumPairs() {
		if pair := d.Pair(k); pair.Mixed() {
			p.mixed(pair, d.PairName(k))
		} else {
			p.standard(pair, d.PairName(k))
		}
	}
	for _, e := range p.edits {
		d.SetRow(e.row, e.f, e.lo, e.hi)
	}
	for len(p.complements) < d.NumRows() {
		p.complements = append(p.complements, complement{})
	}
	return d, p.complements
}

func (p *nlPairs) name(name string) string {
	for p.taken[name] {
		name += "_"
	}
	p.taken[name] = true
	return name
}

func (p *nlPairs) bounds(s model.Member) (lo, hi float64) {
	if s.Row {
		return p.m.RowBounds(int(s.Index))
	}
	return p.m.VarBounds(int(s.Index))
}

// free reports whether a member's variable or constraint has no other bound than the one of the member's side, and is in no other pair that was
// written so far.
func (p *nlPairs) free(s model.Member) bool {
	if s.Row && p.usedRow[s.Index] || !s.Row && p.usedVar[s.Index] {
		return false
	}
	lo, hi := p.bounds(s)
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

// standard writes 0 <= a ⟂ b >= 0.
func (p *nlPairs) standard(pair model.Pair, name string) {
	a, b := pair.A, pair.B
	switch {
	case !a.Row && p.free(a):
	case !b.Row && p.free(b):
		a, b = b, a
	case !p.plain(a) && p.plain(b):
		a, b = b, a
	}
	v, kind := a.Index, int32(1)
	switch {
	case a.Row || !p.free(a):
		v = p.slack(a, name, 0, model.Inf)
	case a.Side == model.AtUpper:
		kind = 2
	}
	p.usedVar[v] = true
	f := p.m.MemberFunction(b)
	lo, hi := 0.0, model.Inf
	if kind == 2 {
		neg := p.m.Accumulator()
		neg.AddFunction(-1, f)
		f, lo, hi = neg.Function(), -model.Inf, 0
	}
	p.body(b, name, f, lo, hi, complement{v, kind})
}

// plain reports whether a slack for the member costs no constraint and leaves no nonlinear one as an equation.
func (p *nlPairs) plain(s model.Member) bool {
	return s.Row && p.free(s) && p.m.RowIsAffine(int(s.Index))
}

// mixed writes lo <= a <= hi ⟂ b.
func (p *nlPairs) mixed(pair model.Pair, name string) {
	lo, hi := p.bounds(pair.A)
	f := p.m.MemberFunction(pair.B)
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
		p.body(pair.B, name, f, 0, 0, complement{})
		return
	}
	v := pair.A.Index
	if pair.A.Row || p.usedVar[v] {
		v = p.slack(pair.A, name, lo, hi)
	}
	p.usedVar[v] = true
	c := complement{variable: v}
	bodyLo, bodyHi := 0.0, 0.0
	if !math.IsInf(lo, -1) {
		c.kind, bodyHi = c.kind|1, model.Inf
	}
	if !math.IsInf(hi, 1) {
		c.kind, bodyLo = c.kind|2, -model.Inf
	}
	p.body(pair.B, name, f, bodyLo, bodyHi, c)
}

// slack makes a variable that equals a member: a slack, or the value of a Range member. A constraint that the member belongs to and that has
// no other side becomes the equation.
func (p *nlPairs) slack(s model.Member, name string, lo, hi float64) int32 {
	v := p.m.AddVars(0, p.name(name+"~slack"), nil, 1, model.Continuous, lo, hi)
	p.usedVar = append(p.usedVar, true)
	f := p.m.Accumulator()
	f.AddFunction(1, p.m.MemberFunction(s))
	f.AddTerm(-1, v)
	if s.Row && p.free(s) {
		p.usedRow[s.Index] = true
		p.edits = append(p.edits, rowEdit{int(s.Index), f.Function(), 0, 0})
	} else {
		p.m.AddRow(0, p.name(name+"~is"), f.Function(), 0, 0)
	}
	return int32(v)
}

// body makes the constraint that complements: that of the member where it has no other side, else a new one.
func (p *nlPairs) body(s model.Member, name string, f model.Function, lo, hi float64, c complement) {
	r := int(s.Index)
	if s.Row && p.free(s) {
		p.usedRow[r] = true
		p.edits = append(p.edits, rowEdit{r, f, lo, hi})
	} else {
		r = p.m.AddRow(0, p.name(name), f, lo, hi)
	}
	for len(p.complements) <= r {
		p.complements = append(p.complements, complement{})
	}
	p.complements[r] = c
}
