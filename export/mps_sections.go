package export

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// byColumn holds the affine parts of the constraints column by column: entries start[j] to start[j+1] are those of variable j.
type byColumn struct {
	start []int
	row   []int32
	coef  []float64
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
	c.row, c.coef = make([]int32, c.start[n+1]), make([]float64, c.start[n+1])
	for r := range m.NumRows() {
		idx, coefs := m.RowAffine(r)
		for k, j := range idx {
			if coefs[k] != 0 {
				at := c.start[j+1]
				c.row[at], c.coef[at] = int32(r), coefs[k]
				c.start[j+1]++
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
	markers := 0
	marker := func(word string) {
		markers++
		p.puts("    M")
		p.puts(strconv.Itoa(markers))
		p.puts(" 'MARKER' '")
		p.puts(word)
		p.line("'", nil, "")
	}
	for j := range p.m.NumVars() {
		if whole := p.m.VarKind(j) != model.Continuous; whole != inside {
			inside = whole
			if whole {
				marker("INTORG")
			} else {
				marker("INTEND")
			}
		}
		name := p.vars.at(j)
		onLine := 0
		entry := func(row []byte, v float64) {
			if onLine == 0 {
				p.puts("    ")
				p.put(name)
			}
			p.puts(" ")
			p.put(row)
			p.puts(" ")
			p.number(v)
			if onLine++; onLine == 2 {
				p.newline()
				onLine = 0
			}
		}
		some := false
		if next < len(p.obj.F.Vars) && int(p.obj.F.Vars[next]) == j {
			entry(obj, p.sign*p.obj.F.Coefs[next])
			next++
			some = true
		}
		for k := c.start[j]; k < c.start[j+1]; k++ {
			entry(p.rows.at(int(c.row[k])), c.coef[k])
			some = true
		}
		if !some {
			entry(obj, 0)
		}
		if onLine > 0 {
			p.newline()
		}
	}
	if inside {
		marker("INTEND")
	}
	if p.portableConstant() {
		p.puts("    ")
		p.put(p.vars.at(p.m.NumVars()))
		p.entry(" ", obj, p.sign*p.obj.F.Const)
	}
}

// quadratic writes Q of ½x'Qx for the objective (one triangle: the diagonal is twice the coefficient of x²) and of x'Qx for the
// constraints (both triangles, each with half of the coefficient of a product).
func (p *mpsWriter) quadratic() {
	pair := func(i, j int32, v float64) {
		p.puts("    ")
		p.put(p.vars.at(int(i)))
		p.puts(" ")
		p.entry("", p.vars.at(int(j)), v)
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

func (p *mpsWriter) sets() {
	sos := p.m.SOS1Sets()
	if len(sos) == 0 {
		return
	}
	names := setNames(sos)
	p.line("SOS", nil, "")
	for i, s := range sos {
		member := "    "
		if p.opt.TaggedSOS {
			p.puts(" S1 SOS ")
			p.entry("", names.at(i), float64(i+1)) // the number is lp_solve's priority
			member = "    SOS "
		} else {
			p.line(" S1 ", names.at(i), "")
		}
		for k, j := range s.Vars {
			p.entry(member, p.vars.at(int(j)), weight(s, k))
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
		p.puts(" IF ")
		p.put(p.rows.at(ind.Row))
		when := " 0"
		if ind.When {
			when = " 1"
		}
		p.line(" ", p.vars.at(ind.Binary), when)
	}
}
