package page

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// dataTable is a table that the script of the page shows: it sorts and filters it, and draws only the rows that are seen.
type dataTable struct {
	rows    int
	value   int // column to which conditions such as >0 apply; -1 for none
	columns []dataColumn
}

// dataColumn has values of one kind.
type dataColumn struct {
	name    string
	kind    string // text, number, choice
	strings []string
	numbers []float64
	names   []string // of the choices
	choices []int
}

func (t *dataTable) texts(name string, v []string) {
	t.columns = append(t.columns, dataColumn{name: name, kind: "text", strings: v})
}

func (t *dataTable) numbers(name string, v []float64) {
	t.columns = append(t.columns, dataColumn{name: name, kind: "number", numbers: v})
}

func (t *dataTable) choice(name string, names []string, v []int) {
	t.columns = append(t.columns, dataColumn{name: name, kind: "choice", names: names, choices: v})
}

// dataTable writes the place of a table, and its data as JSON in a script element that is not run.
func (d *document) dataTable(id, label string, t *dataTable) {
	d.line(`<div data-table="`, id, `" data-label="`, esc(label), `"></div>`)
	d.puts(`<script type="application/json" id="data-`, id, `">{"rows":`, strconv.Itoa(t.rows), `,"value":`, strconv.Itoa(t.value), `,"columns":[`)
	for k, c := range t.columns {
		if k > 0 {
			d.puts(",")
		}
		d.column(&c)
	}
	d.line(`]}</script>`)
}

// column writes a column; one whose values are all the same has that one alone.
func (d *document) column(c *dataColumn) {
	d.puts(`{"name":`, quote(c.name), `,"kind":"`, c.kind, `"`)
	switch c.kind {
	case "text":
		width := 0
		for _, s := range c.strings {
			width = max(width, utf8.RuneCountInString(s))
		}
		d.puts(`,"width":`, strconv.Itoa(width))
		column(d, c.strings, func(a, b string) bool { return a == b }, func(s string) { d.puts(quote(s)) })
	case "number":
		column(d, c.numbers, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }, d.number)
	case "choice":
		width := 0
		d.puts(`,"names":[`)
		for i, s := range c.names {
			if i > 0 {
				d.puts(",")
			}
			d.puts(quote(s))
			width = max(width, utf8.RuneCountInString(s))
		}
		d.puts(`],"width":`, strconv.Itoa(width))
		column(d, c.choices, func(a, b int) bool { return a == b }, func(i int) { d.puts(strconv.Itoa(i)) })
	}
	d.puts("}")
}

func column[T any](d *document, values []T, equal func(a, b T) bool, put func(T)) {
	if len(values) > 1 && !slices.ContainsFunc(values, func(v T) bool { return !equal(v, values[0]) }) {
		d.puts(`,"same":`)
		put(values[0])
		return
	}
	d.puts(`,"values":[`)
	for i, v := range values {
		if i > 0 {
			d.puts(",")
		}
		put(v)
	}
	d.puts("]")
}

// number writes a number in JSON: null for what does not exist, and 1e999, which the script reads as infinity.
func (d *document) number(v float64) {
	switch {
	case math.IsNaN(v):
		d.puts("null")
	case math.IsInf(v, 1):
		d.puts("1e999")
	case math.IsInf(v, -1):
		d.puts("-1e999")
	case v == 0:
		d.puts("0")
	default:
		d.w.Write(strconv.AppendFloat(d.w.AvailableBuffer(), v, 'g', -1, 64))
	}
}

// quote writes a text in JSON, with the signs that mean something in HTML as escapes, so that no text ends the script element.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string has always a form in JSON
		return `""`
	}
	return string(b)
}

// chart is a diagram that the script of the page draws.
type chart struct {
	x, y   string  // names of the axes
	here   float64 // place of the answer, NaN for none
	words  string  // id of the element that says in words what is seen; "" for none
	series []series
}

// series is a line or a set of marks: points are x and y, of the kind ties x and the ends of a range.
type series struct {
	name   string
	kind   string // line, step, ties, none
	colour int
	points [][]float64
	jumps  []int // points that are not joined to the one before
}

// chart writes the place of a diagram and its data.
func (d *document) chart(id, label string, c *chart) {
	d.puts(`<div class="chart" data-chart="`, id, `" data-label="`, esc(label), `"`)
	if c.words != "" {
		d.puts(` data-words="`, c.words, `"`)
	}
	d.line(`></div>`)
	d.puts(`<script type="application/json" id="data-`, id, `">{"x":`, quote(c.x), `,"y":`, quote(c.y), `,"here":`)
	d.number(c.here)
	d.puts(`,"series":[`)
	for k, s := range c.series {
		if k > 0 {
			d.puts(",")
		}
		d.puts(`{"name":`, quote(s.name), `,"kind":"`, s.kind, `","colour":`, strconv.Itoa(s.colour), `,"points":[`)
		for i, p := range s.points {
			if i > 0 {
				d.puts(",")
			}
			for j, v := range p {
				if j == 0 {
					d.puts("[")
				} else {
					d.puts(",")
				}
				if math.IsInf(v, 0) {
					v = math.NaN() // no place on an axis
				}
				d.number(v)
			}
			d.puts("]")
		}
		d.puts(`],"jumps":[`)
		for i, j := range s.jumps {
			if i > 0 {
				d.puts(",")
			}
			d.puts(strconv.Itoa(j))
		}
		d.puts(`]}`)
	}
	d.line(`]}</script>`)
}
