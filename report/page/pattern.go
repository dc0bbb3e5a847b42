package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

// patternKinds are the four blocks of the matrix of a bilevel model, in the order of their colours.
var patternKinds = []string{"leader's constraints, leader's variables", "leader's constraints, followers' variables (coupling)",
	"followers' constraints, followers' variables", "followers' constraints, leader's variables (linking)"}

// patternCells is the number of squares along the longer side of a figure.
const patternCells = 96

// figure is a matrix drawn in blocks.
type figure struct {
	rows, cols   int     // squares
	lines        int     // of the matrix: objectives and constraints
	vars         int     // columns of the matrix
	count        [][]int // coefficients in each square, by kind: count[kind][row*cols+col]
	leaderLines  int     // lines and columns of the leader, which come first
	leaderVars   int
	coefficients int
}

// drawn counts the coefficients of a model by blocks. Lines are the objective and constraints of the leader, then of each follower; a variable in the
// quadratic or nonlinear part of a function counts as one coefficient for each time that it occurs there.
func drawn(m *model.Model) *figure {
	f := &figure{vars: m.NumVars()}
	column := make([]int, m.NumVars())
	first := make([]int, m.NumPlayers()+1)
	for j := range m.NumVars() {
		first[m.VarOwner(j)+1]++
	}
	for p := range m.NumPlayers() {
		first[p+1] += first[p]
	}
	f.leaderVars = first[1]
	for j := range m.NumVars() {
		p := m.VarOwner(j)
		column[j] = first[p]
		first[p]++
	}
	lineOf := make([]int, m.NumPlayers()+1) // where the lines of a player begin
	for p := range m.NumPlayers() {
		lineOf[p+1]++
	}
	for r := range m.NumRows() {
		lineOf[m.RowOwner(r)+1]++
	}
	for p := range m.NumPlayers() {
		lineOf[p+1] += lineOf[p]
	}
	f.lines, f.leaderLines = lineOf[m.NumPlayers()], lineOf[1]
	scale := max(f.lines, f.vars, 1)
	squares := func(n int) int { return max(1, (n*min(patternCells, scale)+scale-1)/scale) }
	f.rows, f.cols = squares(f.lines), squares(f.vars)
	if f.vars == 0 {
		f.cols = 1
	}
	f.count = make([][]int, len(patternKinds))
	for k := range f.count {
		f.count[k] = make([]int, f.rows*f.cols)
	}
	at, player, line := 0, 0, 0
	note := func(j int) {
		kind := 0
		switch mine := m.VarOwner(j) == 0; {
		case player == 0 && !mine:
			kind = 1
		case player > 0 && !mine:
			kind = 2
		case player > 0:
			kind = 3
		}
		f.count[kind][at*f.cols+min(column[j]*f.cols/f.vars, f.cols-1)]++
		f.coefficients++
	}
	put := func(g model.Function) {
		at = min(line*f.rows/f.lines, f.rows-1)
		m.EachVar(g, note)
	}
	for p := range m.NumPlayers() {
		player, line = p, lineOf[p]
		lineOf[p]++
		put(m.Player(p).Objective().F)
	}
	for r := range m.NumRows() {
		player = m.RowOwner(r)
		line = lineOf[player]
		lineOf[player]++
		if m.RowIsAffine(r) {
			at = min(line*f.rows/f.lines, f.rows-1)
			vars, _ := m.RowAffine(r)
			for _, j := range vars {
				note(int(j))
			}
			continue
		}
		put(m.RowFunction(r))
	}
	return f
}

// pattern draws a stage: each square in the colour of its kind, in three strengths.
func (d *document) pattern(k int, s Stage) {
	f := drawn(s.Model)
	full := float64(max(f.lines, 1)) / float64(f.rows) * float64(max(f.vars, 1)) / float64(f.cols)
	id := "pattern-" + strconv.Itoa(k)
	d.line(`<svg class="pattern" viewBox="-0.5 -0.5 `, strconv.Itoa(f.cols+1), ` `, strconv.Itoa(f.rows+1), `" role="img" aria-labelledby="`, id, `">`)
	d.line(`<title id="`, id, `">`, esc(s.Name), `: `, report.Count(f.coefficients, "coefficient"), ` in `, report.Count(f.lines, "line"), ` and `, report.Count(f.vars, "column"), `</title>`)
	for kind, count := range f.count {
		var ways [3]strings.Builder
		for i, n := range count {
			if n == 0 {
				continue
			}
			strength := 0
			switch share := float64(n) / full; {
			case share > 0.5:
				strength = 2
			case share > 0.1:
				strength = 1
			}
			fmt.Fprintf(&ways[strength], "M%d %dh1v1h-1z", i%f.cols, i/f.cols)
		}
		for strength := range ways {
			if ways[strength].Len() > 0 {
				d.line(`<path class="c`, strconv.Itoa(kind), ` d`, strconv.Itoa(strength+1), `" d="`, ways[strength].String(), `"></path>`)
			}
		}
	}
	if f.leaderLines < f.lines { // the lines between the levels
		y := float64(f.leaderLines) / float64(f.lines) * float64(f.rows)
		d.line(`<line x1="0" x2="`, strconv.Itoa(f.cols), `" y1="`, short(y), `" y2="`, short(y), `"></line>`)
		x := float64(f.leaderVars) / float64(max(f.vars, 1)) * float64(f.cols)
		d.line(`<line x1="`, short(x), `" x2="`, short(x), `" y1="0" y2="`, strconv.Itoa(f.rows), `"></line>`)
	}
	d.line(`</svg>`)
}

// short writes a coordinate.
func short(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
