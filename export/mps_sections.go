package export

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// byColumn holds the affine parts of the constraints column by column: entries start[j] to start[j+1] are those of variable j.
type byColumn struct {
	start []int
	entry []columnEntry
}

// columnEntry is a coefficient; row and coefficient stand together because the matrix is turned around in no order of memory.
type columnEntry struct {
	row  int32
	coef float64
}

// transpose turns the constraints around in two sweeps; each column keeps the order of the constraints.
func transpose(m *model.Model) byColumn {
	n := m.NumVars()
	c := byColumn{start: make([]int, n+2)}
	// Counts go two places ahead, so that filling leaves start[j] at the first entry of j.
	for r := range m.NumRows() {
		idx, coefs := m.RowAffine(r)
		for k, j := range idx {
			if coefs[k] != 0 {
				c.start[j+2]++
			}
		}
	}
	for j := 2; j < len(c.start); j++ {
		c.start[j] += c.start[j-1]
	}
	c.entry = make([]columnEntry, c.start[n+1])
	for r := range m.NumRows() {
		idx, coefs := m.RowAffine(r)
		for k, j := range idx {
			if coefs[k] != 0 {
				at := c.start[j+1]
				c.entry[at] = columnEntry{int32(r), coefs[k]}
				c.start[j+1] = at + 1
			}
		}
	}
	return c
}

func (p *mpsWriter) columns() {
	p.line("COLUMNS", nil, "")
	c := transpose(p.m)
	obj := p.rows.at(p.m.NumRows())
	next := 0 // in the objective's affine part
	inside := false
	prefix, markers := p.markerPrefix(), 0
	for j := range p.m.NumVars() {
		if whole := p.m.VarKind(j) != model.Continuous; whole != inside {
			inside = whole
			markers++
			p.marker(prefix, markers, inside)
		}
		p.some, p.onLine = false, 0
		name := p.vars.at(j)
		if next < len(p.obj.F.Vars) && int(p.obj.F.Vars[next]) == j {
			p.entry(name, obj, p.sign*p.obj.F.Coefs[next])
			next++
		}
		for _, e := range c.entry[c.start[j]:c.start[j+1]] {
			if r := int(e.row); p.written(r) {
				p.entry(name, p.rows.at(r), e.coef)
			}
		}
		if !p.some {
			p.entry(name, obj, 0)
		}
		if p.onLine > 0 {
			p.newline()
		}
	}
	if inside {
		p.marker(prefix, markers+1, false)
	}
	if p.portableConstant() {
		p.some, p.onLine = false, 0
		p.entry(p.vars.at(p.m.NumVars()), obj, p.sign*p.obj.F.Const)
		if p.onLine > 0 {
			p.newline()
		}
	}
}

// markerPrefix is what the names of markers start with, before their number: as many M as it takes to differ from all columns. lp_solve
// takes a marker that has the name of a column for that column.
func (p *mpsWriter) markerPrefix() string {
	most := 0
	for j := range p.m.NumVars() {
		name := p.vars.at(j)
		number := bytes.TrimLeft(name, "M")
		if len(number) > 0 && len(bytes.Trim(number, "0123456789")) == 0 {
			most = max(most, len(name)-len(number))
		}
	}
	return strings.Repeat("M", most+1)
}

// marker writes the line that starts or ends integer columns.
func (p *mpsWriter) marker(prefix string, number int, start bool) {
	word := "'INTEND'"
	if start {
		word = "'INTORG'"
	}
	p.start("")
	p.word(prefix + strconv.Itoa(number))
	p.word("'MARKER'")
	p.word(word)
	p.newline()
}

// entry writes a coefficient: two on a line or, in the fixed layout, one, because only the last number of a line can be longer than its field.
func (p *mpsWriter) entry(col, row []byte, v float64) {
	p.some = true
	if p.opt.Fixed {
		p.start("")
		p.name(col)
		p.name(row)
		p.value(v)
		return
	}
	line := p.w.AvailableBuffer()
	if p.onLine == 0 {
		line = append(append(line, "    "...), col...)
	}
	line = append(append(append(line, ' '), row...), ' ')
	line = appendNumber(line, v)
	if p.onLine++; p.onLine == 2 {
		line = append(line, '\n')
		p.onLine = 0
	}
	p.w.Write(line)
}

// quadratic writes Q of ½x'Qx for the objective (one triangle: the diagonal is twice the coefficient of x²) and of x'Qx for the
// constraints (both triangles, each with half of the coefficient of a product).
func (p *mpsWriter) quadratic() {
	pair := func(i, j int32, v float64) {
		p.start("")
		p.name(p.vars.at(int(i)))
		p.name(p.vars.at(int(j)))
		p.value(v)
	}
	if len(p.obj.F.Quad) > 0 {
		p.line("QUADOBJ", nil, "")
		for _, q := range p.obj.F.Quad {
			v := p.sign * q.Coef
			if q.I == q.J {
				v *= 2
			}
			pair(q.I, q.J, v)
		}
	}
	for r := range p.m.NumRows() {
		if p.m.RowIsAffine(r) {
			continue
		}
		p.line("QCMATRIX ", p.rows.at(r), "")
		for _, q := range p.m.RowFunction(r).Quad {
			if q.I == q.J {
				pair(q.I, q.J, q.Coef)
				continue
			}
			pair(q.I, q.J, q.Coef/2)
			pair(q.J, q.I, q.Coef/2)
		}
	}
}

func (p *mpsWriter) sos() {
	list := p.m.SOS1Sets()
	if len(list) == 0 {
		return
	}
	p.line("SOS", nil, "")
	for i, s := range list {
		p.start("S1")
		if p.opt.TaggedSOS {
			p.word("SOS")
			p.name(p.sets.at(i))
			p.value(float64(i + 1)) // lp_solve's priority
		} else {
			p.name(p.sets.at(i))
			p.newline()
		}
		for k, j := range s.Vars {
			p.start("")
			if p.opt.TaggedSOS {
				p.word("SOS")
			}
			p.name(p.vars.at(int(j)))
			p.value(weight(s, k))
		}
	}
}

func (p *mpsWriter) indicators() {
	started := false
	for _, ind := range p.m.Indicators() {
		if lo, hi := p.m.RowBounds(ind.Row); math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue // a row of type N asks for nothing
		}
		if !started {
			p.line("INDICATORS", nil, "")
			started = true
		}
		when := 0.0
		if ind.When {
			when = 1
		}
		p.start("IF")
		p.name(p.rows.at(ind.Row))
		p.name(p.vars.at(ind.Binary))
		p.value(when)
	}
}
