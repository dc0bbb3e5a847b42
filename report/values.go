package report

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/gobilevel/bilevel/model"
)

const (
	smallModel   = 30   // players with at most that many variables are shown with their zeros
	mostValues   = 200  // of the leader: more are not for reading
	mostAnswers  = 48   // of a follower, whose answer follows from the leader's decision
	zeroForTable = 1e-9 // values of at most that size count as zero in a table
)

// values prints the variables of a player: all of a small one, else those that are not zero and how many are.
func (p *page) values(m *model.Model, player int, x []float64) {
	own := 0
	for j := range m.NumVars() {
		if m.VarOwner(j) == player {
			own++
		}
	}
	most := mostValues
	if player > 0 {
		most = mostAnswers
	}
	zeros, more := 0, 0
	var rows [][]string
	for j := range m.NumVars() {
		if m.VarOwner(j) != player {
			continue
		}
		v := x[j]
		if math.Abs(v) <= zeroForTable {
			if own > smallModel && !p.All {
				zeros++
				continue
			}
			v = 0
		}
		if len(rows) >= most && !p.All {
			more++
			continue
		}
		rows = append(rows, []string{m.VarName(j), Number(v)})
	}
	p.sideBySide(rows)
	switch {
	case more > 0 && zeros > 0:
		p.printf("  ... and %s; %d are zero\n", Count(more, "more value"), zeros)
	case more > 0:
		p.printf("  ... and %s\n", Count(more, "more value"))
	case zeros > 0 && len(rows) == 0:
		p.printf("  all %s are zero\n", Count(zeros, "variable"))
	case zeros > 0:
		p.printf("  the other %s are zero\n", Count(zeros, "variable"))
	case own == 0:
		p.printf("  no variables\n")
	}
}

// sideBySide prints pairs of name and value, in several columns where there are many and the line has room; they run down the columns.
func (p *page) sideBySide(rows [][]string) {
	const many = 12
	name, value := 0, 0
	for _, r := range rows {
		name, value = max(name, utf8.RuneCountInString(r[0])), max(value, utf8.RuneCountInString(r[1])+4)
	}
	blocks := 1
	if len(rows) > many {
		blocks = max(1, min(4, (p.width()-2)/(name+value+4)))
	}
	t := &Table{}
	height := (len(rows) + blocks - 1) / blocks
	for b := range blocks {
		t.Align = append(t.Align, Left, Decimal)
		if b < blocks-1 {
			t.Align = append(t.Align, Left)
		}
	}
	for i := range height {
		var line []string
		for b := range blocks {
			k := b*height + i
			if k >= len(rows) {
				continue
			}
			if b > 0 {
				line = append(line, "|")
			}
			line = append(line, rows[k]...)
		}
		t.Rows = append(t.Rows, line)
	}
	p.table(t)
}

// join lists words as a, b and c, at most limit of them.
func join(words []string, limit int) string {
	if len(words) > limit {
		more := len(words) - limit
		return strings.Join(words[:limit], ", ") + " and " + Number(float64(more)) + " more"
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
