package mpsaux

import (
	"bytes"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// build makes the model of a problem of one player.
func (p *problem) build() (*model.Model, error) {
	m := model.New(p.name).DeriveWithRoom(len(p.col), len(p.row))
	m.Name = p.title()
	p.rows.slots, p.cols.slots = nil, nil // nothing is looked up any more
	p.addVars(m, 0)
	p.addRows(m, 0, 0)
	if p.objective >= 0 && !p.hints.none {
		m.Leader().SetObjective(p.goal(m, 0))
	}
	p.addSets(m)
	for _, c := range p.ifs {
		m.AddIndicator(model.Indicator{Row: p.modelRow(c.row), Binary: c.col, When: c.when})
	}
	m.Notes = append(m.Notes, p.notes...)
	return m, m.Err()
}

func (p *problem) title() string {
	if p.hints.ours && p.hints.model != "" {
		return p.hints.model
	}
	return p.name
}

// modelRow is the number of row r in the model, which has no row for the objective.
func (p *problem) modelRow(r int) int {
	if p.objective >= 0 && r > p.objective {
		return r - 1
	}
	return r
}

// addVars adds the columns as variables of a player.
func (p *problem) addVars(m *model.Model, player int) {
	first := m.NumVars()
	names := p.names(p.cols.name, -1, p.hints.vars)
	m.RoomForFamilies(countFamilies(names), 0)
	families(names, func(base string, sub func(int) string, n int) {
		m.AddVars(player, base, sub, n, model.Continuous, math.Inf(-1), math.Inf(1))
	})
	for j := range p.col {
		c := &p.col[j]
		m.SetVarBounds(first+j, c.lo, c.hi)
		switch {
		case c.whole && c.lo >= 0 && c.hi <= 1:
			m.SetVarKind(first+j, model.Binary)
		case c.whole:
			m.SetVarKind(first+j, model.Integer)
		}
	}
}

// addRows adds the rows, but for the objective, as constraints of a player; column j is variable offset+j.
func (p *problem) addRows(m *model.Model, player, offset int) {
	first := m.NumRows()
	names := p.names(p.rows.name, p.objective, p.hints.rows)
	m.RoomForFamilies(0, countFamilies(names))
	families(names, func(base string, sub func(int) string, n int) { m.StartRows(player, base, sub, n) })
	for r := range p.row {
		if r != p.objective {
			lo, hi := p.sides(r)
			m.SetRowBounds(first+p.modelRow(r), lo, hi)
		}
	}
	p.fill(m, first, offset)
	p.addCurves(m, first, offset)
}

// fill gives the constraints their affine parts. Entries come column by column, so that those of a row come in order.
func (p *problem) fill(m *model.Model, first, offset int) {
	if len(p.entry) == 0 {
		return
	}
	count := make([]int32, len(p.row))
	for _, e := range p.entry {
		count[e.row]++
	}
	next := append([]int32(nil), count...) // where the next entry of each row goes, once the sums are taken
	if p.objective >= 0 {
		count = append(count[:p.objective], count[p.objective+1:]...)
	}
	vars, coefs := m.FillRows(first, count)
	total := int32(0)
	for r, n := range next {
		next[r] = total
		total += n
	}
	for j := range p.col {
		for _, e := range p.entry[p.start[j]:p.start[j+1]] {
			at := next[e.row]
			next[e.row] = at + 1
			vars[at], coefs[at] = int32(offset+j), e.v
		}
	}
}

// addCurves gives constraints their quadratic parts.
func (p *problem) addCurves(m *model.Model, first, offset int) {
	for k := 0; k < len(p.quad); {
		row := p.quad[k].row
		a := m.Accumulator()
		n := k
		for ; n < len(p.quad) && p.quad[n].row == row; n++ {
			a.AddProduct(p.quad[n].coef, offset+int(p.quad[n].i), offset+int(p.quad[n].j))
		}
		k = n
		if row == objectiveTerms {
			continue
		}
		r := first + p.modelRow(int(row))
		f := m.RowFunction(r)
		f.Quad = a.Function().Quad
		lo, hi := m.RowBounds(r)
		m.SetRow(r, f, lo, hi)
	}
}

// goal is the objective; column j is variable offset+j.
func (p *problem) goal(m *model.Model, offset int) model.Objective {
	a := m.Accumulator()
	sign := 1.0
	o := model.Objective{Name: p.hints.restore(p.rows.name[p.objective], nil)}
	if p.hints.objective != "" {
		o.Name = p.hints.objective
	}
	if p.maximise {
		o.Sense = model.Maximize
	} else if p.hints.negative {
		o.Sense, sign = model.Maximize, -1
	}
	for k, j := range p.objVars {
		a.AddTerm(sign*p.objCoefs[k], offset+int(j))
	}
	for _, q := range p.quad {
		if q.row == objectiveTerms {
			a.AddProduct(sign*q.coef, offset+int(q.i), offset+int(q.j))
		}
	}
	a.AddConst(-sign * p.row[p.objective].rhs)
	o.F = a.Function()
	return o
}

func (p *problem) addSets(m *model.Model) {
	for _, s := range p.sets {
		m.AddSOS1(model.SOS1{Name: p.hints.restore(s.name, p.hints.sets), Vars: s.vars, Weights: s.weights})
	}
}

// names are the names in the model of written names, in one string and where each of them ends.
type names struct {
	all string
	end []int
}

func (n names) at(k int) string {
	if k == 0 {
		return n.all[:n.end[0]]
	}
	return n.all[n.end[k-1]:n.end[k]]
}

// names turns written names, but for that of a number, back into those of the model. Where that would call two things alike, which an edited
// file can ask for, names stay as they are written.
func (p *problem) names(written [][]byte, but int, changed map[string]string) names {
	h := &p.hints
	if h.ours && (h.brackets || len(changed) > 0) {
		foreign := len(changed) > 0 // else the rules alone turn no two names into one
		n := joined(written, but, func(b, w []byte) []byte {
			foreign = foreign || bytes.ContainsAny(w, `[]"`)
			return h.appendRestored(b, w, changed)
		})
		if !foreign || n.distinct() {
			return n
		}
	}
	return joined(written, but, func(b, w []byte) []byte { return append(b, w...) })
}

func joined(written [][]byte, but int, appendName func(b, w []byte) []byte) names {
	size := 0
	for _, w := range written {
		size += len(w)
	}
	b := make([]byte, 0, size+size/8)
	n := names{end: make([]int, 0, len(written))}
	for k, w := range written {
		if k != but {
			b = appendName(b, w)
			n.end = append(n.end, len(b))
		}
	}
	n.all = string(b)
	return n
}

func (n names) distinct() bool {
	var x index
	x.room(len(n.end))
	all := []byte(n.all)
	from := 0
	for _, to := range n.end {
		if _, fresh := x.add(all[from:to]); !fresh || from == to {
			return false
		}
		from = to
	}
	return true
}

// families calls add for each run of names that differ in their subscripts only, or a single name. sub is nil for a name without one.
func families(n names, add func(base string, sub func(k int) string, n int)) {
	for k := 0; k < len(n.end); {
		base, ok := familyOf(n.at(k))
		if !ok {
			add(n.at(k), nil, 1)
			k++
			continue
		}
		first := k
		for k++; k < len(n.end); k++ {
			if b, ok := familyOf(n.at(k)); !ok || b != base {
				break
			}
		}
		add(base, func(i int) string {
			name := n.at(first + i)
			return name[len(base)+1 : len(name)-1]
		}, k-first)
	}
}

// countFamilies is the number of calls that families makes.
func countFamilies(n names) (count int) {
	families(n, func(string, func(int) string, int) { count++ })
	return count
}

// familyOf is the name before the subscript, x of x[3].
func familyOf(name string) (base string, ok bool) {
	if name == "" || name[len(name)-1] != ']' {
		return "", false
	}
	k := strings.IndexByte(name, '[')
	if k < 1 {
		return "", false
	}
	return name[:k], true
}
