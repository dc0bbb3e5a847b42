package page

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// solution writes the values of the variables and of the constraints.
func (d *document) solution() {
	d.line(`<h3>Variables</h3>`)
	d.dataTable("variables", "Variables", d.variables())
	if d.m.NumRows() > 0 {
		d.line(`<h3>Constraints</h3>`)
		d.dataTable("constraints", "Constraints", d.constraints())
	}
	if d.m.NumPairs() > 0 {
		d.line(`<h3>Complementarity pairs</h3>`)
		d.dataTable("pairs", "Complementarity pairs", d.pairs())
	}
}

// players are the names of the players, the leader first.
func players(m *model.Model) []string {
	names := []string{"leader"}
	for k := 1; k < m.NumPlayers(); k++ {
		names = append(names, m.Player(k).Name())
	}
	return names
}

// entry is element i of a list that may be missing.
func entry(list []float64, i int) float64 {
	if i < len(list) {
		return list[i]
	}
	return math.NaN()
}

// known reports whether a list has a number.
func known(list []float64) bool {
	for _, v := range list {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// kinds are the kinds of variables in words.
var kinds = []string{"continuous", "integer", "binary"}

func (d *document) variables() *dataTable {
	m, x := d.m, d.p.Summary.X
	n := m.NumVars()
	names, owner, kind := make([]string, n), make([]int, n), make([]int, n)
	value, lo, hi, price := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for j := range n {
		names[j], owner[j], value[j] = m.VarName(j), m.VarOwner(j), x[j]
		lo[j], hi[j] = m.VarBounds(j)
		switch m.VarKind(j) {
		case model.Integer:
			kind[j] = 1
		case model.Binary:
			kind[j] = 2
		}
		price[j] = math.NaN()
		if d.p.Point != nil {
			price[j] = entry(d.p.Point.VarDuals, j)
		}
	}
	t := &dataTable{rows: n, value: 2}
	t.texts("variable", names)
	t.choice("player", players(m), owner)
	t.numbers("value", value)
	t.numbers("lower", lo)
	t.numbers("upper", hi)
	if m.Constructs().Has(model.IntegerVariables) {
		t.choice("kind", kinds, kind)
	}
	if known(price) {
		t.numbers("shadow price", price)
	}
	return t
}

func (d *document) constraints() *dataTable {
	m, x := d.m, d.p.Summary.X
	n := m.NumRows()
	names, owner := make([]string, n), make([]int, n)
	value, lo, hi, slack, price := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for r := range n {
		names[r], owner[r], value[r] = m.RowName(r), m.RowOwner(r), m.RowValue(r, x)
		lo[r], hi[r] = m.RowBounds(r)
		slack[r] = math.Min(value[r]-lo[r], hi[r]-value[r])
		price[r] = math.NaN()
		if d.p.Point != nil {
			price[r] = entry(d.p.Point.RowDuals, r)
		}
	}
	t := &dataTable{rows: n, value: 5}
	t.texts("constraint", names)
	t.choice("player", players(m), owner)
	t.numbers("value", value)
	t.numbers("lower", lo)
	t.numbers("upper", hi)
	t.numbers("slack", slack)
	if known(price) {
		t.numbers("shadow price", price)
	}
	return t
}

func (d *document) pairs() *dataTable {
	m, x := d.m, d.p.Summary.X
	n := m.NumPairs()
	names, first, second := make([]string, n), make([]string, n), make([]string, n)
	a, b, residual := make([]float64, n), make([]float64, n), make([]float64, n)
	for k := range n {
		p := m.Pair(k)
		names[k], first[k], second[k] = m.PairName(k), m.MemberName(p.A), m.MemberName(p.B)
		a[k], b[k], residual[k] = m.MemberValue(p.A, x), m.MemberValue(p.B, x), m.PairViolation(k, x)
	}
	t := &dataTable{rows: n, value: 5}
	t.texts("pair", names)
	t.texts("first", first)
	t.numbers("value of it", a)
	t.texts("second", second)
	t.numbers("value of that", b)
	t.numbers("residual", residual)
	return t
}
